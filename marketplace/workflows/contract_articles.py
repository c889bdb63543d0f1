"""What a contract says, article by article, in the reader's language: the words of its paper.

They are the very lines that the two sides compared and commented on, put in order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.contracts.lines import Line
from marketplace.contracts.terms import Terms
from marketplace.kernel.translation import mark
from marketplace.platform.formatting import money
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows.contract_words import contract_lines

CLAUSE: Final = "clause"
PARTIES, GOODS, PRICE, DELIVERY, RECEIVING, PAYMENT, BREACH = (
    mark("Hai bên, thời hạn, liên kết"),
    mark("Hàng hoá"),
    mark("Giá"),
    mark("Giao hàng"),
    mark("Kiểm hàng, nhận hàng"),
    mark("Cọc, ứng trước, thanh toán"),
    mark("Vi phạm, thưởng, tranh chấp"),
)
ARTICLES: Final[Mapping[str, tuple[str, ...]]] = {
    PARTIES: ("title", "seller", "buyer", "term", "stages", "linkage"),
    GOODS: ("product", "total", "binding", "tolerance", "limit", "grade", "schemes", "packing"),
    PRICE: ("price",),
    DELIVERY: ("calling", "place", "schedule"),
    RECEIVING: ("inspection", "inspector", "accept_hours"),
    PAYMENT: ("payment", "deposit", "retention", "advance"),
    BREACH: ("breach", "forum"),
}
"""The articles before the clauses, each with the beginnings of the keys of its lines."""
_ARTICLE_OF: Final = {head: title for title, heads in ARTICLES.items() for head in heads}


@dataclass(frozen=True, slots=True)
class Article:
    """A part of the paper: lines of a label and a text, or plain words."""

    title: str
    lines: Sequence[tuple[str, str]] = ()
    text: str = ""


def articles_of(terms: Terms) -> list[Article]:
    """All that terms say, in order. Every line of them is in exactly one article.

    Raises:
        KeyError: a line that no article knows, which would be left out of the paper.
    """
    lines = contract_lines(terms, current_locale())
    found: dict[str, list[tuple[str, str]]] = {title: [] for title in ARTICLES}
    for line in lines:
        if _head(line) != CLAUSE:
            found[_ARTICLE_OF[_head(line)]].append((line.label, line.text))
    found[PRICE] += _reckoning(terms)
    found[RECEIVING].append(
        (_("Quá hạn nghiệm thu"), _("bên mua không trả lời là đã nhận đủ số hàng giao"))
    )
    return [
        *(Article(_(title), said) for title, said in found.items()),
        *(Article(line.label, text=line.text) for line in lines if _head(line) == CLAUSE),
    ]


def product_name(terms: Terms) -> str:
    """What is sold, in the reader's language."""
    return terms.product_en if current_locale() == "en" and terms.product_en else terms.product_vi


def _head(line: Line) -> str:
    return line.key.partition(".")[0]


def _reckoning(terms: Terms) -> list[tuple[str, str]]:
    """How an amount comes about, and what all of it is expected to be."""
    said = []
    if not terms.price.is_fixed:
        said.append((_("Ngày lấy giá"), _("ngày bên bán giao hàng đi")))
    if terms.price.standard_moisture is not None:
        said.append(
            (
                _("Quy đổi độ ẩm"),
                _("khối lượng tính tiền = khối lượng cân × (100 − độ ẩm đo) / (100 − độ ẩm chuẩn)"),
            )
        )
    return [
        *said,
        (_("Cách làm tròn"), _("thành tiền từng dòng hàng làm tròn tới đồng")),
        (_("Giá trị dự kiến của hợp đồng"), money(terms.value_minor)),
    ]
