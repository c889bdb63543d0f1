"""Reading everything that somebody can reach: pages, and the files behind them, as text."""

import html
import json
import re
import zipfile
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.proofs.conftest import Stage
from tests.proofs.markers import Mark

LINK: Final = re.compile(r'\b(?:href|src|hx-get)="([^"#]+)[^"]*"')
ADDRESS: Final = re.compile(r"<loc>([^<]+)</loc>")
SKIPPED: Final = ("/static/", "/en/static/", "/dev/", "/en/dev/", "/ui", "/en/ui")
"""What is the same for everybody; the outbox of a trial shows every mail to whoever tries it."""

FORMS_OF_A_PATH: Final = 12
"""How often one path is read with other parameters: filters of filters say nothing new."""

PICTURES: Final = ("image/webp", "image/png", "image/jpeg")


@dataclass
class Reading:
    """What a crawl has read."""

    texts: dict[str, str] = field(default_factory=dict)
    """Every answer as text, by its address."""
    failures: list[str] = field(default_factory=list)
    """The addresses that a page links to and that do not answer."""

    def marks(self, stage: Stage) -> dict[Mark, str]:
        """Whose words were met, each with the first address that shows it."""
        found: dict[Mark, str] = {}
        for address, text in self.texts.items():
            for mark in stage.market.markers.found_in(text):
                found.setdefault(mark, address)
        return found


def typeset_as_text(*_args: Any, sys_inputs: dict[str, str], **_settings: Any) -> bytes:
    """Instead of a PDF, everything that would have been set in it."""
    return json.dumps(json.loads(sys_inputs["data"]), ensure_ascii=False).encode()


def crawl(stage: Stage, cookie: str, seeds: Iterable[str]) -> Reading:
    """Read the seeds and everything that they lead to by links.

    Args:
        stage: the market.
        cookie: of the reader.
        seeds: addresses to begin with.
    """
    browser: FlaskClient = stage.app.test_client(use_cookies=False)
    reading = Reading()
    waiting = deque(dict.fromkeys(seeds))
    seen = set(waiting)
    forms: Counter[str] = Counter()
    while waiting:
        address = waiting.popleft()
        undo = stage.connection.begin_nested()
        try:
            response = browser.get(address, headers={"Cookie": cookie})
        finally:
            undo.rollback()
        text = _text_of(response)
        reading.texts[address] = f"{response.headers} {text}"
        if response.status_code >= 400:
            reading.failures.append(f"{response.status_code} {address}")
        for link in _links(address, response, text):
            path = urlsplit(link).path
            if link not in seen and not path.startswith(SKIPPED):
                seen.add(link)
                forms[path] += 1
                if forms[path] <= FORMS_OF_A_PATH:
                    waiting.append(link)
    return reading


def _text_of(response: TestResponse) -> str:
    if response.mimetype in PICTURES:
        return ""
    if response.mimetype.endswith("spreadsheetml.sheet"):
        with zipfile.ZipFile(BytesIO(response.data)) as book:
            return " ".join(book.read(name).decode() for name in book.namelist())
    return html.unescape(response.data.decode("utf-8", "replace")).replace("\u00a0", " ")


def _links(address: str, response: TestResponse, text: str) -> list[str]:
    found = [response.location] if response.location else []
    if response.mimetype in {"text/html", "application/xml"}:
        found += LINK.findall(text) + ADDRESS.findall(text)
    inside = []
    for link in found:
        parts = urlsplit(urljoin(f"http://localhost{address}", link))
        if parts.scheme == "http" and parts.netloc == "localhost":
            query = "&".join(f"{name}={value}" for name, value in parse_qsl(parts.query))
            inside.append(parts.path + (f"?{query}" if query else ""))
    return inside
