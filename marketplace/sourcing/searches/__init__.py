"""Searches for supply that a buyer keeps.

Owns the table `saved_searches`. Invariants: a buyer keeps a search once; of a search that is
watched every change is told once, measured from what was told before, so that many small steps in
one direction are told, too. What a search finds is worked out elsewhere and given to the
operations: sellers' ids and what each has free, in grams.
"""
