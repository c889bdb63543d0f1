"""The forms of accounts. Passwords are taken as typed: nothing is cut, nothing is trimmed."""

from wtforms import HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.forms import BaseForm, EmailField, PhoneField
from marketplace.accounts.operations.people import Particulars
from marketplace.accounts.rules import EMAIL_MAX, NAME_MAX
from marketplace.platform.translation import lazy_gettext

NAMES_OF_LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
CODE_MAX = 40
TYPED_MAX = 1000
"""More than any password may be, so that the marketplace says what is wrong, not the form."""


class SignInForm(BaseForm):
    """Address and password; `next` is where the person wanted to go."""

    email = EmailField(lazy_gettext("E-mail"), validators=[InputRequired(), Length(max=EMAIL_MAX)])
    password = PasswordField(
        lazy_gettext("Mật khẩu"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )
    next = HiddenField()


class SignUpForm(BaseForm):
    """What it takes to have an account: a name, an address, a password, once."""

    full_name = StringField(
        lazy_gettext("Họ và tên"), validators=[InputRequired(), Length(max=NAME_MAX)]
    )
    email = EmailField(lazy_gettext("E-mail"), validators=[InputRequired(), Length(max=EMAIL_MAX)])
    password = PasswordField(
        lazy_gettext("Mật khẩu"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )


class EmailForm(BaseForm):
    """An address that a mail is asked for."""

    email = EmailField(lazy_gettext("E-mail"), validators=[InputRequired(), Length(max=EMAIL_MAX)])


class ConfirmForm(BaseForm):
    """The password chosen at sign-up."""

    password = PasswordField(
        lazy_gettext("Mật khẩu bạn đã đặt"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )


class ResetForm(BaseForm):
    """A new password, by a mailed link."""

    password = PasswordField(
        lazy_gettext("Mật khẩu mới"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )


class ChangePasswordForm(BaseForm):
    """The present password and a new one."""

    current = PasswordField(
        lazy_gettext("Mật khẩu hiện tại"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )
    password = PasswordField(
        lazy_gettext("Mật khẩu mới"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )


class CodeForm(BaseForm):
    """A code of the telephone or one from paper; `next` is where the person wanted to go."""

    code = StringField(
        lazy_gettext("Mã xác thực"), validators=[InputRequired(), Length(max=CODE_MAX)]
    )
    next = HiddenField()


class ProveForm(BaseForm):
    """The password once more, and a code where there is a second factor."""

    password = PasswordField(
        lazy_gettext("Mật khẩu"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )
    code = StringField(lazy_gettext("Mã xác thực"), validators=[Optional(), Length(max=CODE_MAX)])
    next = HiddenField()


class NewEmailForm(BaseForm):
    """The address that an account moves to."""

    email = EmailField(
        lazy_gettext("Địa chỉ e-mail mới"), validators=[InputRequired(), Length(max=EMAIL_MAX)]
    )


class NewMemberForm(BaseForm):
    """What it takes to have an account when the address is known: a name and a password."""

    full_name = StringField(
        lazy_gettext("Họ và tên"), validators=[InputRequired(), Length(max=NAME_MAX)]
    )
    password = PasswordField(
        lazy_gettext("Mật khẩu"), validators=[InputRequired(), Length(max=TYPED_MAX)]
    )


class ProfileForm(BaseForm):
    """Name, telephone number and the language of mails."""

    full_name = StringField(
        lazy_gettext("Họ và tên"), validators=[InputRequired(), Length(max=NAME_MAX)]
    )
    phone = PhoneField(lazy_gettext("Số điện thoại"), validators=[Optional()])
    locale = RadioField(
        lazy_gettext("Ngôn ngữ của thư báo"),
        choices=NAMES_OF_LANGUAGES,
        validators=[InputRequired()],
    )

    def particulars(self) -> Particulars:
        """What was typed, for the operation. Call it after validation."""
        return Particulars(
            full_name=self.full_name.data or "", phone=self.phone.data, locale=self.locale.data
        )
