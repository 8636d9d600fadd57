# Offers.
offers-working = { $n ->
    [one] { $shown } works at the till
   *[other] { $shown } work at the till
}
offers-waiting = { $n ->
    [one] { $shown } can be switched on
   *[other] { $shown } can be switched on
}
offers-waiting-too = { $n ->
    [one] { $shown } more can be switched on
   *[other] { $shown } more can be switched on
}
offers-none-ready = Soon ready: see what is missing
offers-empty = No offers yet
offers-empty-lead = They will appear as soon as they begin
offers-empty-text = Tell about yourself, and they will be your own
offers-empty-profile = Fill in the profile
offers-activate-all = Switch all on
offers-group-waiting = Can be switched on
offers-group-working = Work at the till
offers-group-almost = Almost there
offers-group-used = Already used
offer-activate = Switch on
offer-undo = Undo
offer-on = Switched on
offer-ready = Works at the till
offer-used = Used
offer-later = Works { $when }
offer-once = once
offer-uses-left = { $n ->
    [one] { $shown } more time
   *[other] { $shown } more times
}
offer-ends = until { $date }
offer-ends-today = last day
offer-ends-tomorrow = until tomorrow
offer-ends-in = { $n ->
    [one] { $shown } day left
   *[other] { $shown } days left
}
weekday-0 = Mon
weekday-1 = Tue
weekday-2 = Wed
weekday-3 = Thu
weekday-4 = Fri
weekday-5 = Sat
weekday-6 = Sun
notice-offer-on = The offer is switched on
notice-offers-on = The offers are switched on
notice-offer-off = The offer is undone

# Points.
points-pending = { $n ->
    [one] { $shown } more point is waiting: it can be spent later
   *[other] { $shown } more points are waiting: they can be spent later
}
points-debt = Debt: { $points }
points-debt-text = A purchase was returned, or a mistake corrected, when these points were gone already. The next earnings will settle the debt
points-expiries = When points expire
points-expiries-text = The date is the last day. Those that expire first are spent first
points-history = History
points-history-caption = History of points
points-newest = To the newest
points-older = Show earlier
points-date = Date
points-what = What for
points-where = Where
points-empty = Nothing earned yet
points-empty-text = Show the card at the till: points come right after the purchase
points-empty-card = Show the code
month-in = { $n ->
    [one] in { $shown } month
   *[other] in { $shown } months
}

# One movement of points.
reason-store-offer = offer in the store
miss-better-store-offer = A better offer applied
entry-receipt = receipt { $number }
entry-receipt-returned = return { $number }
entry-why = Why so many
entry-corrects = Corrects the entry of { $date }: { $what }, { $points }
entry-version = Rules, version { $version }
entry-rounding-floor = fractions are dropped
entry-rounding-half-up = fractions are rounded
entry-rounding-ceil = fractions are rounded up
entry-others = Other movements of this receipt
sum-receipt = Receipt
lines-returned = What went back
sum-discount = Discount of the level
sum-points-paid = Paid with points
sum-excluded = Does not earn
sum-base = Points are earned on
sum-rate = Rate of { $tier } level
sum-offer-rate = The offer’s share of it
sum-offer = What the offer gives
sum-total = Receipt after discounts
sum-by-points = Paid with points
sum-left = Left to pay in money
lines-caption = Lines of the receipt
line-name = Item
line-quantity = Quantity
line-amount = Amount
line-unnamed = Purchase
line-discount = { $money } off
line-no-points = no points
offers-used = What applied
offers-missed = What did not apply
