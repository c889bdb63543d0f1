"""What an organisation says about itself and about delivery, and how far it is trusted."""

from dataclasses import asdict, dataclass
from datetime import datetime

from marketplace.accounts import rules
from marketplace.accounts.changes import put_fields, record_fields
from marketplace.accounts.errors import NotASellerError, ReasonMissingError
from marketplace.accounts.locks import lock_checked, lock_organisation
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.text import sort_key
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.transitions import change_state
from models.accounts import DeliverySettings, Organisation, VerificationState


@dataclass(frozen=True, slots=True)
class Portrait:
    """How an organisation shows itself; texts in Vietnamese and English. `phone` as `+84…`."""

    name: str
    name_en: str
    tagline_vi: str
    tagline_en: str
    story_vi: str
    story_en: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """What a seller asks for delivery: whole đồng for each order, days from hand-over.

    Attributes:
        free_from_minor: from this value of goods on delivery is free; None: never.
        pickup_note: where and when to fetch the goods.
    """

    own_region_fee_minor: int
    other_region_fee_minor: int
    free_from_minor: int | None
    own_region_days: int
    other_region_days: int
    offers_pickup: bool
    pickup_note: str
    accepts_cash: bool


def edit_organisation(
    *, actor: Actor, organisation_id: int, portrait: Portrait, at: datetime
) -> Organisation:
    """Change how an organisation shows itself; its address on the market stays. Safe to repeat.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not its director.
        NameMissingError, TextTooLongError, PhoneUnreadableError: as they say.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    fields = {
        "name": rules.read_name(portrait.name, "name"),
        "name_en": rules.read_text(portrait.name_en, rules.NAME_MAX, "name_en") or None,
        "tagline_vi": rules.read_text(portrait.tagline_vi, rules.TAGLINE_MAX, "tagline_vi"),
        "tagline_en": rules.read_text(portrait.tagline_en, rules.TAGLINE_MAX, "tagline_en"),
        "story_vi": rules.read_text(portrait.story_vi, rules.STORY_MAX, "story_vi"),
        "story_en": rules.read_text(portrait.story_en, rules.STORY_MAX, "story_en"),
        "phone": rules.read_phone(portrait.phone),
    }
    before = put_fields(organisation, fields)
    if before:
        organisation.sort_key = sort_key(organisation.name)
        record_fields(actor, rules.EDITED, organisation, at=at, before=before, after=fields)
    return organisation


def set_delivery(
    *, actor: Actor, organisation_id: int, terms: DeliveryTerms, at: datetime
) -> DeliverySettings:
    """Say what delivery costs from now on; placed orders keep their fee. Safe to repeat.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not its director.
        NotASellerError: it sells nothing.
        FeeOutOfBoundsError, TextTooLongError: as they say.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    if not organisation.is_seller:
        raise NotASellerError
    rules.require_delivery_in_bounds(
        {
            "own_region_fee": terms.own_region_fee_minor,
            "other_region_fee": terms.other_region_fee_minor,
        },
        terms.free_from_minor,
        {"own_region_days": terms.own_region_days, "other_region_days": terms.other_region_days},
    )
    fields = asdict(terms) | {
        "pickup_note": rules.read_text(terms.pickup_note, rules.TAGLINE_MAX, "pickup_note")
    }
    settings = session.get(DeliverySettings, organisation.id)
    if settings is None:
        settings = DeliverySettings(organisation_id=organisation.id, currency="VND")
        session.add(settings)
    before = put_fields(settings, fields)
    if before:
        record_fields(
            actor, "accounts.delivery_set", organisation, at=at, before=before, after=fields
        )
    return settings


def verify_organisation(*, actor: Actor, organisation_id: int, at: datetime) -> bool:
    """Let an organisation onto the market, or back after a suspension.

    Returns:
        Whether anything changed; verifying twice is verifying once.

    Raises:
        OrganisationNotFoundError: see `lock_checked`.
        NotAllowedError: the actor is no officer of an alliance.
    """
    organisation = lock_checked(organisation_id, actor=actor)
    was = organisation.verification
    if not change_state(
        organisation, rules.STANDING, VerificationState.VERIFIED, actor=actor, at=at
    ):
        return False
    organisation.verified_at, organisation.verified_by_id = at, actor.organisation_id
    record_fields(
        actor,
        "accounts.organisation_verified",
        organisation,
        at=at,
        before={"verification": was},
        after={"verification": organisation.verification},
    )
    return True


def suspend_organisation(*, actor: Actor, organisation_id: int, reason: str, at: datetime) -> bool:
    """Take an organisation off the market until it is verified again; orders go on.

    Returns:
        Whether anything changed; suspending twice is suspending once.

    Raises:
        OrganisationNotFoundError, NotAllowedError, ReasonMissingError, TextTooLongError: see
            `take_off`.
        marketplace.kernel.states.NotAllowedError: it was never verified.
    """
    return take_off(
        VerificationState.SUSPENDED,
        actor=actor,
        organisation_id=organisation_id,
        reason=reason,
        at=at,
    )


def take_off(
    standing: VerificationState, *, actor: Actor, organisation_id: int, reason: str, at: datetime
) -> bool:
    """Take an organisation off the market, for a time or for good.

    Returns:
        Whether anything changed.

    Raises:
        OrganisationNotFoundError: there is no such organisation, or nobody checks its kind.
        NotAllowedError: the actor is no officer of an alliance.
        ReasonMissingError, TextTooLongError: the reason is empty, or longer than 500 characters.
        marketplace.kernel.states.NotAllowedError: it cannot come to this standing from its own.
    """
    organisation = lock_checked(organisation_id, actor=actor)
    reason = rules.read_text(reason, rules.REASON_MAX, "reason")
    if not reason:
        raise ReasonMissingError(field="reason")
    was = organisation.verification
    if not change_state(organisation, rules.STANDING, standing, actor=actor, at=at, reason=reason):
        return False
    audit.record(
        actor=actor,
        action=f"accounts.organisation_{standing}",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        before={"verification": was},
        after={"verification": organisation.verification},
        reason=reason,
    )
    return True
