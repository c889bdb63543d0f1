"""How far a new seller has come on the way to its first sale."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select

from marketplace.platform.database import session
from models.bank_accounts import BankAccount
from models.catalogue import Product, ProductState
from models.certification import Certificate
from models.orders import SellerOrder
from models.traceability import Lot


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a seller has done once.

    Attributes:
        has_product: something of it is on sale.
        has_lot: it received a lot, so that there is something to sell.
        has_account: it stated a bank account, so that it can be paid.
        has_certificate: it claimed a certificate; many sell without any.
        has_sold: an order came.
    """

    has_product: bool
    has_lot: bool
    has_account: bool
    has_certificate: bool
    has_sold: bool

    @property
    def is_over(self) -> bool:
        """Whether nothing is left that a sale needs."""
        return self.has_sold or (self.has_product and self.has_lot and self.has_account)


def beginning_of(organisation_id: int) -> Beginning:
    """How far a seller has come; one statement."""
    product = exists().where(
        Product.organisation_id == organisation_id, Product.state == ProductState.PUBLISHED
    )
    others = (
        exists().where(each.organisation_id == organisation_id)
        for each in (Lot, BankAccount, Certificate, SellerOrder)
    )
    answers: Sequence[bool] = session.execute(select(product, *others)).one()
    return Beginning(*answers)
