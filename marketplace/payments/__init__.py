"""What buyers owe and paid: bank transfers, cash at the door, refunds, payouts, the bank's lines.

Owns `payments`, `bank_statements`, `bank_lines`, `cash_collections`, `refunds`, `payouts`.

Invariants: the stored state of a payment is always what `rules.compute_state` says of its facts; a
bank line enters once (its fingerprint) and counts for at most one payment; money that belongs to
no order that still stands is a refund that is due, or waits for a person; a refund never exceeds
what came in.

Words: a *payment* (khoản phải trả) is what one order asks for; a *bank line* (dòng sao kê) is one
line of the bank's account of our money; its *outcome* is what it turned out to be; what is *due*
(chờ hoàn) is to be sent back by the operator. Locks are taken order, then payment.
"""
