"""Reference prices: what a kilogram of something cost on a day, as the alliance published it.

Contracts whose price follows the market name one of them. A correction is a later row for the
same day; what was priced before keeps the price it was priced with.
"""
