# Joining at the till, a forgotten card, printed cards, gifts that are counted, claim codes.
till-new-card = New card
till-forgot-card = Forgot the card
till-card-turned-up = The card turned up
till-enrol-hint = The shopper scans the code with their phone and fills in the form there. Go on with the receipt
till-enrol-code = Code of the link for joining
till-enrol-phone = Or send the link to a phone
till-enrol-send = Send
till-enrol-sent = The link is sent. It works for 20 minutes
till-enrol-check = Check
till-enrol-not-yet = The shopper is not done yet. You can post the receipt: it will be theirs
till-enrol-done = The card is ready. This receipt is its first
till-phone-hint = Ask for the phone. The shopper gets a code and tells it to you
till-phone = The shopper’s phone
till-phone-send = Send a code
till-phone-sent = The code is sent. Ask the shopper for it
till-phone-code-hint = The code works for 10 minutes. Points are earned with it
till-phone-code = Code from the message
till-phone-over-hint = Time is up, or the tries are. The receipt is kept
till-attach = Attach a card
till-attach-scan = Scan the plastic card
till-attach-do = Attach
till-attach-lost = The old plastic card is lost: block it
till-attached = The card is attached. The cards before go on
till-gift-out = Out of stock. It stays the shopper’s for another day
till-gift-instead = Out of stock. Instead: { $gift }
till-gift-taken-back = Taken back. The gift waits again
till-undo = Undo
till-claim = Points for this receipt
till-claim-code = Code of the receipt for a phone
till-claim-hint-code = Type it in the wallet. Until { $until }
till-claim-hint = Scan it, or type it at { $address }. Until { $until }

sms-till-code = { $code } is the code for the till, { $store }. Tell it to the cashier if you forgot your card. It does not open your wallet
sms-till-join = This number has no card yet. Get one: { $link }

claim-title = Points for a receipt without the card
claim-lead = The code is printed on the receipt and shown at the till after the purchase
claim-code = Code of the receipt
claim-code-hint = Eleven signs, for example 4KM2 9TX P077
claim-button = Take the points
claim-guest = Sign in or get a card: the points of the receipt go there
claim-guest-kept = We keep the code for an hour, so you need not type it again
claim-done-title = The receipt is yours
claim-done-of = { $money }, { $store }, { $day }
claim-done-later = To be spent: { $day }
claim-done-gift = A gift waits for you: { $gift }
claim-done-card = Show the card
claim-done-more = Another receipt
points-claim = Forgot the card? Take the points by the receipt’s code

settings-plastic = Plastic card
settings-plastic-text = A card that you took in a store becomes yours by the number on it. The card on your phone goes on
settings-plastic-number = Number of the card
settings-plastic-add = Attach the card
notice-card-attached = The card is attached

problem-claim-code-missing = Type the code of the receipt
problem-claim-code-misread = The code has a mistake or is not whole. Compare it with the receipt: eleven signs
problem-claim-code-wrong = { $left ->
    [0] There is no such code. No tries are left, wait 10 minutes
    [one] There is no such code. { $left } try is left
   *[other] There is no such code. { $left } tries are left
}
problem-store-unknown = There is no such store
problem-cards-count = From 1 to 100,000 cards
refusal-claim-taken = The points of this receipt were taken already
refusal-claim-over = The code has ended: its time is over
refusal-claim-too-often = The card has too many receipts of this till for that day. Ask support about these points
refusal-claim-returned = All of this receipt went back, it has no points
refusal-gift-out = The gift is out of stock. It stays the shopper’s
refusal-gift-undo-over = It cannot be undone any more. That works for a minute, at the same till
problem-card-number-missing = Type the number of the card
problem-card-number-digits = The number has digits only
problem-card-number-other = This is not the number of our card
problem-card-number-length = The number is not whole. Compare it with the card
problem-card-number-digit = One digit is wrong. Compare the number with the card
problem-card-number-unknown = There is no plastic card with this number. Compare it with the card
problem-card-number-taken = This card is attached to an account already
refusal-blank-unknown = No printed card has this number. Check it
refusal-blank-taken = This card is attached already
