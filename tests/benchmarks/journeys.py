"""What is measured: reading pages, and buying three things from three cooperatives."""

from collections.abc import Sequence
from dataclasses import dataclass

PRODUCTS = [f"/san-pham/san-pham-{number}" for number in range(1, 2_000, 9) if number % 11]
PROVINCES = ("01", "24", "38", "48", "66", "79")
LISTINGS = ["/san-pham", "/san-pham?xep=moi", *(f"/san-pham?tinh={code}" for code in PROVINCES)]
DEEP = [f"/san-pham?trang={page}" for page in range(200, 400, 20)]
FILTERED = [f"/san-pham?tinh={code}&chung-nhan=OCOP&con-hang=1" for code in PROVINCES]
SEARCHES = [f"/san-pham?q={word}" for word in ("ca+phe", "g%E1%BA%A1o", "mat+ong", "tom", "nam")]
BOOK, BOOK_NAME = "/quay/B1/doanh-thu", "revenue book, 100,000 lines"


@dataclass(frozen=True)
class Goal:
    """What an operation may cost: multiples of B, and statements; None where there is no goal."""

    in_b: float | None = None
    statements: int | None = None


@dataclass(frozen=True)
class Reading:
    """Pages that are read over and over."""

    name: str
    paths: Sequence[str]
    goal: Goal


READINGS = (
    Reading("product page", PRODUCTS, Goal(6, 4)),
    Reading("listing with facets", LISTINGS, Goal(15, 5)),
    Reading("listing, deep page", DEEP, Goal(None, 5)),
    Reading("listing with filters", FILTERED, Goal(17, 5)),
    Reading("text search", SEARCHES, Goal(20, 5)),
)
DEEP_RATIO = 1.3
"""How much more a deep page may cost than the first."""
