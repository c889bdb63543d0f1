"""The revenue book equals the ledger, to the đồng and to the second."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.lines import every_line, revenue_lines
from marketplace.reporting.periods import Months
from marketplace.reporting.revenue import Figures, get_revenue_book
from marketplace.reporting.revenue_query import RevenueQuery
from marketplace.workflows.contract_billing import invoice_delivery
from models.accounts import OrganisationKind, Role
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.invoicing import arrived, running
from tests.factories.orders import COMMISSION, FEE, PRICE, QUANTITY
from tests.factories.revenue import deliver
from tests.moments import FIRST_SECOND_OF_NOVEMBER, LAST_SECOND_OF_OCTOBER, MONDAY

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
GOODS = PRICE * QUANTITY


def accountant_of(organisation, role=Role.ACCOUNTANT) -> Actor:
    return Actor(
        user_id=1, organisation_id=organisation.id, kind=OrganisationKind.COOPERATIVE, role=role
    )


def book_of(organisation, first=NOVEMBER, last=NOVEMBER, **cuts):
    query = RevenueQuery(organisation_id=organisation.id, months=Months(first, last), **cuts)
    return get_revenue_book(query, actor=accountant_of(organisation))


def contracted(product):
    """5 t of a product, delivered under a contract and invoiced on Monday: 600,000,000 ₫."""
    delivery = arrived(running(product=product), due_on=MONDAY.date())
    delivery.province_code = "01"
    invoice_delivery(delivery_id=delivery.id, at=MONDAY)
    return delivery


def test_a_delivery_is_in_the_book_with_all_its_parts(session):
    seller = OrganisationFactory()
    deliver(at=MONDAY, organisation=seller)

    book = book_of(seller)

    assert book.totals == Figures(
        line_count=1,
        quantity=QUANTITY,
        grams=1_000,
        gross_minor=GOODS,
        discount_minor=0,
        delivery_minor=FEE,
        commission_minor=COMMISSION,
        net_minor=GOODS + FEE - COMMISSION,
    )
    assert (book.order_count, book.previous_order_count) == (1, 0)
    assert book.outstanding.minor == GOODS + FEE - COMMISSION
    assert book.paid.minor == 0


def test_a_month_ends_at_midnight_in_viet_nam(session):
    seller = OrganisationFactory()
    deliver(at=LAST_SECOND_OF_OCTOBER, organisation=seller)
    deliver(at=FIRST_SECOND_OF_NOVEMBER, organisation=seller)

    book = book_of(seller, OCTOBER, NOVEMBER)

    assert [(row.month, row.figures.line_count) for row in book.months] == [
        (OCTOBER, 1),
        (NOVEMBER, 1),
    ]
    november = book_of(seller)
    assert (november.order_count, november.previous_order_count) == (1, 1)
    assert november.previous.net_minor == november.totals.net_minor


def test_months_without_a_delivery_are_shown_empty(session):
    seller = OrganisationFactory()
    deliver(at=MONDAY, organisation=seller)

    book = book_of(seller, date(2026, 9, 1), NOVEMBER)

    assert [row.figures.line_count for row in book.months] == [0, 0, 1]


def test_the_cuts_add_up_to_the_total_and_open_their_lines(session):
    seller = OrganisationFactory()
    coffee, pepper = ProductFactory.create_batch(2, organisation=seller)
    deliver(at=MONDAY, organisation=seller, lines__product=coffee)
    deliver(at=MONDAY, organisation=seller, lines__product=pepper, province_code="79")
    contracted(pepper)

    book = book_of(seller)

    for cut in (book.products, book.categories, book.provinces, book.channels):
        assert sum((row.figures for row in cut), Figures()) == book.totals
    assert {row.name_vi for row in book.products} == {coffee.name_vi, pepper.name_vi, None}
    assert {row.key: row.figures.line_count for row in book.provinces} == {"01": 2, "79": 1}
    assert {row.key: row.figures.line_count for row in book.channels} == {
        "retail": 2,
        "contract": 1,
    }
    for row in book.products:
        query = RevenueQuery(
            organisation_id=seller.id,
            months=book.query.months,
            product_id=int(row.key) or None,
        )
        if int(row.key):
            opened = revenue_lines(query, actor=accountant_of(seller), page=PageRequest())
            assert opened.totals == row.figures


def test_a_delivery_under_a_contract_is_in_the_book_like_an_order(session):
    product = ProductFactory()
    seller = product.organisation
    deliver(at=MONDAY, organisation=seller)
    delivery = contracted(product)

    book = book_of(seller, channel="contract")

    assert book.totals == Figures(
        line_count=1,
        grams=5_000_000,
        gross_minor=600_000_000,
        commission_minor=12_000_000,
        net_minor=588_000_000,
    )
    assert (book.order_count, book_of(seller).order_count) == (1, 2)
    assert book_of(seller, province_code="01").order_count == 2
    # Nothing of it has come in, so nothing of it is outstanding from the market.
    assert book.outstanding.minor == GOODS + FEE - COMMISSION
    opened = revenue_lines(book.query, actor=accountant_of(seller), page=PageRequest())
    [line] = opened.page.rows
    assert (line.number, line.product_name_vi) == (delivery.number, "Cà phê Robusta nhân xanh")
    assert (line.contract_number is not None, line.figures) == (True, book.totals)


@pytest.mark.parametrize("cut", ["channel", "product_id", "province_code", "category_id"])
def test_a_cut_counts_its_own_orders(session, cut):
    seller = OrganisationFactory()
    product = ProductFactory(organisation=seller)
    deliver(at=MONDAY, organisation=seller, lines__product=product, province_code="79")
    contracted(ProductFactory(organisation=seller))
    value = {
        "channel": "retail",
        "product_id": product.id,
        "province_code": "79",
        "category_id": product.category_id,
    }[cut]

    book = book_of(seller, **{cut: value})

    assert book.order_count == 1
    assert book.totals.line_count == 1


def test_the_book_equals_the_ledger_on_a_random_year(session):
    chance = random.Random(20261122)  # noqa: S311 - the same year every time
    sellers = OrganisationFactory.create_batch(2)
    for _ in range(40):
        at = datetime(2025, 12, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(500_000))
        deliver(
            at=at,
            organisation=chance.choice(sellers),
            province_code=chance.choice(["01", "66", "79"]),
            delivery_minor=chance.choice([0, 25_000, 40_000]),
        )

    for seller in sellers:
        book = book_of(seller, date(2025, 12, 1), NOVEMBER)

        # Neither the months' sums nor the facts: the postings of the entries themselves.
        payable = session.execute(
            text("""
                select coalesce(-sum(p.amount_minor), 0) from ledger_postings p
                join ledger_accounts a on a.id = p.account_id
                where a.code = :code """),
            {"code": f"org:{seller.id}:payable"},
        ).scalar_one()
        commission = session.execute(
            text("""
                select coalesce(-sum(p.amount_minor), 0) from ledger_postings p
                join ledger_accounts a on a.id = p.account_id
                join ledger_entries e on e.id = p.entry_id
                join seller_orders s on e.ref = concat('delivered', chr(58), s.id)
                where a.code = 'market:commission' and s.organisation_id = :id """),
            {"id": seller.id},
        ).scalar_one()
        assert book.totals.net_minor == payable
        assert book.totals.commission_minor == commission
        assert book.outstanding.minor == payable
        months = sum((row.figures for row in book.months), Figures())
        assert months == book.totals


def test_the_lines_come_to_the_same(session):
    seller = OrganisationFactory()
    deliver(at=MONDAY, organisation=seller)
    deliver(at=MONDAY, organisation=OrganisationFactory())
    query = RevenueQuery(organisation_id=seller.id, months=Months(NOVEMBER, NOVEMBER))

    lines = revenue_lines(query, actor=accountant_of(seller), page=PageRequest(size=1))

    assert lines.totals == book_of(seller).totals
    assert (lines.page.total, len(lines.page.rows), lines.order_count) == (2, 1, 1)
    everything = every_line(query, actor=accountant_of(seller))
    assert sum((line.figures for line in everything), Figures()) == lines.totals


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE])
def test_it_is_for_the_director_and_the_accountant(session, role):
    seller = OrganisationFactory()
    query = RevenueQuery(organisation_id=seller.id, months=Months(NOVEMBER, NOVEMBER))

    for read in (
        lambda actor: get_revenue_book(query, actor=actor),
        lambda actor: revenue_lines(query, actor=actor, page=PageRequest()),
        lambda actor: every_line(query, actor=actor),
    ):
        with pytest.raises(NotAllowedError):
            read(accountant_of(seller, role))
        with pytest.raises(NotAllowedError):
            read(accountant_of(OrganisationFactory()))


def test_the_months_sums_cannot_be_written_by_hand(session):
    seller = OrganisationFactory()
    deliver(at=MONDAY, organisation=seller)

    with pytest.raises(Exception, match="permission denied"), session.begin_nested():
        session.execute(text("update revenue_months set net_minor = 0"))

    assert book_of(seller).totals.net_minor == GOODS + FEE - COMMISSION


def test_a_product_can_be_followed_over_five_years(session):
    seller = OrganisationFactory()
    product = ProductFactory(organisation=seller)
    deliver(at=MONDAY, organisation=seller, lines__product=product)

    book = book_of(seller, date(2021, 12, 1), NOVEMBER, product_id=product.id)

    assert (len(book.months), book.order_count, book.previous_order_count) == (60, 1, 0)
