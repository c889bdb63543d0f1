"""The page behind the code on a pack."""

import io
from datetime import date

import pytest
import zxingcpp
from PIL import Image

from blueprints.trace import views
from marketplace.accounts.throttle import Limit
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory, ProductCertificateFactory
from tests.factories.traceability import LotEventFactory, LotFactory, LotPhotoFactory

pytestmark = pytest.mark.usefixtures("session")


def text_of(response):
    assert response.status_code == 200
    return response.get_data(as_text=True)


class TestLotPage:
    def test_calls_the_first_day_by_what_the_goods_are(self, client):
        vase = ProductFactory(category=CategoryFactory(slug="thu-cong"))
        lot = LotFactory(code="BATTRANG-2610-001", product=vase)
        LotEventFactory(lot_id=lot.id, kind="harvested", title_vi="Nung lò bầu", title_en="Fired")

        vietnamese = text_of(client.get("/t/BATTRANG-2610-001"))
        english = text_of(client.get("/en/t/BATTRANG-2610-001"))

        assert "Sản xuất 12/10/2026 tại" in vietnamese
        assert "· Sản xuất" in vietnamese
        assert "Thu hoạch" not in vietnamese
        assert "<dt>Produced</dt>" in english
        assert "Sản xuất 12/10/2026" in text_of(client.get(f"/san-pham/{vase.slug}"))

    def test_tells_where_when_who_and_what_is_proved(self, client):
        alliance = OrganisationFactory(alliance=True, name="Liên minh Đắk Lắk")
        seller = OrganisationFactory(verified_by_id=alliance.id)
        product = ProductFactory(organisation=seller)
        lot = LotFactory(
            code="CUMGAR-2611-017",
            product=product,
            plot_name="Thửa 17, hộ Y Bhăm",
            certificates=[
                CertificateFactory(organisation=seller, number="A"),
                CertificateFactory(organisation=seller, number="B", revoked=True),
                CertificateFactory(organisation=seller, number="C", expired=True),
            ],
        )
        LotEventFactory(lot_id=lot.id, title_vi="Hái chín bằng tay")
        LotEventFactory(lot_id=lot.id, title_vi="Phơi giàn", happened_on=date(2026, 10, 26))
        LotPhotoFactory(lot_id=lot.id)

        page = text_of(client.get("/t/CUMGAR-2611-017"))

        for told in (
            "12/10/2026",
            "20/04/2027",
            "Đắk Lắk",
            seller.name,
            "Liên minh Đắk Lắk đã xác minh",
            "Chặng đường 14 ngày",
            "Phơi giàn",
            "Đã thu hồi",
            "Đã hết hạn 28/02/2026",
        ):
            assert told in page
        assert f'href="/san-pham/{product.slug}"' in page
        assert "Y Bhăm" not in page

    def test_says_that_a_certificate_was_withdrawn_before_the_harvest(self, client):
        product = ProductFactory()
        for number, values in (("A", {"revoked": True}), ("B", {"waiting": True})):
            certificate = CertificateFactory(
                organisation=product.organisation, number=number, **values
            )
            ProductCertificateFactory(product_id=product.id, certificate_id=certificate.id)
        LotFactory(code="CUMGAR-2611-018", product=product)

        page = text_of(client.get("/t/CUMGAR-2611-018"))

        assert "không tính cho lô này: đã bị thu hồi." in page
        assert "chưa xác minh" not in page  # what was never verified is nobody else's affair

    def test_warns_when_the_cooperative_is_no_longer_verified(self, client):
        lot = LotFactory(product__organisation=OrganisationFactory(suspended=True))

        page = text_of(client.get(f"/t/{lot.code}"))

        assert "hiện không còn được liên minh xác minh" in page
        assert "Mua món này" not in page

    def test_reads_in_english_with_what_there_is(self, client):
        lot = LotFactory(product__name_en="")
        LotEventFactory(lot_id=lot.id, title_en="", title_vi="Phơi giàn")

        page = text_of(client.get(f"/en/t/{lot.code}"))

        assert '<span lang="vi">Phơi giàn</span>' in page

    def test_forgives_how_a_code_is_typed(self, client):
        LotFactory(code="CUMGAR-2611-017")

        answer = client.get("/t/cumgar-2611-017")

        assert (answer.status_code, answer.headers["Location"]) == (301, "/t/CUMGAR-2611-017")

    def test_sends_as_many_statements_for_thirty_events_as_for_one(self, client, statements):
        lot = LotFactory()
        LotEventFactory(lot_id=lot.id)
        client.get(f"/t/{lot.code}")
        with statements() as for_one:
            client.get(f"/t/{lot.code}")
        for number in range(29):
            LotEventFactory(lot_id=lot.id, title_vi=f"Việc {number}")
            LotPhotoFactory(lot_id=lot.id)

        with statements() as for_thirty:
            client.get(f"/t/{lot.code}")

        assert (len(for_one), len(for_thirty)) == (1, 1)


class TestUnknownCode:
    def test_is_answered_with_what_to_look_at_again(self, client):
        answer = client.get("/t/CUMGAR-2611-O17")

        assert answer.status_code == 404
        assert "Chợ chưa có lô “CUMGAR-2611-O17”" in answer.get_data(as_text=True)

    def test_cannot_be_guessed_by_trying_them_all(self, client, monkeypatch):
        monkeypatch.setattr(
            views, "UNKNOWN_CODES", Limit("trace:unknown", 2, views.UNKNOWN_CODES.window)
        )
        known = LotFactory().code

        answers = [client.get(f"/t/KHONG-CO-{number}").status_code for number in range(4)]

        assert answers == [404, 404, 429, 429]
        assert client.get(f"/t/{known}").status_code == 200


class TestFind:
    @pytest.mark.parametrize(
        "typed",
        ["CUMGAR-2611-017", " cumgar 2611-017".replace(" 2", "-2"), "http://x/t/CUMGAR-2611-017"],
    )
    def test_goes_to_the_lot(self, client, typed):
        LotFactory(code="CUMGAR-2611-017")

        answer = client.get("/truy-xuat", query_string={"ma": typed})

        assert (answer.status_code, answer.headers["Location"]) == (303, "/t/CUMGAR-2611-017")

    def test_keeps_what_was_typed_when_nobody_gave_that_code(self, client):
        answer = client.get("/truy-xuat", query_string={"ma": "<b>sai</b>"})

        assert answer.status_code == 404
        assert 'value="&lt;b&gt;sai&lt;/b&gt;"' in answer.get_data(as_text=True)


class TestQr:
    def test_says_the_full_address_in_vietnamese(self, client):
        LotFactory(code="CUMGAR-2611-017")

        answer = client.get("/en/t/CUMGAR-2611-017/qr.png")

        [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(answer.data)))
        assert code.text == "http://localhost/t/CUMGAR-2611-017"
        assert answer.headers["Cache-Control"] == "public, max-age=86400"

    def test_is_a_drawing_too(self, client):
        LotFactory(code="CUMGAR-2611-017")

        answer = client.get("/t/CUMGAR-2611-017/qr.svg")

        assert answer.mimetype == "image/svg+xml"
        assert b"<svg" in answer.data

    @pytest.mark.parametrize("kind", ["svg", "png"])
    def test_is_drawn_for_lots_only(self, client, kind):
        assert client.get(f"/t/KHONG-CO/qr.{kind}").status_code == 404
