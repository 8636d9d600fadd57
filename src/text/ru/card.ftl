# The card, printed and offline too.
card-code-label = QR-код карты. Покажите его кассиру
card-fixed-label = Постоянный QR-код карты
card-ean-label = Штрихкод карты { $number }
card-number = Номер карты
card-new-code = Новый код
card-copy = Скопировать номер
card-copied = Номер скопирован
card-size = Размер кода
card-size-small = Мелкий код
card-size-medium = Средний код
card-size-large = Крупный код
card-size-larger = Самый крупный код
card-show-turning = Показать QR-код
card-show-ean = Показать штрихкод
card-show-fixed = Показать постоянный код
card-fixed-hint = Не меняется. Только копит баллы
card-ean-hint = Для лазерных сканеров. Только копит баллы
card-print = Карта для печати
card-print-lead = По ней баллы копятся. Тратить — только с кодом на экране
card-print-now = Напечатать
card-print-by-hand = Чтобы напечатать, откройте меню браузера
card-back = К карте

card-points = Баллы
card-history = История
card-active = Можно потратить
card-pending = Ожидают
card-expiring = Сгорят первыми
card-nothing-expires = нечему сгорать
card-owed = Долг
card-owed-hint = спишется со следующих
card-first-visit = Пока нет начислений. Покажите карту на кассе

card-rate = { $rate } баллами
card-tier-way = До уровня «{ $tier }»
card-tier-gone = { $gone } из { $whole }
card-tier-missing = До уровня «{ $tier }» — ещё { $missing }
card-tier-top = Это высший уровень
card-tier-until = «{ $tier }» до { $date }
card-tier-keep = Чтобы сохранить «{ $tier }», потратьте ещё { $missing } до { $date }
card-tier-keep-points = Чтобы сохранить «{ $tier }», накопите ещё { $missing } до { $date }
card-tier-enough = «{ $tier }» сохранится: набрано достаточно
card-tier-window = { $n ->
    [one] Считаются покупки за последний { $shown } день
    [few] Считаются покупки за последние { $shown } дня
   *[other] Считаются покупки за последние { $shown } дней
}

card-offers = Сработает на кассе: { $shown }
card-offers-none = Сработает на кассе: пока ничего
card-offers-empty = Часть предложений включается касанием
card-offers-look = Посмотреть предложения
card-offers-all = Все предложения

offline-title = Карта без связи
offline-works = Нет связи, но код работает
offline-balance = Баланс на
offline-later = Баллы за покупку появятся, когда связь вернётся.
offline-again = Попробовать снова
offline-none = Нет связи
offline-none-text = На этом устройстве нет карты. Подключитесь к сети и войдите.
