"""The session cookie: Flask's own, written with less ado."""

from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from itsdangerous.encoding import base64_encode


class PlainSerializer(URLSafeTimedSerializer):
    """Does not try to compress what is a hundred bytes long; reads what was compressed."""

    def dump_payload(self, obj: Any) -> bytes:  # noqa: ANN401 - itsdangerous
        """The payload as URL-safe base64."""
        return base64_encode(self.serializer.dumps(obj))


class CookieSessions(SecureCookieSessionInterface):
    """Flask makes the signer anew for each request, twice; it is the same every time."""

    def __init__(self) -> None:
        self._signer: PlainSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> PlainSerializer | None:
        """What signs and reads the cookie; None without a secret key."""
        if self._signer is None and app.secret_key:
            self._signer = PlainSerializer(
                [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key],
                salt=self.salt,
                serializer=self.serializer,
                signer_kwargs={
                    "key_derivation": self.key_derivation,
                    "digest_method": self.digest_method,
                },
            )
        return self._signer


def init_app(app: Flask) -> None:
    """Keep sessions in the signed cookie."""
    app.session_interface = CookieSessions()
