"""Pages of results, the same for HTML and JSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from marketplace.platform.database import session

Row = TypeVar("Row")

MAX_SIZE = 100
MAX_NUMBER = 1_000_000


@dataclass(frozen=True)
class PageRequest:
    """Which page, counted from 1, and how many rows on it (1 to 100)."""

    number: int = 1
    size: int = 20

    def __post_init__(self) -> None:
        object.__setattr__(self, "number", min(max(1, self.number), MAX_NUMBER))
        object.__setattr__(self, "size", min(max(1, self.size), MAX_SIZE))

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size


@dataclass(frozen=True)
class Page(Generic[Row]):
    """One page of rows out of `total`."""

    rows: Sequence[Row]
    request: PageRequest
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; 1 when there is nothing."""
        return max(1, -(-self.total // self.request.size))

    @property
    def has_next(self) -> bool:
        """Whether another page follows."""
        return self.request.number < self.last

    @property
    def has_previous(self) -> bool:
        """Whether a page comes before."""
        return self.request.number > 1


def paginate(statement: Select[Row], request: PageRequest) -> Page[Row]:
    """Run `statement` for one page: one statement for the rows, one to count.

    It selects one entity or column and must be ordered, down to a unique column.
    """
    counted: Select[Any] = select(func.count()).select_from(statement.order_by(None).subquery())
    total = session.scalar(counted)
    rows = session.scalars(statement.limit(request.size).offset(request.offset)).unique().all()
    return Page(rows=rows, request=request, total=total or 0)
