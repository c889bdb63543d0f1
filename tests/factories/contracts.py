"""Contracts and their deliveries."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import factory

from marketplace.contracts.terms import (
    Grade,
    Party,
    Place,
    Planned,
    Price,
    Terms,
    document_of,
)
from marketplace.platform.database import session
from models.contracts import (
    Contract,
    ContractAgreement,
    ContractOrigin,
    ContractSide,
    ContractState,
    ContractVersion,
)
from models.deliveries import Delivery, DeliveryLine, DeliveryOrigin, DeliveryState
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.factories.catalogue import ProductFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY

PLACE = Place("79", None, "Kho số 4, đường Nguyễn Duy Trinh")
TONNE = 1_000_000
FIRST_DAY, LAST_DAY = date(2026, 11, 1), date(2027, 4, 30)


def planned(due_on: date, tonnes: int = 5) -> Planned:
    """A delivery of so many tonnes within the week that ends on a day."""
    return Planned(due_on - timedelta(days=6), due_on, tonnes * TONNE, PLACE)


def some_terms(**changes: Any) -> Terms:
    """Terms for 20 t of robusta in four deliveries, 5 t each, at 120,000 đồng a kilogram."""
    days = [date(2026, 11, 20), date(2026, 12, 20), date(2027, 1, 20), date(2027, 2, 20)]
    base: dict[str, Any] = {
        "title": "Cà phê Robusta nhân xanh vụ 2026–2027",
        "buyer": Party("Công ty Rang xay Phương Nam", "0301234560", "Thành phố Hồ Chí Minh"),
        "seller": Party("HTX Nông nghiệp Cư M'gar", "6001234567", "Đắk Lắk"),
        "product_id": 1,
        "product_vi": "Cà phê Robusta nhân xanh",
        "product_en": "Green robusta coffee",
        "total_g": 20 * TONNE,
        "price": Price(120_000),
        "starts_on": FIRST_DAY,
        "ends_on": LAST_DAY,
        "tolerance_bps": 500,
        "schedule": tuple(planned(day) for day in days),
    }
    return Terms(**base | changes)


def graded_terms(**changes: Any) -> Terms:
    """The same by grade and moisture: R1 at the price, R2 4,000 đồng less, at 12.5 %."""
    base: dict[str, Any] = {
        "price": Price(120_000, standard_moisture=Decimal("12.5")),
        "grades": (Grade("R1", "Loại 1"), Grade("R2", "Loại 2", -4_000)),
    }
    return some_terms(**base | changes)


class ContractFactory(Factory[Contract]):
    """A contract that both have signed and that runs. Its version 1 stands beside it.

    `draft=True`, `negotiating=True` (the seller's turn), `agreed=True`; `terms={…}` changes what
    `some_terms` says, `product` is the seller's.
    """

    class Meta:
        model = Contract

    class Params:
        draft = factory.Trait(
            state=ContractState.DRAFT, signed_version=None, signed_at=None, agreed_at=None
        )
        negotiating = factory.Trait(
            draft=True, state=ContractState.NEGOTIATING, turn=ContractSide.SELLER
        )
        agreed = factory.Trait(draft=True, state=ContractState.AGREED, agreed_at=MONDAY)
        buyer = factory.SubFactory(
            OrganisationFactory,
            enterprise=True,
            code=factory.Sequence("MUA{:04d}".format),
            short_name=factory.Sequence("Phương Nam {}".format),
        )
        product = factory.SubFactory(ProductFactory)
        created_by = factory.SubFactory(UserFactory)

    # No parameter, since the version needs it: taken out of the values in `_create`.
    says = factory.LazyAttribute(lambda made: some_terms(product_id=made.product.id))
    number = factory.Sequence(lambda n: f"HD261102-{n:05d}")
    state = ContractState.ACTIVE
    origin = ContractOrigin.OFFER
    buyer_id = factory.LazyAttribute(lambda made: made.buyer.id)
    seller_id = factory.LazyAttribute(lambda made: made.product.organisation_id)
    made_by_side = ContractSide.BUYER
    product_id = factory.LazyAttribute(lambda made: made.product.id)
    title = factory.LazyAttribute(lambda made: made.says.title)
    version = 1
    signed_version = 1
    turn = None
    currency = "VND"
    total_g = factory.LazyAttribute(lambda made: made.says.total_g)
    value_minor = factory.LazyAttribute(lambda made: made.says.value_minor)
    starts_on = factory.LazyAttribute(lambda made: made.says.starts_on)
    ends_on = factory.LazyAttribute(lambda made: made.says.ends_on)
    created_at = MONDAY - timedelta(days=10)
    created_by_id = factory.LazyAttribute(lambda made: made.created_by.id)
    agreed_at = MONDAY - timedelta(days=2)
    signed_at = MONDAY - timedelta(days=1)

    @classmethod
    def _create(cls, model_class: type[Contract], *args: Any, **values: Any) -> Contract:
        says: Terms = values.pop("says")
        contract = super()._create(model_class, *args, **values)
        session.add(
            ContractVersion(
                contract_id=contract.id,
                version=1,
                side=contract.made_by_side,
                terms=document_of(says),
                at=contract.created_at,
                by_id=contract.created_by_id,
            )
        )
        session.flush()
        if contract.agreed_at is not None:
            session.add_all(
                ContractAgreement(
                    contract_id=contract.id,
                    version=1,
                    side=side,
                    at=contract.agreed_at,
                    by_id=contract.created_by_id,
                )
                for side in ContractSide
            )
            session.flush()
        return contract


class DeliveryFactory(Factory[Delivery]):
    """A planned delivery of 5 t, due on 20 November 2026, of a running contract.

    `shipped=True`, `accepted=True`; lines are `DeliveryLineFactory`.
    """

    class Meta:
        model = Delivery

    class Params:
        shipped = factory.Trait(
            state=DeliveryState.SHIPPED,
            confirmed_at=MONDAY,
            packed_at=MONDAY,
            shipped_at=MONDAY,
            accept_by_at=MONDAY + timedelta(hours=48),
        )
        accepted = factory.Trait(
            shipped=True,
            state=DeliveryState.ACCEPTED,
            accepted_at=MONDAY + timedelta(hours=3),
            arrived_on=MONDAY.date(),
            received_by="Lê Văn Kho",
        )
        contract = factory.SubFactory(ContractFactory)

    number = factory.Sequence(lambda n: f"GH261102-{n:05d}")
    contract_id = factory.LazyAttribute(lambda made: made.contract.id)
    position = factory.Sequence(lambda n: n + 1)
    origin = DeliveryOrigin.SCHEDULE
    state = DeliveryState.PLANNED
    due_from = date(2026, 11, 14)
    due_on = date(2026, 11, 20)
    planned_g = 5 * TONNE
    province_code = "79"
    address = PLACE.address
    created_at = MONDAY - timedelta(days=1)
    created_by_id = factory.LazyAttribute(lambda made: made.contract.created_by_id)


class DeliveryLineFactory(Factory[DeliveryLine]):
    """5 t of a lot of the seller on its way; `accepted_g`, `short_g` … once it has arrived."""

    class Meta:
        model = DeliveryLine

    class Params:
        delivery = factory.SubFactory(DeliveryFactory, shipped=True)
        lot = factory.SubFactory(LotFactory)

    delivery_id = factory.LazyAttribute(lambda made: made.delivery.id)
    lot_id = factory.LazyAttribute(lambda made: made.lot.id)
    lot_code = factory.LazyAttribute(lambda made: made.lot.code)
    product_id = factory.LazyAttribute(lambda made: made.lot.product_id)
    category_id = factory.LazyAttribute(lambda made: made.lot.product.category_id)
    harvested_on = factory.LazyAttribute(lambda made: made.lot.harvested_on)
    best_before_on = factory.LazyAttribute(lambda made: made.lot.best_before_on)
    currency = "VND"
    shipped_g = 5 * TONNE
