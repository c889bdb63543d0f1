"""Invoices and payments as both sides see them."""

from datetime import date

import pytest

from marketplace.workflows.contract_billing import close_billing
from models.accounts import Organisation, Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.invoicing import (
    Arrived,
    arrived,
    deposit_of,
    dues_of,
    invoiced,
    running,
    transfer,
)
from tests.factories.orders import collecting_account
from tests.invariants import broken
from tests.moments import TUESDAY

KG = 1_000


@pytest.fixture
def contract(session):
    """A running contract of RANGXAY with a deposit, and a short delivery invoiced under it."""
    collecting_account()
    buyer = OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay Phố Núi")
    return running(buyer=buyer)


@pytest.fixture
def invoice(contract):
    """Of 4,500 kg where 5,000 were promised."""
    return invoiced(arrived(contract, Arrived(4_500 * KG, short=500 * KG, moisture="12.50")))


@pytest.fixture
def buyer(session, login, contract):
    """A browser of the buyer's accountant."""
    enterprise = session.get_one(Organisation, contract.buyer_id)
    return login(MembershipFactory(organisation=enterprise, role=Role.BUYER).user)


def base_of(contract, code="RANGXAY"):
    return f"/hop-dong/{code}/{contract.number}"


class TestInvoice:
    def test_says_what_is_to_be_paid_and_why(self, buyer, contract, invoice):
        page = buyer.get(f"{base_of(contract)}/hoa-don/{invoice.number}")
        assert page.status_code == 200
        for words in (
            "540.000.000",
            "120.000",
            "537.600.000",
            "ngoài dung sai: 2.400.000",
            "357.504.000",
            "05/12/2026",
            "HTX Nông nghiệp Cư M&#39;gar",
        ):
            assert words in page.text, words

    def test_the_seller_sees_the_same_without_a_button_to_pay(
        self, session, login, contract, invoice
    ):
        seller = session.get_one(Organisation, contract.seller_id)
        browser = login(MembershipFactory(organisation=seller, role=Role.ACCOUNTANT).user)
        page = browser.get(f"{base_of(contract, seller.code)}/hoa-don/{invoice.number}")
        assert page.status_code == 200
        assert "537.600.000" in page.text
        assert "qr-code" not in page.text

    def test_its_paper_is_the_same_bytes_every_time(self, buyer, contract, invoice):
        address = f"{base_of(contract)}/hoa-don/{invoice.number}.pdf"
        first, again = buyer.get(address), buyer.get(address)
        assert first.mimetype == "application/pdf"
        assert first.data == again.data
        assert first.data.startswith(b"%PDF-")
        assert first.headers["Cache-Control"] == "private, no-store"
        assert buyer.get(f"/en{address}").data != first.data

    @pytest.mark.parametrize("number", ["2026-00099", "2026-00099.pdf"])
    def test_an_unknown_one_is_not_found(self, buyer, contract, number):
        assert buyer.get(f"{base_of(contract)}/hoa-don/{number}").status_code == 404

    def test_a_stranger_finds_nothing(self, login, contract, invoice):
        other = OrganisationFactory(enterprise=True, code="KHACH")
        browser = login(MembershipFactory(organisation=other, role=Role.DIRECTOR).user)
        for page in ("hoa-don", f"hoa-don/{invoice.number}", f"hoa-don/{invoice.number}.pdf"):
            assert browser.get(f"{base_of(contract, 'KHACH')}/{page}").status_code == 404

    def test_who_keeps_the_store_sees_no_invoices(self, session, login, contract, invoice):
        seller = session.get_one(Organisation, contract.seller_id)
        browser = login(MembershipFactory(organisation=seller, role=Role.WAREHOUSE).user)
        assert browser.get(f"{base_of(contract, seller.code)}/hoa-don").status_code == 403


class TestList:
    def test_is_empty_before_the_first_delivery(self, buyer, contract):
        assert "Chưa có hoá đơn nào" in buyer.get(f"{base_of(contract)}/hoa-don").text

    def test_adds_up_and_shows_the_deposit(self, session, buyer, contract, invoice):
        invoiced(arrived(contract, due_on=date(2026, 11, 27)))
        deposit_of(contract)
        page = buyer.get(f"{base_of(contract)}/hoa-don").text
        for words in ("2026-00001", "2026-00002", "1.137.600.000", "500.000.000", "Đặt cọc"):
            assert words in page, words


class TestPaying:
    def test_shows_the_code_and_every_line_to_type(self, buyer, contract, invoice):
        stage = dues_of(invoice)[0]
        page = buyer.get(f"{base_of(contract)}/tra/{stage.reference}")
        for words in ("Mã VietQR", "357.504.000", "Agribank", stage.reference, "CONG TY CHO MUA"):
            assert words in page.text, words
        code = buyer.get(f"{base_of(contract)}/tra/{stage.reference}/ma-qr.png")
        assert (code.mimetype, code.data[:4]) == ("image/png", b"\x89PNG")

    def test_asks_for_the_rest_only(self, buyer, contract, invoice):
        stage = dues_of(invoice)[0]
        transfer(stage, 300_000_000)
        page = buyer.get(f"{base_of(contract)}/tra/{stage.reference}").text
        assert "Còn thiếu 57.504.000" in page

    def test_asks_for_nothing_once_it_is_paid_or_off(self, session, buyer, contract, invoice):
        stage = dues_of(invoice)[0]
        transfer(stage)
        page = buyer.get(f"{base_of(contract)}/tra/{stage.reference}").text
        assert "Đã nhận đủ" in page
        assert "Mã VietQR" not in page
        code = f"{base_of(contract)}/tra/{stage.reference}/ma-qr.png"
        assert buyer.get(code).status_code == 404
        deposit = deposit_of(contract)
        close_billing(actor=None, contract_id=contract.id, at=TUESDAY)
        page = buyer.get(f"{base_of(contract)}/tra/{deposit.reference}").text
        assert "không còn phải trả" in page
        assert broken(session) == {}

    def test_another_contracts_reference_is_not_found(self, buyer, contract):
        other = deposit_of(running())
        assert buyer.get(f"{base_of(contract)}/tra/{other.reference}").status_code == 404


class TestWhatIsOwed:
    def test_lists_all_contracts_by_the_day(self, buyer, contract, invoice):
        deposit_of(contract)
        page = buyer.get("/mua-hang/RANGXAY/thanh-toan").text
        assert "1.037.600.000" in page
        days = [page.index(day) for day in ("02/11/2026", "05/12/2026", "04/01/2027", "18/02/2027")]
        assert days == sorted(days)

    def test_is_empty_for_whoever_owes_nothing(self, buyer):
        assert "Không có khoản nào phải trả" in buyer.get("/mua-hang/RANGXAY/thanh-toan").text

    def test_is_nobody_elses(self, login, contract):
        cooperative = OrganisationFactory(code="BANHANG")
        browser = login(MembershipFactory(organisation=cooperative, role=Role.DIRECTOR).user)
        assert browser.get("/mua-hang/RANGXAY/thanh-toan").status_code == 404
        assert browser.get("/mua-hang/BANHANG/thanh-toan").status_code == 403
