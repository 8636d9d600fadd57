# The first page, and the way in.
gain-rate = До { $rate } баллами
gain-rate-text = { $point } = { $money }. Баллами можно оплатить до { $share } чека
gain-offers = Личные предложения
gain-offers-text = Включаются одним касанием, работают на любой кассе
gain-control = Данные под вашим контролем
gain-control-text = Рассылки выключены, пока вы не включите их сами
landing-text = Карта живёт в телефоне: ни пластика, ни приложения. Код открывается и без связи
landing-join = Получить карту
landing-have = У меня есть карта
landing-sample = Анна К.
notice-signed-out = Вы вышли на этом устройстве

join-title = Получить карту
join-step = Шаг { $number } из 3
join-step-1 = телефон
join-step-2 = код из SMS
join-step-3 = имя и согласия
join-phone-title = Ваш телефон
join-phone-lead = Номер станет ключом к карте: по нему вы войдёте на любом устройстве
join-have-card = Уже есть карта?
phone-label = Номер телефона
phone-hint = Пришлём код в SMS. Номер никому не передаём
code-ask = Получить код
code-have = Ввести код, который уже пришёл
sign-in-lead = Код придёт в SMS на номер вашей карты
sign-in-no-card = Ещё нет карты?

code-title = Код из SMS
code-lead = { $minutes ->
    [one] Отправили на { $phone }. Код действует { $minutes } минуту
    [few] Отправили на { $phone }. Код действует { $minutes } минуты
   *[other] Отправили на { $phone }. Код действует { $minutes } минут
}
code-other-phone = Другой номер
code-label = Шесть цифр
code-confirm = Продолжить
code-resend = Прислать ещё раз
code-resend-in = Новый код можно получить через { $left }
code-resend-now = Код не пришёл? Пришлём новый
code-demo = Это демо: SMS никуда не уходят.
code-demo-outbox = Прочитать сообщения
code-over = Код больше не действует
code-over-text = Вышло время или закончились попытки. Запросите новый, это быстро
code-over-again = Получить новый код
notice-code-sent = Отправили новый код

invitation-lead = Эту ссылку касса отправила на { $phone }. Дальше имя, документы — и карта готова
invitation-over = Ссылка больше не работает
invitation-over-text = Она работает один раз, 20 минут. Введите номер телефона здесь, это так же быстро
invitation-over-again = Ввести номер

finish-title = Последний шаг
finish-lead = Имя и два согласия — и карта готова
first-name-label = Имя
first-name-hint = Так к вам обратится кассир
last-name-label = Фамилия, по желанию
last-name-hint = Кассир увидит только первую букву
agreements = Что нужно для карты
agree-data = Даю
agree-data-link = согласие на обработку персональных данных
agree-rules = Принимаю
agree-rules-link = правила программы
finish-messages-off = Сообщения: все выключены
finish-messages = Сообщения
finish-optional = Это по желанию
finish-optional-text = Карта работает и без рассылок. Включить и выключить можно в любой день
finish-button = Открыть карту
finish-over = Этот шаг больше не действует
finish-over-text = Начните с номера телефона: придёт новый код. Если карта уже готова, она откроется сразу
finish-over-again = Получить код
messages-caption = Сообщения: канал и цель
messages-channel = Канал
