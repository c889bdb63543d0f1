"""From the same words to a contract in force: paper, approvals, signatures, and who is told."""

from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import readers_in
from marketplace.contracts.access import lock_contract, other_side, side_of, terms_in
from marketplace.contracts.deliveries.operations import plan_deliveries
from marketplace.contracts.operations import approving
from marketplace.contracts.operations.signing import Signed, Signing, sign_version
from marketplace.contracts.signatures import OURS, SignatureProvider
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.workflows.contract_billing import ask_deposit
from marketplace.workflows.contract_papers import write_document
from marketplace.workflows.contract_supply import promise_supply
from models.accounts import Organisation, Role
from models.contracts import Contract, ContractApproval, ContractDocument, ContractSide

AGREED, APPROVED, ACROSS = "agreed", "approved", "across"
"""Why somebody is asked to sign: the words are agreed, one's own directors approved, the other
side has signed."""


def prepare_signing(*, actor: Actor, contract_id: int, at: datetime) -> ContractDocument | None:
    """Write the paper once both sides want the same version, and ask for what comes next.

    To be called by whoever has just let a side agree; until both do, and a second time, it changes
    nothing and tells nobody.

    Returns:
        The paper; None while there is nothing to sign.

    Raises:
        ContractNotFoundError: there is none.
    """
    contract = lock_contract(contract_id)
    document = write_document(actor=actor, contract=contract, at=at)
    if document is None:
        return None
    if document.approvals_needed:
        _ask_approval(contract, document, at)
    else:
        _ask_signature(contract, document.version, ContractSide.BUYER, AGREED, at)
    _ask_signature(contract, document.version, ContractSide.SELLER, AGREED, at)
    return document


def approve_contract(
    *, actor: Actor, contract_id: int, version: int, note: str, at: datetime
) -> ContractApproval:
    """Let one's enterprise sign a version; the last approval that is wanted asks for the signature.

    Raises:
        DomainError: see `approving.approve_version`.
    """
    approval, is_enough = approving.approve_version(
        actor=actor, contract_id=contract_id, version=version, note=note, at=at
    )
    if is_enough:
        contract = session.get_one(Contract, contract_id)
        _ask_signature(contract, version, ContractSide.BUYER, APPROVED, at)
    return approval


def sign_contract(
    *,
    actor: Actor,
    contract_id: int,
    signing: Signing,
    at: datetime,
    provider: SignatureProvider = OURS,
) -> Signed:
    """Sign for one's side; the other side is told, and with both signatures the contract begins.

    Raises:
        DomainError: see `sign_version`.
    """
    signed = sign_version(
        actor=actor, contract_id=contract_id, signing=signing, at=at, provider=provider
    )
    failpoint("contracts.after_signature")
    if not signed.is_new:
        return signed
    contract = signed.contract
    if signed.is_in_force:
        _begin(contract, actor, at)
        _tell_in_force(contract, at)
        return signed
    side = side_of(contract, actor) or ContractSide.BUYER
    _ask_signature(contract, signing.version, other_side(side), ACROSS, at)
    return signed


def _begin(contract: Contract, actor: Actor, at: datetime) -> None:
    """What starts with the second signature: supply is promised, goods planned, money asked for."""
    terms = terms_in(contract)
    promise_supply(contract=contract, terms=terms, at=at)
    plan_deliveries(actor=actor, contract=contract, terms=terms, at=at)
    failpoint("contracts.after_planned")
    ask_deposit(contract_id=contract.id, at=at)


def _ask_approval(contract: Contract, document: ContractDocument, at: datetime) -> None:
    for reader in readers_in([contract.buyer_id], [Role.DIRECTOR]):
        notify(
            key=f"{contract.number}:{document.version}:{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template="contract_to_approve",
            at=at,
            name=reader.full_name,
            number=contract.number,
            title=contract.title,
            value=contract.value,
            needed=document.approvals_needed,
            url=f"/hop-dong/{reader.code}/{contract.number}/duyet",
        )


def _ask_signature(
    contract: Contract, version: int, side: ContractSide, why: str, at: datetime
) -> None:
    own, across = contract.buyer_id, contract.seller_id
    if side == ContractSide.SELLER:
        own, across = across, own
    other = session.get_one(Organisation, across).name
    for reader in readers_in([own], [Role.DIRECTOR]):
        notify(
            key=f"{contract.number}:{version}:{why}:{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template="contract_to_sign",
            at=at,
            name=reader.full_name,
            number=contract.number,
            title=contract.title,
            version=version,
            other=other,
            why=why,
            url=f"/hop-dong/{reader.code}/{contract.number}/ky",
        )


def _tell_in_force(contract: Contract, at: datetime) -> None:
    concerned = [contract.buyer_id, contract.seller_id]
    if contract.led_by_id is not None:
        concerned.append(contract.led_by_id)
    for reader in readers_in(concerned, [Role.DIRECTOR]):
        notify(
            key=f"{contract.number}:{contract.signed_version}:{reader.organisation_id}"
            f":{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template="contract_in_force",
            at=at,
            name=reader.full_name,
            number=contract.number,
            title=contract.title,
            version=contract.signed_version,
            starts_on=contract.starts_on,
            ends_on=contract.ends_on,
            url=f"/hop-dong/{reader.code}/{contract.number}",
        )
