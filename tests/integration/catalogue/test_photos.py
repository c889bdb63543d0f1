"""The pictures of a product."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.catalogue import errors, operations, queries
from marketplace.catalogue.operations import Caption
from marketplace.catalogue.rules import MAX_PHOTOS
from models.accounts import Role
from models.catalogue import ProductPhoto
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory, ProductPhotoFactory
from tests.factories.media import MediaFileFactory
from tests.moments import TUESDAY

pytestmark = pytest.mark.usefixtures("session")


def add(product, file, role=Role.SALES, **words):
    return operations.add_photo(
        actor=member_of(product.organisation, role),
        product_id=product.id,
        file_id=file.id,
        at=TUESDAY,
        **words,
    )


def file_of(product, **given):
    return MediaFileFactory(organisation_id=product.organisation_id, **given)


def shown(product):
    return [photo.id for photo in queries.photos_of(product.id)]


class TestAddPhoto:
    def test_the_first_is_the_cover(self):
        product = ProductFactory(draft=True, photo=False)
        cover, second = file_of(product), file_of(product)

        first = add(product, cover, alt_vi=" Vườn cà phê ")
        then = add(product, second)

        assert product.cover_sha256 == cover.sha256
        assert shown(product) == [first.id, then.id]
        assert first.alt_vi == "Vườn cà phê"

    def test_twice_is_once(self, session):
        product = ProductFactory(photo=False)
        file = file_of(product)

        assert add(product, file).id == add(product, file).id
        assert session.scalar(select(func.count()).select_from(ProductPhoto)) == 1

    def test_refuses_papers_and_photos_of_others(self):
        product = ProductFactory(photo=False)

        for file in (
            file_of(product, paper=True),
            MediaFileFactory(organisation_id=OrganisationFactory().id),
        ):
            with pytest.raises(errors.PhotoNotFoundError):
                add(product, file)

        assert shown(product) == []

    def test_a_page_has_room_for_so_many(self):
        product = ProductFactory(photo=False)
        for _number in range(MAX_PHOTOS):
            add(product, file_of(product))

        with pytest.raises(errors.TooManyPhotosError):
            add(product, file_of(product))

        assert len(shown(product)) == MAX_PHOTOS

    def test_is_refused_to_the_store_and_to_strangers(self):
        product = ProductFactory(photo=False)
        file = file_of(product)

        with pytest.raises(NotAllowedError):
            add(product, file, role=Role.WAREHOUSE)
        with pytest.raises(NotAllowedError):
            operations.add_photo(
                actor=member_of(OrganisationFactory()),
                product_id=product.id,
                file_id=file.id,
                at=TUESDAY,
            )

        assert shown(product) == []


class TestArrangePhotos:
    @pytest.fixture
    def product(self):
        product = ProductFactory(photo=False)
        for position in range(3):
            ProductPhotoFactory(product_id=product.id, position=position, alt_en="")
        return product

    def arrange(self, product, captions, actor=None):
        operations.arrange_photos(
            actor=actor or member_of(product.organisation),
            product_id=product.id,
            captions=captions,
            at=TUESDAY,
        )

    def test_puts_them_in_order_with_their_words(self, session, product):
        one, two, three = shown(product)

        self.arrange(product, [Caption(three, "Ba", "Three"), Caption(one, "Một")])

        photos = queries.photos_of(product.id)
        assert [(photo.id, photo.alt_vi) for photo in photos] == [
            (three, "Ba"),
            (one, "Một"),
            (two, "Hạt cà phê trên sàn phơi"),
        ]
        assert product.cover_sha256 == photos[0].sha256

    def test_the_same_again_changes_nothing(self, session, product):
        captions = [Caption(each, "Hạt cà phê trên sàn phơi") for each in shown(product)]

        self.arrange(product, captions)

        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0

    def test_refuses_photos_of_another_product(self, product):
        foreign = ProductPhotoFactory(product_id=ProductFactory(photo=False).id)

        with pytest.raises(errors.PhotoNotFoundError):
            self.arrange(product, [Caption(foreign.id, "Của tôi")])

        assert foreign.alt_vi == "Hạt cà phê trên sàn phơi"

    def test_is_refused_to_strangers(self, product):
        before = shown(product)

        with pytest.raises(NotAllowedError):
            self.arrange(
                product, [Caption(before[2], "Khác")], actor=member_of(OrganisationFactory())
            )

        assert shown(product) == before


class TestRemovePhoto:
    def remove(self, product, photo_id, actor=None):
        operations.remove_photo(
            actor=actor or member_of(product.organisation),
            product_id=product.id,
            photo_id=photo_id,
            at=TUESDAY,
        )

    def test_the_next_one_becomes_the_cover(self):
        product = ProductFactory()
        second = ProductPhotoFactory(product_id=product.id, position=5)

        self.remove(product, shown(product)[0])

        assert shown(product) == [second.id]
        assert product.cover_sha256 == second.file.sha256

    def test_twice_is_once(self, session):
        product = ProductFactory(draft=True)
        [photo] = shown(product)

        self.remove(product, photo)
        self.remove(product, photo)

        assert (shown(product), product.cover_sha256) == ([], None)
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1

    def test_the_last_photo_of_a_product_on_the_market_stays(self):
        product = ProductFactory()

        with pytest.raises(errors.LastPhotoError):
            self.remove(product, shown(product)[0])

        assert len(shown(product)) == 1

    def test_is_refused_to_strangers(self):
        product = ProductFactory(draft=True)

        with pytest.raises(NotAllowedError):
            self.remove(product, shown(product)[0], actor=member_of(OrganisationFactory()))

        assert len(shown(product)) == 1
