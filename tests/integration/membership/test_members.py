"""Keeping the register of members."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.permissions import SYSTEM, NotAllowedError
from marketplace.geography.errors import UnknownCommuneError, UnknownProvinceError
from marketplace.membership import errors, operations, queries
from marketplace.membership.queries import RegisterFilter, Standing
from marketplace.membership.rules import MemberFacts
from models.accounts import Role
from models.membership import Household
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY, TUESDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def htx():
    return OrganisationFactory()


@pytest.fixture
def director(htx):
    return member_of(htx)


def facts(htx, **changes):
    return replace(
        MemberFacts(
            organisation_id=htx.id,
            code="",
            name="  Y Blơm   Niê ",
            kind="household",
            province_code="66",
            joined_on=date(2020, 5, 1),
            phone="+84905123456",
            hamlet="Buôn Sút",
        ),
        **changes,
    )


def register(htx, viewer, **wanted):
    page = queries.register_page(htx.id, viewer=viewer, wanted=RegisterFilter(**wanted), size=50)
    return [row.code for row in page.rows]


class TestAdd:
    def test_writes_a_member_down_hidden_and_says_nothing_of_them_in_the_trail(
        self, session, htx, director
    ):
        made = operations.add_member(actor=director, facts=facts(htx), at=MONDAY)

        assert (made.code, made.name, made.is_hidden) == ("TV-0001", "Y Blơm Niê", True)
        assert made.search_text == "tv-0001 y blom nie buon sut 0905123456"
        [event] = session.scalars(select(AuditEvent))
        assert event.action == "membership.add_member"
        assert event.after == {"code": "TV-0001", "kind": "household"}

    def test_numbers_go_on_and_a_code_of_their_own_is_kept(self, htx, director):
        codes = [
            operations.add_member(
                actor=director, facts=facts(htx, code=code, name=name), at=MONDAY
            ).code
            for code, name in (("", "A"), ("hv.7", "B"), ("TV-0009", "C"), ("", "D"))
        ]

        assert codes == ["TV-0001", "HV.7", "TV-0009", "TV-0010"]

    def test_sent_twice_is_one_member_and_another_one_is_refused(self, session, htx, director):
        first = operations.add_member(actor=director, facts=facts(htx, code="A1"), at=MONDAY)
        again = operations.add_member(actor=director, facts=facts(htx, code="A1"), at=TUESDAY)

        assert again.id == first.id
        with pytest.raises(errors.MemberCodeTakenError):
            operations.add_member(
                actor=director, facts=facts(htx, code="a1", name="Người khác"), at=TUESDAY
            )
        assert session.scalar(select(func.count()).select_from(Household)) == 1

    def test_two_organisations_may_use_one_code(self, htx, director):
        HouseholdFactory(code="A1")

        made = operations.add_member(actor=director, facts=facts(htx, code="A1"), at=MONDAY)

        assert made.organisation_id == htx.id

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"name": ""}, errors.MemberNameMissingError),
            ({"joined_on": TUESDAY_DAY}, errors.JoinedInFutureError),
            ({"code": "A B"}, errors.MemberCodeInvalidError),
            ({"province_code": "00"}, UnknownProvinceError),
            ({"commune_code": "00001"}, UnknownCommuneError),
        ],
    )
    def test_what_is_wrong_is_refused(self, session, htx, director, changes, error):
        with pytest.raises(error):
            operations.add_member(actor=director, facts=facts(htx, **changes), at=MONDAY)

        assert session.scalar(select(Household)) is None

    @pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE])
    def test_is_refused_to_others(self, session, htx, role):
        for actor in (member_of(htx, role), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                operations.add_member(actor=actor, facts=facts(htx), at=MONDAY)

        assert session.scalar(select(Household)) is None


class TestChange:
    def test_only_the_names_of_the_changed_fields_go_into_the_trail(self, session, htx, director):
        made = HouseholdFactory(organisation=htx, code="A1", commune_code=None)

        operations.edit_member(
            actor=director,
            member_id=made.id,
            facts=facts(htx, code="A2", name="H’Linh Ayũn", phone=None),
            at=TUESDAY,
        )

        assert (made.code, made.name, made.phone) == ("A2", "H’Linh Ayũn", None)
        event = session.scalars(select(AuditEvent)).one()
        assert event.before == {"code": "A1"}
        assert event.after == {
            "code": "A2",
            "fields": ["code", "name", "phone", "search_text", "sort_key"],
        }

    def test_the_same_again_changes_nothing(self, session, htx, director):
        made = operations.add_member(actor=director, facts=facts(htx, code="A1"), at=MONDAY)

        operations.edit_member(
            actor=director, member_id=made.id, facts=facts(htx, code="A1"), at=TUESDAY
        )

        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1

    def test_a_code_of_another_is_refused(self, htx, director):
        made = HouseholdFactory(organisation=htx, code="A1")
        HouseholdFactory(organisation=htx, code="A2")

        with pytest.raises(errors.MemberCodeTakenError):
            operations.edit_member(
                actor=director, member_id=made.id, facts=facts(htx, code="A2"), at=MONDAY
            )

        assert made.code == "A1"

    def test_is_refused_to_others(self, htx):
        made = HouseholdFactory(organisation=htx)

        for actor in (member_of(htx, Role.SALES), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                operations.edit_member(
                    actor=actor, member_id=made.id, facts=facts(htx, code="A2"), at=MONDAY
                )
        with pytest.raises(errors.MemberNotFoundError):
            operations.edit_member(
                actor=SYSTEM, member_id=987_654, facts=facts(htx, code="A2"), at=MONDAY
            )

        assert made.name == "Y Blơm Niê"


class TestLeaving:
    def test_is_dated_and_can_be_taken_back(self, session, htx, director):
        made = HouseholdFactory(organisation=htx)

        for _ in range(2):
            operations.leave(actor=director, member_id=made.id, left_on=MONDAY_DAY, at=TUESDAY)
        assert made.left_on == MONDAY_DAY
        assert register(htx, director) == []
        assert register(htx, director, standing=Standing.LEFT) == [made.code]

        operations.return_member(actor=director, member_id=made.id, at=TUESDAY)
        assert made.left_on is None
        assert [event.after for event in session.scalars(select(AuditEvent))] == [
            {"left_on": "2026-11-02"},
            {"left_on": None},
        ]

    @pytest.mark.parametrize(
        ("day", "error"),
        [
            (date(2020, 4, 30), errors.LeftBeforeJoiningError),
            (TUESDAY_DAY, errors.LeftInFutureError),
        ],
    )
    def test_on_a_day_that_cannot_be_is_refused(self, htx, director, day, error):
        made = HouseholdFactory(organisation=htx)

        with pytest.raises(error):
            operations.leave(actor=director, member_id=made.id, left_on=day, at=MONDAY)

        assert made.left_on is None


class TestShowing:
    def test_needs_a_day_of_consent(self, session, htx, director):
        made = HouseholdFactory(organisation=htx)

        for day in (None, TUESDAY_DAY):
            with pytest.raises(errors.ConsentMissingError):
                operations.show_member(
                    actor=director, member_id=made.id, consented_on=day, note="", at=MONDAY
                )
        assert made.is_hidden

        operations.show_member(
            actor=director, member_id=made.id, consented_on=MONDAY_DAY, note=" giấy ", at=MONDAY
        )
        assert (made.is_hidden, made.consent_note) == (False, "giấy")
        operations.hide_member(actor=director, member_id=made.id, at=TUESDAY)
        assert made.is_hidden
        assert "giấy" not in str([event.after for event in session.scalars(select(AuditEvent))])

    def test_the_database_refuses_to_show_without_consent(self, session, htx):
        with pytest.raises(IntegrityError):
            HouseholdFactory(organisation=htx, is_hidden=False)

    def test_is_refused_to_others(self, htx):
        made = HouseholdFactory(organisation=htx, shown=True)

        for actor in (member_of(htx, Role.WAREHOUSE), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                operations.hide_member(actor=actor, member_id=made.id, at=MONDAY)

        assert not made.is_hidden


class TestErasing:
    def test_leaves_the_code_and_nothing_personal(self, session, htx, director):
        made = HouseholdFactory(organisation=htx, gone=True, note="con ông Ba", shown=True)

        for at in (MONDAY, TUESDAY):
            operations.erase_member(actor=director, member_id=made.id, at=at)

        assert made.erased_at == MONDAY
        assert (made.name, made.phone, made.hamlet, made.note) == ("", None, "", "")
        assert (made.consent_note, made.is_hidden) == ("", True)
        assert "blom" not in made.search_text
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1
        with pytest.raises(errors.MemberErasedError):
            operations.return_member(actor=director, member_id=made.id, at=TUESDAY)

    def test_who_is_a_member_is_not_erased(self, htx, director):
        made = HouseholdFactory(organisation=htx)

        with pytest.raises(errors.StillMemberError):
            operations.erase_member(actor=director, member_id=made.id, at=MONDAY)

        assert made.name == "Y Blơm Niê"


class TestRegister:
    def test_is_searched_without_tones_by_all_words(self, htx, director):
        HouseholdFactory(organisation=htx, code="A1", name="Nguyễn Thị Thắm", hamlet="Thôn 3")
        HouseholdFactory(organisation=htx, code="A2", name="Trần Thắm", phone="+84912000111")
        HouseholdFactory(code="A3", name="Lê Thắm")

        assert register(htx, director, text="THAM") == ["A1", "A2"]
        assert register(htx, director, text="thắm thon") == ["A1"]
        assert register(htx, director, text="0912000") == ["A2"]
        assert register(htx, director, text="100%_") == []

    def test_pages_go_on_from_the_last_one_and_back(self, htx, director):
        for number in range(7):
            HouseholdFactory(organisation=htx, code=f"A{number}", name=f"Lê {'abcdefg'[number]}")

        def page(**wanted):
            found = queries.register_page(
                htx.id, viewer=director, wanted=RegisterFilter(**wanted), size=3
            )
            return [row.code for row in found.rows], found.has_previous, found.has_next

        assert page() == (["A0", "A1", "A2"], False, True)
        assert page(after="A2") == (["A3", "A4", "A5"], True, True)
        assert page(after="A5") == (["A6"], True, False)
        assert page(before="A6") == (["A3", "A4", "A5"], True, True)
        assert page(before="A3") == (["A0", "A1", "A2"], False, True)
        assert page(after="KHONG-CO") == ([], True, False)

    def test_is_closed_to_others(self, htx):
        for actor in (member_of(htx, Role.SALES), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                register(htx, actor)

    def test_counts(self, htx):
        HouseholdFactory(organisation=htx)
        HouseholdFactory(organisation=htx, is_official=False)
        HouseholdFactory(organisation=htx, gone=True)
        HouseholdFactory()

        counts = queries.counts_of(htx.id)

        assert (counts.present, counts.official, counts.left, counts.total) == (2, 1, 1, 3)
