"""The end of a contract: called off before it is signed, terminated, completed; and renewed."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract, terms_in
from marketplace.contracts.operations.errors import (
    GoodsOnTheirWayError,
    NotYourTurnError,
    ReasonMissingError,
)
from marketplace.contracts.operations.making import Source, draft_contract
from marketplace.contracts.renewing import a_year_later
from marketplace.contracts.rules import CONTRACT, ENDED, REASON_MAX
from marketplace.contracts.writing import keep_trail, own_side, tidy
from marketplace.kernel.clock import business_day
from marketplace.kernel.states import NotAllowedError as StateNotAllowedError
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.contracts import Contract, ContractOrigin, ContractState
from models.deliveries import Delivery, DeliveryState

_ON_THEIR_WAY: Final = (DeliveryState.PACKED, DeliveryState.SHIPPED)
_VERBS: Final = {
    ContractState.CANCELLED: "cancel_contract",
    ContractState.TERMINATED: "terminate_contract",
    ContractState.COMPLETED: "complete_contract",
}
_UNDER_WAY: Final = (DeliveryState.PLANNED, DeliveryState.CONFIRMED, *_ON_THEIR_WAY)


def cancel_contract(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> Contract:
    """Call off a contract before both have signed it. Again changes nothing.

    A draft is thrown away by its maker, who owes nobody a reason; nobody else ever knows of it.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side, or it is signed.
        ReasonMissingError, TextTooLongError: the reason is missing or too long.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    if contract.state == ContractState.CANCELLED:
        return contract
    is_draft = contract.state == ContractState.DRAFT
    if is_draft and side != contract.made_by_side:
        raise NotYourTurnError
    CONTRACT.require(contract.state, ContractState.CANCELLED)
    why = "" if is_draft else _reason(reason)
    _end(contract, ContractState.CANCELLED, actor, why, at)
    return contract


def terminate_contract(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> Contract:
    """End a contract that is in force before its time. Again changes nothing.

    What was accepted stays due; an amendment that waits falls.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not sign for a side, or it is not in force.
        GoodsOnTheirWayError: goods are packed or on their way.
        ReasonMissingError, TextTooLongError: the reason is missing or too long.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_SIGN, contract)
    if contract.state == ContractState.TERMINATED:
        return contract
    CONTRACT.require(contract.state, ContractState.TERMINATED)
    numbers = _deliveries_in(contract, _ON_THEIR_WAY)
    if numbers:
        raise GoodsOnTheirWayError(numbers=", ".join(numbers))
    why = _reason(reason)
    _end(contract, ContractState.TERMINATED, actor, why, at)
    return contract


def complete_contract(*, contract_id: int, at: datetime) -> bool:
    """Write down that a contract has run its time and no delivery of it is under way.

    Returns:
        Whether it was written down just now.

    Raises:
        ContractNotFoundError: there is none.
    """
    contract = lock_contract(contract_id)
    is_over = contract.state == ContractState.ACTIVE and contract.ends_on < business_day(at)
    if not is_over or _deliveries_in(contract, _UNDER_WAY):
        return False
    _end(contract, ContractState.COMPLETED, None, "", at)
    return True


def renew_contract(*, actor: Actor, contract_id: int, at: datetime) -> Contract:
    """Begin a draft that says what a signed contract says, a year later.

    While the same side has such a draft, that one is meant.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side, or it was never signed.
        UnverifiedPartyError, ForeignProductError: see `draft_contract`.
    """
    old = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, old)
    side = own_side(old, actor)
    if old.signed_version is None:
        raise StateNotAllowedError(
            machine=CONTRACT.name, from_state=old.state, to_state=ContractState.DRAFT
        )
    known = session.scalar(
        select(Contract)
        .where(
            Contract.renews_id == old.id,
            Contract.made_by_side == side,
            Contract.state.not_in(ENDED),
        )
        .order_by(Contract.id.desc())
        .limit(1)
    )
    if known is not None:
        return known
    return draft_contract(
        actor=actor,
        terms=a_year_later(terms_in(old, old.signed_version)),
        source=Source(
            buyer_id=old.buyer_id,
            seller_id=old.seller_id,
            origin=ContractOrigin.RENEWAL,
            led_by_id=old.led_by_id,
            renews_id=old.id,
        ),
        at=at,
    )


def _end(
    contract: Contract, state: ContractState, actor: Actor | None, why: str, at: datetime
) -> None:
    # The moment first: a constraint wants it together with the state.
    contract.ended_at, contract.end_reason, contract.turn = at, why, None
    change_state(contract, CONTRACT, state, actor=actor, at=at, reason=why or None)
    keep_trail(_VERBS[state], contract, actor, at, reason=why or None)


def _reason(text: str) -> str:
    why = tidy(text, field="reason", most=REASON_MAX)
    if not why:
        raise ReasonMissingError(field="reason")
    return why


def _deliveries_in(contract: Contract, states: tuple[DeliveryState, ...]) -> list[str]:
    return list(
        session.scalars(
            select(Delivery.number)
            .where(Delivery.contract_id == contract.id, Delivery.state.in_(states))
            .order_by(Delivery.position)
        )
    )
