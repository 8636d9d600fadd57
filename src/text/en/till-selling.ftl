# At the till: the list of goods, the owner's word for spending, taking goods back. On the owner's card: the question.
till-goods = Product or barcode
till-goods-add = Add
till-goods-none = The list has no such product. It can be typed as a line below
till-line-each = { $price } each
till-line-less = Less
till-line-add = More
till-line-drop = Remove the line
till-age = { $n ->
    [one] The programme is for { $shown } year and over. If in doubt about the age, ask for a document
   *[other] The programme is for { $shown } and over. If in doubt about the age, ask for a document
}

till-ask = Ask the shopper
till-ask-points = Pay with points: how many
till-ask-all = as many as may be
till-ask-check = Check
till-asked = { $n ->
    [one] Waiting for the phone: pay with { $shown } point?
   *[other] Waiting for the phone: pay with { $shown } points?
}
till-asked-left = Left:
till-asked-seconds = s
till-ask-confirmed = { $n ->
    [one] The shopper agrees: up to { $shown } point
   *[other] The shopper agrees: up to { $shown } points
}
till-ask-confirmed-told = The shopper agrees. Points can pay
till-ask-declined = The shopper does not want to spend. The sale can go on without points
till-ask-expired = Nobody answered for a minute. Ask again or go on without points
till-say-ask = This code only earns. To spend, ask the shopper: the question comes to their phone

question-spend = { $n ->
    [one] Pay with { $shown } point?
   *[other] Pay with { $shown } points?
}
question-place = { $store } store, { $till }
question-left = Left:
question-seconds = s
question-yes = Yes, pay
question-no = No
question-seen = Got it
notice-spending-agreed = You agreed. The till will take the points
notice-spending-declined = The points stay with you

refusal-nobody-to-ask = There is nowhere to ask. The card is open on no device of the shopper
refusal-sum-changed = The sum to pay has changed. Tell the shopper the new one and post the receipt again
refusal-question-over = The question is closed. The till can ask again
refusal-product-unknown = This is neither a card nor a product of the list. Type the line by hand

till-return = Return
till-return-find = Which receipt comes back
till-return-number-hint = Number, shift and till are printed on the receipt
till-return-number = Receipt number
till-return-shift = Shift
till-return-till = Till
till-return-show = Show
till-return-by-card = Or by the shopper’s card
till-return-back = To the sale
till-return-none = The card has no receipts in this store that can come back
till-return-list = The shopper’s receipts
till-return-recent = Last receipts of this till
till-return-of = Receipt { $number }
till-return-paid = Paid
till-return-refunded = Given back already
till-return-all-gone = Everything went back already
till-return-lines = What comes back
till-return-amount = Purchase without lines
till-return-whole = Such a receipt comes back as a whole
till-return-line = { $quantity } for { $amount }. Left: { $left }
till-return-quantity = How much comes back
till-return-all = The whole receipt
till-return-quote = Work out
till-return-post = Post the return
till-return-effect = What will change
till-return-refund = Money to give back
till-return-restored = Points that return
till-return-taken = Earned points that are taken back
till-return-expired = Expired already, not taken
till-return-debt = Points that will be owed
till-return-earned = Points earned besides
till-return-spent = Points that pay for the rest
till-return-offer = The offer no longer counts
till-return-gift-back = Ask for the gift
till-return-gift-gone = The gift is no longer promised
till-return-done = Return { $number } is posted
till-return-refund-now = Give back { $money }
till-return-taken-now = { $n ->
    [one] { $shown } point was taken back
   *[other] { $shown } points were taken back
}
till-return-restored-now = { $n ->
    [one] { $shown } point returned
   *[other] { $shown } points returned
}
till-return-gift-now = Ask for the gift: { $gift }
till-return-unknown = This store has no such receipt. Check number, shift and till
till-step-away = One step away
till-will-count = Will count
till-will-not = Not for this receipt: { $shown }
problem-return-nothing = Choose what comes back
