# Words that many pages share.
points = { $n ->
    [one] { $shown } point
   *[other] { $shown } points
}
# The noun alone, where the number stands apart in larger type.
points-noun = { $n ->
    [one] point
   *[other] points
}
skip-to-content = Skip to content
sign-in = Sign in
nav = Sections
nav-card = Card
nav-offers = Offers
nav-points = Points
nav-me = Me
nav-rules = Rules
nav-help = Help
nav-privacy = Personal data
card-show-code = Show the card’s code
form-check = Check the marked fields. What you typed is kept
form-check-secret = Fill in the marked field again
not-found-title = There is no such page
not-found-text = The link may be old, or the address has a typo. Your card and points are fine
not-found-home = To the first page
not-found-card = Open the card
landing-title = Shopper’s card
trouble-title = The page did not open
trouble-text = The fault is ours. Your card and points are safe, please try again
trouble-again = Open again
balance-now = The card holds { $points }
