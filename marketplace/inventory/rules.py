"""Which lots give how many packs: pure, so that it can be tested without a database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Want:
    """So many packs of a product, each of `pack_g` grams, for one line."""

    line_id: int
    product_id: int
    pack_g: int
    packs: int


@dataclass(frozen=True, slots=True)
class Available:
    """The grams of a lot that nobody has spoken for."""

    lot_id: int
    product_id: int
    grams: int


@dataclass(frozen=True, slots=True)
class Take:
    """Whole packs out of one lot for one line."""

    line_id: int
    lot_id: int
    packs: int
    grams: int


@dataclass(frozen=True, slots=True)
class Short:
    """A line for which the lots do not suffice, and the packs that they would give it."""

    line_id: int
    wanted: int
    available: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What to take for every line, and the lines that come out short."""

    takes: tuple[Take, ...]
    short: tuple[Short, ...]

    @property
    def grams_by_lot(self) -> list[tuple[int, int]]:
        """Each lot once with all that is taken from it, in ascending order of lot id."""
        sums: dict[int, int] = {}
        for take in self.takes:
            sums[take.lot_id] = sums.get(take.lot_id, 0) + take.grams
        return sorted(sums.items())


def plan(wants: Iterable[Want], lots: Sequence[Available]) -> Plan:
    """Spread `wants` over `lots`.

    A pack comes out of one lot, never out of two; a line may need several lots. Lines of one
    product draw on the same grams. Heavier packs choose first: what they leave over still fills
    light ones, hardly ever the other way round.

    Args:
        wants: what the lines ask for.
        lots: in the order in which they are to be used up, first-expired-first.
    """
    left = {lot.lot_id: lot.grams for lot in lots}
    takes: list[Take] = []
    short: list[Short] = []
    for want in sorted(wants, key=lambda want: (-want.pack_g, want.line_id)):
        missing = want.packs
        for lot in lots:
            if lot.product_id != want.product_id or not missing:
                continue
            packs = min(missing, left[lot.lot_id] // want.pack_g)
            if packs:
                grams = packs * want.pack_g
                left[lot.lot_id] -= grams
                missing -= packs
                takes.append(Take(want.line_id, lot.lot_id, packs, grams))
        if missing:
            short.append(Short(want.line_id, want.packs, want.packs - missing))
    return Plan(tuple(takes), tuple(sorted(short, key=lambda each: each.line_id)))
