"""Pages of signing: approving, signing, the papers, the own numbers of a buyer, the limits."""

import hashlib
import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from marketplace.contracts.spending import limits_of
from marketplace.kernel.clock import now
from marketplace.media.queries import paper_path
from models.accounts import Organisation, Role, User, UserSession
from models.contracts import ContractApproval, ContractSignature, ContractState, SpendingLimit
from models.media import MediaFile
from tests.factories.accounts import MembershipFactory, OrganisationFactory, code_at, member_of
from tests.factories.signing import Sides, director_of, sides


@pytest.fixture
def enterprise(session):
    """Who buys."""
    return OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay Phố Núi")


@pytest.fixture
def both(enterprise):
    """A contract that waits for its signatures, now."""
    return sides(now(), buyer=enterprise)


@pytest.fixture
def enter(session, login):
    """Sign a person in with their code; `fresh=False`: a quarter of an hour ago."""

    def go(actor, *, fresh: bool = True) -> FlaskClient:
        browser = login(session.get_one(User, actor.user_id))
        at = now() - (timedelta() if fresh else timedelta(minutes=15))
        session.execute(
            update(UserSession)
            .where(UserSession.user_id == actor.user_id)
            .values(second_factor_at=at, fresh_at=at, expires_at=now() + timedelta(days=1))
        )
        return browser

    return go


def url(both: Sides, code: str, step: str) -> str:
    return f"/hop-dong/{code}/{both.contract.number}/{step}"


def filled(both: Sides, **changes):
    base = {
        "version": "1",
        "sha256": both.document.sha256,
        "position": "Giám đốc",
        "code": code_at(now()),
        "has_read": "y",
    }
    return base | changes


def seller_code(session, both: Sides) -> str:
    return session.get_one(Organisation, both.contract.seller_id).code


def limit(organisation, actor, approvals: int, session) -> None:
    session.add(
        SpendingLimit(
            organisation_id=organisation.id,
            approvals=approvals,
            from_minor=0,
            updated_at=now(),
            updated_by_id=actor.user_id,
        )
    )
    session.flush()


class TestSigning:
    def test_both_sign_and_it_is_in_force(self, session, enter, both):
        browser = enter(both.buyer)
        page = browser.get(url(both, "RANGXAY", "ky"))
        assert page.status_code == 200
        assert both.document.sha256 in page.text
        assert 'name="code"' in page.text
        answer = browser.post(url(both, "RANGXAY", "ky"), data=filled(both))
        assert answer.status_code == 303
        after = browser.get(answer.location).text
        assert "Bên bạn đã ký" in after
        assert 'name="code"' not in after
        code = seller_code(session, both)
        browser = enter(both.seller)
        assert "Chưa ký" in browser.get(url(both, code, "ky")).text
        answer = browser.post(url(both, code, "ky"), data=filled(both))
        assert answer.status_code == 303
        after = browser.get(answer.location).text
        assert "có hiệu lực" in after
        session.refresh(both.contract)
        assert both.contract.state == ContractState.ACTIVE
        signatures = session.scalars(select(ContractSignature)).all()
        assert {each.sha256 for each in signatures} == {both.document.sha256}

    def test_sign_in_that_is_not_fresh_leads_to_the_password(self, session, enter, both):
        browser = enter(both.buyer, fresh=False)
        page = browser.get(url(both, "RANGXAY", "ky")).text
        assert 'name="code"' not in page
        assert "/xac-nhan-lai?next=%2Fhop-dong%2FRANGXAY%2F" in page
        answer = browser.post(url(both, "RANGXAY", "ky"), data=filled(both))
        assert answer.status_code == 303
        assert answer.location.startswith("/xac-nhan-lai?next=")
        assert session.scalars(select(ContractSignature)).all() == []

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"code": "000000"}, "code"),
            ({"code": ""}, "code"),
            ({"position": ""}, "position"),
            ({"position": "x" * 81}, "position"),
            ({"has_read": ""}, "has_read"),
        ],
    )
    def test_a_refused_form_keeps_what_was_typed(self, session, enter, both, changes, sentence):
        browser = enter(both.buyer)
        sent = filled(both, position="Phó giám đốc") | changes
        answer = browser.post(url(both, "RANGXAY", "ky"), data=sent)
        assert answer.status_code == 422
        assert f'href="#{sentence}"' in answer.text
        if "position" not in changes:
            assert "Phó giám đốc" in answer.text
        assert session.scalars(select(ContractSignature)).all() == []

    def test_other_paper_than_the_one_read(self, session, enter, both):
        browser = enter(both.buyer)
        answer = browser.post(url(both, "RANGXAY", "ky"), data=filled(both, sha256="0" * 64))
        assert answer.status_code == 422
        assert "không phải văn bản đang chờ ký" in answer.text
        assert f'value="{both.document.sha256}"' in answer.text
        assert 'value="y" checked' not in answer.text
        assert session.scalars(select(ContractSignature)).all() == []

    @pytest.mark.parametrize("version", ["", "x", "9" * 30, "²", "-1"])
    def test_version_that_is_none(self, enter, both, version):
        browser = enter(both.buyer)
        answer = browser.post(url(both, "RANGXAY", "ky"), data=filled(both, version=version))
        assert answer.status_code == 422

    def test_guessing_codes_ends(self, enter, both):
        browser = enter(both.buyer)
        answers = [
            browser.post(url(both, "RANGXAY", "ky"), data=filled(both, code="000000")).status_code
            for _ in range(11)
        ]
        assert answers == [422] * 10 + [429]

    def test_sales_read_and_do_not_sign(self, session, enter, both):
        code = seller_code(session, both)
        seller = session.get_one(Organisation, both.contract.seller_id)
        browser = enter(member_of(seller, Role.SALES))
        page = browser.get(url(both, code, "ky"))
        assert page.status_code == 200
        assert "Giám đốc ký thay mặt tổ chức." in page.text
        assert browser.post(url(both, code, "ky"), data=filled(both)).status_code == 403

    def test_without_second_factor_the_page_says_where_to_get_one(self, enter, both, enterprise):
        browser = enter(member_of(enterprise))
        page = browser.get(url(both, "RANGXAY", "ky")).text
        assert 'href="/tai-khoan/bao-mat"' in page
        assert 'name="code"' not in page

    def test_strangers_find_nothing(self, login, both):
        other = MembershipFactory(organisation=OrganisationFactory(enterprise=True, code="KHAC"))
        browser = login(other.user)
        for step in ("ky", "duyet", "don-mua", "van-ban/1.pdf", "chu-ky.pdf"):
            assert browser.get(url(both, "KHAC", step)).status_code == 404
            assert browser.get(url(both, "RANGXAY", step)).status_code == 404


class TestPapers:
    def test_both_sides_get_the_signed_bytes(self, session, enter, both):
        for actor, code in ((both.buyer, "RANGXAY"), (both.seller, seller_code(session, both))):
            answer = enter(actor).get(url(both, code, "van-ban/1.pdf"))
            assert answer.status_code == 200
            assert answer.mimetype == "application/pdf"
            assert hashlib.sha256(answer.data).hexdigest() == both.document.sha256
            assert answer.headers["X-Content-SHA256"] == both.document.sha256
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert f"{both.contract.number}-1.pdf" in answer.headers["Content-Disposition"]

    def test_changed_bytes_are_not_given_out(self, session, enter, both):
        path = paper_path(session.get_one(MediaFile, both.document.file_id))
        path.write_bytes(path.read_bytes() + b" ")
        answer = enter(both.buyer).get(url(both, "RANGXAY", "van-ban/1.pdf"))
        assert answer.status_code == 409
        assert "không khớp mã băm" in answer.text
        refused = enter(both.buyer).post(url(both, "RANGXAY", "ky"), data=filled(both))
        assert refused.status_code == 422
        assert "không khớp mã băm" in refused.text
        assert session.scalars(select(ContractSignature)).all() == []

    def test_version_without_paper(self, enter, both):
        browser = enter(both.buyer)
        assert browser.get(url(both, "RANGXAY", "van-ban/2.pdf")).status_code == 404
        assert browser.get(url(both, "RANGXAY", "van-ban/0.pdf")).status_code == 404

    def test_sheet_of_signatures(self, enter, both):
        browser = enter(both.buyer)
        browser.post(url(both, "RANGXAY", "ky"), data=filled(both))
        answer = browser.get(url(both, "RANGXAY", "chu-ky.pdf"))
        assert answer.data.startswith(b"%PDF")
        assert "chu-ky.pdf" in answer.headers["Content-Disposition"]


class TestApproving:
    def test_director_approves_on_the_telephone(self, session, enter, enterprise):
        limit(enterprise, member_of(enterprise), 1, session)
        both = sides(now(), buyer=enterprise)
        other = director_of(enterprise)
        browser = enter(both.buyer)
        assert "Chưa đủ người duyệt" in browser.get(url(both, "RANGXAY", "ky")).text
        browser = enter(other)
        page = browser.get(url(both, "RANGXAY", "duyet")).text
        assert re.search(r'name="version"[^>]*value="1"', page)
        answer = browser.post(
            url(both, "RANGXAY", "duyet"), data={"version": "1", "note": "đã so giá"}
        )
        assert answer.status_code == 303
        assert "Bạn đã duyệt bản này." in browser.get(answer.location).text
        row = session.scalars(select(ContractApproval)).one()
        assert (row.by_id, row.note) == (other.user_id, "đã so giá")
        shown = enter(both.seller).get(url(both, seller_code(session, both), "ky")).text
        assert "đã so giá" not in shown
        assert "Duyệt trong doanh nghiệp" not in shown

    def test_another_version_than_the_one_read(self, session, enter, enterprise):
        limit(enterprise, member_of(enterprise), 1, session)
        both = sides(now(), buyer=enterprise)
        answer = enter(both.buyer).post(
            url(both, "RANGXAY", "duyet"), data={"version": "2", "note": "giữ lại"}
        )
        assert answer.status_code == 422
        assert "giữ lại" in answer.text
        assert session.scalars(select(ContractApproval)).all() == []

    def test_nothing_to_approve(self, enter, both):
        page = enter(both.buyer).get(url(both, "RANGXAY", "duyet")).text
        assert "không cần duyệt trước" in page

    def test_the_seller_has_no_such_page(self, session, enter, both):
        answer = enter(both.seller).get(url(both, seller_code(session, both), "duyet"))
        assert answer.status_code == 403


class TestOwnNumbers:
    def test_buyer_writes_them(self, session, enter, both, enterprise):
        browser = enter(member_of(enterprise, Role.BUYER))
        names = {"po_number": "PO-118", "cost_centre": "CF-02"}
        answer = browser.post(url(both, "RANGXAY", "don-mua"), data=names)
        assert answer.status_code == 303
        session.refresh(both.contract)
        assert (both.contract.po_number, both.contract.cost_centre) == ("PO-118", "CF-02")
        assert 'value="PO-118"' in browser.get(answer.location).text
        refused = browser.post(url(both, "RANGXAY", "don-mua"), data={"po_number": "x" * 41})
        assert refused.status_code == 422
        session.refresh(both.contract)
        assert both.contract.po_number == "PO-118"

    def test_seller_does_not(self, session, enter, both):
        answer = enter(both.seller).get(url(both, seller_code(session, both), "don-mua"))
        assert answer.status_code == 403


class TestLimits:
    def test_director_sets_and_clears(self, enter, enterprise):
        browser = enter(director_of(enterprise))
        member_of(enterprise)
        sent = {"one_from": "500.000.000", "two_from": "5.000.000.000"}
        answer = browser.post("/mua-hang/RANGXAY/han-muc", data=sent)
        assert answer.status_code == 303
        assert limits_of(enterprise.id) == {1: 500_000_000, 2: 5_000_000_000}
        page = browser.get("/mua-hang/RANGXAY/han-muc").text
        assert 'value="500.000.000"' in page
        browser.post("/mua-hang/RANGXAY/han-muc", data={"one_from": "", "two_from": ""})
        assert limits_of(enterprise.id) == {}

    def test_refused_with_the_field(self, enter, enterprise):
        browser = enter(director_of(enterprise))
        sent = {"one_from": "", "two_from": "10"}
        answer = browser.post("/mua-hang/RANGXAY/han-muc", data=sent)
        assert answer.status_code == 422
        assert 'href="#two_from"' in answer.text
        assert limits_of(enterprise.id) == {}

    def test_buyers_do_not(self, enter, enterprise):
        browser = enter(member_of(enterprise, Role.BUYER))
        assert browser.get("/mua-hang/RANGXAY/han-muc").status_code == 403
