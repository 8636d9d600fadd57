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
not-found-title = There is no such page
not-found-text = The address may have a typo, or the page has moved
not-found-home = To the first page
landing-title = Shopper’s card
