"""Deliveries of a contract: planned or called off, moved, confirmed, packed, shipped.

What is always true:

- What is drawn of a contract, by grams and by value, is never more than it says and its tolerance.
- What was packed for a delivery is never more than was planned and the tolerance.
- A day of delivery changes only by the buyer's word or by an amendment, and then the seller
  confirms anew; every change is kept.
- Goods leave the store once, when they are packed, by the lot; unpacking puts the same back.
"""
