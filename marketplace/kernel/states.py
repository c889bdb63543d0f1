"""States as tables of allowed transitions."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from marketplace.kernel.errors import ConflictError
from marketplace.kernel.translation import mark


class NotAllowedError(ConflictError):
    """A thing cannot go from the state it is in to the state that was asked for.

    Details: `machine`, `from_state`, `to_state`.
    """

    code = "state.not_allowed"
    message = mark(
        "Trạng thái hiện tại không cho phép làm việc này. "
        "Mời tải lại trang để xem tình hình mới nhất."
    )


class StateMachine:
    """The transitions that one kind of thing may make. Immutable.

    Args:
        name: What the states belong to, e.g. `"order"`; goes into errors and into the history.
        transitions: For **every** state, the states that may follow it; a final state has none.

    Raises:
        ValueError: a state is reachable but has no row of its own.
    """

    __slots__ = ("_transitions", "name")

    name: str
    _transitions: Mapping[str, frozenset[str]]

    def __init__(self, name: str, transitions: Mapping[str, Iterable[str]]) -> None:
        table = {str(state): frozenset(map(str, after)) for state, after in transitions.items()}
        unknown = frozenset[str]().union(*table.values()) - table.keys()
        if unknown:
            raise ValueError(f"{name}: no row for {', '.join(sorted(unknown))}")
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_transitions", MappingProxyType(table))

    def __setattr__(self, attribute: str, value: object) -> None:
        raise AttributeError(f"The state machine {self.name} cannot be changed")

    def __repr__(self) -> str:
        return f"StateMachine({self.name!r})"

    @property
    def states(self) -> tuple[str, ...]:
        """All states, in the order of the table."""
        return tuple(self._transitions)

    def following(self, state: str) -> frozenset[str]:
        """The states that may follow `state`.

        Raises:
            ValueError: there is no such state (a bug, not a refusal).
        """
        try:
            return self._transitions[state]
        except KeyError:
            raise ValueError(f"{self.name} has no state {state!r}") from None

    def can(self, from_state: str, to_state: str) -> bool:
        """Whether `to_state` may follow `from_state` (staying is not a transition)."""
        self.following(to_state)
        return to_state in self.following(from_state)

    def require(self, from_state: str, to_state: str) -> None:
        """Refuse a transition that the table does not allow.

        Raises:
            NotAllowedError: the table does not allow it.
            ValueError: one of the states does not exist.
        """
        if not self.can(from_state, to_state):
            raise NotAllowedError(
                machine=self.name, from_state=str(from_state), to_state=str(to_state)
            )

    def is_final(self, state: str) -> bool:
        """Whether nothing can follow `state`."""
        return not self.following(state)
