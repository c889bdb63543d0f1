"""Contracts that have run their time, looked for every morning."""

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction
from marketplace.workflows import bargaining

log = structlog.get_logger(__name__)


@job("contracts.complete_contracts", cron="20 18 * * *")
def complete_contracts(**_newer: object) -> None:
    """Write down which contracts are completed, each in its own transaction; both sides are told.

    Safe to run twice. One whose deliveries are under way is looked at again the next morning.
    """
    with transaction():
        over = bargaining.contracts_over(now())
    for contract_id in over:
        try:
            with transaction():
                bargaining.complete_contract(contract_id=contract_id, at=now())
        except Exception:
            log.exception("contract not completed", contract_id=contract_id)
