"""A marketplace on a port of this machine, served as in production, for browsers to visit.

Its database and its files are its own and its commits are real. `wsgi:app` runs under gunicorn in
processes of their own; the application in `Market.app` is a second one on the same database, for
the test to put people and goods there and to look at what became of them.
"""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from blueprints.security import WAITING
from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.jobs import worker
from marketplace.kernel.clock import now
from marketplace.platform.config import current_settings, use_settings
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.accounts import TotpFactor, User
from tests.benchmarks.servers import serving
from tests.conftest import TEST_SECRET, fresh_application
from tests.postgres import TestServer


@dataclass(frozen=True)
class Market:
    """A marketplace that answers.

    Attributes:
        address: such as "http://127.0.0.1:40123".
        app: the application of the test, on the same database and the same files.
        database_url: for a worker of the queue.
    """

    address: str
    app: Flask
    database_url: str

    def let_in(self, context: BrowserContext, user_id: int) -> None:
        """Sign a person in, without the form: it is tested elsewhere, and throttled.

        Somebody with a second factor stands before the page that asks for their code.
        """
        device = Device("127.0.0.1", "Chromium")
        with self.app.app_context(), transaction():
            user = session.get_one(User, user_id)
            token = open_session(user=user, device=device, at=now()).token
            owes_code = session.scalar(select(TotpFactor.id).where(TotpFactor.user_id == user_id))
        signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        context.add_cookies(
            [
                {
                    "name": self.app.config["SESSION_COOKIE_NAME"],
                    "value": signer.dumps({WAITING if owes_code else "_user_id": token}),
                    "url": self.address,
                }
            ]
        )

    def do_jobs(self) -> None:
        """Let a worker do what is due: mails are sent that way."""
        queue = worker.make_app(self.database_url, context=self.app.app_context)
        due = partial(worker.work, queue, context=self.app.app_context, wait=False)
        # Playwright has the event loop of the thread that the tests run in.
        with ThreadPoolExecutor(1) as another:
            another.submit(lambda: asyncio.run(due())).result()


@contextmanager
def open_market(server: TestServer, var_dir: Path) -> Iterator[Market]:
    """A marketplace with nothing in it, for as long as the block lasts."""
    before = current_settings()
    with fresh_application(server, var_dir) as made:
        settings = {
            "DATABASE_URL": made.url,
            "SECRET_KEY": TEST_SECRET,
            "VAR_DIR": str(var_dir),
            "WEB_WORKERS": "1",
            "WEB_THREADS": "8",
            "SHELF_SECONDS": "0",
        }
        with serving("wsgi:app", "/healthz", settings) as running:
            yield Market(f"http://127.0.0.1:{running.port}", made.app, made.url)
    use_settings(before)
