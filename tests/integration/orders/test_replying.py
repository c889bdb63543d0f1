"""A seller's word beside a promise that was not kept: once, and it stays."""

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.orders.errors import (
    AlreadyRepliedError,
    OrderNotFoundError,
    PromiseKeptError,
    ReplyMissingError,
    ReplyTooLongError,
)
from marketplace.orders.operations import reply_to_promise
from models.accounts import OrganisationKind, Role
from models.platform import AuditEvent
from models.promises import PromiseReply
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.promises import PromiseReplyFactory, cash_part, missed_part
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

TEXT = "Đèo sạt lở, xe không qua được"


@pytest.fixture
def seller(session):
    return OrganisationFactory()


@pytest.fixture
def part(seller):
    return missed_part(organisation=seller)


def of(seller, role=Role.DIRECTOR, **values):
    return Actor(UserFactory().id, seller.id, OrganisationKind.COOPERATIVE, role, **values)


def rows(session):
    return session.execute(
        select(PromiseReply.seller_order_id, PromiseReply.text, PromiseReply.at)
    ).all()


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SALES])
def test_stands_beside_the_part(session, seller, part, role):
    actor = of(seller, role)

    made = reply_to_promise(actor=actor, seller_order_id=part.id, text=f" {TEXT}\r\n", at=TUESDAY)

    assert rows(session) == [(part.id, TEXT, TUESDAY)]
    assert (made.organisation_id, made.by_id) == (seller.id, actor.user_id)
    event = session.scalars(select(AuditEvent)).one()
    assert (event.action, event.subject_id, event.after) == (
        "orders.promise_replied",
        part.id,
        {"text": TEXT},
    )


def test_twice_is_once_and_other_words_are_refused(session, seller, part):
    actor = of(seller)
    first = reply_to_promise(actor=actor, seller_order_id=part.id, text=TEXT, at=TUESDAY)

    again = reply_to_promise(actor=actor, seller_order_id=part.id, text=TEXT, at=WEDNESDAY)
    with pytest.raises(AlreadyRepliedError):
        reply_to_promise(actor=actor, seller_order_id=part.id, text="Khác", at=WEDNESDAY)

    assert again.id == first.id
    assert rows(session) == [(part.id, TEXT, TUESDAY)]


def test_only_who_sells_there(session, seller, part):
    refused = [
        of(seller, Role.WAREHOUSE),
        of(seller, Role.ACCOUNTANT),
        of(OrganisationFactory()),
        Actor(UserFactory().id, 3, OrganisationKind.ALLIANCE, Role.OFFICER),
        of(seller, helper_organisation_id=3, scopes=frozenset({"orders"})),
    ]

    for actor in refused:
        with pytest.raises(NotAllowedError):
            reply_to_promise(actor=actor, seller_order_id=part.id, text=TEXT, at=TUESDAY)

    assert rows(session) == []


@pytest.mark.parametrize(
    ("text", "error"), [(" \r\n", ReplyMissingError), ("a" * 501, ReplyTooLongError)]
)
def test_the_words_have_bounds(session, seller, part, text, error):
    with pytest.raises(error):
        reply_to_promise(actor=of(seller), seller_order_id=part.id, text=text, at=TUESDAY)

    assert rows(session) == []


def test_the_longest_words_go_in(session, seller, part):
    reply_to_promise(actor=of(seller), seller_order_id=part.id, text="ă" * 500, at=TUESDAY)

    assert rows(session) == [(part.id, "ă" * 500, TUESDAY)]


def test_there_must_be_something_to_explain(session, seller):
    good = cash_part(organisation=seller, state="confirmed", confirmed_at=MONDAY)

    with pytest.raises(PromiseKeptError):
        reply_to_promise(actor=of(seller), seller_order_id=good.id, text=TEXT, at=TUESDAY)
    with pytest.raises(OrderNotFoundError):
        reply_to_promise(actor=of(seller), seller_order_id=10**9, text=TEXT, at=TUESDAY)

    assert rows(session) == []


@pytest.mark.parametrize("change", [update(PromiseReply).values(text="x"), delete(PromiseReply)])
def test_what_was_said_stays(session, part, change):
    PromiseReplyFactory(part=part, by_id=UserFactory().id)

    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(change)

    assert rows(session) == [(part.id, TEXT, TUESDAY)]
