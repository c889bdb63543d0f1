"""States of contracts: everything that can be known without a database."""

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
