"""Who acts, as far as the platform needs to know. `marketplace.accounts` says it in full."""

from typing import Protocol


class Acting(Protocol):
    """A person, perhaps for an organisation. None in place of one: the marketplace itself."""

    @property
    def user_id(self) -> int | None:
        """The person; None for a guest."""

    @property
    def organisation_id(self) -> int | None:
        """The organisation they act for, if any."""
