"""Whoever acts on behalf does exactly what was agreed to: every page of a desk, every scope.

Which scope opens which address is written here by hand, apart from the table in `permissions`.
"""

from typing import Any, Final

import pytest
from sqlalchemy import select, text

from blueprints.deeds import DEEDS
from marketplace.platform.database import db
from models.consents import ConsentScope
from models.platform import AuditEvent, StateChange
from tests.proofs.authorization.policy import POLICY, Kind
from tests.proofs.authorization.requests import MISSING, desk_values, form_of
from tests.proofs.authorization.test_matrix import CHANGES_NOTHING, addresses
from tests.proofs.authorization.visitor import Visitor

ANY: Final = frozenset[str]()
"""A consent to anything lets its holder look at the desk."""
PRODUCTS, CERTIFICATES, LOTS, ORDERS = (frozenset({str(scope)}) for scope in ConsentScope)

NEEDED: Final[dict[str, frozenset[str]]] = {
    "GET cooperative.show_today": ANY,
    "GET cooperative.list_products": ANY,
    "GET cooperative.show_product": ANY,
    "GET cooperative.list_lots": ANY,
    "GET cooperative.show_lot": ANY,
    "GET cooperative.print_labels": ANY,
    "GET cooperative.list_certificates": ANY,
    "GET cooperative.show_certificate": CERTIFICATES,
    "GET cooperative.show_paper": CERTIFICATES,
    "POST cooperative.cover_products": CERTIFICATES,
    "POST cooperative.cover_plots": CERTIFICATES,
    "POST cooperative.share_paper": CERTIFICATES,
    "GET cooperative.claim_certificate": CERTIFICATES,
    "POST cooperative.claim_certificate": CERTIFICATES,
    "GET cooperative.choose_certificates": PRODUCTS,
    "POST cooperative.choose_certificates": PRODUCTS | CERTIFICATES,
    "GET cooperative.create_product": PRODUCTS,
    "POST cooperative.create_product": PRODUCTS,
    "GET cooperative.edit_product": PRODUCTS,
    "POST cooperative.edit_product": PRODUCTS,
    "GET cooperative.list_photos": PRODUCTS,
    "POST cooperative.list_photos": PRODUCTS,
    "POST cooperative.arrange_photos": PRODUCTS,
    "POST cooperative.remove_photo": PRODUCTS,
    "POST cooperative.publish_product": PRODUCTS,
    "POST cooperative.archive_product": PRODUCTS,
    "POST cooperative.restore_product": PRODUCTS,
    "GET cooperative.list_packs": PRODUCTS,
    "POST cooperative.list_packs": PRODUCTS,
    "GET cooperative.edit_pack": PRODUCTS,
    "POST cooperative.edit_pack": PRODUCTS,
    "POST cooperative.change_price": PRODUCTS,
    "POST cooperative.retire_pack": PRODUCTS,
    "POST cooperative.return_pack": PRODUCTS,
    "GET cooperative.show_supplies": PRODUCTS,
    "GET cooperative.supply_file": PRODUCTS,
    "GET cooperative.show_supply": PRODUCTS,
    "POST cooperative.write_supply": PRODUCTS,
    "POST cooperative.undo_supply": PRODUCTS,
    "GET cooperative.receive": LOTS,
    "POST cooperative.receive": LOTS,
    "POST cooperative.add_event": LOTS,
    "POST cooperative.add_photo": LOTS,
    "POST cooperative.count_stock": LOTS,
    "GET cooperative.list_orders": ORDERS,
    "GET cooperative.show_order": ORDERS,
    "GET cooperative.print_slip": ORDERS,
    "POST cooperative.print_slips": ORDERS,
    "POST cooperative.confirm_orders": ORDERS,
    "POST cooperative.confirm_order": ORDERS,
    "POST cooperative.cancel_order": ORDERS,
    "POST cooperative.pack_order": ORDERS,
    "POST cooperative.hand_over_order": ORDERS,
    "POST cooperative.deliver_order": ORDERS,
}
"""What takes a consent; an address of a desk that has no line is closed to everybody who helps."""

DESK: Final = [key for key, rule in POLICY.items() if rule.kind == Kind.DESK]
CONSENTS: Final = [*PRODUCTS, *CERTIFICATES, *LOTS, *ORDERS, "everything"]


@pytest.fixture(scope="module")
def helper(stage):
    """The officer of the alliance, who acts on behalf of `a`."""
    market = stage.market
    helped = {"consent": market.a.consent.id, "code": market.a.organisation.code, "name": "HTX"}
    yield Visitor(stage, stage.cookie(market.officer, helping=helped))
    db.session.remove()


@pytest.fixture(scope="module", params=CONSENTS)
def scopes(stage, request):
    """What `a` has agreed to."""
    agreed = [str(each) for each in ConsentScope]
    agreed = agreed if request.param == "everything" else [request.param]
    stage.connection.execute(
        text("update consents set scopes = :scopes where id = :id"),
        {"scopes": agreed, "id": stage.market.a.consent.id},
    )
    return frozenset(agreed)


def ask(stage, visitor, key, *, code=None, **more: Any):
    """Send the request as the form would, about a thing of `a`."""
    method, endpoint = key.split()
    seller = stage.market.a
    values = {**desk_values(seller, endpoint), "kind": "csv"}
    values["code"] = code or values["code"]
    needed = addresses(stage.app)[key]
    address = stage.app.url_map.bind("localhost").build(
        endpoint, {name: values[name] for name in needed}, method
    )
    data = form_of(stage.market, seller, endpoint) if method == "POST" else None
    return visitor.ask(method, address, data=data, **more)


def test_every_line_is_about_an_address_of_a_desk():
    assert set(NEEDED) <= set(DESK)


@pytest.mark.parametrize("key", DESK)
def test_a_helper_does_what_was_agreed_to_and_nothing_else(stage, helper, scopes, key):
    outcome = ask(stage, helper, key)

    if key in NEEDED and NEEDED[key] <= scopes:
        assert outcome.status < 400
        assert outcome.written or key.startswith("GET ") or key in CHANGES_NOTHING
    else:
        assert outcome.status in {403, 404}
        assert outcome.written == 0


def test_the_desk_of_nobody_else_opens(stage, helper, scopes):
    other = stage.market.b.organisation.code
    foreign, missing = (
        ask(stage, helper, "GET cooperative.show_today", code=code)
        for code in (other, MISSING["code"])
    )

    assert foreign.status == 404
    assert foreign == missing


@pytest.mark.parametrize(
    "key", [key for key in NEEDED if key.startswith("POST ") and key not in CHANGES_NOTHING]
)
def test_every_trace_names_both(stage, helper, key):
    stage.connection.execute(
        text("update consents set scopes = :scopes where id = :id"),
        {"scopes": [str(each) for each in ConsentScope], "id": stage.market.a.consent.id},
    )
    market = stage.market
    unnamed: set[str] = set()

    def traces():
        rows = []
        for kind in (AuditEvent, StateChange):
            columns = (kind.actor_user_id, kind.actor_organisation_id, kind.on_behalf_of_id)
            if kind is AuditEvent:
                done = kind.on_behalf_of_id == market.a.organisation.id
                unnamed.update(
                    set(db.session.scalars(select(kind.action).where(done))) - set(DEEDS)
                )
            rows += db.session.execute(
                select(*columns).where(kind.actor_user_id == market.officer.id)
            ).all()
        return [tuple(row) for row in rows]

    before = traces()
    db.session.remove()
    outcome = ask(stage, helper, key, look=traces)

    added = outcome.seen[len(before) :] if len(outcome.seen) > len(before) else []
    new = [row for row in outcome.seen if row[2] is not None]
    assert added
    assert unnamed == set()
    assert set(new) == {(market.officer.id, market.alliance.id, market.a.organisation.id)}


def test_without_its_consent_the_cookie_opens_nothing(stage, helper):
    def after(change):
        undo = stage.connection.begin_nested()
        stage.connection.execute(text(f"update consents set {change} where id = :id"), ids)  # noqa: S608
        outcome = ask(stage, helper, "GET cooperative.list_products")
        undo.rollback()
        return outcome.status

    ids = {"id": stage.market.a.consent.id}

    assert after("ended_at = now()") == 403
    assert after("from_on = current_date - 9, until_on = current_date - 8") == 403
    assert after(f"helper_organisation_id = {stage.market.operator_of.id}") == 403
    assert ask(stage, helper, "GET cooperative.list_products").status == 200
