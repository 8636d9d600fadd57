# The programme's data in words.
day-today = сегодня
day-tomorrow = завтра
day-yesterday = вчера
day-in = { $n ->
    [one] через { $shown } день
    [few] через { $shown } дня
   *[other] через { $shown } дней
}

entry-earn = Начислено
entry-activate = Стали доступны
entry-spend = Списано
entry-expire = Сгорело
entry-return = Возврат
entry-restore = Возвращено вам
entry-adjust = Исправлено
entry-debt = Долг
entry-settle = Зачтено
entry-transfer = Перенесено

reason-purchase = { $rate } от { $base }, уровень «{ $tier }»
reason-offer = предложение «{ $title }»
reason-offer-share = { $rate } от { $base }, предложение «{ $title }»
reason-spend = оплата баллами: { $money } из { $total }
reason-profile = за заполненный профиль
reason-expired = закончился срок баллов
reason-activated = { $n ->
    [one] { $shown } балл можно тратить
    [few] { $shown } балла можно тратить
   *[other] { $shown } баллов можно тратить
}
reason-adjusted = «{ $note }»
reason-returned = возврат покупки
reason-returned-of = за покупку теперь { $after } вместо { $before }
reason-restored = возврат покупки, оплаченной баллами
reason-debt = возврат покупки: баллы уже потрачены
reason-debt-correction = исправление: столько баллов уже не было
reason-debt-closed = долг по закрытой карте с этим телефоном
reason-debt-transfer = долг счёта, объединённого с этим
reason-settled = { $n ->
    [one] { $shown } балл зачтён в счёт долга
    [few] { $shown } балла зачтено в счёт долга
   *[other] { $shown } баллов зачтено в счёт долга
}
reason-transfer = объединение двух счетов

benefit-gift = подарок
benefit-kind-points = баллы
benefit-kind-discount = скидка
benefit-kind-price = цена
benefit-kind-gift = в чек

miss-minimum-receipt = Ещё { $missing } в чеке
miss-absent = { $n ->
    [one] После { $shown } дня без покупок
   *[other] После { $shown } дней без покупок
}
miss-purchases = { $n ->
    [one] Ещё { $shown } покупка
    [few] Ещё { $shown } покупки
   *[other] Ещё { $shown } покупок
}
miss-better-in-group = Сработало более выгодное: «{ $title }»
miss-outside-dates = Не в этот день
miss-weekday = В другой день недели
miss-hours = В другое время
miss-store = В другом магазине
miss-items = Нет нужных товаров в чеке
miss-tier = На другом уровне
miss-birthday = Около дня рождения
miss-children = Для семей с детьми
miss-pets = Для хозяев питомцев
miss-car = Для автомобилистов
miss-first-purchase = Только на первую покупку
miss-consent = Нужно согласие на сообщения
miss-not-listed = Для других участников
miss-not-activated = Не включено
miss-used-up = Уже использовано
miss-not-today = Сегодня уже использовано
miss-budget = Подарки и баллы этого предложения закончились
miss-nothing-to-gain = В этом чеке ничего не даёт

# Условия предложений: «Сработает: с 07:00 до 11:00»
condition-period = с { $from } до { $until }
condition-from = с { $from }
condition-until = до { $until }
condition-weekdays = { $days }
condition-hours = с { $from } до { $until }
condition-stores = в некоторых магазинах
condition-minimum-receipt = от { $amount } в чеке
condition-items = за определённые товары
condition-tiers = на уровнях: { $tiers }
condition-birthday = { $n ->
    [0] в день рождения
    [one] за { $shown } день до дня рождения и после него
    [few] за { $shown } дня до дня рождения и после него
   *[other] за { $shown } дней до дня рождения и после него
}
condition-children-age = для семей с детьми от { $from } до { $until } лет
condition-pets = для хозяев питомцев
condition-car = для автомобилистов
condition-absence = { $n ->
    [one] после перерыва в { $shown } день
    [few] после перерыва в { $shown } дня
   *[other] после перерыва в { $shown } дней
}
condition-purchases = { $n ->
    [one] после { $shown } покупки
   *[other] после { $shown } покупок
}
condition-first-purchase = на первую покупку
condition-consent = при согласии на сообщения
condition-named-members = для некоторых участников

channel-sms = SMS
channel-email = Эл. почта
channel-push = Уведомления
channel-messenger = Мессенджер
channel-call = Звонок
purpose-news = Новости
purpose-personal-offers = Личные предложения
purpose-surveys = Опросы
purpose-partners = Партнёры
