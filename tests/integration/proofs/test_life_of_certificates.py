"""Whatever happens to a certificate and whenever: everything that speaks of it says the same.

The clock goes forward by seconds around midnight in Việt Nam and by weeks. Officers check, verify,
revoke, and say which plots the paper names; the minute's job comes by or is late; lots of one plot
or another are harvested and noted afterwards; people buy, until such a lot is sold out.
After every step the badge, the product page, the listing with its facet, the cooperative's page,
the lists of the desks, the public page and the claims of the lots agree with the dates and with
what the alliance has said; and what somebody bought keeps what held when they ordered.
"""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from marketplace.accounts.permissions import SYSTEM
from marketplace.catalogue.storefront import product
from marketplace.catalogue.storefront.cooperatives import cooperative_page
from marketplace.catalogue.storefront.listing import Filters, browse
from marketplace.catalogue.storefront.product import find_product
from marketplace.catalogue.storefront.shelf import read_shelf
from marketplace.certification import operations, queries
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.certification.queries import facts as reading
from marketplace.certification.rules import Check, Land, Verdict
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.kernel.errors import DomainError
from marketplace.platform.pagination import PageRequest
from marketplace.traceability.queries import lot_page
from marketplace.traceability.rules import NewLot
from marketplace.workflows.checkout import look_at_cart, place_order
from marketplace.workflows.receiving import receive_lot
from models.certification import Certificate, CertificateState, CheckKind
from models.inventory import LotStock
from models.orders import OrderLine
from models.platform import StateChange
from models.traceability import Lot
from tests.factories.accounts import MembershipFactory, member_of, officer
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.factories.orders import (
    GUEST,
    HANOI,
    cart_with,
    collecting_account,
    parts_of,
    product_in_stock,
    purchase,
)
from tests.invariants import INVARIANTS

FIRST, LAST = date(2026, 11, 10), date(2026, 12, 20)
BEGINS, IS_OVER = vietnam_midnight(FIRST), vietnam_midnight(LAST + timedelta(days=1))
SECOND = timedelta(seconds=1)
RUNS, STEPS = 20, 30
PACK_G = 500
INSIDE, OUTSIDE = "TRONG", "NGOAI"
[KEPT_FROM_ITS_LOTS] = [each.sql for each in INVARIANTS if each.id == "INV-26"]


class LifeOfACertificate(RuleBasedStateMachine):
    """What can happen, and what must agree after each of it; `session` is undone at the end."""

    session: ClassVar[Any]
    happened: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = BEGINS - timedelta(days=3)
        self.run = self.session.begin_nested()
        self.product = product_in_stock(900_000)
        self.holder = self.product.organisation
        MembershipFactory(organisation=self.holder)
        collecting_account()
        member = HouseholdFactory(organisation=self.holder)
        for code in (INSIDE, OUTSIDE):
            PlotFactory(household=member, code=code)
        self.named: set[str] = set()
        self.keeper = member_of(self.holder)
        self.officers = (officer(), officer())
        self.certificate: Certificate = CertificateFactory(
            organisation=self.holder,
            products=[self.product],
            waiting=True,
            scheme_code="ORGANIC_VN",
            valid_from=FIRST,
            valid_to=LAST,
            claimed_at=self.at,
        )
        self.approved_by: set[int] = set()
        self.is_trusted = self.is_revoked = False
        self.lots: dict[int, tuple[str, bool]] = {}
        self.bought: dict[int, bool] = {}

    def teardown(self) -> None:
        changes = select(StateChange.to_state).where(StateChange.subject_kind == "certificate")
        self.happened.update(self.session.scalars(changes))
        self.happened.update(f"lot {was}" for _code, was in self.lots.values())
        self.happened.update(f"bought {was}" for was in self.bought.values())
        assert self.session.execute(text(KEPT_FROM_ITS_LOTS)).all() == []
        self.run.rollback()
        self.session.expunge_all()

    def holds(self, day: date) -> bool:
        """The truth: trusted, and the day within the dates."""
        return self.is_trusted and FIRST <= day <= LAST

    def has_lot(self) -> bool:
        """Whether it names no plots, or a pack of a lot that inherited it is free."""
        inherited = [lot_id for lot_id, (_code, was_linked) in self.lots.items() if was_linked]
        free = select(LotStock.lot_id).where(
            LotStock.lot_id.in_(inherited), LotStock.on_hand_g - LotStock.held_g >= PACK_G
        )
        return not self.named or self.session.scalar(free.limit(1)) is not None

    def is_badged(self) -> bool:
        """Whether the product may say today that it has it."""
        return self.holds(self.today) and self.has_lot()

    @property
    def today(self) -> date:
        return business_day(self.at)

    @initialize(codes=st.sampled_from([(INSIDE,), ()]))
    def the_paper_names_plots_or_none(self, codes):
        self.an_officer_says_which_plots_it_names(codes)

    @rule(hours=st.sampled_from([1, 12, 24, 24 * 4, 24 * 20]))
    def time_goes_by(self, hours):
        self.at += timedelta(hours=hours)

    @rule(edge=st.sampled_from([BEGINS, IS_OVER]), step=st.sampled_from([-SECOND, 0 * SECOND]))
    def it_is_midnight_or_just_before(self, edge, step):
        self.at = max(self.at, edge + step)

    @rule()
    def the_minutes_job_comes_by(self):
        for certificate_id in queries.ended(self.today):
            operations.expire_certificate(certificate_id=certificate_id, at=self.at)
        for certificate_id in queries.notices_due(self.today):
            operations.send_notice(certificate_id=certificate_id, at=self.at)
        assert queries.ended(self.today) == queries.notices_due(self.today) == []

    @rule(number=st.integers(0, 1))
    def an_officer_verifies(self, number):
        if self.is_trusted or self.is_revoked:
            return
        actor = self.officers[number]
        try:
            with self.session.begin_nested():
                operations.decide_certificate(
                    actor=actor,
                    certificate_id=self.certificate.id,
                    verdict=Verdict.VERIFY,
                    at=self.at,
                )
        except DomainError:
            assert self.approved_by == {number}
            return
        self.approved_by.add(number)
        self.is_trusted = len(self.approved_by) == 2

    @rule()
    def both_officers_verify(self):
        for number in (0, 1):
            self.an_officer_verifies(number)

    @rule(number=st.integers(0, 1), kind=st.sampled_from(CheckKind))
    def an_officer_looks_again(self, number, kind):
        if self.certificate.state != CertificateState.VERIFIED:
            return
        operations.record_check(
            actor=self.officers[number],
            certificate_id=self.certificate.id,
            check=Check(kind, "danh sách"),
            at=self.at,
        )

    @rule(is_meant=st.sampled_from([True, *[False] * 5]))
    def an_officer_revokes(self, is_meant):
        if not (is_meant and self.is_trusted):
            return
        operations.revoke_certificate(
            actor=self.officers[0],
            certificate_id=self.certificate.id,
            reason="giấy giả",
            at=self.at,
        )
        self.is_trusted, self.is_revoked = False, True

    @rule(codes=st.sampled_from([(INSIDE,), (INSIDE,), (INSIDE, OUTSIDE), ()]))
    def an_officer_says_which_plots_it_names(self, codes):
        operations.name_plots(
            actor=self.officers[0],
            certificate_id=self.certificate.id,
            land=Land(plot_codes=codes),
            at=self.at,
        )
        self.named = set(codes)

    @rule(ago=st.integers(0, 9), plot_code=st.sampled_from([INSIDE, OUTSIDE, ""]))
    def a_lot_is_noted(self, ago, plot_code):
        day = self.today - timedelta(days=ago)
        lot = receive_lot(
            actor=self.keeper,
            lot=NewLot(
                organisation_id=self.holder.id,
                product_id=self.product.id,
                harvested_on=day,
                quantity_g=2 * PACK_G,
            ),
            plot_code=plot_code,
            at=self.at,
        )
        reaches = not self.named or plot_code in self.named
        code = self.session.get_one(Lot, lot.id).code
        self.lots[lot.id] = (code, self.holds(day) and reaches)

    @rule()
    def somebody_buys(self):
        is_badged = self.is_badged()
        cart = cart_with(self.product)
        seen = look_at_cart(cart_id=cart.id, province_code=HANOI, at=self.at)
        told = [claim.certificate_id for each in seen.claims.values() for claim in each.kept]
        assert told == ([self.certificate.id] if self.named and is_badged else [])
        order = place_order(
            actor=GUEST, cart_id=cart.id, purchase=purchase(agreed=seen.digest), at=self.at
        )
        if self.named:
            self.happened[f"by plots {is_badged}"] += 1
        [part] = parts_of(order)
        line = self.session.scalars(
            select(OrderLine).where(OrderLine.seller_order_id == part.id)
        ).one()
        self.bought[line.id] = is_badged

    @rule()
    def goods_of_today_are_sold(self):
        self.a_lot_is_noted(0, INSIDE)
        self.somebody_buys()

    @invariant()
    def what_buyers_see_agrees(self):
        holds, today = self.holds(self.today), self.today
        shelf = read_shelf(today)
        listing = browse(shelf, Filters(), PageRequest(1, 24))
        shown = find_product(self.product.slug, shelf=shelf).page().proofs
        proofs = cooperative_page(self.holder.slug, today=today).proofs
        assert {
            "fact": bool(queries.in_force([self.product.id], today)),
            "model": self.certificate.holds_on(today),
            "cooperative": [one.id for one in proofs] == [self.certificate.id],
        } == dict.fromkeys(("fact", "model", "cooperative"), holds)
        [at_desk] = queries.certificates_on(self.product.id, today=today)
        assert {
            "facet": "ORGANIC_VN" in listing.facets.schemes,
            "card": listing.page.rows[0].badges == ("ORGANIC_VN:",),
            "product": [one.id for one in shown] == [self.certificate.id],
            "desk": at_desk.is_shown,
        } == dict.fromkeys(("facet", "card", "product", "desk"), self.is_badged())
        codes = {code for code, was_linked in self.lots.values() if was_linked}
        assert all(bool(one.lot_codes) == bool(self.named) for one in shown)
        assert all(codes.issuperset(one.lot_codes) for one in shown)

    @invariant()
    def what_the_desks_and_the_public_page_say_agrees(self):
        word = self.word()
        [own] = queries.certificates_of(self.holder.id, today=self.today)
        assert (own.shown, own.is_shown) == (word, self.holds(self.today))
        tab = "verified" if word in {"expiring", "upcoming"} else word
        assert queries.counts_by_state(viewer=SYSTEM, today=self.today) == {tab: 1}
        assert [
            row.shown for row in queries.certificates_in(tab, viewer=SYSTEM, today=self.today)
        ] == [word]
        if word == "claimed":
            with pytest.raises(CertificateNotFoundError):
                queries.public_certificate(self.certificate.id, today=self.today)
            return
        page = queries.public_certificate(self.certificate.id, today=self.today)
        assert (page.shown, bool(page.reason)) == (word, self.is_revoked)
        assert page.plot_count == len(self.named)
        assert [one.has_lot for one in page.products] == [self.has_lot()]

    def word(self) -> str:
        if self.is_revoked:
            return "revoked"
        if not self.is_trusted:
            return "claimed"
        if self.today < FIRST:
            return "upcoming"
        return "expired" if self.today > LAST else "expiring"

    @invariant()
    def lots_keep_what_was_true_on_their_harvest_day(self):
        told = queries.in_force_for_lots(list(self.lots))
        for lot_id, (code, was_linked) in self.lots.items():
            assert (lot_id in told) == (was_linked and self.is_trusted), code
            proofs = lot_page(code, on=self.today).certificates
            assert bool(proofs) == was_linked
            assert all(one.holds_now == self.holds(self.today) for one in proofs)

    @invariant()
    def what_was_bought_keeps_what_held_when_it_was_ordered(self):
        for line_id, had in self.bought.items():
            codes = [one["code"] for one in self.session.get_one(OrderLine, line_id).certificates]
            assert codes == (["ORGANIC_VN"] if had else [])


def run(session):
    happened: Counter[str] = Counter()
    machine = type("Machine", (LifeOfACertificate,), {"session": session, "happened": happened})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return happened


def test_everything_agrees_whatever_happens(session):
    happened = run(session)

    # A machine in which nothing happens would prove nothing.
    assert set(happened) >= {
        "verified",
        "expired",
        "revoked",
        "lot True",
        "lot False",
        "bought True",
        "bought False",
        "by plots True",
        "by plots False",
    }


def test_the_machine_notices_an_end_that_takes_the_past_with_it(session, monkeypatch):
    monkeypatch.setattr(reading.OF_LOTS, "ask", lambda **_given: [])

    with pytest.raises(AssertionError):
        run(session)


def test_the_machine_notices_a_badge_that_goes_by_product_alone(session, monkeypatch):
    known = product._proofs

    def by_product_alone(items, packs, lots):
        return known([[*item[:-1], False] for item in items], packs, lots)

    monkeypatch.setattr(product, "_proofs", by_product_alone)

    with pytest.raises(AssertionError):
        run(session)
