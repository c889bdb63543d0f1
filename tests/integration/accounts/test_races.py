"""Several at once at the same link, the same counter, the same address."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import func, select

from marketplace.accounts import passwords, throttle
from marketplace.accounts.errors import LinkExpiredError
from marketplace.accounts.operations import credentials, people
from marketplace.accounts.operations.people import NewPerson
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.accounts import OneTimeToken, User
from tests.factories.accounts import PASSWORD, UserFactory
from tests.moments import MONDAY

AT_ONCE = 6


def all_at_once(market, act):
    """Do `act` with 0, 1, 2 … at the same time; the results, or the refusals."""
    started = threading.Barrier(AT_ONCE)

    def run(index: int):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return act(index)
            except LinkExpiredError as refused:
                return refused

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_a_link_is_used_by_one(market):
    hoa = UserFactory()
    told = credentials.request_password_reset(email=hoa.email, at=MONDAY)
    session.commit()

    answers = all_at_once(
        market,
        lambda index: credentials.reset_password(
            token=told.token, password=f"mật khẩu của người {index}", at=MONDAY
        ),
    )

    winners = [index for index, each in enumerate(answers) if not isinstance(each, Exception)]
    session.expire_all()
    assert len(winners) == 1
    assert passwords.matches(f"mật khẩu của người {winners[0]}", hoa.password_hash)


def test_a_counter_counts_everybody(market):
    limit = throttle.Limit("race", 4, timedelta(minutes=5))

    answers = all_at_once(market, lambda _index: throttle.within(limit, "hoa@example.com", MONDAY))

    assert sorted(answers) == [False] * 2 + [True] * 4


def test_an_address_becomes_one_account_with_one_open_link(market):
    people_at_once = NewPerson("Nguyễn Thị Hoa", "hoa@example.com", PASSWORD, "vi")

    all_at_once(market, lambda _index: people.sign_up(person=people_at_once, at=MONDAY))

    open_links = select(func.count()).where(OneTimeToken.used_at.is_(None))
    assert session.scalar(select(func.count()).select_from(User)) == 1
    assert session.scalar(open_links) == 1
