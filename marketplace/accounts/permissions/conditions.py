"""Who somebody is to a thing: the conditions that the table of permissions is made of."""

from collections.abc import Callable
from typing import Any, Protocol

from marketplace.accounts.permissions.actors import Actor
from models.accounts import SELLER_KINDS, OrganisationKind, Role


class OfOrganisation(Protocol):
    """Anything that belongs to an organisation."""

    organisation_id: int


class OfUser(Protocol):
    """Anything that a person bought."""

    id: int
    buyer_user_id: int | None


HELPER_KINDS = frozenset({OrganisationKind.ALLIANCE, OrganisationKind.UNION})
"""Who may act on behalf of a cooperative."""
HELPER_ROLES = frozenset({Role.OFFICER, Role.DIRECTOR, Role.SALES})
"""Their staff who do."""

Rule = Callable[[Actor, Any], bool]


def in_own(*roles: Role) -> Rule:
    """A member of the organisation that the thing belongs to, in one of `roles`."""

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.role in roles and actor.organisation_id == thing.organisation_id

    return rule


def at_desk(*roles: Role) -> Rule:
    """A member of the selling organisation that the thing belongs to, in one of `roles`.

    An enterprise has a director and an accountant, too, but nothing to sell here.
    """
    is_own = in_own(*roles)

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.kind in SELLER_KINDS and is_own(actor, thing)

    return rule


def at_buying_desk(*roles: Role) -> Rule:
    """A member of the enterprise that the thing belongs to, in one of `roles`."""
    is_own = in_own(*roles)

    def rule(actor: Actor, thing: OfOrganisation) -> bool:
        return actor.kind == OrganisationKind.ENTERPRISE and is_own(actor, thing)

    return rule


def is_officer(actor: Actor, _thing: object) -> bool:
    """Staff of an alliance."""
    return actor.kind == OrganisationKind.ALLIANCE and actor.role == Role.OFFICER


def is_operator(actor: Actor, _thing: object) -> bool:
    """Staff of the operator of the market."""
    return actor.kind == OrganisationKind.OPERATOR and actor.role == Role.OPERATOR


def leads_own(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever leads the organisation that the thing belongs to.

    A cooperative or an enterprise has directors; an alliance and the operator have only people
    with one role, who are all in charge.
    """
    leads = actor.role == Role.DIRECTOR or is_officer(actor, thing) or is_operator(actor, thing)
    return leads and actor.organisation_id == thing.organisation_id


def leads_own_or_operator(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever leads the organisation, or staff of the operator, who may have called there."""
    return leads_own(actor, thing) or is_operator(actor, thing)


def is_helped_by(actor: Actor, consent: Any) -> bool:  # noqa: ANN401
    """Staff of the alliance or union that a consent was given to."""
    is_staff = actor.kind in HELPER_KINDS and actor.role in HELPER_ROLES
    return is_staff and actor.organisation_id == consent.helper_organisation_id


def own_certificate_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """A member of its organisation, or staff of an alliance."""
    return actor.organisation_id == thing.organisation_id or is_officer(actor, thing)


def is_buyer(actor: Actor, order: OfUser) -> bool:
    """The person who ordered while signed in, or whoever holds the order's signed link."""
    if actor.order_id is not None and actor.order_id == order.id:
        return True
    return actor.user_id is not None and actor.user_id == order.buyer_user_id


def is_applicant(actor: Actor, application: Any) -> bool:  # noqa: ANN401
    """Whoever holds the mailed link of the application."""
    return actor.application_id is not None and actor.application_id == application.id


def is_self(actor: Actor, user: Any) -> bool:  # noqa: ANN401
    """The person themselves."""
    return actor.user_id is not None and actor.user_id == user.id


def leads_union(actor: Actor, thing: OfOrganisation) -> bool:
    """The director of a union, about the union itself."""
    is_own = actor.organisation_id == thing.organisation_id
    return actor.kind == OrganisationKind.UNION and actor.role == Role.DIRECTOR and is_own


def sells_for_union(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever sells for a union, about what the union itself does."""
    is_union = actor.kind == OrganisationKind.UNION
    return is_union and in_own(Role.DIRECTOR, Role.SALES)(actor, thing)


keeps_own_books = at_desk(Role.DIRECTOR, Role.ACCOUNTANT)


def keeps_own_books_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Who leads a seller or keeps its books, or staff of an alliance."""
    return keeps_own_books(actor, thing) or is_officer(actor, thing)


ANY_SELLER_ROLE = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)
works_at_desk = at_desk(*ANY_SELLER_ROLE)


def own_desk_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever works at a seller's desk, or staff of an alliance."""
    return works_at_desk(actor, thing) or is_officer(actor, thing)


works_at_buying_desk = at_buying_desk(Role.DIRECTOR, Role.BUYER, Role.ACCOUNTANT)


def buying_desk_or_officer(actor: Actor, thing: OfOrganisation) -> bool:
    """Whoever works at an enterprise's desk, or staff of an alliance."""
    return works_at_buying_desk(actor, thing) or is_officer(actor, thing)


class OfTwo(Protocol):
    """Anything between a buyer and a seller."""

    buyer_id: int
    seller_id: int


BUYING_ROLES = (Role.DIRECTOR, Role.BUYER)


def sells(*roles: Role) -> Rule:
    """A member of the selling side, in one of `roles`."""

    def rule(actor: Actor, thing: OfTwo) -> bool:
        is_seller = actor.kind in SELLER_KINDS and actor.organisation_id == thing.seller_id
        return is_seller and actor.role in roles

    return rule


def buys(*roles: Role) -> Rule:
    """A member of the buying side, in one of `roles`."""

    def rule(actor: Actor, thing: OfTwo) -> bool:
        buys = actor.kind == OrganisationKind.ENTERPRISE
        return buys and actor.organisation_id == thing.buyer_id and actor.role in roles

    return rule


def either(*rules: Rule) -> Rule:
    """Whoever one of the rules lets through."""

    def rule(actor: Actor, thing: Any) -> bool:  # noqa: ANN401
        return any(each(actor, thing) for each in rules)

    return rule


def quoted_for_seller(actor: Actor, contract: Any) -> bool:  # noqa: ANN401
    """Whoever leads, sells or keeps books for the union that quoted for the seller."""
    is_leader = actor.organisation_id is not None and actor.organisation_id == contract.led_by_id
    return is_leader and actor.role in (Role.DIRECTOR, Role.SALES, Role.ACCOUNTANT)


bargains = either(buys(*BUYING_ROLES), sells(Role.DIRECTOR, Role.SALES))
