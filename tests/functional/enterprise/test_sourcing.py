"""Sourcing by region on a buyer's desk."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.reporting.periods import add_months, month_of
from models.accounts import Role
from models.supply import SavedSearch
from tests.factories.accounts import MembershipFactory, OrganisationFactory, give_second_factor
from tests.factories.catalogue import ProductFactory
from tests.factories.searches import SavedSearchFactory
from tests.factories.supply import SupplyFactory

HERE = "/mua-hang/CAPHEDN/nguon-hang"
TONNE = 1_000_000
TONNES = "\N{NO-BREAK SPACE}tấn"


@pytest.fixture
def buyer(session):
    return OrganisationFactory(enterprise=True, code="CAPHEDN", name="Công ty Cà phê")


@pytest.fixture
def desk(login, buyer):
    return login(MembershipFactory(organisation=buyer, role=Role.BUYER).user)


@pytest.fixture
def next_month():
    return add_months(month_of(business_day(now())), 1)


@pytest.fixture
def coffee(next_month):
    """Forty tonnes of coffee of Hồ Chí Minh City next month, three months later six more."""
    seller = OrganisationFactory(name="HTX Đất Đỏ", slug="dat-do", code="DATDO", province_code="79")
    product = ProductFactory(
        organisation=seller, name_vi="Cà phê Robusta", name_en="Robusta", province_code="79"
    )
    SupplyFactory(product=product, month=next_month, forecast_g=40 * TONNE, grade="loại 1")
    SupplyFactory(
        product=product, month=add_months(next_month, 3), forecast_g=6 * TONNE, grade="loại 1"
    )
    return product


class TestPage:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_shows_who_has_how_much(self, desk, coffee, prefix):
        page = desk.get(f"{prefix}{HERE}").text

        assert "HTX Đất Đỏ" in page
        assert ("46\N{NO-BREAK SPACE}t<" if prefix else f"46{TONNES}<") in page
        assert f'href="{prefix}/xac-minh/dat-do"' in page
        assert ("No cooperative fits" if prefix else "Chưa có hợp tác xã nào khớp") not in page

    def test_the_map_has_all_provinces_and_both_archipelagos(self, desk, coffee):
        page = desk.get(HERE).text

        assert page.count("vietnam.svg#p") + page.count(".svg#p") >= 34
        assert "Hoàng Sa (Đà Nẵng)" in page
        assert "Trường Sa (Khánh Hòa)" in page
        assert f'aria-label="Hồ Chí Minh: còn 46{TONNES}"' in page
        assert 'aria-label="Đắk Lắk: chưa có"' in page

    def test_choosing_and_letting_go_a_province(self, desk, coffee):
        assert f'href="{HERE}?tinh=79"' in desk.get(HERE).text

        chosen = desk.get(f"{HERE}?tinh=79").text
        assert "HTX Đất Đỏ" in chosen
        assert f'href="{HERE}" aria-label="Hồ Chí Minh' in chosen
        assert "HTX Đất Đỏ" not in desk.get(f"{HERE}?tinh=66").text

    @pytest.mark.parametrize(
        ("prefix", "words"),
        [
            ("", "Bình Dương nay thuộc Thành phố Hồ Chí Minh, từ ngày 1/7/2025."),
            ("/en", "Bình Dương is part of Ho Chi Minh City since 1 July 2025."),
        ],
    )
    def test_an_old_name_is_understood_and_explained(self, desk, coffee, prefix, words):
        page = desk.get(f"{prefix}{HERE}?vung=Bình Dương").text

        assert "HTX Đất Đỏ" in page
        assert words in page

    def test_all_filters_are_in_the_addresses_of_the_page(self, desk, coffee, next_month):
        month = f"{next_month:%Y-%m}"
        query = f"q=ca+phe&hang=loai+1&tu={month}&den={month}&kg=40000&toi=Hà+Nội&xep=gan"
        page = desk.get(f"{HERE}?{query}").text

        assert "HTX Đất Đỏ" in page
        assert f"40{TONNES}" in page
        for part in ("q=ca+phe", "hang=loai+1", f"tu={month}", "kg=40000", "xep=gan"):
            assert f"{part}&amp;" in page or f'{part}"' in page
        assert "HTX Đất Đỏ" not in desk.get(f"{HERE}?{query.replace('40000', '40001')}").text

    def test_tonnes_as_people_of_a_language_write_them(self, desk, coffee):
        assert "HTX Đất Đỏ" in desk.get(f"{HERE}?tan=45,5").text
        assert "HTX Đất Đỏ" in desk.get(f"/en{HERE}?tan=45.5").text
        assert "HTX Đất Đỏ" not in desk.get(f"{HERE}?tan=46,5").text

    @pytest.mark.parametrize(
        ("query", "field", "words"),
        [
            ("tan=nhiều", "tan", "Nhập số tấn"),
            ("tan=-3", "tan", "Nhập số tấn"),
            ("vung=Xứ+Đâu", "vung", "Không có tỉnh, thành nào tên như vậy"),
            ("toi=Xứ+Đâu", "toi", "Không có tỉnh, thành nào tên như vậy"),
            ("km=100", "toi", "mời nhập tỉnh nơi giao"),
        ],
    )
    def test_what_nobody_understands_is_said_and_kept(self, desk, coffee, query, field, words):
        answer = desk.get(f"{HERE}?{query}&q=robusta")

        assert answer.status_code == 422
        assert words in answer.text
        assert f'<a href="#{field}">' in answer.text
        assert f'aria-describedby="{field}-e"' in answer.text
        assert 'value="robusta"' in answer.text
        assert desk.get(f"{HERE}.xlsx?{query}").status_code == 303

    def test_who_finds_nothing_is_shown_the_nearest(self, desk, coffee, next_month):
        page = desk.get(f"{HERE}?tinh=75").text

        assert "Chưa có hợp tác xã nào khớp" in page
        assert "Hồ Chí Minh còn 46" in page
        empty = desk.get(f"{HERE}?q=robusta&tu={add_months(next_month, 5):%Y-%m}").text
        assert "Có hàng vào tháng" in empty

    def test_words_of_a_search_are_text(self, desk, coffee):
        page = desk.get(f"{HERE}?q=<b>x</b>&vung=<b>y</b>").text

        assert "<b>x</b>" not in page

    def test_pages(self, desk, next_month):
        for number in range(23):
            SupplyFactory(product=ProductFactory(), month=next_month, forecast_g=TONNE + number)

        first, second = desk.get(HERE).text, desk.get(f"{HERE}?trang=2").text

        assert (first.count('class="price nw"'), second.count('class="price nw"')) == (20, 3)
        assert desk.get(f"{HERE}?trang=9").location == f"{HERE}?trang=2"

    def test_statements_do_not_grow(self, desk, coffee, next_month, statements):
        desk.get(HERE)
        with statements() as few:
            desk.get(HERE)
        for _ in range(9):
            SupplyFactory(product=ProductFactory(), month=next_month)
        desk.get(HERE)  # the tree of goods is read again once it has changed
        with statements() as many:
            desk.get(HERE)

        assert len(few) == len(many) <= 10

    def test_the_menu_leads_here(self, desk, buyer):
        assert f'href="{HERE}"' in desk.get("/mua-hang/CAPHEDN").text


class TestFile:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_holds_the_same(self, desk, coffee, next_month, prefix):
        answer = desk.get(f"{prefix}{HERE}.xlsx?q=robusta&tinh=79")

        book = load_workbook(BytesIO(answer.data))
        head, row, total = (
            [cell.value for cell in line] for line in book.worksheets[1].iter_rows(max_row=3)
        )
        assert row[0] == "HTX Đất Đỏ"
        assert 40_000 in row
        assert 46_000 in row
        assert 46_000 in total
        assert len([each for each in head if each]) == len(head)
        assert "nguon-hang-" in answer.headers["Content-Disposition"]

    def test_formulas_are_text(self, desk, coffee, session):
        coffee.name_vi = "=1+1"
        session.flush()

        book = load_workbook(BytesIO(desk.get(f"{HERE}.xlsx").data))

        values = [cell for line in book.worksheets[1].iter_rows() for cell in line]
        assert [cell.data_type for cell in values if cell.value == "=1+1"] in ([], ["s"])


class TestWhoMay:
    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.BUYER, Role.ACCOUNTANT])
    def test_everybody_at_the_buyers_desk(self, login, buyer, role):
        member = MembershipFactory(organisation=buyer, role=role)
        give_second_factor(member.user)

        assert login(member.user).get(HERE).status_code in {200, 303}

    def test_nobody_else(self, login, client, buyer):
        assert client.get(HERE).status_code == 303
        for organisation in (OrganisationFactory(), OrganisationFactory(enterprise=True)):
            other = login(MembershipFactory(organisation=organisation).user)
            assert other.get(HERE).status_code == 404
            assert other.get(f"{HERE}.xlsx").status_code == 404

    @pytest.mark.parametrize("state", ["pending", "suspended", "closed"])
    def test_who_is_not_verified_is_told_what_to_do(self, session, desk, buyer, coffee, state):
        buyer.verification = state
        session.flush()

        for prefix in ("", "/en"):
            page = desk.get(f"{prefix}{HERE}")
            assert page.status_code == 200
            assert "HTX Đất Đỏ" not in page.text
            assert desk.get(f"{prefix}{HERE}.xlsx").status_code == 403
            saved = desk.post(f"{prefix}{HERE}/da-luu/moi", data={"name": "x", "query": ""})
            assert saved.status_code == 403


class TestSaved:
    def test_saving_watching_naming_deleting(self, session, desk, coffee):
        saved = desk.post(
            f"{HERE}/da-luu/moi", data={"name": "Robusta", "query": "vung=Bình+Dương&q=robusta&x=1"}
        )
        search = session.scalars(select(SavedSearch)).one()
        here = f"{HERE}/da-luu/{search.id}"

        def now_is(column):
            return session.scalar(select(getattr(SavedSearch, column)))

        assert (saved.status_code, saved.location) == (303, f"{HERE}/da-luu")
        assert search.query == "q=robusta&vung=B%C3%ACnh+D%C6%B0%C6%A1ng"
        assert search.found == {str(coffee.organisation_id): 46 * TONNE}
        assert "Robusta" in desk.get(f"{HERE}/da-luu").text
        assert "đã lưu với tên" in desk.get(f"{HERE}?{search.query}").text

        desk.post(f"{here}/theo-doi", data={"theo-doi": "khong"})
        assert now_is("is_watched") is False
        desk.post(f"{here}/theo-doi", data={"theo-doi": "co"})
        assert now_is("is_watched") is True
        assert desk.post(f"{here}/ten", data={"name": "Cà phê"}).status_code == 303
        assert now_is("name") == "Cà phê"
        assert desk.post(f"{here}/xoa").status_code == 303
        assert session.scalars(select(SavedSearch)).all() == []
        assert desk.post(f"{here}/xoa").status_code == 404

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_a_name_is_asked_for(self, session, desk, buyer, prefix):
        search = SavedSearchFactory(organisation=buyer, name="Robusta")

        new = desk.post(f"{prefix}{HERE}/da-luu/moi", data={"name": " ", "query": "q=gao"})
        renamed = desk.post(f"{prefix}{HERE}/da-luu/{search.id}/ten", data={"name": "dài" * 40})

        for answer in (new, renamed):
            assert answer.status_code == 422
            assert 'aria-invalid="true"' in answer.text
        assert 'value="q=gao"' in new.text
        assert "dài" * 40 in renamed.text
        assert [each.name for each in session.scalars(select(SavedSearch))] == ["Robusta"]

    def test_nothing_of_other_buyers(self, session, desk, buyer):
        theirs = SavedSearchFactory(name="Của nơi khác")

        assert "Của nơi khác" not in desk.get(f"{HERE}/da-luu").text
        for action, data in (("ten", {"name": "x"}), ("theo-doi", {}), ("xoa", {})):
            answer = desk.post(f"{HERE}/da-luu/{theirs.id}/{action}", data=data)
            assert answer.status_code == 404
        assert (theirs.name, theirs.is_watched) == ("Của nơi khác", True)

    def test_a_form_without_its_token_is_refused(self, session, app, desk, buyer):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = desk.post(f"{HERE}/da-luu/moi", data={"name": "x", "query": ""})
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert session.scalars(select(SavedSearch)).all() == []


def test_months_of_the_form_are_those_that_can_be_searched(desk, buyer):
    page = desk.get(HERE).text
    this = month_of(business_day(now()))

    assert page.count(f'value="{this:%Y-%m}"') == 2
    assert page.count(f'value="{add_months(this, 11):%Y-%m}"') == 2
    assert f'value="{add_months(this, 12):%Y-%m}"' not in page
