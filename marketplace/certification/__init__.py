"""Certificates: who vouches for what a cooperative makes, and whether the alliance has checked it.

Owns `certificates` and `product_certificates`. Invariants: a certificate is claimed with a paper,
decided once, and may be revoked later, never made good again; a badge shows only for a certificate
that is verified and whose printed dates hold on the day in question; once a certificate is decided,
the cooperative cannot stretch it over more products, only the alliance can. Whether a certificate
has expired is a matter of dates, never a state. Patterns of numbers warn, they never refuse.

Words: a *scheme* is the rule book (VietGAP, OCOP), a *certificate* one paper under it, a *claim*
a certificate that nobody has checked yet, a *badge* what buyers see.
"""
