"""A market that is built once for all proofs that only look, or that undo what they do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, update

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.accounts.rules import IDLE_LIMIT
from marketplace.accounts.tokens import hash_of
from marketplace.catalogue.categories import forget_categories
from marketplace.kernel.clock import now
from marketplace.platform.database import db
from models.accounts import User, UserSession
from tests.proofs.world import Market, build_market

Made = TypeVar("Made")


@dataclass
class Stage:
    """The market, and the one connection on which all of it happens."""

    app: Flask
    connection: Connection
    market: Market

    def cookie(self, user: User | None, **more: Any) -> str:
        """The header of a browser in which a person is signed in, or nobody; with more in it."""
        if user is None:
            return ""
        client: FlaskClient = self.app.test_client()
        opened = open_session(user=user, device=Device("127.0.0.1", "test"), at=now())
        if opened.needs_code:  # they have given it
            sessions = update(UserSession).where(UserSession.token_hash == hash_of(opened.token))
            expires_at = now() + IDLE_LIMIT
            values = {"second_factor_at": now(), "fresh_at": now(), "expires_at": expires_at}
            db.session.execute(sessions.values(values))
        db.session.commit()
        with client.session_transaction() as cookie:
            cookie.update({"_user_id": opened.token, **more})
        kept = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return f"{kept.key}={kept.value}" if kept else ""


@pytest.fixture(scope="module")
def stage(app: Flask) -> Iterator[Stage]:
    """The market in a transaction that is undone when the module is done."""
    with app.app_context():
        engine = db.engines[None]
        with engine.connect() as connection, connection.begin() as outer:
            db.engines[None] = connection  # type: ignore[index]
            forget_categories()
            try:
                market = settled(build_market)
                yield Stage(app, connection, market)
            finally:
                db.session.remove()
                outer.rollback()
                db.engines[None] = engine  # type: ignore[index]
                forget_categories()


def settled(build: Callable[[], Made]) -> Made:
    """What `build` makes, written, with rows that no longer ask the database for anything."""
    session = db.session()
    session.expire_on_commit = False
    made = build()
    session.flush()
    for row in list(session):
        session.refresh(row)
    session.commit()
    session.expunge_all()
    db.session.remove()
    return made
