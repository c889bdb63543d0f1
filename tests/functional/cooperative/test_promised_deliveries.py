"""How contracts are kept: on the seller's desk, at the alliance, in public, in the comparison."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from models.promises import DeliveryReply
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import ContractFactory, DeliveryFactory
from tests.factories.promises import DeliveryReplyFactory

TEXT = "Lũ về, cầu cấm xe tải"
PAGE = "/quay/CUMGAR/giu-hen/giao-hang"


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar", slug="cu-mgar")


@pytest.fixture
def contract(cooperative):
    enterprise = OrganisationFactory(enterprise=True, short_name="Rang xay Phố Núi")
    return ContractFactory(product=ProductFactory(organisation=cooperative), buyer=enterprise)


@pytest.fixture
def late(contract):
    """A delivery that was due yesterday and has not left."""
    return late_one(contract)


def late_one(contract):
    yesterday = business_day(now()) - timedelta(days=1)
    return DeliveryFactory(contract=contract, due_from=yesterday, due_on=yesterday)


@pytest.fixture
def desk(login, cooperative):
    return login(MembershipFactory(organisation=cooperative).user)


class TestDesk:
    def test_the_figures_stand_beside_those_of_orders(self, desk, late):
        page = desk.get("/quay/CUMGAR/giu-hen").text

        assert "Giao theo hợp đồng: 1 lần giao được tính" in page
        assert f'href="{PAGE}?hen=dung-hen"' in page

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_each_figure_opens_its_deliveries(self, desk, late, prefix):
        missed = desk.get(f"{prefix}{PAGE}").text
        on_time = desk.get(f"{prefix}{PAGE}?hen=dung-hen").text
        certified = desk.get(f"{prefix}{PAGE}?hen=du-chung-nhan").text

        assert late.number in missed
        assert late.number in on_time
        assert late.number not in certified
        assert "Rang xay Phố Núi" not in missed

    def test_takes_one_reply(self, session, desk, late):
        answer = desk.post(f"{PAGE}/{late.number}", data={"text": TEXT})
        again = desk.post(f"{PAGE}/{late.number}", data={"text": "Lời khác"})

        assert (answer.status_code, answer.location) == (303, f"{PAGE}/{late.number}")
        assert again.status_code == 422
        assert session.scalars(select(DeliveryReply.text)).all() == [TEXT]
        assert TEXT in desk.get(f"{PAGE}/{late.number}").text

    def test_keeps_what_was_typed(self, session, desk, late):
        answer = desk.post(f"{PAGE}/{late.number}", data={"text": "x" * 501})

        assert answer.status_code == 422
        assert "x" * 501 in answer.text
        assert session.scalars(select(DeliveryReply)).all() == []

    def test_others_of_the_team_may_not_reply(self, session, login, cooperative, late):
        keeper = login(MembershipFactory(organisation=cooperative, role=Role.WAREHOUSE).user)

        assert "<textarea" not in keeper.get(f"{PAGE}/{late.number}").text
        assert keeper.post(f"{PAGE}/{late.number}", data={"text": TEXT}).status_code == 403
        assert session.scalars(select(DeliveryReply)).all() == []

    def test_marks_what_is_disputed(self, session, desk, late):
        late.dispute_open = True
        session.flush()

        assert "Đang khiếu nại" in desk.get(PAGE).text


def test_the_alliance_reads_the_deliveries_and_the_replies(login, late, cooperative):
    DeliveryReplyFactory(
        delivery=late, organisation_id=cooperative.id, by_id=UserFactory().id, text=TEXT
    )
    alliance = OrganisationFactory(alliance=True)
    officer = login(MembershipFactory(organisation=alliance, role=Role.OFFICER).user)

    assert "Giao theo hợp đồng" in officer.get("/lien-minh/to-chuc/CUMGAR/giu-hen").text
    page = officer.get("/lien-minh/to-chuc/CUMGAR/giu-hen/giao-hang").text
    assert late.number in page
    assert TEXT in page


class TestPublic:
    def test_of_few_deliveries_nothing_is_said(self, client, late):
        assert "Giao theo hợp đồng" not in client.get("/xac-minh/cu-mgar").text
        assert client.get("/xac-minh/cu-mgar/giao-hang").status_code == 404

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_says_shares_and_words_but_no_weights_and_no_buyer(
        self, client, contract, cooperative, prefix
    ):
        deliveries = [late_one(contract) for _ in range(10)]
        DeliveryReplyFactory(
            delivery=deliveries[0],
            organisation_id=cooperative.id,
            by_id=UserFactory().id,
            text=TEXT,
        )
        facts = client.get(f"{prefix}/xac-minh/cu-mgar").text
        page = client.get(f"{prefix}/xac-minh/cu-mgar/giao-hang").text

        assert f"{prefix}/xac-minh/cu-mgar/giao-hang?hen=dung-hen" in facts
        assert TEXT in page
        for hidden in ("Rang xay Phố Núi", deliveries[0].number, contract.number, "tấn"):
            assert hidden not in page
