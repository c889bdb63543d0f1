"""The operator's desk through the browser: from a statement to the last đồng paid out."""

from io import BytesIO

import pytest
from sqlalchemy import func, select

from marketplace.kernel.clock import now
from marketplace.ledger import queries as books
from marketplace.platform import database
from marketplace.workflows import expiry, fulfilment
from models.accounts import Organisation, Role
from models.ledger import LedgerEntry
from models.orders import OrderState, PaymentMethod
from models.payments import (
    BankLine,
    BankLineOutcome,
    CashState,
    PaymentState,
    Payout,
    Refund,
    RefundState,
)
from models.platform import AuditEvent
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member_of
from tests.factories.orders import parts_of, place, product_in_stock
from tests.factories.payments import (
    cash_of,
    csv_of,
    line_of,
    pay,
    payment_of,
    row,
    unknown_line,
)
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

TOTAL, SHARE = 185_000, 177_750
"""A pack of 145.000 and 40.000 delivery; of it 5 % of the pack are the market's."""


@pytest.fixture
def desk(login, session):
    """The browser of somebody of the operator."""
    operator = OrganisationFactory(operator=True)
    return login(MembershipFactory(organisation=operator, role=Role.OPERATOR).user)


@pytest.fixture
def order(session):
    return place(product_in_stock())


@pytest.fixture(autouse=True)
def _nothing_is_broken(session):
    yield
    assert broken(session) == {}


def html(response):
    return response.get_data(as_text=True).replace("\u00a0", " ")


def send_file(desk, text, encoding="utf-8"):
    file = (BytesIO(text.encode(encoding)), "sao-ke-22-11.csv")
    return desk.post(
        "/van-hanh/sao-ke", data={"statement": file}, content_type="multipart/form-data"
    )


def delivered(order):
    """The one part of an order, at its buyer's door."""
    [part] = parts_of(order)
    organisation = part.organisation_id
    actor = member_of(_seller(organisation))
    for step in (fulfilment.confirm_order, fulfilment.pack_order):
        step(actor=actor, seller_order_id=part.id, at=MONDAY)
    fulfilment.hand_over_order(
        actor=actor, seller_order_id=part.id, carrier="Viettel Post", at=MONDAY
    )
    fulfilment.deliver_order(actor=actor, seller_order_id=part.id, at=TUESDAY)
    return part


def _seller(organisation_id):
    return database.session.get_one(Organisation, organisation_id)


PAGES = ["", "/sao-ke", "/thanh-toan", "/hoan-tien", "/cod", "/chi-tra"]


class TestAccess:
    @pytest.mark.parametrize("page", PAGES)
    def test_shows_every_page_to_the_operator_in_both_languages(self, desk, page):
        assert desk.get(f"/van-hanh{page}").status_code == 200
        assert desk.get(f"/en/van-hanh{page}").status_code == 200

    @pytest.mark.parametrize("page", PAGES)
    def test_hides_every_page_from_a_director(self, login, page):
        browser = login(MembershipFactory().user)

        assert browser.get(f"/van-hanh{page}").status_code == 404

    def test_hides_what_changes_money_from_a_director(self, login, session, order):
        line = unknown_line(TOTAL)
        browser = login(MembershipFactory().user)

        answers = [
            send_file(browser, csv_of(row(1_000, "x"))),
            browser.post(
                f"/van-hanh/sao-ke/dong/{line.id}/gan",
                data={"order": order.number, "reason": "x"},
            ),
            browser.post(f"/van-hanh/sao-ke/dong/{line.id}/tra-lai", data={"reason": "x"}),
        ]

        assert [answer.status_code for answer in answers] == [404, 404, 404]
        assert line.resolved_at is None


class TestImport:
    def test_pays_the_order_that_a_line_names(self, desk, session, order):
        reference = payment_of(order).reference
        text = csv_of(row(TOTAL, f"MBVCB.{reference} ck"), row(-5_000, "phi"))

        answer = send_file(desk, text)

        assert answer.status_code == 303
        session.refresh(order)
        assert (payment_of(order).state, order.state) == (PaymentState.PAID, OrderState.OPEN)
        page = html(desk.get(answer.location))
        assert "sao-ke-22-11.csv" in page
        assert order.number in page
        assert "185.000 ₫" in page

    def test_twice_changes_nothing(self, desk, session, order):
        text = csv_of(row(TOTAL, payment_of(order).reference))
        send_file(desk, text)

        answer = send_file(desk, text, encoding="utf-16")

        assert answer.status_code == 303
        assert "Mọi dòng của tệp này đã có trong sổ" in html(desk.get(answer.location))
        assert payment_of(order).received_minor == TOTAL
        assert session.scalar(select(func.count()).select_from(BankLine)) == 1

    def test_names_what_cannot_be_read_and_takes_nothing_in(self, desk, session, order):
        text = csv_of(row(TOTAL, payment_of(order).reference)) + "hôm qua;FT9;;nhiều;x\n"

        answer = send_file(desk, text)

        page = html(answer)
        assert answer.status_code == 422
        assert "Có 2 chỗ không đọc được. Chưa dòng nào được nhập." in page
        assert "<td>hôm qua</td>" in page
        assert session.scalar(select(func.count()).select_from(BankLine)) == 0

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("ten,tuoi\nHoa,31\n", "Không tìm thấy dòng tiêu đề"),
            ("Ngày;Ghi có;Nội dung\n", "Tệp không có giao dịch nào."),
            (
                'Ngày;Ghi có;Nội dung\n22/11/2026;1.000;"x\n22/11/2026;2.000;y\n',
                "Dòng 2 có dấu ngoặc kép mở mà không đóng.",
            ),
        ],
    )
    def test_says_what_is_no_statement(self, desk, order, content, message):
        answer = send_file(desk, content)

        assert answer.status_code == 422
        assert message in html(answer)

    def test_asks_for_a_file(self, desk):
        assert desk.post("/van-hanh/sao-ke", data={}).status_code == 422

    def test_offers_a_sample_that_it_can_read(self, desk, order):
        sample = desk.get("/van-hanh/sao-ke/mau.csv")

        answer = send_file(desk, sample.data.decode("utf-8"))

        assert answer.status_code == 303

    def test_finds_lines_again(self, desk, session, order):
        unknown_line(50_000, "tien ca phe")
        unknown_line(60_000, "tien mat ong")

        page = html(desk.get("/van-hanh/sao-ke?loai=open&q=mat+ong"))

        assert "tien mat ong" in page
        assert "tien ca phe" not in page


class TestLine:
    def test_offers_the_orders_that_wait_for_that_sum(self, desk, order):
        line = unknown_line(TOTAL)

        page = html(desk.get(f"/van-hanh/sao-ke/dong/{line.id}"))

        assert order.number in page
        assert "Gắn 185.000 ₫ vào đơn này" in page

    def test_goes_to_the_order_that_a_person_names(self, desk, session, order):
        line = unknown_line(TOTAL)

        answer = desk.post(
            f"/van-hanh/sao-ke/dong/{line.id}/gan",
            data={"order": order.number, "reason": "Khách gọi điện"},
        )

        assert answer.status_code == 303
        assert payment_of(order).state == PaymentState.PAID
        [event] = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "payments.resolve_line")
        )
        assert (event.reason, event.after["payment_id"]) == (
            "Khách gọi điện",
            payment_of(order).id,
        )

    def test_stays_when_the_order_is_unknown(self, desk, order):
        line = unknown_line(TOTAL)

        answer = desk.post(
            f"/van-hanh/sao-ke/dong/{line.id}/gan",
            data={"order": "CM261101-XXXXX", "reason": "Khách gọi điện"},
        )

        assert answer.status_code == 422
        assert "Không có đơn chuyển khoản nào mang mã này." in html(answer)
        assert 'value="CM261101-XXXXX"' in html(answer)
        assert line_of(line.description).outcome == BankLineOutcome.UNKNOWN

    def test_becomes_a_refund(self, desk, session, order):
        line = unknown_line(70_000)

        answer = desk.post(
            f"/van-hanh/sao-ke/dong/{line.id}/tra-lai", data={"reason": "Chuyển nhầm"}
        )

        [refund] = session.scalars(select(Refund))
        assert answer.location.endswith(f"/van-hanh/hoan-tien/{refund.id}")
        assert (refund.bank_line_id, refund.state) == (line.id, RefundState.DUE)

    def test_needs_a_reason(self, desk, session, order):
        line = unknown_line(70_000)

        answer = desk.post(f"/van-hanh/sao-ke/dong/{line.id}/tra-lai", data={"reason": " "})

        assert answer.status_code == 422
        assert session.scalar(select(func.count()).select_from(Refund)) == 0

    def test_that_does_not_exist_is_not_found(self, desk):
        assert desk.get("/van-hanh/sao-ke/dong/999999").status_code == 404


class TestPayments:
    @pytest.mark.parametrize("what", ["number", "reference", "phone", "bank"])
    def test_are_found_by_all_that_people_say_on_the_telephone(self, desk, order, what):
        line = pay(order, TOTAL)
        wanted = {
            "number": order.number.lower(),
            "reference": payment_of(order).reference,
            "phone": "678",
            "bank": line.bank_reference,
        }[what]

        page = html(desk.get(f"/van-hanh/thanh-toan?q={wanted}"))

        assert order.number in page
        assert "1 khoản" in page

    def test_show_all_that_is_known_of_one(self, desk, order):
        pay(order, 200_000)

        page = html(desk.get(f"/van-hanh/thanh-toan/{order.number}"))

        assert "200.000 ₫" in page
        assert "Chuyển thừa" in page
        assert payment_of(order).reference in page

    def test_in_part_are_given_up_with_a_reason(self, desk, session, order):
        pay(order, 100_000)
        address = f"/van-hanh/thanh-toan/{order.number}"
        assert "Phần còn thiếu không tới?" in html(desk.get(address))

        refused = desk.post(f"{address}/huy", data={"reason": " "})
        done = desk.post(f"{address}/huy", data={"reason": "Không liên lạc được"})

        assert (refused.status_code, done.status_code) == (422, 303)
        session.refresh(order)
        assert order.state == OrderState.CANCELLED
        assert payment_of(order).state == PaymentState.REFUND_DUE
        [refund] = session.scalars(select(Refund))
        assert refund.amount_minor == 100_000

    def test_in_full_are_not_given_up(self, desk, session, order):
        pay(order, TOTAL)

        answer = desk.post(f"/van-hanh/thanh-toan/{order.number}/huy", data={"reason": "x"})

        assert answer.status_code == 422
        assert payment_of(order).state == PaymentState.PAID

    def test_that_do_not_exist_are_not_found(self, desk):
        assert desk.get("/van-hanh/thanh-toan/CM261101-XXXXX").status_code == 404


class TestRefunds:
    def test_are_sent_with_the_banks_reference(self, desk, session, order):
        pay(order, 200_000)
        [refund] = session.scalars(select(Refund))
        assert "Chuyển thừa" in html(desk.get("/van-hanh/hoan-tien"))

        answer = desk.post(
            f"/van-hanh/hoan-tien/{refund.id}", data={"bank_reference": "FT26326009999"}
        )

        assert answer.status_code == 303
        session.refresh(refund)
        assert (refund.state, refund.bank_reference) == (RefundState.SENT, "FT26326009999")
        assert payment_of(order).state == PaymentState.PAID
        assert books.balance("market:buyer_funds").minor == TOTAL
        assert "FT26326009999" in html(desk.get("/van-hanh/hoan-tien?tinh-trang=sent"))

    def test_need_a_reference(self, desk, session, order):
        pay(order, 200_000)
        [refund] = session.scalars(select(Refund))

        answer = desk.post(f"/van-hanh/hoan-tien/{refund.id}", data={"bank_reference": ""})

        assert answer.status_code == 422
        session.refresh(refund)
        assert refund.state == RefundState.DUE

    def test_of_late_money_leave_suspense(self, desk, session, order):
        expiry.expire_order(order_id=order.id, at=TUESDAY)
        pay(order, TOTAL, at=TUESDAY)
        [refund] = session.scalars(select(Refund))

        desk.post(f"/van-hanh/hoan-tien/{refund.id}", data={"bank_reference": "FT1"})

        assert payment_of(order).state == PaymentState.REFUNDED
        assert books.balance("market:suspense").minor == 0

    def test_that_do_not_exist_are_not_found(self, desk):
        assert desk.get("/van-hanh/hoan-tien/999999").status_code == 404


class TestCash:
    @pytest.fixture
    def part(self, session):
        return delivered(place(product_in_stock(), payment_method=PaymentMethod.CASH))

    def test_is_noted_when_it_comes(self, desk, part):
        assert part.number in html(desk.get("/van-hanh/cod"))
        assert 'value="185.000"' in html(desk.get(f"/van-hanh/cod/{part.number}"))

        answer = desk.post(f"/van-hanh/cod/{part.number}", data={"amount": "185.000", "line": "0"})

        assert answer.status_code == 303
        assert cash_of(part.id).state == CashState.REMITTED
        assert books.balance("market:bank").minor == TOTAL

    def test_that_is_short_needs_a_reason(self, desk, part):
        data = {"amount": "180.000", "line": "0", "reason": ""}

        refused = desk.post(f"/van-hanh/cod/{part.number}", data=data)
        done = desk.post(
            f"/van-hanh/cod/{part.number}", data={**data, "reason": "Khách thiếu tiền lẻ"}
        )

        assert (refused.status_code, done.status_code) == (422, 303)
        assert cash_of(part.id).difference_reason == "Khách thiếu tiền lẻ"
        assert books.balance("market:cash_difference").minor == -5_000

    def test_may_come_by_one_of_the_transfers_that_wait(self, desk, session, part):
        line = unknown_line(TOTAL, "HTX nop tien thu ho")

        answer = desk.post(
            f"/van-hanh/cod/{part.number}", data={"amount": "185.000", "line": str(line.id)}
        )

        assert answer.status_code == 303
        session.refresh(line)
        assert line.resolved_at is not None
        assert books.balance("market:suspense").minor == 0
        assert books.balance("market:bank").minor == TOTAL

    def test_does_not_take_a_transfer_of_another_sum(self, desk, session, part):
        line = unknown_line(100_000, "HTX nop tien thu ho")

        answer = desk.post(
            f"/van-hanh/cod/{part.number}", data={"amount": "185.000", "line": str(line.id)}
        )

        assert answer.status_code == 422
        assert cash_of(part.id).state == CashState.COLLECTED


class TestPayouts:
    @pytest.fixture
    def seller(self, session, order):
        pay(order, TOTAL)
        return _seller(delivered(order).organisation_id)

    def data(self, desk, seller, **values):
        page = desk.get(f"/van-hanh/chi-tra/{seller.code}").get_data(as_text=True)
        key = page.split('name="key"')[1].split('value="')[1].split('"')[0]
        return {
            "amount": "177.750",
            "bank_reference": "FT26326005555",
            "paid_on": "2026-11-03",
            "key": key,
            **values,
        }

    def test_are_offered_in_the_amount_that_is_owed(self, desk, seller):
        assert "177.750 ₫" in html(desk.get("/van-hanh/chi-tra"))
        assert 'value="177.750"' in html(desk.get(f"/van-hanh/chi-tra/{seller.code}"))

    def test_are_noted_once_however_often_the_form_is_sent(self, desk, session, seller):
        data = self.data(desk, seller)

        answers = [desk.post(f"/van-hanh/chi-tra/{seller.code}", data=data) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [303, 303]
        [payout] = session.scalars(select(Payout))
        assert (payout.amount_minor, payout.organisation_id) == (SHARE, seller.id)
        assert books.payables([seller.id]) == {seller.id: 0}
        assert books.balance("market:bank").minor == TOTAL - SHARE

    @pytest.mark.parametrize(
        ("values", "message"),
        [
            ({"amount": "177.751"}, "Chỉ có thể chi trả tới 177.750 ₫."),
            ({"amount": "0"}, "Số tiền phải lớn hơn 0."),
            ({"bank_reference": ""}, "Mời bạn điền ô này"),
            ({"paid_on": "hôm qua"}, "Nhập ngày/tháng/năm"),
        ],
    )
    def test_that_are_wrong_are_refused_and_book_nothing(
        self, desk, session, seller, values, message
    ):
        entries = session.scalar(select(func.count()).select_from(LedgerEntry))

        answer = desk.post(
            f"/van-hanh/chi-tra/{seller.code}", data=self.data(desk, seller, **values)
        )

        assert answer.status_code in {409, 422}
        assert message in html(answer)
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == entries

    def test_leave_out_cash_that_the_seller_still_holds(self, desk, session):
        part = delivered(place(product_in_stock(), payment_method=PaymentMethod.CASH))
        seller = _seller(part.organisation_id)

        page = html(desk.get(f"/van-hanh/chi-tra/{seller.code}"))

        assert "Chưa có số tiền nào chi trả được." in page


class TestToday:
    def test_counts_what_waits(self, desk, session, order):
        pay(order, 100_000)
        unknown_line(70_000)

        page = html(desk.get("/van-hanh"))

        assert "Dòng sao kê chưa rõ của ai" in page
        assert "Đơn trả thiếu tiền" in page
        assert "170.000 ₫" in page

    def test_says_when_nothing_waits(self, desk):
        assert "Không có việc nào chờ" in html(desk.get("/van-hanh"))

    def test_sends_as_many_statements_for_many_lines_as_for_one(self, desk, statements, order):
        def count(page):
            desk.get(page)
            with statements() as sent:
                desk.get(page)
            return len(sent)

        unknown_line(1_000, "dong 0")
        few = [count(page) for page in ("/van-hanh/sao-ke", "/van-hanh/thanh-toan")]
        for number in range(30):
            unknown_line(1_000 + number, f"dong {number}")

        assert [count(p) for p in ("/van-hanh/sao-ke", "/van-hanh/thanh-toan")] == few


def test_the_clock_is_asked_at_the_edge_only(desk, order):
    before = now()
    send_file(desk, csv_of(row(TOTAL, payment_of(order).reference)))

    assert before <= payment_of(order).paid_at <= now()
