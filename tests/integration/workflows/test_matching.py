"""Who fits a request, in which order, and the reasons that are kept."""

from datetime import date

import pytest

from marketplace.platform.database import session as db
from marketplace.sourcing.requests.terms import Place, Terms
from marketplace.workflows.matching import sellers_for
from models.supply import Supply
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def category():
    return CategoryFactory()


@pytest.fixture
def terms(category):
    def make(**values):
        said = {
            "title": "Robusta",
            "category_id": category.id,
            "place": Place("79"),
            "closes_at": CLOSING,
            "periods": ((JANUARY, 10_000), (FEBRUARY, 10_000)),
        }
        return Terms(**(said | values))

    return make


def seller_of(category, **values):
    """A seller with a product of the category; `product` of it."""
    seller = OrganisationFactory(**values)
    return seller, ProductFactory(organisation=seller, category=category)


def supply(product, month, forecast_g, *, held_g=0, grade=""):
    db.add(
        Supply(
            organisation_id=product.organisation_id,
            product_id=product.id,
            grade=grade,
            month=month,
            forecast_g=forecast_g,
            held_g=held_g,
            contracted_g=0,
            updated_at=MONDAY,
        )
    )
    db.flush()


def found(terms):
    return [each.organisation_id for each in sellers_for(terms)]


class TestWhoFits:
    def test_a_published_product_of_the_category_fits(self, category, terms):
        seller, product = seller_of(category)
        [match] = sellers_for(terms())

        assert (match.organisation_id, match.why["product"]["id"]) == (seller.id, product.id)
        assert match.why["is_declared"] is False
        assert match.why["km"] == 285

    def test_what_lies_below_the_category_fits(self, terms):
        top = CategoryFactory()
        seller, _product = seller_of(CategoryFactory(parent=top))
        assert found(terms(category_id=top.id)) == [seller.id]

    def test_who_is_not_checked_or_has_nothing_on_sale_does_not(self, category, terms):
        seller_of(category, pending=True)
        seller_of(category, suspended=True)
        seller_of(CategoryFactory())
        ProductFactory(category=category, draft=True)
        ProductFactory(category=category, archived=True)
        assert found(terms()) == []

    def test_every_certificate_is_needed_in_a_month_at_least(self, category, terms):
        _none, _product = seller_of(category)
        one, product = seller_of(category)
        CertificateFactory(organisation=one, products=[product])
        both, full = seller_of(category)
        for scheme in ("VIETGAP_CROP", "GLOBALGAP_IFA"):
            CertificateFactory(organisation=both, products=[full], scheme_code=scheme)

        assert found(terms(schemes=("VIETGAP_CROP", "GLOBALGAP_IFA"))) == [both.id]
        assert set(found(terms(schemes=("VIETGAP_CROP",)))) == {one.id, both.id}

    def test_a_certificate_counts_for_the_months_that_it_covers_wholly(self, category, terms):
        seller, product = seller_of(category)
        CertificateFactory(organisation=seller, products=[product], valid_to=date(2027, 2, 27))
        [match] = sellers_for(terms(schemes=("VIETGAP_CROP",)))
        assert (match.why["certified_months"], match.why["months"]) == (1, 2)
        assert found(terms(schemes=("VIETGAP_CROP",), periods=((FEBRUARY, 1),))) == []

    @pytest.mark.parametrize("trait", ["waiting", "rejected", "revoked"])
    def test_what_nobody_vouches_for_does_not_count(self, category, terms, trait):
        seller, product = seller_of(category)
        CertificateFactory(organisation=seller, products=[product], **{trait: True})
        assert found(terms(schemes=("VIETGAP_CROP",))) == []

    def test_who_has_nothing_left_does_not_fit(self, category, terms):
        _seller, product = seller_of(category)
        supply(product, JANUARY, 5_000, held_g=5_000)
        assert found(terms()) == []

    def test_free_is_what_nobody_has_spoken_for(self, category, terms):
        _seller, product = seller_of(category)
        supply(product, JANUARY, 30_000, held_g=5_000)
        supply(product, FEBRUARY, 4_000)
        supply(product, date(2027, 3, 1), 99_000)
        [match] = sellers_for(terms())
        assert match.why["free"] == {"2027-01-01": 25_000, "2027-02-01": 4_000}
        assert (match.why["covered_g"], match.why["wanted_g"]) == (14_000, 20_000)

    def test_another_grade_is_no_supply(self, category, terms):
        _seller, product = seller_of(category)
        supply(product, JANUARY, 10_000, grade="Hạng 2")
        assert found(terms(grade="Hạng 1")) == []
        assert len(found(terms(grade="Hạng 2"))) == 1
        assert len(found(terms())) == 1


class TestOrder:
    def test_certified_then_free_then_near(self, category, terms):
        near, _product = seller_of(category, province_code="79")
        far, _product = seller_of(category, province_code="66")
        declared, product = seller_of(category, province_code="01")
        supply(product, JANUARY, 10_000)

        assert found(terms()) == [declared.id, near.id, far.id]

    def test_one_seller_stands_once_with_its_best_product(self, category, terms):
        seller, _product = seller_of(category)
        best = ProductFactory(organisation=seller, category=category)
        supply(best, JANUARY, 10_000)
        [match] = sellers_for(terms())
        assert match.why["product"]["id"] == best.id

    def test_it_asks_as_often_for_many(self, category, terms, statements):
        seller_of(category)
        said = terms(schemes=("VIETGAP_CROP",))
        sellers_for(said)  # reads the tree of categories once
        with statements() as few:
            sellers_for(said)
        for _ in range(12):
            seller, product = seller_of(category)
            CertificateFactory(organisation=seller, products=[product])
        with statements() as many:
            assert len(sellers_for(said)) == 12
        assert len(few) == len(many) == 3
