"""Who looks at the marketplace, and where each of them begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.browser.deals import ARRIVING, REJECTED, TO_PACK, TO_SHIP
from tests.browser.world import World

NOBODY: Final = ""
"""A guest."""

_SHOP: Final = (
    "/",
    "/san-pham",
    "/san-pham?q=ca+phe&con-hang=1&chung-nhan=VIETGAP_CROP",
    "/san-pham?q=khong+co+gi",
    "/san-pham/{slug}",
    "/hop-tac-xa",
    "/hop-tac-xa?vung=tay-nguyen",
    "/hop-tac-xa/hop-tac-xa-{idle_slug}",
    "/xac-minh/hop-tac-xa-{halted_slug}",
    "/xac-minh/{slug}/giao-hang",
    "/truy-xuat",
    "/truy-xuat?ma=KHONG-CO",
    "/t/{busy}-LO",
    "/t/{busy}-HET",
    "/gio-hang",
    "/giao-hang",
    "/doi-tra",
    "/quy-che",
)
_DOORS: Final = (
    "/dang-nhap",
    "/dang-ky",
    "/quen-mat-khau",
    "/xac-nhan-email",
    "/xac-nhan-email/khong-con",
    "/dat-lai-mat-khau/khong-con",
    "/doi-email/khong-con",
    "/loi-moi/khong-con",
    "/tham-gia",
    "/tham-gia/khong-con",
    "/dev/outbox",
)
_SELF: Final = (
    "/tai-khoan",
    "/tai-khoan/thong-tin",
    "/tai-khoan/ho-so",
    "/tai-khoan/mat-khau",
    "/tai-khoan/bao-mat",
    "/tai-khoan/phien",
    "/xac-nhan-lai",
)
_DESK: Final = (
    "",
    "/san-pham",
    "/lo",
    "/lo?xem=tat-ca",
    "/lo/nhap",
    "/don",
    "/don?q=khong-co-ai",
    "/don?nhom=cho-xac-nhan",
    "/don?nhom=da-huy",
    "/chung-nhan",
    "/tien",
    "/doanh-thu",
    "/doanh-thu?tu=2020-01&den=2020-02",
    "/doanh-thu?tu=sai",
    "/doanh-thu/don",
    "/cai-dat",
    "/nhom",
    "/tai-khoan-ngan-hang",
    "/tai-khoan-ngan-hang/moi",
    "/khieu-nai",
    "/uy-quyen",
    "/uy-quyen/moi",
    "/don-vi",
    "/giu-hen",
    "/giu-hen?hen=xac-nhan",
    "/giu-hen/giao-hang",
    "/giu-hen/giao-hang?hen=nhan-du",
    "/du-bao",
    "/so-lieu-nam",
    "/so-lieu-nam/2025",
    "/thanh-vien",
    "/thanh-vien?xem=da-ra",
    "/thanh-vien?q=khong-co-ai",
    "/thanh-vien/moi",
    "/thanh-vien/nhap",
    "/thua-dat",
    "/thua-dat/moi",
    "/thua-dat/nhap",
    "/vung-trong",
    "/vung-trong/moi",
    "/von-gop",
)
_BUYING: Final = (
    "",
    "/nguon-hang",
    "/nguon-hang?tinh=66&toi=Binh+Duong&xep=gan",
    "/nguon-hang?q=khong+co+gi&tinh=01",
    "/nguon-hang?tan=sai&vung=xu+dau",
    "/nguon-hang/da-luu",
    "/thanh-toan",
    "/han-muc",
    "/hang-hop-dong",
)
_SIGNING: Final = ("ky", "duyet", "don-mua")
_OPERATOR: Final = (
    "/van-hanh",
    "/van-hanh/sao-ke",
    "/van-hanh/sao-ke?q=khong-co-gi",
    "/van-hanh/thanh-toan",
    "/van-hanh/thanh-toan?tinh-trang=underpaid",
    "/van-hanh/hoan-tien",
    "/van-hanh/hoan-tien?tinh-trang=sent",
    "/van-hanh/cod",
    "/van-hanh/cod?tinh-trang=remitted",
    "/van-hanh/chi-tra",
)
_ALLIANCE: Final = (
    "/lien-minh",
    "/lien-minh/ho-so",
    "/lien-minh/ho-so?tinh-trang=returned",
    "/lien-minh/ho-so?tinh-trang=rejected",
    "/lien-minh/ho-so?loai=union&tinh=01",
    "/lien-minh/yeu-cau",
    "/lien-minh/gia-tham-chieu",
    "/lien-minh/to-chuc",
    "/lien-minh/to-chuc?q=khong-co-ai",
    "/lien-minh/cac-lien-minh",
    "/lien-minh/cac-lien-minh/moi",
    "/lien-minh/khieu-nai",
    "/lien-minh/giu-hen",
    "/lien-minh/so-lieu",
    "/lien-minh/chung-nhan",
    "/lien-minh/chung-nhan?trang-thai=da-xac-minh",
    "/lien-minh/chung-nhan?trang-thai=khong-chap-nhan",
    "/lien-minh/chung-nhan?trang-thai=het-hieu-luc",
    "/lam-thay",
)


@dataclass(frozen=True)
class Round:
    """What somebody looks at.

    Attributes:
        start: pages to which no link leads, and pages in other states: empty, filled, over.
        within: how the paths begin to which they follow links; others see the rest.
    """

    start: tuple[str, ...]
    within: tuple[str, ...] = ()


def rounds(world: World) -> Mapping[str, Round]:
    """What everybody looks at, by their field of `World`; `NOBODY` is a guest."""
    busy = tuple(f"/quay/{world.busy.code}{each}" for each in _DESK)
    idle = tuple(f"/quay/{world.idle}{each}" for each in _DESK)
    halted = (f"/quay/{world.halted}", f"/quay/{world.halted}/khieu-nai")
    union = (f"/quay/{world.union}/don-vi", f"/quay/{world.union}/hop-dong-chu-tri")
    statements = (
        f"/hop-dong/{world.company}/{world.stated}/doi-chieu",
        f"/hop-dong/{world.busy.code}/{world.stated}/doi-chieu",
        f"/hop-dong/{world.busy.code}/{world.stated}/giao-hang/{TO_PACK}/dong-goi",
        f"/hop-dong/{world.busy.code}/{world.stated}/giao-hang/{TO_SHIP}/gui",
        f"/hop-dong/{world.company}/{world.stated}/giao-hang/{TO_PACK}/doi-ngay",
        f"/hop-dong/{world.company}/{world.stated}/giao-hang/{ARRIVING}/nhan-hang",
        f"/hop-dong/{world.busy.code}/{world.stated}/giao-hang/{REJECTED}/tra-lai",
        f"/hop-dong/{world.busy.code}/{world.stated}/giao-hang/{REJECTED}/khieu-nai",
    )
    kept = f"/lien-minh/to-chuc/{world.busy.code}/giu-hen/giao-hang"
    company = tuple(
        f"/mua-hang/{world.company}{each}"
        for each in (
            *_BUYING,
            f"/yeu-cau/{world.draft}/dang",
            f"/yeu-cau/{world.opened}/bao-gia",
            f"/yeu-cau/{world.opened}/chon",
        )
    )
    billing = tuple(
        f"/hop-dong/{world.company}/{world.billed}/{step}"
        for step in ("hoa-don", f"hoa-don/{world.invoice}", f"tra/{world.due}")
    )
    signing = (
        f"/hop-dong/{world.busy.code}/{world.contract}/ky",
        *(f"/hop-dong/{world.company}/{world.contract}/{step}" for step in _SIGNING),
        *(
            f"/hop-dong/{world.company}{step}"
            for step in ("", "/moi", f"/moi?ben={world.busy.code}", f"/{world.contract}")
        ),
        f"/hop-dong/{world.company}/{world.contract}/ban/1",
        f"/hop-dong/{world.busy.code}",
    )
    shop = tuple(
        each.format(
            slug=world.busy.slug,
            busy=world.busy.code,
            idle_slug=world.idle.lower(),
            halted_slug=world.halted.lower(),
        )
        for each in _SHOP
    )
    desk = (f"/quay/{world.busy.code}/don/", f"/quay/{world.busy.code}/lo/")
    return {
        NOBODY: Round((*shop, *_DOORS, *world.orders, *world.applications, "/ui"), within=("/",)),
        "newcomer": Round(_SELF),
        "careful": Round(("/dang-nhap/ma",), within=()),
        "buyer": Round(("/tai-khoan", "/gio-hang", "/dat-hang"), within=("/don-hang",)),
        "director": Round(
            ("/quay", *busy, *idle, *halted, *union, *company, *signing, *billing, *statements),
            within=("/quay", "/mua-hang", "/hop-dong"),
        ),
        "sales": Round(busy[:2], within=desk),
        "warehouse": Round((busy[0], busy[2], busy[5]), within=desk),
        "accountant": Round((busy[0], busy[1], busy[2], busy[5], *busy[9:12]), within=desk),
        "officer": Round((*_ALLIANCE, kept), within=("/lien-minh",)),
        "operator": Round(_OPERATOR, within=("/van-hanh",)),
    }
