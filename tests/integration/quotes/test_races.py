"""Two people at once: awards, openings, the closing, the last tonne.

Each race is run once without its lock, to show that it can be lost.
"""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.platform.database import session
from marketplace.sourcing.quotes.operations import (
    Choice,
    Decision,
    awarding,
    open_quotes,
    opening,
    sending,
    withdraw_quote,
)
from marketplace.sourcing.quotes.queries import offers_opened
from marketplace.sourcing.supply import holding
from marketplace.workflows import awarding as awarding_story
from marketplace.workflows.awarding import decide_request
from marketplace.workflows.quoting import send_quote, write_quote
from models.accounts import Organisation
from models.requests import Award, OpenedOffer, Quote, Request, RequestOpening
from models.supply import Supply, SupplyHold
from tests.factories.quotes import offer_of, opened, scene, send
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY
from tests.moments import MONDAY, TUESDAY
from tests.racing import both, kinds, meet_after

LATER = CLOSING + timedelta(hours=1)


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


@pytest.fixture
def made(market):
    """A request with two sellers, each of whom has written an offer."""
    found = scene()
    for seller in found.sellers:
        write_quote(
            actor=seller.actor,
            request_id=found.request.id,
            seller=seller.organisation,
            offer=offer_of(seller),
            at=MONDAY,
        )
    session.commit()
    return found


def count(of):
    session.rollback()
    return session.scalar(select(func.count()).select_from(of))


def unheld(monkeypatch, *modules):
    """Take the lock of the request out."""
    for module in modules:
        monkeypatch.setattr(module, "lock_request", lambda each: session.get_one(Request, each))


class TestTwoAwards:
    @pytest.fixture
    def ready(self, made):
        for seller in made.sellers:
            send(made, seller, offer_of(seller))
        opened(made)
        session.commit()
        return sorted(offers_opened(made.request.id))

    def decide(self, market, made, ready):
        request_id, buyer = made.request.id, made.buyer

        def act(index):
            return decide_request(
                actor=buyer,
                request_id=request_id,
                decision=Decision([Choice(ready[index], JANUARY, 10_000_000)], "Giá tốt"),
                at=LATER,
            ).id

        return both(market, act)

    def test_of_one_request_are_one(self, market, made, ready):
        assert kinds(self.decide(market, made, ready)) == ["AlreadyAwardedError", "int"]
        assert count(Award) == 1
        sums = session.execute(select(func.sum(Supply.held_g), func.sum(Supply.contracted_g))).one()
        assert tuple(sums) == (0, 10_000_000)

    def test_would_come_as_far_as_the_database_without_the_lock(
        self, market, made, ready, monkeypatch
    ):
        unheld(monkeypatch, awarding, awarding_story)
        meet_after(monkeypatch, awarding, "_missing")
        assert kinds(self.decide(market, made, ready)) == ["IntegrityError", "int"]


class TestTwoOpenings:
    def open(self, market, made):
        request_id, buyer = made.request.id, made.buyer
        return both(market, lambda _: open_quotes(actor=buyer, request_id=request_id, at=CLOSING))

    @pytest.fixture
    def sent(self, made):
        send(made, made.sellers[0], offer_of(made.sellers[0]))
        session.commit()
        return made

    def test_are_one(self, market, sent):
        assert sorted(self.open(market, sent)) == [False, True]
        assert (count(RequestOpening), count(OpenedOffer)) == (1, 1)

    def test_would_come_as_far_as_the_database_without_the_lock(self, market, sent, monkeypatch):
        unheld(monkeypatch, opening)
        meet_after(monkeypatch, opening, "can_be_opened")
        assert kinds(self.open(market, sent)) == ["IntegrityError", "bool"]


class TestSendingAgainstOpening:
    """The sender's clock says one moment before the closing, the buyer's says the closing."""

    def race(self, market, made):
        request_id, buyer, seller = made.request.id, made.buyer, made.sellers[0]
        actor, seller_id = seller.actor, seller.organisation.id

        def submit(_index):
            return send_quote(
                actor=actor,
                request_id=request_id,
                seller=session.get_one(Organisation, seller_id),
                at=CLOSING - timedelta(microseconds=1),
            ).revision

        def open_all(_index):
            return open_quotes(actor=buyer, request_id=request_id, at=CLOSING)

        return both(market, submit, open_all)

    def test_a_quote_is_opened_with_the_others_or_refused(self, market, made):
        result, was_opened = self.race(market, made)
        assert was_opened is True
        session.rollback()
        state = session.scalars(select(Quote.state).order_by(Quote.id)).first()
        assert (type(result).__name__, state) in {
            ("int", "opened"),
            ("QuoteNotWritableError", "draft"),
        }
        assert count(OpenedOffer) == (1 if state == "opened" else 0)

    def test_would_be_left_sealed_for_ever_without_the_lock(self, market, made, monkeypatch):
        unheld(monkeypatch, opening)
        monkeypatch.setattr(
            sending,
            "lock_visible",
            lambda request_id, _seller: session.get_one(Request, request_id),
        )
        # Both have looked before either writes: the opening has found no quote, the sender an
        # open request.
        together = threading.Barrier(2, timeout=30)

        def meeting(done):
            def met(*values):
                found = done(*values)
                together.wait()
                return found

            return met

        monkeypatch.setattr(sending, "require_writable", meeting(sending.require_writable))
        monkeypatch.setattr(opening, "quotes_in", meeting(opening.quotes_in))

        result, was_opened = self.race(market, made)

        assert (result, was_opened) == (1, True)
        session.rollback()
        assert session.scalars(select(Quote.state).order_by(Quote.id)).first() == "submitted"
        assert count(OpenedOffer) == 0


class TestSendingAgainstWithdrawing:
    def test_leaves_no_hold_of_a_quote_that_is_gone(self, market, made):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller))
        write_quote(
            actor=seller.actor,
            request_id=made.request.id,
            seller=seller.organisation,
            offer=offer_of(seller, 60_000),
            at=TUESDAY,
        )
        session.commit()
        values = {"actor": seller.actor, "request_id": made.request.id, "at": TUESDAY}
        seller_id = seller.organisation.id

        def own():
            return session.get_one(Organisation, seller_id)

        results = both(
            market,
            lambda _: send_quote(**values, seller=own()).revision,
            lambda _: withdraw_quote(**values, seller=own()),
        )

        assert results[1] is True
        session.rollback()
        assert session.scalars(select(Quote.state).order_by(Quote.id)).first() == "withdrawn"
        assert session.scalar(select(func.sum(Supply.held_g))) == 0
        assert session.scalars(select(SupplyHold).where(SupplyHold.ended_at.is_(None))).all() == []


class TestTwoQuotesAgainstTheLastTonne:
    @pytest.fixture
    def scarce(self, made):
        """Two requests, and one seller with enough for one of them."""
        seller, other = made.sellers[0], scene()
        for row in session.scalars(select(Supply).where(Supply.product_id == seller.product.id)):
            row.forecast_g = 16_000_000 if row.month == JANUARY else 60_000_000
        write_quote(
            actor=seller.actor,
            request_id=other.request.id,
            seller=seller.organisation,
            offer=offer_of(seller),
            at=MONDAY,
        )
        session.commit()
        return seller, (made.request.id, other.request.id)

    def race(self, market, scarce):
        seller, requests = scarce
        actor, seller_id = seller.actor, seller.organisation.id

        def act(index):
            return send_quote(
                actor=actor,
                request_id=requests[index],
                seller=session.get_one(Organisation, seller_id),
                at=TUESDAY,
            ).revision

        return both(market, act)

    def held(self, seller):
        session.rollback()
        return session.scalar(
            select(Supply.held_g).where(
                Supply.product_id == seller.product.id, Supply.month == JANUARY
            )
        )

    def test_one_holds_it_and_one_is_told_what_is_left(self, market, scarce):
        assert kinds(self.race(market, scarce)) == ["SupplyShortError", "int"]
        assert self.held(scarce[0]) == 15_000_000
        assert FEBRUARY > JANUARY

    def test_both_would_promise_it_without_the_lock(self, market, scarce, monkeypatch):
        monkeypatch.setattr(
            holding,
            "lock_all",
            lambda statement: session.scalars(statement.order_by(Supply.id)).all(),
        )
        meet_after(monkeypatch, holding, "_free_without")
        assert kinds(self.race(market, scarce)) == ["int", "int"]
        assert self.held(scarce[0]) == 15_000_000  # thirty tonnes were promised
        grams = session.scalar(
            select(func.sum(SupplyHold.grams))
            .join(Supply, Supply.id == SupplyHold.supply_id)
            .where(Supply.month == JANUARY, SupplyHold.ended_at.is_(None))
        )
        assert grams == 30_000_000
