"""What people type is understood or sent back with a sentence, and never lost."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import wtforms
from flask import render_template_string
from wtforms import SelectField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from blueprints.fields import parse_day, parse_number
from blueprints.forms import (
    MESSAGES,
    AreaField,
    BaseForm,
    DayField,
    EmailField,
    MoneyField,
    NumberField,
    PhoneField,
    VolumeField,
    WeightField,
    add_error,
    form_problems,
    form_status,
    refuse_in_form,
)
from marketplace.kernel.errors import InvalidError
from marketplace.platform.translation import using_locale


class SampleForm(BaseForm):
    """One field of each kind of ours."""

    name = StringField("Tên", [InputRequired(), Length(max=5)])
    again = StringField("Lần nữa", [EqualTo("name")])
    count = NumberField("Số")
    price = MoneyField("Giá")
    weight = WeightField("Cân")
    volume = VolumeField("Sản lượng")
    area = AreaField("Diện tích")
    day = DayField("Ngày")
    phone = PhoneField("Điện thoại")
    email = EmailField("E-mail")
    kind = SelectField("Loại", choices={"a": "A", "b": "B"})


class PriceNotRoundError(InvalidError):
    """A refusal that names its field."""

    code = "test.price"
    message = "Giá phải chẵn nghìn."


GOOD = {
    "name": "Chè",
    "again": "Chè",
    "count": "1.500,5",
    "price": "185.000 ₫",
    "weight": "12,5 kg",
    "volume": "7,25 tấn",
    "area": "1.042,5 ha",
    "day": "22/11/2026",
    "phone": "0912 345 678",
    "email": " Lan@HTX.example ",
    "kind": "b",
}


def sent(app, **changes):
    """The form as a browser sends it, validated."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.test_request_context("/", method="POST", data=GOOD | changes):
        form = SampleForm()
        form.validate()
        return form


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.500,5", "1500.5"),
        ("1500,5", "1500.5"),
        ("1.500", "1500"),
        ("1.234.567", "1234567"),
        (" 12 345 ", "12345"),
        ("-3,25", "-3.25"),
        ("0", "0"),
    ],
)
def test_a_vietnamese_number_is_understood(text, value):
    assert parse_number(text, "vi") == Decimal(value)


@pytest.mark.parametrize(
    "text", ["1500.5", "1.5", "1.50", "1,500.5", "1.2345", "sáu tạ", "", "1e5", "١٢", "9" * 40]
)
def test_a_number_that_could_mean_two_things_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the form says it in words
        parse_number(text, "vi")


def test_an_english_number_is_the_other_way_round():
    assert parse_number("1,500.5", "en") == Decimal("1500.5")
    with pytest.raises(ValueError, match=r"1\.500,5"):
        parse_number("1.500,5", "en")


@pytest.mark.parametrize("text", ["22/11/2026", "22-11-2026", "22.11.2026", " 2026-11-22 "])
def test_a_day_is_understood(text):
    assert parse_day(text) == date(2026, 11, 22)


@pytest.mark.parametrize("text", ["11/22/2026", "30/02/2026", "22/11/26", "mai"])
def test_what_is_no_day_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the form says it in words
        parse_day(text)


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize(
    ("typed", "minor"),
    [("325.000", 325_000), ("325,000 đ", 325_000), ("1.250.000", 1_250_000), ("325", 325)],
)
def test_thousands_of_dong_are_thousands_in_either_language(frame_app, locale, typed, minor):
    with using_locale(locale):
        assert sent(frame_app, price=typed).price.data == minor


def test_a_good_form_holds_values_of_the_marketplace(frame_app):
    form = sent(frame_app)

    assert form.errors == {}
    assert form_status(form) == 200
    assert form.count.data == Decimal("1500.5")
    assert form.price.data == 185000
    assert form.weight.data == 12500
    assert form.volume.data == 7_250_000
    assert form.area.data == 10_425_000
    assert form.day.data == date(2026, 11, 22)
    assert form.phone.data == "+84912345678"
    assert form.email.data == "lan@htx.example"
    assert form.kind.data == "b"


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("12", 12_000_000),
        ("12,5 tấn", 12_500_000),
        ("12,5 tâ\u0301n", 12_500_000),
        ("1.500 KG", 1_500_000),
        ("3 tạ", 300_000),
        ("0,000001", 1),
    ],
)
def test_a_volume_is_read_in_its_own_unit_or_the_field_s(frame_app, typed, grams):
    form = sent(frame_app, volume=typed)

    assert form.errors == {}
    assert form.volume.data == grams


def test_what_is_left_empty_is_none(frame_app):
    form = sent(frame_app, count="", price=" ", weight="", day="", phone="", email="")

    assert form.errors == {}
    assert [form[name].data for name in ("count", "price", "weight", "day", "phone")] == [None] * 5


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Mời bạn điền ô này"),
        ("name", "Cà phê Robusta", "Nhập nhiều nhất 5 ký tự"),
        ("again", "Trà", "Hai lần nhập chưa giống nhau"),
        ("count", "1500.5", "Nhập một số, ví dụ 1.500,5"),
        ("price", "185,5", "Nhập số tiền tính bằng đồng, ví dụ 185.000"),
        ("area", "năm sào", "Nhập diện tích tính bằng héc-ta, ví dụ 12,5"),
        ("weight", "sáu tạ", "Nhập khối lượng tính bằng kg, ví dụ 12,5"),
        ("volume", "sáu tạ", "Nhập một khối lượng, ví dụ 12,5 tấn hoặc 500 kg"),
        ("volume", "1.5 tấn", "Nhập một khối lượng, ví dụ 12,5 tấn hoặc 500 kg"),
        ("volume", "0,0000001", "Khối lượng lẻ tới gam là đủ, ví dụ 12,345"),
        ("weight", "1,2345", "Khối lượng lẻ tới gam là đủ, ví dụ 12,345"),
        ("day", "31/11/2026", "Nhập ngày/tháng/năm, ví dụ 22/11/2026"),
        ("phone", "0912 345", "Nhập số điện thoại 10 số, ví dụ 0912 345 678"),
        ("phone", "lan", "Nhập số điện thoại 10 số, ví dụ 0912 345 678"),
        ("email", "lan@", "Nhập địa chỉ e-mail, ví dụ lan@htx.example"),
        ("kind", "c", "Mời bạn chọn một mục trong danh sách"),
    ],
)
def test_a_mistake_gets_a_sentence_and_keeps_what_was_typed(frame_app, field, typed, sentence):
    form = sent(frame_app, **{field: typed})

    assert form.errors[field] == [sentence]
    assert form_status(form) == 422
    assert (field, sentence) in form_problems(form)
    if field not in {"kind", "email"}:
        assert form[field]._value() == typed


def test_the_sentences_follow_the_language(frame_app):
    frame_app.config["WTF_CSRF_ENABLED"] = False
    with (
        frame_app.test_request_context("/", method="POST", data=GOOD | {"count": "1.500,5"}),
        using_locale("en"),
    ):
        form = SampleForm()
        form.validate()

        assert "1,500.5" in form.errors["count"][0]


def test_values_that_nobody_typed_are_written_as_people_write_them(frame_app):
    with frame_app.test_request_context("/"):
        form = SampleForm(
            data={
                "count": Decimal("1500.50"),
                "price": 185000,
                "weight": 12500,
                "day": date(2026, 11, 22),
                "phone": "+84912345678",
            }
        )
        written = [form[name]._value() for name in ("count", "price", "weight", "day", "phone")]

    assert written == ["1.500,5", "185.000", "12,5", "2026-11-22", "0912 345 678"]


def test_a_refusal_goes_to_its_field_or_to_the_top(frame_app):
    form = sent(frame_app)

    refuse_in_form(form, PriceNotRoundError(field="price"))
    refuse_in_form(form, PriceNotRoundError(field="khac"))
    add_error(form, None, "Thử lại.")

    assert list(form.price.errors) == ["Giá phải chẵn nghìn."]
    assert form_problems(form) == [
        ("", "Giá phải chẵn nghìn."),
        ("", "Thử lại."),
        ("price", "Giá phải chẵn nghìn."),
    ]
    assert form_status(form) == 422


def test_the_form_of_another_session_is_refused(frame_app):
    with frame_app.test_request_context("/", method="POST", data=GOOD):
        form = SampleForm()

        assert not form.validate()
        assert "csrf_token" in form.errors


FORM = """{% import "components/forms.html" as f %}{{ f.error_summary(form) }}
{{ f.text(form.name, hint="Ngắn thôi") }}{{ f.money_input(form.price) }}{{ f.select(form.kind) }}"""


def test_a_mistake_is_linked_from_the_top_and_tied_to_its_field(frame_app):
    frame_app.config["WTF_CSRF_ENABLED"] = False
    with frame_app.test_request_context("/", method="POST", data=GOOD | {"name": "<b>Cà phê"}):
        form = SampleForm()
        form.validate()
        html = render_template_string(FORM, form=form)

    assert '<li><a href="#name">Nhập nhiều nhất 5 ký tự</a></li>' in html
    assert 'value="&lt;b&gt;Cà phê"' in html
    assert 'aria-invalid="true" aria-describedby="name-h name-e"' in html
    assert '<span class="err" id="name-e">' in html
    assert '<option value="b" selected>B</option>' in html


def test_every_sentence_of_wtforms_for_people_is_vietnamese():
    for_programmers = {"Choices cannot be None.", "Invalid field name '%s'."}
    spoken = {
        argument.value
        for path in Path(wtforms.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in {"gettext", "ngettext"}
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }

    assert len(spoken) > 30
    assert spoken - for_programmers - MESSAGES.keys() == set()
