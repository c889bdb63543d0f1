"""What a contract promises in the seller's supply book."""

from collections.abc import Mapping
from datetime import date, datetime

from marketplace.contracts.terms import Terms, first_of
from marketplace.sourcing.supply.holding import promise_what_is_free, release_supply
from models.contracts import Contract
from models.supply import HoldPurpose


def promise_supply(*, contract: Contract, terms: Terms, at: datetime) -> None:
    """Promise what a signed version plans, month by month, as far as it is in the book.

    For whoever signs, and holds the contract already.
    """
    promise_what_is_free(
        reference=contract.number,
        product_id=contract.product_id,
        grams=_by_month(terms),
        at=at,
    )


def give_back_supply(*, contract: Contract, at: datetime) -> None:
    """Promise nothing more. For whoever ends the contract and holds it already."""
    release_supply(purpose=HoldPurpose.CONTRACT, reference=contract.number, at=at)


def _by_month(terms: Terms) -> Mapping[date, int]:
    grams: dict[date, int] = {}
    for each in terms.schedule:
        month = first_of(each.due_on)
        grams[month] = grams.get(month, 0) + each.grams
    return grams
