"""What the figures of a year must hold, and which of them look strange."""

from dataclasses import dataclass, fields
from typing import Final

from marketplace.kernel.translation import mark
from marketplace.membership.yearly.errors import (
    FigureOutOfBoundsError,
    PartTooLargeError,
    TextTooLongError,
    YearOutOfBoundsError,
)

FIRST_YEAR: Final = 1990
MOST_PEOPLE: Final = 10_000_000
MOST_MINOR: Final = 10**16
"""Whole đồng. All cooperatives of the country together have less than 10^15."""
TEXT_MAX: Final = 1000
JUMP: Final = 10
"""Ten times as much as the year before, or a tenth, is asked about; it is never refused."""

LABELS: Final = {
    "official_members": mark("Thành viên chính thức"),
    "associate_members_capital": mark("Thành viên liên kết góp vốn"),
    "associate_members_other": mark("Thành viên liên kết không góp vốn"),
    "labourers": mark("Lao động"),
    "labourers_members": mark("Trong đó lao động là thành viên"),
    "mean_income_minor": mark("Thu nhập bình quân một lao động một năm"),
    "charter_capital_minor": mark("Vốn điều lệ"),
    "total_assets_minor": mark("Tổng tài sản"),
    "revenue_internal_minor": mark("Doanh thu từ thành viên"),
    "revenue_external_minor": mark("Doanh thu từ bên ngoài"),
    "profit_minor": mark("Lợi nhuận sau thuế"),
    "managers": mark("Cán bộ quản lý"),
    "managers_trained": mark("Trong đó đã qua đào tạo"),
}
"""The figures in the order of a form, with what people call them."""

PARTS: Final = {"labourers_members": "labourers", "managers_trained": "managers"}
"""What is a part of what."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """What a year came to; see `models.statistics.YearlyStatistic`.

    Attributes:
        profit_minor: after tax, whole đồng; below 0 is a loss.
        mean_income_minor: of a labourer in the year, whole đồng; None: not known.
    """

    official_members: int
    associate_members_capital: int
    associate_members_other: int
    labourers: int
    labourers_members: int
    charter_capital_minor: int
    total_assets_minor: int
    revenue_internal_minor: int
    revenue_external_minor: int
    profit_minor: int
    managers: int
    managers_trained: int
    mean_income_minor: int | None = None
    note: str = ""


FIGURES: Final = tuple(field.name for field in fields(YearFigures) if field.name != "note")


def is_money(field: str) -> bool:
    """Whether a figure is an amount of đồng; the others count people."""
    return field.endswith("_minor")


def require_sound(figures: YearFigures, *, year: int, this_year: int) -> None:
    """Refuse what cannot be.

    Raises:
        YearOutOfBoundsError, FigureOutOfBoundsError, PartTooLargeError, TextTooLongError: with
            the `field` that is wrong.
    """
    if not FIRST_YEAR <= year <= this_year:
        raise YearOutOfBoundsError(field="year")
    for name in FIGURES:
        value = getattr(figures, name)
        most = MOST_MINOR if is_money(name) else MOST_PEOPLE
        least = -most if name == "profit_minor" else 0
        if value is not None and not least <= value <= most:
            raise FigureOutOfBoundsError(field=name)
    for part, whole in PARTS.items():
        if getattr(figures, part) > getattr(figures, whole):
            raise PartTooLargeError(field=part)
    require_short(figures.note, "note")


def require_short(text: str, field: str) -> None:
    """Refuse a text longer than `TEXT_MAX` characters.

    Raises:
        TextTooLongError: it is.
    """
    if len(text) > TEXT_MAX:
        raise TextTooLongError(field=field, most=TEXT_MAX)


def jumps(before: YearFigures, after: YearFigures) -> list[str]:
    """The figures that are ten times what they were, or a tenth; often a unit was mistaken.

    Nothing is said of what was or has become nothing.
    """
    found = []
    for name in FIGURES:
        was, is_now = abs(getattr(before, name) or 0), abs(getattr(after, name) or 0)
        if was and is_now and (is_now >= JUMP * was or was >= JUMP * is_now):
            found.append(name)
    return found
