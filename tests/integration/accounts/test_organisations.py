"""What organisations say about themselves, and how far they are trusted."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from marketplace.accounts import queries, registry
from marketplace.accounts.errors import (
    FeeOutOfBoundsError,
    NameMissingError,
    NotASellerError,
    OrganisationNotFoundError,
    ReasonMissingError,
    TextTooLongError,
)
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations.organisations import DeliveryTerms, Portrait
from marketplace.accounts.permissions import NotAllowedError
from marketplace.accounts.registry import RegistryFilter
from marketplace.kernel import states
from marketplace.platform.pagination import PageRequest
from models.accounts import DeliverySettings, OrganisationKind, Role
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    member_of,
    officer,
)
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

PORTRAIT = Portrait(
    name="Hợp tác xã Cà phê Cư M’gar",
    name_en="Cu M’gar Coffee Cooperative",
    tagline_vi="Cà phê chín cây",
    tagline_en="Ripe-picked coffee",
    story_vi="Buôn Sut M’đưng có 120 hộ.",
    story_en="",
    phone="+84912345678",
)
TERMS = DeliveryTerms(
    own_region_fee_minor=20_000,
    other_region_fee_minor=45_000,
    free_from_minor=500_000,
    own_region_days=1,
    other_region_days=3,
    offers_pickup=False,
    pickup_note="",
    accepts_cash=True,
)


def audit_rows(session):
    session.flush()
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()


class TestEditOrganisation:
    def test_changes_the_portrait_and_the_place_in_the_alphabet(self, session):
        cooperative = OrganisationFactory()
        slug, key = cooperative.slug, cooperative.sort_key

        organisations.edit_organisation(
            actor=member_of(cooperative),
            organisation_id=cooperative.id,
            portrait=PORTRAIT,
            at=TUESDAY,
        )

        assert cooperative.name == "Hợp tác xã Cà phê Cư M’gar"
        assert cooperative.story_vi == "Buôn Sut M’đưng có 120 hộ."
        assert (cooperative.slug, cooperative.sort_key != key) == (slug, True)
        [event] = audit_rows(session)
        assert event.action == "accounts.organisation_edited"
        assert event.after["tagline_en"] == "Ripe-picked coffee"
        assert "story_en" not in event.after

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory()
        director = member_of(cooperative)
        for _ in range(2):
            organisations.edit_organisation(
                actor=director, organisation_id=cooperative.id, portrait=PORTRAIT, at=TUESDAY
            )

        assert len(audit_rows(session)) == 1

    @pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_the_directors_business(self, session, role):
        cooperative = OrganisationFactory(name="Cũ")

        with pytest.raises(NotAllowedError):
            organisations.edit_organisation(
                actor=member_of(cooperative, role),
                organisation_id=cooperative.id,
                portrait=PORTRAIT,
                at=TUESDAY,
            )

        assert cooperative.name == "Cũ"

    def test_is_refused_to_the_director_of_another(self, session):
        cooperative = OrganisationFactory(name="Cũ")

        with pytest.raises(NotAllowedError):
            organisations.edit_organisation(
                actor=member_of(OrganisationFactory()),
                organisation_id=cooperative.id,
                portrait=PORTRAIT,
                at=TUESDAY,
            )

        assert cooperative.name == "Cũ"

    def test_refuses_what_does_not_fit(self, session):
        cooperative = OrganisationFactory()
        director = member_of(cooperative)
        for portrait, error in (
            (replace(PORTRAIT, name=" "), NameMissingError),
            (replace(PORTRAIT, tagline_vi="x" * 201), TextTooLongError),
        ):
            with pytest.raises(error):
                organisations.edit_organisation(
                    actor=director, organisation_id=cooperative.id, portrait=portrait, at=TUESDAY
                )

        assert audit_rows(session) == []

    def test_none_is_not_found(self, session):
        with pytest.raises(OrganisationNotFoundError):
            organisations.edit_organisation(
                actor=officer(), organisation_id=0, portrait=PORTRAIT, at=TUESDAY
            )


class TestSetDelivery:
    def test_changes_the_terms(self, session):
        cooperative = OrganisationFactory()

        organisations.set_delivery(
            actor=member_of(cooperative), organisation_id=cooperative.id, terms=TERMS, at=TUESDAY
        )

        kept = session.get(DeliverySettings, cooperative.id)
        assert (kept.own_region_fee_minor, kept.free_from_minor) == (20_000, 500_000)
        [event] = audit_rows(session)
        assert event.before["own_region_fee_minor"] == 25_000

    def test_makes_them_where_there_are_none(self, session):
        cooperative = OrganisationFactory(delivers=False)

        organisations.set_delivery(
            actor=member_of(cooperative), organisation_id=cooperative.id, terms=TERMS, at=TUESDAY
        )

        session.flush()
        assert session.get(DeliverySettings, cooperative.id).other_region_days == 3

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory()
        director = member_of(cooperative)
        for _ in range(2):
            organisations.set_delivery(
                actor=director, organisation_id=cooperative.id, terms=TERMS, at=TUESDAY
            )

        assert len(audit_rows(session)) == 1

    def test_is_refused_to_others(self, session):
        cooperative = OrganisationFactory()

        for actor in (member_of(cooperative, Role.SALES), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                organisations.set_delivery(
                    actor=actor, organisation_id=cooperative.id, terms=TERMS, at=TUESDAY
                )

        assert session.get(DeliverySettings, cooperative.id).own_region_fee_minor == 25_000

    def test_is_for_sellers(self, session):
        enterprise = OrganisationFactory(enterprise=True)

        with pytest.raises(NotASellerError):
            organisations.set_delivery(
                actor=member_of(enterprise), organisation_id=enterprise.id, terms=TERMS, at=TUESDAY
            )

        assert session.get(DeliverySettings, enterprise.id) is None

    def test_refuses_slips_of_the_keyboard(self, session):
        cooperative = OrganisationFactory()

        with pytest.raises(FeeOutOfBoundsError):
            organisations.set_delivery(
                actor=member_of(cooperative),
                organisation_id=cooperative.id,
                terms=replace(TERMS, own_region_fee_minor=20_000_000),
                at=TUESDAY,
            )

        assert session.get(DeliverySettings, cooperative.id).own_region_fee_minor == 25_000


class TestVerifyOrganisation:
    def test_lets_it_onto_the_market(self, session):
        cooperative = OrganisationFactory(pending=True)
        actor = officer()

        changed = organisations.verify_organisation(
            actor=actor, organisation_id=cooperative.id, at=TUESDAY
        )

        session.flush()
        [step] = session.scalars(select(StateChange))
        assert changed
        assert (cooperative.verification, cooperative.verified_at) == ("verified", TUESDAY)
        assert cooperative.verified_by_id == actor.organisation_id
        assert (step.subject_kind, step.subject_id) == ("organisation", cooperative.id)
        assert (step.from_state, step.to_state, step.at) == ("pending", "verified", TUESDAY)
        assert [each.action for each in audit_rows(session)] == ["accounts.organisation_verified"]

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory(pending=True)
        actor = officer()

        changes = [
            organisations.verify_organisation(actor=actor, organisation_id=cooperative.id, at=at)
            for at in (TUESDAY, WEDNESDAY)
        ]

        assert changes == [True, False]
        assert cooperative.verified_at == TUESDAY
        assert len(audit_rows(session)) == 1

    def test_nobody_verifies_themselves(self, session):
        cooperative = OrganisationFactory(pending=True)

        with pytest.raises(NotAllowedError):
            organisations.verify_organisation(
                actor=member_of(cooperative), organisation_id=cooperative.id, at=TUESDAY
            )

        assert cooperative.verification == "pending"

    @pytest.mark.parametrize("trait", ["alliance", "operator"])
    def test_some_kinds_are_nobodys_to_verify(self, session, trait):
        organisation = OrganisationFactory(pending=True, **{trait: True})

        with pytest.raises(OrganisationNotFoundError):
            organisations.verify_organisation(
                actor=officer(), organisation_id=organisation.id, at=TUESDAY
            )

        assert organisation.verification == "pending"


class TestSuspendOrganisation:
    def test_takes_it_off_and_says_why(self, session):
        cooperative = OrganisationFactory()

        changed = organisations.suspend_organisation(
            actor=officer(),
            organisation_id=cooperative.id,
            reason=" Giấy phép hết hạn ",
            at=TUESDAY,
        )

        session.flush()
        [step] = session.scalars(select(StateChange))
        assert changed
        assert cooperative.verification == "suspended"
        assert step.reason == "Giấy phép hết hạn"

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory()
        actor = officer()

        changes = [
            organisations.suspend_organisation(
                actor=actor, organisation_id=cooperative.id, reason="Lý do", at=TUESDAY
            )
            for _ in range(2)
        ]

        assert changes == [True, False]
        assert len(audit_rows(session)) == 1

    def test_comes_back_by_verifying_again(self, session):
        cooperative = OrganisationFactory(suspended=True)

        organisations.verify_organisation(
            actor=officer(), organisation_id=cooperative.id, at=WEDNESDAY
        )

        assert (cooperative.verification, cooperative.verified_at) == ("verified", WEDNESDAY)

    @pytest.mark.parametrize(
        ("reason", "error"), [("  ", ReasonMissingError), ("x" * 501, TextTooLongError)]
    )
    def test_needs_a_reason_of_sensible_length(self, session, reason, error):
        cooperative = OrganisationFactory()

        with pytest.raises(error):
            organisations.suspend_organisation(
                actor=officer(), organisation_id=cooperative.id, reason=reason, at=TUESDAY
            )

        assert cooperative.verification == "verified"

    def test_what_was_never_verified_cannot_be_suspended(self, session):
        cooperative = OrganisationFactory(pending=True)

        with pytest.raises(states.NotAllowedError):
            organisations.suspend_organisation(
                actor=officer(), organisation_id=cooperative.id, reason="Lý do", at=TUESDAY
            )

        assert cooperative.verification == "pending"

    def test_is_refused_to_the_operator_and_to_members(self, session):
        cooperative = OrganisationFactory()
        outsiders = (
            member_of(OrganisationFactory(operator=True), Role.OPERATOR),
            member_of(cooperative),
        )

        for actor in outsiders:
            with pytest.raises(NotAllowedError):
                organisations.suspend_organisation(
                    actor=actor, organisation_id=cooperative.id, reason="Lý do", at=TUESDAY
                )

        assert cooperative.verification == "verified"


class TestQueries:
    def test_members_see_each_other_and_nobody_else_does(self, session):
        cooperative = OrganisationFactory()
        director = member_of(cooperative)
        member_of(cooperative, Role.SALES)
        MembershipFactory(organisation=cooperative, ended_at=TUESDAY)

        members = queries.members_of(cooperative, viewer=director)

        assert [each.role for each in members] == ["director", "sales"]
        with pytest.raises(NotAllowedError):
            queries.members_of(cooperative, viewer=officer())

    def test_an_organisation_is_found_by_code_and_by_slug(self, session):
        cooperative = OrganisationFactory(code="AA", slug="hop-tac-xa-aa")

        assert queries.get_organisation(code="AA") is cooperative
        assert queries.get_organisation(slug="hop-tac-xa-aa") is cooperative
        with pytest.raises(OrganisationNotFoundError):
            queries.get_organisation(code="BB")


class TestRegistry:
    def test_those_that_wait_come_first_the_longest_before(self, session):
        verified = OrganisationFactory(name="An")
        late = OrganisationFactory(pending=True, name="Bé", created_at=TUESDAY)
        early = OrganisationFactory(pending=True, name="Cam", created_at=MONDAY)

        register = registry.organisations_of_registry(
            viewer=officer(), wanted=RegistryFilter(), page=PageRequest()
        )

        assert list(register.page.rows) == [early, late, verified]
        assert register.counts == {"pending": 2, "verified": 1}

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            (RegistryFilter(kind="union"), ["LH"]),
            (RegistryFilter(province_code="92"), ["LH"]),
            (RegistryFilter(state="pending"), ["CHO"]),
            (RegistryFilter(text="cư m’gar"), ["CUMGAR"]),
            (RegistryFilter(text="cu m gar"), ["CUMGAR"]),
            (RegistryFilter(text="cumgar"), ["CUMGAR"]),
            (RegistryFilter(text="6001234567"), ["CUMGAR"]),
            (RegistryFilter(text="%"), []),
        ],
    )
    def test_can_be_filtered(self, session, wanted, found):
        OrganisationFactory(
            code="CUMGAR",
            slug="hop-tac-xa-ca-phe-cu-m-gar",
            name="Hợp tác xã Cà phê Cư M’gar",
            tax_code="6001234567",
        )
        OrganisationFactory(code="LH", kind=OrganisationKind.UNION, province_code="92")
        OrganisationFactory(code="CHO", pending=True)

        page = registry.organisations_of_registry(
            viewer=officer(), wanted=wanted, page=PageRequest()
        ).page

        assert [each.code for each in page.rows] == found
        assert page.total == len(found)

    def test_provinces_are_counted(self, session):
        OrganisationFactory(province_code="66")
        OrganisationFactory(province_code="66", pending=True)
        OrganisationFactory(province_code="92")
        OrganisationFactory(province_code="92", enterprise=True)

        figures = registry.figures_by_province(viewer=officer())

        assert [(each.province_code, each.organisations) for each in figures] == [
            ("66", 2),
            ("92", 1),
        ]
        assert (figures[0].verified, figures[0].waiting) == (1, 1)

    def test_history_names_who_and_why(self, session):
        cooperative = OrganisationFactory(pending=True)
        actor = officer()
        organisations.verify_organisation(actor=actor, organisation_id=cooperative.id, at=MONDAY)
        organisations.suspend_organisation(
            actor=actor, organisation_id=cooperative.id, reason="Lý do", at=TUESDAY
        )
        session.flush()

        latest, first = registry.history_of(cooperative, viewer=actor)

        assert (latest.to_state, latest.reason, latest.at) == ("suspended", "Lý do", TUESDAY)
        assert first.who == queries.get_user(actor.user_id).full_name

    def test_is_for_officers(self, session):
        cooperative = OrganisationFactory()
        director = member_of(cooperative)
        asked = (
            lambda: registry.organisations_of_registry(
                viewer=director, wanted=RegistryFilter(), page=PageRequest()
            ),
            lambda: registry.figures_by_province(viewer=director),
            lambda: registry.get_organisation_of_registry(cooperative.code, viewer=director),
            lambda: registry.contacts_of(cooperative, viewer=director),
            lambda: registry.history_of(cooperative, viewer=director),
        )

        for ask in asked:
            with pytest.raises(NotAllowedError):
                ask()
