"""Requests for quotation: what a buyer needs, whom they ask, and what is asked back.

Owns requests with their months, limits, certificates and files, the invitations, the questions and
the changes. Invariants: a published request changes only before it closes, and each change is kept
with what stood there before; nobody learns the target price but the buyer's side, nor who asked a
question; a request is closed at `closes_at`, whoever looks. Words: the buyer publishes, invites,
answers; a seller declines or asks; quotes and awards have a package of their own.
"""
