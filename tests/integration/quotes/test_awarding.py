"""Awarding: whole, split, joint; what is held, promised, kept and told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel.clock import vietnam_midnight
from marketplace.sourcing.quotes import errors
from marketplace.sourcing.quotes.operations import Choice, Decision, close_quotes
from marketplace.sourcing.quotes.queries import award_of
from marketplace.sourcing.quotes.reading import quotes_in
from marketplace.sourcing.requests.locks import lock_request
from marketplace.workflows.awarding import decide_request
from models.accounts import Role, User
from models.notifications import Message
from models.requests import Award, AwardPart, Quote
from models.supply import Supply
from tests.factories.accounts import member_of
from tests.factories.certification import CertificateFactory
from tests.factories.quotes import (
    PRICE,
    joint_offer,
    offer_of,
    opened,
    scene,
    send,
    send_joint,
    with_union,
)
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY
from tests.invariants import broken

pytestmark = pytest.mark.usefixtures("session")
LATER = CLOSING + timedelta(hours=2)
REASON = "Giá tới kho thấp nhất"


@pytest.fixture
def made(session):
    found = with_union(scene(schemes=["VIETGAP_CROP"]))
    for number, seller in enumerate(found.sellers):
        send(found, seller, offer_of(seller, PRICE + number))
    send_joint(found, joint_offer(found))
    for each in (*found.sellers, *found.members):
        CertificateFactory(organisation=each.organisation, products=[each.product])
    return opened(found)


def numbers(made):
    return [quote.number for quote in award_quotes(made)]


def award_quotes(made):
    return quotes_in(made.request.id, "opened", "won", "lost")


def decide(made, *choices, reason=REASON, certificate_reason="", actor=None, at=LATER):
    return decide_request(
        actor=actor or made.buyer,
        request_id=made.request.id,
        decision=Decision([Choice(*each) for each in choices], reason, certificate_reason),
        at=at,
    )


def book(session):
    session.flush()
    session.expire_all()
    rows = session.execute(
        select(Supply.product_id, Supply.month, Supply.held_g, Supply.contracted_g).where(
            (Supply.held_g > 0) | (Supply.contracted_g > 0)
        )
    )
    return {(product, month): (held, sold) for product, month, held, sold in rows}


class TestAWholeAward:
    def test_promises_what_was_chosen_and_frees_the_rest(self, made, session):
        first, second, joint = numbers(made)
        award = decide(made, (first, JANUARY, 15_000_000), (first, FEBRUARY, 6_000_000))

        product = made.sellers[0].product.id
        assert book(session) == {
            (product, JANUARY): (0, 15_000_000),
            (product, FEBRUARY): (0, 6_000_000),
        }
        assert award.total_g == 21_000_000
        assert (made.request.state, made.request.decided_at) == ("awarded", LATER)
        states = {quote.number: quote.state for quote in award_quotes(made)}
        assert states == {first: "won", second: "lost", joint: "lost"}

    def test_keeps_the_offer_the_listing_and_the_certificates_of_the_day(self, made, session):
        first = numbers(made)[0]
        seller = made.sellers[0]
        decide(made, (first, FEBRUARY, 10_000_000))
        seller.product.name_vi = "Tên mới"
        session.flush()

        view = award_of(made.request, viewer=made.buyer)

        [part] = view.parts
        kept = part.snapshot
        assert (view.total_g, view.reason, part.grams, part.month) == (
            10_000_000,
            REASON,
            10_000_000,
            FEBRUARY,
        )
        assert (kept["quote"], kept["revision"], kept["price_minor"], kept["fee_minor"]) == (
            first,
            1,
            PRICE + 1000,
            500,
        )
        assert kept["offer"]["prices"]["2027-01"] == PRICE
        assert kept["listing"]["name_vi"].startswith("Cà phê Robusta")
        assert [each["scheme"] for each in kept["certificates"]] == ["VIETGAP_CROP"]
        assert (kept["missing"], kept["certificate_reason"]) == ([], "")

    def test_comes_once(self, made, session):
        first, second, _joint = numbers(made)
        decide(made, (first, JANUARY, 1_000_000))
        for choice in ((first, JANUARY, 1_000_000), (second, JANUARY, 1_000_000)):
            with pytest.raises(errors.AlreadyAwardedError):
                decide(made, choice)
        assert session.scalar(select(func.count()).select_from(Award)) == 1


class TestASplitAward:
    def test_adds_up_over_sellers_and_months(self, made, session):
        first, second, joint = numbers(made)
        award = decide(
            made,
            (first, JANUARY, 9_000_000),
            (first, FEBRUARY, 0),
            (second, FEBRUARY, 10_000_000),
            (joint, JANUARY, 5_000_001),
        )
        parts = session.execute(
            select(AwardPart.organisation_id, AwardPart.month, AwardPart.quantity_g)
        ).all()
        one, two = made.sellers
        three, four = made.members
        assert set(parts) == {
            (one.organisation.id, JANUARY, 9_000_000),
            (two.organisation.id, FEBRUARY, 10_000_000),
            (three.organisation.id, JANUARY, 3_333_334),
            (four.organisation.id, JANUARY, 1_666_667),
        }
        assert award.total_g == sum(part[2] for part in parts) == 24_000_001
        assert {name[:6] for name in broken(session)} & {"INV-26", "INV-28", "INV-29"} == set()
        assert book(session) == {
            (one.product.id, JANUARY): (0, 9_000_000),
            (two.product.id, FEBRUARY): (0, 10_000_000),
            (three.product.id, JANUARY): (0, 3_333_334),
            (four.product.id, JANUARY): (0, 1_666_667),
        }

    def test_may_take_the_tolerance_and_no_gram_more(self, made):
        first, second, _joint = numbers(made)
        with pytest.raises(errors.MoreThanAskedError):
            decide(made, (first, JANUARY, 15_000_000), (second, JANUARY, 6_000_001))
        assert made.request.state == "opened"
        assert decide(made, (first, JANUARY, 15_000_000), (second, JANUARY, 6_000_000))


class TestADecisionThatIsRefused:
    @pytest.mark.parametrize(
        ("month", "grams", "error"),
        [
            (JANUARY, 15_000_001, errors.MoreThanOfferedError),
            (date(2027, 3, 1), 1, errors.MoreThanOfferedError),
            (JANUARY, 0, errors.NothingAwardedError),
            (JANUARY, -1, errors.NothingAwardedError),
        ],
    )
    def test_changes_nothing(self, made, session, month, grams, error):
        before = book(session)
        with pytest.raises(error):
            decide(made, (numbers(made)[0], month, grams))
        assert book(session) == before
        assert session.scalar(select(func.count()).select_from(Award)) == 0

    def test_without_a_reason(self, made):
        with pytest.raises(errors.AwardReasonError):
            decide(made, (numbers(made)[0], JANUARY, 1), reason=" ")

    def test_of_a_foreign_quote(self, made):
        with pytest.raises(errors.QuoteNotFoundError):
            decide(made, ("BG000000-00000", JANUARY, 1))

    def test_by_somebody_who_does_not_buy(self, made):
        for actor in (member_of(made.buyers, Role.ACCOUNTANT), made.sellers[0].actor):
            with pytest.raises(NotAllowedError):
                decide(made, (numbers(made)[0], JANUARY, 1), actor=actor)
        assert made.request.state == "opened"

    def test_before_the_opening(self, session):
        closed = scene()
        quote = send(closed, closed.sellers[0], offer_of(closed.sellers[0]))
        with pytest.raises(errors.NotOpenedError):
            decide(closed, (quote.number, JANUARY, 1))

    def test_after_the_offer_has_ended(self, made):
        first = numbers(made)[0]
        with pytest.raises(errors.OfferExpiredError):
            decide(made, (first, JANUARY, 1), at=vietnam_midnight(date(2026, 12, 21)))
        last = vietnam_midnight(date(2026, 12, 21)) - timedelta(seconds=1)
        assert decide(made, (first, JANUARY, 1), at=last)


class TestACertificateThatIsMissing:
    @pytest.fixture
    def bare(self, session):
        found = scene(schemes=["VIETGAP_CROP"])
        send(found, found.sellers[0], offer_of(found.sellers[0]))
        CertificateFactory(
            organisation=found.sellers[0].organisation,
            products=[found.sellers[0].product],
            expired=True,
        )
        return opened(found)

    def test_wants_a_reason_which_is_kept(self, bare):
        [number] = numbers(bare)
        with pytest.raises(errors.CertificateReasonError) as refused:
            decide(bare, (number, JANUARY, 1_000_000))
        assert refused.value.details["what"] == [f"{number}: VIETGAP_CROP"]

        decide(bare, (number, JANUARY, 1_000_000), certificate_reason="Đang cấp lại, có biên nhận")

        [part] = award_of(bare.request, viewer=bare.buyer).parts
        assert part.snapshot["missing"] == ["VIETGAP_CROP"]
        assert part.snapshot["certificate_reason"] == "Đang cấp lại, có biên nhận"
        assert part.snapshot["certificates"] == []


class TestTelling:
    def test_winners_and_losers_learn_their_own(self, made, session):
        first, _second, joint = numbers(made)
        decide(made, (first, JANUARY, 9_000_000), (joint, JANUARY, 6_000_000))
        mails = session.scalars(select(Message).where(Message.key.startswith("award_"))).all()
        told = {(mail.key.partition(":")[0], mail.recipient): mail for mail in mails}

        def email(seller):
            return session.get_one(User, seller.actor.user_id).email

        one, two = made.sellers
        three, four = made.members
        assert set(told) == {
            ("award_won", email(one)),
            ("award_lost", email(two)),
            ("award_won", email(made.union)),
            ("award_won", email(three)),
            ("award_won", email(four)),
        }
        assert "4\u00a0tấn" in told["award_won", email(three)].body_text
        lost = told["award_lost", email(two)]
        for word in ("61.357", "61.358", first, one.organisation.short_name, "9\u00a0tấn"):
            assert word not in lost.body_text + lost.body_html + lost.subject


class TestEndingWithoutAnAward:
    def test_frees_what_was_held(self, made, session):
        request = lock_request(made.request.id)
        closed = close_quotes(actor=made.buyer, request=request, at=LATER)
        assert len(closed) == 3
        assert book(session) == {}
        assert set(session.scalars(select(Quote.state))) == {"lost"}
        assert close_quotes(actor=made.buyer, request=request, at=LATER) == []
