"""`marketplace ledger ...`: the books."""

import sys
from typing import Final

import click
from flask.cli import AppGroup

from marketplace.ledger import verification
from marketplace.ledger.verification import Verification
from marketplace.platform.transaction import transaction

PROVED: Final = {
    verification.BALANCED: "every entry sums to zero",
    verification.COMPLETE: "every entry moves at least two accounts",
    verification.DELIVERIES_HAVE_FACTS: "every delivery, and nothing else, has revenue facts",
    verification.PAYABLE: "each seller's revenue is what its deliveries made payable to it",
    verification.COMMISSION: "the commission of each delivery is that of its revenue facts",
    verification.MONTHS: "the months of the revenue book are the sums of their facts",
    verification.RECEIVABLE: "what buyers owe under contracts is what their invoices wait for",
    verification.PENDING: "what sellers wait for is their share of what has not come in",
    verification.NOT_OVERDRAWN: "no account is overdrawn: buyers' money is all there",
}
"""What each check proves, in words."""

ledger = AppGroup("ledger", help="The books.")


@ledger.command()
def verify() -> None:
    """Prove that the books are sound, and say what was looked at; exit with 1 if they are not."""
    with transaction():
        outcome = verification.verify()
    for line in report(outcome):
        click.echo(line)
    if outcome.faults:
        sys.exit(1)


def report(outcome: Verification) -> list[str]:
    """A proof in lines of text."""
    totals = outcome.totals
    looked_at = (
        f"Looked at {totals.entries:,} entries with {totals.postings:,} postings on "
        f"{totals.accounts:,} accounts, {totals.debit_minor:,} ₫ on each side;"
    )
    of_them = (
        f"{totals.facts:,} revenue facts of {totals.sellers:,} sellers, {totals.net_minor:,} ₫ net."
    )
    lines = [
        looked_at,
        of_them,
        "",
        *(f"  {balance.code:<24} {balance.minor:>20,} ₫" for balance in outcome.balances),
        "",
        *(f"ok     {PROVED[name]}" for name in outcome.passed),
        *(
            f"FAULT  not so: {PROVED[fault.name]}; see {', '.join(fault.found)}"
            for fault in outcome.faults
        ),
        "",
    ]
    count = len(outcome.faults)
    verdict = "The books are sound." if not count else f"The books are NOT sound: {count} faults."
    return [*lines, verdict]
