"""Deliveries that arrive: what the buyer says, what it costs, and what the clock says (CTR-03)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.errors import (
    AcceptedByClockError,
    AlreadyAcceptedError,
    ArrivalImpossibleError,
    NotUnderwayError,
    PhotoUnknownError,
    ResultsIncompleteError,
)
from marketplace.contracts.acceptance.queries import overdue_delivery_ids
from marketplace.contracts.acceptance.rules import is_overdue
from marketplace.contracts.deliveries.errors import DeliveryNotFoundError
from marketplace.contracts.pricing.errors import ReferenceMissingError
from marketplace.contracts.terms import Price
from marketplace.jobs import acceptance as jobs
from marketplace.workflows.accepting import accept_automatically, accept_delivery
from models.accounts import Role
from models.contracts import ReferencePrice
from models.deliveries import Delivery, DeliveryReturn, DeliveryState, ReturnState
from models.invoicing import Invoice
from models.platform import AuditEvent, StateChange
from tests.factories.contracts import DeliveryFactory, graded_terms
from tests.factories.media import MediaFileFactory
from tests.integration.contracts.arrivals import (
    ARRIVED,
    DRY,
    TONNE,
    all_taken,
    buyer_of,
    contract_of,
    seller_of,
    underway,
)
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

DEADLINE = MONDAY + timedelta(hours=48)
"""Wednesday at nine."""


@pytest.fixture
def delivery(session):
    return underway()


@pytest.fixture
def buyer(delivery):
    return buyer_of(delivery)


def accept(delivery, actor, results=None, *, at=TUESDAY, arrival=ARRIVED):
    return accept_delivery(
        actor=actor,
        delivery_id=delivery.id,
        arrival=arrival,
        results=all_taken(delivery) if results is None else results,
        at=at,
    )


def amounts(delivery):
    return [line.amount_minor for line in lines_of(delivery.id)]


class TestWhatTheBuyerSays:
    def test_everything_is_taken_priced_and_told(self, session, delivery, buyer):
        assert accept(delivery, buyer) is True

        assert delivery.state == DeliveryState.ACCEPTED
        assert (delivery.accepted_at, delivery.accepted_by_id) == (TUESDAY, buyer.user_id)
        assert delivery.arrived_on == date(2026, 11, 3)
        assert (delivery.received_by, delivery.handed_by) == ("Lê Văn Kho", "Y Bhăm")
        assert delivery.is_automatic is False
        assert amounts(delivery) == [600_000_000, 600_000_000]
        [line, _other] = lines_of(delivery.id)
        assert (line.accepted_g, line.short_g, line.rejected_g) == (5 * TONNE, 0, 0)
        assert (line.accepted_grade, line.moisture) == ("R1", DRY)
        assert line.calculation["amount_minor"] == 600_000_000
        assert session.scalar(select(func.count()).select_from(DeliveryReturn)) == 0
        change = session.scalars(
            select(StateChange).where(StateChange.subject_kind == "delivery")
        ).one()
        assert (change.from_state, change.to_state) == ("shipped", "accepted")
        invoice = session.scalars(select(Invoice)).one()
        assert (invoice.delivery_id, invoice.goods_minor) == (delivery.id, 1_200_000_000)
        trail = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "contracts.accept_delivery")
        ).one()
        assert trail.after == {"accepted_g": 10 * TONNE, "short_g": 0, "rejected_g": 0}

    def test_ctr_01_short_regraded_and_rejected_goods_are_priced_by_what_was_taken(
        self, session, delivery, buyer
    ):
        photo = MediaFileFactory(organisation_id=buyer.organisation_id, kind="paper")
        results = all_taken(
            delivery,
            accepted_g=3 * TONNE,
            short_g=TONNE,
            rejected_g=TONNE,
            grade="R2",
            moisture=Decimal("14.25"),
            reason="Hai bao rách, năm bao mốc",
            photo_id=photo.id,
        )

        accept(delivery, buyer, results)

        # 3,000 kg × 85.75 / 87.5 = 2,940 kg at 116,000 đồng.
        assert amounts(delivery) == [341_040_000, 600_000_000]
        [line, other] = lines_of(delivery.id)
        assert (line.accepted_grade, line.photo_id) == ("R2", photo.id)
        returned = session.scalars(select(DeliveryReturn)).one()
        assert (returned.line_id, returned.grams, returned.state) == (
            line.id,
            TONNE,
            ReturnState.EXPECTED,
        )
        assert other.reason == ""

    def test_everything_can_be_rejected(self, session, delivery, buyer):
        nothing = [
            replace(each, accepted_g=0, rejected_g=5 * TONNE, reason="Mốc", moisture=None)
            for each in all_taken(delivery)
        ]

        accept(delivery, buyer, nothing)

        assert delivery.state == DeliveryState.ACCEPTED
        assert amounts(delivery) == [0, 0]
        assert session.scalar(select(func.sum(DeliveryReturn.grams))) == 10 * TONNE
        assert session.scalar(select(func.count()).select_from(Invoice)) == 0

    def test_the_reference_price_of_the_day_of_shipping_counts(self, session):
        terms = graded_terms(
            price=Price(
                120_000, reference_code="robusta", premium_minor=2_000, ceiling_minor=125_000
            ),
        )
        delivery = underway(1, terms=terms)
        director = buyer_of(delivery, Role.DIRECTOR)
        with pytest.raises(ReferenceMissingError), session.begin_nested():
            accept(delivery, director)
        session.expire_all()
        assert delivery.state == DeliveryState.SHIPPED
        for day, price in ((1, 118_000), (2, 119_500), (3, 130_000)):
            session.add(
                ReferencePrice(
                    code="robusta",
                    day=date(2026, 11, day),
                    currency="VND",
                    price_minor=price,
                    source="Sở",
                    at=MONDAY,
                    by_id=director.user_id,
                )
            )
        session.flush()

        accept(delivery, director)

        assert amounts(delivery) == [5_000 * 121_500]

    def test_the_same_again_changes_nothing(self, session, delivery, buyer):
        results = all_taken(delivery)
        accept(delivery, buyer, results)

        assert accept(delivery, buyer, results, at=TUESDAY + timedelta(hours=1)) is False
        assert accept(delivery, buyer_of(delivery), results) is False

        assert delivery.accepted_at == TUESDAY
        events = select(func.count()).where(AuditEvent.action == "contracts.accept_delivery")
        assert session.scalar(events) == 1

    def test_ctr_03_somebody_who_says_something_else_afterwards_is_told(
        self, session, delivery, buyer
    ):
        accept(delivery, buyer)
        less = all_taken(delivery, accepted_g=0, rejected_g=5 * TONNE, reason="Mốc")

        with pytest.raises(AlreadyAcceptedError) as refused:
            accept(delivery, buyer_of(delivery), less)

        assert refused.value.details == {"received_by": "Lê Văn Kho"}
        assert amounts(delivery) == [600_000_000, 600_000_000]
        assert session.scalar(select(func.count()).select_from(DeliveryReturn)) == 0

    @pytest.mark.parametrize("role", [Role.ACCOUNTANT])
    def test_somebody_else_of_the_enterprise_may_not(self, session, delivery, role):
        with pytest.raises(NotAllowedError):
            accept(delivery, buyer_of(delivery, role))

        assert delivery.state == DeliveryState.SHIPPED

    def test_the_seller_and_strangers_may_not(self, session, delivery):
        for actor in (seller_of(delivery), buyer_of(underway())):
            with pytest.raises(NotAllowedError):
                accept(delivery, actor)

        assert delivery.state == DeliveryState.SHIPPED

    def test_results_of_another_delivery_are_refused(self, session, delivery, buyer):
        with pytest.raises(ResultsIncompleteError):
            accept(delivery, buyer, all_taken(underway()))

    def test_a_photo_of_somebody_else_is_refused(self, session, delivery, buyer):
        foreign = MediaFileFactory(kind="paper")

        with pytest.raises(PhotoUnknownError):
            accept(delivery, buyer, all_taken(delivery, photo_id=foreign.id))

        assert delivery.state == DeliveryState.SHIPPED

    def test_goods_do_not_arrive_before_they_are_sent(self, session, delivery, buyer):
        with pytest.raises(ArrivalImpossibleError):
            accept(delivery, buyer, arrival=replace(ARRIVED, arrived_on=date(2026, 11, 1)))

    def test_what_is_not_underway_is_refused(self, session, delivery, buyer):
        planned = DeliveryFactory(contract=contract_of(delivery))

        with pytest.raises(NotUnderwayError):
            accept(planned, buyer, [])

        with pytest.raises(DeliveryNotFoundError):
            accept_delivery(actor=buyer, delivery_id=0, arrival=ARRIVED, results=[], at=TUESDAY)


class TestTheClock:
    def test_accepts_everything_at_the_deadline_and_not_before(self, session, delivery):
        early = DEADLINE - timedelta(microseconds=1)
        assert overdue_delivery_ids(early) == []
        assert accept_automatically(delivery_id=delivery.id, at=early) is False
        assert overdue_delivery_ids(DEADLINE) == [delivery.id]

        assert accept_automatically(delivery_id=delivery.id, at=DEADLINE) is True

        assert delivery.state == DeliveryState.ACCEPTED
        assert (delivery.is_automatic, delivery.accepted_by_id) == (True, None)
        assert delivery.arrived_on == date(2026, 11, 2)
        assert amounts(delivery) == [600_000_000, 600_000_000]
        assert lines_of(delivery.id)[0].moisture is None

    def test_twice_is_once(self, session, delivery):
        accept_automatically(delivery_id=delivery.id, at=DEADLINE)

        assert accept_automatically(delivery_id=delivery.id, at=DEADLINE) is False

        assert delivery.accepted_at == DEADLINE
        assert overdue_delivery_ids(DEADLINE) == []

    def test_ctr_03_a_person_is_too_late_at_the_deadline_even_before_the_job(
        self, session, delivery, buyer
    ):
        with pytest.raises(AcceptedByClockError):
            accept(delivery, buyer, at=DEADLINE)
        assert delivery.state == DeliveryState.SHIPPED

        accept_automatically(delivery_id=delivery.id, at=DEADLINE)
        with pytest.raises(AcceptedByClockError):
            accept(delivery, buyer, at=DEADLINE)

    def test_a_person_in_time_comes_before_the_clock(self, session, delivery, buyer):
        accept(delivery, buyer, at=DEADLINE - timedelta(microseconds=1), arrival=ARRIVED)

        assert accept_automatically(delivery_id=delivery.id, at=DEADLINE) is False
        assert delivery.is_automatic is False

    def test_the_job_goes_on_after_one_that_cannot_be_priced(self, session, monkeypatch):
        unpriced = underway(1, terms=graded_terms(price=Price(1, reference_code="robusta")))
        priced = underway(1)
        monkeypatch.setattr(jobs, "now", lambda: DEADLINE)

        jobs.accept_overdue()
        jobs.accept_overdue(newer="ignored")

        states = dict(session.execute(select(Delivery.id, Delivery.state)).all())
        assert states == {unpriced.id: "shipped", priced.id: "accepted"}


def test_overdue_knows_what_is_not_underway(session):
    planned = DeliveryFactory()

    assert is_overdue(planned, WEDNESDAY) is False
    assert accept_automatically(delivery_id=planned.id, at=WEDNESDAY) is False
