"""Who still waits for something that was agreed on because of a certificate.

That is goods that were ordered and not delivered; open contracts that want the certificate of every
lot; offers that were opened, and parts of awards that have no contract yet. Whatever else may rely
on one joins in `things_that_rely_on`; who takes a certificate back or ends it asks nobody but this
module.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from marketplace.accounts.queries import readers_in
from marketplace.certification.queries import products_left_without
from marketplace.certification.schemes import badge_label
from marketplace.contracts.queries.relying import contracts_wanting, parts_with_contract
from marketplace.kernel.clock import business_day
from marketplace.notifications.operations import notify
from marketplace.orders.links import order_path
from marketplace.orders.queries import get_part_view, parts_sold_by_certificate
from marketplace.orders.rules import CANCELLABLE
from marketplace.platform.database import session
from marketplace.sourcing.quotes.queries import parts_relying, quotes_relying
from marketplace.sourcing.supply.rules import month_of
from marketplace.workflows.request_mails import BUYING
from models.accounts import Organisation
from models.catalogue import Product
from models.certification import Certificate

KEY_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Reliance:
    """One thing that is open and relies on a certificate, as its buyer reads of it.

    Attributes:
        kind: what it is: "order", "contract", "award" or "quote".
        recipient: the buyer's address; `locale` is their language, `name` theirs.
        number: what the thing is called.
        products: the goods that rely on the certificate, in the buyer's language.
        can_cancel: whether the buyer may still call it off by themselves.
        url: its page.
    """

    kind: str
    recipient: str
    locale: str
    name: str
    number: str
    seller: str
    seller_phone: str | None
    products: tuple[str, ...]
    can_cancel: bool
    url: str


def things_that_rely_on(certificate: Certificate, *, today: date) -> Iterator[Reliance]:
    """Everything open that relies on a certificate and whose buyer has left an address.

    Orders keep the very certificate that they were sold with; a contract or an offer wants one of
    its scheme, so another one that holds for the same goods serves as well.
    """
    yield from _orders(certificate)
    goods = products_left_without(certificate, today=today)
    if goods:
        yield from _contracts(certificate, goods)
        yield from _awards(certificate, goods, today)
        yield from _quotes(certificate, goods)


def tell_buyers(certificate: Certificate, *, template: str, at: datetime, **values: object) -> None:
    """Write to every buyer who relies on a certificate: one mail each, with all that is theirs.

    The same template again writes nothing.

    Args:
        certificate: what has ended.
        template: of the mail.
        at: when it ended.
        **values: what the template asks for besides person, label, number and things.
    """
    by_buyer: dict[str, list[Reliance]] = {}
    for thing in things_that_rely_on(certificate, today=business_day(at)):
        by_buyer.setdefault(thing.recipient.casefold(), []).append(thing)
    for address, things in by_buyer.items():
        latest = things[-1]
        notify(
            key=f"{certificate.id}:{address}"[:KEY_MAX],
            recipient=latest.recipient,
            locale=latest.locale,
            template=template,
            at=at,
            name=latest.name,
            label=badge_label(certificate.scheme_code, certificate.level, latest.locale),
            certificate_number=certificate.number,
            certificate_id=certificate.id,
            things=things,
            **values,
        )


def _orders(certificate: Certificate) -> Iterator[Reliance]:
    """The parts of orders that are under way, the earliest first."""
    for seller_order_id, line_ids in parts_sold_by_certificate(certificate).items():
        order = get_part_view(seller_order_id)
        if not order.email:
            continue
        [part] = order.parts
        is_english = order.locale == "en"
        yield Reliance(
            kind="order",
            recipient=order.email,
            locale=order.locale,
            name=order.recipient_name,
            number=part.number,
            seller=part.seller.short_name,
            seller_phone=part.seller.phone,
            products=tuple(
                line.name_en if is_english else line.name_vi
                for line in part.lines
                if line.id in line_ids
            ),
            can_cancel=part.state in CANCELLABLE,
            url=order_path(order.number),
        )


def _contracts(certificate: Certificate, goods: Collection[int]) -> Iterator[Reliance]:
    """The open contracts whose terms want the scheme."""
    for contract in contracts_wanting(certificate.scheme_code, goods):
        yield from _of_buyer(
            contract.buyer_id,
            kind="contract",
            number=contract.number,
            seller_id=contract.seller_id,
            product_ids=[contract.product_id],
            url=f"/hop-dong/{{code}}/{contract.number}",
        )


def _awards(certificate: Certificate, goods: Collection[int], today: date) -> Iterator[Reliance]:
    """What was chosen with the certificate, is still to come, and has no contract yet."""
    parts = parts_relying(certificate.scheme_code, goods, since=month_of(today))
    contracted = parts_with_contract({each.part.award_id for each in parts})
    seen = set()
    for part, request in parts:
        key = (part.award_id, part.quote_id, part.organisation_id, part.product_id)
        if key in contracted or key in seen:
            continue
        seen.add(key)
        yield from _of_buyer(
            request.organisation_id,
            kind="award",
            number=request.number,
            seller_id=part.organisation_id,
            product_ids=[part.product_id],
            url=f"/mua-hang/{{code}}/yeu-cau/{request.number}/chon",
        )


def _quotes(certificate: Certificate, goods: Collection[int]) -> Iterator[Reliance]:
    """The offers that the buyer can still choose."""
    for quote, request, product_ids in quotes_relying(certificate.scheme_code, goods):
        yield from _of_buyer(
            request.organisation_id,
            kind="quote",
            number=request.number,
            seller_id=quote.organisation_id,
            product_ids=sorted(product_ids),
            url=f"/mua-hang/{{code}}/yeu-cau/{request.number}/bao-gia",
        )


def _of_buyer(  # noqa: PLR0913 - what it is, whose, of which goods
    buyer_id: int,
    *,
    kind: str,
    number: str,
    seller_id: int,
    product_ids: Sequence[int],
    url: str,
) -> Iterator[Reliance]:
    """The same thing for everybody who buys for an enterprise, in their language."""
    seller = session.get_one(Organisation, seller_id)
    products = [session.get_one(Product, each) for each in product_ids]
    for reader in readers_in([buyer_id], BUYING):
        yield Reliance(
            kind=kind,
            recipient=reader.email,
            locale=reader.locale,
            name=reader.full_name,
            number=number,
            seller=seller.short_name,
            seller_phone=seller.phone,
            products=tuple(
                each.name_en if reader.locale == "en" and each.name_en else each.name_vi
                for each in products
            ),
            can_cancel=False,
            url=url.format(code=reader.code),
        )
