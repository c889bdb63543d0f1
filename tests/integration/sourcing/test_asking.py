"""Sellers ask and decline; the buyer answers everybody at once."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.platform.database import session as db
from marketplace.sourcing.requests import errors, operations, queries
from marketplace.sourcing.requests.rules import MOST_QUESTIONS
from models.accounts import Role
from models.requests import Quote, QuoteState, RequestQuestion
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.requests import CLOSING, RequestFactory, RequestQuestionFactory
from tests.moments import TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def request_of(enterprise, seller):
    return RequestFactory(organisation=enterprise, invited=[seller])


def ask(actor, request, seller, text="Có nhận bao 50 kg?", at=TUESDAY):
    return operations.ask_question(
        actor=actor, organisation_id=seller.id, request_id=request.id, text=text, at=at
    )


class TestAsking:
    def test_a_question_is_kept(self, salesman, request_of, seller):
        question = ask(salesman, request_of, seller, text="  Có nhận bao 50 kg? ")
        assert (question.text, question.asked_at, question.organisation_id) == (
            "Có nhận bao 50 kg?",
            TUESDAY,
            seller.id,
        )

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_who_may_not_asks_nothing(self, request_of, seller, role):
        with pytest.raises(NotAllowedError):
            ask(member_of(seller, role), request_of, seller)
        with pytest.raises(NotAllowedError):
            ask(member_of(OrganisationFactory(), Role.SALES), request_of, seller)
        assert db.scalar(select(func.count()).select_from(RequestQuestion)) == 0

    def test_who_cannot_read_it_learns_nothing(self, salesman, enterprise, seller):
        hidden = RequestFactory(organisation=enterprise, is_open_to_all=False)
        with pytest.raises(errors.RequestNotFoundError):
            ask(salesman, hidden, seller)

    def test_only_verified_sellers_ask(self, request_of):
        pending = OrganisationFactory(pending=True)
        with pytest.raises(errors.UnverifiedSellerError):
            ask(member_of(pending, Role.SALES), request_of, pending)

    def test_nobody_asks_after_the_closing(self, salesman, request_of, seller):
        with pytest.raises(errors.RequestClosedError):
            ask(salesman, request_of, seller, at=CLOSING)

    def test_nothing_is_no_question(self, salesman, request_of, seller):
        with pytest.raises(errors.TextMissingError):
            ask(salesman, request_of, seller, text=" \n ")

    def test_there_is_a_most(self, salesman, request_of, seller):
        for _ in range(MOST_QUESTIONS):
            RequestQuestionFactory(request_id=request_of.id, organisation_id=seller.id)
        with pytest.raises(errors.TooManyQuestionsError):
            ask(salesman, request_of, seller)


class TestAnswering:
    def answer(self, actor, request, question, text="Được", at=WEDNESDAY):
        return operations.answer_question(
            actor=actor, request_id=request.id, question_id=question.id, answer=text, at=at
        )

    @pytest.fixture
    def question(self, request_of, seller):
        return RequestQuestionFactory(request_id=request_of.id, organisation_id=seller.id)

    def test_the_answer_is_for_everybody(self, buyer, request_of, question, seller):
        other = OrganisationFactory()
        assert queries.questions_of(request_of.id, reader_id=other.id) == []
        self.answer(buyer, request_of, question)

        [read] = queries.questions_of(request_of.id, reader_id=other.id)
        assert (read.answer, read.answered_at, read.is_own) == ("Được", WEDNESDAY, False)
        [own] = queries.questions_of(request_of.id, reader_id=seller.id)
        assert own.is_own

    def test_an_answer_stands(self, buyer, request_of, question):
        self.answer(buyer, request_of, question)
        self.answer(buyer, request_of, question, text="Thôi, không", at=CLOSING)
        assert (question.answer, question.answered_at) == ("Được", WEDNESDAY)

    def test_what_is_refused(self, buyer, request_of, question, enterprise):
        with pytest.raises(errors.TextMissingError):
            self.answer(buyer, request_of, question, text=" ")
        with pytest.raises(errors.RequestClosedError):
            self.answer(buyer, request_of, question, at=CLOSING)
        with pytest.raises(errors.QuestionNotFoundError):
            self.answer(buyer, RequestFactory(organisation=enterprise), question)
        for other in (
            member_of(enterprise, Role.ACCOUNTANT),
            member_of(OrganisationFactory(enterprise=True), Role.BUYER),
        ):
            with pytest.raises(NotAllowedError):
                self.answer(other, request_of, question)
        assert question.answered_at is None


class TestDeclining:
    def decline(self, actor, request, seller, reason="Hết hàng", at=TUESDAY):
        invitation = queries.find_invitation(request.id, seller_id=seller.id)
        return operations.decline_invitation(
            actor=actor, invitation=invitation, reason=reason, at=at
        )

    def test_the_buyer_reads_why(self, salesman, request_of, seller):
        self.decline(salesman, request_of, seller)
        [invited] = queries.invited_to(request_of.id)
        assert (invited.declined_at, invited.decline_reason) == (TUESDAY, "Hết hàng")

    def test_twice_is_once_and_no_reason_is_needed(self, salesman, request_of, seller):
        self.decline(salesman, request_of, seller, reason="")
        declined = self.decline(salesman, request_of, seller, reason="Khác", at=WEDNESDAY)
        assert (declined.declined_at, declined.decline_reason) == (TUESDAY, "")

    def test_who_may_not_declines_nothing(self, request_of, seller, buyer):
        for other in (member_of(seller, Role.WAREHOUSE), buyer):
            with pytest.raises(NotAllowedError):
                self.decline(other, request_of, seller)
        assert queries.find_invitation(request_of.id, seller_id=seller.id).declined_at is None

    def test_nobody_declines_after_the_closing(self, salesman, request_of, seller):
        with pytest.raises(errors.RequestClosedError):
            self.decline(salesman, request_of, seller, at=CLOSING)

    def test_who_has_quoted_withdraws_instead(self, salesman, request_of, seller):
        db.add(
            Quote(
                number="BG261103-00001",
                request_id=request_of.id,
                organisation_id=seller.id,
                state=QuoteState.SUBMITTED,
                revision=1,
                created_at=TUESDAY,
                created_by_id=salesman.user_id,
            )
        )
        db.flush()
        with pytest.raises(errors.AlreadyQuotedError):
            self.decline(salesman, request_of, seller)
