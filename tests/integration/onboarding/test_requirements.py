"""The alliance writes its checklist."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from marketplace.accounts.errors import NameMissingError
from marketplace.accounts.permissions import NotAllowedError
from marketplace.geography.errors import UnknownProvinceError
from marketplace.onboarding import operations, queries
from marketplace.onboarding.errors import (
    CategoryMissingError,
    FieldMissingError,
    KindNotAdmittedError,
    OutOfReachError,
    RequirementNotFoundError,
)
from marketplace.onboarding.operations import NewRequirement
from models.onboarding import Requirement
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of, officer, provincial_officer
from tests.factories.catalogue import CategoryFactory
from tests.factories.onboarding import TAX_CODES, drafted, items_of, plain_checklist, sent
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

WANTED = NewRequirement(
    topic="papers",
    kind=None,
    province_code=None,
    category_id=None,
    title_vi="Giấy an toàn thực phẩm",
    title_en="Food safety paper",
    help_vi="",
    help_en="",
    needs_file=True,
    needs_text=False,
    needs_two=False,
)


def titles(*, is_active=True):
    rows = queries.checklist(viewer=officer(), is_active=is_active)
    return [row.requirement.title_vi for row in rows]


class TestAdding:
    def test_comes_last_and_is_written_down(self, session):
        actor = officer()

        made = operations.add_requirement(actor=actor, wanted=WANTED, at=MONDAY)

        assert titles()[-1] == "Giấy an toàn thực phẩm"
        assert (made.created_by_id, made.created_at) == (actor.user_id, MONDAY)
        [event] = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "onboarding.requirement_added")
        )
        assert event.actor_organisation_id == actor.organisation_id

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"topic": "x"}, FieldMissingError),
            ({"kind": "alliance"}, KindNotAdmittedError),
            ({"province_code": "00"}, UnknownProvinceError),
            ({"category_id": 987_654}, CategoryMissingError),
            ({"title_vi": " "}, NameMissingError),
        ],
    )
    def test_refuses(self, session, values, error):
        before = session.scalar(select(func.count()).select_from(Requirement))

        with pytest.raises(error):
            operations.add_requirement(actor=officer(), wanted=replace(WANTED, **values), at=MONDAY)

        assert session.scalar(select(func.count()).select_from(Requirement)) == before

    def test_is_for_officers(self):
        with pytest.raises(NotAllowedError):
            operations.add_requirement(
                actor=member_of(OrganisationFactory()), wanted=WANTED, at=MONDAY
            )

    def test_a_provincial_alliance_asks_its_own_province(self):
        actor = provincial_officer()
        own = replace(WANTED, province_code="66")

        assert operations.add_requirement(actor=actor, wanted=own, at=MONDAY).id
        for elsewhere in (None, "01"):
            with pytest.raises(OutOfReachError):
                operations.add_requirement(
                    actor=actor, wanted=replace(WANTED, province_code=elsewhere), at=MONDAY
                )


class TestChanging:
    def test_what_nobody_has_is_changed_in_place(self):
        [paper] = plain_checklist({"title_vi": "Giấy cũ"})

        changed = operations.change_requirement(
            actor=officer(), requirement_id=paper.id, wanted=WANTED, at=TUESDAY
        )

        assert changed.id == paper.id
        assert titles() == ["Giấy an toàn thực phẩm"]

    def test_what_an_application_has_keeps_its_words_there(self):
        [paper] = plain_checklist({"title_vi": "Giấy cũ"})
        application = sent()

        changed = operations.change_requirement(
            actor=officer(), requirement_id=paper.id, wanted=WANTED, at=TUESDAY
        )

        assert (changed.id != paper.id, changed.replaces_id) == (True, paper.id)
        assert (paper.is_active, paper.ended_at) == (False, TUESDAY)
        assert [each.title_vi for _, each in items_of(application)] == ["Giấy cũ"]
        assert titles() == ["Giấy an toàn thực phẩm"]
        assert "Giấy cũ" not in titles(is_active=False)

    def test_the_same_words_change_nothing(self):
        actor = officer()
        made = operations.add_requirement(actor=actor, wanted=WANTED, at=MONDAY)
        made_again = operations.change_requirement(
            actor=actor, requirement_id=made.id, wanted=WANTED, at=TUESDAY
        )

        assert made_again.id == made.id

    def test_of_all_is_not_for_one_province(self):
        [paper] = plain_checklist({})

        for act in (operations.end_requirement, operations.restore_requirement):
            with pytest.raises(RequirementNotFoundError):
                act(actor=provincial_officer(), requirement_id=paper.id, at=TUESDAY)
        with pytest.raises(RequirementNotFoundError):
            operations.change_requirement(
                actor=provincial_officer(), requirement_id=paper.id, wanted=WANTED, at=TUESDAY
            )
        assert paper.is_active


class TestEnding:
    def test_and_asking_again(self):
        [paper] = plain_checklist({"title_vi": "Giấy cũ"})
        actor = officer()

        for _ in range(2):
            operations.end_requirement(actor=actor, requirement_id=paper.id, at=TUESDAY)
        assert (titles(), paper.ended_at) == ([], TUESDAY)
        for _ in range(2):
            operations.restore_requirement(actor=actor, requirement_id=paper.id, at=TUESDAY)

        assert (titles(), paper.ended_at) == (["Giấy cũ"], None)

    def test_what_was_replaced_stays_in_the_past(self):
        [paper] = plain_checklist({})
        sent()
        operations.change_requirement(
            actor=officer(), requirement_id=paper.id, wanted=WANTED, at=TUESDAY
        )

        with pytest.raises(RequirementNotFoundError):
            operations.restore_requirement(actor=officer(), requirement_id=paper.id, at=TUESDAY)


def test_whom_it_concerns_is_counted():
    coffee = CategoryFactory()
    drafted(category_ids=(coffee.id,))
    sent(email="b@example.com", facts={"tax_code": TAX_CODES[1]}, category_ids=(coffee.id,))
    sent(email="c@example.com", kind="union", facts={"tax_code": TAX_CODES[2]})
    OrganisationFactory()
    OrganisationFactory(province_code="01")
    ask = {"viewer": officer(), "kind": None, "province_code": None, "category_id": None}

    everybody = queries.concerned_by(**ask)
    coffee_growers = queries.concerned_by(**{**ask, "category_id": coffee.id})
    hanoi = queries.concerned_by(**{**ask, "province_code": "01", "kind": "cooperative"})

    assert (everybody.drafts, everybody.waiting, everybody.members) == (1, 2, 2)
    assert (coffee_growers.drafts, coffee_growers.waiting) == (1, 1)
    assert (hanoi.drafts, hanoi.waiting, hanoi.members) == (0, 0, 1)


def test_members_of_the_market_are_left_alone():
    """A requirement that is new gives no item to an application that was sent."""
    plain_checklist({})
    application = sent()

    operations.add_requirement(actor=officer(), wanted=WANTED, at=TUESDAY)

    assert len(items_of(application)) == 1
