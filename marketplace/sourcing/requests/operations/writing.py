"""Writing down what a request says: its row, and the rows that belong to it."""

from collections.abc import Iterable

from sqlalchemy import delete, select

from marketplace.geography.queries import require_place
from marketplace.platform.database import session
from marketplace.sourcing.requests.errors import ForeignFileError, UnknownCategoryError
from marketplace.sourcing.requests.rules import MOST_FILES
from marketplace.sourcing.requests.terms import Terms
from models.base import Base
from models.catalogue import Category
from models.media import FileKind, MediaFile
from models.requests import (
    Request,
    RequestFile,
    RequestLimit,
    RequestPeriod,
    RequestScheme,
)

PARTS: tuple[type[Base], ...] = (RequestPeriod, RequestLimit, RequestScheme, RequestFile)


def write_terms(request: Request, terms: Terms) -> None:
    """Let a request, which is held, say `terms` and nothing else.

    Raises:
        UnknownCategoryError: there is no such category.
        UnknownProvinceError, UnknownCommuneError: see `geography.require_place`.
        ForeignFileError: a file belongs to somebody else, or there are too many.
    """
    _require_category(terms.category_id)
    require_place(terms.place.province_code, terms.place.commune_code)
    _require_own_files(request.organisation_id, terms.file_ids)
    request.title = " ".join(terms.title.split())
    request.category_id = terms.category_id
    request.grade = " ".join(terms.grade.split())
    request.specification = terms.specification.strip()
    request.packing = " ".join(terms.packing.split())
    request.province_code = terms.place.province_code
    request.commune_code = terms.place.commune_code
    request.address = " ".join(terms.place.address.split())
    request.tolerance_bps = terms.tolerance_bps
    request.target_minor = terms.target_minor
    request.wants_samples = terms.wants_samples
    request.is_open_to_all = terms.is_open_to_all
    request.closes_at = terms.closes_at
    session.add(request)
    session.flush()
    remove_parts(request.id)
    session.add_all(_parts(request.id, terms))
    session.flush()


def remove_parts(request_id: int) -> None:
    """Take away what a request says in rows of other tables."""
    for kind in PARTS:
        session.execute(delete(kind).where(kind.__table__.c.request_id == request_id))


def _parts(request_id: int, terms: Terms) -> Iterable[Base]:
    for month, grams in dict(terms.periods).items():
        yield RequestPeriod(request_id=request_id, month=month, quantity_g=grams)
    for position, limit in enumerate(terms.limits, 1):
        yield RequestLimit(
            request_id=request_id,
            position=position,
            name=" ".join(limit.name.split()),
            operator=limit.operator,
            value=limit.value,
            unit=limit.unit.strip(),
        )
    for code in sorted(set(terms.schemes)):
        yield RequestScheme(request_id=request_id, scheme_code=code)
    for file_id in sorted(set(terms.file_ids)):
        yield RequestFile(request_id=request_id, file_id=file_id)


def _require_category(category_id: int) -> None:
    if session.get(Category, category_id) is None:
        raise UnknownCategoryError(field="category_id")


def _require_own_files(organisation_id: int, file_ids: tuple[int, ...]) -> None:
    wanted = set(file_ids)
    if not wanted:
        return
    own = session.scalars(
        select(MediaFile.id).where(
            MediaFile.id.in_(wanted),
            MediaFile.organisation_id == organisation_id,
            MediaFile.kind == FileKind.PAPER,
        )
    )
    if len(wanted) > MOST_FILES or set(own) != wanted:
        raise ForeignFileError(field="file")
