"""How many statements a request sends, counted in this process."""

from marketplace.app import create_app
from marketplace.platform.config import Settings
from marketplace.platform.database import db
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

    def close(self) -> None:
        """Give the connections back."""
        self._engine.dispose()
