"""What arrived: said by the buyer at unloading, or by the clock when the buyer says nothing.

Words: a *result* is what became of one line (accepted, short, rejected, of which grade); a
*return* is rejected goods on their way back to the seller; a *dispute* is that a side does not
accept what was said, and stops the clock.

What is always true:

- Accepted, short and rejected of a line add up to what was shipped, to the gram.
- A delivery is accepted once: by a person before its deadline, or by the clock at it.
- While a dispute is open the clock stands still; what is left of the time comes afterwards.
- Rejected goods are one return, that ends once: back in the lot they came from, or written off.
"""
