# The programme's data in words.
day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
day-in = { $n ->
    [one] in { $shown } day
   *[other] in { $shown } days
}

entry-earn = Earned
entry-activate = Became available
entry-spend = Spent
entry-expire = Expired
entry-return = Return
entry-restore = Given back to you
entry-adjust = Corrected
entry-debt = Debt
entry-settle = Settled
entry-transfer = Moved

reason-purchase = { $rate } of { $base } at { $tier } level
reason-offer = offer “{ $title }”
reason-offer-share = { $rate } of { $base } by the offer “{ $title }”
reason-spend = paid with points: { $money } of { $total }
reason-profile = for a complete profile
reason-expired = the points reached their end date
reason-activated = { $n ->
    [one] { $shown } point can be spent
   *[other] { $shown } points can be spent
}
reason-adjusted = “{ $note }”
reason-returned = a purchase was returned
reason-returned-of = the purchase now earns { $after } instead of { $before }
reason-restored = a purchase paid with points was returned
reason-debt = a purchase was returned after its points were spent
reason-debt-correction = a correction took more points than there were
reason-debt-closed = the debt of a card on this phone that was closed
reason-debt-transfer = the debt of an account joined to this one
reason-settled = { $n ->
    [one] { $shown } point went to the debt
   *[other] { $shown } points went to the debt
}
reason-transfer = two accounts became one

benefit-gift = gift
benefit-kind-points = points
benefit-kind-discount = discount
benefit-kind-price = price
benefit-kind-gift = with a purchase

miss-minimum-receipt = { $missing } more on the receipt
miss-absent = { $n ->
    [one] After { $shown } day without purchases
   *[other] After { $shown } days without purchases
}
miss-purchases = { $n ->
    [one] { $shown } more purchase
   *[other] { $shown } more purchases
}
miss-better-in-group = A better one applied: “{ $title }”
miss-outside-dates = Not on this day
miss-weekday = On another weekday
miss-hours = At another time
miss-store = In another store
miss-items = The items it needs are not on the receipt
miss-tier = At another level
miss-birthday = Around the birthday
miss-children = For families with children
miss-pets = For pet owners
miss-car = For drivers
miss-first-purchase = On the first purchase only
miss-consent = Needs consent to messages
miss-not-listed = For other members
miss-not-activated = Not switched on
miss-used-up = Already used
miss-not-today = Already used today
miss-budget = This offer has run out
miss-nothing-to-gain = Gives nothing on this receipt

# Conditions of offers: “Works from 07:00 to 11:00”
condition-period = from { $from } to { $until }
condition-from = from { $from }
condition-until = until { $until }
condition-weekdays = on { $days }
condition-hours = from { $from } to { $until }
condition-stores = in some stores
condition-minimum-receipt = from { $amount } on the receipt
condition-items = for certain goods
condition-tiers = at the levels { $tiers }
condition-birthday = { $n ->
    [0] on the birthday
    [one] { $shown } day before the birthday and after it
   *[other] { $shown } days before the birthday and after it
}
condition-children-age = for families with children of { $from } to { $until }
condition-pets = for pet owners
condition-car = for drivers
condition-absence = { $n ->
    [one] after { $shown } day away
   *[other] after { $shown } days away
}
condition-purchases = { $n ->
    [one] after { $shown } purchase
   *[other] after { $shown } purchases
}
condition-first-purchase = on the first purchase
condition-consent = with consent to messages
condition-named-members = for some members

channel-sms = SMS
channel-email = E-mail
channel-push = Notifications
channel-messenger = Messenger
channel-call = Call
purpose-news = News
purpose-personal-offers = Personal offers
purpose-surveys = Surveys
purpose-partners = Partners
