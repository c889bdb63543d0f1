"""The searches of the demonstration stand as the market writes them."""

from urllib.parse import parse_qs, urlencode

from marketplace.reporting.sourcing.search import address_of, read_search
from marketplace.workflows.demo.searching import SEARCHES


def test_addresses_are_canonical(app):
    with app.app_context():
        for _company, _name, query in SEARCHES:
            search = read_search(parse_qs(query))
            assert urlencode(address_of(search)) == query
            assert search.delivered is not None
