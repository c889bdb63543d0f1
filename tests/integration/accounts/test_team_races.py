"""Two directors who leave at once, a code that is used twice at once, two who take an offer."""

import threading

import pytest
from sqlalchemy import func, select

from marketplace.accounts import codes, locks
from marketplace.accounts.errors import (
    AccountExistsError,
    InvitationExpiredError,
    LastLeaderError,
    WrongCodeError,
)
from marketplace.accounts.operations import invitations, sessions, team
from marketplace.accounts.operations.invitations import NewMember, join_by_invitation
from marketplace.accounts.operations.sessions import Device
from marketplace.platform.database import session
from models.accounts import Membership, Role
from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    code_at,
    give_second_factor,
)
from tests.moments import MONDAY
from tests.racing import both

OFFER = "khoa-cua-loi-moi"


@pytest.fixture
def together():
    """Where two meet: each goes on when the other has come as far."""
    return threading.Barrier(2, timeout=30)


def unlocked(monkeypatch, module):
    """What the module would do if it did not lock: read, and go on."""
    for place in (locks, module):
        monkeypatch.setattr(place, "lock_one", session.scalar)


def meeting(monkeypatch, module, name, together):
    """Let the two wait for each other right before `name`, which decides."""
    decide = getattr(module, name)

    def met(*args, **values):
        together.wait()
        return decide(*args, **values)

    monkeypatch.setattr(module, name, met)


class TestTwoDirectorsLeave:
    @pytest.fixture
    def directors(self, market):
        organisation = OrganisationFactory()
        members = [MembershipFactory(organisation=organisation) for _ in range(2)]
        found = [(acting(each.user, organisation), each.id) for each in members]
        session.commit()
        return found

    def leave(self, market, directors):
        def act(index):
            actor, membership_id = directors[index]
            team.end_membership(
                actor=actor,
                organisation_id=actor.organisation_id,
                membership_id=membership_id,
                at=MONDAY,
            )

        return both(market, act)

    def left(self):
        return session.scalar(
            select(func.count()).where(
                Membership.role == Role.DIRECTOR, Membership.ended_at.is_(None)
            )
        )

    def test_without_the_lock_nobody_would_be_left(self, market, directors, monkeypatch, together):
        unlocked(monkeypatch, team)
        meeting(monkeypatch, team, "_record", together)  # both have counted, none has written

        assert self.leave(market, directors) == [None, None]
        assert self.left() == 0

    def test_one_of_them_stays(self, market, directors):
        answers = self.leave(market, directors)

        assert [type(each) for each in answers if each] == [LastLeaderError]
        assert self.left() == 1

    def test_nor_can_each_take_the_others_role(self, market, directors):
        def act(index):
            actor, _ = directors[index]
            team.change_role(
                actor=actor,
                organisation_id=actor.organisation_id,
                membership_id=directors[1 - index][1],
                role=Role.SALES,
                at=MONDAY,
            )

        answers = both(market, act)

        assert [type(each) for each in answers if each] == [LastLeaderError]
        assert self.left() == 1


class TestACodeTwiceAtOnce:
    @pytest.fixture
    def waiting(self, market):
        hoa = UserFactory()
        give_second_factor(hoa)
        tokens = [
            sessions.open_session(user=hoa, device=Device(), at=MONDAY).token for _ in range(2)
        ]
        session.commit()
        return tokens

    def give(self, market, waiting):
        answers = both(
            market,
            lambda index: sessions.pass_second_step(
                token=waiting[index], code=code_at(MONDAY), at=MONDAY
            ),
        )
        return sorted(type(each).__name__ for each in answers)

    def test_without_the_lock_both_would_get_in(self, market, waiting, monkeypatch, together):
        unlocked(monkeypatch, codes)
        meeting(monkeypatch, sessions, "_renew_token", together)

        assert self.give(market, waiting) == ["OpenedSession", "OpenedSession"]

    def test_one_gets_in(self, market, waiting):
        assert self.give(market, waiting) == ["OpenedSession", WrongCodeError.__name__]


class TestAnOfferTwiceAtOnce:
    @pytest.fixture
    def offered(self, market):
        InvitationFactory(token=OFFER)
        session.commit()

    def join(self, market):
        person = NewMember("Trần Thị Lan", PASSWORD, "vi")
        answers = both(
            market,
            lambda _index: join_by_invitation(
                token=OFFER, person=person, device=Device(), at=MONDAY
            ),
        )
        return sorted(type(each).__name__ for each in answers)

    def test_without_the_lock_the_second_would_look_at_an_account_not_at_the_offer(
        self, market, offered, monkeypatch, together
    ):
        unlocked(monkeypatch, invitations)
        meeting(monkeypatch, invitations, "_require_open", together)

        assert self.join(market) == [AccountExistsError.__name__, "OpenedSession"]

    def test_one_takes_it(self, market, offered):
        assert self.join(market) == [InvitationExpiredError.__name__, "OpenedSession"]
        assert session.scalar(select(func.count()).select_from(Membership)) == 1
