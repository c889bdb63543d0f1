"""Searching for supply, for those who may; and the same answer as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.sourcing.errors import NotVerifiedError
from marketplace.reporting.sourcing.finding import Found, find
from marketplace.reporting.sourcing.offers import Offers, read_offers
from marketplace.reporting.sourcing.search import Search
from marketplace.reporting.sourcing.yard import Yard, yard
from models.accounts import VerificationState


class Buyer(Protocol):
    """Whose desk it is."""

    @property
    def organisation_id(self) -> int:
        """Whose."""

    @property
    def verification(self) -> str:
        """How far the alliance has checked it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found and what is shown of it."""

    yard: Yard
    found: Found
    offers: Offers


def search_supply(
    search: Search, *, buyer: Buyer, actor: Actor, page: PageRequest | None, at: datetime
) -> Answer:
    """Who has free what a buyer searches for.

    Args:
        search: what is asked.
        buyer: on whose desk.
        actor: who asks.
        page: which page of sellers; None: all of them.
        at: now.

    Raises:
        NotAllowedError: the actor neither buys for it nor is of an alliance.
        NotVerifiedError: the alliance has not verified the buyer, or has taken that back.
    """
    require_buyer(buyer, actor=actor)
    known = yard(business_day(at))
    found = find(known, search)
    return Answer(known, found, read_offers(known, search, found, page=page, at=at))


def require_buyer(buyer: Buyer, *, actor: Actor) -> None:
    """Return if a buyer may search for supply.

    Raises:
        NotAllowedError: the actor neither buys for it nor is of an alliance.
        NotVerifiedError: the alliance has not verified the buyer, or has taken that back.
    """
    authorize(actor, Permission.SUPPLY_SEARCH, buyer)
    if buyer.verification != VerificationState.VERIFIED:
        raise NotVerifiedError


def free_by_seller(
    search: Search, *, buyer: Buyer, actor: Actor, at: datetime
) -> Mapping[int, int]:
    """What each seller that fits a search has free, in grams by its id.

    Raises:
        NotAllowedError, NotVerifiedError: see `search_supply`.
    """
    require_buyer(buyer, actor=actor)
    return free_in(yard(business_day(at)), search)


def free_in(known: Yard, search: Search) -> Mapping[int, int]:
    """The same, for nobody in particular, in a yard that was read already."""
    return {known.sellers[owner]: grams for owner, grams in find(known, search).grams.items()}
