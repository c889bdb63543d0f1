"""A union proposes, a cooperative agrees, both name each other, either of them ends it."""

import pytest
from sqlalchemy import select

from models.accounts import OrganisationKind, Role
from models.unions import UnionMembership
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.revenue import deliver
from tests.factories.unions import UnionMembershipFactory
from tests.moments import MONDAY


@pytest.fixture
def union(session):
    return OrganisationFactory(
        code="LHTN", slug="lh-tay-nguyen", kind=OrganisationKind.UNION, name="Liên hiệp Tây Nguyên"
    )


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", slug="htx-cu-mgar", name="HTX Cư M’gar")


class Person:
    """Somebody who signs in before each request: the browser is everybody's."""

    def __init__(self, login, user):
        self._login, self._user = login, user

    def get(self, page):
        return self._login(self._user).get(page)

    def post(self, page, **values):
        return self._login(self._user).post(page, **values)


@pytest.fixture
def leader(login, union):
    return Person(login, MembershipFactory(organisation=union).user)


@pytest.fixture
def director(login, cooperative):
    return Person(login, MembershipFactory(organisation=cooperative).user)


def states(session):
    session.expire_all()
    return list(session.scalars(select(UnionMembership.state)))


class TestTheWayIn:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_both_pages_open_empty(self, leader, director, prefix):
        assert leader.get(f"{prefix}/quay/LHTN/don-vi").status_code == 200
        assert director.get(f"{prefix}/quay/CUMGAR/don-vi").status_code == 200

    def test_from_the_proposal_to_the_public_pages_and_out(self, session, client, leader, director):
        assert leader.post("/quay/LHTN/don-vi", data={"code": "cumgar"}).status_code == 303
        [unit] = session.scalars(select(UnionMembership))
        assert "Liên hiệp Tây Nguyên" in director.get("/quay/CUMGAR/don-vi").text
        assert "HTX Cư M’gar" not in client.get("/hop-tac-xa/lh-tay-nguyen").text

        director.post(f"/quay/CUMGAR/don-vi/{unit.id}/dong-y")

        assert states(session) == ["active"]
        for prefix in ("", "/en"):
            assert "HTX Cư M’gar" in client.get(f"{prefix}/hop-tac-xa/lh-tay-nguyen").text
            assert "Liên hiệp Tây Nguyên" in client.get(f"{prefix}/hop-tac-xa/htx-cu-mgar").text
        today = unit.joined_on.isoformat()
        leader.post(f"/quay/LHTN/don-vi/{unit.id}/ket-thuc", data={"left_on": today})

        assert states(session) == ["ended"]
        assert "HTX Cư M’gar" not in client.get("/hop-tac-xa/lh-tay-nguyen").text
        assert "Đã kết thúc" in director.get("/quay/CUMGAR/don-vi").text

    def test_a_wrong_code_is_said_and_kept(self, session, leader):
        page = leader.post("/quay/LHTN/don-vi", data={"code": "KHONGCO"})

        assert page.status_code == 422
        assert 'value="KHONGCO"' in page.text
        assert "Không có hợp tác xã nào" in page.text
        assert states(session) == []

    def test_a_wrong_day_is_said(self, session, leader, union, cooperative):
        unit = UnionMembershipFactory(union=union, member=cooperative)

        for day in ("2024-01-01", "2999-01-01", ""):
            page = leader.post(f"/quay/LHTN/don-vi/{unit.id}/ket-thuc", data={"left_on": day})
            assert page.status_code == 422
        assert states(session) == ["active"]

    @pytest.mark.parametrize("act", ["dong-y", "tu-choi"])
    def test_a_second_click_does_no_harm(self, session, director, union, cooperative, act):
        unit = UnionMembershipFactory(union=union, member=cooperative, proposed=True)

        answers = [
            director.post(f"/quay/CUMGAR/don-vi/{unit.id}/{act}").status_code for _ in range(2)
        ]

        assert answers == [303, 303]
        assert states(session) == ["active" if act == "dong-y" else "declined"]

    def test_cooperatives_do_not_propose(self, session, director):
        OrganisationFactory(code="EAKAR")

        assert director.post("/quay/CUMGAR/don-vi", data={"code": "EAKAR"}).status_code == 403
        assert states(session) == []

    def test_is_for_directors_of_the_two(self, session, login, union, cooperative):
        unit = UnionMembershipFactory(union=union, member=cooperative, proposed=True)
        sales = Person(login, MembershipFactory(organisation=cooperative, role=Role.SALES).user)
        stranger = MembershipFactory(organisation=OrganisationFactory(code="EAKAR"))

        assert sales.get("/quay/CUMGAR/don-vi").status_code == 403
        assert sales.post(f"/quay/CUMGAR/don-vi/{unit.id}/dong-y").status_code == 403
        own = login(stranger.user)
        assert own.post(f"/quay/EAKAR/don-vi/{unit.id}/dong-y").status_code == 404
        assert own.get("/quay/CUMGAR/don-vi").status_code == 404
        assert states(session) == ["proposed"]

    def test_wants_the_token(self, app, session, login, union, cooperative):
        leader = login(MembershipFactory(organisation=union).user)
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = leader.post("/quay/LHTN/don-vi", data={"code": "CUMGAR"})
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert states(session) == []


class TestRollUp:
    def test_of_two_sellers_nothing_is_said_of_three_the_sum(self, leader, union):
        for number in range(3):
            member = OrganisationFactory(name=f"HTX {number}", member_count=40)
            UnionMembershipFactory(union=union, member=member)
            if number < 2:
                deliver(at=MONDAY.replace(month=9), organisation=member)
        page = leader.get("/quay/LHTN/don-vi").text
        assert "chưa đủ để cộng" in page
        assert "120" in page

        deliver(at=MONDAY.replace(month=9), organisation=member)

        assert "chưa đủ để cộng" not in leader.get("/quay/LHTN/don-vi").text
