# The first page, and the way in.
gain-rate = Up to { $rate } back in points
gain-rate-text = { $point } = { $money }. Points pay up to { $share } of a receipt
gain-offers = Offers of your own
gain-offers-text = Switched on by a tap, they work at every till
gain-control = Your data in your hands
gain-control-text = No messages until you switch them on yourself
landing-text = The card lives in your phone: no plastic, no app store. The code opens offline too
landing-join = Get a card
landing-have = I have a card
landing-sample = Anna K.
notice-signed-out = You are signed out on this device

join-title = Get a card
join-step = Step { $number } of 3
join-step-1 = phone
join-step-2 = code from the SMS
join-step-3 = name and consents
join-phone-title = Your phone
join-phone-lead = The number is the key to your card: it signs you in on any device
join-have-card = Have a card already?
phone-label = Phone number
phone-hint = We will send a code by SMS. We never pass the number on
code-ask = Get a code
code-have = Enter the code that came already
sign-in-lead = The code will come by SMS to the number of your card
sign-in-no-card = No card yet?

code-title = Code from the SMS
code-lead = { $minutes ->
    [one] Sent to { $phone }. The code works for { $minutes } minute
   *[other] Sent to { $phone }. The code works for { $minutes } minutes
}
code-other-phone = Another number
code-label = Six digits
code-confirm = Continue
code-resend = Send again
code-resend-in = A new code can be sent in { $left }
code-resend-now = No code came? We will send a new one
code-demo = This is a demo: no SMS leaves it.
code-demo-outbox = Read the messages
code-over = The code no longer works
code-over-text = Its time or its tries are over. Ask for a new one, it is quick
code-over-again = Get a new code
notice-code-sent = A new code was sent

invitation-lead = The till has sent this link to { $phone }. Next: a name, the documents, and the card is ready
invitation-over = The link no longer works
invitation-over-text = It works once, for 20 minutes. Enter the phone number here, it is just as quick
invitation-over-again = Enter the number

finish-title = The last step
finish-lead = A name and two agreements, and the card is ready
first-name-label = First name
first-name-hint = The cashier will call you so
last-name-label = Last name, if you like
last-name-hint = The cashier sees its first letter only
agreements = What a card needs
agree-data = I give
agree-data-link = consent to process my personal data
agree-rules = I accept
agree-rules-link = the rules of the programme
finish-messages-off = Messages: all off
finish-messages = Messages
finish-optional = As you like
finish-optional-text = The card works without messages. Switch them on and off any day
finish-button = Open the card
finish-over = This step is over
finish-over-text = Begin with your phone number: a new code will come. If the card is ready already, it opens at once
finish-over-again = Get a code
messages-caption = Messages: channel and purpose
messages-channel = Channel
