# What is wrong with a field, and each way in which a rule says no: what happened, what to do.
problem-phone-missing = Enter your phone number
problem-phone-invalid = This does not look like a phone number. Check the digits, for example: 912 345-67-89. Begin a number of another country with +
problem-phone-not-personal = Messages do not reach this number. Enter the number of a mobile phone
problem-phone-country-short = A new card needs a number of another country
problem-phone-country = A new card needs a number that begins with { $codes }. If you already have a card, you can sign in with any number
problem-code-missing = Enter the code from the message
problem-code-six-digits = The code has six digits. Check it and enter it again
problem-code-wrong = { $left ->
    [one] The code does not match. { $left } try left
   *[other] The code does not match. { $left } tries left
}
problem-name-missing = Enter your first name
problem-name-too-long = At most 60 characters
problem-name-malformed = A name has letters
problem-name-symbols = Letters, spaces, hyphens and apostrophes only: no other signs and no emoji
problem-personal-data-needed = A card cannot be made without this consent
problem-rules-needed = Agree to the rules to take part
problem-email-invalid = An address looks like name@example.com
problem-email-no-at = The address has no @. It looks like name@example.com
problem-email-second-at = The address has more than one @. Enter one address
problem-email-space = The address has a space. Remove it
problem-email-no-name = The name of the mailbox before the @ is missing, as in name@example.com
problem-email-domain = After the @ comes the name of a site with a full stop, as in example.com
problem-email-not-latin = The address has letters that are not Latin. Change the keyboard and type it again
problem-email-too-long = The address is too long. Check it
problem-birth-day = Check the day
problem-birth-month = Check the month: a number or a name
problem-birth-year = Check the year: four digits
problem-birth-no-such-date = This month has no such day
problem-birth-future = This date has not come yet
problem-birth-too-young = Taking part is possible from the age of { $minimum }
problem-child-year = The child’s birth year, up to 18 years ago
problem-children-consent-needed = Tick the consent so that we may keep the birth year
problem-children-too-many = No more than 12 children fit
problem-pet-count = A number from 1 to 20
problem-car-unknown = Choose an answer from the list
problem-closing-unconfirmed = Tick that you understand what follows
problem-login-missing = Enter the login
problem-password-missing = Enter the password
problem-password-too-short = At least 12 characters
problem-password-common = This password is easy to guess. Take some words that have nothing to do with each other
problem-staff-name = 1 to 64 characters without line breaks or other control characters
problem-login-taken = This login is taken
problem-till-unknown = There is no such till
problem-till-taken = There is a till of this name already
problem-till-name = A till’s name is 1 to 64 characters, none of them a control character
problem-till-revoked = This till was revoked for good
problem-spending-ahead = Points are spent at the present time only: check the till’s clock
problem-visit-or-code = Give the visit or the code, not both
problem-language-unknown = The language is ru or en
problem-sale-key = The sale’s key has 1 to 255 visible ASCII characters
problem-receipt-too-far-ahead = The time is more than 400 days ahead: check the till’s clock
problem-store-taken = There is a store with this code already
problem-store-code = A code is 1 to 64 small Latin letters, digits and hyphens
problem-store-name = A name has 1 to 200 characters, in one line
problem-store-address = An address has up to 200 characters, in one line
problem-receipt-identity = Series, shift and number: 1 to 64 characters
problem-limit-range = Limit: 1 to 200
problem-cursor-invalid = The cursor is unknown. Send `next` from the answer with the previous page
problem-amount-missing = Enter the amount
problem-amount-invalid = An amount above zero, for example: 1240 or 99.90
problem-points-invalid = A whole number of points
problem-lines-none = The receipt has no lines
problem-lines-too-many = The receipt has more than 2,000 lines
problem-receipt-total-negative = The total of the receipt is below zero. Check the negative lines
problem-line-amount = A line’s amount is at most 1 000 000 000 000 minor units, and above zero in a return
problem-line-amount-zero = A line’s amount is above zero
problem-line-quantity = A line’s quantity is above zero and at most 1 000 000. On a line whose amount is zero it may be zero, on a line whose amount is below zero also below zero

refusal-not-signed-in = You had been signed out, so nothing was saved. Check it and send it again
refusal-not-found = There is no such thing here
refusal-too-soon = { $n ->
    [one] A new code can be sent in { $shown } second
   *[other] A new code can be sent in { $shown } seconds
}
refusal-too-many-codes = { $n ->
    [one] Too many codes or tries in a row. Wait { $shown } minute
   *[other] Too many codes or tries in a row. Wait { $shown } minutes
}
refusal-codes-paused = { $n ->
    [one] No codes are sent to this number for { $shown } hour: too many were wrong. Where you are signed in, everything works
   *[other] No codes are sent to this number for { $shown } hours: too many were wrong. Where you are signed in, everything works
}
refusal-no-codes-today = { $n ->
    [one] No more codes are sent today. Try again in { $shown } hour, or ask support
   *[other] No more codes are sent today. Try again in { $shown } hours, or ask support
}
refusal-sign-in-busy = Many people are signing in now. Try again in a few seconds
refusal-code-dead = The code no longer works. Get a new one
refusal-wrong-password = Login or password do not match
refusal-locked = { $n ->
    [one] Too many tries. Wait { $shown } minute
   *[other] Too many tries. Wait { $shown } minutes
}
refusal-scan-empty = Scan or type the card’s code
refusal-scan-not-digits = The code has digits only. Scan it again
refusal-scan-other-scheme = This is not a code of our card
refusal-scan-wrong-length = The code was not read whole. Scan it again
refusal-scan-check-digit = A digit was misread. Scan it again
refusal-code-stale = The code has expired. Ask to show the new one
refusal-code-wrong = The code does not match. Ask to refresh the card
refusal-too-many-wrong-codes = { $n ->
    [one] Too many wrong codes in a row. Wait { $shown } second, or sell without the card
   *[other] Too many wrong codes in a row. Wait { $shown } seconds, or sell without the card
}
refusal-card-unknown = There is no such card. The sale can go on without it
refusal-card-blocked = The card is blocked. The sale can go on without it
refusal-visit-over = Scan the card again. The last scan counts no more
refusal-code-already-spent = This code has already spent or earned points. Ask to show a new code
refusal-cannot-spend = This code only earns. Spending needs the code on the screen
refusal-too-many-points = { $n ->
    [one] At most { $shown } point can be spent on this receipt
   *[other] At most { $shown } points can be spent on this receipt
}
refusal-key-missing = The receipt has no key
refusal-key-malformed = The receipt’s key is malformed
refusal-key-reused = This receipt was posted with other contents
refusal-receipt-exists = This receipt was posted already
refusal-receipt-parked = A receipt with this number is waiting already
refusal-parked-refused = The parked receipt was not stored: { $why }
refusal-spending-needs-link = Receipts that are sent later only earn points
refusal-receipt-too-old = The receipt is older than 400 days
refusal-before-programme = The programme had not begun then. Check the till’s clock
refusal-store-waiting = This store does not take part yet
refusal-offer-not-open = This offer cannot be switched on now
refusal-birth-date-locked = The birth date cannot be changed any more. Write to support
refusal-gift-handed-over = The gift was handed over already
problem-theme-unknown = This theme is not here
problem-size-unknown = This size is not here
problem-line-text-long = A text in this line is too long
problem-line-text-control = A text in this line has characters that are not allowed
problem-time-invalid = A time like 2026-11-22T14:05:00+03:00
problem-return-no-such-line = The receipt has no such line
problem-return-negative-line = This line lowers other lines and goes back together with them
problem-return-more-than-left = Less is left than what comes back
problem-return-quantity-or-amount = A returned line has either a quantity or an amount
problem-return-not-one-sum = Only a receipt of one line with a quantity of 1 can be returned by amount
problem-return-before-sale = A return cannot be earlier than its sale
refusal-not-allowed = The role of this account does not allow this
refusal-own-adjustment = Another person approves a correction, not its author
refusal-own-late-sale = Another person releases a held receipt, not its sender
refusal-decided = This correction was decided on already
refusal-request-outdated = The account, its card or its phone has changed since this was asked for. Decline it and ask again
refusal-same-account = Both cards are one member’s
refusal-account-joined = This card’s account was joined to another before
problem-note-missing = Write the reason
problem-corrects-unknown = This member has no such entry
problem-note-invalid = A reason has up to 300 characters, in one line
problem-items-count = A batch has 1 to 1,000 items
problem-item-shape = An item is either a receipt or a return
