"""Lots on the desk of a cooperative."""

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from models.accounts import Role
from models.inventory import LotStock, MovementKind, StockMovement
from models.traceability import EventKind, Lot, LotEvent, LotPhoto
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.media import picture
from tests.factories.traceability import LotFactory

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def product():
    return ProductFactory(organisation=OrganisationFactory(code="CUMGAR"))


@pytest.fixture
def keeper(login, product):
    """The browser of the warehouse keeper."""
    membership = MembershipFactory(organisation=product.organisation, role=Role.WAREHOUSE)
    return login(membership.user)


def browser_of(login, organisation, role):
    return login(MembershipFactory(organisation=organisation, role=role).user)


def received(product, **changes):
    return {
        "product_id": str(product.id),
        "quantity": "46",
        "harvested_on": "2026-11-03",
        "best_before_on": "2027-05-20",
        "code": "CUMGAR-2611-001",
        **changes,
    }


class TestList:
    def test_shows_what_is_left(self, keeper, product):
        lot = LotFactory(product=product, stock__held_g=500)
        sold = LotFactory(product=product, stock=0)

        page = keeper.get("/quay/CUMGAR/lo").get_data(as_text=True)
        everything = keeper.get("/quay/CUMGAR/lo?xem=tat-ca").get_data(as_text=True)

        assert lot.code in page
        assert "19,5\u00a0kg" in page
        assert sold.code not in page
        assert sold.code in everything

    @pytest.mark.parametrize("role", [Role.SALES, Role.ACCOUNTANT])
    def test_can_be_seen_by_all_who_work_there_but_offers_them_no_receiving(
        self, login, product, role
    ):
        browser = browser_of(login, product.organisation, role)

        page = browser.get("/quay/CUMGAR/lo")

        assert page.status_code == 200
        assert "/lo/nhap" not in page.get_data(as_text=True)
        assert browser.get("/quay/CUMGAR/lo/nhap").status_code == 403

    def test_is_none_of_other_peoples_business(self, login, product):
        browser = browser_of(login, OrganisationFactory(), Role.DIRECTOR)

        assert browser.get("/quay/CUMGAR/lo").status_code == 404


class TestReceive:
    def test_comes_with_today_and_the_next_code(self, keeper, product):
        page = keeper.get(f"/quay/CUMGAR/lo/nhap?san-pham={product.id}").get_data(as_text=True)

        assert f'value="{product.id}" selected' in page
        assert 'value="CUMGAR-' in page

    def test_asks_for_the_day_by_what_the_goods_are(self, keeper, product):
        vase = ProductFactory(
            organisation=product.organisation, category=CategoryFactory(slug="thu-cong")
        )

        def asked(question=""):
            return keeper.get(f"/quay/CUMGAR/lo/nhap{question}").get_data(as_text=True)

        assert "Ngày thu hoạch hoặc sản xuất" in asked()
        assert "Ngày sản xuất" in asked(f"?san-pham={vase.id}")
        assert "Ngày sản xuất" not in asked(f"?san-pham={product.id}")
        LotFactory(product=vase, code="CUMGAR-2611-009")
        assert "<dt>Sản xuất</dt>" in keeper.get("/quay/CUMGAR/lo/CUMGAR-2611-009").get_data(
            as_text=True
        )

    def test_puts_a_lot_into_the_store_once_however_often_it_is_sent(
        self, keeper, product, session
    ):
        answers = [keeper.post("/quay/CUMGAR/lo/nhap", data=received(product)) for _ in range(2)]

        assert [answer.headers["Location"] for answer in answers] == [
            "/quay/CUMGAR/lo/CUMGAR-2611-001"
        ] * 2
        assert session.scalar(select(func.sum(LotStock.on_hand_g))) == 46_000

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, keeper, product, session):
        answer = keeper.post(
            "/quay/CUMGAR/lo/nhap",
            data=received(product, harvested_on="2099-01-01", quantity="12,5"),
        )

        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert "Ngày thu hoạch không thể ở tương lai" in page
        assert 'value="12,5"' in page
        assert session.scalar(select(func.count(Lot.id))) == 0

    def test_offers_the_next_code_when_somebody_was_faster(self, keeper, product):
        LotFactory(product=product, code="CUMGAR-2611-001")

        answer = keeper.post("/quay/CUMGAR/lo/nhap", data=received(product))

        assert answer.status_code == 422
        assert "đã dùng cho lô khác" in answer.get_data(as_text=True)

    def test_needs_a_product(self, login):
        organisation = OrganisationFactory(code="MOI")

        page = browser_of(login, organisation, Role.DIRECTOR).get("/quay/MOI/lo/nhap")

        assert "Hãy tạo sản phẩm trước" in page.get_data(as_text=True)


class TestLot:
    def test_shows_the_plot_the_stock_and_the_code_to_print(self, keeper, product):
        lot = LotFactory(product=product, plot_name="Thửa 17")

        page = keeper.get(f"/quay/CUMGAR/lo/{lot.code}")

        text = page.get_data(as_text=True)
        assert page.status_code == 200
        for told in ("Thửa 17", "20\u00a0kg", "<svg", f"/t/{lot.code}"):
            assert told in text

    def test_of_somebody_else_does_not_exist(self, keeper):
        lot = LotFactory()

        assert keeper.get(f"/quay/CUMGAR/lo/{lot.code}").status_code == 404
        assert keeper.post(f"/quay/CUMGAR/lo/{lot.code}/viec").status_code == 404

    def test_takes_down_what_was_done(self, keeper, product, session):
        lot = LotFactory(product=product)

        answer = keeper.post(
            f"/quay/CUMGAR/lo/{lot.code}/viec",
            data={"kind": "dried", "happened_on": "2026-10-15", "title_vi": "Phơi giàn"},
        )

        assert answer.status_code == 303
        [event] = session.scalars(select(LotEvent))
        assert (event.kind, event.title_vi) == (EventKind.DRIED, "Phơi giàn")

    def test_refuses_what_has_not_been_done_yet(self, keeper, product, session):
        lot = LotFactory(product=product)

        answer = keeper.post(
            f"/quay/CUMGAR/lo/{lot.code}/viec",
            data={"kind": "dried", "happened_on": "2099-10-15", "title_vi": "Phơi giàn"},
        )

        assert answer.status_code == 422
        assert session.scalar(select(func.count(LotEvent.id))) == 0

    def test_takes_pictures(self, keeper, product, session):
        lot = LotFactory(product=product)

        answer = keeper.post(
            f"/quay/CUMGAR/lo/{lot.code}/anh",
            data={"file": (io.BytesIO(picture()), "san-phoi.jpg")},
        )

        assert answer.status_code == 303
        assert session.scalar(select(func.count(LotPhoto.id))) == 1

    def test_refuses_what_is_no_picture(self, keeper, product):
        lot = LotFactory(product=product)

        answer = keeper.post(
            f"/quay/CUMGAR/lo/{lot.code}/anh", data={"file": (io.BytesIO(b"x"), "x.jpg")}
        )

        assert answer.status_code == 422

    @pytest.mark.parametrize("page", ["viec", "anh", "kho"])
    def test_is_changed_by_nobody_but_the_keeper_and_the_director(self, login, product, page):
        lot = LotFactory(product=product)
        browser = browser_of(login, product.organisation, Role.SALES)

        assert browser.post(f"/quay/CUMGAR/lo/{lot.code}/{page}").status_code == 403


class TestCount:
    def count(self, keeper, lot, **changes):
        data = {
            "counted": "18,5",
            "cause": "lost",
            "reason": "Chuột cắn",
            "seen_g": "20000",
            "key": "mot-lan",
            **changes,
        }
        return keeper.post(f"/quay/CUMGAR/lo/{lot.code}/kho", data=data)

    def test_brings_the_book_in_line_with_the_scales_once(self, keeper, product, session):
        lot = LotFactory(product=product)

        answers = [self.count(keeper, lot).status_code for _ in range(2)]

        session.expire_all()
        assert answers == [303, 303]
        assert session.get_one(LotStock, lot.id).on_hand_g == 18_500
        lost = session.scalars(
            select(StockMovement).where(StockMovement.kind == MovementKind.LOST)
        ).one()
        assert (lost.grams, lost.reason) == (-1_500, "Chuột cắn")

    def test_leaves_alone_what_was_sold_since_the_page_was_opened(self, keeper, product, session):
        lot = LotFactory(product=product, stock=19_000)

        self.count(keeper, lot)

        session.expire_all()
        assert session.get_one(LotStock, lot.id).on_hand_g == 17_500

    def test_does_not_take_what_buyers_have_ordered(self, keeper, product, session):
        lot = LotFactory(product=product, stock__held_g=19_000)

        answer = self.count(keeper, lot)

        session.expire_all()
        assert answer.status_code == 422
        assert session.get_one(LotStock, lot.id).on_hand_g == 20_000

    def test_needs_a_reason(self, keeper, product):
        assert self.count(keeper, LotFactory(product=product), reason="").status_code == 422


class TestLabels:
    @pytest.mark.parametrize(("paper", "count", "pages"), [("a4", 37, 2), ("50x30", 3, 3)])
    def test_fill_sheets_or_a_roll(self, keeper, product, paper, count, pages):
        lot = LotFactory(product=product)

        answer = keeper.get(f"/quay/CUMGAR/lo/{lot.code}/tem.pdf?paper={paper}&count={count}")

        document = PdfReader(io.BytesIO(answer.data))
        assert answer.mimetype == "application/pdf"
        assert len(document.pages) == pages
        assert lot.code in document.pages[0].extract_text()

    def test_are_printed_by_the_hundred_at_most(self, keeper, product):
        lot = LotFactory(product=product)

        answer = keeper.get(f"/quay/CUMGAR/lo/{lot.code}/tem.pdf?paper=a4&count=100000")

        assert answer.status_code == 422
