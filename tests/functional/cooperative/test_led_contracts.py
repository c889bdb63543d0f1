"""The contracts that a union led, on its desk."""

import pytest

from models.accounts import OrganisationKind, Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.contracts import ContractFactory

PAGE = "/quay/LHTN/hop-dong-chu-tri"


@pytest.fixture
def union(session):
    return OrganisationFactory(code="LHTN", kind=OrganisationKind.UNION)


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_each_leads_to_its_statement(login, union, prefix):
    contract = ContractFactory(led_by_id=union.id)
    other = ContractFactory()
    leader = login(MembershipFactory(organisation=union).user)

    page = leader.get(prefix + PAGE).text

    assert f'href="{prefix}/hop-dong/LHTN/{contract.number}/doi-chieu"' in page
    assert other.number not in page
    assert leader.get(f"/hop-dong/LHTN/{contract.number}/doi-chieu").status_code == 200


def test_says_when_there_is_nothing(login, union):
    leader = login(MembershipFactory(organisation=union).user)

    assert "Chưa có hợp đồng nào" in leader.get(PAGE).text


def test_is_for_those_who_sell_for_the_union(login, union):
    keeper = MembershipFactory(organisation=union, role=Role.WAREHOUSE).user
    director = MembershipFactory(organisation=OrganisationFactory(code="CUMGAR")).user

    assert login(director).get("/quay/CUMGAR/hop-dong-chu-tri").status_code == 403
    assert login(director).get(PAGE).status_code == 404
    assert login(keeper).get(PAGE).status_code == 403
