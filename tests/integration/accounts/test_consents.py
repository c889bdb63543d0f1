"""Acting on behalf of a cooperative: what was agreed to, by whom it is used, what is written."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import consents
from marketplace.accounts.consent_errors import (
    ConsentEndedError,
    ConsentNotFoundError,
    ConsentTooLongError,
    HelperUnknownError,
    ScopesMissingError,
)
from marketplace.accounts.operations import consents as operations
from marketplace.accounts.operations.consents import NewConsent, last_day
from marketplace.accounts.permissions import (
    ON_BEHALF,
    Actor,
    NotAllowedError,
    Permission,
    allows,
    authorize,
)
from marketplace.catalogue.operations import publish_product
from marketplace.inventory.operations import adjust_stock
from marketplace.kernel.clock import business_day
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.deeds import deeds_on_behalf
from marketplace.workflows import fulfilment
from models.accounts import Organisation, Role
from models.consents import Consent, ConsentScope
from models.inventory import MovementKind
from models.platform import AuditEvent, StateChange
from models.traceability import Lot
from tests.factories.accounts import (
    OrganisationFactory,
    UserFactory,
    acting,
    member_of,
    officer,
    operator,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.consents import ConsentFactory, helping
from tests.factories.orders import parts_of, place, product_in_stock
from tests.factories.payments import pay
from tests.moments import MONDAY, TUESDAY

TODAY = business_day(MONDAY)
UNTIL = TODAY + timedelta(days=90)


@pytest.fixture
def htx(session):
    return OrganisationFactory()


@pytest.fixture
def director(htx):
    return member_of(htx)


@pytest.fixture
def alliance(session):
    return OrganisationFactory(alliance=True)


def grant(actor, htx, helper, at=MONDAY, union_ids=(), **values):
    wanted = {
        "organisation_id": htx.id,
        "helper_slug": helper.slug,
        "scopes": ("lots", "products"),
        "until_on": UNTIL,
        **values,
    }
    return operations.grant_consent(
        actor=actor, consent=NewConsent(**wanted), union_ids=union_ids, at=at
    )


def end(actor, htx, row, at=TUESDAY):
    operations.end_consent(actor=actor, organisation_id=htx.id, consent_id=row.id, at=at)


def strangers(htx):
    return [
        *(member_of(htx, role) for role in (Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)),
        member_of(OrganisationFactory()),
        officer(),
        operator(),
    ]


class TestGranting:
    def test_keeps_who_may_do_what_until_when(self, session, htx, director, alliance):
        row = grant(director, htx, alliance)

        assert (row.scopes, row.from_on, row.until_on) == (["products", "lots"], TODAY, UNTIL)
        assert (row.granted_by_id, row.ended_at) == (director.user_id, None)
        [event] = session.scalars(select(AuditEvent))
        assert (event.action, event.after["scopes"]) == (
            "accounts.consent_granted",
            ["products", "lots"],
        )

    def test_the_same_again_is_the_same(self, htx, director, alliance):
        assert grant(director, htx, alliance) is grant(director, htx, alliance, TUESDAY)

    def test_another_one_ends_the_earlier(self, htx, director, alliance):
        first = grant(director, htx, alliance)
        second = grant(director, htx, alliance, TUESDAY, scopes=("orders",))

        assert first.ended_at == TUESDAY
        assert second.ended_at is None

    def test_a_union_of_its_own_may_help(self, htx, director):
        union = OrganisationFactory(kind="union")

        assert grant(director, htx, union, union_ids=[union.id]).id

    def test_so_may_the_alliance_of_its_province(self, htx, director):
        alliance = OrganisationFactory(alliance=True, covers_province_code=htx.province_code)

        assert grant(director, htx, alliance).id

    @pytest.mark.parametrize(
        "helper",
        [
            {},
            {"enterprise": True},
            {"operator": True},
            {"kind": "union", "pending": True},
            {"kind": "union", "suspended": True},
            {"alliance": True, "covers_province_code": "01"},
            {"alliance": True, "suspended": True},
        ],
    )
    def test_nobody_else_may(self, session, htx, director, helper):
        made = OrganisationFactory(**helper)
        with pytest.raises(HelperUnknownError):
            grant(director, htx, made, union_ids=[made.id])
        assert session.scalar(select(Consent)) is None

    def test_a_union_of_others_may_not(self, session, htx, director):
        with pytest.raises(HelperUnknownError):
            grant(director, htx, OrganisationFactory(kind="union"))
        assert session.scalar(select(Consent)) is None

    def test_a_union_does_not_help_itself(self, session):
        union = OrganisationFactory(kind="union")

        with pytest.raises(HelperUnknownError):
            grant(member_of(union), union, union)

    @pytest.mark.parametrize("scopes", [(), ("money",), ("products", "money")])
    def test_only_what_there_is_can_be_agreed_to(self, htx, director, alliance, scopes):
        with pytest.raises(ScopesMissingError):
            grant(director, htx, alliance, scopes=scopes)

    @pytest.mark.parametrize("days", [-1, 366])
    def test_for_no_more_than_twelve_months(self, htx, director, alliance, days):
        with pytest.raises(ConsentTooLongError):
            grant(director, htx, alliance, until_on=TODAY + timedelta(days=days))

    def test_is_refused_to_everybody_else(self, session, htx, alliance):
        for actor in strangers(htx):
            with pytest.raises(NotAllowedError):
                grant(actor, htx, alliance)
        assert session.scalar(select(Consent)) is None


@pytest.mark.parametrize(
    ("today", "last"),
    [
        (date(2026, 11, 22), date(2027, 11, 22)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2026, 1, 31), date(2027, 1, 31)),
    ],
)
def test_twelve_months_end_on_the_same_day(today, last):
    assert last_day(today) == last


class TestEnding:
    def test_is_at_once_and_once(self, session, htx, director, alliance):
        row = grant(director, htx, alliance)

        end(director, htx, row)
        end(director, htx, row, TUESDAY + timedelta(days=1))

        assert (row.ended_at, row.ended_by_id) == (TUESDAY, director.user_id)

    def test_a_foreign_one_is_none(self, htx, director):
        with pytest.raises(ConsentNotFoundError):
            end(director, htx, ConsentFactory())

    def test_is_refused_to_everybody_else(self, htx, director, alliance):
        row = grant(director, htx, alliance)

        for actor in strangers(htx):
            with pytest.raises(NotAllowedError):
                end(actor, htx, row)
        assert row.ended_at is None


class TestBeginning:
    def begin(self, actor, row, at=TUESDAY):
        return operations.begin_helping(actor=actor, consent_id=row.id, at=at)

    def test_is_noted_with_both_names(self, session, htx, director, alliance):
        row = grant(director, htx, alliance)
        helper = member_of(alliance, Role.OFFICER)

        self.begin(helper, row)

        event = session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()
        assert (event.action, event.actor_user_id) == ("accounts.help_begun", helper.user_id)
        assert (event.actor_organisation_id, event.on_behalf_of_id) == (alliance.id, htx.id)

    def test_a_consent_to_others_is_none(self, htx, director, alliance):
        row = grant(director, htx, alliance)

        for actor in (officer(), director, acting(UserFactory())):
            with pytest.raises(ConsentNotFoundError):
                self.begin(actor, row)

    def test_not_everybody_of_a_union_may(self, htx, director):
        union = OrganisationFactory(kind="union")
        row = grant(director, htx, union, union_ids=[union.id])

        assert self.begin(member_of(union, Role.SALES), row)
        for role in (Role.ACCOUNTANT, Role.WAREHOUSE):
            with pytest.raises(NotAllowedError):
                self.begin(member_of(union, role), row)

    def test_neither_after_it_ended_nor_after_its_days(self, htx, director, alliance):
        row = grant(director, htx, alliance)
        helper = member_of(alliance, Role.OFFICER)

        assert self.begin(helper, row, MONDAY + timedelta(days=90))
        with pytest.raises(ConsentEndedError):
            self.begin(helper, row, MONDAY + timedelta(days=91))
        end(director, htx, row)
        with pytest.raises(ConsentEndedError):
            self.begin(helper, row)


class Thing:
    """Anything of an organisation."""

    def __init__(self, organisation_id):
        self.id = self.organisation_id = self.helper_organisation_id = organisation_id
        self.buyer_user_id = None


class TestThePermissionTable:
    """A helper may do exactly the rows that were agreed to."""

    @pytest.mark.parametrize("scope", ConsentScope)
    @pytest.mark.parametrize("permission", Permission)
    def test_a_scope_covers_its_rows_and_no_other(self, session, scope, permission):
        helper = Actor(
            5, 7, "cooperative", Role.DIRECTOR,
            helper_organisation_id=9, consent_id=1, scopes=frozenset({scope}),
        )  # fmt: skip
        is_covered = permission in ON_BEHALF[scope] or permission == Permission.DESK_VIEW

        assert allows(helper, permission, Thing(7)) is is_covered
        assert not allows(helper, permission, Thing(8))
        assert not allows(helper, permission, Thing(9))

    def test_all_scopes_together_leave_out_what_is_never_done_on_behalf(self):
        helper = Actor(
            5, 7, "cooperative", Role.DIRECTOR,
            helper_organisation_id=9, consent_id=1, scopes=frozenset(ConsentScope),
        )  # fmt: skip
        allowed = {each for each in Permission if allows(helper, each, Thing(7))}

        assert allowed == {
            Permission.DESK_VIEW,
            Permission.PRODUCT_EDIT,
            Permission.SUPPLY_VIEW,
            Permission.SUPPLY_EDIT,
            Permission.CERTIFICATE_CLAIM,
            Permission.CERTIFICATE_FILE_VIEW,
            Permission.LOT_RECEIVE,
            Permission.STOCK_ADJUST,
            Permission.SELLER_ORDER_VIEW,
            Permission.SELLER_ORDER_CONFIRM,
            Permission.SELLER_ORDER_FULFIL,
            Permission.SELLER_ORDER_CANCEL,
        }

    def test_a_withdrawn_consent_covers_nothing(self, htx, director):
        row = ConsentFactory(organisation=htx)
        helper = helping(row)
        authorize(helper, Permission.DESK_VIEW, Thing(htx.id))

        end(director, htx, row)

        with pytest.raises(ConsentEndedError):
            authorize(helper, Permission.DESK_VIEW, Thing(htx.id))


class TestTraces:
    def test_an_audit_row_names_both(self, session, htx):
        row = ConsentFactory(organisation=htx)
        product = ProductFactory(organisation=htx, draft=True)

        publish_product(actor=helping(row), product_id=product.id, at=TUESDAY)

        for kind in (AuditEvent, StateChange):
            [trace] = session.scalars(select(kind))
            assert trace.actor_user_id == helping(row).user_id
            assert trace.actor_organisation_id == row.helper_organisation_id
            assert trace.on_behalf_of_id == htx.id

    def test_whoever_acts_for_themselves_is_no_helper(self, session, htx, director):
        product = ProductFactory(organisation=htx, draft=True)

        publish_product(actor=director, product_id=product.id, at=TUESDAY)

        [trace] = session.scalars(select(AuditEvent))
        assert (trace.actor_organisation_id, trace.on_behalf_of_id) == (htx.id, None)

    def test_the_director_reads_everything_once(self, session):
        product = product_in_stock()
        htx = session.get_one(Organisation, product.organisation_id)
        director, helper = member_of(htx), helping(ConsentFactory(organisation=htx))
        lot_id = session.scalars(select(Lot.id).where(Lot.product_id == product.id)).first()
        order = place(product, at=MONDAY)
        pay(order)
        [part] = parts_of(order)

        fulfilment.confirm_order(actor=helper, seller_order_id=part.id, at=MONDAY)
        adjust_stock(
            actor=helper,
            organisation_id=htx.id,
            lot_id=lot_id,
            grams=-1,
            kind=MovementKind.LOST,
            reason="hao",
            key="k",
            at=TUESDAY,
        )
        fulfilment.pack_order(actor=director, seller_order_id=part.id, at=TUESDAY)

        page = deeds_on_behalf(htx, viewer=director, page=PageRequest())
        code = session.get_one(Lot, lot_id).code
        assert [(deed.action, deed.subject, deed.at) for deed in page.rows] == [
            ("inventory.adjust_stock", code, TUESDAY),
            ("seller_order:confirmed", part.number, MONDAY),
        ]
        assert page.total == 2
        assert page.rows[0].organisation is not None

    def test_are_for_the_director_alone(self, htx):
        for viewer in strangers(htx):
            with pytest.raises(NotAllowedError):
                deeds_on_behalf(htx, viewer=viewer, page=PageRequest())
            with pytest.raises(NotAllowedError):
                consents.consents_of(htx, viewer=viewer, at=TUESDAY)
