"""The menus of the desks: what a member of an organisation finds on its left side.

An entry shows if the table of permissions lets the reader in; its address follows the plan of
addresses, so that a desk needs no list of endpoints.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from flask import Flask, g, request

from blueprints.locale import path
from blueprints.security import current_session
from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.accounts.queries import SessionMembership
from marketplace.accounts.standing import Decision, find_decision
from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext
from models.accounts import OrganisationKind, VerificationState


@dataclass(frozen=True, slots=True)
class Entry:
    """One page of a desk.

    Attributes:
        segment: What follows the address of the desk; empty for its first page.
        label: What people read, in Vietnamese.
        glyph: The id of an icon.
        permission: Who sees it; None for every member.
        short: The label under the thumb on a telephone; empty: not there.
        outside: An address beside the desk, with `{slug}` or `{code}` of the organisation.
    """

    segment: str
    label: str
    glyph: str
    permission: Permission | None = None
    short: str = ""
    outside: str = ""


Group = tuple[str, tuple[Entry, ...]]

TEAM: Final = Entry(
    "",
    mark("Người của tổ chức"),
    "users",
    Permission.MEMBERSHIP_VIEW,
    outside="/quay/{code}/nhom",
)
CONSENTS: Final = Entry("uy-quyen", mark("Cho làm thay"), "shield-check", Permission.CONSENT_MANAGE)
HELPING: Final = Entry("", mark("Làm thay hợp tác xã"), "users", outside="/lam-thay")
BANK_ACCOUNTS: Final = Entry(
    "",
    mark("Tài khoản ngân hàng"),
    "landmark",
    Permission.BANK_ACCOUNT_MANAGE,
    outside="/quay/{code}/tai-khoan-ngan-hang",
)

PUBLIC_PAGE: Final = Entry("", mark("Trang công khai"), "store", outside="/hop-tac-xa/{slug}")
CHECKED_PAGE: Final = "/xac-minh/{slug}"
"""Where everybody reads of a seller that may not sell any more."""

REQUESTS: Final = Entry(
    "yeu-cau", mark("Yêu cầu báo giá"), "file-text", Permission.REQUEST_VIEW, mark("Yêu cầu")
)

CONTRACTS: Final = Entry(
    "",
    mark("Hợp đồng"),
    "handshake",
    Permission.QUOTE_VIEW,
    outside="/hop-dong/{code}",
)
BUYING_CONTRACTS: Final = replace(
    CONTRACTS, permission=Permission.REQUEST_VIEW, short=mark("Hợp đồng")
)

SELLER: Final[tuple[Group, ...]] = (
    (
        "",
        (
            Entry("", mark("Hôm nay"), "house", short=mark("Hôm nay")),
            Entry(
                "don",
                mark("Đơn hàng"),
                "package",
                Permission.SELLER_ORDER_VIEW,
                mark("Đơn"),
            ),
            Entry("san-pham", mark("Sản phẩm, giá"), "wheat", short=mark("Sản phẩm")),
            Entry("lo", mark("Lô và nguồn gốc"), "sprout", short=mark("Lô")),
            Entry(
                "du-bao",
                mark("Dự báo sản lượng"),
                "calendar-days",
                Permission.SUPPLY_VIEW,
            ),
            Entry("chung-nhan", mark("Chứng nhận"), "shield-check"),
            Entry("giu-hen", mark("Giữ hẹn"), "calendar-check", Permission.PROMISE_VIEW),
            Entry("yeu-cau", mark("Yêu cầu báo giá"), "file-text", Permission.QUOTE_VIEW),
            Entry("bao-gia", mark("Báo giá đã gửi"), "receipt", Permission.QUOTE_EDIT),
            CONTRACTS,
        ),
    ),
    (
        mark("Tiền"),
        (
            Entry(
                "doanh-thu",
                mark("Sổ doanh thu"),
                "chart-column",
                Permission.REVENUE_VIEW,
                mark("Tiền"),
            ),
            Entry("tien", mark("Đối soát, nhận tiền"), "banknote", Permission.MONEY_VIEW),
            BANK_ACCOUNTS,
        ),
    ),
    (
        mark("Thành viên"),
        (
            Entry("thanh-vien", mark("Sổ thành viên"), "users", Permission.MEMBER_VIEW),
            Entry("thua-dat", mark("Thửa đất"), "map-pin", Permission.MEMBER_VIEW),
            Entry("vung-trong", mark("Vùng trồng"), "leaf", Permission.MEMBER_VIEW),
            Entry("von-gop", mark("Vốn góp"), "wallet", Permission.SHARE_RECORD),
            Entry(
                "so-lieu-nam",
                mark("Số liệu năm"),
                "calendar-check",
                Permission.STATISTICS_DECLARE,
            ),
        ),
    ),
    (
        mark("Tổ chức"),
        (
            Entry("cai-dat", mark("Cài đặt"), "settings", Permission.ORGANISATION_EDIT),
            TEAM,
            Entry("don-vi", mark("Liên hiệp"), "handshake", Permission.UNION_JOIN),
            CONSENTS,
            PUBLIC_PAGE,
        ),
    ),
)

ALLIANCE: Final[tuple[Group, ...]] = (
    (
        "",
        (
            Entry("", mark("Hôm nay"), "landmark", short=mark("Hôm nay")),
            Entry("ho-so", mark("Hồ sơ đăng ký"), "file-text", short=mark("Hồ sơ")),
            Entry(
                "chung-nhan",
                mark("Chứng nhận chờ xác minh"),
                "shield-check",
                short=mark("Chứng nhận"),
            ),
            Entry("to-chuc", mark("Hợp tác xã, tổ chức"), "users", short=mark("Tổ chức")),
            Entry("khieu-nai", mark("Khiếu nại quyết định"), "triangle-alert"),
            Entry("giu-hen", mark("Tổ chức cần nhắc"), "calendar-check"),
            Entry("so-lieu", mark("Số liệu năm"), "chart-column"),
            Entry(
                "gia-tham-chieu",
                mark("Giá tham chiếu"),
                "scale",
                Permission.REFERENCE_PRICE_EDIT,
            ),
        ),
    ),
    (mark("Tổ chức"), (TEAM, HELPING)),
)

LED_CONTRACTS: Final = Entry(
    "hop-dong-chu-tri", mark("Hợp đồng chủ trì"), "handshake", Permission.JOINT_QUOTE_LEAD
)

UNION: Final[tuple[Group, ...]] = (*SELLER, ("", (LED_CONTRACTS, HELPING)))

OPERATOR: Final[tuple[Group, ...]] = (
    ("", (Entry("", mark("Hôm nay"), "house", short=mark("Hôm nay")),)),
    (
        mark("Tiền vào"),
        (
            Entry("sao-ke", mark("Sao kê ngân hàng"), "file-text", short=mark("Sao kê")),
            Entry("thanh-toan", mark("Thanh toán"), "receipt", short=mark("Thanh toán")),
            Entry("cod", mark("Tiền mặt thu hộ"), "truck", short=mark("Thu hộ")),
        ),
    ),
    (
        mark("Tiền ra"),
        (
            Entry("chi-tra", mark("Chi trả hợp tác xã"), "banknote", short=mark("Chi trả")),
            Entry("hoan-tien", mark("Hoàn tiền"), "arrow-right"),
        ),
    ),
    (mark("Tổ chức"), (BANK_ACCOUNTS, TEAM)),
)

BUYING: Final[tuple[Group, ...]] = (
    (
        "",
        (
            Entry("", mark("Hôm nay"), "house", short=mark("Hôm nay")),
            Entry(
                "nguon-hang",
                mark("Tìm nguồn hàng"),
                "search",
                Permission.SUPPLY_SEARCH,
                mark("Nguồn hàng"),
            ),
            REQUESTS,
            BUYING_CONTRACTS,
            Entry("thanh-toan", mark("Phải trả"), "banknote", short=mark("Phải trả")),
            Entry(
                "hang-hop-dong",
                mark("Hàng theo hợp đồng"),
                "package",
                Permission.REQUEST_VIEW,
            ),
        ),
    ),
    (
        mark("Tổ chức"),
        (
            TEAM,
            Entry(
                "han-muc",
                mark("Hạn mức duyệt"),
                "shield-check",
                Permission.SPENDING_LIMIT_EDIT,
            ),
        ),
    ),
)


MENUS: Final[dict[str, tuple[Group, ...]]] = {
    OrganisationKind.ALLIANCE: ALLIANCE,
    OrganisationKind.UNION: UNION,
    OrganisationKind.OPERATOR: OPERATOR,
    OrganisationKind.ENTERPRISE: BUYING,
}
"""By kind of organisation; every other kind sells and has `SELLER`."""

MOST_TABS: Final = 5


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is shown."""

    label: str
    glyph: str
    url: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """The frame of a desk: whose it is, the menu on the left, the bar under the thumb.

    `appeals_at` leads whoever may appeal against a decision to where they do; empty for others.
    """

    name: str
    groups: tuple[tuple[str, tuple[Link, ...]], ...]
    tabs: tuple[Link, ...]
    has_others: bool
    appeals_at: str


def base_of(kind: str, code: str) -> str:
    """For templates and views: the address of an organisation's desk, without the language."""
    own = {"alliance": "/lien-minh", "operator": "/van-hanh", "enterprise": f"/mua-hang/{code}"}
    return own.get(kind, f"/quay/{code}")


def current_desk(counts: Mapping[str, int] | None = None) -> Desk | None:
    """For templates: the desk of the organisation that the reader acts for; None if for none.

    Args:
        counts: how much waits behind an entry, by its segment.
    """
    membership: SessionMembership | None = g.get("acting_membership")
    if membership is None:
        return None
    waiting = counts or {}
    person = current_session()
    open_groups = [
        (title, [entry for entry in entries if _shows(entry, membership)])
        for title, entries in MENUS.get(membership.kind, SELLER)
    ]
    tabs = [entry for _, entries in open_groups for entry in entries if entry.short]
    return Desk(
        name=membership.short_name,
        groups=tuple(
            (
                gettext(title) if title else "",
                tuple(_link(entry.label, entry, membership, waiting) for entry in entries),
            )
            for title, entries in open_groups
            if entries
        ),
        tabs=tuple(_link(entry.short, entry, membership, waiting) for entry in tabs[:MOST_TABS]),
        has_others=person is not None and len(person.memberships) > 1,
        appeals_at=path(f"/quay/{membership.code}/khieu-nai")
        if allows(g.acting, Permission.ORGANISATION_APPEAL, membership)
        else "",
    )


def init_app(app: Flask) -> None:
    """Give templates the desk."""
    app.jinja_env.globals.update(current_desk=current_desk, desk_base=base_of)
    # Asked before the page is drawn: templates never query.
    app.context_processor(lambda: {"off_market": _off_market()})


def _off_market() -> Decision | None:
    """What keeps the organisation that the reader acts for off the market, if anything does.

    Only desks of such organisations ask the database.
    """
    membership: SessionMembership | None = g.get("acting_membership")
    if membership is None:
        return None
    return find_decision(membership.organisation_id, membership.verification)


def _shows(entry: Entry, membership: SessionMembership) -> bool:
    # The rules ask whose thing it is; here the thing is the desk itself.
    actor: Actor = g.acting
    if entry is PUBLIC_PAGE and membership.verification == VerificationState.PENDING:
        return False  # nobody else sees it yet
    return entry.permission is None or allows(actor, entry.permission, membership)


def _link(
    label: str, entry: Entry, membership: SessionMembership, counts: Mapping[str, int]
) -> Link:
    base = base_of(membership.kind, membership.code)
    inside = f"{base}/{entry.segment}" if entry.segment else base
    outside = entry.outside
    if entry is PUBLIC_PAGE and membership.verification != VerificationState.VERIFIED:
        outside = CHECKED_PAGE
    address = outside.format(slug=membership.slug, code=membership.code) if outside else inside
    here = request.path
    has_pages = bool(entry.segment or entry.outside)
    is_here = here == address or (has_pages and here.startswith(f"{address}/"))
    return Link(
        label=gettext(label),
        glyph=entry.glyph,
        url=path(address),
        count=0 if entry.outside else counts.get(entry.segment, 0),
        is_current=is_here,
    )
