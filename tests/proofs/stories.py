"""What is interrupted in the crash tests, and how it must end however often it was."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text, update

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.accounts.permissions import SYSTEM
from marketplace.accounts.tokens import hash_of
from marketplace.kernel.clock import business_day, now
from marketplace.membership.operations import importing, plot_files
from marketplace.onboarding.links import application_path, token_of
from marketplace.orders.links import order_path
from marketplace.platform.database import session
from marketplace.workflows import fulfilment
from marketplace.workflows.checkout import key_of_cart, look_at_cart
from marketplace.workflows.signing import sign_contract
from models.accounts import Organisation, Role, User, UserSession
from models.membership import ImportKind
from models.orders import Order, PaymentMethod
from tests.factories.accounts import MembershipFactory, OrganisationFactory, code_at
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF, picture
from tests.factories.membership import HouseholdFactory
from tests.factories.onboarding import accept_all, items_of, member_officers, sent, started
from tests.factories.orders import (
    CAU_GIAY,
    HANOI,
    cart_with,
    collecting_account,
    parts_of,
    place,
    product_in_stock,
)
from tests.factories.payments import csv_of, import_rows, payment_of, row
from tests.factories.signing import sides
from tests.proofs.crashing import Action


@dataclass(frozen=True)
class Story:
    """Something that is done in one go.

    Attributes:
        prepare: makes the rows that it needs and says what is done.
        end: by how many each of the `facts` has changed in the end.
    """

    prepare: Callable[[Flask], Action]
    end: dict[str, int]


def cookie_of(app: Flask, user: User | None = None, **values: Any) -> str:
    """The header of a browser in which a person is signed in, with more in its session."""
    browser: FlaskClient = app.test_client()
    if user is not None:
        values["_user_id"] = open_session(user=user, device=Device(), at=now()).token
    with browser.session_transaction() as cookie:
        cookie.update(values)
    kept = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
    return f"{kept.key}={kept.value}" if kept else ""


Facts = Counter[str]

COUNTED: Final = {
    "orders": "state",
    "seller_orders": "state",
    "payments": "state",
    "holds": "state",
    "bank_lines": "outcome",
    "refunds": "reason",
    "cash_collections": "state",
    "ledger_entries": "kind",
    "revenue_facts": "kind",
    "stock_movements": "kind",
    "applications": "state",
    "certificates": "state",
    "media_files": "kind",
    "households": "kind",
    "plots": "'all'",
    "register_imports": "state",
    "register_import_rows": "'all'",
    "carts": "'all'",
    "line_lots": "'all'",
    "memberships": "role",
    "organisations": "kind",
    "invoices": "'all'",
    "dues": "state",
    "payouts": "'all'",
    "product_photos": "'all'",
    "contracts": "state",
    "contract_signatures": "side",
}
"""The tables that tell how a story ended, and the column by which their rows are counted."""


def facts() -> Facts:
    """How many rows of each kind there are, and mails that were sent: "orders open" is 1."""
    counts: Facts = Counter()
    for table, column in COUNTED.items():
        rows = session.execute(text(f"select {column}, count(*) from {table} group by 1"))  # noqa: S608 - ours
        counts.update({f"{table} {kind}": count for kind, count in rows})
    mails = text("select split_part(key, ':', 1), count(sent_at) from messages group by 1")
    counts.update({f"mails {kind}": count for kind, count in session.execute(mails)})
    return counts


def _seller_with(user_role: Role) -> tuple[Any, User]:
    product = product_in_stock()
    member = MembershipFactory(organisation=product.organisation, role=user_role)
    return product, member.user


def operator() -> User:
    organisation = session.get_one(Organisation, collecting_account().organisation_id)
    return MembershipFactory(organisation=organisation, role=Role.OPERATOR).user


def sign(app: Flask) -> Action:
    """The buyer signs a contract that the seller has signed."""
    at = now()
    both = sides(at)
    sign_contract(
        actor=both.seller,
        contract_id=both.contract.id,
        signing=both.signing(both.seller),
        at=at,
    )
    user = session.get_one(User, both.buyer.user_id)
    cookie = cookie_of(app, user)
    entered = {"second_factor_at": at, "fresh_at": at, "expires_at": at + timedelta(days=1)}
    session.execute(update(UserSession).where(UserSession.user_id == user.id).values(entered))
    code = session.get_one(Organisation, both.contract.buyer_id).code
    form = {
        "version": "1",
        "sha256": both.document.sha256,
        "position": "Giám đốc",
        "code": code_at(at + timedelta(seconds=30)),  # good for a minute at least
        "has_read": "y",
    }
    return Action(f"/hop-dong/{code}/{both.contract.number}/ky", cookie, form)


def buy(app: Flask) -> Action:
    """A guest orders from two sellers and will pay at the door."""
    collecting_account()
    goods = [product_in_stock(), product_in_stock()]
    for product in goods:
        MembershipFactory(organisation=product.organisation)
    cart = cart_with(*goods)
    cart.token_hash = hash_of("a guest's token")
    session.flush()
    quote = look_at_cart(cart_id=cart.id, province_code=HANOI, at=now())
    form = {
        "act": "place",
        "name": "Nguyễn Thị Thanh Huyền",
        "phone": "0912345678",
        "email": "huyen@example.com",
        "province": HANOI,
        "commune": CAU_GIAY,
        "address": "Số 18, ngõ 102 Trần Thái Tông",
        "payment_method": "cash",
        "key": key_of_cart(cart.id),
        "agreed": quote.digest,
    }
    return Action("/dat-hang", cookie_of(app, cart="a guest's token", cart_count=2), form)


def expire(_app: Flask) -> Action:
    """Nobody has paid for an hour, and the minute's job comes by."""
    place(product_in_stock(), at=now() - timedelta(hours=1))
    return Action(job="orders.expire_orders")


def end_a_certificate(_app: Flask) -> Action:
    """The minute's job finds a certificate over, by which somebody bought who still waits."""
    today = business_day(now())
    product = product_in_stock()
    CertificateFactory(
        organisation=product.organisation,
        products=[product],
        valid_to=today - timedelta(days=1),
    )
    before = now() - timedelta(days=2)
    for _ in range(2):
        place(product, at=before, payment_method=PaymentMethod.CASH)
    return Action(job="certification.end_certificates")


def bring_a_statement(app: Flask) -> Action:
    """The operator brings in a statement: one order is paid, one twice, one line is nobody's."""
    orders = [place(product_in_stock(), at=now()) for _ in range(2)]
    first, second = (payment_of(order) for order in orders)
    memo = f"MBVCB.{first.reference} ck"
    content = csv_of(
        row(first.amount_minor, memo, at=now(), reference="FT1"),
        row(second.amount_minor, f"{second.reference} ck", at=now(), reference="FT2"),
        row(first.amount_minor, memo, at=now(), reference="FT3"),
        row(70_000, "tien hang thang 11", at=now(), reference="FT4"),
        row(-5_500, "phi dich vu", at=now(), reference="FT5"),
    )
    file = ("statement", "sao-ke.csv", content.encode().decode("latin-1"))
    return Action("/van-hanh/sao-ke", cookie_of(app, operator()), file=file)


def pay_a_seller(app: Flask) -> Action:
    """The operator notes a payout."""
    product, _ = _seller_with(Role.DIRECTOR)
    product.organisation.email = "htx@example.com"
    order = place(product, at=now())
    payment = payment_of(order)
    import_rows(row(payment.amount_minor, f"{payment.reference}", at=now()), at=now())
    _deliver(order)
    form = {
        "amount": "100000",
        "bank_reference": "CT-1",
        "paid_on": business_day(now()).isoformat(),
        "key": "one key for one payout",
    }
    code = product.organisation.code
    return Action(f"/van-hanh/chi-tra/{code}", cookie_of(app, operator()), form)


def call_off(_app: Flask) -> Action:
    """A buyer calls off an order that was paid."""
    order = place(product_in_stock(), at=now())
    payment = payment_of(order)
    import_rows(row(payment.amount_minor, f"{payment.reference}", at=now()), at=now())
    return Action(order_path(order.number, "huy"), form={"reason": "đặt nhầm"})


def pack(app: Flask) -> Action:
    """A seller packs."""
    return _step(app, "dong-goi", (fulfilment.confirm_order,))


def deliver(app: Flask) -> Action:
    """A seller says that the buyer has the goods and has paid at the door."""
    return _step(app, "da-giao", (fulfilment.confirm_order, fulfilment.pack_order, _hand_over))


def add_a_photo(app: Flask) -> Action:
    """A seller adds a photo."""
    product, user = _seller_with(Role.SALES)
    data = picture(size=(640, 480), colour=(9, 9, 90)).decode("latin-1")
    address = f"/quay/{product.organisation.code}/san-pham/{product.id}/anh"
    return Action(address, cookie_of(app, user), file=("file", "anh.jpg", data))


def claim_a_certificate(app: Flask) -> Action:
    """A seller claims a certificate and shows its paper."""
    product, user = _seller_with(Role.SALES)
    form = {
        "scheme_code": "VIETGAP_CROP",
        "number": "VietGAP-TT-13-09-66-0001",
        "issuer": "VinaCert",
        "valid_from": "2026-01-05",
        "product_ids": [product.id],
    }
    address = f"/quay/{product.organisation.code}/chung-nhan/moi"
    file = ("file", "giay.pdf", PDF.decode("latin-1"))
    return Action(address, cookie_of(app, user), form, file)


MEMBERS: Final = 1_200
"""In a file that is read in three bites."""


def read_a_register(_app: Flask) -> Action:
    """A worker reads a file of members that somebody has brought."""
    bring_a_register()
    return Action(job="*")


def write_a_register(_app: Flask) -> Action:
    """A worker writes a file of members into the register, as somebody has asked."""
    import_id = bring_a_register()
    act_now = {"import_id": import_id, "at": now()}
    importing.begin_reading(import_id=import_id, row_count=MEMBERS, unknown_columns=())
    rows = [(line, {"name": f"Lê {line}", "code": f"A{line}"}) for line in range(MEMBERS)]
    importing.keep_rows(import_id=import_id, rows=rows, problems=())
    importing.finish_reading(**act_now)
    importing.confirm_import(actor=SYSTEM, **act_now)
    session.execute(text("delete from procrastinate_jobs where task_name like '%.read_import'"))
    return Action(job="*")


def bring_a_register() -> int:
    """Take a file of members in, for a worker to read."""
    lines = "".join(f"A{number};Lê {number}\n" for number in range(MEMBERS))
    return importing.begin_import(
        actor=SYSTEM,
        organisation_id=OrganisationFactory().id,
        data=f"Mã;Họ tên\n{lines}".encode(),
        name="so.csv",
        at=now(),
    ).id


def write_a_file_of_plots(_app: Flask) -> Action:
    """A worker writes a file of plots into the register, as somebody has asked."""
    organisation = OrganisationFactory()
    HouseholdFactory(organisation=organisation, code="TV-0001")
    import_id = importing.begin_import(
        actor=SYSTEM,
        organisation_id=organisation.id,
        data=b"{}",
        name="thua.geojson",
        kind=ImportKind.PLOTS,
        at=now(),
    ).id
    importing.begin_reading(import_id=import_id, row_count=MEMBERS, unknown_columns=())
    rows = [
        (
            number,
            {
                "code": f"A{number}",
                "owner_code": "TV-0001",
                "crop": "Cà phê",
                "geometry": {"type": "Point", "coordinates": [108.05, 12.7]},
            },
        )
        for number in range(MEMBERS)
    ]
    importing.keep_rows(import_id=import_id, rows=rows, problems=())
    plot_files.finish_reading_plots(import_id=import_id, at=now())
    importing.confirm_import(actor=SYSTEM, import_id=import_id, at=now())
    session.execute(text("delete from procrastinate_jobs where task_name like '%.read_plots'"))
    return Action(job="*")


def approve_an_application(app: Flask) -> Action:
    """The alliance lets an applicant onto the market."""
    officers = member_officers()
    application = sent(at=now())
    accept_all(application, *officers, at=now())
    officer = session.get_one(User, officers[0].user_id)
    return Action(f"/lien-minh/ho-so/{application.code}/duyet", cookie_of(app, officer))


def bring_a_paper_of_an_application(app: Flask) -> Action:
    """An applicant takes a picture of a paper."""
    application = started(at=now())
    [item] = [item for item, each in items_of(application) if each.title_en.startswith("Cert")]
    address = f"{application_path(token_of(application))}/buoc/4"
    return Action(
        address, cookie_of(app), file=(f"file_{item.id}", "giay.pdf", PDF.decode("latin-1"))
    )


def send_the_mails(_app: Flask) -> Action:
    """A worker does what is due after an order: it writes to the buyer."""
    place(product_in_stock(), at=now(), email="huyen@example.com")
    return Action(job="*")


def _hand_over(**values: Any) -> None:
    fulfilment.hand_over_order(carrier="Viettel Post", **values)


def _deliver(order: Order) -> None:
    for part in parts_of(order):
        for act in (
            fulfilment.confirm_order,
            fulfilment.pack_order,
            _hand_over,
            fulfilment.deliver_order,
        ):
            act(actor=SYSTEM, seller_order_id=part.id, at=now())


def _step(app: Flask, page: str, before: tuple[Callable[..., Any], ...]) -> Action:
    product, user = _seller_with(Role.SALES)
    [part] = parts_of(place(product, at=now(), payment_method=PaymentMethod.CASH))
    for act in before:
        act(actor=SYSTEM, seller_order_id=part.id, at=now())
    address = f"/quay/{product.organisation.code}/don/{part.number}/{page}"
    return Action(address, cookie_of(app, user))
