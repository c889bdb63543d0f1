"""The pages of a seller's products."""

import io
import re

import pytest
from sqlalchemy import func, select

from marketplace.catalogue import queries
from marketplace.catalogue.categories import categories_tree, load_categories
from marketplace.media.operations import store_photo
from marketplace.platform.database import session
from models.accounts import Role
from models.catalogue import Pack, PackPrice, Product, ProductPhoto, ProductState
from models.certification import CertificateState
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
)
from tests.factories.catalogue import (
    CategoryFactory,
    PackFactory,
    ProductFactory,
    ProductPhotoFactory,
)
from tests.factories.certification import CertificateFactory
from tests.factories.media import picture
from tests.guards import recorded_statements
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def organisation():
    return OrganisationFactory(code="CUMGAR", short_name="HTX Cư M'gar")


@pytest.fixture
def browse(login, organisation):
    """Sign somebody in at the desk, by role."""

    def sign_in(role=Role.SALES):
        user = UserFactory()
        MembershipFactory(user=user, organisation=organisation, role=role)
        return Desk(login(user))

    return sign_in


class Desk:
    """A browser at the desk; addresses begin behind that of its products."""

    base = "/quay/CUMGAR/san-pham"

    def __init__(self, client):
        self.client = client

    def get(self, path=""):
        return self.client.get(self.base + path)

    def post(self, path, data=None):
        return self.client.post(self.base + path, data=data or {})


def now_of(row):
    """A row as the last request has left it."""
    session.refresh(row)
    return row


def filled(category, **changes):
    months = {f"month_{month}": "0" for month in range(1, 13)}
    return {
        "name_vi": "Cà phê Robusta rang mộc",
        "category_id": category.id,
        "province_code": "66",
        "commune_code": "",
        **months,
        **changes,
    }


class TestList:
    def test_shows_prices_states_and_tabs(self, browse, organisation):
        product = ProductFactory(organisation=organisation, name_vi="Cà phê Robusta")
        ProductFactory(organisation=organisation, draft=True, pack=False, name_vi="Tiêu đen")
        ProductFactory(name_vi="Hàng của người khác")

        page = browse().get()

        assert page.status_code == 200
        assert "Cà phê Robusta" in page.text
        assert "145.000\u00a0₫" in page.text
        assert "290.000\u00a0₫/kg" in page.text
        assert "chưa có giá" in page.text
        assert f"/quay/CUMGAR/san-pham/{product.id}" in page.text
        assert "Hàng của người khác" not in page.text

    def test_searches_without_tones_and_keeps_the_tab(self, browse, organisation):
        product = ProductFactory(
            organisation=organisation, search_text="ngo nep ; bap", name_vi="Ngô nếp"
        )
        ProductFactory(organisation=organisation, name_vi="Tiêu đen", search_text="tieu den")
        desk = browse()

        found = desk.get("?q=BẮP&trang-thai=dang-ban").text
        nothing = desk.get("?q=sầu+riêng").text

        assert product.name_vi in found
        assert "Tiêu đen" not in found
        assert 'name="trang-thai" value="dang-ban"' in found
        assert "Không có sản phẩm nào khớp “sầu riêng”" in nothing

    def test_an_empty_shelf_says_what_to_do(self, browse):
        assert "Thêm sản phẩm đầu tiên" in browse().get().text

    def test_those_who_do_not_sell_find_no_buttons(self, browse, organisation):
        ProductFactory(organisation=organisation)

        assert "/san-pham/moi" not in browse(Role.WAREHOUSE).get().text

    def test_sends_as_many_statements_for_many_rows_as_for_one(self, browse, organisation, session):
        given = {"organisation": organisation, "category": CategoryFactory()}
        ProductFactory(**given)
        desk = browse()
        desk.get()
        engine = session.connection().engine

        with recorded_statements(engine) as one:
            desk.get()
        for _number in range(15):
            ProductFactory(**given)
        with recorded_statements(engine) as many:
            page = desk.get()

        assert page.text.count("<tr>") == 17  # 16 products and the head
        assert len(many) == len(one)


class TestCreate:
    def test_begins_with_where_the_cooperative_is(self, browse):
        CategoryFactory()

        page = browse().get("/moi")

        assert page.status_code == 200
        assert re.search(r'<option value="66" selected>Đắk Lắk', page.text)
        assert "Phường Buôn Ma Thuột" in page.text

    def test_saves_a_draft_and_goes_on_to_packs(self, browse, session):
        load_categories()
        coffee = categories_tree().by_slug["ca-phe-rang-xay"]

        answer = browse().post("/moi", filled(coffee, month_11="3"))

        product = session.scalars(select(Product)).one()
        assert (answer.status_code, answer.location) == (
            303,
            f"/quay/CUMGAR/san-pham/{product.id}/quy-cach",
        )
        assert (product.state, product.season) == (ProductState.DRAFT, "000000000030")
        assert product.slug == "ca-phe-robusta-rang-moc"

    def test_keeps_what_was_typed_and_says_what_is_wrong(self, browse, session):
        category = CategoryFactory()

        answer = browse().post(
            "/moi", filled(category, name_vi="", summary_vi="Thơm lừng", province_code="01")
        )

        assert answer.status_code == 422
        assert "Lỗi:" in answer.text
        assert 'href="#name_vi"' in answer.text
        assert 'value="Thơm lừng"' in answer.text
        assert session.scalar(select(func.count()).select_from(Product)) == 0

    def test_a_name_twice_is_a_sentence_at_the_field(self, browse, organisation):
        product = ProductFactory(organisation=organisation, name_vi="Cà phê mộc")

        answer = browse().post("/moi", filled(product.category, name_vi="Cà phê Mộc"))

        assert answer.status_code == 422
        assert "Đã có sản phẩm khác mang tên này" in answer.text

    def test_shows_the_communes_of_another_province_without_saving(self, browse, session):
        category = CategoryFactory()

        answer = browse().post("/moi", filled(category, province_code="68", **{"doi-tinh": "1"}))

        assert answer.status_code == 200
        assert "Đơn Dương" in answer.text
        assert 'value="Cà phê Robusta rang mộc"' in answer.text
        assert session.scalar(select(func.count()).select_from(Product)) == 0

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_closed_to_those_who_do_not_sell(self, browse, role):
        assert browse(role).get("/moi").status_code == 403


class TestProduct:
    def test_shows_what_is_missing_with_the_way_there(self, browse, organisation):
        product = ProductFactory(organisation=organisation, draft=True, pack=False, photo=False)

        page = browse().get(f"/{product.id}")

        assert f"/san-pham/{product.id}/quy-cach" in page.text
        assert "Thêm ít nhất một ảnh" in page.text
        assert "Đăng bán</button>" not in page.text

    def test_publishes_and_takes_it_back(self, browse, organisation):
        product = ProductFactory(organisation=organisation, draft=True)
        desk, here = browse(), f"/{product.id}"

        published = desk.post(f"{here}/dang-ban")
        after = desk.get(f"{here}?vua=dang")
        undone = desk.post(f"{here}/ngung-ban")

        assert published.location == f"/quay/CUMGAR/san-pham{here}?vua=dang"
        assert "Sản phẩm đã lên chợ" in after.text
        assert undone.location.endswith("?vua=ngung")
        assert now_of(product).state == ProductState.ARCHIVED
        assert "Hoàn tác, bán lại" in desk.get(f"{here}?vua=ngung").text

    def test_what_is_missing_refuses_to_publish(self, browse, organisation):
        product = ProductFactory(organisation=organisation, draft=True, photo=False)

        answer = browse().post(f"/{product.id}/dang-ban")

        assert answer.status_code == 422
        assert "Chưa đăng bán được" in answer.text
        assert now_of(product).state == ProductState.DRAFT

    def test_a_draft_is_put_away_and_taken_back(self, browse, organisation):
        product = ProductFactory(organisation=organisation, draft=True)
        desk, here = browse(), f"/{product.id}"

        away = desk.post(f"{here}/ngung-ban")
        assert away.location.endswith("?vua=cat")
        assert now_of(product).state == ProductState.ARCHIVED

        desk.post(f"{here}/lam-lai")
        assert now_of(product).state == ProductState.DRAFT

    def test_changes_what_is_said(self, browse, organisation):
        product = ProductFactory(organisation=organisation)

        answer = browse().post(
            f"/{product.id}/mo-ta", filled(product.category, summary_vi="Mới rang")
        )

        assert answer.status_code == 303
        assert now_of(product).summary_vi == "Mới rang"

    def test_a_taken_name_is_refused_at_the_field(self, browse, organisation):
        product = ProductFactory(organisation=organisation, name_vi="Cà phê mộc")
        ProductFactory(organisation=organisation, name_vi="Cà phê bơ")

        answer = browse().post(
            f"/{product.id}/mo-ta", filled(product.category, name_vi="Cà phê bơ")
        )

        assert answer.status_code == 422
        assert 'href="#name_vi"' in answer.text
        assert now_of(product).name_vi == "Cà phê mộc"

    def test_shows_what_is_said_now(self, browse, organisation):
        product = ProductFactory(organisation=organisation, season="300000000000")

        page = browse().get(f"/{product.id}/mo-ta").text

        assert f'value="{product.name_vi}"' in page
        assert re.search(r'name="month_1">.*?<option value="3" selected', page, re.DOTALL)

    @pytest.mark.parametrize("page", ["/mo-ta", "/quy-cach", "/anh", "/chung-nhan"])
    def test_the_store_may_look_but_not_change(self, browse, organisation, page):
        product = ProductFactory(organisation=organisation)
        desk = browse(Role.WAREHOUSE)

        assert desk.get(f"/{product.id}").status_code == 200
        assert desk.get(f"/{product.id}{page}").status_code == 403

    @pytest.mark.parametrize("page", ["", "/mo-ta", "/quy-cach", "/anh", "/chung-nhan"])
    def test_somebody_elses_product_is_not_there(self, browse, page):
        foreign = ProductFactory()
        desk = browse()

        assert desk.get(f"/{foreign.id}{page}").status_code == 404
        assert desk.get(f"/999999{page}").status_code == 404

    def test_somebody_elses_desk_is_not_there(self, browse):
        foreign = ProductFactory()
        client = browse().client

        for page in ("", "/moi", f"/{foreign.id}"):
            address = f"/quay/{foreign.organisation.code}/san-pham{page}"
            assert client.get(address).status_code == 404

    def test_badges_show_what_buyers_see(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        CertificateFactory(organisation=organisation, products=[product])
        CertificateFactory(
            organisation=organisation,
            products=[product],
            scheme_code="OCOP",
            level=4,
            waiting=True,
        )

        page = browse().get(f"/{product.id}").text

        assert '<span class="cert">VietGAP</span>' in page
        assert '<span class="cert">OCOP' not in page
        assert "Chờ xác minh" in page


class TestPacks:
    def test_adds_a_size_and_shows_its_price_per_kilogram(self, browse, organisation, session):
        product = ProductFactory(organisation=organisation, draft=True, pack=False)
        desk = browse()

        answer = desk.post(
            f"/{product.id}/quy-cach",
            {"name_vi": "Túi 2,5 kg", "weight": "2,5", "price": "475.000 ₫"},
        )

        pack = session.scalars(select(Pack)).one()
        assert (pack.net_weight_g, pack.price_minor) == (2500, 475_000)
        assert answer.location.endswith(f"/quy-cach?vua=them&goi={pack.id}")
        page = desk.get(f"/{product.id}/quy-cach?vua=them&goi={pack.id}").text
        assert "Đã thêm Túi 2,5 kg: 475.000\u00a0₫, tức 190.000\u00a0₫/kg." in page

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"weight": "0,5kg x"}, "weight"),
            ({"weight": "0"}, "weight"),
            ({"price": "1250.5"}, "price"),
            ({"price": "0"}, "price"),
            ({"name_vi": ""}, "name_vi"),
            ({"gtin": "123"}, "gtin"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_the_rest(self, browse, organisation, typed, field):
        product = ProductFactory(organisation=organisation, pack=False)
        given = {"name_vi": "Gói thử", "weight": "0,5", "price": "50.000", "gtin": ""}

        answer = browse().post(f"/{product.id}/quy-cach", {**given, **typed})

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'id="{field}-e"' in answer.text

    def test_a_price_changes_with_the_old_one_beside_it_and_back(
        self, browse, organisation, session
    ):
        product = ProductFactory(organisation=organisation, pack=False)
        pack = PackFactory(product=product, name_vi="Gói 500 g")
        session.add(
            PackPrice(pack_id=pack.id, price_minor=145_000, currency="VND", at=product.created_at)
        )
        session.flush()
        desk, here = browse(), f"/{product.id}/quy-cach"

        changed = desk.post(f"{here}/{pack.id}/gia", {"price": "150.000"})
        page = desk.get(f"{here}?vua=gia&goi={pack.id}").text

        assert changed.location.endswith(f"?vua=gia&goi={pack.id}")
        assert "145.000\u00a0₫ → <b>150.000\u00a0₫</b>" in page
        assert "300.000\u00a0₫/kg" in page
        assert '<input type="hidden" name="price" value="145000">' in page

        desk.post(f"{here}/{pack.id}/gia", {"price": "145000"})
        assert now_of(pack).price_minor == 145_000
        assert session.scalar(select(func.count()).select_from(PackPrice)) == 3

    def test_a_wrong_price_comes_back_at_its_pack(self, browse, organisation):
        product = ProductFactory(organisation=organisation, pack=False)
        pack = PackFactory(product=product)
        here = f"/{product.id}/quy-cach"

        answer = browse().post(f"{here}/{pack.id}/gia", {"price": "mười"})

        assert answer.status_code == 422
        assert 'value="mười"' in answer.text
        assert now_of(pack).price_minor == 145_000

    def test_a_price_of_nothing_is_refused_at_its_pack(self, browse, organisation):
        product = ProductFactory(organisation=organisation, pack=False)
        pack = PackFactory(product=product)

        answer = browse().post(f"/{product.id}/quy-cach/{pack.id}/gia", {"price": "0"})

        assert answer.status_code == 422
        assert "Giá phải lớn hơn 0" in answer.text

    def test_a_size_whose_name_is_taken_does_not_come_back(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        pack = PackFactory(product=product, name_vi="Gói 1 kg", is_active=False)
        PackFactory(product=product, name_vi="Gói 1 kg")
        desk, here = browse(), f"/{product.id}/quy-cach"

        desk.post(f"{here}/{pack.id}/ban-lai")

        assert "Sản phẩm đã có quy cách này." in desk.get(here).text
        assert not now_of(pack).is_active

    def test_shows_a_size_to_edit(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        pack = PackFactory(product=product, name_vi="Gói 2,5 kg", net_weight_g=2500)

        page = browse().get(f"/{product.id}/quy-cach/{pack.id}").text

        assert 'value="2,5"' in page

    def test_edits_retires_and_returns_a_size(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        pack = PackFactory(product=product, name_vi="Gói lớn")
        desk, here = browse(), f"/{product.id}/quy-cach"

        edited = desk.post(f"{here}/{pack.id}", {"name_vi": "Gói nửa cân", "weight": "0,5"})
        retired = desk.post(f"{here}/{pack.id}/ngung")
        offered = desk.get(f"{here}?vua=ngung&goi={pack.id}").text
        desk.post(f"{here}/{pack.id}/ban-lai")

        assert edited.status_code == 303
        assert retired.location.endswith(f"?vua=ngung&goi={pack.id}")
        assert "Đã ngừng bán Gói nửa cân." in offered
        assert (now_of(pack).name_vi, pack.is_active) == ("Gói nửa cân", True)

    def test_a_weight_that_buyers_have_seen_is_refused_at_the_field(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        pack = PackFactory(product=product, name_vi="Gói lớn")

        answer = browse().post(
            f"/{product.id}/quy-cach/{pack.id}", {"name_vi": "Gói nhỏ", "weight": "0,4"}
        )

        assert answer.status_code == 422
        assert 'value="Gói nhỏ"' in answer.text
        assert "Sản phẩm đã lên chợ nên không đổi khối lượng" in answer.text
        assert now_of(pack).net_weight_g == 500

    def test_the_last_size_stays_with_a_word_why(self, browse, organisation):
        product = ProductFactory(organisation=organisation, pack=False)
        pack = PackFactory(product=product)
        desk, here = browse(), f"/{product.id}/quy-cach"

        desk.post(f"{here}/{pack.id}/ngung")

        assert "Đây là quy cách cuối cùng đang bán" in desk.get(here).text
        assert now_of(pack).is_active

    def test_a_pack_of_another_product_is_not_there(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        foreign = PackFactory()
        desk, here = browse(), f"/{product.id}/quy-cach"

        assert desk.get(f"{here}/{foreign.id}").status_code == 404
        for step in ("gia", "ngung", "ban-lai"):
            answer = desk.post(f"{here}/{foreign.id}/{step}", {"price": "1"})
            assert answer.status_code == 404
        assert (now_of(foreign).price_minor, foreign.is_active) == (145_000, True)


def upload(data, name="vuon.jpg"):
    return (io.BytesIO(data), name)


class TestPhotos:
    def test_adds_photos_that_everybody_can_see(self, browse, organisation, session, client):
        product = ProductFactory(organisation=organisation, draft=True, photo=False)
        desk = browse()

        answer = desk.post(
            f"/{product.id}/anh",
            {
                "file": [
                    upload(picture(colour=(200, 30, 30))),
                    upload(picture(colour=(30, 30, 200))),
                ]
            },
        )

        assert answer.status_code == 303
        assert session.scalar(select(func.count()).select_from(ProductPhoto)) == 2
        photo = client.get(f"/media/{now_of(product).cover_sha256}-400.webp")
        assert (photo.status_code, photo.mimetype) == (200, "image/webp")
        assert photo.headers["X-Content-Type-Options"] == "nosniff"

    def test_says_which_file_was_no_photo_and_keeps_the_good_ones(
        self, browse, organisation, session
    ):
        product = ProductFactory(organisation=organisation, draft=True, photo=False)

        answer = browse().post(
            f"/{product.id}/anh",
            {"file": [upload(picture(colour=(30, 200, 200))), upload(b"<svg/>", "logo.svg")]},
        )

        assert answer.status_code == 422
        assert "logo.svg: Tệp này không phải ảnh JPEG, PNG, WebP hoặc AVIF." in answer.text
        assert session.scalar(select(func.count()).select_from(ProductPhoto)) == 1

    def test_asks_for_a_file(self, browse, organisation):
        product = ProductFactory(organisation=organisation)

        answer = browse().post(f"/{product.id}/anh", {"file": upload(b"", "")})

        assert answer.status_code == 422
        assert "Mời chọn một tệp." in answer.text

    def test_describes_and_moves(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        second = ProductPhotoFactory(product_id=product.id, position=1)
        first = queries.photos_of(product.id)[0]
        here = f"/{product.id}/anh"

        browse().post(
            f"{here}/sap-xep",
            {f"alt_vi-{second.id}": "Bao bì mặt trước", "move": f"{second.id}:up"},
        )

        photos = queries.photos_of(product.id)
        assert [(each.id, each.alt_vi) for each in photos] == [
            (second.id, "Bao bì mặt trước"),
            (first.id, "Hạt cà phê trên sàn phơi"),
        ]

    @pytest.mark.parametrize(
        ("move", "order"),
        [("2:first", [2, 0, 1]), ("0:down", [1, 0, 2]), ("2:up", [0, 2, 1]), ("x:up", [0, 1, 2])],
    )
    def test_moves_every_way(self, browse, organisation, move, order):
        product = ProductFactory(organisation=organisation, photo=False)
        ids = [
            ProductPhotoFactory(product_id=product.id, position=position).id
            for position in range(3)
        ]
        which, where = move.split(":")
        value = f"{ids[int(which)] if which.isdecimal() else which}:{where}"
        here = f"/{product.id}/anh"

        browse().post(f"{here}/sap-xep", {"move": value})

        assert [each.id for each in queries.photos_of(product.id)] == [ids[at] for at in order]

    def test_takes_one_off_but_not_the_last(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        second = ProductPhotoFactory(product_id=product.id, position=1)
        first = queries.photos_of(product.id)[0]
        desk, here = browse(), f"/{product.id}/anh"

        desk.post(f"{here}/{first.id}/go")
        desk.post(f"{here}/{second.id}/go")

        assert [each.id for each in queries.photos_of(product.id)] == [second.id]
        assert "Sản phẩm đang bán cần ít nhất một ảnh" in desk.get(here).text


class TestCertificatesOfProduct:
    def test_chooses_claims_but_no_decided_ones(self, browse, organisation):
        product = ProductFactory(organisation=organisation)
        claim = CertificateFactory(organisation=organisation, waiting=True)
        decided = CertificateFactory(organisation=organisation)
        desk, here = browse(), f"/{product.id}/chung-nhan"

        chosen = desk.post(here, {"certificate_ids": claim.id})
        refused = desk.post(here, {"certificate_ids": [claim.id, decided.id]})

        assert chosen.status_code == 303
        assert refused.status_code == 422
        assert "không tự thêm sản phẩm được nữa" in refused.text
        assert now_of(claim).state == CertificateState.CLAIMED

    def test_without_any_it_leads_to_the_claim(self, browse, organisation):
        product = ProductFactory(organisation=organisation)

        page = browse().get(f"/{product.id}/chung-nhan").text

        assert f"/quay/CUMGAR/chung-nhan/moi?san-pham={product.id}" in page


def test_a_photo_may_be_kept_for_ever_and_asked_for_again(client, organisation):
    file = store_photo(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        data=picture(colour=(200, 200, 30)),
        name="",
        at=MONDAY,
    )
    address = f"/media/{file.sha256}-800.webp"

    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert first.data[8:12] == b"WEBP"
    assert (again.status_code, again.data) == (304, b"")
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(
    "address",
    [
        f"/media/{'0' * 64}-400.webp",
        f"/media/{'0' * 64}-401.webp",
        f"/media/{'z' * 64}-400.webp",
        "/media/../../etc/passwd",
        "/media/x-400.webp",
        "/media/",
    ],
)
def test_any_other_address_leads_nowhere(client, address):
    assert client.get(address).status_code == 404


def test_english_pages_speak_english_names(browse, organisation):
    product = ProductFactory(organisation=organisation, name_en="Robusta coffee")
    PackFactory(product=product, name_en="1 kg bag")
    client = browse().client

    assert "Robusta coffee" in client.get("/en/quay/CUMGAR/san-pham").text
    assert "1 kg bag" in client.get(f"/en/quay/CUMGAR/san-pham/{product.id}").text
