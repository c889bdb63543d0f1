"""Every route × every role × own, foreign and missing things: the answer, and what it changed.

The requests carry what the forms really send: whoever may do a thing does it here, and the test
demands that rows were written. So a refusal is a refusal of something that would have worked.
"""

from collections.abc import Iterator
from itertools import cycle
from typing import Final

import pytest
from argon2 import PasswordHasher
from flask import Flask

from marketplace.accounts import passwords
from marketplace.platform.database import db
from tests.proofs.authorization.cells import (
    ANONYMOUS,
    HEAD,
    PROVINCIAL,
    Answer,
    Cell,
    Target,
    cells_of,
)
from tests.proofs.authorization.policy import POLICY, Kind
from tests.proofs.authorization.requests import form_of
from tests.proofs.authorization.visitor import Outcome, Visitor
from tests.proofs.conftest import Stage

CHANGES_NOTHING: Final = frozenset(
    {
        "POST storefront.choose_province",
        "POST system.show_components",
        "POST cooperative.print_slips",
        "POST account.give_code",  # nobody here owes one
        "POST contracts.begin_from_award",  # nothing here is awarded
        "POST contracts.terminate_contract",  # goods are on their way here
        "POST contracts.send_draft",  # what both sides know of was sent before
        "POST helping.stop",  # what it forgets is in the cookie
    }
)
"""What is sent as a form, and yet writes nothing into the database."""

HAVE_A_PAGE: Final = frozenset(
    {
        "POST account.take_invitation",
        "POST alliance.answer",
        "POST cart.add",
        "POST contracts.accept_arrival",
        "POST contracts.open_dispute",
        "POST contracts.sign",
        "POST checkout.place",
        "POST cooperative.appeal",
        "POST cooperative.declare",
        "POST cooperative.propose_unit",
        "POST cooperative.reply",
        "POST cooperative.reply_beside_delivery",
        "POST cooperative.edit_portrait",
        "POST cooperative.write_supply",
        "POST joining.save_facts",
        "POST joining.save_home",
        "POST joining.save_items",
        "POST joining.save_person",
        "POST joining.start",
        "POST operator.import_statement",
        "POST operator.pay_seller",
        "POST operator.remit_cash",
        "POST operator.send_refund",
    }
)
"""Forms whose address has a page of another name."""

HEADS: Final = frozenset({Target.OWN, Target.ELSEWHERE})
UNPROCESSABLE: Final = 422
LANGUAGES: Final = ("", "/en")
IN_ENGLISH: Final = frozenset({ANONYMOUS, "director", "officer", "operator"})
"""Who asks for what is theirs under the English prefix, too."""


@pytest.fixture(scope="module")
def visitors(stage: Stage) -> Iterator[dict[str, Visitor]]:
    """A visitor for each role. Passwords are hashed cheaply meanwhile."""
    market = stage.market
    people = {
        ANONYMOUS: None,
        "consumer": market.c.user,
        "enterprise buyer": market.enterprise_buyer,
        HEAD: market.enterprise_director,
        **{str(role): user for role, user in market.a.people.items()},
        "officer": market.officer,
        PROVINCIAL: market.provincial_officer,
        "operator": market.operator,
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(1, 8, 1))
        yield {role: Visitor(stage, stage.cookie(user)) for role, user in people.items()}
    db.session.remove()


def addresses(app: Flask) -> dict[str, frozenset[str]]:
    """Every endpoint and method with the parameters of its address."""
    return {
        f"{method} {rule.endpoint}": frozenset(rule.arguments)
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_rule_and_every_rule_a_route(app):
    assert sorted(addresses(app)) == sorted(POLICY)


@pytest.mark.parametrize("key", POLICY)
def test_the_answer_is_what_the_policy_says(stage, visitors, key):
    wrong: list[str] = []
    pages: dict[tuple[str, str, Target], Outcome] = {}
    worked = False
    for cell in cells_of(key, addresses(stage.app)[key], stage.market):
        for language in LANGUAGES:
            outcome = _ask(stage, visitors[cell.role], key, cell, language)
            pages[cell.role, language, cell.target] = outcome
            worked |= cell.answer == Answer.DONE and outcome.written > 0 and outcome.status < 400
            if problem := _problem(key, cell, outcome, language):
                wrong.append(f"{cell.role}, {cell.target} {language or '/vi'}: {problem}")
    wrong += _told_apart(pages)
    if key.startswith("POST ") and key not in CHANGES_NOTHING and not worked:
        wrong.append("nobody could do it: the request proves nothing")

    assert "\n".join(wrong) == ""


class TestTricks:
    """What the address and the form do not say must not be said by the way of asking."""

    @pytest.mark.parametrize("key", [key for key in POLICY if key.startswith("GET ")])
    def test_head_answers_as_get_and_options_tells_nothing(self, stage, visitors, key):
        endpoint = key.split()[1]
        for cell in cells_of(key, addresses(stage.app)[key], stage.market):
            if cell.role not in {ANONYMOUS, "director"} or cell.target not in HEADS:
                continue
            head = _ask(stage, visitors[cell.role], f"HEAD {endpoint}", cell)
            options = _ask(stage, visitors[cell.role], f"OPTIONS {endpoint}", cell)

            assert _problem(key, cell, head, "") == ""
            assert head.words == ""
            assert head.written == 0, "a HEAD that carries a form was taken for a POST"
            assert (options.status in {200, 303}, options.written) == (True, 0)
            assert "<main" not in options.words

    @pytest.mark.parametrize("key", [key for key in POLICY if key.startswith("POST ")])
    def test_a_get_is_never_taken_for_a_post(self, stage, visitors, key):
        endpoint = key.split()[1]
        market = stage.market
        for cell in cells_of(key, addresses(stage.app)[key], market):
            if cell.answer != Answer.DONE:
                continue
            address = stage.app.url_map.bind("localhost").build(endpoint, cell.values, "POST")
            form = form_of(market, market.a, endpoint)
            query = {name: value for name, value in form.items() if not isinstance(value, tuple)}
            outcome = visitors[cell.role].ask(
                "GET",
                address,
                query_string={"_method": "POST", **query},
                headers={"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"},
            )

            has_page = f"GET {endpoint}" in POLICY or key in HAVE_A_PAGE
            assert outcome.status in {404, 405} or (has_page and outcome.status < 400)
            assert outcome.written == 0

    def test_no_route_knows_another_method(self, stage, visitors):
        methods = cycle(("PUT", "PATCH", "DELETE"))
        for key, arguments in addresses(stage.app).items():
            cell = next(iter(cells_of(key, arguments, stage.market)))
            outcome = _ask(stage, visitors["director"], f"{next(methods)} {key.split()[1]}", cell)

            assert (outcome.status, outcome.written) == (405, 0)


def _ask(stage: Stage, visitor: Visitor, key: str, cell: Cell, language: str = "") -> Outcome:
    method, endpoint = key.split()
    address = stage.app.url_map.bind("localhost").build(
        endpoint, cell.values, "POST" if f"GET {endpoint}" not in POLICY else "GET"
    )
    market = stage.market
    seller = market.b if cell.target in {Target.FOREIGN, Target.ELSEWHERE} else market.a
    is_form = method not in {"GET", "OPTIONS"}
    data = form_of(market, seller, endpoint, cell.role) if is_form else None
    return visitor.ask(method, language + address, data=data)


def _problem(key: str, cell: Cell, outcome: Outcome, language: str) -> str:
    status, rule = outcome.status, POLICY[key]
    to_sign_in = status == 303 and outcome.location.startswith(f"{language}/dang-nhap")
    is_open = rule.kind in {Kind.EVERYBODY, Kind.LETTER}
    if key == "POST system.show_components":
        return "" if status == UNPROCESSABLE else f"{status}, not the form with its errors"
    is_right = {
        Answer.DONE: status < 400 and (is_open or not to_sign_in),
        Answer.NOTHING: status < 400 and not to_sign_in,
        Answer.SIGN_IN: to_sign_in,
        Answer.FORBIDDEN: status == 403,
        Answer.UNKNOWN: status == 404,
        Answer.REFUSED: status in {403, 404},
    }[cell.answer]
    if not is_right:
        return f"{status} {outcome.location}, not {cell.answer}"
    # Open pages count how often somebody guesses.
    if cell.answer != Answer.DONE and outcome.written and not is_open:
        return f"{cell.answer}, and yet {outcome.written} rows were written"
    return ""


def _told_apart(pages: dict[tuple[str, str, Target], Outcome]) -> list[str]:
    """Where a foreign thing does not look like one that never was."""
    pairs = {
        Target.FOREIGN: Target.GONE,
        Target.MIXED: Target.PART_GONE,
        Target.ELSEWHERE: Target.NOWHERE,
    }
    return [
        f"{role} {language}: {target} and {pairs[target]} can be told apart"
        for role, language, target in pages
        if not language
        and target in pairs
        and role != ANONYMOUS
        and pages[role, language, target] != pages[role, language, pairs[target]]
    ]
