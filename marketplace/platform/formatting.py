"""Amounts, weights, dates and telephone numbers as the reader writes them.

Pages, mails and papers share these; they are called hundreds of times a page, so they are written
by hand; tests compare them with Babel. Nothing (`None`) becomes nothing.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from babel.numbers import format_currency

from marketplace.kernel.clock import VIETNAM, business_day, now
from marketplace.kernel.money import Money, price_per_kg, vnd
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _

NBSP: Final = "\u00a0"
GRAMS_PER_KG: Final = 1_000
GRAMS_PER_TONNE: Final = 1_000_000
LEAST_IN_HECTARES: Final = 1_000
MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
LONG_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS: Final = {
    "vi": ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
LARGE: Final = {
    "vi": ((1_000_000_000, "tỷ", 2), (1_000_000, "tr", 1), (1_000, "nghìn", 0)),
    "en": ((1_000_000_000, "B", 2), (1_000_000, "M", 1), (1_000, "K", 0)),
}

_TO_VIETNAMESE = str.maketrans(",.", ".,")


def _local(english: str) -> str:
    """A number written the English way, in the reader's."""
    return english if current_locale() == "en" else english.translate(_TO_VIETNAMESE)


def number(value: int | Decimal | None, digits: int | None = None) -> str:
    """A number with its thousands marked: `12.345` or `12.345,6`.

    Args:
        value: the number.
        digits: how many decimals at most; as many as it has when left out. Zeros at the end go.
    """
    if value is None:
        return ""
    if isinstance(value, int):
        return _local(f"{value:,}")
    if digits is not None:
        value = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    text = f"{value:,f}"
    return _local(text.rstrip("0").rstrip(".") if "." in text else text)


def money(amount: Money | int | None) -> str:
    """`185.000 ₫`; a plain number is whole đồng."""
    if amount is None:
        return ""
    if isinstance(amount, Money):
        if amount.currency != "VND":
            return str(format_currency(amount.major, amount.currency, locale=current_locale()))
        amount = amount.minor
    if current_locale() == "en":
        return f"-₫{-amount:,}" if amount < 0 else f"₫{amount:,}"
    return f"{amount:,}".replace(",", ".") + "\u00a0₫"


def money_short(amount: Money | int | None) -> str:
    """An amount for a figure at a glance: `184,6 tr`, `2,22 tỷ`; below a thousand in full."""
    if amount is None:
        return ""
    minor = amount.minor if isinstance(amount, Money) else amount
    locale = current_locale()
    for size, word, digits in LARGE[locale]:
        if abs(minor) >= size:
            scaled = number(Decimal(minor) / size, digits)
            return f"₫{scaled}{word}" if locale == "en" else f"{scaled}{NBSP}{word}"
    return money(minor)


def weight(grams: int | None) -> str:
    """A weight given in grams: `500 g`, `12,5 kg`, `1,2 tấn`."""
    if grams is None:
        return ""
    if abs(grams) >= GRAMS_PER_TONNE:
        return f"{number(Decimal(grams) / GRAMS_PER_TONNE, 3)}{NBSP}{_('tấn')}"
    if abs(grams) >= GRAMS_PER_KG:
        return f"{number(Decimal(grams) / GRAMS_PER_KG, 3)}{NBSP}kg"
    return f"{number(grams)}{NBSP}g"


def quantity(value: int | Decimal | None, unit: str) -> str:
    """A number and its unit, kept together: `12,5 kg`."""
    return "" if value is None else f"{number(value)}{NBSP}{unit}"


def land(square_metres: int | None) -> str:
    """A piece of land: in hectares, or in square metres where it is smaller than a tenth of one."""
    if square_metres is None:
        return ""
    if square_metres < LEAST_IN_HECTARES:
        return f"{number(square_metres)}{NBSP}m²"
    return f"{number(Decimal(square_metres) / 10_000, 2)}{NBSP}ha"


def percent_bps(bps: int | None) -> str:
    """Basis points as a percentage: 1250 is `12,5 %`."""
    if bps is None:
        return ""
    space = "" if current_locale() == "en" else NBSP
    return f"{number(Decimal(bps) / 100, 2)}{space}%"


def per_kg(price: Money | int | None, grams: int | None) -> str:
    """What a kilogram costs when `grams` cost `price`: `290.000 ₫/kg`."""
    if price is None or not grams:
        return ""
    amount = price if isinstance(price, Money) else vnd(price)
    return f"{money(price_per_kg(amount, grams))}/kg"


def _day_of(value: date | datetime) -> date:
    return business_day(value) if isinstance(value, datetime) else value


def day(value: date | datetime | None) -> str:
    """`22/11/2026`, in English `22 Nov 2026`; a moment is taken as its day in Việt Nam."""
    if value is None:
        return ""
    on = _day_of(value)
    if current_locale() == "en":
        return f"{on.day} {MONTHS[on.month - 1]} {on.year}"
    return f"{on.day:02}/{on.month:02}/{on.year}"


def day_short(value: date | datetime | None) -> str:
    """`25/11`, in English `25 Nov`: where the year is plain."""
    if value is None:
        return ""
    on = _day_of(value)
    if current_locale() == "en":
        return f"{on.day} {MONTHS[on.month - 1]}"
    return f"{on.day:02}/{on.month:02}"


def weekday(value: date | datetime | None) -> str:
    """`thứ Tư 25/11`, in English `Wed 25 Nov`: when goods arrive."""
    if value is None:
        return ""
    return f"{WEEKDAYS[current_locale()][_day_of(value).weekday()]} {day_short(value)}"


def clock(value: datetime | None) -> str:
    """The time of day in Việt Nam: `10:31`."""
    return "" if value is None else f"{value.astimezone(VIETNAM):%H:%M}"


def moment(value: datetime | None) -> str:
    """`22/11/2026 10:31`, in English `22 Nov 2026, 10:31`; the time of Việt Nam."""
    if value is None:
        return ""
    comma = "," if current_locale() == "en" else ""
    return f"{day(value)}{comma} {clock(value)}"


def month(value: date | datetime | None) -> str:
    """`tháng 11/2026`, in English `November 2026`."""
    if value is None:
        return ""
    on = _day_of(value)
    if current_locale() == "en":
        return f"{LONG_MONTHS[on.month - 1]} {on.year}"
    return f"tháng {on.month}/{on.year}"


def month_name(value: date | datetime) -> str:
    """The month as it is said: `11` after "tháng", in English `November`."""
    index = _day_of(value).month
    return LONG_MONTHS[index - 1] if current_locale() == "en" else str(index)


def relative_day(value: date | datetime | None, today: date | None = None) -> str:
    """How far a day is: `hôm nay`, `ngày mai`, `còn 3 ngày`, `hôm qua`, `3 ngày trước`.

    Args:
        value: the day, or a moment in it.
        today: the day it is; the present one in Việt Nam when left out.
    """
    if value is None:
        return ""
    days = (_day_of(value) - (today or business_day(now()))).days
    near = {0: _("hôm nay"), 1: _("ngày mai"), -1: _("hôm qua")}
    if days in near:
        return near[days]
    if days > 0:
        return _("còn %(days)s ngày", days=number(days))
    return _("%(days)s ngày trước", days=number(-days))


def phone(value: str | None) -> str:
    """`0912 345 678` from `+84912345678`; foreign numbers and odd ones as they are."""
    if not value or not value.startswith("+84"):
        return value or ""
    digits = value[3:]
    first = "+84 " if current_locale() == "en" else "0"
    if digits.startswith("2"):  # a landline: the code of the province, then seven or eight digits
        code = 2 if digits.startswith(("24", "28")) else 3
        return f"{first}{digits[:code]} {digits[code:-4]} {digits[-4:]}"
    return f"{first}{digits[:-6]} {digits[-6:-3]} {digits[-3:]}"


def iso(value: date | datetime | None) -> str:
    """For the attribute `datetime` of `<time>`."""
    if isinstance(value, datetime):
        return value.astimezone(VIETNAM).isoformat(timespec="minutes")
    return "" if value is None else value.isoformat()


FORMATS: Final[tuple[Callable[..., str], ...]] = (
    number,
    money,
    money_short,
    weight,
    quantity,
    land,
    percent_bps,
    per_kg,
    day,
    day_short,
    weekday,
    clock,
    moment,
    month,
    relative_day,
    phone,
    iso,
)
"""Every format, for whoever makes filters of them."""
