# The card, printed and offline too.
