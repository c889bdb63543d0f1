"""Share capital."""

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from marketplace.accounts.permissions import NotAllowedError
from marketplace.membership import errors, operations, queries
from marketplace.membership.operations import Contribution
from marketplace.platform.pagination import PageRequest
from models.accounts import Role
from models.membership import ShareContribution
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory, ShareFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def htx():
    return OrganisationFactory()


@pytest.fixture
def member(htx):
    return HouseholdFactory(organisation=htx)


def pay(member, actor, amount=5_000_000, **values):
    values = {"on_day": MONDAY_DAY, "key": "one form", **values}
    contribution = Contribution(member_id=member.id, amount_minor=amount, **values)
    return operations.record_contribution(actor=actor, contribution=contribution, at=MONDAY)


def held(session):
    return session.scalar(select(func.coalesce(func.sum(ShareContribution.amount_minor), 0)))


def test_a_form_sent_twice_counts_once(session, htx, member):
    treasurer = member_of(htx, Role.ACCOUNTANT)

    entries = [pay(member, treasurer, note=" PT  17 ") for _ in range(2)]

    assert entries[0].id == entries[1].id
    assert (entries[0].note, entries[0].recorded_by_id) == ("PT 17", treasurer.user_id)
    assert held(session) == 5_000_000
    [event] = session.scalars(select(AuditEvent))
    assert event.after["amount_minor"] == 5_000_000


def test_no_more_is_paid_back_than_was_paid_in(session, htx, member):
    actor = member_of(htx)
    pay(member, actor, 3_000_000, key="a")

    with pytest.raises(errors.MoreThanPaidInError):
        pay(member, actor, -3_000_001, key="b")
    pay(member, actor, -3_000_000, key="c")

    assert held(session) == 0


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"amount": 0}, errors.AmountMissingError),
        ({"amount": 10**15 + 1}, errors.AmountMissingError),
        ({"on_day": TUESDAY_DAY}, errors.ShareInFutureError),
        ({"on_day": date(2020, 4, 30)}, errors.ShareOutsideMembershipError),
    ],
)
def test_what_cannot_be_is_refused(session, htx, member, values, error):
    with pytest.raises(error):
        pay(member, member_of(htx), **values)

    assert held(session) == 0


def test_who_has_left_gets_back_and_pays_in_no_more(session, htx):
    gone = HouseholdFactory(organisation=htx, gone=True)
    ShareFactory(household=gone, on_day=date(2021, 1, 1))

    with pytest.raises(errors.ShareOutsideMembershipError):
        pay(gone, member_of(htx), key="in")
    pay(gone, member_of(htx), -5_000_000, key="out")

    assert held(session) == 0


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE])
def test_is_refused_to_others(session, htx, member, role):
    for actor in (member_of(htx, role), member_of(OrganisationFactory())):
        with pytest.raises(NotAllowedError):
            pay(member, actor)
    with pytest.raises(NotAllowedError):
        queries.share_book(htx.id, viewer=member_of(htx, role), page=PageRequest())
    with pytest.raises(NotAllowedError):
        queries.entries_of(member.id, organisation_id=htx.id, viewer=member_of(htx, role))

    assert held(session) == 0


@pytest.mark.parametrize(
    "change",
    ["update share_contributions set amount_minor = 1", "delete from share_contributions"],
)
def test_entries_are_only_ever_added(session, member, change):
    ShareFactory(household=member)

    with pytest.raises(DBAPIError):
        session.execute(text(change))


def test_the_book_names_most_first_and_who_is_above_the_cap(htx):
    htx.charter_capital_minor = 10_000_000
    big, small, even = (HouseholdFactory(organisation=htx) for _ in range(3))
    associate = HouseholdFactory(organisation=htx, is_official=False)
    for member, amount in ((big, 3_000_001), (small, 1_000_000), (even, 500), (even, -500)):
        ShareFactory(household=member, amount_minor=amount)
    ShareFactory(household=associate, amount_minor=4_000_000)
    ShareFactory()

    book = queries.share_book(htx.id, viewer=member_of(htx), page=PageRequest(1, 10))

    assert [(row.code, row.share_bps, row.is_above_cap) for row in book.page.rows] == [
        (associate.code, 4_000, False),
        (big.code, 3_000, True),
        (small.code, 1_000, False),
    ]
    assert (book.total_minor, book.holders, book.charter_minor) == (8_000_001, 3, 10_000_000)


def test_without_a_charter_capital_shares_count_against_what_all_hold(htx):
    member = HouseholdFactory(organisation=htx)
    ShareFactory(household=member, amount_minor=1_000)

    book = queries.share_book(htx.id, viewer=member_of(htx), page=PageRequest())

    assert [row.share_bps for row in book.page.rows] == [10_000]
    assert book.charter_minor is None
