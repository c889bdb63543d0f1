"""Carts, orders with their parts and lines; and buying, through the workflow itself."""

import secrets
from typing import Any

import factory
from sqlalchemy import select

from marketplace.accounts.banks import sealed_columns
from marketplace.accounts.permissions import Actor
from marketplace.kernel.references import ORDER_BITS, order_number
from marketplace.orders.operations import Purchase, Recipient
from marketplace.platform.database import session
from marketplace.workflows import checkout
from models.bank_accounts import BankAccount
from models.catalogue import Pack, Product
from models.orders import (
    Cart,
    CartLine,
    Channel,
    DeliveryMethod,
    Order,
    OrderLine,
    OrderState,
    PaymentMethod,
    SellerOrder,
    SellerOrderState,
)
from tests.factories.accounts import OrganisationFactory
from tests.factories.base import Factory
from tests.factories.catalogue import ProductFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY

HANOI, CAU_GIAY = "01", "00166"
"""Where everybody lives who buys in a test: Phường Cầu Giấy, Hà Nội."""

GUEST = Actor(user_id=None)

PRICE, QUANTITY, FEE, COMMISSION = 145_000, 2, 40_000, 14_500
"""Of each part that `OrderFactory` makes, in đồng: 2 packs of 145.000, 40.000 delivery, 5 %."""


class CartFactory(Factory[Cart]):
    """A guest's empty cart; `user_id=…` makes it a person's."""

    class Meta:
        model = Cart

    token_hash = factory.LazyAttribute(lambda cart: None if cart.user_id else secrets.token_hex(32))
    user_id = None
    created_at = MONDAY
    updated_at = MONDAY


class CartLineFactory(Factory[CartLine]):
    """One pack in a cart, at the price of today; give `cart_id` and `pack`."""

    class Meta:
        model = CartLine

    class Params:
        pack = None

    pack_id = factory.SelfAttribute("pack.id")
    quantity = 1
    seen_price_minor = factory.SelfAttribute("pack.price_minor")


class OrderLineFactory(Factory[OrderLine]):
    """2 packs of 500 g for 145.000 ₫ each; give `seller_order`."""

    class Meta:
        model = OrderLine

    class Params:
        product = factory.SubFactory(
            ProductFactory, organisation=factory.SelfAttribute("..seller_order.organisation")
        )

    seller_order = factory.SubFactory("tests.factories.orders.SellerOrderFactory", lines=0)
    seller_order_id = factory.SelfAttribute("seller_order.id")
    product_id = factory.SelfAttribute("product.id")
    pack_id = factory.SelfAttribute("product.from_pack_id")
    category_id = factory.SelfAttribute("product.category.id")
    product_name_vi = factory.SelfAttribute("product.name_vi")
    product_name_en = factory.SelfAttribute("product.name_en")
    pack_name_vi = "Gói 500 g"
    pack_name_en = "500 g pack"
    net_weight_g = 500
    quantity = QUANTITY
    currency = "VND"
    unit_price_minor = PRICE
    goods_minor = factory.LazyAttribute(lambda line: line.unit_price_minor * line.quantity)
    discount_minor = 0
    commission_bps = 500
    commission_minor = factory.LazyAttribute(lambda line: line.goods_minor * 5 // 100)
    certificates = factory.LazyFunction(list)


class SellerOrderFactory(Factory[SellerOrder]):
    """One cooperative's part, 330.000 ₫, placed on Monday; `lines=0` leaves its line out."""

    class Meta:
        model = SellerOrder

    class Params:
        confirmed = factory.Trait(state=SellerOrderState.CONFIRMED, confirmed_at=MONDAY)
        packed = factory.Trait(state=SellerOrderState.PACKED, confirmed_at=MONDAY, packed_at=MONDAY)
        delivered = factory.Trait(
            state=SellerOrderState.DELIVERED,
            confirmed_at=MONDAY,
            packed_at=MONDAY,
            handed_over_at=MONDAY,
            delivered_at=MONDAY,
        )
        cancelled = factory.Trait(state=SellerOrderState.CANCELLED, cancelled_at=MONDAY)

    order = factory.SubFactory("tests.factories.orders.OrderFactory", parts=0)
    order_id = factory.SelfAttribute("order.id")
    organisation = factory.SubFactory(OrganisationFactory)
    organisation_id = factory.SelfAttribute("organisation.id")
    number = factory.LazyAttributeSequence(lambda part, n: f"{part.order.number}-{n % 100}")
    state = SellerOrderState.PLACED
    delivery_method = DeliveryMethod.DELIVERY
    currency = "VND"
    goods_minor = PRICE * QUANTITY
    discount_minor = 0
    delivery_minor = FEE
    total_minor = factory.LazyAttribute(
        lambda part: part.goods_minor - part.discount_minor + part.delivery_minor
    )
    commission_minor = COMMISSION
    placed_at = MONDAY

    @factory.post_generation
    def lines(self: SellerOrder, create: bool, extracted: int | None, **values: Any) -> None:  # noqa: FBT001
        """Give it one line, unless `lines=0`."""
        if create and extracted != 0:
            OrderLineFactory(seller_order=self, **values)


class OrderFactory(Factory[Order]):
    """An order of 330.000 ₫ to Hà Nội with one part, waiting for its transfer since Monday.

    `parts=2` makes two parts by two cooperatives and 660.000 ₫; `parts=0` leaves them out but
    counts one. `cash=True`: paid at the door; `paid=True`: its transfer has come. There is no
    payment behind it: `tests.factories.payments` has those.
    """

    class Meta:
        model = Order
        exclude = ("count",)

    class Params:
        cash = factory.Trait(
            payment_method=PaymentMethod.CASH, state=OrderState.OPEN, expires_at=None
        )
        paid = factory.Trait(state=OrderState.OPEN, expires_at=None)

    count = 1
    number = factory.LazyFunction(lambda: order_number(MONDAY_DAY, secrets.randbits(ORDER_BITS)))
    idempotency_key = factory.LazyFunction(lambda: secrets.token_hex(16))
    channel = Channel.RETAIL
    buyer_user_id = None
    locale = "vi"
    recipient_name = "Nguyễn Thị Thanh Huyền"
    phone = "+84912345678"
    email = "huyen@example.com"
    province_code = HANOI
    commune_code = CAU_GIAY
    address = "Số 18, ngõ 102 Trần Thái Tông"
    note = ""
    payment_method = PaymentMethod.BANK_TRANSFER
    currency = "VND"
    goods_minor = factory.LazyAttribute(lambda order: PRICE * QUANTITY * order.count)
    discount_minor = 0
    delivery_minor = factory.LazyAttribute(lambda order: FEE * order.count)
    total_minor = factory.LazyAttribute(
        lambda order: order.goods_minor - order.discount_minor + order.delivery_minor
    )
    state = OrderState.AWAITING_PAYMENT
    placed_at = MONDAY
    expires_at = MONDAY.replace(minute=30)

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> Any:
        kwargs.pop("count", None)
        return super()._adjust_kwargs(**kwargs)

    @factory.post_generation
    def parts(self: Order, create: bool, extracted: int | None, **values: Any) -> None:  # noqa: FBT001
        """Give it its parts; `parts__state=…` and the like go to each of them."""
        if not create:
            return
        for position in range(1, (1 if extracted is None else extracted) + 1):
            SellerOrderFactory(order=self, number=f"{self.number}-{position}", **values)


def an_order(parts: int, **values: Any) -> Order:
    """An order of so many parts, its amounts their sum."""
    order: Order = OrderFactory(count=parts, parts=parts, **values)
    return order


def product_in_stock(grams: int = 20_000, **values: Any) -> Product:
    """A product on sale, in packs of 500 g for 145.000 ₫, with one lot of so many grams."""
    product: Product = ProductFactory(**values)
    LotFactory(product=product, quantity_g=max(grams, 1), stock=grams)
    return product


def pack_of(product: Product) -> Pack:
    """The pack that a product was made with."""
    return session.get_one(Pack, product.from_pack_id)


def cart_with(*wanted: tuple[Product, int] | Product, user_id: int | None = None) -> Cart:
    """A cart with so many packs of these products, one of each if no number is said."""
    cart: Cart = CartFactory(user_id=user_id)
    for each in wanted:
        product, quantity = each if isinstance(each, tuple) else (each, 1)
        CartLineFactory(cart_id=cart.id, pack=pack_of(product), quantity=quantity)
    return cart


def purchase(**values: Any) -> Purchase:
    """What a guest from Hà Nội sends, by transfer; the fields of `Recipient` may be given too."""
    fields = {
        "name": "Nguyễn Thị Thanh Huyền",
        "phone": "+84912345678",
        "province_code": HANOI,
        "commune_code": CAU_GIAY,
        "address": "Số 18, ngõ 102 Trần Thái Tông",
        "email": "huyen@example.com",
        "note": "",
    }
    recipient = Recipient(**{name: values.pop(name, value) for name, value in fields.items()})
    return Purchase(
        **{
            "key": secrets.token_hex(16),
            "recipient": recipient,
            "payment_method": PaymentMethod.BANK_TRANSFER,
            **values,
        }
    )


def collecting_account() -> BankAccount:
    """The account that buyers transfer to; there is one."""
    known = session.scalar(select(BankAccount).where(BankAccount.is_collecting))
    if known is not None:
        return known
    account = BankAccount(
        organisation_id=OrganisationFactory(operator=True).id,
        bank_bin="970405",
        bank_name="Agribank",
        **sealed_columns("970405", "5204205012345"),
        holder_name="CONG TY CHO MUA",
        is_main=True,
        is_collecting=True,
        created_at=MONDAY,
    )
    session.add(account)
    session.flush()
    return account


def place(*wanted: tuple[Product, int] | Product, actor: Actor = GUEST, **values: Any) -> Order:
    """Buy these products on Monday, through the workflow; `payment_method=…` and the like."""
    collecting_account()
    at = values.pop("at", MONDAY)
    cart = cart_with(*wanted, user_id=actor.user_id)
    order = checkout.place_order(actor=actor, cart_id=cart.id, purchase=purchase(**values), at=at)
    session.flush()
    return order


def parts_of(order: Order) -> list[SellerOrder]:
    """The parts of an order, in the order of their numbers."""
    return list(
        session.scalars(
            select(SellerOrder).where(SellerOrder.order_id == order.id).order_by(SellerOrder.id)
        )
    )
