"""Lines of a contract, what changed between two versions, the library, the form of linkage."""

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal

import pytest

from marketplace.contracts import linkage
from marketplace.contracts.clauses import find_clause, offered
from marketplace.contracts.differences import differences, lines_of
from marketplace.contracts.terms import (
    Advance,
    Binding,
    Calling,
    Forum,
    Grade,
    InspectionPlace,
    Limit,
    Party,
    Place,
    Planned,
    Price,
    Stage,
    Terms,
)
from marketplace.platform.translation import using_locale
from marketplace.workflows.contract_words import contract_differences, contract_lines
from tests.factories.contracts import TONNE, some_terms
from tests.unit.contracts.test_terms_rules import OWN, sound

SEEN = date(2026, 11, 20)

CHANGES = {
    "title": {"title": "Khác"},
    "buyer": {"buyer": Party("Công ty Khác")},
    "seller": {"seller": replace(some_terms().seller, position="Phó giám đốc")},
    "product_vi": {"product_vi": "Cà phê khác", "product_en": "Other coffee"},
    "total_g": {"total_g": 20 * TONNE + 1},
    "starts_on": {"starts_on": date(2026, 11, 2)},
    "ends_on": {"ends_on": date(2027, 4, 29)},
    "binding": {"binding": Binding.MINIMUM},
    "tolerance_bps": {"tolerance_bps": 501},
    "limits": {"limits": (Limit("Độ ẩm", "at_most", Decimal("12.51"), "%"),)},
    "limit turned round": {"limits": (Limit("Độ ẩm", "at_least", Decimal("12.5"), "%"),)},
    "grade": {"grades": (Grade("R1", "Loại 1"), Grade("R2", "Loại 2", -4_001))},
    "grade refused": {
        "grades": (Grade("R1", "Loại 1"), Grade("R2", "Loại 2", -4_000, is_accepted=False))
    },
    "schemes": {"schemes": ("VIETGAP_CROP",)},
    "packing": {"packing": "Bao 60 kg"},
    "calling": {"calling": Calling.CALL_OFF},
    "schedule by a gram": {
        "schedule": (
            replace(some_terms().schedule[0], grams=5 * TONNE + 1),
            *some_terms().schedule[1:],
        )
    },
    "schedule": {"schedule": some_terms().schedule[:-1]},
    "place": {"place": Place("66")},
    "stages": {"stages": (Stage.SALE,)},
    "advances": {"advances": (Advance("Phân bón NPK", 30_000_001, SEEN),)},
    "inspection": {"inspection": InspectionPlace.FARM},
    "inspector": {"inspector": "Vinacontrol"},
    "accept_hours": {"accept_hours": 49},
    "fixed price": {"price": Price(120_000)},
    "base": {"price": replace(sound().price, base_minor=118_001)},
    "reference": {"price": replace(sound().price, reference_code="arabica")},
    "premium": {"price": replace(sound().price, premium_minor=1_501)},
    "floor": {"price": replace(sound().price, floor_minor=90_001)},
    "no ceiling": {"price": replace(sound().price, ceiling_minor=None)},
    "moisture": {"price": replace(sound().price, standard_moisture=Decimal("12.55"))},
    "stages of payment": {"payment": replace(sound().payment, stages=((10_000, 15),))},
    "deposit": {"payment": replace(sound().payment, deposit_minor=100_000_001)},
    "part of the deposit": {"payment": replace(sound().payment, deposit_bps=2_001)},
    "retention": {"payment": replace(sound().payment, retention_bps=501)},
    "days of retention": {"payment": replace(sound().payment, retention_days=31)},
    "late": {"breach": replace(sound().breach, late_bps_per_day=21)},
    "short": {"breach": replace(sound().breach, short_bps=501)},
    "cap": {"breach": replace(sound().breach, cap_bps=799)},
    "bonus": {"breach": replace(sound().breach, bonus_bps=101)},
    "forum": {"forum": Forum.ARBITRATION},
    "clause": {"clauses": (*offered(), replace(OWN, text_vi="Bên bán bốc xếp."))},
    "title of a clause": {"clauses": (*offered(), replace(OWN, title_vi="Xếp hàng"))},
    "English of a clause": {"clauses": (*offered(), replace(OWN, text_en="The seller loads."))},
    "no clause": {"clauses": ()},
}


class TestDifferences:
    @pytest.mark.parametrize("locale", ["vi", "en"])
    @pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
    def test_whatever_changes_shows(self, changes, locale):
        with using_locale(locale):
            found = differences(sound(), sound(**changes))
        assert found
        assert all(each.before != each.after for each in found)

    def test_every_part_of_terms_is_changed_above(self):
        # A contract stays about the same product.
        named = {each.name for each in fields(Terms)} - {"product_id"}
        changed = {name for changes in CHANGES.values() for name in changes}
        assert changed == named

    def test_the_same_terms_differ_in_nothing(self):
        assert differences(sound(), sound()) == []

    def test_says_what_stood_there_and_what_stands_there_now(self):
        before, after = some_terms(), some_terms(price=Price(121_000), packing="Bao 60 kg")

        found = differences(before, after)

        assert [(each.key, each.before, each.after) for each in found] == [
            ("packing", "", "Bao 60 kg"),
            ("price.base", "120.000\xa0₫/kg", "121.000\xa0₫/kg"),
        ]
        [gone, _price] = differences(after, before)
        assert (gone.key, gone.before, gone.after) == (
            "price.base",
            "121.000\xa0₫/kg",
            "120.000\xa0₫/kg",
        )

    def test_a_title_that_changes_alone_is_seen(self):
        clauses = (replace(OWN, title_vi="Xếp hàng"),)

        [found] = differences(sound(clauses=(OWN,)), sound(clauses=clauses))

        assert found.before == "Bốc xếp: Bên mua bốc xếp."
        assert found.after == "Xếp hàng: Bên mua bốc xếp."


class TestLines:
    def test_keys_are_told_apart_and_fit_the_comments(self):
        keys = [each.key for each in lines_of(sound())]
        assert len(set(keys)) == len(keys)
        assert max(map(len, keys)) <= 80

    def test_monthly_prices_have_a_line_each(self):
        price = Price(120_000, monthly={date(2026, 12, 1): 121_000})
        texts = {each.key: each.text for each in lines_of(some_terms(price=price))}
        assert texts["price.month.2026-12"] == "121.000\xa0₫/kg"

    def test_weights_are_exact(self):
        terms = some_terms(total_g=20 * TONNE + 1)
        texts = {each.key: each.text for each in lines_of(terms)}
        assert texts["total"] == "20,000001 tấn"

    def test_a_delivery_within_days_and_on_a_day(self):
        one_day = Planned(SEEN, SEEN, TONNE, Place("79"))
        texts = {each.key: each.text for each in lines_of(some_terms(schedule=(one_day,)))}
        assert texts["schedule.1"] == "20/11/2026: 1 tấn, Thành phố Hồ Chí Minh"

    def test_certificates_have_their_names_and_papers_their_language(self):
        terms = sound(schemes=("VIETGAP_CROP",))
        vi = {each.key: each for each in contract_lines(terms, "vi")}
        en = {each.key: each for each in contract_lines(terms, "en")}
        assert "VietGAP" in vi["schemes"].text
        assert (vi["product"].text, en["product"].text) == (
            "Cà phê Robusta nhân xanh",
            "Green robusta coffee",
        )
        assert vi["clause.confidentiality"].text != en["clause.confidentiality"].text
        assert "price.base" in {
            each.key for each in contract_differences(terms, some_terms(), "en")
        }


class TestLibrary:
    def test_holds_what_a_contract_needs_in_both_languages(self):
        codes = [each.code for each in offered()]
        assert {
            *("traceability", "inspection", "side-selling", "force-majeure"),
            *("confidentiality", "termination", "dispute"),
        } <= set(codes)
        assert len(set(codes)) == len(codes)
        for each in offered():
            assert all((each.title_vi, each.text_vi, each.title_en, each.text_en)), each.code
            assert find_clause(each.code, each.version) == each

    def test_has_no_version_that_was_never_written(self):
        assert find_clause("dispute", 99) is None
        assert find_clause("gift", 1) is None


class TestLinkage:
    @pytest.mark.parametrize(
        ("stages", "form"),
        [
            ("inputs production processing sale", 1),
            ("inputs sale", 2),
            ("production sale", 3),
            ("inputs production sale", 4),
            ("production processing sale", 5),
            ("inputs processing sale", 6),
            ("processing sale", 7),
            ("sale", 8),
        ],
    )
    def test_follows_from_the_stages(self, stages, form):
        assert linkage.form_of(map(Stage, stages.split())) == form
        assert form in linkage.WORDS

    def test_order_does_not_count(self):
        assert linkage.form_of((Stage.SALE, Stage.PRODUCTION)) == 3
