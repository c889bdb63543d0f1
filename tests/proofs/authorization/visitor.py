"""Somebody who asks, while the database counts what is written and forgets it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask.testing import FlaskClient
from sqlalchemy import text

from marketplace.platform.database import db
from tests.proofs.conftest import Stage
from tests.proofs.markers import words_of

WRITTEN: Final = text(
    "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) from pg_stat_xact_user_tables"
)
"""How many rows the transaction at hand has written so far, taken back or not."""


@dataclass(frozen=True)
class Outcome:
    """What came back, how many rows were written on the way, and what `look` saw after it."""

    status: int
    location: str
    words: str
    written: int
    seen: Any = None


class Visitor:
    """One of the roles with its cookie, which no answer changes."""

    def __init__(self, stage: Stage, cookie: str) -> None:
        self._stage = stage
        self._cookie = cookie

    def ask(
        self,
        method: str,
        address: str,
        *,
        look: Callable[[], Any] | None = None,
        headers: dict[str, str] | None = None,
        **values: Any,
    ) -> Outcome:
        """Send a request; whatever it does to the database is undone.

        Args:
            method: such as "POST".
            address: with the prefix of the language.
            look: reads what the request has left, before it is undone.
            headers: besides the cookie.
            values: what the test client takes: `data`, `query_string`.
        """
        browser: FlaskClient = self._stage.app.test_client(use_cookies=False)
        connection = self._stage.connection
        undo = connection.begin_nested()
        try:
            before = connection.scalar(WRITTEN)
            sent = {"Cookie": self._cookie, **(headers or {})}
            response = browser.open(address, method=method, headers=sent, **values)
            # A page that was shown is not compared with anything, and long.
            is_page = response.mimetype == "text/html" and (
                response.status_code >= 400 or method in {"HEAD", "OPTIONS"}
            )
            return Outcome(
                response.status_code,
                response.location or "",
                words_of(response.get_data(as_text=True)) if is_page else "",
                int(connection.scalar(WRITTEN) - before),
                look() if look else None,
            )
        finally:
            db.session.remove()
            undo.rollback()
