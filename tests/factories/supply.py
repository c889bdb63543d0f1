"""Months of the supply book."""

from datetime import date

import factory

from models.supply import HoldPurpose, Supply, SupplyHold
from tests.factories.base import Factory
from tests.factories.catalogue import ProductFactory
from tests.moments import MONDAY

MARCH = date(2027, 3, 1)
APRIL = date(2027, 4, 1)


class SupplyFactory(Factory[Supply]):
    """Ten tonnes of a product expected in March 2027, of which nothing is spoken for."""

    class Meta:
        model = Supply

    class Params:
        product = factory.SubFactory(ProductFactory)

    product_id = factory.SelfAttribute("product.id")
    organisation_id = factory.SelfAttribute("product.organisation.id")
    grade = ""
    month = MARCH
    forecast_g = 10_000_000
    held_g = 0
    contracted_g = 0
    updated_at = MONDAY


class SupplyHoldFactory(Factory[SupplyHold]):
    """A tonne of a month kept for a quote; give `supply_id`. The month's own sum is not touched."""

    class Meta:
        model = SupplyHold

    purpose = HoldPurpose.QUOTE
    reference = "BG-1"
    grams = 1_000_000
    created_at = MONDAY
