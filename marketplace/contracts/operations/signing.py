"""Signing the paper of a version; the second signature lets it begin."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.rules import OUTSIDE
from marketplace.contracts.access import lock_contract, side_of, terms_in
from marketplace.contracts.documents import bytes_of, get_document, version_to_sign
from marketplace.contracts.rules import CONTRACT
from marketplace.contracts.signatures import OURS, SignatureProvider, Wish
from marketplace.contracts.signing_errors import (
    ApprovalMissingError,
    NothingToSignError,
    OtherDocumentError,
    PositionError,
    SideOffMarketError,
)
from marketplace.contracts.writing import keep_trail, show_terms
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.accounts import Organisation, User
from models.contracts import (
    Contract,
    ContractApproval,
    ContractDocument,
    ContractSide,
    ContractSignature,
    ContractState,
)

POSITION_MAX: Final = 80


@dataclass(frozen=True, slots=True)
class Signing:
    """What somebody signs, and how they prove themselves.

    Attributes:
        version: of the contract.
        sha256: of the paper that they have read.
        position: what they are in their organisation.
        session_id: the browser at hand.
        proof: what the provider wants of them; for ours, the code of now.
    """

    version: int
    sha256: str
    position: str
    session_id: int
    proof: str


class Signed(NamedTuple):
    """A signature, whether it is a new one, and whether the version is in force by it."""

    contract: Contract
    signature: ContractSignature
    is_new: bool
    is_in_force: bool


def sign_version(
    *,
    actor: Actor,
    contract_id: int,
    signing: Signing,
    at: datetime,
    provider: SignatureProvider = OURS,
) -> Signed:
    """Sign for one's side; with both signatures the version is in force. Again changes nothing.

    Args:
        actor: a director of either side.
        contract_id: which contract.
        signing: what, and the proof.
        at: when.
        provider: who vouches.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not sign for either side.
        NothingToSignError: the version is not the one that waits.
        OtherDocumentError: they have read another paper.
        SideOffMarketError: one of the two is suspended or closed.
        ApprovalMissingError: the buyer's own directors have not approved.
        DocumentChangedError, FileNotFoundHereError: the stored paper is not what it was.
        PositionError: no position.
        SessionNotFreshError, SecondFactorMissingError, WrongCodeError: see `signatures`.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_SIGN, contract)
    side = side_of(contract, actor)
    assert side is not None and actor.user_id is not None  # noqa: S101, PT018 - the table says so
    known = session.get(ContractSignature, (contract.id, signing.version, side))
    if known is not None:
        return Signed(contract, known, is_new=False, is_in_force=_is_in_force(contract, known))
    if version_to_sign(contract) != signing.version:
        raise NothingToSignError(number=contract.number)
    document = get_document(contract, signing.version)
    if document.sha256 != signing.sha256:
        raise OtherDocumentError(number=contract.number)
    _require_on_market(contract)
    if side == ContractSide.BUYER:
        _require_approved(document)
    position = _position(signing.position)
    bytes_of(document)
    wish = Wish(actor.user_id, signing.session_id, document.sha256, signing.proof)
    signature = ContractSignature(
        contract_id=contract.id,
        version=document.version,
        side=side,
        sha256=document.sha256,
        name=session.get_one(User, actor.user_id).full_name,
        position=position,
        provider=provider.name,
        evidence=dict(provider.vouch(wish, at=at)),
        at=at,
        by_id=actor.user_id,
    )
    session.add(signature)
    session.flush()
    keep_trail(
        "sign_version",
        contract,
        actor,
        at,
        version=document.version,
        side=side,
        sha256=document.sha256,
    )
    is_in_force = _signed_by_both(document)
    if is_in_force:
        _put_in_force(contract, document.version, actor, at)
    return Signed(contract, signature, is_new=True, is_in_force=is_in_force)


def _is_in_force(contract: Contract, signature: ContractSignature) -> bool:
    return contract.signed_version is not None and contract.signed_version >= signature.version


def _require_on_market(contract: Contract) -> None:
    sides = session.execute(
        select(Organisation.short_name, Organisation.verification)
        .where(Organisation.id.in_((contract.buyer_id, contract.seller_id)))
        .order_by(Organisation.id)
    )
    for name, verification in sides:
        if verification in OUTSIDE:
            raise SideOffMarketError(name=name)


def _require_approved(document: ContractDocument) -> None:
    given = session.scalar(
        select(func.count())
        .select_from(ContractApproval)
        .where(
            ContractApproval.contract_id == document.contract_id,
            ContractApproval.version == document.version,
        )
    )
    missing = document.approvals_needed - (given or 0)
    if missing > 0:
        raise ApprovalMissingError(missing=missing)


def _position(text: str) -> str:
    position = " ".join(text.split())
    if not 1 <= len(position) <= POSITION_MAX:
        raise PositionError(field="position", most=POSITION_MAX)
    return position


def _signed_by_both(document: ContractDocument) -> bool:
    given = session.scalar(
        select(func.count())
        .select_from(ContractSignature)
        .where(
            ContractSignature.contract_id == document.contract_id,
            ContractSignature.version == document.version,
        )
    )
    return given == len(ContractSide)


def _put_in_force(contract: Contract, version: int, actor: Actor, at: datetime) -> None:
    """Let a version be what the contract says, in the columns that can be looked for, too."""
    show_terms(contract, terms_in(contract, version))
    contract.signed_version = version
    contract.signed_at = contract.signed_at or at
    change_state(contract, CONTRACT, ContractState.ACTIVE, actor=actor, at=at)
    session.flush()
