# Rules, help and documents, readable by everybody.

# Rules
rules-title = Rules
rules-lead = Version { $version }, in force since { $date }
rules-tiers = Levels
rules-tiers-spent = { $n ->
    [one] Purchases of the last { $shown } day count
   *[other] Purchases of the last { $shown } days count
}
rules-tiers-earned = { $n ->
    [one] Points earned in the last { $shown } day count
   *[other] Points earned in the last { $shown } days count
}
rules-tiers-caption = Levels of the programme
rules-tier = Level
rules-tier-from = Begins
rules-tier-perks = What it gives
rules-tier-rate = In points
rules-tier-yours = yours
rules-tier-first = at once
rules-tier-from-money = from { $money }
rules-tier-discount = { $rate } off
rules-tiers-up = A new level begins as soon as its sum is reached. Spending points never lowers a level, returning a purchase may.
rules-tiers-kept = A level once reached is kept.
rules-tiers-holds = { $n ->
    [one] A level holds for a day and is renewed if its sum was reached in that time.
   *[other] A level holds for { $shown } days and is renewed if its sum was reached in that time.
}
rules-tiers-down-one = { $n ->
    [one] When a level is not held any more, we give notice and after { $shown } day move the card one level down.
   *[other] When a level is not held any more, we give notice and after { $shown } days move the card one level down.
}
rules-tiers-down-full = { $n ->
    [one] When a level is not held any more, we give notice and after { $shown } day move the card to the level that the purchases give.
   *[other] When a level is not held any more, we give notice and after { $shown } days move the card to the level that the purchases give.
}
rules-points = Points
rules-points-value = 1 point = { $money } when you pay
rules-points-share = Points can pay up to { $share } of a receipt
rules-points-spend-excluded = Points cannot pay for { $list }
rules-points-earn-excluded = No points are earned for { $list }
rules-points-discount-excluded = Discounts on the whole receipt do not apply to { $list }
rules-points-level-excluded = Does not count towards a level: { $list }
rules-points-base = Points are counted on the sum after discounts, without the part that points have paid
rules-points-floor = Fractions of a point are dropped
rules-points-half-up = Fractions of a point are rounded, a half goes up
rules-points-ceil = Fractions of a point are rounded up
rules-points-at-once = Points of a purchase can be spent at once
rules-points-hold = { $n ->
    [one] Points of a purchase can be spent after { $shown } day
   *[other] Points of a purchase can be spent after { $shown } days
}
rules-points-bonus-hold = { $n ->
    [one] Other points, as those for the profile, after { $shown } day
   *[other] Other points, as those for the profile, after { $shown } days
}
rules-points-for-ever = Points never expire
rules-points-life-days = { $n ->
    [one] Points expire { $shown } day after they became available
   *[other] Points expire { $shown } days after they became available
}
rules-points-life-months = { $n ->
    [one] Points expire { $shown } month after they became available
   *[other] Points expire { $shown } months after they became available
}
rules-points-end-of-month = , at the end of the month
rules-points-order = Points that expire sooner are spent first
rules-points-return = When a purchase is returned, its points are taken back and those spent on it are given back. What is missing comes from the next earnings
rules-points-profile = { $n ->
    [one] A complete profile gives { $shown } point, once
   *[other] A complete profile gives { $shown } points, once
}
rules-joining = Taking part
rules-minimum-age = { $n ->
    [one] Taking part is possible from the age of { $shown }
   *[other] Taking part is possible from the age of { $shown }
}
rules-birth-changes = { $n ->
    [one] The birth date can be set or changed { $shown } time
   *[other] The birth date can be set or changed { $shown } times
}
rules-leaving = The card can be closed on any day in the settings, without anybody’s help
rules-code-rotating = Code on the screen
rules-code-fixed = Printed card and number
rules-code-ean = Linear barcode
rules-code-earns-and-spends = { $what }: earns and spends
rules-code-earns = { $what }: earns only
rules-code-spends = { $what }: spends only
rules-code-nothing = { $what }: has no effect
rules-offers = Offers now
rules-offers-text = Each has its conditions; those that suit you are on the page of offers
rules-offers-none = There are no offers for everybody now
rules-offer-until = until { $date }
rules-stores = Stores
rules-stores-text = Where the card is good
rules-versions = Versions of the rules
rules-versions-text = A purchase is judged by the version in force at its time
rules-version = Version { $version }
rules-version-since = since { $date }
rules-version-now = in force
category-tobacco = tobacco
category-alcohol = alcohol
category-gift-cards = gift cards
category-lottery = lotteries

# Help
help-title = Help
help-lead = No answer here? Write to { $support }
help-show-q = How to show the code at the till
help-show-a = Open the page “Card”: the code is at the top, the cashier scans it from the screen. If it is not read, turn up the brightness or choose a larger code, or read the card number aloud.
help-offline-q = There is no connection
help-offline-a = Once the card was opened on this device, the code turns without a connection too. The balance is the last known one, with its time.
help-dead-q = The phone’s battery is empty
help-dead-a = Print the card beforehand: the page “Card” has a view for print. With a printed card { $can }.
help-dead-earns = points are only earned
help-dead-earns-and-spends = points are earned and spent
help-dead-nothing = nothing can be done
help-stale-q = The till says that the code has expired
help-stale-a = The code changes every 30 seconds. Wait for a new one or reload the page. An old screenshot will not do.
help-pending-q = The points are not there yet
help-pending-at-once = Points of a purchase arrive right after the receipt.
help-pending-hold = { $n ->
    [one] Points of a purchase wait { $shown } day, then they can be spent.
   *[other] Points of a purchase wait { $shown } days, then they can be spent.
}
help-pending-a = If the card was not scanned at the till, that receipt earns nothing. The history gives the reason of every movement.
help-expiry-q = When do points expire
help-expiry-a = The next date stands under the balance, all dates are on the page “Points”.
help-tiers-q = How to reach the next level
help-tiers-a = What is missing stands under the card. Where each level begins and what it gives is
help-tiers-link = in the rules
help-messages-q = How to turn messages off
help-messages-a = One button on the page “Consents” turns all of them off. Codes for signing in and notices about points are not advertising and stay.
help-phone-q = Somebody else’s device, or a lost phone
help-phone-a = Sign in on another device and end the lost one in the settings: the card’s code on it stops working at once.
help-close-q = How to close the card
help-close-a = In the settings, at the bottom. Name, phone and profile are erased at once, the points are lost. A closed card cannot be brought back.

# Personal data
privacy-title = Personal data
privacy-lead = What we keep, why, and how to take it away or erase it
privacy-demo = These are texts of the demo: a chain puts its own, checked by its lawyer, in their place
privacy-version = Version { $version }
privacy-personal-data = Consent to process personal data
privacy-personal-data-1 = I agree that the chain of stores which runs the programme keeps and processes my data so that I can take part: to keep the card, to count points and the level, to show offers.
privacy-personal-data-list = This data is:
privacy-personal-data-phone = phone and first name, to keep the card and sign in to it
privacy-personal-data-purchases = purchases with the card, to count points and the level
privacy-personal-data-told = last name, e-mail, birth date, pets, car, only where I told them myself
privacy-personal-data-devices = devices on which I signed in, and the network address from which consents were given
privacy-personal-data-2 = The consent holds until the card is closed. To take it back I close the card in the settings: what is personal is erased at once, movements of points stay without a name.
privacy-personal-data-rejoin = { $n ->
    [one] For { $shown } day after the card is closed or the phone is changed, a fingerprint of the phone is kept, from which the number cannot be read, with a mark of which one-time gifts were received with it, the day of the last purchase and how many points were owed. It has no name and no receipts. If a card is opened again within that time, welcome points and other one-time gifts are not given a second time, and a debt in points goes on.
   *[other] For { $shown } days after the card is closed or the phone is changed, a fingerprint of the phone is kept, from which the number cannot be read, with a mark of which one-time gifts were received with it, the day of the last purchase and how many points were owed. It has no name and no receipts. If a card is opened again within that time, welcome points and other one-time gifts are not given a second time, and a debt in points goes on.
}
privacy-personal-data-3 = This consent is a document of its own. It is neither a consent to advertising nor to the rules of the programme.
privacy-children = Consent about children
privacy-children-1 = I agree that the birth years of my children are kept, without names and dates, and that offers are chosen by them.
privacy-children-2 = The consent can be taken back on the page “Consents”: the birth years are erased at once. The card and the points stay as they are.
privacy-messages = Messages
privacy-messages-1 = Advertising comes only by the channels and on the subjects that you turned on yourself. At first all is off, and it can be turned off again on any day on the page “Consents”.
privacy-messages-2 = Service messages are not advertising: codes for signing in, receipts, notices that points expire or a level ends.
privacy-device = What is kept on the device
privacy-device-1 = Cookies for the work itself only: signing in, language, theme, the size of the code, and for ten minutes the form that you have just sent. There are no trackers and no scripts of others.
privacy-device-2 = So that the card opens without a connection, the device keeps its number, a key of the code that cannot be read out, and the last balance. Signing out wipes all of it.
privacy-rights = How to take it away and erase it
privacy-rights-1 = All data in one file is
privacy-rights-settings = in the settings
privacy-rights-2 = There the card is closed for good, too.
privacy-rights-3 = Questions about data: { $support }
