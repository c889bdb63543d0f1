"""The words for kinds of organisations and roles: one table for every page."""

from datetime import date
from typing import Final

from flask import Flask

from marketplace.kernel.translation import mark
from marketplace.platform import formatting
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
FACTS: Final = {
    "name": mark("Tên đầy đủ"),
    "tax_code": mark("Mã số thuế"),
    "registration_number": mark("Số đăng ký"),
    "legal_representative": mark("Người đại diện theo pháp luật"),
    "charter_capital_minor": mark("Vốn điều lệ"),
    "founded_on": mark("Ngày thành lập"),
}
"""The legal facts of an organisation (`marketplace.accounts.rules.LEGAL_FIELDS`)."""
SIZES: Final = {
    "large": mark("Quy mô lớn"),
    "medium": mark("Quy mô vừa"),
    "small": mark("Quy mô nhỏ"),
    "micro": mark("Quy mô siêu nhỏ"),
}


def kind_word(kind: str) -> str:
    """For templates: what an organisation is, in the reader's language."""
    return gettext(KINDS[OrganisationKind(kind)])


def role_word(role: str) -> str:
    """For templates: what a person does in an organisation, in the reader's language."""
    return gettext(ROLES[Role(role)])


def fact_word(field: str) -> str:
    """For templates: what a legal fact of an organisation is, in the reader's language."""
    return gettext(FACTS[field])


def fact_text(field: str, value: str | int | None) -> str:
    """For templates: a legal fact as the audit trail keeps it, as people read it."""
    if value is None:
        return gettext("chưa khai")
    if field == "founded_on":
        return formatting.day(date.fromisoformat(str(value)))
    return formatting.money(int(value)) if field == "charter_capital_minor" else str(value)


def size_word(code: str) -> str:
    """For templates: a size class of the law, in the reader's language."""
    return gettext(SIZES[code])


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(
        kind_word=kind_word,
        role_word=role_word,
        fact_word=fact_word,
        fact_text=fact_text,
        size_word=size_word,
    )
