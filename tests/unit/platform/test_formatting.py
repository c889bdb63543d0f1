"""Amounts, weights and dates as Vietnamese and English readers write them; Babel is the oracle."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from marketplace.kernel.money import Money, vnd
from marketplace.platform import formatting
from marketplace.platform.translation import using_locale

DAY = date(2026, 11, 25)
LATE = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
"""Half past midnight of the 25th in Việt Nam."""


@given(st.integers(-(10**15), 10**15), st.sampled_from(["vi", "en"]))
def test_money_is_written_as_babel_writes_it(amount, locale):
    with using_locale(locale):
        assert formatting.money(amount) == format_currency(amount, "VND", locale=locale)
        assert formatting.money(vnd(amount)) == formatting.money(amount)


@given(
    st.decimals(
        allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9
    ),
    st.sampled_from(["vi", "en"]),
)
def test_numbers_are_written_as_babel_writes_them(value, locale):
    with using_locale(locale):
        assert formatting.number(value) == format_decimal(value, locale=locale)
        assert formatting.number(int(value)) == format_decimal(int(value), locale=locale)


def test_other_currencies_are_left_to_babel():
    assert formatting.money(Money(1250, "EUR")) == format_currency(
        Decimal("12.50"), "EUR", locale="vi"
    )


@pytest.mark.parametrize(
    ("text", "written", "english"),
    [
        (formatting.weight(500), "500\u00a0g", "500\u00a0g"),
        (formatting.weight(12500), "12,5\u00a0kg", "12.5\u00a0kg"),
        (formatting.weight(1_200_000), "1,2\u00a0tấn", None),
        (formatting.quantity(Decimal("12.50"), "kg"), "12,5\u00a0kg", "12.5\u00a0kg"),
        (formatting.percent_bps(1250), "12,5\u00a0%", "12.5%"),
        (formatting.percent_bps(500), "5\u00a0%", "5%"),
        (formatting.per_kg(145000, 500), "290.000\u00a0₫/kg", "₫290,000/kg"),
        (formatting.money_short(184_600_000), "184,6\u00a0tr", "₫184.6M"),
        (formatting.money_short(2_224_000_000), "2,22\u00a0tỷ", "₫2.22B"),
        (formatting.money_short(950), "950\u00a0₫", "₫950"),
        (formatting.number(Decimal("1234.565"), 2), "1.234,56", "1,234.56"),
    ],
)
def test_figures(text, written, english):
    assert text == written


@pytest.mark.parametrize(
    ("write", "value", "vietnamese", "english"),
    [
        (formatting.day, DAY, "25/11/2026", "25 Nov 2026"),
        (formatting.day, LATE, "25/11/2026", "25 Nov 2026"),
        (formatting.day_short, DAY, "25/11", "25 Nov"),
        (formatting.weekday, DAY, "thứ Tư 25/11", "Wed 25 Nov"),
        (formatting.weekday, date(2026, 11, 22), "Chủ nhật 22/11", "Sun 22 Nov"),
        (formatting.clock, LATE, "00:30", "00:30"),
        (formatting.moment, LATE, "25/11/2026 00:30", "25 Nov 2026, 00:30"),
        (formatting.month, DAY, "tháng 11/2026", "November 2026"),
        (formatting.weight, 12500, "12,5\u00a0kg", "12.5\u00a0kg"),
        (formatting.percent_bps, 1250, "12,5\u00a0%", "12.5%"),
        (formatting.money_short, 184_600_000, "184,6\u00a0tr", "₫184.6M"),
        (formatting.money_short, 2_224_000_000, "2,22\u00a0tỷ", "₫2.22B"),
        (formatting.money_short, -1_500_000, "-1,5\u00a0tr", "₫-1.5M"),
        (formatting.phone, "+84912345678", "0912 345 678", "+84 912 345 678"),
        (formatting.phone, "+842838123456", "028 3812 3456", "+84 28 3812 3456"),
        (formatting.phone, "+842623123456", "0262 312 3456", "+84 262 312 3456"),
        (formatting.phone, "+4915112345678", "+4915112345678", "+4915112345678"),
        (formatting.iso, DAY, "2026-11-25", "2026-11-25"),
        (formatting.iso, LATE, "2026-11-25T00:30+07:00", "2026-11-25T00:30+07:00"),
    ],
)
def test_each_language_has_its_way(write, value, vietnamese, english):
    assert write(value) == vietnamese
    if english is not None:
        with using_locale("en"):
            assert write(value) == english


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "hôm nay"),
        (1, "ngày mai"),
        (-1, "hôm qua"),
        (3, "còn 3 ngày"),
        (-12, "12 ngày trước"),
    ],
)
def test_how_far_a_day_is(days, words):
    day = date.fromordinal(DAY.toordinal() + days)

    assert formatting.relative_day(day, today=DAY) == words


@pytest.mark.parametrize("write", formatting.FORMATS, ids=lambda write: write.__name__)
def test_nothing_is_written_as_nothing(write):
    rest = {"quantity": ("kg",), "per_kg": (500,)}.get(write.__name__, ())

    assert write(None, *rest) == ""


@pytest.mark.parametrize(
    ("square_metres", "vi", "en"),
    [
        (None, "", ""),
        (999, "999\u00a0m²", "999\u00a0m²"),
        (1_000, "0,1\u00a0ha", "0.1\u00a0ha"),
        (52_989, "5,3\u00a0ha", "5.3\u00a0ha"),
        (12_345_678, "1.234,57\u00a0ha", "1,234.57\u00a0ha"),
    ],
)
def test_land_is_in_hectares_unless_it_is_small(square_metres, vi, en):
    for locale, written in (("vi", vi), ("en", en)):
        with using_locale(locale):
            assert formatting.land(square_metres) == written
