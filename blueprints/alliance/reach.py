"""The provinces that the officer's alliance decides about, for what lists and filters offer."""

from blueprints.security import acting_membership
from marketplace.geography import queries as geography
from marketplace.geography.places import Province


def provinces_in_reach() -> dict[str, Province]:
    """By code: all provinces, or the only one that a provincial alliance decides about.

    For pages only, after `acting_as`: what is read and done is narrowed by the marketplace itself.
    """
    own = acting_membership().covers_province_code
    return {each.code: each for each in geography.provinces() if own in {None, each.code}}


def is_national() -> bool:
    """Whether the alliance decides about the whole country."""
    return acting_membership().covers_province_code is None
