# Offers.
offers-working = { $n ->
    [one] { $shown } сработает на кассе
   *[other] { $shown } сработают на кассе
}
offers-waiting = { $n ->
    [one] { $shown } можно включить
   *[other] { $shown } можно включить
}
offers-waiting-too = { $n ->
    [one] ещё { $shown } можно включить
   *[other] ещё { $shown } можно включить
}
offers-none-ready = Скоро будут готовы: посмотрите, чего не хватает
offers-empty = Предложений пока нет
offers-empty-lead = Появятся, как только начнутся
offers-empty-text = Расскажите о себе, и они станут личными
offers-empty-profile = Заполнить профиль
offers-activate-all = Включить все
offers-group-waiting = Можно включить
offers-group-working = Сработают на кассе
offers-group-almost = Ещё немного
offers-group-used = Уже использованы
offer-activate = Включить
offer-undo = Отменить
offer-on = Включено
offer-ready = Сработает на кассе
offer-used = Использовано
offer-later = Сработает: { $when }
offer-once = один раз
offer-uses-left = { $n ->
    [one] ещё { $shown } раз
    [few] ещё { $shown } раза
   *[other] ещё { $shown } раз
}
offer-ends = до { $date }
offer-ends-today = последний день
offer-ends-tomorrow = до завтра
offer-ends-in = { $n ->
    [one] ещё { $shown } день
    [few] ещё { $shown } дня
   *[other] ещё { $shown } дней
}
weekday-0 = пн
weekday-1 = вт
weekday-2 = ср
weekday-3 = чт
weekday-4 = пт
weekday-5 = сб
weekday-6 = вс
notice-offer-on = Предложение включено
notice-offers-on = Предложения включены
notice-offer-off = Предложение отменено

# Points.
points-pending = { $n ->
    [one] Ещё { $shown } балл ожидает: его можно будет потратить позже
    [few] Ещё { $shown } балла ожидают: их можно будет потратить позже
   *[other] Ещё { $shown } баллов ожидают: их можно будет потратить позже
}
points-debt = Долг: { $points }
points-debt-text = Вернули покупку или исправили ошибку, когда этих баллов уже не было. Долг закроют следующие начисления
points-expiries = Когда баллы сгорают
points-expiries-text = Дата — последний день. Тратятся сначала те, что сгорят раньше
points-history = История
points-history-caption = История баллов
points-newest = К новым
points-older = Показать раньше
points-date = Дата
points-what = За что
points-where = Где
points-empty = Пока нет начислений
points-empty-text = Покажите карту на кассе: баллы придут сразу после покупки
points-empty-card = Показать код
month-in = { $n ->
    [one] через { $shown } месяц
    [few] через { $shown } месяца
   *[other] через { $shown } месяцев
}

# One movement of points.
reason-store-offer = предложение в магазине
miss-better-store-offer = Сработало более выгодное предложение
entry-receipt = чек { $number }
entry-receipt-returned = возврат { $number }
entry-why = Почему столько
entry-corrects = Исправляет запись от { $date }: { $what }, { $points }
entry-version = Правила, версия { $version }
entry-rounding-floor = дробная часть отбрасывается
entry-rounding-half-up = дробная часть округляется
entry-rounding-ceil = дробная часть округляется в вашу пользу
entry-others = Другие движения по этому чеку
sum-receipt = Чек
lines-returned = Что вернули
sum-discount = Скидка уровня
sum-points-paid = Оплачено баллами
sum-excluded = Не участвует в начислении
sum-base = С этой суммы начисляем
sum-rate = Ставка уровня «{ $tier }»
sum-offer-rate = Доля по предложению
sum-offer = Что даёт предложение
sum-total = Чек после скидок
sum-by-points = Оплачено баллами
sum-left = Осталось оплатить деньгами
lines-caption = Строки чека
line-name = Товар
line-quantity = Количество
line-amount = Сумма
line-unnamed = Покупка
line-discount = скидка { $money }
line-no-points = без баллов
offers-used = Что сработало
offers-missed = Что не сработало
