"""Bringing a file of members in."""

from datetime import date

import pytest
from sqlalchemy import func, select, text

from marketplace.accounts.permissions import NotAllowedError
from marketplace.jobs import membership as jobs
from marketplace.kernel import states
from marketplace.membership import errors, operations, queries
from marketplace.membership.files import writing
from marketplace.membership.operations import importing
from models.accounts import Role
from models.membership import Household, ImportState, RegisterImport, RegisterImportRow
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

FILE = (
    "STT;Mã;Họ tên;Số điện thoại;Thôn;Ngày vào\n"
    "1;A1;Y Blơm Niê;0905123456;Buôn Sút;1/5/2020\n"
    "2;;Đỗ Thị Ưng;;;\n"
    "3;TV-0001;Lê An;;;2/2/2021\n"
).encode()


@pytest.fixture
def htx():
    return OrganisationFactory()


@pytest.fixture
def keeper(htx):
    return member_of(htx, Role.ACCOUNTANT)


def bring(htx, actor, data=FILE, name="so.csv"):
    """Bring a file in and have it read."""
    begun = importing.begin_import(
        actor=actor, organisation_id=htx.id, data=data, name=name, at=MONDAY
    )
    jobs.read_import(import_id=begun.id)
    return begun


def bring_and_write(htx, actor, data=FILE):
    known = bring(htx, actor, data)
    importing.confirm_import(actor=actor, import_id=known.id, at=MONDAY)
    jobs.write_import(import_id=known.id)
    return known


def register(session, htx):
    rows = session.execute(
        select(Household.code, Household.name)
        .where(Household.organisation_id == htx.id)
        .order_by(Household.code)
    )
    return dict(list(rows))


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestReading:
    def test_writes_nothing_and_says_what_would_be(self, session, htx, keeper):
        known = bring(htx, keeper)

        seen = queries.get_import(known.id, organisation_id=htx.id, viewer=keeper)
        assert (seen.state, seen.row_count, seen.read_count) == ("checked", 3, 3)
        assert (seen.new_count, seen.changed_count, seen.same_count) == (3, 0, 0)
        assert list(seen.unknown_columns) == ["STT"]
        assert count(session, Household) == 0
        assert session.scalar(select(RegisterImport.content)) is None

    def test_one_mistake_and_nothing_can_be_written(self, session, htx, keeper):
        known = bring(htx, keeper, FILE + b"4;A9;B;12;;\n")

        seen = queries.get_import(known.id, organisation_id=htx.id, viewer=keeper)
        assert (seen.state, seen.problem_count) == ("faulty", 1)
        assert [(each["line"], each["found"]) for each in seen.problems] == [(5, "12")]
        assert count(session, RegisterImportRow) == 0
        with pytest.raises(states.NotAllowedError):
            importing.confirm_import(actor=keeper, import_id=known.id, at=TUESDAY)

    def test_of_many_mistakes_the_first_two_hundred_are_kept(self, htx, keeper):
        rows = "".join(f"A{number};B;1\n" for number in range(1_100))

        known = bring(htx, keeper, f"Mã;Họ tên;SĐT\n{rows}".encode())

        seen = queries.get_import(known.id, organisation_id=htx.id, viewer=keeper)
        assert (seen.problem_count, len(seen.problems), seen.read_count) == (1_100, 200, 1_100)

    def test_a_file_that_is_no_register_says_so(self, htx, keeper):
        known = bring(htx, keeper, b"a;b\n1;2\n")

        seen = queries.get_import(known.id, organisation_id=htx.id, viewer=keeper)
        assert seen.state == ImportState.FAULTY
        assert [each["line"] for each in seen.problems] == [0]
        assert seen.problems[0]["expected"] == errors.NotARegisterError.message

    def test_a_file_with_an_open_quotation_mark_comes_to_an_end(self, htx, keeper):
        known = bring(htx, keeper, 'Mã;Họ tên\nA1;"B\n'.encode() + b"A2;C\n" * 30_000)

        seen = queries.get_import(known.id, organisation_id=htx.id, viewer=keeper)
        assert seen.state == ImportState.FAULTY
        problem = seen.problems[0]
        assert (problem["expected"], problem["found"]) == (errors.OpenQuoteError.message, "2")

    def test_a_worker_that_died_begins_anew(self, session, htx, keeper):
        begun = importing.begin_import(
            actor=keeper, organisation_id=htx.id, data=FILE, name="a", at=MONDAY
        )
        importing.begin_reading(import_id=begun.id, row_count=3, unknown_columns=())
        importing.keep_rows(import_id=begun.id, rows=[(2, {"name": "Nửa chừng"})], problems=())

        for _ in range(2):
            jobs.read_import(import_id=begun.id)

        lines = session.scalars(select(RegisterImportRow.line).order_by(RegisterImportRow.line))
        assert list(lines) == [2, 3, 4]
        assert begun.read_count == 3

    def test_the_same_bytes_under_way_are_taken_once(self, session, htx, keeper):
        begun = [
            importing.begin_import(
                actor=keeper, organisation_id=htx.id, data=FILE, name="a", at=MONDAY
            ).id
            for _ in range(2)
        ]

        assert begun[0] == begun[1]
        jobs_waiting = session.scalar(
            text("select count(*) from procrastinate_jobs where task_name = :name"),
            {"name": importing.READ},
        )
        assert jobs_waiting == 1

    def test_is_refused_to_others(self, session, htx):
        for actor in (member_of(htx, Role.WAREHOUSE), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                bring(htx, actor)

        assert count(session, RegisterImport) == 0


class TestWriting:
    def test_writes_everybody_hidden_and_one_line_into_the_trail(self, session, htx, keeper):
        known = bring_and_write(htx, keeper)

        assert register(session, htx) == {
            "A1": "Y Blơm Niê",
            "TV-0001": "Lê An",
            "TV-0002": "Đỗ Thị Ưng",
        }
        [first] = session.scalars(select(Household).where(Household.code == "A1"))
        assert (first.is_hidden, first.phone, first.joined_on) == (
            True,
            "+84905123456",
            date(2020, 5, 1),
        )
        assert first.search_text == "a1 y blom nie buon sut 0905123456"
        assert (first.created_by_id, first.province_code) == (keeper.user_id, "66")
        assert count(session, RegisterImportRow) == 0
        [event] = session.scalars(select(AuditEvent))
        assert event.after == {"new": 3, "changed": 0, "same": 0}
        moved = session.scalars(select(StateChange.to_state).order_by(StateChange.id))
        assert list(moved) == ["checked", "queued", "done"]
        assert known.state == ImportState.DONE

    def test_the_same_file_again_changes_nothing(self, session, htx, keeper):
        bring_and_write(htx, keeper)
        before = register(session, htx)

        again = bring_and_write(htx, keeper)
        jobs.write_import(import_id=again.id)

        assert (again.new_count, again.changed_count, again.same_count) == (0, 0, 3)
        assert register(session, htx) == before

    def test_what_was_taken_away_changes_nothing_when_it_comes_back(
        self, app, session, htx, keeper
    ):
        bring_and_write(htx, keeper)
        HouseholdFactory(organisation=htx, gone=True, code="X9", commune_code="24133")
        with app.test_request_context("/"):
            lines = writing.lines_of(queries.whole_register(htx.id, viewer=keeper))
            files = [writing.csv_file(lines), writing.xlsx_file(lines, title="x")]

        for data in files:
            known = bring_and_write(htx, keeper, data)
            assert (known.new_count, known.changed_count, known.same_count) == (0, 0, 4)

    def test_changes_what_the_file_says_and_nothing_else(self, session, htx, keeper):
        known = HouseholdFactory(organisation=htx, code="A1", note="giữ", shown=True)
        other = HouseholdFactory(code="A1", name="Người khác")

        bring_and_write(htx, keeper, "Mã;Họ tên;SĐT;Thôn\na1;Y Blơm Ayũn;;Buôn Kó\n".encode())

        session.refresh(known)
        session.refresh(other)
        assert (known.name, known.hamlet, known.phone) == (
            "Y Blơm Ayũn",
            "Buôn Kó",
            "+84905123456",
        )
        assert (known.note, known.is_hidden) == ("giữ", False)
        assert "ayun" in known.search_text
        assert other.name == "Người khác"

    def test_who_has_no_code_is_known_by_name_and_number(self, session, htx, keeper):
        HouseholdFactory(organisation=htx, code="A1", hamlet="")

        known = bring_and_write(
            htx, keeper, "Họ tên;SĐT;Thôn\ny blơm niê;0905 123 456;Buôn Kó\n".encode()
        )

        assert (known.new_count, known.changed_count) == (0, 1)
        assert session.scalars(select(Household.hamlet)).all() == ["Buôn Kó"]

    def test_who_was_erased_does_not_come_back(self, session, htx, keeper):
        gone = HouseholdFactory(organisation=htx, gone=True, code="A1")
        operations.erase_member(actor=keeper, member_id=gone.id, at=MONDAY)

        known = bring_and_write(htx, keeper)

        session.refresh(gone)
        assert gone.name == ""
        assert (known.new_count, known.same_count) == (2, 1)

    def test_who_came_in_between_is_not_written_twice(self, session, htx, keeper):
        known = bring(htx, keeper)
        HouseholdFactory(organisation=htx, code="A1", name="Y Blơm Niê")

        importing.confirm_import(actor=keeper, import_id=known.id, at=MONDAY)
        jobs.write_import(import_id=known.id)

        assert (known.new_count, known.same_count + known.changed_count) == (2, 1)
        assert count(session, Household) == 3


class TestDeciding:
    def test_discarding_leaves_the_register_alone_for_good(self, session, htx, keeper):
        known = bring(htx, keeper)

        importing.discard_import(actor=keeper, import_id=known.id, at=TUESDAY)

        with pytest.raises(states.NotAllowedError):
            importing.confirm_import(actor=keeper, import_id=known.id, at=TUESDAY)
        jobs.write_import(import_id=known.id)
        assert count(session, Household) == 0
        assert count(session, RegisterImportRow) == 0

    def test_asking_twice_writes_once(self, session, htx, keeper):
        known = bring(htx, keeper)

        for _ in range(2):
            importing.confirm_import(actor=keeper, import_id=known.id, at=TUESDAY)
        for _ in range(2):
            jobs.write_import(import_id=known.id)
        importing.confirm_import(actor=keeper, import_id=known.id, at=TUESDAY)

        assert count(session, Household) == 3
        with pytest.raises(states.NotAllowedError):
            importing.discard_import(actor=keeper, import_id=known.id, at=TUESDAY)

    def test_is_refused_to_others(self, htx, keeper):
        known = bring(htx, keeper)

        for actor in (member_of(htx, Role.WAREHOUSE), member_of(OrganisationFactory())):
            for act in (importing.confirm_import, importing.discard_import):
                with pytest.raises(NotAllowedError):
                    act(actor=actor, import_id=known.id, at=TUESDAY)
        with pytest.raises(errors.ImportNotFoundError):
            importing.confirm_import(actor=keeper, import_id=987_654, at=TUESDAY)
        stranger = OrganisationFactory()
        with pytest.raises(errors.ImportNotFoundError):
            queries.get_import(known.id, organisation_id=stranger.id, viewer=member_of(stranger))

        assert known.state == ImportState.CHECKED
