"""What people type, understood: numbers, amounts, weights, days, telephone numbers.

In Vietnamese `1.500` means fifteen hundred and `1,5` one and a half; in English it is the other
way round. A number that mixes the two is refused with an example, never guessed.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Any, Final
from unicodedata import normalize

from wtforms import Field, StringField
from wtforms.validators import Length, ValidationError
from wtforms.widgets import TextInput

from marketplace.kernel.quantity import GRAMS, M2_PER_HECTARE, Unit, grams_of
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import number as number_text
from marketplace.platform.formatting import phone as phone_text
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _

LONGEST: Final = 30
"""Characters of the longest number that we read."""

NUMBERS: Final = {
    "vi": re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?", re.ASCII),
    "en": re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?", re.ASCII),
}
THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+")
UNITS_OF_MONEY: Final = re.compile(r"(?:₫|đ|đồng|vnd|vnđ)$", re.IGNORECASE)
DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
YEAR_FIRST: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)

VOLUME_WORDS: Final = {
    "kg": Unit.KG,
    "tấn": Unit.TAN,
    "tan": Unit.TAN,
    "tonnes": Unit.TAN,
    "tonne": Unit.TAN,
    "t": Unit.TAN,
    "tạ": Unit.TA,
}
"""What may stand behind a volume; one that ends as another stands before it."""

NOT_A_NUMBER: Final = mark("Nhập một số, ví dụ %(example)s")
NOT_A_COUNT: Final = mark("Nhập một số nguyên, ví dụ %(example)s")
NOT_AN_AMOUNT: Final = mark("Nhập số tiền tính bằng đồng, ví dụ %(example)s")
NOT_A_PERCENTAGE: Final = mark("Nhập phần trăm, nhiều nhất hai số lẻ, ví dụ %(example)s")
NOT_AN_AREA: Final = mark("Nhập diện tích tính bằng héc-ta, ví dụ %(example)s")
NOT_A_WEIGHT: Final = mark("Nhập khối lượng tính bằng kg, ví dụ %(example)s")
TOO_FINE: Final = mark("Khối lượng lẻ tới gam là đủ, ví dụ %(example)s")
NOT_A_VOLUME: Final = mark("Nhập một khối lượng, ví dụ %(first)s hoặc %(second)s")
NOT_A_DAY: Final = mark("Nhập ngày/tháng/năm, ví dụ 22/11/2026")
NOT_A_PHONE: Final = mark("Nhập số điện thoại 10 số, ví dụ 0912 345 678")
NOT_AN_EMAIL: Final = mark("Nhập địa chỉ e-mail, ví dụ lan@htx.example")


def parse_number(text: str, locale: str) -> Decimal:
    """A number as people of a language write it.

    Args:
        text: what was typed; spaces do not count.
        locale: "vi" or "en".

    Raises:
        ValueError: it is no number, or one written the other way.
    """
    bare = "".join(text.split())
    if len(bare) > LONGEST or not NUMBERS[locale].fullmatch(bare):
        raise ValueError(text)
    thousands, point = (",", ".") if locale == "en" else (".", ",")
    return Decimal(bare.replace(thousands, "").replace(point, "."))


def parse_day(text: str) -> date:
    """A day, as `22/11/2026` or, from a browser, `2026-11-22`.

    Raises:
        ValueError: it is none, or none in the calendar.
    """
    bare = text.strip()
    if found := YEAR_FIRST.fullmatch(bare):
        year, month, day = found.groups()
    elif found := DAY_FIRST.fullmatch(bare):
        day, month, year = found.groups()
    else:
        raise ValueError(text)
    return date(int(year), int(month), int(day))


class AtMost(Length):
    """So many characters and no more, said after sending.

    Not by `maxlength`: there a browser cuts what is pasted without a word, and half a note looks
    like a whole one.
    """

    def __init__(self, longest: int) -> None:
        super().__init__(max=longest)
        self.field_flags: dict[str, Any] = {}


class _TypedField(Field):
    """A line of text that is understood as something; what was typed comes back as it was."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Understand what was typed; nothing typed is None."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = self.parse(typed) if typed else None

    def parse(self, typed: str) -> Any:  # noqa: ANN401 - each kind has its own
        """What `typed`, which is not empty, means; `ValueError` carries the sentence."""
        raise NotImplementedError

    def show(self, value: Any) -> str:  # noqa: ANN401
        """How a value that nobody has typed yet is written."""
        return str(value)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self.show(self.data)


class NumberField(_TypedField):
    """A number; `.data` is a Decimal."""

    def parse(self, typed: str) -> Decimal:
        """The number in the notation of the page."""
        try:
            return parse_number(typed, current_locale())
        except ValueError as error:
            raise ValueError(_(NOT_A_NUMBER, example=number_text(Decimal("1500.5")))) from error

    def show(self, value: Decimal) -> str:
        """As it is read back: with the thousands marked."""
        return number_text(value)


class WholeField(_TypedField):
    """A whole number of things; `.data` is an int."""

    def parse(self, typed: str) -> int:
        """The number, with or without its thousands marked."""
        try:
            number = parse_number(typed, current_locale())
        except ValueError as error:
            raise ValueError(_(NOT_A_COUNT, example=number_text(1500))) from error
        if number != number.to_integral_value():
            raise ValueError(_(NOT_A_COUNT, example=number_text(1500)))
        return int(number)

    def show(self, value: int) -> str:
        """As it is read back: with the thousands marked."""
        return number_text(value)


class MoneyField(_TypedField):
    """An amount; `.data` is whole đồng."""

    def parse(self, typed: str) -> int:
        """The amount, with or without its unit.

        Đồng have no fractions, so points or commas before three digits mark thousands in either
        language: who reads English still types 325.000 as everybody around them does.
        """
        bare = UNITS_OF_MONEY.sub("", typed.strip()).strip()
        if THOUSANDS.fullmatch(bare):
            return int(re.sub(r"[.,]", "", bare))
        try:
            amount = parse_number(bare, current_locale())
        except ValueError as error:
            raise ValueError(_(NOT_AN_AMOUNT, example=number_text(185000))) from error
        if amount != amount.to_integral_value():
            raise ValueError(_(NOT_AN_AMOUNT, example=number_text(185000)))
        return int(amount)

    def show(self, value: int) -> str:
        """As it is read back: with the thousands marked."""
        return number_text(value)


class PercentField(_TypedField):
    """A part of a hundred; `.data` is whole basis points."""

    def parse(self, typed: str) -> int:
        """The part, with or without `%` behind it."""
        example = number_text(Decimal("12.5"))
        try:
            bps = parse_number(typed.strip().removesuffix("%"), current_locale()) * 100
        except ValueError as error:
            raise ValueError(_(NOT_A_PERCENTAGE, example=example)) from error
        if bps != bps.to_integral_value():
            raise ValueError(_(NOT_A_PERCENTAGE, example=example))
        return int(bps)

    def show(self, value: int) -> str:
        """In per cent."""
        return number_text(Decimal(value) / 100)


class WeightField(_TypedField):
    """A weight typed in kilograms; `.data` is whole grams."""

    def parse(self, typed: str) -> int:
        """The weight, with or without `kg` behind it."""
        bare = typed.strip().lower().removesuffix("kg")
        try:
            kilograms = parse_number(bare, current_locale())
        except ValueError as error:
            raise ValueError(_(NOT_A_WEIGHT, example=number_text(Decimal("12.5")))) from error
        try:
            return grams_of(kilograms)
        except ValueError as error:
            raise ValueError(_(TOO_FINE, example=number_text(Decimal("12.345")))) from error

    def show(self, value: int) -> str:
        """In kilograms."""
        return number_text(Decimal(value) / 1000)


class VolumeField(_TypedField):
    """A harvest or a shipment, typed in `unit` or with its own: `12`, `12,5 tấn`, `500 kg`."""

    unit = Unit.TAN

    def parse(self, typed: str) -> int:
        """The weight in whole grams."""
        bare = normalize("NFC", typed).strip().lower()
        unit, suffix = next(
            ((unit, word) for word, unit in VOLUME_WORDS.items() if bare.endswith(word)),
            (self.unit, ""),
        )
        try:
            number = parse_number(bare.removesuffix(suffix), current_locale())
        except ValueError as error:
            first, second = number_text(Decimal("12.5")), number_text(Decimal(500))
            raise ValueError(
                _(NOT_A_VOLUME, first=f"{first} {_('tấn')}", second=f"{second} kg")
            ) from error
        grams = number * GRAMS[unit]
        if grams != grams.to_integral_value():
            raise ValueError(_(TOO_FINE, example=number_text(Decimal("12.345"))))
        return int(grams)

    def show(self, value: int) -> str:
        """In the unit of the field."""
        return number_text(Decimal(value) / GRAMS[self.unit])


class AreaField(_TypedField):
    """An area typed in hectares; `.data` is whole square metres."""

    def parse(self, typed: str) -> int:
        """The area, with or without `ha` behind it, to the square metre."""
        bare = typed.strip().lower().removesuffix("ha")
        try:
            hectares = parse_number(bare, current_locale())
        except ValueError as error:
            raise ValueError(_(NOT_AN_AREA, example=number_text(Decimal("12.5")))) from error
        return round(hectares * M2_PER_HECTARE)

    def show(self, value: int) -> str:
        """In hectares."""
        return number_text(Decimal(value) / M2_PER_HECTARE)


class DayField(_TypedField):
    """A day; `.data` is a date."""

    def parse(self, typed: str) -> date:
        """The day, however the browser writes it."""
        try:
            return parse_day(typed)
        except ValueError as error:
            raise ValueError(_(NOT_A_DAY)) from error

    def show(self, value: date) -> str:
        """As `<input type="date">` wants it."""
        return value.isoformat()


class PhoneField(_TypedField):
    """A telephone number, Vietnamese unless it begins with +; `.data` is `+84912345678`."""

    def parse(self, typed: str) -> str:
        """The number in its international form."""
        import phonenumbers  # noqa: PLC0415 - 10 MB of tables that most requests never need

        try:
            number = phonenumbers.parse(typed, "VN")
        except phonenumbers.NumberParseException as error:
            raise ValueError(_(NOT_A_PHONE)) from error
        if not phonenumbers.is_valid_number(number):
            raise ValueError(_(NOT_A_PHONE))
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def show(self, value: str) -> str:
        """As people write it."""
        return phone_text(value)


class EmailField(StringField):
    """An e-mail address; `.data` is in small letters, without spaces around it."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take it as our tables keep it."""
        self.data = valuelist[0].strip().lower() if valuelist else ""

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002 - WTForms asks
        """Refuse what cannot be an address; whether it exists a letter will show."""
        if not self.data:
            return
        from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow

        try:
            validate_email(self.data, check_deliverability=False, test_environment=True)
        except EmailNotValidError as error:
            raise ValidationError(_(NOT_AN_EMAIL)) from error
