"""The forms of a product, its packs and its photos.

Forms check shape; the catalogue checks sense.
"""

from collections.abc import Mapping
from typing import Any, Final, Self

from wtforms import MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.forms import BaseForm, MoneyField, WeightField
from marketplace.catalogue.categories import categories_tree
from marketplace.catalogue.queries import PackRow
from marketplace.catalogue.rules import NO_SEASON, PackDetails, ProductDetails
from marketplace.geography import queries as geography
from marketplace.kernel.money import Money, vnd
from marketplace.kernel.translation import mark
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _
from models.catalogue import Product

NAME_MAX: Final = 160
LINE_MAX: Final = 300
STORY_MAX: Final = 6000
PACK_MAX: Final = 80
MONTHS: Final = range(1, 13)
SUPPLY: Final = (
    ("0", mark("Không có")),
    ("1", mark("Ít")),
    ("2", mark("Vừa")),
    ("3", mark("Chính vụ")),
)
"""How much there is in a month, as `Product.season` counts it."""


def _id_or_none(value: object) -> int | str:
    """The id of a choice; nothing chosen stays an empty text, which is no id."""
    return int(str(value)) if value else ""


class ProductForm(BaseForm):
    """What a product is, where it comes from and when there is how much of it."""

    name_vi = StringField(
        lazy_gettext("Tên sản phẩm"),
        validators=[InputRequired(lazy_gettext("Nhập tên sản phẩm")), Length(max=NAME_MAX)],
    )
    category_id = SelectField(
        lazy_gettext("Thuộc nhóm hàng"),
        coerce=_id_or_none,
        validators=[InputRequired(lazy_gettext("Chọn nhóm hàng"))],
    )
    province_code = SelectField(
        lazy_gettext("Tỉnh, thành phố"),
        validators=[InputRequired(lazy_gettext("Chọn tỉnh, thành phố"))],
    )
    commune_code = SelectField(lazy_gettext("Xã, phường"), validators=[Optional()])
    summary_vi = StringField(
        lazy_gettext("Một câu giới thiệu sản phẩm"), validators=[Optional(), Length(max=LINE_MAX)]
    )
    story_vi = TextAreaField(
        lazy_gettext("Câu chuyện sản phẩm"), validators=[Optional(), Length(max=STORY_MAX)]
    )
    storage_vi = StringField(
        lazy_gettext("Cách bảo quản"), validators=[Optional(), Length(max=LINE_MAX)]
    )
    name_en = StringField(
        lazy_gettext("Tên tiếng Anh"), validators=[Optional(), Length(max=NAME_MAX)]
    )
    summary_en = StringField(
        lazy_gettext("Một câu giới thiệu sản phẩm, tiếng Anh"),
        validators=[Optional(), Length(max=LINE_MAX)],
    )
    story_en = TextAreaField(
        lazy_gettext("Câu chuyện sản phẩm, tiếng Anh"),
        validators=[Optional(), Length(max=STORY_MAX)],
    )
    storage_en = StringField(
        lazy_gettext("Cách bảo quản, tiếng Anh"),
        validators=[Optional(), Length(max=LINE_MAX)],
    )
    month_1 = SelectField(lazy_gettext("Tháng 1"))
    month_2 = SelectField(lazy_gettext("Tháng 2"))
    month_3 = SelectField(lazy_gettext("Tháng 3"))
    month_4 = SelectField(lazy_gettext("Tháng 4"))
    month_5 = SelectField(lazy_gettext("Tháng 5"))
    month_6 = SelectField(lazy_gettext("Tháng 6"))
    month_7 = SelectField(lazy_gettext("Tháng 7"))
    month_8 = SelectField(lazy_gettext("Tháng 8"))
    month_9 = SelectField(lazy_gettext("Tháng 9"))
    month_10 = SelectField(lazy_gettext("Tháng 10"))
    month_11 = SelectField(lazy_gettext("Tháng 11"))
    month_12 = SelectField(lazy_gettext("Tháng 12"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.category_id.choices = _categories()
        self.province_code.choices = _provinces()
        self.commune_code.choices = _communes(self.province_code.data)
        for field in self.months:
            field.choices = [(value, _(word)) for value, word in SUPPLY]

    @classmethod
    def fresh(cls, province_code: str, commune_code: str | None) -> Self:
        """An empty form; most goods come from where their cooperative is."""
        return cls(formdata=None, data=_filled(province_code, commune_code, NO_SEASON))

    @classmethod
    def of(cls, product: Product) -> Self:
        """The form with what is said of a product now."""
        return cls(
            formdata=None,
            obj=product,
            data=_filled(product.province_code, product.commune_code, product.season),
        )

    @property
    def months(self) -> list[SelectField]:
        """The twelve fields of the season, January first."""
        return [self[f"month_{month}"] for month in MONTHS]

    def details(self) -> ProductDetails:
        """What was typed, for the operation. Call it after validation."""
        return ProductDetails(
            category_id=self.category_id.data or 0,
            name_vi=self.name_vi.data or "",
            province_code=self.province_code.data,
            commune_code=self.commune_code.data or None,
            name_en=self.name_en.data or "",
            summary_vi=self.summary_vi.data or "",
            summary_en=self.summary_en.data or "",
            story_vi=self.story_vi.data or "",
            story_en=self.story_en.data or "",
            storage_vi=self.storage_vi.data or "",
            storage_en=self.storage_en.data or "",
            season="".join(field.data for field in self.months),
        )


class PackForm(BaseForm):
    """A size: what it is called, what is in it."""

    name_vi = StringField(
        lazy_gettext("Tên quy cách"),
        validators=[
            InputRequired(lazy_gettext("Nhập tên quy cách, ví dụ Gói 500 g")),
            Length(max=PACK_MAX),
        ],
    )
    name_en = StringField(
        lazy_gettext("Tên tiếng Anh"), validators=[Optional(), Length(max=PACK_MAX)]
    )
    weight = WeightField(
        lazy_gettext("Khối lượng tịnh"),
        validators=[InputRequired(lazy_gettext("Nhập khối lượng tịnh tính bằng kg, ví dụ 0,5"))],
    )
    gtin = StringField(lazy_gettext("Số mã vạch (GTIN)"), validators=[Optional(), Length(max=20)])

    @classmethod
    def of(cls, pack: PackRow) -> Self:
        """The form with what is said of a pack now."""
        return cls(
            formdata=None,
            data={
                "name_vi": pack.name_vi,
                "name_en": pack.name_en,
                "weight": pack.net_weight_g,
                "gtin": pack.gtin,
            },
        )

    def details(self) -> PackDetails:
        """What was typed, for the operation. Call it after validation."""
        return PackDetails(
            name_vi=self.name_vi.data or "",
            net_weight_g=self.weight.data,
            name_en=self.name_en.data or "",
            gtin=self.gtin.data or None,
        )


class NewPackForm(PackForm):
    """A size with its first price."""

    price = MoneyField(
        lazy_gettext("Giá một gói"),
        validators=[InputRequired(lazy_gettext("Nhập giá một gói, ví dụ 145.000"))],
    )

    def amount(self) -> Money:
        """The price. Call it after validation."""
        return vnd(self.price.data)


class PriceForm(BaseForm):
    """A price of a pack, in whole đồng."""

    price = MoneyField(
        lazy_gettext("Giá mới"),
        validators=[InputRequired(lazy_gettext("Nhập giá mới, ví dụ 145.000"))],
    )

    def amount(self) -> Money:
        """The price. Call it after validation."""
        return vnd(self.price.data)


class PhotosForm(BaseForm):
    """Photos to add, up to ten at a time."""

    file = MultipleFileField(lazy_gettext("Chọn ảnh"))


def _filled(province_code: str, commune_code: str | None, season: str) -> Mapping[str, Any]:
    months = {f"month_{month}": season[month - 1] for month in MONTHS}
    return {"province_code": province_code, "commune_code": commune_code or "", **months}


def _categories() -> dict[str, list[tuple[Any, str]]]:
    locale = current_locale()
    groups = {
        top.name(locale): [(node.id, node.name(locale)) for node in top.children or (top,)]
        for top in categories_tree().tops
    }
    return {"": [("", _("Chọn nhóm hàng"))], **groups}


def _provinces() -> list[tuple[str, str]]:
    is_english = current_locale() == "en"
    return [
        (each.code, each.name_en if is_english else each.name) for each in geography.provinces()
    ]


def _communes(province_code: str | None) -> list[tuple[str, str]]:
    nowhere = ("", _("Chưa chọn"))
    if not province_code or geography.find_province(province_code) is None:
        return [nowhere]
    communes = geography.communes_of(province_code)
    return [nowhere, *((each.code, each.full_name) for each in communes)]
