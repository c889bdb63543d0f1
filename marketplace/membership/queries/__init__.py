"""Reading the register: pages of members, one member, what they paid in, files brought in."""

from marketplace.membership.queries.imports import Import, get_import, latest_imports
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
    whole_register,
)
from marketplace.membership.queries.shares import (
    ShareBook,
    ShareEntry,
    ShareHolder,
    entries_of,
    share_book,
)

__all__ = [
    "Import",
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
    "get_import",
    "get_member",
    "latest_imports",
    "next_code",
    "register_page",
    "share_book",
    "whole_register",
]
