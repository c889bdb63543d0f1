"""The alliance goes through an application and decides."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.errors import AccountDisabledError
from marketplace.accounts.operations.founding import code_of, short_name_of
from marketplace.accounts.permissions import NotAllowedError
from marketplace.jobs.onboarding import end_waivers
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.states import NotAllowedError as WrongStateError
from marketplace.onboarding import operations, queries
from marketplace.onboarding.errors import (
    ApplicationNotFoundError,
    ItemNotFoundError,
    ItemsNotDoneError,
    NoteMissingError,
    NothingReturnedError,
    NotToFillError,
    NotToJudgeError,
    SecondOfficerNeededError,
    WaiverDayError,
)
from marketplace.onboarding.operations import Judgement, ending
from marketplace.onboarding.queries import QueueFilter
from marketplace.onboarding.rules import Given, Verdict
from marketplace.platform.pagination import PageRequest
from models.accounts import Membership, Organisation, Role, User
from models.media import MediaFile
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
    provincial_officer,
)
from tests.factories.onboarding import (
    TAX_CODES,
    accept_all,
    applicant,
    drafted,
    fill,
    items_of,
    plain_checklist,
    sent,
)
from tests.moments import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

ACCEPT = Judgement(Verdict.ACCEPT)
RETURN = Judgement(Verdict.RETURN, note="Ảnh mờ, mời chụp lại")
UNDO = Judgement(Verdict.UNDO)
LAST_DAY = business_day(FRIDAY)
WAIVE = Judgement(Verdict.WAIVE, note="Đang chờ cấp lại", until=LAST_DAY)


@pytest.fixture
def alliance(session):
    return OrganisationFactory(alliance=True)


@pytest.fixture
def first(alliance):
    return member_of(alliance, Role.OFFICER)


@pytest.fixture
def second(alliance):
    return member_of(alliance, Role.OFFICER)


@pytest.fixture
def paper(session):
    """A checklist of one paper."""
    return plain_checklist({"title_vi": "Giấy đăng ký", "title_en": "Registration"})


def judge(actor, application, judgement, *, place=0, at=TUESDAY):
    item, _ = items_of(application)[place]
    return operations.judge_item(
        actor=actor, application_id=application.id, item_id=item.id, judgement=judgement, at=at
    )


def mails(session, template: str) -> list[Message]:
    statement = select(Message).where(Message.key.startswith(f"{template}:")).order_by(Message.id)
    return list(session.scalars(statement))


class TestItems:
    def test_accepting_is_written_down_once(self, session, first, paper):
        application = sent()

        for at in (TUESDAY, WEDNESDAY):
            item = judge(first, application, ACCEPT, at=at)

        assert (item.state, item.reviewed_by_id, item.reviewed_at) == (
            "accepted",
            first.user_id,
            TUESDAY,
        )
        [step] = session.scalars(select(StateChange).where(StateChange.to_state == "accepted"))
        assert (step.actor_user_id, step.actor_organisation_id, step.at) == (
            first.user_id,
            first.organisation_id,
            TUESDAY,
        )
        actions = session.scalars(select(AuditEvent.action).where(AuditEvent.at >= TUESDAY))
        assert list(actions) == ["onboarding.item_accept"]

    def test_two_officers_where_two_are_asked_for(self, first, second):
        plain_checklist({"needs_two": True})
        application = sent()

        assert judge(first, application, ACCEPT).state == "submitted"
        with pytest.raises(SecondOfficerNeededError):
            judge(first, application, ACCEPT, at=WEDNESDAY)
        item = judge(second, application, ACCEPT, at=THURSDAY)

        assert item.state == "accepted"
        assert (item.reviewed_by_id, item.second_by_id) == (first.user_id, second.user_id)

    def test_a_first_approval_can_be_taken_back(self, first):
        plain_checklist({"needs_two": True})
        application = sent()
        judge(first, application, ACCEPT)

        item = judge(first, application, UNDO)

        assert (item.state, item.reviewed_by_id) == ("submitted", None)

    @pytest.mark.parametrize("judgement", [ACCEPT, RETURN, WAIVE])
    def test_a_verdict_can_be_taken_back(self, first, paper, judgement):
        application = sent()
        judge(first, application, judgement)

        item = judge(first, application, UNDO)

        assert (item.state, item.note, item.waived_until) == ("submitted", "", None)
        assert item.reviewed_by_id is None

    @pytest.mark.parametrize(
        ("judgement", "error"),
        [
            (Judgement(Verdict.RETURN), NoteMissingError),
            (Judgement(Verdict.RETURN, note="  "), NoteMissingError),
            (Judgement(Verdict.WAIVE, until=LAST_DAY), NoteMissingError),
            (Judgement(Verdict.WAIVE, note="chờ"), WaiverDayError),
            (Judgement(Verdict.WAIVE, note="chờ", until=business_day(TUESDAY)), WaiverDayError),
            (
                Judgement(
                    Verdict.WAIVE, note="chờ", until=business_day(TUESDAY) + timedelta(days=400)
                ),
                WaiverDayError,
            ),
        ],
    )
    def test_a_reason_and_a_day_are_asked_for(self, first, paper, judgement, error):
        application = sent()

        with pytest.raises(error):
            judge(first, application, judgement)

        assert items_of(application)[0][0].state == "submitted"

    def test_drafts_are_nobodys_business(self, first, paper):
        with pytest.raises(ApplicationNotFoundError):
            judge(first, drafted(), ACCEPT)

    def test_nor_items_of_another_application(self, first, paper):
        one, other = sent(), sent(email="khac@example.com", facts={"tax_code": TAX_CODES[1]})

        with pytest.raises(ItemNotFoundError):
            operations.judge_item(
                actor=first,
                application_id=one.id,
                item_id=items_of(other)[0][0].id,
                judgement=ACCEPT,
                at=TUESDAY,
            )

    def test_others_may_not(self, paper):
        application = sent()
        director = member_of(OrganisationFactory(), Role.DIRECTOR)

        for actor in (director, applicant(application)):
            with pytest.raises(NotAllowedError):
                judge(actor, application, ACCEPT)
        assert items_of(application)[0][0].state == "submitted"

    def test_what_went_back_is_not_judged(self, first, paper):
        application = sent()
        judge(first, application, RETURN)
        operations.return_application(actor=first, application_id=application.id, at=TUESDAY)

        with pytest.raises(NotToJudgeError):
            judge(first, application, UNDO)


class TestReach:
    def test_a_provincial_alliance_sees_its_own_province(self, first, paper):
        own = provincial_officer("66")
        other = provincial_officer("01")
        application = sent()

        for actor, sees in ((own, True), (first, True), (other, False)):
            rows = queries.queue(viewer=actor, wanted=QueueFilter(), page=PageRequest(1, 10)).rows
            assert [row.application.id for row in rows] == [application.id] * sees
            assert queries.count_waiting(viewer=actor) == int(sees)
        with pytest.raises(ApplicationNotFoundError):
            judge(other, application, ACCEPT)
        with pytest.raises(ApplicationNotFoundError):
            queries.get_review_page(application.code, viewer=other)
        assert judge(own, application, ACCEPT).state == "accepted"


class TestQueue:
    def test_what_waits_longest_comes_first(self, first, paper):
        late = sent(at=WEDNESDAY)
        early = sent(at=MONDAY, email="b@example.com", facts={"tax_code": TAX_CODES[1]})
        drafted(email="c@example.com", facts={"tax_code": TAX_CODES[2]})

        page = queries.queue(viewer=first, wanted=QueueFilter(), page=PageRequest(1, 10))

        assert [row.application.id for row in page.rows] == [early.id, late.id]
        assert [(row.items, row.done) for row in page.rows] == [(1, 0), (1, 0)]

    def test_what_came_back_waits_from_then_on(self, first, paper):
        application = sent(at=MONDAY)
        judge(first, application, RETURN)
        operations.return_application(actor=first, application_id=application.id, at=TUESDAY)

        assert queries.count_waiting(viewer=first) == 0
        fill(application, at=THURSDAY)
        operations.send_application(
            actor=applicant(application), application_id=application.id, at=THURSDAY
        )

        assert application.waiting_since == THURSDAY
        assert application.submitted_at == MONDAY

    def test_filters_and_counts(self, first, paper):
        one = sent()
        sent(
            email="b@example.com",
            kind="union",
            province_code="01",
            facts={"tax_code": TAX_CODES[1]},
        )

        for wanted in (QueueFilter(kind="cooperative"), QueueFilter(province_code="66")):
            page = queries.queue(viewer=first, wanted=wanted, page=PageRequest(1, 10))
            assert [row.application.id for row in page.rows] == [one.id]
            assert queries.counts_by_state(viewer=first, wanted=wanted)["waiting"] == 1


class TestReturning:
    def test_tells_all_notes_and_takes_back_only_those_items(self, session, first):
        plain_checklist({"title_vi": "Giấy một"}, {"title_vi": "Giấy hai"})
        application = sent()
        judge(first, application, ACCEPT, place=0)
        judge(first, application, RETURN, place=1)

        for at in (TUESDAY, WEDNESDAY):
            operations.return_application(actor=first, application_id=application.id, at=at)

        assert application.state == "returned"
        [mail] = mails(session, "application_returned")
        assert "Giấy hai: Ảnh mờ, mời chụp lại" in mail.body_text
        assert "Giấy một" not in mail.body_text
        actor = applicant(application)
        accepted, returned = (item for item, _ in items_of(application))
        with pytest.raises(NotToFillError):
            operations.fill_item(
                actor=actor,
                application_id=application.id,
                item_id=accepted.id,
                given=Given(),
                at=THURSDAY,
            )
        operations.send_application(actor=actor, application_id=application.id, at=THURSDAY)
        assert [item.state for item, _ in items_of(application)] == ["accepted", "submitted"]
        assert returned.reviewed_by_id is None

    def test_needs_an_item(self, first, paper):
        application = sent()

        with pytest.raises(NothingReturnedError):
            operations.return_application(actor=first, application_id=application.id, at=TUESDAY)

        assert application.state == "submitted"


class TestRejecting:
    def test_is_for_good_with_a_reason(self, session, first, paper):
        application = sent()
        reject = {"actor": first, "application_id": application.id, "at": TUESDAY}

        with pytest.raises(NoteMissingError):
            operations.reject_application(reason=" ", **reject)
        for _ in range(2):
            operations.reject_application(reason="Không phải tổ chức nông nghiệp", **reject)

        assert (application.state, application.decided_by_id) == ("rejected", first.user_id)
        [mail] = mails(session, "application_rejected")
        assert "Không phải tổ chức nông nghiệp" in mail.body_text
        with pytest.raises(WrongStateError):
            operations.approve_application(**reject)


class TestApproving:
    def test_makes_the_organisation_and_its_director_once(self, session, first, paper):
        application = sent()
        accept_all(application, first, at=TUESDAY)

        for at in (WEDNESDAY, THURSDAY):
            operations.approve_application(actor=first, application_id=application.id, at=at)

        organisation = session.get_one(Organisation, application.organisation_id)
        assert (organisation.code, organisation.slug) == (
            "CAPHECUM",
            "hop-tac-xa-nong-nghiep-ca-phe-cu-m-gar",
        )
        assert organisation.short_name == "HTX Nông nghiệp Cà phê Cư M’gar"
        assert (organisation.verification, organisation.verified_by_id) == (
            "verified",
            first.organisation_id,
        )
        assert organisation.tax_code == TAX_CODES[0]
        assert organisation.member_count == 86
        membership = session.scalars(
            select(Membership).where(Membership.organisation_id == organisation.id)
        ).one()
        user = session.get_one(User, membership.user_id)
        assert (membership.role, user.email, user.email_confirmed_at) == (
            "director",
            "lua@example.com",
            None,
        )
        [mail] = mails(session, "application_approved")
        assert "/dat-lai-mat-khau/" in mail.body_text
        owners = set(session.scalars(select(MediaFile.organisation_id)))
        assert owners == {organisation.id}
        made = select(func.count()).where(Organisation.tax_code == TAX_CODES[0])
        assert session.scalar(made) == 1

    def test_an_account_that_is_there_joins(self, session, first, paper):
        user = UserFactory(email="lua@example.com")
        application = sent()
        accept_all(application, first)

        operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

        membership = session.scalars(
            select(Membership).where(Membership.organisation_id == application.organisation_id)
        ).one()
        assert membership.user_id == user.id
        [mail] = mails(session, "application_approved")
        assert "/dat-lai-mat-khau/" not in mail.body_text
        assert "/quay/CAPHECUM" in mail.body_text

    def test_an_account_that_nobody_confirmed_gets_a_new_password(self, session, first, paper):
        squatter = UserFactory(email="lua@example.com", unconfirmed=True)
        before = squatter.password_hash
        application = sent()
        accept_all(application, first)

        operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

        session.refresh(squatter)
        assert squatter.password_hash != before
        assert squatter.full_name == "Trần Thị Lúa"

    def test_a_closed_account_stops_it(self, session, first, paper):
        UserFactory(email="lua@example.com", disabled=True)
        application = sent()
        accept_all(application, first)

        with pytest.raises(AccountDisabledError):
            operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

    def test_every_item_must_be_done(self, session, first):
        plain_checklist({}, {})
        application = sent()
        judge(first, application, ACCEPT)

        with pytest.raises(ItemsNotDoneError) as refusal:
            operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

        assert refusal.value.details == {"count": 1}
        assert application.organisation_id is None

    def test_others_may_not(self, session, first, paper):
        application = sent()
        accept_all(application, first)

        for actor in (applicant(application), member_of(OrganisationFactory(), Role.DIRECTOR)):
            with pytest.raises(NotAllowedError):
                operations.approve_application(
                    actor=actor, application_id=application.id, at=TUESDAY
                )
        assert application.state == "submitted"

    @pytest.mark.parametrize("kind", ["cooperative", "union", "group", "enterprise"])
    def test_every_kind_has_somebody_who_leads(self, session, first, paper, kind):
        application = sent(kind=kind)
        accept_all(application, first)

        operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

        organisation = session.get_one(Organisation, application.organisation_id)
        role = session.scalars(
            select(Membership.role).where(Membership.organisation_id == organisation.id)
        ).one()
        assert (organisation.kind, role) == (kind, "director")

    def test_equal_names_get_codes_and_slugs_of_their_own(self, session, first, paper):
        codes = []
        for number in range(3):
            application = sent(
                email=f"a{number}@example.com", facts={"tax_code": TAX_CODES[number]}
            )
            accept_all(application, first)
            operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)
            organisation = session.get_one(Organisation, application.organisation_id)
            codes.append((organisation.code, organisation.slug[-3:]))

        assert codes == [("CAPHECUM", "gar"), ("CAPHECUM2", "r-2"), ("CAPHECUM3", "r-3")]


@pytest.mark.parametrize(
    ("name", "code", "short"),
    [
        ("Hợp tác xã Nông nghiệp", "HTX", "HTX Nông nghiệp"),
        ("Liên hiệp Hợp tác xã Bưởi da xanh", "BUOIDAXA", "LH HTX Bưởi da xanh"),
        ("Tổ hợp tác Rau 36", "RAU36", "THT Rau 36"),
        ("HTX 19/5 Mộc Châu", "MOCCHAU", "HTX 19/5 Mộc Châu"),
    ],
)
def test_codes_and_short_names_follow_the_name(name, code, short):
    assert (code_of(name), short_name_of(name)) == (code, short)


class TestWaivers:
    def on_market(self, officer_):
        application = sent()
        judge(officer_, application, WAIVE)
        operations.approve_application(actor=officer_, application_id=application.id, at=TUESDAY)
        return application

    def test_end_by_themselves_and_are_told(self, session, first, paper):
        application = self.on_market(first)
        [(item, _)] = items_of(application)
        early, late = FRIDAY, FRIDAY + timedelta(days=1)

        assert ending.waivers_over(early) == []
        assert not ending.end_waiver(item_id=item.id, at=early)
        assert ending.waivers_over(late) == [item.id]
        assert [ending.end_waiver(item_id=item.id, at=late) for _ in range(2)] == [True, False]

        session.refresh(item)
        assert (item.state, item.waived_until) == ("open", None)
        [to_director] = mails(session, "application_waiver_over")
        [to_officer] = mails(session, "waiver_over_alliance")
        assert to_director.recipient == "lua@example.com"
        assert to_officer.recipient == session.get_one(User, first.user_id).email

    def test_the_paper_comes_later_and_is_looked_at(self, session, first, paper):
        application = self.on_market(first)
        [(item, _)] = items_of(application)
        ending.end_waiver(item_id=item.id, at=FRIDAY + timedelta(days=1))
        late = FRIDAY + timedelta(days=2)
        fill(application, at=late)
        operations.send_application(
            actor=applicant(application), application_id=application.id, at=late
        )

        assert application.waiting_since == late
        assert judge(first, application, RETURN, at=late).state == "returned"
        assert application.waiting_since is None
        assert len(mails(session, "application_returned")) == 1
        fill(application, at=late)
        operations.send_application(
            actor=applicant(application),
            application_id=application.id,
            at=late + timedelta(hours=1),
        )
        assert judge(first, application, ACCEPT, at=late).state == "accepted"
        assert application.waiting_since is None
        assert application.state == "approved"

    def test_one_that_is_not_on_the_market_is_left_alone(self, first, paper):
        application = sent()
        judge(first, application, WAIVE)
        [(item, _)] = items_of(application)

        assert ending.waivers_over(FRIDAY + timedelta(days=9)) == []
        assert not ending.end_waiver(item_id=item.id, at=FRIDAY + timedelta(days=9))

    def test_the_job_sees_to_it(self, session, first, paper):
        application = self.on_market(first)
        [(item, _)] = items_of(application)
        item.waived_until = business_day(now()) - timedelta(days=1)
        session.commit()

        end_waivers()

        session.refresh(item)
        assert item.state == "open"


def test_a_director_of_another_organisation_stays_there(session, first, paper):
    known = MembershipFactory(user=UserFactory(email="lua@example.com"))
    application = sent()
    accept_all(application, first)

    operations.approve_application(actor=first, application_id=application.id, at=TUESDAY)

    count = select(func.count()).where(Membership.user_id == known.user_id)
    assert session.scalar(count) == 2
