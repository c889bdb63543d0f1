"""Closing organisations, appeals against decisions, and the answers to them."""

import pytest
from sqlalchemy import select

from marketplace.accounts import standing
from marketplace.accounts.errors import (
    AlreadyAppealedError,
    AppealNotFoundError,
    AppealPaperError,
    AppealTextMissingError,
    NothingToAppealError,
    OrganisationNotFoundError,
    OwnDecisionError,
    ReasonMissingError,
    TextTooLongError,
)
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations import standing as operations
from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel import states
from marketplace.platform.pagination import PageRequest
from models.accounts import Organisation, Role
from models.platform import AuditEvent, StateChange
from models.standing import Appeal, AppealState
from tests.factories.accounts import OrganisationFactory, acting, member_of, officer, operator
from tests.factories.media import MediaFileFactory
from tests.factories.standing import AppealFactory, DecisionFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


def steps_of(session, organisation):
    rows = session.execute(
        select(StateChange.from_state, StateChange.to_state)
        .where(
            StateChange.subject_kind == "organisation", StateChange.subject_id == organisation.id
        )
        .order_by(StateChange.id)
    )
    return [tuple(row) for row in rows]


def audited(session):
    return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def close(organisation, actor=None, reason="Đã giải thể"):
    return operations.close_organisation(
        actor=actor or officer(), organisation_id=organisation.id, reason=reason, at=TUESDAY
    )


def suspended(by=None):
    """A cooperative that an officer has suspended."""
    cooperative = OrganisationFactory()
    organisations.suspend_organisation(
        actor=by or officer(),
        organisation_id=cooperative.id,
        reason="Giấy phép hết hạn",
        at=MONDAY,
    )
    return cooperative


def appeal(organisation, actor=None, text="Đã gia hạn", file_id=None):
    return operations.appeal_decision(
        actor=actor or member_of(organisation),
        organisation_id=organisation.id,
        text=text,
        file_id=file_id,
        at=TUESDAY,
    )


def answer(made, verdict=AppealState.UPHELD, actor=None, reply="Giấy mới hợp lệ"):
    return operations.answer_appeal(
        actor=actor or officer(), appeal_id=made.id, verdict=verdict, reply=reply, at=WEDNESDAY
    )


class TestCloseOrganisation:
    @pytest.mark.parametrize("traits", [{}, {"pending": True}, {"suspended": True}])
    def test_is_final(self, session, traits):
        cooperative = OrganisationFactory(**traits)
        was = cooperative.verification

        assert close(cooperative, reason=" Đã giải thể ")

        assert cooperative.verification == "closed"
        assert steps_of(session, cooperative) == [(was, "closed")]
        assert audited(session) == ["accounts.organisation_closed"]
        for again in (organisations.verify_organisation,):
            with pytest.raises(states.NotAllowedError):
                again(actor=officer(), organisation_id=cooperative.id, at=WEDNESDAY)
        with pytest.raises(states.NotAllowedError):
            organisations.suspend_organisation(
                actor=officer(), organisation_id=cooperative.id, reason="x", at=WEDNESDAY
            )
        assert cooperative.verification == "closed"

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory()
        actor = officer()

        assert [close(cooperative, actor), close(cooperative, actor)] == [True, False]
        assert len(audited(session)) == 1

    @pytest.mark.parametrize(
        ("reason", "error"), [("  ", ReasonMissingError), ("x" * 501, TextTooLongError)]
    )
    def test_needs_a_reason_of_sensible_length(self, session, reason, error):
        cooperative = OrganisationFactory()

        with pytest.raises(error):
            close(cooperative, reason=reason)

        assert cooperative.verification == "verified"

    def test_is_refused_to_the_operator_and_to_members(self, session):
        cooperative = OrganisationFactory()

        for actor in (operator(), member_of(cooperative)):
            with pytest.raises(NotAllowedError):
                close(cooperative, actor)

        assert cooperative.verification == "verified"
        assert audited(session) == []

    def test_an_alliance_closes_no_alliance(self, session):
        with pytest.raises(OrganisationNotFoundError):
            close(OrganisationFactory(alliance=True))


class TestAppealDecision:
    def test_is_written_down_with_its_paper(self, session):
        cooperative = suspended()
        paper = MediaFileFactory(paper=True, organisation_id=cooperative.id)
        director = member_of(cooperative)

        made = appeal(cooperative, director, " Đã gia hạn ", paper.id)

        decision = session.scalars(select(StateChange)).one()
        assert (made.state, made.text, made.file_id) == ("open", "Đã gia hạn", paper.id)
        assert (made.state_change_id, made.created_by_id) == (decision.id, director.user_id)
        assert cooperative.verification == "suspended"
        assert audited(session)[-1] == "accounts.decision_appealed"

    def test_the_same_words_again_are_the_same_appeal(self, session):
        cooperative = suspended()
        director = member_of(cooperative)

        assert appeal(cooperative, director) is appeal(cooperative, director)
        with pytest.raises(AlreadyAppealedError):
            appeal(cooperative, director, "Còn nữa")
        assert len(session.scalars(select(Appeal)).all()) == 1

    def test_the_next_decision_can_be_appealed_against_again(self, session):
        cooperative = suspended()
        first = appeal(cooperative)
        answer(first)
        organisations.suspend_organisation(
            actor=officer(), organisation_id=cooperative.id, reason="Lại hết hạn", at=WEDNESDAY
        )

        assert appeal(cooperative).id != first.id

    @pytest.mark.parametrize("traits", [{}, {"pending": True}, {"suspended": True}])
    def test_there_must_be_a_decision(self, session, traits):
        with pytest.raises(NothingToAppealError):
            appeal(OrganisationFactory(**traits))

        assert session.scalars(select(Appeal)).all() == []

    @pytest.mark.parametrize(
        ("text", "error"), [("  ", AppealTextMissingError), ("x" * 4001, TextTooLongError)]
    )
    def test_needs_words_of_sensible_length(self, session, text, error):
        cooperative = suspended()

        with pytest.raises(error):
            appeal(cooperative, text=text)

        assert session.scalars(select(Appeal)).all() == []

    @pytest.mark.parametrize("kind", ["foreign", "photo", "none"])
    def test_takes_papers_of_its_own_only(self, session, kind):
        cooperative = suspended()
        files = {
            "foreign": lambda: (
                MediaFileFactory(paper=True, organisation_id=OrganisationFactory().id).id
            ),
            "photo": lambda: MediaFileFactory(organisation_id=cooperative.id).id,
            "none": lambda: 987654321,
        }

        with pytest.raises(AppealPaperError):
            appeal(cooperative, file_id=files[kind]())

    def test_is_for_its_director(self, session):
        cooperative = suspended()
        outsiders = (
            member_of(cooperative, Role.SALES),
            member_of(OrganisationFactory()),
            officer(),
        )

        for actor in outsiders:
            with pytest.raises(NotAllowedError):
                appeal(cooperative, actor)

        assert session.scalars(select(Appeal)).all() == []


class TestAnswerAppeal:
    @pytest.mark.parametrize("was", ["verified", "suspended", "pending"])
    def test_upheld_gives_back_what_was(self, session, was):
        cooperative = OrganisationFactory(pending=True)
        if was != "pending":
            cooperative.verification = "verified"
        if was == "suspended":
            DecisionFactory(organisation=cooperative)
            cooperative.verification = "suspended"
        close(cooperative)
        made = appeal(cooperative)
        judge = officer()

        assert answer(made, actor=judge)

        assert cooperative.verification == was
        assert (made.state, made.reply, made.decided_at) == (
            "upheld",
            "Giấy mới hợp lệ",
            WEDNESDAY,
        )
        assert made.decided_by_organisation_id == judge.organisation_id
        assert steps_of(session, cooperative)[-1] == ("closed", was)

    def test_upheld_against_a_suspension(self, session):
        cooperative = suspended()

        answer(appeal(cooperative))

        assert cooperative.verification == "verified"
        assert standing.find_decision(cooperative.id, cooperative.verification) is None

    def test_what_a_closing_had_replaced_is_the_decision_again(self, session):
        cooperative = suspended()
        before = standing.find_decision(cooperative.id, "suspended")
        close(cooperative)
        answer(appeal(cooperative))

        after = standing.find_decision(cooperative.id, cooperative.verification)

        assert after == before
        assert after.reason == "Giấy phép hết hạn"

    def test_denied_leaves_it(self, session):
        cooperative = suspended()
        made = appeal(cooperative)

        assert answer(made, AppealState.DENIED)

        assert (cooperative.verification, made.state) == ("suspended", "denied")
        assert len(steps_of(session, cooperative)) == 1

    def test_a_decision_that_is_over_is_left_alone(self, session):
        cooperative = suspended()
        made = appeal(cooperative)
        close(cooperative)

        answer(made)

        assert (cooperative.verification, made.state) == ("closed", "upheld")

    def test_twice_is_once_and_otherwise_is_refused(self, session):
        made = appeal(suspended())
        judge = officer()

        assert [answer(made, actor=judge), answer(made, actor=judge)] == [True, False]
        with pytest.raises(states.NotAllowedError):
            answer(made, AppealState.DENIED)

        assert made.state == "upheld"

    def test_who_decided_does_not_answer(self, session):
        judge = officer()
        cooperative = suspended(by=judge)
        made = appeal(cooperative)

        with pytest.raises(OwnDecisionError):
            answer(made, actor=judge)

        assert (made.state, cooperative.verification) == ("open", "suspended")

    @pytest.mark.parametrize(
        ("reply", "error"), [("", AppealTextMissingError), ("x" * 4001, TextTooLongError)]
    )
    def test_needs_a_word(self, session, reply, error):
        made = appeal(suspended())

        with pytest.raises(error):
            answer(made, reply=reply)

        assert made.state == "open"

    def test_is_for_officers(self, session):
        cooperative = suspended()
        made = appeal(cooperative)

        for actor in (member_of(cooperative), operator()):
            with pytest.raises(NotAllowedError):
                answer(made, actor=actor)

        assert made.state == "open"

    def test_there_must_be_one(self, session):
        with pytest.raises(AppealNotFoundError):
            operations.answer_appeal(
                actor=officer(),
                appeal_id=987654321,
                verdict=AppealState.DENIED,
                reply="x",
                at=MONDAY,
            )


class TestReading:
    def test_everybody_reads_of_alliances_not_of_people_or_reasons(self, session):
        cooperative = suspended()

        [step] = standing.public_steps(cooperative.id)

        assert (step.from_state, step.to_state, step.at) == ("verified", "suspended", MONDAY)
        assert step.alliance is not None
        assert not hasattr(step, "reason")

    def test_those_that_wait_come_first(self, session):
        answered = AppealFactory(denied=True)
        late, early = AppealFactory(created_at=TUESDAY), AppealFactory(created_at=MONDAY)

        page = standing.appeals_of_registry(viewer=officer(), page=PageRequest())

        assert [each.id for each in page.rows] == [early.id, late.id, answered.id]
        assert standing.open_appeals(viewer=officer()) == 2

    def test_is_for_those_concerned(self, session):
        made = AppealFactory()
        stranger = member_of(OrganisationFactory())
        owner = session.get_one(Organisation, made.organisation_id)
        for ask in (
            lambda: standing.appeals_of(owner, viewer=stranger),
            lambda: standing.appeals_of(owner, viewer=member_of(owner, Role.SALES)),
            lambda: standing.get_appeal(made.id, viewer=member_of(owner)),
            lambda: standing.get_appeal_paper(made.id, viewer=member_of(owner)),
            lambda: standing.open_appeals(viewer=stranger),
        ):
            with pytest.raises(NotAllowedError):
                ask()
        assert [each.id for each in standing.appeals_of(owner, viewer=member_of(owner))] == [
            made.id
        ]
        with pytest.raises(AppealNotFoundError):  # it has none
            standing.get_appeal_paper(made.id, viewer=officer())


def test_an_actor_without_a_person_appeals_against_nothing(session):
    cooperative = suspended()
    nobody = acting(type("Nobody", (), {"id": None})(), cooperative)

    with pytest.raises(NothingToAppealError):
        appeal(cooperative, nobody)
