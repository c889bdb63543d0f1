"""What the pages of plots and growing areas accept. Forms check shape; the marketplace, sense."""

import json
import re
from decimal import Decimal
from typing import Any, Final, Self

from babel import Locale
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from blueprints.cooperative.member_forms import communes, provinces
from blueprints.forms import AtMost, BaseForm, DayField, NumberField
from marketplace.membership.land.shapes import MAX_TEXT, read_shape
from marketplace.membership.operations import AreaFacts, PlotFacts
from marketplace.membership.queries import AreaRow, PlotRow
from marketplace.platform.translation import current_locale, gettext, lazy_gettext
from models.membership import AreaMarket

HECTARE: Final = 10_000
TONNE: Final = 1_000
FIRST_COUNTRIES: Final = ("CN", "US", "JP", "KR", "AU", "NZ", "TH", "MY", "SG", "TW", "DE", "NL")
"""Where most codes are asked for; the others follow by name."""

NOT_OFFERED: Final = frozenset({*FIRST_COUNTRIES, "VN", "EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
"""Those that stand first, the own one, and what is no country."""


class PlotForm(BaseForm):
    """A plot of a member."""

    owner_code = StringField(
        lazy_gettext("Mã thành viên"), validators=[InputRequired(), AtMost(20)]
    )
    crop = StringField(
        lazy_gettext("Cây trồng, vật nuôi"), validators=[InputRequired(), AtMost(80)]
    )
    declared_area = NumberField(lazy_gettext("Diện tích theo giấy tờ"), validators=[Optional()])
    province_code = SelectField(lazy_gettext("Tỉnh, thành phố"), validators=[InputRequired()])
    commune_code = SelectField(lazy_gettext("Xã, phường"), validators=[Optional()])
    shape = TextAreaField(
        lazy_gettext("Hình thửa (GeoJSON)"), validators=[Optional(), AtMost(MAX_TEXT)]
    )
    code = StringField(lazy_gettext("Mã thửa"), validators=[InputRequired(), AtMost(20)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.province_code.choices = provinces()
        self.commune_code.choices = communes(self.province_code.data)

    @classmethod
    def of(cls, plot: PlotRow) -> Self:
        """The form with what is said of a plot now."""
        return cls(
            formdata=None,
            obj=plot,
            data={
                "commune_code": plot.commune_code or "",
                "declared_area": _in(plot.declared_area_m2, HECTARE),
                "shape": json.dumps(plot.geometry) if plot.geometry else "",
            },
        )

    def facts(self, organisation_id: int) -> PlotFacts:
        """What was typed, for the operation. Call it after validation.

        Raises:
            ShapeInvalidError: the GeoJSON gives no plot.
        """
        typed = (self.shape.data or "").strip()
        return PlotFacts(
            organisation_id=organisation_id,
            owner_code=self.owner_code.data or "",
            code=self.code.data or "",
            crop=self.crop.data or "",
            province_code=self.province_code.data,
            commune_code=self.commune_code.data or None,
            declared_area_m2=_whole(self.declared_area.data, HECTARE),
            shape=read_shape(typed) if typed else None,
        )


class AreaForm(BaseForm):
    """A growing-area code."""

    code = StringField(lazy_gettext("Mã vùng trồng"), validators=[InputRequired(), AtMost(40)])
    market = RadioField(lazy_gettext("Thị trường"), validators=[InputRequired()])
    country = SelectField(lazy_gettext("Nước nhập khẩu"), validators=[Optional()])
    crop = StringField(lazy_gettext("Cây trồng"), validators=[InputRequired(), AtMost(80)])
    area = NumberField(lazy_gettext("Diện tích theo mã"), validators=[Optional()])
    capacity = NumberField(lazy_gettext("Sản lượng một vụ"), validators=[Optional()])
    valid_from = DayField(lazy_gettext("Ngày cấp"), validators=[InputRequired()])
    valid_to = DayField(lazy_gettext("Hết hạn ngày"), validators=[Optional()])
    issued_by = StringField(lazy_gettext("Nơi cấp"), validators=[Optional(), AtMost(160)])
    plot_codes = TextAreaField(
        lazy_gettext("Các thửa trong vùng"), validators=[Optional(), AtMost(20_000)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.market.choices = [
            (str(AreaMarket.DOMESTIC), gettext("Trong nước")),
            (str(AreaMarket.EXPORT), gettext("Xuất khẩu")),
        ]
        self.country.choices = [("", gettext("Chưa chọn")), *_countries()]

    @classmethod
    def of(cls, area: AreaRow, plot_codes: list[str]) -> Self:
        """The form with what is written down now."""
        return cls(
            formdata=None,
            obj=area,
            data={
                "area": _in(area.area_m2, HECTARE),
                "capacity": _in(area.capacity_kg, TONNE),
                "country": "" if area.market == AreaMarket.DOMESTIC else area.country,
                "plot_codes": ", ".join(plot_codes),
            },
        )

    def facts(self, organisation_id: int) -> AreaFacts:
        """What was typed, for the operation. Call it after validation."""
        return AreaFacts(
            organisation_id=organisation_id,
            code=self.code.data or "",
            market=AreaMarket(self.market.data),
            country=self.country.data or "",
            crop=self.crop.data or "",
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            area_m2=_whole(self.area.data, HECTARE),
            capacity_kg=_whole(self.capacity.data, TONNE),
            issued_by=self.issued_by.data or "",
            plot_codes=re.split(r"[,;\s]+", self.plot_codes.data or ""),
        )


def country_name(code: str) -> str:
    """A country in the reader's language."""
    return str(Locale.parse(current_locale()).territories.get(code, code))


def _countries() -> list[tuple[str, str]]:
    known = Locale.parse(current_locale()).territories
    names = {str(code): str(name) for code, name in known.items()}
    rest = [code for code in names if re.fullmatch("[A-Z]{2}", code) and code not in NOT_OFFERED]
    rest.sort(key=names.__getitem__)
    return [(code, names[code]) for code in (*FIRST_COUNTRIES, *rest)]


def _in(whole: int | None, unit: int) -> Decimal | None:
    return None if whole is None else Decimal(whole) / unit


def _whole(typed: Decimal | None, unit: int) -> int | None:
    return None if typed is None else int((typed * unit).to_integral_value())
