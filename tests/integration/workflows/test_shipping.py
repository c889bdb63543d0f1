"""Packing lots for a contract, with what they must claim, and sending them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError as TableSaysNoError
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.balances import balance_left
from marketplace.contracts.deliveries.errors import (
    CarrierUnknownError,
    ContractNotRunningError,
    GradeUnknownError,
    LotsRefusedError,
    NoGramsError,
    NothingPackedError,
    OverDeliveryError,
    OverVolumeError,
)
from marketplace.contracts.deliveries.rules import Packing
from marketplace.inventory.errors import LotsShortError
from marketplace.inventory.queries import imbalances, stock_of_lots
from marketplace.kernel.states import NotAllowedError
from marketplace.platform.database import session
from marketplace.workflows import shipping
from models.accounts import Organisation, OrganisationKind, Role
from models.catalogue import Product
from models.contracts import Contract, ContractState
from models.deliveries import DeliveryLine, DeliveryState
from models.inventory import StockMovement
from models.notifications import Message
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    graded_terms,
    some_terms,
)
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


def confirmed(contract=None, **values):
    contract = contract or ContractFactory(**values)
    return DeliveryFactory(contract=contract, state=DeliveryState.CONFIRMED, confirmed_at=MONDAY)


def contract_of(delivery):
    return session.get_one(Contract, delivery.contract_id)


def product_of(delivery):
    return session.get_one(Product, contract_of(delivery).product_id)


def seller_of(delivery, role=Role.WAREHOUSE):
    return member_of(session.get_one(Organisation, contract_of(delivery).seller_id), role)


def lot_of(delivery, grams=5 * TONNE, **values):
    product = product_of(delivery)
    organisation = session.get_one(Organisation, product.organisation_id)
    return LotFactory(product=product, organisation=organisation, stock=grams, **values)


def pack(delivery, *packing, actor=None):
    return shipping.pack_delivery(
        actor=actor or seller_of(delivery), delivery_id=delivery.id, packing=packing, at=MONDAY
    )


def ship(delivery, **changes):
    arguments = {
        "actor": seller_of(delivery),
        "delivery_id": delivery.id,
        "carrier": "Vận tải Tây Nguyên",
        "vehicle": "47C-123.45",
        "handed_by": "Y Thu",
        "at": MONDAY,
    }
    return shipping.ship_delivery(**arguments | changes)


class TestProposal:
    def test_first_expired_first(self):
        delivery = confirmed()
        late = lot_of(delivery, 2 * TONNE, best_before_on=None)
        young = lot_of(delivery, 2 * TONNE, harvested_on=date(2026, 10, 20))
        old = lot_of(delivery, 2 * TONNE, harvested_on=date(2026, 10, 2))
        soon = lot_of(delivery, 2 * TONNE, best_before_on=date(2026, 12, 1))
        lot_of(delivery, TONNE, best_before_on=date(2026, 11, 1))

        found = shipping.propose_packing(contract_of(delivery), delivery, at=MONDAY)

        assert [each.lot_id for each in found] == [soon.id, old.id, young.id, late.id]
        assert [each.proposed_g for each in found] == [2 * TONNE, 2 * TONNE, TONNE, 0]

    def test_what_is_held_for_buyers_is_not_proposed(self):
        delivery = confirmed()
        lot_of(delivery, TONNE, stock__held_g=400_000)

        [only] = shipping.propose_packing(contract_of(delivery), delivery, at=MONDAY)

        assert only.free_g == only.proposed_g == 600_000

    def test_refused_lots_say_why_and_get_nothing(self):
        contract = ContractFactory(says=some_terms(schemes=("VIETGAP_CROP",)))
        delivery = confirmed(contract)
        plain = lot_of(delivery)
        certified = lot_of(delivery, certificates=[CertificateFactory()])
        revoked = lot_of(delivery, certificates=[CertificateFactory(revoked=True)])

        found = shipping.propose_packing(contract, delivery, at=MONDAY)
        by_lot = {each.lot_id: each for each in found}

        assert by_lot[certified.id].reasons == ()
        assert by_lot[certified.id].certificates == ("VietGAP",)
        assert by_lot[certified.id].proposed_g == 5 * TONNE
        assert by_lot[plain.id].proposed_g == by_lot[revoked.id].proposed_g == 0
        assert by_lot[plain.id].reasons == (
            (shipping.UNCERTIFIED, {"scheme": "VietGAP", "day": "12/10/2026"}),
        )
        assert by_lot[revoked.id].reasons == ((shipping.REVOKED, {"scheme": "VietGAP"}),)


class TestPack:
    def test_lots_leave_the_store_and_stand_on_the_lines(self):
        delivery = confirmed()
        first = lot_of(delivery, 4 * TONNE, certificates=[CertificateFactory()])
        second = lot_of(delivery, 4 * TONNE)

        assert pack(delivery, Packing(second.id, TONNE), Packing(first.id, 4 * TONNE))

        lines = session.scalars(select(DeliveryLine).order_by(DeliveryLine.lot_id)).all()
        assert [(line.lot_code, line.shipped_g) for line in lines] == [
            (first.code, 4 * TONNE),
            (second.code, TONNE),
        ]
        assert [each["label_vi"] for each in lines[0].certificates] == ["VietGAP"]
        assert lines[1].certificates == []
        assert lines[0].harvested_on == first.harvested_on
        assert lines[0].category_id == product_of(delivery).category_id
        stock = stock_of_lots([first.id, second.id])
        assert (stock[first.id].on_hand_g, stock[second.id].on_hand_g) == (0, 3 * TONNE)
        refs = session.scalars(select(StockMovement.ref).where(StockMovement.kind == "sold")).all()
        assert sorted(refs) == sorted(f"delivery:{line.id}" for line in lines)
        assert (delivery.state, delivery.packed_at) == (DeliveryState.PACKED, MONDAY)
        assert imbalances() == []

    def test_twice_is_once(self):
        delivery = confirmed()
        lot = lot_of(delivery)

        assert pack(delivery, Packing(lot.id, TONNE))
        assert not pack(delivery, Packing(lot.id, TONNE))

        assert stock_of_lots([lot.id])[lot.id].on_hand_g == 4 * TONNE

    def test_the_tolerance_of_a_delivery_is_exact(self):
        delivery = confirmed()
        lot = lot_of(delivery, 6 * TONNE)

        with pytest.raises(OverDeliveryError):
            pack(delivery, Packing(lot.id, 5_250_001))
        assert pack(delivery, Packing(lot.id, 5_250_000))

    def test_the_tolerance_of_the_contract_is_exact(self):
        contract = ContractFactory()
        DeliveryFactory(contract=contract, planned_g=15_800_000)
        delivery = confirmed(contract)
        lot = lot_of(delivery, 6 * TONNE)
        assert balance_left(contract.id, terms_in(contract), without=delivery.id).room_g == (
            5_200_000
        )

        with pytest.raises(OverVolumeError):
            pack(delivery, Packing(lot.id, 5_200_001))
        assert pack(delivery, Packing(lot.id, 5_200_000))

    def test_less_than_planned_may_be_packed(self):
        delivery = confirmed()

        assert pack(delivery, Packing(lot_of(delivery).id, 1))

    def test_a_lot_without_the_certificate_is_refused_with_the_reason(self):
        delivery = confirmed(ContractFactory(says=some_terms(schemes=("VIETGAP_CROP", "ORGANIC_VN"))))
        good = lot_of(
            delivery,
            certificates=[CertificateFactory(), CertificateFactory(scheme_code="ORGANIC_VN")],
        )
        half = lot_of(delivery, certificates=[CertificateFactory()])

        with pytest.raises(LotsRefusedError) as refused:
            pack(delivery, Packing(good.id, TONNE), Packing(half.id, TONNE))

        assert list(refused.value.reasons) == [half.id]
        [(sentence, values)] = refused.value.reasons[half.id]
        assert sentence == shipping.UNCERTIFIED
        assert values["day"] == "12/10/2026"
        assert refused.value.details["lots"] == half.code

    def test_a_certificate_over_by_now_still_speaks_for_its_harvests(self):
        delivery = confirmed(ContractFactory(says=some_terms(schemes=("VIETGAP_CROP",))))
        over = CertificateFactory(
            valid_from=date(2026, 1, 1), valid_to=date(2026, 10, 31), state="expired"
        )
        before = lot_of(delivery, certificates=[over])
        after = lot_of(
            delivery, certificates=[over], harvested_on=date(2026, 11, 1), packed_on=None
        )

        with pytest.raises(LotsRefusedError):
            pack(delivery, Packing(after.id, TONNE))
        assert pack(delivery, Packing(before.id, TONNE))

    def test_strange_and_spoilt_lots_are_refused(self):
        delivery = confirmed()
        other = LotFactory(product=ProductFactory())
        spoilt = lot_of(delivery, best_before_on=date(2026, 11, 1))

        with pytest.raises(LotsRefusedError) as refused:
            pack(delivery, Packing(other.id, 1), Packing(spoilt.id, 1), Packing(0, 1))

        assert refused.value.reasons[other.id] == ((shipping.FOREIGN, {}),)
        assert refused.value.reasons[0] == ((shipping.FOREIGN, {}),)
        assert refused.value.reasons[spoilt.id] == ((shipping.OVER, {"day": "01/11/2026"}),)

    def test_what_is_held_for_buyers_does_not_leave(self):
        delivery = confirmed()
        lot = lot_of(delivery, TONNE, stock__held_g=1)

        with pytest.raises(LotsShortError) as refused:
            pack(delivery, Packing(lot.id, TONNE))
        assert refused.value.lot_ids == (lot.id,)

    def test_grades_are_those_of_the_contract(self):
        delivery = confirmed(ContractFactory(says=graded_terms()))
        lot = lot_of(delivery)

        for grade in ("", "R3"):
            with pytest.raises(GradeUnknownError):
                pack(delivery, Packing(lot.id, TONNE, grade))
        assert pack(delivery, Packing(lot.id, TONNE, "R2"))
        assert session.scalar(select(DeliveryLine.grade)) == "R2"

    def test_nothing_is_no_packing(self):
        delivery = confirmed()

        with pytest.raises(NothingPackedError):
            pack(delivery)
        with pytest.raises(NoGramsError):
            pack(delivery, Packing(lot_of(delivery).id, 0))

    def test_only_what_is_confirmed(self):
        delivery = DeliveryFactory()

        with pytest.raises(NotAllowedError):
            pack(delivery, Packing(lot_of(delivery).id, 1))

    def test_only_while_the_contract_runs(self):
        delivery = confirmed()
        contract = contract_of(delivery)
        contract.state, contract.ended_at = ContractState.TERMINATED, MONDAY
        session.flush()

        with pytest.raises(ContractNotRunningError):
            pack(delivery, Packing(lot_of(delivery).id, 1))

    def test_by_nobody_else(self):
        delivery = confirmed()
        lot = lot_of(delivery)
        buyer = session.get_one(Organisation, contract_of(delivery).buyer_id)
        stranger = OrganisationFactory(kind=OrganisationKind.COOPERATIVE)

        for actor in (
            member_of(buyer),
            member_of(stranger),
            seller_of(delivery, Role.ACCOUNTANT),
        ):
            with pytest.raises(TableSaysNoError):
                pack(delivery, Packing(lot.id, 1), actor=actor)
        assert session.scalars(select(DeliveryLine)).all() == []
        assert stock_of_lots([lot.id])[lot.id].on_hand_g == 5 * TONNE


class TestUnpack:
    def test_the_same_goods_come_back_and_may_be_packed_anew(self):
        delivery = confirmed()
        lot = lot_of(delivery)
        for _again in range(2):
            pack(delivery, Packing(lot.id, 3 * TONNE))
            arguments = {"actor": seller_of(delivery), "delivery_id": delivery.id, "at": MONDAY}

            assert shipping.unpack_delivery(**arguments)
            assert not shipping.unpack_delivery(**arguments)

            assert stock_of_lots([lot.id])[lot.id].on_hand_g == 5 * TONNE
            assert session.scalars(select(DeliveryLine)).all() == []
            assert (delivery.state, delivery.packed_at) == (DeliveryState.CONFIRMED, None)
        assert imbalances() == []

    def test_not_after_shipping(self):
        delivery = confirmed()
        pack(delivery, Packing(lot_of(delivery).id, TONNE))
        ship(delivery)

        with pytest.raises(NotAllowedError):
            shipping.unpack_delivery(actor=seller_of(delivery), delivery_id=delivery.id, at=MONDAY)

    def test_the_end_of_a_contract_brings_packed_goods_back(self):
        contract = ContractFactory()
        packed, open_one = confirmed(contract), DeliveryFactory(contract=contract)
        under_way = DeliveryFactory(contract=contract, shipped=True)
        lot = lot_of(packed)
        pack(packed, Packing(lot.id, TONNE))
        buyer = member_of(session.get_one(Organisation, contract.buyer_id))

        assert (
            shipping.end_deliveries(actor=buyer, contract=contract, reason="Chấm dứt", at=MONDAY)
            == 2
        )

        assert {packed.state, open_one.state} == {DeliveryState.CANCELLED}
        assert under_way.state == DeliveryState.SHIPPED
        assert stock_of_lots([lot.id])[lot.id].on_hand_g == 5 * TONNE
        assert imbalances() == []


class TestShip:
    @pytest.fixture
    def packed(self):
        delivery = confirmed()
        pack(delivery, Packing(lot_of(delivery).id, 5 * TONNE))
        return delivery

    def test_the_clock_begins(self, packed):
        assert ship(packed)
        assert not ship(packed, at=MONDAY + timedelta(hours=1))

        assert packed.state == DeliveryState.SHIPPED
        assert packed.shipped_at == MONDAY
        assert packed.accept_by_at == MONDAY + timedelta(hours=48)
        assert (packed.carrier, packed.vehicle, packed.handed_by) == (
            "Vận tải Tây Nguyên",
            "47C-123.45",
            "Y Thu",
        )

    def test_the_buyer_is_told_once(self, packed):
        buyer = session.get_one(Organisation, contract_of(packed).buyer_id)
        person = MembershipFactory(organisation=buyer, role=Role.BUYER).user
        MembershipFactory(organisation=buyer, role=Role.ACCOUNTANT)

        ship(packed)
        ship(packed)

        [message] = session.scalars(select(Message)).all()
        assert message.recipient == person.email
        assert packed.number in message.subject
        assert "47C-123.45" in message.body_text
        assert "16:00" in message.body_text
        assert "/hop-dong/" in message.body_text

    @pytest.mark.parametrize("field", ["carrier", "vehicle", "handed_by"])
    def test_every_name_is_needed(self, packed, field):
        with pytest.raises(CarrierUnknownError) as refused:
            ship(packed, **{field: " "})
        assert refused.value.details["field"] == field

    def test_only_what_is_packed(self):
        with pytest.raises(NotAllowedError):
            ship(confirmed())

    def test_by_nobody_else(self, packed):
        buyer = session.get_one(Organisation, contract_of(packed).buyer_id)

        with pytest.raises(TableSaysNoError):
            ship(packed, actor=member_of(buyer))
