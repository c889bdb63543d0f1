"""Which lots give how many packs: pure, so that it can be tested without a database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Want:
    """So many packs of a product, each of `pack_g` grams, for one line."""

    line_id: int
    product_id: int
    pack_g: int
    packs: int


class Claim(NamedTuple):
    """A certificate that names plots and holds today: it counts for the lots it reached alone."""

    certificate_id: int
    scheme_code: str
    level: int | None


Claims = frozenset[Claim]
NO_CLAIMS: Claims = frozenset()


@dataclass(frozen=True, slots=True)
class Available:
    """The grams of a lot that nobody has spoken for, and the claims it inherited."""

    lot_id: int
    product_id: int
    grams: int
    claims: Claims = NO_CLAIMS


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
    """What to take for every line, and the lines that come out short.

    Attributes:
        kept: by line id, the claims that every pack of a line has.
        missed: by line id, those that other lots of its product have, which could not fill it.
    """

    takes: tuple[Take, ...]
    short: tuple[Short, ...]
    kept: Mapping[int, Claims] = field(default_factory=dict)
    missed: Mapping[int, Claims] = field(default_factory=dict)

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

    Where some lots have inherited a claim, a line is filled from these if they suffice for all of
    it, so that it keeps the claim; a line that they cannot fill is filled in the usual order and
    keeps none. If that would leave a line short which could be had without looking at claims,
    nobody looks at them.

    Args:
        wants: what the lines ask for.
        lots: in the order in which they are to be used up, first-expired-first.
    """
    asked = sorted(wants, key=lambda want: (-want.pack_g, want.line_id))
    if any(lot.claims for lot in lots):
        found = _spread(asked, lots, with_claims=True)
        if not found.short:
            return found
    return _spread(asked, lots, with_claims=False)


def _spread(asked: Sequence[Want], lots: Sequence[Available], *, with_claims: bool) -> Plan:
    left = {lot.lot_id: lot.grams for lot in lots}
    takes: list[Take] = []
    short: list[Short] = []
    kept: dict[int, Claims] = {}
    missed: dict[int, Claims] = {}
    for want in asked:
        own = [lot for lot in lots if lot.product_id == want.product_id]
        offered = NO_CLAIMS.union(*(lot.claims for lot in own))
        chosen = _with_most_claims(want, own, left) if with_claims else own
        missing = want.packs
        common = offered
        for lot in chosen:
            packs = min(missing, left[lot.lot_id] // want.pack_g)
            if packs:
                grams = packs * want.pack_g
                left[lot.lot_id] -= grams
                missing -= packs
                common &= lot.claims
                takes.append(Take(want.line_id, lot.lot_id, packs, grams))
        if missing:
            short.append(Short(want.line_id, want.packs, want.packs - missing))
        if common:
            kept[want.line_id] = common
        if offered - common:
            missed[want.line_id] = offered - common
    return Plan(tuple(takes), tuple(sorted(short, key=lambda each: each.line_id)), kept, missed)


def _with_most_claims(
    want: Want, own: Sequence[Available], left: Mapping[int, int]
) -> Sequence[Available]:
    """The lots that share the most claims and suffice for the whole line; all lots if none do."""
    sets = {lot.claims for lot in own if lot.claims}
    for claims in sorted(sets, key=lambda each: (-len(each), min(each).certificate_id)):
        within = [lot for lot in own if lot.claims >= claims]
        if sum(left[lot.lot_id] // want.pack_g for lot in within) >= want.packs:
            return within
    return own
