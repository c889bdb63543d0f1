"""The contracts of an enterprise, of a seller, or of the union that quoted for one."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.contracts.rules import ENDED
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation
from models.contracts import Contract, ContractSide, ContractState

TABS: Final = ("cho", "thuong-luong", "dang-chay", "nhap", "xong")
"""Waiting for the reader's side; negotiated or to be signed; in force; own drafts; over."""
LED: Final = "dan-dat"
"""Those that a union quoted for its members."""


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list.

    Attributes:
        side: The reader's; None for the union that quoted.
        buyer: The short name; `seller` too.
        waits_for_me: Whether the last version lies with the reader's side.
    """

    id: int
    number: str
    title: str
    state: str
    side: str | None
    buyer: str
    seller: str
    product_id: int
    total_g: int
    value_minor: int
    starts_on: date
    ends_on: date
    is_amended: bool
    waits_for_me: bool


def contracts_of(
    organisation_id: int, *, viewer: Actor, tab: str, page: PageRequest
) -> Page[ContractRow]:
    """The contracts of an organisation under a tab ("" for all its own), the newest first.

    Two statements.

    Raises:
        NotAllowedError: the viewer has no work with its contracts.
    """
    _require(organisation_id, viewer)
    if tab == LED and not _may_lead(organisation_id, viewer):
        return Page(rows=[], request=page, total=0)
    condition = and_(_known(organisation_id, tab), _tab(organisation_id, tab))
    total = session.scalar(select(func.count()).select_from(Contract).where(condition)) or 0
    buyer, seller = aliased(Organisation), aliased(Organisation)
    rows = session.execute(
        select(Contract, buyer.short_name, seller.short_name)
        .join(buyer, buyer.id == Contract.buyer_id)
        .join(seller, seller.id == Contract.seller_id)
        .where(condition)
        .order_by(Contract.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    found = [_row(*row, organisation_id) for row in rows]
    return Page(rows=found, request=page, total=total)


def counts_of(organisation_id: int, *, viewer: Actor) -> dict[str, int]:
    """How many contracts stand under each tab. One statement.

    Raises:
        NotAllowedError: the viewer has no work with its contracts.
    """
    _require(organisation_id, viewer)
    tabs = (*TABS, LED)
    row = session.execute(
        select(
            *(
                func.count().filter(and_(_known(organisation_id, tab), _tab(organisation_id, tab)))
                for tab in tabs
            )
        ).where(
            or_(
                Contract.buyer_id == organisation_id,
                Contract.seller_id == organisation_id,
                Contract.led_by_id == organisation_id,
            )
        )
    ).one()
    counts = dict(zip(tabs, row, strict=True))
    return counts if _may_lead(organisation_id, viewer) else counts | {LED: 0}


def _may_lead(organisation_id: int, viewer: Actor) -> bool:
    """Whether somebody may see what the union quoted for its members."""
    led = Contract(buyer_id=None, seller_id=None, led_by_id=organisation_id)
    return allows(viewer, Permission.CONTRACT_VIEW, led)


def _require(organisation_id: int, viewer: Actor) -> None:
    own = Contract(buyer_id=organisation_id, seller_id=organisation_id, led_by_id=None)
    authorize(viewer, Permission.CONTRACT_VIEW, own)


def _known(organisation_id: int, tab: str) -> ColumnElement[bool]:
    """What they may know of at all: a draft is its maker's alone, as long as it was not sent."""
    sides = (
        and_(Contract.buyer_id == organisation_id, Contract.made_by_side == ContractSide.BUYER),
        and_(Contract.seller_id == organisation_id, Contract.made_by_side == ContractSide.SELLER),
    )
    never_sent = or_(
        Contract.state == ContractState.DRAFT,
        and_(Contract.state == ContractState.CANCELLED, Contract.end_reason == ""),
    )
    if tab == LED:
        return and_(Contract.led_by_id == organisation_id, not_(never_sent))
    is_own = or_(Contract.buyer_id == organisation_id, Contract.seller_id == organisation_id)
    return and_(is_own, or_(not_(never_sent), *sides))


def _tab(organisation_id: int, tab: str) -> ColumnElement[bool]:
    if tab == "cho":
        return _waits_for(organisation_id)
    if tab == "thuong-luong":
        return Contract.state.in_((ContractState.NEGOTIATING, ContractState.AGREED))
    if tab == "dang-chay":
        return Contract.state == ContractState.ACTIVE
    if tab == "nhap":
        return Contract.state == ContractState.DRAFT
    if tab == "xong":
        return Contract.state.in_(ENDED)
    return true() if tab in ("", LED) else false()


def _waits_for(organisation_id: int) -> ColumnElement[bool]:
    """The last version lies with them, or both agree and it is to be signed."""
    return or_(
        and_(Contract.buyer_id == organisation_id, Contract.turn == ContractSide.BUYER),
        and_(Contract.seller_id == organisation_id, Contract.turn == ContractSide.SELLER),
        Contract.state == ContractState.AGREED,
    )


def _row(contract: Contract, buyer: str, seller: str, organisation_id: int) -> ContractRow:
    side = None
    if organisation_id == contract.buyer_id:
        side = ContractSide.BUYER
    elif organisation_id == contract.seller_id:
        side = ContractSide.SELLER
    return ContractRow(
        id=contract.id,
        number=contract.number,
        title=contract.title,
        state=contract.state,
        side=side,
        buyer=buyer,
        seller=seller,
        product_id=contract.product_id,
        total_g=contract.total_g,
        value_minor=contract.value_minor,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        is_amended=contract.signed_version is not None and contract.turn is not None,
        waits_for_me=side is not None
        and (contract.turn == side or contract.state == ContractState.AGREED),
    )
