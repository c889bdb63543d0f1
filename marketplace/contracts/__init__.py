"""Contracts between a buyer and a seller, and the deliveries under them.

Owns contracts, their versions, comments, agreements, approvals, documents and signatures; the
deliveries of a contract with what was packed, accepted, disputed and returned; reference prices.

What is always true:

- A version is added, never changed. A signed version stays what both signed: its bytes have a hash,
  and every signature names it.
- One side has the turn while something is negotiated; the other waits.
- Nothing is agreed but by proposing a whole version or accepting one.
- What was accepted, short and rejected of a packed lot adds up to what was shipped, to the gram.
- A price is computed once, when goods are accepted, and keeps its inputs.
"""
