"""An accountant declares a year and corrects it; the alliance adds everything up."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from marketplace.membership.yearly.rules import FIGURES
from models.accounts import Role
from models.statistics import YearlyStatistic
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.statistics import YearlyStatisticFactory

YEAR = {
    **dict.fromkeys(FIGURES, "10"),
    "official_members": "1.200",
    "revenue_external_minor": "3.400.000.000 ₫",
    "profit_minor": "-12.000.000",
    "mean_income_minor": "",
    "note": "Đã kiểm toán",
    "seen_version": "0",
}
PAGE = "/quay/CUMGAR/so-lieu-nam"


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar", short_name="HTX Cư M’gar")


@pytest.fixture
def desk(login, cooperative):
    """The browser of its accountant."""
    return login(MembershipFactory(organisation=cooperative, role=Role.ACCOUNTANT).user)


def versions(session):
    session.expire_all()
    return session.scalars(select(YearlyStatistic).order_by(YearlyStatistic.version)).all()


class TestDeclaring:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_the_pages_open(self, desk, prefix):
        for page in ("", "/2025"):
            assert desk.get(f"{prefix}{PAGE}{page}").status_code == 200

    def test_is_saved_and_listed(self, session, desk):
        answer = desk.post(f"{PAGE}/2025", data=YEAR)

        [row] = versions(session)
        page = desk.get(PAGE).text
        assert (answer.status_code, answer.location) == (303, PAGE)
        assert (row.official_members, row.revenue_external_minor, row.profit_minor) == (
            1200,
            3_400_000_000,
            -12_000_000,
        )
        assert row.mean_income_minor is None
        assert f'href="{PAGE}/2025"' in page
        assert "Khai năm 2025" not in page
        assert "Khai năm 2024" in page

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("labourers", ""),
            ("labourers", "mười"),
            ("managers_trained", "11"),
            ("labourers_members", "11"),
            ("total_assets_minor", "-5"),
            ("note", "x" * 1001),
        ],
    )
    def test_a_mistake_is_said_at_its_field_and_everything_kept(self, session, desk, field, typed):
        page = desk.post(f"{PAGE}/2025", data=YEAR | {field: typed})

        assert page.status_code == 422
        assert f'href="#{field}"' in page.text
        assert 'value="3.400.000.000 ₫"' in page.text
        assert typed in page.text
        assert versions(session) == []

    def test_a_correction_says_why_and_shows_what_changed(self, session, desk):
        desk.post(f"{PAGE}/2025", data=YEAR)
        better = YEAR | {"official_members": "1.201", "seen_version": "1"}

        refused = desk.post(f"{PAGE}/2025", data=better)
        answer = desk.post(f"{PAGE}/2025", data=better | {"reason": "Đếm sót một hộ"})

        page = desk.get(f"{PAGE}/2025").text
        assert refused.status_code == 422
        assert "Viết lý do sửa" in refused.text
        assert answer.status_code == 303
        assert [row.version for row in versions(session)] == [1, 2]
        assert "1.200 → 1.201" in page
        assert "Đếm sót một hộ" in page
        assert 'value="1.201"' in page

    def test_who_was_overtaken_sees_the_newer_version_and_keeps_what_was_typed(self, session, desk):
        desk.post(f"{PAGE}/2025", data=YEAR)

        page = desk.post(f"{PAGE}/2025", data=YEAR | {"official_members": "999"})

        assert page.status_code == 422
        assert "Người khác vừa lưu số liệu năm này" in page.text
        assert 'value="999"' in page.text
        assert 'name="seen_version" value="1"' in page.text
        assert len(versions(session)) == 1

    def test_a_jump_is_asked_about_and_not_refused(self, session, desk, cooperative):
        YearlyStatisticFactory(organisation=cooperative, year=2024, official_members=12)

        desk.post(f"{PAGE}/2025", data=YEAR)

        page = desk.get(PAGE).text
        assert "So với năm 2024" in page
        assert "Thành viên chính thức" in page

    def test_the_file_holds_numbers(self, desk, cooperative):
        YearlyStatisticFactory(organisation=cooperative, note="=1+1")

        answer = desk.get(f"{PAGE}.xlsx")

        sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Số liệu năm"]
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][:2] == ("Năm", "Thành viên chính thức")
        assert rows[1][:2] == ("2025", 120)
        assert sheet.cell(2, len(rows[0])).data_type == "s"

    @pytest.mark.parametrize("year", ["1989", "2999"])
    def test_there_are_no_other_years(self, desk, year):
        assert desk.get(f"{PAGE}/{year}").status_code == 422

    def test_is_for_those_who_keep_the_books(self, login, session, cooperative):
        sales = MembershipFactory(organisation=cooperative, role=Role.SALES).user
        stranger = MembershipFactory(organisation=OrganisationFactory()).user

        for user, status in ((sales, 403), (stranger, 404)):
            browser = login(user)
            for page in (PAGE, f"{PAGE}/2025", f"{PAGE}.xlsx"):
                assert browser.get(page).status_code == status
            assert browser.post(f"{PAGE}/2025", data=YEAR).status_code == status
        assert versions(session) == []

    def test_wants_the_token(self, app, session, desk):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = desk.post(f"{PAGE}/2025", data=YEAR)
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert versions(session) == []


class TestTheAlliance:
    @pytest.fixture
    def officer(self, login):
        alliance = OrganisationFactory(alliance=True)
        return login(MembershipFactory(organisation=alliance, role=Role.OFFICER).user)

    def test_with_nothing_declared_says_so(self, officer):
        assert "Chưa tổ chức nào khai số liệu năm" in officer.get("/lien-minh/so-lieu").text
        assert officer.get("/lien-minh/so-lieu.xlsx").status_code == 200

    def test_sees_sums_provinces_and_organisations(self, officer, cooperative):
        YearlyStatisticFactory(organisation=cooperative)
        YearlyStatisticFactory(organisation__province_code="92", official_members=1_000)
        YearlyStatisticFactory(organisation=cooperative, year=2024)

        for prefix in ("", "/en"):
            page = officer.get(f"{prefix}/lien-minh/so-lieu").text
            assert "HTX Cư M’gar" in page
        page = officer.get("/lien-minh/so-lieu").text
        assert "1.120" in page
        one = officer.get("/lien-minh/so-lieu?nam=2025&tinh=66").text
        assert "1.120" not in one
        assert "/lien-minh/so-lieu.xlsx?nam=2025&amp;tinh=66" in one
        assert "4,6" in officer.get("/lien-minh/to-chuc/CUMGAR").text

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_takes_it_away(self, officer, cooperative, kind):
        YearlyStatisticFactory(organisation=cooperative)

        answer = officer.get(f"/lien-minh/so-lieu.{kind}?nam=2025")

        assert answer.status_code == 200
        assert f"so-lieu-nam-2025.{kind}" in answer.headers["Content-Disposition"]
        if kind == "csv":
            assert "HTX Cà phê Cư M’gar;CUMGAR;Đắk Lắk;120" in answer.data.decode("utf-8-sig")

    def test_is_not_there_for_others(self, desk):
        for page in ("", ".csv", ".xlsx"):
            assert desk.get(f"/lien-minh/so-lieu{page}").status_code == 404
