"""The front page: what the month brings, from where, from whom, and how one knows."""

from collections.abc import Sequence
from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.cooperatives import described
from blueprints.storefront.shown import own_words, place_name, stall_grid
from marketplace.catalogue.storefront.cards import cards
from marketplace.catalogue.storefront.cooperatives import cooperatives_of_the_day
from marketplace.catalogue.storefront.overview import figures
from marketplace.catalogue.storefront.shelf import Group, Shelf, shelf
from marketplace.certification.schemes import badge_label
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.translation import mark
from marketplace.platform import formatting
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.traceability.queries import lot_with_most_to_tell

IN_SEASON: Final = 8
MEALS: Final = 8
SELLERS: Final = 4
NAMED: Final = 3
"""How many kinds of goods the first sentence names."""

OPEN_SKIES: Final = ("tay-nguyen-nam-trung-bo", "mien-nui-phia-bac")
"""The landscapes with nothing dark where the words stand; the others have trees there."""

REGION_GOODS: Final = {
    "mien-nui-phia-bac": mark("Chè Shan, quế, hồi, na"),
    "dong-bang-song-hong": mark("Nhãn lồng, rau, miến dong"),
    "bac-trung-bo": mark("Lạc, cam Vinh, gừng"),
    "tay-nguyen-nam-trung-bo": mark("Cà phê, tiêu, sầu riêng"),
    "dong-nam-bo": mark("Hồ tiêu, điều, mít"),
    "dong-bang-song-cuu-long": mark("Gạo, xoài, bưởi, tôm"),
}
STANDARDS: Final = (
    ("VIETGAP_CROP", mark("Ghi chép từng lần bón, phun; đất và nước được kiểm nghiệm.")),
    ("OCOP", mark("Tỉnh chấm sao mỗi sản phẩm: chất lượng, bao bì, câu chuyện của làng.")),
    ("GI", mark("Chỉ đúng vùng đất ấy mới được mang tên; Nhà nước bảo hộ.")),
    ("ORGANIC_VN", mark("Không phân hoá học, không thuốc trừ sâu; tổ chức độc lập kiểm tra.")),
)
"""What the stamps mean, in one sentence each."""


@storefront.get("/")
@public
def show_home() -> ResponseReturnValue:
    """The front page. What is not about single goods may be as old as the shelf."""
    today = business_day(now())
    goods = shelf(today)
    ready = goods.once(
        "ready",
        lambda: goods.take(goods.in_stock or goods.everything, goods.in_season, 0, IN_SEASON),
    )
    meals = goods.once("meals", lambda: _meals(goods))
    shown = {
        card.product_id: card
        for card in cards([*ready, *(one for _, one in meals if one not in ready)], today=today)
    }
    chosen = goods.once("sellers", lambda: cooperatives_of_the_day(today, SELLERS))
    sellers = [described(one) for one in chosen]
    lot = goods.once("lot", lambda: lot_with_most_to_tell(on=today))
    return render_template(
        "storefront/home.html",
        month=formatting.month_name(today),
        goods_now=goods.once(f"named-{current_locale()}", lambda: _named(goods)),
        products=stall_grid(shown[one] for one in ready if one in shown) if shown else "",
        in_season_count=goods.once("in-season", lambda: _in_season_count(goods)),
        meals=[
            (group.slug, _name(group), shown[one].cover_sha256)
            for group, one in meals
            if one in shown and shown[one].cover_sha256
        ],
        regions=[
            (region.id, region.en if current_locale() == "en" else region.vi, text)
            for region in geography.regions()
            if (text := _(REGION_GOODS[region.id]))
        ],
        cover=_cover(goods, ready),
        figures=goods.once("figures", figures),
        featured=sellers[0] if sellers else None,
        sellers=sellers[1:],
        standards=[
            (code, badge_label(code, None, current_locale()), _(text))
            for code, text in STANDARDS
            if goods.by_scheme.get(code)
        ],
        lot=lot,
        lot_name=own_words(lot.product_vi, lot.product_en) if lot else "",
        lot_place=place_name(lot.province_code, lot.commune_code) if lot else "",
    )


def _name(group: Group) -> str:
    return (group.name_en if current_locale() == "en" else "") or group.name_vi


def _meals(goods: Shelf) -> list[tuple[Group, int]]:
    """Groups of the first level that have goods, each with the one most in season."""
    found = []
    for group in goods.groups.values():
        best = goods.take(goods.by_category.get(group.id, 0), goods.in_season, 0, 1)
        if len(group.path) == 1 and best:
            found.append((group, best[0]))
    return found[:MEALS]


def _in_season_count(goods: Shelf) -> int:
    month = goods.day.month - 1
    return sum(season[month] == "3" for season in goods.seasons)


def _named(goods: Shelf) -> str:
    """The kinds of goods that are at their peak, as a list in a sentence."""
    month = goods.day.month - 1
    kinds = [group for group in goods.groups.values() if len(group.path) > 1]
    peak = goods.mask_of(
        place for place, season in enumerate(goods.seasons) if season[month] == "3"
    )
    counted = [(peak & goods.by_category.get(kind.id, 0)).bit_count() for kind in kinds]
    ranked = sorted((-count, place) for place, count in enumerate(counted) if count)
    # "Cam, bưởi, quýt, chanh" is too much of a good thing in a sentence.
    words = (_name(kinds[place]).partition(",")[0].lower() for _, place in ranked)
    return ", ".join(list(dict.fromkeys(words))[:NAMED])


def _cover(goods: Shelf, ready: Sequence[int]) -> str:
    """The landscape behind the welcome: the one of `OPEN_SKIES` whose region leads the season."""
    for one in ready:
        bit = 1 << goods.places[one]
        code = next(code for code, mask in goods.by_province.items() if mask & bit)
        region_id = geography.region_of(code).id
        if region_id in OPEN_SKIES:
            return region_id
    return OPEN_SKIES[0]
