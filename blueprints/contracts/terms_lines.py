"""The lines of the form of terms: grades, deliveries, payments, advances, clauses of their own.

A line that is left blank says nothing; one that is half filled in says what it lacks.
"""

from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from blueprints.cooperative.member_forms import communes, provinces
from blueprints.enterprise.request_forms import InnerForm
from blueprints.fields import AtMost, DayField, MoneyField, PercentField, VolumeField, WholeField
from marketplace.contracts.terms import Advance, Clause, Grade, Place, Planned
from marketplace.contracts.terms_rules import (
    CLAUSE_MAX,
    GRADE_CODE_MAX,
    GRADE_NAME_MAX,
    TITLE_MAX,
    WORDS_MAX,
)
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext

MOST_PLACES = 5


class Line(InnerForm):
    """A line that may be left blank."""

    NAMES: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(
            self[name].raw_data and self[name].raw_data[0].strip() for name in self.NAMES
        ) and not any(self[name].data for name in self.NAMES)

    def needs(self, *names: str) -> bool:
        """Whether a line that is begun has all of these; says so at those that it lacks."""
        if self.is_blank:
            return True
        lacking = [name for name in names if self[name].data in {None, ""}]
        for name in lacking:
            if not self[name].errors:
                self[name].errors = [_("Dòng này còn thiếu: %(name)s", name=self[name].label.text)]
        return not lacking


class PlaceLine(InnerForm):
    """A place where goods are delivered."""

    province_code = SelectField(lazy_gettext("Tỉnh, thành phố"))
    commune_code = SelectField(lazy_gettext("Xã, phường"), validators=[Optional()])
    address = StringField(lazy_gettext("Kho, số nhà"), [Optional(), AtMost(WORDS_MAX)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.province_code.choices = [("", _("Chưa chọn")), *provinces()]
        self.commune_code.choices = communes(self.province_code.data)

    @property
    def is_blank(self) -> bool:
        """Whether no place is meant."""
        return not self.province_code.data

    def place(self) -> Place:
        """What was chosen and typed."""
        return Place(
            self.province_code.data,
            self.commune_code.data or None,
            (self.address.data or "").strip(),
        )


class GradeLine(Line):
    """A grade and what it is worth beside the base price."""

    NAMES = ("code", "name")

    code = StringField(lazy_gettext("Mã"), [Optional(), AtMost(GRADE_CODE_MAX)])
    name = StringField(lazy_gettext("Tên loại"), [Optional(), AtMost(GRADE_NAME_MAX)])
    difference = MoneyField(lazy_gettext("Chênh lệch"), [Optional()])
    may_refuse = BooleanField(lazy_gettext("Bên mua được từ chối"))

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """A grade needs a code and a name."""
        return bool(super().validate(*args, **kwargs)) & self.needs("code", "name")

    def grade(self) -> Grade:
        """What was typed."""
        return Grade(
            (self.code.data or "").strip(),
            (self.name.data or "").strip(),
            self.difference.data or 0,
            is_accepted=not self.may_refuse.data,
        )


class MonthLine(InnerForm):
    """The price of a month, where it is not the base price."""

    month = HiddenField()
    price = MoneyField(lazy_gettext("Giá một ki-lô-gam"), [Optional()])

    @property
    def day(self) -> date | None:
        """The first day of the month; None of what a browser made up."""
        try:
            day = date.fromisoformat(self.month.data or "")
        except ValueError:
            return None
        return day if day.day == 1 else None


class DeliveryLine(Line):
    """A delivery between two days."""

    NAMES = ("due_from", "due_on", "grams")

    due_from = DayField(lazy_gettext("Từ ngày"), [Optional()])
    due_on = DayField(lazy_gettext("Đến ngày"), [Optional()])
    grams = VolumeField(lazy_gettext("Số lượng"), [Optional()])
    place = SelectField(lazy_gettext("Nơi giao"), coerce=int, default=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.place.choices = [
            (each, _("Nơi giao %(number)s", number=each)) for each in range(1, MOST_PLACES + 1)
        ]

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """A delivery needs a last day and an amount; the first day may be the same."""
        return bool(super().validate(*args, **kwargs)) & self.needs("due_on", "grams")

    def planned(self, places: list[Place]) -> Planned:
        """What was typed; a place that was not filled in is the first."""
        index = self.place.data - 1
        place = places[index] if index < len(places) else places[0]
        return Planned(
            self.due_from.data or self.due_on.data, self.due_on.data, self.grams.data, place
        )


class PaymentLine(Line):
    """A part of an invoice, so many days after acceptance."""

    NAMES = ("part", "days")

    part = PercentField(lazy_gettext("Phần hoá đơn"), [Optional()])
    days = WholeField(lazy_gettext("Số ngày sau nghiệm thu"), [Optional()])

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """A payment needs both."""
        return bool(super().validate(*args, **kwargs)) & self.needs("part", "days")


class AdvanceLine(Line):
    """Inputs or money that the enterprise gives beforehand."""

    NAMES = ("item", "amount", "on")

    item = StringField(lazy_gettext("Khoản ứng"), [Optional(), AtMost(WORDS_MAX)])
    amount = MoneyField(lazy_gettext("Số tiền"), [Optional()])
    on = DayField(lazy_gettext("Ngày giao"), [Optional()])

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """An advance needs all three."""
        return bool(super().validate(*args, **kwargs)) & self.needs("item", "amount", "on")

    def advance(self) -> Advance:
        """What was typed."""
        return Advance(self.item.data.strip(), self.amount.data, self.on.data)


class ClauseLine(Line):
    """A clause of the parties' own."""

    NAMES = ("title_vi", "text_vi", "title_en", "text_en")

    title_vi = StringField(lazy_gettext("Tên điều khoản"), [Optional(), AtMost(TITLE_MAX)])
    text_vi = TextAreaField(lazy_gettext("Nội dung"), [Optional(), AtMost(CLAUSE_MAX)])
    title_en = StringField(lazy_gettext("Tên tiếng Anh"), [Optional(), AtMost(TITLE_MAX)])
    text_en = TextAreaField(lazy_gettext("Nội dung tiếng Anh"), [Optional(), AtMost(CLAUSE_MAX)])

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """A clause needs a title and words."""
        return bool(super().validate(*args, **kwargs)) & self.needs("title_vi", "text_vi")

    def clause(self, number: int) -> Clause:
        """What was typed, as the parties' clause of this number."""
        words = (self.title_vi, self.text_vi, self.title_en, self.text_en)
        return Clause(
            f"own-{number}", 0, *((each.data or "").replace("\r\n", "\n").strip() for each in words)
        )
