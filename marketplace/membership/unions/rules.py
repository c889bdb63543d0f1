"""How a cooperative comes into a union and leaves it."""

from typing import Final

from marketplace.kernel.states import StateMachine
from models.unions import UnionMembershipState

MEMBERSHIP: Final = StateMachine(
    "union_membership",
    {
        UnionMembershipState.PROPOSED: {
            UnionMembershipState.ACTIVE,
            UnionMembershipState.DECLINED,
        },
        UnionMembershipState.ACTIVE: {UnionMembershipState.ENDED},
        UnionMembershipState.ENDED: (),
        UnionMembershipState.DECLINED: (),
    },
)

ENOUGH_SELLERS: Final = 3
"""From so many members that sold, a union sees what they sold together; of fewer, one of them
could work out what another one sold."""
