"""Pages of lists, words for states, menus of desks."""

from types import SimpleNamespace

import pytest
from flask import g, render_template_string, session

from blueprints.desks import base_of, current_desk
from blueprints.paging import GAP, page_request, page_url, page_window
from blueprints.security import SignedIn
from blueprints.states import STATES, badge, state_badge, state_word
from marketplace.accounts.permissions import Actor
from marketplace.platform.translation import using_locale
from models.accounts import OrganisationKind, Role, VerificationState
from models.catalogue import ProductState
from models.certification import CertificateState
from models.membership import ImportState
from models.onboarding import ApplicationState, ItemState
from models.orders import OrderState, SellerOrderState
from models.payments import BankLineOutcome, CashState, PaymentState, RefundState


@pytest.mark.parametrize(
    ("at", "last", "shown"),
    [
        (1, 1, [1]),
        (1, 2, [1, 2]),
        (1, 9, [1, 2, GAP, 9]),
        (3, 9, [1, 2, 3, 4, GAP, 9]),
        (4, 9, [1, 2, 3, 4, 5, GAP, 9]),
        (5, 9, [1, GAP, 4, 5, 6, GAP, 9]),
        (9, 9, [1, GAP, 8, 9]),
    ],
)
def test_the_pages_around_the_present_one_are_shown(at, last, shown):
    assert page_window(at, last) == shown


def test_the_address_of_a_page_keeps_the_filters(frame_app):
    with frame_app.test_request_context("/san-pham?nhom=che&chung-nhan=a&chung-nhan=b&trang=3"):
        assert page_request(24).number == 3
        assert page_url(4) == "/san-pham?nhom=che&chung-nhan=a&chung-nhan=b&trang=4"
        assert page_url(1) == "/san-pham?nhom=che&chung-nhan=a&chung-nhan=b"
        assert page_url(2, {"q": "cà phê", "tinh": ""}) == "/san-pham?q=c%C3%A0+ph%C3%AA&trang=2"
        assert page_url(1, {}) == "/san-pham"


def test_nonsense_is_the_first_page(frame_app):
    for asked in ("x", "-3", "0", "99999999999999999999"):
        with frame_app.test_request_context(f"/san-pham?trang={asked}"):
            assert page_request(24).number >= 1


@pytest.mark.parametrize(
    ("kind", "states"),
    [
        ("product", ProductState),
        ("certificate", CertificateState),
        ("application", ApplicationState),
        ("application_item", ItemState),
        ("organisation", VerificationState),
        ("order", OrderState),
        ("seller_order", SellerOrderState),
        ("payment", PaymentState),
        ("cash", CashState),
        ("refund", RefundState),
        ("bank_line", BankLineOutcome),
        ("register_import", ImportState),
    ],
)
def test_every_state_of_the_models_has_a_word_and_a_shape(kind, states):
    for state in states:
        assert state_word(kind, state)
        assert STATES[kind][state].glyph


def test_a_state_is_shown_as_word_shape_and_colour():
    shown = state_badge("payment", PaymentState.PAID)

    assert shown.startswith('<span class="badge ok"><svg class="i"')
    assert shown.endswith("Đã thanh toán</span>")


def test_a_badge_escapes_its_text():
    assert badge("<b>") == '<span class="badge">&lt;b&gt;</span>'


def test_the_badge_follows_the_language(monkeypatch):
    monkeypatch.setattr(
        "blueprints.states.gettext", lambda text: {"Đã huỷ": "Cancelled"}.get(text, text)
    )
    with using_locale("en"):
        assert "Cancelled" in state_badge("order", "cancelled")


def desk_of(app, path, kind=OrganisationKind.COOPERATIVE, role=Role.DIRECTOR, **counts):
    member = SimpleNamespace(
        organisation_id=7,
        code="CUMGAR",
        slug="cu-mgar",
        short_name="HTX Cư Mgar",
        verification="verified",
        kind=kind,
        role=role,
    )
    with app.test_request_context(path):
        g._login_user = SignedIn("t", SimpleNamespace(memberships=(member,)))
        g.acting_membership = member
        g.acting = Actor(5, 7, kind, role)
        return current_desk(counts)


def labels(desk) -> list[str]:
    return [link.label for _, links in desk.groups for link in links]


def test_a_director_sees_the_whole_desk(frame_app):
    desk = desk_of(frame_app, "/quay/CUMGAR/don/CM1", don=9)

    assert desk.name == "HTX Cư Mgar"
    assert labels(desk) == [
        "Hôm nay",
        "Đơn hàng",
        "Sản phẩm, giá",
        "Lô và nguồn gốc",
        "Dự báo sản lượng",
        "Chứng nhận",
        "Giữ hẹn",
        "Yêu cầu báo giá",
        "Báo giá đã gửi",
        "Hợp đồng",
        "Sổ doanh thu",
        "Đối soát, nhận tiền",
        "Tài khoản ngân hàng",
        "Sổ thành viên",
        "Thửa đất",
        "Vùng trồng",
        "Vốn góp",
        "Số liệu năm",
        "Cài đặt",
        "Người của tổ chức",
        "Liên hiệp",
        "Cho làm thay",
        "Trang công khai",
    ]
    assert desk.groups[-1][1][-1].url == "/hop-tac-xa/cu-mgar"
    here = [link for _, links in desk.groups for link in links if link.is_current]
    assert [(link.url, link.count) for link in here] == [("/quay/CUMGAR/don", 9)]
    assert [tab.label for tab in desk.tabs] == ["Hôm nay", "Đơn", "Sản phẩm", "Lô", "Tiền"]
    assert desk.has_others is False


def test_a_warehouse_keeper_sees_no_money(frame_app):
    desk = desk_of(frame_app, "/quay/CUMGAR", role=Role.WAREHOUSE)

    assert not {"Sổ doanh thu", "Đối soát, nhận tiền", "Vốn góp", "Cài đặt"} & set(labels(desk))
    assert [title for title, _ in desk.groups] == ["", "Thành viên", "Tổ chức"]


def test_the_operator_and_the_alliance_have_desks_of_their_own(frame_app):
    operator = desk_of(frame_app, "/van-hanh/sao-ke", OrganisationKind.OPERATOR, Role.OPERATOR)
    alliance = desk_of(frame_app, "/lien-minh", OrganisationKind.ALLIANCE, Role.OFFICER)

    assert "Sao kê ngân hàng" in labels(operator)
    assert [link.url for _, links in alliance.groups for link in links if link.is_current] == [
        "/lien-minh"
    ]
    assert base_of("operator", "CHOMUA") == "/van-hanh"


def test_whoever_buys_for_an_enterprise_finds_its_requests_and_nothing_to_sell(frame_app):
    desk = desk_of(frame_app, "/quay/CUMGAR/nhom", OrganisationKind.ENTERPRISE, Role.BUYER)

    assert [(link.url, link.is_current) for _, links in desk.groups for link in links] == [
        ("/mua-hang/CUMGAR", False),
        ("/mua-hang/CUMGAR/nguon-hang", False),
        ("/mua-hang/CUMGAR/yeu-cau", False),
        ("/hop-dong/CUMGAR", False),
        ("/mua-hang/CUMGAR/thanh-toan", False),
        ("/mua-hang/CUMGAR/hang-hop-dong", False),
        ("/quay/CUMGAR/nhom", True),
    ]


def test_whoever_acts_for_nobody_has_no_desk(frame_app):
    with frame_app.test_request_context("/"):
        assert current_desk() is None


def test_the_desk_is_drawn_with_its_menu(frame_app):
    member = SimpleNamespace(
        organisation_id=7,
        code="CUMGAR",
        slug="cu-mgar",
        short_name="HTX Cư Mgar",
        verification="verified",
        kind=OrganisationKind.COOPERATIVE,
        role=Role.DIRECTOR,
    )
    page = '{% extends "desk.html" %}{% block main %}<p>9</p>{% endblock %}'
    with frame_app.test_request_context("/quay/CUMGAR/don"):
        person = SimpleNamespace(full_name="H’Len Niê", memberships=(member, member))
        session["_user_id"] = "t"
        g._login_user = SignedIn("t", person)
        g.acting_membership = member
        g.acting = Actor(5, 7, member.kind, member.role)
        html = render_template_string(page, desk_counts={"don": 18})

    assert '<a href="/quay/CUMGAR/don" aria-current="page">' in html
    assert '<span class="n">18</span>' in html
    assert "Đổi tổ chức" in html
    assert html.count("<main") == 1
    assert "<p>9</p>" in html
