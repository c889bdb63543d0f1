"""Opening all quotes together, asking for better ones, and what comes then."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.sourcing.quotes import errors
from marketplace.sourcing.quotes.operations import open_quotes
from marketplace.sourcing.quotes.queries import count_sent, opened_quotes
from marketplace.sourcing.requests.errors import RequestClosedError
from marketplace.workflows.quoting import ask_for_better
from models.accounts import Role
from models.notifications import Message
from models.platform import AuditEvent
from models.requests import OpenedOffer, QuoteRevision, RequestOpening
from tests.factories.accounts import member_of, officer, operator
from tests.factories.quotes import PRICE, offer_of, opened, scene, send
from tests.factories.requests import CLOSING, JANUARY

pytestmark = pytest.mark.usefixtures("session")
LATER = CLOSING + timedelta(hours=2)


@pytest.fixture
def made(session):
    found = scene()
    for number, seller in enumerate(found.sellers):
        send(found, seller, offer_of(seller, PRICE + number))
    return found


def ask(made, *numbers, text="Giao hai đợt mỗi tháng thì giá thế nào?", at=LATER):
    return ask_for_better(
        actor=made.buyer, request_id=made.request.id, numbers=numbers, text=text, at=at
    )


def quotes(made):
    return opened_quotes(made.request, viewer=made.buyer)


class TestOpening:
    def test_opens_all_together_and_is_written_down(self, made, session):
        assert count_sent(made.request, viewer=made.buyer) == 2
        assert quotes(made) == []

        assert open_quotes(actor=made.buyer, request_id=made.request.id, at=CLOSING) is True
        assert open_quotes(actor=made.buyer, request_id=made.request.id, at=LATER) is False

        assert (made.request.state, made.request.opened_at) == ("opened", CLOSING)
        opening = session.scalars(select(RequestOpening)).one()
        assert (opening.quote_count, opening.at, opening.by_id) == (
            2,
            CLOSING,
            made.buyer.user_id,
        )
        assert [quote.offer.prices[JANUARY] for quote in quotes(made)] == [PRICE, PRICE + 1]
        assert {quote.state for quote in quotes(made)} == {"opened"}
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "sourcing.open_quotes")
        ).one()
        assert event.after == {
            "number": made.request.number,
            "quotes": sorted(quote.number for quote in quotes(made)),
        }

    def test_opens_only_the_last_revision(self, made, session):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller, PRICE - 500))
        opened(made)
        assert [quote.offer.prices[JANUARY] for quote in quotes(made)] == [PRICE - 500, PRICE + 1]
        assert session.scalar(select(func.count()).select_from(QuoteRevision)) == 3
        assert session.scalar(select(func.count()).select_from(OpenedOffer)) == 2

    def test_a_moment_before_the_closing_is_refused(self, made):
        with pytest.raises(errors.NotClosedYetError):
            opened(made, CLOSING - timedelta(microseconds=1))
        assert made.request.state == "open"
        assert quotes(made) == []

    def test_is_for_who_buys(self, made):
        for actor in (
            member_of(made.buyers, Role.ACCOUNTANT),
            made.sellers[0].actor,
            officer(),
            operator(),
        ):
            with pytest.raises(NotAllowedError):
                open_quotes(actor=actor, request_id=made.request.id, at=CLOSING)
        assert made.request.state == "open"

    def test_of_nothing_finds_nothing(self, session):
        empty = opened(scene())
        assert (empty.request.state, quotes(empty)) == ("opened", [])

    def test_is_read_by_who_works_for_the_buyer(self, made):
        opened(made)
        assert opened_quotes(made.request, viewer=member_of(made.buyers, Role.ACCOUNTANT))
        for viewer in (made.sellers[0].actor, officer(), operator()):
            with pytest.raises(NotAllowedError):
                opened_quotes(made.request, viewer=viewer)

    def test_of_a_cancelled_request_is_refused(self):
        with pytest.raises(errors.NotOpenedError):
            opened(scene(cancelled=True))


class TestAskingForABetterOffer:
    def test_lets_one_more_revision_come_which_is_open_at_once(self, made, session):
        opened(made)
        seller = made.sellers[0]
        with pytest.raises(errors.QuoteNotWritableError):
            send(made, seller, offer_of(seller, PRICE - 2000), CLOSING)

        first = quotes(made)[0]
        assert ask(made, first.number) == 1
        assert [quote.waits for quote in quotes(made)] == [True, False]
        send(made, seller, offer_of(seller, PRICE - 2000), LATER + timedelta(hours=1))

        better = quotes(made)[0]
        assert (better.revision, better.offer.prices[JANUARY], better.waits) == (
            2,
            PRICE - 2000,
            False,
        )
        assert [(change.before, change.after) for change in better.changes] == [
            (PRICE, PRICE - 2000),
            (PRICE + 1000, PRICE - 1000),
        ]
        with pytest.raises(errors.QuoteNotWritableError):
            send(made, seller, offer_of(seller, PRICE - 3000), LATER + timedelta(hours=2))
        other = made.sellers[1]
        with pytest.raises(errors.QuoteNotWritableError):
            send(made, other, offer_of(other, PRICE - 3000), LATER + timedelta(hours=2))

    def test_all_at_once_and_each_by_one_mail(self, made, session):
        opened(made)
        assert ask(made) == 2
        assert ask(made, at=LATER + timedelta(minutes=1)) == 0
        mails = session.scalars(
            select(Message).where(Message.key.startswith("quote_better_asked"))
        ).all()
        assert len(mails) == 2
        assert "Giao hai đợt" in mails[0].body_text

    def test_is_for_who_buys_and_after_the_opening(self, made):
        with pytest.raises(errors.NotOpenedError):
            ask(made)
        opened(made)
        with pytest.raises(NotAllowedError):
            ask_for_better(
                actor=made.sellers[0].actor,
                request_id=made.request.id,
                numbers=(),
                text="",
                at=LATER,
            )
        with pytest.raises(errors.QuoteNotFoundError):
            ask(made, "BG000000-00000")
        with pytest.raises(errors.TextTooLongError):
            ask(made, text="x" * 1001)

    def test_does_not_let_in_who_never_quoted(self, session):
        late = opened(scene())
        seller = late.sellers[0]
        with pytest.raises(RequestClosedError):
            send(late, seller, offer_of(seller), LATER)
