"""Signing: both sides, each once, with a fresh sign-in and a code, the same bytes (CTR-06)."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import InternalError, ProgrammingError

from marketplace.accounts.errors import SecondFactorMissingError, WrongCodeError
from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.access import get_contract
from marketplace.contracts.documents import bytes_of, find_document, version_to_sign
from marketplace.contracts.operations.signing import sign_version
from marketplace.contracts.queries.signing import find_signing, signatures_of
from marketplace.contracts.signatures import OURS, PROVIDERS, SignatureProvider, Wish
from marketplace.contracts.signing_errors import (
    DocumentChangedError,
    NothingToSignError,
    OtherDocumentError,
    PositionError,
    SessionNotFreshError,
    SideOffMarketError,
)
from marketplace.contracts.terms import document_of
from marketplace.media.errors import FileNotFoundHereError
from marketplace.media.queries import paper_path
from marketplace.platform.translation import using_locale
from marketplace.workflows import contract_papers
from marketplace.workflows.signing import prepare_signing, sign_contract
from models.accounts import Organisation, Role, User, VerificationState
from models.contracts import (
    ContractAgreement,
    ContractDocument,
    ContractSide,
    ContractSignature,
    ContractState,
    ContractVersion,
)
from models.media import MediaFile
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import OrganisationFactory, code_at, member_of
from tests.factories.contracts import ContractFactory, some_terms
from tests.factories.signing import Sides, director_of, fresh_session, sides
from tests.moments import TUESDAY

pytestmark = pytest.mark.usefixtures("session")


def sign(both: Sides, actor: Any, **changes: Any) -> Any:
    return sign_contract(
        actor=actor,
        contract_id=both.contract.id,
        signing=both.signing(actor, **changes),
        at=both.at,
    )


def mails(session: Any, template: str) -> list[str]:
    return sorted(
        session.scalars(select(Message.recipient).where(Message.key.startswith(f"{template}:")))
    )


def amended(both: Sides, total_g: int = 15_000_000) -> None:
    """A second version of a running contract, to which both sides have agreed."""
    contract = both.contract
    contract.version = 2
    terms = some_terms(product_id=contract.product_id, total_g=total_g, schedule=())
    _add(
        ContractVersion(
            contract_id=contract.id,
            version=2,
            side=ContractSide.SELLER,
            terms=document_of(terms),
            at=both.at,
            by_id=both.seller.user_id,
        )
    )
    for side, actor in ((ContractSide.SELLER, both.seller), (ContractSide.BUYER, both.buyer)):
        agreement = ContractAgreement(
            contract_id=contract.id, version=2, side=side, at=both.at, by_id=actor.user_id
        )
        _add(agreement)
    prepare_signing(actor=both.buyer, contract_id=contract.id, at=both.at)
    found = find_document(contract, 2)
    assert found is not None
    both.document = found


def _add(row: Any) -> None:
    from marketplace.platform.database import session  # noqa: PLC0415

    session.add(row)
    session.flush()


def test_second_signature_puts_the_version_in_force(session: Any) -> None:
    both = sides()
    first = sign(both, both.buyer)
    assert (first.is_new, first.is_in_force) == (True, False)
    assert both.contract.state == ContractState.AGREED
    assert both.contract.signed_version is None
    second = sign(both, both.seller)
    assert (second.is_new, second.is_in_force) == (True, True)
    contract = both.contract
    assert contract.state == ContractState.ACTIVE
    assert (contract.signed_version, contract.signed_at) == (1, both.at)
    rows = session.scalars(select(ContractSignature).order_by(ContractSignature.side)).all()
    buyer = session.get_one(User, both.buyer.user_id)
    assert [(row.side, row.sha256, row.provider) for row in rows] == [
        ("buyer", both.document.sha256, "totp"),
        ("seller", both.document.sha256, "totp"),
    ]
    assert (rows[0].name, rows[0].position) == (buyer.full_name, "Giám đốc")
    assert rows[0].evidence["sha256"] == both.document.sha256
    assert rows[0].evidence["proved_at"] == (both.at - timedelta(minutes=1)).isoformat()
    step = session.scalars(
        select(StateChange).where(
            StateChange.subject_kind == "contract", StateChange.subject_id == contract.id
        )
    ).one()
    assert (step.from_state, step.to_state) == ("agreed", "active")
    deeds = session.scalars(
        select(AuditEvent.action).where(AuditEvent.action == "contracts.sign_version")
    ).all()
    assert len(deeds) == 2


def test_other_side_is_asked_and_then_both_are_told(session: Any) -> None:
    both = sides()
    emails = {
        side: session.get_one(User, actor.user_id).email
        for side, actor in (("buyer", both.buyer), ("seller", both.seller))
    }
    assert mails(session, "contract_to_sign") == sorted(emails.values())
    sign(both, both.seller)
    across = session.scalars(select(Message).where(Message.key.contains(":across:"))).one()
    assert across.recipient == emails["buyer"]
    assert both.contract.number in across.subject
    assert mails(session, "contract_in_force") == []
    sign(both, both.buyer)
    assert mails(session, "contract_in_force") == sorted(emails.values())


def test_twice_is_once(session: Any) -> None:
    both = sides()
    sign(both, both.buyer)
    again = sign(both, both.buyer, proof="000000")
    assert (again.is_new, again.is_in_force) == (False, False)
    other = director_of(session.get_one(Organisation, both.contract.buyer_id))
    assert sign(both, other).is_new is False
    assert len(session.scalars(select(ContractSignature)).all()) == 1
    sign(both, both.seller)
    assert sign(both, both.buyer).is_in_force is True
    assert len(session.scalars(select(ContractSignature)).all()) == 2


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
def test_only_directors_of_the_two_sign(session: Any, role: Role) -> None:
    both = sides()
    seller = session.get_one(Organisation, both.contract.seller_id)
    for actor in (member_of(seller, role), member_of(OrganisationFactory())):
        with pytest.raises(NotAllowedError):
            sign_version(
                actor=actor,
                contract_id=both.contract.id,
                signing=both.signing(both.buyer),
                at=both.at,
            )
    assert session.scalars(select(ContractSignature)).all() == []


def test_union_that_quoted_reads_and_does_not_sign(session: Any) -> None:
    union = OrganisationFactory(kind="union")
    both = sides(led_by_id=union.id)
    leader = member_of(union)
    assert get_contract(both.contract.number, viewer=leader).id == both.contract.id
    with pytest.raises(NotAllowedError):
        sign(both, leader)
    shown = find_signing(both.contract, viewer=leader)
    assert shown is not None
    assert shown.side is None
    assert shown.own is None


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"proof": "000000"}, WrongCodeError),
        ({"proof": ""}, WrongCodeError),
        ({"proof": "ABCD-EFGH-JKMN-PQRS"}, WrongCodeError),
        ({"position": "  "}, PositionError),
        ({"position": "x" * 81}, PositionError),
        ({"version": 2}, NothingToSignError),
        ({"sha256": "0" * 64}, OtherDocumentError),
        ({"session_id": 0}, SessionNotFreshError),
    ],
)
def test_what_is_refused_leaves_nothing(
    session: Any, changes: dict[str, Any], error: type[Exception]
) -> None:
    both = sides()
    with pytest.raises(error):
        sign(both, both.buyer, **changes)
    assert session.scalars(select(ContractSignature)).all() == []
    assert both.contract.state == ContractState.AGREED


def test_a_code_signs_once(session: Any) -> None:
    both = sides()
    sign(both, both.buyer)
    other = sides(buyer=session.get_one(Organisation, both.contract.buyer_id))
    with pytest.raises(WrongCodeError):
        sign(other, both.buyer)
    assert len(session.scalars(select(ContractSignature)).all()) == 1


def test_sign_in_must_be_fresh() -> None:
    both = sides()
    session_id = fresh_session(both.buyer, both.at - timedelta(minutes=15))
    with pytest.raises(SessionNotFreshError):
        sign(both, both.buyer, session_id=session_id)


def test_session_of_somebody_else_proves_nothing() -> None:
    both = sides()
    with pytest.raises(SessionNotFreshError):
        sign(both, both.buyer, session_id=fresh_session(both.seller, both.at))


def test_second_factor_is_needed(session: Any) -> None:
    both = sides()
    bare = member_of(session.get_one(Organisation, both.contract.buyer_id))
    with pytest.raises(SecondFactorMissingError):
        sign(both, bare)


@pytest.mark.parametrize("state", [VerificationState.SUSPENDED, VerificationState.CLOSED])
def test_nobody_signs_with_a_side_off_the_market(session: Any, state: str) -> None:
    both = sides()
    session.get_one(Organisation, both.contract.seller_id).verification = state
    session.flush()
    with pytest.raises(SideOffMarketError):
        sign(both, both.buyer)


@pytest.mark.parametrize("trait", ["draft", "negotiating"])
def test_nothing_to_sign_before_both_agree(session: Any, trait: str) -> None:
    contract = ContractFactory(**{trait: True})
    actor = director_of(session.get_one(Organisation, contract.seller_id))
    assert version_to_sign(contract) is None
    assert prepare_signing(actor=actor, contract_id=contract.id, at=TUESDAY) is None
    assert session.scalars(select(ContractDocument)).all() == []
    assert find_signing(contract, viewer=actor) is None


def test_the_paper_is_made_once_and_kept_private(session: Any) -> None:
    both = sides()
    data = bytes_of(both.document)
    assert data.startswith(b"%PDF-1.7")
    assert b"pdfaid" in data
    assert hashlib.sha256(data).hexdigest() == both.document.sha256
    file = session.get_one(MediaFile, both.document.file_id)
    assert (file.organisation_id, file.kind, file.content_type) == (
        None,
        "paper",
        "application/pdf",
    )
    sent = len(session.scalars(select(Message)).all())
    again = prepare_signing(actor=both.buyer, contract_id=both.contract.id, at=both.at)
    assert again is both.document
    assert len(session.scalars(select(ContractDocument)).all()) == 1
    assert len(session.scalars(select(Message)).all()) == sent


def test_same_version_gives_the_same_bytes_in_any_language() -> None:
    both = sides()
    data = bytes_of(both.document)
    terms = some_terms(product_id=both.contract.product_id)
    with using_locale("en"):
        assert contract_papers.contract_pdf(both.contract, 1, terms) == data


def test_changed_file_is_neither_read_nor_signed(session: Any) -> None:
    both = sides()
    path = paper_path(session.get_one(MediaFile, both.document.file_id))
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"%%EOF", b"%%EOE", 1))
    with pytest.raises(DocumentChangedError):
        bytes_of(both.document)
    with pytest.raises(DocumentChangedError):
        sign(both, both.buyer)
    path.unlink()
    with pytest.raises(FileNotFoundHereError):
        sign(both, both.buyer)
    path.write_bytes(whole)
    assert sign(both, both.buyer).is_new is True


@pytest.mark.parametrize(
    "statement",
    [
        "update contract_documents set sha256 = repeat('0', 64)",
        "delete from contract_documents",
        "update contract_signatures set sha256 = repeat('0', 64)",
        "delete from contract_signatures",
        "update contract_versions set terms = '{}'",
    ],
)
def test_what_was_signed_never_changes(session: Any, statement: str) -> None:
    both = sides()
    sign(both, both.buyer)
    with pytest.raises((InternalError, ProgrammingError)):
        session.execute(text(statement))


def test_an_amendment_needs_both_again_and_the_old_words_hold_until_then(session: Any) -> None:
    both = sides()
    sign(both, both.buyer)
    sign(both, both.seller)
    first_bytes, first_signed = bytes_of(both.document), both.contract.signed_at
    old = both.document
    both.at += timedelta(hours=1)
    amended(both)
    assert both.document.sha256 != old.sha256
    sign(both, both.seller)
    contract = both.contract
    assert (contract.state, contract.signed_version) == (ContractState.ACTIVE, 1)
    assert contract.total_g == 20_000_000
    both.at += timedelta(minutes=1)
    assert sign(both, both.buyer).is_in_force is True
    assert (contract.state, contract.signed_version) == (ContractState.ACTIVE, 2)
    assert (contract.total_g, contract.value_minor) == (15_000_000, 1_800_000_000)
    assert contract.signed_at == first_signed
    assert bytes_of(old) == first_bytes
    assert [(each.version, len(each.signatures)) for each in signatures_of(contract)] == [
        (2, 2),
        (1, 2),
    ]
    assert version_to_sign(contract) is None


def test_amendment_that_one_side_took_back_is_not_signed(session: Any) -> None:
    both = sides()
    sign(both, both.buyer)
    sign(both, both.seller)
    both.contract.version = 2
    terms = some_terms(product_id=both.contract.product_id, total_g=1)
    _add(
        ContractVersion(
            contract_id=both.contract.id,
            version=2,
            side=ContractSide.SELLER,
            terms=document_of(terms),
            at=both.at,
            by_id=both.seller.user_id,
        )
    )
    assert version_to_sign(both.contract) is None
    with pytest.raises(NothingToSignError):
        sign(both, both.seller, version=2)


def test_sheet_names_everybody_and_never_changes() -> None:
    both = sides(po_number="PO-7781")
    sign(both, both.buyer)
    sign(both, both.seller)
    sheet = contract_papers.signature_sheet(both.contract)
    assert sheet.startswith(b"%PDF-1.7")
    assert sheet == contract_papers.signature_sheet(both.contract)
    with using_locale("en"):
        assert contract_papers.signature_sheet(both.contract) != sheet


def test_every_provider_has_a_name_and_words() -> None:
    ours: SignatureProvider = OURS
    assert ours.name == "totp"
    assert PROVIDERS.keys() == contract_papers.PROVIDERS.keys()
    assert all(len(name) <= 30 for name in PROVIDERS)


def test_another_provider_vouches_in_its_own_way(session: Any) -> None:
    class Remote:
        name = "remote"

        def vouch(self, wish: Wish, *, at: Any) -> dict[str, Any]:
            return {"answer": wish.proof, "sha256": wish.sha256, "at": at.isoformat()}

    both = sides()
    signed = sign_version(
        actor=both.buyer,
        contract_id=both.contract.id,
        signing=both.signing(both.buyer, proof="MIIF…"),
        at=both.at,
        provider=Remote(),
    )
    assert signed.signature.provider == "remote"
    assert signed.signature.evidence["answer"] == "MIIF…"
    assert code_at(both.at)  # nobody used it up
