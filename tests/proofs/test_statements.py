"""QRY-01: a page with one row and a page with thirty send the same number of statements."""

from typing import Final

import pytest

from tests.guards import recorded_statements
from tests.proofs.authorization.cells import ANONYMOUS, CONSUMER, Answer, Target, cells_of
from tests.proofs.authorization.policy import POLICY, Kind, Rule
from tests.proofs.authorization.test_matrix import addresses
from tests.proofs.conftest import Stage, settled
from tests.proofs.growth import grow

MOST: Final = 25
"""Statements that a page may send at most."""

READERS: Final = {
    Kind.EVERYBODY: (ANONYMOUS, CONSUMER),
    Kind.PERSON: (CONSUMER, "director", "officer"),
    Kind.ORDER: (CONSUMER,),
    Kind.LETTER: (ANONYMOUS,),
    Kind.INVITATION: (CONSUMER,),
    Kind.HELPER: ("officer",),
    Kind.DESK: ("director",),
    Kind.BUYING: ("enterprise buyer",),
    Kind.CONTRACT: ("director", "enterprise buyer"),
    Kind.ALLIANCE: ("officer",),
    Kind.NATIONAL: ("officer",),
    Kind.OFFICER: ("officer",),
    Kind.MARKET: ("operator",),
}
QUERIES: Final = {
    "storefront.list_products": ("q=ca+phe", "tinh=66&con-hang=1", "chung-nhan=VIETGAP_CROP"),
    "storefront.list_cooperatives": ("vung=tay-nguyen-nam-trung-bo",),
    "cooperative.list_orders": ("nhom=dang-giao", "nhom=da-xong", "q=CM"),
    "cooperative.list_requests": ("nhom=da-tra-loi", "nhom=da-dong"),
    "enterprise.list_requests": ("nhom=dang-mo", "nhom=cho-mo", "nhom=nhap", "nhom=xong"),
    "contracts.list_contracts": (
        "nhom=cho",
        "nhom=thuong-luong",
        "nhom=dang-chay",
        "nhom=nhap",
        "nhom=xong",
    ),
    "enterprise.find_supply": (
        "q=ca+phe&vung=Dak+Nong&toi=Binh+Duong&xep=gan",
        "chuan=VIETGAP_CROP&kg=1000&noi=chua",
    ),
    "cooperative.list_products": ("trang-thai=nhap", "q=ca+phe"),
    "cooperative.list_lots": ("xem=tat-ca",),
    "cooperative.show_supply": ("goi-y=1",),
    "cooperative.list_plots": ("q=th",),
    "cooperative.list_members": ("xem=tat-ca", "xem=da-ra", "q=y+nie&loai=household"),
    "alliance.list_organisations": ("tinh-trang=verified", "q=hop+tac"),
    "alliance.list_certificates": ("trang-thai=da-xac-minh",),
    "alliance.list_applications": ("tinh-trang=returned", "tinh=66&loai=cooperative"),
    "operator.list_lines": ("loai=exact", "q=mua"),
    "operator.list_payments": ("tinh-trang=paid", "q=CM"),
    "operator.list_cash": ("tinh-trang=remitted",),
    "operator.list_refunds": ("tinh-trang=sent",),
}
"""What lists are asked besides for everything."""


def _readers(rule: Rule) -> tuple[str, ...]:
    """Who reads a page. What neither of the usual two may read, the director of a buyer may."""
    readers = READERS[rule.kind]
    if rule.kind in {Kind.BUYING, Kind.CONTRACT}:
        readers = tuple(reader for reader in readers if reader in rule.roles)
    return readers or ("enterprise director",)


PAGES: Final = [
    (key, reader, query)
    for key, rule in POLICY.items()
    if key.startswith("GET ")
    for reader in _readers(rule)
    for query in ("", *QUERIES.get(key.split()[1], ()))
]


@pytest.fixture(scope="module")
def sent(stage):
    """The statements of every page, with little in the market and with much."""
    market = stage.market
    people = {
        ANONYMOUS: None,
        CONSUMER: market.c.user,
        "director": market.a.people["director"],
        "officer": market.officer,
        "operator": market.operator,
        "enterprise buyer": market.enterprise_buyer,
        "enterprise director": market.enterprise_director,
    }
    cookies = {role: stage.cookie(user) for role, user in people.items()}
    few = {page: _statements(stage, cookies, page) for page in PAGES}
    settled(lambda: grow(market))
    many = {page: _statements(stage, cookies, page) for page in PAGES}
    return few, many


def _statements(stage: Stage, cookies: dict[str, str], page: tuple[str, str, str]) -> list[str]:
    """What one page sends, read once before so that caches are warm."""
    key, reader, query = page
    endpoint = key.split()[1]
    [values, *_other_kinds] = [
        cell.values
        for cell in cells_of(key, addresses(stage.app)[key], stage.market)
        if (cell.role, cell.target, cell.answer) == (reader, Target.OWN, Answer.DONE)
    ]
    address = stage.app.url_map.bind("localhost").build(endpoint, values)
    browser = stage.app.test_client(use_cookies=False)
    for _ in range(2):
        undo = stage.connection.begin_nested()
        with recorded_statements(stage.connection) as sent:
            answer = browser.get(address, query_string=query, headers={"Cookie": cookies[reader]})
        undo.rollback()
        assert answer.status_code < 400, (address, answer.status_code)
    return sent


@pytest.mark.parametrize("page", PAGES, ids=" ".join)
def test_a_longer_list_asks_no_more_often(sent, page):
    few, many = (each[page] for each in sent)

    assert len(few) == len(many), "\n\n".join(sorted(set(many) - set(few)) or many)
    assert len(many) <= MOST


def test_the_statements_are_counted(sent):
    """A page of a desk asks at least who is signed in, and something of its own."""
    _few, many = sent

    assert len(many["GET cooperative.list_orders", "director", ""]) >= 2
    assert len(many["GET storefront.list_products", ANONYMOUS, ""]) >= 1
