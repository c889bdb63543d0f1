"""What cooperatives offer: categories, products, packs, prices, photos, publication.

Owns `categories`, `products`, `packs`, `pack_prices` and `product_photos`. Invariants: a price is
above zero and every change of it is kept; a pack has a weight, so a price per kilogram can always
be named; a product that buyers see has a verified seller, a pack, a photo, a place and a category;
its address never changes once buyers have seen it; what a listing shows of a product (its lowest
price, its cover, the words it is found by) is kept in its row by `offer.refresh_offer` in the same
transaction as the change.

Words: a *product* is one thing of one cooperative, a *pack* a size of it with a price, the *offer*
what a listing shows, the *cover* its first photo.
"""
