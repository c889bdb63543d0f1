"""Issuing invoices and asking for money. Twice is once.

Whoever reports a fact has locked its contract, which stands for its invoices and dues, and has
asked who may; invoicing takes no actor but for the history.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor
from marketplace.invoicing import rules
from marketplace.invoicing.errors import DueNotFoundError
from marketplace.invoicing.rules import Amounts, Asked
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import REFERENCE_BITS, make_reference
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.platform.statements import Change
from marketplace.platform.transitions import change_state
from models.contracts import Contract
from models.invoicing import Due, DueState, Invoice, InvoiceCounter
from models.payments import BankLineOutcome

_NEXT: Final = Change(
    insert(InvoiceCounter)
    .values(organisation_id=bindparam("organisation_id"), year=bindparam("year"), last=1)
    .on_conflict_do_update(
        index_elements=[InvoiceCounter.organisation_id, InvoiceCounter.year],
        set_={"last": InvoiceCounter.last + 1},
    )
    .returning(InvoiceCounter.last)
)


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """An invoice that is to be issued.

    Attributes:
        contract: under which contract, locked.
        delivery_id: for which delivery.
        amounts: what it says.
        snapshot: everything that is printed.
        dues: what it asks for and when; together the total.
    """

    contract: Contract
    delivery_id: int
    amounts: Amounts
    snapshot: dict[str, Any]
    dues: Sequence[Asked]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of money that came for a due, in đồng.

    Attributes:
        due: in its new state.
        outcome: what the money was to it.
        kept_minor: what of it is kept.
        back_minor: what of it goes back.
    """

    due: Due
    outcome: BankLineOutcome
    kept_minor: int
    back_minor: int


def issue_invoice(*, new: NewInvoice, at: datetime) -> Invoice:
    """Issue an invoice with the seller's next number, and ask for its amounts.

    The number is taken while the counter is held, so a transaction that fails leaves no gap.

    Raises:
        ValueError: the dues do not add up to the total.
    """
    amounts = new.amounts
    if sum(each.minor for each in new.dues) != amounts.total_minor:
        raise ValueError("The dues of an invoice are not its total")
    contract = new.contract
    year = business_day(at).year
    sequence = next_number(contract.seller_id, year)
    invoice = Invoice(
        organisation_id=contract.seller_id,
        year=year,
        sequence=sequence,
        number=rules.number_of(year, sequence),
        buyer_id=contract.buyer_id,
        contract_id=contract.id,
        delivery_id=new.delivery_id,
        issued_at=at,
        currency=contract.currency,
        goods_minor=amounts.goods_minor,
        bonus_minor=amounts.bonus_minor,
        penalty_minor=amounts.penalty_minor,
        deposit_minor=amounts.deposit_minor,
        advance_minor=amounts.advance_minor,
        retention_minor=amounts.retention_minor,
        carried_minor=amounts.carried_minor,
        commission_minor=amounts.commission_minor,
        total_minor=amounts.total_minor,
        snapshot=new.snapshot,
    )
    session.add(invoice)
    session.flush()
    for position, asked in enumerate(new.dues, 1):
        _ask(contract, asked, ref=f"invoice:{invoice.id}:{position}", invoice=invoice, at=at)
    audit.record(
        actor=None,
        action="invoicing.issue_invoice",
        subject_kind="invoice",
        subject_id=invoice.id,
        at=at,
        after={"number": invoice.number, "total_minor": invoice.total_minor},
    )
    return invoice


def next_number(organisation_id: int, year: int) -> int:
    """The next number of a seller; whoever takes another one waits until this is settled."""
    [[last]] = _NEXT.make(organisation_id=organisation_id, year=year)
    return int(last)


def ask_deposit(*, contract: Contract, asked: Asked, at: datetime) -> Due:
    """Ask for the deposit of a locked contract, once."""
    ref = f"deposit:{contract.id}"
    known = session.scalar(select(Due).where(Due.ref == ref))
    return known or _ask(contract, asked, ref=ref, invoice=None, at=at)


def lock_due(due_id: int) -> Due:
    """A due, locked after its contract.

    Raises:
        DueNotFoundError: there is none.
    """
    due = lock_one(select(Due).where(Due.id == due_id))
    if due is None:
        raise DueNotFoundError(due_id=due_id)
    return due


def receive(*, due: Due, minor: int, actor: Actor | None, at: datetime) -> Receipt:
    """Put money to a locked due: what is wanted is kept, the rest goes back."""
    outcome, kept = rules.outcome_of(
        due.state,
        amount_minor=due.amount_minor,
        kept_minor=due.received_minor - due.returned_minor,
        minor=minor,
    )
    if outcome == BankLineOutcome.LATE:
        return Receipt(due, outcome, 0, minor)
    due.received_minor += minor
    due.returned_minor += minor - kept
    if outcome == BankLineOutcome.UNDER:
        state = DueState.UNDERPAID
    else:
        state = DueState.PAID if outcome == BankLineOutcome.EXACT else DueState.OVERPAID
        due.paid_at = due.paid_at or at
    change_state(due, rules.DUE, state, actor=actor, at=at)
    session.flush()
    return Receipt(due, outcome, kept, minor - kept)


def note_all_returned(*, due: Due, actor: Actor | None, at: datetime) -> None:
    """Say of a locked due that everything that was too much has gone back."""
    if due.state == DueState.OVERPAID:
        change_state(due, rules.DUE, DueState.PAID, actor=actor, at=at)
        session.flush()


def close_deposit(*, due: Due, left_minor: int, actor: Actor | None, at: datetime) -> None:
    """Stop waiting for a locked deposit; `left_minor` of what came goes back."""
    if due.state in rules.WANTED:
        change_state(due, rules.DUE, DueState.CANCELLED, actor=actor, at=at)
    due.returned_minor += left_minor
    session.flush()


def _ask(
    contract: Contract, asked: Asked, *, ref: str, invoice: Invoice | None, at: datetime
) -> Due:
    due = Due(
        ref=ref,
        kind=asked.kind,
        contract_id=contract.id,
        invoice_id=None if invoice is None else invoice.id,
        buyer_id=contract.buyer_id,
        seller_id=contract.seller_id,
        reference=_fresh_reference(),
        currency=contract.currency,
        amount_minor=asked.minor,
        due_on=asked.due_on,
        created_at=at,
    )
    session.add(due)
    session.flush()
    return due


def _fresh_reference() -> str:
    """A reference that nothing else carries here; orders draw from the same 2^40."""
    while True:
        reference = make_reference(draw_bits(REFERENCE_BITS))
        if session.scalar(select(Due.id).where(Due.reference == reference)) is None:
            return reference
