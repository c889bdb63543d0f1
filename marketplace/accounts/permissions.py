"""Who may do what: one table for pages, JSON, jobs and commands alike."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from marketplace.kernel.errors import ForbiddenError
from marketplace.kernel.translation import mark
from models.accounts import SELLER_KINDS, OrganisationKind, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and for which organisation. `role` is theirs within `organisation_id`.

    A person who acts for nobody but themselves has no organisation; a job or a command is
    `SYSTEM`, which has no user either. Whoever came by the signed link of an order, with or
    without an account, has its id in `order_id` and may do to that order what its buyer may.
    """

    user_id: int | None
    organisation_id: int | None = None
    kind: str | None = None
    role: str | None = None
    is_system: bool = False
    order_id: int | None = None


SYSTEM = Actor(user_id=None, is_system=True)


class Permission(StrEnum):
    """Everything that can be allowed, as area:thing:action."""

    ORGANISATION_EDIT = "accounts:organisation:edit"
    ORGANISATION_VERIFY = "accounts:organisation:verify"
    ORGANISATION_APPEAL = "accounts:organisation:appeal"
    MEMBERSHIP_VIEW = "accounts:membership:view"
    MEMBERSHIP_MANAGE = "accounts:membership:manage"
    PROFILE_EDIT = "accounts:profile:edit"
    CERTIFICATE_CLAIM = "certification:certificate:claim"
    CERTIFICATE_DECIDE = "certification:certificate:decide"
    CERTIFICATE_FILE_VIEW = "certification:file:view"
    PRODUCT_EDIT = "catalogue:product:edit"
    LOT_RECEIVE = "traceability:lot:receive"
    STOCK_ADJUST = "inventory:stock:adjust"
    DESK_VIEW = "orders:desk:view"
    SELLER_ORDER_VIEW = "orders:seller-order:view"
    SELLER_ORDER_CONFIRM = "orders:seller-order:confirm"
    SELLER_ORDER_FULFIL = "orders:seller-order:fulfil"
    SELLER_ORDER_CANCEL = "orders:seller-order:cancel"
    ORDER_VIEW = "orders:order:view"
    ORDER_CANCEL = "orders:order:cancel"
    MONEY_VIEW = "ledger:money:view"
    REVENUE_VIEW = "reporting:revenue:view"
    UNION_LEAD = "membership:union:lead"
    UNION_JOIN = "membership:union:join"
    STATISTICS_VIEW = "membership:statistics:view"
    STATISTICS_DECLARE = "membership:statistics:declare"
    ALLIANCE_DESK_VIEW = "accounts:alliance-desk:view"
    OPERATOR_DESK_VIEW = "payments:operator-desk:view"
    STATEMENT_IMPORT = "payments:statement:import"
    BANK_LINE_RESOLVE = "payments:bank-line:resolve"
    REFUND_SEND = "payments:refund:send"
    CASH_REMIT = "payments:cash:remit"
    PAYOUT_RECORD = "payments:payout:record"


class NotAllowedError(ForbiddenError):
    """The table says no."""

    code = "accounts.not_allowed"
    message = mark("Bạn không có quyền làm việc này.")


class OfOrganisation(Protocol):
    """Anything that belongs to an organisation."""

    organisation_id: int


class OfUser(Protocol):
    """Anything that a person bought."""

    id: int
    buyer_user_id: int | None


Rule = Callable[[Actor, Any], bool]


def _in_own(*roles: Role) -> Rule:
    """A member of the organisation that the thing belongs to, in one of `roles`."""

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.role in roles and actor.organisation_id == thing.organisation_id

    return rule


def _at_desk(*roles: Role) -> Rule:
    """A member of the selling organisation that the thing belongs to, in one of `roles`.

    An enterprise has a director and an accountant, too, but nothing to sell here.
    """
    is_own = _in_own(*roles)

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.kind in SELLER_KINDS and is_own(actor, thing)

    return rule


def _officer(actor: Actor, _thing: object) -> bool:
    """Staff of an alliance."""
    return actor.kind == OrganisationKind.ALLIANCE and actor.role == Role.OFFICER


def _operator(actor: Actor, _thing: object) -> bool:
    """Staff of the operator of the market."""
    return actor.kind == OrganisationKind.OPERATOR and actor.role == Role.OPERATOR


def _leads_own(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever leads the organisation that the thing belongs to.

    A cooperative or an enterprise has directors; an alliance and the operator have only people
    with one role, who are all in charge.
    """
    leads = actor.role == Role.DIRECTOR or _officer(actor, thing) or _operator(actor, thing)
    return leads and actor.organisation_id == thing.organisation_id


def _own_certificate_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """A member of its organisation, or staff of an alliance."""
    return actor.organisation_id == thing.organisation_id or _officer(actor, thing)


def _buyer(actor: Actor, order: OfUser) -> bool:
    """The person who ordered while signed in, or whoever holds the order's signed link."""
    if actor.order_id is not None and actor.order_id == order.id:
        return True
    return actor.user_id is not None and actor.user_id == order.buyer_user_id


def _self(actor: Actor, user: Any) -> bool:  # noqa: ANN401
    """The person themselves."""
    return actor.user_id is not None and actor.user_id == user.id


def _leads_union(actor: Actor, thing: OfOrganisation) -> bool:
    """The director of a union, about the union itself."""
    is_own = actor.organisation_id == thing.organisation_id
    return actor.kind == OrganisationKind.UNION and actor.role == Role.DIRECTOR and is_own


_keeps_own_books = _at_desk(Role.DIRECTOR, Role.ACCOUNTANT)


def _keeps_own_books_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Who leads a seller or keeps its books, or staff of an alliance."""
    return _keeps_own_books(actor, thing) or _officer(actor, thing)


_ANY_SELLER_ROLE = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)

RULES: dict[Permission, Rule] = {
    Permission.ORGANISATION_EDIT: _in_own(Role.DIRECTOR),
    Permission.ORGANISATION_VERIFY: _officer,
    Permission.ORGANISATION_APPEAL: _in_own(Role.DIRECTOR),
    Permission.MEMBERSHIP_VIEW: _in_own(*Role),
    Permission.MEMBERSHIP_MANAGE: _leads_own,
    Permission.PROFILE_EDIT: _self,
    Permission.CERTIFICATE_CLAIM: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.CERTIFICATE_DECIDE: _officer,
    Permission.CERTIFICATE_FILE_VIEW: _own_certificate_or_officer,
    Permission.PRODUCT_EDIT: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.LOT_RECEIVE: _at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.STOCK_ADJUST: _at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.DESK_VIEW: _at_desk(*_ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_VIEW: _at_desk(*_ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_CONFIRM: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.SELLER_ORDER_FULFIL: _at_desk(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE),
    Permission.SELLER_ORDER_CANCEL: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.ORDER_VIEW: _buyer,
    Permission.ORDER_CANCEL: _buyer,
    Permission.MONEY_VIEW: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.REVENUE_VIEW: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.UNION_LEAD: _leads_union,
    Permission.UNION_JOIN: _at_desk(Role.DIRECTOR),
    Permission.STATISTICS_VIEW: _keeps_own_books_or_officer,
    Permission.STATISTICS_DECLARE: _keeps_own_books,
    Permission.ALLIANCE_DESK_VIEW: _officer,
    Permission.OPERATOR_DESK_VIEW: _operator,
    Permission.STATEMENT_IMPORT: _operator,
    Permission.BANK_LINE_RESOLVE: _operator,
    Permission.REFUND_SEND: _operator,
    Permission.CASH_REMIT: _operator,
    Permission.PAYOUT_RECORD: _operator,
}


def allows(actor: Actor, permission: Permission, subject: object) -> bool:
    """Whether the table lets `actor` do it to `subject`. `SYSTEM` may do everything."""
    return actor.is_system or RULES[permission](actor, subject)


def authorize(actor: Actor, permission: Permission, subject: object) -> None:
    """Return if the table allows it; raise `NotAllowedError` if not."""
    if not allows(actor, permission, subject):
        raise NotAllowedError(permission=str(permission))
