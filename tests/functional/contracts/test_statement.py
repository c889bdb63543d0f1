"""The statement of a contract: one page and one file for both sides."""

import re
from hashlib import sha256

import pytest

from models.accounts import Organisation, OrganisationKind, Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.contracts import ContractFactory, DeliveryFactory, DeliveryLineFactory
from tests.factories.invoicing import DueFactory, InvoiceFactory


@pytest.fixture
def sides(session):
    """A contract with an invoiced delivery, and who reads it on either side."""
    enterprise = OrganisationFactory(enterprise=True, code="RANGXAY")
    contract = ContractFactory(number="HD261102-00001", buyer=enterprise)
    delivery = DeliveryFactory(contract=contract, number="GH1", accepted=True)
    DeliveryLineFactory(delivery=delivery, accepted_g=5_000_000)
    invoice = InvoiceFactory(contract=contract, delivery=delivery, number="HDB26-00001")
    DueFactory(contract=contract, invoice=invoice, reference="CMABC")
    seller = MembershipFactory(organisation=session.get_one(Organisation, contract.seller_id)).user
    buyer = MembershipFactory(organisation=enterprise, role=Role.BUYER).user
    return contract, seller, buyer


def address(code, step="doi-chieu"):
    return f"/hop-dong/{code}/HD261102-00001/{step}"


class TestPage:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_both_sides_read_the_same_page(self, session, login, sides, prefix):
        contract, seller, buyer = sides
        read = []
        for user, organisation_id in ((seller, contract.seller_id), (buyer, contract.buyer_id)):
            code = session.get_one(Organisation, organisation_id).code
            answer = login(user).get(prefix + address(code))
            assert answer.status_code == 200
            [main] = re.findall(r"<main.*</main>", answer.text, re.DOTALL)
            read.append(main.replace(f"/hop-dong/{code}", "/hop-dong/X"))

        assert read[0] == read[1]
        assert "HDB26-00001" in read[0]
        assert "CMABC" in read[0]
        assert ("₫600,000,000" if prefix else "600.000.000") in read[0]

    def test_says_what_comes_when_nothing_was_planned(self, login, session):
        enterprise = OrganisationFactory(enterprise=True, code="RX")
        contract = ContractFactory(agreed=True, buyer=enterprise)
        buyer = MembershipFactory(organisation=enterprise, role=Role.BUYER).user

        assert (
            "Chưa có lần giao nào"
            in login(buyer).get(f"/hop-dong/RX/{contract.number}/doi-chieu").text
        )

    def test_is_nothing_to_others(self, login, sides):
        other = OrganisationFactory(enterprise=True, code="KHAC")
        stranger = login(MembershipFactory(organisation=other, role=Role.BUYER).user)

        for step in ("doi-chieu", "doi-chieu.xlsx"):
            assert stranger.get(address("KHAC", step)).status_code == 404
            assert stranger.get(address("RANGXAY", step)).status_code == 404


class TestFile:
    def test_both_sides_take_the_same_bytes_away(self, session, login, sides):
        contract, seller, buyer = sides
        union = OrganisationFactory(kind=OrganisationKind.UNION, code="LH")
        contract.led_by_id = union.id
        session.flush()
        leader = MembershipFactory(organisation=union).user
        files = set()
        for user, organisation_id in (
            (seller, contract.seller_id),
            (buyer, contract.buyer_id),
            (leader, union.id),
        ):
            code = session.get_one(Organisation, organisation_id).code
            browser = login(user)
            answer = browser.get("/en" + address(code, "doi-chieu.xlsx"))
            assert answer.headers["X-Content-SHA256"] == sha256(answer.data).hexdigest()
            assert answer.headers["X-Content-SHA256"] in browser.get(address(code)).text
            files.add(answer.data)

        assert len(files) == 1
