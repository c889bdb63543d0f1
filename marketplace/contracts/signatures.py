"""Who proves that a person signs: our own codes today, a provider of e-signatures tomorrow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

from sqlalchemy import select

from marketplace.accounts import codes, totp
from marketplace.accounts.errors import WrongCodeError
from marketplace.accounts.rules import FRESH_FOR
from marketplace.contracts.signing_errors import SessionNotFreshError
from marketplace.platform.database import session
from models.accounts import UserSession


@dataclass(frozen=True, slots=True)
class Wish:
    """That somebody wants to sign something now.

    Attributes:
        user_id: who.
        session_id: in which browser.
        sha256: of the bytes that they sign.
        proof: what they, or the provider before us, gave for it: a code, a signed answer.
    """

    user_id: int
    session_id: int
    sha256: str
    proof: str


class SignatureProvider(Protocol):
    """Somebody who vouches that a person signs bytes with a hash.

    It never asks the network: one that lives elsewhere is asked before the transaction begins, and
    its answer comes in as `Wish.proof`, which is only checked here.
    """

    @property
    def name(self) -> str:
        """What stands with every signature that it vouches for, at most 30 characters."""

    def vouch(self, wish: Wish, *, at: datetime) -> Mapping[str, Any]:
        """What is kept as evidence, plain JSON values.

        Raises:
            InvalidError: the proof is none. Details: `field`.
            ConflictError: something else has to come first.
        """


class OneTimeCode:
    """Our own: a fresh sign-in and a code of the telephone, at the moment of signing."""

    name = "totp"

    def vouch(self, wish: Wish, *, at: datetime) -> Mapping[str, Any]:
        """Use up a code of the telephone; a recovery code does not sign.

        Count the try first, in a transaction of its own: `throttle.spend_second_factor`.

        Raises:
            SessionNotFreshError: they have not proved lately who they are.
            SecondFactorMissingError: they have no second factor.
            WrongCodeError: not the code of now, or used before. Details: `field`.
        """
        proved_at = session.scalar(
            select(UserSession.fresh_at).where(
                UserSession.id == wish.session_id,
                UserSession.user_id == wish.user_id,
                UserSession.ended_at.is_(None),
            )
        )
        if proved_at is None or at - proved_at >= FRESH_FOR:
            raise SessionNotFreshError
        if len(codes.plain(wish.proof)) != totp.DIGITS:
            raise WrongCodeError(field="code")
        codes.use_code(user_id=wish.user_id, code=wish.proof, at=at)
        return {
            "sha256": wish.sha256,
            "session_id": wish.session_id,
            "proved_at": proved_at.isoformat(),
            "code_at": at.isoformat(),
        }


OURS: Final = OneTimeCode()
PROVIDERS: Final[Mapping[str, SignatureProvider]] = MappingProxyType({OURS.name: OURS})
"""Every provider that has vouched for a signature, by its name."""
