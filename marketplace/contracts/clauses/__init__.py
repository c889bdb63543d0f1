"""The library of clauses: words that a contract can take over, in both languages, by version.

A version is never changed: contracts keep the words of the day and name the version, and better
words are a new one. The latest version of a clause is offered.
"""

from marketplace.contracts.clauses.library import find_clause, offered

__all__ = ["find_clause", "offered"]
