"""Thirty more of everything that a page lists."""

from datetime import date, timedelta
from typing import Final

from sqlalchemy import select, update

from marketplace.accounts.permissions import SYSTEM
from marketplace.inventory.operations import adjust_stock
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.money import vnd
from marketplace.orders.operations.reminding import replace_reminders
from marketplace.payments.operations import NewPayout
from marketplace.platform.database import session
from marketplace.reporting.periods import add_months
from marketplace.reporting.promises import sellers_beyond_limits
from marketplace.sourcing.supply.rules import BOOK_MONTHS, month_of, months_from
from marketplace.workflows import checkout, fulfilment, settlement
from models.accounts import Organisation, Role, UserSession
from models.bank_accounts import BankAccountReading, ReadingReason
from models.catalogue import Category, Pack, PackPrice, Product
from models.certification import CertificatePlot
from models.contracts import ContractSide
from models.inventory import MovementKind
from models.membership import GrowingAreaPlot, ImportKind
from models.onboarding import Application
from models.orders import Order, PaymentMethod, SellerOrderState
from models.platform import AuditEvent, StateChange
from models.requests import RequestLimit, RequestPeriod
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.catalogue import (
    CategoryFactory,
    PackFactory,
    ProductFactory,
    ProductPhotoFactory,
)
from tests.factories.certification import CertificateFactory
from tests.factories.consents import ConsentFactory
from tests.factories.contracts import ContractFactory, some_terms
from tests.factories.membership import (
    GrowingAreaFactory,
    HouseholdFactory,
    ImportFactory,
    PlotFactory,
    ShareFactory,
)
from tests.factories.onboarding import (
    ApplicationFactory,
    ApplicationItemFactory,
    RequirementFactory,
)
from tests.factories.orders import (
    GUEST,
    CartLineFactory,
    cart_with,
    pack_of,
    parts_of,
    place,
    product_in_stock,
    purchase,
)
from tests.factories.payments import import_rows, payment_of, row
from tests.factories.promises import PromiseReplyFactory, missed_part
from tests.factories.requests import (
    RequestFactory,
    RequestInvitationFactory,
    RequestQuestionFactory,
)
from tests.factories.searches import SavedSearchFactory
from tests.factories.standing import AppealFactory
from tests.factories.statistics import YearlyStatisticFactory
from tests.factories.supply import SupplyChangeFactory, SupplyFactory
from tests.factories.traceability import (
    LotCertificateFactory,
    LotEventFactory,
    LotFactory,
    LotPhotoFactory,
)
from tests.factories.unions import UnionMembershipFactory
from tests.proofs.contracting import remark
from tests.proofs.promising import more_deliveries
from tests.proofs.world import Market

MORE: Final = 30
MORE_OF_A_PRODUCT: Final = 9
"""A product has at most twelve packs and twelve photos."""


def grow(market: Market) -> None:
    """Add what the pages of `a`, of `c` and of the staff list."""
    for _ in range(MORE_OF_A_PRODUCT):
        PackFactory(product=market.a.product)
        ProductPhotoFactory(product_id=market.a.product.id)
    _grow_orders(market)
    _grow_goods(market)
    _grow_lot(market)
    _grow_money(market)
    _grow_people(market)
    _grow_members(market)
    _grow_promises(market)
    _grow_contracts(market)
    _grow_joining(market)
    _grow_requests(market)
    _grow_supply(market)
    _grow_talks(market)


def _grow_talks(market: Market) -> None:
    """More contracts in each state, and more words about the one that waits for signatures."""
    waiting = market.dealings.waiting
    states = ({}, {"negotiating": True}, {"agreed": True}, {"draft": True})
    for number in range(MORE):
        ContractFactory(
            buyer=market.enterprise, product=market.a.product, **states[number % len(states)]
        )
        remark(waiting, ContractSide.BUYER)


def _grow_requests(market: Market) -> None:
    """More requests in each state; longer ones, with more invited and more asked."""
    at = now()
    enterprise, category = (
        market.enterprise,
        session.get_one(Category, market.a.product.category_id),
    )
    for number in range(MORE):
        closes_at = at + timedelta(days=number - MORE // 2, hours=1)
        RequestFactory(organisation=enterprise, category=category, closes_at=closes_at)
        RequestFactory(organisation=enterprise, category=category, draft=True)
        RequestFactory(organisation=enterprise, category=category, cancelled=True)
    open_one, draft = market.buying.requests["open"], market.buying.requests["draft"]
    for number in range(MORE):
        seller = OrganisationFactory()
        product = ProductFactory(organisation=seller, category=category)
        CertificateFactory(organisation=seller, products=[product])
        RequestInvitationFactory(request_id=open_one.id, organisation_id=seller.id)
        for request in (open_one, market.a.asked):
            RequestQuestionFactory(
                request_id=request.id, organisation_id=seller.id, answered=bool(number % 2)
            )
    for number in range(3, 12):
        for request in (open_one, draft, market.a.asked):
            session.add(
                RequestPeriod(
                    request_id=request.id, month=date(2027, number, 1), quantity_g=1_000_000
                )
            )
            session.add(
                RequestLimit(
                    request_id=request.id,
                    position=number,
                    name="Tạp chất",
                    operator="at_most",
                    value=1,
                    unit="%",
                )
            )
    session.flush()


def _grow_supply(market: Market) -> None:
    """Grades of a product, months of it that were saved again and again, and more who offer.

    And more searches that a buyer keeps.
    """
    this_month = month_of(business_day(now()))
    for _ in range(MORE):
        SupplyFactory(product=ProductFactory(), month=add_months(this_month, 1))
        SavedSearchFactory(organisation=market.enterprise)
    for number in range(MORE):
        SupplyFactory(product=market.a.product, grade=f"Loại {number}", month=this_month)
    for month in months_from(this_month, BOOK_MONTHS):
        supply = SupplyFactory(product=market.a.product, month=month)
        for number in range(MORE):
            at = now() - timedelta(days=number)
            SupplyChangeFactory(supply_id=supply.id, reason="Bão", at=at)


def _grow_joining(market: Market) -> None:
    """More who want to join, and a longer checklist for those who do."""
    for _ in range(MORE):
        requirement = RequirementFactory()
        RequirementFactory(is_active=False, ended_at=now())
        for code in market.joining.codes.values():
            application = session.scalars(select(Application).where(Application.code == code)).one()
            ApplicationItemFactory(
                application_id=application.id,
                requirement_id=requirement.id,
                state="open" if application.state == "draft" else "submitted",
            )
        for state in ("submitted", "returned", "rejected", "withdrawn"):
            ApplicationFactory(
                state=state,
                submitted_at=now(),
                waiting_since=now() if state == "submitted" else None,
            )


def _grow_goods(market: Market) -> None:
    seller = market.a
    categories = [CategoryFactory() for _ in range(MORE)]
    for category in categories:
        product = ProductFactory(organisation=seller.organisation, category=category)
        LotFactory(product=product, best_before_on=business_day(now()) + timedelta(days=90))
        ProductFactory(organisation=seller.organisation, category=category, draft=True)
        ProductFactory(organisation=seller.organisation, category=category, archived=True)
        for state in ({}, {"waiting": True}, {"rejected": True}, {"revoked": True}):
            CertificateFactory(
                organisation=seller.organisation, products=[product, seller.product], **state
            )
        CartLineFactory(cart_id=market.c.cart.id, pack=pack_of(product))
        session.add(PackPrice(pack_id=seller.spare.id, price_minor=1_000, currency="VND", at=now()))


def _grow_lot(market: Market) -> None:
    seller = market.a
    today = business_day(now())
    for number in range(MORE):
        LotEventFactory(lot_id=seller.lot.id, happened_on=today)
        LotPhotoFactory(lot_id=seller.lot.id)
        certificate = CertificateFactory(organisation=seller.organisation)
        LotCertificateFactory(lot_id=seller.lot.id, certificate_id=certificate.id)
        adjust_stock(
            actor=SYSTEM,
            organisation_id=seller.organisation.id,
            lot_id=seller.lot.id,
            grams=-1,
            kind=MovementKind.LOST,
            reason="hao",
            key=f"grow-{number}",
            at=now(),
        )


def _grow_orders(market: Market) -> None:
    """Orders of many sellers and lines, in several states; all of them are `c`'s."""
    goods = [session.get_one(Product, market.a.product.id), *(product_in_stock() for _ in range(4))]
    for number in range(MORE):
        cash = {"payment_method": PaymentMethod.CASH} if number % 3 else {}
        order = place(*goods, at=now(), **cash)
        _bring(order, (None, SellerOrderState.CONFIRMED, SellerOrderState.DELIVERED)[number % 3])
    market.c.order = _long_order(market, PaymentMethod.BANK_TRANSFER)
    for state in (SellerOrderState.PACKED, "collected"):
        order = _long_order(market, PaymentMethod.CASH)
        _bring(order, SellerOrderState.DELIVERED if state == "collected" else state)
        market.a.parts[state] = parts_of(order)[0]
    guests = update(Order).where(Order.buyer_user_id.is_(None))
    session.execute(guests.values(buyer_user_id=market.c.user.id))


def _long_order(market: Market, method: PaymentMethod) -> Order:
    """An order of every pack of a product."""
    cart = cart_with()
    packs = select(Pack).where(Pack.product_id == market.a.product.id, Pack.is_active)
    for pack in session.scalars(packs):
        CartLineFactory(cart_id=cart.id, pack=pack)
    return checkout.place_order(
        actor=GUEST, cart_id=cart.id, purchase=purchase(payment_method=method), at=now()
    )


def _bring(order: Order, state: SellerOrderState | None) -> None:
    """Take every part of an order up to a state."""
    for part in parts_of(order):
        values = {"actor": SYSTEM, "seller_order_id": part.id, "at": now()}
        if state is not None:
            fulfilment.confirm_order(**values)
        if state in {SellerOrderState.PACKED, SellerOrderState.DELIVERED}:
            fulfilment.pack_order(**values)
        if state == SellerOrderState.DELIVERED:
            fulfilment.hand_over_order(carrier="xe nhà", **values)
            fulfilment.deliver_order(**values)


def _grow_money(market: Market) -> None:
    at = now()
    own = session.get_one(Product, market.a.product.id)
    orders = [place(own, at=at) for _ in range(MORE)]
    for order in orders:
        payment = payment_of(order)
        import_rows(
            row(payment.amount_minor + 1_000, f"{payment.reference} ck", at=at),
            row(100_000, "mua hang", at=at),
            at=at,
        )
        _bring(order, SellerOrderState.DELIVERED)
    for number in range(MORE):
        payout = NewPayout(
            organisation_id=market.a.organisation.id,
            amount=vnd(1_000),
            idempotency_key=f"grow-payout-{number}",
            bank_reference=f"GROW{number}",
            paid_on=business_day(at),
        )
        settlement.pay_seller(actor=SYSTEM, payout=payout, at=at)


def _grow_promises(market: Market) -> None:
    """Orders called off and explained, at this seller and at others; all are beyond the limits."""
    at = now()
    for _ in range(MORE):
        part = missed_part(organisation=market.a.organisation, at=at)
        PromiseReplyFactory(part=part, by_id=market.a.people[Role.DIRECTOR].id, at=at)
    other = OrganisationFactory()
    for _ in range(10):
        missed_part(organisation=other, at=at)
    replace_reminders(tallies=sellers_beyond_limits(at), at=at)


def _grow_contracts(market: Market) -> None:
    """More deliveries of each contract, and more contracts of the same people."""
    for seller, buyer in (
        (market.a, market.rival.organisation),
        (market.b, market.enterprise),
    ):
        more_deliveries(seller.contract, MORE)
        for _ in range(MORE):
            ContractFactory(
                buyer=buyer,
                product=seller.product,
                led_by_id=seller.union.id,
                says=some_terms(
                    product_id=seller.product.id,
                    starts_on=seller.contract.starts_on,
                    ends_on=seller.contract.ends_on,
                ),
            )


def _grow_members(market: Market) -> None:
    for _ in range(MORE):
        member = HouseholdFactory(organisation=market.a.organisation)
        HouseholdFactory(organisation=market.a.organisation, gone=True)
        ShareFactory(household=member)
        ShareFactory(household=market.a.member)
        for kind in ImportKind:
            ImportFactory(organisation=market.a.organisation, kind=kind)
        plot = PlotFactory(household=market.a.member)
        LotFactory(product=market.a.product, plot_id=plot.id)
        for certificate in (market.a.claimed, market.a.verified):
            session.add(CertificatePlot(certificate_id=certificate.id, plot_id=plot.id))
        area = GrowingAreaFactory(organisation=market.a.organisation)
        for growing_area_id in (area.id, market.a.area.id):
            plot = PlotFactory(household=member)
            session.add(GrowingAreaPlot(growing_area_id=growing_area_id, plot_id=plot.id))


def _grow_people(market: Market) -> None:
    at = now()
    for number in range(MORE):
        MembershipFactory(organisation=market.a.organisation, role=Role.SALES)
        MembershipFactory(organisation=market.a.organisation, role=Role.DIRECTOR)
        MembershipFactory(user=market.c.user, role=Role.ACCOUNTANT)
        OrganisationFactory(pending=True)
        account = BankAccountFactory(organisation=market.a.organisation, is_main=False)
        session.add(
            BankAccountReading(
                bank_account_id=account.id, reader_id=None, reason=ReadingReason.SHOWN, at=at
            )
        )
        ConsentFactory(
            organisation=market.a.organisation, granted_at=at, ended_at=at, ended_by_id=None
        )
        ConsentFactory(helper_organisation_id=market.alliance.id, granted_at=at)
        session.add(
            AuditEvent(
                at=at,
                actor_user_id=market.officer.id,
                actor_organisation_id=market.alliance.id,
                on_behalf_of_id=market.a.organisation.id,
                action="catalogue.edit_product",
                subject_kind="product",
                subject_id=market.a.product.id,
            )
        )
        session.add(
            UserSession(
                user_id=market.c.user.id,
                token_hash=f"grow{number:060d}",
                created_at=at,
                last_seen_at=at,
                expires_at=at + timedelta(days=1),
            )
        )
        YearlyStatisticFactory(
            organisation=session.get_one(Organisation, market.a.organisation.id),
            year=2000 + number % 10,
            version=number // 10 + 1,
            reason="Sửa" if number >= 10 else "",
        )
        YearlyStatisticFactory()
        own = session.get_one(Organisation, market.a.organisation.id)
        UnionMembershipFactory(member=own, **({"ended": True} if number % 2 else {}))
        AppealFactory(organisation=market.a.organisation)
        changes = (
            ("organisation", market.a.organisation.id, "suspended", "verified"),
            ("certificate", market.a.claimed.id, "claimed", "verified"),
        )
        for kind, subject_id, before, after in changes:
            session.add(
                StateChange(
                    subject_kind=kind,
                    subject_id=subject_id,
                    from_state=before,
                    to_state=after,
                    at=at,
                )
            )
