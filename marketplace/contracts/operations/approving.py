"""Inside the enterprise: who lets it sign, and from which amount on that is wanted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from marketplace.accounts.locks import lock_organisation
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract
from marketplace.contracts.documents import get_document, version_to_sign
from marketplace.contracts.signing_errors import (
    LimitError,
    LimitOrderError,
    NothingToSignError,
    TooFewDirectorsError,
)
from marketplace.contracts.spending import LIMIT_MAX_MINOR, MOST_APPROVALS, limits_of
from marketplace.contracts.writing import keep_trail, tidy
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.accounts import Membership, Role
from models.contracts import Contract, ContractApproval, SpendingLimit

NOTE_MAX: Final = 500
REFERENCE_MAX: Final = 40
FIELDS: Final = {1: "one_from", 2: "two_from"}
"""The fields of the form that say from which amount on so many approve."""


def approve_version(
    *, actor: Actor, contract_id: int, version: int, note: str = "", at: datetime
) -> tuple[ContractApproval, bool]:
    """Let one's enterprise sign a version. Again changes nothing.

    Returns:
        The approval, and whether the enterprise may sign by it and could not before.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor is no director of the enterprise.
        NothingToSignError: the version is not the one that waits.
        TextTooLongError: the note is too long.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CONTRACT_APPROVE, contract)
    assert actor.user_id is not None  # noqa: S101 - only people approve
    known = session.get(ContractApproval, (contract.id, version, actor.user_id))
    if known is not None:
        return known, False
    if version_to_sign(contract) != version:
        raise NothingToSignError(number=contract.number)
    needed = get_document(contract, version).approvals_needed
    approval = ContractApproval(
        contract_id=contract.id,
        version=version,
        by_id=actor.user_id,
        at=at,
        note=tidy(note, field="note", most=NOTE_MAX),
    )
    session.add(approval)
    session.flush()
    keep_trail("approve_version", contract, actor, at, version=version)
    return approval, approvals_of(contract, version) == needed


def set_spending_limits(
    *, actor: Actor, organisation_id: int, limits: Mapping[int, int], at: datetime
) -> bool:
    """Say from which amount on one director, or two, must approve; what is not named is not wanted.

    Contracts that are agreed already keep what was wanted on that day.

    Args:
        actor: a director.
        organisation_id: of this enterprise.
        limits: by number of approvals, one or two, an amount in whole đồng.
        at: when.

    Returns:
        Whether anything changed.

    Raises:
        OrganisationNotFoundError: there is none.
        NotAllowedError: the actor is no director of it, or it is no enterprise.
        LimitError: an amount is below nothing or beyond sense.
        LimitOrderError: two are wanted for no more than one.
        TooFewDirectorsError: there are no two directors.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.SPENDING_LIMIT_EDIT, organisation)
    assert actor.user_id is not None  # noqa: S101 - only people decide
    _require_sound(organisation_id, limits)
    before = limits_of(organisation_id)
    if dict(limits) == before:
        return False
    session.execute(delete(SpendingLimit).where(SpendingLimit.organisation_id == organisation_id))
    session.add_all(
        SpendingLimit(
            organisation_id=organisation_id,
            approvals=approvals,
            from_minor=from_minor,
            updated_at=at,
            updated_by_id=actor.user_id,
        )
        for approvals, from_minor in limits.items()
    )
    session.flush()
    record(
        actor=actor,
        action="contracts.set_spending_limits",
        subject_kind="organisation",
        subject_id=organisation_id,
        at=at,
        before={str(count): least for count, least in before.items()},
        after={str(count): least for count, least in limits.items()},
    )
    return True


def name_order(
    *, actor: Actor, contract_id: int, po_number: str, cost_centre: str, at: datetime
) -> bool:
    """Keep the buyer's own number and cost centre, which go with every paper from now on.

    Returns:
        Whether anything changed.

    Raises:
        ContractNotFoundError: there is none.
        NotAllowedError: the actor does not buy for the enterprise.
        TextTooLongError: one of them is too long.
    """
    contract = lock_contract(contract_id)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    before = _references(contract)
    contract.po_number = tidy(po_number, field="po_number", most=REFERENCE_MAX)
    contract.cost_centre = tidy(cost_centre, field="cost_centre", most=REFERENCE_MAX)
    after = _references(contract)
    if before == after:
        return False
    session.flush()
    record(
        actor=actor,
        action="contracts.name_order",
        subject_kind="contract",
        subject_id=contract.id,
        at=at,
        before=before,
        after=after,
    )
    return True


def approvals_of(contract: Contract, version: int) -> int:
    """How many directors have approved a version."""
    given = session.scalar(
        select(func.count())
        .select_from(ContractApproval)
        .where(ContractApproval.contract_id == contract.id, ContractApproval.version == version)
    )
    return given or 0


def _require_sound(organisation_id: int, limits: Mapping[int, int]) -> None:
    for count, least in limits.items():
        if not 0 <= least <= LIMIT_MAX_MINOR:
            raise LimitError(field=FIELDS[count])
    if MOST_APPROVALS not in limits:
        return
    if limits[MOST_APPROVALS] <= limits.get(1, -1):
        raise LimitOrderError(field=FIELDS[MOST_APPROVALS])
    directors = session.scalar(
        select(func.count())
        .select_from(Membership)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.DIRECTOR,
            Membership.ended_at.is_(None),
        )
    )
    if (directors or 0) < MOST_APPROVALS:
        raise TooFewDirectorsError(field=FIELDS[MOST_APPROVALS])


def _references(contract: Contract) -> dict[str, str]:
    return {"po_number": contract.po_number, "cost_centre": contract.cost_centre}
