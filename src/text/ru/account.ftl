# The shopper's own pages: profile, consents, settings; the demo's outbox and the words of messages.

save = Сохранить
month-1 = января
month-2 = февраля
month-3 = марта
month-4 = апреля
month-5 = мая
month-6 = июня
month-7 = июля
month-8 = августа
month-9 = сентября
month-10 = октября
month-11 = ноября
month-12 = декабря

# Profile
notice-profile-saved = Сохранено
notice-profile-rewarded = Сохранено. Баллы за профиль начислены
notice-birth-removed = Дата рождения убрана
notice-child-added = Год рождения добавлен
notice-child-removed = Год рождения убран
profile-title = Я
profile-reward-title = { $n ->
    [one] { $shown } балл за заполненный профиль
    [few] { $shown } балла за заполненный профиль
   *[other] { $shown } баллов за заполненный профиль
}
profile-reward-open = Осталось рассказать: { $list }.
profile-question-birth = дата рождения
profile-question-car = есть ли машина
profile-reward-at-once = Тратить их можно сразу.
profile-reward-hold = { $n ->
    [one] Тратить их можно через { $shown } день.
    [few] Тратить их можно через { $shown } дня.
   *[other] Тратить их можно через { $shown } дней.
}
profile-reward-skip = Любой вопрос можно пропустить.
profile-about = О вас
profile-first-name = Имя
profile-first-name-hint = Так к вам обратится кассир
profile-last-name = Фамилия
profile-last-name-hint = Кассир увидит только первую букву. Можно не указывать
profile-email = Эл. почта
profile-email-hint = Для чеков и предупреждений о сгорании. Реклама — только с вашего согласия
profile-birth = Дата рождения
profile-birth-why = Чтобы предложить больше баллов около дня рождения
profile-birth-left = { $n ->
    [one] Указать или изменить можно ещё { $shown } раз
    [few] Указать или изменить можно ещё { $shown } раза
   *[other] Указать или изменить можно ещё { $shown } раз
}
profile-birth-last = Изменить больше нельзя, убрать можно. Если здесь ошибка, напишите: { $support }
profile-birth-locked = Указать дату больше нельзя. Если она нужна, напишите: { $support }
profile-birth-day = День
profile-birth-month = Месяц
profile-birth-year = Год
profile-birth-remove = Убрать дату
profile-children = Дети
profile-children-why = Чтобы предлагать товары по возрасту. Только год рождения, без имён
profile-child-of-year = { $year } год
profile-child-remove = Убрать: { $year } год
profile-child-agree = Согласие: храните год рождения моих детей, чтобы подбирать предложения
profile-child-document = Текст согласия
profile-child-agreed = Вы согласились хранить год рождения детей. Отозвать:
profile-child-year = Год рождения
profile-child-add = Добавить
profile-pets = Питомцы
profile-pets-why = Чтобы предлагать товары тем, у кого есть питомец. Сколько их у вас: пустое поле — ни одного
pet-dog = Собаки
pet-cat = Кошки
pet-bird = Птицы
pet-fish = Рыбки
pet-rodent = Грызуны
pet-other = Другие
profile-car = Машина
profile-car-why = Чтобы предлагать товары для дороги только водителям
profile-car-question = Есть ли у вас машина
car-none = Нет машины
car-petrol = Бензин
car-diesel = Дизель
car-electric = Электро
car-hybrid = Гибрид
car-other = Другая
car-untold = Не отвечать
profile-more = Ещё
profile-more-consents = Включено { $on } из { $all }
profile-more-settings = Устройства, язык, тема, выгрузка
profile-more-rules = Уровни, баллы, магазины

# Consents
notice-consents-saved = Согласия сохранены
notice-consents-off = Все сообщения выключены
notice-children-off = Согласие отозвано, годы рождения стёрты
consents-title = Согласия
consents-lead = Что и куда вам присылать. Карта работает и без рассылок
consents-off = Выключить всё
consents-service = Это не реклама
consents-service-text = Приходят всегда, без них карта не работает:
consents-service-codes = коды для входа
consents-service-receipts = чеки и движения баллов
consents-service-expiry = предупреждения о сгорании баллов и об уровне
consents-documents = Документы
consents-documents-text = С чем вы согласились
document-personal-data = Обработка персональных данных
document-rules = Правила программы
document-children = Годы рождения детей
consents-document-agreed = версия { $version }, с { $date }
consents-document-never = согласия нет
consents-personal-data-end = Карта держится на первом согласии: отозвать его можно, только закрыв карту
consents-children-off = Отозвать
consents-children-off-what = : годы рождения детей
consents-children-off-text = Годы рождения детей сотрутся сразу
consents-proofs = Подтверждения
consents-proofs-text = Каждое «да» и «нет»: когда, с каким текстом, откуда
consents-proofs-caption = Журнал согласий
consents-proofs-csv = Скачать CSV
consents-proofs-json = Скачать JSON
consents-when = Когда
consents-what = Что
consents-text-and-address = Текст, адрес, страница
consents-answer = Ответ
consents-proof = версия { $version }, { $ip }, { $source }
consents-yes = Да
consents-no = Нет
consents-cell = { $channel }: { $purpose }
source-join = при вступлении
source-consents = страница согласий
source-profile = профиль
# Settings
notice-device-ended = Устройство отключено
notice-phone-removed = Номер убран: войти по нему больше нельзя
notice-account-closed = Карта закрыта, личные данные стёрты
notice-signed-out-here = Вы вышли на этом устройстве
settings-title = Настройки
settings-devices = Устройства
settings-devices-text = Показать код карты могут только они
settings-device-unnamed = Браузер
settings-device-here = Это устройство
settings-device-seen = { $when }, { $time }
settings-device-end = Отключить
settings-device-since = вход { $date }
settings-phones = Номера для входа
settings-phones-text = По любому из них открывается эта карта. Если номер больше не ваш, уберите его: устройства, где по нему вошли, тоже отключатся
settings-phone-own = Основной
settings-phone-merged = От карты, которую объединили с этой
settings-phone-remove = Убрать
settings-look = Вид
settings-theme = Тема
theme-system = Как в системе
theme-light = Светлая
theme-dark = Тёмная
settings-language = Язык
settings-export = Ваши данные
settings-export-text = Всё, что мы о вас храним, — одним файлом. Движения баллов — ещё и таблицей
settings-export-json = Всё, JSON
settings-export-csv = Баллы, CSV
settings-close = Закрыть карту
settings-close-title = Это навсегда
settings-close-text = Имя, телефон, почта и профиль сотрутся сразу, вход прекратится на всех устройствах. Касса больше не узнает карту. Движения баллов останутся без имени. Карты, которые поддержка объединила с этой, тоже закроются.
settings-close-points = { $n ->
    [one] { $shown } балл пропадёт.
    [few] { $shown } балла пропадут.
   *[other] { $shown } баллов пропадут.
}
settings-close-export = Если нужна копия данных, сначала скачайте её выше.
settings-close-confirm = Понимаю последствия
settings-close-button = Закрыть карту навсегда
settings-sign-out = Выйти

# The demo's outbox and the words of messages
outbox-title = Сообщения демо
outbox-lead = Сюда приходит всё, что отправлено покупателям. Такая страница есть только у демо
outbox-refresh = Обновить
outbox-empty = Пока ничего не отправлено
outbox-empty-text = Введите номер телефона на странице входа — код придёт сюда
outbox-code = Код
sms-one-time-password = { $code } — код для входа. Никому его не сообщайте
sms-codes-paused = Для вашего номера много раз ввели неверный код. Ближайшие сутки коды на него не отправляем. Где вы уже вошли, всё работает. Если это были не вы, ничего делать не нужно
sms-invitation = Ваша карта в одном шаге: { $link } Ссылка работает один раз, 20 минут. Не просили её — ничего не делайте
