"""The pages of goods that arrive: the form at unloading, disputes, returns."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.contracts.acceptance.access import lines_of
from marketplace.kernel.clock import business_day, now
from models.accounts import Organisation, Role
from models.deliveries import DeliveryDispute, DeliveryReturn, DeliveryState
from models.inventory import LotStock
from models.media import MediaFile
from tests.factories.accounts import MembershipFactory, UserFactory
from tests.factories.contracts import DeliveryFactory
from tests.factories.media import picture
from tests.integration.contracts.arrivals import contract_of, underway

TONNE = 1_000_000


@pytest.fixture
def delivery(session):
    """Underway since two hours ago, one lot of 5 t R1."""
    found = underway(1)
    found.shipped_at = now() - timedelta(hours=2)
    found.accept_by_at = now() + timedelta(hours=46)
    session.flush()
    return found


class Desk:
    """Somebody at their desk, before one delivery."""

    def __init__(self, login, session, delivery, *, side, role):
        contract = contract_of(delivery)
        organisation = session.get_one(
            Organisation, contract.buyer_id if side == "buyer" else contract.seller_id
        )
        user = UserFactory(full_name="Lê Văn Kho")
        MembershipFactory(organisation=organisation, role=role, user=user)
        self.browser = login(user)
        self.here = f"/hop-dong/{organisation.code}/{contract.number}/giao-hang/{delivery.number}"

    def get(self, step, lang=""):
        return self.browser.get(f"{lang}{self.here}/{step}")

    def post(self, step, lang="", **form):
        return self.browser.post(f"{lang}{self.here}/{step}", data=form)


@pytest.fixture
def desk(login, session, delivery):
    def at(side="buyer", role=Role.BUYER, of=None):
        return Desk(login, session, of or delivery, side=side, role=role)

    return at


def words(page):
    """A page with plain spaces."""
    return page.text.replace("\N{NO-BREAK SPACE}", " ")


def line_of(delivery):
    return lines_of(delivery.id)[0]


def form_of(delivery, **first):
    line = line_of(delivery)
    said = {"outcome": "full", "moisture": "12,5"} | first
    return {
        "arrived_on": business_day(now()).isoformat(),
        "handed_by": "Y Bhăm",
        "received_by": "Lê Văn Kho",
    } | {f"{part}_{line.id}": value for part, value in said.items()}


LESS = {
    "outcome": "other",
    "accepted": "3.000",
    "rejected": "1.500",
    "grade": "R2",
    "reason": "Bao ướt",
}


def accept(desk, delivery, **first):
    return desk().post("nhan-hang", **form_of(delivery, **first))


class TestTheFormAtUnloading:
    def test_is_filled_in_with_what_was_sent(self, desk, delivery):
        page = desk().get("nhan-hang")

        assert page.status_code == 200
        assert f"Lô {line_of(delivery).lot_code}" in page.text
        assert "5 tấn" in words(page)
        assert 'value="Y Bhăm"' in page.text
        assert 'value="Lê Văn Kho"' in page.text
        assert 'capture="environment"' in page.text

    def test_takes_everything(self, session, desk, delivery):
        answer = accept(desk, delivery)

        assert answer.status_code == 303
        session.refresh(delivery)
        assert delivery.state == DeliveryState.ACCEPTED
        page = desk().get("nhan-hang")
        assert "Đủ, đúng loại" in page.text
        assert "5.000 kg × 120.000 ₫/kg = 600.000.000 ₫" in words(page)

    def test_takes_less_with_a_photo_that_both_sides_see(self, session, desk, delivery):
        photo = (io.BytesIO(picture()), "thieu.jpg")

        assert accept(desk, delivery, **LESS, photo=photo).status_code == 303

        line = line_of(delivery)
        assert (line.accepted_g, line.short_g, line.rejected_g) == (
            3 * TONNE,
            TONNE // 2,
            3 * TONNE // 2,
        )
        seller = desk("seller", Role.SALES)
        page = seller.get("nhan-hang")
        for each in ("Thiếu", "Đổi loại", "Trả lại", "Bao ướt", "348.000.000 ₫"):
            assert each in words(page)
        answer = seller.get(f"anh/{line.photo_id}")
        assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
        assert seller.get(f"anh/{line.photo_id + 1}").status_code == 404

    def test_a_refused_form_keeps_what_was_typed_and_the_photo(self, session, desk, delivery):
        photo = (io.BytesIO(picture()), "thieu.jpg")
        typed = LESS | {"reason": "", "photo": photo}

        page = accept(desk, delivery, **typed)

        assert page.status_code == 422
        assert "ghi lý do vì sao nhận thiếu" in page.text
        assert 'value="3.000"' in page.text
        kept = session.scalars(select(MediaFile).where(MediaFile.kind == "paper")).one()
        assert f'value="{kept.id}"' in page.text
        again = accept(desk, delivery, **LESS, kept=str(kept.id))
        assert again.status_code == 303
        assert line_of(delivery).photo_id == kept.id

    @pytest.mark.parametrize(
        ("said", "sentence"),
        [
            ({"outcome": "other", "accepted": "5.001"}, "nhiều hơn số đã gửi"),
            ({"moisture": ""}, "ghi độ ẩm đo được"),
            ({"moisture": "100"}, "ghi độ ẩm đo được"),
            ({"outcome": ""}, "Mời bạn điền ô này"),
            ({"photo": (io.BytesIO(b"no photo"), "a.jpg")}, "422"),
        ],
    )
    def test_says_what_is_wrong(self, session, desk, delivery, said, sentence):
        page = accept(desk, delivery, **said)

        assert page.status_code == 422
        assert sentence == "422" or sentence in page.text
        session.refresh(delivery)
        assert delivery.state == DeliveryState.SHIPPED

    def test_names_both_people(self, desk, delivery):
        form = form_of(delivery) | {"handed_by": "", "received_by": " "}

        page = desk().post("nhan-hang", **form)

        assert page.status_code == 422
        assert page.text.count("Mời bạn điền ô này") >= 2

    def test_reads_in_english(self, desk, delivery):
        page = desk().get("nhan-hang", lang="/en")

        assert page.status_code == 200
        assert "Receive goods" in page.text
        answer = desk().post("nhan-hang", lang="/en", **form_of(delivery, moisture="12.5"))
        assert answer.status_code == 303

    def test_is_not_for_the_seller_nor_the_accountant(self, session, desk, delivery):
        for side, role in (("seller", Role.DIRECTOR), ("buyer", Role.ACCOUNTANT)):
            of = desk(side, role)
            page = of.get("nhan-hang")
            assert page.status_code == 200
            assert "Ghi kết quả nhận hàng" not in page.text
            assert of.post("nhan-hang", **form_of(delivery)).status_code == 403
        session.refresh(delivery)
        assert delivery.state == DeliveryState.SHIPPED

    def test_somebody_else_s_delivery_is_not_there(self, session, desk, delivery):
        own = desk()
        other = underway(1)

        assert (
            own.browser.get(
                f"{own.here[: -len(delivery.number)]}{other.number}/nhan-hang"
            ).status_code
            == 404
        )

    def test_after_the_deadline_nothing_is_asked(self, session, desk, delivery):
        delivery.accept_by_at = now() - timedelta(minutes=1)
        session.flush()

        assert "Hạn:" in desk().get("nhan-hang").text
        late = accept(desk, delivery)
        assert late.status_code == 422
        assert "Đã quá hạn nhận hàng" in late.text

    def test_before_goods_are_sent_there_is_nothing(self, session, desk, delivery):
        planned = DeliveryFactory(contract=contract_of(delivery))

        assert "Chưa có hàng để nhận" in desk(of=planned).get("nhan-hang").text


class TestDisputes:
    def test_is_opened_by_one_and_settled_by_the_same(self, session, desk, delivery):
        buyer = desk()
        assert "Đồng hồ nhận hàng dừng lại" in buyer.get("khieu-nai").text
        assert buyer.post("khieu-nai", text="Thiếu giấy kiểm nghiệm").status_code == 303
        assert "đồng hồ dừng" in buyer.get("nhan-hang").text
        seller = desk("seller", Role.SALES)
        page = seller.get("khieu-nai")
        assert "Thiếu giấy kiểm nghiệm" in page.text
        assert "Ghi đã giải quyết xong" not in page.text
        assert seller.post("khieu-nai", text="Có giấy").status_code == 422
        assert seller.post("khieu-nai/xong", text="Xong").status_code == 403

        assert desk().post("khieu-nai/xong", text="").status_code == 422
        assert desk().post("khieu-nai/xong", text="Đã gửi giấy").status_code == 303

        dispute = session.scalars(select(DeliveryDispute)).one()
        assert dispute.resolution == "Đã gửi giấy"
        assert desk().post("khieu-nai/xong", text="Nữa").status_code == 422
        assert "Đã giải quyết" in desk("seller", Role.WAREHOUSE).get("khieu-nai").text

    def test_of_nothing(self, desk, delivery):
        planned = DeliveryFactory(contract=contract_of(delivery))

        assert "Không có khiếu nại nào" in desk(of=planned).get("khieu-nai").text


class TestReturns:
    def test_go_back_into_the_store(self, session, desk, delivery):
        accept(desk, delivery, **LESS)
        assert "Đã nhận lại, nhập kho" not in desk().get("tra-lai").text
        keeper, line_id = desk("seller", Role.WAREHOUSE), line_of(delivery).id
        assert "Đã nhận lại, nhập kho" in keeper.get("tra-lai").text

        assert keeper.post(f"tra-lai/{line_id}").status_code == 303

        assert session.scalar(select(LotStock.on_hand_g)) == 20_000 + 3 * TONNE // 2
        assert "Đã nhập kho lại" in keeper.get("tra-lai").text
        assert desk().post(f"tra-lai/{line_id}").status_code == 403

    def test_or_are_written_off_with_a_reason(self, session, desk, delivery):
        accept(desk, delivery, **LESS)
        keeper, line_id = desk("seller", Role.WAREHOUSE), line_of(delivery).id

        page = keeper.post(f"tra-lai/{line_id}/bo", reason=" ")
        assert page.status_code == 422
        assert page.text.count("Ghi lý do vì sao hàng trả lại không nhập kho được.") == 2
        assert keeper.post(f"tra-lai/{line_id}/bo", reason="Mốc hết").status_code == 303

        assert session.scalars(select(DeliveryReturn.reason)).one() == "Mốc hết"
        assert "Mốc hết" in desk().get("tra-lai").text

    def test_of_another_delivery_are_not_there(self, desk, delivery):
        other = underway(1)
        keeper = desk("seller", Role.WAREHOUSE)

        assert keeper.post(f"tra-lai/{line_of(other).id}").status_code == 404
        assert keeper.post(f"tra-lai/{line_of(other).id}/bo", reason="x").status_code == 404
        assert "Không có hàng trả lại" in keeper.get("tra-lai").text
