"""Refusals carry a code for machines, a sentence for people, and what one may need to know."""

import pytest

from marketplace.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from marketplace.kernel.translation import mark

KINDS = {
    NotFoundError: "not_found",
    ForbiddenError: "forbidden",
    InvalidError: "invalid",
    ConflictError: "conflict",
    UnavailableError: "unavailable",
}


@pytest.mark.parametrize(("kind", "code"), KINDS.items())
def test_each_kind_has_a_code_and_a_sentence(kind, code):
    refusal = kind()

    assert isinstance(refusal, DomainError)
    assert refusal.code == code
    assert refusal.message.endswith(".")
    assert refusal.details == {}
    assert str(refusal) == code


def test_a_subclass_keeps_its_own_code_and_details():
    class SoldOutError(ConflictError):
        code = "stock.sold_out"
        message = mark("Đã bán hết.")

    refusal = SoldOutError(product_id=7)

    assert refusal.details == {"product_id": 7}
    assert str(refusal) == "stock.sold_out {'product_id': 7}"
    assert refusal.message == "Đã bán hết."
