"""A contract in words, with the names of its certificates: for pages, papers and letters."""

from collections.abc import Sequence

from marketplace.contracts import differences as contracts
from marketplace.contracts.differences import Difference, Line
from marketplace.contracts.terms import Terms
from marketplace.platform.translation import using_locale
from marketplace.workflows.request_words import scheme_name


def contract_lines(terms: Terms, locale: str) -> Sequence[Line]:
    """Everything that a contract says, in a language."""
    with using_locale(locale):
        return contracts.lines_of(terms, scheme_name=scheme_name)


def contract_differences(before: Terms, after: Terms, locale: str) -> Sequence[Difference]:
    """What two versions of a contract do not say alike, in a language."""
    with using_locale(locale):
        return contracts.differences(before, after, scheme_name=scheme_name)
