"""The words for kinds of organisations and roles: one table for every page."""

from typing import Final

from flask import Flask

from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext
from models.accounts import OrganisationKind, Role

KINDS: Final = {
    OrganisationKind.COOPERATIVE: mark("Hợp tác xã"),
    OrganisationKind.UNION: mark("Liên hiệp hợp tác xã"),
    OrganisationKind.GROUP: mark("Tổ hợp tác"),
    OrganisationKind.ENTERPRISE: mark("Doanh nghiệp"),
    OrganisationKind.ALLIANCE: mark("Liên minh hợp tác xã"),
    OrganisationKind.OPERATOR: mark("Đơn vị vận hành chợ"),
}
ROLES: Final = {
    Role.DIRECTOR: mark("Giám đốc"),
    Role.SALES: mark("Bán hàng"),
    Role.WAREHOUSE: mark("Thủ kho"),
    Role.ACCOUNTANT: mark("Kế toán"),
    Role.BUYER: mark("Mua hàng"),
    Role.OFFICER: mark("Cán bộ liên minh"),
    Role.OPERATOR: mark("Vận hành"),
}


def kind_word(kind: str) -> str:
    """For templates: what an organisation is, in the reader's language."""
    return gettext(KINDS[OrganisationKind(kind)])


def role_word(role: str) -> str:
    """For templates: what a person does in an organisation, in the reader's language."""
    return gettext(ROLES[Role(role)])


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(kind_word=kind_word, role_word=role_word)
