"""Who belongs to a cooperative or a union, and what it counts: members, capital, the year.

Invariants: what a year came to is never changed; a correction is a new version with its reason.
"""
