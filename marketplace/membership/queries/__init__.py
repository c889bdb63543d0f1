"""Reading the register: pages of members, one member, what they paid in."""

from marketplace.membership.queries.members import (
    Member,
    MemberRow,
    RegisterCounts,
    RegisterFilter,
    RegisterPage,
    Standing,
    counts_of,
    get_member,
    next_code,
    register_page,
)
from marketplace.membership.queries.shares import (
    ShareBook,
    ShareEntry,
    ShareHolder,
    entries_of,
    share_book,
)

__all__ = [
    "Member",
    "MemberRow",
    "RegisterCounts",
    "RegisterFilter",
    "RegisterPage",
    "ShareBook",
    "ShareEntry",
    "ShareHolder",
    "Standing",
    "counts_of",
    "entries_of",
    "get_member",
    "next_code",
    "register_page",
    "share_book",
]
