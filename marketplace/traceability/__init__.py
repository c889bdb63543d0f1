"""Lots: where goods came from, and what happened to them on the way.

Owns `lots`, `lot_events`, `lot_photos` and `lot_certificates`. A lot (lô) is a quantity of one
product with one origin and one harvest day; its code is printed on the pack and opens `/t/<code>`.

Invariants: a code is never given twice; events are only ever added; which certificates were in
force at harvest is decided once, when the lot is recorded. How much of a lot is left is no
business of this sub-domain: the inventory counts that.
"""
