"""A guest who buys, request by request, as a browser without JavaScript sends them."""

import http.client
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.benchmarks import load

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RECIPIENT = {
    "name": "Nguyễn Thị Thanh Huyền",
    "phone": "0912345678",
    "province": "01",
    "commune": "",
    "address": "Số 18, ngõ 102 Trần Thái Tông",
    "note": "",
    "email": "",
    "payment_method": "bank_transfer",
}

_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'(\w[\w-]*)="([^"]*)"')


@dataclass
class Buyer:
    """One browser: a connection and its cookies."""

    connection: http.client.HTTPConnection
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """A page."""
        return self._send("GET", path)[1]

    def post(self, path: str, values: dict[str, str]) -> tuple[int, str]:
        """A form; the status and the body of the answer."""
        return self._send("POST", path, urlencode(values))

    def buy(self, product: str, packs: Sequence[int], commune: str) -> bool:
        """The whole way: look, put packs into the basket, say where, order. Whether it worked."""
        token = fields(self.get(product))["csrf_token"]
        for pack_id in packs:
            self.post("/gio-hang", {"csrf_token": token, "pack_id": str(pack_id), "quantity": "1"})
        return self.check_out(commune)

    def check_out(self, commune: str) -> bool:
        """Order what is in the basket."""
        known = fields(self.get("/dat-hang"))
        if "key" not in known:
            return False
        chosen = RECIPIENT | {"commune": commune}
        _, counted = self.post("/dat-hang", {**known, **chosen, "act": "recount"})
        agreed = fields(counted)
        if "key" not in agreed:
            return False
        status, _ = self.post("/dat-hang", {**agreed, **chosen, "act": "place"})
        return status == http.client.SEE_OTHER and "/don-hang/" in self.location

    def _send(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**(FORM if body else {}), **({"Cookie": cookie} if cookie else {})}
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        self.location = answer.headers.get("Location", "")
        return answer.status, text


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page and the choices that are made in it."""
    found = {}
    for tag in _INPUT.findall(page):
        attributes = dict(_ATTRIBUTE.findall(tag))
        is_chosen = attributes.get("type") == "radio" and " checked" in tag
        if "name" in attributes and (attributes.get("type") == "hidden" or is_chosen):
            found[attributes["name"]] = unescape(attributes.get("value", ""))
    return found


def ordering(product: str, baskets: Sequence[Sequence[int]], commune: str) -> load.Work:
    """Work that buys one basket after the other, each as a new guest."""

    def order(connection: http.client.HTTPConnection, number: int) -> bool:
        return Buyer(connection).buy(product, baskets[number % len(baskets)], commune)

    return order


def rush(port: int, product: str, pack_id: int, commune: str, *, buyers: int) -> int:
    """So many buyers want one pack each, all order at the same moment; how many got it."""
    ready = threading.Barrier(buyers)
    won: list[bool] = []

    def one() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        buyer = Buyer(connection)
        token = fields(buyer.get(product))["csrf_token"]
        buyer.post("/gio-hang", {"csrf_token": token, "pack_id": str(pack_id), "quantity": "1"})
        ready.wait()
        won.append(buyer.check_out(commune))
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(buyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(won)
