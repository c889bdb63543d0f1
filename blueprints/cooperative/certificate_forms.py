"""The forms about certificates of a seller. Forms check shape; certification checks sense."""

from typing import Any, Final

from wtforms import (
    BooleanField,
    FileField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import TextAreaField as Lines
from wtforms.validators import InputRequired, Length, Optional

from blueprints.covering import ProductsForm
from blueprints.forms import AreaField, BaseForm, DayField, WeightField
from blueprints.naming import PlotsForm
from blueprints.papers import FormWithPaper
from marketplace.certification.rules import Claim, Extent
from marketplace.certification.schemes import GROUPS, schemes
from marketplace.kernel.translation import mark
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _

NUMBER_MAX: Final = 80
ISSUER_MAX: Final = 160
SCOPE_MAX: Final = 500
FACILITY_MAX: Final = 200
STARS: Final = range(1, 6)

GROUP_NAMES: Final = {
    "organic": mark("Hữu cơ"),
    "ip": mark("Chỉ dẫn địa lý, nhãn hiệu"),
    "program": mark("Chương trình nhà nước"),
    "gap": mark("Thực hành nông nghiệp tốt"),
    "aquatic": mark("Thủy sản"),
    "social": mark("Thương mại công bằng, bền vững"),
    "food_safety": mark("An toàn thực phẩm"),
    "religious": mark("Halal, Kosher"),
    "forest": mark("Rừng"),
    "area_code": mark("Mã vùng trồng, cơ sở"),
    "evidence": mark("Kết quả thử nghiệm"),
}


class ClaimForm(FormWithPaper, ProductsForm, PlotsForm):
    """A certificate, as it is printed on its paper."""

    scheme_code = SelectField(
        lazy_gettext("Loại chứng nhận"),
        validators=[InputRequired(lazy_gettext("Chọn loại chứng nhận"))],
    )
    level = SelectField(lazy_gettext("Số sao"), validators=[Optional()])
    number = StringField(
        lazy_gettext("Số chứng nhận"),
        validators=[
            InputRequired(lazy_gettext("Nhập số chứng nhận như in trên giấy")),
            Length(max=NUMBER_MAX),
        ],
    )
    issuer = StringField(
        lazy_gettext("Nơi cấp"),
        validators=[
            InputRequired(lazy_gettext("Nhập tên nơi cấp như in trên giấy")),
            Length(max=ISSUER_MAX),
        ],
    )
    issued_on = DayField(lazy_gettext("Ngày cấp, ngày ra quyết định"), validators=[Optional()])
    valid_from = DayField(
        lazy_gettext("Có hiệu lực từ"),
        validators=[InputRequired(lazy_gettext("Nhập ngày bắt đầu có hiệu lực"))],
    )
    valid_to = DayField(lazy_gettext("Hết hiệu lực ngày"), validators=[Optional()])
    scope = Lines(
        lazy_gettext("Phạm vi ghi trên giấy"), validators=[Optional(), Length(max=SCOPE_MAX)]
    )
    facility = StringField(
        lazy_gettext("Cơ sở, nơi được kiểm tra"),
        validators=[Optional(), Length(max=FACILITY_MAX)],
    )
    area = AreaField(lazy_gettext("Diện tích (ha)"), validators=[Optional()])
    yearly = WeightField(lazy_gettext("Sản lượng dự kiến một năm (kg)"), validators=[Optional()])
    file = FileField(lazy_gettext("Bản chụp giấy chứng nhận"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        locale = current_locale()
        by_group: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        for each in schemes():
            if each.is_open:
                by_group[each.group].append((each.code, each.name(locale)))
        self.scheme_code.choices = {
            "": [("", _("Chọn loại chứng nhận"))],
            **{_(GROUP_NAMES[group]): choices for group, choices in by_group.items() if choices},
        }
        stars = [(str(level), _("%(level)s sao", level=level)) for level in STARS]
        self.level.choices = [("", _("Không có sao")), *stars]

    def claim(self, organisation_id: int) -> Claim:
        """What was typed, for the operation. Call it after validation."""
        return Claim(
            organisation_id=organisation_id,
            scheme_code=self.scheme_code.data,
            number=self.number.data or "",
            issuer=self.issuer.data or "",
            valid_from=self.valid_from.data,
            file_id=self.kept_id,
            level=int(self.level.data) if self.level.data else None,
            issued_on=self.issued_on.data,
            valid_to=self.valid_to.data,
            scope=self.scope.data or "",
            product_ids=tuple(self.product_ids.data or ()),
            extent=Extent(self.facility.data or "", self.area.data, self.yearly.data),
            land=self.land(),
        )


class PaperForm(BaseForm):
    """Whether everybody may see the paper."""

    is_shown = BooleanField(lazy_gettext("Cho mọi người xem bản chụp trên trang công khai"))


class ChooseForm(BaseForm):
    """Which certificates cover a product."""

    certificate_ids = SelectMultipleField(
        lazy_gettext("Chứng nhận của sản phẩm"), coerce=int, validators=[Optional()]
    )
