"""Disagreeing with a delivery: the clock stands still until it is settled."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.acceptance.errors import (
    DisputeOfOthersError,
    DisputeOpenError,
    DisputeTextMissingError,
    NoDisputeError,
    NothingToDisputeError,
)
from marketplace.contracts.acceptance.queries import disputes_of, overdue_delivery_ids
from marketplace.workflows.accepting import (
    accept_automatically,
    accept_delivery,
    open_dispute,
    resolve_dispute,
)
from models.accounts import Role
from models.deliveries import DeliveryDispute, DeliveryState
from models.platform import AuditEvent
from tests.factories.contracts import DeliveryFactory
from tests.integration.contracts.arrivals import (
    ARRIVED,
    all_taken,
    buyer_of,
    contract_of,
    seller_of,
    underway,
)
from tests.moments import FRIDAY, MONDAY, TUESDAY, WEDNESDAY

DEADLINE = MONDAY + timedelta(hours=48)
TEXT = "Xe đến mà thiếu giấy kiểm nghiệm"


@pytest.fixture
def delivery(session):
    return underway()


@pytest.fixture
def buyer(delivery):
    return buyer_of(delivery)


def dispute(delivery, actor, text=TEXT, at=TUESDAY):
    return open_dispute(actor=actor, delivery_id=delivery.id, text=text, at=at)


def settle(delivery, actor, resolution="Đã bổ sung giấy", at=FRIDAY):
    return resolve_dispute(actor=actor, delivery_id=delivery.id, resolution=resolution, at=at)


class TestOpening:
    def test_stops_the_clock(self, session, delivery, buyer):
        opened = dispute(delivery, buyer)

        assert (opened.side, opened.text, opened.opened_at) == ("buyer", TEXT, TUESDAY)
        assert delivery.dispute_open is True
        assert overdue_delivery_ids(FRIDAY) == []
        assert accept_automatically(delivery_id=delivery.id, at=FRIDAY) is False
        assert delivery.state == DeliveryState.SHIPPED

    def test_a_person_may_still_accept(self, session, delivery, buyer):
        dispute(delivery, buyer)

        assert accept_delivery(
            actor=buyer,
            delivery_id=delivery.id,
            arrival=ARRIVED,
            results=all_taken(delivery),
            at=FRIDAY,
        )
        assert delivery.dispute_open is True

    def test_the_seller_disagrees_with_a_result_for_thirty_days(self, session, delivery, buyer):
        seller = seller_of(delivery, Role.SALES)
        accept_delivery(
            actor=buyer,
            delivery_id=delivery.id,
            arrival=ARRIVED,
            results=all_taken(delivery),
            at=TUESDAY,
        )

        with pytest.raises(NothingToDisputeError):
            dispute(delivery, seller, at=TUESDAY + timedelta(days=30, microseconds=1))
        opened = dispute(delivery, seller, at=TUESDAY + timedelta(days=30))

        assert opened.side == "seller"
        assert delivery.dispute_open is True

    def test_the_same_again_is_one(self, session, delivery, buyer):
        first = dispute(delivery, buyer)

        assert dispute(delivery, buyer_of(delivery), at=WEDNESDAY) is first
        with pytest.raises(DisputeOpenError):
            dispute(delivery, buyer, "Thêm nữa")
        with pytest.raises(DisputeOpenError):
            dispute(delivery, seller_of(delivery))
        assert session.scalar(select(func.count()).select_from(DeliveryDispute)) == 1

    def test_says_something(self, session, delivery, buyer):
        with pytest.raises(DisputeTextMissingError):
            dispute(delivery, buyer, "  ")

    def test_is_too_late_at_the_deadline_until_the_clock_has_spoken(self, session, delivery, buyer):
        with pytest.raises(NothingToDisputeError):
            dispute(delivery, buyer, at=DEADLINE)

        accept_automatically(delivery_id=delivery.id, at=DEADLINE)
        assert dispute(delivery, buyer, at=DEADLINE).side == "buyer"

    def test_is_about_goods_that_were_sent(self, session, delivery, buyer):
        planned = DeliveryFactory(contract=contract_of(delivery))

        with pytest.raises(NothingToDisputeError):
            dispute(planned, buyer)

    def test_is_for_who_bargains(self, session, delivery):
        for actor in (
            buyer_of(delivery, Role.ACCOUNTANT),
            seller_of(delivery, Role.WAREHOUSE),
            seller_of(underway()),
        ):
            with pytest.raises(NotAllowedError):
                dispute(delivery, actor)
        assert delivery.dispute_open is False


class TestSettling:
    def test_what_was_left_of_the_time_is_left_again(self, session, delivery, buyer):
        dispute(delivery, buyer)

        settle(delivery, buyer)

        assert delivery.dispute_open is False
        assert delivery.accept_by_at == FRIDAY + timedelta(hours=24)
        [seen] = disputes_of(delivery.id)
        assert (seen.dispute.resolution, seen.dispute.resolved_at) == ("Đã bổ sung giấy", FRIDAY)
        assert seen.opened_by
        assert seen.resolved_by == seen.opened_by
        actions = select(AuditEvent.action).where(AuditEvent.action.like("contracts.%dispute"))
        assert sorted(session.scalars(actions)) == [
            "contracts.open_dispute",
            "contracts.resolve_dispute",
        ]

    def test_only_the_side_that_opened_it_says_so(self, session, delivery, buyer):
        dispute(delivery, buyer)

        with pytest.raises(DisputeOfOthersError):
            settle(delivery, seller_of(delivery))
        with pytest.raises(NotAllowedError):
            settle(delivery, seller_of(underway()))
        with pytest.raises(DisputeTextMissingError):
            settle(delivery, buyer, " ")
        assert delivery.dispute_open is True

    def test_there_must_be_one(self, session, delivery, buyer):
        with pytest.raises(NoDisputeError):
            settle(delivery, buyer)

    def test_another_may_follow(self, session, delivery, buyer):
        dispute(delivery, buyer)
        settle(delivery, buyer, at=WEDNESDAY)

        dispute(delivery, buyer, "Còn thiếu hoá đơn", at=WEDNESDAY + timedelta(hours=1))
        settle(delivery, buyer, at=FRIDAY)

        assert delivery.accept_by_at == FRIDAY + timedelta(hours=23)
        assert len(disputes_of(delivery.id)) == 2
