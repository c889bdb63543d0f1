"""The promise record on a seller's desk, at the alliance, and in public."""

import pytest
from sqlalchemy import select

from marketplace.jobs.orders import count_reminders
from marketplace.kernel.clock import now
from models.accounts import Role
from models.promises import PromiseReply
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.promises import PromiseReplyFactory, cash_part, missed_part

TEXT = "Đèo sạt lở, xe không qua được"
PAGE = "/quay/CUMGAR/giu-hen"


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar")


@pytest.fixture
def desk(login, cooperative):
    return login(MembershipFactory(organisation=cooperative).user)


@pytest.fixture
def office(login):
    alliance = OrganisationFactory(alliance=True)
    return login(MembershipFactory(organisation=alliance, role=Role.OFFICER).user)


@pytest.fixture
def part(cooperative):
    return missed_part(organisation=cooperative, at=now())


class TestDesk:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_shows_the_figures_and_the_parts(self, desk, part, cooperative, prefix):
        good = cash_part(organisation=cooperative, at=now(), state="confirmed", confirmed_at=now())

        all_missed = desk.get(f"{prefix}{PAGE}").text
        confirmed = desk.get(f"{prefix}{PAGE}?hen=xac-nhan").text

        assert part.number in all_missed
        assert good.number not in all_missed
        assert good.number in confirmed
        assert part.order.recipient_name not in all_missed + confirmed
        assert ("50%" if prefix else "50\N{NO-BREAK SPACE}%") in all_missed

    def test_says_that_there_is_nothing_yet(self, desk, cooperative):
        assert "Chưa có đơn nào để tính" in desk.get(PAGE).text

    def test_takes_one_reply(self, session, desk, part):
        answer = desk.post(f"{PAGE}/{part.number}", data={"text": TEXT})
        again = desk.post(f"{PAGE}/{part.number}", data={"text": "Lời khác"})

        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{part.number}")
        assert again.status_code == 422
        assert session.scalars(select(PromiseReply.text)).all() == [TEXT]
        assert TEXT in desk.get(f"{PAGE}/{part.number}").text

    def test_a_mistake_keeps_what_was_typed(self, session, desk, part):
        answer = desk.post(f"{PAGE}/{part.number}", data={"text": "dài " * 200})
        empty = desk.post(f"{PAGE}/{part.number}", data={"text": ""})

        assert (answer.status_code, empty.status_code) == (422, 422)
        assert "dài dài" in answer.text
        assert 'aria-invalid="true"' in answer.text
        assert "Viết lời giải thích" in empty.text
        assert session.scalars(select(PromiseReply)).all() == []

    def test_a_form_without_its_token_is_refused(self, session, app, desk, part):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = desk.post(f"{PAGE}/{part.number}", data={"text": TEXT})
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert session.scalars(select(PromiseReply)).all() == []

    def test_the_warehouse_reads_and_does_not_reply(self, session, login, cooperative, part):
        reader = login(MembershipFactory(organisation=cooperative, role=Role.WAREHOUSE).user)

        page = reader.get(f"{PAGE}/{part.number}")

        assert page.status_code == 200
        assert "<textarea" not in page.text
        assert reader.post(f"{PAGE}/{part.number}", data={"text": TEXT}).status_code == 403
        assert session.scalars(select(PromiseReply)).all() == []

    def test_is_not_there_for_others(self, login, part):
        stranger = login(MembershipFactory(organisation=OrganisationFactory(code="EAKAR")).user)

        assert stranger.get(PAGE).status_code == 404
        assert stranger.get(f"/quay/EAKAR/giu-hen/{part.number}").status_code == 404
        answer = stranger.post(f"/quay/EAKAR/giu-hen/{part.number}", data={"text": TEXT})
        assert answer.status_code == 404

    def test_a_part_that_went_well_needs_no_word(self, session, desk, cooperative):
        good = cash_part(organisation=cooperative, at=now(), state="confirmed", confirmed_at=now())

        assert "<textarea" not in desk.get(f"{PAGE}/{good.number}").text
        assert desk.post(f"{PAGE}/{good.number}", data={"text": TEXT}).status_code == 422
        assert session.scalars(select(PromiseReply)).all() == []


class TestAlliance:
    def test_reads_the_figures_the_parts_and_the_reply(self, office, part):
        PromiseReplyFactory(part=part, by_id=UserFactory().id, text=TEXT)

        above = office.get("/lien-minh/to-chuc/CUMGAR").text
        page = office.get("/lien-minh/to-chuc/CUMGAR/giu-hen").text

        assert "/lien-minh/to-chuc/CUMGAR/giu-hen" in above
        assert part.number not in above
        assert part.number in page
        assert TEXT in page
        assert part.order.recipient_name not in page

    def test_is_told_whom_to_speak_with(self, office, cooperative):
        for _ in range(9):
            missed_part(organisation=cooperative, at=now())
        count_reminders()
        before = office.get("/lien-minh").text
        missed_part(organisation=cooperative, at=now())
        count_reminders()

        assert "Huỷ đơn hoặc giao trễ quá mức" not in before
        assert "Huỷ đơn hoặc giao trễ quá mức" in office.get("/lien-minh").text
        assert "/lien-minh/to-chuc/CUMGAR/giu-hen" in office.get("/lien-minh/giu-hen").text

    def test_nobody_else_reads_it(self, desk, part):
        assert desk.get("/lien-minh/giu-hen").status_code == 404
        assert desk.get("/lien-minh/to-chuc/CUMGAR/giu-hen").status_code == 404


class TestPublic:
    def test_says_only_shares_and_only_of_enough(self, client, cooperative, part):
        for _ in range(8):
            cash_part(organisation=cooperative, at=now(), state="confirmed", confirmed_at=now())
        address = f"/xac-minh/{cooperative.slug}"
        before = client.get(address).text
        cash_part(organisation=cooperative, at=now(), state="confirmed", confirmed_at=now())

        page = client.get(address).text

        assert "Chưa đủ đơn để tính" in before
        assert "10\N{NO-BREAK SPACE}%" not in before
        assert "10\N{NO-BREAK SPACE}%" in page  # called off: 1 of 10
        assert "chưa đủ đơn để tính" in page  # of 9 that were confirmed, of 0 handed over
        assert part.number not in page
        assert "10%" in client.get(f"/en{address}").text
