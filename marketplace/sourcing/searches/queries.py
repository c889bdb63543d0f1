"""Reads: the searches of a buyer, and those that are watched."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from marketplace.sourcing.searches.errors import SearchNotFoundError
from models.accounts import Organisation, VerificationState
from models.supply import SavedSearch


class Buyer(Protocol):
    """Whose searches they are."""

    @property
    def organisation_id(self) -> int:
        """Of which organisation."""


def searches_of(buyer: Buyer, *, viewer: Actor) -> Sequence[SavedSearch]:
    """The searches that a buyer keeps, the latest first; one statement.

    Raises:
        NotAllowedError: the viewer does not work at this buyer's desk.
    """
    authorize(viewer, Permission.SEARCH_KEEP, buyer)
    return session.scalars(
        select(SavedSearch)
        .where(SavedSearch.organisation_id == buyer.organisation_id)
        .order_by(SavedSearch.id.desc())
    ).all()


def find_kept(buyer: Buyer, query: str) -> SavedSearch | None:
    """The search of a buyer with this address, if it is kept; one statement."""
    return session.scalar(
        select(SavedSearch).where(
            SavedSearch.organisation_id == buyer.organisation_id, SavedSearch.query == query
        )
    )


def get_search(search_id: int, *, viewer: Actor) -> SavedSearch:
    """One search.

    Raises:
        SearchNotFoundError: there is none, or it is another buyer's.
        NotAllowedError: the viewer does not work at a buyer's desk.
    """
    return _own(session.get(SavedSearch, search_id), viewer)


def lock_search(search_id: int, *, actor: Actor) -> SavedSearch:
    """The same, held until the transaction ends.

    Raises:
        SearchNotFoundError: there is none, or it is another buyer's.
        NotAllowedError: the actor does not work at a buyer's desk.
    """
    return _own(lock_one(select(SavedSearch).where(SavedSearch.id == search_id)), actor)


def watched_searches() -> Sequence[tuple[int, str]]:
    """Ids and addresses of the searches that verified buyers watch."""
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.query)
        .join(Organisation, Organisation.id == SavedSearch.organisation_id)
        .where(
            SavedSearch.is_watched,
            Organisation.verification == VerificationState.VERIFIED,
        )
        .order_by(SavedSearch.id)
    )
    return [(search_id, query) for search_id, query in rows]


def _own(search: SavedSearch | None, actor: Actor) -> SavedSearch:
    if search is None or not (actor.is_system or actor.organisation_id == search.organisation_id):
        raise SearchNotFoundError
    authorize(actor, Permission.SEARCH_KEEP, search)
    return search
