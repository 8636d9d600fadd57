# The shopper's own pages: profile, consents, settings; the demo's outbox and the words of messages.

save = Save
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

# Profile
notice-profile-saved = Saved
notice-profile-rewarded = Saved. The points for your profile are on the card
notice-birth-removed = Birth date removed
notice-child-added = Birth year added
notice-child-removed = Birth year removed
profile-title = Me
profile-reward-title = { $n ->
    [one] { $shown } point for a complete profile
   *[other] { $shown } points for a complete profile
}
profile-reward-open = Still to tell: { $list }.
profile-question-birth = birth date
profile-question-car = whether you have a car
profile-reward-at-once = They can be spent at once.
profile-reward-hold = { $n ->
    [one] They can be spent after { $shown } day.
   *[other] They can be spent after { $shown } days.
}
profile-reward-skip = Any question can be skipped.
profile-about = About you
profile-first-name = First name
profile-first-name-hint = This is how the cashier will address you
profile-last-name = Last name
profile-last-name-hint = The cashier sees its first letter only. It can be left out
profile-email = E-mail
profile-email-hint = For receipts and notices that points expire. Advertising only if you agree
profile-birth = Birth date
profile-birth-why = To offer more points around your birthday
profile-birth-left = { $n ->
    [one] It can be set or changed { $shown } more time
   *[other] It can be set or changed { $shown } more times
}
profile-birth-last = It cannot be changed any more, but it can be removed. If it is wrong, write to { $support }
profile-birth-locked = It cannot be set any more. If you need it, write to { $support }
profile-birth-day = Day
profile-birth-month = Month
profile-birth-year = Year
profile-birth-remove = Remove the date
profile-children = Children
profile-children-why = To offer things that fit their age. The birth year only, no names
profile-child-of-year = Born in { $year }
profile-child-remove = Remove: born in { $year }
profile-child-agree = Consent: keep my children’s birth years to choose offers
profile-child-document = Text of the consent
profile-child-agreed = You agreed that birth years of children are kept. To take it back:
profile-child-year = Birth year
profile-child-add = Add
profile-pets = Pets
profile-pets-why = To offer pet things to those who have a pet. How many are there: an empty field means none
pet-dog = Dogs
pet-cat = Cats
pet-bird = Birds
pet-fish = Fish
pet-rodent = Rodents
pet-other = Others
profile-car = Car
profile-car-why = To offer things for the road to drivers only
profile-car-question = Do you have a car
car-none = No car
car-petrol = Petrol
car-diesel = Diesel
car-electric = Electric
car-hybrid = Hybrid
car-other = Another
car-untold = Rather not say
profile-more = More
profile-more-consents = { $on } of { $all } are on
profile-more-settings = Devices, language, theme, export
profile-more-rules = Levels, points, stores

# Consents
notice-consents-saved = Consents saved
notice-consents-off = All messages are off
notice-children-off = Consent taken back, birth years erased
consents-title = Consents
consents-lead = What to send you and where. The card works without any messages
consents-off = Everything off
consents-service = This is not advertising
consents-service-text = Always sent, the card does not work without them:
consents-service-codes = codes for signing in
consents-service-receipts = receipts and movements of points
consents-service-expiry = notices that points expire or a level ends
consents-documents = Documents
consents-documents-text = What you agreed to
document-personal-data = Processing of personal data
document-rules = Rules of the programme
document-children = Birth years of children
consents-document-agreed = version { $version }, since { $date }
consents-document-never = not agreed
consents-personal-data-end = The card rests on the first consent: it ends with the card
consents-children-off = Take back
consents-children-off-what = : birth years of children
consents-children-off-text = The birth years of children are erased at once
consents-proofs = Proofs
consents-proofs-text = Each yes and no: when, to which text, from where
consents-proofs-caption = Log of consents
consents-proofs-csv = Download CSV
consents-proofs-json = Download JSON
consents-when = When
consents-what = What
consents-text-and-address = Text, address, page
consents-answer = Answer
consents-proof = version { $version }, { $ip }, { $source }
consents-yes = Yes
consents-no = No
consents-cell = { $channel }: { $purpose }
source-join = when joining
source-consents = page of consents
source-profile = profile
# Settings
notice-device-ended = The device is signed out
notice-phone-removed = The number is removed: nobody can sign in by it any more
notice-account-closed = The card is closed, personal data is erased
notice-signed-out-here = You are signed out on this device
settings-title = Settings
settings-devices = Devices
settings-devices-text = Only they can show the card’s code
settings-device-unnamed = Browser
settings-device-here = This device
settings-device-seen = { $when }, { $time }
settings-device-end = Sign out
settings-device-since = signed in { $date }
settings-phones = Phones to sign in by
settings-phones-text = Each of them opens this card. If a number is no longer yours, remove it: devices that signed in by it are signed out, too
settings-phone-own = Main
settings-phone-merged = From the card that was merged with this one
settings-phone-remove = Remove
settings-look = Look
settings-theme = Theme
theme-system = As the system
theme-light = Light
theme-dark = Dark
settings-language = Language
settings-export = Your data
settings-export-text = All that we keep about you, in one file. Movements of points also as a table
settings-export-json = Everything, JSON
settings-export-csv = Points, CSV
settings-close = Close the card
settings-close-title = This is for good
settings-close-text = Name, phone, e-mail and profile are erased at once, all devices are signed out. Tills will not know the card any more. Movements of points stay without a name. Cards that support has merged with this one are closed too.
settings-close-points = { $n ->
    [one] { $shown } point will be lost.
   *[other] { $shown } points will be lost.
}
settings-close-export = If you need a copy of your data, download it above first.
settings-close-confirm = I understand what follows
settings-close-button = Close the card for good
settings-sign-out = Sign out

# The demo's outbox and the words of messages
outbox-title = Messages of the demo
outbox-lead = All that is sent to shoppers arrives here. Only the demo has such a page
outbox-refresh = Refresh
outbox-empty = Nothing has been sent yet
outbox-empty-text = Enter a phone number on the sign-in page and the code arrives here
outbox-code = Code
sms-one-time-password = { $code } is your sign-in code. Tell it to nobody
sms-codes-paused = Wrong codes were typed many times for your number. No codes are sent to it for a day. Where you are signed in, everything works. If it was not you, you need not do anything
sms-invitation = Your card is one step away: { $link } The link works once, for 20 minutes. If you did not ask for it, do nothing
