"""Carts, orders, and each seller's part of an order from placing to delivery.

Words: a *cart* is what somebody is about to buy; a *quote* is what a cart would cost now, with
delivery to a province; an *order* is what one buyer ordered at one moment; a *seller order* is
one cooperative's part of it; a *line* is some packs of one product.

Invariants: an order's amounts are the sums of its seller orders, and theirs of their lines;
lines are frozen at the sale (name, pack, price, commission, certificates) and never recomputed;
a cart becomes at most one order. States change only along the tables in `rules`.

Whoever changes an order or a part of it locks the row of the order first (docs/locking.md).
"""
