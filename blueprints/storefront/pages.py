"""What everybody should know before buying, and what machines read: sitemap and robots."""

from datetime import datetime
from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from blueprints.headers import cache_publicly
from blueprints.locale import absolute_url
from blueprints.security import public
from blueprints.storefront import storefront
from marketplace.catalogue.storefront import overview
from marketplace.certification.queries import public as certificates

PER_SITEMAP: Final = 10_000
"""Addresses in one file; the protocol allows 50,000, but each has two languages."""
CERTIFICATES: Final = "chung-nhan-"
HOUR: Final = 3600
FIXED: Final = ("/", "/san-pham", "/hop-tac-xa", "/truy-xuat", "/giao-hang", "/doi-tra", "/quy-che")


@storefront.get("/giao-hang")
@public
def show_delivery() -> ResponseReturnValue:
    """How goods come and what that costs."""
    return render_template("storefront/delivery.html")


@storefront.get("/doi-tra")
@public
def show_returns() -> ResponseReturnValue:
    """What happens when something is wrong with fresh goods."""
    return render_template("storefront/returns.html")


@storefront.get("/quy-che")
@public
def show_rules() -> ResponseReturnValue:
    """The rules of the market."""
    return render_template("storefront/rules.html")


@storefront.get("/sitemap.xml")
@public
def sitemap_index() -> ResponseReturnValue:
    """The list of sitemaps: pages and cooperatives, then products, then certificates."""
    parts = [
        "chung",
        *_numbered("", overview.product_address_count()),
        *_numbered(CERTIFICATES, certificates.public_count()),
    ]
    return _xml(
        render_template(
            "storefront/sitemap_index.xml",
            parts=[absolute_url(f"/sitemap-{part}.xml", "vi") for part in parts],
        )
    )


@storefront.get("/sitemap-<part>.xml")
@public
def sitemap(part: str) -> ResponseReturnValue:
    """One sitemap; each address in both languages."""
    pages: list[tuple[str, datetime | None]]
    if part == "chung":
        pages = [(to, None) for to in FIXED]
        pages += [
            (f"/{kind}/{one.slug}", one.changed_at)
            for one in overview.cooperative_addresses()
            for kind in ("hop-tac-xa", "xac-minh")
        ]
    elif part.startswith(CERTIFICATES):
        offset = _offset_of(part.removeprefix(CERTIFICATES))
        pages = [
            (f"/chung-nhan/{certificate_id}", at)
            for certificate_id, at in certificates.public_addresses(PER_SITEMAP, offset)
        ]
    else:
        pages = [
            (f"/san-pham/{one.slug}", one.changed_at)
            for one in overview.product_addresses(PER_SITEMAP, _offset_of(part))
        ]
    if not pages:
        raise NotFound
    both = [(absolute_url(to, "vi"), absolute_url(to, "en"), at) for to, at in pages]
    return _xml(render_template("storefront/sitemap.xml", pages=both))


@storefront.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """What search engines need not read: carts, accounts, desks, and mixtures of filters."""
    text = render_template("storefront/robots.txt", sitemap=absolute_url("/sitemap.xml", "vi"))
    return cache_publicly(Response(text, mimetype="text/plain"), HOUR)


def _numbered(name: str, count: int) -> list[str]:
    """The parts that `count` addresses need: "1", "2" …, with the name before the number."""
    return [f"{name}{number}" for number in range(1, -(-count // PER_SITEMAP) + 1)]


def _offset_of(number: str) -> int:
    """How many addresses come before the part with this number."""
    if not (number.isascii() and number.isdecimal() and 0 < int(number) < PER_SITEMAP):
        raise NotFound
    return (int(number) - 1) * PER_SITEMAP


def _xml(text: str) -> Response:
    return cache_publicly(Response(text, mimetype="application/xml"), HOUR)
