"""The form of a bank account."""

from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.forms import BaseForm
from marketplace.accounts.banks import HOLDER_MAX, NUMBER_MAX, banks
from marketplace.accounts.operations.bank_accounts import NewBankAccount
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext

SPACED_MAX = NUMBER_MAX * 2
"""A number with spaces between its digits."""


def _choices() -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = {
        _("Hay dùng"): [("", _("Chọn ngân hàng"))],
        _("Ngân hàng khác"): [],
    }
    large, others = groups.values()
    for bank in banks().values():
        (large if bank.is_large else others).append((bank.bin, f"{bank.short_name} – {bank.name}"))
    return groups


class BankAccountForm(BaseForm):
    """Which bank, which number, whose account."""

    bank_bin = SelectField(
        lazy_gettext("Ngân hàng"), choices=_choices, validators=[InputRequired()]
    )
    number = StringField(
        lazy_gettext("Số tài khoản"), validators=[InputRequired(), Length(max=SPACED_MAX)]
    )
    holder = StringField(
        lazy_gettext("Chủ tài khoản"), validators=[InputRequired(), Length(max=HOLDER_MAX)]
    )

    def account(self) -> NewBankAccount:
        """What was typed. Call it after validation."""
        return NewBankAccount(
            bank_bin=self.bank_bin.data,
            number=self.number.data or "",
            holder=self.holder.data or "",
        )
