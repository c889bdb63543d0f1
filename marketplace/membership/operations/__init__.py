"""What is done with members: written down, shown, hidden, gone and erased; shares; land."""

from marketplace.membership.operations.areas import AreaFacts, add_area, edit_area
from marketplace.membership.operations.members import (
    add_member,
    edit_member,
    erase_member,
    hide_member,
    leave,
    return_member,
    show_member,
)
from marketplace.membership.operations.plots import (
    PlotFacts,
    add_plot,
    edit_plot,
    retire_plot,
    return_plot,
)
from marketplace.membership.operations.shares import Contribution, record_contribution

__all__ = [
    "AreaFacts",
    "Contribution",
    "PlotFacts",
    "add_area",
    "add_member",
    "add_plot",
    "edit_area",
    "edit_member",
    "edit_plot",
    "erase_member",
    "hide_member",
    "leave",
    "record_contribution",
    "retire_plot",
    "return_member",
    "return_plot",
    "show_member",
]
