"""What a quote's page accepts. Forms check shape; the marketplace checks sense.

The months, the limits and the cooperatives are those of the request, so the fields are made for
each request anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from wtforms import BooleanField, Field, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Length

from blueprints.fields import DayField, MoneyField, WeightField, WholeField
from blueprints.forms import BaseForm
from blueprints.quoting import subjects_of
from marketplace.platform.formatting import month as month_text
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
from marketplace.sourcing.quotes.offer import Formula, Offer, Share
from marketplace.sourcing.quotes.queries import SupplyChoice, UnionMember
from marketplace.sourcing.quotes.rules import NOTE_MAX, TEXT_MAX
from marketplace.sourcing.requests.terms import Terms

FIXED: Final = "fixed"
FORMULA: Final = "formula"


class OfferForm(BaseForm):
    """What every offer says, whatever the request asks for."""

    product = SelectField(lazy_gettext("Sản phẩm chào bán"), validate_choice=False)
    kind = RadioField(
        lazy_gettext("Cách tính giá"),
        choices=[
            SelectChoice(FIXED, lazy_gettext("Giá cố định")),
            SelectChoice(FORMULA, lazy_gettext("Theo giá tham chiếu")),
        ],
        default=FIXED,
        validators=[InputRequired()],
    )
    price = MoneyField(lazy_gettext("Giá mỗi kg, mọi tháng"))
    reference = StringField(lazy_gettext("Nguồn giá tham chiếu"), validators=[Length(max=TEXT_MAX)])
    premium = MoneyField(lazy_gettext("Cộng thêm (hoặc bớt) mỗi kg"))
    floor = MoneyField(lazy_gettext("Giá sàn mỗi kg"))
    ceiling = MoneyField(lazy_gettext("Giá trần mỗi kg"))
    fee = MoneyField(lazy_gettext("Phí giao tới nơi, mỗi kg"))
    payment_days = WholeField(lazy_gettext("Thanh toán sau khi nghiệm thu"))
    samples = BooleanField(lazy_gettext("Gửi mẫu được"))
    valid_until = DayField(lazy_gettext("Báo giá có hiệu lực tới ngày"))
    note = TextAreaField(lazy_gettext("Ghi chú"), validators=[Length(max=NOTE_MAX)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a request's form is made of.

    Attributes:
        terms: What is asked for.
        choices: What the seller can offer from its book.
        members: Of a joint quote: the cooperatives with what each can offer.
        is_joint: Whether it is one.
    """

    terms: Terms
    choices: Sequence[SupplyChoice]
    members: Sequence[tuple[UnionMember, Sequence[SupplyChoice]]] = ()
    is_joint: bool = False

    @property
    def months(self) -> list[date]:
        """The months that are asked for."""
        return [month for month, _grams in self.terms.periods]

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """What an offer can deviate from: how it is named, how people read it."""
        return list(subjects_of(self.terms).items())

    def form(self, offer: Offer | None = None, *, is_sent: bool = False) -> OfferForm:
        """The form of this request: as it was sent, or with what has been offered so far."""
        made: type[OfferForm] = type("OfferFormOfRequest", (OfferForm,), self._fields())
        form = made() if is_sent else made(formdata=None, data=self._data(offer or Offer()))
        form["product"].choices = _options(self.choices)
        for member, choices in self.members:
            form[f"product_{member.id}"].choices = _options(choices)
        return form

    def offer(self, form: OfferForm) -> Offer:
        """What was typed, as an offer; perhaps incomplete."""
        offer = Offer(
            fee_minor=form.fee.data or 0,
            payment_days=form.payment_days.data or 0,
            deviations={
                about: text
                for about, _words in self.subjects
                if (text := (form[_name("deviation", about)].data or "").strip())
            },
            has_samples=bool(form.samples.data),
            valid_until=form.valid_until.data,
            note=(form.note.data or "").strip(),
        )
        offer = self._with_goods(offer, form)
        if form.kind.data == FORMULA:
            formula = Formula(
                (form.reference.data or "").strip(),
                form.premium.data or 0,
                form.floor.data,
                form.ceiling.data,
            )
            return replace(offer, formula=formula)
        prices = {
            month: price
            for month in offer.volumes
            if (price := form[_name("price", month)].data or form.price.data) is not None
        }
        return replace(offer, prices=prices)

    def _with_goods(self, offer: Offer, form: OfferForm) -> Offer:
        if not self.is_joint:
            product_id, grade = _chosen(form["product"].data)
            volumes = {
                month: grams
                for month in self.months
                if (grams := form[_name("volume", month)].data)
            }
            return replace(offer, product_id=product_id, grade=grade, volumes=volumes)
        shares = []
        sums: dict[date, int] = {}
        for member, _choices in self.members:
            product_id, grade = _chosen(form[f"product_{member.id}"].data)
            for month in self.months:
                grams = form[_name(f"share_{member.id}", month)].data
                if grams and product_id is not None:
                    shares.append(Share(member.id, month, product_id, grade, grams))
                    sums[month] = sums.get(month, 0) + grams
        return replace(offer, volumes=sums, shares=tuple(shares))

    def _fields(self) -> dict[str, Field]:
        fields: dict[str, Any] = {}
        for month in self.months:
            name = month_text(month)
            fields[_name("price", month)] = MoneyField(_("Giá riêng %(month)s", month=name))
            if not self.is_joint:
                fields[_name("volume", month)] = WeightField(_("Khối lượng %(month)s", month=name))
        for member, _choices in self.members:
            fields[f"product_{member.id}"] = SelectField(
                _("Sản phẩm của %(name)s", name=member.name), validate_choice=False
            )
            for month in self.months:
                fields[_name(f"share_{member.id}", month)] = WeightField(month_text(month))
        for about, words in self.subjects:
            fields[_name("deviation", about)] = StringField(
                words, validators=[Length(max=TEXT_MAX)]
            )
        return fields

    def _data(self, offer: Offer) -> dict[str, Any]:
        formula = offer.formula
        one = set(offer.prices.values())
        is_one = len(one) == 1
        data: dict[str, Any] = {
            "product": _value(offer.product_id, offer.grade),
            "kind": FORMULA if formula else FIXED,
            "price": next(iter(one)) if is_one else None,
            "fee": offer.fee_minor or None,
            "payment_days": offer.payment_days or None,
            "samples": offer.has_samples,
            "valid_until": offer.valid_until,
            "note": offer.note,
        }
        if formula is not None:
            data |= {
                "reference": formula.reference,
                "premium": formula.premium_minor,
                "floor": formula.floor_minor,
                "ceiling": formula.ceiling_minor,
            }
        data |= {_name("volume", month): grams for month, grams in offer.volumes.items()}
        if not is_one:
            data |= {_name("price", month): price for month, price in offer.prices.items()}
        data |= {_name("deviation", about): text for about, text in offer.deviations.items()}
        for share in offer.shares:
            data[f"product_{share.organisation_id}"] = _value(share.product_id, share.grade)
            data[_name(f"share_{share.organisation_id}", share.month)] = share.grams
        return data


def field_of(form: OfferForm, kind: str, of: date | str) -> Field:
    """For templates: the field of a month or of what can be deviated from."""
    field: Field = form[_name(kind, of)]
    return field


def _name(kind: str, of: date | str) -> str:
    return f"{kind}_{of.strftime('%Y_%m') if isinstance(of, date) else of.replace(':', '_')}"


def _value(product_id: int | None, grade: str) -> str:
    return "" if product_id is None else f"{product_id}|{grade}"


def _chosen(value: str | None) -> tuple[int | None, str]:
    product_id, _bar, grade = (value or "").partition("|")
    return (int(product_id), grade) if product_id.isdecimal() else (None, "")


def _options(choices: Sequence[SupplyChoice]) -> list[SelectChoice]:
    is_english = current_locale() == "en"
    named: Mapping[str, str] = {
        each.value: (each.name_en if is_english and each.name_en else each.name_vi)
        + (f", {each.grade}" if each.grade else "")
        for each in choices
    }
    return [
        SelectChoice("", _("Chọn sản phẩm")),
        *(SelectChoice(value, name) for value, name in named.items()),
    ]
