"""Money under contracts, interrupted: accepted and invoiced, completed, and paid by transfer."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from models.accounts import Role
from models.contracts import Contract
from models.deliveries import DeliveryLine, DeliveryState
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.invoicing import arrived, deposit_of, dues_of, invoiced, running
from tests.factories.orders import collecting_account
from tests.factories.payments import csv_of, import_rows, row
from tests.proofs.crashing import Action
from tests.proofs.stories import cookie_of, operator


def accept_by_itself(_app: Flask) -> Action:
    """The minute's job finds a delivery that nobody spoke of until the deadline."""
    delivery = arrived(_contract())
    for line in session.scalars(select(DeliveryLine)):
        line.accepted_g, line.amount_minor, line.calculation = None, 0, {}
    delivery.state, delivery.accepted_at, delivery.arrived_on = DeliveryState.SHIPPED, None, None
    delivery.shipped_at = now() - timedelta(days=3)
    delivery.accept_by_at = now() - timedelta(minutes=1)
    return Action(job="contracts.accept_overdue")


def complete_a_contract(_app: Flask) -> Action:
    """The morning's job finds a contract that has run its time, half of its deposit left."""
    contract = _contract()
    deposit = deposit_of(contract, at=now() - timedelta(days=90))
    import_rows(row(deposit.amount_minor, deposit.reference, at=now()), at=now())
    invoiced(arrived(contract, due_on=business_day(now()) - timedelta(days=30)))
    contract.starts_on = business_day(now()) - timedelta(days=100)
    contract.ends_on = business_day(now()) - timedelta(days=1)
    return Action(job="contracts.complete_contracts")


def bring_transfers(app: Flask) -> Action:
    """The operator brings in a statement: one stage is paid in part, one twice."""
    contract = _contract()
    stage, later, _retention = dues_of(invoiced(arrived(contract)))
    content = csv_of(
        row(1_000_000, f"{stage.reference} ck", at=now(), reference="FT1"),
        row(later.amount_minor, f"{later.reference} ck", at=now(), reference="FT2"),
        row(later.amount_minor, f"{later.reference} ck lai", at=now(), reference="FT3"),
    )
    file = ("statement", "sao-ke.csv", content.encode().decode("latin-1"))
    return Action("/van-hanh/sao-ke", cookie_of(app, operator()), file=file)


def _contract() -> Contract:
    """A contract whose buyer reads its letters."""
    collecting_account()
    buyer = OrganisationFactory(enterprise=True)
    MembershipFactory(organisation=buyer, role=Role.DIRECTOR)
    return running(buyer=buyer)
