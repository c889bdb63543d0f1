"""What the pages of lots accept. Forms check shape; the marketplace checks sense."""

import secrets
from datetime import date
from typing import Self

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields import FileField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.forms import BaseForm, DayField, WeightField
from marketplace.platform.translation import gettext, lazy_gettext
from marketplace.traceability.operations import NewEvent
from marketplace.traceability.origins import ANY_DAY, DAYS
from marketplace.traceability.queries import Receivable
from marketplace.traceability.rules import EVENT_WORDS, NewLot, read_lot_code
from models.inventory import MovementKind
from models.traceability import EventKind

MOST_LABELS = 500


class ReceiveForm(BaseForm):
    """A lot as it comes in: three things to say, and more for who wants to."""

    product_id = SelectField(lazy_gettext("Sản phẩm nào"), coerce=int, validators=[InputRequired()])
    quantity = WeightField(lazy_gettext("Khối lượng nhập kho"), validators=[InputRequired()])
    harvested_on = DayField(lazy_gettext("Ngày thu hoạch"), validators=[InputRequired()])
    packed_on = DayField(lazy_gettext("Ngày đóng gói"), validators=[Optional()])
    best_before_on = DayField(lazy_gettext("Dùng tới ngày"), validators=[Optional()])
    plot_name = StringField(
        lazy_gettext("Thửa, hộ trồng"), validators=[Optional(), Length(max=120)]
    )
    plot_code = StringField(
        lazy_gettext("Mã thửa của thành viên"), validators=[Optional(), Length(max=20)]
    )
    growing_area_code = StringField(
        lazy_gettext("Mã vùng trồng"), validators=[Optional(), Length(max=40)]
    )
    note_vi = StringField(
        lazy_gettext("Một câu cho người mua"), validators=[Optional(), Length(max=300)]
    )
    code = StringField(lazy_gettext("Mã lô"), validators=[InputRequired(), Length(max=40)])

    def offer(self, products: list[Receivable]) -> Self:
        """Let the product be one of these."""
        self.product_id.choices = [SelectChoice(one.id, one.name_vi) for one in products]
        return self

    def ask_for_day_of(self, products: list[Receivable]) -> None:
        """Name the day of origin by the product that is chosen, or by all if they are alike."""
        chosen = {one.origin for one in products if one.id == self.product_id.data}
        found = chosen or {one.origin for one in products}
        word = DAYS[found.pop()] if len(found) == 1 else ANY_DAY
        self.harvested_on.label.text = gettext(word)

    def lot(self, organisation_id: int) -> NewLot:
        """The lot that was typed. Call it after validation."""
        return NewLot(
            organisation_id=organisation_id,
            product_id=self.product_id.data,
            harvested_on=self.harvested_on.data,
            quantity_g=self.quantity.data,
            packed_on=self.packed_on.data,
            best_before_on=self.best_before_on.data,
            plot_name=self.plot_name.data or "",
            growing_area_code=self.growing_area_code.data or "",
            note_vi=self.note_vi.data or "",
            code=read_lot_code(self.code.data or ""),
        )


class EventForm(BaseForm):
    """Something that was done to a lot."""

    kind = SelectField(lazy_gettext("Loại việc"), validators=[InputRequired()])
    happened_on = DayField(lazy_gettext("Ngày làm"), validators=[InputRequired()])
    title_vi = StringField(lazy_gettext("Đã làm gì"), validators=[InputRequired(), Length(max=160)])
    detail_vi = StringField(
        lazy_gettext("Chi tiết cho người mua"), validators=[Optional(), Length(max=300)]
    )

    def with_words(self) -> Self:
        """Let the kind be any that we know."""
        self.kind.choices = [
            SelectChoice(str(kind), gettext(word)) for kind, word in EVENT_WORDS.items()
        ]
        return self

    def event(self, lot_id: int) -> NewEvent:
        """The event that was typed. Call it after validation."""
        return NewEvent(
            lot_id=lot_id,
            kind=EventKind(self.kind.data),
            happened_on=self.happened_on.data,
            title_vi=self.title_vi.data or "",
            detail_vi=self.detail_vi.data or "",
        )


class PhotoForm(BaseForm):
    """A picture of a lot."""

    file = FileField(lazy_gettext("Ảnh của lô"))


class CountForm(BaseForm):
    """What the scales say now, compared with what the book said when the page was opened."""

    counted = WeightField(lazy_gettext("Cân lại còn"), validators=[InputRequired()])
    cause = RadioField(lazy_gettext("Vì sao khác"), validators=[InputRequired()])
    reason = StringField(lazy_gettext("Lý do"), validators=[InputRequired(), Length(max=200)])
    seen_g = HiddenField(validators=[InputRequired()])
    key = HiddenField(validators=[InputRequired(), Length(max=40)])

    def with_words(self) -> Self:
        """Let the reason be a loss or a wrong count."""
        self.cause.choices = [
            SelectChoice(str(MovementKind.LOST), gettext("Hao hụt, hư hỏng")),
            SelectChoice(str(MovementKind.CORRECTED), gettext("Lần trước đếm sai")),
        ]
        return self

    @classmethod
    def for_stock(cls, on_hand_g: int) -> Self:
        """An empty form that remembers what the book says."""
        form = cls(formdata=None).with_words()
        form.cause.data = str(MovementKind.LOST)
        form.seen_g.data = str(on_hand_g)
        form.key.data = secrets.token_hex(12)
        return form

    def difference_g(self) -> int:
        """By how much the store changed, in grams; goods sold in the meantime do not count."""
        seen = self.seen_g.data or ""
        counted: int = self.counted.data
        return counted - int(seen) if seen.isdecimal() else 0


class LabelForm(BaseForm):
    """How many labels, on which paper."""

    class Meta(BaseForm.Meta):
        """Reads only."""

        csrf = False

    paper = RadioField(
        lazy_gettext("Khổ giấy"),
        choices=[
            SelectChoice("a4", lazy_gettext("Tờ A4, 36 tem")),
            SelectChoice("50x30", lazy_gettext("Cuộn tem 50 × 30 mm")),
        ],
        default="a4",
    )
    count = IntegerField(
        lazy_gettext("Số tem"),
        default=36,
        validators=[NumberRange(min=1, max=MOST_LABELS)],
    )


def today_first(form: ReceiveForm, today: date, code: str, product_id: int | None) -> ReceiveForm:
    """A fresh form with what is true most often: harvested today, under the next code."""
    form.harvested_on.data = today
    form.code.data = code
    if product_id is not None:
        form.product_id.data = product_id
    return form
