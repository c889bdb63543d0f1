"""The form of everything that a contract says. It checks shape; the rules of terms check sense."""

from dataclasses import replace
from typing import Any, Final, Self

from wtforms import (
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import FieldList, FormField
from wtforms.validators import InputRequired, Optional

from blueprints.contracts.terms_lines import (
    MOST_PLACES,
    AdvanceLine,
    ClauseLine,
    DeliveryLine,
    GradeLine,
    MonthLine,
    PaymentLine,
    PlaceLine,
)
from blueprints.contracts.terms_values import (
    FIXED,
    MOST_MONTHS,
    REFERENCE,
    clause_key,
    values_of,
)
from blueprints.enterprise.request_forms import LimitForm
from blueprints.fields import (
    AtMost,
    DayField,
    MoneyField,
    NumberField,
    PercentField,
    VolumeField,
    WholeField,
)
from blueprints.forms import BaseForm
from marketplace.certification.schemes import schemes
from marketplace.contracts import wording
from marketplace.contracts.clauses import find_clause, offered
from marketplace.contracts.lines import clause_words
from marketplace.contracts.references.goods import goods
from marketplace.contracts.rules import NOTE_MAX
from marketplace.contracts.terms import (
    Binding,
    Breach,
    Calling,
    Clause,
    Forum,
    InspectionPlace,
    Limit,
    Party,
    Payment,
    Place,
    Price,
    Stage,
    Terms,
)
from marketplace.contracts.terms_rules import (
    MOST_CLAUSES,
    MOST_DELIVERIES,
    MOST_GRADES,
    MOST_LIMITS,
    MOST_STAGES,
    TITLE_MAX,
    WORDS_MAX,
)
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
from marketplace.workflows.request_words import scheme_name

MOST_ADVANCES: Final = 12
BLANKS: Final = {
    "limits": (1, MOST_LIMITS),
    "grades": (1, MOST_GRADES),
    "places": (1, MOST_PLACES),
    "schedule": (1, MOST_DELIVERIES),
    "payments": (1, MOST_STAGES),
    "advances": (1, MOST_ADVANCES),
    "own": (1, MOST_CLAUSES),
}
"""How many blank lines a list has for more, and how many lines at most."""


class TermsForm(BaseForm):
    """One page, from the title to the clauses."""

    seen_version = HiddenField(validators=[InputRequired()])
    title = StringField(lazy_gettext("Tên hợp đồng"), [InputRequired(), AtMost(TITLE_MAX)])
    starts_on = DayField(lazy_gettext("Ngày bắt đầu"), [InputRequired()])
    ends_on = DayField(lazy_gettext("Ngày kết thúc"), [InputRequired()])
    seller_representative = StringField(
        lazy_gettext("Người đại diện bên bán"), [Optional(), AtMost(WORDS_MAX)]
    )
    seller_position = StringField(lazy_gettext("Chức vụ bên bán"), [Optional(), AtMost(WORDS_MAX)])
    buyer_representative = StringField(
        lazy_gettext("Người đại diện bên mua"), [Optional(), AtMost(WORDS_MAX)]
    )
    buyer_position = StringField(lazy_gettext("Chức vụ bên mua"), [Optional(), AtMost(WORDS_MAX)])
    stages = SelectMultipleField(lazy_gettext("Khâu liên kết"))

    total = VolumeField(lazy_gettext("Tổng lượng"), [InputRequired()])
    binding = RadioField(lazy_gettext("Cam kết lượng"), [InputRequired()])
    tolerance = PercentField(lazy_gettext("Dung sai"), [Optional()])
    limits = FieldList(FormField(LimitForm), max_entries=MOST_LIMITS)
    grades = FieldList(FormField(GradeLine), max_entries=MOST_GRADES)
    schemes = SelectMultipleField(lazy_gettext("Chứng nhận bắt buộc"), [Optional()])
    packing = StringField(lazy_gettext("Đóng gói"), [Optional(), AtMost(WORDS_MAX)])

    price_kind = RadioField(lazy_gettext("Cách tính giá"), [InputRequired()])
    base = MoneyField(lazy_gettext("Giá gốc"), [InputRequired()])
    monthly = FieldList(FormField(MonthLine), max_entries=MOST_MONTHS)
    reference_code = SelectField(lazy_gettext("Giá tham chiếu"), [Optional()])
    premium = MoneyField(lazy_gettext("Cộng thêm"), [Optional()])
    floor = MoneyField(lazy_gettext("Giá sàn"), [Optional()])
    ceiling = MoneyField(lazy_gettext("Giá trần"), [Optional()])
    standard_moisture = NumberField(lazy_gettext("Độ ẩm chuẩn"), [Optional()])

    calling = RadioField(lazy_gettext("Cách giao"), [InputRequired()])
    places = FieldList(FormField(PlaceLine), max_entries=MOST_PLACES)
    schedule = FieldList(FormField(DeliveryLine), max_entries=MOST_DELIVERIES)
    inspection = RadioField(lazy_gettext("Nơi kiểm tra"), [InputRequired()])
    inspector = StringField(lazy_gettext("Bên kiểm tra"), [Optional(), AtMost(WORDS_MAX)])
    accept_hours = WholeField(lazy_gettext("Thời hạn nghiệm thu"), [InputRequired()])

    payments = FieldList(FormField(PaymentLine), max_entries=MOST_STAGES)
    deposit = MoneyField(lazy_gettext("Tiền cọc"), [Optional()])
    deposit_part = PercentField(lazy_gettext("Mỗi hoá đơn trừ cọc"), [Optional()])
    retention = PercentField(lazy_gettext("Giữ lại mỗi hoá đơn"), [Optional()])
    retention_days = WholeField(lazy_gettext("Số ngày giữ"), [Optional()])
    advances = FieldList(FormField(AdvanceLine), max_entries=MOST_ADVANCES)

    late_penalty = PercentField(lazy_gettext("Phạt mỗi ngày giao muộn"), [Optional()])
    short_penalty = PercentField(lazy_gettext("Phạt phần giao thiếu"), [Optional()])
    penalty_cap = PercentField(lazy_gettext("Mức phạt tối đa"), [Optional()])
    bonus = PercentField(lazy_gettext("Thưởng giao đủ, đúng hẹn"), [Optional()])
    forum = RadioField(lazy_gettext("Giải quyết tranh chấp"), [InputRequired()])
    clauses = SelectMultipleField(lazy_gettext("Điều khoản mẫu"), [Optional()])
    own = FieldList(FormField(ClauseLine), max_entries=MOST_CLAUSES)
    note = TextAreaField(lazy_gettext("Lời nhắn"), [Optional(), AtMost(NOTE_MAX)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        for field, words in (
            (self.stages, wording.STAGES),
            (self.binding, wording.BINDINGS),
            (self.calling, wording.CALLINGS),
            (self.inspection, wording.PLACES),
            (self.forum, wording.FORUMS),
        ):
            field.choices = [(str(each), _(word)) for each, word in words.items()]
        self.price_kind.choices = [(FIXED, _("Giá cố định")), (REFERENCE, _("Theo giá tham chiếu"))]
        locale = current_locale()
        self.reference_code.choices = [
            ("", _("Chưa chọn")),
            *((each.code, each.name(locale)) for each in goods()),
        ]
        self.schemes.choices = [
            (each.code, each.name(locale)) for each in schemes() if each.is_open
        ]
        self.clauses.choices = []
        self.clause_texts: dict[str, str] = {}

    @property
    def seen(self) -> int:
        """The version that the writer has read; 0 of what a browser made up."""
        typed = self.seen_version.data or ""
        return int(typed) if str(typed).isdecimal() else 0

    @classmethod
    def of(cls, terms: Terms, version: int) -> Self:
        """The form with what a version says."""
        form = cls(formdata=None, data={"seen_version": version, **values_of(terms)})
        form.offer(terms)
        form.add_blanks()
        return form

    def offer(self, terms: Terms) -> None:
        """Let what the terms have already be kept: older clauses, schemes that have closed."""
        known = {code for code, _name in self.schemes.choices}
        gone = [each for each in terms.schemes if each not in known]
        self.schemes.choices += [(each, scheme_name(each)) for each in gone]
        held = {each.code: each for each in terms.clauses if each.version}
        library = [held.get(each.code, each) for each in offered()]
        words = {clause_key(each): clause_words(each) for each in library}
        self.clauses.choices = [(key, title) for key, (title, _text) in words.items()]
        self.clause_texts = {key: text for key, (_title, text) in words.items()}

    def add_blanks(self, name: str = "") -> None:
        """Leave room for more in every list, without JavaScript; in `name` for one line more."""
        for each, (wanted, most) in BLANKS.items():
            lines = self[each]
            blank = sum(entry.form.is_blank for entry in lines)
            missing = wanted - blank + (1 if each == name else 0)
            for _count in range(min(missing, most - len(lines))):
                lines.append_entry()

    def terms(self, before: Terms) -> Terms:
        """What was typed; who the parties are and what is sold stays. Call it after validation."""
        places = [each.form.place() for each in self.places if not each.form.is_blank]
        lines = [each.form for each in self.schedule if not each.form.is_blank]
        schedule = tuple(each.planned(places or [before.place or Place("")]) for each in lines)
        return replace(
            before,
            title=self.title.data.strip(),
            seller=_signing(before.seller, self.seller_representative, self.seller_position),
            buyer=_signing(before.buyer, self.buyer_representative, self.buyer_position),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
            stages=tuple(each for each in Stage if each in self.stages.data),
            total_g=self.total.data,
            binding=Binding(self.binding.data),
            tolerance_bps=self.tolerance.data or 0,
            limits=tuple(_limit(each.form) for each in self.limits if not each.form.is_blank),
            grades=tuple(each.form.grade() for each in self.grades if not each.form.is_blank),
            schemes=tuple(self.schemes.data),
            packing=_line(self.packing.data),
            price=self._price(),
            calling=Calling(self.calling.data),
            place=places[0] if places else None,
            schedule=schedule,
            inspection=InspectionPlace(self.inspection.data),
            inspector=_line(self.inspector.data),
            accept_hours=self.accept_hours.data,
            payment=self._payment(),
            advances=tuple(each.form.advance() for each in self.advances if not each.form.is_blank),
            breach=Breach(
                self.late_penalty.data or 0,
                self.short_penalty.data or 0,
                self.penalty_cap.data or 0,
                self.bonus.data or 0,
            ),
            forum=Forum(self.forum.data),
            clauses=self._clauses(),
        )

    def _price(self) -> Price:
        if self.price_kind.data == FIXED:
            return Price(
                self.base.data,
                monthly={
                    each.form.day: each.form.price.data
                    for each in self.monthly
                    if each.form.day is not None and each.form.price.data is not None
                },
                standard_moisture=self.standard_moisture.data,
            )
        return Price(
            self.base.data,
            # Where none is chosen the rules say so: it must not turn into a fixed price.
            reference_code=self.reference_code.data or "?",
            premium_minor=self.premium.data or 0,
            floor_minor=self.floor.data,
            ceiling_minor=self.ceiling.data,
            standard_moisture=self.standard_moisture.data,
        )

    def _payment(self) -> Payment:
        return Payment(
            stages=tuple(
                (each.form.part.data, each.form.days.data)
                for each in self.payments
                if not each.form.is_blank
            ),
            deposit_minor=self.deposit.data or 0,
            deposit_bps=self.deposit_part.data or 0,
            retention_bps=self.retention.data or 0,
            retention_days=self.retention_days.data or 0,
        )

    def _clauses(self) -> tuple[Clause, ...]:
        chosen = []
        for key in self.clauses.data:
            code, _at, version = key.rpartition("@")
            clause = find_clause(code, int(version))
            if clause is not None:
                chosen.append(clause)
        own = [each.form for each in self.own if not each.form.is_blank]
        return (*chosen, *(each.clause(number) for number, each in enumerate(own, 1)))


def _signing(party: Party, name: StringField, position: StringField) -> Party:
    return replace(party, representative=_line(name.data), position=_line(position.data))


def _limit(line: LimitForm) -> Limit:
    return Limit(_line(line.name.data), line.operator.data, line.value.data, _line(line.unit.data))


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
