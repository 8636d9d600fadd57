# What is wrong with a field, and each way in which a rule says no: what happened, what to do.
problem-phone-missing = Введите номер телефона
problem-phone-invalid = Номер не похож на настоящий. Проверьте цифры, например: 912 345-67-89. Номер другой страны начните с +
problem-phone-not-personal = На этот номер сообщения не приходят. Введите номер мобильного телефона
problem-phone-country-short = Для новой карты нужен номер другой страны
problem-phone-country = Новую карту можно завести с номером, который начинается с { $codes }. Если карта уже есть, войти можно с любым номером
problem-code-missing = Введите код из сообщения
problem-code-six-digits = В коде шесть цифр. Проверьте и введите снова
problem-code-wrong = { $left ->
    [one] Код не подходит. Осталась { $left } попытка
    [few] Код не подходит. Осталось { $left } попытки
   *[other] Код не подходит. Осталось { $left } попыток
}
problem-name-missing = Введите имя
problem-name-too-long = Не длиннее 60 знаков
problem-name-malformed = В имени должны быть буквы
problem-name-symbols = Только буквы, пробел, дефис и апостроф: без значков и картинок
problem-personal-data-needed = Без этого согласия карту не завести
problem-rules-needed = Чтобы участвовать, согласитесь с правилами
problem-email-invalid = Адрес выглядит так: name@example.com
problem-email-no-at = В адресе нет знака @. Он выглядит так: name@example.com
problem-email-second-at = В адресе может быть только один знак @. Укажите один адрес
problem-email-space = В адресе не бывает пробелов. Уберите их
problem-email-no-name = Перед знаком @ нужно имя ящика, например: name@example.com
problem-email-domain = После знака @ нужно имя сайта с точкой, например: example.com
problem-email-not-latin = В адресе есть буквы не из латиницы. Переключите раскладку и введите адрес снова
problem-email-too-long = Адрес слишком длинный. Проверьте его
problem-birth-day = Проверьте день
problem-birth-month = Проверьте месяц: число или название
problem-birth-year = Проверьте год: четыре цифры
problem-birth-no-such-date = Такого дня нет в этом месяце
problem-birth-future = Эта дата ещё не наступила
problem-birth-too-young = Участвовать можно с { $minimum } лет
problem-child-year = Год рождения ребёнка, не старше 18 лет
problem-children-consent-needed = Отметьте согласие, чтобы мы хранили год рождения
problem-children-too-many = Больше 12 детей не поместится
problem-pet-count = Число от 1 до 20
problem-car-unknown = Выберите ответ из списка
problem-closing-unconfirmed = Отметьте, что понимаете последствия
problem-login-missing = Введите логин
problem-password-missing = Введите пароль
problem-password-too-short = Не короче 12 знаков
problem-password-common = Такой пароль легко подобрать. Возьмите несколько слов, которые не связаны между собой
problem-staff-name = От 1 до 64 знаков, без переносов строк и других управляющих знаков
problem-login-taken = Такой логин уже есть
problem-till-unknown = Такой кассы нет
problem-till-taken = Касса с таким названием уже есть
problem-till-name = Название кассы — от 1 до 64 знаков, без управляющих знаков
problem-till-revoked = Эта касса отключена навсегда
problem-spending-ahead = Баллами платят только в настоящем времени: проверьте часы кассы
problem-visit-or-code = Нужен визит или код, не оба сразу
problem-language-unknown = Язык: ru или en
problem-sale-key = Ключ продажи: от 1 до 255 видимых знаков ASCII
problem-receipt-too-far-ahead = Время больше чем на 400 дней впереди: проверьте часы кассы
problem-store-taken = Магазин с таким кодом уже есть
problem-store-code = Код — от 1 до 64 строчных латинских букв, цифр и дефисов
problem-store-name = Название — от 1 до 200 знаков в одну строку
problem-store-address = Адрес — до 200 знаков в одну строку
problem-receipt-identity = Серия, смена и номер: от 1 до 64 знаков
problem-limit-range = Размер страницы: от 1 до 200
problem-cursor-invalid = Неизвестный курсор. Возьмите next из ответа с предыдущей страницей
problem-amount-missing = Введите сумму
problem-amount-invalid = Сумма больше нуля, например: 1240 или 99,90
problem-points-invalid = Целое число баллов
problem-lines-none = В чеке нет ни одной строки
problem-lines-too-many = В чеке больше 2 000 строк
problem-receipt-total-negative = Сумма чека меньше нуля. Проверьте строки со знаком минус
problem-line-amount = Сумма строки не больше 10 миллиардов, а при возврате больше нуля
problem-line-amount-zero = Сумма строки больше нуля
problem-line-quantity = Количество больше нуля и не больше миллиона. У строки с нулевой суммой оно может быть нулём, у строки с отрицательной суммой — и меньше нуля

refusal-not-signed-in = Вход закончился, поэтому ничего не сохранено. Проверьте и отправьте снова
refusal-not-found = Этого здесь нет
refusal-too-soon = { $n ->
    [one] Новый код можно получить через { $shown } секунду
    [few] Новый код можно получить через { $shown } секунды
   *[other] Новый код можно получить через { $shown } секунд
}
refusal-too-many-codes = { $n ->
    [one] Слишком много кодов или попыток подряд. Подождите { $shown } минуту
    [few] Слишком много кодов или попыток подряд. Подождите { $shown } минуты
   *[other] Слишком много кодов или попыток подряд. Подождите { $shown } минут
}
refusal-codes-paused = { $n ->
    [one] На этот номер коды не отправляем ещё { $shown } час: было много неверных. Где вы уже вошли, всё работает
    [few] На этот номер коды не отправляем ещё { $shown } часа: было много неверных. Где вы уже вошли, всё работает
   *[other] На этот номер коды не отправляем ещё { $shown } часов: было много неверных. Где вы уже вошли, всё работает
}
refusal-no-codes-today = { $n ->
    [one] Сегодня коды больше не отправляем. Попробуйте через { $shown } час или обратитесь в поддержку
    [few] Сегодня коды больше не отправляем. Попробуйте через { $shown } часа или обратитесь в поддержку
   *[other] Сегодня коды больше не отправляем. Попробуйте через { $shown } часов или обратитесь в поддержку
}
refusal-sign-in-busy = Сейчас входит много людей. Повторите через несколько секунд
refusal-code-dead = Код больше не действует. Получите новый
refusal-wrong-password = Логин или пароль не подходят
refusal-locked = { $n ->
    [one] Слишком много попыток. Подождите { $shown } минуту
    [few] Слишком много попыток. Подождите { $shown } минуты
   *[other] Слишком много попыток. Подождите { $shown } минут
}
refusal-scan-empty = Отсканируйте или введите код карты
refusal-scan-not-digits = В коде должны быть только цифры. Отсканируйте ещё раз
refusal-scan-other-scheme = Это код не нашей карты
refusal-scan-wrong-length = Код прочитан не целиком. Отсканируйте ещё раз
refusal-scan-check-digit = Цифра в номере прочитана неверно. Отсканируйте ещё раз
refusal-code-stale = Код устарел. Попросите показать новый
refusal-code-wrong = Код не подошёл. Попросите обновить карту
refusal-too-many-wrong-codes = { $n ->
    [one] Слишком много неверных кодов подряд. Подождите { $shown } секунду или продайте без карты
    [few] Слишком много неверных кодов подряд. Подождите { $shown } секунды или продайте без карты
   *[other] Слишком много неверных кодов подряд. Подождите { $shown } секунд или продайте без карты
}
refusal-card-unknown = Такой карты нет. Продажу можно провести без неё
refusal-card-blocked = Карта заблокирована. Продажу можно провести без неё
refusal-visit-over = Отсканируйте карту снова. Прошлое считывание больше не действует
refusal-code-already-spent = Этим кодом баллы уже списывали или начисляли. Попросите показать новый код
refusal-cannot-spend = По этому коду баллы только начисляются. Для списания нужен код с экрана
refusal-too-many-points = { $n ->
    [one] В этом чеке можно списать не больше { $shown } балла
   *[other] В этом чеке можно списать не больше { $shown } баллов
}
refusal-key-missing = У чека нет ключа
refusal-key-malformed = Ключ чека неверный
refusal-key-reused = Этот чек уже проведён с другим содержанием
refusal-receipt-exists = Такой чек уже проведён
refusal-receipt-parked = Чек с таким номером уже ждёт своей очереди
refusal-parked-refused = Отложенный чек не проведён: { $why }
refusal-spending-needs-link = Чеки, отправленные позже, только начисляют баллы
refusal-receipt-too-old = Чек старше 400 дней
refusal-before-programme = Программа тогда ещё не начиналась. Проверьте часы кассы
refusal-store-waiting = Этот магазин ещё не участвует
refusal-offer-not-open = Это предложение сейчас не включить
refusal-birth-date-locked = Дату рождения больше нельзя менять. Напишите в поддержку
refusal-gift-handed-over = Подарок уже выдан
problem-theme-unknown = Такой темы здесь нет
problem-size-unknown = Такого размера здесь нет
problem-line-text-long = Слишком длинный текст в строке
problem-line-text-control = Недопустимые знаки в строке
problem-time-invalid = Время в виде 2026-11-22T14:05:00+03:00
problem-return-no-such-line = Такой строки в чеке нет
problem-return-negative-line = Эта строка уменьшает другие и возвращается вместе с ними
problem-return-more-than-left = Осталось меньше, чем возвращают
problem-return-quantity-or-amount = Укажите количество или сумму, но не оба значения
problem-return-not-one-sum = На сумму возвращают только чек из одной строки с количеством 1
problem-return-before-sale = Возврат не может быть раньше продажи
refusal-not-allowed = Роль этой учётной записи этого не разрешает
refusal-own-adjustment = Своё исправление утверждает другой человек
refusal-own-late-sale = Задержанный чек проводит другой человек, не тот, кто его отправил
refusal-decided = По этому исправлению уже решено
refusal-request-outdated = Счёт, его карта или телефон изменились с тех пор, как об этом попросили. Отклоните и попросите заново
refusal-same-account = Обе карты — одного участника
refusal-account-joined = Счёт этой карты уже объединён с другим
problem-note-missing = Напишите причину
problem-corrects-unknown = У этого участника нет такой записи
problem-note-invalid = Причина — до 300 знаков, одной строкой
problem-items-count = В пачке от 1 до 1000 чеков
problem-item-shape = Нужен либо чек, либо возврат
