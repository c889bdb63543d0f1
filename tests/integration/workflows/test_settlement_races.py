"""Statements brought in by two at once, and by processes that are killed on the way."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM
from marketplace.jobs.payments import settle_waiting
from marketplace.kernel.money import vnd
from marketplace.ledger import queries as books
from marketplace.payments.errors import PayoutTooHighError
from marketplace.payments.operations import NewPayout
from marketplace.payments.queries import pending_line_ids
from marketplace.platform.config import ROOT
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.workflows import fulfilment, settlement
from models.ledger import LedgerEntry
from models.notifications import Message
from models.orders import Order, OrderState
from models.payments import BankLine, BankLineOutcome, Payment, PaymentState, Payout
from tests.factories.accounts import member_of, operator
from tests.factories.orders import collecting_account, parts_of, place, product_in_stock
from tests.factories.payments import csv_of, file_of, import_rows, payment_of, row
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

AT_ONCE = 6
TOTAL, SHARE = 185_000, 177_750


@pytest.fixture
def market(committed_database):
    """A committed database with an account to collect on; sound books at the end."""
    with committed_database.app.app_context():
        collecting_account()
        session.commit()
        yield committed_database
        session.rollback()
        assert broken(session) == {}


def all_at_once(market, act):
    """Do `act` in several threads at the same moment; the results, or the errors."""
    started = threading.Barrier(AT_ONCE)

    def run(index):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return act(index)
            except Exception as error:  # noqa: BLE001 - the test looks at all of them
                return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def count(model):
    return session.scalar(select(func.count()).select_from(model))


class TestAtOnce:
    def test_one_file_by_many_people_comes_in_once(self, market):
        lines = [row(1_000 * (number + 1), f"dong {number}") for number in range(20)]

        results = all_at_once(
            market,
            lambda _: (
                settlement.import_statement(actor=SYSTEM, file=file_of(*lines), at=MONDAY).new_count
            ),
        )

        assert sorted(results) == [0] * (AT_ONCE - 1) + [20]
        assert count(BankLine) == 20
        assert settle_waiting() == 0
        assert count(LedgerEntry) == 20

    def test_one_line_settled_by_many_counts_once(self, market):
        order = place(product_in_stock())
        line = row(TOTAL, payment_of(order).reference)
        settlement.import_statement(actor=SYSTEM, file=file_of(line), at=MONDAY)
        session.commit()
        [line_id] = pending_line_ids()
        session.commit()

        results = all_at_once(market, lambda _: settlement.settle_line(line_id=line_id, at=MONDAY))

        assert results == [BankLineOutcome.EXACT] * AT_ONCE
        session.expire_all()
        assert payment_of(order).received_minor == TOTAL
        paid = select(func.count()).select_from(Message)
        assert session.scalar(paid.where(Message.key.startswith("payment_received:"))) == 1

    def test_two_transfers_for_one_order_are_one_payment_and_one_refund(self, market):
        order = place(product_in_stock())
        reference = payment_of(order).reference
        lines = [row(TOTAL, f"{reference} lan {number}") for number in range(AT_ONCE)]
        settlement.import_statement(actor=SYSTEM, file=file_of(*lines), at=MONDAY)
        session.commit()
        ids = pending_line_ids()
        session.commit()

        results = all_at_once(
            market, lambda index: settlement.settle_line(line_id=ids[index], at=MONDAY)
        )

        assert sorted(results) == [BankLineOutcome.DUPLICATE] * (AT_ONCE - 1) + [
            BankLineOutcome.EXACT
        ]

    def test_a_seller_is_not_paid_more_than_it_is_owed(self, market):
        order = place(product_in_stock())
        import_rows(row(TOTAL, payment_of(order).reference))
        [part] = parts_of(order)
        actor = member_of(part.organisation)
        fulfilment.confirm_order(actor=actor, seller_order_id=part.id, at=MONDAY)
        fulfilment.pack_order(actor=actor, seller_order_id=part.id, at=MONDAY)
        fulfilment.hand_over_order(
            actor=actor, seller_order_id=part.id, carrier="Xe nhà", at=MONDAY
        )
        fulfilment.deliver_order(actor=actor, seller_order_id=part.id, at=TUESDAY)
        seller_id, payer = part.organisation_id, operator()
        session.commit()

        results = all_at_once(
            market,
            lambda index: (
                settlement.pay_seller(
                    actor=payer,
                    payout=NewPayout(
                        seller_id, vnd(SHARE), f"key-{index:030}", f"FT{index}", date(2026, 11, 3)
                    ),
                    at=TUESDAY,
                ).amount_minor
            ),
        )

        refused = [result for result in results if isinstance(result, PayoutTooHighError)]
        assert (len(refused), count(Payout)) == (AT_ONCE - 1, 1)
        assert books.payables([seller_id]) == {seller_id: 0}


IMPORT = """
import sys
from pathlib import Path
from marketplace.accounts.permissions import SYSTEM
from marketplace.app import create_app
from marketplace.jobs.payments import settle_waiting
from marketplace.kernel.clock import now
from marketplace.payments.operations import StatementFile
from marketplace.payments.statements.parsing import parse_statement
from marketplace.platform.transaction import transaction
from marketplace.workflows import settlement

with create_app().app_context():
    file = StatementFile("sao-ke.csv", parse_statement(Path(sys.argv[1]).read_bytes()))
    with transaction():
        settlement.import_statement(actor=SYSTEM, file=file, at=now())
    sys.exit(settle_waiting())
"""

POINTS = [
    "settlement.after_lines",
    "settlement.before_commit",
    "settlement.after_unknown",
    "settlement.after_payment",
    "settlement.after_ledger",
    "settlement.after_order",
]


def bring_in(market, file, failpoint=""):
    """Import a file and settle its lines in a process of its own; how that ended."""
    environment = {
        **os.environ,
        "APP_ENV": "test",
        "DATABASE_URL": market.url,
        "SECRET_KEY": "only for tests, where nobody's data is at stake",
        "FAILPOINT": f"{failpoint}:kill" if failpoint else "",
    }
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", IMPORT, str(file)],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
    ).returncode


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_import_is_finished_by_the_next_one(market, tmp_path, point):
    order = place(product_in_stock())
    short = place(product_in_stock())
    file = tmp_path / "sao-ke.csv"
    lines = csv_of(
        row(TOTAL, payment_of(order).reference),
        row(100_000, payment_of(short).reference),
        row(50_000, "khong ro"),
    )
    file.write_text(lines)
    order_id, short_id = order.id, short.id
    session.commit()

    killed = bring_in(market, file, point)

    assert killed == -signal.SIGKILL
    session.rollback()
    assert broken(session) == {}
    session.rollback()
    assert bring_in(market, file) == 0
    assert count(BankLine) == 3
    found = session.execute(select(Payment.order_id, Payment.state)).all()
    states = dict(found)
    assert states == {order_id: PaymentState.PAID, short_id: PaymentState.UNDERPAID}
    assert session.get_one(Order, order_id).state == OrderState.OPEN
    assert books.balance("market:bank") == vnd(TOTAL + 150_000)
