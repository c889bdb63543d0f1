"""A contract in the browser: begun, sent, talked about, agreed to, amended, ended."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.contracts import access, operations
from marketplace.contracts.terms import Price
from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session as db
from models.accounts import Role
from models.contracts import Contract, ContractState
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member_of
from tests.factories.certification import CertificateFactory
from tests.factories.contracts import ContractFactory, some_terms

HOME = "/hop-dong/RANGXAY"
ACROSS = "/hop-dong/CUMGAR"


@pytest.fixture
def contract(enterprise, product):
    """A running contract of the two."""
    return ContractFactory(buyer=enterprise, product=product)


def state_of(session, contract):
    session.expire_all()
    return session.get_one(Contract, contract.id).state


def test_an_empty_list_says_how_to_begin(buyer, salesman):
    for browser, base in ((buyer, HOME), (salesman, ACROSS)):
        page = browser.get(base)
        assert page.status_code == 200
        assert "Chưa có hợp đồng nào" in page.text
        assert f"{base}/moi" in page.text


def test_a_direct_offer_from_the_code_to_the_answer(buyer, salesman, enterprise, product, session):
    assert "Chào thẳng một bên bán" in buyer.get(f"{HOME}/moi").text
    assert buyer.get(f"{HOME}/moi?ben=KHONGCO").status_code == 422
    assert "Cà phê Robusta" in buyer.get(f"{HOME}/moi?ben=cumgar").text
    today = business_day(now())
    typed = {
        "product": str(product.id),
        "total": "20 tấn",
        "base": "120.000",
        "starts_on": (today + timedelta(days=10)).isoformat(),
        "ends_on": (today + timedelta(days=70)).isoformat(),
        "province_code": "79",
        "address": "Kho số 4",
    }
    wrong = buyer.post(f"{HOME}/moi?ben=CUMGAR", data={**typed, "total": "", "base": "rẻ"})
    assert wrong.status_code == 422
    assert "rẻ" in wrong.text
    before = {**typed, "ends_on": today.isoformat()}
    assert buyer.post(f"{HOME}/moi?ben=CUMGAR", data=before).status_code == 422
    made = buyer.post(f"{HOME}/moi?ben=CUMGAR", data=typed)
    assert made.status_code == 302
    contract = session.scalars(select(Contract)).one()
    terms = access.terms_in(contract)
    assert (terms.total_g, terms.price.base_minor) == (20_000_000, 120_000)
    assert sum(each.grams for each in terms.schedule) == 20_000_000

    assert salesman.get(f"{ACROSS}/{contract.number}").status_code == 404
    assert contract.number not in salesman.get(ACROSS).text
    page = buyer.get(f"{HOME}/{contract.number}")
    assert "Bản nháp, chỉ bên bạn thấy" in page.text
    sent = buyer.post(f"{HOME}/{contract.number}/gui", data={"version": "1"})
    assert sent.status_code == 302
    assert state_of(session, contract) == ContractState.NEGOTIATING
    assert contract.number in salesman.get(f"{ACROSS}?nhom=cho").text
    page = salesman.get(f"{ACROSS}/{contract.number}")
    assert "Bản 1 chờ bạn trả lời" in page.text
    assert "20 tấn" in page.text

    salesman.post(f"{ACROSS}/{contract.number}/dong-y", data={"version": "1"})
    assert state_of(session, contract) == ContractState.AGREED
    assert "chờ ký" in buyer.get(f"{HOME}/{contract.number}").text


def test_a_version_shows_what_is_different(buyer, salesman, enterprise, product):
    contract = ContractFactory(buyer=enterprise, product=product, negotiating=True)
    terms = access.terms_in(contract)
    operations.propose_version(
        actor=member_of(product.organisation, Role.SALES),
        contract_id=contract.id,
        terms=replace(terms, price=Price(123_456)),
        note="Giá phân bón tăng",
        seen_version=1,
        at=now(),
    )
    db.flush()
    page = buyer.get(f"{HOME}/{contract.number}").text
    for words in ("Bản 2 chờ bạn trả lời", "Giá phân bón tăng", "<del>120.000", "<ins>123.456"):
        assert words in page
    version = buyer.get(f"{HOME}/{contract.number}/ban/2").text
    assert "Khác với bản 1" in version
    assert "<ins>123.456" in version
    assert "123.456" not in buyer.get(f"{HOME}/{contract.number}/ban/1").text
    assert buyer.get(f"{HOME}/{contract.number}/ban/9").status_code == 404
    assert "Bản 2 đang chờ bên kia trả lời" in salesman.get(f"{ACROSS}/{contract.number}").text
    english = buyer.get(f"/en{HOME}/{contract.number}").text
    assert "<ins>₫123,456" in english or "123,456" in english


def test_words_about_a_line(buyer, salesman, enterprise, product):
    contract = ContractFactory(buyer=enterprise, product=product, negotiating=True)
    page = salesman.get(f"{ACROSS}/{contract.number}?dong=price.base").text
    assert '<option value="price.base" selected' in page
    said = {"version": "1", "line": "price.base", "text": "Giá này chưa đủ chi phí"}
    assert salesman.post(f"{ACROSS}/{contract.number}/gop-y", data=said).status_code == 302
    assert "Giá này chưa đủ chi phí" in buyer.get(f"{HOME}/{contract.number}").text
    empty = salesman.post(f"{ACROSS}/{contract.number}/gop-y", data={**said, "text": " "})
    assert empty.status_code == 422
    assert "Mời viết nội dung góp ý." in empty.text


def test_withdrawing_declining_and_calling_off(buyer, salesman, enterprise, product, session):
    one, two, three = (
        ContractFactory(buyer=enterprise, product=product, negotiating=True) for _ in range(3)
    )
    buyer.post(f"{HOME}/{one.number}/rut", data={"version": "1"})
    assert "Bạn đã rút bản 1" in buyer.get(f"{HOME}/{one.number}").text
    assert "Bên kia đã rút bản 1" in salesman.get(f"{ACROSS}/{one.number}").text
    late = salesman.post(
        f"{ACROSS}/{one.number}/dong-y", data={"version": "1"}, follow_redirects=True
    )
    assert "Không có bản nào đang chờ trả lời" in late.text

    refused = salesman.post(f"{ACROSS}/{two.number}/tu-choi", data={"version": "1", "reason": ""})
    assert refused.status_code == 422
    assert "Ghi lý do để bên kia biết." in refused.text
    salesman.post(f"{ACROSS}/{two.number}/tu-choi", data={"version": "1", "reason": "Hết hàng"})
    assert state_of(session, two) == ContractState.CANCELLED
    assert "Hết hàng" in buyer.get(f"{HOME}/{two.number}").text

    buyer.post(f"{HOME}/{three.number}/huy", data={"reason": "Đổi kế hoạch"})
    assert state_of(session, three) == ContractState.CANCELLED


def test_terminated_by_a_director_and_renewed(buyer, contract, session):
    made = buyer.post(f"{HOME}/{contract.number}/lap-lai")
    assert made.status_code == 302
    [new] = session.scalars(select(Contract).where(Contract.renews_id == contract.id))
    assert made.location.endswith(new.number)
    assert buyer.post(f"{HOME}/{contract.number}/cham-dut", data={"reason": ""}).status_code == 422
    buyer.post(f"{HOME}/{contract.number}/cham-dut", data={"reason": "Không giao hàng"})
    assert state_of(session, contract) == ContractState.TERMINATED
    assert "Không giao hàng" in buyer.get(f"{HOME}/{contract.number}").text


def test_people_who_may_not(login, enterprise, seller, contract):
    accountant = login(MembershipFactory(organisation=enterprise, role=Role.ACCOUNTANT).user)
    page = accountant.get(f"{HOME}/{contract.number}")
    assert page.status_code == 200
    for word in ("Đề nghị sửa đổi", "Chấm dứt trước hạn", "Gửi góp ý"):
        assert word not in page.text
    assert accountant.get(f"{HOME}/moi").status_code == 403
    for step in ("gui", "dong-y", "rut", "tu-choi", "huy", "cham-dut", "gop-y", "lap-lai"):
        answer = accountant.post(f"{HOME}/{contract.number}/{step}", data={"version": "1"})
        assert answer.status_code == 403
    stranger = login(MembershipFactory(organisation=OrganisationFactory(code="XALA")).user)
    assert stranger.get(f"/hop-dong/XALA/{contract.number}").status_code == 404


@pytest.mark.parametrize(
    ("days", "words"),
    [(30, "hết hiệu lực sau ngày"), (-1, "đã hết hiệu lực sau ngày"), (31, "")],
)
def test_both_sides_are_warned_of_the_certificate(  # noqa: PLR0913, PLR0917 - fixtures
    buyer, salesman, enterprise, product, days, words
):
    says = some_terms(product_id=product.id, schemes=("VIETGAP_CROP",))
    contract = ContractFactory(buyer=enterprise, product=product, says=says)
    CertificateFactory(
        organisation=product.organisation,
        products=[product],
        valid_from=business_day(now()) - timedelta(days=400),
        valid_to=business_day(now()) + timedelta(days=days),
    )
    for browser, base in ((buyer, HOME), (salesman, ACROSS)):
        page, row = browser.get(f"{base}/{contract.number}").text, browser.get(base).text
        assert words in page
        assert ("của hàng này" in page) is bool(words)
        assert ("Chứng nhận cần xem" in row) is bool(words)
