# The till: signing in, scanning, the customer, the receipt, how it went.
till-title = Till
till-sign-in = Sign in at the till
till-sign-in-lead = The store’s administrator gives out logins and passwords
till-login = Login
till-password = Password
till-none = This login has no till. Ask the administrator
till-sign-out = Sign out

till-scan = Scan the card
till-scan-hint = No need to click anywhere, any keyboard layout will do
till-code = Or type the code
till-card-code = Card’s code
till-find = Find
till-without-card = Sell without a card
till-no-card = No card
till-no-name = No name given
till-no-card-hint = No points for this sale. If the card turns up, scan it: the receipt is kept
till-scan-again = Scan the card again
till-scan-again-hint = The receipt is kept
till-other-card = Another card
till-next = Next
till-cancel = Cancel

till-how = How a sale goes
till-step-scan = Scan the card’s code
till-step-scan-more = From a screen, from paper, or type the number
till-step-sum = Enter the amount
till-step-sum-more = Enter works out discounts and points
till-step-post = Post the receipt
till-step-post-more = F9, and the till is ready for the next one

till-points = Points
till-spendable = Can be spent on this receipt
till-birthday = Birthday is near
till-say = What to say:
till-say-points = { $n ->
    [one] Offer to pay with points: { $shown } point on the card
   *[other] Offer to pay with points: { $shown } points on the card
}
till-say-spend = { $n ->
    [one] Offer to spend { $shown } point
   *[other] Offer to spend { $shown } points
}
till-say-tier = { $missing } left to { $tier } level
till-gifts = Gifts
till-hand-over = Hand over
till-gift-given = The gift is handed over
till-offers = Offers
till-counts = Counts
till-ask-to-switch-on = Ask to switch it on in the app
till-more-offers = { $n ->
    [one] { $shown } more offer
   *[other] { $shown } more offers
}

till-receipt = Receipt
till-receipt-number = Receipt { $number }
till-mode = How to enter the receipt
till-mode-amount = Amount
till-mode-lines = Lines
till-amount = Amount of the receipt
till-lines = Lines of the receipt
till-line-name = Item
till-line-category = Category
till-line-quantity = Qty
till-line-amount = Amount
till-line-row = line { $shown }
till-line-more = Line
till-category-none = none
till-category-bakery = bakery
till-category-coffee = coffee
till-category-dairy = dairy
till-category-fruit = fruit
till-category-gift-cards = gift cards
till-category-grocery = grocery
till-category-household = household
till-category-kids = kids
till-category-pets = pets
till-category-tobacco = tobacco
till-spend = Pay with points
till-spend-none = None
till-spend-all = As many as possible
till-spend-exact = Another number
till-spend-points = How many points
till-quote = Work out
till-post = Post the receipt

till-total = Receipt
till-tier-discount = Discount of the level
till-paid-by-points = { $n ->
    [one] With { $shown } point
   *[other] With { $shown } points
}
till-to-earn = Points to earn
till-earned = Points earned
till-gift-promised = Gift
till-to-pay = To pay

till-sold = Receipt { $number } is posted
till-sold-to = { $n ->
    [one] { $name }: { $earned } point
   *[other] { $name }: { $earned } points
}
till-to-pay-now = To pay { $money }
till-spent = { $n ->
    [one] { $shown } point spent
   *[other] { $shown } points spent
}
till-give = Hand over the gift: { $gift }
