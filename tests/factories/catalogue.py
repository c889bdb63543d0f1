"""Categories, products, packs, photos of products."""

from typing import Any

import factory

from marketplace.catalogue.categories import forget_categories
from marketplace.kernel.money import price_per_kg
from marketplace.platform.database import session
from models.catalogue import Category, Pack, Product, ProductPhoto, ProductState
from tests.factories.base import Factory
from tests.factories.media import MediaFileFactory
from tests.moments import MONDAY


class CategoryFactory(Factory[Category]):
    """A group of the first level; `parent=…` puts it below one."""

    class Meta:
        model = Category

    class Params:
        parent = None

    parent_id = factory.LazyAttribute(lambda row: row.parent.id if row.parent else None)
    slug = factory.Sequence("nhom-{}".format)
    name_vi = factory.Sequence("Nhóm hàng {}".format)
    name_en = factory.Sequence("Group {}".format)
    position = factory.Sequence(lambda n: n)

    @classmethod
    def _create(cls, model_class: type[Category], *args: Any, **kwargs: Any) -> Category:
        """Add a row, and let the tree be read again."""
        forget_categories()
        made: Category = super()._create(model_class, *args, **kwargs)
        return made


class PackFactory(Factory[Pack]):
    """500 g for 145.000 ₫. Give `product`, or it makes one of its own."""

    class Meta:
        model = Pack

    product = factory.SubFactory("tests.factories.catalogue.ProductFactory", pack=False)
    name_vi = factory.Sequence("Gói số {}".format)
    name_en = factory.Sequence("Pack {}".format)
    net_weight_g = 500
    price_minor = 145_000
    currency = "VND"
    position = 0
    is_active = True


class ProductPhotoFactory(Factory[ProductPhoto]):
    """A photo of a product; give `product_id`."""

    class Meta:
        model = ProductPhoto

    file = factory.SubFactory(MediaFileFactory)
    alt_vi = "Hạt cà phê trên sàn phơi"
    alt_en = "Coffee beans on a drying floor"
    position = 0


class ProductFactory(Factory[Product]):
    """A product on sale since Monday, by a verified cooperative of its own.

    It has one pack (`pack__price_minor=…`, `pack__net_weight_g=…`; `pack=False`: none) and one
    photo (`photo=False`: none). `draft=True` and `archived=True` take it off the market.
    """

    class Meta:
        model = Product

    class Params:
        published = True
        draft = factory.Trait(published=False)
        archived = factory.Trait(state=ProductState.ARCHIVED)

    organisation = factory.SubFactory("tests.factories.accounts.OrganisationFactory")
    category = factory.SubFactory(CategoryFactory)
    slug = factory.Sequence("ca-phe-robusta-{}".format)
    name_vi = factory.Sequence("Cà phê Robusta số {}".format)
    name_en = factory.Sequence("Robusta coffee no. {}".format)
    summary_vi = "Rang mộc, xay theo đơn"
    summary_en = "Plain roast, ground to order"
    province_code = "66"
    season = "320000000023"
    search_text = factory.LazyAttribute(lambda row: f"{row.slug.replace('-', ' ')} dak lak")
    state = factory.LazyAttribute(
        lambda row: ProductState.PUBLISHED if row.published else ProductState.DRAFT
    )
    published_at = factory.LazyAttribute(
        lambda row: None if row.state == ProductState.DRAFT else MONDAY
    )
    created_at = MONDAY
    updated_at = MONDAY

    @factory.post_generation
    def pack(self: Product, create: bool, extracted: Any, **values: Any) -> None:  # noqa: FBT001
        """Give it one pack, and the columns that follow from it."""
        if extracted is False:
            return
        pack = PackFactory(product=self, **values)
        self.from_price_minor = pack.price_minor
        self.from_pack_id = pack.id
        self.per_kg_minor = price_per_kg(pack.price, pack.net_weight_g).minor

    @factory.post_generation
    def photo(self: Product, create: bool, extracted: Any, **values: Any) -> None:  # noqa: FBT001
        """Give it one photo, which is its cover."""
        if extracted is False:
            return
        photo = ProductPhotoFactory(product_id=self.id, **values)
        self.cover_sha256 = photo.file.sha256

    @classmethod
    def _after_postgeneration(  # the name and the order are factory_boy's
        cls,
        instance: Any,
        create: bool,  # noqa: FBT001
        results: Any = None,
    ) -> None:
        """Write what the hooks have set."""
        super()._after_postgeneration(instance, create, results)
        if create:
            session.flush()
