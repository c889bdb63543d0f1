"""Negotiating: whole versions, proposed, withdrawn, accepted or declined; words about lines.

The last version lies with one side, which has the turn, or with nobody. Whoever sends a version
wants it: that is its first agreement, and the other side's is the second. So a version that its
own side has not agreed to was never sent, and nobody else reads it.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract, other_side, terms_in
from marketplace.contracts.errors import VersionNotFoundError
from marketplace.contracts.operations.errors import (
    ForeignProductError,
    NothingChangedError,
    NothingToAnswerError,
    NotYourTurnError,
    ReasonMissingError,
    StaleVersionError,
    TextMissingError,
)
from marketplace.contracts.rules import (
    COMMENT_MAX,
    CONTRACT,
    NOTE_MAX,
    REASON_MAX,
    UNSIGNED,
    WHOLE,
)
from marketplace.contracts.terms import Terms, written
from marketplace.contracts.terms_rules import require_sound
from marketplace.contracts.writing import (
    add_comment,
    add_version,
    agree,
    has_agreed,
    keep_trail,
    own_side,
    tidy,
)
from marketplace.kernel.clock import business_day
from marketplace.kernel.states import NotAllowedError as StateNotAllowedError
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.contracts import Contract, ContractComment, ContractState, ContractVersion

_OPEN: Final = (*UNSIGNED, ContractState.ACTIVE)
LINE_MAX: Final = 80


def propose_version(  # noqa: PLR0913 - what, of which contract, seen when, with which words
    *,
    actor: Actor,
    contract_id: int,
    terms: Terms,
    note: str,
    seen_version: int,
    at: datetime,
) -> ContractVersion:
    """Write the next version. A draft stays its maker's; any other is laid before the other side.

    Of an active contract it is an amendment: what was signed holds until both have signed it. The
    same again writes nothing.

    Args:
        actor: who writes it.
        contract_id: of which contract.
        terms: all of them.
        note: why, in words, for the other side.
        seen_version: the last version that the writer has read.
        at: when.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side, or the contract has ended.
        StaleVersionError: there is a later version than the one that was read.
        NotYourTurnError: the last one waits for the other side.
        NothingChangedError: it says what the last one says.
        ForeignProductError: it is about other goods.
        TextTooLongError: the note is too long.
        InvalidError: the terms are not sound, see `terms_rules.require_sound`.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    _require_open(contract)
    if contract.state == ContractState.DRAFT and side != contract.made_by_side:
        raise NotYourTurnError
    last = session.get_one(ContractVersion, (contract.id, contract.version))
    is_same = written(terms) == written(terms_in(contract, contract.version))
    if is_same and last.side == side and contract.version in (seen_version, seen_version + 1):
        return last
    if seen_version != contract.version:
        raise StaleVersionError(version=contract.version)
    if contract.turn == other_side(side):
        raise NotYourTurnError
    if is_same:
        raise NothingChangedError
    if terms.product_id != contract.product_id:
        raise ForeignProductError(field="product")
    require_sound(terms, today=business_day(at))
    why = tidy(note, field="note", most=NOTE_MAX)
    contract.version += 1
    version = add_version(contract, actor, terms, note=why, at=at)
    if contract.state != ContractState.DRAFT:
        _lay_before_other(contract, actor, at)
    keep_trail("propose_version", contract, actor, at, version=contract.version)
    return version


def withdraw_version(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Take back a version that waits for the other side. Again changes nothing.

    Then the side that wrote it may send another one; an amendment falls.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side.
        StaleVersionError: there is a later version.
        NothingToAnswerError: it does not wait for the other side.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    last = _require_last(contract, version)
    if last.side != side or has_agreed(contract.id, version, other_side(side)):
        raise NothingToAnswerError
    if contract.turn == _turn_without(contract, side):
        return contract
    if contract.turn != other_side(side):
        raise NothingToAnswerError
    contract.turn = _turn_without(contract, side)
    keep_trail("withdraw_version", contract, actor, at, version=version)
    return contract


def accept_version(*, actor: Actor, contract_id: int, version: int, at: datetime) -> Contract:
    """Agree to the version that the other side has proposed: both want the same words.

    A new contract is agreed then; an amendment waits for signatures while the old words hold.
    Again changes nothing.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side.
        StaleVersionError: there is a later version.
        NothingToAnswerError: it does not lie with the actor's side.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    last = _require_last(contract, version)
    if last.side != side and contract.turn is None and has_agreed(contract.id, version, side):
        return contract
    if contract.turn != side or last.side == side:
        raise NothingToAnswerError
    agree(contract, actor, at)
    contract.turn, contract.agreed_at = None, at
    if contract.state == ContractState.NEGOTIATING:
        change_state(contract, CONTRACT, ContractState.AGREED, actor=actor, at=at)
    keep_trail("accept_version", contract, actor, at, version=version)
    return contract


def decline(*, actor: Actor, contract_id: int, version: int, reason: str, at: datetime) -> Contract:
    """Say no to the version that the other side has proposed. Again changes nothing.

    An amendment falls and the contract goes on as signed; a new contract comes to nothing.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not bargain for a side.
        StaleVersionError: there is a later version.
        NothingToAnswerError: it does not lie with the actor's side.
        ReasonMissingError, TextTooLongError: the reason is missing or too long.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    last = _require_last(contract, version)
    if last.side != side and contract.turn is None and _has_declined(contract, side):
        return contract
    if contract.turn != side or last.side == side:
        raise NothingToAnswerError
    why = tidy(reason, field="reason", most=REASON_MAX)
    if not why:
        raise ReasonMissingError(field="reason")
    add_comment(contract, actor, version=version, line=WHOLE, text=why, at=at)
    contract.turn = None
    if contract.state == ContractState.NEGOTIATING:
        contract.ended_at, contract.end_reason = at, why
        change_state(contract, CONTRACT, ContractState.CANCELLED, actor=actor, at=at, reason=why)
    keep_trail("decline", contract, actor, at, version=version, reason=why)
    return contract


def comment_line(  # noqa: PLR0913 - on which line of which version of which contract, and what
    *, actor: Actor, contract_id: int, version: int, line: str, text: str, at: datetime
) -> ContractComment:
    """Say something about a line of a version. It agrees to nothing; the same again is one.

    Raises:
        ContractNotFoundError, VersionNotFoundError: there is none that the actor may read.
        NotAllowedError: the actor does not bargain for a side, or the contract has ended.
        TextMissingError, TextTooLongError: there are no words, or too many.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    side = own_side(contract, actor)
    _require_open(contract)
    about = session.get(ContractVersion, (contract.id, version))
    if about is None or not (about.side == side or has_agreed(contract.id, version, about.side)):
        raise VersionNotFoundError(number=contract.number, version=version)
    said = tidy(text, field="text", most=COMMENT_MAX)
    if not said or not 0 < len(line) <= LINE_MAX:
        raise TextMissingError(field="text")
    last = _last_comment(contract.id)
    if last is not None and _says(last) == (version, line, side, said):
        return last
    keep_trail("comment_line", contract, actor, at, version=version, line=line)
    return add_comment(contract, actor, version=version, line=line, text=said, at=at)


def _lay_before_other(contract: Contract, actor: Actor, at: datetime) -> None:
    agree(contract, actor, at)
    contract.turn = other_side(own_side(contract, actor))
    if contract.state == ContractState.AGREED:
        contract.agreed_at = None
        change_state(contract, CONTRACT, ContractState.NEGOTIATING, actor=actor, at=at)


def _require_open(contract: Contract) -> None:
    if contract.state not in _OPEN:
        raise StateNotAllowedError(
            machine=CONTRACT.name, from_state=contract.state, to_state=ContractState.NEGOTIATING
        )


def _require_last(contract: Contract, version: int) -> ContractVersion:
    if version != contract.version:
        raise StaleVersionError(version=contract.version)
    return session.get_one(ContractVersion, (contract.id, version))


def _turn_without(contract: Contract, side: str) -> str | None:
    """Whose turn it is when `side` takes its version back."""
    return side if contract.state == ContractState.NEGOTIATING else None


def _has_declined(contract: Contract, side: str) -> bool:
    return (
        session.scalar(
            select(ContractComment.id)
            .where(
                ContractComment.contract_id == contract.id,
                ContractComment.version == contract.version,
                ContractComment.line == WHOLE,
                ContractComment.side == side,
            )
            .limit(1)
        )
        is not None
    )


def _last_comment(contract_id: int) -> ContractComment | None:
    return session.scalar(
        select(ContractComment)
        .where(ContractComment.contract_id == contract_id)
        .order_by(ContractComment.id.desc())
        .limit(1)
    )


def _says(comment: ContractComment) -> tuple[int, str, str, str]:
    return comment.version, comment.line, comment.side, comment.text
