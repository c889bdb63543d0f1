"""The forms of the operator's desk."""

import secrets
from typing import Final

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from blueprints.forms import BaseForm, DayField, MoneyField
from marketplace.kernel.money import vnd
from marketplace.payments.operations import NewPayout, Remittance
from marketplace.platform.translation import lazy_gettext

REASON_MAX: Final = 200
REFERENCE_MAX: Final = 60


class StatementForm(BaseForm):
    """A statement file of the collecting account."""

    statement = FileField(lazy_gettext("Tệp sao kê (CSV)"), validators=[FileRequired()])

    def content(self) -> tuple[str, bytes]:
        """The name and the bytes of the file. Call it after validation."""
        file = self.statement.data
        return file.filename or "sao-ke.csv", file.read()


class AssignForm(BaseForm):
    """Which order an unknown line is for, and why."""

    order = StringField(
        lazy_gettext("Số đơn hoặc nội dung chuyển khoản"),
        validators=[InputRequired(), Length(max=40)],
    )
    reason = TextAreaField(
        lazy_gettext("Vì sao là đơn này"), validators=[InputRequired(), Length(max=REASON_MAX)]
    )


class ReturnForm(BaseForm):
    """Why an unknown line goes back."""

    reason = TextAreaField(
        lazy_gettext("Vì sao trả lại"),
        validators=[InputRequired(), Length(max=REASON_MAX)],
        id="return_reason",  # another form on its page asks for a reason too
    )


class GiveUpForm(BaseForm):
    """Why an order that was paid in part is ended."""

    reason = TextAreaField(
        lazy_gettext("Lý do huỷ"), validators=[InputRequired(), Length(max=REASON_MAX)]
    )


class SentForm(BaseForm):
    """That a refund was transferred."""

    bank_reference = StringField(
        lazy_gettext("Mã giao dịch của ngân hàng"),
        validators=[InputRequired(), Length(max=REFERENCE_MAX)],
    )


class RemitForm(BaseForm):
    """Cash that reached the market."""

    amount = MoneyField(lazy_gettext("Số tiền đã nộp"), validators=[InputRequired()])
    line = SelectField(lazy_gettext("Nộp bằng cách nào"), coerce=int, default=0)
    reason = StringField(lazy_gettext("Lý do chênh lệch"), validators=[Length(max=REASON_MAX)])

    def remittance(self, seller_order_id: int) -> Remittance:
        """What was remitted for a delivery. Call it after validation."""
        return Remittance(
            seller_order_id=seller_order_id,
            minor=self.amount.data or 0,
            reason=self.reason.data or "",
        )


class PayoutForm(BaseForm):
    """Money that was sent to a seller; `key` makes sure that it is noted once.

    `account` is the one whose number was shown: it may have been replaced since.
    """

    amount = MoneyField(lazy_gettext("Số tiền đã chuyển"), validators=[InputRequired()])
    bank_reference = StringField(
        lazy_gettext("Mã giao dịch của ngân hàng"),
        validators=[InputRequired(), Length(max=REFERENCE_MAX)],
    )
    paid_on = DayField(lazy_gettext("Ngày chuyển"), validators=[InputRequired()])
    account = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,18}\Z")])
    key = HiddenField(
        validators=[InputRequired(), Length(min=16, max=64)],
        default=lambda: secrets.token_hex(16),
    )

    def payout(self, organisation_id: int) -> NewPayout:
        """What was sent to a seller. Call it after validation."""
        return NewPayout(
            organisation_id=organisation_id,
            amount=vnd(self.amount.data or 0),
            idempotency_key=self.key.data or "",
            bank_reference=self.bank_reference.data or "",
            paid_on=self.paid_on.data,
            bank_account_id=int(self.account.data) if self.account.data else None,
        )
