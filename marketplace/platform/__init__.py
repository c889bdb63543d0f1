"""What the sub-domains stand on: session, transactions, locks, paging, the queue, settings."""
