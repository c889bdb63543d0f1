"""Double entry in whole đồng, and the revenue facts that go with it.

Owns `ledger_accounts`, `ledger_entries`, `ledger_postings`, `revenue_facts`.

Invariants: the postings of an entry sum to zero in each currency (a deferred trigger checks it at
commit); rows are only ever added; each entry has the natural key of its fact (`ref`), so a fact
is booked once however often it is reported; a delivery's revenue facts are added with its entry.

Words: an *entry* (bút toán) is one fact in money, its *postings* (định khoản) say which accounts
it moves: debit above zero, credit below. What a seller is owed is its account *payable*.
"""
