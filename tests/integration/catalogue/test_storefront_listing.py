"""Finding goods: filters, counts, text, order, pages."""

import pytest

from marketplace.catalogue.storefront.listing import Filters, Sort, browse
from marketplace.catalogue.storefront.shelf import read_shelf
from marketplace.platform.pagination import PageRequest
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


def find(number=1, size=24, **filters):
    return browse(read_shelf(MONDAY_DAY), Filters(**filters), PageRequest(number, size))


def slugs(listing):
    return [card.slug for card in listing.page.rows]


class TestWhatIsOnSale:
    def test_is_published_by_a_verified_seller_and_has_a_price(self):
        shown = ProductFactory()
        ProductFactory(draft=True)
        ProductFactory(archived=True)
        ProductFactory(organisation=OrganisationFactory(suspended=True))
        ProductFactory(pack=False)

        listing = find()

        assert (slugs(listing), listing.page.total) == ([shown.slug], 1)


class TestStock:
    @pytest.mark.parametrize(
        ("lot", "word"),
        [
            ({}, "con"),
            ({"stock": 5_000}, "sap"),
            ({"stock": 499}, "het"),
            ({"stock": 20_000, "stock__held_g": 19_600}, "het"),
            ({"best_before_on": MONDAY_DAY}, "con"),
            ({"best_before_on": MONDAY_DAY.replace(day=1)}, "het"),
            ({"best_before_on": None}, "con"),
        ],
    )
    def test_says_how_much_is_left_of_what_may_be_sold(self, lot, word):
        product = ProductFactory()
        LotFactory(product=product, **lot)

        listing = find()

        assert listing.page.rows[0].stock == word
        assert listing.facets.in_stock == (word != "het")
        assert (find(in_stock=True).page.total == 1) == (word != "het")

    def test_counts_packs_lot_by_lot(self):
        product = ProductFactory()
        LotFactory(product=product, stock=400)
        LotFactory(product=product, stock=400)

        assert find().page.rows[0].stock == "het"


class TestBadges:
    def test_stand_only_for_what_is_verified_and_in_date(self):
        product = ProductFactory()
        owner = product.organisation
        CertificateFactory(organisation=owner, products=[product], scheme_code="OCOP", level=4)
        CertificateFactory(organisation=owner, products=[product], waiting=True)
        CertificateFactory(organisation=owner, products=[product], expired=True)
        CertificateFactory(organisation=owner, products=[product], revoked=True)
        CertificateFactory(organisation=owner)

        listing = find()

        assert listing.page.rows[0].badges == ("OCOP:4",)
        assert listing.facets.schemes == {"OCOP": 1}


class TestFilters:
    def test_each_keeps_what_it_names(self):
        fruit = CategoryFactory(slug="trai-cay")
        citrus = CategoryFactory(slug="cam", parent=fruit)
        orange = ProductFactory(category=citrus, province_code="25", pack__price_minor=20_000)
        coffee = ProductFactory(province_code="66", pack__price_minor=150_000)
        CertificateFactory(organisation=coffee.organisation, products=[coffee])

        assert slugs(find(category="trai-cay")) == [orange.slug]
        assert slugs(find(category="cam")) == [orange.slug]
        assert slugs(find(province_codes=("25",))) == [orange.slug]
        assert slugs(find(region_province_codes=("66", "68"))) == [coffee.slug]
        assert slugs(find(schemes=("VIETGAP_CROP",))) == [coffee.slug]
        assert slugs(find(per_kg_from=300_000)) == [coffee.slug]
        assert slugs(find(per_kg_to=40_000)) == [orange.slug]
        assert slugs(find(per_kg_from=40_001, per_kg_to=299_999)) == []
        assert slugs(find(category="khong-co")) == []

    def test_counts_keep_the_other_filters_but_not_their_own(self):
        fruit, tea = CategoryFactory(slug="trai-cay"), CategoryFactory(slug="che")
        ProductFactory(category=fruit, province_code="25")
        ProductFactory(category=fruit, province_code="66")
        ProductFactory(category=tea, province_code="66")

        facets = find(category="trai-cay", province_codes=("66",)).facets

        assert facets.categories == {fruit.id: 1, tea.id: 1}
        assert facets.provinces == {"25": 1, "66": 1}
        assert list(facets.bands) == [0, 0, 1, 0]

    def test_within_a_region_the_regions_are_counted_as_if_none_were_chosen(self):
        ProductFactory(province_code="25")
        ProductFactory(province_code="66")

        facets = find(region_province_codes=("25",)).facets

        assert (facets.provinces, facets.all_provinces) == (
            {"25": 1, "66": 0},
            {"25": 1, "66": 1},
        )


class TestOrder:
    def test_is_in_stock_then_in_season_then_new(self):
        low, high, sold = (
            ProductFactory(season=season) for season in ("000000000010", "000000000030", "3" * 12)
        )
        LotFactory(product=low)
        LotFactory(product=high)

        assert slugs(find()) == [high.slug, low.slug, sold.slug]

    def test_can_be_by_price_of_a_kilogram_or_by_age(self):
        cheap, dear = (ProductFactory(pack__price_minor=price) for price in (10_000, 90_000))

        assert slugs(find(sort=Sort.CHEAPEST)) == [cheap.slug, dear.slug]
        assert slugs(find(sort=Sort.DEAREST)) == [dear.slug, cheap.slug]
        assert slugs(find(sort=Sort.NEWEST)) == [dear.slug, cheap.slug]


class TestPages:
    def test_follow_one_another_without_gap_or_repetition(self):
        ProductFactory.create_batch(5)

        seen = [slug for number in (1, 2, 3) for slug in slugs(find(number, 2))]

        assert len(set(seen)) == 5
        assert find(9, 2).page.request.number == 3

    def test_send_as_many_statements_for_thirty_products_as_for_one(self, statements):
        ProductFactory()
        with statements() as for_one:
            find(size=50)
        ProductFactory.create_batch(29)

        with statements() as for_thirty:
            assert find(size=50).page.total == 30

        assert (len(for_one), len(for_thirty)) == (3, 3)


class TestText:
    def test_finds_without_marks_all_words_in_any_order(self):
        coffee = ProductFactory(search_text="ca phe robusta rang moc ; dak lak")
        ProductFactory(search_text="ca cao ; dak lak")

        for typed in ("cà phê", "CA PHE", "đắk lắk phê", "cà phê"):  # the last one decomposed
            assert slugs(find(text=typed)) == [coffee.slug]

    def test_puts_the_very_letters_that_were_typed_first(self):
        pineapple, coconut, melon = (
            ProductFactory(name_vi=name, slug=slug, search_text=f"{text} ; trai cay")
            for name, slug, text in (
                ("Dứa Queen", "dua-queen", "dua queen"),
                ("Dừa xiêm", "dua-xiem", "dua xiem"),
                ("Mứt gừng", "mut-gung", "mut gung an kem dua hau"),
            )
        )

        assert slugs(find(text="dừa")) == [coconut.slug, pineapple.slug, melon.slug]
        assert slugs(find(text="dua"))[-1] == melon.slug

    def test_takes_signs_of_patterns_for_letters(self):
        ProductFactory(search_text="mut gung")

        assert find(text="m_t 100%").page.total == 0

    def test_offers_what_is_near_when_nothing_fits(self):
        coffee = ProductFactory(search_text="ca phe robusta rang moc")
        ProductFactory(search_text="gao st25")

        listing = find(text="robutsa rang")

        assert (slugs(listing), listing.is_near) == ([coffee.slug], True)

    def test_says_when_nothing_is_even_near(self):
        ProductFactory(search_text="gao st25")

        listing = find(text="xyzzy")

        assert (slugs(listing), listing.page.total, listing.is_near) == ([], 0, True)

    def test_of_nothing_but_marks_finds_nothing(self):
        ProductFactory()

        assert find(text="́").page.total == 0
