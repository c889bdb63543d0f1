"""Everybody concerned hears of a request, each once, and nobody of what is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import column, select

from marketplace.jobs import sourcing as jobs
from marketplace.platform.database import session as db
from marketplace.platform.queue import JOBS
from marketplace.sourcing.requests import queries
from marketplace.sourcing.requests.errors import UnknownSellerError
from marketplace.sourcing.requests.operations import Invited, decline_invitation
from marketplace.sourcing.requests.queries import terms_of
from marketplace.workflows import request_mails, requesting
from marketplace.workflows.matching import Match
from models.accounts import Role, User
from models.notifications import Message
from models.requests import Quote, QuoteState, RequestPeriod
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory, acting
from tests.factories.requests import (
    CLOSING,
    JANUARY,
    RequestFactory,
    RequestInvitationFactory,
    RequestQuestionFactory,
)
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

TARGET = 68_421


@pytest.fixture
def enterprise():
    return OrganisationFactory(enterprise=True, code="RANGXAY", name="Rang xay Phố Núi")


@pytest.fixture
def buyer(enterprise):
    user = UserFactory(email="mua@rangxay.example")
    MembershipFactory(user=user, organisation=enterprise, role=Role.BUYER)
    return acting(user, enterprise, Role.BUYER)


def seller(code, *roles):
    """A seller with people at `role@code.example`."""
    made = OrganisationFactory(code=code)
    for role in roles or (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE):
        MembershipFactory(
            user=UserFactory(email=f"{role}@{code.lower()}.example"),
            organisation=made,
            role=role,
        )
    return made


@pytest.fixture
def request_of(enterprise, buyer):
    one = seller("MOT")
    return RequestFactory(organisation=enterprise, invited=[one], target_minor=TARGET)


def told(template):
    """Who got a letter of a kind."""
    rows = db.scalars(select(Message).where(Message.key.startswith(f"{template}:")))
    return sorted(row.recipient for row in rows)


def texts():
    return "".join(
        row.subject + row.body_text + row.body_html for row in db.scalars(select(Message))
    )


def waiting():
    return sorted(
        task for (task,) in db.execute(select(column("task_name")).where(JOBS.c.status == "todo"))
    )


class TestPublishing:
    def test_directors_and_sales_are_invited_once_each(self, request_of):
        for _ in range(2):
            request_mails.tell_invited(request_id=request_of.id, at=TUESDAY)

        assert told("request_invited") == ["director@mot.example", "sales@mot.example"]

    def test_who_reads_english_is_written_to_in_english(self, enterprise, buyer):
        two = seller("HAI", Role.DIRECTOR)
        user = db.scalars(select(User).where(User.email == "director@hai.example")).one()
        user.locale = "en"
        request = RequestFactory(organisation=enterprise, invited=[two])
        request_mails.tell_invited(request_id=request.id, at=TUESDAY)

        [letter] = db.scalars(select(Message))
        assert letter.subject == "Rang xay Phố Núi invites you to quote: Cà phê Robusta nhân xanh"
        assert f"/en/quay/HAI/yeu-cau/{request.number}" in letter.body_text

    def test_the_jobs_wait_for_the_letters_the_reminder_and_the_closing(self, buyer, enterprise):
        request = RequestFactory(organisation=enterprise, draft=True)
        requesting.publish_request(actor=buyer, request_id=request.id, invited=[], at=TUESDAY)
        requesting.publish_request(actor=buyer, request_id=request.id, invited=[], at=WEDNESDAY)

        assert waiting() == [requesting.REMIND, requesting.TELL_CLOSED, requesting.TELL_INVITED]

    def test_a_short_request_has_no_reminder(self, buyer, enterprise):
        request = RequestFactory(
            organisation=enterprise, draft=True, closes_at=TUESDAY + timedelta(hours=47)
        )
        requesting.publish_request(actor=buyer, request_id=request.id, invited=[], at=TUESDAY)

        assert waiting() == [requesting.TELL_CLOSED, requesting.TELL_INVITED]


class TestChanging:
    def test_everybody_concerned_reads_the_differences(self, request_of, buyer):
        asker, quoter, _other = seller("HAI"), seller("BA"), seller("BON")
        RequestQuestionFactory(request_id=request_of.id, organisation_id=asker.id)
        quote_of(request_of, quoter)
        change = requesting.change_request(
            actor=buyer,
            request_id=request_of.id,
            terms=replaced(request_of, packing="Bao 50 kg", target_minor=TARGET + 1),
            at=TUESDAY,
        )
        for _ in range(2):
            request_mails.tell_changed(
                request_id=request_of.id, revision=change.revision, at=TUESDAY
            )

        assert told("request_changed") == sorted(
            f"{role}@{code}.example"
            for code in ("mot", "hai", "ba")
            for role in ("director", "sales")
        )
        assert "Đóng gói: Bao 60 kg → Bao 50 kg" in texts()
        assert "68.42" not in texts()

    def test_a_moved_closing_is_watched_anew(self, request_of, buyer):
        requesting.change_request(
            actor=buyer,
            request_id=request_of.id,
            terms=replaced(request_of, closes_at=CLOSING + timedelta(days=2)),
            at=TUESDAY,
        )
        assert waiting() == [requesting.REMIND, requesting.TELL_CHANGED, requesting.TELL_CLOSED]

    def test_no_difference_tells_nobody(self, request_of, buyer):
        requesting.change_request(
            actor=buyer, request_id=request_of.id, terms=terms_of(request_of), at=TUESDAY
        )
        assert waiting() == []


class TestEnding:
    def test_everybody_concerned_reads_why(self, request_of, buyer):
        requesting.cancel_request(
            actor=buyer, request_id=request_of.id, reason="Đổi kế hoạch", at=TUESDAY
        )
        assert waiting() == [requesting.TELL_ENDED]
        request_mails.tell_ended(request_id=request_of.id, at=TUESDAY)

        assert told("request_cancelled") == ["director@mot.example", "sales@mot.example"]
        assert "Lý do: Đổi kế hoạch" in texts()

    def test_an_end_without_award_has_its_own_letter(self, request_of, buyer):
        requesting.end_request(actor=buyer, request_id=request_of.id, reason="Giá cao", at=CLOSING)
        request_mails.tell_ended(request_id=request_of.id, at=CLOSING)

        assert told("request_ended") == ["director@mot.example", "sales@mot.example"]


class TestQuestions:
    def test_the_buyer_hears_and_not_who_asks(self, request_of):
        asker = seller("HAI")
        question = RequestQuestionFactory(request_id=request_of.id, organisation_id=asker.id)
        request_mails.tell_asked(question_id=question.id, at=TUESDAY)

        assert told("request_asked") == ["mua@rangxay.example"]
        assert question.text in texts()
        assert asker.name not in texts()
        assert "HAI" not in texts()

    def test_all_but_those_who_declined_read_the_answer(self, request_of, enterprise):
        asker, declined = seller("HAI"), seller("BA")
        question = RequestQuestionFactory(
            request_id=request_of.id, organisation_id=asker.id, answered=True
        )
        decline(request_of, declined)
        request_mails.tell_answered(question_id=question.id, at=TUESDAY)

        assert told("request_answered") == [
            "director@hai.example",
            "director@mot.example",
            "sales@hai.example",
            "sales@mot.example",
        ]
        assert "HAI" not in "".join(
            row.body_text
            for row in db.scalars(select(Message).where(Message.recipient.contains("@mot")))
        )


class TestReminding:
    def remind(self, request, at=CLOSING - timedelta(hours=48), closes_at=CLOSING):
        request_mails.remind_invited(request_id=request.id, closes_at=closes_at, at=at)

    def test_only_the_silent_are_reminded_exactly_once(self, request_of):
        quoter, declined = seller("HAI"), seller("BA")
        quote_of(request_of, quoter)
        decline(request_of, declined)
        for _ in range(2):
            self.remind(request_of)

        assert told("request_reminder") == ["director@mot.example", "sales@mot.example"]

    def test_a_job_for_a_moment_that_was_moved_does_nothing(self, request_of):
        self.remind(request_of, closes_at=CLOSING - timedelta(days=1))
        assert told("request_reminder") == []

    def test_nobody_is_reminded_of_what_is_over(self, enterprise):
        request = RequestFactory(organisation=enterprise, cancelled=True, invited=[seller("MOT")])
        self.remind(request)
        assert told("request_reminder") == []

    def test_the_buyer_hears_at_the_closing_once(self, request_of):
        for at in (CLOSING - timedelta(seconds=1), CLOSING, CLOSING + timedelta(hours=1)):
            request_mails.tell_closed(request_id=request_of.id, closes_at=CLOSING, at=at)

        assert told("request_closed") == ["mua@rangxay.example"]

    def test_what_was_put_off_is_not_closed(self, request_of):
        request_of.closes_at = CLOSING + timedelta(days=1)
        request_mails.tell_closed(request_id=request_of.id, closes_at=CLOSING, at=CLOSING)
        assert told("request_closed") == []


class TestChoosing:
    def test_matches_keep_their_reasons_and_codes_add_others(self):
        one, two = seller("MOT"), seller("HAI")
        matches = [Match(one.id, one.code, one.slug, one.name, "66", {"km": 1})]
        assert requesting.chosen_sellers(matches, [one.id, 7], ["HAI"]) == [
            Invited(one.id, {"km": 1}),
            Invited(two.id, {}),
        ]

    def test_a_code_of_nobody_is_refused(self):
        OrganisationFactory(code="CHO", pending=True)
        with pytest.raises(UnknownSellerError):
            requesting.chosen_sellers([], [], ["CHO"])


def quote_of(request, organisation):
    db.add(
        Quote(
            number=f"BG-{organisation.code}",
            request_id=request.id,
            organisation_id=organisation.id,
            state=QuoteState.SUBMITTED,
            revision=1,
            created_at=MONDAY,
            created_by_id=UserFactory().id,
        )
    )
    db.flush()


def decline(request, organisation):
    RequestInvitationFactory(request_id=request.id, organisation_id=organisation.id)
    user = UserFactory()
    decline_invitation(
        actor=acting(user, organisation, Role.SALES),
        invitation=queries.find_invitation(request.id, seller_id=organisation.id),
        reason="",
        at=MONDAY,
    )


def replaced(request, **values):
    return replace(terms_of(request), **values)


def test_the_months_are_told_as_people_read_them(request_of, buyer):
    change = requesting.change_request(
        actor=buyer,
        request_id=request_of.id,
        terms=replaced(request_of, periods=((JANUARY, 25_000_000),)),
        at=TUESDAY,
    )
    request_mails.tell_changed(request_id=request_of.id, revision=change.revision, at=TUESDAY)

    assert db.scalar(select(RequestPeriod.quantity_g)) == 25_000_000
    assert "tháng 1/2027: 20\u00a0tấn → 25\u00a0tấn" in texts()


class TestJobs:
    """The queue calls them; each may be called twice."""

    def test_each_writes_what_it_is_for(self, request_of, monkeypatch):
        asker = seller("HAI")
        question = RequestQuestionFactory(
            request_id=request_of.id, organisation_id=asker.id, answered=True
        )
        monkeypatch.setattr(jobs, "now", lambda: CLOSING - timedelta(hours=48))
        for _ in range(2):
            jobs.tell_invited(request_id=request_of.id)
            jobs.remind_invited(request_id=request_of.id, closes_at=CLOSING.isoformat())
            jobs.tell_asked(question_id=question.id)
            jobs.tell_answered(question_id=question.id)
        monkeypatch.setattr(jobs, "now", lambda: CLOSING)
        for _ in range(2):
            jobs.tell_closed(request_id=request_of.id, closes_at=CLOSING.isoformat())

        counted = {
            name: len(told(f"request_{name}"))
            for name in ("invited", "reminder", "asked", "answered", "closed")
        }
        assert counted == {"invited": 2, "reminder": 2, "asked": 1, "answered": 4, "closed": 1}
