"""Contracts that come of an award: one for each seller, of exactly what was awarded, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.access import terms_in
from marketplace.contracts.terms import Grade, Limit, Place, Planned
from marketplace.kernel.states import NotAllowedError as StateError
from marketplace.sourcing.quotes.offer import Formula
from marketplace.sourcing.quotes.operations import Choice, Decision
from marketplace.sourcing.quotes.reading import quotes_in
from marketplace.workflows import bargaining
from marketplace.workflows.awarding import decide_request
from marketplace.workflows.contracting import draft_from_award
from models.accounts import Role, VerificationState
from models.contracts import Contract, ContractOrigin, ContractSide, ContractState
from models.supply import HoldPurpose, SupplyHold
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.certification import CertificateFactory
from tests.factories.quotes import (
    PRICE,
    joint_offer,
    offer_of,
    opened,
    scene,
    send,
    send_joint,
    with_union,
)
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY
from tests.invariants import broken

pytestmark = pytest.mark.usefixtures("session")
LATER = CLOSING + timedelta(hours=2)


@pytest.fixture
def made(session):
    found = with_union(scene(schemes=["VIETGAP_CROP"]))
    send(found, found.sellers[0], offer_of(found.sellers[0]))
    send_joint(found, joint_offer(found))
    for each in (*found.sellers, *found.members):
        CertificateFactory(organisation=each.organisation, products=[each.product])
    return opened(found)


@pytest.fixture
def award(made):
    """15 t and 6 t of the first seller, 6 t of the union's two in January: 4 t and 2 t."""
    alone, joint = (quote.number for quote in quotes_in(made.request.id, "opened"))
    choices = [
        Choice(alone, JANUARY, 13_000_000),
        Choice(alone, FEBRUARY, 6_000_000),
        Choice(joint, JANUARY, 6_000_000),
    ]
    return decide_request(
        actor=made.buyer,
        request_id=made.request.id,
        decision=Decision(choices, "Giá tốt"),
        at=LATER,
    )


def draft(made, actor=None, at=LATER):
    return draft_from_award(actor=actor or made.buyer, request_id=made.request.id, at=at)


def largest_first(drafted):
    """The contracts; parts come in the order of quotes' numbers, which chance draws."""
    return sorted(drafted.contracts, key=lambda each: -each.total_g)


def held(session):
    """What is promised in the books, by reference."""
    rows = session.execute(
        select(SupplyHold.reference, func.sum(SupplyHold.grams))
        .where(SupplyHold.ended_at.is_(None), SupplyHold.purpose == HoldPurpose.CONTRACT)
        .group_by(SupplyHold.reference)
    )
    return {reference: int(grams) for reference, grams in rows}


@pytest.mark.usefixtures("award")
class TestOneAward:
    def test_makes_one_contract_for_each_seller_and_they_add_up(self, made, award, session):
        drafted = draft(made)
        alone, first, second = largest_first(drafted)
        assert drafted.waiting == []
        assert sum(each.total_g for each in drafted.contracts) == award.total_g == 25_000_000
        assert [each.total_g for each in (alone, first, second)] == [
            19_000_000,
            4_000_000,
            2_000_000,
        ]
        assert alone.seller_id == made.sellers[0].organisation.id
        assert {first.seller_id, second.seller_id} == {
            each.organisation.id for each in made.members
        }
        assert (alone.led_by_id, first.led_by_id, second.led_by_id) == (
            None,
            made.union.organisation.id,
            made.union.organisation.id,
        )
        for each in drafted.contracts:
            assert (each.state, each.origin, each.made_by_side, each.award_id) == (
                ContractState.DRAFT,
                ContractOrigin.AWARD,
                ContractSide.BUYER,
                award.id,
            )

    def test_says_what_was_asked_for_and_offered(self, made, session):
        terms = terms_in(largest_first(draft(made))[0])
        place = Place("79", None, "Kho số 4, đường Nguyễn Duy Trinh")
        assert terms.title == "Cà phê Robusta nhân xanh"
        assert (terms.price.base_minor, terms.price.monthly) == (
            PRICE + 500,
            {FEBRUARY: PRICE + 1500},
        )
        assert terms.schedule == (
            Planned(JANUARY, date(2027, 1, 31), 13_000_000, place),
            Planned(FEBRUARY, date(2027, 2, 28), 6_000_000, place),
        )
        assert terms.value_minor == 13_000 * (PRICE + 500) + 6_000 * (PRICE + 1500)
        assert (terms.starts_on, terms.ends_on) == (JANUARY, date(2027, 2, 28))
        assert terms.payment.stages == ((10_000, 30),)
        assert (terms.tolerance_bps, terms.packing, terms.schemes) == (
            500,
            "Bao 60 kg",
            ("VIETGAP_CROP",),
        )
        assert [limit.name for limit in terms.limits] == ["Độ ẩm"]
        assert isinstance(terms.limits[0], Limit)
        assert terms.buyer.name == made.buyers.name
        assert terms.seller.name == made.sellers[0].organisation.name

    def test_once_however_often(self, made, session):
        first = draft(made)
        again = draft(made, at=LATER + timedelta(hours=1))
        assert {each.id for each in again.contracts} == {each.id for each in first.contracts}
        assert session.scalar(select(func.count()).select_from(Contract)) == 3

    def test_hands_the_promise_in_the_books_over(self, made, session):
        before = held(session)
        contracts = draft(made).contracts
        assert sum(before.values()) == 25_000_000
        assert held(session) == {each.number: each.total_g for each in contracts}
        assert broken(session) == {}

    def test_calling_one_off_gives_its_part_back(self, made, session):
        alone, first, _second = largest_first(draft(made))
        bargaining.cancel_contract(actor=made.buyer, contract_id=first.id, reason="Đổi ý", at=LATER)
        assert first.number not in held(session)
        assert held(session)[alone.number] == 19_000_000
        assert first.id in [each.id for each in draft(made).contracts]
        assert sum(held(session).values()) == 21_000_000
        assert broken(session) == {}

    def test_a_suspended_seller_waits_and_holds_up_nobody(self, made, session):
        member = made.members[0].organisation
        member.verification = VerificationState.SUSPENDED
        drafted = draft(made)
        assert drafted.waiting == [member.name]
        assert len(drafted.contracts) == 2
        assert sum(held(session).values()) == 25_000_000
        member.verification = VerificationState.VERIFIED
        drafted = draft(made)
        assert (len(drafted.contracts), drafted.waiting) == (3, [])
        assert held(session) == {each.number: each.total_g for each in drafted.contracts}
        assert broken(session) == {}

    @pytest.mark.parametrize("who", ["accountant", "seller", "other enterprise"])
    def test_only_the_buyer_begins(self, made, who, session):
        actor = {
            "accountant": lambda: member_of(made.buyers, Role.ACCOUNTANT),
            "seller": lambda: made.sellers[0].actor,
            "other enterprise": lambda: member_of(OrganisationFactory(enterprise=True)),
        }[who]()
        with pytest.raises(NotAllowedError):
            draft(made, actor)
        assert session.scalar(select(func.count()).select_from(Contract)) == 0

    def test_what_is_signed_is_promised_as_far_as_it_is_in_the_book(self, made, session):
        contract = largest_first(draft(made))[0]
        terms = terms_in(contract)
        bargaining.promise_supply(contract=contract, terms=terms, at=LATER)
        assert held(session)[contract.number] == 19_000_000
        all_in_january = Planned(JANUARY, date(2027, 1, 31), 90_000_000, terms.place)
        much = replace(terms, schedule=(all_in_january,))
        bargaining.promise_supply(contract=contract, terms=much, at=LATER)
        assert held(session)[contract.number] == 60_000_000
        assert broken(session) == {}


def test_nothing_without_an_award(made, session):
    with pytest.raises(StateError):
        draft(made)


def test_a_formula_and_a_grade_are_kept(session):
    made = scene()
    seller = made.sellers[0]
    formula = Formula("Robusta Đắk Lắk", 2_000, 90_000, 130_000)
    send(made, seller, offer_of(seller, prices={}, formula=formula))
    opened(made)
    [quote] = quotes_in(made.request.id, "opened")
    decide_request(
        actor=made.buyer,
        request_id=made.request.id,
        decision=Decision([Choice(quote.number, JANUARY, 5_000_000)], "Một nơi"),
        at=LATER,
    )
    terms = terms_in(draft(made).contracts[0])
    assert terms.grades == () or isinstance(terms.grades[0], Grade)
    price = terms.price
    assert (price.reference_code, price.premium_minor) == ("Robusta Đắk Lắk", 2_500)
    assert (price.floor_minor, price.ceiling_minor, price.base_minor) == (90_500, 130_500, 130_500)
