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
not-found-title = Такой страницы нет
not-found-text = Возможно, в адресе опечатка или страница переехала
not-found-home = На главную
landing-title = Карта покупателя
