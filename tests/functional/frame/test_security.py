"""Views are closed unless they are marked; nobody is sent to a foreign address."""

from types import SimpleNamespace

import pytest
from flask import session
from werkzeug.exceptions import Unauthorized

from blueprints import security
from blueprints.security import (
    acting_as,
    acting_for,
    acting_membership,
    can,
    current_actor,
    current_session,
    current_viewer,
    end_session,
    is_local,
    safe_next,
    start_session,
)
from marketplace.accounts.permissions import Actor, Permission
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFoundError
from models.accounts import OrganisationKind, Role

TOKEN, OLD = "t", "old"


def membership(**changes):
    values = {
        "organisation_id": 7,
        "code": "CUMGAR",
        "slug": "cu-mgar",
        "short_name": "HTX Cư Mgar",
        "kind": OrganisationKind.COOPERATIVE,
        "role": Role.ACCOUNTANT,
    }
    return SimpleNamespace(**values | changes)


@pytest.fixture
def somebody(monkeypatch):
    """An accountant of CUMGAR behind the token "t", and how often we were asked."""
    asked = []
    person = SimpleNamespace(
        user_id=5, full_name="H’Len Niê", last_seen_at=now(), memberships=(membership(),)
    )

    def find(token, *, at):
        asked.append(token)
        return person if token == TOKEN else None

    monkeypatch.setattr(security, "find_session_user", find)
    return asked


def test_a_closed_view_sends_a_visitor_to_sign_in_and_back(page):
    answer = page.get("/kin?thang=11")

    assert answer.status_code == 303
    assert answer.location == "/dang-nhap?next=%2Fkin%3Fthang%3D11"


def test_it_keeps_the_language(page):
    assert page.get("/en/kin").location == "/en/dang-nhap?next=%2Fen%2Fkin"


def test_a_part_of_a_page_asks_the_browser_to_go_there(page):
    answer = page.get("/kin", headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/dang-nhap?next=%2Fkin"


def test_a_token_that_is_no_longer_good_is_a_visitor(page, somebody):
    with page.session_transaction() as cookie:
        cookie["_user_id"] = OLD

    assert page.get("/kin").status_code == 303
    assert somebody == [OLD]


def test_somebody_who_is_signed_in_comes_in(page, somebody):
    with page.session_transaction() as cookie:
        cookie["_user_id"] = TOKEN

    answer = page.get("/kin")

    assert answer.get_data(as_text=True) == "kín"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert somebody == [TOKEN]


def test_a_telephone_on_the_road_stays_signed_in(page, somebody):
    with page.session_transaction() as cookie:
        cookie["_user_id"] = TOKEN

    for address, agent in (("203.0.113.7", "Chrome/140"), ("198.51.100.9", "Chrome/141")):
        answer = page.get(
            "/kin", environ_base={"REMOTE_ADDR": address}, headers={"User-Agent": agent}
        )
        assert answer.status_code == 200


def test_nobody_is_remembered_beside_the_session(page, somebody):
    page.set_cookie("remember_token", f"{TOKEN}|{'0' * 128}")

    assert page.get("/kin").status_code == 303
    assert somebody == []


def test_the_page_shows_the_name(page, somebody):
    with page.session_transaction() as cookie:
        cookie["_user_id"] = TOKEN

    html = page.get("/mau").get_data(as_text=True)

    assert "H’Len Niê" in html
    assert 'href="/quay"' in html


def test_a_visitor_costs_no_question(page, somebody):
    page.get("/mau")

    assert somebody == []


def test_signing_in_starts_a_new_session_with_the_old_basket(frame_app, somebody):
    with frame_app.test_request_context("/"):
        session.update(cart="abc", cart_count=2, csrf="old", rubbish=1)
        assert current_session() is None

        start_session(TOKEN)

        assert dict(session) == {
            "cart": "abc",
            "cart_count": 2,
            "_user_id": TOKEN,
            "_fresh": True,
            "_permanent": True,
        }
        assert current_actor() == Actor(user_id=5)


def test_signing_out_leaves_nothing_and_returns_the_token(frame_app, somebody):
    with frame_app.test_request_context("/"):
        start_session(TOKEN)

        assert end_session() == TOKEN
        assert dict(session) == {}
        assert current_viewer() is None
        with pytest.raises(Unauthorized):
            current_actor()


def test_a_member_acts_for_the_organisation(frame_app, somebody):
    with frame_app.test_request_context("/"):
        start_session(TOKEN)

        actor = acting_for("CUMGAR")

        assert actor == Actor(5, 7, OrganisationKind.COOPERATIVE, Role.ACCOUNTANT)
        assert acting_membership().code == "CUMGAR"


def test_a_stranger_learns_nothing_of_an_organisation(frame_app, somebody):
    with frame_app.test_request_context("/"):
        with pytest.raises(NotFoundError):
            acting_for("CUMGAR")
        start_session(TOKEN)
        with pytest.raises(NotFoundError):
            acting_for("OTHER")
        with pytest.raises(NotFoundError):
            acting_as(OrganisationKind.OPERATOR)


def test_templates_ask_as_whom_the_reader_acts(frame_app, somebody):
    own, foreign = SimpleNamespace(organisation_id=7), SimpleNamespace(organisation_id=8)
    with frame_app.test_request_context("/"):
        assert not can(Permission.REVENUE_VIEW, own)
        start_session(TOKEN)
        acting_for("CUMGAR")

        assert can(Permission.REVENUE_VIEW, own)
        assert not can(Permission.REVENUE_VIEW, foreign)
        assert not can(Permission.PRODUCT_EDIT, own)


@pytest.mark.parametrize("address", ["/", "/quay/CUMGAR?thang=11", "/en/gio-hang", "/a//b"])
def test_a_path_of_ours_is_local(address):
    assert is_local(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\nb",
        "/\tevil",
        "quay",
        "/a\\b",
    ],
)
def test_anything_else_is_not(address):
    assert not is_local(address)


def test_next_is_followed_only_at_home(frame_app):
    with frame_app.test_request_context("/dang-nhap?next=/quay"):
        assert safe_next() == "/quay"
    with frame_app.test_request_context("/dang-nhap?next=//evil.example"):
        assert safe_next("/tai-khoan") == "/tai-khoan"
