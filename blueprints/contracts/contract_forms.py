"""What the pages of contracts accept. Forms check shape; the marketplace checks sense."""

from collections.abc import Sequence
from typing import Any

from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.cooperative.member_forms import provinces
from blueprints.forms import BaseForm, DayField, MoneyField, VolumeField
from marketplace.contracts.differences import Line
from marketplace.contracts.queries.partners import Goods
from marketplace.contracts.rules import COMMENT_MAX, REASON_MAX, WHOLE
from marketplace.platform.translation import current_locale, gettext, lazy_gettext


class ReasonForm(BaseForm):
    """Why somebody says no, calls off or ends."""

    reason = TextAreaField(lazy_gettext("Lý do"), validators=[Length(max=REASON_MAX)])


class CommentForm(BaseForm):
    """A word about a line."""

    version = HiddenField()
    line = SelectField(lazy_gettext("Góp ý về"), validate_choice=False)
    text = TextAreaField(
        lazy_gettext("Nội dung góp ý"),
        validators=[
            InputRequired(lazy_gettext("Mời viết nội dung góp ý.")),
            Length(max=COMMENT_MAX),
        ],
    )

    def offer(self, lines: Sequence[Line]) -> None:
        """Let people choose one of these lines, or the whole."""
        self.line.choices = [
            (WHOLE, gettext("Cả bản")),
            *((each.key, each.label) for each in lines),
        ]


class OfferForm(BaseForm):
    """A direct offer: what, how much, at which price, when and where."""

    product = SelectField(lazy_gettext("Hàng hoá"), coerce=int)
    total = VolumeField(
        lazy_gettext("Tổng lượng"), validators=[InputRequired(lazy_gettext("Ghi tổng lượng"))]
    )
    base = MoneyField(
        lazy_gettext("Giá mỗi kg, tại nơi giao"),
        validators=[InputRequired(lazy_gettext("Ghi giá mỗi kg"))],
    )
    starts_on = DayField(
        lazy_gettext("Từ ngày"), validators=[InputRequired(lazy_gettext("Chọn ngày bắt đầu"))]
    )
    ends_on = DayField(
        lazy_gettext("Tới ngày"), validators=[InputRequired(lazy_gettext("Chọn ngày kết thúc"))]
    )
    province_code = SelectField(lazy_gettext("Tỉnh, thành phố nơi giao"))
    address = StringField(
        lazy_gettext("Kho, số nhà nơi giao"), validators=[Optional(), Length(max=200)]
    )

    def __init__(self, *args: Any, goods: Sequence[Goods], **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        is_english = current_locale() == "en"
        self.product.choices = [
            (each.id, each.name_en if is_english and each.name_en else each.name_vi)
            for each in goods
        ]
        self.province_code.choices = provinces()
