"""How a seller keeps its promises: each rule by a part of its own, and the figures by hand."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from marketplace.accounts.permissions import SYSTEM, Actor, NotAllowedError
from marketplace.jobs import orders as jobs
from marketplace.kernel.text import sort_key
from marketplace.orders.errors import OrderNotFoundError
from marketplace.orders.queries.promises import Promise
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.promises import (
    Figure,
    get_part,
    parts_behind,
    public_record,
    record_of,
)
from marketplace.reporting.reminders import count_to_remind, sellers_to_remind
from models.accounts import OrganisationKind, Role
from models.orders import OrderState, SellerOrder, SellerOrderState
from tests.factories.accounts import OrganisationFactory, UserFactory, officer
from tests.factories.orders import OrderFactory, SellerOrderFactory
from tests.factories.payments import PaymentFactory
from tests.factories.promises import PromiseReplyFactory, call_off, cash_part, missed_part
from tests.moments import MONDAY, NEXT_MONDAY, TUESDAY, TUESDAY_DAY, WEDNESDAY

SECOND = timedelta(seconds=1)
IN_FORCE = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
"""When the limits of the market hold."""
END_OF_TUESDAY = datetime(2026, 11, 3, 16, 59, 59, tzinfo=UTC)
"""In Việt Nam."""


@pytest.fixture
def seller(session):
    return OrganisationFactory(code="CUMGAR")


def verdicts(seller, part, *, at=NEXT_MONDAY):
    found = get_part(part.number, organisation=seller, viewer=SYSTEM, at=at)
    return found.confirmed, found.handed_over, found.not_called_off, found.delivered


class TestRules:
    @pytest.mark.parametrize(("confirmed_at", "kept"), [(TUESDAY, True), (TUESDAY + SECOND, False)])
    def test_24_hours_to_confirm_and_no_second_more(self, seller, confirmed_at, kept):
        part = cash_part(organisation=seller, state="confirmed", confirmed_at=confirmed_at)

        assert verdicts(seller, part)[0] is kept

    @pytest.mark.parametrize(("at", "verdict"), [(TUESDAY, None), (TUESDAY + SECOND, False)])
    def test_what_nobody_confirmed_is_missed_when_the_time_is_over(self, seller, at, verdict):
        assert verdicts(seller, cash_part(organisation=seller), at=at)[0] is verdict

    def test_a_transfer_reaches_the_seller_when_it_is_complete(self, seller):
        order = OrderFactory(paid=True, parts=0)
        PaymentFactory(order=order, state="paid", paid_at=TUESDAY)
        part = SellerOrderFactory(
            order=order, organisation=seller, state="confirmed", confirmed_at=WEDNESDAY
        )

        found = get_part(part.number, organisation=seller, viewer=SYSTEM, at=NEXT_MONDAY)

        assert (found.reached_at, found.confirm_by, found.confirmed) == (TUESDAY, WEDNESDAY, True)

    @pytest.mark.parametrize("state", [OrderState.AWAITING_PAYMENT, OrderState.EXPIRED])
    def test_what_was_never_paid_never_reached_anybody(self, seller, state):
        order = OrderFactory(state=state, parts=0)
        PaymentFactory(order=order, state="late", paid_at=TUESDAY)
        part = SellerOrderFactory(order=order, organisation=seller)

        with pytest.raises(OrderNotFoundError):
            verdicts(seller, part)
        assert record_of(seller, viewer=SYSTEM, at=NEXT_MONDAY).parts == 0

    def test_what_was_called_off_before_its_money_came_does_not_count(self, seller):
        order = OrderFactory(state=OrderState.CANCELLED, parts=0)
        PaymentFactory(order=order, state="late", paid_at=WEDNESDAY)
        part = SellerOrderFactory(
            order=order, organisation=seller, state="cancelled", cancelled_at=TUESDAY
        )

        with pytest.raises(OrderNotFoundError):
            verdicts(seller, part)

    @pytest.mark.parametrize(
        ("handed_over_at", "kept"), [(END_OF_TUESDAY, True), (END_OF_TUESDAY + SECOND, False)]
    )
    def test_the_promised_day_ends_at_midnight_in_viet_nam(self, seller, handed_over_at, kept):
        part = cash_part(
            organisation=seller,
            promised_on=TUESDAY_DAY,
            state="handed_over",
            handed_over_at=handed_over_at,
        )

        assert verdicts(seller, part, at=END_OF_TUESDAY)[1] is kept

    def test_what_is_still_there_after_the_promised_day_is_late_and_not_delivered(self, seller):
        part = cash_part(organisation=seller, promised_on=TUESDAY_DAY)

        assert verdicts(seller, part, at=END_OF_TUESDAY) == (False, None, True, None)
        assert verdicts(seller, part, at=END_OF_TUESDAY + SECOND) == (False, False, True, False)

    def test_goods_that_are_collected_have_no_day(self, seller):
        part = cash_part(
            organisation=seller,
            delivery_method="pickup",
            state="delivered",
            confirmed_at=MONDAY,
            handed_over_at=NEXT_MONDAY,
            delivered_at=NEXT_MONDAY,
        )

        assert verdicts(seller, part) == (True, None, True, True)

    def test_the_seller_calls_off(self, seller):
        part = call_off(cash_part(organisation=seller, promised_on=TUESDAY_DAY), at=TUESDAY)

        assert verdicts(seller, part) == (None, None, False, False)

    def test_a_helper_calls_off_for_the_seller(self, seller):
        helper = OrganisationFactory(alliance=True)
        part = call_off(
            cash_part(organisation=seller),
            at=TUESDAY,
            actor_organisation_id=helper.id,
            on_behalf_of_id=seller.id,
        )

        assert verdicts(seller, part)[2:] == (False, False)

    def test_the_buyer_calls_off(self, seller):
        part = cash_part(organisation=seller, promised_on=TUESDAY_DAY)
        call_off(part, at=TUESDAY, actor_organisation_id=None)

        assert verdicts(seller, part) == (None, None, True, None)

    def test_a_buyer_who_works_for_the_seller_is_a_buyer(self, seller):
        buyer = UserFactory()
        part = cash_part(organisation=seller)
        part.order.buyer_user_id = buyer.id
        call_off(part, at=TUESDAY, actor_organisation_id=seller.id, actor_user_id=buyer.id)

        assert verdicts(seller, part)[2:] == (True, None)

    def test_half_a_year_and_nothing_older(self, seller):
        at = MONDAY + timedelta(days=180)
        cash_part(organisation=seller, at=MONDAY)
        cash_part(organisation=seller, at=MONDAY + SECOND)
        cash_part(organisation=seller, at=at + SECOND)

        assert record_of(seller, viewer=SYSTEM, at=at).parts == 1


class TestFigures:
    @pytest.fixture
    def parts(self, seller):
        """7 done well, 2 late, 1 called off by the seller, 1 by the buyer, 1 just in."""
        well = {
            "promised_on": TUESDAY_DAY,
            "state": SellerOrderState.DELIVERED,
            "confirmed_at": MONDAY,
            "handed_over_at": TUESDAY,
            "delivered_at": WEDNESDAY,
        }
        for _ in range(7):
            cash_part(organisation=seller, **well)
        late = [
            cash_part(organisation=seller, **(well | {"handed_over_at": WEDNESDAY}))
            for _ in range(2)
        ]
        off = call_off(cash_part(organisation=seller, promised_on=TUESDAY_DAY), at=MONDAY)
        call_off(
            cash_part(organisation=seller, promised_on=TUESDAY_DAY),
            at=MONDAY,
            actor_organisation_id=None,
        )
        cash_part(organisation=seller, at=NEXT_MONDAY, promised_on=date(2026, 11, 12))
        missed_part(organisation=OrganisationFactory())
        return [off, *late]

    def test_are_exact(self, seller, parts, statements):
        with statements() as sent:
            found = record_of(seller, viewer=SYSTEM, at=NEXT_MONDAY)

        assert (found.parts, found.against, len(sent)) == (12, 3, 1)
        assert found.figures == {
            Promise.CONFIRMED: Figure(kept=9, missed=0),
            Promise.HANDED_OVER: Figure(kept=7, missed=2),
            Promise.NOT_CALLED_OFF: Figure(kept=11, missed=1),
            Promise.DELIVERED: Figure(kept=9, missed=1),
        }

    def test_the_parts_behind_them_are_listed(self, seller, parts):
        def behind(promise, size=20):
            return parts_behind(
                seller, promise=promise, viewer=SYSTEM, page=PageRequest(1, size), at=NEXT_MONDAY
            )

        against = behind(None)
        late = behind(Promise.HANDED_OVER, size=2)
        assert {each.number for each in against.rows} == {each.number for each in parts}
        assert (against.total, late.total) == (3, 9)
        assert [each.handed_over for each in late.rows] == [False, False]
        assert behind(Promise.NOT_CALLED_OFF).total == 12
        assert all(each.is_against for each in against.rows)

    def test_shares_are_shown_to_a_tenth_and_add_up(self):
        figure = Figure(kept=2, missed=1)

        assert (figure.kept_bps, figure.missed_bps) == (6670, 3330)
        assert (Figure(0, 0).kept_bps, Figure(0, 0).missed_bps) == (0, 0)
        assert (Figure(9, 1).is_above(1000), Figure(8, 1).is_above(1000)) == (False, True)

    def test_another_seller_may_not_look(self, seller, parts):
        stranger = Actor(7, seller.id + 1, OrganisationKind.COOPERATIVE, Role.DIRECTOR)

        for ask in (
            lambda: record_of(seller, viewer=stranger, at=NEXT_MONDAY),
            lambda: get_part(parts[0].number, organisation=seller, viewer=stranger, at=NEXT_MONDAY),
            lambda: parts_behind(
                seller, promise=None, viewer=stranger, page=PageRequest(), at=NEXT_MONDAY
            ),
        ):
            with pytest.raises(NotAllowedError):
                ask()

    def test_a_part_of_another_seller_is_not_there(self, seller):
        other = missed_part(organisation=OrganisationFactory())

        with pytest.raises(OrderNotFoundError):
            verdicts(seller, other)


class TestReminders:
    @pytest.fixture(autouse=True)
    def _looked_at_by_an_officer(self, seller, monkeypatch):
        self.officer = officer()
        self.set_clock = lambda at: monkeypatch.setattr(jobs, "now", lambda: at)

    def remind(self, at=IN_FORCE):
        self.set_clock(at)
        jobs.count_reminders()
        return sellers_to_remind(viewer=self.officer, page=PageRequest()).rows

    @pytest.mark.parametrize(("kept", "off", "reminded"), [(18, 2, False), (17, 2, True)])
    def test_more_than_a_tenth_called_off(self, seller, kept, off, reminded):
        for _ in range(kept):
            cash_part(organisation=seller, confirmed_at=MONDAY)
        for _ in range(off):
            missed_part(organisation=seller)

        assert [each.code for each in self.remind()] == (["CUMGAR"] if reminded else [])

    @pytest.mark.parametrize(("kept", "late", "reminded"), [(8, 2, False), (7, 3, True)])
    def test_more_than_a_fifth_late(self, seller, kept, late, reminded):
        for handed_over_at, count in ((TUESDAY, kept), (WEDNESDAY, late)):
            for _ in range(count):
                cash_part(
                    organisation=seller,
                    promised_on=TUESDAY_DAY,
                    state="handed_over",
                    handed_over_at=handed_over_at,
                )

        found = self.remind()

        assert [each.handed_over for each in found] == ([Figure(7, 3)] if reminded else [])

    def test_not_of_fewer_than_ten_nor_before_the_rule(self, seller, statements):
        parts = [missed_part(organisation=seller) for _ in range(9)]
        assert self.remind() == []

        parts.append(missed_part(organisation=seller))
        PromiseReplyFactory(part=parts[0], by_id=UserFactory().id)
        [found] = self.remind()
        assert (found.called_off, found.replies, found.counted_at) == (Figure(0, 10), 1, IN_FORCE)
        with statements() as sent:
            sellers_to_remind(viewer=self.officer, page=PageRequest())
        assert len(sent) == 3
        assert self.remind(at=NEXT_MONDAY) == []

    def test_stay_as_counted_until_the_next_count_which_replaces_them(self, session, seller):
        for _ in range(10):
            missed_part(organisation=seller)
        assert count_to_remind(viewer=self.officer) == 0
        later = IN_FORCE + timedelta(minutes=10)

        assert [each.counted_at for each in (*self.remind(), *self.remind(later))] == [
            IN_FORCE,
            later,
        ]

        assert count_to_remind(viewer=self.officer) == 1
        session.execute(update(SellerOrder).values(state="placed", cancelled_at=None))
        assert count_to_remind(viewer=self.officer) == 1
        assert self.remind(later) == []
        assert count_to_remind(viewer=self.officer) == 0

    def test_come_in_pages_by_name(self, session):
        for name in ("Bình", "An"):
            made = OrganisationFactory(name=name, sort_key=sort_key(name))
            for _ in range(10):
                missed_part(organisation=made)
        self.remind()

        second = sellers_to_remind(viewer=self.officer, page=PageRequest(number=2, size=1))

        assert ([each.name for each in second.rows], second.total) == (["Bình"], 2)

    def test_a_closed_seller_is_left_in_peace(self, session):
        closed = OrganisationFactory(verification="closed")
        for _ in range(10):
            missed_part(organisation=closed)

        assert self.remind() == []

    def test_only_for_the_alliance(self, seller):
        director = Actor(7, seller.id, OrganisationKind.COOPERATIVE, Role.DIRECTOR)

        with pytest.raises(NotAllowedError):
            sellers_to_remind(viewer=director, page=PageRequest())
        with pytest.raises(NotAllowedError):
            count_to_remind(viewer=director)


def test_nothing_is_public_before_the_rule(seller):
    assert public_record(seller.id, at=NEXT_MONDAY) is None
    record, rule = public_record(seller.id, at=IN_FORCE)
    assert (record.parts, rule.at_least_parts, rule.period.starts_on) == (
        0,
        10,
        date(2026, 11, 22),
    )
