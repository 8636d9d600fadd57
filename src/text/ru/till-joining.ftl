# Joining at the till, a forgotten card, printed cards, gifts that are counted, claim codes.
till-new-card = Новая карта
till-forgot-card = Забыли карту
till-card-turned-up = Карта нашлась
till-enrol-hint = Покупатель сканирует код телефоном и сам заполняет анкету. Чек продолжайте как обычно
till-enrol-code = Код ссылки для вступления
till-enrol-phone = Или отправьте ссылку на телефон
till-enrol-send = Отправить
till-enrol-sent = Ссылка отправлена. Она действует 20 минут
till-enrol-check = Проверить
till-enrol-not-yet = Покупатель ещё не закончил. Чек можно провести: он станет его
till-enrol-done = Карта готова. Этот чек уже её
till-phone-hint = Спросите телефон. Покупатель получит код и назовёт его вам
till-phone = Телефон покупателя
till-phone-send = Отправить код
till-phone-sent = Код отправлен. Попросите назвать его
till-phone-code-hint = Код действует 10 минут. По нему баллы начислятся
till-phone-code = Код из сообщения
till-phone-over-hint = Вышло время или закончились попытки. Чек сохранён
till-attach = Привязать карту
till-attach-scan = Сканируйте пластиковую карту
till-attach-do = Привязать
till-attach-lost = Старая пластиковая карта потеряна: заблокировать её
till-attached = Карта привязана. Прежние карты действуют
till-gift-out = Закончился. Останется за покупателем до другого дня
till-gift-instead = Закончился. Взамен: { $gift }
till-gift-taken-back = Выдача отменена. Подарок снова ждёт
till-undo = Отменить
till-claim = Баллы за этот чек
till-claim-code = Код чека для телефона
till-claim-hint-code = Введите его в кошельке. До { $until }
till-claim-hint = Сканируйте или введите на { $address }. До { $until }

sms-till-code = { $code } — код для кассы, { $store }. Назовите его кассиру, если забыли карту. Вход в кошелёк он не открывает
sms-till-join = Карты на этот номер ещё нет. Завести: { $link }

claim-title = Баллы за чек без карты
claim-lead = Код напечатан на чеке и виден на кассе сразу после покупки
claim-code = Код чека
claim-code-hint = Одиннадцать знаков, например 4KM2 9TX P077
claim-button = Забрать баллы
claim-guest = Войдите или получите карту: баллы за чек придут на неё
claim-guest-kept = Код мы запомнили на час, вводить его снова не нужно
claim-done-title = Чек теперь ваш
claim-done-of = { $money }, { $store }, { $day }
claim-done-later = Потратить можно: { $day }
claim-done-gift = Вас ждёт подарок: { $gift }
claim-done-card = Показать карту
claim-done-more = Ещё один чек
points-claim = Забыли карту? Заберите баллы по коду чека

settings-plastic = Пластиковая карта
settings-plastic-text = Карта, которую вы взяли в магазине, станет вашей по номеру на ней. Карта в телефоне продолжит работать
settings-plastic-number = Номер карты
settings-plastic-add = Привязать карту
notice-card-attached = Карта привязана

problem-claim-code-missing = Введите код с чека
problem-claim-code-misread = В коде ошибка или не хватает знаков. Сверьте с чеком: их одиннадцать
problem-claim-code-wrong = { $left ->
    [0] Такого кода нет. Попытки закончились, подождите 10 минут
    [one] Такого кода нет. Осталась { $left } попытка
    [few] Такого кода нет. Осталось { $left } попытки
   *[other] Такого кода нет. Осталось { $left } попыток
}
problem-store-unknown = Такого магазина нет
problem-cards-count = От 1 до 100 000 карт
refusal-claim-taken = Баллы по этому чеку уже забрали
refusal-claim-over = Код больше не действует: его срок прошёл
refusal-claim-too-often = На карте слишком много чеков этой кассы за тот день. Спросите о баллах в поддержке
refusal-claim-returned = По этому чеку всё вернули, баллов по нему нет
refusal-gift-out = Подарок закончился. Он останется за покупателем
refusal-gift-undo-over = Отменить уже нельзя. Это можно в течение минуты на той же кассе
problem-card-number-missing = Введите номер карты
problem-card-number-digits = В номере только цифры
problem-card-number-other = Это номер не нашей карты
problem-card-number-length = Номер введён не целиком. Сверьте его с картой
problem-card-number-digit = Одна цифра неверна. Сверьте номер с картой
problem-card-number-unknown = Карты с таким номером нет. Сверьте его с картой
problem-card-number-taken = Эта карта уже привязана к счёту
refusal-blank-unknown = Такой карты среди выпущенных нет. Проверьте номер
refusal-blank-taken = Эта карта уже привязана
