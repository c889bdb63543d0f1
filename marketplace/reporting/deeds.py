"""What others did on behalf of a cooperative, for its director to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, Subquery, func, literal, select, union_all

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation, User
from models.catalogue import Pack, Product
from models.certification import Certificate
from models.orders import SellerOrder
from models.platform import AuditEvent, StateChange
from models.traceability import Lot


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done on behalf: who, of which organisation, what, to what, when.

    Attributes:
        action: area and verb, or a kind of thing and the state it went to: "seller_order:packed".
        subject: the name, code or number of what it was done to; empty where it has none.
    """

    at: datetime
    who: str | None
    organisation: str | None
    action: str
    reason: str | None
    subject: str


_NAMES: Final[Mapping[str, Select[int, str]]] = {
    "product": select(Product.id, Product.name_vi),
    "pack": select(Pack.id, func.concat(Product.name_vi, literal(", "), Pack.name_vi)).join(
        Product, Product.id == Pack.product_id
    ),
    "lot": select(Lot.id, Lot.code),
    "certificate": select(Certificate.id, Certificate.number),
    "seller_order": select(SellerOrder.id, SellerOrder.number),
}
"""How a thing is called, by its kind."""


def deeds_on_behalf(organisation: Organisation, *, viewer: Actor, page: PageRequest) -> Page[Deed]:
    """Everything that others did for a cooperative, the latest first; three statements.

    Raises:
        NotAllowedError: the viewer is no director of it.
    """
    authorize(viewer, Permission.CONSENT_MANAGE, organisation)
    deeds = _deeds(organisation.id)
    rows = session.execute(
        select(
            deeds.c.at,
            User.full_name,
            Organisation.short_name,
            deeds.c.action,
            deeds.c.reason,
            deeds.c.subject_kind,
            deeds.c.subject_id,
        )
        .outerjoin(User, User.id == deeds.c.user_id)
        .outerjoin(Organisation, Organisation.id == deeds.c.organisation_id)
        .order_by(deeds.c.at.desc(), deeds.c.number.desc())
        .limit(page.size)
        .offset(page.offset)
    ).all()
    names = _names_of(rows)
    found = [
        Deed(at, who, whose, action, reason, names.get((kind, subject_id), ""))
        for at, who, whose, action, reason, kind, subject_id in rows
    ]
    return Page(found, page, session.scalar(select(func.count()).select_from(deeds)) or 0)


def _deeds(organisation_id: int) -> Subquery:
    event, change = AuditEvent, StateChange
    return union_all(
        select(
            event.at,
            event.actor_user_id.label("user_id"),
            event.actor_organisation_id.label("organisation_id"),
            event.action.label("action"),
            event.subject_kind,
            event.subject_id,
            event.reason,
            event.id.label("number"),
        ).where(event.on_behalf_of_id == organisation_id),
        # What is audited besides would stand there twice; an order's steps are states alone.
        select(
            change.at,
            change.actor_user_id,
            change.actor_organisation_id,
            func.concat(change.subject_kind, literal(":"), change.to_state),
            change.subject_kind,
            change.subject_id,
            change.reason,
            change.id,
        ).where(change.on_behalf_of_id == organisation_id, change.subject_kind == "seller_order"),
    ).subquery()


def _names_of(rows: Sequence[Any]) -> Mapping[tuple[str, int], str]:
    """What the things are called; always one statement, however few kinds there are."""
    parts = []
    for kind, statement in _NAMES.items():
        key, name = statement.selected_columns
        ids = [row.subject_id for row in rows if row.subject_kind == kind]
        parts.append(statement.with_only_columns(literal(kind), key, name).where(key.in_(ids)))
    return {(kind, its_id): name for kind, its_id, name in session.execute(union_all(*parts))}
