"""How many statements a request sends, counted in this process."""

from collections.abc import Sequence

from flask.testing import FlaskClient

from marketplace.app import create_app
from marketplace.platform.config import Settings
from marketplace.platform.database import db
from tests.benchmarks.buying import RECIPIENT, fields
from tests.guards import recorded_statements


class Counter:
    """An application of its own whose statements are listened to."""

    def __init__(self, settings: Settings) -> None:
        self._app = create_app(settings)
        with self._app.app_context():
            self._engine = db.engine

    def reading(self, path: str, cookie: str = "") -> int:
        """The statements of one page, read once before so that caches are warm."""
        client = self._app.test_client(use_cookies=False)
        headers = {"Cookie": cookie} if cookie else {}
        client.get(path, headers=headers)
        with recorded_statements(self._engine) as sent:
            client.get(path, headers=headers)
        return len(sent)

    def buying(self, product: str, packs: Sequence[int], commune: str) -> int:
        """The statements of a whole checkout, all its requests together."""
        self._app.config["WTF_CSRF_ENABLED"] = False
        client = self._app.test_client()
        _buy(client, product, packs, commune)
        with recorded_statements(self._engine) as sent:
            _buy(client, product, packs, commune)
        return len(sent)

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()


def _buy(client: FlaskClient, product: str, packs: Sequence[int], commune: str) -> None:
    client.get(product)
    for pack_id in packs:
        client.post("/gio-hang", data={"pack_id": pack_id, "quantity": 1})
    chosen = RECIPIENT | {"commune": commune}
    known = fields(client.get("/dat-hang").get_data(as_text=True))
    counted = client.post("/dat-hang", data={**known, **chosen, "act": "recount"})
    agreed = fields(counted.get_data(as_text=True))
    placed = client.post("/dat-hang", data={**agreed, **chosen, "act": "place"})
    if "/don-hang/" not in placed.headers.get("Location", ""):
        raise RuntimeError("the order was not placed")
