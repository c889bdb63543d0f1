"""Recording lots and what happens to them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.traceability import errors
from marketplace.traceability.operations import NewEvent, add_event, add_photo, record_lot
from marketplace.traceability.rules import NewLot
from models.accounts import Role
from models.platform import AuditEvent
from models.traceability import EventKind, Lot, LotCertificate, LotEvent, LotPhoto
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import MediaFileFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


def new_lot(product, **changes):
    lot = NewLot(
        organisation_id=product.organisation_id,
        product_id=product.id,
        harvested_on=date(2026, 10, 28),
        packed_on=date(2026, 10, 30),
        best_before_on=date(2027, 4, 30),
        quantity_g=46_000,
    )
    return replace(lot, **changes)


def record(lot, product, role=Role.WAREHOUSE, at=MONDAY, **more):
    return record_lot(actor=member_of(product.organisation, role), lot=lot, at=at, **more)


class TestRecordLot:
    def test_gives_a_code_and_writes_down_harvest_and_packing(self, session):
        product = ProductFactory(organisation=OrganisationFactory(code="CUMGAR"))

        lot = record(new_lot(product, plot_name="Thửa 17"), product)

        events = session.scalars(select(LotEvent).order_by(LotEvent.id)).all()
        assert lot.code == "CUMGAR-2611-001"
        assert (lot.province_code, lot.plot_name, lot.quantity_g) == ("66", "Thửa 17", 46_000)
        assert [(event.kind, event.happened_on) for event in events] == [
            (EventKind.HARVESTED, date(2026, 10, 28)),
            (EventKind.PACKED, date(2026, 10, 30)),
        ]
        assert session.scalar(select(AuditEvent.action)) == "traceability.record_lot"

    def test_calls_the_first_day_by_what_the_goods_are(self, session):
        above = CategoryFactory(slug="thit-trung-sua")
        milk = ProductFactory(category=CategoryFactory(slug="sua", parent=above))

        record(new_lot(milk, packed_on=None), milk)

        [event] = session.scalars(select(LotEvent))
        assert (event.kind, event.title_vi, event.title_en) == (
            EventKind.HARVESTED,
            "Thu gom",
            "Collected",
        )

    def test_counts_up_within_an_organisation_and_a_month(self):
        organisation = OrganisationFactory(code="CUMGAR")
        product = ProductFactory(organisation=organisation)
        LotFactory(product=product, code="CUMGAR-2611-041")
        LotFactory(product=product, code="CUMGAR-2610-090")
        LotFactory(product=product, code="CUMGAR-2611-CU")

        assert record(new_lot(product), product).code == "CUMGAR-2611-042"
        assert record(new_lot(product), product).code == "CUMGAR-2611-043"

    def test_keeps_the_certificates_it_is_given(self, session):
        product = ProductFactory()
        certificate = CertificateFactory(organisation=product.organisation)

        lot = record(new_lot(product), product, certificate_ids=[certificate.id, certificate.id])

        [link] = session.scalars(select(LotCertificate))
        assert (link.lot_id, link.certificate_id) == (lot.id, certificate.id)

    def test_under_a_given_code_twice_is_once(self, session):
        product = ProductFactory()
        lot = new_lot(product, code="RANG-20-11")

        first, second = record(lot, product), record(lot, product)

        assert first is second
        assert session.scalar(select(func.count(Lot.id))) == 1
        assert session.scalar(select(func.count(LotEvent.id))) == 2

    def test_refuses_a_code_that_stands_for_another_lot(self, session):
        product = ProductFactory()
        record(new_lot(product, code="RANG-20-11"), product)

        with pytest.raises(errors.LotCodeTakenError):
            record(new_lot(product, code="RANG-20-11", quantity_g=1), product)

        assert session.scalar(select(func.count(Lot.id))) == 1

    def test_refuses_the_thousandth_lot_of_a_month(self):
        product = ProductFactory(organisation=OrganisationFactory(code="CUMGAR"))
        LotFactory(product=product, code="CUMGAR-2611-999")

        with pytest.raises(errors.LotCodesUsedUpError):
            record(new_lot(product), product)

    @pytest.mark.parametrize("role", [Role.SALES, Role.ACCOUNTANT])
    def test_is_refused_to_who_does_not_keep_the_store(self, session, role):
        product = ProductFactory()

        with pytest.raises(NotAllowedError):
            record(new_lot(product), product, role=role)

        assert session.scalar(select(func.count(Lot.id))) == 0

    def test_is_refused_for_a_product_of_somebody_else(self, session):
        product, other = ProductFactory(), ProductFactory()

        with pytest.raises(errors.ProductOfLotNotFoundError):
            record(new_lot(product, product_id=other.id), product)

        assert session.scalar(select(func.count(Lot.id))) == 0

    def test_refuses_what_is_not_harvested_yet(self, session):
        product = ProductFactory()

        with pytest.raises(errors.HarvestInFutureError):
            record(new_lot(product, harvested_on=date(2026, 11, 3), packed_on=None), product)

        assert session.scalar(select(func.count(Lot.id))) == 0


class TestAddEvent:
    def test_adds_once_what_was_done(self, session):
        lot = LotFactory()
        actor = member_of(lot.organisation, Role.WAREHOUSE)
        dried = NewEvent(lot.id, EventKind.DRIED, MONDAY_DAY, " Phơi giàn 14 ngày ", "Sun-dried")

        first = add_event(actor=actor, event=dried, at=MONDAY)
        second = add_event(actor=actor, event=dried, at=TUESDAY)

        assert first is second
        assert (first.title_vi, first.title_en, first.recorded_at) == (
            "Phơi giàn 14 ngày",
            "Sun-dried",
            MONDAY,
        )
        assert session.scalar(select(func.count(LotEvent.id))) == 1

    @pytest.mark.parametrize(
        ("event", "error"),
        [
            ({"title_vi": "  "}, errors.EventTitleMissingError),
            ({"happened_on": date(2026, 11, 3)}, errors.EventInFutureError),
        ],
    )
    def test_refuses_what_says_nothing_or_has_not_happened(self, session, event, error):
        lot = LotFactory()
        dried = NewEvent(lot.id, EventKind.DRIED, MONDAY_DAY, "Phơi giàn")

        with pytest.raises(error):
            add_event(actor=member_of(lot.organisation), event=replace(dried, **event), at=MONDAY)

        assert session.scalar(select(func.count(LotEvent.id))) == 0

    def test_does_not_know_the_lots_of_others(self, session):
        lot = LotFactory()
        dried = NewEvent(lot.id, EventKind.DRIED, MONDAY_DAY, "Phơi giàn")

        with pytest.raises(errors.LotNotFoundError):
            add_event(actor=member_of(OrganisationFactory()), event=dried, at=MONDAY)

        assert session.scalar(select(func.count(LotEvent.id))) == 0

    def test_is_refused_to_an_accountant(self, session):
        lot = LotFactory()
        dried = NewEvent(lot.id, EventKind.DRIED, MONDAY_DAY, "Phơi giàn")

        with pytest.raises(NotAllowedError):
            add_event(actor=member_of(lot.organisation, Role.ACCOUNTANT), event=dried, at=MONDAY)

        assert session.scalar(select(func.count(LotEvent.id))) == 0


class TestAddPhoto:
    def test_puts_new_ones_behind_and_the_same_only_once(self, session):
        lot = LotFactory()
        actor = member_of(lot.organisation)
        first, second = (MediaFileFactory(organisation_id=lot.organisation_id) for _ in "ab")

        for file in (first, second, first):
            add_photo(actor=actor, lot_id=lot.id, file_id=file.id, at=MONDAY)

        photos = session.scalars(select(LotPhoto).order_by(LotPhoto.position)).all()
        assert [(photo.file_id, photo.position) for photo in photos] == [
            (first.id, 0),
            (second.id, 1),
        ]

    @pytest.mark.parametrize("trait", ["paper", "foreign"])
    def test_refuses_papers_and_other_peoples_photos(self, session, trait):
        lot = LotFactory()
        owner = lot.organisation_id if trait == "paper" else OrganisationFactory().id
        file = MediaFileFactory(paper=trait == "paper", organisation_id=owner)

        with pytest.raises(errors.PhotoOfLotNotFoundError):
            add_photo(actor=member_of(lot.organisation), lot_id=lot.id, file_id=file.id, at=MONDAY)

        assert session.scalar(select(func.count(LotPhoto.id))) == 0
