"""The shop as a visitor sees it."""

import json
import re

import pytest

from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.catalogue import CategoryFactory, PackFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.traceability import LotEventFactory, LotFactory

pytestmark = pytest.mark.usefixtures("session")


def text_of(response):
    assert response.status_code == 200
    return response.get_data(as_text=True)


def structured(page):
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {one["@type"]: one for one in map(json.loads, found)}


def a_market(count=1):
    products = ProductFactory.create_batch(count)
    for product in products:
        lot = LotFactory(product=product)
        LotEventFactory(lot_id=lot.id)
        CertificateFactory(organisation=product.organisation, products=[product])
    return products


class TestEveryPage:
    @pytest.mark.parametrize(
        "address",
        ["/", "/san-pham", "/hop-tac-xa", "/giao-hang", "/doi-tra", "/quy-che", "/truy-xuat"],
    )
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_answers_on_an_empty_market_and_on_a_full_one(self, client, prefix, address):
        assert client.get(prefix + address).status_code == 200

        a_market(3)

        assert client.get(prefix + address).status_code == 200

    @pytest.mark.parametrize(
        "address", ["/", "/san-pham", "/hop-tac-xa", "/san-pham/mau", "/hop-tac-xa/mau"]
    )
    def test_sends_as_many_statements_for_thirty_products_as_for_one(
        self, client, statements, address
    ):
        seller = OrganisationFactory(slug="mau", tagline_vi="Ngon từ đất")
        product = ProductFactory(slug="mau", organisation=seller)
        LotFactory(product=product)
        ProductFactory(organisation=seller)
        client.get(address)
        with statements() as for_one:
            assert client.get(address).status_code == 200
        for more in ProductFactory.create_batch(28, organisation=seller, category=product.category):
            LotFactory(product=more)
            PackFactory(product=product)

        with statements() as for_thirty:
            assert client.get(address).status_code == 200

        assert [one[:300] for one in for_thirty] == [one[:300] for one in for_one]
        assert len(for_one) <= 8  # two of them read the shelf, which production does not each time


class TestHome:
    def test_shows_what_is_in_season_who_sells_and_how_one_knows(self, client):
        seller = OrganisationFactory(tagline_vi="Hái chín thì lâu công hơn")
        fruit = CategoryFactory(slug="trai-cay", name_vi="Trái cây")
        product = ProductFactory(
            organisation=seller, season="3" * 12, category=CategoryFactory(parent=fruit)
        )
        CertificateFactory(organisation=seller, products=[product])
        lot = LotFactory(product=product)
        LotEventFactory(lot_id=lot.id, title_vi="Hái chín bằng tay")

        page = text_of(client.get("/"))

        for told in (product.name_vi, "Hái chín thì lâu công hơn", "VietGAP", lot.code):
            assert told in page
        assert 'href="/san-pham?nhom=trai-cay"' in page
        assert structured(page)["WebSite"]["url"] == "http://localhost/"


class TestListing:
    def test_narrows_by_address_and_says_how_to_widen(self, client):
        coffee = CategoryFactory(slug="ca-phe", name_vi="Cà phê")
        shown = ProductFactory(category=coffee, province_code="66")
        hidden = ProductFactory()
        LotFactory(product=shown)

        page = text_of(client.get("/san-pham?nhom=ca-phe&tinh=66&con-hang=1"))

        assert shown.name_vi in page
        assert hidden.name_vi not in page
        assert 'href="/san-pham?nhom=ca-phe&amp;tinh=66"' in page  # without "in stock"
        assert '<meta name="robots" content="noindex">' in page

    def test_has_one_address_for_search_engines_whatever_the_order(self, client):
        CategoryFactory(slug="ca-phe")

        page = text_of(client.get("/san-pham?xep=moi&nhom=ca-phe"))

        assert '<link rel="canonical" href="http://localhost/san-pham?nhom=ca-phe">' in page

    def test_gives_each_page_an_address_and_sends_back_from_behind_the_last(self, client):
        ProductFactory.create_batch(25)

        second = text_of(client.get("/san-pham?trang=2"))
        beyond = client.get("/san-pham?trang=9")

        assert second.count('class="product"') == 1
        assert 'canonical" href="http://localhost/san-pham?trang=2"' in second
        assert (beyond.status_code, beyond.headers["Location"]) == (303, "/san-pham?trang=2")

    def test_finds_without_marks_and_keeps_what_was_typed(self, client):
        ProductFactory(name_vi="Cà phê Cầu Đất", search_text="ca phe cau dat")

        page = text_of(client.get("/san-pham?q=ca+phe++cau+dat"))

        assert "Cà phê Cầu Đất" in page
        assert 'value="ca phe cau dat"' in page

    def test_goes_straight_to_a_lot_whose_code_was_typed(self, client):
        LotFactory(code="CUMGAR-2611-017")

        answer = client.get("/en/san-pham?q=cumgar-2611-017")

        assert (answer.status_code, answer.headers["Location"]) == (303, "/en/t/CUMGAR-2611-017")

    def test_says_so_kindly_when_there_is_nothing(self, client):
        assert "Chưa có món nào như vậy" in text_of(client.get("/san-pham?q=xyzzy"))

    def test_passes_over_what_nobody_could_have_chosen(self, client):
        ProductFactory()

        page = text_of(
            client.get("/san-pham?tinh=xx&vung=yy&chung-nhan=ZZ&gia-tu=abc&xep=w&trang=-3")
        )

        assert page.count('class="product"') == 1

    def test_does_not_know_categories_that_do_not_exist(self, client):
        assert client.get("/san-pham?nhom=khong-co").status_code == 404

    def test_understands_prices_as_people_write_them(self, client):
        ProductFactory(pack__price_minor=145_000)  # 290,000 a kilogram

        assert text_of(client.get("/san-pham?gia-tu=290.000")).count('class="product"') == 1
        assert text_of(client.get("/san-pham?gia-tu=290.001")).count('class="product"') == 0


class TestProduct:
    def test_tells_everything_before_the_basket(self, client):
        [product] = a_market()

        page = text_of(client.get(f"/san-pham/{product.slug}"))

        for told in ("145.000\u00a0₫", "290.000\u00a0₫/kg", "VietGAP", "25.000\u00a0₫", "Đắk Lắk"):
            assert told in page
        assert 'action="/gio-hang"' in page
        assert f'value="{product.from_pack_id}" checked' in page

    def test_speaks_to_search_engines_as_to_people(self, client):
        [product] = a_market()

        found = structured(text_of(client.get(f"/san-pham/{product.slug}")))

        offer = found["Product"]["offers"][0]
        assert (offer["price"], offer["priceCurrency"]) == (145_000, "VND")
        assert offer["availability"] == "https://schema.org/InStock"
        assert found["BreadcrumbList"]["itemListElement"][-1]["name"] == product.name_vi

    def test_offers_no_basket_when_sold_out(self, client):
        product = ProductFactory()

        page = text_of(client.get(f"/san-pham/{product.slug}"))

        assert "Món này vừa hết" in page
        assert "Cho vào giỏ" not in page
        offer = structured(page)["Product"]["offers"][0]
        assert offer["availability"] == "https://schema.org/OutOfStock"

    def test_knows_the_fee_and_the_day_for_the_readers_province(self, client):
        [product] = a_market()

        chosen = client.post("/giao-toi", data={"tinh": "01", "san-pham": product.slug})
        page = text_of(client.get(f"/san-pham/{product.slug}"))

        assert chosen.headers["Location"] == f"/san-pham/{product.slug}#giao-hang"
        assert "Giao tới Hà Nội:" in page
        assert "phí 40.000\u00a0₫" in page

    def test_of_a_draft_is_a_secret_but_for_its_own_people(self, client, login):
        product = ProductFactory(draft=True)
        member = MembershipFactory(organisation=product.organisation, role=Role.SALES)
        address = f"/san-pham/{product.slug}"

        assert client.get(address).status_code == 404
        assert login(UserFactory()).get(address).status_code == 404
        page = text_of(login(member.user).get(address))

        assert "Đây là bản xem trước" in page
        assert "noindex" in page

    def test_in_english_falls_back_to_vietnamese_and_says_so(self, client):
        product = ProductFactory(name_en="", name_vi="Miến dong")

        page = text_of(client.get(f"/en/san-pham/{product.slug}"))

        assert '<span lang="vi">Miến dong</span>' in page
        assert f'hreflang="vi" href="http://localhost/san-pham/{product.slug}"' in page


class TestCooperatives:
    def test_lists_by_region(self, client):
        OrganisationFactory(name="HTX Suối Giàng", province_code="15")
        OrganisationFactory(name="HTX Cư M'gar", province_code="66")

        page = text_of(client.get("/hop-tac-xa?vung=mien-nui-phia-bac"))

        assert "HTX Suối Giàng" in page
        assert "HTX Cư M" not in page

    def test_each_tells_its_story_and_sells(self, client):
        seller = OrganisationFactory(story_vi="Dòng một.\nDòng hai.", member_count=86)
        product = ProductFactory(organisation=seller)

        page = text_of(client.get(f"/hop-tac-xa/{seller.slug}"))

        assert "<p>Dòng một.</p><p>Dòng hai.</p>" in page
        assert product.name_vi in page
        assert structured(page)["Organization"]["name"] == seller.name

    def test_unverified_is_unknown(self, client):
        seller = OrganisationFactory(pending=True)

        assert client.get(f"/hop-tac-xa/{seller.slug}").status_code == 404


class TestForMachines:
    def test_the_sitemap_names_every_page_in_both_languages(self, client):
        product = ProductFactory()
        ProductFactory(draft=True)

        index = text_of(client.get("/sitemap.xml"))
        goods = text_of(client.get("/sitemap-1.xml"))
        rest = text_of(client.get("/sitemap-chung.xml"))

        assert re.findall("<loc>(.*?)</loc>", index) == [
            "http://localhost/sitemap-chung.xml",
            "http://localhost/sitemap-1.xml",
        ]
        assert re.findall("<loc>(.*?)</loc>", goods) == [
            f"http://localhost/san-pham/{product.slug}",
            f"http://localhost/en/san-pham/{product.slug}",
        ]
        assert f"http://localhost/hop-tac-xa/{product.organisation.slug}" in rest

    def test_the_sitemap_names_what_everybody_may_read_of_certificates(self, client):
        public = CertificateFactory()
        CertificateFactory(waiting=True)

        index = text_of(client.get("/sitemap.xml"))
        part = text_of(client.get("/sitemap-chung-nhan-1.xml"))

        assert "http://localhost/sitemap-chung-nhan-1.xml" in index
        assert re.findall("<loc>(.*?)</loc>", part) == [
            f"http://localhost/chung-nhan/{public.id}",
            f"http://localhost/en/chung-nhan/{public.id}",
        ]

    @pytest.mark.parametrize(
        "part", ["2", "0", "x", "²", "chung-nhan-1", "chung-nhan-0", "chung-nhan-x"]
    )
    def test_there_are_no_other_sitemaps(self, client, part):
        ProductFactory()

        assert client.get(f"/sitemap-{part}.xml").status_code == 404

    def test_robots_are_kept_from_baskets_and_mixtures_of_filters(self, client):
        page = text_of(client.get("/robots.txt"))

        assert "Disallow: /gio-hang" in page
        assert "Disallow: /en/san-pham?*&" in page
        assert "Sitemap: http://localhost/sitemap.xml" in page
