"""Beginning a contract: a draft that nobody but its maker sees, and sending it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract, other_side, terms_in
from marketplace.contracts.operations.errors import (
    ForeignProductError,
    NotYourTurnError,
    StaleVersionError,
    UnverifiedPartyError,
)
from marketplace.contracts.rules import CONTRACT, NUMBER_PREFIX
from marketplace.contracts.terms import Terms
from marketplace.contracts.terms_rules import require_sound
from marketplace.contracts.writing import (
    add_version,
    agree,
    has_agreed,
    keep_trail,
    own_side,
    show_terms,
)
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ORDER_BITS, dated_number
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.accounts import Organisation, OrganisationKind
from models.catalogue import Product
from models.contracts import Contract, ContractOrigin, ContractState

CURRENCY: Final = "VND"


@dataclass(frozen=True, slots=True)
class Source:
    """Between whom a contract is, and what it comes from.

    Attributes:
        buyer_id: The enterprise; `seller_id` who sells to it.
        origin: An award, an offer, or an old contract.
        award_id: With an award: which, and of whose quote (`quote_id`).
        led_by_id: The union that quoted for the seller.
        renews_id: The old contract that it goes on with.
    """

    buyer_id: int
    seller_id: int
    origin: ContractOrigin = ContractOrigin.OFFER
    award_id: int | None = None
    quote_id: int | None = None
    led_by_id: int | None = None
    renews_id: int | None = None


def draft_contract(*, actor: Actor, terms: Terms, source: Source, at: datetime) -> Contract:
    """Begin a contract as its first version. Nobody but the side that makes it sees the draft.

    The seller's commission of the day is kept with it for as long as it lives.

    Raises:
        NotAllowedError: the actor does not bargain for one of the two.
        UnverifiedPartyError: one of them is no verified buyer or seller.
        ForeignProductError: the goods are not of the seller.
    """
    contract = Contract(
        number=dated_number(NUMBER_PREFIX, business_day(at), draw_bits(ORDER_BITS)),
        state=ContractState.DRAFT,
        origin=source.origin,
        award_id=source.award_id,
        quote_id=source.quote_id,
        renews_id=source.renews_id,
        buyer_id=source.buyer_id,
        seller_id=source.seller_id,
        led_by_id=source.led_by_id,
        product_id=terms.product_id,
        version=1,
        currency=CURRENCY,
        created_at=at,
        created_by_id=actor.user_id,
    )
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    contract.made_by_side = own_side(contract, actor)
    contract.commission_bps = _require_verified(contract).commission_bps
    _require_product(terms.product_id, contract.seller_id)
    show_terms(contract, terms)
    session.add(contract)
    add_version(contract, actor, terms, at=at)
    keep_trail("draft_contract", contract, actor, at, origin=source.origin)
    return contract


def send_draft(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Lay a draft before the other side. One that is sent stays as it is.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for the side that made it, or it is past that.
        StaleVersionError: a colleague changed the draft meanwhile.
        UnverifiedPartyError: one of the two is not verified any more.
        InvalidError: the terms are not sound, see `terms_rules.require_sound`.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    if contract.state == ContractState.NEGOTIATING and has_agreed(contract.id, version, side):
        return contract
    CONTRACT.require(contract.state, ContractState.NEGOTIATING)
    if contract.state != ContractState.DRAFT or side != contract.made_by_side:
        raise NotYourTurnError
    if version != contract.version:
        raise StaleVersionError(version=contract.version)
    _require_verified(contract)
    require_sound(terms_in(contract), today=business_day(at))
    agree(contract, actor, at)
    contract.turn = other_side(side)
    change_state(contract, CONTRACT, ContractState.NEGOTIATING, actor=actor, at=at)
    keep_trail("send_draft", contract, actor, at, version=version)
    return contract


def _require_verified(contract: Contract) -> Organisation:
    """The seller, if it is one and both sides are verified."""
    buyer = session.get(Organisation, contract.buyer_id)
    seller = session.get(Organisation, contract.seller_id)
    if buyer is None or seller is None or not (buyer.is_verified and seller.is_verified):
        raise UnverifiedPartyError
    if buyer.kind != OrganisationKind.ENTERPRISE or not seller.is_seller:
        raise UnverifiedPartyError
    return seller


def _require_product(product_id: int, seller_id: int) -> None:
    owner = session.scalar(select(Product.organisation_id).where(Product.id == product_id))
    if owner != seller_id:
        raise ForeignProductError(field="product")
