"""What the first day of a lot is called."""

import json

import pytest

from marketplace.catalogue.categories import DATA
from marketplace.traceability.origins import BY_CATEGORY, DAYS, ENGLISH, WORDS, Origin, origin_of


@pytest.mark.parametrize(
    ("slugs", "origin"),
    [
        (["gao-te", "lua-gao-ngu-coc"], Origin.HARVESTED),
        (["gom-su", "thu-cong"], Origin.MADE),
        (["sua", "thit-trung-sua"], Origin.COLLECTED),
        (["trai-cay-say", "thuc-pham-che-bien"], Origin.MADE),
        (["tom-cua", "thuy-san"], Origin.CAUGHT),
        (["thuy-san-kho", "thuy-san"], Origin.MADE),
        (["thuy-san"], Origin.CAUGHT),
        ([], Origin.HARVESTED),
    ],
)
def test_follows_from_the_category_and_the_one_above_it(slugs, origin):
    assert origin_of(slugs) == origin


def test_knows_only_categories_that_there_are():
    tree = json.loads(DATA.read_text("utf-8"))
    slugs = {row["slug"] for top in tree for row in (top, *top["children"])}

    assert set(BY_CATEGORY) <= slugs


def test_has_words_for_all():
    assert set(WORDS) == set(ENGLISH) == set(DAYS) == set(Origin)
