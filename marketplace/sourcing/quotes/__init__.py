"""Quotes: what sellers offer for a request, sealed until the buyer opens all of them together.

Owns quotes with their revisions and shares, the openings and the awards. Invariants: nobody but the
seller's own people reads an offer before the opening, for it is sealed in the row; at the closing
moment nothing can be sent, changed or withdrawn any more; all offers are opened in one step, and
one that is sent later is opened at once; a request has one award, whose parts add up and stay
within the offers. What is offered is held in the supply book until it is awarded or given back.
Words: a seller drafts, submits, withdraws; a cooperative agrees to or declines its share of a joint
quote; the buyer opens, asks for a better offer, awards.
"""
