"""Orders at a seller's desk."""

from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from models.accounts import Role
from models.inventory import LotStock
from models.orders import PaymentMethod, SellerOrderState
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.orders import parts_of, place, product_in_stock

pytestmark = pytest.mark.usefixtures("session")

CASH = PaymentMethod.CASH


@pytest.fixture
def coffee():
    return product_in_stock()


@pytest.fixture
def desk(coffee):
    return f"/quay/{coffee.organisation.code}"


@pytest.fixture
def part(coffee):
    return parts_of(place((coffee, 2), payment_method=CASH, name="Trần Quốc Bảo"))[0]


@pytest.fixture
def browser(coffee, login):
    """A browser of somebody with this role at the desk."""

    def sign_in(role=Role.DIRECTOR):
        return login(MembershipFactory(organisation=coffee.organisation, role=role).user)

    return sign_in


def reload(session, part):
    session.refresh(part)
    return part


class TestListOrders:
    def test_shows_who_ordered_what(self, browser, desk, part, coffee):
        page = browser().get(f"{desk}/don").text

        assert part.number in page
        assert "Trần Quốc Bảo" in page
        assert f"2 × {coffee.name_vi}" in page
        assert "330.000\u00a0₫" in page

    @pytest.mark.parametrize(
        ("address", "is_found"),
        [
            ("?nhom=cho-xac-nhan", True),
            ("?nhom=dong-goi", False),
            ("?nhom=cho-tien", False),
            ("?nhom=gi-do", True),
            ("?q=tran+quoc", True),
            ("?q=678", True),
            ("?q=0912345678", True),
            ("?q=12", False),
            ("?q=Nguyễn", False),
            ("?trang=2", False),
        ],
    )
    def test_finds_by_view_name_and_telephone(self, browser, desk, part, address, is_found):
        page = browser().get(f"{desk}/don{address}").text

        assert (part.number in page) == is_found

    def test_finds_by_a_piece_of_the_number(self, browser, desk, part):
        page = browser().get(f"{desk}/don?q={part.number[-6:].lower()}").text

        assert part.number in page

    def test_keeps_unpaid_orders_apart(self, browser, desk, coffee):
        [unpaid] = parts_of(place(coffee))
        client = browser()

        assert unpaid.number not in client.get(f"{desk}/don?nhom=cho-xac-nhan").text
        assert unpaid.number in client.get(f"{desk}/don?nhom=cho-tien").text

    def test_says_when_there_is_nothing(self, browser, desk):
        assert "Chưa có đơn nào" in browser().get(f"{desk}/don").text

    def test_shows_nothing_of_other_sellers(self, browser, desk):
        [other] = parts_of(place(product_in_stock(), payment_method=CASH))

        assert other.number not in browser().get(f"{desk}/don").text

    def test_sends_the_same_statements_for_one_row_and_for_thirty(
        self, browser, desk, coffee, part, statements
    ):
        client = browser()
        client.get(f"{desk}/don")
        with statements() as few:
            client.get(f"{desk}/don")
        for _ in range(29):
            place(coffee, payment_method=CASH)
        with statements() as many:
            client.get(f"{desk}/don")

        assert len(many) == len(few) <= 5


class TestConfirmOrders:
    def test_confirms_those_that_are_ticked(self, session, browser, desk, coffee, part):
        [other] = parts_of(place(coffee, payment_method=CASH))

        browser().post(f"{desk}/don/xac-nhan", data={"numbers": [part.number]})

        assert [reload(session, each).state for each in (part, other)] == ["confirmed", "placed"]

    def test_says_so_when_nothing_is_ticked(self, browser, desk, part):
        answer = browser().post(f"{desk}/don/xac-nhan", follow_redirects=True)

        assert "Chưa có đơn nào được xác nhận" in answer.text

    def test_does_not_find_orders_of_other_sellers(self, session, browser, desk):
        [other] = parts_of(place(product_in_stock(), payment_method=CASH))

        answer = browser().post(f"{desk}/don/xac-nhan", data={"numbers": [other.number]})

        assert answer.status_code == 404
        assert reload(session, other).state == SellerOrderState.PLACED


class TestOneOrder:
    def test_goes_the_whole_way(self, session, browser, desk, coffee, part):
        client, here = browser(), f"{desk}/don/{part.number}"

        steps = [
            ("Xác nhận đơn", "xac-nhan", {}),
            ("Đã đóng gói xong", "dong-goi", {}),
            ("Đã giao cho vận chuyển", "giao-van-chuyen", {"carrier": "Viettel Post"}),
            ("Đã giao, đã thu 330.000\u00a0₫", "da-giao", {}),
        ]
        for button, step, data in steps:
            page = client.get(here).text
            assert button in page
            assert page.count("btn primary") == 1
            assert client.post(f"{here}/{step}", data=data).location == here

        assert reload(session, part).state == SellerOrderState.DELIVERED
        page = client.get(here).text
        stock = session.scalars(
            select(LotStock)
            .where(LotStock.product_id == coffee.id)
            .execution_options(populate_existing=True)
        ).one()
        assert "Tiền của đơn này nằm trong sổ doanh thu" in page
        assert "Viettel Post" in page
        assert (stock.on_hand_g, stock.held_g) == (19_000, 0)

    def test_says_why_a_step_is_refused(self, browser, desk, part):
        client, here = browser(), f"{desk}/don/{part.number}"

        answer = client.post(f"{here}/da-giao", follow_redirects=True)

        assert "Trạng thái hiện tại không cho phép" in answer.text

    def test_needs_a_carrier_for_goods_on_the_road(self, session, browser, desk, part):
        client, here = browser(), f"{desk}/don/{part.number}"
        client.post(f"{here}/xac-nhan")
        client.post(f"{here}/dong-goi")

        answer = client.post(f"{here}/giao-van-chuyen", follow_redirects=True)

        assert "Mời ghi đơn vị vận chuyển" in answer.text
        assert reload(session, part).state == SellerOrderState.PACKED

    def test_is_called_off_with_a_reason(self, session, browser, desk, part):
        client, here = browser(), f"{desk}/don/{part.number}"

        without = client.post(f"{here}/huy", follow_redirects=True)
        client.post(f"{here}/huy", data={"reason": "Mưa lớn"})

        assert "Mời ghi lý do huỷ" in without.text
        assert reload(session, part).cancel_reason == "Mưa lớn"

    def test_adds_the_money_up(self, browser, desk, part):
        page = browser().get(f"{desk}/don/{part.number}").text

        for amount in ("290.000", "40.000", "330.000", "−14.500", "315.500"):
            assert f"{amount}\u00a0₫" in page

    @pytest.mark.parametrize("step", ["xac-nhan", "dong-goi", "da-giao", "huy"])
    def test_only_shows_itself_to_an_accountant(self, session, browser, desk, part, step):
        client, here = browser(Role.ACCOUNTANT), f"{desk}/don/{part.number}"

        assert client.get(here).status_code == 200
        assert "btn primary" not in client.get(here).text
        assert client.post(f"{here}/{step}", data={"reason": "x"}).status_code == 403
        assert reload(session, part).state == SellerOrderState.PLACED

    def test_lets_the_warehouse_pack_but_not_confirm(self, session, browser, desk, part):
        client, here = browser(Role.WAREHOUSE), f"{desk}/don/{part.number}"

        assert client.post(f"{here}/xac-nhan").status_code == 403
        browser().post(f"{here}/xac-nhan")
        browser(Role.WAREHOUSE).post(f"{here}/dong-goi")

        assert reload(session, part).state == SellerOrderState.PACKED

    def test_does_not_exist_for_other_sellers(self, login, desk, part):
        stranger = login(MembershipFactory().user)
        other = OrganisationFactory()
        own = login(MembershipFactory(organisation=other).user)

        assert stranger.get(f"{desk}/don/{part.number}").status_code == 404
        assert own.get(f"/quay/{other.code}/don/{part.number}").status_code == 404
        assert own.post(f"/quay/{other.code}/don/{part.number}/huy").status_code == 404


class TestPackingSlip:
    def test_names_recipient_goods_and_lots(self, session, browser, desk, coffee, part):
        answer = browser().get(f"{desk}/don/{part.number}/phieu.pdf")

        text = " ".join(PdfReader(BytesIO(answer.data)).pages[0].extract_text().split())
        assert answer.mimetype == "application/pdf"
        for word in (part.number, "Trần Quốc Bảo", coffee.name_vi, "LO-2610-", "330.000 ₫"):
            assert word in text.replace("\u00a0", " ")

    def test_prints_several_in_one_file(self, browser, desk, coffee, part):
        [other] = parts_of(place(coffee, payment_method=CASH))

        answer = browser().post(
            f"{desk}/don/in-phieu", data={"numbers": [part.number, other.number]}
        )

        assert len(PdfReader(BytesIO(answer.data)).pages) == 2

    def test_asks_for_a_tick(self, browser, desk):
        answer = browser().post(f"{desk}/don/in-phieu", follow_redirects=True)

        assert "Mời đánh dấu các đơn cần in phiếu" in answer.text


class TestToday:
    def test_shows_what_waits(self, browser, desk, part):
        page = browser().get(desk).text

        assert "Đơn chờ xác nhận" in page
        assert "hôm nay có 1 việc" in page

    def test_names_what_runs_out(self, session, browser, desk, coffee):
        session.scalars(
            select(LotStock).where(LotStock.product_id == coffee.id)
        ).one().held_g = 20_000
        session.flush()

        page = browser().get(desk).text

        assert "Kho sắp cạn" in page
        assert coffee.name_vi in page

    def test_does_not_exist_for_strangers(self, login, desk):
        assert login(MembershipFactory().user).get(desk).status_code == 404
