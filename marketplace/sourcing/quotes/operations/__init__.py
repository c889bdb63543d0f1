"""Changing quotes: writing, sending, sharing, opening, awarding.

Whoever changes anything about a quote holds its request first, so that sending, withdrawing,
opening and awarding go one after the other; then, if goods are concerned, the months of supply.
"""

from marketplace.sourcing.quotes.operations.awarding import (
    Choice,
    Decision,
    Paper,
    award_request,
    close_quotes,
)
from marketplace.sourcing.quotes.operations.drafting import save_draft
from marketplace.sourcing.quotes.operations.opening import ask_for_better, open_quotes
from marketplace.sourcing.quotes.operations.sending import submit_quote, withdraw_quote
from marketplace.sourcing.quotes.operations.sharing import answer_share

__all__ = [
    "Choice",
    "Decision",
    "Paper",
    "answer_share",
    "ask_for_better",
    "award_request",
    "close_quotes",
    "open_quotes",
    "save_draft",
    "submit_quote",
    "withdraw_quote",
]
