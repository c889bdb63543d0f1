"""What is different in a changed request, in words: the same lines on pages and in letters."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from marketplace.catalogue.categories import categories_tree
from marketplace.certification.schemes import find_scheme
from marketplace.geography import queries as geography
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import moment, month, number, percent_bps, weight
from marketplace.platform.translation import current_locale, using_locale
from marketplace.platform.translation import gettext as _
from models.requests import LimitOperator

OPERATORS: Final = {
    LimitOperator.AT_MOST: mark("không quá"),
    LimitOperator.AT_LEAST: mark("ít nhất"),
}
LABELS: Final = {
    "title": mark("Hàng cần mua"),
    "category_id": mark("Nhóm hàng"),
    "grade": mark("Hạng"),
    "specification": mark("Mô tả"),
    "packing": mark("Đóng gói"),
    "place": mark("Nơi giao"),
    "tolerance_bps": mark("Dung sai"),
    "wants_samples": mark("Gửi mẫu"),
    "is_open_to_all": mark("Ai được báo giá"),
    "closes_at": mark("Giờ đóng"),
    "limits": mark("Chỉ tiêu chất lượng"),
    "schemes": mark("Chứng nhận bắt buộc"),
    "file_ids": mark("Tệp kèm theo"),
}


def difference_lines(
    differences: Sequence[Mapping[str, Any]], locale: str
) -> list[tuple[str, str, str]]:
    """For each difference: what it is of, what stood there, what stands there now."""
    with using_locale(locale):
        return [
            (
                _label(each),
                _written(each["field"], each["before"]),
                _written(each["field"], each["after"]),
            )
            for each in differences
        ]


def limit_text(name: str, operator: str, value: Decimal, unit: str) -> str:
    """A limit as people read it: "Độ ẩm không quá 12,5 %"."""
    return f"{name} {_(OPERATORS[LimitOperator(operator)])} {number(value)} {unit}".rstrip()


def scheme_name(code: str) -> str:
    """The name of a certificate's scheme in the reader's language."""
    scheme = find_scheme(code)
    return scheme.name(current_locale()) if scheme else code


def category_name(category_id: int) -> str:
    """The way down to a category in the reader's language."""
    path = categories_tree().path(category_id)
    return " / ".join(node.name(current_locale()) for node in path)


def place_text(province_code: str, commune_code: str | None, address: str) -> str:
    """An address in one line."""
    commune = geography.find_commune(commune_code) if commune_code else None
    province = geography.find_province(province_code)
    name = (
        "" if province is None else province.name_en if current_locale() == "en" else province.name
    )
    return ", ".join(part for part in (address, commune.full_name if commune else "", name) if part)


def _label(difference: Mapping[str, Any]) -> str:
    if difference["field"] == "month":
        return month(date.fromisoformat(difference["month"]))
    label = LABELS[difference["field"]]
    return _(label)


def _yes_or_no(value: Any) -> str:  # noqa: ANN401 - JSON
    return _("Có") if value else _("Không")


def _limits(value: Any) -> str:  # noqa: ANN401 - JSON
    return "; ".join(
        limit_text(name, operator, Decimal(amount), unit) for name, operator, amount, unit in value
    )


WRITERS: Final[Mapping[str, Callable[[Any], str]]] = {
    "category_id": category_name,
    "place": lambda value: place_text(*value),
    "tolerance_bps": percent_bps,
    "wants_samples": _yes_or_no,
    "is_open_to_all": lambda value: (
        _("Mọi tổ chức đã xác minh") if value else _("Chỉ nơi được mời")
    ),
    "closes_at": lambda value: moment(datetime.fromisoformat(value)),
    "limits": _limits,
    "schemes": lambda value: ", ".join(map(scheme_name, value)),
    "file_ids": lambda value: number(len(value)),
    "month": weight,
}


def _written(field: str, value: Any) -> str:  # noqa: ANN401 - JSON
    if value is None:
        return ""
    return WRITERS[field](value) if field in WRITERS else str(value)
