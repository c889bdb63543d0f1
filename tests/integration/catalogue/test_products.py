"""Starting a product, changing what is said of it, and on and off the market."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.catalogue import errors, operations, queries
from marketplace.catalogue.rules import Missing, ProductDetails
from marketplace.kernel.states import NotAllowedError as NoSuchStepError
from marketplace.platform.pagination import PageRequest
from models.accounts import Role
from models.catalogue import Product, ProductState
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import CategoryFactory, PackFactory, ProductFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


def details(**changes):
    given = {
        "name_vi": "Cam Cao Phong",
        "province_code": "25",
        "summary_vi": "Ngọt thanh, mọng nước",
        "season": "320000000023",
    }
    values = {**given, **changes}
    if "category_id" not in values:
        values["category_id"] = CategoryFactory(name_vi="Cam, bưởi", name_en="Citrus").id
    return ProductDetails(**values)


def create(organisation, role=Role.SALES, at=MONDAY, **changes):
    return operations.create_product(
        actor=member_of(organisation, role),
        organisation_id=organisation.id,
        details=details(**changes),
        at=at,
    )


def edit(product, role=Role.SALES, at=TUESDAY, **changes):
    before = ProductDetails(**{name: getattr(product, name) for name in ProductDetails.__slots__})
    return operations.edit_product(
        actor=member_of(product.organisation, role),
        product_id=product.id,
        details=replace(before, **changes),
        at=at,
    )


def trail(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


class TestCreateProduct:
    def test_starts_a_draft_that_can_be_found(self, session):
        organisation = OrganisationFactory(short_name="HTX Cam Cao Phong", code="CAOPHONG")

        product = create(organisation)

        assert (product.state, product.slug) == (ProductState.DRAFT, "cam-cao-phong")
        assert (product.published_at, product.created_at) == (None, MONDAY)
        assert "htx cam cao phong" in product.search_text
        assert "hoa binh" in product.search_text  # a former name of Phú Thọ
        assert product.from_price_minor is None
        assert trail(session) == ["catalogue.create_product"]

    def test_an_address_is_nobody_elses(self):
        code = OrganisationFactory(code="CAOPHONG")
        taken, second = create(OrganisationFactory()), create(code)
        ProductFactory(slug="cam-cao-phong-2")
        third = create(OrganisationFactory(code="CAO-2"), name_vi="Cam  Cao Phong")

        assert (taken.slug, second.slug) == ("cam-cao-phong", "cam-cao-phong-caophong")
        assert third.slug == "cam-cao-phong-cao-2"

    def test_a_name_without_letters_has_an_address_too(self):
        assert create(OrganisationFactory(), name_vi="!!!").slug == "san-pham"

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_refused_to_those_who_do_not_sell(self, session, role):
        with pytest.raises(NotAllowedError):
            create(OrganisationFactory(), role=role)

        assert session.scalar(select(func.count()).select_from(Product)) == 0

    def test_is_refused_for_another_organisation(self, session):
        with pytest.raises(NotAllowedError):
            operations.create_product(
                actor=member_of(OrganisationFactory()),
                organisation_id=OrganisationFactory().id,
                details=details(),
                at=MONDAY,
            )

        assert session.scalar(select(func.count()).select_from(Product)) == 0

    def test_is_refused_to_an_enterprise(self):
        with pytest.raises(NotAllowedError):
            create(OrganisationFactory(enterprise=True))

    def test_twice_is_once(self, session):
        organisation = OrganisationFactory()
        first = create(organisation)

        with pytest.raises(errors.NameTakenError) as caught:
            create(organisation, name_vi="CAM cao phong")

        assert caught.value.details == {"field": "name_vi", "product_id": first.id}
        assert session.scalar(select(func.count()).select_from(Product)) == 1

    @pytest.mark.parametrize(
        ("changes", "refusal", "field"),
        [
            ({"name_vi": "  "}, errors.NameMissingError, "name_vi"),
            ({"category_id": 999_999}, errors.UnknownCategoryError, "category_id"),
            ({"province_code": "00"}, errors.UnknownPlaceError, "province_code"),
            ({"commune_code": "99999"}, errors.UnknownPlaceError, "commune_code"),
            ({"season": "9"}, errors.WrongSeasonError, "season"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, session, changes, refusal, field):
        with pytest.raises(refusal) as caught:
            create(OrganisationFactory(), **changes)

        assert caught.value.details["field"] == field
        assert session.scalar(select(func.count()).select_from(Product)) == 0


class TestEditProduct:
    def test_changes_only_what_is_different(self, session):
        product = ProductFactory(draft=True)

        edit(product, summary_vi="Rang tay", season="000000000000")

        [event] = session.scalars(select(AuditEvent))
        assert (product.summary_vi, product.updated_at) == ("Rang tay", TUESDAY)
        assert event.before == {
            "summary_vi": "Rang mộc, xay theo đơn",
            "season": "320000000023",
        }
        assert event.after == {"summary_vi": "Rang tay", "season": "000000000000"}

    def test_the_same_again_changes_nothing(self, session):
        product = ProductFactory()

        edit(product)

        assert product.updated_at == MONDAY
        assert trail(session) == []

    def test_an_address_follows_the_name_of_a_draft(self):
        product = ProductFactory(draft=True)

        edit(product, name_vi="Chè Shan tuyết")

        assert product.slug == "che-shan-tuyet"
        assert " tra ;" in product.search_text

    @pytest.mark.parametrize("trait", ["published", "archived"])
    def test_an_address_that_buyers_have_seen_stays(self, trait):
        product = ProductFactory(**{trait: True}, slug="ca-phe-cu")

        edit(product, name_vi="Chè Shan tuyết")

        assert (product.slug, product.name_vi) == ("ca-phe-cu", "Chè Shan tuyết")

    def test_may_keep_its_name_but_not_take_another(self):
        organisation = OrganisationFactory()
        product = ProductFactory(organisation=organisation, name_vi="Cà phê mộc")
        ProductFactory(organisation=organisation, name_vi="Cà phê bơ")

        edit(product, name_vi="Cà phê Mộc")
        with pytest.raises(errors.NameTakenError):
            edit(product, name_vi="cà phê bơ")

        assert product.name_vi == "Cà phê Mộc"

    def test_is_refused_to_the_store_and_to_strangers(self, session):
        product = ProductFactory(name_vi="Cà phê mộc")

        with pytest.raises(NotAllowedError):
            edit(product, role=Role.WAREHOUSE, name_vi="Khác")
        with pytest.raises(NotAllowedError):
            operations.edit_product(
                actor=member_of(OrganisationFactory()),
                product_id=product.id,
                details=details(),
                at=TUESDAY,
            )
        with pytest.raises(errors.ProductNotFoundError):
            operations.edit_product(
                actor=member_of(OrganisationFactory()),
                product_id=999_999,
                details=details(),
                at=TUESDAY,
            )

        assert product.name_vi == "Cà phê mộc"


def publish(product, at=TUESDAY, role=Role.DIRECTOR):
    return operations.publish_product(
        actor=member_of(product.organisation, role), product_id=product.id, at=at
    )


def archive(product, at=WEDNESDAY):
    return operations.archive_product(
        actor=member_of(product.organisation), product_id=product.id, at=at
    )


class TestPublication:
    def test_shows_a_product_and_remembers_the_first_time(self, session):
        product = ProductFactory(draft=True)

        publish(product)
        archive(product)
        publish(product, at=WEDNESDAY)

        assert (product.state, product.published_at) == (ProductState.PUBLISHED, TUESDAY)
        changes = session.execute(
            select(StateChange.from_state, StateChange.to_state).order_by(StateChange.id)
        ).all()
        assert [tuple(change) for change in changes] == [
            ("draft", "published"),
            ("published", "archived"),
            ("archived", "published"),
        ]
        assert trail(session) == [
            "catalogue.publish_product",
            "catalogue.archive_product",
            "catalogue.publish_product",
        ]

    def test_twice_is_once(self, session):
        product = ProductFactory(draft=True)

        publish(product)
        publish(product)
        archive(product)
        archive(product)

        assert session.scalar(select(func.count()).select_from(StateChange)) == 2

    @pytest.mark.parametrize(
        ("given", "missing"),
        [
            ({"pack": False}, (Missing.PACK,)),
            ({"photo": False}, (Missing.PHOTO,)),
            ({"organisation__pending": True}, (Missing.VERIFIED_SELLER,)),
            ({"organisation__suspended": True}, (Missing.VERIFIED_SELLER,)),
            (
                {"pack": False, "photo": False, "organisation__pending": True},
                (Missing.PACK, Missing.PHOTO, Missing.VERIFIED_SELLER),
            ),
        ],
    )
    def test_says_all_that_is_missing(self, session, given, missing):
        product = ProductFactory(draft=True, **given)

        with pytest.raises(errors.NotPublishableError) as caught:
            publish(product)

        assert caught.value.details == {"missing": missing}
        assert product.state == ProductState.DRAFT
        assert trail(session) == []

    def test_packs_that_are_not_sold_do_not_count(self):
        product = ProductFactory(draft=True, pack=False)
        PackFactory(product=product, is_active=False)

        with pytest.raises(errors.NotPublishableError):
            publish(product)

    def test_an_archived_product_becomes_a_draft_again(self):
        product = ProductFactory(archived=True)
        actor = member_of(product.organisation)

        operations.restore_product(actor=actor, product_id=product.id, at=TUESDAY)

        assert product.state == ProductState.DRAFT

    def test_a_product_on_the_market_does_not_become_a_draft(self):
        product = ProductFactory()

        with pytest.raises(NoSuchStepError):
            operations.restore_product(
                actor=member_of(product.organisation), product_id=product.id, at=TUESDAY
            )

        assert product.state == ProductState.PUBLISHED

    @pytest.mark.parametrize(
        "operation",
        [operations.publish_product, operations.archive_product, operations.restore_product],
    )
    def test_is_refused_to_the_store_and_to_strangers(self, session, operation):
        product = ProductFactory(draft=True)

        for actor in (
            member_of(product.organisation, Role.WAREHOUSE),
            member_of(OrganisationFactory()),
        ):
            with pytest.raises(NotAllowedError):
                operation(actor=actor, product_id=product.id, at=TUESDAY)

        assert product.state == ProductState.DRAFT
        assert session.scalar(select(func.count()).select_from(StateChange)) == 0


class TestQueries:
    def test_lists_and_searches_the_products_of_one_cooperative(self):
        organisation = OrganisationFactory()
        actor = member_of(organisation)
        corn = operations.create_product(
            actor=actor,
            organisation_id=organisation.id,
            details=details(name_vi="Ngô nếp"),
            at=MONDAY,
        )
        ProductFactory(organisation=organisation, name_vi="Mật ong")
        ProductFactory(name_vi="Ngô của người khác")

        page = queries.products_of(organisation.id, page=PageRequest(), text="BẮP nep")
        drafts = queries.products_of(organisation.id, page=PageRequest(), state=ProductState.DRAFT)
        everything = queries.products_of(organisation.id, page=PageRequest())

        assert [row.id for row in page.rows] == [corn.id]
        assert [row.id for row in drafts.rows] == [corn.id]
        assert (everything.total, page.total) == (2, 1)
        assert page.rows[0].category.name("en") == "Citrus"
        assert queries.counts_by_state(organisation.id) == {"draft": 1, "published": 1}

    def test_a_percent_sign_is_a_percent_sign(self):
        product = ProductFactory()

        page = queries.products_of(product.organisation_id, page=PageRequest(), text="%")

        assert page.total == 0

    def test_somebody_elses_product_does_not_exist(self):
        product = ProductFactory()

        with pytest.raises(errors.ProductNotFoundError):
            queries.get_product_page(product.id, actor=member_of(OrganisationFactory()))

    def test_a_page_knows_packs_photos_and_what_is_missing(self):
        product = ProductFactory(draft=True, photo=False)
        PackFactory(product=product, name_vi="Bao 1 kg", is_active=False, position=0)

        page = queries.get_product_page(product.id, actor=member_of(product.organisation))

        assert [pack.is_active for pack in page.packs] == [True, False]
        assert [pack.per_kg.minor for pack in page.active_packs] == [290_000]
        assert page.missing == (Missing.PHOTO,)
        with pytest.raises(errors.PackNotFoundError):
            page.pack(999_999)
