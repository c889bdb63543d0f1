"""The pages of quotes: a seller writes, a cooperative agrees, a buyer opens, compares, chooses."""

from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook

from marketplace.kernel.clock import business_day, now
from models.accounts import User
from models.supply import Supply
from tests.factories.certification import CertificateFactory
from tests.factories.contracts import ContractFactory, DeliveryFactory, DeliveryLineFactory
from tests.factories.quotes import (
    PRICE,
    joint_offer,
    offer_of,
    opened,
    scene,
    seller_with_supply,
    send,
    with_union,
    write_joint,
)
from tests.factories.requests import FEBRUARY, JANUARY

SHOWN = "61.357"


@pytest.fixture
def made(session):
    """A request that is open today and closes in a week."""
    return with_union(
        scene(
            closes_at=now() + timedelta(days=7),
            published_at=now() - timedelta(days=1),
            schemes=["VIETGAP_CROP"],
        )
    )


@pytest.fixture
def enter(session, login):
    def sign_in(actor):
        return login(session.get_one(User, actor.user_id))

    return sign_in


def of_seller(made, seller):
    return f"/quay/{seller.organisation.code}/yeu-cau/{made.request.number}/bao-gia"


def of_buyer(made, step="bao-gia"):
    return f"/mua-hang/{made.buyers.code}/yeu-cau/{made.request.number}/{step}"


def typed(seller, **changes):
    values = {
        "product": f"{seller.product.id}|",
        "volume_2027_01": "15.000",
        "volume_2027_02": "10.000",
        "kind": "fixed",
        "price": "61.357",
        "fee": "500",
        "payment_days": "30",
        "valid_until": (now() + timedelta(days=40)).date().isoformat(),
        "deviation_limit_1": "Độ ẩm 13 %",
        "act": "send",
    }
    return {**values, **changes}


def closed(made, session):
    """Let the closing pass."""
    made.request.closes_at = now() - timedelta(minutes=1)
    session.flush()
    return made


class TestASeller:
    def test_writes_sends_and_reads_its_own(self, made, enter):
        seller = made.sellers[0]
        browser, here = enter(seller.actor), of_seller(made, seller)
        assert "Soạn báo giá" in browser.get(here).text

        answer = browser.post(here, data=typed(seller))

        assert (answer.status_code, answer.location) == (303, here)
        page = browser.get(here).text
        assert "niêm phong" in page
        assert SHOWN in page
        assert "Độ ẩm 13" in page
        assert made.request.title in browser.get(f"/quay/{seller.organisation.code}/bao-gia").text
        assert SHOWN not in browser.get(f"/quay/{seller.organisation.code}/bao-gia").text

    def test_sees_what_a_revision_changed(self, made, enter):
        seller = made.sellers[0]
        browser, here = enter(seller.actor), of_seller(made, seller)
        browser.post(here, data=typed(seller))
        browser.post(here, data=typed(seller, price="60.000"))
        page = unescape(browser.get(here).text)
        assert "<del>61.357" in page
        assert "<ins>60.000" in page

    def test_keeps_a_draft(self, made, enter):
        seller = made.sellers[0]
        browser, here = enter(seller.actor), of_seller(made, seller)
        browser.post(here, data=typed(seller, act="draft", valid_until=""))
        page = browser.get(here).text
        assert "Đang soạn" in page
        assert 'value="61.357"' in page

    def test_gets_what_was_typed_back(self, made, enter):
        seller = made.sellers[0]
        answer = enter(seller.actor).post(
            of_seller(made, seller), data=typed(seller, valid_until="", note="Giao hai đợt")
        )
        assert answer.status_code == 422
        assert "Báo giá phải còn hiệu lực khi được mở" in answer.text
        assert "Giao hai đợt" in answer.text

    def test_is_told_which_month_is_short(self, made, enter, session):
        seller = made.sellers[0]
        for row in session.query(Supply).filter_by(product_id=seller.product.id, month=FEBRUARY):
            row.forecast_g = 9_000_000
        session.flush()
        answer = enter(seller.actor).post(of_seller(made, seller), data=typed(seller))
        assert answer.status_code == 422
        assert "2/2027" in answer.text.partition("errsum")[2].partition("</div>")[0]
        assert f"/quay/{seller.organisation.code}/du-bao" in answer.text

    def test_withdraws(self, made, enter):
        seller = made.sellers[0]
        browser, here = enter(seller.actor), of_seller(made, seller)
        browser.post(here, data=typed(seller))
        assert browser.post(f"{here}/rut").status_code == 303
        assert "Soạn báo giá" in browser.get(here).text

    def test_comes_too_late(self, made, enter, session):
        seller = made.sellers[0]
        closed(made, session)
        answer = enter(seller.actor).post(of_seller(made, seller), data=typed(seller))
        assert answer.status_code == 422
        assert "đã đóng" in answer.text


class TestAUnion:
    def test_shares_and_asks(self, made, enter):
        union, (first, second) = made.union, made.members
        browser, here = enter(union.actor), of_seller(made, union)
        assert "Báo giá chung" in browser.get(here).text
        data = {
            f"product_{first.organisation.id}": f"{first.product.id}|",
            f"share_{first.organisation.id}_2027_01": "8.000",
            f"product_{second.organisation.id}": f"{second.product.id}|",
            f"share_{second.organisation.id}_2027_01": "4.000",
            "kind": "fixed",
            "price": "61.357",
            "valid_until": (now() + timedelta(days=40)).date().isoformat(),
            "act": "draft",
        }
        assert browser.post(f"{here}?chung=1", data=data).status_code == 303
        page = browser.get(here).text
        assert page.count("Chờ trả lời") >= 2
        assert "Gửi báo giá chung" not in page
        browser.post(f"{here}/gui")
        assert "còn chờ đồng ý" in browser.get(here).text

    def test_sends_when_all_have_agreed(self, made, enter):
        quote = write_joint(made, joint_offer(made), now())
        for member in made.members:
            browser = enter(member.actor)
            here = f"/quay/{member.organisation.code}/bao-gia/chung/{quote.number}"
            page = browser.get(here).text
            assert SHOWN in page
            seen = page.partition('name="seen" value="')[2].partition('"')[0]
            assert browser.post(here, data={"answer": "agree", "seen": seen}).status_code == 303
            assert "Đã đồng ý" in browser.get(here).text
        browser, here = enter(made.union.actor), of_seller(made, made.union)
        assert "Gửi báo giá chung" in browser.get(here).text
        browser.post(f"{here}/gui")
        assert "niêm phong" in browser.get(here).text


class TestABuyer:
    @pytest.fixture
    def quoted(self, made, session):
        for number, seller in enumerate(made.sellers):
            send(
                made,
                seller,
                offer_of(seller, PRICE + 1000 * number, deviations={"limit:1": "Độ ẩm 13 %"}),
                now(),
            )
            if not number:
                CertificateFactory(organisation=seller.organisation, products=[seller.product])
        return made

    def test_reads_a_count_alone_before_the_opening(self, quoted, enter):
        browser = enter(quoted.buyer)
        page = browser.get(of_buyer(quoted)).text
        assert "Đã có 2 báo giá" in page
        assert SHOWN not in page
        assert "Mở tất cả báo giá" not in page
        browser.post(of_buyer(quoted, "bao-gia/mo"))
        assert "Chưa tới giờ đóng" in browser.get(of_buyer(quoted)).text
        assert quoted.request.state == "open"

    def test_opens_and_compares(self, quoted, enter, session):
        closed(quoted, session)
        browser = enter(quoted.buyer)
        assert "Mở tất cả báo giá" in browser.get(of_buyer(quoted)).text
        assert browser.post(of_buyer(quoted, "bao-gia/mo")).status_code == 303
        assert browser.post(of_buyer(quoted, "bao-gia/mo")).status_code == 303
        page = unescape(browser.get(of_buyer(quoted)).text)
        assert "62.257" in page  # (61,857 × 15 + 62,857 × 10) / 25
        assert "Độ ẩm không quá 12,5 %: Độ ẩm 13 %" in page
        first, second = (seller.organisation.short_name for seller in quoted.sellers)
        assert page.index(first) < page.index(second)

    def test_reads_how_contracts_were_kept(self, quoted, enter, session):
        seller = quoted.sellers[0]
        contract = ContractFactory(product=seller.product)
        yesterday = business_day(now()) - timedelta(days=1)
        for arrived_on in [yesterday] * 9 + [yesterday + timedelta(days=1)]:
            delivery = DeliveryFactory(
                contract=contract,
                accepted=True,
                due_from=yesterday,
                due_on=yesterday,
                arrived_on=arrived_on,
            )
            DeliveryLineFactory(delivery=delivery, accepted_g=4_000_000, short_g=1_000_000)
        opened(closed(quoted, session), now())
        page = enter(quoted.buyer).get(of_buyer(quoted)).text

        assert "tới nơi đúng hẹn 90\N{NO-BREAK SPACE}%" in page
        assert "nhận 80\N{NO-BREAK SPACE}% theo cân nặng" in page
        assert "giữ giá 100\N{NO-BREAK SPACE}%" in page
        assert "chưa đủ lần giao để tính" in page  # the other seller

    def test_hides_columns_and_what_is_the_same(self, quoted, enter, session):
        opened(closed(quoted, session), now())
        browser = enter(quoted.buyer)
        whole = browser.get(of_buyer(quoted)).text
        assert "Thanh toán</th>" in whole
        different = browser.get(of_buyer(quoted) + "?khac=1").text
        assert "Thanh toán</th>" not in different
        number = whole.partition("&amp;an=")[2].partition('"')[0]
        hidden = browser.get(of_buyer(quoted) + f"?an={number}").text
        assert f"Hiện lại {number}" in hidden

    def test_takes_it_as_a_workbook(self, quoted, enter, session):
        browser = enter(quoted.buyer)
        sealed = browser.get(of_buyer(quoted, "bao-gia.xlsx")).data
        opened(closed(quoted, session), now())
        told = browser.get(of_buyer(quoted, "bao-gia.xlsx")).data

        def cells(data):
            return [
                cell
                for sheet in load_workbook(BytesIO(data))
                for row in sheet.iter_rows(values_only=True)
                for cell in row
            ]

        assert PRICE not in cells(sealed)
        assert {PRICE, PRICE + 500, 62_257} <= set(cells(told))

    def test_asks_for_a_better_offer_and_reads_it_at_once(self, quoted, enter, session):
        opened(closed(quoted, session), now())
        seller = quoted.sellers[0]
        browser = enter(quoted.buyer)
        page = browser.post(of_buyer(quoted, "bao-gia/hoi-them"), data={"text": ""})
        assert page.status_code == 422
        browser.post(of_buyer(quoted, "bao-gia/hoi-them"), data={"text": "Bớt được không?"})
        assert "Bớt được không?" in enter(seller.actor).get(of_seller(quoted, seller)).text
        sent = enter(seller.actor).post(
            of_seller(quoted, seller), data=typed(seller, price="59.000")
        )
        assert sent.status_code == 303
        page = unescape(enter(quoted.buyer).get(of_buyer(quoted)).text)
        assert "<del>61.357" in page
        assert "<ins>59.000" in page

    def test_chooses_once_with_reasons(self, quoted, enter, session):
        opened(closed(quoted, session), now())
        browser = enter(quoted.buyer)
        page = browser.get(of_buyer(quoted, "chon")).text
        names = [
            part.partition('"')[0]
            for part in page.split('name="')[1:]
            if part.startswith("BG") and part.partition('"')[0].endswith("2027_01")
        ]
        data = {names[0]: "15.000", names[1]: "5.000"}
        bare = browser.post(of_buyer(quoted, "chon"), data=data)
        assert bare.status_code == 422
        assert "Ghi lý do chọn" in bare.text
        assert 'value="15.000"' in bare.text
        data["reason"] = "Giá tốt, đủ hàng"
        lacking = browser.post(of_buyer(quoted, "chon"), data=data)
        assert lacking.status_code == 422
        assert "thiếu chứng nhận bắt buộc" in lacking.text
        data["certificate_reason"] = "Đang cấp lại"
        assert browser.post(of_buyer(quoted, "chon"), data=data).status_code == 303
        told = unescape(browser.get(of_buyer(quoted, "chon")).text)
        assert "Giá tốt, đủ hàng" in told
        assert "20\u00a0tấn" in told
        assert "Đang cấp lại" in told
        again = browser.post(of_buyer(quoted, "chon"), data=data)
        assert again.status_code == 422
        assert "chọn một lần" in again.text


class TestManyQuotes:
    def test_take_as_many_statements_as_two(self, made, enter, session, statements):
        def sent():
            browser.get(of_buyer(made))
            with statements() as recorded:
                assert browser.get(of_buyer(made)).status_code == 200
            return len(recorded)

        for seller in made.sellers:
            send(made, seller, offer_of(seller), now())
        opened(closed(made, session), now())
        browser = enter(made.buyer)
        few = sent()
        more = with_union(scene(closes_at=now() + timedelta(days=7)))
        for _ in range(4):
            seller = seller_with_supply()
            send(more, seller, offer_of(seller, deviations={}), now())
        made = opened(closed(more, session), now())
        browser = enter(made.buyer)
        assert sent() == few
        assert JANUARY < FEBRUARY
