"""A side writes what a contract says, in the browser, and tries its price."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from sqlalchemy import select

from marketplace.contracts.access import terms_in
from marketplace.contracts.clauses import offered
from marketplace.contracts.differences import differences
from marketplace.contracts.terms import Clause, Grade, Price, written
from models.accounts import Organisation, Role
from models.contracts import Contract, ContractSide, ContractState, ContractVersion
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import ContractFactory, some_terms
from tests.unit.contracts.test_terms_rules import sound


@pytest.fixture
def product(session):
    """What is sold."""
    return ProductFactory()


@pytest.fixture
def contract(product):
    """A contract with everything in it, on which the seller has to answer."""
    says = sound(
        product_id=product.id,
        clauses=(*offered()[:3], Clause("own-1", 0, "Bốc xếp", "Bên mua bốc xếp.", "", "")),
    )
    return ContractFactory(negotiating=True, product=product, says=says)


@pytest.fixture
def seller(session, contract, login):
    """The browser of a director of the seller."""
    return login(
        MembershipFactory(organisation=contract_seller(session, contract), role=Role.DIRECTOR).user
    )


def contract_seller(session, contract):
    """The organisation that sells."""
    return session.get(Organisation, contract.seller_id)


def url(session, contract, step):
    """A page of the contract at the seller's desk."""
    return f"/hop-dong/{contract_seller(session, contract).code}/{contract.number}/{step}"


FIELD = re.compile(r"<(input|textarea|select)\b([^>]*)>(?:([^<]*)</textarea>)?", re.DOTALL)


def filled(page: str) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    form = page[
        page.index('<form class="stack g5"') : page.index(
            "</form>", page.index('<form class="stack g5"')
        )
    ]
    sent: dict[str, list[str]] = {}
    for match in FIELD.finditer(form):
        kind, attributes, text = match.groups()
        name = re.search(r'\bname="([^"]*)"', attributes)
        if not name:
            continue
        value = re.search(r'\bvalue="([^"]*)"', attributes)
        if kind == "select":
            rest = form[match.end() : form.index("</select>", match.end())]
            chosen = re.search(r'<option value="([^"]*)" selected', rest) or re.search(
                r'<option value="([^"]*)"', rest
            )
            sent.setdefault(name[1], []).append(unescape(chosen[1]) if chosen else "")
        elif kind == "textarea":
            sent.setdefault(name[1], []).append(unescape(text or ""))
        elif 'type="checkbox"' in attributes or 'type="radio"' in attributes:
            if " checked" in attributes:
                sent.setdefault(name[1], []).append(unescape(value[1]) if value else "y")
        else:
            sent.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return sent


def versions(session, contract):
    session.expire_all()
    return list(
        session.scalars(
            select(ContractVersion)
            .where(ContractVersion.contract_id == contract.id)
            .order_by(ContractVersion.version)
        )
    )


class TestTheForm:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_sent_as_it_stands_it_says_the_same(self, session, contract, seller, prefix):
        page = seller.get(prefix + url(session, contract, "sua"))
        assert page.status_code == 200

        answer = seller.post(prefix + url(session, contract, "sua"), data=filled(page.text))

        assert answer.status_code == 422
        assert len(versions(session, contract)) == 1
        assert ("giống hệt bản trước" if not prefix else "errsum") in answer.text

    def test_a_change_is_the_next_version_and_nothing_else(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)

        answer = seller.post(
            url(session, contract, "sua"),
            data=sent | {"premium": ["2.000"], "note": ["Thêm tiền vận chuyển"]},
        )

        assert answer.status_code == 303
        [_first, second] = versions(session, contract)
        assert (second.side, second.note) == ("seller", "Thêm tiền vận chuyển")
        before, after = terms_in(contract, 1), terms_in(contract, 2)
        assert [each.key for each in differences(before, after)] == ["price.premium"]
        assert written(replace(after, price=before.price)) == written(before)
        assert session.get(Contract, contract.id).turn == ContractSide.BUYER

    def test_everything_can_be_written(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)
        sent |= {
            "title": ["Hợp đồng khác"],
            "price_kind": ["fixed"],
            "base": ["121.000"],
            "monthly-1-price": ["122.500"],
            "premium": [""],
            "floor": [""],
            "ceiling": [""],
            "total": ["25"],
            "schedule-4-due_on": ["2027-03-20"],
            "schedule-4-grams": ["5"],
            "schedule-4-place": ["2"],
            "places-1-province_code": ["66"],
            "places-1-address": ["Kho Ea Tul"],
            "grades-2-code": ["R3"],
            "grades-2-name": ["Loại 3"],
            "grades-2-difference": ["-9.000"],
            "grades-2-may_refuse": ["y"],
            "limits-1-name": ["Tạp chất"],
            "limits-1-value": ["0,5"],
            "limits-1-unit": ["%"],
            "payments-0-part": ["20"],
            "payments-1-part": ["50"],
            "payments-2-part": ["30"],
            "payments-2-days": ["45"],
            "advances-1-item": ["Tiền mặt"],
            "advances-1-amount": ["50.000.000"],
            "advances-1-on": ["2026-11-10"],
            "own-1-title_vi": ["Cân xe"],
            "own-1-text_vi": ["Cân tại trạm cân chung."],
            "late_penalty": ["0,25"],
            "forum": ["arbitration"],
            "inspector": ["Vinacontrol"],
        }

        answer = seller.post(url(session, contract, "sua"), data=sent)

        assert answer.status_code == 303, re.findall('class="err"[^/]*/svg>([^<]*)', answer.text)
        after = terms_in(contract, 2)
        assert after.title == "Hợp đồng khác"
        assert after.price == Price(
            121_000, monthly={date(2026, 12, 1): 122_500}, standard_moisture=Decimal("12.5")
        )
        assert after.schedule[4].grams == 5_000_000
        assert after.schedule[4].place.address == "Kho Ea Tul"
        assert after.schedule[4].due_from == after.schedule[4].due_on == date(2027, 3, 20)
        assert after.grades[2] == Grade("R3", "Loại 3", -9_000, is_accepted=False)
        assert after.limits[1].name == "Tạp chất"
        assert after.payment.stages == ((2_000, 0), (5_000, 15), (3_000, 45))
        assert after.advances[1].item == "Tiền mặt"
        assert after.clauses[-1] == Clause("own-2", 0, "Cân xe", "Cân tại trạm cân chung.", "", "")
        assert after.clauses[:3] == offered()[:3]
        assert (after.breach.late_bps_per_day, after.forum) == (25, "arbitration")

    def test_all_that_is_wrong_is_said_at_its_fields_and_kept(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)
        sent |= {
            "title": [""],
            "total": ["ba tấn"],
            "penalty_cap": ["9,123"],
            "grades-2-code": ["R9"],
            "packing": ["Bao tải gai"],
        }

        answer = seller.post(url(session, contract, "sua"), data=sent)

        assert answer.status_code == 422
        for kept in ("ba tấn", "9,123", "R9", "Bao tải gai"):
            assert kept in answer.text
        for field in ("title", "total", "penalty_cap", "grades-2-name"):
            assert f'href="#{field}"' in answer.text, field
        assert len(versions(session, contract)) == 1

    def test_rules_are_said_all_at_once(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)
        sent |= {"total": ["21"], "penalty_cap": ["9"], "accept_hours": ["0"], "clauses": []}

        answer = seller.post(url(session, contract, "sua"), data=sent)

        assert answer.status_code == 422
        for field in ("schedule", "penalty_cap", "accept_hours"):
            assert f'href="#{field}"' in answer.text, field
            assert f'id="{field}"' in answer.text, field
        assert "không quá 8 %" in answer.text

    def test_a_reference_must_be_chosen(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text) | {"reference_code": [""]}

        answer = seller.post(url(session, contract, "sua"), data=sent)

        assert answer.status_code == 422
        assert 'href="#reference_code"' in answer.text

    def test_gets_another_line_without_javascript_and_saves_nothing(
        self, session, contract, seller
    ):
        sent = filled(seller.get(url(session, contract, "sua")).text)
        assert "schedule-5-due_on" not in sent

        page = seller.post(url(session, contract, "sua"), data=sent | {"them": ["schedule"]})

        assert page.status_code == 200
        assert "schedule-5-due_on" in filled(page.text)
        assert len(versions(session, contract)) == 1

    def test_shows_the_communes_of_a_province(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)

        page = seller.post(
            url(session, contract, "sua"),
            data=sent | {"places-1-province_code": ["66"], "doi-tinh": ["1"]},
        )

        assert "Buôn Ma Thuột" in page.text

    def test_a_version_that_waits_for_the_other_side_is_left_alone(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text) | {"premium": ["2.000"]}
        seller.post(url(session, contract, "sua"), data=sent)

        assert seller.get(url(session, contract, "sua")).status_code == 302
        assert seller.post(url(session, contract, "sua"), data=sent).status_code == 302
        assert len(versions(session, contract)) == 2

    def test_who_read_an_older_version_is_told(self, session, contract, seller):
        sent = filled(seller.get(url(session, contract, "sua")).text)
        sent |= {"premium": ["2.000"], "seen_version": ["khong"]}

        answer = seller.post(url(session, contract, "sua"), data=sent)

        assert answer.status_code == 422
        assert len(versions(session, contract)) == 1

    def test_a_running_contract_is_amended(self, session, product, login):
        running = ContractFactory(product=product, says=sound(product_id=product.id))
        browser = login(
            MembershipFactory(organisation=product.organisation, role=Role.DIRECTOR).user
        )
        page = browser.get(url(session, running, "sua"))
        assert "Bản đã ký vẫn có hiệu lực" in page.text

        answer = browser.post(
            url(session, running, "sua"), data=filled(page.text) | {"premium": ["2.000"]}
        )

        assert answer.status_code == 303
        assert terms_in(running).price.premium_minor == 1_500
        assert session.get(Contract, running.id).state == ContractState.ACTIVE

    @pytest.mark.parametrize("step", ["sua", "thu-gia"])
    def test_strangers_find_nothing(self, session, contract, login, step):
        stranger = MembershipFactory(organisation=OrganisationFactory(), role=Role.DIRECTOR)
        browser = login(stranger.user)
        own = f"/hop-dong/{stranger.organisation.code}/{contract.number}/{step}"
        assert browser.get(own).status_code == 404
        assert browser.get(url(session, contract, step)).status_code == 404

    def test_an_accountant_reads_the_trial_and_writes_nothing(self, session, contract, login):
        accountant = MembershipFactory(
            organisation=contract_seller(session, contract),
            role=Role.ACCOUNTANT,
        )
        browser = login(accountant.user)
        assert browser.get(url(session, contract, "thu-gia")).status_code == 200
        assert browser.get(url(session, contract, "sua")).status_code == 403


class TestTrial:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_shows_samples_of_its_own(self, session, contract, seller, prefix):
        page = seller.get(prefix + url(session, contract, "thu-gia"))

        assert page.status_code == 200
        # 5 t of R1 at the expected 118,000 + 1,500.
        assert ("597.500.000" if not prefix else "597,500,000") in page.text

    def test_reckons_what_was_typed(self, session, contract, seller):
        page = seller.get(
            url(session, contract, "thu-gia"),
            query_string={
                "mau-0-shipped_on": "2026-11-20",
                "mau-0-grade": "R2",
                "mau-0-planned": "5",
                "mau-0-net": "4,5",
                "mau-0-moisture": "15",
                "mau-0-reference": "80.000",
                "mau-0-days_late": "2",
            },
        )

        # 4,500 kg x 85 / 87.5 = 4,371.429 kg at the floor of 90,000 less 4,000.
        assert "4.371,429" in page.text
        assert "86.000" in page.text
        assert "375.942.894" in page.text
        # 0.2 % a day for two days; 5 % of 250 kg at 86,000.
        assert "1.503.772" in page.text
        assert "1.075.000" in page.text
        assert "theo giá sàn" in page.text

    def test_says_what_is_wrong(self, session, contract, seller):
        page = seller.get(
            url(session, contract, "thu-gia"),
            query_string={"mau-0-shipped_on": "hôm nay", "mau-0-net": "5", "mau-0-grade": "R1"},
        )
        assert page.status_code == 422
        assert "hôm nay" in page.text
        page = seller.get(
            url(session, contract, "thu-gia"),
            query_string={
                "mau-0-shipped_on": "2026-11-20",
                "mau-0-net": "5",
                "mau-0-grade": "R1",
                "mau-0-moisture": "100",
                "mau-0-reference": "80.000",
            },
        )
        assert "Độ ẩm phải từ 0" in page.text

    def test_a_plain_contract_asks_for_less(self, session, product, login):
        plain = ContractFactory(product=product, says=some_terms(product_id=product.id))
        browser = login(
            MembershipFactory(organisation=product.organisation, role=Role.DIRECTOR).user
        )
        page = browser.get(url(session, plain, "thu-gia"))
        assert "mau-0-moisture" not in page.text
        assert "mau-0-reference" not in page.text
        assert "600.000.000" in page.text
