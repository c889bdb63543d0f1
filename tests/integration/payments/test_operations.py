"""Payments, cash, refunds and payouts: works, refused to others, twice is once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.bank_errors import AccountHeldError, BankAccountNotFoundError
from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel.money import vnd
from marketplace.kernel.references import is_reference
from marketplace.ledger import queries as books
from marketplace.payments import operations, queries
from marketplace.payments.errors import (
    AmountNotPositiveError,
    BankReferenceMissingError,
    BankReferenceUsedError,
    CashNotCollectedError,
    CashNotFoundError,
    CashSettledError,
    DifferenceUnexplainedError,
    NoCollectingAccountError,
    PaymentNotFoundError,
    PayoutTooHighError,
    RefundNotFoundError,
)
from marketplace.payments.operations import NewPayout, Remittance
from marketplace.workflows import cancellation, expiry, fulfilment, settlement
from models.accounts import Organisation, User
from models.orders import OrderState, PaymentMethod
from models.payments import (
    CashState,
    PaymentState,
    Payout,
    Refund,
    RefundReason,
    RefundState,
)
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    OrganisationFactory,
    UserFactory,
    acting,
    member_of,
    operator,
)
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.orders import OrderFactory, collecting_account, parts_of, place
from tests.factories.orders import product_in_stock as goods
from tests.factories.payments import cash_of, pay, payment_of
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

TOTAL, SHARE = 185_000, 177_750


@pytest.fixture(autouse=True)
def _nothing_is_broken(session):
    yield
    assert broken(session) == {}


@pytest.fixture
def order(session):
    """By transfer, of two sellers, 370.000 ₫ in all, by somebody with an account."""
    return place(goods(), goods(), actor=acting(UserFactory()))


@pytest.fixture
def cash_order(session):
    return place(goods(), payment_method=PaymentMethod.CASH)


def buyer_of(session, order):
    return acting(session.get_one(User, order.buyer_user_id))


def seller_of(session, part):
    return member_of(session.get_one(Organisation, part.organisation_id))


def deliver(session, part):
    actor = seller_of(session, part)
    fulfilment.confirm_order(actor=actor, seller_order_id=part.id, at=MONDAY)
    fulfilment.pack_order(actor=actor, seller_order_id=part.id, at=MONDAY)
    fulfilment.hand_over_order(
        actor=actor, seller_order_id=part.id, carrier="Viettel Post", at=MONDAY
    )
    fulfilment.deliver_order(actor=actor, seller_order_id=part.id, at=TUESDAY)


class TestOpenPayment:
    def test_asks_for_a_transfer_with_a_reference_of_its_own(self, session):
        account = collecting_account()
        first, second = OrderFactory(), OrderFactory()

        payments = [operations.open_payment(order=each, at=MONDAY) for each in (first, second)]

        assert [payment.state for payment in payments] == [PaymentState.AWAITING] * 2
        assert all(is_reference(payment.reference) for payment in payments)
        assert payments[0].reference != payments[1].reference
        assert payments[0].bank_account_id == account.id
        assert payments[0].amount_minor == first.total_minor
        session.rollback()

    def test_needs_an_account_to_collect_on(self, session):
        order = OrderFactory()

        with pytest.raises(NoCollectingAccountError):
            operations.open_payment(order=order, at=MONDAY)
        session.rollback()

    def test_expects_cash_of_each_part(self, session, cash_order):
        [part] = parts_of(cash_order)

        assert payment_of(cash_order).state == PaymentState.CASH_EXPECTED
        assert cash_of(part.id).expected_minor == TOTAL

    def test_refuses_cash_that_is_not_the_total(self, session):
        order = OrderFactory(cash=True)

        with pytest.raises(ValueError, match="not the total"):
            operations.open_payment(order=order, cash_parts=[(1, 1, 5)], at=MONDAY)
        session.rollback()


class TestCancelPart:
    def test_asks_for_nothing_more_when_nothing_was_paid(self, session, order):
        cancellation.cancel_order(actor=buyer_of(session, order), order_id=order.id, at=MONDAY)

        assert payment_of(order).state == PaymentState.CANCELLED
        assert session.scalar(select(func.count()).select_from(Refund)) == 0

    def test_owes_what_was_paid_for_the_part(self, session, order):
        pay(order)
        first, second = parts_of(order)

        cancellation.cancel_part(
            actor=seller_of(session, first),
            seller_order_id=first.id,
            reason="Hết hàng",
            at=TUESDAY,
        )

        [refund] = session.scalars(select(Refund))
        assert (refund.ref, refund.reason, refund.amount_minor) == (
            f"seller-order:{first.id}",
            RefundReason.CANCELLED,
            TOTAL,
        )
        assert payment_of(order).state == PaymentState.REFUND_DUE
        assert second.state == "placed"

    def test_twice_is_once(self, session, order):
        pay(order)
        first, _ = parts_of(order)
        actor = seller_of(session, first)
        for _ in range(2):
            cancellation.cancel_part(
                actor=actor, seller_order_id=first.id, reason="Hết hàng", at=TUESDAY
            )

        operations.cancel_part(order_id=order.id, seller_order_id=first.id, at=TUESDAY)

        assert session.scalar(select(func.count()).select_from(Refund)) == 1

    def test_then_refunded_leaves_the_rest_paid(self, session, order):
        pay(order)
        first, _ = parts_of(order)
        cancellation.cancel_part(
            actor=seller_of(session, first), seller_order_id=first.id, reason="x", at=TUESDAY
        )
        [refund] = session.scalars(select(Refund))

        settlement.send_refund(
            actor=operator(), refund_id=refund.id, bank_reference="FT9", at=TUESDAY
        )

        payment = payment_of(order)
        assert (payment.state, payment.refunded_minor) == (PaymentState.PAID, TOTAL)

    def test_of_all_of_a_paid_order_owes_everything(self, session, order):
        pay(order)

        cancellation.cancel_order(actor=buyer_of(session, order), order_id=order.id, at=TUESDAY)

        assert payment_of(order).state == PaymentState.REFUND_DUE
        due = session.scalar(select(func.sum(Refund.amount_minor)))
        assert due == 2 * TOTAL

    def test_expects_no_cash_any_more(self, session, cash_order):
        [part] = parts_of(cash_order)

        cancellation.cancel_part(
            actor=seller_of(session, part), seller_order_id=part.id, reason="x", at=MONDAY
        )

        assert cash_of(part.id).state == CashState.CANCELLED
        assert payment_of(cash_order).state == PaymentState.CANCELLED

    def test_of_an_order_without_a_payment_is_not_found(self, session):
        with pytest.raises(PaymentNotFoundError):
            operations.cancel_part(order_id=999_999, seller_order_id=1, at=MONDAY)


class TestExpirePayment:
    def test_waits_no_longer(self, session, order):
        expiry.expire_order(order_id=order.id, at=TUESDAY)

        assert payment_of(order).state == PaymentState.EXPIRED

    def test_writes_down_how_it_came_to_that(self, session, order):
        expiry.expire_order(order_id=order.id, at=TUESDAY)
        operations.expire_payment(order_id=order.id, at=TUESDAY)

        steps = session.execute(
            select(StateChange.from_state, StateChange.to_state, StateChange.at).where(
                StateChange.subject_kind == "payment"
            )
        ).all()
        assert [tuple(step) for step in steps] == [("awaiting", "expired", TUESDAY)]


class TestCash:
    def test_is_collected_with_the_delivery_and_remitted_by_the_operator(self, session, cash_order):
        [part] = parts_of(cash_order)
        deliver(session, part)
        assert payment_of(cash_order).state == PaymentState.CASH_COLLECTED

        settlement.remit_cash(actor=operator(), remittance=Remittance(part.id, TOTAL), at=TUESDAY)

        assert cash_of(part.id).state == CashState.REMITTED
        assert payment_of(cash_order).state == PaymentState.REMITTED
        assert books.balance("market:bank") == vnd(TOTAL)

    def test_remitted_twice_is_once(self, session, cash_order):
        [part] = parts_of(cash_order)
        deliver(session, part)
        actor = operator()
        for _ in range(2):
            settlement.remit_cash(actor=actor, remittance=Remittance(part.id, TOTAL), at=TUESDAY)

        with pytest.raises(CashSettledError):
            settlement.remit_cash(actor=actor, remittance=Remittance(part.id, 1, "x"), at=TUESDAY)

        assert books.balance("market:bank") == vnd(TOTAL)
        events = select(AuditEvent).where(AuditEvent.action == "payments.remit_cash")
        assert len(session.scalars(events).all()) == 1

    @pytest.mark.parametrize(
        ("minor", "reason", "error"),
        [
            (TOTAL - 1, "", DifferenceUnexplainedError),
            (TOTAL + 1, " ", DifferenceUnexplainedError),
            (-1, "x", AmountNotPositiveError),
        ],
    )
    def test_that_differs_needs_a_reason(self, session, cash_order, minor, reason, error):
        [part] = parts_of(cash_order)
        deliver(session, part)

        with pytest.raises(error):
            settlement.remit_cash(
                actor=operator(), remittance=Remittance(part.id, minor, reason), at=TUESDAY
            )

        assert cash_of(part.id).state == CashState.COLLECTED

    def test_is_not_remitted_before_it_is_collected(self, session, cash_order):
        [part] = parts_of(cash_order)

        with pytest.raises(CashNotCollectedError):
            settlement.remit_cash(
                actor=operator(), remittance=Remittance(part.id, TOTAL), at=TUESDAY
            )

        assert cash_of(part.id).state == CashState.EXPECTED

    def test_is_not_remitted_by_the_seller(self, session, cash_order):
        [part] = parts_of(cash_order)
        deliver(session, part)

        with pytest.raises(NotAllowedError):
            settlement.remit_cash(
                actor=seller_of(session, part),
                remittance=Remittance(part.id, TOTAL),
                at=TUESDAY,
            )

        assert cash_of(part.id).state == CashState.COLLECTED

    def test_is_not_collected_for_a_transfer(self, session, order):
        [part, _] = parts_of(order)

        for seller_order_id in (part.id, 999_999):
            with pytest.raises(CashNotFoundError):
                operations.collect_cash(seller_order_id=seller_order_id, minor=TOTAL, at=MONDAY)

    def test_is_collected_in_full_or_not_at_all(self, session, cash_order):
        [part] = parts_of(cash_order)

        with pytest.raises(CashSettledError):
            operations.collect_cash(seller_order_id=part.id, minor=TOTAL - 1, at=MONDAY)

        assert cash_of(part.id).state == CashState.EXPECTED


class TestSendRefund:
    @pytest.fixture
    def refund(self, session, order):
        pay(order, 400_000)
        return session.scalars(select(Refund)).one()

    def test_twice_is_once_and_keeps_the_first_reference(self, session, order, refund):
        actor = operator()
        for reference in ("FT1", "FT2"):
            settlement.send_refund(
                actor=actor, refund_id=refund.id, bank_reference=reference, at=TUESDAY
            )

        assert (refund.state, refund.bank_reference) == (RefundState.SENT, "FT1")
        assert payment_of(order).refunded_minor == 30_000
        assert books.balance("market:bank") == vnd(370_000)

    def test_is_refused_to_the_buyer(self, session, order, refund):
        with pytest.raises(NotAllowedError):
            settlement.send_refund(
                actor=buyer_of(session, order),
                refund_id=refund.id,
                bank_reference="FT1",
                at=TUESDAY,
            )

        assert refund.state == RefundState.DUE

    def test_needs_the_banks_reference(self, session, refund):
        with pytest.raises(BankReferenceMissingError):
            settlement.send_refund(
                actor=operator(), refund_id=refund.id, bank_reference=" ", at=TUESDAY
            )

        assert refund.state == RefundState.DUE

    def test_of_nothing_is_not_found(self, session):
        with pytest.raises(RefundNotFoundError):
            settlement.send_refund(
                actor=operator(), refund_id=999_999, bank_reference="x", at=TUESDAY
            )


class TestPaySeller:
    @pytest.fixture
    def seller_id(self, session):
        order = place(goods())
        pay(order)
        [part] = parts_of(order)
        deliver(session, part)
        return part.organisation_id

    def payout(self, seller_id, **values):
        return NewPayout(
            **{
                "organisation_id": seller_id,
                "amount": vnd(SHARE),
                "idempotency_key": "k" * 32,
                "bank_reference": "FT1",
                "paid_on": date(2026, 11, 3),
                **values,
            }
        )

    def test_goes_to_the_main_account_once_it_has_waited(self, session, seller_id):
        owner = session.get_one(Organisation, seller_id)
        account = BankAccountFactory(organisation=owner, created_at=TUESDAY)
        values = {"actor": operator(), "payout": self.payout(seller_id)}

        with pytest.raises(AccountHeldError):
            settlement.pay_seller(at=TUESDAY, **values)
        assert session.scalar(select(Payout)) is None
        payout = settlement.pay_seller(at=TUESDAY + timedelta(days=1), **values)

        assert payout.bank_account_id == account.id

    def test_does_not_go_to_the_account_of_another(self, session, seller_id):
        payout = self.payout(seller_id, bank_account_id=BankAccountFactory().id)

        with pytest.raises(BankAccountNotFoundError):
            settlement.pay_seller(actor=operator(), payout=payout, at=TUESDAY)
        assert session.scalar(select(Payout)) is None

    def test_pays_what_is_owed_once(self, session, seller_id):
        actor = operator()

        rows = [
            settlement.pay_seller(actor=actor, payout=self.payout(seller_id), at=TUESDAY)
            for _ in range(2)
        ]

        assert rows[0].id == rows[1].id
        assert books.payables([seller_id]) == {seller_id: 0}
        assert books.balance("market:bank") == vnd(TOTAL - SHARE)

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"amount": vnd(SHARE + 1)}, PayoutTooHighError),
            ({"amount": vnd(0)}, AmountNotPositiveError),
            ({"bank_reference": " "}, BankReferenceMissingError),
        ],
    )
    def test_refuses_what_is_wrong(self, session, seller_id, values, error):
        with pytest.raises(error):
            settlement.pay_seller(
                actor=operator(), payout=self.payout(seller_id, **values), at=TUESDAY
            )

        assert session.scalar(select(func.count()).select_from(Payout)) == 0

    def test_refuses_a_reference_that_another_payout_has(self, session, seller_id):
        actor = operator()
        settlement.pay_seller(
            actor=actor, payout=self.payout(seller_id, amount=vnd(1_000)), at=TUESDAY
        )

        with pytest.raises(BankReferenceUsedError):
            settlement.pay_seller(
                actor=actor,
                payout=self.payout(seller_id, amount=vnd(1_000), idempotency_key="l" * 32),
                at=TUESDAY,
            )

        assert books.payables([seller_id]) == {seller_id: SHARE - 1_000}

    def test_is_refused_to_the_seller_itself(self, session, seller_id):
        director = member_of(session.get_one(Organisation, seller_id))

        with pytest.raises(NotAllowedError):
            settlement.pay_seller(actor=director, payout=self.payout(seller_id), at=TUESDAY)

        assert books.payables([seller_id]) == {seller_id: SHARE}


class TestPayPage:
    def test_is_hidden_from_others(self, session, order):
        stranger = acting(UserFactory())

        with pytest.raises(PaymentNotFoundError):
            queries.pay_page(order.number, viewer=stranger)
        with pytest.raises(PaymentNotFoundError):
            queries.pay_page("CM261101-XXXXX", viewer=stranger)

    def test_is_shown_to_the_buyer(self, session, order):
        page = queries.pay_page(order.number, viewer=buyer_of(session, order))

        assert (page.missing, page.total) == (vnd(370_000), vnd(370_000))
        assert page.request.payload.startswith("000201010212")
        assert page.order_state == OrderState.AWAITING_PAYMENT


def test_a_seller_of_nothing_is_owed_nothing(session):
    seller = OrganisationFactory()

    assert books.available_for_payout(seller.id) == vnd(0)
    assert queries.seller_order_number(999_999) == ""
