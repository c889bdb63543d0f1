"""Versions go to and fro, whole; whoever may not bargain changes nothing."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts import access, operations
from marketplace.contracts.errors import (
    ContractNotFoundError,
    TextTooLongError,
    VersionNotFoundError,
)
from marketplace.contracts.operations import Source, errors
from marketplace.contracts.terms import Price
from marketplace.kernel.states import NotAllowedError as StateError
from marketplace.platform.database import session as db
from models.accounts import Role, VerificationState
from models.contracts import (
    ContractAgreement,
    ContractComment,
    ContractSide,
    ContractState,
    ContractVersion,
)
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import ContractFactory, some_terms
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def terms(product):
    return some_terms(product_id=product.id)


@pytest.fixture
def draft(buyer, enterprise, seller, terms):
    return operations.draft_contract(
        actor=buyer, terms=terms, source=Source(enterprise.id, seller.id), at=MONDAY
    )


@pytest.fixture
def sent(buyer, draft):
    return operations.send_draft(actor=buyer, contract_id=draft.id, version=1, at=MONDAY)


@pytest.fixture
def agreed(salesman, sent):
    return operations.accept_version(actor=salesman, contract_id=sent.id, version=1, at=TUESDAY)


@pytest.fixture
def active(enterprise, product):
    return ContractFactory(buyer=enterprise, product=product)


@pytest.fixture(params=["stranger", "accountant", "warehouse", "union that quoted"])
def onlooker(request, enterprise, seller):
    """People who may not bargain."""
    return {
        "stranger": lambda: member_of(OrganisationFactory(enterprise=True), Role.DIRECTOR),
        "accountant": lambda: member_of(enterprise, Role.ACCOUNTANT),
        "warehouse": lambda: member_of(seller, Role.WAREHOUSE),
        "union that quoted": lambda: member_of(OrganisationFactory(kind="union"), Role.DIRECTOR),
    }[request.param]()


def dearer(terms, by=1_000):
    return replace(terms, price=Price(terms.price.base_minor + by))


def state_of(contract):
    db.flush()
    db.refresh(contract)
    return contract.state, contract.version, contract.signed_version, contract.turn


def agreements(contract):
    rows = db.execute(
        select(ContractAgreement.version, ContractAgreement.side).where(
            ContractAgreement.contract_id == contract.id
        )
    )
    return sorted((row.version, row.side) for row in rows)


def actions():
    return list(db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


def propose(actor, contract, terms, *, seen, note=""):
    return operations.propose_version(
        actor=actor,
        contract_id=contract.id,
        terms=terms,
        note=note,
        seen_version=seen,
        at=TUESDAY,
    )


def test_a_draft_is_its_makers_alone(draft, buyer, salesman, seller, terms):
    assert state_of(draft) == (ContractState.DRAFT, 1, None, None)
    assert (draft.made_by_side, draft.title) == (ContractSide.BUYER, terms.title)
    assert (draft.total_g, draft.value_minor) == (20_000_000, 2_400_000_000)
    assert draft.commission_bps == seller.commission_bps
    assert access.terms_in(draft) == terms
    assert agreements(draft) == []
    assert access.get_contract(draft.number, viewer=buyer) is draft
    with pytest.raises(ContractNotFoundError):
        access.get_contract(draft.number, viewer=salesman)
    assert actions() == ["contracts.draft_contract"]


def test_a_seller_may_begin_as_well(salesman, enterprise, seller, terms):
    contract = operations.draft_contract(
        actor=salesman, terms=terms, source=Source(enterprise.id, seller.id), at=MONDAY
    )
    assert contract.made_by_side == ContractSide.SELLER


def test_nobody_else_begins_one(onlooker, enterprise, seller, terms):
    with pytest.raises(NotAllowedError):
        operations.draft_contract(
            actor=onlooker, terms=terms, source=Source(enterprise.id, seller.id), at=MONDAY
        )
    assert actions() == []


@pytest.mark.parametrize("side", [0, 1])
def test_both_must_be_verified(side, buyer, enterprise, seller, terms):
    (enterprise, seller)[side].verification = VerificationState.SUSPENDED
    with pytest.raises(errors.UnverifiedPartyError):
        operations.draft_contract(
            actor=buyer, terms=terms, source=Source(enterprise.id, seller.id), at=MONDAY
        )


def test_goods_of_somebody_else_are_refused(buyer, enterprise, seller):
    other = ProductFactory()
    with pytest.raises(errors.ForeignProductError):
        operations.draft_contract(
            actor=buyer,
            terms=some_terms(product_id=other.id),
            source=Source(enterprise.id, seller.id),
            at=MONDAY,
        )


def test_a_draft_changes_without_being_sent(draft, buyer, terms):
    propose(buyer, draft, dearer(terms), seen=1)
    assert state_of(draft) == (ContractState.DRAFT, 2, None, None)
    assert agreements(draft) == []
    assert draft.value_minor == 20_000 * 121_000


def test_sending_gives_the_other_side_the_turn_once(sent, buyer, salesman):
    assert state_of(sent) == (ContractState.NEGOTIATING, 1, None, ContractSide.SELLER)
    assert agreements(sent) == [(1, "buyer")]
    assert access.get_contract(sent.number, viewer=salesman) is sent
    operations.send_draft(actor=buyer, contract_id=sent.id, version=1, at=TUESDAY)
    assert agreements(sent) == [(1, "buyer")]
    assert actions() == ["contracts.draft_contract", "contracts.send_draft"]


def test_a_draft_that_a_colleague_changed_is_not_sent_unread(draft, buyer, terms):
    propose(buyer, draft, dearer(terms), seen=1)
    with pytest.raises(errors.StaleVersionError):
        operations.send_draft(actor=buyer, contract_id=draft.id, version=1, at=TUESDAY)


def test_nobody_else_sends_a_draft(draft, salesman, onlooker):
    for actor in (salesman, onlooker):
        with pytest.raises((NotAllowedError, errors.NotYourTurnError)):
            operations.send_draft(actor=actor, contract_id=draft.id, version=1, at=TUESDAY)
    assert state_of(draft)[0] == ContractState.DRAFT


def test_versions_go_to_and_fro(sent, buyer, salesman, terms):
    row = propose(salesman, sent, dearer(terms), seen=1, note=" Vật tư tăng giá. ")
    assert (row.version, row.side, row.note) == (2, ContractSide.SELLER, "Vật tư tăng giá.")
    assert state_of(sent) == (ContractState.NEGOTIATING, 2, None, ContractSide.BUYER)
    propose(buyer, sent, dearer(terms, 500), seen=2)
    assert state_of(sent) == (ContractState.NEGOTIATING, 3, None, ContractSide.SELLER)
    assert agreements(sent) == [(1, "buyer"), (2, "seller"), (3, "buyer")]
    operations.accept_version(actor=salesman, contract_id=sent.id, version=3, at=WEDNESDAY)
    assert state_of(sent) == (ContractState.AGREED, 3, None, None)
    assert sent.agreed_at == WEDNESDAY
    assert access.terms_in(sent).price.base_minor == 120_500


def test_the_same_form_twice_is_one_version(sent, salesman, terms):
    first = propose(salesman, sent, dearer(terms), seen=1)
    assert propose(salesman, sent, dearer(terms), seen=1) is first
    assert state_of(sent)[1] == 2
    assert actions().count("contracts.propose_version") == 1


def test_what_was_not_read_is_not_answered(sent, buyer, salesman, terms):
    propose(salesman, sent, dearer(terms), seen=1)
    with pytest.raises(errors.StaleVersionError):
        propose(buyer, sent, dearer(terms, 5), seen=1)
    with pytest.raises(errors.StaleVersionError):
        operations.accept_version(actor=buyer, contract_id=sent.id, version=1, at=TUESDAY)
    assert state_of(sent) == (ContractState.NEGOTIATING, 2, None, ContractSide.BUYER)


def test_whoever_waits_cannot_write_over_it(sent, buyer, terms):
    with pytest.raises(errors.NotYourTurnError):
        propose(buyer, sent, dearer(terms), seen=1)
    with pytest.raises(errors.NothingToAnswerError):
        operations.accept_version(actor=buyer, contract_id=sent.id, version=1, at=TUESDAY)
    with pytest.raises(errors.NothingToAnswerError):
        operations.decline(actor=buyer, contract_id=sent.id, version=1, reason="Không", at=TUESDAY)
    assert state_of(sent) == (ContractState.NEGOTIATING, 1, None, ContractSide.SELLER)


def test_a_version_that_changes_nothing_is_refused(sent, salesman, terms):
    with pytest.raises(errors.NothingChangedError):
        propose(salesman, sent, terms, seen=1)


def test_other_goods_are_another_contract(sent, salesman, seller, terms):
    other = ProductFactory(organisation=seller)
    with pytest.raises(errors.ForeignProductError):
        propose(salesman, sent, replace(terms, product_id=other.id), seen=1)


def test_a_note_has_an_end(sent, salesman, terms):
    with pytest.raises(TextTooLongError):
        propose(salesman, sent, dearer(terms), seen=1, note="x" * 1001)


def test_withdrawn_and_sent_again(sent, buyer, salesman, terms):
    for _twice in range(2):
        operations.withdraw_version(actor=buyer, contract_id=sent.id, version=1, at=TUESDAY)
    assert state_of(sent) == (ContractState.NEGOTIATING, 1, None, ContractSide.BUYER)
    assert actions().count("contracts.withdraw_version") == 1
    with pytest.raises(errors.NothingToAnswerError):
        operations.accept_version(actor=salesman, contract_id=sent.id, version=1, at=TUESDAY)
    with pytest.raises(errors.NotYourTurnError):
        propose(salesman, sent, dearer(terms), seen=1)
    propose(buyer, sent, dearer(terms), seen=1)
    assert state_of(sent)[3] == ContractSide.SELLER


def test_only_its_own_side_withdraws(sent, salesman):
    with pytest.raises(errors.NothingToAnswerError):
        operations.withdraw_version(actor=salesman, contract_id=sent.id, version=1, at=TUESDAY)


def test_what_both_want_is_not_withdrawn(agreed, active, buyer):
    for contract in (agreed, active):
        before = state_of(contract)
        with pytest.raises(errors.NothingToAnswerError):
            operations.withdraw_version(
                actor=buyer, contract_id=contract.id, version=1, at=WEDNESDAY
            )
        assert state_of(contract) == before


def test_accepting_twice_is_once(agreed, salesman):
    operations.accept_version(actor=salesman, contract_id=agreed.id, version=1, at=WEDNESDAY)
    assert state_of(agreed) == (ContractState.AGREED, 1, None, None)
    assert agreed.agreed_at == TUESDAY
    assert agreements(agreed) == [(1, "buyer"), (1, "seller")]
    assert actions().count("contracts.accept_version") == 1


def test_what_is_agreed_can_be_opened_again(agreed, salesman, terms):
    propose(salesman, agreed, dearer(terms), seen=1)
    assert state_of(agreed) == (ContractState.NEGOTIATING, 2, None, ContractSide.BUYER)
    assert agreed.agreed_at is None


def test_declining_a_new_contract_ends_it(sent, salesman):
    for _twice in range(2):
        operations.decline(
            actor=salesman, contract_id=sent.id, version=1, reason=" Hết hàng ", at=TUESDAY
        )
    assert state_of(sent) == (ContractState.CANCELLED, 1, None, None)
    assert (sent.end_reason, sent.ended_at) == ("Hết hàng", TUESDAY)
    assert actions().count("contracts.decline") == 1


def test_declining_needs_a_reason(sent, salesman):
    with pytest.raises(errors.ReasonMissingError):
        operations.decline(actor=salesman, contract_id=sent.id, version=1, reason=" ", at=TUESDAY)
    assert state_of(sent)[0] == ContractState.NEGOTIATING


def test_an_amendment_leaves_what_was_signed_in_force(active, buyer, salesman):
    before = access.terms_in(active)
    value = active.value_minor
    propose(buyer, active, dearer(before), seen=1)
    assert state_of(active) == (ContractState.ACTIVE, 2, 1, ContractSide.SELLER)
    assert access.terms_in(active) == before
    assert active.value_minor == value
    operations.accept_version(actor=salesman, contract_id=active.id, version=2, at=WEDNESDAY)
    assert state_of(active) == (ContractState.ACTIVE, 2, 1, None)
    assert agreements(active)[-2:] == [(2, "buyer"), (2, "seller")]


def test_a_declined_or_withdrawn_amendment_falls(active, buyer, salesman):
    terms = access.terms_in(active)
    propose(buyer, active, dearer(terms), seen=1)
    operations.decline(
        actor=salesman, contract_id=active.id, version=2, reason="Đắt quá", at=TUESDAY
    )
    assert state_of(active) == (ContractState.ACTIVE, 2, 1, None)
    propose(buyer, active, dearer(terms, 5), seen=2)
    operations.withdraw_version(actor=buyer, contract_id=active.id, version=3, at=TUESDAY)
    assert state_of(active) == (ContractState.ACTIVE, 3, 1, None)
    assert agreements(active) == [(1, "buyer"), (1, "seller"), (2, "buyer"), (3, "buyer")]


def test_words_about_a_line_agree_to_nothing(sent, salesman):
    for _twice in range(2):
        operations.comment_line(
            actor=salesman,
            contract_id=sent.id,
            version=1,
            line="price.base",
            text=" Thấp quá ",
            at=TUESDAY,
        )
    [comment] = db.scalars(select(ContractComment))
    assert (comment.version, comment.line, comment.text, comment.side) == (
        1,
        "price.base",
        "Thấp quá",
        ContractSide.SELLER,
    )
    assert state_of(sent) == (ContractState.NEGOTIATING, 1, None, ContractSide.SELLER)


@pytest.mark.parametrize(
    ("text", "line", "error"),
    [
        ("  ", "price.base", errors.TextMissingError),
        ("x", "", errors.TextMissingError),
        ("x", "y" * 81, errors.TextMissingError),
        ("x" * 1001, "price.base", TextTooLongError),
    ],
)
def test_comments_that_say_nothing_or_too_much(sent, salesman, text, line, error):
    with pytest.raises(error):
        operations.comment_line(
            actor=salesman, contract_id=sent.id, version=1, line=line, text=text, at=TUESDAY
        )


def test_nobody_comments_on_what_was_never_sent(draft, buyer, salesman, terms):
    propose(buyer, draft, dearer(terms), seen=1)
    operations.send_draft(actor=buyer, contract_id=draft.id, version=2, at=TUESDAY)
    for version in (1, 3):
        with pytest.raises(VersionNotFoundError):
            operations.comment_line(
                actor=salesman,
                contract_id=draft.id,
                version=version,
                line="price.base",
                text="?",
                at=TUESDAY,
            )


def test_onlookers_change_nothing(sent, onlooker, terms):
    sent.led_by_id = onlooker.organisation_id
    acts = [
        lambda: propose(onlooker, sent, dearer(terms), seen=1),
        lambda: operations.accept_version(
            actor=onlooker, contract_id=sent.id, version=1, at=TUESDAY
        ),
        lambda: operations.withdraw_version(
            actor=onlooker, contract_id=sent.id, version=1, at=TUESDAY
        ),
        lambda: operations.decline(
            actor=onlooker, contract_id=sent.id, version=1, reason="x", at=TUESDAY
        ),
        lambda: operations.comment_line(
            actor=onlooker, contract_id=sent.id, version=1, line="a", text="x", at=TUESDAY
        ),
        lambda: operations.cancel_contract(
            actor=onlooker, contract_id=sent.id, reason="x", at=TUESDAY
        ),
    ]
    for act in acts:
        with pytest.raises(NotAllowedError):
            act()
    assert state_of(sent) == (ContractState.NEGOTIATING, 1, None, ContractSide.SELLER)
    assert db.scalars(select(ContractVersion.version)).all() == [1]


def test_what_has_ended_is_not_negotiated(sent, buyer, salesman, terms):
    operations.cancel_contract(actor=buyer, contract_id=sent.id, reason="Thôi", at=TUESDAY)
    with pytest.raises(StateError):
        propose(salesman, sent, dearer(terms), seen=1)
    with pytest.raises(StateError):
        operations.comment_line(
            actor=buyer, contract_id=sent.id, version=1, line="a", text="x", at=TUESDAY
        )


def test_a_contract_that_is_not_there(buyer, terms):
    with pytest.raises(ContractNotFoundError):
        operations.accept_version(actor=buyer, contract_id=0, version=1, at=TUESDAY)
