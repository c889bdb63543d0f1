"""What buyers see of the catalogue: the stalls, a product, a cooperative. Reads only.

Buyers see published products of verified sellers, and nothing else. A product is *in stock* when a
lot that is not past its best-before day has enough left, after what is held for others, for its
smallest pack. A badge stands only for a certificate that is verified and in date today; for one
that names plots, only while a lot that inherited it can be bought (decision 14).

These are the pages that most people open, so they select columns into small frozen values, never
entities, in one statement each. Which products fit a set of filters, how many, and in what order,
is answered from `Shelf`: the keys of all products, kept in memory for a few seconds. What is shown
of them (price, stock, badges) always comes fresh from the database.
"""
