"""Who may do what: one table for pages, JSON, jobs and commands alike."""

from functools import cache

from marketplace.accounts.helping import require_consent
from marketplace.accounts.permissions.actors import SYSTEM, Actor, Permission
from marketplace.accounts.permissions.conditions import (
    ANY_SELLER_ROLE,
    BUYING_ROLES,
    HELPER_KINDS,
    HELPER_ROLES,
    Rule,
    at_buying_desk,
    at_desk,
    bargains,
    buying_desk_or_officer,
    buys,
    either,
    in_own,
    is_applicant,
    is_buyer,
    is_helped_by,
    is_officer,
    is_operator,
    is_self,
    keeps_own_books,
    keeps_own_books_or_officer,
    leads_own,
    leads_own_or_operator,
    leads_union,
    own_certificate_or_officer,
    own_desk_or_officer,
    quoted_for_seller,
    sells,
    sells_for_union,
    works_at_buying_desk,
    works_at_desk,
)
from marketplace.kernel.errors import ForbiddenError
from marketplace.kernel.translation import mark
from models.accounts import Role
from models.consents import ConsentScope

__all__ = [
    "HELPER_KINDS",
    "HELPER_ROLES",
    "ON_BEHALF",
    "RULES",
    "SYSTEM",
    "Actor",
    "NotAllowedError",
    "Permission",
    "allows",
    "authorize",
]


class NotAllowedError(ForbiddenError):
    """The table says no."""

    code = "accounts.not_allowed"
    message = mark("Bạn không có quyền làm việc này.")


RULES: dict[Permission, Rule] = {
    Permission.ORGANISATION_EDIT: in_own(Role.DIRECTOR),
    Permission.ORGANISATION_VERIFY: is_officer,
    Permission.ORGANISATION_APPEAL: in_own(Role.DIRECTOR),
    Permission.MEMBERSHIP_VIEW: in_own(*Role),
    Permission.MEMBERSHIP_MANAGE: leads_own,
    Permission.PROFILE_EDIT: is_self,
    Permission.BANK_ACCOUNT_MANAGE: leads_own,
    Permission.BANK_ACCOUNT_CONFIRM: leads_own_or_operator,
    Permission.CONSENT_MANAGE: at_desk(Role.DIRECTOR),
    Permission.CONSENT_USE: is_helped_by,
    Permission.CERTIFICATE_CLAIM: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.CERTIFICATE_DECIDE: is_officer,
    Permission.CERTIFICATE_FILE_VIEW: own_certificate_or_officer,
    Permission.APPLICATION_FILL: is_applicant,
    Permission.APPLICATION_REVIEW: is_officer,
    Permission.REQUIREMENT_EDIT: is_officer,
    Permission.PRODUCT_EDIT: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.LOT_RECEIVE: at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.STOCK_ADJUST: at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.MEMBER_VIEW: at_desk(Role.DIRECTOR, Role.WAREHOUSE, Role.ACCOUNTANT),
    Permission.MEMBER_EDIT: at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.SHARE_RECORD: at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.PLOT_EDIT: at_desk(Role.DIRECTOR, Role.WAREHOUSE),
    Permission.DESK_VIEW: at_desk(*ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_VIEW: at_desk(*ANY_SELLER_ROLE),
    Permission.SELLER_ORDER_CONFIRM: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.SELLER_ORDER_FULFIL: at_desk(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE),
    Permission.SELLER_ORDER_CANCEL: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.PROMISE_VIEW: own_desk_or_officer,
    Permission.PROMISE_REPLY: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.ORDER_VIEW: is_buyer,
    Permission.ORDER_CANCEL: is_buyer,
    Permission.MONEY_VIEW: at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.REVENUE_VIEW: at_desk(Role.DIRECTOR, Role.ACCOUNTANT),
    Permission.UNION_LEAD: leads_union,
    Permission.UNION_JOIN: at_desk(Role.DIRECTOR),
    Permission.STATISTICS_VIEW: keeps_own_books_or_officer,
    Permission.STATISTICS_DECLARE: keeps_own_books,
    Permission.SUPPLY_VIEW: works_at_desk,
    Permission.SUPPLY_EDIT: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.SUPPLY_SEARCH: buying_desk_or_officer,
    Permission.SEARCH_KEEP: works_at_buying_desk,
    Permission.REQUEST_VIEW: works_at_buying_desk,
    Permission.REQUEST_EDIT: at_buying_desk(Role.DIRECTOR, Role.BUYER),
    Permission.QUOTE_VIEW: works_at_desk,
    Permission.QUOTE_EDIT: at_desk(Role.DIRECTOR, Role.SALES),
    Permission.JOINT_QUOTE_LEAD: sells_for_union,
    Permission.JOINT_QUOTE_ANSWER: at_desk(Role.DIRECTOR),
    Permission.AWARD_DECIDE: at_buying_desk(Role.DIRECTOR, Role.BUYER),
    Permission.CONTRACT_VIEW: either(
        buys(*BUYING_ROLES, Role.ACCOUNTANT), sells(*ANY_SELLER_ROLE), quoted_for_seller
    ),
    Permission.CONTRACT_EDIT: bargains,
    Permission.CONTRACT_APPROVE: buys(Role.DIRECTOR),
    Permission.CONTRACT_SIGN: either(buys(Role.DIRECTOR), sells(Role.DIRECTOR)),
    Permission.SPENDING_LIMIT_EDIT: at_buying_desk(Role.DIRECTOR),
    Permission.CALL_OFF_MAKE: buys(*BUYING_ROLES),
    Permission.DELIVERY_FULFIL: sells(Role.DIRECTOR, Role.SALES, Role.WAREHOUSE),
    Permission.DELIVERY_ACCEPT: buys(*BUYING_ROLES),
    Permission.DELIVERY_DISPUTE: bargains,
    Permission.INVOICE_VIEW: either(
        buys(*BUYING_ROLES, Role.ACCOUNTANT), sells(Role.DIRECTOR, Role.ACCOUNTANT)
    ),
    Permission.REFERENCE_PRICE_EDIT: is_officer,
    Permission.ALLIANCE_DESK_VIEW: is_officer,
    Permission.ALLIANCE_MANAGE: is_officer,
    Permission.OPERATOR_DESK_VIEW: is_operator,
    Permission.STATEMENT_IMPORT: is_operator,
    Permission.BANK_LINE_RESOLVE: is_operator,
    Permission.REFUND_SEND: is_operator,
    Permission.CASH_REMIT: is_operator,
    Permission.PAYOUT_RECORD: is_operator,
}

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
