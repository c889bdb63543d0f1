"""Right-shaped requests: the address of every endpoint for a target, and what its form sends."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

from marketplace.kernel.clock import business_day, now
from marketplace.membership.yearly.rules import FIGURES
from marketplace.sourcing.supply.rules import field_of
from marketplace.workflows.checkout import key_of_cart
from models.accounts import TokenPurpose
from models.orders import SellerOrderState
from tests.factories.accounts import PASSWORD, code_at
from tests.factories.media import PDF, picture
from tests.factories.orders import CAU_GIAY, HANOI
from tests.factories.payments import csv_of, row
from tests.proofs.arriving import OF_ARRIVALS
from tests.proofs.asking import Buying
from tests.proofs.contracting import written_form
from tests.proofs.delivering import OF_DELIVERIES, call_off_form, delivery_values, move_form
from tests.proofs.world import PROVINCE, Market, Seller

Values = dict[str, Any]

THINGS: Final = (
    "number",
    "lot_code",
    "product_id",
    "pack_id",
    "photo_id",
    "certificate_id",
    "appeal_id",
    "unit_id",
    "membership_id",
    "invitation_id",
    "account_id",
    "household_code",
    "consent_id",
    "import_id",
    "plot_code",
    "area_id",
    "question_id",
    "file_id",
    "search_id",
)
"""Parameters that name a thing of a desk, the one inside after the one around it."""

MISSING: Final[Values] = {
    "code": "KHONGCO",
    "number": "CM000000-00000",
    "lot_code": "KHONG-CO-001",
    "product_id": 987654321,
    "pack_id": 987654321,
    "photo_id": 987654321,
    "certificate_id": 987654321,
    "appeal_id": 987654321,
    "unit_id": 987654321,
    "membership_id": 987654321,
    "invitation_id": 987654321,
    "account_id": 987654321,
    "household_code": "KHONG-CO",
    "consent_id": 987654321,
    "import_id": 987654321,
    "item_id": 987654321,
    "requirement_id": 987654321,
    "plot_code": "KHONG-CO",
    "area_id": 987654321,
    "question_id": 987654321,
    "file_id": 987654321,
    "search_id": 987654321,
    "delivery": "GH000000-00000",
    "line_id": 987654321,
    "invoice_number": "2020-00001",
    "reference": "CM000000000",
    "refund_id": 987654321,
    "session_id": 987654321,
    "slug": "khong-co",
    "sha256": "0" * 64,
    "token": "khong-co-lien-ket-nay",
    "name": "0" * 24,
    "part": "khong-co",
    "filename": "khong/co.css",
}

PLOTS: Final = b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}'

APPLICATIONS: Final = {
    "alliance.approve_application": "ready",
    "alliance.return_application": "faulty",
}
"""Which application an endpoint of the alliance is about, if not the one that waits."""

OF_ALLIANCES: Final = frozenset(
    {"alliance.show_alliance", "alliance.choose_reach", "alliance.invite_first_officer"}
)
"""What is about an alliance."""

LINKS: Final = {
    "account.confirm_email": TokenPurpose.CONFIRM_EMAIL,
    "account.confirm_new_email": TokenPurpose.CHANGE_EMAIL,
}

PART_STATES: Final = {
    "cooperative.confirm_order": SellerOrderState.PLACED,
    "cooperative.cancel_order": SellerOrderState.PLACED,
    "cooperative.reply": SellerOrderState.CANCELLED,
    "cooperative.pack_order": SellerOrderState.CONFIRMED,
    "cooperative.hand_over_order": SellerOrderState.PACKED,
    "cooperative.deliver_order": SellerOrderState.HANDED_OVER,
}


OF_REQUESTS: Final = frozenset(
    {
        "cooperative.show_request",
        "cooperative.show_request_file",
        "cooperative.ask_question",
        "cooperative.edit_quote",
        "cooperative.send_quote",
        "cooperative.withdraw_quote",
    }
)
"""What a seller does with a request for quotation, which has a number, too."""

OF_PROMISED: Final = frozenset(
    {"cooperative.show_promised_delivery", "cooperative.reply_beside_delivery"}
)
"""What is about a late delivery of the seller's contract."""

REQUEST_STATES: Final = {
    "enterprise.publish_request": "draft",
    "enterprise.discard_draft": "draft",
    "enterprise.end_request": "closed",
    "enterprise.open_quotes": "closed",
    "enterprise.compare_quotes": "opened",
    "enterprise.comparison_file": "opened",
    "enterprise.ask_better_quotes": "opened",
    "enterprise.decide_award": "opened",
}
"""Which request a page of an enterprise is about, if not the open one."""

OF_CHARGES: Final = frozenset(
    {
        "contracts.list_invoices",
        "contracts.show_invoice",
        "contracts.invoice_file",
        "contracts.pay_due",
        "contracts.due_code",
    }
)
"""What is about the money of a contract that runs."""

OF_A_NEW_ACCOUNT: Final = frozenset(
    {
        "cooperative.choose_main_account",
        "cooperative.confirm_bank_account",
        "cooperative.close_bank_account",
    }
)
OF_GONE: Final = {"cooperative.return_member", "cooperative.erase_member"}
"""What is done with members who have left."""


def desk_values(seller: Seller, endpoint: str) -> Values:
    """The parameters of a desk's endpoint for a seller's own things."""
    products = {
        "cooperative.publish_product": seller.draft,
        "cooperative.restore_product": seller.archived,
    }
    state = PART_STATES.get(endpoint, SellerOrderState.PACKED)
    is_return = endpoint == "cooperative.return_pack"
    others = {
        "cooperative.appeal": seller.halted,
        "cooperative.propose_unit": seller.union,
        "cooperative.list_led_contracts": seller.union,
    }
    owner = others.get(endpoint, seller.organisation)
    number = seller.parts[state].number
    if endpoint in OF_REQUESTS:
        number = seller.asked.number
    if endpoint == "cooperative.decline_invitation":
        number = seller.invited.number
    if endpoint in OF_PROMISED:
        number = seller.promised.number
    if endpoint == "cooperative.answer_share":
        number = seller.share_number
    unit = "active" if endpoint == "cooperative.end_unit" else "proposed"
    return {
        "code": owner.code,
        "number": number,
        "file_id": seller.asked_file_id,
        "lot_code": seller.lot.code,
        "product_id": products.get(endpoint, seller.product).id,
        "pack_id": (seller.retired if is_return else seller.spare).id,
        "photo_id": seller.photo.id,
        "certificate_id": seller.claimed.id,
        "account_id": seller.accounts[endpoint in OF_A_NEW_ACCOUNT].id,
        "household_code": (seller.gone if endpoint in OF_GONE else seller.member).code,
        "appeal_id": seller.appeal.id,
        "consent_id": seller.consent.id,
        "import_id": (seller.brought_plots if "plot" in endpoint else seller.brought).id,
        "kind": "csv",
        "unit_id": seller.units[unit],
        "year": business_day(now()).year - 1,
        "plot_code": (seller.fallow if endpoint.endswith("return_plot") else seller.plot).code,
        "area_id": seller.area.id,
        **seller.team,
    }


def buying_values(buying: Buying, endpoint: str) -> Values:
    """The parameters of the endpoints of an enterprise's desk."""
    return {
        "code": buying.organisation.code,
        "number": buying.requests[REQUEST_STATES.get(endpoint, "open")].number,
        "question_id": buying.question_id,
        "file_id": buying.file_id,
        "search_id": buying.search_id,
    }


CONTRACTS: Final = {
    "contracts.accept_version": "offered",
    "contracts.withdraw_version": "offered",
    "contracts.decline": "offered",
    "contracts.terminate_contract": "running",
    "contracts.renew_contract": "running",
    "contracts.show_statement": "running",
    "contracts.statement_workbook": "running",
}
"""Which contract a page is about, if not the one that waits for signatures."""


def contract_values(market: Market, endpoint: str, *, is_foreign: bool = False) -> Values:
    """The parameters of the endpoints of a contract, but whose desk it is."""
    dealings = market.dealings
    deal = market.other_deal if is_foreign else market.deal
    if endpoint in OF_ARRIVALS:
        return (dealings.others if is_foreign else dealings.arrivals).values(endpoint)
    if endpoint in OF_CHARGES:
        return (dealings.others if is_foreign else dealings.arrivals).charges.values()
    if endpoint in OF_DELIVERIES:
        return delivery_values(deal, endpoint)
    meant = getattr(dealings, CONTRACTS.get(endpoint, "waiting"))
    contract = dealings.foreign if is_foreign else meant
    return {"number": contract.number, "version": contract.version}


def staff_values(market: Market, endpoint: str) -> Values:
    """The parameters of the alliance's and the operator's endpoints."""
    seller = market.a
    is_decided = endpoint == "alliance.revoke_certificate"
    numbers = {
        "operator.show_payment": market.c.order.number,
        "operator.give_up": market.underpaid.number,
    }
    code = market.pending.code if endpoint == "alliance.verify" else seller.organisation.code
    if endpoint.endswith(("application", "application_paper", "judge_item")):
        code = market.joining.codes[APPLICATIONS.get(endpoint, "waiting")]
    if endpoint in OF_ALLIANCES:
        code = market.unstaffed.code
    if endpoint == "alliance.publish_reference":
        code = "robusta"
    is_restored = endpoint == "alliance.restore_requirement"
    return {
        "item_id": market.joining.items["waiting"],
        "requirement_id": market.joining.ended if is_restored else market.joining.requirement,
        "code": code,
        "certificate_id": (seller.verified if is_decided else seller.claimed).id,
        "appeal_id": market.appeal.id,
        "line_id": market.unknown.id,
        "refund_id": market.refund.id,
        "account_id": seller.accounts[-1].id,
        "number": numbers.get(endpoint, seller.parts["collected"].number),
    }


def public_values(market: Market, endpoint: str) -> Values:
    """The parameters of the endpoints that are open to everybody."""
    seller = market.a
    is_cooperative = endpoint in {
        "storefront.show_cooperative",
        "storefront.show_deliveries",
        "storefront.show_facts",
    }
    token = market.tokens[LINKS.get(endpoint, TokenPurpose.RESET_PASSWORD)]
    if endpoint.endswith("invitation"):
        token = market.invitation
    if endpoint.startswith("joining."):
        token = market.joining.token
    if endpoint == "contracts.follow_calendar":
        token = market.calendar
    return {
        "step": 2,
        "item_id": market.joining.items["draft"],
        "slug": (seller.organisation if is_cooperative else seller.product).slug,
        "sha256": seller.product.cover_sha256,
        "width": 400,
        "part": "chung",
        "code": seller.lot.code,
        "name": market.mail,
        "filename": "css/base.css",
        "certificate_id": seller.verified.id,
        "number": market.c.order.number,
        "consent_id": seller.consent.id,
        "session_id": market.c.session.id,
        "token": token,
    }


def form_of(market: Market, seller: Seller, endpoint: str, role: str = "") -> Values:
    """What the form of an endpoint sends when `seller`, or somebody about it, fills it in.

    Args:
        market: the world.
        seller: whose desk it is.
        endpoint: which form.
        role: who asks; the staff of the alliance and of the operator know one role only.
    """
    make = FORMS.get(endpoint)
    values = make(market, seller) if make else {}
    is_of_staff = "role" in values and role in {"officer", "operator"}
    return values | {"role": role} if is_of_staff else values


def _picture() -> tuple[BytesIO, str]:
    return BytesIO(picture(size=(640, 480), colour=(3, 5, 7))), "anh.jpg"


def _paper() -> tuple[BytesIO, str]:
    return BytesIO(PDF.replace(b"Catalog", b"Catalog /X 1")), "giay.pdf"


def _statement() -> tuple[BytesIO, str]:
    text = csv_of(row(25_000, "chuyen tien", at=now(), reference="FT-MATRIX"))
    return BytesIO(text.encode()), "sao-ke.csv"


def _today() -> str:
    return business_day(now()).isoformat()


MEMBER: Final = {
    "name": "H’Linh Ayũn",
    "kind": "household",
    "province_code": "66",
    "commune_code": "",
    "joined_on": "2021-03-04",
    "code": "MOI-01",
}
AREA: Final = {"market": "domestic", "crop": "Tiêu", "valid_from": "2025-01-01"}
PRODUCT: Final = {
    "name_vi": "Cà phê mới",
    "province_code": "66",
    "commune_code": "",
    **{f"month_{month}": "1" for month in range(1, 13)},
}
ACCOUNT: Final = {"bank_bin": "970405", "number": "5200 2059 98877", "holder": "HTX MOI"}
NEW_PASSWORD: Final = "lúa chín đầy đồng vàng óng"  # noqa: S105 - of nobody

APPLICANT: Final = {
    "phone": "0912345678",
    "contact_name": "Trần Thị Lúa",
    "email": "nop-don@example.com",
    "kind": "cooperative",
}
REQUIREMENT: Final = {
    "topic": "papers",
    "title_vi": "Giấy phép mới",
    "needs_file": "y",
    "province_code": PROVINCE,
}


def _award(market: Market) -> Values:
    """A kilogram of the quote that was opened for each buyer."""
    numbers = (market.buying.quote_number, market.rival.quote_number)
    return {f"{number.replace('-', '_')}_2027_01": "1" for number in numbers}


def _month() -> str:
    return (business_day(now()) + timedelta(days=62)).replace(day=1).isoformat()


def _asked(market: Market) -> Values:
    """A request for quotation as its form sends it."""
    return {
        "title": "Cà phê nhân cho quý tới",
        "category_id": market.buying.requests["open"].category_id,
        "specification": "sàng 18",
        "province_code": "79",
        "commune_code": "",
        "periods-0-month": _month(),
        "periods-0-quantity": "7",
        "audience": "all",
        "closes_on": (business_day(now()) + timedelta(days=20)).isoformat(),
        "closes_hour": "17:00",
    }


FORMS: Final[dict[str, Callable[[Market, Seller], Values]]] = {
    "joining.start": lambda _m, _s: APPLICANT,
    "joining.save_person": lambda _m, _s: APPLICANT,
    "joining.save_facts": lambda _m, _s: {
        "name": "Hợp tác xã Khác",
        "tax_code": "0100109106",
        "legal_representative": "Y Thanh Niê",
    },
    "joining.save_home": lambda _m, s: {
        "province_code": "66",
        "category_ids": [s.draft.category_id],
    },
    "joining.save_items": lambda m, _s: {f"answer_{m.joining.items['draft']}": "trả lời khác"},
    "alliance.judge_item": lambda _m, _s: {"verdict": "accept"},
    "alliance.reject_application": lambda _m, _s: {"reason": "không bán nông sản"},
    "alliance.add_requirement": lambda _m, _s: REQUIREMENT,
    "alliance.change_requirement": lambda _m, _s: REQUIREMENT,
    "alliance.publish_reference": lambda _m, _s: {
        "day": _today(),
        "price": "118500",
        "source": "bản tin giá",
    },
    "alliance.found_alliance": lambda _m, _s: {
        "name": "Liên minh Hợp tác xã tỉnh Cao Bằng",
        "province_code": "04",
        "email": "can-bo@example.com",
    },
    "alliance.choose_reach": lambda _m, _s: {"province_code": "04"},
    "alliance.invite_first_officer": lambda _m, _s: {"email": "can-bo@example.com"},
    "storefront.choose_province": lambda _m, s: {"tinh": HANOI, "san-pham": s.product.slug},
    "account.sign_up": lambda _m, _s: {
        "full_name": "Trần Văn Mới",
        "email": "moi@example.com",
        "password": NEW_PASSWORD,
    },
    "account.sign_in": lambda m, _s: {"email": m.d.user.email, "password": PASSWORD},
    "account.resend_confirmation": lambda m, _s: {"email": m.newcomer.email},
    "account.forgot_password": lambda m, _s: {"email": m.d.user.email},
    "account.confirm_email": lambda _m, _s: {"password": PASSWORD},
    "account.reset_password": lambda _m, _s: {"password": NEW_PASSWORD},
    "account.edit_profile": lambda _m, _s: {"full_name": "Tên Khác", "locale": "vi"},
    "account.change_password": lambda _m, _s: {"current": PASSWORD, "password": NEW_PASSWORD},
    "account.change_email": lambda _m, _s: {"email": "cho-o-moi@example.com"},
    "contracts.begin_contract": lambda m, _s: {
        "ben": m.a.organisation.code,
        "product": str(m.a.product.id),
        "total": "500",
        "base": "90000",
        "starts_on": _today(),
        "ends_on": (business_day(now()) + timedelta(days=40)).isoformat(),
        "province_code": PROVINCE,
    },
    "contracts.send_draft": lambda _m, _s: {"version": "1"},
    "contracts.accept_version": lambda _m, _s: {"version": "1"},
    "contracts.withdraw_version": lambda _m, _s: {"version": "1"},
    "contracts.decline": lambda _m, _s: {"version": "1", "reason": "giá thấp"},
    "contracts.cancel_contract": lambda _m, _s: {"reason": "đổi kế hoạch"},
    "contracts.terminate_contract": lambda _m, _s: {"reason": "không giao"},
    "contracts.comment_line": lambda _m, _s: {"version": "1", "line": "title", "text": "ghi rõ vụ"},
    "contracts.sign": lambda m, _s: {
        "version": "1",
        "sha256": m.dealings.paper_sha256,
        "position": "Giám đốc",
        "code": code_at(now()),
        "has_read": "y",
    },
    "contracts.edit_terms": lambda _m, _s: written_form(),
    "contracts.call_off": lambda _m, _s: call_off_form(),
    "contracts.move_delivery": lambda _m, _s: move_form(),
    "contracts.cancel_delivery": lambda _m, _s: {"reason": "không cần nữa"},
    "contracts.pack_delivery": lambda m, _s: {f"grams-{m.deal.lot_id}": "1 kg"},
    "contracts.ship_delivery": lambda _m, _s: {
        "carrier": "Vận tải An",
        "vehicle": "47C-1",
        "handed_by": "Y Thu",
    },
    "contracts.approve": lambda _m, _s: {"version": "1", "note": "đã xem"},
    "contracts.accept_arrival": lambda m, _s: m.dealings.arrivals.form(),
    "contracts.open_dispute": lambda _m, _s: {"text": "xe đến thiếu giấy"},
    "contracts.settle_dispute": lambda _m, _s: {"text": "đã gửi giấy"},
    "contracts.write_off_return": lambda _m, _s: {"reason": "mốc hết"},
    "contracts.name_own_order": lambda _m, _s: {"po_number": "PO-1", "cost_centre": "CF-02"},
    "enterprise.set_limits": lambda _m, _s: {"one_from": "1000000", "two_from": ""},
    "account.prove_again": lambda _m, _s: {"password": PASSWORD, "code": code_at(now())},
    "account.confirm_factor": lambda _m, _s: {"code": code_at(now())},
    "account.renew_codes": lambda _m, _s: {"code": code_at(now())},
    "account.switch_off_factor": lambda _m, _s: {"code": code_at(now())},
    "cooperative.add_bank_account": lambda _m, _s: {**ACCOUNT},
    "cooperative.change_bank_account": lambda _m, _s: {**ACCOUNT},
    "cooperative.reply_beside_delivery": lambda _m, _s: {"text": "mưa lớn, đường sạt lở"},
    "cooperative.reply": lambda _m, _s: {"text": "mưa lớn, đường sạt lở"},
    "cooperative.appeal": lambda _m, _s: {"text": "giấy đã gia hạn", "file": _paper()},
    "cooperative.ask_question": lambda _m, _s: {"text": "giao mấy đợt"},
    "cooperative.answer_share": lambda _m, s: {"answer": "agree", "seen": s.share_seen},
    "cooperative.edit_quote": lambda _m, _s: {"kind": "fixed", "price": "61000", "act": "draft"},
    "enterprise.ask_better_quotes": lambda _m, _s: {"text": "giao hai đợt thì sao"},
    "enterprise.decide_award": lambda m, _s: {"reason": "giá tốt", **_award(m)},
    "cooperative.decline_invitation": lambda _m, _s: {"reason": "hết hàng"},
    "enterprise.create_request": lambda m, _s: _asked(m),
    "enterprise.edit_request": lambda m, _s: _asked(m),
    "enterprise.publish_request": lambda _m, s: {"codes": s.organisation.code},
    "enterprise.invite_sellers": lambda m, _s: {"codes": m.b.organisation.code},
    "enterprise.answer_question": lambda _m, _s: {"answer": "giao hai đợt"},
    "enterprise.cancel_request": lambda _m, _s: {"reason": "đổi kế hoạch"},
    "enterprise.end_request": lambda _m, _s: {"reason": "không nơi nào báo"},
    "enterprise.save_search": lambda _m, _s: {"name": "Tìm thử", "query": "q=gao"},
    "enterprise.rename_search": lambda _m, _s: {"name": "Tên mới"},
    "enterprise.watch_search": lambda _m, _s: {"theo-doi": "khong"},
    "cooperative.grant_consent": lambda m, _s: {
        "helper": m.alliance.slug,
        "scopes": ["products"],
        "until_on": _today(),
    },
    "cooperative.propose_unit": lambda _m, s: {"code": s.organisation.code},
    "cooperative.end_unit": lambda _m, _s: {"left_on": _today()},
    "cooperative.declare": lambda _m, _s: {
        **dict.fromkeys(FIGURES, "12"),
        "seen_version": "0",
    },
    "cooperative.write_supply": lambda _m, s: {
        "grade": s.supply.grade,
        "unit": "tan",
        "first": _today()[:7],
        "seen": s.forecast.id,
        field_of(s.supply.month): "12",
    },
    "cooperative.undo_supply": lambda _m, s: {
        "grade": s.supply.grade,
        "seen": s.forecast.id,
    },
    "cooperative.invite_member": lambda _m, _s: {"email": "moi-vao@example.com", "role": "sales"},
    "cooperative.change_role": lambda _m, _s: {"role": "warehouse"},
    "cart.add": lambda _m, s: {"pack_id": s.spare.id, "quantity": 2},
    "cart.update": lambda m, _s: {f"so-luong-{line_id}": 3 for line_id in m.c.cart_lines},
    "checkout.place": lambda m, _s: {
        "act": "place",
        "name": "Nguyễn Thị Thanh Huyền",
        "phone": "0912345678",
        "province": HANOI,
        "commune": CAU_GIAY,
        "address": "Số 18, ngõ 102 Trần Thái Tông",
        "payment_method": "cash",
        "key": key_of_cart(m.c.cart.id),
        "agreed": m.c.agreed,
    },
    "checkout.cancel": lambda _m, _s: {"reason": "đặt nhầm"},
    "cooperative.edit_portrait": lambda _m, _s: {"name": "Hợp tác xã Tên Mới"},
    "cooperative.declare_facts": lambda _m, _s: {
        "tax_code": "0100109106",
        "registration_number": "40B7-009",
        "legal_representative": "Y Bhăm Niê",
        "founded_on": "2014-03-01",
        "charter_capital_minor": "2000000000",
        "member_count": "120",
    },
    "cooperative.show_pictures": lambda _m, _s: {"logo": _picture()},
    "cooperative.set_delivery": lambda _m, _s: {
        "own_region_fee": "20000",
        "own_region_days": "2",
        "other_region_fee": "30000",
        "other_region_days": "5",
    },
    "cooperative.cover_products": lambda _m, s: {"product_ids": [s.draft.id]},
    "cooperative.cover_plots": lambda _m, s: {"plot_codes": s.fallow.code},
    "cooperative.claim_certificate": lambda _m, s: {
        "scheme_code": "VIETGAP_CROP",
        "number": "VietGAP-TT-13-09-66-9999",
        "issuer": "VinaCert",
        "valid_from": "2026-01-05",
        "product_ids": [s.product.id],
        "file": _paper(),
    },
    "cooperative.print_slips": lambda _m, s: {"numbers": [s.parts[SellerOrderState.PACKED].number]},
    "cooperative.confirm_orders": lambda _m, s: {
        "numbers": [s.parts[SellerOrderState.PLACED].number]
    },
    "cooperative.cancel_order": lambda _m, _s: {"reason": "mưa lũ"},
    "cooperative.hand_over_order": lambda _m, _s: {"carrier": "Viettel Post"},
    "cooperative.receive": lambda _m, s: {
        "product_id": s.product.id,
        "quantity": "20",
        "harvested_on": _today(),
        "code": "MOI-2611-001",
    },
    "cooperative.add_event": lambda _m, _s: {
        "kind": "graded",
        "happened_on": _today(),
        "title_vi": "Phân loại bằng tay",
    },
    "cooperative.add_photo": lambda _m, _s: {"file": _picture()},
    "cooperative.count_stock": lambda _m, s: {
        "counted": "90",
        "cause": "lost",
        "reason": "cân lại",
        "seen_g": s.on_hand_g,
        "key": "matrix",
    },
    "cooperative.add_member": lambda _m, _s: MEMBER,
    "cooperative.edit_member": lambda _m, s: {**MEMBER, "code": s.member.code},
    "cooperative.leave": lambda _m, _s: {"left_on": _today()},
    "cooperative.reveal_member": lambda _m, _s: {"consented_on": _today()},
    "cooperative.import_members": lambda _m, _s: {
        "file": (BytesIO("Mã;Họ tên\nMOI-02;Lê An\n".encode()), "so.csv")
    },
    "cooperative.import_plots": lambda _m, _s: {"file": (BytesIO(PLOTS), "thua.geojson")},
    "cooperative.add_plot": lambda _m, s: {
        "owner_code": s.member.code,
        "crop": "Tiêu",
        "province_code": "66",
        "code": "MOI-03",
    },
    "cooperative.edit_plot": lambda _m, s: {
        "owner_code": s.member.code,
        "crop": "Tiêu",
        "province_code": "66",
        "code": s.plot.code,
    },
    "cooperative.add_area": lambda _m, _s: {**AREA, "code": "VN-MOI-0001"},
    "cooperative.edit_area": lambda _m, s: {**AREA, "code": s.area.code},
    "cooperative.record_share": lambda _m, _s: {
        "direction": "gop",
        "amount": "1000000",
        "on_day": _today(),
        "key": "matrix",
    },
    "cooperative.create_product": lambda _m, s: {**PRODUCT, "category_id": s.draft.category_id},
    "cooperative.edit_product": lambda _m, s: {**PRODUCT, "category_id": s.draft.category_id},
    "cooperative.list_photos": lambda _m, _s: {"file": _picture()},
    "cooperative.arrange_photos": lambda _m, s: {"move": f"{s.photo.id}:first"},
    "cooperative.share_paper": lambda _m, _s: {"is_shown": "y"},
    "cooperative.choose_certificates": lambda _m, s: {"certificate_ids": [s.verified.id]},
    "cooperative.list_packs": lambda _m, _s: {
        "name_vi": "Túi 1 kg",
        "weight": "1",
        "price": "250000",
    },
    "cooperative.edit_pack": lambda _m, _s: {"name_vi": "Bao to", "weight": "5"},
    "cooperative.change_price": lambda _m, _s: {"price": "999000"},
    "alliance.suspend": lambda _m, _s: {"reason": "giấy tờ hết hạn"},
    "alliance.close": lambda _m, _s: {"closing": "tổ chức đã giải thể"},
    "alliance.answer": lambda _m, _s: {"verdict": "upheld", "reply": "giấy đã hợp lệ"},
    "alliance.check_certificate": lambda _m, _s: {
        "kind": "register",
        "source": "danh sách của nơi cấp",
    },
    "alliance.decide_certificate": lambda _m, s: {
        "verdict": "verify",
        "product_ids": [s.product.id],
    },
    "alliance.revoke_certificate": lambda _m, _s: {"note": "giấy giả"},
    "alliance.cover_products": lambda _m, s: {"product_ids": [s.draft.id]},
    "alliance.cover_plots": lambda _m, s: {"plot_codes": s.fallow.code},
    "operator.import_statement": lambda _m, _s: {"statement": _statement()},
    "operator.assign_line": lambda m, _s: {"order": m.c.order.number, "reason": "khách gọi"},
    "operator.return_line": lambda _m, _s: {"reason": "không rõ của ai"},
    "operator.give_up": lambda _m, _s: {"reason": "khách không trả nốt"},
    "operator.send_refund": lambda _m, _s: {"bank_reference": "HT-MATRIX"},
    "operator.remit_cash": lambda _m, s: {
        "amount": s.parts["collected"].total_minor,
        "line": "0",
    },
    "operator.pay_seller": lambda _m, _s: {
        "amount": "1000",
        "bank_reference": "CT-MATRIX",
        "paid_on": _today(),
        "key": "matrix-matrix-matrix",
    },
}
