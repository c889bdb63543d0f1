"""The register of members: a page of it, one member, the next code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select, tuple_

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.text import fold
from marketplace.membership import rules
from marketplace.membership.errors import MemberNotFoundError
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.membership import Household


class Standing(StrEnum):
    """Which members of a register are asked for."""

    PRESENT = ""
    LEFT = "da-ra"
    ALL = "tat-ca"


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What a page of the register is asked for.

    Attributes:
        text: words of a name, a code, a hamlet or a telephone number; all must be there.
        standing: those who are members now, those who left, or everybody.
        kind: only of this kind; empty for all.
        after: the code of the member after whom the page begins.
        before: the code of the member before whom it ends; `after` counts first.
    """

    text: str = ""
    standing: Standing = Standing.PRESENT
    kind: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member in a list. An erased one has no name."""

    id: int
    code: str
    kind: str
    name: str
    phone: str | None
    province_code: str
    commune_code: str | None
    hamlet: str
    joined_on: date
    left_on: date | None
    is_official: bool
    is_hidden: bool


@dataclass(frozen=True, slots=True)
class Member(MemberRow):
    """A member with all that the organisation knows. `organisation_id` says whose."""

    organisation_id: int
    consented_on: date | None
    consent_note: str
    note: str
    created_at: datetime
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register, and whether others follow and come before."""

    rows: Sequence[MemberRow]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class RegisterCounts:
    """How many members there are now, of whom how many official, and how many have left."""

    present: int
    official: int
    left: int

    @property
    def total(self) -> int:
        """Everybody who was ever written down."""
        return self.present + self.left


_ROW: Final = [getattr(Household, name) for name in MemberRow.__dataclass_fields__]
_WHOLE: Final = [getattr(Household, name) for name in Member.__dataclass_fields__]
_NUMBER: Final = cast(func.substr(Household.code, 4), Integer)


def register_page(
    organisation_id: int, *, viewer: Actor, wanted: RegisterFilter, size: int
) -> RegisterPage:
    """A page of the register in the order of given names; one statement.

    Whoever turns pages does not jump: each page says from whom it begins, so the last page of a
    register of ten thousand costs as much as the first.

    Raises:
        NotAllowedError: the viewer does not see this register.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    conditions = _conditions(organisation_id, wanted)
    backwards = bool(wanted.before and not wanted.after)
    anchor = wanted.after or wanted.before
    if anchor:
        conditions.append(_beyond(organisation_id, anchor, backwards=backwards))
    order = (Household.sort_key, Household.id)
    found = session.execute(
        select(*_ROW)
        .where(*conditions)
        .order_by(*(column.desc() if backwards else column for column in order))
        .limit(size + 1)
    ).all()
    rows = [MemberRow(*row) for row in found[:size]]
    has_more = len(found) > size
    if backwards:
        return RegisterPage(rows[::-1], has_next=True, has_previous=has_more)
    return RegisterPage(rows, has_next=has_more, has_previous=bool(anchor))


@dataclass(frozen=True, slots=True)
class OfRegister:
    """A register, for the rules: whose it is."""

    organisation_id: int


def counts_of(organisation_id: int) -> RegisterCounts:
    """How many members an organisation has and had; one statement."""
    is_present = Household.left_on.is_(None)
    row = session.execute(
        select(
            func.count().filter(is_present),
            func.count().filter(and_(is_present, Household.is_official)),
            func.count().filter(~is_present),
        ).where(Household.organisation_id == organisation_id)
    ).one()
    return RegisterCounts(*row)


def get_member(code: str, *, organisation_id: int, viewer: Actor) -> Member:
    """A member by code; one statement.

    Raises:
        NotAllowedError: the viewer does not see this register.
        MemberNotFoundError: the organisation has none with this code.
    """
    authorize(viewer, Permission.MEMBER_VIEW, OfRegister(organisation_id))
    row = session.execute(
        select(*_WHOLE).where(Household.organisation_id == organisation_id, Household.code == code)
    ).one_or_none()
    if row is None:
        raise MemberNotFoundError(member_code=code)
    return Member(*row)


def lock_member(member_id: int) -> Household:
    """A member, locked until the transaction ends.

    Raises:
        MemberNotFoundError: there is none.
    """
    member = lock_one(select(Household).where(Household.id == member_id))
    if member is None:
        raise MemberNotFoundError(member_id=member_id)
    return member


def next_code(organisation_id: int) -> str:
    """The next numbered code of an organisation. Hold its register before giving it out."""
    return rules.NUMBERED.format(highest_number(organisation_id) + 1)


def highest_number(organisation_id: int) -> int:
    """The highest number that a code of an organisation bears; 0 if none does."""
    highest = session.scalar(
        select(func.max(_NUMBER)).where(
            Household.organisation_id == organisation_id,
            Household.code.regexp_match("^TV-[0-9]{4,8}$"),
        )
    )
    return int(highest or 0)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member as a file of the register has them."""

    code: str
    name: str
    kind: str
    phone: str | None
    province_code: str
    commune_code: str | None
    hamlet: str
    joined_on: date
    left_on: date | None
    is_official: bool
    note: str


def whole_register(organisation_id: int, *, viewer: Actor) -> Sequence[MemberLine]:
    """Everybody whose name is in the register, by given name; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
    """
    authorize(viewer, Permission.MEMBER_EDIT, OfRegister(organisation_id))
    rows = session.execute(
        select(*(getattr(Household, name) for name in MemberLine.__dataclass_fields__))
        .where(Household.organisation_id == organisation_id, Household.erased_at.is_(None))
        .order_by(Household.sort_key, Household.id)
    )
    return [MemberLine(*row) for row in rows]


def _beyond(organisation_id: int, anchor: str, *, backwards: bool) -> ColumnElement[bool]:
    """Whether a member stands after `anchor` in the register, or before it."""
    is_anchor = and_(Household.organisation_id == organisation_id, Household.code == anchor)
    here = tuple_(Household.sort_key, Household.id)
    there = tuple_(
        select(Household.sort_key).where(is_anchor).scalar_subquery(),
        select(Household.id).where(is_anchor).scalar_subquery(),
    )
    return here < there if backwards else here > there


def _conditions(organisation_id: int, wanted: RegisterFilter) -> list[Any]:
    conditions: list[ColumnElement[bool]] = [Household.organisation_id == organisation_id]
    if wanted.standing is not Standing.ALL:
        is_present = Household.left_on.is_(None)
        conditions.append(is_present if wanted.standing is Standing.PRESENT else ~is_present)
    if wanted.kind:
        conditions.append(Household.kind == wanted.kind)
    conditions.extend(
        Household.search_text.contains(word, autoescape=True)
        for word in fold(wanted.text).split()[:6]
    )
    return conditions
