"""People, organisations and who belongs where."""

from datetime import datetime
from functools import cache
from typing import Any

import factory
from argon2 import PasswordHasher
from sqlalchemy import select

from marketplace.accounts import codes, rules, totp
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of
from marketplace.kernel.text import sort_key
from marketplace.platform.database import session
from marketplace.platform.secrets import seal
from models.accounts import (
    DeliverySettings,
    Invitation,
    Membership,
    Organisation,
    OrganisationKind,
    Role,
    TotpFactor,
    User,
    VerificationState,
)
from tests.factories.base import Factory
from tests.moments import MONDAY

PASSWORD = "mùa gặt tháng mười"  # noqa: S105 - of people who exist in tests only
"""The password of every person made here."""


@cache
def _hashed(password: str) -> str:
    """A true argon2id hash, made cheaply: sign-in rehashes it with the real parameters."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


class OrganisationFactory(Factory[Organisation]):
    """A verified cooperative in Đắk Lắk that delivers (`seller=False`: without delivery)."""

    class Meta:
        model = Organisation

    class Params:
        pending = factory.Trait(verification=VerificationState.PENDING, verified_at=None)
        suspended = factory.Trait(verification=VerificationState.SUSPENDED)
        alliance = factory.Trait(kind=OrganisationKind.ALLIANCE, delivers=False)
        operator = factory.Trait(kind=OrganisationKind.OPERATOR, delivers=False)
        enterprise = factory.Trait(kind=OrganisationKind.ENTERPRISE, delivers=False)

    code = factory.Sequence("HTX{:04d}".format)
    slug = factory.LazyAttribute(lambda made: f"hop-tac-xa-{made.code.lower()}")
    kind = OrganisationKind.COOPERATIVE
    name = factory.LazyAttribute(lambda made: f"Hợp tác xã Nông nghiệp {made.code}")
    short_name = factory.LazyAttribute(lambda made: f"HTX {made.code}")
    sort_key = factory.LazyAttribute(lambda made: sort_key(made.name))
    province_code = "66"
    verification = VerificationState.VERIFIED
    verified_at = MONDAY
    created_at = MONDAY

    @factory.post_generation
    def delivers(self: Organisation, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Give sellers delivery settings, unless `delivers=False`."""
        if create and extracted is not False and self.is_seller:
            session.add(DeliverySettings(organisation_id=self.id))
            session.flush()


class UserFactory(Factory[User]):
    """A person with a confirmed address whose password is `PASSWORD`."""

    class Meta:
        model = User

    class Params:
        unconfirmed = factory.Trait(email_confirmed_at=None)
        disabled = factory.Trait(disabled_at=MONDAY)
        password = PASSWORD

    email = factory.Sequence("nguoi{}@example.com".format)
    full_name = factory.Sequence("Nguyễn Thị Hoa {}".format)
    password_hash = factory.LazyAttribute(lambda made: _hashed(made.password))
    locale = "vi"
    email_confirmed_at = MONDAY
    created_at = MONDAY


class MembershipFactory(Factory[Membership]):
    """A director of a cooperative of their own."""

    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    user_id = factory.SelfAttribute("user.id")
    organisation_id = factory.SelfAttribute("organisation.id")
    role = Role.DIRECTOR
    created_at = MONDAY


class InvitationFactory(Factory[Invitation]):
    """An open invitation into a cooperative, to sell for it; `token` is what its link carries."""

    class Meta:
        model = Invitation

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        invited_by = factory.SubFactory(UserFactory)
        token = factory.Sequence("invitation-{}".format)

    email = factory.Sequence("duoc-moi{}@example.com".format)
    role = Role.SALES
    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    invited_by_id = factory.LazyAttribute(lambda made: made.invited_by.id)
    token_hash = factory.LazyAttribute(lambda made: hash_of(made.token))
    created_at = MONDAY
    expires_at = factory.LazyAttribute(lambda made: made.created_at + rules.INVITATION_LIFE)


TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of people who exist in tests only
"""What the telephones of all people of the tests have been given."""


def give_second_factor(user: User, *, is_on: bool = True) -> TotpFactor:
    """A second factor whose codes are those of `TOTP_SECRET`."""
    factor = TotpFactor(
        user_id=user.id,
        secret=seal(codes.SEALED_FOR, TOTP_SECRET),
        created_at=MONDAY,
        confirmed_at=MONDAY if is_on else None,
    )
    session.add(factor)
    session.flush()
    return factor


def code_at(at: datetime) -> str:
    """What the telephone shows at a moment."""
    return totp.code_of(TOTP_SECRET, totp.step_at(at))


def acting(
    user: User, organisation: Organisation | None = None, role: str = Role.DIRECTOR
) -> Actor:
    """The person as the operations see them, for `organisation` if one is given.

    A membership row is not needed: an actor says what entry points have found out already.
    """
    if organisation is None:
        return Actor(user_id=user.id)
    return Actor(
        user_id=user.id, organisation_id=organisation.id, kind=organisation.kind, role=role
    )


def member_of(organisation: Organisation, role: str = Role.DIRECTOR) -> Actor:
    """Somebody new with a membership of `role` in `organisation`, as the operations see them."""
    membership = MembershipFactory(organisation=organisation, role=role)
    return acting(membership.user, organisation, role)


def officer() -> Actor:
    """An officer of an alliance of their own."""
    return member_of(OrganisationFactory(alliance=True), Role.OFFICER)


def provincial_officer(province_code: str = "66") -> Actor:
    """An officer of the one alliance that decides about a province."""
    alliance = session.scalar(
        select(Organisation).where(Organisation.covers_province_code == province_code)
    ) or OrganisationFactory(alliance=True, covers_province_code=province_code)
    return member_of(alliance, Role.OFFICER)


def operator() -> Actor:
    """Somebody of the operator of the market."""
    return member_of(OrganisationFactory(operator=True), Role.OPERATOR)
