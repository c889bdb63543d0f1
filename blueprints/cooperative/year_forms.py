"""The form of an organisation's year."""

from typing import Self

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.forms import BaseForm, MoneyField, WholeField
from marketplace.membership.yearly.rules import FIGURES, LABELS, TEXT_MAX, YearFigures
from marketplace.platform.translation import lazy_gettext
from models.statistics import YearlyStatistic


def _people(name: str) -> WholeField:
    return WholeField(lazy_gettext(LABELS[name]), validators=[InputRequired()])


def _money(name: str, *, is_needed: bool = True) -> MoneyField:
    return MoneyField(
        lazy_gettext(LABELS[name]), validators=[InputRequired() if is_needed else Optional()]
    )


class YearForm(BaseForm):
    """What a year came to; amounts in whole đồng."""

    official_members = _people("official_members")
    associate_members_capital = _people("associate_members_capital")
    associate_members_other = _people("associate_members_other")
    labourers = _people("labourers")
    labourers_members = _people("labourers_members")
    mean_income_minor = _money("mean_income_minor", is_needed=False)
    charter_capital_minor = _money("charter_capital_minor")
    total_assets_minor = _money("total_assets_minor")
    revenue_internal_minor = _money("revenue_internal_minor")
    revenue_external_minor = _money("revenue_external_minor")
    profit_minor = _money("profit_minor")
    managers = _people("managers")
    managers_trained = _people("managers_trained")
    note = TextAreaField(lazy_gettext("Ghi chú"), validators=[Optional(), Length(max=TEXT_MAX)])
    reason = StringField(lazy_gettext("Lý do sửa"), validators=[Optional(), Length(max=TEXT_MAX)])
    seen_version = HiddenField()

    @classmethod
    def filled_with(cls, newest: YearlyStatistic | None) -> Self:
        """The form of a year that is declared already, or an empty one."""
        if newest is None:
            return cls(formdata=None, seen_version="0")
        figures = {name: getattr(newest, name) for name in (*FIGURES, "note")}
        return cls(formdata=None, data=figures, seen_version=str(newest.version))

    @property
    def seen(self) -> int:
        """The version that the reader has looked at."""
        text = self.seen_version.data or ""
        return int(text) if text.isascii() and text.isdecimal() else 0

    def figures(self) -> YearFigures:
        """What was typed, for the operation. Call it after validation."""
        return YearFigures(**{name: self[name].data for name in FIGURES}, note=self.note.data or "")
