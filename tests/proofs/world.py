"""A small market with one of everything: two sellers, their buyers, and the people who watch.

Both sellers, `a` and `b`, have everything that a desk can show; the buyer `c` ordered from both in
one order, `d` only from `a`. The moments are true ones, for views ask the clock.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.banks import number_of
from marketplace.accounts.links import letter_with_link
from marketplace.accounts.permissions import Actor
from marketplace.certification import operations as certification
from marketplace.certification.rules import Check
from marketplace.inventory.operations import adjust_stock
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.money import vnd
from marketplace.media.operations import store_loose_paper, store_paper, store_photo
from marketplace.notifications.outbox import latest_mails
from marketplace.notifications.transport import transport_of
from marketplace.onboarding.links import renew_link
from marketplace.onboarding.operations import Judgement, judge_item
from marketplace.onboarding.rules import Verdict
from marketplace.payments.operations import NewPayout
from marketplace.platform import health
from marketplace.platform.config import current_settings
from marketplace.platform.database import session
from marketplace.platform.secrets import sign
from marketplace.sourcing.supply.rules import month_after, month_of
from marketplace.workflows import cancellation, fulfilment, settlement
from marketplace.workflows.checkout import look_at_cart
from models.accounts import (
    Organisation,
    OrganisationKind,
    Role,
    TokenPurpose,
    User,
    UserSession,
)
from models.bank_accounts import BankAccount
from models.catalogue import Pack, Product, ProductPhoto
from models.certification import Certificate, CertificatePlot, CheckKind
from models.consents import Consent
from models.contracts import Contract, ContractSide
from models.deliveries import Delivery
from models.inventory import LotStock, MovementKind
from models.media import MediaFile
from models.membership import (
    GrowingArea,
    GrowingAreaPlot,
    Household,
    ImportKind,
    Plot,
    RegisterImport,
)
from models.onboarding import Application
from models.orders import Cart, CartLine, Order, PaymentMethod, SellerOrder, SellerOrderState
from models.payments import BankLine, Refund
from models.requests import Request
from models.standing import Appeal
from models.supply import Supply, SupplyChange
from models.traceability import Lot
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    give_second_factor,
    member_of,
)
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.catalogue import (
    CategoryFactory,
    PackFactory,
    ProductFactory,
    ProductPhotoFactory,
)
from tests.factories.certification import CertificateFactory
from tests.factories.consents import ConsentFactory
from tests.factories.contracts import ContractFactory
from tests.factories.media import PDF, picture
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
from tests.factories.orders import HANOI, cart_with, collecting_account, parts_of, place
from tests.factories.payments import import_rows, line_of, pay, payment_of, row
from tests.factories.promises import PromiseReplyFactory
from tests.factories.standing import AppealFactory, DecisionFactory
from tests.factories.statistics import YearlyStatisticFactory
from tests.factories.supply import SupplyChangeFactory, SupplyFactory, SupplyHoldFactory
from tests.factories.traceability import (
    LotCertificateFactory,
    LotEventFactory,
    LotFactory,
    LotPhotoFactory,
)
from tests.factories.unions import UnionMembershipFactory
from tests.proofs import quoting
from tests.proofs.arriving import arrivals_of
from tests.proofs.asking import (
    Buying,
    ask_seller,
    attach,
    buying,
    wait_for_answers,
    watch_target,
)
from tests.proofs.contracting import (
    Dealings,
    countersign,
    in_force,
    offered,
    publish_price,
    remark,
    waits_for_signatures,
)
from tests.proofs.delivering import Dealing, deal
from tests.proofs.markers import Mark, Markers
from tests.proofs.promising import contract_between

OFFER = "khoa-cua-loi-moi"

NUMBER = "bank_accounts.number"
"""The number of an account stands in no column, and on few pages."""

PROVINCE = "01"
"""Of which an alliance decides, and nobody has anything."""

SELLER_ROLES = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)


@dataclass
class Seller:
    """A cooperative with all that its desk can show."""

    organisation: Organisation
    people: dict[Role, User]
    product: Product = field(init=False)
    draft: Product = field(init=False)
    archived: Product = field(init=False)
    spare: Pack = field(init=False)
    retired: Pack = field(init=False)
    photo: ProductPhoto = field(init=False)
    lot: Lot = field(init=False)
    verified: Certificate = field(init=False)
    claimed: Certificate = field(init=False)
    accounts: list[BankAccount] = field(init=False)
    """The main one, and a new one."""
    member: Household = field(init=False)
    gone: Household = field(init=False)
    """A member in the register, and one who has left."""
    halted: Organisation = field(init=False)
    """Another one of the same people, which the alliance has suspended."""
    union: Organisation = field(init=False)
    """A union of the same people."""
    units: dict[str, int] = field(init=False)
    """Its memberships in other unions, by their state."""
    appeal: Appeal = field(init=False)
    """Against a decision of long ago, with a paper."""
    consent: Consent = field(init=False)
    """To the alliance, for everything."""
    brought: RegisterImport = field(init=False)
    brought_plots: RegisterImport = field(init=False)
    """A file of members and one of plots that wait for a decision."""
    plot: Plot = field(init=False)
    fallow: Plot = field(init=False)
    area: GrowingArea = field(init=False)
    """A plot in a growing area, and one that is out of use."""
    supply: Supply = field(init=False)
    forecast: SupplyChange = field(init=False)
    """A month of a grade of the product, and when it was last saved."""
    team: dict[str, int] = field(init=False)
    """Somebody else who belongs to it, and an invitation: the parameters of an address."""
    asked: Request = field(init=False)
    """It has quoted for this one, and for the next it has not."""
    invited: Request = field(init=False)
    asked_file_id: int = field(init=False)
    """A request for quotation to it alone, and a file that comes with it."""
    share_number: str = field(init=False)
    share_seen: str = field(init=False)
    contract: Contract = field(init=False)
    promised: Delivery = field(init=False)
    """Of a joint quote in which it has a share, and what it has read of it."""
    on_hand_g: int = 0
    """What the book says is left of the lot."""
    parts: dict[str, SellerOrder] = field(default_factory=dict)
    """A part in each state of fulfilment."""

    def actor(self, role: Role = Role.DIRECTOR) -> Actor:
        """One of its people, as the operations see them."""
        return acting(self.people[role], self.organisation, role)


@dataclass
class Buyer:
    """Somebody who ordered: by transfer, not paid yet."""

    user: User
    order: Order
    session: UserSession
    cart: Cart = field(init=False)
    cart_lines: list[int] = field(init=False)
    agreed: str = field(init=False)
    """What the checkout's page says that the basket costs."""


@dataclass
class Joining:
    """Those who want to join: a draft, and applications that wait, are ready, or are faulty."""

    token: str
    """What the link of the draft carries."""
    codes: dict[str, str]
    """Of each application."""
    items: dict[str, int]
    """An item with a file, of each application."""
    requirement: int
    ended: int


@dataclass
class Market:
    """Everybody and everything."""

    markers: Markers
    operator_of: Organisation
    operator: User
    alliance: Organisation
    officer: User
    provincial_officer: User
    """Of the alliance of `PROVINCE`."""
    unstaffed: Organisation
    """An alliance of another province that nobody works for yet."""
    enterprise: Organisation
    enterprise_buyer: User
    enterprise_director: User
    dealings: Dealings
    buying: Buying
    """What that enterprise asks for and keeps."""
    rival: Buying
    """What another enterprise asks for and keeps."""
    a: Seller
    b: Seller
    c: Buyer
    d: Buyer
    unknown: BankLine
    refund: Refund
    underpaid: Order
    pending: Organisation
    appeal: Appeal
    """One that waits for its answer."""
    newcomer: User
    tokens: dict[TokenPurpose, str]
    invitation: str
    """What the link in `c`'s invitation carries, to `a`."""
    joining: Joining
    teams: dict[str, dict[str, int]]
    """As `Seller.team`, of the organisations that sell nothing, by who asks."""
    mail: str
    """The name of a mail in the outbox."""
    deal: Dealing
    """A contract of `enterprise` with `a` and its deliveries."""
    other_deal: Dealing
    """The same of another enterprise with `b`."""
    calendar: str
    """What the address of a calendar of `deal` carries."""


def _teams(markers: Markers, *of: tuple[str, str, Organisation, Role]) -> dict[str, dict[str, int]]:
    """What each organisation that sells nothing has of its own, by who belongs to it."""
    teams = {}
    for role, owner, organisation, of_role in of:
        with markers.written_by(owner):
            account = _account(markers, owner, organisation)
            teams[role] = {**_team(organisation, of_role), "account_id": account.id}
    return teams


def build_market() -> Market:
    """Everything, in the session at hand."""
    markers = Markers()
    categories = [CategoryFactory() for _ in range(2)]
    with markers.written_by("o"):
        account = collecting_account()
        markers.known[number_of(account)] = Mark("o", NUMBER)
        operator_of = session.get_one(Organisation, account.organisation_id)
        operator = MembershipFactory(organisation=operator_of, role=Role.OPERATOR).user
        alliance = OrganisationFactory(alliance=True)
        officer = MembershipFactory(organisation=alliance, role=Role.OFFICER).user
        unstaffed = OrganisationFactory(alliance=True, covers_province_code="08")
    with markers.written_by("p"):
        provincial = OrganisationFactory(alliance=True, covers_province_code=PROVINCE)
        provincial_officer = MembershipFactory(organisation=provincial, role=Role.OFFICER).user
    with markers.written_by("e"):
        enterprise = OrganisationFactory(enterprise=True)
        enterprise_buyer = MembershipFactory(organisation=enterprise, role=Role.BUYER).user
        enterprise_director = MembershipFactory(organisation=enterprise).user
    a, b = (_seller(markers, owner, categories, alliance) for owner in "ab")
    for seller in (a, b):
        seller.consent = ConsentFactory(
            organisation=seller.organisation,
            helper_organisation_id=alliance.id,
            granted_by_id=seller.people[Role.DIRECTOR].id,
            granted_at=now(),
        )
    with markers.written_by("e"):
        for seller in (a, b):
            seller.asked, seller.invited = (
                ask_seller(enterprise, categories[0], seller.organisation) for _ in range(2)
            )
            seller.asked_file_id = attach(seller.asked, 2)
        own = buying(enterprise, categories[0], a.organisation)
        watch_target(markers)
    with markers.written_by("r"):
        rival = buying(OrganisationFactory(enterprise=True), categories[0], a.organisation)
    _quotes(markers, {"a": a, "b": b}, own, rival, enterprise_buyer)
    _promised(markers, {"a": (a, rival.organisation), "b": (b, own.organisation)})
    c = _buyer(markers, "c", (a, b))
    d = _buyer(markers, "d", (a,))
    for buyer, owner, sellers in ((c, "c", (a, b)), (d, "d", (a,))):
        with markers.written_by(owner):
            _history(markers, owner, buyer.user, sellers)
    with markers.written_by("o"):
        for seller in (a, b):
            certification.record_check(
                actor=acting(officer, alliance, Role.OFFICER),
                certificate_id=seller.verified.id,
                check=Check(CheckKind.REGISTER, "danh sách", "đã gọi nơi cấp"),
                at=now(),
            )
        unknown, refund = _money(markers, acting(operator, operator_of, Role.OPERATOR), a, b)
        underpaid = place(a.product, at=now())
        pay(underpaid, 1_000, at=now())
        pending = OrganisationFactory(pending=True)
        appeal = AppealFactory(file_id=_file("paper", a, 4).id)
        newcomer = UserFactory(unconfirmed=True)
    teams = _teams(
        markers,
        ("enterprise buyer", "e", enterprise, Role.BUYER),
        ("officer", "o", alliance, Role.OFFICER),
        ("operator", "o", operator_of, Role.OPERATOR),
    )
    InvitationFactory(
        organisation=a.organisation, email=c.user.email, created_at=now(), token=OFFER
    )
    joining = _joining(markers, categories[0].id, acting(officer, alliance, Role.OFFICER))
    _second_factors(c.user, enterprise_buyer, enterprise_director, a.people[Role.DIRECTOR])
    _fill_baskets(markers, {"c": (c, (a, b)), "d": (d, (a,))})
    first_deal, other_deal = _deals(markers, (own, a), (rival, b))
    health.beat(health.WORKER, at=now() + timedelta(hours=1))  # alive however long the tests take
    people = {TokenPurpose.CONFIRM_EMAIL: newcomer, TokenPurpose.RESET_PASSWORD: UserFactory()}
    new_address = letter_with_link(
        UserFactory(), TokenPurpose.CHANGE_EMAIL, now(), to="dia-chi-moi@example.com"
    )
    return Market(
        markers=markers,
        operator_of=operator_of,
        operator=operator,
        alliance=alliance,
        officer=officer,
        provincial_officer=provincial_officer,
        unstaffed=unstaffed,
        enterprise=enterprise,
        enterprise_buyer=enterprise_buyer,
        enterprise_director=enterprise_director,
        dealings=_contracts(markers, own, rival, (a, b), enterprise_director),
        buying=own,
        rival=rival,
        a=a,
        b=b,
        c=c,
        d=d,
        unknown=unknown,
        refund=refund,
        underpaid=underpaid,
        pending=pending,
        appeal=appeal,
        newcomer=newcomer,
        tokens={
            purpose: letter_with_link(person, purpose, now()).token
            for purpose, person in people.items()
        }
        | {TokenPurpose.CHANGE_EMAIL: new_address.token},
        invitation=OFFER,
        joining=joining,
        teams=teams,
        mail=_mail(),
        deal=first_deal,
        other_deal=other_deal,
        calendar=sign(
            "delivery-calendar",
            [enterprise_buyer.id, enterprise.id, first_deal.contract.id],
        ),
    )


def _second_factors(beginner: User, *people: User) -> None:
    """One that is being set up, and some that are on."""
    give_second_factor(beginner, is_on=False)
    for person in people:
        give_second_factor(person)


def _deals(markers: Markers, *pairs: tuple[Buying, Seller]) -> list[Dealing]:
    """Contracts with deliveries; the words of the first are `e`'s, those of the second `r`'s.

    It is the last that happens to their stores, so what is on hand stays so.
    """
    made = []
    for owner, (side, seller) in zip("er", pairs, strict=True):
        with markers.written_by(owner):
            made.append(deal(side.organisation, seller.product, seller.lot))
        seller.on_hand_g = session.get_one(LotStock, seller.lot.id).on_hand_g
    return made


def _contracts(
    markers: Markers, own: Buying, rival: Buying, sellers: tuple[Seller, Seller], director: User
) -> Dealings:
    """Between the enterprise and `a`, and between the other one and `b`."""
    a, b = sellers
    with markers.written_by("e"):
        contract, sha256 = waits_for_signatures(own.organisation, a.product)
        running = in_force(own.organisation, a.product, approved_by=director)
        lies_with_seller = offered(own.organisation, a.product)
    with markers.written_by("a"):
        countersign(running, a.people[Role.DIRECTOR])
        remark(lies_with_seller, ContractSide.SELLER)
    with markers.written_by("o"):
        publish_price(director)
    with markers.written_by("r"):
        foreign, _sha256 = waits_for_signatures(rival.organisation, b.product)
        theirs = ContractFactory(buyer=rival.organisation, product=b.product)
    with markers.written_by("e"):
        photo_id = _file("paper", a, 7).id
        arrivals = arrivals_of(running, a.lot, photo_id=photo_id, person_id=director.id)
    with markers.written_by("r"):
        photo_id = _file("paper", b, 8).id
        others = arrivals_of(theirs, b.lot, photo_id=photo_id, person_id=b.people[Role.DIRECTOR].id)
    return Dealings(contract, foreign, running, lies_with_seller, sha256, arrivals, others)


def _promised(markers: Markers, between: dict[str, tuple[Seller, Organisation]]) -> None:
    """A contract of each seller that has kept and broken promises, each with another enterprise."""
    for owner, (seller, buyer) in between.items():
        with markers.written_by(owner):
            seller.contract, seller.promised = contract_between(
                buyer, seller.product, seller.lot, seller.actor(), seller.union
            )


def _seller(markers: Markers, owner: str, categories: list, alliance: Organisation) -> Seller:
    with markers.written_by(owner):
        organisation = OrganisationFactory()
        markers.owners[organisation.id] = owner
        seller = Seller(
            organisation,
            {
                role: MembershipFactory(organisation=organisation, role=role).user
                for role in SELLER_ROLES
            },
        )
        seller.accounts = [
            _account(markers, owner, organisation, age=timedelta(days=2), is_main=True),
            _account(markers, owner, organisation),
        ]
        _goods(seller, categories)
        SupplyFactory(
            product=seller.product,
            month=month_after(month_of(business_day(now())), 1),
            grade="loại 1",
        )
        _papers(seller)
        _lot(seller)
        _members(seller)
        _standing(markers, owner, seller, alliance)
        _years(seller)
        _supply(seller)
        _units(markers, owner, seller)
        seller.team = _team(organisation, Role.SALES)
    return seller


def _quotes(
    markers: Markers,
    sellers: dict[str, Seller],
    own: Buying,
    rival: Buying,
    enterprise_buyer: User,
) -> None:
    """Quotes that are sealed, of each seller; those of the first that are opened and awarded."""
    wait_for_answers(own, rival)
    quoting.watch_prices(markers)
    for owner, seller in sellers.items():
        with markers.written_by(owner):
            given = (seller.organisation, seller.actor(), seller.product)
            quoting.quote_sealed(seller.asked, *given, owner)
        # The union is nobody's whose words are looked for; the price is.
        seller.share_number, seller.share_seen = quoting.share_in(
            own.requests["joint"], seller.organisation, seller.product, owner
        )
    buyers = (
        (own, acting(enterprise_buyer, own.organisation, Role.BUYER)),
        (rival, member_of(rival.organisation, Role.BUYER)),
    )
    first = sellers["a"]
    given = (first.organisation, first.actor(), first.product)
    for buying_side, buyer in buyers:
        with markers.written_by("e" if buying_side is own else "r"):
            made, buying_side.quote_number = quoting.open_request(buyer, *given)
            buying_side.requests["opened"] = made
            buying_side.requests["awarded"] = quoting.award_one(buyer, *given)


def _account(
    markers: Markers,
    owner: str,
    organisation: Organisation,
    age: timedelta = timedelta(),
    *,
    is_main: bool = False,
) -> BankAccount:
    """An account whose sealed number is a marker."""
    return BankAccountFactory(
        organisation=organisation,
        number=markers.word(owner, NUMBER),
        is_main=is_main,
        created_at=now() - age,
    )


def _members(seller: Seller) -> None:
    """Who is in the register and what they paid in."""
    seller.member = HouseholdFactory(organisation=seller.organisation, shown=True, note="x")
    seller.gone = HouseholdFactory(organisation=seller.organisation, gone=True)
    for member in (seller.member, seller.gone):
        ShareFactory(household=member, note="PT")
    seller.brought = ImportFactory(organisation=seller.organisation)
    seller.brought_plots = ImportFactory(organisation=seller.organisation, kind=ImportKind.PLOTS)
    seller.plot = PlotFactory(household=seller.member)
    seller.fallow = PlotFactory(household=seller.member, retired_on=business_day(now()))
    seller.area = GrowingAreaFactory(organisation=seller.organisation)
    seller.lot.plot_id = seller.plot.id
    for certificate in (seller.verified, seller.claimed):
        session.add(CertificatePlot(certificate_id=certificate.id, plot_id=seller.plot.id))
    session.add(GrowingAreaPlot(growing_area_id=seller.area.id, plot_id=seller.plot.id))
    session.flush()


def _standing(markers: Markers, owner: str, seller: Seller, alliance: Organisation) -> None:
    """A decision that can be appealed against, and one that was."""
    seller.halted = OrganisationFactory(suspended=True)
    markers.owners[seller.halted.id] = owner
    for role, user in seller.people.items():
        MembershipFactory(user=user, organisation=seller.halted, role=role)
    DecisionFactory(organisation=seller.halted, alliance=alliance)
    seller.appeal = AppealFactory(
        organisation=seller.organisation,
        decision=DecisionFactory(organisation=seller.organisation, alliance=alliance),
        director=seller.people[Role.DIRECTOR],
        alliance=alliance,
        file_id=_file("paper", seller, 3).id,
        denied=True,
    )


def _units(markers: Markers, owner: str, seller: Seller) -> None:
    """A union of the same people, and unions of others that it belongs to or is invited to."""
    seller.union = OrganisationFactory(kind=OrganisationKind.UNION)
    markers.owners[seller.union.id] = owner
    for role, user in seller.people.items():
        MembershipFactory(user=user, organisation=seller.union, role=role)
    UnionMembershipFactory(union=seller.union)
    seller.units = {
        "proposed": UnionMembershipFactory(member=seller.organisation, proposed=True).id,
        "active": UnionMembershipFactory(member=seller.organisation).id,
    }


def _years(seller: Seller) -> None:
    """The year before last, declared and corrected."""
    for version, reason in ((1, ""), (2, "Đếm lại")):
        YearlyStatisticFactory(
            organisation=seller.organisation,
            accountant=seller.people[Role.ACCOUNTANT],
            year=business_day(now()).year - 2,
            version=version,
            official_members=100 + version,
            reason=reason,
        )


def _supply(seller: Seller) -> None:
    """A month of a grade, raised from five tonnes to ten, of which one is held for a quote."""
    seller.supply = SupplyFactory(
        product=seller.product,
        grade="Loại 1",
        month=month_after(month_of(business_day(now())), 2),
        held_g=1_000_000,
    )
    seller.forecast = SupplyChangeFactory(
        supply_id=seller.supply.id, before_g=5_000_000, reason="Thêm thửa", at=now()
    )
    SupplyHoldFactory(supply_id=seller.supply.id, reference=f"BG-{seller.organisation.id}")


def _team(organisation: Organisation, role: Role) -> dict[str, int]:
    """Somebody else who belongs to an organisation, and somebody who is invited."""
    invitation = InvitationFactory(organisation=organisation, role=role, created_at=now())
    member = MembershipFactory(organisation=organisation, role=role)
    return {"membership_id": member.id, "invitation_id": invitation.id}


def _joining(markers: Markers, category_id: int, officer: Actor) -> Joining:
    """Applications of strangers, `j`, to whom the checklist of the alliance is put."""
    with markers.written_by("o"):
        requirement = RequirementFactory(needs_text=True)
        ended = RequirementFactory(is_active=False, ended_at=now())
    found = Joining("", {}, {}, requirement.id, ended.id)
    with markers.written_by("j"):
        for name, values in {
            "draft": {},
            "waiting": {"state": "submitted", "waiting_since": now(), "submitted_at": now()},
            "ready": {"state": "submitted", "waiting_since": now(), "submitted_at": now()},
            "faulty": {"state": "submitted", "waiting_since": now(), "submitted_at": now()},
        }.items():
            application = ApplicationFactory(category_ids=[category_id], **values)
            data = PDF.replace(b"Catalog", b"Catalog /J %d" % application.id)
            paper = store_loose_paper(actor=officer, data=data, name="giay.pdf", at=now())
            item = ApplicationItemFactory(
                application_id=application.id,
                requirement_id=requirement.id,
                file_id=paper.id,
                state="submitted" if values else "open",
            )
            found.codes[name], found.items[name] = application.code, item.id
            token = renew_link(application)
            found.token = found.token or token
    with markers.written_by("o"):
        for name, judgement in {
            "ready": Judgement(Verdict.ACCEPT),
            "faulty": Judgement(
                Verdict.RETURN, note=f"Ảnh mờ {markers.word('o', 'application_items.note')}"
            ),
        }.items():
            judge_item(
                actor=officer,
                application_id=_id_of(found.codes[name]),
                item_id=found.items[name],
                judgement=judgement,
                at=now(),
            )
    return found


def _id_of(code: str) -> int:
    return session.scalars(select(Application.id).where(Application.code == code)).one()


def _file(kind: str, seller: Seller, seed: int) -> MediaFile:
    organisation_id, actor, at = seller.organisation.id, seller.actor(), now()
    if kind == "photo":
        data = picture(size=(640, 480), colour=(organisation_id % 200, seed * 40, 60))
        return store_photo(
            actor=actor, organisation_id=organisation_id, data=data, name="vuon.jpg", at=at
        )
    data = PDF.replace(b"Catalog", b"Catalog /N %d" % (organisation_id * 10 + seed))
    return store_paper(
        actor=actor, organisation_id=organisation_id, data=data, name="giay.pdf", at=at
    )


def _goods(seller: Seller, categories: list) -> None:
    organisation = seller.organisation
    seller.product = ProductFactory(
        organisation=organisation,
        category=categories[0],
        photo__file=_file("photo", seller, 1),
    )
    seller.photo = ProductPhotoFactory(
        product_id=seller.product.id, file=_file("photo", seller, 2), position=1
    )
    seller.spare = PackFactory(product=seller.product, name_vi="Bao 5 kg", net_weight_g=5_000)
    seller.retired = PackFactory(product=seller.product, name_vi="Hộp cũ", is_active=False)
    seller.draft = ProductFactory(
        organisation=organisation,
        category=categories[1],
        draft=True,
        photo__file=_file("photo", seller, 4),
    )
    seller.archived = ProductFactory(
        organisation=organisation,
        category=categories[1],
        archived=True,
        photo__file=_file("photo", seller, 5),
    )


def _papers(seller: Seller) -> None:
    values = {"organisation": seller.organisation, "products": [seller.product]}
    seller.verified = CertificateFactory(
        file=_file("paper", seller, 1), holder_shows_file=True, **values
    )
    seller.claimed = CertificateFactory(waiting=True, file=_file("paper", seller, 2), **values)


def _lot(seller: Seller) -> None:
    today = business_day(now())
    seller.lot = LotFactory(
        product=seller.product,
        harvested_on=today - timedelta(days=40),
        packed_on=today - timedelta(days=30),
        best_before_on=today + timedelta(days=200),
        quantity_g=100_000,
    )
    LotEventFactory(lot_id=seller.lot.id, happened_on=today - timedelta(days=40))
    LotPhotoFactory(lot_id=seller.lot.id, file=_file("photo", seller, 3))
    LotCertificateFactory(lot_id=seller.lot.id, certificate_id=seller.verified.id)
    adjust_stock(
        actor=seller.actor(Role.WAREHOUSE),
        organisation_id=seller.organisation.id,
        lot_id=seller.lot.id,
        grams=-1_000,
        kind=MovementKind.LOST,
        reason="Chuột cắn bao",
        key=f"lost-{seller.lot.id}",
        at=now(),
    )


def _buyer(markers: Markers, owner: str, sellers: tuple[Seller, ...]) -> Buyer:
    """Somebody with an order by transfer that the market waits for."""
    with markers.written_by(owner):
        user = UserFactory()
        products = [each.product for each in sellers]
        order = _ordered(markers, owner, *products, actor=acting(user))
        known = UserSession(
            user_id=user.id,
            token_hash=f"{user.id:064d}",
            created_at=now(),
            last_seen_at=now(),
            expires_at=now() + timedelta(days=3),
        )
        session.add(known)
        session.flush()
    return Buyer(user, order, known)


def _explain(seller: Seller) -> None:
    """An order that the seller called off, and what it says to that."""
    [part] = parts_of(place(seller.product, at=now(), payment_method=PaymentMethod.CASH))
    _bring(part, SellerOrderState.CANCELLED, seller.actor(), reason="Hết hàng")
    PromiseReplyFactory(part=part, by_id=seller.people[Role.DIRECTOR].id, at=now())


def _fill_baskets(markers: Markers, buyers: dict[str, tuple[Buyer, tuple[Seller, ...]]]) -> None:
    """What they are about to buy; ordering has emptied the baskets of before."""
    for owner, (buyer, sellers) in buyers.items():
        with markers.written_by(owner):
            products = [each.product for each in sellers]
            buyer.cart = cart_with(*products, user_id=buyer.user.id)
            lines = select(CartLine.id).where(CartLine.cart_id == buyer.cart.id)
            buyer.cart_lines = list(session.scalars(lines))
        quote = look_at_cart(cart_id=buyer.cart.id, province_code=HANOI, at=now())
        buyer.agreed = quote.digest


def _mail() -> str:
    """Send a mail into the outbox; returns its name there."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "cho@example.com", "ai@example.com", "Chào"
    mail["Date"], mail["Message-ID"] = format_datetime(now()), "<matrix@example.com>"
    mail.set_content("Chào bạn")
    mail.add_alternative("<p>Chào bạn</p>", subtype="html")
    transport_of(current_settings()).send(mail)
    return latest_mails(1)[0].name


STEPS = (
    SellerOrderState.PLACED,
    SellerOrderState.CONFIRMED,
    SellerOrderState.PACKED,
    SellerOrderState.HANDED_OVER,
    SellerOrderState.DELIVERED,
)


def _ordered(markers: Markers, owner: str, *products: Product, **values: Any) -> Order:
    """An order with markers in what the buyer wrote, which goes in by SQL of its own."""

    def word(column: str, text: str = "") -> str:
        return f"{text} {markers.word(owner, f'orders.{column}')}".strip()

    digits = f"98{len(markers.known):07d}"
    markers.known |= {digits: Mark(owner, "orders.phone")}
    markers.known |= {f"{digits[:3]} {digits[3:6]} {digits[6:]}": Mark(owner, "orders.phone")}
    order = place(
        *products,
        at=now(),
        name=word("recipient_name", "Lê Thị"),
        phone=f"+84{digits}",
        address=word("address", "Số 8"),
        note=word("note", "Gọi trước khi giao"),
        email=f"{word('email').lower()}@example.com",
        **values,
    )
    markers.known[order.number.lower()] = Mark(owner, "orders.number")
    return order


def _history(markers: Markers, owner: str, user: User, sellers: tuple[Seller, ...]) -> None:
    """Orders for cash, one in each state, and one that was called off."""
    cash = {"actor": acting(user), "payment_method": PaymentMethod.CASH}
    for state in (*STEPS, SellerOrderState.CANCELLED):
        order = _ordered(markers, owner, *(each.product for each in sellers), **cash)
        for name, seller, part in zip("ab", sellers, parts_of(order), strict=False):
            word = markers.word(f"{name}.{owner}", "seller_orders.cancel_reason")
            _bring(part, state, seller.actor(), reason=f"Mưa to {word}")
            seller.parts.setdefault(state, part)
    session.expire_all()


def _bring(part: SellerOrder, state: SellerOrderState, actor: Actor, reason: str = "") -> None:
    """Take a part up to a state."""
    values = {"actor": actor, "seller_order_id": part.id, "at": now()}
    if state == SellerOrderState.CANCELLED:
        cancellation.cancel_part(reason=reason, **values)
        return
    acts = (
        fulfilment.confirm_order,
        fulfilment.pack_order,
        fulfilment.hand_over_order,
        fulfilment.deliver_order,
    )
    for act in acts[: STEPS.index(state)]:
        more = {"carrier": part.carrier} if act is fulfilment.hand_over_order else {}
        act(**values, **more)


def _money(markers: Markers, actor: Actor, *sellers: Seller) -> tuple[BankLine, Refund]:
    """A line nobody knows, one that was sent twice and goes back, and payouts."""
    first = sellers[0]
    extra = place(first.product, at=now())
    payment = payment_of(extra)
    amount = payment.amount_minor
    memo = f"{payment.reference} {markers.word('o', 'bank_lines.description')}"
    unknown = f"mua hang {markers.word('o', 'bank_lines.description')}"
    import_rows(
        row(
            amount + 50_000,
            memo,
            at=now(),
            reference=markers.word("o", "bank_lines.bank_reference"),
        ),
        row(100_000, unknown, at=now(), reference=markers.word("o", "bank_lines.bank_reference")),
        at=now(),
    )
    for seller in sellers:
        part = seller.parts[SellerOrderState.DELIVERED]
        remittance = settlement.Remittance(part.id, part.total_minor)
        settlement.remit_cash(actor=actor, remittance=remittance, at=now())
        settlement.pay_seller(
            actor=actor,
            payout=NewPayout(
                organisation_id=seller.organisation.id,
                amount=vnd(10_000),
                idempotency_key=f"payout-{seller.organisation.id}",
                bank_reference=f"CT{seller.organisation.id}",
                paid_on=business_day(now()),
            ),
            at=now(),
        )
        # Cash of another delivery that is still on its way.
        [other] = parts_of(place(seller.product, at=now(), payment_method=PaymentMethod.CASH))
        _bring(other, SellerOrderState.DELIVERED, seller.actor())
        seller.parts["collected"] = other
        _explain(seller)
    refund = session.query(Refund).filter_by(payment_id=payment.id).one()
    return line_of(unknown), refund
