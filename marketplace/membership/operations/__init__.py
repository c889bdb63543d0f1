"""What is done with members: written down, changed, shown and hidden, gone and erased; shares."""

from marketplace.membership.operations.members import (
    add_member,
    edit_member,
    erase_member,
    hide_member,
    leave,
    return_member,
    show_member,
)
from marketplace.membership.operations.shares import Contribution, record_contribution

__all__ = [
    "Contribution",
    "add_member",
    "edit_member",
    "erase_member",
    "hide_member",
    "leave",
    "record_contribution",
    "return_member",
    "show_member",
]
