"""Words about contracts that templates of several pages need, and the running ones of a reader."""

from datetime import date
from typing import Final

from flask import Flask

from blueprints.security import current_session
from marketplace.accounts.permissions import Actor
from marketplace.kernel.translation import mark
from marketplace.platform import formatting
from marketplace.platform.formatting import money
from marketplace.platform.translation import gettext
from marketplace.platform.translation import gettext as _
from marketplace.reporting.contract_certificates import CertificateWarning
from marketplace.reporting.contract_goods import ContractGoods, goods_of_contracts
from marketplace.workflows.request_words import scheme_name

WARNINGS: Final = {
    "ending": mark("Chứng nhận %(name)s của hàng này hết hiệu lực sau ngày %(day)s."),
    "ended": mark("Chứng nhận %(name)s của hàng này đã hết hiệu lực sau ngày %(day)s."),
    "revoked": mark("Liên minh đã thu hồi xác minh chứng nhận %(name)s của hàng này."),
    "missing": mark("Hợp đồng đòi chứng nhận %(name)s, hàng này chưa có giấy nào được xác minh."),
}


def warning_word(warning: CertificateWarning) -> str:
    """For templates: what has become of a certificate that a contract wants."""
    return gettext(
        WARNINGS[warning.what],
        name=scheme_name(warning.scheme_code),
        day=formatting.day(warning.last_day),
    )


def price_words(goods: ContractGoods, today: date) -> str:
    """For templates: what a kilogram costs: "120.000 ₫/kg", or by which reference price."""
    fixed = goods.fixed_minor(today)
    if fixed is not None:
        return f"{money(fixed)}/kg"
    price = goods.price
    parts = [_("theo giá tham chiếu")]
    if price.premium_minor > 0:
        parts[0] = _("giá tham chiếu + %(money)s/kg", money=money(price.premium_minor))
    elif price.premium_minor < 0:
        parts[0] = _("giá tham chiếu − %(money)s/kg", money=money(-price.premium_minor))
    if price.floor_minor is not None:
        parts.append(_("thấp nhất %(money)s", money=money(price.floor_minor)))
    if price.ceiling_minor is not None:
        parts.append(_("cao nhất %(price)s", price=money(price.ceiling_minor)))
    return ", ".join(parts)


def own_goods_of_contracts(product_id: int, today: date) -> list[tuple[ContractGoods, str]]:
    """What the person who reads gets of a product by contract, and the code of the enterprise.

    Visitors, and people who buy for no enterprise, ask the database nothing.
    """
    person = current_session()
    if person is None:
        return []
    viewers = [
        Actor(person.user_id, each.organisation_id, each.kind, each.role)
        for each in person.memberships
    ]
    codes = {each.organisation_id: each.code for each in person.memberships}
    found = goods_of_contracts(viewers=viewers, product_id=product_id, today=today)
    return [(goods, codes[goods.buyer_id]) for goods in found]


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(contract_price_words=price_words, warning_word=warning_word)
