"""What is in stock, as far as the story needs to know, so that nobody orders what is not there.

It follows the inventory's own rule of which lots are used up first, without asking the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from marketplace.inventory.rules import Available, Plan, Want, plan


@dataclass(slots=True)
class _Lot:
    lot_id: int
    product_id: int
    grams: int
    harvested_on: date
    best_before_on: date | None


@dataclass(slots=True)
class Shelf:
    """Free grams by product and lot."""

    _lots: dict[int, _Lot] = field(default_factory=dict)
    _by_product: dict[int, list[_Lot]] = field(default_factory=dict)

    def put(
        self,
        *,
        lot_id: int,
        product_id: int,
        grams: int,
        harvested_on: date,
        best_before_on: date | None,
    ) -> None:
        """Add a new lot."""
        lot = _Lot(lot_id, product_id, grams, harvested_on, best_before_on)
        self._lots[lot_id] = lot
        own = self._by_product.setdefault(product_id, [])
        own.append(lot)
        own.sort(key=lambda each: (each.best_before_on or date.max, each.harvested_on, each.lot_id))

    def plan(self, wants: Sequence[Want], on: date) -> Plan:
        """Which lots would give these packs on a day."""
        products = {want.product_id for want in wants}
        lots = [
            Available(lot.lot_id, lot.product_id, lot.grams)
            for product_id in sorted(products)
            for lot in self._by_product.get(product_id, ())
            if lot.grams and (lot.best_before_on is None or lot.best_before_on >= on)
        ]
        return plan(wants, lots)

    def take(self, chosen: Plan) -> None:
        """Take what a plan says."""
        for lot_id, grams in chosen.grams_by_lot:
            self._lots[lot_id].grams -= grams

    def give_back(self, chosen: Plan) -> None:
        """Put back what a plan had taken."""
        for lot_id, grams in chosen.grams_by_lot:
            self._lots[lot_id].grams += grams

    def clear(self, lot_id: int) -> int:
        """Throw away what is left of a lot, and say how much that was."""
        left = self._lots[lot_id].grams
        self._lots[lot_id].grams = 0
        return left

    def has(self, product_id: int, grams: int, on: date) -> bool:
        """Whether one lot of a product has `grams` free on a day."""
        return any(
            lot.grams >= grams and (lot.best_before_on is None or lot.best_before_on >= on)
            for lot in self._by_product.get(product_id, ())
        )
