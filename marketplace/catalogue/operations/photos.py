"""The pictures of a product; the first is its cover."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam

from marketplace.accounts.permissions import Actor
from marketplace.catalogue import rules
from marketplace.catalogue.errors import LastPhotoError, PhotoNotFoundError, TooManyPhotosError
from marketplace.catalogue.locks import lock_product
from marketplace.catalogue.offer import refresh_offer
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.rows import Rows, whole
from marketplace.platform.statements import NewRows
from models.catalogue import Product, ProductPhoto
from models.media import FileKind, MediaFile


@dataclass(frozen=True, slots=True)
class Caption:
    """A photo of a product and what it shows, for people who cannot see it."""

    photo_id: int
    alt_vi: str
    alt_en: str = ""


_PHOTOS_ADDED: Final = NewRows(ProductPhoto)
_PHOTOS_OF: Final = Rows(
    ProductPhoto,
    whole(
        ProductPhoto, ProductPhoto.product_id == bindparam("product_id", type_=BigInteger)
    ).order_by(ProductPhoto.position, ProductPhoto.id),
)


def add_photo(  # noqa: PLR0913 - who, where, what, its words, when
    *,
    actor: Actor,
    product_id: int,
    file_id: int,
    at: datetime,
    alt_vi: str = "",
    alt_en: str = "",
) -> ProductPhoto:
    """Put a stored photo behind the others of a product. One that is there already stays once.

    Raises:
        ProductNotFoundError: there is no such product.
        NotAllowedError: the actor does not sell for its cooperative.
        PhotoNotFoundError: the file is no photo of this cooperative.
        TooManyPhotosError: the product has `rules.MAX_PHOTOS`.
    """
    product = lock_product(product_id, actor=actor)
    file = session.get(MediaFile, file_id)
    if (
        file is None
        or file.kind != FileKind.PHOTO
        or file.organisation_id != product.organisation_id
    ):
        raise PhotoNotFoundError(file_id=file_id)
    photos = _photos(product_id)
    for photo in photos:
        if photo.file_id == file_id:
            return photo
    if len(photos) >= rules.MAX_PHOTOS:
        raise TooManyPhotosError(field="file", limit=rules.MAX_PHOTOS)
    photo = ProductPhoto(
        product_id=product_id,
        file_id=file_id,
        alt_vi=alt_vi.strip(),
        alt_en=alt_en.strip(),
        position=photos[-1].position + 1 if photos else 0,
    )
    _PHOTOS_ADDED.write(photo)
    _keep(product, "catalogue.add_photo", photo.id, actor=actor, at=at)
    return photo


def arrange_photos(
    *, actor: Actor, product_id: int, captions: Sequence[Caption], at: datetime
) -> None:
    """Put photos in the order of `captions`, and give each its words.

    Photos that `captions` leaves out (somebody has just added one) follow behind, as they were.

    Raises:
        ProductNotFoundError: there is no such product.
        NotAllowedError: the actor does not sell for its cooperative.
        PhotoNotFoundError: one of them is no photo of the product.
    """
    product = lock_product(product_id, actor=actor)
    before = _photos(product_id)
    left = {photo.id: photo for photo in before}
    order: list[ProductPhoto] = []
    is_changed = False
    for caption in captions:
        photo = left.pop(caption.photo_id, None)
        if photo is None:
            raise PhotoNotFoundError(photo_id=caption.photo_id)
        words = (caption.alt_vi.strip(), caption.alt_en.strip())
        is_changed |= words != (photo.alt_vi, photo.alt_en)
        photo.alt_vi, photo.alt_en = words
        order.append(photo)
    order.extend(left.values())
    if order == before and not is_changed:
        return
    for position, photo in enumerate(order):
        photo.position = position
    _keep(product, "catalogue.arrange_photos", None, actor=actor, at=at)


def remove_photo(*, actor: Actor, product_id: int, photo_id: int, at: datetime) -> None:
    """Take a photo off a product; one that is gone already stays gone. The file is kept.

    Raises:
        ProductNotFoundError: there is no such product.
        NotAllowedError: the actor does not sell for its cooperative.
        LastPhotoError: the product is on the market and would have none left.
    """
    product = lock_product(product_id, actor=actor)
    photos = _photos(product_id)
    photo = next((each for each in photos if each.id == photo_id), None)
    if photo is None:
        return
    if product.is_published and len(photos) == 1:
        raise LastPhotoError
    session.delete(photo)
    _keep(product, "catalogue.remove_photo", photo_id, actor=actor, at=at)


def _photos(product_id: int) -> list[ProductPhoto]:
    return _PHOTOS_OF.all(product_id=product_id)


def _keep(
    product: Product, action: str, photo_id: int | None, *, actor: Actor, at: datetime
) -> None:
    refresh_offer(product.id)
    product.updated_at = at
    record(
        actor=actor,
        action=action,
        subject_kind="product",
        subject_id=product.id,
        at=at,
        after={"photo_id": photo_id} if photo_id else None,
    )
