"""States of a contract: everything about them that can be known without a database."""

from typing import Final

from marketplace.kernel.states import StateMachine
from models.contracts import ContractState

CONTRACT: Final = StateMachine(
    "contract",
    {
        ContractState.DRAFT: {ContractState.NEGOTIATING, ContractState.CANCELLED},
        ContractState.NEGOTIATING: {ContractState.AGREED, ContractState.CANCELLED},
        ContractState.AGREED: {
            ContractState.NEGOTIATING,
            ContractState.ACTIVE,
            ContractState.CANCELLED,
        },
        ContractState.ACTIVE: {ContractState.COMPLETED, ContractState.TERMINATED},
        ContractState.COMPLETED: (),
        ContractState.TERMINATED: (),
        ContractState.CANCELLED: (),
    },
)
"""A contract. An amendment is no state of it: what is in force goes on while one is negotiated."""

UNSIGNED: Final = (ContractState.DRAFT, ContractState.NEGOTIATING, ContractState.AGREED)
"""Not in force yet: it can still be called off."""
ENDED: Final = (ContractState.COMPLETED, ContractState.TERMINATED, ContractState.CANCELLED)

NUMBER_PREFIX: Final = "HD"
NOTE_MAX: Final = 1000
COMMENT_MAX: Final = 1000
REASON_MAX: Final = 500
WHOLE: Final = "version"
"""The line of a comment about a version as a whole."""
