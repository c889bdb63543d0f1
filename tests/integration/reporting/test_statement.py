"""The statement of a contract: reckoned by hand, the same for both sides, to the byte."""

import io
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import openpyxl
import pytest

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.platform.translation import using_locale
from marketplace.reporting.statement import statement_of
from marketplace.reporting.statement_report import statement_file
from models.accounts import OrganisationKind, Role
from models.deliveries import DeliveryDispute, DeliveryState
from models.invoicing import DueKind, DueState
from tests.factories.accounts import OrganisationFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
)
from tests.factories.invoicing import GOODS, DueFactory, InvoiceFactory
from tests.moments import FRIDAY, MONDAY, THURSDAY


def actor(organisation_id, kind=OrganisationKind.COOPERATIVE, role=Role.DIRECTOR):
    return Actor(7, organisation_id, kind, role)


@pytest.fixture
def contract(session):
    """Ten promised: accepted, short, rejected in part, invoiced, paid, called off …"""
    contract = ContractFactory(number="HD1", po_number="PO-7")
    day = date(2026, 11, 1)

    def delivery(number, **values):
        due_on = day + timedelta(days=int(number[2:]))
        return DeliveryFactory(
            contract=contract, number=number, due_from=due_on, due_on=due_on, **values
        )

    whole = delivery("GH1", accepted=True, po_number="PO-7")
    DeliveryLineFactory(delivery=whole, shipped_g=3 * TONNE, accepted_g=3 * TONNE)
    DeliveryLineFactory(delivery=whole, shipped_g=2 * TONNE, accepted_g=2 * TONNE)
    partly = delivery("GH2", accepted=True)
    DeliveryLineFactory(
        delivery=partly,
        shipped_g=5 * TONNE,
        accepted_g=4_200_000,
        short_g=300_000,
        rejected_g=500_000,
        reason="ẩm quá 15 %",
    )
    session.add(
        DeliveryDispute(
            delivery_id=partly.id,
            side="seller",
            text="Cân lại",
            opened_at=MONDAY,
            opened_by_id=contract.created_by_id,
        )
    )
    partly.dispute_open = True
    on_the_way = delivery("GH3", shipped=True)
    DeliveryLineFactory(delivery=on_the_way, shipped_g=4 * TONNE)
    delivery("GH4")
    delivery("GH5", state=DeliveryState.CANCELLED, cancelled_at=MONDAY)
    session.flush()
    first = InvoiceFactory(
        contract=contract,
        delivery=whole,
        number="HDB26-00001",
        bonus_minor=1_000_000,
        deposit_minor=100_000_000,
        retention_minor=30_000_000,
        issued_at=THURSDAY,
    )
    second = InvoiceFactory(
        contract=contract,
        delivery=partly,
        number="HDB26-00002",
        goods_minor=504_000_000,
        penalty_minor=2_000_000,
        issued_at=THURSDAY,
    )
    DueFactory(
        contract=contract,
        invoice=None,
        amount_minor=250_000_000,
        received_minor=250_000_000,
        state=DueState.PAID,
        paid_at=MONDAY,
        reference="CMDC",
    )
    DueFactory(
        contract=contract,
        invoice=first,
        amount_minor=471_000_000,
        received_minor=471_000_000,
        state=DueState.PAID,
        paid_at=FRIDAY,
    )
    DueFactory(
        contract=contract,
        invoice=first,
        kind=DueKind.RETENTION,
        amount_minor=30_000_000,
        due_on=date(2027, 1, 5),
    )
    DueFactory(
        contract=contract,
        invoice=second,
        amount_minor=502_000_000,
        received_minor=2_000_000,
        state=DueState.UNDERPAID,
    )
    return contract


@pytest.fixture
def buyer(contract):
    return actor(contract.buyer_id, OrganisationKind.ENTERPRISE, Role.BUYER)


class TestStatement:
    def test_every_delivery_with_what_became_of_it(self, contract, buyer):
        rows = statement_of(contract, viewer=buyer).rows

        assert [
            (row.number, row.planned_g, row.shipped_g, row.accepted_g, row.short_g, row.rejected_g)
            for row in rows
        ] == [
            ("GH1", 5 * TONNE, 5 * TONNE, 5 * TONNE, 0, 0),
            ("GH2", 5 * TONNE, 5 * TONNE, 4_200_000, 300_000, 500_000),
            ("GH3", 5 * TONNE, 4 * TONNE, None, 0, 0),
            ("GH4", 5 * TONNE, None, None, 0, 0),
            ("GH5", 5 * TONNE, None, None, 0, 0),
        ]
        assert [row.is_disputed for row in rows] == [False, True, False, False, False]

    def test_every_invoice_with_what_came_in(self, contract, buyer):
        first, second, *others = statement_of(contract, viewer=buyer).rows

        assert first.bill.total_minor == GOODS + 1_000_000 - 100_000_000
        assert (first.bill.paid_minor, first.bill.open_minor) == (471_000_000, 30_000_000)
        assert second.bill.total_minor == 502_000_000
        assert (second.bill.paid_minor, second.bill.open_minor) == (2_000_000, 500_000_000)
        assert [row.bill for row in others] == [None] * 3

    def test_the_sums_leave_out_what_was_called_off(self, contract, buyer):
        statement = statement_of(contract, viewer=buyer)
        sums = statement.sums

        assert sums.planned_g == 20 * TONNE
        assert (sums.shipped_g, sums.accepted_g) == (14 * TONNE, 9_200_000)
        assert sums.total_minor == 501_000_000 + 502_000_000
        assert sums.total_minor == sums.paid_minor + sums.open_minor
        assert statement.left_g == 10_800_000

    def test_the_deposit_is_told_apart(self, contract, buyer):
        statement = statement_of(contract, viewer=buyer)

        assert statement.deposit_paid_minor == 250_000_000
        assert statement.deposit_left_minor == 150_000_000
        assert ("", DueKind.DEPOSIT, "CMDC") in [
            (due.invoice, due.kind, due.reference) for due in statement.dues
        ]

    def test_both_sides_read_the_very_same(self, contract, buyer):
        seller = actor(contract.seller_id, role=Role.ACCOUNTANT)

        assert statement_of(contract, viewer=seller) == statement_of(contract, viewer=buyer)

    def test_the_union_that_quoted_reads_it_too(self, contract, buyer):
        union_id = OrganisationFactory(kind=OrganisationKind.UNION).id
        contract.led_by_id = union_id
        union = actor(union_id, OrganisationKind.UNION)

        assert statement_of(contract, viewer=union) == statement_of(contract, viewer=buyer)

    def test_nobody_else_reads_it(self, contract):
        for stranger in (
            actor(contract.seller_id + 100),
            actor(contract.buyer_id + 100, OrganisationKind.ENTERPRISE, Role.BUYER),
            actor(contract.buyer_id, OrganisationKind.ALLIANCE, Role.OFFICER),
        ):
            with pytest.raises(NotAllowedError):
                statement_of(contract, viewer=stranger)

    def test_is_empty_before_the_first_delivery(self, session):
        contract = ContractFactory(agreed=True)
        statement = statement_of(contract, viewer=actor(contract.seller_id))

        assert (statement.rows, statement.dues, statement.version) == ((), (), 0)
        assert statement.sums.open_minor == 0

    def test_two_hundred_deliveries_take_no_more_statements(self, session, statements):
        few, many = ContractFactory(), ContractFactory()
        for contract, count in ((few, 1), (many, 200)):
            deliveries = DeliveryFactory.build_batch(count, contract=contract)
            session.add_all(deliveries)
            session.flush()
        told = []
        for contract in (few, many):
            with statements() as sent:
                told.append(statement_of(contract, viewer=actor(contract.seller_id)))
            assert len(sent) == 3
        assert [len(each.rows) for each in told] == [1, 200]


class TestFile:
    def test_is_the_same_bytes_for_both_sides_in_both_languages(self, contract, buyer):
        seller = actor(contract.seller_id)
        files = []
        for viewer, locale in ((buyer, "vi"), (seller, "en")):
            statement_file.cache_clear()
            with using_locale(locale):
                files.append(statement_file(statement_of(contract, viewer=viewer)))

        assert files[0] == files[1]
        assert files[0][1] == sha256(files[0][0]).hexdigest()

    def test_another_fact_is_another_hash(self, contract, buyer):
        statement = statement_of(contract, viewer=buyer)
        paid_more = replace(
            statement, sums=replace(statement.sums, paid_minor=statement.sums.paid_minor + 1)
        )

        assert statement_file(statement)[1] != statement_file(paid_more)[1]

    def test_its_totals_agree_with_its_rows(self, contract, buyer):
        data, _hash = statement_file(statement_of(contract, viewer=buyer))
        book = openpyxl.load_workbook(io.BytesIO(data))
        _figures, deliveries, dues = book.worksheets
        rows = list(deliveries.iter_rows(values_only=True))
        head, totals = rows[0], rows[6]

        assert book.properties.created.isoformat() == "2026-11-01T09:00:00"
        assert len(rows[1:6]) == 5
        assert totals[4] == 20_000  # kilograms; what was called off is in its row, not in the sum
        assert totals[head.index("Phải trả · To pay")] == 1_003_000_000
        assert {cell for cell in rows[7] if cell} == {"✓"}
        assert [row[3] for row in dues.iter_rows(min_row=2, max_row=2, values_only=True)] != [None]
