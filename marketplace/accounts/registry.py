"""Reading the organisations whose standing an alliance decides; for its officers only."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, func, or_, select

from marketplace.accounts import history
from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.history import HistoryEntry
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.queries import get_organisation
from marketplace.accounts.reach import require_reach, within_reach
from marketplace.accounts.rules import CHECKED_KINDS, STANDING
from marketplace.kernel.text import slug
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import SELLER_KINDS, Membership, Organisation, User, VerificationState


@dataclass(frozen=True, slots=True)
class RegistryFilter:
    """Which organisations the alliance wants to see; an empty value filters nothing.

    Attributes:
        text: part of the name, with or without tones; or the code, or the tax code.
    """

    kind: str = ""
    province_code: str = ""
    state: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Register:
    """One page of organisations.

    Attributes:
        counts: how many each standing has, whatever standing was asked for.
    """

    page: Page[Organisation]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class ProvinceFigures:
    """How many selling organisations a province has on the market."""

    province_code: str
    organisations: int
    verified: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for an organisation."""

    full_name: str
    email: str
    phone: str | None
    role: str


def organisations_of_registry(
    *, viewer: Actor, wanted: RegistryFilter, page: PageRequest
) -> Register:
    """Organisations whose standing the alliance decides, those that wait first, oldest first.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    conditions = _matches(wanted, viewer)
    found = session.execute(
        select(Organisation.verification, func.count())
        .where(*conditions)
        .group_by(Organisation.verification)
    )
    counts = {state: count for state, count in found}  # noqa: C416 - rows are no pairs to a checker
    if wanted.state:
        conditions.append(Organisation.verification == wanted.state)
    rows = session.scalars(
        select(Organisation)
        .where(*conditions)
        .order_by(Organisation.waiting_since, Organisation.sort_key, Organisation.id)
        .limit(page.size)
        .offset(page.offset)
    ).all()
    total = counts.get(wanted.state, 0) if wanted.state else sum(counts.values())
    return Register(Page(rows=rows, request=page, total=total), counts)


def waiting_organisations(*, viewer: Actor, limit: int) -> tuple[Sequence[Organisation], int]:
    """Those the alliance has not checked yet, longest waiting first, and how many there are.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    page = organisations_of_registry(
        viewer=viewer,
        wanted=RegistryFilter(state=VerificationState.PENDING),
        page=PageRequest(1, limit),
    ).page
    return page.rows, page.total


def figures_by_province(*, viewer: Actor) -> Sequence[ProvinceFigures]:
    """Counts of selling organisations for each province in reach that has any, most first.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    every = func.count()
    rows = session.execute(
        select(
            Organisation.province_code,
            every,
            every.filter(Organisation.verification == VerificationState.VERIFIED),
            every.filter(Organisation.verification == VerificationState.PENDING),
        )
        .where(
            Organisation.kind.in_(sorted(SELLER_KINDS)),
            *within_reach(viewer, Organisation.province_code),
        )
        .group_by(Organisation.province_code)
        .order_by(every.desc(), Organisation.province_code)
    )
    return [ProvinceFigures(*row) for row in rows]


def get_organisation_of_registry(code: str, *, viewer: Actor) -> Organisation:
    """One organisation whose standing the alliance decides.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        OrganisationNotFoundError: there is none, nobody checks its kind, or another alliance
            decides about its province.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    organisation = get_organisation(code=code)
    if organisation.kind not in CHECKED_KINDS:
        raise OrganisationNotFoundError
    require_reach(viewer, organisation)
    return organisation


def contacts_of(organisation: Organisation, *, viewer: Actor) -> Sequence[Contact]:
    """Its people and how to reach them, in the order they joined.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        OrganisationNotFoundError: another alliance decides about its province.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    require_reach(viewer, organisation)
    rows = session.execute(
        select(User.full_name, User.email, User.phone, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organisation_id == organisation.id, Membership.ended_at.is_(None))
        .order_by(Membership.created_at, Membership.id)
    )
    return [Contact(*row) for row in rows]


def history_of(organisation: Organisation, *, viewer: Actor) -> Sequence[HistoryEntry]:
    """Every change of an organisation's standing, the latest first.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
        OrganisationNotFoundError: another alliance decides about its province.
    """
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    require_reach(viewer, organisation)
    return history.history_of(STANDING, organisation.id)[::-1]


def _matches(wanted: RegistryFilter, viewer: Actor) -> list[ColumnElement[bool]]:
    """The conditions of a filter in the viewer's reach, without the one on the standing."""
    conditions: list[ColumnElement[bool]] = [
        Organisation.kind.in_(CHECKED_KINDS),
        *within_reach(viewer, Organisation.province_code),
    ]
    if wanted.kind:
        conditions.append(Organisation.kind == wanted.kind)
    if wanted.province_code:
        conditions.append(Organisation.province_code == wanted.province_code)
    if wanted.text.strip():
        conditions.append(_named_like(wanted.text.strip()))
    return conditions


def _named_like(text: str) -> ColumnElement[bool]:
    # The slug is the name folded as it was at first, so it finds "cu mgar" in "Cư M'gar". One
    # index has the parts of both.
    folded = slug(text)
    return or_(
        Organisation.slug.contains(folded, autoescape=True) if folded else false(),
        Organisation.name.icontains(text, autoescape=True),
        Organisation.code == text.upper(),
        Organisation.tax_code == text,
    )
