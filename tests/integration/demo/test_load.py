import pytest
from sqlalchemy import func, select

from marketplace.accounts.passwords import matches
from marketplace.accounts.permissions import Actor
from marketplace.accounts.reach import province_of
from marketplace.certification import queries as certification
from marketplace.kernel.clock import business_day
from marketplace.ledger import verification
from marketplace.onboarding import queries as onboarding
from marketplace.payments.operations import StatementFile
from marketplace.payments.queries import pending_line_ids
from marketplace.payments.statements.parsing import parse_statement
from marketplace.platform.config import current_settings
from marketplace.platform.database import session
from marketplace.platform.queue import JOBS
from marketplace.workflows.demo.finale import STATEMENT
from marketplace.workflows.demo.load import load_demo
from marketplace.workflows.demo.members import SMALL as SMALL_REGISTER
from marketplace.workflows.demo.people import PASSWORD
from marketplace.workflows.settlement import import_statement, settle_line
from models.accounts import Membership, Organisation, Role, User
from models.catalogue import Product, ProductCertificate, ProductState
from models.certification import Certificate
from models.membership import GrowingArea, Household, Plot, ShareContribution
from models.notifications import Message
from models.onboarding import Application, ApplicationItem, ApplicationState, ItemState
from models.orders import Order, OrderLine, OrderState, SellerOrder
from models.payments import Payout
from models.platform import DataLoad
from models.standing import Appeal
from models.statistics import YearlyStatistic
from models.supply import Supply, SupplyChange
from models.traceability import Lot, LotCertificate, LotEvent
from models.unions import UnionMembership
from tests.integration.demo.conftest import SMALL
from tests.invariants import broken
from tests.moments import FRIDAY, THURSDAY

pytestmark = pytest.mark.usefixtures("market")


def test_everything_that_always_holds_holds():
    assert broken(session) == {}


def test_the_books_are_sound():
    outcome = verification.verify()

    assert outcome.faults == ()
    assert outcome.totals.entries > 40


def test_a_second_load_changes_nothing():
    before = session.scalar(select(func.count()).select_from(Order))

    assert load_demo(at=FRIDAY, size=SMALL) is None
    assert session.scalar(select(func.count()).select_from(Order)) == before
    assert session.get_one(DataLoad, "demo").loaded_at == THURSDAY


def test_the_printed_accounts_open_with_the_printed_password():
    kept = session.scalar(select(User.password_hash).where(User.email == "khach@demo.example"))

    assert kept is not None
    assert matches(PASSWORD, kept)


def test_one_person_acts_for_the_cooperative_and_its_union():
    codes = session.scalars(
        select(Organisation.code)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .join(User, User.id == Membership.user_id)
        .where(User.email == "htx@demo.example")
        .order_by(Organisation.code)
    ).all()
    assert codes == ["CUMGAR", "LHDAKLAK"]


def test_harvests_lie_in_the_season_of_their_product():
    rows = session.execute(
        select(Lot.harvested_on, Product.season).join(Product, Product.id == Lot.product_id)
    ).all()

    assert len(rows) > 40
    assert all(season[day.month - 1] != "0" for day, season in rows)


def test_every_lot_has_a_history():
    least = (
        select(func.count(LotEvent.id).label("events"))
        .select_from(Lot)
        .outerjoin(LotEvent, LotEvent.lot_id == Lot.id)
        .group_by(Lot.id)
        .subquery()
    )

    assert session.scalar(select(func.min(least.c.events))) >= 2


def test_one_paper_names_some_plots_so_that_one_lot_counts_and_another_does_not():
    made = session.scalars(
        select(Certificate).where(Certificate.number == "VietGAP-TT-12-26-66-0533")
    ).one()
    product_id = session.scalars(
        select(ProductCertificate.product_id).where(ProductCertificate.certificate_id == made.id)
    ).one()
    rows = session.execute(
        select(Plot.code, LotCertificate.certificate_id)
        .select_from(Lot)
        .join(Plot, Plot.id == Lot.plot_id)
        .outerjoin(LotCertificate, LotCertificate.lot_id == Lot.id)
        .where(Lot.product_id == product_id)
    ).all()
    sold = session.scalars(
        select(OrderLine).where(OrderLine.product_id == product_id).order_by(OrderLine.id.desc())
    ).first()

    assert set(rows) == {("TD003", made.id), ("TD009", None)}
    assert [(one["number"], one["names_plots"]) for one in sold.certificates] == [
        (made.number, True)
    ]


def test_the_desk_of_the_flagship_has_work_in_every_state():
    states = set(
        session.scalars(
            select(SellerOrder.state)
            .join(Organisation, Organisation.id == SellerOrder.organisation_id)
            .where(Organisation.code == "CUMGAR")
        )
    )

    assert states >= {"placed", "confirmed", "packed", "handed_over", "delivered"}


def test_some_wait_for_the_alliance_and_one_was_suspended():
    rows = session.execute(select(Organisation.code, Organisation.verification))
    standing = {row.code: row.verification for row in rows}
    drafts = session.scalar(
        select(func.count()).select_from(Product).where(Product.state == ProductState.DRAFT)
    )

    assert standing["TUANGIAO"] == "pending"
    assert standing["DONGTIEN"] == "suspended"
    assert standing["CUMGAR"] == "verified"
    assert drafts == 1
    assert set(session.scalars(select(Certificate.state))) >= {
        "claimed",
        "rejected",
        "revoked",
        "verified",
    }


def test_the_alliance_of_a_province_has_something_to_decide():
    membership = session.scalars(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(User.email == "daklak@demo.example")
    ).one()
    alliance = session.get_one(Organisation, membership.organisation_id)
    viewer = Actor(membership.user_id, alliance.id, alliance.kind, membership.role)

    assert province_of(viewer) == "66"
    assert onboarding.count_waiting(viewer=viewer) == 1
    assert certification.count_waiting(viewer=viewer) >= 1


def test_applications_stand_in_every_state_and_one_has_a_waiver():
    assert set(session.scalars(select(Application.state))) == set(ApplicationState)
    [waived] = session.scalars(
        select(ApplicationItem).where(ApplicationItem.state == ItemState.WAIVED)
    )
    assert waived.waived_until > business_day(THURSDAY)
    returned = session.scalars(
        select(ApplicationItem.note).where(ApplicationItem.state == ItemState.RETURNED)
    ).all()
    assert len(returned) == 2
    assert all(returned)


def test_registers_hold_households_with_land_and_shares():
    registers = session.execute(
        select(Household.organisation_id, func.count()).group_by(Household.organisation_id)
    ).all()

    assert [count for _, count in registers] == [SMALL_REGISTER, SMALL_REGISTER]
    assert session.scalar(select(func.count()).select_from(Plot)) == 2 * SMALL_REGISTER
    assert session.scalar(select(func.count()).select_from(ShareContribution)) == 2 * SMALL_REGISTER
    assert session.scalar(select(func.count()).select_from(GrowingArea)) == 2


def test_three_years_are_declared_and_one_of_them_is_corrected():
    rows = session.execute(
        select(Organisation.code, YearlyStatistic.year, YearlyStatistic.version).join(
            Organisation, Organisation.id == YearlyStatistic.organisation_id
        )
    ).all()
    last = business_day(THURSDAY).year - 1

    assert {year for _, year, _ in rows} == {last - 2, last - 1, last}
    assert [(code, year) for code, year, version in rows if version > 1] == [("CUMGAR", last)]


def test_a_union_has_members_and_whoever_was_suspended_appeals():
    assert set(session.scalars(select(UnionMembership.state))) == {"active"}
    assert session.scalars(select(Appeal.state)).all() == ["open"]


def test_nobody_is_written_to_about_the_past():
    assert session.scalar(select(func.count()).select_from(Message)) == 0
    assert session.scalar(select(func.count()).select_from(JOBS)) == 0


def test_sellers_have_been_paid_out():
    assert session.scalar(select(func.count()).select_from(Payout)) > 0


def test_the_statement_to_import_names_orders_that_wait():
    data = (current_settings().var_dir / STATEMENT).read_bytes()
    lines = parse_statement(data).lines
    waiting = session.scalar(
        select(func.count())
        .select_from(Order)
        .where(Order.state == OrderState.AWAITING_PAYMENT, Order.expires_at.is_(None))
    )

    assert waiting >= 1
    assert len(lines) > waiting
    assert any(line.minor < 0 for line in lines)
    assert all(line.booked_at <= THURSDAY for line in lines)


def test_the_statement_to_import_shows_every_case():
    """The last test: it imports what the others find still waiting."""
    data = (current_settings().var_dir / STATEMENT).read_bytes()
    operator = session.execute(
        select(Membership.user_id, Membership.organisation_id).where(
            Membership.role == Role.OPERATOR
        )
    ).one()
    actor = Actor(operator.user_id, operator.organisation_id, "operator", Role.OPERATOR)

    import_statement(
        actor=actor, file=StatementFile("sao-ke-mau.csv", parse_statement(data)), at=FRIDAY
    )
    outcomes = [settle_line(line_id=line_id, at=FRIDAY) for line_id in pending_line_ids()]

    assert set(outcomes) >= {"exact", "under", "over", "duplicate", "late", "unknown", "debit"}
    assert broken(session) == {}


def test_sellers_forecast_their_year_in_season_and_one_has_lowered_it_with_a_reason():
    rows = session.execute(
        select(Organisation.code, func.count(func.distinct(Supply.product_id)))
        .join(Supply, Supply.organisation_id == Organisation.id)
        .where(Supply.forecast_g > 0)
        .group_by(Organisation.code)
    )
    off_season = session.execute(
        select(Supply.month, Product.season)
        .join(Product, Product.id == Supply.product_id)
        .where(Supply.forecast_g > 0)
    )
    reasons = set(session.scalars(select(SupplyChange.reason).distinct()))

    assert {"BINHLIEU", "CUMGAR", "HUNGLOI", "PHUQUOC"} <= {code for code, _count in rows}
    assert all(season[month.month - 1] != "0" for month, season in off_season)
    assert "Nước mặn lên sớm, vụ này xuống giống ít hơn." in reasons
