"""A product's page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.assets import media_url
from blueprints.cart.basket import known_province, remember_province
from blueprints.contracting import own_goods_of_contracts
from blueprints.kept import kept_frame, kept_with_facts
from blueprints.locale import absolute_url, path
from blueprints.security import current_session, public
from blueprints.storefront import storefront
from blueprints.storefront.shown import (
    own_words,
    place_name,
    province_name,
    scheme_name,
    season_words,
    stall_grid,
)
from marketplace.catalogue.storefront.page import ProductPage, Proof
from marketplace.catalogue.storefront.product import find_product
from marketplace.catalogue.storefront.shelf import shelf
from marketplace.certification.schemes import badge_label, find_scheme
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.contract_goods import ContractGoods
from marketplace.traceability.origins import WORDS, origin_of

SOON: Final = timedelta(days=45)
"""A certificate that ends within so many days is shown to end."""
AVAILABILITY: Final = {"con": "InStock", "sap": "LimitedAvailability", "het": "OutOfStock"}


@dataclass(frozen=True, slots=True)
class DeliveryOffer:
    """What bringing it to the reader's province costs and when it comes.

    Attributes:
        place: the province's name.
        fee_minor: whole đồng for the order from this seller.
        arrives_on: the day by which it should be there.
    """

    place: str
    fee_minor: int
    arrives_on: date


@dataclass(frozen=True, slots=True)
class ShownProof:
    """A certificate in the reader's words.

    Attributes:
        ends_soon: whether it ends within `SOON`.
        lot_codes: of one that names plots, the lots on sale that it counts for.
    """

    id: int
    name: str
    number: str
    issuer: str
    valid_to: date | None
    ends_soon: bool
    lot_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What the frame of the page says of the product.

    Attributes:
        product_id: whose page it is.
        name: in the reader's language, as is `about`.
        for_layout: what `layout.html` takes.
    """

    product_id: int
    name: str
    seller_name: str
    about: str
    for_layout: dict[str, Any]


@storefront.get("/san-pham/<slug>")
@public
def show_product(slug: str) -> ResponseReturnValue:
    """One product: what it is, from whom, what it costs, how it comes."""
    today = business_day(now())
    found = find_product(slug, shelf=shelf(today), own=_own_organisations())
    province = known_province()
    key = (found.mark, province, today)

    def draw() -> tuple[str, Head]:
        return _drawn(found.page(), province, today)

    def draw_whole() -> str:
        body, head = draw()
        return _framed(Markup(body), head)  # noqa: S704 - by a template, which escapes

    whole = kept_frame("product page", key, draw_whole)
    if whole is not None:
        return whole
    body, head = kept_with_facts("product", key, draw)
    # Only the frame of a signed-in person's page says it: what is kept is the same for everybody.
    return _framed(body, head, own_goods_of_contracts(head.product_id, today), today)


def _framed(
    body: Markup,
    head: Head,
    contracted: Sequence[tuple[ContractGoods, str]] = (),
    today: date | None = None,
) -> str:
    return render_template(
        "storefront/product.html",
        head=head,
        body=body,
        contracted=contracted,
        today=today,
        **head.for_layout,
    )


def _drawn(page: ProductPage, province: str | None, today: date) -> tuple[str, Head]:
    head = Head(
        product_id=page.id,
        name=own_words(page.name_vi, page.name_en),
        seller_name=page.seller.short_name,
        about=own_words(page.summary_vi or page.story_vi, page.summary_en or page.story_en),
        for_layout={
            "nav": page.categories[0][0] if page.categories else "",
            "noindex": page.is_preview,
            "og_image": media_url(page.photos[0].sha256, 800) if page.photos else None,
        },
    )
    return _body(page, province, today), head


def _body(page: ProductPage, province: str | None, today: date) -> str:
    """Draw the page; everything that it shows follows from what is given."""
    is_english = current_locale() == "en"
    proofs = [_proof(one, today) for one in _by_weight(page.proofs)]
    return render_template(
        "storefront/_product.html",
        product=page,
        name=own_words(page.name_vi, page.name_en),
        summary=own_words(page.summary_vi, page.summary_en),
        story=own_words(page.story_vi, page.story_en),
        storage=own_words(page.storage_vi, page.storage_en),
        place=place_name(page.province_code, page.commune_code),
        groups=[(one[0], (one[2] if is_english else "") or one[1]) for one in page.categories],
        origin=_(WORDS[origin_of(one[0] for one in reversed(page.categories))]),
        chosen=_chosen_pack(page),
        badges=_badges(page),
        proofs=proofs,
        months=[int(digit) for digit in page.season],
        month=today.month,
        season=season_words(page.season),
        offer=_delivery_offer(page, province, today),
        provinces=geography.provinces(),
        chosen_province=province,
        home_region=geography.region_of(page.seller.province_code),
        seller_place=place_name(page.seller.province_code, page.seller.commune_code),
        neighbours=stall_grid(page.neighbours, eager=0) if page.neighbours else "",
        by_same=any(one.cooperative_name == page.seller.short_name for one in page.neighbours),
        data=_structured(page, proofs),
    )


@storefront.post("/giao-toi")
@public
def choose_province() -> ResponseReturnValue:
    """Remember where the reader wants goods brought to, and go back to the product."""
    province = geography.find_province(request.form.get("tinh", ""))
    if province is not None:
        remember_province(province.code)
    slug = request.form.get("san-pham", "")
    return redirect(path(f"/san-pham/{slug}#giao-hang" if slug.isascii() and slug else "/"), 303)


def _own_organisations() -> frozenset[int]:
    person = current_session()
    if person is None:
        return frozenset()
    return frozenset(one.organisation_id for one in person.memberships)


def _chosen_pack(page: ProductPage) -> int | None:
    """The pack that is chosen at first: the one of the card if it can be had, else the first."""
    able = [pack.id for pack in page.packs if pack.left]
    if page.from_pack_id in able:
        return page.from_pack_id
    return able[0] if able else None


def _by_weight(proofs: tuple[Proof, ...]) -> list[Proof]:
    def weight(proof: Proof) -> tuple[int, int]:
        scheme = find_scheme(proof.scheme_code)
        return (scheme.position if scheme else 999, -(proof.level or 0))

    return sorted(proofs, key=weight)


def _badges(page: ProductPage) -> list[str]:
    locale = current_locale()
    shown = [
        badge_label(proof.scheme_code, proof.level, locale)
        for proof in _by_weight(page.proofs)
        if (scheme := find_scheme(proof.scheme_code)) is not None and scheme.is_badge
    ]
    return list(dict.fromkeys(shown))


def _proof(proof: Proof, today: date) -> ShownProof:
    return ShownProof(
        id=proof.id,
        name=scheme_name(proof.scheme_code, proof.level),
        number=proof.number,
        issuer=proof.issuer,
        valid_to=proof.valid_to,
        ends_soon=proof.valid_to is not None and proof.valid_to - today <= SOON,
        lot_codes=proof.lot_codes,
    )


def _delivery_offer(page: ProductPage, code: str | None, today: date) -> DeliveryOffer | None:
    terms = page.delivery
    if terms is None or code is None or geography.find_province(code) is None:
        return None
    is_near = geography.region_of(code) == geography.region_of(page.seller.province_code)
    days = terms.own_region_days if is_near else terms.other_region_days
    return DeliveryOffer(
        place=province_name(code, current_locale()),
        fee_minor=terms.own_region_fee_minor if is_near else terms.other_region_fee_minor,
        arrives_on=today + timedelta(days=days),
    )


def _structured(page: ProductPage, proofs: list[ShownProof]) -> list[dict[str, Any]]:
    """What search engines read: schema.org's Product with its offers, and the way to it."""
    is_english = current_locale() == "en"
    name = (page.name_en if is_english else "") or page.name_vi
    address = absolute_url(f"/san-pham/{page.slug}")
    goods: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": name,
        "url": address,
        "sku": str(page.id),
        "description": (page.summary_en if is_english else "") or page.summary_vi or name,
        "image": [absolute_url(media_url(one.sha256, 1600), "vi") for one in page.photos],
        "brand": {"@type": "Brand", "name": page.seller.name},
        "countryOfOrigin": {"@type": "Country", "name": "VN"},
        "offers": [_offer(page, pack, address) for pack in page.packs],
    }
    if proofs:
        goods["hasCertification"] = [
            {
                "@type": "Certification",
                "name": one.name,
                "certificationIdentification": one.number,
                "issuedBy": {"@type": "Organization", "name": one.issuer},
                **({"expires": one.valid_to.isoformat()} if one.valid_to else {}),
            }
            for one in proofs
        ]
    trail = [
        (slug, (english if is_english else "") or vietnamese)
        for slug, vietnamese, english in page.categories
    ]
    steps = [(absolute_url(f"/san-pham?nhom={slug}"), word) for slug, word in trail]
    return [goods, breadcrumbs([*steps, (address, name)])]


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """The way to a page as schema.org writes it: (address, word) from the top down."""
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": word, "item": address}
            for position, (address, word) in enumerate(steps, 1)
        ],
    }


def _offer(page: ProductPage, pack: Any, address: str) -> dict[str, Any]:  # noqa: ANN401
    state = "OutOfStock" if not pack.left else AVAILABILITY[page.stock]
    return {
        "@type": "Offer",
        "url": address,
        "name": pack.name_vi,
        "price": pack.price_minor,
        "priceCurrency": "VND",
        "availability": f"https://schema.org/{state}",
        "seller": {"@type": "Organization", "name": page.seller.name},
        "eligibleQuantity": {
            "@type": "QuantitativeValue",
            "value": pack.net_weight_g,
            "unitCode": "GRM",
        },
    }
