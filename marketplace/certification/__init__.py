"""Certificates: who vouches for what a cooperative makes, and whether the alliance has checked it.

Owns `certificates`, `certificate_checks`, `certificate_notices`, `certificate_plots` and
`product_certificates`.
Invariants: a certificate is claimed with a paper, decided once, and may be revoked later, never
made good again; where the scheme asks for it, two different officers have checked it before it is
verified; a badge shows only for a certificate that is trusted (verified, or over since) and whose
printed dates hold on the day in question; once a certificate is decided, the cooperative cannot
stretch it over more products or plots, only the alliance can; one that names plots counts for lots
of these plots alone, one that names none for all lots of its products; a product shows the first
kind while such a lot can be bought (decision 14). A job writes the state
"expired" after the last day, but no reader waits for it: the dates decide. Checks are only ever
added. Patterns of numbers warn, they never refuse.

Words: a *scheme* is the rule book (VietGAP, OCOP), a *certificate* one paper under it, a *claim*
a certificate that nobody has decided yet, a *check* that an officer has compared it with its paper
or a register, a *badge* what buyers see.
"""
