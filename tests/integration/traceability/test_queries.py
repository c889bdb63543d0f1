"""Reading lots: the public page and the owner's list."""

from datetime import date

import pytest

from marketplace.platform.pagination import PageRequest
from marketplace.traceability import errors, queries
from models.certification import CertificateState
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.traceability import LotEventFactory, LotFactory, LotPhotoFactory
from tests.moments import MONDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


class TestLotPage:
    def test_tells_where_when_who_and_what_was_proved(self, statements):
        alliance = OrganisationFactory(alliance=True, name="Liên minh HTX tỉnh Đắk Lắk")
        organisation = OrganisationFactory(verified_by_id=alliance.id)
        product = ProductFactory(organisation=organisation)
        lot = LotFactory(
            product=product,
            certificates=[
                CertificateFactory(organisation=organisation, number="A"),
                CertificateFactory(organisation=organisation, number="B", revoked=True),
                CertificateFactory(organisation=organisation, number="C", expired=True),
            ],
        )
        LotEventFactory(lot_id=lot.id, happened_on=date(2026, 10, 20), title_vi="Đóng gói")
        LotEventFactory(lot_id=lot.id, happened_on=date(2026, 10, 12), title_vi="Hái chín")
        photo = LotPhotoFactory(lot_id=lot.id)

        with statements() as sent:
            page = queries.lot_page(lot.code, on=MONDAY_DAY)

        assert len(sent) == 1
        assert (page.code, page.product_vi, page.is_on_sale) == (lot.code, product.name_vi, True)
        assert page.verified_by == "Liên minh HTX tỉnh Đắk Lắk"
        assert [event.title_vi for event in page.events] == ["Hái chín", "Đóng gói"]
        assert [(one.number, one.state, one.holds_now) for one in page.certificates] == [
            ("A", CertificateState.VERIFIED, True),
            ("B", CertificateState.REVOKED, False),
            ("C", CertificateState.VERIFIED, False),
        ]
        assert [one.sha256 for one in page.photos] == [photo.file.sha256]

    def test_is_found_by_what_people_type(self):
        lot = LotFactory(code="CUMGAR-2611-017")

        assert queries.find_lot_code(" cumgar-2611 -017") == lot.code

    def test_stays_readable_when_the_product_is_no_longer_sold(self):
        lot = LotFactory(product__archived=True)

        assert queries.lot_page(lot.code, on=MONDAY_DAY).is_on_sale is False

    def test_does_not_know_lots_of_drafts_nor_codes_that_nobody_gave(self):
        draft = LotFactory(product__draft=True)

        for code in (draft.code, "KHONG-CO"):
            with pytest.raises(errors.LotNotFoundError):
                queries.lot_page(code, on=MONDAY_DAY)
            assert queries.find_lot_code(code) is None


class TestLotsOf:
    def test_shows_ones_own_with_what_is_left_those_with_stock_first(self):
        product = ProductFactory()
        sold = LotFactory(product=product, stock=0, harvested_on=date(2026, 10, 19))
        old = LotFactory(product=product, best_before_on=date(2026, 11, 1))
        fresh = LotFactory(product=product, stock__held_g=500, harvested_on=date(2026, 10, 18))
        LotFactory()

        page = queries.lots_of(product.organisation_id, on=MONDAY_DAY, page=PageRequest())

        assert page.total == 3
        assert [(row.code, row.state, row.available_g) for row in page.rows] == [
            (fresh.code, "on_sale", 19_500),
            (old.code, "expired", 20_000),
            (sold.code, "sold_out", 0),
        ]

    def test_narrows_to_a_product_and_to_what_is_in_the_store(self):
        product = ProductFactory()
        other = ProductFactory(organisation=product.organisation)
        lot = LotFactory(product=product)
        LotFactory(product=product, stock=0)
        LotFactory(product=other)

        page = queries.lots_of(
            product.organisation_id,
            on=MONDAY_DAY,
            page=PageRequest(),
            product_id=product.id,
            with_stock=True,
        )

        assert ([row.code for row in page.rows], page.total) == ([lot.code], 1)

    def test_sends_as_many_statements_for_thirty_lots_as_for_one(self, statements):
        product = ProductFactory()
        LotFactory(product=product)
        with statements() as for_one:
            queries.lots_of(product.organisation_id, on=MONDAY_DAY, page=PageRequest(size=50))
        LotFactory.create_batch(29, product=product)

        with statements() as for_thirty:
            queries.lots_of(product.organisation_id, on=MONDAY_DAY, page=PageRequest(size=50))

        assert (len(for_one), len(for_thirty)) == (2, 2)


class TestOwnLot:
    def test_shows_the_plot_to_its_owner_only(self):
        lot = LotFactory(plot_name="Thửa 17, nhà ông Y Bhăm", product__draft=True)

        own = queries.own_lot(lot.code, organisation_id=lot.organisation_id, on=MONDAY_DAY)

        assert (own.plot_name, own.row.on_hand_g) == ("Thửa 17, nhà ông Y Bhăm", 20_000)
        with pytest.raises(errors.LotNotFoundError):
            queries.own_lot(lot.code, organisation_id=OrganisationFactory().id, on=MONDAY_DAY)
