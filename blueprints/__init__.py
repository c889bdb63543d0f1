"""HTTP: a request in, one call into the marketplace, a response out."""

from typing import Final

from flask import Blueprint, Flask

from blueprints import (
    assets,
    compression,
    contracting,
    cookies,
    csrf,
    deeds,
    desks,
    errors,
    formatting,
    forms,
    headers,
    kept,
    locale,
    navigation,
    paging,
    places,
    quoting,
    security,
    sourcing,
    states,
    words,
)
from blueprints.account import account
from blueprints.alliance import alliance
from blueprints.cart import cart
from blueprints.checkout import checkout
from blueprints.contracts import contracts
from blueprints.cooperative import cooperative
from blueprints.enterprise import enterprise
from blueprints.helping import helping
from blueprints.joining import joining
from blueprints.operator import operator
from blueprints.storefront import storefront
from blueprints.system import system
from blueprints.trace import trace

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    account,
    alliance,
    cart,
    checkout,
    contracts,
    cooperative,
    enterprise,
    helping,
    joining,
    operator,
    storefront,
    system,
    trace,
)
"""Every group of pages, one a line."""

FRAME: Final = (
    compression,  # what is added first runs last on the way out
    cookies,
    headers,
    locale,
    assets,
    formatting,
    states,
    words,
    sourcing,
    quoting,
    contracting,
    deeds,
    places,
    paging,
    csrf,
    security,
    navigation,
    kept,
    forms,
    desks,
    errors,
)
"""What every page stands in, in the order in which it is set up."""


def register_blueprints(app: Flask) -> None:
    """Mount every page and endpoint, and what they all share."""
    for part in FRAME:
        part.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
