"""The letters of a delivery that arrives: who is told what, once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.contracts.acceptance.access import lines_of
from marketplace.jobs import acceptance as jobs
from marketplace.workflows.accepting import (
    accept_automatically,
    accept_delivery,
    open_dispute,
    receive_return,
    resolve_dispute,
    write_off_return,
)
from models.accounts import Organisation, Role
from models.notifications import Message
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.integration.contracts.arrivals import (
    ARRIVED,
    TONNE,
    all_taken,
    buyer_of,
    contract_of,
    seller_of,
    underway,
)
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

DEADLINE = MONDAY + timedelta(hours=48)


@pytest.fixture
def delivery(session, monkeypatch):
    """Underway; the accountant and the warehouse of both sides are not written to."""
    monkeypatch.setattr(jobs, "now", lambda: TUESDAY)
    found = underway(1)
    contract = contract_of(found)
    people = (
        (contract.buyer_id, Role.BUYER, "mua@rangxay.example", "vi"),
        (contract.buyer_id, Role.ACCOUNTANT, "so@rangxay.example", "vi"),
        (contract.seller_id, Role.SALES, "ban@cumgar.example", "en"),
        (contract.seller_id, Role.WAREHOUSE, "kho@cumgar.example", "vi"),
    )
    for organisation_id, role, email, locale in people:
        MembershipFactory(
            organisation=session.get_one(Organisation, organisation_id),
            role=role,
            user=UserFactory(email=email, locale=locale),
        )
    return found


def told(session, template):
    """Who got a letter of a template, of the people with an address of their own."""
    found = session.scalars(
        select(Message)
        .where(Message.key.startswith(f"{template}:"), Message.recipient.like("%.example"))
        .order_by(Message.recipient)
    ).all()
    named = ("@rangxay.example", "@cumgar.example")
    return {each.recipient: each for each in found if each.recipient.endswith(named)}


def accept(delivery, **first):
    accept_delivery(
        actor=buyer_of(delivery),
        delivery_id=delivery.id,
        arrival=ARRIVED,
        results=all_taken(delivery, **first),
        at=TUESDAY,
    )


def test_the_seller_hears_what_was_accepted(session, delivery):
    accept(delivery, accepted_g=4 * TONNE, rejected_g=TONNE, reason="Mười bao mốc")

    jobs.tell_accepted(delivery_id=delivery.id)
    jobs.tell_accepted(delivery_id=delivery.id, newer="ignored")

    letters = told(session, "delivery_accepted")
    assert list(letters) == ["ban@cumgar.example"]
    letter = letters["ban@cumgar.example"]
    assert letter.subject == f"Delivery {delivery.number} has been received"
    for words in ("4 t", "1 t", "480,000,000", "Mười bao mốc", "Lê Văn Kho"):
        assert words in letter.body_text.replace("\N{NO-BREAK SPACE}", " ")
    assert f"/giao-hang/{delivery.number}" in letter.body_html


def test_both_sides_hear_that_the_clock_accepted(session, delivery):
    accept_automatically(delivery_id=delivery.id, at=DEADLINE)

    jobs.tell_accepted(delivery_id=delivery.id)

    assert list(told(session, "delivery_accepted_by_clock")) == [
        "ban@cumgar.example",
        "mua@rangxay.example",
    ]


def test_the_other_side_hears_of_a_dispute_and_its_end(session, delivery):
    seller = seller_of(delivery)
    opened = open_dispute(actor=seller, delivery_id=delivery.id, text="Xe chờ hai ngày", at=TUESDAY)
    jobs.tell_disputed(dispute_id=opened.id)
    resolve_dispute(
        actor=seller, delivery_id=delivery.id, resolution="Bên mua trả tiền chờ", at=WEDNESDAY
    )
    jobs.tell_settled(dispute_id=opened.id)

    [first] = told(session, "delivery_disputed").values()
    [second] = told(session, "delivery_settled").values()
    assert {first.recipient, second.recipient} == {"mua@rangxay.example"}
    assert "“Xe chờ hai ngày”" in first.body_text
    assert "“Bên mua trả tiền chờ”" in second.body_text


@pytest.mark.parametrize("is_back", [True, False])
def test_the_buyer_hears_what_became_of_rejected_goods(session, delivery, is_back):
    accept(delivery, accepted_g=4 * TONNE, rejected_g=TONNE, reason="Mốc")
    line_id, keeper = lines_of(delivery.id)[0].id, seller_of(delivery)
    if is_back:
        receive_return(actor=keeper, line_id=line_id, at=WEDNESDAY)
    else:
        write_off_return(actor=keeper, line_id=line_id, reason="Cho ủ phân", at=WEDNESDAY)

    jobs.tell_returned(line_id=line_id)

    template = "delivery_return_received" if is_back else "delivery_return_written_off"
    [letter] = told(session, template).values()
    assert letter.recipient == "mua@rangxay.example"
    assert "1 tấn" in letter.body_text.replace("\N{NO-BREAK SPACE}", " ")
    assert ("Cho ủ phân" in letter.body_text) is not is_back
