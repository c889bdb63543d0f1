"""Somebody of an organisation, signed in."""

import secrets

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.app import create_app
from marketplace.kernel.clock import now
from marketplace.platform.config import Settings
from marketplace.platform.database import db, session
from marketplace.platform.transaction import transaction
from models.accounts import Membership, Organisation, Role, User


def cookie_of(settings: Settings, code: str, role: Role) -> str:
    """The cookie of a browser in which somebody with this role has signed in just now."""
    app = create_app(settings)
    with app.app_context():
        with transaction():
            at = now()
            user = User(
                email=f"{secrets.token_hex(6)}@example.com",
                full_name="Người đọc",
                password_hash="",
                email_confirmed_at=at,
                created_at=at,
            )
            session.add(user)
            session.flush()
            owner = session.scalars(select(Organisation).where(Organisation.code == code)).one()
            session.add(
                Membership(
                    user_id=user.id,
                    organisation_id=owner.id,
                    role=role,
                    created_at=at,
                )
            )
            token = open_session(user=user, device=Device("127.0.0.1", "bench"), at=at).token
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        if signer is None:
            raise RuntimeError("the application has no secret key")
        value = signer.dumps({"_user_id": token, "_permanent": True})
        name = app.config["SESSION_COOKIE_NAME"]
        session.remove()
        db.engine.dispose()
    return f"{name}={value}"
