# At the till: the list of goods, the owner's word for spending, taking goods back. On the owner's card: the question.
till-goods = Товар или штрихкод
till-goods-add = Добавить
till-goods-none = Такого товара в списке нет. Его можно вписать строкой ниже
till-line-each = { $price } за единицу
till-line-less = Меньше
till-line-add = Больше
till-line-drop = Убрать строку
till-age = { $n ->
    [one] Программа с { $shown } года. Сомневаетесь в возрасте — попросите документ
   *[other] Программа с { $shown } лет. Сомневаетесь в возрасте — попросите документ
}

till-ask = Спросить покупателя
till-ask-points = Списать баллы: сколько
till-ask-all = сколько можно
till-ask-check = Проверить
till-asked = { $n ->
    [one] Ждём ответа с телефона: списать { $shown } балл?
    [few] Ждём ответа с телефона: списать { $shown } балла?
   *[other] Ждём ответа с телефона: списать { $shown } баллов?
}
till-asked-left = Осталось
till-asked-seconds = с
till-ask-confirmed = { $n ->
    [one] Покупатель согласен: до { $shown } балла
   *[other] Покупатель согласен: до { $shown } баллов
}
till-ask-confirmed-told = Покупатель согласен. Баллы можно списать
till-ask-declined = Покупатель не хочет списывать. Продажу можно провести без баллов
till-ask-expired = Ответа не было минуту. Спросите снова или проведите без баллов
till-say-ask = По этому коду баллы только копятся. Чтобы списать, спросите покупателя: вопрос придёт ему на телефон

question-spend = { $n ->
    [one] Списать { $shown } балл?
    [few] Списать { $shown } балла?
   *[other] Списать { $shown } баллов?
}
question-place = Магазин { $store }, { $till }
question-left = Осталось
question-seconds = с
question-yes = Да, списать
question-no = Нет
question-seen = Понятно
notice-spending-agreed = Вы согласились. Касса спишет баллы
notice-spending-declined = Баллы остаются у вас

refusal-nobody-to-ask = Спросить негде. Карта не открыта ни на одном устройстве покупателя
refusal-sum-changed = Сумма к оплате изменилась. Назовите новую покупателю и проведите чек ещё раз
refusal-question-over = Вопрос уже закрыт. Касса может спросить снова
refusal-product-unknown = Это не карта и не товар из списка. Введите строку вручную

till-return = Возврат
till-return-find = Какой чек вернуть
till-return-number-hint = Номер, смена и касса напечатаны на чеке
till-return-number = Номер чека
till-return-shift = Смена
till-return-till = Касса
till-return-show = Показать
till-return-by-card = Или по карте покупателя
till-return-back = К продаже
till-return-none = В этом магазине по карте нет чеков, которые можно вернуть
till-return-list = Чеки покупателя
till-return-recent = Последние чеки этой кассы
till-return-of = Чек { $number }
till-return-paid = Оплачено
till-return-refunded = Уже вернули
till-return-all-gone = Всё уже вернули
till-return-lines = Что возвращают
till-return-amount = Покупка без строк
till-return-whole = Такой чек возвращается целиком
till-return-line = { $quantity } за { $amount }. Осталось { $left }
till-return-quantity = Сколько вернуть
till-return-all = Весь чек
till-return-quote = Посчитать
till-return-post = Провести возврат
till-return-effect = Что изменится
till-return-refund = Вернуть деньгами
till-return-restored = Вернутся баллы
till-return-taken = Снимем начисленные баллы
till-return-expired = Уже сгорели и не снимаются
till-return-debt = Останется долг баллами
till-return-earned = Доначислим баллов
till-return-spent = Спишем баллами за остаток
till-return-offer = Предложение больше не действует
till-return-gift-back = Заберите подарок
till-return-gift-gone = Подарок больше не обещан
till-return-done = Возврат { $number } проведён
till-return-refund-now = Верните { $money }
till-return-taken-now = { $n ->
    [one] Снят { $shown } балл
    [few] Снято { $shown } балла
   *[other] Снято { $shown } баллов
}
till-return-restored-now = { $n ->
    [one] Вернулся { $shown } балл
    [few] Вернулись { $shown } балла
   *[other] Вернулось { $shown } баллов
}
till-return-gift-now = Заберите подарок: { $gift }
till-return-unknown = Такого чека в этом магазине нет. Проверьте номер, смену и кассу
till-step-away = Не хватает одного шага
till-will-count = Сработают
till-will-not = Не подходят к этому чеку: { $shown }
problem-return-nothing = Выберите, что возвращают
