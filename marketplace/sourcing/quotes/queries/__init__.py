"""Reading quotes: a seller its own, a cooperative its share, a buyer what has been opened."""

from marketplace.sourcing.quotes.queries.joint import (
    JointShare,
    get_share,
    shares_of,
)
from marketplace.sourcing.quotes.queries.opened import (
    AwardedPart,
    AwardView,
    OpenedQuote,
    award_of,
    count_sent,
    offers_opened,
    opened_quotes,
)
from marketplace.sourcing.quotes.queries.own import (
    OwnQuote,
    QuoteRow,
    SentRevision,
    ShareRow,
    own_quote,
    quotes_of,
)
from marketplace.sourcing.quotes.queries.relying import (
    RelyingPart,
    RelyingQuote,
    parts_relying,
    quotes_relying,
)
from marketplace.sourcing.quotes.queries.supply import (
    SupplyChoice,
    UnionMember,
    members_of_union,
    supply_choices,
)

__all__ = [
    "AwardView",
    "AwardedPart",
    "JointShare",
    "OpenedQuote",
    "OwnQuote",
    "QuoteRow",
    "RelyingPart",
    "RelyingQuote",
    "SentRevision",
    "ShareRow",
    "SupplyChoice",
    "UnionMember",
    "award_of",
    "count_sent",
    "get_share",
    "members_of_union",
    "offers_opened",
    "opened_quotes",
    "own_quote",
    "parts_relying",
    "quotes_of",
    "quotes_relying",
    "shares_of",
    "supply_choices",
]
