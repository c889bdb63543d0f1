"""Joint quotes: shares of cooperatives, their agreement, what the union may send."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.sourcing.quotes import errors
from marketplace.sourcing.quotes.queries import get_share, own_quote, shares_of
from marketplace.workflows.quoting import answer_joint_quote, send_quote, write_quote
from models.accounts import Role, VerificationState
from models.notifications import Message
from models.requests import ShareState
from models.supply import Supply
from tests.factories.accounts import member_of
from tests.factories.quotes import (
    PRICE,
    answer,
    joint_offer,
    scene,
    send_joint,
    with_union,
    write_joint,
)
from tests.factories.requests import CLOSING, JANUARY
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def made(session):
    return with_union(scene())


def own(made, at=MONDAY):
    union = made.union
    return own_quote(made.request, union.organisation, viewer=union.actor, at=at)


def states(made):
    return {row.organisation_id: row.state for row in own(made).shares}


def send(made, at=MONDAY):
    union = made.union
    return send_quote(
        actor=union.actor, request_id=made.request.id, seller=union.organisation, at=at
    )


class TestTheShares:
    def test_wait_for_every_cooperative(self, made):
        first, second = made.members
        quote = write_joint(made, joint_offer(made))
        assert set(states(made).values()) == {ShareState.PROPOSED}

        with pytest.raises(errors.SharesNotAgreedError) as refused:
            send(made)
        assert first.organisation.short_name in refused.value.details["names"]

        assert answer(made, quote, first) is True
        assert answer(made, quote, first) is False
        assert answer(made, quote, second, agrees=False) is True
        with pytest.raises(errors.SharesNotAgreedError):
            send(made)
        answer(made, quote, second)
        assert send(made).revision == 1

    def test_are_held_in_the_books_of_the_cooperatives(self, made, session):
        send_joint(made, joint_offer(made))
        rows = session.execute(
            select(Supply.organisation_id, Supply.month, Supply.held_g).where(Supply.held_g > 0)
        )
        first, second = made.members
        assert set(rows.all()) == {
            (first.organisation.id, JANUARY, 8_000_000),
            (second.organisation.id, JANUARY, 4_000_000),
        }

    def test_that_stay_as_they_are_stay_agreed(self, made):
        first, second = made.members
        offer = joint_offer(made)
        quote = write_joint(made, offer)
        for member in made.members:
            answer(made, quote, member)
        more = replace(offer.shares[1], grams=5_000_000)
        write_joint(
            made,
            replace(offer, volumes={JANUARY: 13_000_000}, shares=(offer.shares[0], more)),
            TUESDAY,
        )
        assert states(made) == {
            first.organisation.id: ShareState.AGREED,
            second.organisation.id: ShareState.PROPOSED,
        }

    def test_are_asked_anew_when_the_price_changes(self, made):
        quote = write_joint(made, joint_offer(made))
        for member in made.members:
            answer(made, quote, member)
        write_joint(made, joint_offer(made, PRICE - 1000), TUESDAY)
        assert set(states(made).values()) == {ShareState.PROPOSED}

    def test_are_for_members_of_today_alone(self, made, session):
        stranger = made.sellers[0]
        share = replace(
            joint_offer(made).shares[0],
            organisation_id=stranger.organisation.id,
            product_id=stranger.product.id,
        )
        with pytest.raises(errors.NotAMemberError):
            write_joint(made, joint_offer(made, volumes={JANUARY: share.grams}, shares=(share,)))
        quote = write_joint(made, joint_offer(made))
        for member in made.members:
            answer(made, quote, member)
        made.members[0].organisation.verification = VerificationState.SUSPENDED
        session.flush()
        with pytest.raises(errors.NotAMemberError):
            send(made)

    def test_name_products_of_the_cooperative_itself(self, made):
        first, second = made.members
        wrong = replace(joint_offer(made).shares[0], product_id=second.product.id)
        with pytest.raises(errors.ForeignProductError):
            write_joint(made, joint_offer(made, shares=(wrong, joint_offer(made).shares[1])))
        assert first.product.id != second.product.id


class TestALeader:
    def test_is_a_union(self, made):
        seller = made.sellers[0]
        with pytest.raises(NotAllowedError):
            write_quote(
                actor=seller.actor,
                request_id=made.request.id,
                seller=seller.organisation,
                offer=replace(joint_offer(made), shares=(), volumes={}, prices={}),
                is_joint=True,
                at=MONDAY,
            )


class TestACooperative:
    def test_reads_its_own_share_and_the_price(self, made):
        first, second = made.members
        quote = write_joint(made, joint_offer(made))
        read = get_share(quote.number, first.organisation, viewer=first.actor, at=MONDAY)
        assert read.offer.prices == {JANUARY: PRICE}
        assert [share.grams for share in read.shares] == [8_000_000]
        assert read.can_answer
        [row] = shares_of(second.organisation, viewer=second.actor)
        assert (row.number, row.grams, row.state) == (quote.number, 4_000_000, "proposed")

    def test_without_a_share_finds_nothing(self, made):
        quote = write_joint(made, joint_offer(made))
        stranger = made.sellers[0]
        with pytest.raises(errors.QuoteNotFoundError):
            get_share(quote.number, stranger.organisation, viewer=stranger.actor, at=MONDAY)
        with pytest.raises(errors.QuoteNotFoundError):
            answer_joint_quote(
                actor=stranger.actor,
                number=quote.number,
                member=stranger.organisation,
                agrees=True,
                seen="",
                at=MONDAY,
            )
        with pytest.raises(NotAllowedError):
            get_share(quote.number, made.members[0].organisation, viewer=stranger.actor, at=MONDAY)

    def test_answers_by_its_director(self, made):
        first = made.members[0]
        quote = write_joint(made, joint_offer(made))
        read = get_share(quote.number, first.organisation, viewer=first.actor, at=MONDAY)
        for actor in (member_of(first.organisation, Role.SALES), made.union.actor):
            with pytest.raises(NotAllowedError):
                answer_joint_quote(
                    actor=actor,
                    number=quote.number,
                    member=first.organisation,
                    agrees=True,
                    seen=read.seen,
                    at=MONDAY,
                )
        assert set(states(made).values()) == {ShareState.PROPOSED}

    def test_does_not_agree_to_what_it_has_not_read(self, made):
        first = made.members[0]
        quote = write_joint(made, joint_offer(made))
        read = get_share(quote.number, first.organisation, viewer=first.actor, at=MONDAY)
        write_joint(made, joint_offer(made, PRICE - 1000), TUESDAY)
        with pytest.raises(errors.ShareChangedError):
            answer_joint_quote(
                actor=first.actor,
                number=quote.number,
                member=first.organisation,
                agrees=True,
                seen=read.seen,
                at=TUESDAY,
            )

    def test_cannot_answer_after_it_was_sent_or_closed(self, made):
        quote = send_joint(made, joint_offer(made))
        with pytest.raises(errors.ShareChangedError):
            answer(made, quote, made.members[0], agrees=False)
        read = get_share(
            quote.number,
            made.members[0].organisation,
            viewer=made.members[0].actor,
            at=CLOSING,
        )
        assert not read.can_answer

    def test_is_told_without_the_price(self, made, session):
        quote = write_joint(made, joint_offer(made))
        write_joint(made, joint_offer(made))
        answer(made, quote, made.members[0])
        mails = session.scalars(select(Message).order_by(Message.id)).all()
        assert [mail.key.partition(":")[0] for mail in mails] == [
            "quote_share_proposed",
            "quote_share_proposed",
            "quote_share_answered",
        ]
        assert not any(
            word in mail.body_text + mail.body_html
            for mail in mails
            for word in (str(PRICE), "61.357", "61,357")
        )
