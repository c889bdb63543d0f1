"""Who belongs to an organisation: inviting, roles, leaving.

Everything here locks the organisation first, so that two people who leave at once, or take each
other's role away, see each other.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from marketplace.accounts import rules, throttle
from marketplace.accounts.errors import (
    AllianceStaffedError,
    AlreadyMemberError,
    InvitationNotFoundError,
    LastLeaderError,
    MembershipNotFoundError,
    OrganisationNotFoundError,
)
from marketplace.accounts.locks import lock_organisation
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import authorize_national
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.accounts import Invitation, Membership, Organisation, OrganisationKind, Role, User


@dataclass(frozen=True, slots=True)
class InvitationLetter:
    """What an invited address is to be told, in the language of who invites.

    Attributes:
        key: names the mail, so that it is sent once.
        recipient: the address.
        locale: the language.
        token: what the link carries.
        inviter: who invites, by name.
        organisation: into which organisation.
        expires_at: until when the link works.
    """

    key: str
    recipient: str
    locale: str
    token: str
    inviter: str
    organisation: str
    expires_at: datetime


def invite(
    *, actor: Actor, organisation_id: int, email: str, role: str, at: datetime
) -> InvitationLetter:
    """Offer somebody a role for seven days.

    An address that has an open offer gets it renewed, with the role given now: its older link
    stops working.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        EmailUnreadableError: it is no address.
        RoleNotFittingError: an organisation of this kind has no such role.
        AlreadyMemberError: somebody with this address belongs to it.
        TooManyAttemptsError: five such mails to this address today.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    return _offer(actor, organisation, email, role=role, at=at)


def invite_first_officer(
    *, actor: Actor, organisation_id: int, email: str, at: datetime
) -> InvitationLetter:
    """Offer somebody the first place in an alliance that nobody works for yet.

    An open offer to the address is renewed, as by `invite`.

    Raises:
        NotAllowedError: the actor is no officer of an alliance of the whole country.
        OrganisationNotFoundError: there is no such alliance.
        AllianceStaffedError: it has officers, who invite others themselves.
        EmailUnreadableError, TooManyAttemptsError: as for `invite`.
    """
    authorize_national(actor)
    organisation = lock_organisation(organisation_id)
    if organisation.kind != OrganisationKind.ALLIANCE:
        raise OrganisationNotFoundError
    works_here = exists().where(
        Membership.organisation_id == organisation.id, Membership.ended_at.is_(None)
    )
    if session.scalar(select(works_here)):
        raise AllianceStaffedError
    return _offer(actor, organisation, email, role=Role.OFFICER, at=at)


def _offer(
    actor: Actor, organisation: Organisation, email: str, *, role: str, at: datetime
) -> InvitationLetter:
    address = rules.read_email(email)
    wanted = rules.read_role(organisation.kind, role)
    belongs = exists().where(
        Membership.organisation_id == organisation.id,
        Membership.ended_at.is_(None),
        User.id == Membership.user_id,
        User.email == address,
    )
    if session.scalar(select(belongs)):
        raise AlreadyMemberError(field="email")
    invitation = lock_one(
        select(Invitation).where(
            Invitation.organisation_id == organisation.id,
            Invitation.email == address,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
    )
    if invitation is None:
        invitation = Invitation(organisation_id=organisation.id, email=address, created_at=at)
    return _send(actor, organisation, invitation, role=wanted, at=at)


def send_again(
    *, actor: Actor, organisation_id: int, invitation_id: int, at: datetime
) -> InvitationLetter:
    """Renew an open invitation for another seven days, with a new link.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        InvitationNotFoundError: it has no such invitation, or it was answered or withdrawn.
        TooManyAttemptsError: five such mails to this address today.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    invitation = _lock_invitation(organisation, invitation_id)
    if invitation.accepted_at is not None or invitation.withdrawn_at is not None:
        raise InvitationNotFoundError
    return _send(actor, organisation, invitation, role=invitation.role, at=at)


def withdraw(*, actor: Actor, organisation_id: int, invitation_id: int, at: datetime) -> None:
    """Take an invitation back; its link stops working. Safe to repeat.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        InvitationNotFoundError: it has no such invitation, or it was accepted.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    invitation = _lock_invitation(organisation, invitation_id)
    if invitation.accepted_at is not None:
        raise InvitationNotFoundError
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = at
        audit.record(
            actor=actor,
            action="accounts.invitation_withdrawn",
            subject_kind="invitation",
            subject_id=invitation.id,
            at=at,
        )


def change_role(
    *, actor: Actor, organisation_id: int, membership_id: int, role: str, at: datetime
) -> bool:
    """Give a member another role from now on.

    Returns:
        Whether anything changed.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        MembershipNotFoundError: it has no such member, or not any more.
        RoleNotFittingError: an organisation of this kind has no such role.
        LastLeaderError: nobody else would lead it.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    membership = _lock_membership(organisation, membership_id)
    if membership.ended_at is not None:
        raise MembershipNotFoundError
    wanted = rules.read_role(organisation.kind, role)
    was = membership.role
    if was == wanted:
        return False
    _require_another_leader(organisation, membership)
    membership.role = wanted
    _record(actor, "accounts.role_changed", membership, at, before=was, after=wanted)
    return True


def end_membership(*, actor: Actor, organisation_id: int, membership_id: int, at: datetime) -> None:
    """Take a member out of an organisation, or leave it oneself. Safe to repeat.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        MembershipNotFoundError: it never had such a member.
        NotAllowedError: the actor neither leads it nor is the member.
        LastLeaderError: nobody else would lead it.
    """
    organisation = lock_organisation(organisation_id)
    membership = session.get(Membership, membership_id)
    # Only members act here; whoever may manage also learns which ids there are.
    is_own = membership is not None and membership.user_id == actor.user_id
    if not is_own:
        authorize(actor, Permission.MEMBERSHIP_MANAGE, organisation)
    membership = _lock_membership(organisation, membership_id)
    if membership.ended_at is not None:
        return
    _require_another_leader(organisation, membership)
    membership.ended_at = at
    _record(
        actor,
        "accounts.membership_left" if is_own else "accounts.membership_ended",
        membership,
        at,
        before=membership.role,
        after=None,
    )


def _lock_to_manage(actor: Actor, organisation_id: int) -> Organisation:
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.MEMBERSHIP_MANAGE, organisation)
    return organisation


def _lock_invitation(organisation: Organisation, invitation_id: int) -> Invitation:
    invitation = lock_one(select(Invitation).where(Invitation.id == invitation_id))
    if invitation is None or invitation.organisation_id != organisation.id:
        raise InvitationNotFoundError
    return invitation


def _lock_membership(organisation: Organisation, membership_id: int) -> Membership:
    membership = lock_one(select(Membership).where(Membership.id == membership_id))
    if membership is None or membership.organisation_id != organisation.id:
        raise MembershipNotFoundError
    return membership


def _require_another_leader(organisation: Organisation, membership: Membership) -> None:
    leading = rules.ROLES_OF_KIND[organisation.kind][0]
    if membership.role != leading:
        return
    others = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organisation_id == organisation.id,
            Membership.id != membership.id,
            Membership.role == leading,
            Membership.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
    )
    if not others:
        raise LastLeaderError


def _send(
    actor: Actor, organisation: Organisation, invitation: Invitation, *, role: str, at: datetime
) -> InvitationLetter:
    throttle.spend(throttle.INVITATION_MAIL, f"{organisation.id}:{invitation.email}", at)
    inviter = session.get_one(User, actor.user_id)
    token = new_token()
    invitation.role = role
    invitation.token_hash = hash_of(token)
    invitation.invited_by_id = inviter.id
    invitation.expires_at = at + rules.INVITATION_LIFE
    session.add(invitation)
    session.flush()  # the audit row names it
    audit.record(
        actor=actor,
        action="accounts.invitation_sent",
        subject_kind="invitation",
        subject_id=invitation.id,
        at=at,
        after={"role": str(role)},
    )
    return InvitationLetter(
        key=invitation.token_hash,
        recipient=invitation.email,
        locale=inviter.locale,
        token=token,
        inviter=inviter.full_name,
        organisation=organisation.name,
        expires_at=invitation.expires_at,
    )


def _record(  # noqa: PLR0913 - one row of the audit
    actor: Actor,
    action: str,
    membership: Membership,
    at: datetime,
    *,
    before: str,
    after: str | None,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject_kind="membership",
        subject_id=membership.id,
        at=at,
        before={"role": str(before)},
        after={"role": None if after is None else str(after)},
    )
