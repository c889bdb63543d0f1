"""What is charged under the contracts of the small market: an invoice and what falls due of it."""

from dataclasses import dataclass

from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from marketplace.workflows.contract_billing import invoice_delivery
from models.contracts import Contract
from models.deliveries import DeliveryState
from models.invoicing import Due, Invoice
from models.traceability import Lot
from tests.factories.contracts import DeliveryFactory, DeliveryLineFactory

GRAMS = 2_000
PRICE = 240_000


@dataclass
class Charges:
    """An invoice under a contract, and the first thing that falls due of it."""

    contract: Contract
    invoice: Invoice
    due: Due

    def values(self) -> dict[str, object]:
        """The parameters of the endpoints about money, but whose desk it is."""
        return {
            "number": self.contract.number,
            "invoice_number": self.invoice.number,
            "reference": self.due.reference,
        }


def charges_of(contract: Contract, lot: Lot) -> Charges:
    """Two kilograms of a lot, invoiced today by a number that no other seller gave."""
    earlier = session.scalars(select(Invoice.number)).all()
    invoice = _invoiced(contract, lot)
    while invoice.number in earlier:
        invoice = _invoiced(contract, lot)
    due = session.scalars(select(Due).where(Due.invoice_id == invoice.id)).one()
    return Charges(contract, invoice, due)


def _invoiced(contract: Contract, lot: Lot) -> Invoice:
    at = now()
    today = business_day(at)
    delivery = DeliveryFactory(
        contract=contract,
        state=DeliveryState.ACCEPTED,
        shipped_at=at,
        accept_by_at=at,
        accepted_at=at,
        arrived_on=today,
        due_on=today,
        due_from=today,
        planned_g=GRAMS,
    )
    DeliveryLineFactory(
        delivery=delivery,
        lot=lot,
        shipped_g=GRAMS,
        accepted_g=GRAMS,
        amount_minor=PRICE,
        calculation={"counted_g": GRAMS, "unit_minor": 120_000, "difference_minor": 0},
    )
    invoice = invoice_delivery(delivery_id=delivery.id, at=at)
    assert invoice is not None
    return invoice
