from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from marketplace.catalogue.categories import _rows
from marketplace.certification.schemes import scheme
from marketplace.geography import queries as geography
from marketplace.kernel.identifiers import is_organisation_code, is_tax_code
from marketplace.workflows.demo.content import OrganisationContent, buyers, commune_code, content
from marketplace.workflows.demo.harvest import in_season, plan_lots
from marketplace.workflows.demo.people import tax_codes
from marketplace.workflows.demo.pictures import Pictures

SELLERS = content().sellers
STAFF = (content().operator, content().alliance, content().provincial)
EVERYONE = (*STAFF, *content().enterprises, *SELLERS)
PRODUCTS = [product for seller in SELLERS for product in seller.products]
TODAY = date(2026, 11, 22)
LARGER_IS_DEARER = {"dua-hau-tan-tru", "sam-ngoc-linh-cu-tuoi"}
"""A pair for Tết, and roots whose price grows with their age."""


def of_kind(kind: str) -> list[OrganisationContent]:
    return [seller for seller in SELLERS if seller.kind == kind and seller.state == "verified"]


def test_there_are_enough_sellers_in_enough_places():
    assert len(of_kind("cooperative")) >= 24
    assert len(of_kind("union")) == 2
    assert len(of_kind("group")) == 2
    assert len({seller.province for seller in SELLERS}) >= 20
    assert len(content().enterprises) == 4
    assert {seller.state for seller in SELLERS} == {"verified", "pending", "suspended"}


def test_there_are_enough_goods_in_enough_groups():
    assert len(PRODUCTS) >= 160
    assert len({product.category for product in PRODUCTS}) >= 40
    assert len({product.key for product in PRODUCTS}) == len(PRODUCTS)


def test_every_place_exists():
    assert all(each.commune_code for each in EVERYONE)
    for seller in SELLERS:
        for product in seller.products:
            assert commune_code(seller.province, product.commune or seller.commune)
    for place in buyers().places:
        assert all(commune_code(place.province, ward) for ward, _ in place.wards)
    assert all(geography.find_province(code) for code in buyers().elsewhere)
    with pytest.raises(LookupError):
        commune_code("66", "Không có xã này")


def test_every_group_and_every_picture_exists():
    leaves = {row["slug"] for row, parent in _rows() if parent}
    pictures = Pictures(all_alike=False)
    assert {product.category for product in PRODUCTS} <= leaves
    assert all(pictures.file(name).exists() for product in PRODUCTS for name in product.photos)


def test_every_text_is_there_in_both_languages_and_fits_its_column():
    for product in PRODUCTS:
        assert product.name.vi
        assert product.name.en
        assert 0 < len(product.summary.vi) <= 300
        assert 0 < len(product.summary.en) <= 300
        assert bool(product.story.vi) == bool(product.story.en)
    for seller in SELLERS:
        assert 0 < len(seller.tagline.vi) <= 200
        assert 0 < len(seller.tagline.en) <= 200
        assert seller.story.vi
        assert seller.story.en


@pytest.mark.parametrize("product", PRODUCTS, ids=[product.key for product in PRODUCTS])
def test_larger_packs_cost_less_by_the_kilogram(product):
    prices = [
        pack.price_minor / pack.grams for pack in sorted(product.packs, key=lambda p: p.grams)
    ]

    assert 1 <= len(prices) <= 4
    if product.key not in LARGER_IS_DEARER:
        assert prices == sorted(prices, reverse=True)


@pytest.mark.parametrize("product", PRODUCTS, ids=[product.key for product in PRODUCTS])
def test_lots_are_harvested_in_season_and_keep(product):
    lots = plan_lots(
        product,
        first=TODAY - timedelta(days=420),
        last=TODAY,
        chance=Random(7),  # noqa: S311 - the same every time
    )

    assert lots
    for lot in lots:
        assert in_season(product.season, lot.harvested_on)
        assert lot.harvested_on <= lot.packed_on <= TODAY
        assert lot.best_before_on is None or lot.best_before_on > lot.packed_on
        assert lot.grams >= max(pack.grams for pack in product.packs)


def test_codes_are_well_formed_and_belong_to_one_organisation():

    assert all(is_organisation_code(each.code) for each in EVERYONE)
    assert max(Counter(each.code for each in EVERYONE).values()) == 1
    assert max(Counter(each.slug for each in EVERYONE).values()) == 1
    assert all(is_tax_code(code) and code.startswith("0999") for code in tax_codes())


def test_certificates_look_like_those_of_their_scheme():
    for seller in SELLERS:
        own = {product.key for product in seller.products}
        for certificate in seller.certificates:
            rule = scheme(certificate.scheme)
            assert rule.is_open
            assert rule.allows_level(certificate.level)
            assert not rule.looks_unusual(certificate.number), certificate.number
            assert set(certificate.products) <= own
            assert bool(certificate.note) == (certificate.state in {"rejected", "revoked"})


def test_certificates_of_fifteen_schemes_stand_in_every_state():
    certificates = [each for seller in SELLERS for each in seller.certificates]
    over = [each for each in certificates if each.months is not None and each.ago > each.months]

    assert len({each.scheme for each in certificates}) >= 15
    assert {each.state for each in certificates} == {
        "half-checked",
        "rejected",
        "revoked",
        "verified",
        "waiting",
    }
    assert any(each.ago < 0 for each in certificates)
    assert len(over) >= 4
    assert sum(each.state == "waiting" for each in certificates) >= 3
    assert sum(each.state == "rejected" for each in certificates) == 1


def test_the_accounts_have_the_addresses_that_are_printed():
    people = [(person.email, each.code) for each in EVERYONE for person in each.people]

    assert {code for email, code in people if email == "htx@demo.example"} == {
        "CUMGAR",
        "LHDAKLAK",
    }
    for email in (
        "ketoan@demo.example",
        "kho@demo.example",
        "banhang@demo.example",
        "doanhnghiep@demo.example",
        "lienminh@demo.example",
        "daklak@demo.example",
        "vanhanh@demo.example",
    ):
        assert [code for known, code in people if known == email]
