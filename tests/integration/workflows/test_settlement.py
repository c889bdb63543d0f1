"""Money finds its order: BNK-01..08, decisions by hand, and what follows from each."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel.money import vnd
from marketplace.ledger import queries as books
from marketplace.ledger.verification import verify
from marketplace.payments.errors import (
    LineSettledError,
    NotUnderpaidError,
    ReasonMissingError,
    UnknownReferenceError,
)
from marketplace.workflows import cancellation, expiry, settlement
from marketplace.workflows.settlement import LineDecision
from models.accounts import Organisation, User
from models.inventory import Hold
from models.ledger import LedgerEntry
from models.notifications import Message
from models.orders import OrderState
from models.payments import (
    BankLine,
    BankLineOutcome,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    member_of,
    operator,
)
from tests.factories.orders import parts_of, place, product_in_stock
from tests.factories.payments import (
    file_of,
    import_rows,
    line_of,
    pay,
    payment_of,
    row,
    unknown_line,
)
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

TOTAL = 185_000
"""One pack of 145.000 and 40.000 delivery."""


@pytest.fixture
def order(session):
    """An order of 185.000 ₫ that waits for its transfer, by somebody with an account."""
    return place(product_in_stock(), actor=acting(UserFactory()))


@pytest.fixture(autouse=True)
def _nothing_is_broken(session):
    yield
    assert broken(session) == {}


def held():
    return books.balance("market:buyer_funds").minor, books.balance("market:suspense").minor


def refunds_of(session, payment):
    rows = session.scalars(select(Refund).where(Refund.payment_id == payment.id))
    return [(refund.reason, refund.amount_minor, refund.state) for refund in rows]


def told(session, template):
    keys = session.scalars(select(Message.key).where(Message.key.startswith(f"{template}:")))
    return len(keys.all())


class TestSettleLine:
    def test_pays_an_order_that_the_line_names_with_the_exact_sum(self, session, order):
        line = pay(order, TOTAL)

        payment = payment_of(order)
        session.refresh(order)
        assert line.outcome == BankLineOutcome.EXACT
        assert (payment.state, payment.received_minor) == (PaymentState.PAID, TOTAL)
        assert (payment.paid_at, order.state) == (MONDAY, OrderState.OPEN)
        assert session.scalars(select(Hold.expires_at)).all() == [None]
        assert held() == (TOTAL, 0)
        assert told(session, "payment_received") == 1

    def test_tells_the_directors_of_a_seller_without_an_address(self, session, order):
        [part] = parts_of(order)
        seller = session.get_one(Organisation, part.organisation_id)
        seller.email = None
        director = MembershipFactory(organisation=seller).user

        pay(order, TOTAL)

        readers = select(Message.recipient).where(Message.key.startswith("order_to_confirm:"))
        assert session.scalars(readers).all() == [director.email]

    def test_waits_for_the_rest_when_it_is_too_little(self, session, order):
        line = pay(order, 100_000)

        payment = payment_of(order)
        session.refresh(order)
        assert line.outcome == BankLineOutcome.UNDER
        assert (payment.state, order.state) == (
            PaymentState.UNDERPAID,
            OrderState.AWAITING_PAYMENT,
        )
        assert order.expires_at is None
        assert told(session, "payment_underpaid") == 1

    def test_completes_it_when_the_rest_comes(self, session, order):
        pay(order, 100_000)

        line = pay(order, 85_000)

        session.refresh(order)
        assert line.outcome == BankLineOutcome.EXACT
        assert (payment_of(order).state, order.state) == (PaymentState.PAID, OrderState.OPEN)
        assert refunds_of(session, payment_of(order)) == []

    def test_owes_what_is_too_much(self, session, order):
        line = pay(order, 200_000)

        session.refresh(order)
        assert line.outcome == BankLineOutcome.OVER
        assert (payment_of(order).state, order.state) == (PaymentState.OVERPAID, OrderState.OPEN)
        assert refunds_of(session, payment_of(order)) == [
            (RefundReason.OVERPAID, 15_000, RefundState.DUE)
        ]
        assert held() == (200_000, 0)

    def test_owes_all_of_a_second_transfer(self, session, order):
        pay(order, TOTAL)

        line = pay(order, TOTAL)

        assert line.outcome == BankLineOutcome.DUPLICATE
        assert payment_of(order).state == PaymentState.OVERPAID
        assert refunds_of(session, payment_of(order)) == [
            (RefundReason.DUPLICATE, TOTAL, RefundState.DUE)
        ]

    def test_owes_all_that_comes_after_the_order_expired(self, session, order):
        expiry.expire_order(order_id=order.id, at=TUESDAY)

        line = pay(order, TOTAL, at=TUESDAY)

        session.refresh(order)
        assert line.outcome == BankLineOutcome.LATE
        assert (payment_of(order).state, order.state) == (PaymentState.LATE, OrderState.EXPIRED)
        assert refunds_of(session, payment_of(order)) == [
            (RefundReason.LATE, TOTAL, RefundState.DUE)
        ]
        assert held() == (0, TOTAL)
        assert told(session, "refund_due") == 1

    def test_owes_all_that_comes_after_the_order_was_cancelled(self, session, order):
        actor = acting(session.get_one(User, order.buyer_user_id))
        cancellation.cancel_order(actor=actor, order_id=order.id, at=MONDAY)

        line = pay(order, TOTAL)

        assert line.outcome == BankLineOutcome.LATE
        assert payment_of(order).state == PaymentState.LATE

    def test_leaves_a_line_without_a_reference_to_a_person(self, session, order):
        line = unknown_line(TOTAL)

        assert (line.outcome, line.payment_id) == (BankLineOutcome.UNKNOWN, None)
        assert held() == (0, TOTAL)
        assert payment_of(order).state == PaymentState.AWAITING

    def test_leaves_a_line_with_two_orders_to_a_person(self, session, order):
        other = place(product_in_stock())
        memo = f"{payment_of(order).reference} va {payment_of(other).reference}"

        import_rows(row(2 * TOTAL, memo))

        assert line_of(memo).outcome == BankLineOutcome.UNKNOWN
        assert held() == (0, 2 * TOTAL)

    def test_finds_a_reference_that_the_bank_has_mangled(self, order):
        reference = payment_of(order).reference
        mangled = f"mbvcb.6789 {reference[:4].lower()} {reference[4:8]}-{reference[8:]} ck"

        import_rows(row(TOTAL, mangled))

        assert line_of(mangled).outcome == BankLineOutcome.EXACT

    def test_takes_no_other_order_for_a_reference_with_a_wrong_character(self, session, order):
        reference = payment_of(order).reference
        wrong = reference[:-1] + ("0" if reference[-1] != "0" else "1")

        import_rows(row(TOTAL, wrong))

        assert line_of(wrong).outcome == BankLineOutcome.UNKNOWN

    def test_books_nothing_for_money_that_went_out(self, session, order):
        import_rows(row(-55_000, "phi dich vu"), row(-TOTAL, f"tra lai {order.number}"))

        assert line_of("phi dich vu").outcome == BankLineOutcome.DEBIT
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 0

    def test_twice_is_once(self, session, order):
        line = pay(order, TOTAL)

        again = settlement.settle_line(line_id=line.id, at=TUESDAY)

        assert again == BankLineOutcome.EXACT
        assert payment_of(order).received_minor == TOTAL
        assert held() == (TOTAL, 0)


class TestImportStatement:
    def test_of_the_same_file_changes_nothing(self, session, order):
        rows = (row(TOTAL, payment_of(order).reference), row(50_000, "khong ro"))
        import_rows(*rows)

        again = import_rows(*rows, at=TUESDAY)

        assert (again.line_count, again.new_count) == (2, 0)
        assert payment_of(order).received_minor == TOTAL
        assert held() == (TOTAL, 50_000)

    def test_of_overlapping_files_takes_each_line_once(self, session, order):
        first, second, third = (row(minor, f"khong ro {minor}") for minor in (1_000, 2_000, 3_000))
        import_rows(first, second)

        overlapping = import_rows(second, third)

        assert overlapping.new_count == 1
        assert held() == (0, 6_000)

    def test_of_two_equal_lines_without_reference_takes_both(self, session, order):
        same = row(50_000, "chuyen tien", reference="")
        import_rows(same)

        both = import_rows(same, same)

        assert both.new_count == 1
        assert held() == (0, 100_000)

    def test_in_another_encoding_changes_nothing(self, session, order):
        line = row(50_000, "Tiền hàng tháng 11", reference="")
        import_rows(line)

        again = settlement.import_statement(
            actor=operator(), file=file_of(line, encoding="utf-16"), at=TUESDAY
        )

        assert again.new_count == 0

    def test_is_refused_to_a_seller(self, session, order):
        seller = member_of(OrganisationFactory())

        with pytest.raises(NotAllowedError):
            settlement.import_statement(actor=seller, file=file_of(row(1_000, "x")), at=MONDAY)

        assert session.scalar(select(func.count()).select_from(BankLine)) == 0

    def test_is_done_by_the_operator(self, session, order):
        actor = operator()

        statement = import_rows(row(1_000, "x"), actor=actor)

        assert (statement.new_count, statement.imported_by_id) == (1, actor.user_id)


class TestAssignLine:
    def test_pays_the_order_that_a_person_found(self, session, order):
        line = unknown_line(TOTAL)

        outcome = settlement.assign_line(
            actor=operator(),
            decision=LineDecision(line.id, "Khách gọi điện, đúng tên và số tiền"),
            order=order.number,
            at=TUESDAY,
        )

        session.refresh(order)
        assert outcome == BankLineOutcome.EXACT
        assert (payment_of(order).state, order.state) == (PaymentState.PAID, OrderState.OPEN)
        assert (line.resolution, line.resolved_at) == (
            "Khách gọi điện, đúng tên và số tiền",
            TUESDAY,
        )
        assert held() == (TOTAL, 0)

    def test_to_an_order_that_expired_makes_it_a_late_payment(self, session, order):
        line = unknown_line(TOTAL)
        expiry.expire_order(order_id=order.id, at=TUESDAY)

        outcome = settlement.assign_line(
            actor=operator(),
            decision=LineDecision(line.id, "Đúng đơn, nhưng đã quá hạn"),
            order=order.number,
            at=TUESDAY,
        )

        assert outcome == BankLineOutcome.LATE
        assert payment_of(order).state == PaymentState.LATE
        assert held() == (0, TOTAL)

    @pytest.mark.parametrize(
        ("reason", "number", "error"),
        [("", None, ReasonMissingError), ("vì", "CM261101-XXXXX", UnknownReferenceError)],
    )
    def test_refuses_what_is_not_said_well(self, order, reason, number, error):
        line = unknown_line(TOTAL)

        with pytest.raises(error):
            settlement.assign_line(
                actor=operator(),
                decision=LineDecision(line.id, reason),
                order=number or order.number,
                at=TUESDAY,
            )

        assert (line.outcome, line.resolved_at) == (BankLineOutcome.UNKNOWN, None)

    def test_is_refused_to_a_seller(self, session, order):
        line = unknown_line(TOTAL)
        seller = member_of(OrganisationFactory())

        with pytest.raises(NotAllowedError):
            settlement.assign_line(
                actor=seller, decision=LineDecision(line.id, "x"), order=order.number, at=TUESDAY
            )

        assert payment_of(order).state == PaymentState.AWAITING

    def test_a_second_time_is_refused(self, order):
        line = unknown_line(TOTAL)
        decision = LineDecision(line.id, "Đúng đơn")
        actor = operator()
        settlement.assign_line(actor=actor, decision=decision, order=order.number, at=TUESDAY)

        with pytest.raises(LineSettledError):
            settlement.assign_line(actor=actor, decision=decision, order=order.number, at=TUESDAY)

        assert payment_of(order).received_minor == TOTAL


class TestReturnLine:
    def test_makes_the_money_due_to_whoever_sent_it(self, session, order):
        line = unknown_line(70_000)

        refund = settlement.return_line(
            actor=operator(), decision=LineDecision(line.id, "Chuyển nhầm"), at=TUESDAY
        )

        assert (refund.reason, refund.amount_minor) == (RefundReason.UNKNOWN, 70_000)
        assert (refund.payment_id, refund.bank_line_id) == (None, line.id)
        assert line.resolved_at == TUESDAY
        assert held() == (0, 70_000)

    def test_then_sent_leaves_nothing_behind(self, session, order):
        line = unknown_line(70_000)
        actor = operator()
        refund = settlement.return_line(
            actor=actor, decision=LineDecision(line.id, "Chuyển nhầm"), at=TUESDAY
        )

        settlement.send_refund(actor=actor, refund_id=refund.id, bank_reference="FT2", at=TUESDAY)

        assert held() == (0, 0)
        assert books.balance("market:bank") == vnd(0)


class TestGiveUpOrder:
    def test_is_refused_to_a_seller(self, session, order):
        pay(order, 100_000)

        with pytest.raises(NotAllowedError):
            settlement.give_up_order(
                actor=member_of(OrganisationFactory()), order_id=order.id, reason="x", at=TUESDAY
            )

        assert payment_of(order).state == PaymentState.UNDERPAID

    def test_gives_the_goods_and_the_money_back(self, session, order):
        pay(order, 100_000)
        actor = operator()

        settlement.give_up_order(actor=actor, order_id=order.id, reason="Hết hẹn", at=TUESDAY)

        session.flush()
        session.refresh(order)
        assert order.state == OrderState.CANCELLED
        assert session.scalars(select(Hold.state)).all() == ["released"]
        assert refunds_of(session, payment_of(order)) == [
            (RefundReason.CANCELLED, 100_000, RefundState.DUE)
        ]
        with pytest.raises(NotUnderpaidError):
            settlement.give_up_order(actor=actor, order_id=order.id, reason="x", at=TUESDAY)


class TestOpenIfCovered:
    def test_opens_nothing_that_is_not_paid(self, session, order):
        assert settlement.open_if_covered(actor=operator(), order_id=order.id, at=MONDAY) is False

    def test_leaves_an_open_order_open(self, session, order):
        pay(order, TOTAL)

        assert settlement.open_if_covered(actor=operator(), order_id=order.id, at=MONDAY) is False
        assert parts_of(order)[0].state == "placed"


def test_the_books_are_sound_after_all_of_it(session, order):
    pay(order, 200_000)
    pay(order, TOTAL)
    unknown_line(70_000)

    assert verify().faults == ()
