"""Ten deliveries to the đồng, and each thing that money under a contract does."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from marketplace.contracts.terms import Advance, Payment
from marketplace.invoicing.errors import DeliveryNotAcceptedError
from marketplace.kernel.money import vnd
from marketplace.ledger import accounts
from marketplace.ledger import queries as books
from marketplace.ledger.verification import verify
from marketplace.payments.errors import PayoutTooHighError, UnknownReferenceError
from marketplace.payments.operations import NewPayout
from marketplace.workflows import bargaining, settlement
from marketplace.workflows.contract_billing import ask_deposit, close_billing, invoice_delivery
from marketplace.workflows.settlement import LineDecision
from models.accounts import Organisation
from models.catalogue import Product
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryState
from models.invoicing import Due, DueState, Invoice
from models.ledger import LedgerEntry, RevenueFact
from models.notifications import Message
from models.payments import BankLineOutcome, Refund, RefundReason, RefundState
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    member_of,
    operator,
)
from tests.factories.contracts import TONNE, DeliveryFactory, some_terms
from tests.factories.invoicing import (
    Arrived,
    arrived,
    deposit_of,
    dues_of,
    invoiced,
    running,
    transfer,
)
from tests.factories.payments import import_rows, row, unknown_line
from tests.factories.supply import SupplyFactory, SupplyHoldFactory
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY

KG = 1_000


@pytest.fixture(autouse=True)
def _nothing_is_broken(session):
    yield
    assert broken(session) == {}
    assert verify().faults == ()


def balances(contract: Contract) -> dict[str, int]:
    """What stands on the accounts that a contract moves, in đồng."""
    codes = {
        "bank": accounts.BANK,
        "funds": accounts.BUYER_FUNDS,
        "suspense": accounts.SUSPENSE,
        "commission": accounts.COMMISSION,
        "owed": accounts.receivable(contract.buyer_id),
        "pending": accounts.contract_pending(contract.seller_id),
        "payable": accounts.payable(contract.seller_id),
    }
    return {name: minor for name, code in codes.items() if (minor := books.balance(code).minor)}


def figures(invoice: Invoice) -> tuple[int, ...]:
    """Goods, penalty, carried, deposit, retention, total."""
    return (
        invoice.goods_minor,
        invoice.penalty_minor,
        invoice.carried_minor,
        invoice.deposit_minor,
        invoice.retention_minor,
        invoice.total_minor,
    )


def ten_deliveries(contract: Contract) -> list[Delivery]:
    """One short, one regraded, two rejected in part or whole, one late, one wet, one odd."""
    days = [date(2026, 11, 20) + timedelta(days=7 * number) for number in range(10)]
    came: list[tuple[list[Arrived], int]] = [
        ([Arrived()], 0),
        ([Arrived()], 0),
        ([Arrived(4_500 * KG, short=500 * KG)], 0),
        ([Arrived(grade="R2")], 0),
        ([Arrived(3_000 * KG), Arrived(0, rejected=2_000 * KG)], 0),
        ([Arrived()], 4),
        ([Arrived(moisture="15.00")], 0),
        ([Arrived(0, rejected=5_000 * KG)], 0),
        ([Arrived()], 0),
        ([Arrived(3_333_333, grade="R2"), Arrived(1_666_667)], 0),
    ]
    return [
        arrived(contract, *lots, days_late=late, due_on=day)
        for day, (lots, late) in zip(days, came, strict=True)
    ]


# Goods, penalty, carried to the next, from the deposit, kept back, to be paid: by hand.
#  3: 500 kg short, 250 beyond the tolerance: 30,000,000 x 8 %.
#  5: 2,000 kg rejected, 1,750 beyond it: 210,000,000 x 8 %; the deposit's last 36 million.
#  6: four days at 0.5 % of 600 million.
#  7: 5,000 kg x 85 / 87.5 = 4,857.143 kg.
#  8: 4,750 kg missing: 570,000,000 x 8 %, which the ninth has to bear.
# 10: 3,333.333 kg x 116,000 = 386,666,628 and 1,666.667 kg x 120,000 = 200,000,040.
BY_HAND = [
    (600_000_000, 0, 0, 120_000_000, 24_000_000, 480_000_000),
    (600_000_000, 0, 0, 120_000_000, 24_000_000, 480_000_000),
    (540_000_000, 2_400_000, 0, 108_000_000, 21_480_000, 429_600_000),
    (580_000_000, 0, 0, 116_000_000, 23_200_000, 464_000_000),
    (360_000_000, 16_800_000, 0, 36_000_000, 15_360_000, 307_200_000),
    (600_000_000, 12_000_000, 0, 0, 29_400_000, 588_000_000),
    (582_857_160, 0, 0, 0, 29_142_858, 582_857_160),
    (0, 0, 45_600_000, 0, 0, 0),
    (600_000_000, 45_600_000, 0, 0, 27_720_000, 554_400_000),
    (586_666_668, 0, 0, 0, 29_333_333, 586_666_668),
]


class TestTenDeliveries:
    def test_reconcile_to_the_dong(self, session):
        contract = running()
        assert transfer(deposit_of(contract)).outcome == BankLineOutcome.EXACT
        assert balances(contract) == {"bank": 500_000_000, "funds": 500_000_000}

        invoices = [invoiced(delivery) for delivery in ten_deliveries(contract)]

        assert [figures(each) for each in invoices] == BY_HAND
        assert [each.number for each in invoices] == [
            *(f"2026-{number:05d}" for number in range(1, 7)),
            *(f"2027-{number:05d}" for number in range(1, 5)),
        ]
        goods = sum(line[0] for line in BY_HAND)
        penalties = sum(line[1] for line in BY_HAND)
        total = sum(line[5] for line in BY_HAND)
        revenue = goods - penalties
        assert (goods, penalties, revenue) == (5_049_523_828, 76_800_000, 4_972_723_828)
        assert total == revenue - 500_000_000 == 4_472_723_828
        # Two per cent of each line, half a đồng to the even one.
        commission = 99_454_477
        assert balances(contract) == {
            "bank": 500_000_000,
            "commission": commission,
            "owed": total,
            "payable": 490_000_000,
            "pending": total - (commission - 10_000_000),
        }

        for invoice in invoices:
            for due in dues_of(invoice):
                assert transfer(due).outcome == BankLineOutcome.EXACT
                assert due.state == DueState.PAID

        assert balances(contract) == {
            "bank": revenue,
            "commission": commission,
            "payable": revenue - commission,
        }
        facts = session.execute(
            select(
                func.count(),
                func.sum(RevenueFact.gross_minor),
                func.sum(RevenueFact.discount_minor),
                func.sum(RevenueFact.commission_minor),
                func.sum(RevenueFact.net_minor),
                func.sum(RevenueFact.grams),
            ).where(RevenueFact.organisation_id == contract.seller_id)
        ).one()
        assert facts == (
            10,
            goods,
            penalties,
            commission,
            revenue - commission,
            42_500 * KG,
        )

    def test_nothing_is_left_of_the_deposit(self, session):
        contract = running()
        deposit = transfer(deposit_of(contract))
        for delivery in ten_deliveries(contract):
            invoiced(delivery)

        assert close_billing(actor=None, contract_id=contract.id, at=TUESDAY) == 0
        assert session.scalars(select(Refund)).all() == []
        assert deposit.outcome == BankLineOutcome.EXACT


class TestAskDeposit:
    def test_asks_once_before_the_first_delivery(self, session):
        contract = running()
        due = deposit_of(contract)

        assert (due.amount_minor, due.due_on, due.state) == (
            500_000_000,
            MONDAY.date(),
            DueState.AWAITING,
        )
        assert due.ref == f"deposit:{contract.id}"
        assert deposit_of(contract, at=TUESDAY).id == due.id
        assert session.scalar(select(func.count()).select_from(Due)) == 1
        assert session.scalars(select(LedgerEntry)).all() == []

    def test_a_contract_without_a_deposit_asks_for_none(self, session):
        contract = running(payment=some_terms().payment)
        assert ask_deposit(contract_id=contract.id, at=MONDAY) is None

    def test_writes_to_whoever_pays(self, session):
        buyer = OrganisationFactory(enterprise=True)
        reader = MembershipFactory(organisation=buyer).user
        due = deposit_of(running(buyer=buyer))

        message = session.scalars(select(Message)).one()
        assert message.recipient == reader.email
        assert due.reference in message.body_text


class TestInvoiceDelivery:
    def test_says_everything_that_is_printed(self, session):
        contract = running()
        delivery = arrived(contract, Arrived(4_500 * KG, short=500 * KG, moisture="12.50"))
        invoice = invoiced(delivery)

        said = invoice.snapshot
        assert said["seller"]["name"] == "HTX Nông nghiệp Cư M'gar"
        assert said["delivery"]["number"] == delivery.number
        assert said["breach"] == {
            "days_late": 0,
            "late_minor": 0,
            "missing_g": 250 * KG,
            "short_minor": 2_400_000,
            "total_minor": 2_400_000,
            "earlier_minor": 0,
        }
        [line] = said["lines"]
        assert (line["accepted_g"], line["unit_minor"], line["amount_minor"]) == (
            4_500 * KG,
            120_000,
            540_000_000,
        )
        assert [(due["kind"], due["minor"], due["due_on"]) for due in said["dues"]] == [
            ("stage", 357_504_000, "2026-12-05"),
            ("stage", 153_216_000, "2027-01-04"),
            ("retention", 26_880_000, "2027-02-18"),
        ]

    def test_twice_is_once(self, session):
        delivery = arrived(running())
        first = invoiced(delivery)
        assert invoiced(delivery).id == first.id
        assert session.scalar(select(func.count()).select_from(Invoice)) == 1
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1

    def test_is_refused_before_acceptance_and_changes_nothing(self, session):
        delivery = DeliveryFactory(contract=running(), shipped=True)
        with pytest.raises(DeliveryNotAcceptedError):
            invoice_delivery(delivery_id=delivery.id, at=MONDAY)
        assert session.scalars(select(Invoice)).all() == []

    def test_nothing_accepted_and_nothing_breached_gives_no_invoice(self, session):
        contract = running(breach=some_terms().breach)
        delivery = arrived(contract, Arrived(0, rejected=5_000 * KG))
        assert invoice_delivery(delivery_id=delivery.id, at=MONDAY) is None

    def test_an_unpaid_deposit_takes_nothing_off(self, session):
        contract = running()
        deposit_of(contract)
        assert invoiced(arrived(contract)).deposit_minor == 0

    def test_advances_go_between_the_two_alone(self, session):
        contract = running(
            payment=Payment(deposit_bps=2_000),
            advances=(Advance("Phân bón", 50_000_000, MONDAY.date()),),
        )
        first, second = (
            invoiced(arrived(contract, due_on=day))
            for day in (date(2026, 11, 20), date(2026, 11, 27))
        )
        assert (first.advance_minor, second.advance_minor) == (50_000_000, 0)
        assert first.total_minor == 550_000_000
        [due] = dues_of(first)
        transfer(due)
        # All but the commission and what it has from the buyer itself.
        assert balances(contract)["payable"] == 600_000_000 - 12_000_000 - 50_000_000

    def test_an_invoice_never_changes(self, session):
        invoice = invoiced(arrived(running()))
        for change in ("update invoices set total_minor = 1", "delete from invoices"):
            with pytest.raises(DBAPIError), session.begin_nested():
                session.execute(text(change))
        assert session.get_one(Invoice, invoice.id).total_minor == 600_000_000


class TestPaying:
    def test_half_of_a_stage_is_waited_for_and_half_of_it_released(self, session):
        contract = running(commission_bps=300)
        stage, later, kept = dues_of(invoiced(arrived(contract)))
        assert [stage.amount_minor, later.amount_minor, kept.amount_minor] == [
            399_000_000,
            171_000_000,
            30_000_000,
        ]
        line = transfer(stage, 199_500_001)

        assert (line.outcome, stage.state) == (BankLineOutcome.UNDER, DueState.UNDERPAID)
        assert balances(contract) == {
            "bank": 199_500_001,
            "commission": 18_000_000,
            "owed": 400_499_999,
            "payable": 193_515_000,
            "pending": 388_485_000,
        }
        assert transfer(stage, 199_499_999).outcome == BankLineOutcome.EXACT

    def test_what_is_over_goes_back(self, session):
        contract = running()
        stage, *_ = dues_of(invoiced(arrived(contract)))
        line = transfer(stage, stage.amount_minor + 7)

        assert (line.outcome, stage.state) == (BankLineOutcome.OVER, DueState.OVERPAID)
        refund = session.scalars(select(Refund)).one()
        assert (refund.due_id, refund.amount_minor, refund.reason, refund.state) == (
            stage.id,
            7,
            RefundReason.OVERPAID,
            RefundState.DUE,
        )
        settlement.send_refund(
            actor=operator(), refund_id=refund.id, bank_reference="FT99", at=TUESDAY
        )
        session.refresh(stage)
        assert stage.state == DueState.PAID
        assert balances(contract)["bank"] == stage.amount_minor

    def test_the_same_transfer_again_goes_back_whole(self, session):
        stage, *_ = dues_of(invoiced(arrived(running())))
        transfer(stage)
        assert transfer(stage).outcome == BankLineOutcome.DUPLICATE
        assert session.scalars(select(Refund.amount_minor)).all() == [stage.amount_minor]

    def test_a_line_that_names_an_order_and_a_due_waits_for_a_person(self, session):
        contract = running()
        stage, later, _ = dues_of(invoiced(arrived(contract)))
        import_rows(row(5, f"{stage.reference} {later.reference}"))
        assert balances(contract)["suspense"] == 5

    def test_a_person_puts_a_line_to_a_due(self, session):
        contract = running()
        stage, *_ = dues_of(invoiced(arrived(contract)))
        line = unknown_line(stage.amount_minor)

        outcome = settlement.assign_line(
            actor=operator(),
            decision=LineDecision(line.id, "Kế toán gọi điện"),
            order=f" {stage.reference.lower()} ",
            at=TUESDAY,
        )

        assert outcome == BankLineOutcome.EXACT
        assert "suspense" not in balances(contract)
        session.refresh(stage)
        assert stage.state == DueState.PAID

    def test_an_unknown_reference_is_refused(self, session):
        line = unknown_line(1_000)
        with pytest.raises(UnknownReferenceError):
            settlement.assign_line(
                actor=operator(),
                decision=LineDecision(line.id, "thử"),
                order="CM000000000",
                at=TUESDAY,
            )

    def test_a_payout_never_pays_what_has_not_come_in(self, session):
        contract = running(commission_bps=0)
        stage, *_ = dues_of(invoiced(arrived(contract)))

        def payout(minor: int) -> None:
            settlement.pay_seller(
                actor=operator(),
                payout=NewPayout(
                    organisation_id=contract.seller_id,
                    amount=vnd(minor),
                    idempotency_key=f"key-{minor}",
                    bank_reference=f"FT-{minor}",
                    paid_on=TUESDAY.date(),
                ),
                at=TUESDAY,
            )

        with pytest.raises(PayoutTooHighError):
            payout(1)
        transfer(stage)
        with pytest.raises(PayoutTooHighError):
            payout(399_000_001)
        payout(399_000_000)
        assert "payable" not in balances(contract)


class TestEnding:
    def test_ctr_05_in_the_middle_leaves_no_deposit_no_delivery_and_no_supply(self, session):
        contract = running()
        transfer(deposit_of(contract))
        invoice = invoiced(arrived(contract))
        planned, confirmed = (DeliveryFactory(contract=contract) for _ in range(2))
        confirmed.state = DeliveryState.CONFIRMED
        seller = session.get_one(Organisation, contract.seller_id)
        promised = SupplyFactory(
            product=session.get_one(Product, contract.product_id), contracted_g=5 * TONNE
        )
        SupplyHoldFactory(
            supply_id=promised.id,
            purpose="contract",
            reference=contract.number,
            grams=5 * TONNE,
        )

        bargaining.terminate_contract(
            actor=member_of(seller), contract_id=contract.id, reason="Mất mùa", at=TUESDAY
        )

        for delivery in (planned, confirmed):
            session.refresh(delivery)
            assert delivery.state == DeliveryState.CANCELLED
        session.refresh(promised)
        assert promised.contracted_g == 0
        refund = session.scalars(select(Refund)).one()
        assert (refund.amount_minor, refund.reason) == (380_000_000, RefundReason.CANCELLED)
        # What was delivered is still paid.
        for due in dues_of(invoice):
            assert transfer(due).outcome == BankLineOutcome.EXACT
        settlement.send_refund(
            actor=operator(), refund_id=refund.id, bank_reference="FT7", at=TUESDAY
        )
        assert balances(contract) == {
            "bank": 600_000_000,
            "commission": 12_000_000,
            "payable": 588_000_000,
        }


class TestCloseBilling:
    def test_in_the_middle_returns_what_is_left_of_the_deposit(self, session):
        contract = running()
        due = deposit_of(contract)
        transfer(due)
        invoiced(arrived(contract))

        left = close_billing(actor=None, contract_id=contract.id, at=TUESDAY)

        assert left == 380_000_000
        refund = session.scalars(select(Refund)).one()
        assert (refund.amount_minor, refund.reason) == (380_000_000, RefundReason.CANCELLED)
        settlement.send_refund(
            actor=operator(), refund_id=refund.id, bank_reference="FT100", at=TUESDAY
        )
        assert "funds" not in balances(contract)
        assert close_billing(actor=None, contract_id=contract.id, at=TUESDAY) == 0
        assert session.scalar(select(func.count()).select_from(Refund)) == 1
        late = invoiced(arrived(contract, due_on=date(2026, 11, 27)))
        assert late.deposit_minor == 0

    def test_a_deposit_that_never_came_is_not_waited_for(self, session):
        contract = running()
        due = deposit_of(contract)
        assert close_billing(actor=None, contract_id=contract.id, at=TUESDAY) == 0
        assert due.state == DueState.CANCELLED

        line = transfer(due)

        assert line.outcome == BankLineOutcome.LATE
        assert balances(contract) == {"bank": 500_000_000, "suspense": 500_000_000}
        refund = session.scalars(select(Refund)).one()
        settlement.send_refund(
            actor=operator(), refund_id=refund.id, bank_reference="FT101", at=TUESDAY
        )
        assert balances(contract) == {}

    def test_half_a_deposit_goes_back_whole(self, session):
        contract = running()
        due = deposit_of(contract)
        transfer(due, 200_000_000)
        assert close_billing(actor=None, contract_id=contract.id, at=TUESDAY) == 200_000_000
        assert due.state == DueState.CANCELLED
