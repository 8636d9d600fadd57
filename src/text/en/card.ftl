# The card, printed and offline too.
card-code-label = The card’s QR code. Show it to the cashier
card-fixed-label = The card’s permanent QR code
card-ean-label = The card’s barcode { $number }
card-number = Card number
card-new-code = New code
card-copy = Copy the number
card-copied = Number copied
card-size = Size of the code
card-size-small = Small code
card-size-medium = Medium code
card-size-large = Large code
card-size-larger = Largest code
card-show-turning = Show the QR code
card-show-ean = Show the barcode
card-show-fixed = Show the permanent code
card-fixed-hint = Does not change. Only earns points
card-ean-hint = For laser scanners. Only earns points
card-print = Printable card
card-print-lead = It earns points. To spend them, show the code on the screen
card-print-now = Print
card-print-by-hand = To print, open the browser’s menu
card-back = To the card

card-points = Points
card-history = History
card-active = Can be spent
card-pending = Pending
card-expiring = Expire first
card-nothing-expires = nothing to expire
card-owed = Debt
card-owed-hint = taken from the next ones
card-first-visit = No points yet. Show the card at the till

card-rate = { $rate } back in points
card-tier-way = To { $tier }
card-tier-gone = { $gone } of { $whole }
card-tier-missing = { $missing } more to { $tier }
card-tier-top = This is the highest tier
card-tier-until = { $tier } until { $date }
card-tier-keep = To keep { $tier }, spend { $missing } more by { $date }
card-tier-keep-points = To keep { $tier }, earn { $missing } more by { $date }
card-tier-enough = { $tier } will stay: enough is counted
card-tier-window = { $n ->
    [one] Purchases of the last day count
   *[other] Purchases of the last { $shown } days count
}

card-offers = Will count at the till: { $shown }
card-offers-none = Will count at the till: nothing yet
card-offers-empty = Some offers are switched on by a tap
card-offers-look = See offers
card-offers-all = All offers

offline-title = Card without a connection
offline-works = No connection, but the code works
offline-balance = Balance as of
offline-later = Points for a purchase will appear when the connection is back.
offline-again = Try again
offline-none = No connection
offline-none-text = There is no card on this device. Connect and sign in.
