"""A seller forecasts what it will have, sees what is free, and changes its mind."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.sourcing.supply.rules import field_of, month_after, month_label, month_of
from models.accounts import Role
from models.supply import Supply, SupplyChange
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.supply import SupplyFactory
from tests.factories.traceability import LotFactory

PAGE = "/quay/CUMGAR/du-bao"
TONNE = 1_000_000


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar", short_name="HTX Cư M’gar")


@pytest.fixture
def product(cooperative):
    return ProductFactory(
        organisation=cooperative,
        name_vi="Cà phê nhân",
        name_en="Green coffee",
        season="333333333333",
    )


@pytest.fixture
def people(login, cooperative):
    """The browser of somebody with a role there."""

    def sign_in(role):
        return login(MembershipFactory(organisation=cooperative, role=role).user)

    return sign_in


@pytest.fixture
def desk(people):
    """The browser of its sales person."""
    return people(Role.SALES)


def ahead(count=0):
    """The month so many after the present one."""
    return month_after(month_of(business_day(now())), count)


def form(**values):
    return {"grade": "", "unit": "tan", "first": f"{ahead():%Y-%m}", "seen": "0", **values}


def book(session):
    session.expire_all()
    rows = session.scalars(select(Supply).order_by(Supply.month))
    return {(row.grade, row.month): row.forecast_g for row in rows}


def seen(session):
    return str(max(session.scalars(select(SupplyChange.id)), default=0))


class TestTheBook:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_all_who_work_there_read_it(self, people, product, prefix, role):
        browser = people(role)

        for page in ("", f"/{product.id}"):
            assert browser.get(f"{prefix}{PAGE}{page}").status_code == 200

    def test_a_cell_says_what_is_free_and_of_what(self, desk, product):
        SupplyFactory(
            product=product,
            month=ahead(2),
            forecast_g=12_500_000,
            held_g=2 * TONNE,
            contracted_g=3 * TONNE,
        )

        page = desk.get(PAGE).text

        assert f'data-l="{month_label(ahead(2))}"><b>7,5</b>' in page
        assert "<small>dự báo 12,5</small><small>hợp đồng 3</small><small>giữ 2</small>" in page

    def test_small_harvests_are_written_in_kilograms(self, desk, product):
        SupplyFactory(product=product, month=ahead(2), forecast_g=560_000)

        page = desk.get(PAGE).text

        assert "<b>560</b>" in page
        assert "<small>tính bằng kg" in page

    def test_months_say_whether_they_are_certified(self, desk, cooperative, product):
        ends = month_after(ahead(2), 0).replace(day=15)
        CertificateFactory(organisation=cooperative, products=[product], valid_to=ends)
        for count in (1, 2, 3):
            SupplyFactory(product=product, month=ahead(count))

        page = desk.get(PAGE).text

        found = [page.index(word) for word in ("có CN<", "CN một phần<", "hết CN<")]
        assert found == sorted(found)

    def test_the_year_that_is_over_says_what_was_harvested(self, desk, product):
        LotFactory(product=product, harvested_on=ahead(-2), packed_on=None, quantity_g=9 * TONNE)
        SupplyFactory(product=product, month=ahead(-2))

        page = desk.get(PAGE).text.partition('id="da-qua"')[2]

        assert "<b>9</b><small>dự báo 10</small>" in page

    def test_without_products_it_says_where_to_begin(self, desk, cooperative):
        assert f'href="/quay/{cooperative.code}/san-pham"' in desk.get(PAGE).text

    def test_the_book_of_others_does_not_exist(self, desk):
        OrganisationFactory(code="KHAC")
        assert desk.get("/quay/KHAC/du-bao").status_code == 404

    def test_files_carry_the_same_numbers(self, desk, product):
        SupplyFactory(product=product, month=ahead(2), held_g=TONNE)

        answer = desk.get(f"{PAGE}.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["12 tháng tới"]
        lines = desk.get(f"{PAGE}.csv").data.decode("utf-8-sig").splitlines()

        row = [cell.value for cell in sheet[4]]
        assert row[0] == "Cà phê nhân"
        assert row[2:6] == [10_000, 0, 1_000, 9_000]
        assert f"Cà phê nhân;{ahead(2):%Y-%m};10000;0;1000;9000;không có" in lines


class TestWriting:
    def test_a_year_is_saved_in_the_unit_of_the_form_or_its_own(self, session, desk, product):
        typed = {
            field_of(ahead(1)): "12,5",
            field_of(ahead(2)): "500 kg",
            field_of(ahead(3)): "3 tạ",
            field_of(ahead(4)): "",
        }

        answer = desk.post(f"{PAGE}/{product.id}", data=form(**typed))

        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{product.id}")
        assert book(session) == {
            ("", ahead(1)): 12_500_000,
            ("", ahead(2)): 500_000,
            ("", ahead(3)): 300_000,
        }
        assert "Số tháng thay đổi: 3." in desk.get(f"{PAGE}/{product.id}").text

    def test_english_numbers_are_read_the_english_way(self, session, desk, product):
        typed = form(unit="kg", **{field_of(ahead(1)): "12,500.5"})

        desk.post(f"/en{PAGE}/{product.id}", data=typed)

        assert book(session) == {("", ahead(1)): 12_500_500}

    @pytest.mark.parametrize("typed", ["nhiều", "1.5", "-3", "1000001 tấn"])
    def test_a_mistake_is_said_at_its_month_and_everything_kept(
        self, session, desk, product, typed
    ):
        name = field_of(ahead(1))

        page = desk.post(
            f"{PAGE}/{product.id}", data=form(**{name: typed, field_of(ahead(2)): "7"})
        )

        assert page.status_code == 422
        assert f'href="#{name}"' in page.text
        assert f'value="{typed}"' in page.text
        assert 'value="7"' in page.text
        assert book(session) == {}

    def test_lowering_asks_for_a_reason(self, session, desk, product):
        desk.post(f"{PAGE}/{product.id}", data=form(**{field_of(ahead(1)): "12"}))
        less = form(seen=seen(session), **{field_of(ahead(1)): "9"})

        refused = desk.post(f"{PAGE}/{product.id}", data=less)
        assert refused.status_code == 422
        assert 'href="#reason"' in refused.text

        desk.post(f"{PAGE}/{product.id}", data=less | {"reason": "Mưa trái mùa"})
        assert book(session) == {("", ahead(1)): 9 * TONNE}
        assert "Mưa trái mùa" in desk.get(f"{PAGE}/{product.id}").text

    def test_below_what_is_promised_the_number_is_named(self, session, desk, product):
        SupplyFactory(product=product, month=ahead(1), held_g=2 * TONNE, contracted_g=3 * TONNE)
        name = field_of(ahead(1))

        page = desk.post(f"{PAGE}/{product.id}", data=form(reason="Bão", **{name: "4"}))

        assert page.status_code == 422
        assert f'href="#{name}"' in page.text
        assert "5\u00a0tấn, không ghi thấp hơn được" in page.text

    def test_who_has_not_seen_the_last_change_sees_it_and_can_save_then(
        self, session, desk, product
    ):
        desk.post(f"{PAGE}/{product.id}", data=form(**{field_of(ahead(1)): "12"}))

        page = desk.post(f"{PAGE}/{product.id}", data=form(**{field_of(ahead(1)): "13"}))

        assert page.status_code == 422
        assert "Người khác vừa lưu" in page.text
        assert f'name="seen" value="{seen(session)}"' in page.text

    def test_a_form_that_stood_open_over_the_turn_of_a_month_means_what_it_said(
        self, session, desk, product
    ):
        typed = form(**{field_of(ahead(-1)): "5", field_of(ahead(1)): "6"})

        desk.post(f"{PAGE}/{product.id}", data=typed | {"first": f"{ahead(-1):%Y-%m}"})

        assert book(session) == {("", ahead(1)): 6 * TONNE}

    def test_a_grade_has_its_own_page(self, session, desk, product):
        answer = desk.post(
            f"{PAGE}/{product.id}", data=form(grade="Loại 1", **{field_of(ahead(1)): "2"})
        )

        assert book(session) == {("Loại 1", ahead(1)): 2 * TONNE}
        assert 'value="2"' in desk.get(answer.location).text
        assert 'value="2"' not in desk.get(f"{PAGE}/{product.id}").text
        assert "Loại 1</a>" in desk.get(PAGE).text

    @pytest.mark.parametrize("first", ["", "2026", "2026-13", "hôm nay"])
    def test_a_mangled_form_is_refused(self, session, desk, product, first):
        answer = desk.post(f"{PAGE}/{product.id}", data=form(first=first))

        assert answer.status_code == 422
        assert book(session) == {}

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_who_only_looks_finds_no_form_and_cannot_send_one(self, session, people, product, role):
        browser = people(role)
        SupplyFactory(product=product, month=ahead(1))

        page = browser.get(f"{PAGE}/{product.id}").text
        answer = browser.post(f"{PAGE}/{product.id}", data=form(**{field_of(ahead(1)): "12"}))

        assert field_of(ahead(1)) not in page
        assert "10\u00a0tấn" in page
        assert answer.status_code == 403
        assert book(session) == {("", ahead(1)): 10 * TONNE}

    @pytest.mark.parametrize(("unit", "shown"), [("kg", "12.500"), ("tan", "12,5"), ("", "12,5")])
    def test_the_form_is_filled_in_the_unit_that_is_asked_for(self, desk, product, unit, shown):
        SupplyFactory(product=product, month=ahead(1), forecast_g=12_500_000)

        page = desk.get(f"{PAGE}/{product.id}?don-vi={unit}").text

        assert f'name="{field_of(ahead(1))}" value="{shown}"' in page


class TestProposing:
    def test_it_fills_the_form_in_says_why_and_saves_nothing(self, session, desk, product):
        LotFactory(product=product, harvested_on=ahead(-11), packed_on=None, quantity_g=9 * TONNE)

        page = desk.get(f"{PAGE}/{product.id}?goi-y=1").text

        assert f'name="{field_of(ahead(1))}" value="9"' in page
        assert f"Theo lô đã thu hoạch tháng {month_label(ahead(-11))}: 9\u00a0tấn." in page
        assert book(session) == {}

    def test_who_only_looks_gets_none(self, people, product):
        assert people(Role.ACCOUNTANT).get(f"{PAGE}/{product.id}?goi-y=1").status_code == 403


class TestUndoing:
    def test_the_last_save_is_taken_back(self, session, desk, product):
        desk.post(f"{PAGE}/{product.id}", data=form(**{field_of(ahead(1)): "12"}))

        answer = desk.post(f"{PAGE}/{product.id}/hoan-tac", data={"seen": seen(session)})

        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{product.id}")
        assert book(session) == {("", ahead(1)): 0}
        assert "Đã hoàn tác" in desk.get(answer.location).text

    def test_there_is_nothing_to_take_back(self, desk, product):
        answer = desk.post(f"{PAGE}/{product.id}/hoan-tac", data={"seen": "0"})

        assert "Không có lần lưu nào" in desk.get(answer.location).text
