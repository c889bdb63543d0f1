"""A certificate of some plots counts for goods from these: on pages, in baskets, in parcels."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM
from marketplace.catalogue.storefront.cards import cards
from marketplace.catalogue.storefront.listing import Filters, browse
from marketplace.catalogue.storefront.product import PRODUCT, find_product
from marketplace.catalogue.storefront.shelf import read_shelf
from marketplace.certification import operations as certification
from marketplace.certification import queries
from marketplace.certification.rules import Land
from marketplace.inventory.queries import imbalances
from marketplace.kernel.clock import business_day
from marketplace.orders.errors import ClaimsChangedError
from marketplace.platform.database import session as current
from marketplace.platform.pagination import PageRequest
from marketplace.traceability.rules import NewLot
from marketplace.workflows import fulfilment
from marketplace.workflows.checkout import look_at_cart, place_order
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.catalogue import Pack
from models.inventory import Hold, LotStock
from models.orders import LineLot, Order, OrderLine, PaymentMethod
from models.traceability import Lot
from tests.factories.accounts import member_of, officer
from tests.factories.catalogue import PackFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.factories.orders import (
    GUEST,
    HANOI,
    CartLineFactory,
    cart_with,
    collecting_account,
    parts_of,
    place,
    purchase,
)
from tests.factories.traceability import LotCertificateFactory
from tests.invariants import broken
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

SCHEME = "VIETGAP_CROP"
KEEPS_UNTIL = date(2027, 3, 1)


@pytest.fixture
def product():
    collecting_account()
    return ProductFactory()


@pytest.fixture
def plots(product):
    member = HouseholdFactory(organisation=product.organisation)
    return {code: PlotFactory(household=member, code=code) for code in ("TRONG", "NGOAI")}


@pytest.fixture
def certificate(product, plots):
    return CertificateFactory(
        organisation=product.organisation, products=[product], plots=[plots["TRONG"]]
    )


def receive(product, plot_code, grams=1_000, best_before_on=KEEPS_UNTIL):
    """A lot of packs of 500 g from a plot."""
    lot = NewLot(
        organisation_id=product.organisation_id,
        product_id=product.id,
        harvested_on=date(2026, 10, 20),
        best_before_on=best_before_on,
        quantity_g=grams,
    )
    keeper = member_of(product.organisation, Role.WAREHOUSE)
    return receive_lot(actor=keeper, lot=lot, plot_code=plot_code, at=MONDAY)


def told(product, certificate, at=MONDAY):
    """Whether each page says that the product has it; all of them must say the same."""
    today = business_day(at)
    shelf = read_shelf(today)
    listing = browse(shelf, Filters(), PageRequest(1, 24))
    [card] = cards([product.id], today=today)
    [at_desk] = queries.certificates_on(product.id, today=today)
    [public] = queries.public_certificate(certificate.id, today=today).products
    said = {
        "page": [one.id for one in find_product(product.slug, shelf=shelf).page().proofs]
        == [certificate.id],
        "card": card.badges == (f"{SCHEME}:",),
        "list": listing.page.rows[0].badges == (f"{SCHEME}:",),
        "facet": SCHEME in listing.facets.schemes,
        "desk": at_desk.is_shown,
        "certificate": public.has_lot,
    }
    assert len(set(said.values())) == 1, said
    return said["page"]


def look(product, packs=1):
    cart = cart_with((product, packs))
    return cart, look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)


def order_seen(cart, quote, at=MONDAY):
    agreed = purchase(agreed=quote.digest)
    return place_order(actor=GUEST, cart_id=cart.id, purchase=agreed, at=at)


def line_of(order):
    [part] = parts_of(order)
    return current.scalars(select(OrderLine).where(OrderLine.seller_order_id == part.id)).one()


def codes(row):
    return [(one["code"], one["names_plots"]) for one in row.certificates]


def lots_held(line):
    return list(
        current.execute(
            select(Lot.code, Hold.packs)
            .join(Lot, Lot.id == Hold.lot_id)
            .where(Hold.line_id == line.id)
            .order_by(Hold.id)
        ).all()
    )


class TestBadge:
    def test_is_there_while_a_lot_of_its_plots_can_be_bought(self, product, certificate):
        receive(product, "NGOAI", 9_000)
        receive(product, "")
        before = told(product, certificate)
        lot = receive(product, "TRONG", 500)
        shown = told(product, certificate)
        place(product)

        assert (before, shown, told(product, certificate)) == (False, True, False)
        assert current.get_one(LotStock, lot.id).available_g == 0

    def test_says_which_lots_it_counts_for(self, product, certificate):
        other = receive(product, "NGOAI", best_before_on=date(2026, 12, 1))
        first, second = receive(product, "TRONG"), receive(product, "TRONG")
        CertificateFactory(organisation=product.organisation, products=[product], number="MOI-THUA")

        page = find_product(product.slug, shelf=read_shelf(MONDAY_DAY)).page()

        assert [(one.id == certificate.id, one.lot_codes) for one in page.proofs] == [
            (True, (first.code, second.code)),
            (False, ()),
        ]
        assert [one.code for one in page.lots] == [first.code, second.code, other.code]

    def test_is_gone_the_day_after_the_last_lot_was_good(self, product, certificate):
        receive(product, "NGOAI")
        receive(product, "TRONG", best_before_on=MONDAY_DAY)

        assert told(product, certificate)
        assert not told(product, certificate, MONDAY + timedelta(days=1))

    def test_is_not_there_for_less_than_the_smallest_pack(self, product, certificate):
        receive(product, "NGOAI")
        receive(product, "TRONG", 499)

        assert not told(product, certificate)

    def test_is_not_there_for_a_lot_from_before_it_was_verified(self, product, plots):
        receive(product, "TRONG")
        late = CertificateFactory(
            organisation=product.organisation, products=[product], plots=[plots["TRONG"]]
        )

        assert not told(product, late)

    def test_stays_for_lots_in_store_when_their_plot_is_taken_out(
        self, product, plots, certificate
    ):
        receive(product, "TRONG")

        name(certificate, "NGOAI")

        # What a lot inherited was decided when it came in (decision 13).
        assert told(product, certificate)

    def test_counts_for_every_lot_as_soon_as_it_names_no_plots(self, product, certificate):
        receive(product, "NGOAI")
        before = told(product, certificate)

        name(certificate)

        assert (before, told(product, certificate)) == (False, True)

    def test_does_not_come_from_a_lot_of_another_product(self, product, certificate):
        receive(product, "NGOAI")
        other = ProductFactory(organisation=product.organisation)
        CertificateFactory(organisation=product.organisation, products=[other])
        lot = receive(other, "TRONG")
        LotCertificateFactory(lot_id=lot.id, certificate_id=certificate.id)

        assert [one.id for one in page_of(product).proofs] == []

    def test_the_page_is_asked_by_a_statement_that_the_driver_keeps(self, product):
        find_product(product.slug, shelf=read_shelf(MONDAY_DAY))

        # psycopg reads longer ones anew each time.
        assert 0 < len(PRODUCT._sql) <= 4_096


class TestOrder:
    def test_takes_the_lots_that_keep_the_claim_though_others_expire_first(
        self, product, certificate
    ):
        early = receive(product, "NGOAI", best_before_on=date(2026, 12, 1))
        inside = receive(product, "TRONG")

        cart, quote = look(product, 2)
        line = line_of(order_seen(cart, quote))

        assert kept_and_missed(quote) == ([certificate.id], [])
        assert codes(line) == [(SCHEME, True)]
        assert lots_held(line) == [(inside.code, 2)]
        assert current.get_one(LotStock, early.id).held_g == 0
        assert broken(current) == {}

    def test_keeps_no_claim_that_its_lots_cannot_fill_and_says_so_before(
        self, product, certificate
    ):
        early = receive(product, "NGOAI", best_before_on=date(2026, 12, 1))
        inside = receive(product, "TRONG")

        cart, quote = look(product, 3)
        line = line_of(order_seen(cart, quote))

        assert kept_and_missed(quote) == ([], [certificate.id])
        assert codes(line) == []
        assert lots_held(line) == [(early.code, 2), (inside.code, 1)]
        assert imbalances() == []

    def test_a_claim_of_all_plots_stands_beside_it_and_asks_for_no_lot(self, product, certificate):
        CertificateFactory(
            organisation=product.organisation, products=[product], scheme_code="OCOP", level=4
        )
        receive(product, "NGOAI", 500)
        receive(product, "TRONG", 500)

        both = line_of(place(product))
        one = line_of(place(product))

        assert sorted(codes(both)) == [("OCOP", False), (SCHEME, True)]
        assert codes(one) == [("OCOP", False)]

    def test_a_heavy_pack_may_miss_what_a_light_one_keeps(self, product, certificate):
        PackFactory(product=product, net_weight_g=2_000, position=1)
        receive(product, "NGOAI", 9_000)
        receive(product, "TRONG", 1_500)
        cart = cart_with(product)
        heavy = current.scalars(
            select(Pack).where(Pack.product_id == product.id, Pack.net_weight_g == 2_000)
        ).one()
        CartLineFactory(cart_id=cart.id, pack=heavy)

        quote = look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)

        assert kept_and_missed(quote) == ([certificate.id], [certificate.id])

    def test_goods_are_packed_from_these_lots_with_the_claim(self, product, certificate):
        receive(product, "NGOAI", best_before_on=date(2026, 12, 1))
        inside = receive(product, "TRONG")
        order = place(product, payment_method=PaymentMethod.CASH)
        [part] = parts_of(order)

        for act in (fulfilment.confirm_order, fulfilment.pack_order):
            act(actor=SYSTEM, seller_order_id=part.id, at=TUESDAY)

        packed = current.scalars(select(LineLot)).one()
        assert (packed.lot_code, packed.packs) == (inside.code, 1)
        assert codes(packed) == [(SCHEME, True)]
        assert broken(current) == {}

    def test_sends_one_statement_more_for_it_and_none_otherwise(
        self, product, certificate, statements
    ):
        receive(product, "NGOAI", 500)
        receive(product, "TRONG", 500)
        counts = []
        for _ in range(2):
            cart, quote = look(product)
            with statements() as sent:
                order_seen(cart, quote)
                current.flush()
            counts.append(len(sent))

        assert counts[0] == counts[1] + 1

    def test_looking_takes_two_statements_whatever_the_claims(
        self, product, certificate, statements
    ):
        receive(product, "TRONG")
        cart = cart_with(product)

        with statements() as sent:
            look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)

        assert len(sent) == 2


class TestMeanwhile:
    """Something happens between the page that the buyer saw and the press of the button."""

    def refused(self, cart, quote):
        with pytest.raises(ClaimsChangedError), current.begin_nested():
            order_seen(cart, quote)
        assert current.scalar(select(func.count()).select_from(Order)) == 0
        assert current.scalar(select(func.sum(LotStock.held_g))) == 0
        return look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)

    def test_the_last_lot_goes_and_the_buyer_is_asked_again(self, product, certificate):
        receive(product, "NGOAI")
        inside = receive(product, "TRONG", 500)
        cart, quote = look(product)
        current.get_one(LotStock, inside.id).on_hand_g = 0
        current.flush()

        again = self.refused(cart, quote)

        assert codes(line_of(order_seen(cart, again))) == []

    def test_a_lot_comes_in_and_the_buyer_is_asked_again(self, product, certificate):
        receive(product, "NGOAI")
        cart, quote = look(product)
        receive(product, "TRONG")

        again = self.refused(cart, quote)

        assert codes(line_of(order_seen(cart, again))) == [(SCHEME, True)]

    def test_it_is_revoked_and_the_buyer_is_asked_again(self, product, certificate):
        receive(product, "TRONG")
        cart, quote = look(product)
        certification.revoke_certificate(
            actor=officer(), certificate_id=certificate.id, reason="Giấy giả", at=MONDAY
        )

        again = self.refused(cart, quote)

        assert codes(line_of(order_seen(cart, again))) == []

    def test_its_plot_is_taken_out_and_the_lot_keeps_what_it_had(self, product, certificate):
        receive(product, "TRONG")
        cart, quote = look(product)
        name(certificate, "NGOAI")

        assert codes(line_of(order_seen(cart, quote))) == [(SCHEME, True)]

    def test_it_covers_the_product_no_longer_and_the_buyer_is_asked_again(
        self, product, certificate
    ):
        receive(product, "TRONG")
        cart, quote = look(product)
        certification.cover_products(
            actor=officer(), certificate_id=certificate.id, product_ids=(), at=MONDAY
        )

        again = self.refused(cart, quote)

        assert codes(line_of(order_seen(cart, again))) == []

    def test_a_buyer_who_agreed_to_nothing_is_asked_nothing(self, product, certificate):
        receive(product, "TRONG")

        assert codes(line_of(place(product))) == [(SCHEME, True)]


def name(certificate, *plot_codes):
    certification.name_plots(
        actor=officer(),
        certificate_id=certificate.id,
        land=Land(plot_codes=plot_codes),
        at=MONDAY,
    )


def kept_and_missed(quote):
    told = list(quote.claims.values())
    kept = [claim.certificate_id for each in told for claim in each.kept]
    return kept, [claim.certificate_id for each in told for claim in each.missed]


def page_of(product):
    return find_product(product.slug, shelf=read_shelf(MONDAY_DAY)).page()
