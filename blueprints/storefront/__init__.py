"""What everybody sees: home, goods, cooperatives, photos, information."""

from flask import Blueprint

storefront = Blueprint("storefront", __name__)

from blueprints.storefront import (  # noqa: E402 - they hang their views here
    certificates,
    cooperatives,
    facts,
    home,
    listing,
    media,
    pages,
    product,
)

__all__ = [
    "certificates",
    "cooperatives",
    "facts",
    "home",
    "listing",
    "media",
    "pages",
    "product",
    "storefront",
]
