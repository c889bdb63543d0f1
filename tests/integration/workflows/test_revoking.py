"""Who is told when the alliance takes a certificate back."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM, NotAllowedError
from marketplace.workflows import fulfilment, revoking
from models.certification import Certificate, CertificateState
from models.notifications import Message
from models.orders import PaymentMethod
from tests.factories.accounts import MembershipFactory, acting, officer
from tests.factories.certification import CertificateFactory
from tests.factories.orders import parts_of, place, product_in_stock
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

TEMPLATE = "buyer_certificate_revoked"


@pytest.fixture
def coffee(session):
    return product_in_stock(organisation__phone="+84912345678")


@pytest.fixture
def certificate(coffee):
    return CertificateFactory(organisation=coffee.organisation, products=[coffee])


def revoke(certificate, *, actor=None, at=TUESDAY):
    return revoking.revoke_certificate(
        actor=actor or officer(), certificate_id=certificate.id, reason="Giấy giả", at=at
    )


def told(session):
    return [
        message
        for message in session.scalars(select(Message).order_by(Message.id))
        if message.key.startswith(f"{TEMPLATE}:")
    ]


def sold(product, **details):
    return place(product, at=MONDAY, payment_method=PaymentMethod.CASH, **details)


def go_on(part, *acts, **details):
    for act in acts:
        act(actor=SYSTEM, seller_order_id=part.id, at=MONDAY, **details)


def test_a_buyer_who_waits_is_told_and_may_call_the_order_off(session, coffee, certificate):
    order = sold(coffee)

    revoke(certificate)

    [message] = told(session)
    assert certificate.state == CertificateState.REVOKED
    assert message.recipient == "huyen@example.com"
    assert order.number in message.body_text
    assert coffee.name_vi in message.body_text
    assert certificate.number in message.body_text
    assert "bạn hủy đơn" in message.body_text
    assert f"/chung-nhan/{certificate.id}" in message.body_html


def test_after_packing_the_buyer_is_given_the_telephone(session, coffee, certificate):
    [part] = parts_of(sold(coffee, locale="en"))
    go_on(part, fulfilment.confirm_order, fulfilment.pack_order)

    revoke(certificate)

    [message] = told(session)
    assert message.locale == "en"
    assert coffee.name_en in message.body_text
    assert "+84 912 345 678" in message.body_text
    assert "cancel on the order" not in message.body_text


def test_two_orders_of_a_buyer_are_one_mail(session, coffee, certificate):
    numbers = [sold(coffee).number, sold(coffee, email="HUYEN@example.com").number]
    sold(coffee, email="khac@example.com")

    revoke(certificate)

    first, other = told(session)
    assert all(number in first.body_text for number in numbers)
    assert all(number not in other.body_text for number in numbers)
    assert other.recipient == "khac@example.com"


def test_who_left_no_address_and_who_bought_by_its_renewal_is_left_alone(
    session, coffee, certificate
):
    sold(coffee, email=None)
    sold(coffee)
    CertificateFactory(
        organisation=coffee.organisation,
        number=certificate.number,
        valid_from=certificate.valid_to,
        valid_to=date(2029, 12, 31),
    )
    renewed = session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()

    revoke(renewed)

    assert told(session) == []


def test_a_second_time_nobody_is_told_again(session, coffee, certificate):
    sold(coffee)

    revoke(certificate)
    revoke(certificate, at=WEDNESDAY)

    assert len(told(session)) == 1


def test_whoever_has_the_goods_or_bought_others_is_left_alone(session, coffee, certificate):
    [delivered] = parts_of(sold(coffee))
    go_on(delivered, fulfilment.confirm_order, fulfilment.pack_order)
    go_on(delivered, fulfilment.hand_over_order, carrier="Xe của hợp tác xã")
    go_on(delivered, fulfilment.deliver_order)
    sold(product_in_stock())

    revoke(certificate)

    assert told(session) == []


def test_a_director_cannot_and_nobody_is_told(session, coffee, certificate):
    sold(coffee)
    director = acting(MembershipFactory(organisation=coffee.organisation))

    with pytest.raises(NotAllowedError):
        revoke(certificate, actor=director)

    assert certificate.state == CertificateState.VERIFIED
    assert told(session) == []
