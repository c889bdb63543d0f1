"""Searching the forward books: who is found, with how much, where, in which order."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

import pytest

from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel.clock import business_day
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.sourcing.answers import free_by_seller, search_supply
from marketplace.reporting.sourcing.errors import NotVerifiedError
from marketplace.reporting.sourcing.finding import find, nearest_with_supply
from marketplace.reporting.sourcing.offers import read_offers
from marketplace.reporting.sourcing.report import sourcing_report
from marketplace.reporting.sourcing.search import (
    Area,
    Order,
    Search,
    address_of,
    read_search,
)
from marketplace.reporting.sourcing.yard import read_yard
from models.accounts import Role, VerificationState
from models.certification import CertificateState
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.promises import missed_part
from tests.factories.supply import SupplyFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY

TONNE = 1_000_000
IN_FORCE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""Since that day the market says how promises were kept."""
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
OCTOBER, LAST = date(2026, 10, 1), date(2027, 10, 1)
BEYOND = date(2027, 11, 1)


def seller(name, tonnes, *, month=DECEMBER, province="66", **values):
    """A cooperative with one product and so many tonnes of it in a month."""
    organisation = OrganisationFactory(
        name=name, sort_key=name.lower(), province_code=values.pop("home", province)
    )
    product = ProductFactory(organisation=organisation, province_code=province, **values)
    supply = SupplyFactory(product=product, month=month, forecast_g=int(tonnes * TONNE))
    return organisation, product, supply


@pytest.fixture
def buyer(session):
    return OrganisationFactory(enterprise=True)


@pytest.fixture
def ask(session, buyer):
    actor = member_of(buyer, Role.BUYER)

    def asked(page=None, at=MONDAY, **wanted):
        return search_supply(Search(**wanted), buyer=buyer, actor=actor, page=page, at=at)

    return asked


def names(answer):
    return [offer.name for offer in answer.offers.page.rows]


class TestWhoIsFound:
    def test_free_is_what_nobody_has_spoken_for(self, session, ask):
        *_, supply = seller("An", 10)
        supply.held_g, supply.contracted_g = 2 * TONNE, 3 * TONNE
        session.flush()

        answer = ask()

        [offer] = answer.offers.page.rows
        assert offer.total_g == 5 * TONNE
        assert offer.free == [0, 5 * TONNE, *[0] * 10]
        assert answer.offers.months[0] == NOVEMBER
        assert answer.offers.months[-1] == LAST
        assert answer.found.total_g == 5 * TONNE

    def test_who_has_nothing_free_is_not_found(self, session, ask):
        *_, supply = seller("An", 10)
        supply.contracted_g = 10 * TONNE
        session.flush()

        assert names(ask()) == []

    @pytest.mark.parametrize(
        "state", [VerificationState.PENDING, VerificationState.SUSPENDED, VerificationState.CLOSED]
    )
    def test_only_verified_sellers(self, session, ask, state):
        hidden, *_ = seller("An", 10)
        seller("Bình", 1)
        hidden.verification = state
        session.flush()

        assert names(ask()) == ["Bình"]

    @pytest.mark.parametrize("trait", ["draft", "archived"])
    def test_only_published_products(self, ask, trait):
        seller("An", 10, **{trait: True})

        assert names(ask()) == []

    def test_whoever_stops_between_the_count_and_the_page_is_not_shown(self, session, buyer):
        gone, *_ = seller("An", 10)
        seller("Bình", 1)
        known = read_yard(business_day(MONDAY))
        found = find(known, Search())
        gone.verification = VerificationState.SUSPENDED
        session.flush()

        offers = read_offers(known, Search(), found, page=PageRequest(), at=MONDAY)

        assert len(found.order) == 2
        assert [offer.name for offer in offers.page.rows] == ["Bình"]


class TestMonths:
    @pytest.mark.parametrize(
        ("first", "last", "found"),
        [
            (DECEMBER, DECEMBER, ["An"]),
            (NOVEMBER, DECEMBER, ["An"]),
            (DECEMBER, JANUARY, ["An"]),
            (NOVEMBER, NOVEMBER, []),
            (JANUARY, None, []),
            (None, NOVEMBER, []),
            (OCTOBER, OCTOBER, []),
            (OCTOBER, BEYOND, ["An"]),
        ],
    )
    def test_borders(self, ask, first, last, found):
        seller("An", 10)

        assert names(ask(first=first, last=last)) == found

    @pytest.mark.parametrize(
        ("month", "is_known"), [(OCTOBER, False), (NOVEMBER, True), (LAST, True), (BEYOND, False)]
    )
    def test_twelve_months_from_this_one(self, ask, month, is_known):
        seller("An", 10, month=month)

        assert bool(names(ask())) is is_known

    def test_the_calendar_counts_every_month_whichever_is_chosen(self, ask):
        seller("An", 10)
        seller("Bình", 4, month=JANUARY)

        answer = ask(first=DECEMBER, last=DECEMBER)

        assert answer.found.months == [0, 10 * TONNE, 4 * TONNE, *[0] * 9]
        assert names(answer) == ["An"]


class TestQuantity:
    @pytest.mark.parametrize(("grams", "found"), [(10_000_000, ["An"]), (10_001_000, [])])
    def test_border(self, ask, grams, found):
        seller("An", 10)

        assert names(ask(at_least_g=grams)) == found

    def test_products_and_months_add_up(self, ask):
        organisation, product, _supply = seller("An", 6)
        SupplyFactory(product=product, month=JANUARY, forecast_g=3 * TONNE)
        other = ProductFactory(organisation=organisation)
        SupplyFactory(product=other, month=JANUARY, forecast_g=1 * TONNE)

        answer = ask(at_least_g=10 * TONNE)

        assert [offer.total_g for offer in answer.offers.page.rows] == [10 * TONNE]
        assert names(ask(at_least_g=10 * TONNE, last=DECEMBER)) == []


class TestGoods:
    @pytest.mark.parametrize("words", ["sầu riêng", "sau rieng", "SAU", "riêng sầu", "sau rie"])
    def test_words_without_tones_and_in_any_order(self, ask, words):
        seller("An", 10, name_vi="Sầu riêng Ri6")
        seller("Bình", 20, name_vi="Cà phê sạch")

        assert names(ask(words=words)) == ["An"]

    def test_all_words_must_fit(self, ask):
        seller("An", 10, name_vi="Sầu riêng Ri6")

        assert names(ask(words="sầu riêng Monthong")) == []

    def test_the_group_counts_with_what_is_below_it(self, ask):
        fruit = CategoryFactory(slug="trai-cay", name_vi="Trái cây")
        durian = CategoryFactory(slug="sau-rieng", parent=fruit)
        seller("An", 10, category=durian)
        seller("Bình", 20)

        assert names(ask(category="trai-cay")) == ["An"]
        assert names(ask(category="sau-rieng")) == ["An"]
        assert names(ask(words="trái")) == ["An"]

    def test_grade_without_tones(self, session, ask):
        *_, supply = seller("An", 10)
        supply.grade = "Loại Đặc biệt"
        seller("Bình", 20)
        session.flush()

        [offer] = ask(grade="loai dac biet").offers.page.rows

        assert (offer.name, offer.goods[0].grade) == ("An", "Loại Đặc biệt")
        assert names(ask(grade="loại")) == []


class TestStandards:
    def test_only_months_that_a_certificate_covers_whole_count(self, ask):
        _, product, _ = seller("An", 10)
        SupplyFactory(product=product, month=JANUARY, forecast_g=4 * TONNE)
        CertificateFactory(
            organisation=product.organisation, products=[product], valid_to=date(2027, 1, 30)
        )

        [offer] = ask(scheme="VIETGAP_CROP").offers.page.rows

        assert offer.total_g == 10 * TONNE
        assert [proof.is_whole for proof in offer.proofs] == [False]
        assert names(ask(scheme="VIETGAP_CROP", first=JANUARY)) == []

    def test_the_last_day_of_the_month_is_enough(self, ask):
        _, product, _ = seller("An", 10)
        CertificateFactory(
            organisation=product.organisation, products=[product], valid_to=date(2026, 12, 31)
        )

        assert names(ask(scheme="VIETGAP_CROP")) == ["An"]

    def test_without_an_end_it_covers_all(self, ask):
        _, product, _ = seller("An", 10)
        CertificateFactory(organisation=product.organisation, products=[product], valid_to=None)

        [offer] = ask(scheme="VIETGAP_CROP").offers.page.rows

        assert [proof.is_whole for proof in offer.proofs] == [True]

    @pytest.mark.parametrize(
        "state",
        [CertificateState.CLAIMED, CertificateState.REJECTED, CertificateState.REVOKED],
    )
    def test_what_is_not_verified_does_not_count_and_is_not_shown(self, ask, state):
        _, product, _ = seller("An", 10)
        CertificateFactory(organisation=product.organisation, products=[product], state=state)

        assert names(ask(scheme="VIETGAP_CROP")) == []
        assert ask().offers.page.rows[0].proofs == []

    def test_a_certificate_of_other_goods_does_not_count(self, ask):
        organisation, _product, _ = seller("An", 10)
        CertificateFactory(organisation=organisation, products=[ProductFactory()])

        assert names(ask(scheme="VIETGAP_CROP")) == []

    def test_two_that_follow_each_other_count_once_a_month(self, ask):
        _, product, _ = seller("An", 10)
        for first, last in (
            (date(2026, 1, 1), date(2026, 12, 31)),
            (date(2026, 12, 1), date(2027, 12, 31)),
        ):
            CertificateFactory(
                organisation=product.organisation,
                products=[product],
                valid_from=first,
                valid_to=last,
            )

        answer = ask(scheme="VIETGAP_CROP")

        assert answer.found.total_g == answer.offers.page.rows[0].total_g == 10 * TONNE


class TestPlaces:
    def test_an_old_name_finds_what_lies_in_the_province_of_today(self, ask):
        seller("An", 10, province="79")
        seller("Bình", 20, province="66")

        for old in (
            "Bình Dương",
            "binh duong",
            "Tỉnh Bình Dương",
            "phường Thủ Dầu Một, Bình Dương",
        ):
            assert names(ask(place=old)) == ["An"]

    def test_a_place_that_nobody_knows_has_nothing(self, ask):
        seller("An", 10)

        assert names(ask(place="Xứ Đâu Đó")) == []

    def test_chosen_and_named_provinces_add_up(self, ask):
        seller("An", 10, province="79")
        seller("Bình", 20, province="66")
        seller("Cam", 30, province="01")

        assert names(ask(place="Bình Dương", province_codes=("66",))) == ["Bình", "An"]

    def test_grown_stored_registered(self, ask):
        seller("An", 10, province="66", home="79")

        assert names(ask(province_codes=("66",))) == ["An"]
        assert names(ask(province_codes=("79",))) == []
        for area in (Area.STORED, Area.REGISTERED):
            assert names(ask(province_codes=("79",), area=area)) == ["An"]
            assert names(ask(province_codes=("66",), area=area)) == []

    def test_what_lots_come_from_counts_too_and_once(self, ask):
        _, product, _ = seller("An", 10, province="66")
        LotFactory(product=product, organisation=product.organisation, province_code="52")

        answer = ask(province_codes=("52", "66"))

        assert names(ask(province_codes=("52",))) == ["An"]
        assert answer.found.total_g == 10 * TONNE
        assert {code: tally.grams for code, tally in answer.found.tallies.items()} == {
            "52": 10 * TONNE,
            "66": 10 * TONNE,
        }

    @pytest.mark.parametrize("area", list(Area))
    @pytest.mark.parametrize("least", [0, 8 * TONNE])
    def test_the_map_says_what_choosing_a_province_finds(self, ask, area, least):
        _, product, _ = seller("An", 6, province="66", home="01")
        other = ProductFactory(organisation=product.organisation, province_code="52")
        SupplyFactory(product=other, month=JANUARY, forecast_g=4 * TONNE)
        seller("Bình", 8, province="66", home="66")
        whole = ask(area=area, at_least_g=least, province_codes=("79",))

        for code, tally in whole.found.tallies.items():
            alone = ask(area=area, at_least_g=least, province_codes=(code,))
            assert (tally.sellers, tally.grams) == (len(names(alone)), alone.found.total_g)


class TestDistance:
    @pytest.fixture(autouse=True)
    def sellers(self, session):
        seller("Xa", 30, province="01")
        seller("Gần", 10, province="75")

    def test_nearest_first(self, ask):
        answer = ask(deliver_to="Hồ Chí Minh", order=Order.DISTANCE)

        assert names(answer) == ["Gần", "Xa"]
        assert [offer.km for offer in answer.offers.page.rows] == sorted(answer.found.km.values())

    def test_most_first_otherwise(self, ask):
        assert names(ask(deliver_to="Hồ Chí Minh")) == ["Xa", "Gần"]
        assert names(ask(order=Order.DISTANCE)) == ["Xa", "Gần"]

    def test_border(self, ask):
        near = ask(deliver_to="Bình Dương", order=Order.DISTANCE).offers.page.rows[0].km

        assert names(ask(deliver_to="Bình Dương", within_km=near)) == ["Gần"]
        assert names(ask(deliver_to="Bình Dương", within_km=near - 1)) == []

    def test_who_finds_nothing_is_told_of_the_nearest(self, ask):
        search = Search(province_codes=("79",), deliver_to="Hồ Chí Minh")
        answer = ask(province_codes=("79",), deliver_to="Hồ Chí Minh")

        near = nearest_with_supply(answer.found, search, search.distances())

        assert names(answer) == []
        assert [code for code, _tally, _km in near] == ["75", "01"]


class TestPages:
    def test_one_after_the_other_by_quantity_then_name(self, ask):
        for name, tonnes in (("Cam", 5), ("An", 5), ("Bình", 7)):
            seller(name, tonnes)

        first, second = (ask(page=PageRequest(number, 2)) for number in (1, 2))

        assert names(first) + names(second) == ["Bình", "An", "Cam"]
        assert first.offers.page.total == 3

    def test_records_of_promises(self, ask):
        organisation, *_ = seller("An", 5)
        seller("Bình", 7)
        missed_part(organisation=organisation)

        before, since = ask().offers, ask(at=IN_FORCE).offers

        records = {offer.name: offer.record for offer in since.page.rows}
        assert (before.rule, before.page.rows[0].record) == (None, None)
        assert since.rule is not None
        assert records["Bình"] is None
        assert records["An"].parts == 1

    def test_the_file_says_the_same(self, ask):
        _, product, _ = seller("An", 5)
        CertificateFactory(organisation=product.organisation, products=[product])
        answer = ask(deliver_to="Hà Nội")

        [table] = sourcing_report(answer, Search(deliver_to="Hà Nội"), owner="Công ty").tables

        [row] = table.rows
        assert len(row.cells) == len(table.columns) == len(table.totals)
        assert row.cells[0] == "An"
        assert row.cells[-5] == table.totals[-5] == 5 * TONNE
        assert row.cells[-4] == "VietGAP"

    def test_statements_do_not_grow(self, ask, statements):
        seller("An", 5)
        with statements() as few:
            ask(at=IN_FORCE)
        for number in range(12):
            _, product, _ = seller(f"Bình {number}", 5)
            CertificateFactory(organisation=product.organisation, products=[product])
        with statements() as many:
            ask(at=IN_FORCE)

        assert len(few) == len(many) == 7


class TestWhoMay:
    def test_only_who_buys_and_officers(self, session, buyer):
        other, cooperative = OrganisationFactory(enterprise=True), OrganisationFactory()
        for actor in (member_of(other, Role.BUYER), member_of(cooperative)):
            with pytest.raises(NotAllowedError):
                search_supply(Search(), buyer=buyer, actor=actor, page=None, at=MONDAY)
            with pytest.raises(NotAllowedError):
                free_by_seller(Search(), buyer=buyer, actor=actor, at=MONDAY)

        assert free_by_seller(Search(), buyer=buyer, actor=officer(), at=MONDAY) == {}

    @pytest.mark.parametrize("state", ["pending", "suspended", "closed"])
    def test_only_verified_buyers(self, session, buyer, state):
        actor = member_of(buyer, Role.BUYER)
        buyer.verification = state
        session.flush()

        with pytest.raises(NotVerifiedError):
            search_supply(Search(), buyer=buyer, actor=actor, page=None, at=MONDAY)


class TestAddresses:
    FULL = Search(
        words="cà phê",
        scheme="VIETGAP_CROP",
        grade="loại 1",
        first=DECEMBER,
        last=JANUARY,
        at_least_g=1_500_000,
        area=Area.STORED,
        province_codes=("66", "68"),
        place="Bình Dương",
        deliver_to="Hà Nội",
        within_km=300,
        order=Order.DISTANCE,
    )

    def test_there_and_back(self, session):
        query = urlencode(address_of(self.FULL))

        assert read_search(parse_qs(query)) == self.FULL
        assert address_of(Search()) == []

    def test_the_longest_fits_where_it_is_kept(self, session):
        long = "ữ" * 40
        search = replace(
            self.FULL,
            words=long,
            grade=long,
            place=long,
            deliver_to=long,
            province_codes=tuple(f"{code:02}" for code in range(34)),
        )

        assert len(urlencode(address_of(search))) <= 2000

    @pytest.mark.parametrize(
        "args",
        [
            {"tinh": ["00", "abc"]},
            {"chuan": ["KHONG_CO"]},
            {"nhom": ["khong-co"]},
            {"tu": ["2026-13"]},
            {"den": ["hôm nay"]},
            {"kg": ["-5"]},
            {"km": ["½"]},
            {"noi": ["x"]},
            {"xep": ["x"]},
        ],
    )
    def test_nonsense_asks_for_nothing(self, session, args):
        assert read_search(args) == Search()

    def test_months_the_wrong_way_round_are_turned(self, session):
        search = read_search({"tu": ["2027-01"], "den": ["2026-12"]})

        assert (search.first, search.last) == (DECEMBER, JANUARY)


def test_the_yard_begins_with_the_month_in_viet_nam(session):
    late = MONDAY.replace(day=30, hour=18) + timedelta(hours=1)

    assert read_yard(business_day(late)).first == DECEMBER
