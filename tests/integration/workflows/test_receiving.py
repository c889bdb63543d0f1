"""Receiving a lot from end to end."""

from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.traceability.rules import NewLot
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.inventory import LotStock, StockMovement
from models.traceability import Lot, LotCertificate
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


def harvest(product, code=None):
    return NewLot(
        organisation_id=product.organisation_id,
        product_id=product.id,
        harvested_on=date(2026, 10, 28),
        quantity_g=46_000,
        code=code,
    )


class TestReceiveLot:
    def test_puts_stock_behind_the_lot_and_links_what_held_at_harvest(self, session):
        product = ProductFactory()
        owner = product.organisation
        held = CertificateFactory(organisation=owner, products=[product])
        CertificateFactory(organisation=owner, products=[product], waiting=True)
        CertificateFactory(organisation=owner, products=[product], expired=True)
        CertificateFactory(organisation=owner)

        lot = receive_lot(actor=member_of(owner, Role.WAREHOUSE), lot=harvest(product), at=MONDAY)

        assert session.scalars(select(LotCertificate.certificate_id)).all() == [held.id]
        stock = session.get_one(LotStock, lot.id)
        assert (stock.product_id, stock.on_hand_g, stock.held_g) == (product.id, 46_000, 0)

    def test_sent_twice_receives_once(self, session):
        product = ProductFactory()
        actor = member_of(product.organisation)

        for _ in range(2):
            receive_lot(actor=actor, lot=harvest(product, code="A-1"), at=MONDAY)

        assert session.scalar(select(func.sum(StockMovement.grams))) == 46_000
        assert session.scalar(select(func.count(Lot.id))) == 1

    def test_refused_leaves_nothing(self, session):
        product = ProductFactory()

        with pytest.raises(NotAllowedError):
            receive_lot(
                actor=member_of(product.organisation, Role.SALES), lot=harvest(product), at=MONDAY
            )

        assert session.scalar(select(func.count(Lot.id))) == 0
        assert session.scalar(select(func.count(StockMovement.id))) == 0
