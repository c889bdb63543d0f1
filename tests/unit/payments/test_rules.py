"""What the facts of a payment mean."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments.rules import (
    PAYMENT_STATES,
    CashFacts,
    RefundFact,
    TransferFacts,
    classify,
    compute_state,
)
from models.payments import BankLineOutcome, CashState, PaymentState, RefundReason

STANDING = TransferFacts(amount=867_000)
SENT = True
DUE = False


def back(reason, minor, *, is_sent=DUE):
    return RefundFact(reason, minor, is_sent)


class TestComputeState:
    @pytest.mark.parametrize(
        ("facts", "state"),
        [
            (STANDING, PaymentState.AWAITING),
            (replace(STANDING, received=800_000), PaymentState.UNDERPAID),
            (replace(STANDING, received=867_000), PaymentState.PAID),
            (
                replace(
                    STANDING,
                    received=900_000,
                    refunds=(back(RefundReason.OVERPAID, 33_000),),
                ),
                PaymentState.OVERPAID,
            ),
            (
                replace(
                    STANDING,
                    received=900_000,
                    refunds=(back(RefundReason.OVERPAID, 33_000, is_sent=SENT),),
                ),
                PaymentState.PAID,
            ),
            (
                replace(
                    STANDING,
                    received=1_734_000,
                    refunds=(back(RefundReason.DUPLICATE, 867_000),),
                ),
                PaymentState.OVERPAID,
            ),
            (replace(STANDING, is_expired=True), PaymentState.EXPIRED),
            (
                replace(
                    STANDING,
                    is_expired=True,
                    late=867_000,
                    refunds=(back(RefundReason.LATE, 867_000),),
                ),
                PaymentState.LATE,
            ),
            (
                replace(
                    STANDING,
                    is_expired=True,
                    late=867_000,
                    refunds=(back(RefundReason.LATE, 867_000, is_sent=SENT),),
                ),
                PaymentState.REFUNDED,
            ),
            (
                replace(
                    STANDING,
                    is_expired=True,
                    received=300_000,
                    refunds=(back(RefundReason.EXPIRED, 300_000),),
                ),
                PaymentState.REFUND_DUE,
            ),
            (replace(STANDING, cancelled=867_000), PaymentState.CANCELLED),
            (
                replace(
                    STANDING,
                    cancelled=867_000,
                    received=867_000,
                    refunds=(back(RefundReason.CANCELLED, 867_000),),
                ),
                PaymentState.REFUND_DUE,
            ),
            (
                replace(
                    STANDING,
                    cancelled=867_000,
                    received=867_000,
                    refunds=(back(RefundReason.CANCELLED, 867_000, is_sent=SENT),),
                ),
                PaymentState.REFUNDED,
            ),
            (
                replace(
                    STANDING,
                    cancelled=200_000,
                    received=867_000,
                    refunds=(back(RefundReason.CANCELLED, 200_000),),
                ),
                PaymentState.REFUND_DUE,
            ),
            (
                replace(
                    STANDING,
                    cancelled=200_000,
                    received=867_000,
                    refunds=(back(RefundReason.CANCELLED, 200_000, is_sent=SENT),),
                ),
                PaymentState.PAID,
            ),
        ],
    )
    def test_names_what_the_facts_of_a_transfer_amount_to(self, facts, state):
        assert compute_state(facts) == state

    @pytest.mark.parametrize(
        ("parts", "state"),
        [
            ((CashState.EXPECTED,), PaymentState.CASH_EXPECTED),
            ((CashState.COLLECTED, CashState.EXPECTED), PaymentState.CASH_EXPECTED),
            ((CashState.COLLECTED, CashState.CANCELLED), PaymentState.CASH_COLLECTED),
            ((CashState.COLLECTED, CashState.REMITTED), PaymentState.CASH_COLLECTED),
            ((CashState.REMITTED, CashState.CANCELLED), PaymentState.REMITTED),
            ((CashState.CANCELLED, CashState.CANCELLED), PaymentState.CANCELLED),
        ],
    )
    def test_of_cash_is_that_of_the_part_furthest_behind(self, parts, state):
        assert compute_state(CashFacts(parts)) == state


class TestClassify:
    @pytest.mark.parametrize(
        ("facts", "minor", "outcome"),
        [
            (STANDING, 867_000, BankLineOutcome.EXACT),
            (STANDING, 866_999, BankLineOutcome.UNDER),
            (STANDING, 867_001, BankLineOutcome.OVER),
            (replace(STANDING, received=800_000), 67_000, BankLineOutcome.EXACT),
            (replace(STANDING, received=800_000), 70_000, BankLineOutcome.OVER),
            (replace(STANDING, received=867_000), 1, BankLineOutcome.DUPLICATE),
            (replace(STANDING, is_expired=True), 867_000, BankLineOutcome.LATE),
            (replace(STANDING, cancelled=867_000), 867_000, BankLineOutcome.LATE),
            (replace(STANDING, cancelled=200_000), 667_000, BankLineOutcome.EXACT),
        ],
    )
    def test_compares_with_what_is_missing(self, facts, minor, outcome):
        assert classify(facts, minor) == outcome


# --- a life of a payment: whatever happens, the table of states has a way for it ---------------

EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("credit"), st.integers(1, 600)),
        st.tuples(st.just("cancel"), st.sampled_from([0, 1])),
        st.tuples(st.just("expire"), st.just(0)),
        st.tuples(st.just("send"), st.integers(0, 5)),
    ),
    max_size=12,
)
PARTS = (200, 300)
GOES_BACK = {
    BankLineOutcome.OVER: RefundReason.OVERPAID,
    BankLineOutcome.DUPLICATE: RefundReason.DUPLICATE,
}


def owe_excess(facts, reason):
    if not facts.excess:
        return facts
    return replace(facts, refunds=(*facts.refunds, back(reason, facts.excess)))


def credited(facts, minor):
    outcome = classify(facts, minor)
    if outcome == BankLineOutcome.LATE:
        late = replace(facts, late=facts.late + minor)
        return replace(late, refunds=(*late.refunds, back(RefundReason.LATE, minor)))
    received = replace(facts, received=facts.received + minor)
    return owe_excess(received, GOES_BACK.get(outcome, RefundReason.OVERPAID))


def after(facts, event, value, cancelled):
    if event == "credit":
        return credited(facts, value)
    if event == "cancel" and value not in cancelled and not facts.is_expired:
        cancelled.add(value)
        less = replace(facts, cancelled=facts.cancelled + PARTS[value])
        return owe_excess(less, RefundReason.CANCELLED)
    if event == "expire" and not facts.is_closed and not facts.is_covered:
        return owe_excess(replace(facts, is_expired=True), RefundReason.EXPIRED)
    due = [index for index, each in enumerate(facts.refunds) if not each.is_sent]
    if event == "send" and due:
        refunds = list(facts.refunds)
        chosen = due[value % len(due)]
        refunds[chosen] = replace(refunds[chosen], is_sent=True)
        return replace(facts, refunds=tuple(refunds))
    return facts


@given(EVENTS)
def test_every_life_of_a_payment_goes_along_the_table(events):
    facts = TransferFacts(amount=sum(PARTS))
    state, cancelled = compute_state(facts), set()
    for event, value in events:
        facts = after(facts, event, value, cancelled)
        new = compute_state(facts)
        assert new == state or PAYMENT_STATES.can(state, new), (state, new, facts)
        state = new


@given(EVENTS)
def test_no_money_is_kept_beyond_what_is_wanted_and_none_is_lost(events):
    facts = TransferFacts(amount=sum(PARTS))
    cancelled = set()
    for event, value in events:
        facts = after(facts, event, value, cancelled)
        going_back = sum(each.minor for each in facts.refunds)
        assert facts.excess == 0
        assert facts.kept + going_back == facts.received + facts.late
        assert 0 <= facts.kept <= facts.wanted


@given(st.integers(1, 10**13), st.integers(1, 10**13), st.integers(0, 10**13))
def test_a_credit_is_exactly_one_thing(amount, minor, received):
    facts = TransferFacts(amount=amount, received=min(received, amount))
    outcome = classify(facts, minor)
    after_it = replace(facts, received=facts.received + minor)
    assert (outcome in {BankLineOutcome.EXACT, BankLineOutcome.UNDER}) == (after_it.excess == 0)
    assert after_it.is_covered == (outcome != BankLineOutcome.UNDER)
