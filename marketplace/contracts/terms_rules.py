"""Whether terms are sound: every rule by itself, so that a form can say all that is wrong at once.

Two rules need more than the terms: the day, since a law has its time, and that goods and schemes
exist, which whoever writes the terms asks their owners.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from marketplace.contracts import terms_errors as errors
from marketplace.contracts.clauses import find_clause
from marketplace.contracts.law import penalty_cap_bps
from marketplace.contracts.pricing import part_of
from marketplace.contracts.references.goods import find_good
from marketplace.contracts.terms import Calling, Clause, Grade, Planned, Stage, Terms, first_of
from marketplace.kernel.errors import InvalidError
from marketplace.kernel.money import BPS
from marketplace.kernel.quantity import GRAMS_PER_KG
from marketplace.platform.formatting import quantity

OPERATORS: Final = ("at_most", "at_least")
TITLE_MAX: Final = 160
WORDS_MAX: Final = 200
CLAUSE_MAX: Final = 5000
YEARS_MAX: Final = 10
TOTAL_MAX_G: Final = 1_000_000_000_000
TOLERANCE_MAX_BPS: Final = 5000
PRICE_MAX: Final = 10_000_000
MOISTURE_MAX: Final = 60
MOST_GRADES: Final = 12
GRADE_CODE_MAX: Final = 20
GRADE_NAME_MAX: Final = 80
MOST_LIMITS: Final = 12
MOST_DELIVERIES: Final = 200
ACCEPT_HOURS: Final = (1, 336)
MOST_STAGES: Final = 6
STAGE_DAYS_MAX: Final = 180
RETENTION_MAX_BPS: Final = 3000
RETENTION_DAYS_MAX: Final = 365
RATE_MAX_BPS: Final = 2000
MOST_CLAUSES: Final = 40


def require_sound(terms: Terms, *, today: date) -> None:
    """Raise the first thing that is wrong with terms that are written on a day.

    Raises:
        InvalidError: one of `terms_errors`, with the `field` that it is about.
    """
    for fault in faults(terms, today=today):
        raise fault


def faults(terms: Terms, *, today: date) -> list[InvalidError]:
    """Everything that is wrong with terms that are written on a day, in the order of a form."""
    found = [fault for rule in RULES for fault in rule(terms)]
    return [*found, *_breach(terms, penalty_cap_bps(today))]


def _head(terms: Terms) -> Iterator[InvalidError]:
    if not terms.title.strip() or len(terms.title) > TITLE_MAX:
        yield errors.TitleError(field="title", most=TITLE_MAX)
    for side, party in (("buyer", terms.buyer), ("seller", terms.seller)):
        words = (party.name, party.tax_code, party.address, party.representative, party.position)
        if not party.name.strip() or any(len(each) > WORDS_MAX for each in words):
            yield errors.PartyError(field=f"{side}_representative", most=WORDS_MAX)
    if not terms.starts_on <= terms.ends_on <= _years_after(terms.starts_on):
        yield errors.TermError(field="ends_on", years=YEARS_MAX)


def _goods(terms: Terms) -> Iterator[InvalidError]:
    if not 0 < terms.total_g <= TOTAL_MAX_G:
        yield errors.VolumeError(field="total")
    if not 0 <= terms.tolerance_bps <= TOLERANCE_MAX_BPS:
        yield errors.ToleranceError(field="tolerance", most=TOLERANCE_MAX_BPS // 100)
    if len(terms.limits) > MOST_LIMITS or any(
        not each.name.strip() or len(each.name) > WORDS_MAX or each.operator not in OPERATORS
        for each in terms.limits
    ):
        yield errors.LimitsError(field="limits", most=MOST_LIMITS)
    for name, words in (("packing", terms.packing), ("inspector", terms.inspector)):
        if len(words) > WORDS_MAX:
            yield errors.PackingError(field=name, most=WORDS_MAX)


def _grades(terms: Terms) -> Iterator[InvalidError]:
    codes = [each.code for each in terms.grades]
    is_odd = len(codes) > MOST_GRADES or len(set(codes)) < len(codes)
    if is_odd or not all(map(_is_named, terms.grades)):
        yield errors.GradesError(field="grades", most=MOST_GRADES)
    if codes and not any(each.is_accepted and not each.difference_minor for each in terms.grades):
        yield errors.BaseGradeMissingError(field="grades")
    for each in terms.grades:
        if not -terms.price.base_minor <= each.difference_minor <= PRICE_MAX:
            yield errors.GradePriceError(field="grades", grade=each.code)


def _price(terms: Terms) -> Iterator[InvalidError]:
    price = terms.price
    if not 0 < price.base_minor <= PRICE_MAX:
        yield errors.BasePriceError(field="base")
    elif terms.total_g > 0 and terms.value_minor <= 0:
        yield errors.WorthNothingError(field="base")
    first, last = first_of(terms.starts_on), terms.ends_on
    if any(
        not price.is_fixed
        or month != first_of(month)
        or not first <= month <= last
        or not 0 < minor <= PRICE_MAX
        for month, minor in price.monthly.items()
    ):
        yield errors.MonthPriceError(field="monthly")
    moisture = price.standard_moisture
    if moisture is not None and not 0 < moisture <= MOISTURE_MAX:
        yield errors.StandardMoistureError(field="standard_moisture", most=MOISTURE_MAX)


def _reference(terms: Terms) -> Iterator[InvalidError]:
    price = terms.price
    bounds = [each for each in (price.floor_minor, price.ceiling_minor) if each is not None]
    if price.is_fixed:
        if bounds or price.premium_minor:
            yield errors.BoundsWithoutReferenceError(field="reference_code")
        return
    if find_good(price.reference_code) is None:
        yield errors.ReferenceCodeError(field="reference_code")
    if (
        any(not 0 < each <= PRICE_MAX for each in bounds)
        or bounds != sorted(bounds)
        or abs(price.premium_minor) > PRICE_MAX
    ):
        yield errors.BoundsError(field="ceiling")


def _schedule(terms: Terms) -> Iterator[InvalidError]:
    count = len(terms.schedule)
    is_planned = terms.calling == Calling.SCHEDULE
    if count > MOST_DELIVERIES or (is_planned and not count):
        yield errors.ScheduleSizeError(field="schedule", most=MOST_DELIVERIES)
    for position, each in enumerate(terms.schedule, 1):
        if not _is_within(each, terms):
            yield errors.SchedulePlanError(field="schedule", position=position)
    planned = sum(each.grams for each in terms.schedule)
    if planned != terms.total_g if is_planned and count else planned > terms.total_g:
        yield errors.ScheduleSumError(
            field="schedule", planned=_kilograms(planned), total=_kilograms(terms.total_g)
        )
    if terms.place is None and not (is_planned and count):
        yield errors.PlaceMissingError(field="province_code")


def _linkage(terms: Terms) -> Iterator[InvalidError]:
    if Stage.SALE not in terms.stages or len(set(terms.stages)) < len(terms.stages):
        yield errors.StagesError(field="stages")
    if (
        any(
            not each.item.strip()
            or len(each.item) > WORDS_MAX
            or each.amount_minor <= 0
            or each.on > terms.ends_on
            for each in terms.advances
        )
        or sum(each.amount_minor for each in terms.advances) > terms.value_minor
    ):
        yield errors.AdvancesError(field="advances")
    least, most = ACCEPT_HOURS
    if not least <= terms.accept_hours <= most:
        yield errors.AcceptHoursError(field="accept_hours", least=least, most=most)


def _payment(terms: Terms) -> Iterator[InvalidError]:
    payment = terms.payment
    parts, days = [each[0] for each in payment.stages], [each[1] for each in payment.stages]
    if (
        len(parts) > MOST_STAGES
        or sum(parts) != BPS
        or min(parts) <= 0
        or days != sorted(set(days))
        or not 0 <= days[0] <= days[-1] <= STAGE_DAYS_MAX
    ):
        yield errors.PaymentStagesError(field="payments")
    used_up = part_of(terms.value_minor, payment.deposit_bps)
    if not 0 <= payment.deposit_minor <= used_up or (
        bool(payment.deposit_bps) != bool(payment.deposit_minor) or payment.deposit_bps > BPS
    ):
        yield errors.DepositError(field="deposit")
    kept = payment.retention_bps
    if not 0 <= kept <= RETENTION_MAX_BPS or not (
        0 < payment.retention_days <= RETENTION_DAYS_MAX if kept else not payment.retention_days
    ):
        yield errors.RetentionError(
            field="retention", most=RETENTION_MAX_BPS // 100, days=RETENTION_DAYS_MAX
        )


def _breach(terms: Terms, legal_bps: int) -> Iterator[InvalidError]:
    breach = terms.breach
    for name, bps in (("penalty_cap", breach.cap_bps), ("short_penalty", breach.short_bps)):
        if not 0 <= bps <= legal_bps:
            yield errors.PenaltyCapError(field=name, cap=f"{legal_bps / 100:g}")
    for name, bps in (("late_penalty", breach.late_bps_per_day), ("bonus", breach.bonus_bps)):
        if not 0 <= bps <= RATE_MAX_BPS:
            yield errors.PenaltyRateError(field=name, most=RATE_MAX_BPS // 100)
    if not breach.cap_bps and (breach.late_bps_per_day or breach.short_bps):
        yield errors.PenaltyWithoutCapError(field="penalty_cap")


def _clauses(terms: Terms) -> Iterator[InvalidError]:
    codes = [each.code for each in terms.clauses]
    is_odd = len(codes) > MOST_CLAUSES or len(set(codes)) < len(codes)
    if is_odd or not all(map(_is_worded, terms.clauses)):
        yield errors.ClausesError(field="clauses", most=MOST_CLAUSES)
    for each in terms.clauses:
        if each.version and find_clause(each.code, each.version) != each:
            yield errors.ClauseAlteredError(field="clauses", title=each.title_vi)


RULES: Final[tuple[Callable[[Terms], Iterator[InvalidError]], ...]] = (
    *(_head, _goods, _grades, _price, _reference),
    *(_schedule, _linkage, _payment, _clauses),
)


def _is_named(grade: Grade) -> bool:
    return 0 < len(grade.code.strip()) <= GRADE_CODE_MAX and (
        0 < len(grade.name.strip()) <= GRADE_NAME_MAX
    )


def _is_worded(clause: Clause) -> bool:
    return (
        bool(clause.code and clause.title_vi.strip() and clause.text_vi.strip())
        and len(clause.title_vi) <= TITLE_MAX
        and len(clause.title_en) <= TITLE_MAX
        and len(clause.text_vi) <= CLAUSE_MAX
        and len(clause.text_en) <= CLAUSE_MAX
    )


def _is_within(each: Planned, terms: Terms) -> bool:
    return each.grams > 0 and terms.starts_on <= each.due_from <= each.due_on <= terms.ends_on


def _kilograms(grams: int) -> str:
    return quantity(Decimal(grams) / GRAMS_PER_KG, "kg")


def _years_after(day: date) -> date:
    """The day so many years later; from 29 February the last of that month."""
    try:
        return day.replace(year=day.year + YEARS_MAX)
    except ValueError:
        return day.replace(year=day.year + YEARS_MAX, day=28)
