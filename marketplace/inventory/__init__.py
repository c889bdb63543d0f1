"""Stock: what lies in the stores, lot by lot, in grams.

Words: a *lot stock* is what is left of a lot; a *hold* keeps whole packs of one lot for one
order line; a *movement* is a change of what lies in the store.

Invariants (`queries.imbalances` finds whatever breaks them):
    on hand = the sum of the lot's movements; held = the sum of its live holds;
    0 <= held <= on hand;
    a line that keeps a claim (a certificate of some plots) holds lots that inherited it alone.

Lots are taken first-expired-first-out by conditional updates in ascending order of lot id
(docs/locking.md), so two buyers never get the last pack and never wait for each other in a ring.
"""
