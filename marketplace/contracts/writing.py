"""What every step of a contract writes: a version, a side's agreement to it, the trail."""

from datetime import datetime
from typing import Any

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.contracts.access import side_of
from marketplace.contracts.errors import TextTooLongError
from marketplace.contracts.terms import Terms, document_of
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.contracts import (
    Contract,
    ContractAgreement,
    ContractComment,
    ContractSide,
    ContractVersion,
)


def own_side(contract: Contract, actor: Actor) -> ContractSide:
    """On which side the actor is, who may bargain.

    Raises:
        NotAllowedError: on neither: the union that quoted reads and does not bargain.
    """
    side = side_of(contract, actor)
    if side is None:
        raise NotAllowedError
    return side


def add_version(
    contract: Contract, actor: Actor, terms: Terms, *, note: str = "", at: datetime
) -> ContractVersion:
    """Write the next version; the contract's columns say what it says until one is signed."""
    session.flush()
    version = ContractVersion(
        contract_id=contract.id,
        version=contract.version,
        side=own_side(contract, actor),
        terms=document_of(terms),
        note=note,
        at=at,
        by_id=actor.user_id,
    )
    session.add(version)
    if contract.signed_version is None:
        show_terms(contract, terms)
    session.flush()
    return version


def show_terms(contract: Contract, terms: Terms) -> None:
    """Let the columns that are looked for say what the terms say: whenever others count."""
    contract.title = terms.title
    contract.total_g = terms.total_g
    contract.value_minor = terms.value_minor
    contract.starts_on = terms.starts_on
    contract.ends_on = terms.ends_on


def agree(contract: Contract, actor: Actor, at: datetime) -> None:
    """Write down that the actor's side wants exactly the last version; once."""
    side = own_side(contract, actor)
    if has_agreed(contract.id, contract.version, side):
        return
    session.add(
        ContractAgreement(
            contract_id=contract.id,
            version=contract.version,
            side=side,
            at=at,
            by_id=actor.user_id,
        )
    )
    session.flush()


def has_agreed(contract_id: int, version: int, side: str) -> bool:
    """Whether a side has said that it wants a version."""
    return session.get(ContractAgreement, (contract_id, version, side)) is not None


def add_comment(  # noqa: PLR0913 - the columns of one row
    contract: Contract, actor: Actor, *, version: int, line: str, text: str, at: datetime
) -> ContractComment:
    """Write a word about a line of a version."""
    comment = ContractComment(
        contract_id=contract.id,
        version=version,
        line=line,
        text=text,
        side=own_side(contract, actor),
        at=at,
        by_id=actor.user_id,
    )
    session.add(comment)
    session.flush()
    return comment


def tidy(text: str, *, field: str, most: int) -> str:
    """A text without idle spaces around it.

    Raises:
        TextTooLongError: it is longer than `most`.
    """
    tidied = text.replace("\r\n", "\n").strip()
    if len(tidied) > most:
        raise TextTooLongError(field=field, most=most)
    return tidied


def keep_trail(
    verb: str,
    contract: Contract,
    actor: Actor | None,
    at: datetime,
    *,
    reason: str | None = None,
    **after: Any,  # noqa: ANN401 - JSON
) -> None:
    """Add a row to the audit trail."""
    record(
        actor=actor,
        action=f"contracts.{verb}",
        subject_kind="contract",
        subject_id=contract.id,
        at=at,
        after={"number": contract.number, **after},
        reason=reason,
    )
