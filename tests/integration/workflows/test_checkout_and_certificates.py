"""A certificate that is taken back or ends while somebody buys."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.certification import operations as certification
from marketplace.certification.queries import ended
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.workflows import fulfilment
from marketplace.workflows.checkout import look_at_cart, place_order
from models.orders import LineLot, OrderLine, PaymentMethod
from models.traceability import Lot
from tests.factories.accounts import officer
from tests.factories.certification import CertificateFactory
from tests.factories.orders import (
    HANOI,
    cart_with,
    collecting_account,
    parts_of,
    place,
    product_in_stock,
)
from tests.factories.orders import purchase as sent
from tests.factories.traceability import LotCertificateFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

LAST = date(2026, 12, 31)
OVER = vietnam_midnight(LAST + timedelta(days=1))
SECOND = timedelta(seconds=1)


@pytest.fixture
def product(session):
    return product_in_stock()


@pytest.fixture
def certificate(product):
    return CertificateFactory(organisation=product.organisation, products=[product], valid_to=LAST)


def revoke(certificate):
    certification.revoke_certificate(
        actor=officer(), certificate_id=certificate.id, reason="Giấy giả", at=TUESDAY
    )


def line_of(session, order):
    [part] = parts_of(order)
    return session.scalars(select(OrderLine).where(OrderLine.seller_order_id == part.id)).one()


def lot_id(session):
    return session.scalars(select(Lot.id)).one()


def codes(row):
    return [one["code"] for one in row.certificates]


def test_what_was_revoked_between_the_basket_and_the_order_is_not_promised(
    session, product, certificate
):
    collecting_account()
    cart = cart_with(product)
    look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)
    revoke(certificate)

    order = place_order(actor=SYSTEM, cart_id=cart.id, purchase=sent(), at=WEDNESDAY)

    assert codes(line_of(session, order)) == []


def test_what_was_revoked_after_the_order_stays_on_its_line_but_not_on_the_lot(
    session, product, certificate
):
    order = place(product, at=MONDAY, payment_method=PaymentMethod.CASH)
    line = line_of(session, order)
    LotCertificateFactory(lot_id=lot_id(session), certificate_id=certificate.id)
    revoke(certificate)

    [part] = parts_of(order)
    for act in (fulfilment.confirm_order, fulfilment.pack_order):
        act(actor=SYSTEM, seller_order_id=part.id, at=WEDNESDAY)

    session.refresh(line)
    assert codes(line) == ["VIETGAP_CROP"]
    packed = session.scalars(select(LineLot).where(LineLot.line_id == line.id)).one()
    assert codes(packed) == []


@pytest.mark.parametrize(
    ("moment", "had"), [(OVER - SECOND, ["VIETGAP_CROP"]), (OVER, [])], ids=["23:59:59", "00:00"]
)
@pytest.mark.parametrize("has_job_run", [False, True])
@pytest.mark.usefixtures("certificate")
def test_the_day_of_the_order_is_the_one_in_vietnam(session, product, moment, had, has_job_run):
    if has_job_run:
        for certificate_id in ended(business_day(moment)):
            certification.expire_certificate(certificate_id=certificate_id, at=moment)

    order = place(product, at=moment)

    assert codes(line_of(session, order)) == had


def test_goods_harvested_in_time_are_packed_as_certified_after_the_end(
    session, product, certificate
):
    LotCertificateFactory(lot_id=lot_id(session), certificate_id=certificate.id)
    order = place(product, at=OVER, payment_method=PaymentMethod.CASH)
    line = line_of(session, order)
    certification.expire_certificate(certificate_id=certificate.id, at=OVER)

    [part] = parts_of(order)
    for act in (fulfilment.confirm_order, fulfilment.pack_order):
        act(actor=SYSTEM, seller_order_id=part.id, at=OVER)

    packed = session.scalars(select(LineLot).where(LineLot.line_id == line.id)).one()
    assert (codes(line), codes(packed)) == ([], ["VIETGAP_CROP"])
