"""`marketplace catalogue categories`."""

import pytest

from marketplace.catalogue.categories import categories_tree
from marketplace.cli.catalogue import catalogue

pytestmark = pytest.mark.usefixtures("session")


def test_loads_the_tree_and_may_be_repeated(app):
    run = app.test_cli_runner().invoke

    first, again = run(catalogue, ["categories"]), run(catalogue, ["categories"])

    assert (first.exit_code, first.output) == (0, "63 categories.\n")
    assert again.output == first.output
    assert len(categories_tree().by_slug) == 63
