"""`docs/permissions.md`, made by asking the table of permissions about everybody.

Run `python -m tests.proofs.authorization.permissions_page` to write it anew.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Final

from marketplace.accounts.permissions import Actor, Permission, allows
from models.accounts import OrganisationKind, Role
from models.consents import ConsentScope

PAGE: Final = Path(__file__).parents[3] / "docs" / "permissions.md"

OWN, OTHER = 7, 8
"""Ids of an organisation, a person or an order: one's own, and another."""

WORDS: Final[dict[Permission, str]] = {
    Permission.ORGANISATION_EDIT: "change what an organisation says of itself, and its delivery",
    Permission.ORGANISATION_VERIFY: "let an organisation onto the market, suspend or close "
    "it, answer its appeals",
    Permission.ORGANISATION_APPEAL: "appeal against being suspended or closed",
    Permission.MEMBERSHIP_VIEW: "see who belongs to an organisation",
    Permission.MEMBERSHIP_MANAGE: "invite people, change roles, end memberships",
    Permission.PROFILE_EDIT: "change a person's name, telephone number and language",
    Permission.BANK_ACCOUNT_MANAGE: "see, add, change and close bank accounts, read their numbers",
    Permission.BANK_ACCOUNT_CONFIRM: "vouch for a new bank account as the second person",
    Permission.CONSENT_MANAGE: "let an alliance or a union act for the seller, and see what it did",
    Permission.CONSENT_USE: "begin to act for a seller by a consent to one's own organisation",
    Permission.CERTIFICATE_CLAIM: "claim a certificate, say what it covers and who may see it",
    Permission.CERTIFICATE_DECIDE: "check, verify, reject or revoke a certificate",
    Permission.CERTIFICATE_FILE_VIEW: "read a certificate's page and its paper",
    Permission.APPLICATION_FILL: "fill in an application to join, send it, take it back",
    Permission.APPLICATION_REVIEW: "go through applications to join, and decide about them",
    Permission.REQUIREMENT_EDIT: "write the checklist of those who want to join",
    Permission.PRODUCT_EDIT: "make, change, publish and archive products, packs, prices, photos",
    Permission.LOT_RECEIVE: "receive lots, write down what happened to them",
    Permission.STOCK_ADJUST: "bring the book of the store in line with the scales",
    Permission.MEMBER_VIEW: "read the register of members, their plots and growing areas",
    Permission.MEMBER_EDIT: "keep the register of members: write down, show, hide, erase, import",
    Permission.SHARE_RECORD: "see and write down share capital",
    Permission.PLOT_EDIT: "draw plots, keep growing-area codes",
    Permission.DESK_VIEW: "look at the seller's desk: products, lots, orders, certificates",
    Permission.SELLER_ORDER_VIEW: "read a seller's part of an order, print its slip",
    Permission.SELLER_ORDER_CONFIRM: "confirm a seller's part of an order",
    Permission.SELLER_ORDER_FULFIL: "pack, hand over and deliver a seller's part of an order",
    Permission.SELLER_ORDER_CANCEL: "call off a seller's part of an order",
    Permission.PROMISE_VIEW: "read how a seller keeps its promises, and its replies",
    Permission.PROMISE_REPLY: "reply beside a promise that was not kept",
    Permission.ORDER_VIEW: "follow an order and its payment",
    Permission.ORDER_CANCEL: "call off an order before it is packed",
    Permission.MONEY_VIEW: "see what the market owes and has paid",
    Permission.UNION_LEAD: "propose to cooperatives that they join a union, see its sums",
    Permission.UNION_JOIN: "answer a union, leave it",
    Permission.STATISTICS_VIEW: "see what an organisation declares of its years",
    Permission.STATISTICS_DECLARE: "declare and correct the figures of a year",
    Permission.SUPPLY_VIEW: "read the forward supply book and take it away as a file",
    Permission.QUOTE_VIEW: "read requests for quotation that are open to the seller",
    Permission.QUOTE_EDIT: "write, send and withdraw quotes, and read one's own",
    Permission.JOINT_QUOTE_LEAD: "quote for the cooperatives of a union",
    Permission.JOINT_QUOTE_ANSWER: "agree to the cooperative's share of a joint quote",
    Permission.AWARD_DECIDE: "choose who delivers what of a request, or end it",
    Permission.SUPPLY_EDIT: "forecast what there will be month by month, undo it",
    Permission.SUPPLY_SEARCH: "search the forward supply of verified sellers",
    Permission.REQUEST_VIEW: "look at an enterprise's desk and its requests for quotation",
    Permission.REQUEST_EDIT: "write, publish and change requests for quotation, answer questions",
    Permission.QUOTE_EDIT: "ask about a request for quotation, decline it, quote for it",
    Permission.AWARD_DECIDE: "cancel or end a request for quotation, decide who is chosen",
    Permission.REVENUE_VIEW: "read the revenue book and take it away as a file",
    Permission.SUPPLY_SEARCH: "search the forward supply of verified sellers",
    Permission.SEARCH_KEEP: "search on the desk; keep, name, watch and delete searches",
    Permission.CONTRACT_VIEW: "read a contract, its deliveries and its statement",
    Permission.CONTRACT_EDIT: "propose versions of a contract, comment, agree, amend",
    Permission.CONTRACT_APPROVE: "approve inside the enterprise that it signs a contract",
    Permission.CONTRACT_SIGN: "sign a contract for one's side",
    Permission.SPENDING_LIMIT_EDIT: "say from which amount on contracts want approvals",
    Permission.CALL_OFF_MAKE: "call goods of a contract off, change days, PO and cost centre",
    Permission.DELIVERY_FULFIL: "confirm, pack and ship a delivery of a contract",
    Permission.DELIVERY_ACCEPT: "accept a delivery of a contract line by line",
    Permission.DELIVERY_DISPUTE: "dispute a delivery of a contract, settle the dispute",
    Permission.INVOICE_VIEW: "read invoices of a contract and what is due",
    Permission.REFERENCE_PRICE_EDIT: "publish reference prices",
    Permission.ALLIANCE_DESK_VIEW: "look at the alliance's desk: all organisations, certificates",
    Permission.ALLIANCE_MANAGE: "add an alliance of a province, say about what one decides",
    Permission.OPERATOR_DESK_VIEW: "look at the operator's desk: money in and money out",
    Permission.STATEMENT_IMPORT: "bring in a bank statement",
    Permission.BANK_LINE_RESOLVE: "decide about a bank line, give up an order paid in part",
    Permission.REFUND_SEND: "note that a refund was sent",
    Permission.CASH_REMIT: "note that cash reached the market",
    Permission.PAYOUT_RECORD: "note that a seller was paid",
}
"""Each permission in words."""

COLUMNS: Final[dict[str, Actor]] = {
    "Director": Actor(OTHER, OWN, OrganisationKind.COOPERATIVE, Role.DIRECTOR),
    "Sales": Actor(OTHER, OWN, OrganisationKind.COOPERATIVE, Role.SALES),
    "Warehouse": Actor(OTHER, OWN, OrganisationKind.COOPERATIVE, Role.WAREHOUSE),
    "Accountant": Actor(OTHER, OWN, OrganisationKind.COOPERATIVE, Role.ACCOUNTANT),
    "Other seller": Actor(OTHER, OTHER, OrganisationKind.COOPERATIVE, Role.DIRECTOR),
    "Enterprise": Actor(OTHER, OWN, OrganisationKind.ENTERPRISE, Role.DIRECTOR),
    "Buyer": Actor(OWN),
    "With its link": Actor(None, order_id=OWN, application_id=OWN),
    "Alliance": Actor(OTHER, OTHER, OrganisationKind.ALLIANCE, Role.OFFICER),
    "Helper": Actor(
        OTHER,
        OWN,
        OrganisationKind.COOPERATIVE,
        Role.DIRECTOR,
        helper_organisation_id=OTHER,
        scopes=frozenset(ConsentScope),
    ),
    "Operator": Actor(OTHER, OTHER, OrganisationKind.OPERATOR, Role.OPERATOR),
}
"""Everybody who may ask: people of the seller that a thing belongs to, and people of elsewhere."""

THING: Final = SimpleNamespace(
    id=OWN,
    organisation_id=OWN,
    seller_id=OWN,
    buyer_id=OWN,
    led_by_id=None,
    buyer_user_id=OWN,
    helper_organisation_id=OTHER,
)
"""Something of the seller, that the buyer has ordered, or that the buyer is."""

HEAD: Final = """\
# Who may do what

Made from `marketplace/accounts/permissions` by `tests/proofs/authorization/permissions_page.py`;
a test fails when it is out of date. There is one table: pages, JSON, jobs and commands ask it
through `authorize(actor, permission, subject)`, and templates through `can(permission, subject)`.

The first four columns are people of the very seller (cooperative, union or group) that the thing
belongs to; "other seller" is the director of another one. "Enterprise" is the director of the
enterprise that it belongs to or is bought by. "Buyer" is the person who ordered or
whose profile it is, "with its link" whoever holds the mailed link of the order or of the
application, with or without an account. "Helper" is staff of an alliance or a union who acts on
behalf of the seller, which has agreed to all that can be agreed to (products, certificates, lots,
orders); the scopes of the very consent are what counts (`ON_BEHALF`). The marketplace's own jobs
and commands may do everything.

"Alliance" is an officer of an alliance that decides about the province, or about the whole
country: what is of another province does not exist for an officer (`accounts/reach.py`). Adding
alliances and saying about what one decides takes an alliance of the whole country, and never one's
own.

Whoever has no right to know of a thing is told that there is none (404); whoever may know of it
but not do it is told so (403). The same questions, asked of every address over HTTP, are in
`tests/proofs/authorization/policy.py`.
"""


def page() -> str:
    """The text of the page."""
    head = ["Permission", "To …", *COLUMNS]
    rows = [
        [
            f"`{permission}`",
            WORDS[permission],
            *(_mark(actor, permission) for actor in COLUMNS.values()),
        ]
        for permission in Permission
    ]
    lines = [head, ["---", "---", *(":-:" for _ in COLUMNS)], *rows]
    return HEAD + "\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _mark(actor: Actor, permission: Permission) -> str:
    return "yes" if allows(actor, permission, THING) else "–"


if __name__ == "__main__":
    PAGE.write_text(page())
