"""The paper of a version: which one waits to be signed, keeping it, reading it unchanged."""

import hashlib
from datetime import datetime

import structlog
from sqlalchemy import func, select

from marketplace.contracts.signing_errors import DocumentChangedError, DocumentNotFoundError
from marketplace.contracts.spending import approvals_for, limits_of
from marketplace.media.queries import paper_path
from marketplace.platform.database import session
from models.contracts import (
    Contract,
    ContractAgreement,
    ContractDocument,
    ContractSide,
    ContractState,
)
from models.media import MediaFile

_log = structlog.get_logger()


def version_to_sign(contract: Contract) -> int | None:
    """The version that both sides want and have not both signed; None if there is none."""
    is_new = contract.state == ContractState.AGREED
    is_amended = (
        contract.state == ContractState.ACTIVE and contract.version != contract.signed_version
    )
    if contract.turn is not None or not (is_new or is_amended):
        return None
    sides = session.scalar(
        select(func.count())
        .select_from(ContractAgreement)
        .where(
            ContractAgreement.contract_id == contract.id,
            ContractAgreement.version == contract.version,
        )
    )
    return contract.version if sides == len(ContractSide) else None


def find_document(contract: Contract, version: int) -> ContractDocument | None:
    """The paper of a version."""
    return session.get(ContractDocument, (contract.id, version))


def get_document(contract: Contract, version: int) -> ContractDocument:
    """The paper of a version.

    Raises:
        DocumentNotFoundError: the sides have not agreed to it.
    """
    document = find_document(contract, version)
    if document is None:
        raise DocumentNotFoundError(number=contract.number, version=version)
    return document


def add_document(
    *, contract: Contract, version: int, file: MediaFile, value_minor: int, at: datetime
) -> ContractDocument:
    """Let a file be the paper of a version, with the approvals that the buyer wants today.

    Args:
        contract: held by the caller.
        version: which both sides agreed to.
        file: the paper.
        value_minor: what the version is worth, whole đồng.
        at: when.
    """
    document = ContractDocument(
        contract_id=contract.id,
        version=version,
        sha256=file.sha256,
        file_id=file.id,
        approvals_needed=approvals_for(value_minor, limits_of(contract.buyer_id)),
        made_at=at,
    )
    session.add(document)
    session.flush()
    return document


def bytes_of(document: ContractDocument) -> bytes:
    """The paper, exactly as its hash says.

    Raises:
        DocumentChangedError: what is stored has another hash.
        FileNotFoundHereError: nothing is stored.
    """
    data = paper_path(session.get_one(MediaFile, document.file_id)).read_bytes()
    if hashlib.sha256(data).hexdigest() != document.sha256:
        _log.error(
            "contract_document_changed",
            contract_id=document.contract_id,
            version=document.version,
        )
        raise DocumentChangedError(contract_id=document.contract_id, version=document.version)
    return data
