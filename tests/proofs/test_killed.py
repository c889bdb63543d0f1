"""The process is killed between two steps; the next start and the same request complete it.

For every failpoint in the code: act, be killed by SIGKILL there, do what was asked once more as the
person would (or let the queue), run the jobs that wait. Then the books, the stock and the mails are
what they would have been without the crash, and every invariant holds.
"""

import ast
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.platform.queue import defer
from marketplace.platform.transaction import transaction
from tests.conftest import CommittedDatabase
from tests.invariants import broken
from tests.proofs import billing_stories, stories
from tests.proofs.crashing import Action, Crasher, act, crasher
from tests.proofs.stories import Facts, Story, facts

ROOT: Final = Path(__file__).parents[2]

BUYING: Final = Story(
    stories.buy,
    {
        "orders open": 1,
        "seller_orders placed": 2,
        "payments cash_expected": 1,
        "cash_collections expected": 2,
        "holds live": 2,
        "carts all": -1,
        "mails order_placed": 1,
        "mails order_new_cash": 2,
    },
)
EXPIRING: Final = Story(
    stories.expire,
    {
        "orders awaiting_payment": -1,
        "orders expired": 1,
        "seller_orders placed": -1,
        "seller_orders cancelled": 1,
        "payments awaiting": -1,
        "payments expired": 1,
        "holds live": -1,
        "holds released": 1,
        "mails order_placed": 1,
        "mails order_expired": 1,
    },
)
ENDING: Final = Story(
    stories.end_a_certificate,
    {
        "certificates verified": -1,
        "certificates expired": 1,
        "mails order_placed": 2,
        "mails buyer_certificate_ended": 1,
    },
)
STATEMENT: Final = Story(
    stories.bring_a_statement,
    {
        "bank_lines exact": 2,
        "bank_lines duplicate": 1,
        "bank_lines unknown": 1,
        "bank_lines debit": 1,
        "orders awaiting_payment": -2,
        "orders open": 2,
        "payments awaiting": -2,
        "payments paid": 1,
        "payments overpaid": 1,
        "refunds duplicate": 1,
        "ledger_entries bank_credit": 4,
        "mails order_placed": 2,
        "mails payment_received": 2,
        "mails refund_due": 1,
    },
)
PAYOUT: Final = Story(
    stories.pay_a_seller,
    {
        "payouts all": 1,
        "ledger_entries payout": 1,
        "mails order_placed": 1,
        "mails payment_received": 1,
        "mails order_to_confirm": 1,
        "mails order_delivered": 1,
        "mails payout_sent": 1,
    },
)
SIGNING: Final = Story(
    stories.sign,
    {
        "contracts agreed": -1,
        "contracts active": 1,
        "contract_signatures buyer": 1,
        "mails contract_to_sign": 3,
        "mails contract_in_force": 2,
    },
)
CALLING_OFF: Final = Story(
    stories.call_off,
    {
        "orders open": -1,
        "orders cancelled": 1,
        "seller_orders placed": -1,
        "seller_orders cancelled": 1,
        "payments paid": -1,
        "payments refund_due": 1,
        "holds live": -1,
        "holds released": 1,
        "refunds cancelled": 1,
        "mails order_placed": 1,
        "mails payment_received": 1,
        "mails order_cancelled": 1,
    },
)
PACKING: Final = Story(
    stories.pack,
    {
        "seller_orders confirmed": -1,
        "seller_orders packed": 1,
        "holds live": -1,
        "holds committed": 1,
        "line_lots all": 1,
        "stock_movements sold": 1,
        "mails order_placed": 1,
    },
)
DELIVERING: Final = Story(
    stories.deliver,
    {
        "orders open": -1,
        "orders completed": 1,
        "seller_orders handed_over": -1,
        "seller_orders delivered": 1,
        "payments cash_expected": -1,
        "payments cash_collected": 1,
        "cash_collections expected": -1,
        "cash_collections collected": 1,
        "ledger_entries delivered": 1,
        "revenue_facts goods": 1,
        "revenue_facts delivery": 1,
        "mails order_placed": 1,
        "mails order_delivered": 1,
    },
)
PHOTO: Final = Story(stories.add_a_photo, {"media_files photo": 1, "product_photos all": 1})
CERTIFICATE: Final = Story(
    stories.claim_a_certificate, {"certificates claimed": 1, "media_files paper": 1}
)
READING: Final = Story(
    stories.read_a_register,
    {
        "register_imports reading": -1,
        "register_imports checked": 1,
        "register_import_rows all": stories.MEMBERS,
    },
)
WRITING: Final = Story(
    stories.write_a_register,
    {
        "register_imports queued": -1,
        "register_imports done": 1,
        "register_import_rows all": -stories.MEMBERS,
        "households household": stories.MEMBERS,
    },
)
WRITING_PLOTS: Final = Story(
    stories.write_a_file_of_plots,
    {
        "register_imports queued": -1,
        "register_imports done": 1,
        "register_import_rows all": -stories.MEMBERS,
        "plots all": stories.MEMBERS,
    },
)
APPROVING: Final = Story(
    stories.approve_an_application,
    {
        "applications submitted": -1,
        "applications approved": 1,
        "organisations cooperative": 1,
        "memberships director": 1,
        "mails application_started": 1,
        "mails application_received": 1,
        "mails application_approved": 1,
    },
)
PAPER: Final = Story(
    stories.bring_a_paper_of_an_application,
    {"media_files paper": 1, "mails application_started": 1},
)
INVOICING: Final = Story(
    billing_stories.accept_by_itself,
    {
        "invoices all": 1,
        "dues awaiting": 3,
        "ledger_entries invoiced": 1,
        "revenue_facts goods": 1,
        "mails invoice_issued": 1,
        "mails delivery_accepted_by_clock": 1,
    },
)
COMPLETING: Final = Story(
    billing_stories.complete_a_contract,
    {
        "refunds cancelled": 1,
        "mails due_refund": 1,
        "contracts active": -1,
        "contracts completed": 1,
        "mails contract_completed": 1,
        "mails deposit_asked": 1,
        "mails invoice_issued": 1,
    },
)
TRANSFERS: Final = Story(
    billing_stories.bring_transfers,
    {
        "bank_lines under": 1,
        "bank_lines exact": 1,
        "bank_lines duplicate": 1,
        "dues awaiting": -2,
        "dues underpaid": 1,
        "dues overpaid": 1,
        "refunds duplicate": 1,
        "ledger_entries bank_credit": 3,
        "ledger_entries due_paid": 2,
        "mails due_underpaid": 1,
        "mails due_refund": 1,
        "mails invoice_issued": 1,
    },
)
MAILS: Final = Story(stories.send_the_mails, {"mails order_placed": 1})

CASES: Final[dict[str, Story]] = {
    "checkout.after_quote": BUYING,
    "checkout.after_order": BUYING,
    "checkout.after_holds": BUYING,
    "checkout.after_payment": BUYING,
    "checkout.after_cart": BUYING,
    "checkout.before_commit": BUYING,
    "expiry.after_expired": EXPIRING,
    "expiry.after_payment": EXPIRING,
    "ending.after_expired": ENDING,
    "settlement.after_lines": STATEMENT,
    "settlement.before_commit": STATEMENT,
    "settlement.after_unknown": STATEMENT,
    "settlement.after_payment": STATEMENT,
    "settlement.after_ledger": STATEMENT,
    "settlement.after_order": STATEMENT,
    "settlement.after_due": TRANSFERS,
    "settlement.after_due_booked": TRANSFERS,
    "billing.after_invoice": INVOICING,
    "billing.after_ledger": INVOICING,
    "billing.after_deposit_closed": COMPLETING,
    "settlement.after_payout": PAYOUT,
    "contracts.after_signature": SIGNING,
    "contracts.after_planned": SIGNING,
    "cancellation.after_cancelled": CALLING_OFF,
    "cancellation.after_payment": CALLING_OFF,
    "cancellation.after_released": CALLING_OFF,
    "fulfilment.after_packed": PACKING,
    "fulfilment.after_stock_left": PACKING,
    "fulfilment.after_delivered": DELIVERING,
    "fulfilment.after_cash": DELIVERING,
    "fulfilment.after_booked": DELIVERING,
    "media.after_photo_files": PHOTO,
    "media.after_paper_file": CERTIFICATE,
    "membership.after_chunk": READING,
    "membership.after_new_members": WRITING,
    "membership.after_new_plots": WRITING_PLOTS,
    "media.after_loose_paper_file": PAPER,
    "onboarding.after_organisation": APPROVING,
    "notifications.after_send": MAILS,
}


@pytest.fixture(scope="module")
def killer() -> Iterator[Crasher]:
    with crasher() as running:
        yield running


def names_in_code() -> list[str]:
    """Every failpoint that the code calls."""
    return [
        ast.literal_eval(node.args[0])
        for top in ("marketplace", "blueprints")
        for path in sorted((ROOT / top).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == failpoint.__name__
    ]


def test_every_failpoint_has_a_case_and_a_name_of_its_own():
    assert Counter(names_in_code()) == Counter(list(CASES))


@pytest.mark.parametrize("name", CASES)
def test_what_was_interrupted_is_completed(committed_database, killer, name):
    app, story = committed_database.app, CASES[name]
    action, before = prepared(committed_database, story)

    ended_by = killer.kill(action, at=name, app=app, url=committed_database.url)

    assert ended_by == signal.SIGKILL
    assert what_is_broken(committed_database) == {}
    start_again(committed_database, action)
    assert end_of(committed_database, before) == story.end


@pytest.mark.parametrize(
    "story",
    list({story.prepare.__name__: story for story in CASES.values()}.values()),
    ids=lambda story: story.prepare.__name__,
)
def test_what_was_not_interrupted_ends_the_same(committed_database, killer, story):
    app = committed_database.app
    action, before = prepared(committed_database, story)

    ended_by = killer.kill(action, at="nowhere", app=app, url=committed_database.url)

    assert ended_by == 0
    start_again(committed_database, action)
    assert end_of(committed_database, before) == story.end


def prepared(database: CommittedDatabase, story: Story) -> tuple[Action, Facts]:
    """Make what the story needs, for good, and say how things stand."""
    with database.app.app_context():
        action = story.prepare(database.app)
        session.commit()
        return action, facts()


def start_again(database: CommittedDatabase, action: Action) -> None:
    """Ask for the same once more, and let a new worker do what waits, the dead one's jobs too."""
    assert act(database.app, action, database.url) < 400
    with database.app.app_context(), transaction():
        # The queue gives a silent worker half a minute; here the half minute is over.
        silent = "update procrastinate_workers set last_heartbeat = now() - interval '1 hour'"
        session.execute(text(silent))
        defer("queue.retry_stalled", timestamp=0)
    act(database.app, Action(job="*"), database.url)
    if jobs_waiting(database):  # what the dead worker had begun was put back at the end
        act(database.app, Action(job="*"), database.url)


def jobs_waiting(database: CommittedDatabase) -> list[tuple]:
    waiting = (
        "select task_name, status::text from procrastinate_jobs "
        "where status <> 'succeeded' and task_name not like 'queue.%'"  # its upkeep, by the clock
    )
    with database.app.app_context():
        return [tuple(row) for row in session.execute(text(waiting))]


def what_is_broken(database: CommittedDatabase) -> dict:
    with database.app.app_context():
        return broken(session)


def end_of(database: CommittedDatabase, before: Facts) -> dict[str, int]:
    """What is different from before, once nothing is broken and no job waits."""
    assert what_is_broken(database) == {}
    assert jobs_waiting(database) == []
    with database.app.app_context():
        after = facts()
    after.subtract(before)
    return {fact: count for fact, count in after.items() if count}
