"""The cells of the matrix: who asks for what of whom, and what must come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from models.accounts import Role
from tests.proofs.authorization.policy import POLICY, Kind, Rule
from tests.proofs.authorization.requests import (
    MISSING,
    THINGS,
    buying_values,
    contract_values,
    desk_values,
    public_values,
    staff_values,
)
from tests.proofs.world import SELLER_ROLES, Market

ANONYMOUS, CONSUMER, BUYER = "anonymous", "consumer", "enterprise buyer"
PROVINCIAL = "officer of another province"
ROLES: Final = (
    ANONYMOUS,
    CONSUMER,
    BUYER,
    *map(str, SELLER_ROLES),
    "officer",
    PROVINCIAL,
    "operator",
)
OF_ALLIANCES: Final = frozenset({Kind.ALLIANCE, Kind.NATIONAL})
"""Where it matters which alliance an officer is of; elsewhere all of them are asked as one."""


class Target(StrEnum):
    """Whose thing is asked for."""

    OWN = "own"
    MIXED = "own, with a foreign part"
    FOREIGN = "foreign thing"
    ELSEWHERE = "foreign desk"
    PART_GONE = "own, with a missing part"
    GONE = "missing thing"
    NOWHERE = "missing desk"


class Answer(StrEnum):
    """What must come back."""

    DONE = "2xx, 3xx, or 422 for the form"
    SIGN_IN = "303 to the sign-in page"
    FORBIDDEN = "403"
    UNKNOWN = "404"
    NOTHING = "as if it had been done before, and nothing done"
    REFUSED = "403 or 404, the same for what is foreign and what does not exist"


KINDS: Final = {
    "alliance.figures_file": ("csv", "xlsx"),
    "cooperative.revenue_file": ("csv", "xlsx", "pdf"),
    "cooperative.supply_file": ("csv", "xlsx"),
    "cooperative.register_file": ("csv", "xlsx"),
    "checkout.pay_code": ("svg", "png"),
}
"""Files of several kinds at one endpoint."""

PARTS: Final = frozenset({Target.MIXED, Target.PART_GONE})

GONE_IS_GONE: Final = frozenset({"POST cooperative.remove_photo"})
"""What says "done" of a part of one's own thing that is not there: a second click may do that."""


@dataclass(frozen=True)
class Cell:
    """One question and the answer that the policy wants."""

    role: str
    target: Target
    values: dict[str, Any]
    answer: Answer


def cells_of(key: str, arguments: frozenset[str], market: Market) -> Iterator[Cell]:
    """All cells of an endpoint and method.

    Args:
        key: "GET storefront.show_home".
        arguments: the parameters in its address.
        market: the world.
    """
    rule, endpoint = POLICY[key], key.split()[1]
    for role in ROLES:
        if role == PROVINCIAL and rule.kind not in OF_ALLIANCES:
            continue
        for target, found in _targets(rule, role, endpoint, arguments, market):
            answer = _answer(rule, role, target)
            if key in GONE_IS_GONE and answer == Answer.UNKNOWN and target in PARTS:
                answer = Answer.NOTHING
            for kind in KINDS.get(endpoint, ("",)):
                values = {**found, "kind": kind}
                yield Cell(role, target, {name: values[name] for name in arguments}, answer)


def _targets(
    rule: Rule, role: str, endpoint: str, arguments: frozenset[str], market: Market
) -> Iterator[tuple[Target, dict[str, Any]]]:
    if rule.kind == Kind.DESK:
        yield from _desk_targets(role, endpoint, arguments, market)
        return
    if rule.kind == Kind.BUYING:
        yield from _buying_targets(role, endpoint, arguments, market)
        return
    if rule.kind == Kind.CONTRACT:
        yield from _contract_targets(role, market)
        return
    is_staff = rule.kind in {*OF_ALLIANCES, Kind.MARKET}
    own = staff_values(market, endpoint) if is_staff else public_values(market, endpoint)
    names_a_thing = bool(arguments - {"kind", "width"})
    is_elsewhere = role == PROVINCIAL and rule.kind == Kind.ALLIANCE and names_a_thing
    yield Target.FOREIGN if is_elsewhere else Target.OWN, own
    if rule.kind == Kind.ORDER:
        yield Target.FOREIGN, {**own, "number": market.d.order.number}
    if rule.kind == Kind.SESSION:
        yield Target.FOREIGN, {**own, "session_id": market.d.session.id}
    if names_a_thing:
        yield Target.GONE, own | MISSING


def _desk_targets(
    role: str, endpoint: str, arguments: frozenset[str], market: Market
) -> Iterator[tuple[Target, dict[str, Any]]]:
    own, foreign = (desk_values(seller, endpoint) for seller in (market.a, market.b))
    organisations = {
        BUYER: market.enterprise,
        "officer": market.alliance,
        "operator": market.operator_of,
    }
    if role in organisations:
        yield Target.OWN, {**own, "code": organisations[role].code, **market.teams[role]}
    elif role in SELLER_ROLES:
        yield Target.OWN, own
        things = [name for name in THINGS if name in arguments]
        if len(things) > 1:
            yield Target.MIXED, {**own, things[-1]: foreign[things[-1]]}
            yield Target.PART_GONE, {**own, things[-1]: MISSING[things[-1]]}
        if things:
            yield Target.FOREIGN, {**foreign, "code": own["code"]}
            yield Target.GONE, {**own, **MISSING, "code": own["code"]}
    yield Target.ELSEWHERE, foreign
    yield Target.NOWHERE, {**foreign, "code": MISSING["code"]}


def _buying_targets(
    role: str, endpoint: str, arguments: frozenset[str], market: Market
) -> Iterator[tuple[Target, dict[str, Any]]]:
    own, foreign = (buying_values(each, endpoint) for each in (market.buying, market.rival))
    codes = {"officer": market.alliance, "operator": market.operator_of}
    codes |= dict.fromkeys(map(str, SELLER_ROLES), market.a.organisation)
    if role == BUYER:
        yield Target.OWN, own
        things = [name for name in THINGS if name in arguments]
        if len(things) > 1:
            yield Target.MIXED, {**own, things[-1]: foreign[things[-1]]}
            yield Target.PART_GONE, {**own, things[-1]: MISSING[things[-1]]}
        if things:
            yield Target.FOREIGN, {**foreign, "code": own["code"]}
            yield Target.GONE, {**own, **MISSING, "code": own["code"]}
    elif role in codes:
        yield Target.OWN, {**own, "code": codes[role].code}
    yield Target.ELSEWHERE, foreign
    yield Target.NOWHERE, {**foreign, "code": MISSING["code"]}


def _contract_targets(role: str, market: Market) -> Iterator[tuple[Target, dict[str, Any]]]:
    """The seller `a` has a contract with the rival, the enterprise has one with `b`."""
    own, foreign = (contract_values(seller, seller.organisation) for seller in (market.a, market.b))
    if role == BUYER:
        own = contract_values(market.b, market.enterprise)
        foreign = contract_values(market.a, market.rival.organisation)
    staff = {"officer": market.alliance, "operator": market.operator_of}
    if role in staff:
        yield Target.OWN, {**own, "code": staff[role].code}
    elif role == BUYER or role in SELLER_ROLES:
        yield Target.OWN, own
        yield Target.FOREIGN, {**foreign, "code": own["code"]}
        yield Target.GONE, {**own, **MISSING, "code": own["code"]}
    yield Target.ELSEWHERE, foreign
    yield Target.NOWHERE, {**foreign, "code": MISSING["code"]}


def _answer(rule: Rule, role: str, target: Target) -> Answer:
    is_own = target == Target.OWN
    if rule.kind in {Kind.EVERYBODY, Kind.LETTER, Kind.ORDER}:
        is_theirs = rule.kind != Kind.ORDER or role == CONSUMER
        return Answer.DONE if is_own and is_theirs else Answer.UNKNOWN
    invited = {ANONYMOUS: Answer.SIGN_IN, CONSUMER: Answer.DONE}
    if rule.kind == Kind.INVITATION:
        return invited.get(role, Answer.FORBIDDEN) if is_own else Answer.UNKNOWN
    if role == ANONYMOUS or rule.kind == Kind.PERSON:
        return Answer.SIGN_IN if role == ANONYMOUS else Answer.DONE
    if rule.kind in {Kind.DESK, Kind.BUYING, Kind.CONTRACT}:
        return _desk_answer(rule, role, target)
    if role == PROVINCIAL and rule.kind == Kind.NATIONAL:
        return Answer.FORBIDDEN
    owners = {
        Kind.SESSION: {CONSUMER},
        Kind.HELPER: {Role.OFFICER},
        Kind.ALLIANCE: {Role.OFFICER, PROVINCIAL},
        Kind.NATIONAL: {Role.OFFICER},
        Kind.MARKET: {Role.OPERATOR},
    }
    return Answer.DONE if is_own and role in owners[rule.kind] else Answer.UNKNOWN


def _desk_answer(rule: Rule, role: str, target: Target) -> Answer:
    if target == Target.OWN:
        return Answer.DONE if role in rule.roles else Answer.FORBIDDEN
    if target in {Target.ELSEWHERE, Target.NOWHERE} or role in rule.roles:
        return Answer.UNKNOWN
    return Answer.REFUSED
