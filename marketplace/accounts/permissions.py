"""Who may do what: one table for pages, JSON, jobs and commands alike."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from marketplace.accounts.helping import require_consent
from marketplace.kernel.errors import ForbiddenError
from marketplace.kernel.translation import mark
from models.accounts import SELLER_KINDS, OrganisationKind, Role
from models.consents import ConsentScope


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, and for which organisation. `role` is theirs within `organisation_id`.

    A person who acts for nobody but themselves has no organisation; a job or a command is
    `SYSTEM`, which has no user either. Whoever came by the signed link of an order, with or
    without an account, has its id in `order_id` and may do to that order what its buyer may; with
    `application_id` it is the same for an application to join.

    Staff of an alliance or a union who act on behalf of a cooperative have the cooperative as
    `organisation_id` and their own as `helper_organisation_id`; they may do what the `scopes` of
    the consent `consent_id` cover, and nothing else.
    """

    user_id: int | None
    organisation_id: int | None = None
    kind: str | None = None
    role: str | None = None
    is_system: bool = False
    order_id: int | None = None
    application_id: int | None = None
    helper_organisation_id: int | None = None
    consent_id: int | None = None
    scopes: frozenset[str] = frozenset()


SYSTEM = Actor(user_id=None, is_system=True)


class Permission(StrEnum):
    """Everything that can be allowed, as area:thing:action."""

    ORGANISATION_EDIT = "accounts:organisation:edit"
    ORGANISATION_VERIFY = "accounts:organisation:verify"
    ORGANISATION_APPEAL = "accounts:organisation:appeal"
    MEMBERSHIP_VIEW = "accounts:membership:view"
    MEMBERSHIP_MANAGE = "accounts:membership:manage"
    PROFILE_EDIT = "accounts:profile:edit"
    BANK_ACCOUNT_MANAGE = "accounts:bank-account:manage"
    BANK_ACCOUNT_CONFIRM = "accounts:bank-account:confirm"
    CONSENT_MANAGE = "accounts:consent:manage"
    CONSENT_USE = "accounts:consent:use"
    CERTIFICATE_CLAIM = "certification:certificate:claim"
    CERTIFICATE_DECIDE = "certification:certificate:decide"
    CERTIFICATE_FILE_VIEW = "certification:file:view"
    APPLICATION_FILL = "onboarding:application:fill"
    APPLICATION_REVIEW = "onboarding:application:review"
    REQUIREMENT_EDIT = "onboarding:requirement:edit"
    PRODUCT_EDIT = "catalogue:product:edit"
    LOT_RECEIVE = "traceability:lot:receive"
    STOCK_ADJUST = "inventory:stock:adjust"
    MEMBER_VIEW = "membership:member:view"
    MEMBER_EDIT = "membership:member:edit"
    SHARE_RECORD = "membership:share:record"
    PLOT_EDIT = "membership:plot:edit"
    DESK_VIEW = "orders:desk:view"
    SELLER_ORDER_VIEW = "orders:seller-order:view"
    SELLER_ORDER_CONFIRM = "orders:seller-order:confirm"
    SELLER_ORDER_FULFIL = "orders:seller-order:fulfil"
    SELLER_ORDER_CANCEL = "orders:seller-order:cancel"
    PROMISE_VIEW = "orders:promise:view"
    PROMISE_REPLY = "orders:promise:reply"
    ORDER_VIEW = "orders:order:view"
    ORDER_CANCEL = "orders:order:cancel"
    MONEY_VIEW = "ledger:money:view"
    REVENUE_VIEW = "reporting:revenue:view"
    UNION_LEAD = "membership:union:lead"
    UNION_JOIN = "membership:union:join"
    STATISTICS_VIEW = "membership:statistics:view"
    STATISTICS_DECLARE = "membership:statistics:declare"
    SUPPLY_VIEW = "sourcing:supply:view"
    SUPPLY_EDIT = "sourcing:supply:edit"
    SUPPLY_SEARCH = "sourcing:supply:search"
    SEARCH_KEEP = "sourcing:search:keep"
    REQUEST_VIEW = "sourcing:request:view"
    REQUEST_EDIT = "sourcing:request:edit"
    QUOTE_VIEW = "sourcing:quote:view"
    QUOTE_EDIT = "sourcing:quote:edit"
    JOINT_QUOTE_LEAD = "sourcing:joint-quote:lead"
    JOINT_QUOTE_ANSWER = "sourcing:joint-quote:answer"
    AWARD_DECIDE = "sourcing:award:decide"
    ALLIANCE_DESK_VIEW = "accounts:alliance-desk:view"
    ALLIANCE_MANAGE = "accounts:alliance:manage"
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


def _at_buying_desk(*roles: Role) -> Rule:
    """A member of the enterprise that the thing belongs to, in one of `roles`."""
    is_own = _in_own(*roles)

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.kind == OrganisationKind.ENTERPRISE and is_own(actor, thing)

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


def _leads_own_or_operator(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever leads the organisation, or staff of the operator, who may have called there."""
    return _leads_own(actor, thing) or _operator(actor, thing)


def _is_helped_by(actor: Actor, consent: Any) -> bool:  # noqa: ANN401
    """Staff of the alliance or union that a consent was given to."""
    is_staff = actor.kind in HELPER_KINDS and actor.role in HELPER_ROLES
    return is_staff and actor.organisation_id == consent.helper_organisation_id


def _own_certificate_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """A member of its organisation, or staff of an alliance."""
    return actor.organisation_id == thing.organisation_id or _officer(actor, thing)


def _buyer(actor: Actor, order: OfUser) -> bool:
    """The person who ordered while signed in, or whoever holds the order's signed link."""
    if actor.order_id is not None and actor.order_id == order.id:
        return True
    return actor.user_id is not None and actor.user_id == order.buyer_user_id


def _applicant(actor: Actor, application: Any) -> bool:  # noqa: ANN401
    """Whoever holds the mailed link of the application."""
    return actor.application_id is not None and actor.application_id == application.id


def _self(actor: Actor, user: Any) -> bool:  # noqa: ANN401
    """The person themselves."""
    return actor.user_id is not None and actor.user_id == user.id


def _leads_union(actor: Actor, thing: OfOrganisation) -> bool:
    """The director of a union, about the union itself."""
    is_own = actor.organisation_id == thing.organisation_id
    return actor.kind == OrganisationKind.UNION and actor.role == Role.DIRECTOR and is_own


def _sells_for_union(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever sells for a union, about what the union itself does."""
    is_union = actor.kind == OrganisationKind.UNION
    return is_union and _in_own(Role.DIRECTOR, Role.SALES)(actor, thing)


_keeps_own_books = _at_desk(Role.DIRECTOR, Role.ACCOUNTANT)


def _keeps_own_books_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Who leads a seller or keeps its books, or staff of an alliance."""
    return _keeps_own_books(actor, thing) or _officer(actor, thing)


_ANY_SELLER_ROLE = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)
_works_at_desk = _at_desk(*_ANY_SELLER_ROLE)


def _own_desk_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever works at a seller's desk, or staff of an alliance."""
    return _works_at_desk(actor, thing) or _officer(actor, thing)


_works_at_buying_desk = _at_buying_desk(Role.DIRECTOR, Role.BUYER, Role.ACCOUNTANT)


def _buying_desk_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever works at an enterprise's desk, or staff of an alliance."""
    return _works_at_buying_desk(actor, thing) or _officer(actor, thing)


RULES: dict[Permission, Rule] = {
    Permission.ORGANISATION_EDIT: _in_own(Role.DIRECTOR),
    Permission.ORGANISATION_VERIFY: _officer,
    Permission.ORGANISATION_APPEAL: _in_own(Role.DIRECTOR),
    Permission.MEMBERSHIP_VIEW: _in_own(*Role),
    Permission.MEMBERSHIP_MANAGE: _leads_own,
    Permission.PROFILE_EDIT: _self,
    Permission.BANK_ACCOUNT_MANAGE: _leads_own,
    Permission.BANK_ACCOUNT_CONFIRM: _leads_own_or_operator,
    Permission.CONSENT_MANAGE: _at_desk(Role.DIRECTOR),
    Permission.CONSENT_USE: _is_helped_by,
    Permission.CERTIFICATE_CLAIM: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.CERTIFICATE_DECIDE: _officer,
    Permission.CERTIFICATE_FILE_VIEW: _own_certificate_or_officer,
    Permission.APPLICATION_FILL: _applicant,
    Permission.APPLICATION_REVIEW: _officer,
    Permission.REQUIREMENT_EDIT: _officer,
    Permission.PRODUCT_EDIT: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.LOT_RECEIVE: _at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.STOCK_ADJUST: _at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.MEMBER_VIEW: _at_desk(Role.DIRECTOR, Role.WAREHOUSE, Role.ACCOUNTANT),
    Permission.MEMBER_EDIT: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.SHARE_RECORD: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.PLOT_EDIT: _at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.DESK_VIEW: _at_desk(*_ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_VIEW: _at_desk(*_ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_CONFIRM: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.SELLER_ORDER_FULFIL: _at_desk(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE),
    Permission.SELLER_ORDER_CANCEL: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.PROMISE_VIEW: _own_desk_or_officer,
    Permission.PROMISE_REPLY: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.ORDER_VIEW: _buyer,
    Permission.ORDER_CANCEL: _buyer,
    Permission.MONEY_VIEW: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.REVENUE_VIEW: _at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.UNION_LEAD: _leads_union,
    Permission.UNION_JOIN: _at_desk(Role.DIRECTOR),
    Permission.STATISTICS_VIEW: _keeps_own_books_or_officer,
    Permission.STATISTICS_DECLARE: _keeps_own_books,
    Permission.SUPPLY_VIEW: _works_at_desk,
    Permission.SUPPLY_EDIT: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.SUPPLY_SEARCH: _buying_desk_or_officer,
    Permission.SEARCH_KEEP: _works_at_buying_desk,
    Permission.REQUEST_VIEW: _works_at_buying_desk,
    Permission.REQUEST_EDIT: _at_buying_desk(Role.DIRECTOR, Role.BUYER),
    Permission.QUOTE_VIEW: _works_at_desk,
    Permission.QUOTE_EDIT: _at_desk(Role.DIRECTOR, Role.SALES),
    Permission.JOINT_QUOTE_LEAD: _sells_for_union,
    Permission.JOINT_QUOTE_ANSWER: _at_desk(Role.DIRECTOR),
    Permission.AWARD_DECIDE: _at_buying_desk(Role.DIRECTOR, Role.BUYER),
    Permission.ALLIANCE_DESK_VIEW: _officer,
    Permission.ALLIANCE_MANAGE: _officer,
    Permission.OPERATOR_DESK_VIEW: _operator,
    Permission.STATEMENT_IMPORT: _operator,
    Permission.BANK_LINE_RESOLVE: _operator,
    Permission.REFUND_SEND: _operator,
    Permission.CASH_REMIT: _operator,
    Permission.PAYOUT_RECORD: _operator,
}

HELPER_KINDS = frozenset({OrganisationKind.ALLIANCE, OrganisationKind.UNION})
"""Who may act on behalf of a cooperative."""
HELPER_ROLES = frozenset({Role.OFFICER, Role.DIRECTOR, Role.SALES})
"""Their staff who do."""

ON_BEHALF: dict[ConsentScope, frozenset[Permission]] = {
    ConsentScope.PRODUCTS: frozenset(
        {Permission.PRODUCT_EDIT, Permission.SUPPLY_VIEW, Permission.SUPPLY_EDIT}
    ),
    ConsentScope.CERTIFICATES: frozenset(
        {Permission.CERTIFICATE_CLAIM, Permission.CERTIFICATE_FILE_VIEW}
    ),
    ConsentScope.LOTS: frozenset({Permission.LOT_RECEIVE, Permission.STOCK_ADJUST}),
    ConsentScope.ORDERS: frozenset(
        {
            Permission.SELLER_ORDER_VIEW,
            Permission.SELLER_ORDER_CONFIRM,
            Permission.SELLER_ORDER_FULFIL,
            Permission.SELLER_ORDER_CANCEL,
        }
    ),
}
"""What each scope of a consent covers. What is in none of them is never done on behalf."""


@cache
def _consented(scopes: frozenset[str]) -> frozenset[Permission]:
    """What a consent covers: its scopes, and to look at the desk where they are done."""
    covered = (ON_BEHALF[ConsentScope(scope)] for scope in scopes)
    return frozenset({Permission.DESK_VIEW}).union(*covered)


def allows(actor: Actor, permission: Permission, subject: object) -> bool:
    """Whether the table lets `actor` do it to `subject`. `SYSTEM` may do everything."""
    if actor.helper_organisation_id is not None and permission not in _consented(actor.scopes):
        return False
    return actor.is_system or RULES[permission](actor, subject)


def authorize(actor: Actor, permission: Permission, subject: object) -> None:
    """Return if the table allows it.

    Whoever acts on behalf needs a consent that stands, and holds it until the transaction ends.

    Raises:
        NotAllowedError: it does not.
        ConsentEndedError: the consent was withdrawn.
    """
    if not allows(actor, permission, subject):
        raise NotAllowedError(permission=str(permission))
    if actor.consent_id is not None:
        require_consent(actor.consent_id)
