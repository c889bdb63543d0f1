"""Requests are drafted, published, changed and ended by those who may, and by nobody else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.geography.errors import UnknownCommuneError
from marketplace.kernel.states import NotAllowedError as StateError
from marketplace.platform.database import session as db
from marketplace.sourcing.requests import errors, operations, queries
from marketplace.sourcing.requests.operations import Invited, publishing
from marketplace.sourcing.requests.rules import NOTICE
from marketplace.sourcing.requests.terms import Limit, Place
from models.accounts import Role
from models.platform import StateChange
from models.requests import (
    Request,
    RequestChange,
    RequestInvitation,
    RequestPeriod,
    RequestState,
)
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.media import MediaFileFactory
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY, RequestFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


def count(kind):
    return db.scalar(select(func.count()).select_from(kind))


@pytest.fixture
def draft(buyer, enterprise, terms):
    return operations.create_request(
        actor=buyer, organisation_id=enterprise.id, terms=terms(), at=TUESDAY
    )


@pytest.fixture
def published(buyer, draft, seller):
    return operations.publish_request(
        actor=buyer, request_id=draft.id, invited=[Invited(seller.id, {"km": 3})], at=TUESDAY
    )


@pytest.fixture(params=["accountant", "officer of another", "seller"])
def stranger(request, enterprise, seller):
    """People who may not write requests of the enterprise."""
    return {
        "accountant": lambda: member_of(enterprise, Role.ACCOUNTANT),
        "officer of another": lambda: member_of(OrganisationFactory(enterprise=True), Role.BUYER),
        "seller": lambda: member_of(seller, Role.DIRECTOR),
    }[request.param]()


class TestDrafting:
    def test_a_draft_says_what_was_written(self, draft, terms, trail):
        assert queries.terms_of(draft) == terms(
            limits=(Limit("Độ ẩm", "at_most", Decimal("12.500"), "%"),)
        )
        assert (draft.state, draft.revision, draft.published_at) == (RequestState.DRAFT, 1, None)
        assert draft.number.startswith("YC261103-")
        assert trail() == ["sourcing.create_request"]

    def test_a_draft_may_be_incomplete(self, buyer, enterprise, terms):
        made = operations.create_request(
            actor=buyer,
            organisation_id=enterprise.id,
            terms=terms(specification="", periods=(), limits=(), schemes=()),
            at=TUESDAY,
        )
        assert queries.terms_of(made).periods == ()

    def test_who_may_not_writes_nothing(self, stranger, enterprise, terms):
        with pytest.raises(NotAllowedError):
            operations.create_request(
                actor=stranger, organisation_id=enterprise.id, terms=terms(), at=TUESDAY
            )
        assert count(Request) == 0

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"title": "  "}, errors.TitleMissingError),
            ({"category_id": 0}, errors.UnknownCategoryError),
            ({"tolerance_bps": 5001}, errors.WrongToleranceError),
            ({"tolerance_bps": -1}, errors.WrongToleranceError),
            ({"target_minor": 0}, errors.WrongTargetError),
            ({"periods": ((JANUARY, 0),)}, errors.QuantityMissingError),
            ({"limits": (Limit(" ", "at_most", Decimal(1)),)}, errors.WrongLimitError),
            ({"limits": (Limit("Ẩm", "equals", Decimal(1)),)}, errors.WrongLimitError),
            ({"limits": (Limit("Ẩm", "at_most", Decimal("NaN")),)}, errors.WrongLimitError),
            ({"limits": (Limit("Ẩm", "at_most", Decimal(1)),) * 13}, errors.WrongLimitError),
            ({"schemes": ("<script>",)}, errors.UnknownSchemeWantedError),
            ({"place": Place("79", "00001", "")}, UnknownCommuneError),
            ({"file_ids": (987654321,)}, errors.ForeignFileError),
        ],
    )
    def test_what_no_request_can_say_is_refused(self, buyer, enterprise, terms, values, error):
        with pytest.raises(error):
            operations.create_request(
                actor=buyer, organisation_id=enterprise.id, terms=terms(**values), at=TUESDAY
            )

    def test_a_file_of_others_is_refused(self, buyer, enterprise, terms, seller):
        foreign = MediaFileFactory(paper=True, organisation_id=seller.id)
        with pytest.raises(errors.ForeignFileError):
            operations.create_request(
                actor=buyer,
                organisation_id=enterprise.id,
                terms=terms(file_ids=(foreign.id,)),
                at=TUESDAY,
            )

    def test_a_draft_is_written_anew(self, buyer, draft, terms):
        said = terms(periods=((FEBRUARY, 5_000_000),), schemes=(), limits=())
        operations.edit_draft(actor=buyer, request_id=draft.id, terms=said, at=TUESDAY)

        assert queries.terms_of(draft) == said

    def test_only_a_draft_is_edited_so(self, buyer, published, terms):
        with pytest.raises(StateError):
            operations.edit_draft(
                actor=buyer, request_id=published.id, terms=terms(title="Khác"), at=WEDNESDAY
            )
        assert published.title == "Robusta nhân xanh"

    def test_who_may_not_edits_and_discards_nothing(self, stranger, draft, terms):
        with pytest.raises(NotAllowedError):
            operations.edit_draft(
                actor=stranger, request_id=draft.id, terms=terms(title="Khác"), at=TUESDAY
            )
        with pytest.raises(NotAllowedError):
            operations.discard_draft(actor=stranger, request_id=draft.id, at=TUESDAY)
        assert draft.title == "Robusta nhân xanh"

    def test_a_draft_is_discarded_with_all_its_parts(self, buyer, draft):
        operations.discard_draft(actor=buyer, request_id=draft.id, at=TUESDAY)

        assert (count(Request), count(RequestPeriod)) == (0, 0)

    def test_a_published_one_is_not_discarded(self, buyer, published):
        with pytest.raises(StateError):
            operations.discard_draft(actor=buyer, request_id=published.id, at=TUESDAY)

    def test_a_copy_says_the_same_for_months_to_come(self, buyer, enterprise):
        old = RequestFactory(
            organisation=enterprise,
            ended=True,
            periods={date(2025, 1, 1): 1_000, date(2025, 3, 1): 3_000},
        )
        copy = operations.copy_request(actor=buyer, request_id=old.id, at=TUESDAY)

        assert (copy.state, copy.title) == (RequestState.DRAFT, old.title)
        assert copy.closes_at == TUESDAY + timedelta(days=14)
        assert queries.terms_of(copy).periods == (
            (date(2026, 11, 1), 1_000),
            (date(2027, 1, 1), 3_000),
        )

    def test_who_may_not_copies_nothing(self, stranger, published):
        with pytest.raises(NotAllowedError):
            operations.copy_request(actor=stranger, request_id=published.id, at=TUESDAY)
        assert count(Request) == 1


class TestPublishing:
    def test_it_is_open_and_the_invited_know_why(self, published, seller):
        assert (published.state, published.published_at) == (RequestState.OPEN, TUESDAY)
        [invitation] = db.scalars(select(RequestInvitation)).all()
        assert (invitation.organisation_id, invitation.why) == (seller.id, {"km": 3})
        [change] = db.scalars(select(StateChange).where(StateChange.subject_kind == "request"))
        assert (change.from_state, change.to_state) == ("draft", "open")

    def test_twice_is_once(self, buyer, published, seller):
        other = OrganisationFactory()
        operations.publish_request(
            actor=buyer, request_id=published.id, invited=[Invited(other.id)], at=WEDNESDAY
        )
        assert published.published_at == TUESDAY
        assert count(RequestInvitation) == 1

    def test_who_may_not_publishes_nothing(self, stranger, draft):
        with pytest.raises(NotAllowedError):
            operations.publish_request(actor=stranger, request_id=draft.id, invited=[], at=TUESDAY)
        assert draft.state == RequestState.DRAFT

    @pytest.mark.parametrize("trait", ["pending", "suspended"])
    def test_only_a_verified_enterprise_publishes(self, trait):
        enterprise = OrganisationFactory(enterprise=True, **{trait: True})
        draft = RequestFactory(organisation=enterprise, draft=True)
        with pytest.raises(errors.UnverifiedBuyerError):
            operations.publish_request(
                actor=member_of(enterprise, Role.BUYER),
                request_id=draft.id,
                invited=[],
                at=TUESDAY,
            )
        assert draft.state == RequestState.DRAFT

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"specification": " ", "limits": ()}, errors.SpecificationMissingError),
            ({"periods": ()}, errors.QuantityMissingError),
            ({"periods": ((date(2026, 10, 1), 1),)}, errors.MonthPastError),
            (
                {"closes_at": TUESDAY + NOTICE - timedelta(seconds=1)},
                errors.ClosingTooSoonError,
            ),
            ({"closes_at": TUESDAY + timedelta(days=181)}, errors.ClosingTooFarError),
            ({"is_open_to_all": False}, errors.NobodyInvitedError),
        ],
    )
    def test_what_sellers_could_not_answer_is_refused(
        self, buyer, enterprise, terms, values, error
    ):
        said = terms(**{"periods": ((date(2027, 9, 1), 1_000),)} | values)
        draft = operations.create_request(
            actor=buyer, organisation_id=enterprise.id, terms=said, at=TUESDAY
        )
        with pytest.raises(error):
            operations.publish_request(actor=buyer, request_id=draft.id, invited=[], at=TUESDAY)

    def test_exactly_a_day_is_enough(self, buyer, enterprise, terms):
        draft = operations.create_request(
            actor=buyer,
            organisation_id=enterprise.id,
            terms=terms(closes_at=TUESDAY + NOTICE),
            at=TUESDAY,
        )
        operations.publish_request(actor=buyer, request_id=draft.id, invited=[], at=TUESDAY)
        assert draft.state == RequestState.OPEN

    @pytest.mark.parametrize("values", [{"pending": True}, {"enterprise": True}])
    def test_only_verified_sellers_are_invited(self, buyer, draft, values):
        other = OrganisationFactory(**values)
        with pytest.raises(errors.UnknownSellerError):
            operations.publish_request(
                actor=buyer, request_id=draft.id, invited=[Invited(other.id)], at=TUESDAY
            )


class TestInvitingMore:
    def test_the_known_stay_and_the_new_are_told_apart(self, buyer, published, seller):
        other = OrganisationFactory()
        added = operations.invite_sellers(
            actor=buyer,
            request_id=published.id,
            invited=[Invited(seller.id), Invited(other.id)],
            at=WEDNESDAY,
        )
        assert added == [other.id]
        assert db.get_one(RequestInvitation, (published.id, seller.id)).why == {"km": 3}

    def test_there_is_a_most(self, buyer, published, monkeypatch):
        monkeypatch.setattr(publishing, "MOST_INVITED", 1)
        with pytest.raises(errors.TooManyInvitedError):
            operations.invite_sellers(
                actor=buyer,
                request_id=published.id,
                invited=[Invited(OrganisationFactory().id)],
                at=WEDNESDAY,
            )
        assert count(RequestInvitation) == 1

    def test_nobody_is_nobody(self, buyer, published):
        with pytest.raises(errors.NobodyInvitedError):
            operations.invite_sellers(
                actor=buyer, request_id=published.id, invited=[], at=WEDNESDAY
            )

    def test_after_the_closing_nobody_is_invited(self, buyer, published):
        other = OrganisationFactory()
        with pytest.raises(errors.RequestClosedError):
            operations.invite_sellers(
                actor=buyer,
                request_id=published.id,
                invited=[Invited(other.id)],
                at=published.closes_at,
            )

    def test_who_may_not_invites_nobody(self, stranger, published):
        other = OrganisationFactory()
        with pytest.raises(NotAllowedError):
            operations.invite_sellers(
                actor=stranger,
                request_id=published.id,
                invited=[Invited(other.id)],
                at=WEDNESDAY,
            )
        assert count(RequestInvitation) == 1


class TestChanging:
    def change(self, buyer, request, terms, at=WEDNESDAY):
        return operations.change_request(actor=buyer, request_id=request.id, terms=terms, at=at)

    def test_the_differences_are_kept(self, buyer, published, terms):
        change = self.change(
            buyer,
            published,
            terms(packing="Bao 60 kg", periods=((JANUARY, 9_000_000), (FEBRUARY, 1_000_000))),
        )
        assert (published.revision, change.revision) == (2, 2)
        assert change.differences == [
            {"field": "packing", "before": "", "after": "Bao 60 kg"},
            {"field": "month", "month": "2027-01-01", "before": 20_000_000, "after": 9_000_000},
            {"field": "month", "month": "2027-02-01", "before": None, "after": 1_000_000},
        ]

    def test_the_target_is_no_difference(self, buyer, published, terms):
        assert self.change(buyer, published, terms(target_minor=99_000)) is None
        assert (published.target_minor, published.revision) == (99_000, 1)

    def test_the_same_again_is_no_change(self, buyer, published, terms):
        assert self.change(buyer, published, terms()) is None
        assert count(RequestChange) == 0

    def test_what_is_open_to_all_stays_so(self, buyer, published, terms):
        assert self.change(buyer, published, terms(is_open_to_all=False)) is None
        assert published.is_open_to_all

    def test_the_closing_is_put_off(self, buyer, published, terms):
        later = published.closes_at + timedelta(minutes=1)
        near = published.closes_at - timedelta(hours=1)
        assert self.change(buyer, published, terms(closes_at=later), at=near) is not None
        assert published.closes_at == later

    def test_the_closing_comes_no_nearer_than_a_day(self, buyer, published, terms):
        with pytest.raises(errors.ClosingTooSoonError):
            self.change(
                buyer, published, terms(closes_at=WEDNESDAY + NOTICE - timedelta(seconds=1))
            )
        assert self.change(buyer, published, terms(closes_at=WEDNESDAY + NOTICE)) is not None

    def test_a_closed_one_is_not_changed(self, buyer, published, terms):
        with pytest.raises(errors.RequestClosedError):
            self.change(buyer, published, terms(title="Khác"), at=published.closes_at)
        assert published.title == "Robusta nhân xanh"

    def test_a_draft_has_no_revisions(self, buyer, draft, terms):
        with pytest.raises(errors.RequestClosedError):
            self.change(buyer, draft, terms(title="Khác"))

    def test_it_stays_complete(self, buyer, published, terms):
        with pytest.raises(errors.QuantityMissingError):
            self.change(buyer, published, terms(periods=()))

    def test_who_may_not_changes_nothing(self, stranger, published, terms):
        with pytest.raises(NotAllowedError):
            self.change(stranger, published, terms(title="Khác"))
        assert published.title == "Robusta nhân xanh"


class TestEnding:
    def test_it_is_cancelled_with_its_reason(self, buyer, published, trail):
        operations.cancel_request(
            actor=buyer, request_id=published.id, reason=" Đổi  kế hoạch ", at=WEDNESDAY
        )
        assert (published.state, published.end_reason, published.decided_at) == (
            RequestState.CANCELLED,
            "Đổi kế hoạch",
            WEDNESDAY,
        )
        assert trail()[-1] == "sourcing.cancel_request"

    def test_twice_is_once(self, buyer, published):
        for reason, at in (("Đổi kế hoạch", WEDNESDAY), ("Khác", CLOSING)):
            operations.cancel_request(actor=buyer, request_id=published.id, reason=reason, at=at)
        assert (published.end_reason, published.decided_at) == ("Đổi kế hoạch", WEDNESDAY)

    def test_it_ends_after_it_is_closed_only(self, buyer, published):
        with pytest.raises(StateError):
            operations.end_request(
                actor=buyer, request_id=published.id, reason="Thôi", at=WEDNESDAY
            )
        operations.end_request(
            actor=buyer, request_id=published.id, reason="Thôi", at=published.closes_at
        )
        assert published.state == RequestState.ENDED

    def test_an_opened_one_ends_and_is_not_cancelled(self, buyer, enterprise):
        request = RequestFactory(organisation=enterprise, opened=True)
        with pytest.raises(StateError):
            operations.cancel_request(actor=buyer, request_id=request.id, reason="Thôi", at=MONDAY)
        operations.end_request(actor=buyer, request_id=request.id, reason="Thôi", at=MONDAY)
        assert request.state == RequestState.ENDED

    @pytest.mark.parametrize("end", [operations.cancel_request, operations.end_request])
    def test_a_reason_is_needed(self, buyer, published, end):
        with pytest.raises(errors.ReasonMissingError):
            end(actor=buyer, request_id=published.id, reason="  ", at=published.closes_at)
        assert published.state == RequestState.OPEN

    def test_who_may_not_ends_nothing(self, stranger, published):
        for end in (operations.cancel_request, operations.end_request):
            with pytest.raises(NotAllowedError):
                end(
                    actor=stranger,
                    request_id=published.id,
                    reason="Thôi",
                    at=published.closes_at,
                )
        assert published.state == RequestState.OPEN


def test_terms_are_values(terms):
    assert replace(terms(), title="Khác").total_g == 20_000_000
