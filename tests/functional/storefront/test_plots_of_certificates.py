"""What buyers, packers and holders read of a certificate that names some plots."""

from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from marketplace.kernel.clock import business_day, now
from marketplace.orders.links import order_path
from models.accounts import Role
from models.inventory import LotStock
from models.orders import PaymentMethod
from tests.factories.accounts import MembershipFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.factories.orders import (
    CAU_GIAY,
    HANOI,
    collecting_account,
    pack_of,
    parts_of,
    place,
    product_in_stock,
)
from tests.factories.traceability import LotFactory

pytestmark = pytest.mark.usefixtures("session")

KEPT = "VietGAP: giấy chỉ gồm một số thửa, món này lấy trọn từ lô nằm trong phạm vi."
MISSED = "các lô nằm trong phạm vi không đủ cho số lượng này"
SOME = "Chứng nhận này chỉ gồm một số thửa. Lô đang bán nằm trong phạm vi:"


@pytest.fixture
def product(session):
    collecting_account()
    made = ProductFactory()
    LotFactory(product=made, best_before_on=None)
    return made


@pytest.fixture
def certificate(product):
    today = business_day(now())
    member = HouseholdFactory(organisation=product.organisation)
    return CertificateFactory(
        organisation=product.organisation,
        products=[product],
        plots=[PlotFactory(household=member, code="TRONG")],
        valid_from=today - timedelta(days=100),
        valid_to=today + timedelta(days=100),
    )


@pytest.fixture
def lot(product, certificate):
    """Two packs from its plot; 20 kg of other lots go before."""
    return LotFactory(
        product=product,
        code="LO-TRONG",
        best_before_on=None,
        quantity_g=1_000,
        certificates=[certificate],
    )


def put_in(client, product, quantity):
    client.post("/gio-hang", data={"pack_id": pack_of(product).id, "quantity": quantity})


def sell_out(session, lot):
    session.get_one(LotStock, lot.id).on_hand_g = 0
    session.flush()


class TestProductPage:
    def test_says_that_it_is_for_some_plots_and_which_lots(self, client, product, lot):
        page = client.get(f"/san-pham/{product.slug}").text
        english = client.get(f"/en/san-pham/{product.slug}").text

        assert SOME in page
        assert f'{SOME} <a class="lot" href="/t/{lot.code}">{lot.code}</a>' in page
        assert (
            "This certificate names some plots only. The lot on sale within its scope:" in english
        )

    def test_is_silent_when_they_are_sold_out(self, client, session, product, lot):
        before = client.get(f"/san-pham/{product.slug}").text
        sell_out(session, lot)

        page = client.get(f"/san-pham/{product.slug}").text

        assert '<span class="cert">VietGAP</span>' in before
        assert "hasCertification" in before
        assert "VietGAP" not in page
        assert "hasCertification" not in page

    @pytest.mark.usefixtures("lot")
    def test_says_nothing_of_plots_where_none_are_named(self, client, product, certificate):
        other = product_in_stock()
        today = business_day(now())
        CertificateFactory(
            organisation=other.organisation,
            products=[other],
            valid_from=today - timedelta(days=9),
            valid_to=None,
        )

        page = client.get(f"/san-pham/{other.slug}").text

        assert "VietGAP" in page
        assert SOME not in page


@pytest.mark.usefixtures("lot")
class TestBasket:
    @pytest.mark.parametrize(("packs", "word", "other"), [(2, KEPT, MISSED), (3, MISSED, KEPT)])
    def test_says_whether_the_lots_suffice(self, client, product, packs, word, other):
        put_in(client, product, packs)

        for address in ("/gio-hang", "/dat-hang"):
            page = client.get(address).text
            assert word in page
            assert other not in page

    def test_says_nothing_of_goods_without_such_a_certificate(self, client):
        put_in(client, product_in_stock(), 1)

        assert "một số thửa" not in client.get("/gio-hang").text


class TestCheckout:
    def send(self, client, agreed, key):
        form = {
            "name": "Nguyễn Thị Thanh Huyền",
            "phone": "0912 345 678",
            "email": "huyen@example.com",
            "province": HANOI,
            "commune": CAU_GIAY,
            "address": "Số 18",
            "payment_method": "bank_transfer",
            "key": key,
            "agreed": agreed,
            "act": "place",
        }
        return client.post("/dat-hang", data=form)

    def hidden(self, page, name):
        return page.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]

    def test_asks_again_when_the_last_lot_went_meanwhile(self, client, session, product, lot):
        put_in(client, product, 1)
        client.post("/giao-toi", data={"tinh": HANOI, "san-pham": product.slug})
        page = client.get("/dat-hang").text
        agreed, key = self.hidden(page, "agreed"), self.hidden(page, "key")
        sell_out(session, lot)

        again = self.send(client, agreed, key)

        assert again.status_code in {409, 422}
        assert "Các lô hàng có chứng nhận vừa thay đổi." in again.text
        assert KEPT not in again.text
        assert self.send(client, self.hidden(again.text, "agreed"), key).status_code == 303


@pytest.mark.usefixtures("lot")
class TestOrder:
    @pytest.fixture
    def order(self, product):
        return place((product, 2), payment_method=PaymentMethod.CASH, at=now())

    def test_says_where_its_goods_come_from(self, client, order):
        page = client.get(order_path(order.number)).text

        assert "VietGAP: giấy chỉ gồm một số thửa, hàng của bạn lấy trọn từ lô" in page

    def test_tells_the_packer_to_take_these_lots_alone(self, login, product, order, lot):
        [part] = parts_of(order)
        keeper = MembershipFactory(organisation=product.organisation, role=Role.WAREHOUSE).user
        address = f"/quay/{product.organisation.code}/don/{part.number}"

        page = login(keeper).get(address).text
        slip = PdfReader(BytesIO(login(keeper).get(f"{address}/phieu.pdf").data))

        assert "VietGAP chỉ gồm một số thửa: chỉ đóng gói đúng các lô ghi dưới đây." in page
        assert lot.code in page
        printed = " ".join(slip.pages[0].extract_text().split())
        assert "VietGAP chỉ gồm một số thửa: chỉ đóng gói đúng các lô" in printed

    def test_of_other_goods_says_nothing(self, client):
        order = place(product_in_stock(), payment_method=PaymentMethod.CASH, at=now())

        assert "một số thửa" not in client.get(order_path(order.number)).text


class TestElsewhere:
    def test_its_own_page_says_when_no_lot_is_on_sale(self, client, session, certificate, lot):
        word = "Hiện không có lô nào đang bán từ các thửa trong giấy."
        before = client.get(f"/chung-nhan/{certificate.id}").text
        sell_out(session, lot)

        assert word not in before
        assert word in client.get(f"/chung-nhan/{certificate.id}").text

    def test_its_holder_reads_why_no_badge_is_shown(self, login, session, product, lot):
        word = "Chưa hiện huy hiệu vì không còn lô nào đang bán từ các thửa này."
        director = MembershipFactory(organisation=product.organisation).user
        address = f"/quay/{product.organisation.code}/san-pham/{product.id}/chung-nhan"
        before = login(director).get(address).text
        sell_out(session, lot)

        assert word not in before
        assert word in login(director).get(address).text
