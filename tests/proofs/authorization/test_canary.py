"""Everybody reads everything they can reach; a word of somebody else's on a page is a leak.

Every text column of every row carries a marker of its own (`tests.proofs.markers`). So it does not
matter by which query, file or heading a text came to a page. The two sellers are `a` and `b`; the
buyer `c` ordered from both at once, `d` only from `a`.
"""

from collections.abc import Iterator
from typing import Final

import pytest
import typst

from models.accounts import Role, User
from tests.proofs.authorization.cells import (
    ANONYMOUS,
    CONSUMER,
    PROVINCIAL,
    Answer,
    Target,
    cells_of,
)
from tests.proofs.authorization.cells import BUYER as ENTERPRISE
from tests.proofs.authorization.crawling import Reading, crawl, typeset_as_text
from tests.proofs.authorization.policy import POLICY, Kind
from tests.proofs.authorization.requests import contract_values, desk_values
from tests.proofs.authorization.test_matrix import addresses
from tests.proofs.conftest import Stage
from tests.proofs.markers import Mark, text_columns
from tests.proofs.world import SELLER_ROLES, Market


def columns(text: str) -> frozenset[str]:
    """ "lots: code note" is lots.code and lots.note."""
    lines = (line.partition(":") for line in text.strip().splitlines())
    return frozenset(
        f"{table.strip()}.{name}" for table, _, names in lines for name in names.split()
    )


PUBLISHED: Final = columns("""
    organisations: slug name name_en short_name tagline_vi tagline_en story_vi story_en
    organisations: address phone email tax_code registration_number legal_representative brand
    delivery_settings: pickup_note
    products: slug name_vi name_en summary_vi summary_en story_vi story_en storage_vi storage_en
    packs: name_vi name_en
    product_photos: alt_vi alt_en
    certificates: number issuer scope facility
    lots: code note_vi note_en growing_area_code
    households: name
    lot_events: title_vi title_en detail_vi detail_en
    delivery_replies: text
""")
"""What a seller says to everybody."""

APPLIED: Final = columns("""
    applications: code email contact_name phone name tax_code registration_number
    applications: legal_representative address story_vi decision_note
    application_items: answer note
    media_files: original_name
    state_changes: reason
""")
"""What somebody who wants to join tells the alliance, and hears of it."""

LOOKED_AT: Final = columns("certificate_checks: source\norganisations: name")
"""What the alliance says to everybody of a certificate: what it looked at, and who it is."""

CHOSEN: Final = LOOKED_AT | columns("organisations: slug")
"""What a seller reads of an alliance that it may choose to act on its behalf."""

PART: Final = columns("""
    seller_orders: number carrier tracking_code cancel_reason
    order_lines: product_name_vi product_name_en pack_name_vi pack_name_en
    state_changes: reason
""")
"""A seller's part of an order, for the buyer and for the seller."""

ADDRESSED: Final = columns("orders: number recipient_name phone address note")
"""What a seller must know of a buyer to bring the goods."""

ASKED: Final = columns("requirements: title_vi title_en help_vi help_en")
"""What an alliance asks of those who want to join, wherever they are."""

PRICED: Final = columns("reference_prices: source")
"""Where an alliance has its reference prices from, for officers of all of them."""

ACCOUNT: Final = columns("bank_accounts: bank_name number holder_name")
MASKED: Final = ACCOUNT - columns("bank_accounts: number")
"""Who pays a seller reads the number by a button, which notes it, and never on a page."""

TENDERED: Final = columns("""
    requests: number title grade specification packing address end_reason
    request_limits: name unit
    media_files: original_name
    organisations: name short_name
""")
"""What an enterprise says to the sellers that it asks; never what it hopes to pay."""

SUPPLYING: Final = columns("organisations: code\nsupplies: grade")
"""What a search for supply says of a seller."""

ANSWERED: Final = PUBLISHED | columns("""
    organisations: code
    request_questions: text answer
    request_invitations: decline_reason
""")
"""What a seller that was asked says to the enterprise, which may invite it by its code."""

INVITED: Final = columns("organisations: code")
"""By what a buyer invites a seller that matches."""

QUOTED: Final = columns("quotes: number")
"""The number of a quote that was opened."""

DEALT: Final = columns("""
    contracts: number title po_number cost_centre end_reason
    contract_versions: note
    contract_comments: text
    contract_signatures: name position
    deliveries: number address po_number cost_centre note carrier vehicle handed_by received_by
    deliveries: cancel_reason
    delivery_changes: reason
    delivery_lines: grade accepted_grade reason
    delivery_disputes: text resolution
    delivery_returns: reason
    delivery_replies: text
    dues: reference
    invoices: number
    media_files: original_name
    organisations: code name short_name
    users: full_name
""")
"""What the two sides of a contract say to each other of it and of its deliveries."""

MAY_READ: Final[dict[str, dict[str, frozenset[str]]]] = {
    ANONYMOUS: {"a": PUBLISHED, "b": PUBLISHED, "o": LOOKED_AT},
    ENTERPRISE: {
        "a": PUBLISHED | ANSWERED | SUPPLYING | QUOTED | INVITED | DEALT,
        "b": PUBLISHED | ANSWERED | SUPPLYING | INVITED | DEALT,
        "o": LOOKED_AT | ACCOUNT,
    },
    CONSUMER: {
        "a": PUBLISHED,
        "b": PUBLISHED,
        "a.c": PART,
        "b.c": PART,
        "o": ACCOUNT | LOOKED_AT,
    },
    "seller": {
        "a": PUBLISHED,
        "c": ADDRESSED,
        "b.c": PART,
        "b.o": PART,
        "o": CHOSEN | ACCOUNT,
        "p": CHOSEN,
        "e": TENDERED | DEALT,
        "r": TENDERED | DEALT,
    },
    "officer": {
        owner: PUBLISHED
        | columns("""
            organisations: code
            certificates: decision_note
            plots: code
            media_files: original_name
            users: full_name email phone
            state_changes: reason
            appeals: text reply
            promise_replies: text
            deliveries: number
        """)
        for owner in "abepr"
    }
    | {f"{seller}.{buyer}": columns("seller_orders: number") for seller in "ab" for buyer in "cdo"}
    | {buyer: columns("orders: number") for buyer in "cd"}  # the number of a part begins with it
    | {"j": APPLIED},
    PROVINCIAL: {"a": PUBLISHED, "b": PUBLISHED, "o": LOOKED_AT | ASKED | PRICED, "j": ASKED},
    "operator": {
        "a": PUBLISHED | MASKED | columns("organisations: code\npayouts: bank_reference"),
        "b": PUBLISHED | MASKED | columns("organisations: code\npayouts: bank_reference"),
        **{
            f"{seller}.{buyer}": columns("seller_orders: number")
            | columns("cash_collections: difference_reason")
            for seller in "ab"
            for buyer in "cdo"
        },
        **{
            buyer: columns("orders: number recipient_name phone\npayments: reference")
            for buyer in "cd"
        },
    },
}
"""What of others a reader may meet, by its owner. One's own is one's own."""

OWN: Final = {
    CONSUMER: "c",
    ENTERPRISE: "e",
    "seller": "b",
    "officer": "o",
    PROVINCIAL: "p",
    "operator": "o",
}

ASKED_FOR: Final = columns("""
    requests: number title grade specification packing address
    request_limits: name unit
    request_questions: text answer
    organisations: name
""")
"""What a seller meets of a request to it."""

BROUGHT: Final = columns("""
    deliveries: number handed_by received_by
    delivery_lines: reason
    delivery_disputes: text resolution
""")
"""What both sides of a contract meet of a delivery."""

MUST_READ: Final[dict[str, frozenset[str]]] = {
    ANONYMOUS: (PUBLISHED | LOOKED_AT)
    - columns("organisations: email\ndelivery_settings: pickup_note"),
    CONSUMER: (PART | ADDRESSED | ACCOUNT) - columns("state_changes: reason"),
    ENTERPRISE: columns("users: full_name email")
    | columns("requests: number title grade specification packing address target_minor")
    | columns("request_limits: name unit\nrequest_invitations: decline_reason")
    | columns("request_questions: text answer\nmedia_files: original_name")
    | columns("saved_searches: name\nsupplies: grade\nproducts: name_vi")
    | BROUGHT,
    "director": PART
    | ADDRESSED
    | columns("""
        lots: plot_name
        certificates: scope
        stock_movements: reason
        payouts: bank_reference
        users: email
        packs: gtin
        invitations: email
        media_files: original_name
        bank_accounts: bank_name holder_name
        households: code name phone hamlet note consent_note
        share_contributions: note
        appeals: text reply
        promise_replies: text
        register_imports: file_name
        plots: code crop
        growing_areas: code crop issued_by
        supplies: grade
        supply_changes: reason
    """)
    | BROUGHT,
    "sales": PART | ADDRESSED | ASKED_FOR,
    "warehouse": PART
    | ADDRESSED
    | columns("lots: plot_name\nstock_movements: reason")
    | columns("households: name phone\nplots: code crop\ngrowing_areas: code crop"),
    "accountant": PART
    | ADDRESSED
    | columns("payouts: bank_reference\nhouseholds: name phone\nshare_contributions: note")
    | columns("yearly_statistics: note reason"),
    "officer": columns("""
        certificate_checks: source note
        plots: code
        media_files: original_name
        users: phone
        appeals: text reply
        promise_replies: text
    """)
    | ASKED
    | (APPLIED - columns("state_changes: reason\napplications: decision_note")),
    PROVINCIAL: columns("requirements: title_vi title_en") | PRICED,
    "operator": MASKED | columns("bank_lines: description\npayouts: bank_reference"),
}
"""What the crawl has met if it has read the pages at all."""


def people(market: Market) -> dict[str, User | None]:
    """Who reads: everybody but `a` and `d`."""
    return {
        ANONYMOUS: None,
        CONSUMER: market.c.user,
        ENTERPRISE: market.enterprise_buyer,
        **{str(role): user for role, user in market.b.people.items()},
        "officer": market.officer,
        PROVINCIAL: market.provincial_officer,
        "operator": market.operator,
    }


def seeds(stage: Stage, reader: str) -> Iterator[str]:
    """Every page that the policy opens to a reader, in both languages."""
    market, urls = stage.market, stage.app.url_map.bind("localhost")
    for key, arguments in addresses(stage.app).items():
        method, endpoint = key.split()
        is_left_out = POLICY[key].kind in {Kind.LETTER, Kind.INVITATION} or endpoint.startswith(
            "system."
        )
        if method != "GET" or is_left_out:
            continue
        for cell in cells_of(key, arguments, market):
            if (cell.role, cell.target, cell.answer) != (reader, Target.OWN, Answer.DONE):
                continue
            values = cell.values
            if POLICY[key].kind == Kind.DESK and reader in SELLER_ROLES:
                own = desk_values(market.b, endpoint)
                values = values | {name: own[name] for name in arguments & set(own)}
            if POLICY[key].kind == Kind.CONTRACT and reader in SELLER_ROLES:
                values = values | contract_values(market, endpoint, is_foreign=True)
                values["code"] = market.b.organisation.code
                values = {name: values[name] for name in arguments}
            address = urls.build(endpoint, values)
            yield from (address, f"/en{address}")


@pytest.fixture(scope="module")
def read(stage):
    """The crawl of each reader, done when it is first asked for."""
    known: dict[str, Reading] = {}

    def reading(reader: str) -> Reading:
        if reader not in known:
            cookie = stage.cookie(people(stage.market)[reader])
            known[reader] = crawl(stage, cookie, seeds(stage, reader))
        return known[reader]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typst, "compile", typeset_as_text)
        yield reading


READERS: Final = (
    ANONYMOUS,
    CONSUMER,
    ENTERPRISE,
    *map(str, (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)),
    "officer",
    PROVINCIAL,
    "operator",
)


def kind_of(reader: str) -> str:
    """A reader as `MAY_READ` calls them."""
    return reader if reader in MAY_READ else "seller"


def is_allowed(kind: str, mark: Mark) -> bool:
    """Whether a reader may meet a text."""
    own = OWN.get(kind)
    return mark.owner == own or mark.column in MAY_READ[kind].get(mark.owner, ())


def test_every_text_column_carries_a_marker(stage):
    assert set(text_columns()) - stage.market.markers.columns == set()


@pytest.mark.parametrize("reader", READERS)
def test_nobody_reads_what_is_not_theirs(stage, read, reader):
    leaks = {
        f"{mark.column} of {mark.owner}": address
        for mark, address in read(reader).marks(stage).items()
        if not is_allowed(kind_of(reader), mark)
    }

    assert leaks == {}


@pytest.mark.parametrize("reader", READERS)
def test_the_crawl_has_read_what_is_theirs(stage, read, reader):
    found = {mark.column for mark in read(reader).marks(stage)}

    assert MUST_READ[reader] - found == set()


@pytest.mark.parametrize("reader", READERS)
def test_every_page_that_a_page_links_to_answers(read, reader):
    assert read(reader).failures == []


def test_the_canary_sings(stage):
    """What the people of `a` read on their own desk would be a leak to those of `b`."""
    own = stage.market.a
    cookie = stage.cookie(own.people[Role.WAREHOUSE])
    page = f"/quay/{own.organisation.code}/lo/{own.lot.code}"
    browser = stage.app.test_client(use_cookies=False)

    text = browser.get(page, headers={"Cookie": cookie}).get_data(as_text=True)

    leaks = {mark.column for mark in stage.market.markers.found_in(text)} - PUBLISHED
    assert leaks >= {"lots.plot_name", "stock_movements.reason"}
    assert not any(is_allowed("seller", Mark("a", column)) for column in leaks)
