"""What delivered goods cost under a contract, and what lateness and missing goods take off.

Reckons only: no database, no clock, no today's settings. Whoever asks stores what it was asked
with (`Priced.inputs`), so that every amount can be reckoned again by hand.

Money is whole đồng and is rounded half up, once for each line and once for each penalty.
"""

from marketplace.contracts.pricing.breach import Penalty, beyond_tolerance, part_of, penalties
from marketplace.contracts.pricing.lines import Priced, price_line

__all__ = ["Penalty", "Priced", "beyond_tolerance", "part_of", "penalties", "price_line"]
