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

    @property
    def helper_organisation_id(self) -> int | None:
        """Their own organisation, if they act for the other one on its behalf."""


def both_sides(actor: Acting | None) -> tuple[int | None, int | None]:
    """Whose person acts, and on behalf of which other organisation, if of one."""
    if actor is None:
        return None, None
    if actor.helper_organisation_id is None:
        return actor.organisation_id, None
    return actor.helper_organisation_id, actor.organisation_id
