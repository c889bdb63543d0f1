"""Signing a person in: the fixtures that accounts gives to every test."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.kernel.clock import now
from models.accounts import User

Login = Callable[[User], FlaskClient]


@pytest.fixture
def login(client: FlaskClient) -> Login:
    """Sign a person in and get the browser: `login(user).get(...)`."""

    def sign_in(user: User) -> FlaskClient:
        # Views ask the clock, so this session begins at the real moment.
        opened = open_session(user=user, device=Device("127.0.0.1", "test"), at=now())
        with client.session_transaction() as cookie:
            cookie["_user_id"] = opened.token
        return client

    return sign_in
