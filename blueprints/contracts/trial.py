"""Trying the price of a contract on sample deliveries, before anybody signs.

It changes nothing and stands in the address, so that both sides can look at the same sums.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask import render_template
from flask import request as asked
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.fields import FieldList, FormField
from wtforms.validators import Optional

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.contracts.terms_lines import Line
from blueprints.enterprise.request_forms import InnerForm
from blueprints.errors import sentence
from blueprints.fields import DayField, MoneyField, NumberField, VolumeField, WholeField
from marketplace.contracts.access import terms_in
from marketplace.contracts.pricing import (
    Penalty,
    Priced,
    beyond_tolerance,
    part_of,
    penalties,
    price_line,
)
from marketplace.contracts.references.queries import price_on
from marketplace.contracts.terms import Terms, per_kg
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import InvalidError
from marketplace.kernel.quantity import GRAMS_PER_KG
from marketplace.platform.translation import lazy_gettext
from models.contracts import ReferencePrice

MOST_SAMPLES: Final = 6
SAMPLE_G: Final = 5_000_000


class SampleLine(Line):
    """A delivery that might come."""

    NAMES = ("shipped_on", "net", "moisture", "reference")

    shipped_on = DayField(lazy_gettext("Ngày xuất hàng"), [Optional()])
    grade = SelectField(lazy_gettext("Loại hàng"), [Optional()])
    net = VolumeField(lazy_gettext("Nhận được"), [Optional()])
    moisture = NumberField(lazy_gettext("Độ ẩm đo được"), [Optional()])
    reference = MoneyField(lazy_gettext("Giá tham chiếu hôm đó"), [Optional()])
    planned = VolumeField(lazy_gettext("Phải giao"), [Optional()])
    days_late = WholeField(lazy_gettext("Số ngày muộn"), [Optional()])

    def validate(self, *args: Any, **kwargs: Any) -> bool:  # noqa: ANN401 - WTForms' own
        """A sample needs a day and an amount."""
        return bool(super().validate(*args, **kwargs)) & self.needs("shipped_on", "net")


class TrialForm(InnerForm):
    """A few deliveries side by side."""

    mau = FieldList(FormField(SampleLine), max_entries=MOST_SAMPLES)


@dataclass(frozen=True, slots=True)
class Tried:
    """What a sample costs, or why it cannot be said.

    Attributes:
        priced: The goods; `penalty` what is taken off and added.
        deposit_minor: What is taken from the deposit, as if this were the first delivery.
        invoice_minor: What is asked for then; of it `retention_minor` is kept back for a while.
        refused: The sentence of a refusal.
    """

    priced: Priced | None = None
    penalty: Penalty | None = None
    deposit_minor: int = 0
    invoice_minor: int = 0
    retention_minor: int = 0
    refused: str = ""

    @property
    def counted_kg(self) -> Decimal | None:
        """The kilograms that are paid for, to the gram."""
        return Decimal(self.priced.counted_g) / GRAMS_PER_KG if self.priced else None


@contracts.get("/<code>/<number>/thu-gia")
def try_price(code: str, number: str) -> ResponseReturnValue:
    """Sample deliveries and what they would cost under the last version."""
    _actor, contract = own_contract(code, number)
    terms = terms_in(contract, contract.version)
    today = business_day(now())
    reference = None if terms.price.is_fixed else price_on(terms.price.reference_code, today)
    is_asked = any(key.startswith("mau-") for key in asked.args)
    samples = None if is_asked else {"mau": _samples(terms, reference)}
    form = TrialForm(asked.args if is_asked else None, data=samples)
    for each in form.mau:
        each.form.grade.choices = [(e.code, f"{e.code} · {e.name}") for e in terms.grades]
    is_valid = form.validate() if is_asked else True
    tried = [
        None if each.form.is_blank or each.form.errors else _tried(terms, each.form)
        for each in form.mau
    ]
    body = render_template(
        "contracts/trial.html",
        code=code,
        contract=contract,
        terms=terms,
        form=form,
        tried=tried,
        reference=reference,
        base=contract_url(code, number),
    )
    return body, 200 if is_valid else 422


def _samples(terms: Terms, reference: ReferencePrice | None) -> list[dict[str, Any]]:
    """A delivery of each grade as agreed, a moist one, a late and short one."""
    first = terms.schedule[0] if terms.schedule else None
    grams = first.grams if first else min(SAMPLE_G, terms.total_g)
    plain = {
        "shipped_on": first.due_on if first else terms.starts_on,
        "grade": terms.grades[0].code if terms.grades else "",
        "net": grams,
        "moisture": terms.price.standard_moisture,
        "reference": reference.price_minor if reference else terms.price.base_minor,
        "planned": grams,
        "days_late": 0,
    }
    samples = [plain | {"grade": each.code} for each in terms.grades[:3]] or [plain]
    if terms.price.standard_moisture is not None:
        samples.append(plain | {"moisture": terms.price.standard_moisture + Decimal("1.5")})
    return [*samples, plain | {"net": grams * 9 // 10, "days_late": 3}][:MOST_SAMPLES]


def _tried(terms: Terms, line: SampleLine) -> Tried:
    day: date = line.shipped_on.data
    net_g: int = line.net.data
    try:
        priced = price_line(
            terms=terms,
            shipped_on=day,
            grade=line.grade.data if terms.grades else "",
            net_g=net_g,
            moisture=line.moisture.data,
            reference_minor=line.reference.data,
        )
    except InvalidError as error:
        return Tried(refused=sentence(error))
    missing_g = beyond_tolerance(
        terms=terms, planned_g=line.planned.data or net_g, accepted_g=net_g
    )
    penalty = penalties(
        terms=terms,
        goods_minor=priced.amount_minor,
        days_late=line.days_late.data or 0,
        missing_g=missing_g,
        missing_minor=per_kg(missing_g, priced.unit_minor),
    )
    due = max(priced.amount_minor + penalty.bonus_minor - penalty.total_minor, 0)
    deposit = min(
        part_of(priced.amount_minor, terms.payment.deposit_bps), terms.payment.deposit_minor, due
    )
    kept = part_of(due - deposit, terms.payment.retention_bps)
    return Tried(priced, penalty, deposit, due - deposit, kept)
