"""Negotiating and ending a contract: the step, the supply that it promises, the other side's mail.

Each step is one operation of `contracts`; whoever does it through a page does it here, so that the
other side always hears of it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.contracts import operations
from marketplace.contracts.access import lock_contract
from marketplace.contracts.terms import Terms
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.workflows.contract_billing import close_billing
from marketplace.workflows.contract_mails import tell, tell_other_side
from marketplace.workflows.contract_supply import give_back_supply
from marketplace.workflows.shipping import end_deliveries
from marketplace.workflows.signing import prepare_signing
from models.contracts import Contract, ContractComment, ContractState, ContractVersion


def send_draft(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Lay a draft before the other side; see `operations.send_draft`."""
    contract = operations.send_draft(actor=actor, contract_id=contract_id, version=version, at=at)
    _tell_proposed(contract, actor, "", at)
    return contract


def propose_version(  # noqa: PLR0913 - as the operation
    *,
    actor: Actor,
    contract_id: int,
    terms: Terms,
    note: str,
    seen_version: int,
    at: datetime,
) -> ContractVersion:
    """Write the next version; see `operations.propose_version`."""
    version = operations.propose_version(
        actor=actor,
        contract_id=contract_id,
        terms=terms,
        note=note,
        seen_version=seen_version,
        at=at,
    )
    contract = session.get_one(Contract, contract_id)
    if contract.turn is not None and contract.turn != version.side:
        _tell_proposed(contract, actor, version.note, at)
    return version


def withdraw_version(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Take back a version that waits; see `operations.withdraw_version`."""
    contract = operations.withdraw_version(
        actor=actor, contract_id=contract_id, version=version, at=at
    )
    _tell(contract, actor, "contract_withdrawn", at)
    return contract


def accept_version(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Agree to what the other side proposed; its paper is written. See `operations`."""
    contract = operations.accept_version(
        actor=actor, contract_id=contract_id, version=version, at=at
    )
    prepare_signing(actor=actor, contract_id=contract_id, at=at)
    _tell(contract, actor, "contract_accepted", at)
    return contract


def decline(*, actor: Actor, contract_id: int, version: int, reason: str, at: datetime) -> Contract:
    """Say no to what the other side proposed; see `operations.decline`."""
    contract = operations.decline(
        actor=actor, contract_id=contract_id, version=version, reason=reason, at=at
    )
    if contract.state == ContractState.CANCELLED:
        give_back_supply(contract=contract, at=at)
    _tell(contract, actor, "contract_declined", at, reason=reason.strip())
    return contract


def comment_line(  # noqa: PLR0913 - as the operation
    *, actor: Actor, contract_id: int, version: int, line: str, text: str, at: datetime
) -> ContractComment:
    """Say something about a line; see `operations.comment_line`."""
    comment = operations.comment_line(
        actor=actor, contract_id=contract_id, version=version, line=line, text=text, at=at
    )
    contract = session.get_one(Contract, contract_id)
    if contract.state != ContractState.DRAFT:
        tell_other_side(
            contract,
            actor,
            "contract_commented",
            key=str(comment.id),
            at=at,
            text=comment.text,
            version=version,
        )
    return comment


def cancel_contract(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> Contract:
    """Call off what is not signed; what it promised is free again; see `operations`."""
    was_draft = lock_contract(contract_id).state == ContractState.DRAFT
    contract = operations.cancel_contract(
        actor=actor, contract_id=contract_id, reason=reason, at=at
    )
    give_back_supply(contract=contract, at=at)
    if contract.ended_at == at and not was_draft:
        _tell(contract, actor, "contract_ended", at, reason=contract.end_reason)
    return contract


def terminate_contract(*, actor: Actor, contract_id: int, reason: str, at: datetime) -> Contract:
    """End what is in force before its time; see `operations`.

    What is left of the deposit goes back, what is not on its way is cancelled, and the supply that
    was still promised is free.
    """
    contract = operations.terminate_contract(
        actor=actor, contract_id=contract_id, reason=reason, at=at
    )
    if contract.ended_at == at:
        close_billing(actor=actor, contract_id=contract_id, at=at)
        end_deliveries(actor=actor, contract=contract, reason=contract.end_reason, at=at)
    give_back_supply(contract=contract, at=at)
    if contract.ended_at == at:
        _tell(contract, actor, "contract_ended", at, reason=contract.end_reason)
    return contract


def contracts_over(at: datetime) -> Sequence[int]:
    """The contracts in force whose last day is past."""
    return session.scalars(
        select(Contract.id)
        .where(Contract.state == ContractState.ACTIVE, Contract.ends_on < business_day(at))
        .order_by(Contract.id)
    ).all()


def complete_contract(*, contract_id: int, at: datetime) -> bool:
    """Write down that a contract has run its time; see `operations.complete_contract`."""
    if not operations.complete_contract(contract_id=contract_id, at=at):
        return False
    close_billing(actor=None, contract_id=contract_id, at=at)
    contract = session.get_one(Contract, contract_id)
    tell(contract, [contract.buyer_id, contract.seller_id], "contract_completed", key="", at=at)
    return True


def _tell_proposed(contract: Contract, actor: Actor, note: str, at: datetime) -> None:
    _tell(
        contract,
        actor,
        "contract_proposed",
        at,
        note=note,
        is_amendment=contract.signed_version is not None,
    )


def _tell(contract: Contract, actor: Actor, template: str, at: datetime, **values: object) -> None:
    # The version makes it one letter, however often the form is sent.
    tell_other_side(
        contract,
        actor,
        template,
        key=str(contract.version),
        at=at,
        version=contract.version,
        **values,
    )
