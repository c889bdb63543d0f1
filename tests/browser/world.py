"""A market in the middle of its day: every state that an order, a payment or a paper can be in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from marketplace.accounts.permissions import SYSTEM, Actor
from marketplace.catalogue.operations import archive_product, restore_product
from marketplace.contracts.operations.approving import set_spending_limits
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.money import vnd
from marketplace.media.operations import store_paper
from marketplace.membership.files.values import EXPECT_PHONE
from marketplace.onboarding.links import application_path, token_of
from marketplace.onboarding.operations import (
    Judgement,
    approve_application,
    judge_item,
    reject_application,
    return_application,
    withdraw_application,
)
from marketplace.onboarding.rules import Verdict
from marketplace.orders.links import order_path
from marketplace.orders.operations import reply_to_promise
from marketplace.orders.operations.reminding import replace_reminders
from marketplace.payments.operations import NewPayout, Remittance
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.reporting.periods import add_months, month_of
from marketplace.reporting.promises import sellers_beyond_limits
from marketplace.workflows import cancellation, expiry, fulfilment, settlement
from marketplace.workflows.signing import prepare_signing
from models.accounts import Membership, Organisation, OrganisationKind, Role, User
from models.catalogue import Category, Product, ProductState
from models.certification import Certificate, CertificatePlot, CertificateState
from models.membership import GrowingAreaPlot, ImportKind, ImportState
from models.orders import Order, PaymentMethod
from models.payments import Refund
from tests.browser.deals import sign_contract
from tests.browser.market import Market
from tests.browser.stalls import Stall, add_photo, alliance_officer, cashier, put_up
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    give_second_factor,
    member_of,
)
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.consents import ConsentFactory, helping
from tests.factories.contracts import ContractFactory
from tests.factories.invoicing import (
    Arrived,
    arrived,
    deposit_of,
    dues_of,
    invoiced,
    running,
    transfer,
)
from tests.factories.media import PDF
from tests.factories.membership import (
    GrowingAreaFactory,
    HouseholdFactory,
    ImportFactory,
    PlotFactory,
    ShareFactory,
)
from tests.factories.onboarding import (
    accept_all,
    applicant,
    drafted,
    items_of,
    sent,
    started,
)
from tests.factories.orders import PRICE, parts_of, place
from tests.factories.payments import pay, payment_of, unknown_line
from tests.factories.promises import missed_part
from tests.factories.requests import RequestFactory, RequestQuestionFactory
from tests.factories.searches import SavedSearchFactory
from tests.factories.standing import AppealFactory, DecisionFactory
from tests.factories.statistics import YearlyStatisticFactory
from tests.factories.supply import SupplyFactory
from tests.factories.traceability import LotEventFactory, LotFactory
from tests.factories.unions import UnionMembershipFactory
from tests.proofs import quoting

STEPS = (
    fulfilment.confirm_order,
    fulfilment.pack_order,
    fulfilment.hand_over_order,
    fulfilment.deliver_order,
)
"""What a cooperative does with its part of an order, one after the other."""


@dataclass(frozen=True)
class World:
    """Who is there, by id, and where there is something to see.

    Attributes:
        busy: a cooperative with something of everything.
        idle: the code of a cooperative that has just begun, of the same director.
        union: the code of a union of the same director, with members.
        halted: the code of one that the alliance has suspended, of the same director, too.
        director: of both.
        sales, warehouse, accountant: of the busy one.
        officer: of the alliance.
        operator: of the market's operator.
        buyer: somebody with orders; `newcomer` has none.
        careful: somebody who is asked for a code after the password.
        applications: the addresses by which applications to join are filled in and followed.
        orders: the signed addresses of orders and of their payments, without the language.
    """

    busy: Stall
    idle: str
    halted: str
    union: str
    company: str
    """The code of an enterprise that the director leads, too."""
    contract: str
    """The number of a contract between the enterprise and the busy one, which wants an approval and
    signatures."""
    billed: str
    invoice: str
    due: str
    """The number of a contract that runs, of an invoice under it, and what falls due of that."""
    draft: str
    opened: str
    """The numbers of a request that it writes, and of one whose quotes it has opened."""
    stated: str
    """The number of a running contract of the busy one with that enterprise, with a history."""
    director: int
    sales: int
    warehouse: int
    accountant: int
    officer: int
    operator: int
    buyer: int
    newcomer: int
    careful: int
    orders: tuple[str, ...]
    applications: tuple[str, ...]


def settle_in(market: Market) -> World:
    """Fill a market through its operations, as of now."""
    with market.app.app_context():
        with transaction():
            busy = put_up("Cà phê Cư Mgar", "Cà phê Robusta rang mộc", "Plain roast Robusta coffee")
            other = put_up("Mật ong Ea Kar", "Mật ong hoa cà phê", "Coffee blossom honey")
            world = _people(busy)
            _papers_and_drafts(busy)
            _help(world, busy)
            _members(busy)
        with transaction():
            orders = _trade(world, busy, other)
        with transaction():
            applications = _apply(int(str(world["officer"])))
    market.do_jobs()
    return World(**world, busy=busy, orders=tuple(orders), applications=tuple(applications))


def _people(busy: Stall) -> dict[str, object]:
    """Everybody who looks at pages. Returns the fields of `World` that name them."""
    seller = _seller_of(session.get_one(Product, busy.product_id))
    director = UserFactory(full_name="Y Bhăm Niê")
    idle = OrganisationFactory(name="Tổ hợp tác Rau Xuân Hoà", kind=OrganisationKind.GROUP)
    for organisation in (seller, idle):
        MembershipFactory(user=director, organisation=organisation)
    company = OrganisationFactory(enterprise=True)
    MembershipFactory(user=director, organisation=company)
    SavedSearchFactory(organisation=company, saver=director)
    SupplyFactory(
        product=session.get_one(Product, busy.product_id),
        month=add_months(month_of(business_day(now())), 1),
        organisation_id=seller.id,
    )
    draft, opened = _requests(company, seller, session.get_one(Product, busy.product_id), director)
    contract = _contract(company, session.get_one(Product, busy.product_id), director)
    billed = _billed(company, session.get_one(Product, busy.product_id))
    OrganisationFactory(alliance=True, name="Liên minh HTX tỉnh Gia Lai", covers_province_code="52")
    OrganisationFactory(pending=True)
    halted = OrganisationFactory(suspended=True)
    MembershipFactory(user=director, organisation=halted)
    DecisionFactory(organisation=halted)
    AppealFactory(organisation=halted, denied=True, decision=DecisionFactory(organisation=halted))
    AppealFactory()
    union = OrganisationFactory(kind=OrganisationKind.UNION, name="Liên hiệp HTX Tây Nguyên")
    MembershipFactory(user=director, organisation=union)
    for member, traits in ((seller, {}), (idle, {"proposed": True}), (halted, {"ended": True})):
        UnionMembershipFactory(union=union, member=member, **traits)
    UnionMembershipFactory(member=seller, proposed=True)
    YearlyStatisticFactory(organisation=seller)
    YearlyStatisticFactory(organisation=seller, year=2024, official_members=110)
    YearlyStatisticFactory(
        organisation=seller, version=2, official_members=121, reason="Đếm sót một hộ"
    )
    colleagues = {
        name: MembershipFactory(organisation=seller, role=role).user_id
        for name, role in (("sales", Role.SALES), ("warehouse", Role.WAREHOUSE))
    }
    return {
        **colleagues,
        "idle": idle.code,
        "halted": halted.code,
        "union": union.code,
        "company": company.code,
        "contract": contract,
        **billed,
        "draft": draft,
        "opened": opened,
        "stated": sign_contract(company, session.get_one(Product, busy.product_id), union),
        "director": director.id,
        "accountant": busy.accountant_id,
        "officer": alliance_officer(),
        "operator": cashier(),
        "buyer": UserFactory(full_name="Nguyễn Thị Thanh Huyền").id,
        "newcomer": UserFactory().id,
        "careful": give_second_factor(UserFactory()).user_id,
    }


def _help(world: dict[str, object], busy: Stall) -> None:
    """The officer may act on behalf of the busy cooperative, and has done something."""
    officer = session.scalars(
        select(Membership).where(Membership.user_id == int(str(world["officer"])))
    ).one()
    product = session.get_one(Product, busy.product_id)
    consent = ConsentFactory(
        organisation=_seller_of(product),
        helper_organisation_id=officer.organisation_id,
        granted_by_id=int(str(world["director"])),
        granted_at=now(),
    )
    draft = session.scalars(
        select(Product).where(
            Product.organisation_id == product.organisation_id,
            Product.state == ProductState.DRAFT,
        )
    ).first()
    assert draft is not None
    archive_product(actor=helping(consent), product_id=draft.id, at=now())
    restore_product(actor=helping(consent), product_id=draft.id, at=now())


def _members(busy: Stall) -> None:
    """Members who are there and who left, their land, files of members in every state."""
    seller = _seller_of(session.get_one(Product, busy.product_id))
    member = HouseholdFactory(organisation=seller, shown=True)
    HouseholdFactory(organisation=seller, gone=True)
    ShareFactory(household=member)
    plot = PlotFactory(household=member)
    for certificate_id in session.scalars(
        select(Certificate.id).where(
            Certificate.organisation_id == seller.id,
            Certificate.state.in_([CertificateState.CLAIMED, CertificateState.VERIFIED]),
        )
    ):
        session.add(CertificatePlot(certificate_id=certificate_id, plot_id=plot.id))
    area = GrowingAreaFactory(organisation=seller)
    session.add(GrowingAreaPlot(growing_area_id=area.id, plot_id=plot.id))
    problem = {"line": 2, "column": "SĐT", "found": "12", "expected": EXPECT_PHONE}
    for values in (
        {},
        {"state": ImportState.QUEUED},
        {"state": ImportState.DONE},
        {"state": ImportState.READING, "content": b"x", "row_count": 9},
        {"state": ImportState.FAULTY, "problems": [problem], "problem_count": 60},
    ):
        for kind in ImportKind:
            ImportFactory(organisation=seller, kind=kind, **values)


def _apply(officer_id: int) -> list[str]:
    """Those who want to join, at every point of their way. Returns where they look."""
    at = now()
    membership = session.scalars(select(Membership).where(Membership.user_id == officer_id)).one()
    officer = acting(
        session.get_one(User, officer_id),
        session.get_one(Organisation, membership.organisation_id),
        Role.OFFICER,
    )
    second = member_of(session.get_one(Organisation, membership.organisation_id), Role.OFFICER)
    names = ("begun", "filled", "waiting", "returned", "approved", "rejected", "withdrawn")
    made = {}
    for number, name in enumerate(names):
        values = {
            "email": f"{name}@example.com",
            "at": at - timedelta(days=number),
            "kind": "group",
        }
        facts = {"tax_code": "", "name": f"Tổ hợp tác Rau {name}"}
        make = {"begun": started, "filled": drafted}.get(name, sent)
        made[name] = make(**values) if name == "begun" else make(**values, facts=facts)
    items = {name: [item for item, _ in items_of(each)] for name, each in made.items()}

    def judge(name: str, place: int, verdict: Verdict, actor: Actor = officer) -> None:
        judge_item(
            actor=actor,
            application_id=made[name].id,
            item_id=items[name][place].id,
            judgement=Judgement(verdict, "Ảnh mờ", business_day(at) + timedelta(days=30)),
            at=at,
        )

    judge("waiting", 0, Verdict.ACCEPT)
    judge("waiting", 1, Verdict.RETURN)
    judge("waiting", 2, Verdict.WAIVE)
    judge("waiting", 3, Verdict.ACCEPT, second)
    judge("returned", 1, Verdict.RETURN)
    accept_all(made["approved"], officer, second, at=at)
    told = {"actor": officer, "at": at}
    return_application(application_id=made["returned"].id, **told)
    approve_application(application_id=made["approved"].id, **told)
    reject_application(application_id=made["rejected"].id, reason="Không bán nông sản", **told)
    withdraw_application(
        actor=applicant(made["withdrawn"]), application_id=made["withdrawn"].id, at=at
    )
    paths = {name: application_path(token_of(each)) for name, each in made.items()}
    steps = [f"{paths['filled']}/buoc/{step}" for step in range(1, 6)]
    return [*paths.values(), *steps, f"{paths['begun']}/buoc/5", f"{paths['returned']}/buoc/4"]


def _seller_of(product: Product) -> Organisation:
    """Who sells it; the session may have let go of what the factory put there."""
    return session.get_one(Organisation, product.organisation_id)


def _papers_and_drafts(busy: Stall) -> None:
    """Certificates in every state, a product that is none yet, one that is no more."""
    product = session.get_one(Product, busy.product_id)
    seller, day = _seller_of(product), business_day(now())
    paper = store_paper(
        actor=SYSTEM, organisation_id=seller.id, data=PDF, name="giay-vietgap.pdf", at=now()
    )
    for traits in (
        {"waiting": True, "file": paper},
        {"rejected": True},
        {"revoked": True},
        {"expired": True},
    ):
        CertificateFactory(organisation=seller, products=[product], **traits)
    CertificateFactory(
        organisation=seller,
        products=[product],
        scheme_code="OCOP",
        level=4,
        valid_from=day - timedelta(days=300),
        valid_to=day + timedelta(days=20),
    )
    for state in ("draft", "archived"):
        made = ProductFactory(
            organisation=seller,
            category=session.get_one(Category, product.category_id),
            photo=False,
            **{state: True},
        )
        add_photo(made)
    LotFactory(product=product, code=f"{busy.code}-HET", stock=0, best_before_on=None)
    lot = LotFactory(product=product, code=f"{busy.code}-CAN", best_before_on=day, stock=1_500)
    LotEventFactory(lot_id=lot.id)


def _trade(world: dict[str, object], busy: Stall, other: Stall) -> list[str]:
    """Orders in every state. Returns their addresses."""
    coffee = session.get_one(Product, busy.product_id)
    honey = session.get_one(Product, other.product_id)
    at = now()
    buyer = Actor(user_id=int(str(world["buyer"])))
    operator = _operator(int(str(world["operator"])))
    placed: list[Order] = []

    def order(*wanted: Product, when: datetime = at, **values: object) -> Order:
        made = place(*wanted, at=when, **values)
        placed.append(made)
        return made

    order(coffee, honey, actor=buyer)
    pay(order(coffee, actor=buyer), 50_000, at=at)
    pay(order(coffee, honey, actor=buyer), at=at)
    over = order(honey)
    pay(over, payment_of(over).amount_minor + 10_000, at=at)
    _expire(order(coffee, when=at - timedelta(hours=3)), at)
    late = order(coffee, when=at - timedelta(hours=4))
    _expire(late, at)
    pay(late, at=at)
    refunded = order(coffee, when=at - timedelta(days=3))
    pay(refunded, at=at - timedelta(days=3))
    cancelled = order(coffee, honey, actor=buyer)
    pay(cancelled, at=at)
    for each in (refunded, cancelled, order(honey)):
        cancellation.cancel_order(actor=SYSTEM, order_id=each.id, reason="Đổi ý", at=at)
    for days, steps in ((1, 1), (2, 2), (3, 3), (5, 4), (40, 4)):
        sold = order(coffee, honey, when=at - timedelta(days=days), actor=buyer)
        pay(sold, at=at - timedelta(days=days))
        _go_on(sold, steps, at)
    for steps in (0, 3, 4, 4):
        cash = order(coffee, when=at - timedelta(days=4), payment_method=PaymentMethod.CASH)
        _go_on(cash, steps, at)
        if not steps:
            _explain(int(str(world["director"])), cash, at)
    _break_promises(at)
    unknown_line(120_000, "NGUYEN VAN BINH tien hang")
    _settle_accounts(operator, coffee.organisation_id, refunded, cash, at)
    return [order_path(each.number, page) for each in placed for page in ("", "tra-tien")]


def _operator(user_id: int) -> Actor:
    row = session.scalars(select(Membership).where(Membership.user_id == user_id)).one()
    return Actor(user_id, row.organisation_id, OrganisationKind.OPERATOR, Role.OPERATOR)


def _billed(company: Organisation, product: Product) -> dict[str, str]:
    """A contract that runs, with a deposit and a short delivery that is paid in part."""
    contract = running(buyer=company, product=product)
    deposit_of(contract)
    invoice = invoiced(arrived(contract, Arrived(4_000_000, moisture="13.20", short=1_000_000)))
    first, second, _retention = dues_of(invoice)
    transfer(first)
    transfer(second, 1_000_000)
    return {"billed": contract.number, "invoice": invoice.number, "due": second.reference}


def _contract(company: Organisation, product: Product, director: User) -> str:
    """A contract that both sides have agreed to; from this amount on a director approves."""
    leader = acting(director, company)
    set_spending_limits(
        actor=leader, organisation_id=company.id, limits={1: 1_000_000_000}, at=now()
    )
    contract = ContractFactory(agreed=True, buyer=company, product=product, agreed_at=now())
    prepare_signing(actor=leader, contract_id=contract.id, at=now())
    return contract.number


def _requests(
    enterprise: Organisation, seller: Organisation, product: Product, director: User
) -> tuple[str, str]:
    """What an enterprise asks for: one open request with questions, one closed, one draft.

    And one whose quotes were opened, and a joint quote in which the seller has a share.

    Returns:
        The numbers of the draft and of the opened one.
    """
    at = now()
    open_one = RequestFactory(
        organisation=enterprise,
        closes_at=at + timedelta(days=9),
        invited=[seller],
        schemes=["VIETGAP_CROP"],
        target_minor=118_000,
    )
    for answered in (True, False):
        RequestQuestionFactory(request_id=open_one.id, organisation_id=seller.id, answered=answered)
    RequestFactory(organisation=enterprise, closes_at=at - timedelta(hours=2))
    draft = RequestFactory(
        organisation=enterprise, closes_at=at + timedelta(days=9), draft=True, specification=""
    )
    buyer = acting(director, enterprise, Role.BUYER)
    opened, _ = quoting.open_request(
        buyer, seller, acting(director, seller, Role.DIRECTOR), product
    )
    quoting.share_in(open_one, seller, product, "a")
    return draft.number, opened.number


def _explain(director_id: int, order: Order, at: datetime) -> None:
    """Its seller says why nobody has confirmed it."""
    [part] = parts_of(order)
    owner = session.get_one(Organisation, part.organisation_id)
    director = acting(session.get_one(User, director_id), owner, Role.DIRECTOR)
    reply_to_promise(
        actor=director, seller_order_id=part.id, text="Mưa lớn, mất điện hai ngày", at=at
    )


def _break_promises(at: datetime) -> None:
    """A cooperative that calls off all its orders, so that the alliance is to speak with it."""
    careless = OrganisationFactory(name="HTX Chuối Lóng Phiên")
    known = session.scalars(select(Product.id)).all()
    for _ in range(10):
        missed_part(organisation=careless, at=at)
    replace_reminders(tallies=sellers_beyond_limits(at), at=at)
    # What was ordered has no photograph in the store, so it is off the shelf again.
    session.execute(
        update(Product).where(Product.id.not_in(known)).values(state=ProductState.ARCHIVED)
    )


def _expire(order: Order, at: datetime) -> None:
    assert expiry.expire_order(order_id=order.id, at=at)


def _go_on(order: Order, steps: int, at: datetime) -> None:
    """Let each cooperative take so many steps with its part."""
    for part in parts_of(order):
        for step in STEPS[:steps]:
            more = {"carrier": "Viettel Post"} if step is fulfilment.hand_over_order else {}
            step(actor=SYSTEM, seller_order_id=part.id, at=at, **more)


def _settle_accounts(
    operator: Actor, seller_id: int, refunded: Order, cash: Order, at: datetime
) -> None:
    """One refund that was sent, one delivery whose cash came, one payout."""
    payment = payment_of(refunded)
    refund_id = session.scalars(select(Refund.id).where(Refund.payment_id == payment.id)).one()
    settlement.send_refund(actor=operator, refund_id=refund_id, bank_reference="FT001", at=at)
    [part] = parts_of(cash)
    settlement.remit_cash(
        actor=operator, remittance=Remittance(part.id, part.total_minor, ""), at=at
    )
    owner = session.get_one(Organisation, seller_id)
    for each in (at - timedelta(days=2), now()):  # one that money comes to, and one on hold
        BankAccountFactory(organisation=owner, is_main=each < at, created_at=each)
    settlement.pay_seller(
        actor=operator,
        payout=NewPayout(
            organisation_id=seller_id,
            amount=vnd(PRICE),
            idempotency_key="payout-of-the-first-day",
            bank_reference="FT002",
            paid_on=business_day(at),
        ),
        at=at,
    )
