# The till: signing in, scanning, the customer, the receipt, how it went.
till-title = Касса
till-sign-in = Вход на кассу
till-sign-in-lead = Логин и пароль выдаёт администратор магазина
till-login = Логин
till-password = Пароль
till-none = За этим логином нет кассы. Обратитесь к администратору
till-sign-out = Выйти

till-scan = Сканируйте карту
till-scan-hint = Курсор ставить не нужно, раскладка любая
till-code = Или введите код
till-card-code = Код карты
till-find = Найти
till-without-card = Продать без карты
till-no-card = Без карты
till-no-name = Имя не указано
till-no-card-hint = Баллы не начислятся. Если карта нашлась, сканируйте её: чек сохранится
till-scan-again = Сканируйте карту снова
till-scan-again-hint = Чек сохранён
till-other-card = Другая карта
till-next = Следующий
till-cancel = Отменить

till-how = Как проходит продажа
till-step-scan = Сканируйте код карты
till-step-scan-more = С экрана, с распечатки или наберите номер
till-step-sum = Введите сумму чека
till-step-sum-more = Enter посчитает скидку и баллы
till-step-post = Проведите чек
till-step-post-more = F9, и касса готова к следующему

till-points = Баллы
till-spendable = Можно списать с чека
till-birthday = Скоро день рождения
till-say = Что сказать:
till-say-points = { $n ->
    [one] Предложите списать баллы: на карте { $shown } балл
    [few] Предложите списать баллы: на карте { $shown } балла
   *[other] Предложите списать баллы: на карте { $shown } баллов
}
till-say-spend = { $n ->
    [one] Предложите списать { $shown } балл
    [few] Предложите списать { $shown } балла
   *[other] Предложите списать { $shown } баллов
}
till-say-tier = До уровня «{ $tier }» осталось { $missing }
till-gifts = Подарки
till-hand-over = Выдать
till-gift-given = Подарок выдан
till-offers = Предложения
till-counts = Сработает
till-ask-to-switch-on = Попросите включить в приложении
till-more-offers = { $n ->
    [one] Ещё { $shown } предложение
    [few] Ещё { $shown } предложения
   *[other] Ещё { $shown } предложений
}

till-receipt = Чек
till-receipt-number = Чек { $number }
till-mode = Как вводить чек
till-mode-amount = Сумма
till-mode-lines = Строки
till-amount = Сумма чека
till-lines = Строки чека
till-line-name = Товар
till-line-category = Категория
till-line-quantity = Кол-во
till-line-amount = Сумма
till-line-row = строка { $shown }
till-line-more = Строка
till-category-none = нет
till-category-bakery = выпечка
till-category-coffee = кофе
till-category-dairy = молочное
till-category-fruit = фрукты
till-category-gift-cards = подарочные карты
till-category-grocery = бакалея
till-category-household = для дома
till-category-kids = детское
till-category-pets = для питомцев
till-category-tobacco = табак
till-spend = Списать баллы
till-spend-none = Не списывать
till-spend-all = Сколько можно
till-spend-exact = Другое число
till-spend-points = Сколько баллов
till-quote = Посчитать
till-post = Провести чек

till-total = Чек
till-tier-discount = Скидка уровня
till-paid-by-points = { $n ->
    [one] Баллами: { $shown } балл
    [few] Баллами: { $shown } балла
   *[other] Баллами: { $shown } баллов
}
till-to-earn = Начислим баллов
till-earned = Начислено баллов
till-gift-promised = Подарок
till-to-pay = К оплате

till-sold = Чек { $number } проведён
till-sold-to = { $n ->
    [one] { $name }: { $earned } балл
    [few] { $name }: { $earned } балла
   *[other] { $name }: { $earned } баллов
}
till-to-pay-now = К оплате { $money }
till-spent = { $n ->
    [one] Списан { $shown } балл
    [few] Списано { $shown } балла
   *[other] Списано { $shown } баллов
}
till-give = Выдайте подарок: { $gift }
