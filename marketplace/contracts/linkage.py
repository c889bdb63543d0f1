"""The form of linkage that the stages of a contract make (Decree 98/2018/NĐ-CP, Article 4)."""

from collections.abc import Iterable
from typing import Final

from marketplace.contracts.terms import Stage
from marketplace.kernel.translation import mark

OTHER: Final = 8
INPUTS, PRODUCTION, PROCESSING, SALE = (
    Stage.INPUTS,
    Stage.PRODUCTION,
    Stage.PROCESSING,
    Stage.SALE,
)

FORMS: Final = {
    frozenset({INPUTS, PRODUCTION, PROCESSING, SALE}): 1,
    frozenset({INPUTS, SALE}): 2,
    frozenset({PRODUCTION, SALE}): 3,
    frozenset({INPUTS, PRODUCTION, SALE}): 4,
    frozenset({PRODUCTION, PROCESSING, SALE}): 5,
    frozenset({INPUTS, PROCESSING, SALE}): 6,
    frozenset({PROCESSING, SALE}): 7,
}

WORDS: Final = {
    1: mark("Liên kết từ cung ứng vật tư, sản xuất, sơ chế hoặc chế biến tới tiêu thụ"),
    2: mark("Liên kết cung ứng vật tư gắn với tiêu thụ"),
    3: mark("Liên kết sản xuất, thu hoạch gắn với tiêu thụ"),
    4: mark("Liên kết cung ứng vật tư, sản xuất, thu hoạch gắn với tiêu thụ"),
    5: mark("Liên kết sản xuất, sơ chế hoặc chế biến gắn với tiêu thụ"),
    6: mark("Liên kết cung ứng vật tư, sơ chế hoặc chế biến gắn với tiêu thụ"),
    7: mark("Liên kết sơ chế hoặc chế biến gắn với tiêu thụ"),
    OTHER: mark("Hình thức liên kết khác do hai bên thoả thuận"),
}


def form_of(stages: Iterable[Stage]) -> int:
    """Which of the forms these stages make, 1 to 8."""
    return FORMS.get(frozenset(stages), OTHER)
