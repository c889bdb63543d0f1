"""How far a contract is towards its signatures, as each side may know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor
from marketplace.contracts.access import side_of
from marketplace.contracts.documents import find_document, version_to_sign
from marketplace.platform.database import session
from models.accounts import User
from models.contracts import (
    Contract,
    ContractAgreement,
    ContractApproval,
    ContractDocument,
    ContractSide,
    ContractSignature,
)


@dataclass(frozen=True, slots=True)
class Approval:
    """Who of the enterprise let it sign."""

    name: str
    at: datetime
    note: str
    by_id: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A version and the signatures under it, in the order they were given."""

    version: int
    sha256: str
    signatures: Sequence[ContractSignature]

    def by(self, side: str) -> ContractSignature | None:
        """The signature of a side."""
        return next((each for each in self.signatures if each.side == side), None)


@dataclass(frozen=True, slots=True)
class SigningView:
    """The version that waits to be signed.

    Attributes:
        document: its paper.
        signed: the signatures under it so far.
        side: the reader's; None for the union that quoted.
        approvals: inside the enterprise, for its own people only.
        approvals_needed: how many it wants; 0 for all others.
    """

    document: ContractDocument
    signed: Signed
    side: ContractSide | None
    approvals: Sequence[Approval] = ()
    approvals_needed: int = 0

    @property
    def version(self) -> int:
        """Which version it is."""
        return self.document.version

    @property
    def approvals_missing(self) -> int:
        """How many directors have still to approve, as far as the reader may know."""
        return max(0, self.approvals_needed - len(self.approvals))

    @property
    def own(self) -> ContractSignature | None:
        """The signature of the reader's side."""
        return self.signed.by(self.side) if self.side else None

    def is_approved_by(self, user_id: int) -> bool:
        """Whether somebody has approved already."""
        return any(each.by_id == user_id for each in self.approvals)


def find_signing(contract: Contract, *, viewer: Actor) -> SigningView | None:
    """What waits to be signed, for somebody who may read the contract; None if nothing does."""
    version = version_to_sign(contract)
    document = find_document(contract, version) if version else None
    if document is None:
        return None
    side = side_of(contract, viewer)
    signed = Signed(document.version, document.sha256, _signatures(contract, document.version))
    if side != ContractSide.BUYER:
        return SigningView(document, signed, side)
    return SigningView(
        document,
        signed,
        side,
        approvals_given(contract, document.version),
        document.approvals_needed,
    )


def signatures_of(contract: Contract) -> list[Signed]:
    """Every version that somebody has signed, the last one first."""
    rows = session.scalars(
        select(ContractSignature)
        .where(ContractSignature.contract_id == contract.id)
        .order_by(ContractSignature.version.desc(), ContractSignature.at, ContractSignature.side)
    ).all()
    return [
        Signed(
            version,
            next(row.sha256 for row in rows if row.version == version),
            [row for row in rows if row.version == version],
        )
        for version in sorted({row.version for row in rows}, reverse=True)
    ]


def documents_of(contract: Contract) -> Sequence[ContractDocument]:
    """The papers of all versions that both sides ever agreed to, the last one first."""
    return session.scalars(
        select(ContractDocument)
        .where(ContractDocument.contract_id == contract.id)
        .order_by(ContractDocument.version.desc())
    ).all()


def approvals_given(contract: Contract, version: int) -> list[Approval]:
    """Who of the enterprise approved a version, in order; for its own people."""
    rows = session.execute(
        select(User.full_name, ContractApproval.at, ContractApproval.note, ContractApproval.by_id)
        .join(User, User.id == ContractApproval.by_id)
        .where(ContractApproval.contract_id == contract.id, ContractApproval.version == version)
        .order_by(ContractApproval.at, ContractApproval.by_id)
    )
    return [Approval(*row) for row in rows]


def agreed_at(contract: Contract, version: int) -> datetime | None:
    """When the second side said that it wants a version."""
    return session.scalar(
        select(func.max(ContractAgreement.at)).where(
            ContractAgreement.contract_id == contract.id, ContractAgreement.version == version
        )
    )


def _signatures(contract: Contract, version: int) -> Sequence[ContractSignature]:
    return session.scalars(
        select(ContractSignature)
        .where(ContractSignature.contract_id == contract.id, ContractSignature.version == version)
        .order_by(ContractSignature.at, ContractSignature.side)
    ).all()
