"""The desks on which trust is decided, filled as they will be for a whole nation."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.accounts import Role

P95_MS = 60


@dataclass(frozen=True)
class Desk:
    """A list that one person reads; `code` and `role` say whose it is.

    Attributes:
        most_ms: what nineteen of twenty pages may take; None where there is no goal.
    """

    name: str
    paths: Sequence[str]
    code: str
    role: Role
    most_ms: float | None = P95_MS


SOURCING = Desk(
    "sourcing search, 30,000 cooperatives × 12 months",
    [
        "/mua-hang/BDN/nguon-hang",
        "/mua-hang/BDN/nguon-hang?trang=900",
        "/mua-hang/BDN/nguon-hang?toi=B%C3%ACnh+D%C6%B0%C6%A1ng&xep=gan&kg=100000",
        "/mua-hang/BDN/nguon-hang?chuan=VIETGAP_CROP&hang=lo%E1%BA%A1i+1",
        "/mua-hang/BDN/nguon-hang?q=ca+phe&tinh=66&tinh=68&noi=chua",
        "/mua-hang/BDN/nguon-hang?q=khong+co+gi&tinh=01",
    ],
    "BDN",
    Role.BUYER,
)

DESKS = (
    Desk(
        "national list, 30,000 organisations",
        [
            "/lien-minh/to-chuc",
            "/lien-minh/to-chuc?trang=700",
            "/lien-minh/to-chuc?tinh=66&tinh-trang=pending",
            "/lien-minh/to-chuc?q=an+binh",
            "/lien-minh/to-chuc?q=h%C3%B2a&loai=union",
        ],
        "BLM",
        Role.OFFICER,
    ),
    Desk(
        "the same, as a province reads it",
        [
            "/lien-minh/to-chuc",
            "/lien-minh/to-chuc?trang=60",
            "/lien-minh/to-chuc?tinh-trang=pending",
            "/lien-minh/to-chuc?q=an+binh",
            "/lien-minh/chung-nhan",
            "/lien-minh/ho-so",
        ],
        "BLM66",
        Role.OFFICER,
    ),
    Desk(
        "queue of 5,000 applications",
        [
            "/lien-minh/ho-so",
            "/lien-minh/ho-so?trang=200",
            "/lien-minh/ho-so?tinh=66",
            "/lien-minh/ho-so?loai=group",
        ],
        "BLM",
        Role.OFFICER,
    ),
    Desk(
        "figures of three years, 30,000 organisations",
        ["/lien-minh/so-lieu", "/lien-minh/so-lieu?nam=2024", "/lien-minh/so-lieu?tinh=66"],
        "BLM",
        Role.OFFICER,
        None,
    ),
    Desk(
        "whom to remind, of 30,000 organisations",
        ["/lien-minh/giu-hen", "/lien-minh/giu-hen?trang=20"],
        "BLM",
        Role.OFFICER,
    ),
    Desk(
        "register of 10,000 households",
        [
            "/quay/B1/thanh-vien",
            "/quay/B1/thanh-vien?sau=H07500",
            "/quay/B1/thanh-vien?q=nguyen+van+an",
            "/quay/B1/thanh-vien?q=H00123",
        ],
        "B1",
        Role.DIRECTOR,
    ),
    Desk("supply book of 50 products, 24 months", ["/quay/B1/du-bao"], "B1", Role.DIRECTOR),
    Desk(
        "statement of a contract, 200 deliveries",
        ["/hop-dong/BDN/HDB-00001/doi-chieu"],
        "BDN",
        Role.BUYER,
    ),
    SOURCING,
)
