"""What every page of the operator's desk needs: who is acting, and what waits in the menu."""

from typing import Any

from flask import render_template

from blueprints.security import acting_as
from marketplace.accounts.permissions import Actor
from marketplace.payments.desk import incoming
from models.accounts import OrganisationKind


def acting_operator() -> Actor:
    """The person who is signed in, as staff of the operator.

    Raises:
        NotFoundError: they are not; whether there is such a desk is not theirs to know.
    """
    return acting_as(OrganisationKind.OPERATOR)


def desk_page(template: str, actor: Actor, **values: Any) -> str:  # noqa: ANN401
    """A page of the desk, with the numbers of what waits in its menu.

    Args:
        template: in `templates/operator/`.
        actor: the operator.
        **values: what the template expects.
    """
    waiting = incoming.waiting(viewer=actor)
    counts = {
        "sao-ke": waiting.lines,
        "hoan-tien": waiting.refunds,
        "cod": waiting.cash,
    }
    return render_template(f"operator/{template}", waiting=waiting, desk_counts=counts, **values)
