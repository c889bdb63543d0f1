"""People, organisations, memberships and sign-in: who is asking, and what they may do.

Owns the tables of `models.accounts`. Invariants: an e-mail address belongs to one person; a person
has at most one active role in an organisation; of passwords and tokens only hashes are kept; who
may do what stands in `permissions.py` and nowhere else.
"""
