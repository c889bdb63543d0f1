"""Who is told when a certificate ends by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.jobs import certification as jobs
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.workflows import ending, fulfilment
from models.certification import CertificateState
from models.notifications import Message
from models.orders import PaymentMethod
from tests.factories.certification import CertificateFactory
from tests.factories.orders import parts_of, place, product_in_stock
from tests.moments import MONDAY

TEMPLATE = "buyer_certificate_ended"
LAST = business_day(MONDAY) + timedelta(days=1)
OVER = vietnam_midnight(LAST + timedelta(days=1))
SECOND = timedelta(seconds=1)


@pytest.fixture
def coffee(session):
    return product_in_stock(organisation__phone="+84912345678")


@pytest.fixture
def certificate(coffee):
    return CertificateFactory(organisation=coffee.organisation, products=[coffee], valid_to=LAST)


def told(session):
    return [
        message
        for message in session.scalars(select(Message).order_by(Message.id))
        if message.key.startswith(f"{TEMPLATE}:")
    ]


def sold(product, **details):
    return place(product, at=MONDAY, payment_method=PaymentMethod.CASH, **details)


def expire(certificate, at=OVER):
    return ending.expire_certificate(certificate_id=certificate.id, at=at)


def test_a_buyer_who_waits_reads_that_it_ended_on_its_last_day(session, coffee, certificate):
    order = sold(coffee)

    assert expire(certificate)

    [message] = told(session)
    assert certificate.state == CertificateState.EXPIRED
    assert message.recipient == "huyen@example.com"
    assert message.subject == "Chứng nhận VietGAP của hàng bạn mua đã hết hiệu lực"
    for words in (
        order.number,
        coffee.name_vi,
        certificate.number,
        f"hết hiệu lực sau ngày {LAST:%d/%m/%Y}, đúng ngày ghi trên giấy; không ai thu hồi",
        "Hàng thu hoạch tới hết ngày đó vẫn được tính là có chứng nhận",
        "bạn hủy đơn",
        f"/chung-nhan/{certificate.id}",
    ):
        assert words in message.body_text
    assert order.number in message.body_html


def test_in_english_and_after_packing_with_the_telephone(session, coffee, certificate):
    [part] = parts_of(sold(coffee, locale="en"))
    for act in (fulfilment.confirm_order, fulfilment.pack_order):
        act(actor=SYSTEM, seller_order_id=part.id, at=MONDAY)

    expire(certificate)

    [message] = told(session)
    assert "nobody withdrew it" in message.body_text
    assert coffee.name_en in message.body_text
    assert "+84 912 345 678" in message.body_text
    assert "cancel on the order" not in message.body_text


def test_once_for_each_buyer_however_many_orders_and_runs(
    session, coffee, certificate, monkeypatch
):
    orders = [sold(coffee), sold(coffee)]
    sold(coffee, email="khac@example.com")
    monkeypatch.setattr(jobs, "now", lambda: OVER)

    jobs.end_certificates()
    jobs.end_certificates()
    assert not expire(certificate, OVER + SECOND)

    first, other = told(session)
    assert (first.recipient, other.recipient) == ("huyen@example.com", "khac@example.com")
    assert all(order.number in first.body_text for order in orders)


def test_before_its_last_day_is_over_nobody_is(session, coffee, certificate):
    sold(coffee)

    assert not expire(certificate, OVER - SECOND)

    assert told(session) == []


def test_who_has_the_goods_bought_others_or_by_another_paper_is_left_alone(
    session, coffee, certificate
):
    [delivered] = parts_of(sold(coffee))
    for act, details in (
        (fulfilment.confirm_order, {}),
        (fulfilment.pack_order, {}),
        (fulfilment.hand_over_order, {"carrier": "Xe của hợp tác xã"}),
        (fulfilment.deliver_order, {}),
    ):
        act(actor=SYSTEM, seller_order_id=delivered.id, at=MONDAY, **details)
    sold(product_in_stock())
    renewed = product_in_stock(organisation=coffee.organisation)
    CertificateFactory(
        organisation=coffee.organisation,
        number=certificate.number,
        valid_to=LAST + timedelta(days=700),
        products=[renewed],
    )
    sold(renewed)

    assert expire(certificate)

    assert told(session) == []


def test_when_telling_fails_nothing_is_written_down_and_the_next_run_does_both(
    session, coffee, certificate, monkeypatch
):
    sold(coffee)
    monkeypatch.setattr(jobs, "now", lambda: OVER)
    real = ending.tell_buyers

    def fails(*_given, **_more):
        raise RuntimeError

    monkeypatch.setattr(ending, "tell_buyers", fails)
    jobs.end_certificates()
    session.expire_all()
    assert (certificate.state, told(session)) == (CertificateState.VERIFIED, [])

    monkeypatch.setattr(ending, "tell_buyers", real)
    jobs.end_certificates()
    session.expire_all()
    assert (certificate.state, len(told(session))) == (CertificateState.EXPIRED, 1)


def test_there_has_to_be_one(session):
    with pytest.raises(CertificateNotFoundError):
        ending.expire_certificate(certificate_id=999_999, at=OVER)
