"""The words about requests for quotation, for templates of both sides."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Flask

from marketplace.platform.formatting import month, number, weight
from marketplace.platform.translation import current_locale, ngettext
from marketplace.platform.translation import gettext as _
from marketplace.workflows.request_words import (
    category_name,
    difference_lines,
    limit_text,
    scheme_name,
)


def why_lines(why: Mapping[str, Any]) -> list[tuple[bool, str]]:
    """For templates: why a seller was found to match; each reason with whether it speaks for it."""
    if not why:
        return [(True, _("Doanh nghiệp mời theo mã, không qua gợi ý"))]
    product = why["product"]
    name = (product["en"] if current_locale() == "en" else "") or product["vi"]
    return [
        (True, _("Đang bán: %(product)s", product=name)),
        *_certified(why),
        _supply(why),
        (True, _distance(why["km"])),
    ]


def changed_lines(differences: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    """For templates: what is different, what stood there, what stands there now."""
    return difference_lines(differences, current_locale())


def months_text(first: date | None, last: date | None) -> str:
    """For templates: from which month to which; nothing for a request without months."""
    if first is None or last is None:
        return ""
    return month(first) if first == last else f"{month(first)} – {month(last)}"


def limit_words(name: str, operator: str, value: Decimal, unit: str) -> str:
    """For templates: a limit as people read it."""
    return limit_text(name, operator, value, unit)


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        why_lines=why_lines,
        changed_lines=changed_lines,
        months_text=months_text,
        limit_words=limit_words,
        scheme_name=scheme_name,
        category_name=category_name,
    )


def _certified(why: Mapping[str, Any]) -> list[tuple[bool, str]]:
    lines = []
    for held in why["certificates"]:
        until = held["valid_to"]
        lines.append(
            (
                True,
                _(
                    "%(scheme)s số %(number)s, còn hiệu lực tới %(day)s",
                    scheme=scheme_name(held["scheme"]),
                    number=held["number"],
                    day=month(date.fromisoformat(until)),
                )
                if until
                else _(
                    "%(scheme)s số %(number)s, không ghi hạn",
                    scheme=scheme_name(held["scheme"]),
                    number=held["number"],
                ),
            )
        )
    lacking = why["months"] - why["certified_months"]
    if lacking:
        lines.append(
            (
                False,
                ngettext(
                    "%(num)s tháng chưa đủ chứng nhận",
                    "%(num)s tháng chưa đủ chứng nhận",
                    lacking,
                ),
            )
        )
    return lines


def _supply(why: Mapping[str, Any]) -> tuple[bool, str]:
    if not why["is_declared"]:
        return False, _("Chưa khai dự báo sản lượng cho các tháng này")
    return why["covered_g"] >= why["wanted_g"], _(
        "Còn trống %(free)s trong %(wanted)s cần mua, ở %(count)s tháng",
        free=weight(why["covered_g"]),
        wanted=weight(why["wanted_g"]),
        count=number(len(why["free"])),
    )


def _distance(km: int) -> str:
    if not km:
        return _("Cùng tỉnh với nơi giao")
    return _("Cách nơi giao khoảng %(km)s km", km=number(km))
