"""Who still waits for something that was agreed on because of a certificate.

Today that is goods that were ordered and not delivered. Whatever else may rely on a certificate
joins in `things_that_rely_on`; who takes a certificate back or ends it asks nobody but this module.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.certification.schemes import badge_label
from marketplace.notifications.operations import notify
from marketplace.orders.links import order_path
from marketplace.orders.queries import get_part_view, parts_sold_by_certificate
from marketplace.orders.rules import CANCELLABLE
from models.certification import Certificate

KEY_MAX: Final = 120


@dataclass(frozen=True, slots=True)
class Reliance:
    """One thing that is open and relies on a certificate, as its buyer reads of it.

    Attributes:
        recipient: the buyer's address; `locale` is their language, `name` theirs.
        number: what the thing is called.
        products: the goods that rely on the certificate, in the buyer's language.
        can_cancel: whether the buyer may still call it off by themselves.
        url: its page.
    """

    recipient: str
    locale: str
    name: str
    number: str
    seller: str
    seller_phone: str | None
    products: tuple[str, ...]
    can_cancel: bool
    url: str


def things_that_rely_on(certificate: Certificate) -> Iterator[Reliance]:
    """Everything open that relies on a certificate and whose buyer has left an address."""
    yield from _orders(certificate)


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
    for thing in things_that_rely_on(certificate):
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
