"""The provinces that the alliance's officer decides about, for lists and filters."""

from marketplace.accounts.permissions import Actor
from marketplace.accounts.reach import province_of
from marketplace.geography import queries as geography
from marketplace.geography.places import Province


def provinces_for(actor: Actor) -> dict[str, Province]:
    """By code: all provinces, or the only one that a provincial alliance decides about."""
    own = province_of(actor)
    return {each.code: each for each in geography.provinces() if own in {None, each.code}}
