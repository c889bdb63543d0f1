"""What the pages of requests accept. Forms check shape; the marketplace checks sense."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final, Self

from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import FieldList, FormField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from blueprints.cooperative.member_forms import communes, provinces
from blueprints.forms import BaseForm, DayField, MoneyField, NumberField, VolumeField
from blueprints.papers import FormWithPaper
from marketplace.catalogue.categories import categories_tree
from marketplace.certification.schemes import schemes
from marketplace.kernel.clock import VIETNAM
from marketplace.platform.translation import current_locale, gettext, lazy_gettext
from marketplace.sourcing.requests.queries import File
from marketplace.sourcing.requests.rules import MONTHS_SHOWN, MOST_LIMITS
from marketplace.sourcing.requests.terms import Limit, Place, Terms
from marketplace.sourcing.supply.rules import months_from
from marketplace.workflows.request_words import OPERATORS

BLANK_LIMITS: Final = 3
HOURS: Final = [f"{hour:02}:00" for hour in range(7, 23)]
BPS: Final = 100


class InnerForm(Form):
    """A part of a form: its sentences are those of the form around it."""

    class Meta(BaseForm.Meta):
        """How WTForms behaves; the token stands in the form around."""

        csrf = False


class LimitForm(InnerForm):
    """One limit of quality; a line without a name and a value says nothing."""

    name = StringField(lazy_gettext("Tên chỉ tiêu"), validators=[Optional(), Length(max=80)])
    operator = SelectField(lazy_gettext("So với mức"))
    value = NumberField(lazy_gettext("Mức"), validators=[Optional()])
    unit = StringField(lazy_gettext("Đơn vị"), validators=[Optional(), Length(max=20)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.operator.choices = [(str(each), gettext(word)) for each, word in OPERATORS.items()]

    def validate_name(self, field: StringField) -> None:
        """A limit needs both what it is of and how much."""
        if bool((field.data or "").strip()) != (self.value.data is not None):
            raise ValidationError(gettext("Ghi cả tên chỉ tiêu và mức, hoặc để trống cả dòng"))

    @property
    def is_blank(self) -> bool:
        """Whether the line says nothing."""
        return not (self.name.data or "").strip()


class MonthForm(InnerForm):
    """How much is needed in a month, in tonnes unless another unit is typed."""

    month = HiddenField()
    quantity = VolumeField(lazy_gettext("Số lượng"), validators=[Optional()])

    @property
    def day(self) -> date | None:
        """The first day of the month; None of what a browser made up."""
        try:
            day = date.fromisoformat(self.month.data or "")
        except ValueError:
            return None
        return day if day.day == 1 else None


class RequestForm(FormWithPaper):
    """A request for quotation: one page, from the goods to the closing."""

    title = StringField(
        lazy_gettext("Hàng cần mua"),
        validators=[
            InputRequired(lazy_gettext("Ghi tên hàng cần mua, ví dụ: Gạo ST25 vụ đông xuân.")),
            Length(max=160),
        ],
    )
    category_id = SelectField(
        lazy_gettext("Nhóm hàng"),
        coerce=int,
        validators=[InputRequired(lazy_gettext("Mời chọn một nhóm hàng trong danh sách."))],
    )
    grade = StringField(lazy_gettext("Hạng"), validators=[Optional(), Length(max=40)])
    specification = TextAreaField(lazy_gettext("Mô tả"), validators=[Optional(), Length(max=5000)])
    limits = FieldList(FormField(LimitForm), max_entries=MOST_LIMITS)
    schemes = SelectMultipleField(lazy_gettext("Chứng nhận bắt buộc"), validators=[Optional()])
    packing = StringField(lazy_gettext("Đóng gói"), validators=[Optional(), Length(max=200)])
    province_code = SelectField(lazy_gettext("Tỉnh, thành phố"), validators=[InputRequired()])
    commune_code = SelectField(lazy_gettext("Xã, phường"), validators=[Optional()])
    address = StringField(lazy_gettext("Kho, số nhà"), validators=[Optional(), Length(max=200)])
    periods = FieldList(FormField(MonthForm), max_entries=36)
    tolerance = NumberField(lazy_gettext("Dung sai"), validators=[Optional()])
    target_minor = MoneyField(lazy_gettext("Giá mong muốn"), validators=[Optional()])
    wants_samples = BooleanField(lazy_gettext("Cần gửi mẫu trước"))
    keep_files = SelectMultipleField(
        lazy_gettext("Tệp đang kèm theo"), coerce=int, validators=[Optional()]
    )
    audience = RadioField(lazy_gettext("Ai được báo giá"), validators=[InputRequired()])
    closes_on = DayField(
        lazy_gettext("Ngày đóng"), validators=[InputRequired(lazy_gettext("Chọn ngày đóng"))]
    )
    closes_hour = SelectField(lazy_gettext("Giờ đóng"), validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        locale = current_locale()
        self.category_id.choices = {
            "": [(0, gettext("Chọn nhóm hàng"))],
            **{
                top.name(locale): [
                    (node.id, node.name(locale)) for node in (*(top.children or (top,)),)
                ]
                for top in categories_tree().tops
            },
        }
        self.schemes.choices = [
            (each.code, each.name(locale)) for each in schemes() if each.is_open
        ]
        self.province_code.choices = provinces()
        self.commune_code.choices = communes(self.province_code.data)
        self.audience.choices = [
            ("all", gettext("Mọi hợp tác xã đã xác minh")),
            ("invited", gettext("Chỉ nơi được mời")),
        ]
        typed = self.closes_hour.data
        hours = sorted({*HOURS, typed} if _is_hour(typed) else HOURS)
        self.closes_hour.choices = [(each, each) for each in hours]
        self.keep_files.choices = []

    @classmethod
    def of(cls, terms: Terms, *, today: date) -> Self:
        """The form with what a request says now."""
        closing = terms.closes_at.astimezone(VIETNAM)
        wanted = dict(terms.periods)
        months = sorted({*months_from(today, MONTHS_SHOWN), *wanted})
        form = cls(
            formdata=None,
            data={
                "title": terms.title,
                "category_id": terms.category_id,
                "grade": terms.grade,
                "specification": terms.specification,
                "schemes": list(terms.schemes),
                "packing": terms.packing,
                "province_code": terms.place.province_code,
                "commune_code": terms.place.commune_code or "",
                "address": terms.place.address,
                "limits": [
                    {
                        "name": each.name,
                        "operator": each.operator,
                        "value": each.value,
                        "unit": each.unit,
                    }
                    for each in terms.limits
                ],
                "periods": [
                    {"month": month.isoformat(), "quantity": wanted.get(month)} for month in months
                ],
                "tolerance": _percent(terms.tolerance_bps),
                "target_minor": terms.target_minor,
                "wants_samples": terms.wants_samples,
                "keep_files": list(terms.file_ids),
                "audience": "all" if terms.is_open_to_all else "invited",
                "closes_on": closing.date(),
                "closes_hour": f"{closing:%H:%M}",
            },
        )
        form.add_blank_limits()
        return form

    def add_blank_limits(self) -> None:
        """Leave room to write more limits, without JavaScript."""
        blank = sum(each.form.is_blank for each in self.limits)
        for _each in range(min(BLANK_LIMITS - blank, MOST_LIMITS - len(self.limits))):
            self.limits.append_entry()

    def offer_files(self, files: list[File]) -> None:
        """Let the files that a request has be kept or taken away."""
        self.keep_files.choices = [(each.id, each.name) for each in files]

    def terms(self) -> Terms:
        """What was typed, for the operation. Call it after validation."""
        assert self.closes_on.data is not None  # noqa: S101 - validated
        hour, minute = map(int, self.closes_hour.data.split(":"))
        kept = [*(self.keep_files.data or ()), *([self.kept_id] if self.kept_id else ())]
        tolerance = self.tolerance.data
        return Terms(
            title=self.title.data or "",
            category_id=self.category_id.data,
            place=Place(
                self.province_code.data, self.commune_code.data or None, self.address.data or ""
            ),
            closes_at=datetime.combine(self.closes_on.data, time(hour, minute), VIETNAM),
            grade=self.grade.data or "",
            specification=self.specification.data or "",
            packing=self.packing.data or "",
            tolerance_bps=0 if tolerance is None else round(tolerance * BPS),
            target_minor=self.target_minor.data,
            wants_samples=self.wants_samples.data,
            is_open_to_all=self.audience.data == "all",
            periods=tuple(
                (each.form.day, each.form.quantity.data)
                for each in self.periods
                if each.form.day is not None and each.form.quantity.data
            ),
            limits=tuple(
                Limit(
                    each.form.name.data or "",
                    each.form.operator.data,
                    each.form.value.data,
                    each.form.unit.data or "",
                )
                for each in self.limits
                if not each.form.is_blank
            ),
            schemes=tuple(self.schemes.data or ()),
            file_ids=tuple(kept),
        )


class ReasonForm(BaseForm):
    """Why a request is over."""

    reason = TextAreaField(lazy_gettext("Lý do"), validators=[Length(max=500)])


class AnswerForm(BaseForm):
    """What the buyer answers."""

    answer = TextAreaField(lazy_gettext("Trả lời"), validators=[Length(max=2000)])


class InviteForm(BaseForm):
    """Whom to ask: of those that match, and others by their codes."""

    seller_ids = SelectMultipleField(lazy_gettext("Mời những nơi này"), coerce=int)
    codes = StringField(lazy_gettext("Mời thêm theo mã"), validators=[Optional(), Length(max=400)])

    def offer(self, choices: list[tuple[int, str]]) -> None:
        """Let these sellers be chosen."""
        self.seller_ids.choices = choices

    @property
    def typed_codes(self) -> list[str]:
        """The codes that were typed, in capitals, each once."""
        typed = (self.codes.data or "").replace(",", " ").replace(";", " ").upper().split()
        return list(dict.fromkeys(typed))


def _percent(bps: int) -> Decimal | None:
    return Decimal(bps) / BPS if bps else None


def _is_hour(text: Any) -> bool:  # noqa: ANN401 - what a browser sent
    try:
        time.fromisoformat(text or "")
    except (TypeError, ValueError):
        return False
    return len(text) == len("17:00")
