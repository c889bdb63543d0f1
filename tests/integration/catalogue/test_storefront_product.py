"""A product's page, a cooperative's page, and the figures of the front page."""

from datetime import date

import pytest

from marketplace.catalogue.errors import ProductNotFoundError
from marketplace.catalogue.storefront import overview
from marketplace.catalogue.storefront.cooperatives import (
    CooperativeNotFoundError,
    cooperative_page,
    cooperatives,
    cooperatives_by_province,
    cooperatives_of_the_day,
)
from marketplace.catalogue.storefront.product import find_product
from marketplace.catalogue.storefront.shelf import read_shelf
from marketplace.platform.pagination import PageRequest
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import (
    CategoryFactory,
    PackFactory,
    ProductFactory,
    ProductPhotoFactory,
)
from tests.factories.certification import CertificateFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY_DAY, TUESDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


class TestProductPage:
    def test_brings_all_of_a_product_in_one_statement(self, statements):
        alliance = OrganisationFactory(alliance=True, name="Liên minh Đắk Lắk")
        seller = OrganisationFactory(verified_by_id=alliance.id)
        product = ProductFactory(organisation=seller)
        PackFactory(product=product, net_weight_g=1_000, price_minor=279_000, position=1)
        PackFactory(product=product, net_weight_g=5_000, position=2, is_active=False)
        ProductPhotoFactory(product_id=product.id, position=1)
        CertificateFactory(organisation=seller, products=[product], number="A")
        CertificateFactory(organisation=seller, products=[product], number="B", expired=True)
        LotFactory(product=product, code="SAU", best_before_on=date(2027, 5, 1), stock=1_700)
        LotFactory(product=product, code="TRUOC", best_before_on=date(2027, 1, 1), stock=900)
        LotFactory(product=product, code="QUA-HAN", best_before_on=date(2026, 11, 1))
        LotFactory(product=product, code="HET", stock=0)

        shelf = read_shelf(MONDAY_DAY)

        with statements() as sent:
            page = find_product(product.slug, shelf=shelf).page()

        assert len(sent) == 1
        assert [pack.net_weight_g for pack in page.packs] == [500, 1_000]
        # 1700 // 500 + 900 // 500, and 1700 // 1000 + 900 // 1000: packs come whole out of a lot.
        assert [pack.left for pack in page.packs] == [4, 1]
        assert page.stock == "sap"
        assert len(page.photos) == 2
        assert page.photos[0].sha256 == product.cover_sha256
        assert [proof.number for proof in page.proofs] == ["A"]
        assert [lot.code for lot in page.lots] == ["TRUOC", "SAU"]
        assert (page.seller.verified_by, page.delivery.own_region_fee_minor) == (
            "Liên minh Đắk Lắk",
            25_000,
        )
        assert (page.is_preview, page.is_archived) == (False, False)

    @pytest.mark.parametrize("trait", ["draft", "archived"])
    def test_is_for_its_own_people_only_when_it_is_not_on_sale(self, trait):
        product = ProductFactory(**{trait: True})

        with pytest.raises(ProductNotFoundError):
            find_product(product.slug, shelf=read_shelf(MONDAY_DAY))
        with pytest.raises(ProductNotFoundError):
            find_product(product.slug, shelf=read_shelf(MONDAY_DAY), own=[OrganisationFactory().id])
        page = find_product(
            product.slug, shelf=read_shelf(MONDAY_DAY), own=[product.organisation_id]
        ).page()

        assert (page.is_preview, page.is_archived) == (True, trait == "archived")

    def test_goes_with_its_seller_when_that_is_suspended(self):
        product = ProductFactory(organisation=OrganisationFactory(suspended=True))

        with pytest.raises(ProductNotFoundError):
            find_product(product.slug, shelf=read_shelf(MONDAY_DAY))

    def test_of_a_product_without_packs_lots_or_photos_is_sold_out(self):
        product = ProductFactory(pack=False, photo=False)

        page = find_product(product.slug, shelf=read_shelf(MONDAY_DAY)).page()

        assert (page.stock, page.packs, page.photos, page.lots) == ("het", (), (), ())

    def test_stands_beside_others_of_its_seller_or_else_of_its_kind(self):
        lonely, same_kind = ProductFactory.create_batch(2, category=CategoryFactory())
        first, second = ProductFactory.create_batch(2, organisation=OrganisationFactory())
        ProductFactory(organisation=first.organisation, draft=True)
        shelf = read_shelf(MONDAY_DAY)

        beside = [card.slug for card in find_product(first.slug, shelf=shelf).page().neighbours]
        instead = [card.slug for card in find_product(lonely.slug, shelf=shelf).page().neighbours]

        assert (beside, instead) == ([second.slug], [same_kind.slug])


class TestCooperatives:
    def test_lists_verified_sellers_in_vietnamese_order_with_what_they_sell(self):
        o_mai = OrganisationFactory(name="HTX Ô mai", sort_key="b", province_code="25")
        oi = OrganisationFactory(name="HTX Ổi", sort_key="a", province_code="66")
        OrganisationFactory(pending=True)
        OrganisationFactory(enterprise=True)
        ProductFactory(organisation=oi)
        ProductFactory(organisation=oi, draft=True)

        page = cooperatives(PageRequest(1, 24))

        assert [(one.id, one.product_count) for one in page.rows] == [(oi.id, 1), (o_mai.id, 0)]
        assert page.total == 2
        assert cooperatives_by_province() == {"25": 1, "66": 1}
        assert [one.id for one in cooperatives(PageRequest(1, 24), province_codes=["25"]).rows] == [
            o_mai.id
        ]

    def test_chooses_some_for_the_day_that_have_something_to_tell_and_to_sell(self):
        tellers = [OrganisationFactory(tagline_vi=f"Câu {n}") for n in range(6)]
        for one in tellers:
            ProductFactory(organisation=one)
        OrganisationFactory(tagline_vi="Chưa bán gì")
        ProductFactory()

        monday = [one.id for one in cooperatives_of_the_day(MONDAY_DAY, 6)]
        tuesday = [one.id for one in cooperatives_of_the_day(TUESDAY_DAY, 6)]

        assert set(monday) == set(tuesday) == {one.id for one in tellers}
        assert monday != tuesday
        assert monday == [one.id for one in cooperatives_of_the_day(MONDAY_DAY, 6)]

    def test_each_has_a_page_with_what_is_proved_of_it(self):
        seller = OrganisationFactory(slug="cu-mgar")
        CertificateFactory(organisation=seller, number="A")
        CertificateFactory(organisation=seller, number="B", expired=True)

        page = cooperative_page("cu-mgar", today=MONDAY_DAY)

        assert (page.id, [proof.number for proof in page.proofs]) == (seller.id, ["A"])
        assert page.delivery.other_region_fee_minor == 40_000

    @pytest.mark.parametrize("trait", ["pending", "suspended", "alliance", "enterprise"])
    def test_has_no_page_for_who_does_not_sell_here(self, trait):
        OrganisationFactory(slug="khong-ban", **{trait: True})

        with pytest.raises(CooperativeNotFoundError):
            cooperative_page("khong-ban", today=MONDAY_DAY)


class TestOverview:
    def test_counts_the_market(self):
        product = ProductFactory()
        LotFactory(product=product)
        LotFactory(product=product)
        OrganisationFactory(province_code="25")
        OrganisationFactory(pending=True, province_code="01")

        assert overview.figures() == overview.Figures(cooperatives=2, provinces=2, lots=2)

    def test_gives_search_engines_what_is_on_sale(self):
        first, second = ProductFactory(), ProductFactory()
        ProductFactory(draft=True, organisation=first.organisation)

        assert overview.product_address_count() == 2
        assert [one.slug for one in overview.product_addresses(1)] == [first.slug]
        assert [one.slug for one in overview.product_addresses(1, 1)] == [second.slug]
        assert {one.slug for one in overview.cooperative_addresses()} == {
            first.organisation.slug,
            second.organisation.slug,
        }
