"""What the catering company has agreed with cooperatives, as content: terms, days, what arrived."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from marketplace.contracts.terms import (
    Breach,
    Calling,
    Grade,
    InspectionPlace,
    Limit,
    Payment,
    Price,
    Stage,
)

TONNE: Final = 1_000_000
LATE, ON_TIME = 3, 0
"""By how many days after the last one that was agreed goods arrive."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One delivery: `days` from the present, so many kilograms, and what became of it.

    Attributes:
        days: The last day, counted from the present; what lies ahead is only planned.
        kilograms: How much was agreed.
        sent: How much was packed, if it was another amount.
        short: How much was missing at unloading.
        rejected: How much was sent back, with `reason`.
        grade: What it was taken as.
        moisture: Per cent at unloading.
        late: By how many days.
        is_paid: Whether what it costs has come in.
    """

    days: int
    kilograms: int
    sent: int | None = None
    short: int = 0
    rejected: int = 0
    reason: str = ""
    grade: str = ""
    moisture: str | None = None
    late: int = ON_TIME
    is_paid: bool = True


@dataclass(frozen=True, slots=True)
class Deal:
    """A contract: whose goods, on which terms, with which deliveries.

    Attributes:
        seller: Who sells; `crop` which of its products.
        title: What the contract is called.
        signed: How many days ago both signed; None: it is still negotiated.
        price: How a kilogram is priced.
        comings: The deliveries.
        more: Other terms.
        grade: What is packed, where there are grades.
        leader: The union that quoted for the seller.
    """

    seller: str
    crop: str
    title: str
    signed: int | None
    price: Price
    comings: tuple[Coming, ...]
    more: Mapping[str, Any] = field(default_factory=dict)
    grade: str = ""
    leader: str = ""


RICE: Final[Mapping[str, Any]] = {
    "packing": "Bao PP 50 kg có lót, in ngày xay và mã lô",
    "tolerance_bps": 500,
    "limits": (
        Limit("Độ ẩm", "at_most", Decimal(14), "%"),
        Limit("Tấm", "at_most", Decimal(5), "%"),
    ),
    "stages": (Stage.PRODUCTION, Stage.PROCESSING, Stage.SALE),
    "payment": Payment(
        stages=((7_000, 7), (3_000, 30)), deposit_minor=20_000_000, deposit_bps=3_000
    ),
    "breach": Breach(late_bps_per_day=50, short_bps=500, cap_bps=800),
}
DEALS: Final = (
    Deal(
        seller="HUNGLOI",
        crop="gao-st25-lua-tom",
        title="Gạo ST25 cho bếp ăn, liên hiệp Mê Kông",
        signed=104,
        price=Price(27_400),
        comings=(
            Coming(-75, 3_000),
            Coming(-45, 3_000, late=LATE),
            Coming(-14, 3_000, short=60, reason="Thiếu hơn một bao so với phiếu giao"),
            Coming(16, 3_000),
            Coming(47, 3_000),
        ),
        more={**RICE, "schemes": ("VIETGAP_CROP",)},
        leader="LHMEKONG",
    ),
    Deal(
        seller="THAPMUOI",
        crop="gao-st25-thap-muoi",
        title="Gạo ST25 cho bếp ăn, liên hiệp Mê Kông",
        signed=103,
        price=Price(27_400),
        comings=(
            Coming(-60, 2_000),
            Coming(-30, 2_000),
            Coming(2, 2_000),
            Coming(32, 2_000),
        ),
        more={**RICE, "payment": Payment(stages=((10_000, 15),))},
        leader="LHMEKONG",
    ),
    Deal(
        seller="TRITON",
        crop="gao-st25-tri-ton",
        title="Gạo ST25 cho bếp ăn, liên hiệp Mê Kông",
        signed=103,
        price=Price(27_400),
        comings=(Coming(-52, 1_500), Coming(-22, 1_500, is_paid=False), Coming(9, 1_500)),
        more={**RICE, "payment": Payment(stages=((10_000, 30),))},
        leader="LHMEKONG",
    ),
    Deal(
        seller="CUMGAR",
        crop="ca-phe-nhan-robusta-s18",
        title="Cà phê nhân Robusta sàng 18, vụ 2025–2026",
        signed=96,
        price=Price(
            118_000,
            reference_code="robusta",
            premium_minor=4_500,
            floor_minor=95_000,
            ceiling_minor=140_000,
            standard_moisture=Decimal("12.5"),
        ),
        comings=(
            Coming(-68, 2_000, grade="R1", moisture="12.5"),
            Coming(-40, 2_000, grade="R1", moisture="13.2"),
            Coming(
                -12, 2_000, grade="R2", moisture="12.8", reason="Sàng 18 chỉ đạt 84 %, nhận loại 2"
            ),
            Coming(18, 2_000),
            Coming(46, 2_000),
        ),
        more={
            "schemes": ("C4",),
            "grades": (Grade("R1", "Sàng 18 từ 90 %"), Grade("R2", "Sàng 18 từ 80 %", -3_500)),
            "limits": (Limit("Hạt đen, vỡ", "at_most", Decimal(2), "%"),),
            "packing": "Bao đay 60 kg có lót GrainPro",
            "tolerance_bps": 300,
            "inspection": InspectionPlace.YARD,
            "inspector": "Hai bên cùng lấy mẫu, đo ẩm tại kho Ea Tar",
            "payment": Payment(stages=((9_000, 10), (1_000, 45))),
            "breach": Breach(late_bps_per_day=30, cap_bps=800),
        },
        grade="R1",
    ),
    Deal(
        seller="BENLUC",
        crop="thanh-long-ruot-do-tam-vu",
        title="Thanh long ruột đỏ theo tuần",
        signed=61,
        price=Price(24_500),
        comings=(
            Coming(-46, 800),
            Coming(-32, 800),
            Coming(
                -18,
                800,
                rejected=260,
                reason="Tai héo, 13 sọt chín quá, không để được đến cuối tuần",
            ),
            Coming(-4, 800, is_paid=False),
            Coming(10, 800),
            Coming(24, 800),
        ),
        more={
            "schemes": ("PUC_EXPORT",),
            "limits": (Limit("Khối lượng quả", "at_least", Decimal(350), "g"),),
            "packing": "Sọt nhựa 20 kg, lót giấy",
            "tolerance_bps": 1_000,
            "accept_hours": 24,
            "payment": Payment(stages=((10_000, 7),), retention_bps=500, retention_days=20),
            "breach": Breach(short_bps=300, cap_bps=800, bonus_bps=100),
        },
    ),
    Deal(
        seller="LANGBIANG",
        crop="ca-chua-don-duong",
        title="Cà chua theo lệnh gọi hàng, quý tới",
        signed=None,
        price=Price(19_000),
        comings=(Coming(25, 3_000), Coming(55, 3_000)),
        more={"calling": Calling.CALL_OFF, "tolerance_bps": 500},
    ),
)
"""Four that run, one of them of a union of three, and one that is negotiated."""
