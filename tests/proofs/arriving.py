"""Deliveries of the small market: underway, disputed, and with goods that come back."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from models.contracts import Contract, ContractSide
from models.deliveries import (
    Delivery,
    DeliveryDispute,
    DeliveryLine,
    DeliveryReturn,
    DeliveryState,
    ReturnState,
)
from models.traceability import Lot
from tests.factories.contracts import DeliveryFactory, DeliveryLineFactory
from tests.proofs.charging import Charges, charges_of

OF_ARRIVALS: Final = frozenset(
    {
        "contracts.show_arrival",
        "contracts.accept_arrival",
        "contracts.show_photo",
        "contracts.show_disputes",
        "contracts.open_dispute",
        "contracts.settle_dispute",
        "contracts.show_returns",
        "contracts.receive_return",
        "contracts.write_off_return",
    }
)
"""What is about a delivery that arrives."""

GRAMS = 3_000
REJECTED = 1_000


@dataclass
class Arrivals:
    """What is brought under a contract.

    Attributes:
        underway: the buyer is to say what arrived; `line` is what it brings.
        disputed: underway, too; the buyer does not agree.
        rejected: a part was not taken; `back` is that part's line, with a photo.
    """

    contract: Contract
    underway: Delivery
    line: DeliveryLine
    disputed: Delivery
    rejected: Delivery
    back: DeliveryLine
    charges: Charges
    """What another delivery under the same contract costs."""

    def values(self, endpoint: str) -> dict[str, object]:
        """The parameters of the endpoints of what arrives, but whose desk it is."""
        of_return = {"contracts.show_photo", "contracts.show_returns"}
        of_return |= {"contracts.receive_return", "contracts.write_off_return"}
        delivery = self.underway
        if endpoint in of_return:
            delivery = self.rejected
        if endpoint == "contracts.settle_dispute":
            delivery = self.disputed
        return {
            "number": self.contract.number,
            "delivery": delivery.number,
            "line_id": self.back.id,
            "photo_id": self.back.photo_id,
        }

    def form(self) -> dict[str, str]:
        """What the form at unloading sends when all is well."""
        return {
            "arrived_on": business_day(now()).isoformat(),
            "handed_by": "Y Bhăm",
            "received_by": "Lê Văn Kho",
            f"outcome_{self.line.id}": "full",
        }


def arrivals_of(contract: Contract, lot: Lot, *, photo_id: int, person_id: int) -> Arrivals:
    """Three deliveries of a contract that runs, each of the same lot."""
    at = now()
    underway, disputed, rejected = (
        DeliveryFactory(
            contract=contract,
            state=DeliveryState.SHIPPED,
            shipped_at=at,
            accept_by_at=at + timedelta(hours=48),
            due_on=business_day(at),
            due_from=business_day(at),
        )
        for _ in range(3)
    )
    line = DeliveryLineFactory(delivery=underway, lot=lot, shipped_g=GRAMS)
    DeliveryLineFactory(delivery=disputed, lot=lot, shipped_g=GRAMS)
    disputed.dispute_open = True
    disputes = [
        DeliveryDispute(
            delivery_id=delivery.id,
            side=side,
            text="chưa đồng ý",
            opened_at=at,
            opened_by_id=person_id,
            resolution="đã cân lại",
            resolved_at=at,
            resolved_by_id=person_id,
        )
        for delivery, side in ((disputed, ContractSide.BUYER), (rejected, ContractSide.SELLER))
    ]
    session.add_all(disputes)
    session.flush()
    # Only afterwards: every text that is added gets a marker, and this one must have none.
    disputes[0].resolution, disputes[0].resolved_at = "", None
    back = DeliveryLineFactory(
        delivery=rejected,
        lot=lot,
        shipped_g=GRAMS,
        accepted_g=GRAMS - REJECTED,
        rejected_g=REJECTED,
        reason="bao mốc",
        photo_id=photo_id,
    )
    rejected.state, rejected.accepted_at = DeliveryState.ACCEPTED, at
    rejected.arrived_on = business_day(at)
    session.add(
        DeliveryReturn(line_id=back.id, grams=REJECTED, state=ReturnState.EXPECTED, created_at=at)
    )
    session.flush()
    charges = charges_of(contract, lot)
    return Arrivals(contract, underway, line, disputed, rejected, back, charges)
