"""Everything that changes the catalogue."""

from marketplace.catalogue.categories import load_categories
from marketplace.catalogue.offer import refresh_offer, refresh_words_of
from marketplace.catalogue.operations.packs import (
    add_pack,
    change_pack,
    change_price,
    retire_pack,
    return_pack,
)
from marketplace.catalogue.operations.photos import (
    Caption,
    add_photo,
    arrange_photos,
    remove_photo,
)
from marketplace.catalogue.operations.products import create_product, edit_product
from marketplace.catalogue.operations.publication import (
    archive_product,
    publish_product,
    restore_product,
)

__all__ = [
    "Caption",
    "add_pack",
    "add_photo",
    "archive_product",
    "arrange_photos",
    "change_pack",
    "change_price",
    "create_product",
    "edit_product",
    "load_categories",
    "publish_product",
    "refresh_offer",
    "refresh_words_of",
    "remove_photo",
    "restore_product",
    "retire_pack",
    "return_pack",
]
