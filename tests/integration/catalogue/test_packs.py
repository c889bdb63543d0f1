"""Sizes and their prices."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.catalogue import errors, operations, queries
from marketplace.catalogue.rules import MAX_PACKS, PackDetails
from marketplace.kernel.money import Money, vnd
from models.accounts import Role
from models.catalogue import Pack, PackPrice
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import PackFactory, ProductFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

BAG = PackDetails(name_vi="Túi 5 kg", net_weight_g=5000, name_en="5 kg bag")


def add(product, details=BAG, price=vnd(1_000_000), role=Role.SALES):  # noqa: B008 - a value
    return operations.add_pack(
        actor=member_of(product.organisation, role),
        product_id=product.id,
        details=details,
        price=price,
        at=TUESDAY,
    )


def reprice(pack, price, at=TUESDAY, role=Role.SALES):
    return operations.change_price(
        actor=member_of(pack.product.organisation, role), pack_id=pack.id, price=price, at=at
    )


def history(session, pack):
    rows = session.execute(
        select(PackPrice.price_minor, PackPrice.at)
        .where(PackPrice.pack_id == pack.id)
        .order_by(PackPrice.id)
    )
    return [tuple(row) for row in rows]


class TestAddPack:
    def test_offers_one_more_size_with_its_first_price(self, session):
        product = ProductFactory(pack=False)

        pack = add(product)

        assert (pack.name_vi, pack.net_weight_g, pack.price) == (
            "Túi 5 kg",
            5000,
            vnd(1_000_000),
        )
        assert history(session, pack) == [(1_000_000, TUESDAY)]
        assert (product.from_price_minor, product.from_pack_id) == (1_000_000, pack.id)
        assert (product.per_kg_minor, product.updated_at) == (200_000, TUESDAY)

    def test_the_lowest_price_is_the_one_in_listings(self):
        product = ProductFactory(pack__price_minor=145_000, pack__net_weight_g=500)

        add(product)
        small = add(product, PackDetails("Gói 100 g", 100), vnd(35_000))

        assert (product.from_price_minor, product.from_pack_id) == (35_000, small.id)
        assert product.per_kg_minor == 350_000

    @pytest.mark.parametrize(
        ("details", "price", "refusal", "field"),
        [
            (PackDetails(" ", 500), vnd(1), errors.NameMissingError, "name_vi"),
            (PackDetails("Gói", 0), vnd(1), errors.WeightOutOfRangeError, "weight"),
            (PackDetails("Gói", 500), vnd(0), errors.PriceNotPositiveError, "price"),
            (PackDetails("Gói", 500), vnd(-1), errors.PriceNotPositiveError, "price"),
            (PackDetails("Gói", 500, gtin="1"), vnd(1), errors.GtinWrongError, "gtin"),
        ],
    )
    def test_says_what_is_wrong_and_where(self, session, details, price, refusal, field):
        product = ProductFactory(pack=False)

        with pytest.raises(refusal) as caught:
            add(product, details, price)

        assert caught.value.details["field"] == field
        assert session.scalar(select(func.count()).select_from(Pack)) == 0

    def test_twice_is_once(self, session):
        product = ProductFactory(pack=False)
        add(product)

        with pytest.raises(errors.PackNameTakenError):
            add(product, PackDetails("TÚI 5 KG", 5000))

        assert session.scalar(select(func.count()).select_from(Pack)) == 1

    def test_a_bar_code_belongs_to_one_pack(self):
        add(ProductFactory(), PackDetails("Gói 1", 500, gtin="9521234567899"))

        with pytest.raises(errors.GtinTakenError):
            add(ProductFactory(), PackDetails("Gói 2", 500, gtin="952-123-456-7899"))

    def test_a_page_has_room_for_so_many(self):
        product = ProductFactory(pack=False)
        for number in range(MAX_PACKS):
            add(product, PackDetails(f"Gói {number}", 100 + number))

        with pytest.raises(errors.TooManyPacksError):
            add(product)

    def test_is_refused_to_the_store_and_to_strangers(self, session):
        product = ProductFactory(pack=False)

        with pytest.raises(NotAllowedError):
            add(product, role=Role.ACCOUNTANT)
        with pytest.raises(NotAllowedError):
            operations.add_pack(
                actor=member_of(OrganisationFactory()),
                product_id=product.id,
                details=BAG,
                price=vnd(1),
                at=TUESDAY,
            )

        assert session.scalar(select(func.count()).select_from(Pack)) == 0


class TestChangePrice:
    def test_keeps_every_price_there_was(self, session):
        product = ProductFactory(pack=False)
        pack = add(product)

        reprice(pack, vnd(1_100_000), at=WEDNESDAY)

        assert pack.price == vnd(1_100_000)
        assert history(session, pack) == [(1_000_000, TUESDAY), (1_100_000, WEDNESDAY)]
        assert product.from_price_minor == 1_100_000
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.action, event.before, event.after) == (
            "catalogue.change_price",
            {"price_minor": 1_000_000},
            {"price_minor": 1_100_000},
        )

    def test_shows_the_price_before(self):
        product = ProductFactory(pack=False)
        pack = add(product)
        reprice(pack, vnd(1_100_000), at=WEDNESDAY)

        page = queries.get_product_page(pack.product_id, actor=member_of(product.organisation))

        row = page.pack(pack.id)
        assert (row.former_price, row.price, row.priced_at) == (
            vnd(1_000_000),
            vnd(1_100_000),
            WEDNESDAY,
        )

    def test_the_same_price_leaves_no_trace(self, session):
        product = ProductFactory(pack=False)
        pack = add(product)

        reprice(pack, vnd(1_000_000), at=WEDNESDAY)

        assert history(session, pack) == [(1_000_000, TUESDAY)]
        assert product.updated_at == TUESDAY

    @pytest.mark.parametrize(
        ("price", "refusal"),
        [
            (vnd(0), errors.PriceNotPositiveError),
            (vnd(2_000_000_000), errors.PriceTooHighError),
            (Money(1250, "USD"), errors.CurrencyChangedError),
        ],
    )
    def test_refuses_a_price_that_cannot_be_meant(self, session, price, refusal):
        product = ProductFactory()
        pack = PackFactory(product=product)

        with pytest.raises(refusal):
            reprice(pack, price)

        assert pack.price == vnd(145_000)
        assert history(session, pack) == []

    def test_is_refused_to_the_store_and_to_strangers(self, session):
        product = ProductFactory()
        pack = PackFactory(product=product)

        with pytest.raises(NotAllowedError):
            reprice(pack, vnd(1), role=Role.WAREHOUSE)
        with pytest.raises(NotAllowedError):
            operations.change_price(
                actor=member_of(OrganisationFactory()), pack_id=pack.id, price=vnd(1), at=MONDAY
            )
        with pytest.raises(errors.PackNotFoundError):
            operations.change_price(
                actor=member_of(OrganisationFactory()), pack_id=999_999, price=vnd(1), at=MONDAY
            )

        assert pack.price == vnd(145_000)
        assert history(session, pack) == []


def change(pack, details):
    return operations.change_pack(
        actor=member_of(pack.product.organisation),
        pack_id=pack.id,
        details=details,
        at=TUESDAY,
    )


class TestChangePack:
    def test_changes_a_draft_freely(self):
        product = ProductFactory(draft=True)
        pack = PackFactory(product=product, name_vi="Gói lớn")

        change(pack, PackDetails("Gói 1 kg", 1000, "1 kg pack", "9521234567899"))

        assert (pack.name_vi, pack.name_en, pack.net_weight_g, pack.gtin) == (
            "Gói 1 kg",
            "1 kg pack",
            1000,
            "09521234567899",
        )

    def test_a_weight_that_buyers_have_seen_stays(self):
        pack = PackFactory(name_vi="Gói 500 g")

        change(pack, PackDetails("Gói nửa cân", 500))
        with pytest.raises(errors.WeightFixedError):
            change(pack, PackDetails("Gói nửa cân", 450))

        assert (pack.name_vi, pack.net_weight_g) == ("Gói nửa cân", 500)

    def test_the_same_again_changes_nothing(self, session):
        pack = PackFactory(name_vi="Gói 500 g", name_en="")

        change(pack, PackDetails("Gói 500 g", 500))

        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0

    def test_two_packs_of_one_name_cannot_be_told_apart(self):
        pack = PackFactory(name_vi="Gói 500 g")
        PackFactory(product=pack.product, name_vi="Gói 1 kg")

        with pytest.raises(errors.PackNameTakenError):
            change(pack, PackDetails("gói 1 kg", 500))

    def test_is_refused_to_strangers(self):
        pack = PackFactory(name_vi="Gói 500 g")

        with pytest.raises(NotAllowedError):
            operations.change_pack(
                actor=member_of(OrganisationFactory()), pack_id=pack.id, details=BAG, at=MONDAY
            )

        assert pack.name_vi == "Gói 500 g"


class TestRetireAndReturn:
    def test_a_size_goes_and_comes_back(self):
        product = ProductFactory(pack__price_minor=90_000)
        pack = PackFactory(product=product, price_minor=30_000)
        actor = member_of(product.organisation)

        operations.retire_pack(actor=actor, pack_id=pack.id, at=TUESDAY)
        assert (pack.is_active, product.from_price_minor) == (False, 90_000)

        operations.return_pack(actor=actor, pack_id=pack.id, at=WEDNESDAY)
        assert (pack.is_active, product.from_price_minor) == (True, 30_000)

    def test_twice_is_once(self, session):
        product = ProductFactory()
        pack = PackFactory(product=product)
        actor = member_of(product.organisation)

        for operation in (operations.retire_pack, operations.return_pack):
            operation(actor=actor, pack_id=pack.id, at=TUESDAY)
            operation(actor=actor, pack_id=pack.id, at=TUESDAY)

        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == ["catalogue.retire_pack", "catalogue.return_pack"]

    def test_the_last_size_of_a_product_on_the_market_stays(self):
        product = ProductFactory(pack=False)
        pack = PackFactory(product=product)

        with pytest.raises(errors.LastPackError):
            operations.retire_pack(
                actor=member_of(product.organisation), pack_id=pack.id, at=TUESDAY
            )

        assert pack.is_active

    def test_the_last_size_of_a_draft_may_go(self):
        product = ProductFactory(draft=True, pack=False)
        pack = PackFactory(product=product)

        operations.retire_pack(actor=member_of(product.organisation), pack_id=pack.id, at=TUESDAY)

        assert (pack.is_active, product.from_price_minor) == (False, None)

    def test_a_name_may_be_taken_meanwhile(self):
        product = ProductFactory()
        pack = PackFactory(product=product, name_vi="Gói 1 kg", is_active=False)
        PackFactory(product=product, name_vi="Gói 1 kg")

        with pytest.raises(errors.PackNameTakenError):
            operations.return_pack(
                actor=member_of(product.organisation), pack_id=pack.id, at=TUESDAY
            )

        assert not pack.is_active

    @pytest.mark.parametrize(
        ("operation", "is_active"),
        [(operations.retire_pack, True), (operations.return_pack, False)],
    )
    def test_is_refused_to_strangers(self, operation, is_active):
        pack = PackFactory(is_active=is_active)

        with pytest.raises(NotAllowedError):
            operation(actor=member_of(OrganisationFactory()), pack_id=pack.id, at=MONDAY)

        assert pack.is_active is is_active
