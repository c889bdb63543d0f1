"""Changes: keeping a search, naming it, watching it, telling what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import SYSTEM, Actor, Permission, authorize
from marketplace.notifications.operations import notify
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from marketplace.sourcing.searches.errors import (
    SearchNameMissingError,
    SearchTooLongError,
    TooManySearchesError,
)
from marketplace.sourcing.searches.queries import Buyer, find_kept, lock_search
from marketplace.sourcing.searches.rules import (
    LONGEST_NAME,
    LONGEST_QUERY,
    MOST_KEPT,
    Changes,
    Difference,
    changes_between,
    told,
)
from models.accounts import Organisation, User
from models.supply import SavedSearch

SHOWN: Final = 20
"""Sellers that a mail names; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Line:
    """A seller in a mail."""

    name: str
    before_g: int
    now_g: int


def save_search(  # noqa: PLR0913 - what is found comes from elsewhere
    *,
    actor: Actor,
    buyer: Buyer,
    name: str,
    query: str,
    found: Mapping[int, int] | None,
    at: datetime,
) -> SavedSearch:
    """Keep a search and watch it. One that is kept already stays as it is.

    Args:
        actor: who works at the buyer's desk.
        buyer: whose search it is.
        name: how they call it.
        query: its address, in its canonical order.
        found: what each seller has free, in grams; None: nobody has looked yet.
        at: now.

    Raises:
        NotAllowedError: the actor does not work at this buyer's desk.
        SearchNameMissingError: it has no name.
        SearchTooLongError: its address is too long.
        TooManySearchesError: the buyer keeps as many as a buyer may.
    """
    authorize(actor, Permission.SEARCH_KEEP, buyer)
    wanted = _name(name)
    if len(query) > LONGEST_QUERY:
        raise SearchTooLongError
    lock_key("saved-searches", buyer.organisation_id)
    kept = find_kept(buyer, query)
    if kept is not None:
        return kept
    many = session.scalar(
        select(func.count()).where(SavedSearch.organisation_id == buyer.organisation_id)
    )
    if (many or 0) >= MOST_KEPT:
        raise TooManySearchesError
    search = SavedSearch(
        organisation_id=buyer.organisation_id,
        name=wanted,
        query=query,
        is_watched=True,
        found=None if found is None else _as_json(found),
        found_count=len(found or {}),
        looked_at=at,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(search)
    session.flush()
    _record(search, actor, "save", at, after={"name": wanted, "query": query})
    return search


def rename_search(*, actor: Actor, search_id: int, name: str, at: datetime) -> bool:
    """Call a search otherwise.

    Returns:
        Whether anything changed.

    Raises:
        SearchNotFoundError: there is none, or it is another buyer's.
        NotAllowedError: the actor does not work at a buyer's desk.
        SearchNameMissingError: the new name is empty.
    """
    search = lock_search(search_id, actor=actor)
    wanted, before = _name(name), search.name
    if wanted == before:
        return False
    search.name = wanted
    _record(search, actor, "rename", at, before={"name": before}, after={"name": wanted})
    return True


def watch_search(*, actor: Actor, search_id: int, is_watched: bool, at: datetime) -> bool:
    """Begin or stop telling what changes; what changed while nobody watched is not told.

    Returns:
        Whether anything changed.

    Raises:
        SearchNotFoundError: there is none, or it is another buyer's.
        NotAllowedError: the actor does not work at a buyer's desk.
    """
    search = lock_search(search_id, actor=actor)
    if search.is_watched == is_watched:
        return False
    search.is_watched = is_watched
    search.found = None
    _record(search, actor, "watch" if is_watched else "unwatch", at)
    return True


def remove_search(*, actor: Actor, search_id: int, at: datetime) -> None:
    """Keep a search no longer.

    Raises:
        SearchNotFoundError: there is none, or it is another buyer's.
        NotAllowedError: the actor does not work at a buyer's desk.
    """
    search = lock_search(search_id, actor=actor)
    _record(search, actor, "remove", at, before={"name": search.name, "query": search.query})
    session.delete(search)
    session.flush()


def tell_changes(*, search_id: int, found: Mapping[int, int], at: datetime) -> Changes | None:
    """Compare what is found with what was told, and write to who saved the search.

    The first look of all tells nothing. A search that is not watched any more is left alone.

    Args:
        search_id: which.
        found: what each seller has free now, in grams.
        at: now.

    Returns:
        What was told; None if there was nothing to tell.

    Raises:
        SearchNotFoundError: it was removed meanwhile.
    """
    search = lock_search(search_id, actor=SYSTEM)
    if not search.is_watched:
        return None
    search.looked_at, search.found_count = at, len(found)
    if search.found is None:
        search.found = _as_json(found)
        return None
    before = {int(seller): grams for seller, grams in search.found.items()}
    changes = changes_between(before, found)
    if not changes:
        return None
    search.found = _as_json(told(before, changes))
    _write(search, changes, at)
    return changes


def _write(search: SavedSearch, changes: Changes, at: datetime) -> None:
    """One mail to who saved the search, or to the directors if they have left."""
    code, kinds = _code_of(search), (changes.came, changes.more, changes.less, changes.went)
    names = _names([each.seller_id for kind in kinds for each in kind[:SHOWN]])
    came, more, less, went = ([_line(each, names) for each in kind[:SHOWN]] for kind in kinds)
    for reader in _readers(search):
        notify(
            key=f"saved-search:{search.id}:{int(at.timestamp())}:{reader.id}",
            recipient=reader.email,
            locale=reader.locale,
            template="saved_search_changed",
            at=at,
            person=reader.full_name,
            name=search.name,
            came=came,
            more=more,
            less=less,
            went=went,
            others=len(changes.all) - sum(len(kind[:SHOWN]) for kind in kinds),
            address=f"/mua-hang/{code}/nguon-hang" + (f"?{search.query}" if search.query else ""),
            kept=f"/mua-hang/{code}/nguon-hang/da-luu",
        )


def _readers(search: SavedSearch) -> list[User]:
    saver = session.get(User, search.created_by_id)
    is_there = accounts.is_member(
        user_id=search.created_by_id, organisation_id=search.organisation_id
    )
    if saver is not None and saver.disabled_at is None and is_there:
        return [saver]
    return list(accounts.directors_of(search.organisation_id))


def _code_of(search: SavedSearch) -> str:
    return session.scalars(
        select(Organisation.code).where(Organisation.id == search.organisation_id)
    ).one()


def _names(seller_ids: list[int]) -> dict[int, str]:
    rows = session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(seller_ids))
    )
    return {row.id: row.name for row in rows}


def _line(each: Difference, names: Mapping[int, str]) -> Line:
    return Line(names.get(each.seller_id, ""), each.before_g, each.now_g)


def _name(text: str) -> str:
    name = " ".join(text.split())[:LONGEST_NAME]
    if not name:
        raise SearchNameMissingError(field="name")
    return name


def _as_json(found: Mapping[int, int]) -> dict[str, int]:
    return {str(seller): grams for seller, grams in sorted(found.items())}


def _record(  # noqa: PLR0913 - the two sides of a change
    search: SavedSearch,
    actor: Actor,
    doing: str,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        actor=actor,
        action=f"sourcing.{doing}_search",
        subject_kind="saved_search",
        subject_id=search.id,
        at=at,
        before=before,
        after=after,
    )
