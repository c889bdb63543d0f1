"""The words of the paper: every line that the sides agreed to, once, in both languages."""

from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts.lines import lines_of
from marketplace.contracts.terms import Advance, Breach, Clause, Limit, Payment, Price, Terms
from marketplace.platform.translation import using_locale
from marketplace.workflows.contract_articles import articles_of, product_name
from marketplace.workflows.request_words import scheme_name
from tests.factories.contracts import PLACE, graded_terms, some_terms


def full_terms() -> Terms:
    """Terms with something in every field."""
    return graded_terms(
        price=Price(
            120_000,
            reference_code="robusta",
            premium_minor=2_000,
            floor_minor=90_000,
            ceiling_minor=150_000,
            standard_moisture=Decimal("12.5"),
        ),
        limits=(Limit("Độ ẩm", "at_most", Decimal("12.5"), "%"),),
        schemes=("VIETGAP_CROP",),
        packing="Bao 60 kg",
        place=PLACE,
        inspector="Vinacontrol",
        advances=(Advance("Phân hữu cơ", 50_000_000, date(2026, 11, 5)),),
        payment=Payment(((7_000, 15), (3_000, 45)), 100_000_000, 2_000, 500, 90),
        breach=Breach(50, 500, 800, 100),
        clauses=(
            Clause(
                "force-majeure", 1, "Bất khả kháng", "Báo trong 3 ngày.", "Force majeure", "Tell."
            ),
            Clause("own", 0, "Giống", "Bên bán dùng giống TR4."),
        ),
    )


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("terms", [some_terms(), full_terms()])
def test_every_line_stands_in_one_article(locale: str, terms: Terms) -> None:
    with using_locale(locale):
        articles = articles_of(terms)
        agreed = lines_of(terms, scheme_name=scheme_name)
    written = [line for article in articles for line in article.lines]
    written += [(article.title, article.text) for article in articles if article.text]
    for line in agreed:
        assert written.count((line.label, line.text)) == 1
    assert all(article.lines or article.text for article in articles)


def test_the_paper_says_how_amounts_come_about() -> None:
    said = dict(line for article in articles_of(full_terms()) for line in article.lines)
    assert said["Giá trị dự kiến của hợp đồng"] == "2.400.000.000\u00a0₫"
    assert said["Quy đổi độ ẩm"].startswith("khối lượng tính tiền = ")
    assert said["Ngày lấy giá"] == "ngày bên bán giao hàng đi"
    fixed = dict(line for article in articles_of(some_terms()) for line in article.lines)
    assert "Ngày lấy giá" not in fixed
    assert "Quy đổi độ ẩm" not in fixed


def test_goods_and_clauses_in_both_languages() -> None:
    terms = full_terms()
    with using_locale("en"):
        assert product_name(terms) == "Green robusta coffee"
        titles = [article.title for article in articles_of(terms)]
    assert titles[-2:] == ["Force majeure", "Giống"]
    assert product_name(terms) == "Cà phê Robusta nhân xanh"
    assert [article.title for article in articles_of(terms)][-2:] == ["Bất khả kháng", "Giống"]
