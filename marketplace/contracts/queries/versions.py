"""The versions of a contract and the words about them, as each side may read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import side_of
from marketplace.contracts.errors import VersionNotFoundError
from marketplace.contracts.terms import Terms, terms_of
from marketplace.platform.database import session
from models.accounts import User
from models.contracts import Contract, ContractAgreement, ContractComment, ContractVersion


@dataclass(frozen=True, slots=True)
class Written:
    """A version as it was written.

    Attributes:
        side: Who wrote it.
        is_sent: Whether the other side has read it.
        is_agreed: Whether both want it.
    """

    version: int
    side: str
    note: str
    at: datetime
    by_name: str
    terms: Terms
    is_sent: bool
    is_agreed: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """A word about a line of a version."""

    version: int
    line: str
    text: str
    side: str
    at: datetime
    by_name: str


def versions_of(contract: Contract, *, viewer: Actor) -> Sequence[Written]:
    """The versions that the viewer may read, the first one first: those sent, and their own.

    Two statements.

    Raises:
        NotAllowedError: the viewer has no work with the contract.
    """
    authorize(viewer, Permission.CONTRACT_VIEW, contract)
    own = side_of(contract, viewer)
    agreed: dict[int, set[str]] = {}
    for version, side in session.execute(
        select(ContractAgreement.version, ContractAgreement.side).where(
            ContractAgreement.contract_id == contract.id
        )
    ):
        agreed.setdefault(version, set()).add(side)
    rows = session.execute(
        select(ContractVersion, User.full_name)
        .join(User, User.id == ContractVersion.by_id)
        .where(ContractVersion.contract_id == contract.id)
        .order_by(ContractVersion.version)
    )
    written = [_written(row, name, agreed.get(row.version, set())) for row, name in rows]
    return [each for each in written if each.is_sent or each.side == own]


def get_version(versions: Sequence[Written], number: int) -> tuple[Written, Written | None]:
    """A version, and the one that the reader has read before it; None before the first.

    Raises:
        VersionNotFoundError: there is none that the viewer may read.
    """
    for before, each in zip((None, *versions), versions, strict=False):
        if each.version == number:
            return each, before
    raise VersionNotFoundError(version=number)


def remarks_on(contract: Contract, *, viewer: Actor) -> Sequence[Remark]:
    """What was said about versions that both sides read, the first word first. One statement.

    Raises:
        NotAllowedError: the viewer has no work with the contract.
    """
    authorize(viewer, Permission.CONTRACT_VIEW, contract)
    rows = session.execute(
        select(
            ContractComment.version,
            ContractComment.line,
            ContractComment.text,
            ContractComment.side,
            ContractComment.at,
            User.full_name,
        )
        .join(User, User.id == ContractComment.by_id)
        .where(ContractComment.contract_id == contract.id)
        .order_by(ContractComment.id)
    )
    return [Remark(*row) for row in rows]


def _written(row: ContractVersion, name: str, agreed: set[str]) -> Written:
    document: dict[str, Any] = row.terms
    return Written(
        version=row.version,
        side=row.side,
        note=row.note,
        at=row.at,
        by_name=name,
        terms=terms_of(document),
        is_sent=row.side in agreed,
        is_agreed=len(agreed) > 1,
    )
