"""`marketplace ledger verify`: the proof of the books in words."""

import pytest

from marketplace.cli.ledger import PROVED, ledger
from marketplace.kernel.money import vnd
from marketplace.ledger import accounts, operations, rules
from marketplace.ledger.verification import CHECKS
from tests.factories.orders import place, product_in_stock
from tests.factories.payments import pay
from tests.moments import MONDAY


@pytest.fixture
def verify(app, session):
    """Run the command on what the test has booked."""
    return lambda: app.test_cli_runner().invoke(ledger, ["verify"])


def test_says_what_is_proved(verify):
    pay(place(product_in_stock()))

    result = verify()

    assert result.exit_code == 0
    assert "1 entries with 2 postings on 2 accounts, 185,000 ₫ on each side" in result.output
    assert result.output.count("ok     ") == len(CHECKS)
    assert result.output.endswith("The books are sound.\n")


def test_of_empty_books_is_sound(verify):
    assert verify().exit_code == 0


def test_fails_and_names_what_is_wrong(verify):
    operations.post(
        ref="refund:1",
        kind="refund",
        at=MONDAY,
        postings=rules.moved(debit=accounts.BUYER_FUNDS, credit=accounts.BANK, amount=vnd(5)),
    )

    result = verify()

    assert result.exit_code == 1
    assert f"FAULT  not so: {PROVED['not_overdrawn']}; see market:bank" in result.output
    assert "The books are NOT sound: 1 faults." in result.output


def test_has_words_for_every_check():
    assert PROVED.keys() == {check.name for check in CHECKS}
