"""Who is asking, and what there is to ask for."""

from dataclasses import dataclass
from enum import StrEnum


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
    CONTRACT_VIEW = "contracts:contract:view"
    CONTRACT_EDIT = "contracts:contract:edit"
    CONTRACT_APPROVE = "contracts:contract:approve"
    CONTRACT_SIGN = "contracts:contract:sign"
    SPENDING_LIMIT_EDIT = "contracts:spending-limit:edit"
    CALL_OFF_MAKE = "contracts:call-off:make"
    DELIVERY_FULFIL = "contracts:delivery:fulfil"
    DELIVERY_ACCEPT = "contracts:delivery:accept"
    DELIVERY_DISPUTE = "contracts:delivery:dispute"
    INVOICE_VIEW = "invoicing:invoice:view"
    REFERENCE_PRICE_EDIT = "contracts:reference-price:edit"
    ALLIANCE_DESK_VIEW = "accounts:alliance-desk:view"
    ALLIANCE_MANAGE = "accounts:alliance:manage"
    OPERATOR_DESK_VIEW = "payments:operator-desk:view"
    STATEMENT_IMPORT = "payments:statement:import"
    BANK_LINE_RESOLVE = "payments:bank-line:resolve"
    REFUND_SEND = "payments:refund:send"
    CASH_REMIT = "payments:cash:remit"
    PAYOUT_RECORD = "payments:payout:record"
