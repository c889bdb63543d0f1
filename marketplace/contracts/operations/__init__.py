"""Everything that changes a contract, but signing and what happens under it."""

from marketplace.contracts.operations.ending import (
    cancel_contract,
    complete_contract,
    renew_contract,
    terminate_contract,
)
from marketplace.contracts.operations.making import Source, draft_contract, send_draft
from marketplace.contracts.operations.negotiating import (
    accept_version,
    comment_line,
    decline,
    propose_version,
    withdraw_version,
)

__all__ = [
    "Source",
    "accept_version",
    "cancel_contract",
    "comment_line",
    "complete_contract",
    "decline",
    "draft_contract",
    "propose_version",
    "renew_contract",
    "send_draft",
    "terminate_contract",
    "withdraw_version",
]
