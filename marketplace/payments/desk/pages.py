"""One page of rows with several columns; and a seller as the table of permissions sees it."""

from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Seller:
    """Whose money is looked at."""

    organisation_id: int


def page_of(statement: Any, page: PageRequest, row: type[Row]) -> Page[Row]:  # noqa: ANN401
    """One page of an ordered select of columns, as rows of a dataclass; two statements."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    rows = session.execute(statement.limit(page.size).offset(page.offset))
    total = session.scalar(counted) or 0
    return Page(rows=[row(*each) for each in rows], request=page, total=total)
