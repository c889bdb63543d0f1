"""Finding contracts as somebody who is one of its sides, and holding them."""

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.contracts.errors import ContractNotFoundError, VersionNotFoundError
from marketplace.contracts.terms import Terms, terms_of
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.contracts import Contract, ContractSide, ContractState, ContractVersion


def get_contract(number: str, *, viewer: Actor) -> Contract:
    """A contract as one of its sides reads it; a draft is its maker's alone.

    Raises:
        ContractNotFoundError: there is none that the viewer may know of.
    """
    contract = session.scalar(select(Contract).where(Contract.number == number))
    if contract is None or not is_known_to(viewer, contract):
        raise ContractNotFoundError(number=number)
    return contract


def is_known_to(viewer: Actor, contract: Contract) -> bool:
    """Whether somebody may know of a contract at all."""
    if not allows(viewer, Permission.CONTRACT_VIEW, contract):
        return False
    if was_laid_open(contract):
        return True
    return side_of(contract, viewer) == contract.made_by_side


def was_laid_open(contract: Contract) -> bool:
    """Whether the other side knows of it. A draft that was thrown away never gave a reason."""
    is_thrown_away = contract.state == ContractState.CANCELLED and not contract.end_reason
    return contract.state != ContractState.DRAFT and not is_thrown_away


def lock_contract(contract_id: int) -> Contract:
    """A contract that is about to change, or whose deliveries are; held until the end.

    It stands for its versions, agreements, approvals, signatures, deliveries and their lines: they
    are not locked besides, so everything about one contract goes one after the other.

    Raises:
        ContractNotFoundError: there is none.
    """
    contract = lock_one(select(Contract).where(Contract.id == contract_id))
    if contract is None:
        raise ContractNotFoundError(contract_id=contract_id)
    return contract


def side_of(contract: Contract, actor: Actor) -> ContractSide | None:
    """On which side somebody is; None for the union that quoted, and for everybody else."""
    if actor.organisation_id == contract.buyer_id:
        return ContractSide.BUYER
    if actor.organisation_id == contract.seller_id:
        return ContractSide.SELLER
    return None


def other_side(side: str) -> ContractSide:
    """The side across."""
    return ContractSide.SELLER if side == ContractSide.BUYER else ContractSide.BUYER


def terms_in(contract: Contract, version: int | None = None) -> Terms:
    """What a contract says: in the version asked for, else the one in force, else the last.

    Raises:
        VersionNotFoundError: it has no such version.
    """
    wanted = version or contract.signed_version or contract.version
    row = session.get(ContractVersion, (contract.id, wanted))
    if row is None:
        raise VersionNotFoundError(number=contract.number, version=wanted)
    return terms_of(row.terms)
