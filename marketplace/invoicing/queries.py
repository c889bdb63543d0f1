"""What was invoiced, what falls due and what came in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.invoicing.errors import DueNotFoundError, InvoiceNotFoundError
from marketplace.invoicing.rules import WANTED
from marketplace.kernel.money import Money
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.contracts import Contract
from models.invoicing import Due, DueKind, Invoice

CURRENCY: Final = "VND"
_CONTRACT_ID: Final = bindparam("contract_id", type_=BigInteger)
_KEPT: Final = Due.received_minor - Due.returned_minor
_BEFOREHAND: Final = Question(
    select(
        select(func.coalesce(func.sum(_KEPT), 0))
        .where(Due.contract_id == _CONTRACT_ID, Due.kind == DueKind.DEPOSIT)
        .scalar_subquery(),
        select(func.coalesce(func.sum(Invoice.deposit_minor), 0))
        .where(Invoice.contract_id == _CONTRACT_ID)
        .scalar_subquery(),
        select(func.coalesce(func.sum(Invoice.advance_minor), 0))
        .where(Invoice.contract_id == _CONTRACT_ID)
        .scalar_subquery(),
        select(Invoice.carried_minor)
        .where(Invoice.contract_id == _CONTRACT_ID)
        .order_by(Invoice.id.desc())
        .limit(1)
        .scalar_subquery(),
    )
)


@dataclass(frozen=True, slots=True)
class Beforehand:
    """What earlier papers of a contract leave for the next invoice, in đồng.

    Attributes:
        deposit_left_minor: of the deposit that was paid.
        advance_used_minor: what was taken from advances.
        carried_minor: penalties that the last invoice could not bear.
    """

    deposit_left_minor: int
    advance_used_minor: int
    carried_minor: int


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """An invoice with what falls due of it."""

    invoice: Invoice
    dues: tuple[Due, ...]

    @property
    def paid(self) -> Money:
        """What came in for it and is kept."""
        return Money(sum(kept_of(each) for each in self.dues), self.invoice.currency)

    @property
    def missing(self) -> Money:
        """What is still to be paid, whenever it falls due."""
        return self.invoice.total - self.paid


@dataclass(frozen=True, slots=True)
class OpenDue:
    """Something that a buyer has to pay, and for what."""

    due: Due
    contract_number: str
    invoice_number: str | None
    seller_name: str


@dataclass(frozen=True, slots=True)
class Owing:
    """All that a buyer owes, whoever sold; asked of the table of permissions."""

    buyer_id: int
    seller_id: int = 0


def kept_of(due: Due) -> int:
    """What came in for a due and does not go back, in đồng."""
    return due.received_minor - due.returned_minor


def missing_of(due: Due) -> Money:
    """What is still waited for; nothing once it is paid or cancelled."""
    minor = due.amount_minor - kept_of(due) if due.state in WANTED else 0
    return Money(minor, due.currency)


def beforehand(contract_id: int) -> Beforehand:
    """What earlier papers of a locked contract leave; one statement."""
    [[kept, used, advance, carried]] = _BEFOREHAND.ask(contract_id=contract_id)
    return Beforehand(int(kept) - int(used), int(advance), int(carried or 0))


def find_invoice_of(delivery_id: int) -> Invoice | None:
    """The invoice of a delivery."""
    return session.scalar(select(Invoice).where(Invoice.delivery_id == delivery_id))


def find_invoice_asking(due: Due) -> Invoice | None:
    """The invoice that a due is a part of; None for a deposit."""
    return None if due.invoice_id is None else session.get_one(Invoice, due.invoice_id)


def get_due_by_id(due_id: int) -> Due:
    """A due, for whoever will lock it."""
    return session.get_one(Due, due_id)


def find_due_by_text(text: str) -> Due | None:
    """The due with the reference that a person typed."""
    wanted = "".join(text.split()).upper()
    return session.scalar(select(Due).where(Due.reference == wanted))


def received_of(invoice: Invoice) -> int:
    """What came in of an invoice and is kept, with the deposit that it consumed, in đồng."""
    kept = session.scalar(
        select(func.coalesce(func.sum(_KEPT), 0)).where(Due.invoice_id == invoice.id)
    )
    return int(kept or 0) + invoice.deposit_minor


def deposits_of(contract_id: int) -> Sequence[Due]:
    """What was asked for beforehand under a contract."""
    return session.scalars(
        select(Due)
        .where(Due.contract_id == contract_id, Due.kind == DueKind.DEPOSIT)
        .order_by(Due.id)
    ).all()


def find_dues_by_references(references: Sequence[str]) -> Sequence[Due]:
    """The dues that carry one of the references, each once."""
    if not references:
        return []
    return session.scalars(select(Due).where(Due.reference.in_(references)).order_by(Due.id)).all()


def invoices_of(contract: Contract, *, viewer: Actor) -> list[InvoiceView]:
    """The invoices of a contract, newest first; two statements.

    Raises:
        NotAllowedError: the viewer does not see them.
    """
    authorize(viewer, Permission.INVOICE_VIEW, contract)
    invoices = session.scalars(
        select(Invoice).where(Invoice.contract_id == contract.id).order_by(Invoice.id.desc())
    ).all()
    dues: dict[int | None, list[Due]] = {}
    for due in session.scalars(
        select(Due).where(Due.contract_id == contract.id).order_by(Due.due_on, Due.id)
    ):
        dues.setdefault(due.invoice_id, []).append(due)
    return [InvoiceView(each, tuple(dues.get(each.id, ()))) for each in invoices]


def get_invoice(contract: Contract, number: str, *, viewer: Actor) -> InvoiceView:
    """An invoice of a contract with its dues; two statements.

    Raises:
        NotAllowedError: the viewer does not see invoices.
        InvoiceNotFoundError: the contract has no such invoice.
    """
    authorize(viewer, Permission.INVOICE_VIEW, contract)
    invoice = session.scalar(
        select(Invoice).where(Invoice.contract_id == contract.id, Invoice.number == number)
    )
    if invoice is None:
        raise InvoiceNotFoundError(number=number)
    dues = session.scalars(
        select(Due).where(Due.invoice_id == invoice.id).order_by(Due.due_on, Due.id)
    )
    return InvoiceView(invoice, tuple(dues))


def get_due(contract: Contract, reference: str, *, viewer: Actor) -> Due:
    """What falls due under a contract by its reference.

    Raises:
        NotAllowedError: the viewer does not see it.
        DueNotFoundError: the contract has nothing with this reference.
    """
    authorize(viewer, Permission.INVOICE_VIEW, contract)
    due = session.scalar(
        select(Due).where(Due.contract_id == contract.id, Due.reference == reference)
    )
    if due is None:
        raise DueNotFoundError(reference=reference)
    return due


@dataclass(frozen=True, slots=True)
class OpenTotal:
    """What a buyer has to pay in all, and what of it is overdue."""

    missing: Money
    overdue: Money


def open_total(*, viewer: Actor, today: date) -> OpenTotal:
    """What the viewer's enterprise has to pay in all; one statement.

    Raises:
        NotAllowedError: the viewer does not see what it owes.
    """
    authorize(viewer, Permission.INVOICE_VIEW, Owing(viewer.organisation_id or 0))
    missing = func.sum(Due.amount_minor - _KEPT)
    whole, overdue = session.execute(
        select(
            func.coalesce(missing, 0), func.coalesce(missing.filter(Due.due_on < today), 0)
        ).where(Due.buyer_id == viewer.organisation_id, Due.state.in_(WANTED))
    ).one()
    return OpenTotal(Money(int(whole), CURRENCY), Money(int(overdue), CURRENCY))


def open_dues(*, viewer: Actor, page: PageRequest) -> Page[OpenDue]:
    """What the viewer's enterprise has to pay, the most urgent first; two statements.

    Raises:
        NotAllowedError: the viewer does not see what it owes.
    """
    authorize(viewer, Permission.INVOICE_VIEW, Owing(viewer.organisation_id or 0))
    mine = (Due.buyer_id == viewer.organisation_id, Due.state.in_(WANTED))
    total = session.scalar(select(func.count()).select_from(Due).where(*mine)) or 0
    rows = session.execute(
        select(Due, Contract.number, Invoice.number, Organisation.short_name)
        .join(Contract, Contract.id == Due.contract_id)
        .join(Organisation, Organisation.id == Due.seller_id)
        .outerjoin(Invoice, Invoice.id == Due.invoice_id)
        .where(*mine)
        .order_by(Due.due_on, Due.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(rows=[OpenDue(*row) for row in rows], request=page, total=total)
