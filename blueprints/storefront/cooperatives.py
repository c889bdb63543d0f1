"""The cooperatives: all of them, and each one's own page."""

from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.assets import media_url
from blueprints.locale import absolute_url
from blueprints.paging import page_request
from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.listing import Choice
from blueprints.storefront.shown import (
    own_words,
    place_name,
    province_name,
    scheme_name,
    stall_grid,
)
from marketplace.catalogue.storefront import cooperatives as queries
from marketplace.catalogue.storefront.cards import cards
from marketplace.catalogue.storefront.cooperatives import CooperativeCard
from marketplace.catalogue.storefront.shelf import shelf
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.membership.unions.queries import public_units
from marketplace.platform.pagination import Page
from marketplace.platform.translation import current_locale

PRODUCTS: Final = 24
MONTHS: Final = 12


@storefront.get("/hop-tac-xa")
@public
def list_cooperatives() -> ResponseReturnValue:
    """Who sells here, by region."""
    region = geography.find_region(request.args.get("vung", ""))
    codes = [one.code for one in geography.provinces_of_region(region.id)] if region else []
    page = queries.cooperatives(page_request(queries.PAGE_SIZE), province_codes=codes)
    number = page.request.number
    args: dict[str, str | int] = {"vung": region.id} if region else {}
    return render_template(
        "storefront/cooperatives.html",
        page=page,
        sellers=[described(one) for one in page.rows],
        regions=_regions(queries.cooperatives_by_province(), region.id if region else ""),
        region=region,
        args=args,
        canonical_query=urlencode(args | ({"trang": number} if number > 1 else {})),
    )


@storefront.get("/hop-tac-xa/<slug>")
@public
def show_cooperative(slug: str) -> ResponseReturnValue:
    """One cooperative: who they are, what is proved, what they sell."""
    today = business_day(now())
    seller = queries.cooperative_page(slug, today=today)
    goods = shelf(today)
    places = goods.of_organisation.get(seller.id, ())
    request_ = page_request(PRODUCTS)
    shown = [goods.ids[place] for place in places[request_.offset :][: request_.size]]
    seasons = [goods.seasons[place] for place in places]
    months = [max((int(one[month]) for one in seasons), default=0) for month in range(MONTHS)]
    name = (seller.name_en if current_locale() == "en" else "") or seller.name
    return render_template(
        "storefront/cooperative.html",
        seller=seller,
        name=name,
        tagline=own_words(seller.tagline_vi, seller.tagline_en),
        story=own_words(seller.story_vi, seller.story_en),
        place=place_name(seller.province_code, seller.commune_code),
        region=geography.region_of(seller.province_code),
        units=[
            ((one.name_en if current_locale() == "en" else "") or one.name, one)
            for one in public_units(seller.id)
        ],
        proofs=[(scheme_name(one.scheme_code, one.level), one) for one in seller.proofs],
        products=stall_grid(cards(shown, today=today), eager=0) if shown else "",
        page=Page(rows=shown, request=request_, total=len(places)),
        months=months if any(months) else [],
        month=today.month,
        data=_structured(seller, name),
        canonical_query=f"trang={request_.number}" if request_.number > 1 else "",
    )


def described(card: CooperativeCard) -> dict[str, Any]:
    """A cooperative in a list, in the reader's words."""
    return {
        "slug": card.slug,
        "name": card.name,
        "kind": card.kind,
        "place": province_name(card.province_code, current_locale()),
        "region": geography.region_of(card.province_code).id,
        "tagline": own_words(card.tagline_vi, card.tagline_en),
        "members": card.member_count,
        "products": card.product_count,
        "image": media_url(card.cover_sha256, 400) if card.cover_sha256 else "",
    }


def _regions(provinces: dict[str, int], chosen: str) -> list[Choice]:
    locale = current_locale()
    return [
        Choice(
            region.id,
            region.en if locale == "en" else region.vi,
            sum(provinces.get(one.code, 0) for one in geography.provinces_of_region(region.id)),
            region.id == chosen,
        )
        for region in geography.regions()
    ]


def _structured(seller: queries.CooperativePage, name: str) -> dict[str, Any]:
    """What search engines read."""
    return {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": name,
        "url": absolute_url(f"/hop-tac-xa/{seller.slug}"),
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "VN",
            "addressRegion": province_name(seller.province_code, "vi"),
            "streetAddress": seller.address,
        },
        **({"foundingDate": seller.founded_on.isoformat()} if seller.founded_on else {}),
        **({"telephone": seller.phone} if seller.phone else {}),
        **({"taxID": seller.tax_code} if seller.tax_code else {}),
    }
