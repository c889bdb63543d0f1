"""Prices of contracts in words, and the running contracts of whoever reads."""

from datetime import date

from flask import Flask

from blueprints.security import current_session
from marketplace.accounts.permissions import Actor
from marketplace.platform.formatting import money
from marketplace.platform.translation import gettext as _
from marketplace.reporting.contract_goods import ContractGoods, goods_of_contracts


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
    app.jinja_env.globals.update(contract_price_words=price_words)
