"""What all forms share: Vietnamese sentences, the token, the status, and where a refusal goes."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from flask import Flask
from flask_wtf import FlaskForm
from markupsafe import Markup, escape
from wtforms import Field
from wtforms.fields import FieldList, FormField

from blueprints.csrf import MaskedCSRF
from blueprints.errors import sentence
from blueprints.fields import (
    AreaField,
    AtMost,
    DayField,
    EmailField,
    MoneyField,
    NumberField,
    PhoneField,
    VolumeField,
    WeightField,
    WholeField,
)
from marketplace.kernel.errors import DomainError
from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext

__all__ = [
    "AreaField",
    "AtMost",
    "BaseForm",
    "DayField",
    "EmailField",
    "MoneyField",
    "NumberField",
    "PhoneField",
    "VolumeField",
    "WeightField",
    "WholeField",
    "add_error",
    "form_status",
    "refuse_in_form",
]

UNPROCESSABLE: Final = 422

CHOOSE: Final = mark("Mời bạn chọn một mục trong danh sách")
AT_LEAST: Final = mark("Nhập ít nhất %(min)d ký tự")
AT_MOST: Final = mark("Nhập nhiều nhất %(max)d ký tự")
EXACTLY: Final = mark("Nhập đúng %(max)d ký tự")
A_DAY: Final = mark("Nhập ngày/tháng/năm, ví dụ 22/11/2026")
A_NUMBER: Final = mark("Nhập một số, ví dụ 12")
NOT_RIGHT: Final = mark("Nội dung này chưa đúng")
NOT_THIS_FILE: Final = mark("Không nhận kiểu tệp này")
TOO_OLD: Final = mark("Trang đã mở quá lâu. Mời tải lại trang rồi gửi lại.")
NOT_TO_CHANGE: Final = mark("Ô này không sửa được")

MESSAGES: Final = {
    "This field is required.": mark("Mời bạn điền ô này"),
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "'%(value)s' are not valid choices for this field.": CHOOSE,
    "Invalid value, must be one of: %(values)s.": CHOOSE,
    "Invalid value, can't be any of: %(values)s.": NOT_RIGHT,
    "Not a valid integer value.": mark("Nhập một số nguyên, ví dụ 12"),
    "Not a valid decimal value.": A_NUMBER,
    "Not a valid float value.": A_NUMBER,
    "Number must be at least %(min)s.": mark("Số phải từ %(min)s trở lên"),
    "Number must be at most %(max)s.": mark("Số không được quá %(max)s"),
    "Number must be between %(min)s and %(max)s.": mark("Số phải từ %(min)s tới %(max)s"),
    "Not a valid date value.": A_DAY,
    "Not a valid datetime value.": A_DAY,
    "Not a valid time value.": mark("Nhập giờ:phút, ví dụ 14:30"),
    "Not a valid week value.": NOT_RIGHT,
    "Date must be at least %(min)s.": mark("Ngày phải từ %(min)s trở đi"),
    "Date must be at most %(max)s.": mark("Ngày không được sau %(max)s"),
    "Date must be between %(min)s and %(max)s.": mark("Ngày phải từ %(min)s tới %(max)s"),
    "Field must be equal to %(other_name)s.": mark("Hai lần nhập chưa giống nhau"),
    "Field must be at least %(min)d character long.": AT_LEAST,
    "Field must be at least %(min)d characters long.": AT_LEAST,
    "Field cannot be longer than %(max)d character.": AT_MOST,
    "Field cannot be longer than %(max)d characters.": AT_MOST,
    "Field must be exactly %(max)d character long.": EXACTLY,
    "Field must be exactly %(max)d characters long.": EXACTLY,
    "Field must be between %(min)d and %(max)d characters long.": mark(
        "Nhập từ %(min)d tới %(max)d ký tự"
    ),
    "Invalid input.": NOT_RIGHT,
    "Invalid email address.": mark("Nhập địa chỉ e-mail, ví dụ lan@htx.example"),
    "Invalid URL.": mark("Nhập một địa chỉ trang web, ví dụ https://htx.example"),
    "Invalid IP address.": NOT_RIGHT,
    "Invalid Mac address.": NOT_RIGHT,
    "Invalid UUID.": NOT_RIGHT,
    "This field cannot be edited.": NOT_TO_CHANGE,
    "This field is disabled and cannot have a value.": NOT_TO_CHANGE,
    "File does not have an approved extension.": NOT_THIS_FILE,
    "File does not have an approved extension: {extensions}": NOT_THIS_FILE,
    "CSRF token missing.": TOO_OLD,
    "CSRF token expired.": TOO_OLD,
    "CSRF failed.": TOO_OLD,
    "Invalid CSRF Token.": TOO_OLD,
}
"""The sentences of WTForms for people, in Vietnamese; what is for programmers stays."""


class _Sentences:
    """Speaks for WTForms in the reader's language."""

    def gettext(self, string: str) -> str:
        """Its sentence, in ours."""
        return gettext(MESSAGES.get(string, string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """Its sentence for `n`, in ours."""
        return self.gettext(singular if n == 1 else plural)


class BaseForm(FlaskForm):
    """A form of the marketplace. Forms check shape; the marketplace checks sense."""

    class Meta(FlaskForm.Meta):
        """How WTForms behaves."""

        csrf_class = MaskedCSRF
        csrf_field_name = "csrf_token"

        def get_translations(self, form: Any) -> _Sentences:  # noqa: ANN401, ARG002
            """Our sentences, whatever languages WTForms has."""
            return _Sentences()

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> str:
            """Let the label above say what is missing, not the browser."""
            render_kw.setdefault("required", False)
            return str(super().render_field(field, render_kw))


def form_status(form: FlaskForm) -> int:
    """422 for a form sent back with errors, 200 for a fresh one."""
    return UNPROCESSABLE if form.errors else 200


def add_error(form: FlaskForm, field: str | None, message: str) -> None:
    """Say what is wrong, at a field or, with None, at the top of the form.

    Args:
        form: the form, already validated.
        field: the name of one of its fields.
        message: a whole sentence, translated.
    """
    if field is not None and field in form:
        form[field].errors = [*form[field].errors, message]
    else:
        form.form_errors.append(message)


def refuse_in_form(form: FlaskForm, error: DomainError) -> None:
    """Put a refusal of the marketplace where the reader can mend it.

    It goes to the field named by the detail `field`, if the form has one of that name.
    """
    field = error.details.get("field")
    add_error(form, field if isinstance(field, str) else None, sentence(error))


def form_problems(form: FlaskForm) -> list[tuple[str, str]]:
    """For templates: (id of the field or "", sentence), in the order of the fields."""
    problems = [("", message) for message in form.form_errors]
    problems += [problem for field in form for problem in _problems_of(field)]
    return problems


def options(choices: Iterable[Any]) -> Markup:
    """The `<option>`s of a select; written here because a province has a hundred communes."""
    written = [
        f'<option value="{escape(choice[0])}"{" selected" if choice[2] else ""}>'
        f"{escape(choice[1])}</option>"
        for choice in choices
    ]
    return Markup("".join(written))  # noqa: S704 - both parts are escaped above


def init_app(app: Flask) -> None:
    """Give templates the list of problems and the options of selects."""
    app.jinja_env.globals.update(form_problems=form_problems, options=options)


def _problems_of(field: Field) -> Iterator[tuple[str, str]]:
    if isinstance(field, FieldList | FormField):
        if isinstance(field, FieldList):  # what is wrong with the list; its lines follow
            yield from ((field.id, each) for each in field.errors if isinstance(each, str))
        for inner in field:
            yield from _problems_of(inner)
    else:
        yield from ((field.id, str(message)) for message in field.errors)
