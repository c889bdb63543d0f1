"""Changes of payments: opening and settling them, cash, refunds and payouts, statements."""

from marketplace.payments.operations.cash import Remittance, collect_cash, remit_cash
from marketplace.payments.operations.lines import (
    apply_credit,
    keep_debit,
    keep_unknown,
    lock_line,
    lock_unknown_line,
    put_to_due,
    refund_due,
    refund_line,
    require_amount,
    resolve_line,
)
from marketplace.payments.operations.outgoing import (
    NewPayout,
    mark_refund_sent,
    record_payout,
)
from marketplace.payments.operations.payment import (
    Settled,
    cancel_part,
    expire_payment,
    give_up_waiting,
    open_payment,
)
from marketplace.payments.operations.statements import StatementFile, add_statement

__all__ = [
    "NewPayout",
    "Remittance",
    "Settled",
    "StatementFile",
    "add_statement",
    "apply_credit",
    "cancel_part",
    "collect_cash",
    "expire_payment",
    "give_up_waiting",
    "keep_debit",
    "keep_unknown",
    "lock_line",
    "lock_unknown_line",
    "mark_refund_sent",
    "open_payment",
    "put_to_due",
    "record_payout",
    "refund_due",
    "refund_line",
    "remit_cash",
    "require_amount",
    "resolve_line",
]
