"""The demonstration: a market with a past of fourteen months, told through the operations.

`data/` holds what is true of it (who grows what, where, when and for how much); the modules here
tell the story, day by day, with the moment of each fact given. One load is one transaction, so an
interrupted one leaves nothing behind. What is drawn by lot comes from a generator with a fixed
seed: loading twice at one moment gives the same numbers and sums.

Words: a *making* is a way in which a kind of goods comes to be; a *crop* is here a product with its
making; the *shelf* is what the story knows of the stock, so that nobody orders what is not there.
"""
