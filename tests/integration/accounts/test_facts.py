"""What the papers of an organisation say, who may change it, and who learns of it."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts import facts as queries
from marketplace.accounts.errors import (
    FactOutOfBoundsError,
    FoundedLaterError,
    PictureNotFoundError,
    TaxCodeTakenError,
    TaxCodeUnreadableError,
    TextTooLongError,
)
from marketplace.accounts.operations import facts as operations
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations.facts import Facts, Place
from marketplace.accounts.operations.organisations import Portrait
from marketplace.accounts.permissions import NotAllowedError
from models.accounts import Role
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.media import MediaFileFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

TAX_CODE = "0100109106"
FACTS = Facts(
    tax_code=TAX_CODE,
    registration_number="40B7-001",
    legal_representative="Y Bhăm Niê",
    charter_capital_minor=2_500_000_000,
    founded_on=date(2014, 3, 1),
    member_count=120,
    brand="Sắc đỏ",
)


def declare(organisation, facts=FACTS, actor=None, at=TUESDAY):
    return operations.declare_facts(
        actor=actor or member_of(organisation), organisation_id=organisation.id, facts=facts, at=at
    )


def audit(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()


class TestDeclareFacts:
    def test_is_kept_and_written_down(self, session):
        cooperative = OrganisationFactory()

        declare(cooperative)

        [row] = audit(session)
        assert (cooperative.tax_code, cooperative.charter_capital_minor) == (
            TAX_CODE,
            2_500_000_000,
        )
        assert cooperative.brand == "Sắc đỏ"
        assert row.action == "accounts.facts_declared"
        assert row.before["founded_on"] is None
        assert row.after["founded_on"] == "2014-03-01"

    def test_twice_is_once(self, session):
        cooperative = OrganisationFactory()

        for _ in range(2):
            declare(cooperative)

        assert len(audit(session)) == 1

    @pytest.mark.parametrize(
        ("facts", "error", "field"),
        [
            (Facts(tax_code="0100109107"), TaxCodeUnreadableError, "tax_code"),
            (Facts(tax_code="ABC"), TaxCodeUnreadableError, "tax_code"),
            (Facts(registration_number="x" * 31), TextTooLongError, "registration_number"),
            (Facts(legal_representative="x" * 161), TextTooLongError, "legal_representative"),
            (Facts(brand="x" * 81), TextTooLongError, "brand"),
            (Facts(charter_capital_minor=-1), FactOutOfBoundsError, "charter_capital_minor"),
            (
                Facts(charter_capital_minor=10**16),
                FactOutOfBoundsError,
                "charter_capital_minor",
            ),
            (Facts(member_count=-1), FactOutOfBoundsError, "member_count"),
            (Facts(member_count=1_000_001), FactOutOfBoundsError, "member_count"),
            (Facts(founded_on=date(2026, 11, 4)), FoundedLaterError, "founded_on"),
        ],
    )
    def test_nonsense_is_refused_at_its_field(self, session, facts, error, field):
        cooperative = OrganisationFactory()

        with pytest.raises(error) as refused:
            declare(cooperative, facts)

        assert refused.value.details["field"] == field
        assert audit(session) == []

    def test_a_tax_code_belongs_to_one(self, session):
        OrganisationFactory(tax_code=TAX_CODE)
        cooperative = OrganisationFactory()

        with pytest.raises(TaxCodeTakenError):
            declare(cooperative)

        assert cooperative.tax_code is None

    def test_a_strange_tax_code_of_before_may_stay(self, session):
        cooperative = OrganisationFactory(tax_code="6001234567")

        declare(cooperative, Facts(tax_code="6001234567", brand="Mới"))

        assert (cooperative.tax_code, cooperative.brand) == ("6001234567", "Mới")

    def test_is_for_its_director(self, session):
        cooperative = OrganisationFactory()
        outsiders = (
            officer(),
            member_of(cooperative, Role.ACCOUNTANT),
            member_of(OrganisationFactory()),
        )

        for actor in outsiders:
            with pytest.raises(NotAllowedError):
                declare(cooperative, actor=actor)

        assert cooperative.tax_code is None


class TestPictures:
    @pytest.mark.parametrize("place", Place)
    def test_is_shown_and_taken_away(self, session, place):
        cooperative = OrganisationFactory()
        photo = MediaFileFactory(organisation_id=cooperative.id)
        director = member_of(cooperative)
        for file_id, shown in ((photo.id, photo.sha256), (photo.id, photo.sha256), (None, "")):
            operations.show_picture(
                actor=director,
                organisation_id=cooperative.id,
                place=place,
                file_id=file_id,
                at=TUESDAY,
            )
            assert getattr(queries.pictures_of(cooperative), place) == shown

        assert [row.action for row in audit(session)] == ["accounts.picture_shown"] * 2

    @pytest.mark.parametrize("kind", ["foreign", "paper", "none"])
    def test_must_be_a_photo_of_its_own(self, session, kind):
        cooperative = OrganisationFactory()
        files = {
            "foreign": lambda: MediaFileFactory(organisation_id=OrganisationFactory().id).id,
            "paper": lambda: MediaFileFactory(paper=True, organisation_id=cooperative.id).id,
            "none": lambda: 987654321,
        }

        with pytest.raises(PictureNotFoundError):
            operations.show_picture(
                actor=member_of(cooperative),
                organisation_id=cooperative.id,
                place=Place.LOGO,
                file_id=files[kind](),
                at=TUESDAY,
            )

        assert cooperative.logo_id is None

    def test_is_for_its_director(self, session):
        cooperative = OrganisationFactory(logo_id=MediaFileFactory().id)

        with pytest.raises(NotAllowedError):
            operations.show_picture(
                actor=member_of(cooperative, Role.SALES),
                organisation_id=cooperative.id,
                place=Place.LOGO,
                file_id=None,
                at=TUESDAY,
            )

        assert cooperative.logo_id is not None


class TestChangesSince:
    def test_what_changed_after_it_was_verified_is_told(self, session):
        cooperative = OrganisationFactory(verified_at=MONDAY, name="HTX Cũ")
        director = member_of(cooperative)
        declare(cooperative, actor=director, at=TUESDAY)
        organisations.edit_organisation(
            actor=director,
            organisation_id=cooperative.id,
            portrait=Portrait("HTX Mới", "", "Câu mới", "", "", "", None),
            at=WEDNESDAY,
        )
        session.flush()

        changes = queries.changes_since(cooperative.id, MONDAY)

        assert (changes[0].field, changes[0].before, changes[0].after) == (
            "name",
            "HTX Cũ",
            "HTX Mới",
        )
        assert {change.field for change in changes} == {
            "name",
            "tax_code",
            "registration_number",
            "legal_representative",
            "charter_capital_minor",
            "founded_on",
        }

    def test_what_was_before_or_came_back_is_not(self, session):
        cooperative = OrganisationFactory(tax_code=TAX_CODE)
        director = member_of(cooperative)
        kept = Facts(tax_code=TAX_CODE)
        declare(cooperative, Facts(tax_code=TAX_CODE, legal_representative="Lan"), director, MONDAY)
        declare(cooperative, kept, director, TUESDAY)
        declare(
            cooperative, Facts(tax_code=TAX_CODE, legal_representative="Lan"), director, WEDNESDAY
        )

        assert queries.changes_since(cooperative.id, MONDAY) == []
        assert queries.changes_since(cooperative.id, WEDNESDAY) == []
        assert queries.changes_since(cooperative.id, None) == []
        [change] = queries.changes_since(cooperative.id, TUESDAY)
        assert (change.before, change.after, change.at) == (None, "Lan", WEDNESDAY)
