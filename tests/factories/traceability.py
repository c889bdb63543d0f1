"""Lots, with stock behind them."""

from datetime import date
from typing import Any

import factory

from models.inventory import LotStock, MovementKind, StockMovement
from models.traceability import EventKind, Lot, LotCertificate, LotEvent, LotPhoto
from tests.factories.base import Factory
from tests.factories.media import MediaFileFactory
from tests.moments import MONDAY


class LotFactory(Factory[Lot]):
    """20 kg of a published product, harvested in October 2026 and good for half a year.

    Its stock and the movement that received it are made too: `stock=500` puts another number of
    grams in the store, `stock=False` none at all; `stock__held_g=…` holds some of it for buyers.
    `certificates=[…]` links certificates as in force at harvest.
    """

    class Meta:
        model = Lot

    product = factory.SubFactory("tests.factories.catalogue.ProductFactory")
    organisation = factory.SelfAttribute("product.organisation")
    organisation_id = factory.SelfAttribute("organisation.id")
    product_id = factory.SelfAttribute("product.id")
    code = factory.Sequence("LO-2610-{:03d}".format)
    harvested_on = date(2026, 10, 12)
    packed_on = date(2026, 10, 20)
    best_before_on = date(2027, 4, 20)
    province_code = factory.SelfAttribute("product.province_code")
    commune_code = None
    quantity_g = 20_000
    created_at = MONDAY

    @factory.post_generation
    def stock(lot: Any, create: bool, extracted: int | bool | None, **values: Any) -> None:  # noqa: N805, FBT001
        """Put it into the store."""
        if extracted is False or not create:
            return
        grams = lot.quantity_g if extracted is None else extracted
        LotStockFactory(lot_id=lot.id, product_id=lot.product_id, on_hand_g=grams, **values)
        if grams:
            StockMovementFactory(lot_id=lot.id, grams=grams)

    @factory.post_generation
    def certificates(lot: Any, create: bool, extracted: Any, **_kwargs: Any) -> None:  # noqa: N805, FBT001
        """Say which certificates held at harvest."""
        for certificate in (extracted or ()) if create else ():
            LotCertificateFactory(lot_id=lot.id, certificate_id=certificate.id)


class LotStockFactory(Factory[LotStock]):
    """What is left of a lot; give `lot_id`, `product_id` and `on_hand_g`."""

    class Meta:
        model = LotStock

    held_g = 0


class StockMovementFactory(Factory[StockMovement]):
    """That a lot came into the store; give `lot_id` and `grams`."""

    class Meta:
        model = StockMovement

    kind = MovementKind.RECEIVED
    ref = factory.LazyAttribute(lambda row: f"received:{row.lot_id}")
    at = MONDAY


class LotEventFactory(Factory[LotEvent]):
    """That a lot was harvested; give `lot_id`."""

    class Meta:
        model = LotEvent

    kind = EventKind.HARVESTED
    happened_on = date(2026, 10, 12)
    title_vi = "Hái chín bằng tay"
    title_en = "Picked ripe, by hand"
    recorded_at = MONDAY


class LotPhotoFactory(Factory[LotPhoto]):
    """A picture of a lot; give `lot_id`."""

    class Meta:
        model = LotPhoto

    file = factory.SubFactory(MediaFileFactory)
    file_id = factory.SelfAttribute("file.id")


class LotCertificateFactory(Factory[LotCertificate]):
    """That a certificate was in force for a lot; give both ids."""

    class Meta:
        model = LotCertificate
