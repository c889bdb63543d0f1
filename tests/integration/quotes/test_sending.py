"""Writing, sending, changing and withdrawing quotes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from marketplace.accounts.permissions import NotAllowedError
from marketplace.sourcing.quotes import errors
from marketplace.sourcing.quotes.operations import submit_quote, withdraw_quote
from marketplace.sourcing.quotes.queries import own_quote
from marketplace.sourcing.requests.errors import (
    RequestClosedError,
    RequestNotFoundError,
    UnverifiedSellerError,
)
from marketplace.sourcing.supply.errors import SupplyShortError
from marketplace.workflows.quoting import send_quote, write_quote
from models.accounts import Role, VerificationState
from models.requests import Quote, QuoteRevision
from models.supply import Supply
from tests.factories.accounts import member_of
from tests.factories.quotes import PRICE, offer_of, opened, scene, seller_with_supply, send
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def made(session):
    return scene()


def held(session, seller):
    session.flush()
    return dict(
        session.execute(
            select(Supply.month, Supply.held_g).where(
                Supply.product_id == seller.product.id, Supply.held_g > 0
            )
        ).all()
    )


def read(made, seller, at=MONDAY):
    return own_quote(made.request, seller.organisation, viewer=seller.actor, at=at)


class TestADraft:
    def write(self, made, offer, **changes):
        seller = made.sellers[0]
        values = {
            "actor": seller.actor,
            "request_id": made.request.id,
            "seller": seller.organisation,
            "offer": offer,
            "at": MONDAY,
        }
        return write_quote(**{**values, **changes})

    def test_may_be_incomplete_and_holds_nothing(self, made, session):
        seller = made.sellers[0]
        draft = offer_of(seller, volumes={}, prices={}, valid_until=None)

        quote = self.write(made, draft)

        own = read(made, seller)
        assert own.draft == own.offer == draft
        assert (own.state, own.revisions) == ("draft", [])
        assert str(PRICE) not in quote.draft
        assert held(session, seller) == {}

    def test_can_be_written_by_who_sells_alone(self, made):
        seller = made.sellers[0]
        for actor in (
            member_of(seller.organisation, Role.WAREHOUSE),
            member_of(seller.organisation, Role.ACCOUNTANT),
            made.sellers[1].actor,
            made.buyer,
        ):
            with pytest.raises(NotAllowedError):
                self.write(made, offer_of(seller), actor=actor)
        assert read(made, seller) is None

    def test_needs_a_verified_seller(self, made):
        made.sellers[0].organisation.verification = VerificationState.SUSPENDED
        with pytest.raises(UnverifiedSellerError):
            self.write(made, offer_of(made.sellers[0]))

    def test_needs_a_product_of_ones_own_that_is_on_sale(self, made):
        with pytest.raises(errors.ForeignProductError):
            self.write(made, offer_of(made.sellers[1]))

    def test_needs_an_invitation_where_the_buyer_invites(self):
        invited = seller_with_supply()
        made = scene(is_open_to_all=False, invited=[invited.organisation])
        with pytest.raises(RequestNotFoundError):
            self.write(made, offer_of(made.sellers[0]))
        assert send(made, invited, offer_of(invited)).revision == 1

    def test_alone_cannot_be_sent_unwritten(self, made):
        seller = made.sellers[0]
        with pytest.raises(errors.NothingDraftedError):
            send_quote(
                actor=seller.actor,
                request_id=made.request.id,
                seller=seller.organisation,
                at=MONDAY,
            )


class TestSending:
    def test_seals_the_offer_and_holds_its_volumes(self, made, session):
        seller = made.sellers[0]

        quote = send(made, seller, offer_of(seller))

        assert (quote.state, quote.revision, quote.draft) == ("submitted", 1, "")
        assert held(session, seller) == {JANUARY: 15_000_000, FEBRUARY: 10_000_000}
        [revision] = read(made, seller).revisions
        assert revision.offer == offer_of(seller)
        sealed = session.scalars(select(QuoteRevision.sealed)).one()
        assert str(PRICE) not in sealed

    def test_twice_is_one_revision(self, made, session):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller))
        quote = send(made, seller, offer_of(seller), TUESDAY)

        assert quote.revision == 1
        assert session.scalar(select(func.count()).select_from(QuoteRevision)) == 1
        assert held(session, seller) == {JANUARY: 15_000_000, FEBRUARY: 10_000_000}

    def test_something_else_is_a_new_revision_which_holds_anew(self, made, session):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller))
        changed = offer_of(
            seller, PRICE - 1000, volumes={JANUARY: 18_000_000}, prices={JANUARY: PRICE - 1000}
        )

        send(made, seller, changed, TUESDAY)

        assert held(session, seller) == {JANUARY: 18_000_000}
        newest, first = read(made, seller).revisions
        assert (newest.revision, first.revision) == (2, 1)
        assert {change.term for change in newest.changes} == {
            ("volume", "2027-01-01"),
            ("volume", "2027-02-01"),
            ("price", "2027-01-01"),
            ("price", "2027-02-01"),
        }

    def test_of_an_incomplete_offer_is_refused(self, made, session):
        seller = made.sellers[0]
        with pytest.raises(errors.ValidityError), session.begin_nested():
            send(made, seller, offer_of(seller, valid_until=None))
        assert read(made, seller) is None

    def test_more_than_is_free_names_the_month_and_what_is_left(self, made, session):
        seller = made.sellers[0]
        for row in session.scalars(select(Supply).where(Supply.month == FEBRUARY)):
            row.forecast_g = 9_000_000
        with pytest.raises(SupplyShortError) as refused, session.begin_nested():
            send(made, seller, offer_of(seller))
        assert refused.value.details["month"] == "2/2027"
        assert refused.value.details["free"] == "9\u00a0tấn"
        assert read(made, seller) is None
        assert held(session, seller) == {}

    def test_is_possible_until_the_last_moment_and_not_a_second_later(self, made, session):
        first, second = made.sellers
        send(made, first, offer_of(first), CLOSING - timedelta(microseconds=1))
        with pytest.raises(RequestClosedError):
            send(made, second, offer_of(second), CLOSING)
        with pytest.raises(RequestClosedError):
            send(made, first, offer_of(first, PRICE - 1), CLOSING + timedelta(seconds=1))
        assert session.scalar(select(func.count()).select_from(Quote)) == 1

    def test_what_was_written_before_is_too_late_as_well(self, made):
        seller = made.sellers[0]
        values = {
            "actor": seller.actor,
            "request_id": made.request.id,
            "seller": seller.organisation,
        }
        write_quote(**values, offer=offer_of(seller), at=MONDAY)
        with pytest.raises(RequestClosedError):
            submit_quote(**values, at=CLOSING)


class TestWithdrawing:
    def withdraw(self, made, seller, at=TUESDAY):
        return withdraw_quote(
            actor=seller.actor, request_id=made.request.id, seller=seller.organisation, at=at
        )

    def test_frees_what_was_held_and_another_may_be_sent(self, made, session):
        seller = made.sellers[0]
        first = send(made, seller, offer_of(seller))

        assert self.withdraw(made, seller) is True
        assert self.withdraw(made, seller) is False

        assert first.state == "withdrawn"
        assert held(session, seller) == {}
        assert read(made, seller) is None
        second = send(made, seller, offer_of(seller), TUESDAY)
        assert second.number != first.number

    def test_after_the_closing_is_too_late(self, made, session):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller))
        with pytest.raises(RequestClosedError):
            self.withdraw(made, seller, CLOSING)
        assert held(session, seller) == {JANUARY: 15_000_000, FEBRUARY: 10_000_000}

    def test_is_for_who_sells(self, made):
        seller = made.sellers[0]
        quote = send(made, seller, offer_of(seller))
        with pytest.raises(NotAllowedError):
            withdraw_quote(
                actor=made.sellers[1].actor,
                request_id=made.request.id,
                seller=seller.organisation,
                at=TUESDAY,
            )
        assert quote.state == "submitted"

    def test_what_is_not_there(self, made):
        with pytest.raises(errors.QuoteNotFoundError):
            self.withdraw(made, made.sellers[0])


class TestReading:
    def test_is_for_the_sellers_own_people(self, made):
        seller = made.sellers[0]
        send(made, seller, offer_of(seller))
        for viewer in (
            made.buyer,
            made.sellers[1].actor,
            member_of(seller.organisation, Role.WAREHOUSE),
        ):
            with pytest.raises(NotAllowedError):
                own_quote(made.request, seller.organisation, viewer=viewer, at=MONDAY)

    def test_the_tables_tell_nothing_before_the_opening_and_all_after_it(self, made, session):
        seller = made.sellers[0]
        offer = offer_of(seller, deviations={"limit:1": "Độ ẩm 13 %"})
        send(made, seller, offer)
        draft = replace(offer, prices={JANUARY: 71_357, FEBRUARY: 71_357})
        write_quote(
            actor=seller.actor,
            request_id=made.request.id,
            seller=seller.organisation,
            offer=draft,
            at=TUESDAY,
        )

        def found(word):
            tables = session.scalars(
                text("select tablename from pg_tables where schemaname = 'public'")
            ).all()
            return [
                table
                for table in tables
                if session.scalar(
                    text(f'select exists (select from "{table}" t where t::text like :word)'),  # noqa: S608
                    {"word": f"%{word}%"},
                )
            ]

        assert [found(word) for word in (PRICE, 71_357, "613579", "Độ ẩm 13")] == [[]] * 4
        assert found(15_000_000) == ["supply_holds", "supplies"] or set(found(15_000_000)) == {
            "supply_holds",
            "supplies",
        }
        opened(made)
        assert found(PRICE) == found("613579") == ["opened_offers"]
        assert found(71_357) == []
