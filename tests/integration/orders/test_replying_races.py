"""Two people of a seller reply beside the same part at once: one reply is kept."""

import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.kernel.errors import DomainError
from marketplace.orders.operations import replying
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.orders import SellerOrder
from models.platform import AuditEvent
from models.promises import PromiseReply
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.promises import missed_part
from tests.moments import TUESDAY


@pytest.fixture
def missed(market):
    """A part that counts against its seller, and two who may reply."""
    seller = OrganisationFactory()
    found = missed_part(organisation=seller).id, [member_of(seller) for _ in range(2)]
    session.commit()
    return found


def reply_at_once(market, missed):
    """Both reply in words of their own; the ids of what is kept, or the refusals."""
    part_id, people = missed
    started = threading.Barrier(2)

    def run(index):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return replying.reply_to_promise(
                        actor=people[index],
                        seller_order_id=part_id,
                        text=f"Lời thứ {index}",
                        at=TUESDAY,
                    ).id
            except (DomainError, IntegrityError) as refused:
                return refused

    with ThreadPoolExecutor(2) as pool:
        return sorted(type(each).__name__ for each in pool.map(run, range(2)))


@pytest.fixture
def without_the_lock(monkeypatch):
    """Nobody waits at the part, and both have seen that there is no reply before either goes on."""
    together = threading.Barrier(2, timeout=30)
    counts = replying._counts_against_seller

    def met(*values):
        together.wait()
        return counts(*values)

    monkeypatch.setattr(
        replying, "lock_seller_order", lambda part_id: session.get_one(SellerOrder, part_id)
    )
    monkeypatch.setattr(replying, "_counts_against_seller", met)


def replies():
    return session.scalars(select(PromiseReply.text)).all()


@pytest.mark.usefixtures("without_the_lock")
def test_without_the_lock_two_would_be_kept(market, missed):
    with psycopg.connect(market.admin_url, autocommit=True) as connection:
        connection.execute(
            "alter table promise_replies drop constraint uq_promise_replies_seller_order_id"
        )

    assert reply_at_once(market, missed) == ["int", "int"]
    assert sorted(replies()) == ["Lời thứ 0", "Lời thứ 1"]


@pytest.mark.usefixtures("without_the_lock")
def test_without_the_lock_the_database_would_refuse_the_second_as_a_bug(market, missed):
    assert reply_at_once(market, missed) == ["IntegrityError", "int"]
    assert len(replies()) == 1


def test_one_is_kept_and_the_other_reads_why(market, missed):
    assert reply_at_once(market, missed) == ["AlreadyRepliedError", "int"]

    assert len(replies()) == 1
    [event] = session.scalars(select(AuditEvent))
    assert event.after == {"text": replies()[0]}
