"""How sellers keep what they promised by contracts: counted from real deliveries, no stars.

What is promised and when it counts stands in `marketplace.contracts.promises.rules`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import require_reach
from marketplace.contracts.promises.errors import PromisedDeliveryNotFoundError
from marketplace.contracts.promises.queries import facts_of
from marketplace.contracts.promises.rules import Facts, Promise, Verdicts, judged
from marketplace.kernel.clock import business_day
from marketplace.platform.pagination import Page, PageRequest
from marketplace.reporting.promise_rules import PromiseRule, promise_rule_on
from marketplace.reporting.promises import Figure
from models.accounts import Organisation


@dataclass(frozen=True, slots=True)
class PromisedDelivery:
    """A delivery with what was promised, what was done, and whether it was kept."""

    facts: Facts
    verdicts: Verdicts

    @property
    def is_against(self) -> bool:
        """Whether anything about it counts against the seller."""
        return False in self.verdicts.values()

    @property
    def accepted_bps(self) -> int:
        """Which share of what was shipped the buyer took, by weight."""
        accepted = self.facts.accepted_g or 0
        return Figure(accepted, self.facts.shipped_g - accepted).kept_bps

    @property
    def counts(self) -> bool:
        """Whether anything about it is settled yet."""
        return any(verdict is not None for verdict in self.verdicts.values())


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """A seller's deliveries under contracts, of the last `COUNTED_FOR`.

    Attributes:
        deliveries: how many count in anything; `against` how many against the seller.
        contested: how many of them are disputed now.
        figures: by promise; how many deliveries kept it.
        grams: what was accepted, and what was not, of what was shipped and looked at.
        answered_in: the median time to an answer; None if nothing was answered.
    """

    deliveries: int
    against: int
    contested: int
    figures: Mapping[Promise, Figure]
    grams: Figure
    answered_in: timedelta | None

    @property
    def answer_hours(self) -> int | None:
        """The same in hours, rounded up; at least one."""
        if self.answered_in is None:
            return None
        return max(1, -(-int(self.answered_in.total_seconds()) // 3600))


def find_promise(text: str) -> Promise | None:
    """The promise that an address names; None if it names none."""
    return next((promise for promise in Promise if promise == text), None)


def record_of_deliveries(
    organisation: Organisation, *, viewer: Actor, at: datetime
) -> tuple[DeliveryRecord, Sequence[PromisedDelivery]]:
    """A seller's record, and the deliveries behind it, those due last first; two statements.

    Raises:
        NotAllowedError: the viewer neither works for it nor for an alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
    """
    authorize(viewer, Permission.PROMISE_VIEW, organisation)
    require_reach(viewer, organisation)
    deliveries = _counted(facts_of([organisation.id], at=at), at)
    return _record(deliveries), deliveries


def deliveries_behind(
    deliveries: Sequence[PromisedDelivery], promise: Promise | None, page: PageRequest
) -> Page[PromisedDelivery]:
    """The deliveries behind a figure, missed ones first; with None those that count against it."""
    if promise is None:
        found = [each for each in deliveries if each.is_against]
    else:
        found = [each for each in deliveries if each.verdicts[promise] is not None]
        found.sort(key=lambda each: each.verdicts[promise] is not False)
    first = page.offset
    return Page(found[first : first + page.size], page, len(found))


def get_promised_delivery(
    number: str, *, organisation: Organisation, viewer: Actor, at: datetime
) -> PromisedDelivery:
    """One delivery of a seller's record; two statements.

    Raises:
        NotAllowedError: the viewer neither works for the seller nor for an alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
        PromisedDeliveryNotFoundError: no delivery of its record has this number.
    """
    _record_of, deliveries = record_of_deliveries(organisation, viewer=viewer, at=at)
    found = next((each for each in deliveries if each.facts.number == number), None)
    if found is None:
        raise PromisedDeliveryNotFoundError(number=number)
    return found


def public_deliveries(
    organisation_id: int, *, at: datetime
) -> tuple[DeliveryRecord, Sequence[PromisedDelivery], PromiseRule] | None:
    """What everybody may know of a seller's deliveries, with the rule; two statements.

    None while no rule holds, and of fewer deliveries than the rule asks for.
    """
    rule = promise_rule_on(business_day(at))
    if rule is None:
        return None
    deliveries = _counted(facts_of([organisation_id], at=at), at)
    if len(deliveries) < rule.at_least_parts:
        return None
    return _record(deliveries), deliveries, rule


def public_delivery_records(
    organisation_ids: Sequence[int], *, at: datetime
) -> Mapping[int, DeliveryRecord]:
    """The same of several sellers, by their ids; two statements. Who has too few is left out."""
    rule = promise_rule_on(business_day(at))
    if rule is None:
        return {}
    of_seller: dict[int, list[PromisedDelivery]] = {}
    for each in _counted(facts_of(organisation_ids, at=at), at):
        of_seller.setdefault(each.facts.seller_id, []).append(each)
    return {
        one: _record(deliveries)
        for one, deliveries in of_seller.items()
        if len(deliveries) >= rule.at_least_parts
    }


def _counted(found: Sequence[Facts], at: datetime) -> list[PromisedDelivery]:
    every = (PromisedDelivery(facts, judged(facts, at)) for facts in found)
    return [each for each in every if each.counts]


def _record(deliveries: Sequence[PromisedDelivery]) -> DeliveryRecord:
    looked_at = [each.facts for each in deliveries if each.facts.accepted_g is not None]
    seconds = [
        max(0, int((facts.confirmed_at - facts.asked_at).total_seconds()))
        for facts in (each.facts for each in deliveries)
        if facts.confirmed_at is not None and facts.asked_at is not None
    ]
    return DeliveryRecord(
        deliveries=len(deliveries),
        against=sum(each.is_against for each in deliveries),
        contested=sum(each.facts.is_disputed for each in deliveries),
        figures={promise: _figure(deliveries, promise) for promise in Promise},
        grams=Figure(
            sum(facts.accepted_g or 0 for facts in looked_at),
            sum(facts.refused_g for facts in looked_at),
        ),
        answered_in=timedelta(seconds=median(seconds)) if seconds else None,
    )


def _figure(deliveries: Sequence[PromisedDelivery], promise: Promise) -> Figure:
    verdicts = [each.verdicts[promise] for each in deliveries]
    return Figure(verdicts.count(True), verdicts.count(False))
