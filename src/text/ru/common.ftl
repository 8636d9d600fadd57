# Words that many pages share.
points = { $n ->
    [one] { $shown } балл
    [few] { $shown } балла
   *[other] { $shown } баллов
}
# The noun alone, where the number stands apart in larger type.
points-noun = { $n ->
    [one] балл
    [few] балла
   *[other] баллов
}
skip-to-content = К содержанию
sign-in = Войти
nav = Разделы
nav-card = Карта
nav-offers = Предложения
nav-points = Баллы
nav-me = Я
nav-rules = Правила
nav-help = Помощь
nav-privacy = Персональные данные
card-show-code = Показать код карты
form-check = Проверьте отмеченные поля. Введённое сохранилось
form-check-secret = Введите отмеченное поле ещё раз
not-found-title = Такой страницы нет
not-found-text = Возможно, ссылка устарела или в адресе опечатка. С картой и баллами всё в порядке
not-found-home = На главную
not-found-card = Открыть карту
landing-title = Карта покупателя
trouble-title = Страница не открылась
trouble-text = Это наша неполадка. С картой и баллами всё в порядке, попробуйте ещё раз
trouble-again = Открыть снова
balance-now = На карте { $points }
