"""Deliveries in the browser: called off, moved, confirmed, packed, sent; note and calendar."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session as db
from models.accounts import Membership, Role
from models.catalogue import Product
from models.deliveries import Delivery, DeliveryLine, DeliveryState
from models.inventory import LotStock
from models.notifications import Message
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)
from tests.factories.traceability import LotFactory

TODAY = business_day(now())
SOON = TODAY + timedelta(days=20)


def base(contract, side="buyer"):
    code = "RANGXAY" if side == "buyer" else "CUMGAR"
    return f"/hop-dong/{code}/{contract.number}/giao-hang"


def make(contract, **values):
    values = {"due_from": SOON - timedelta(days=6), "due_on": SOON} | values
    return DeliveryFactory(contract=contract, **values)


def lot_of(contract, grams=6 * TONNE, **values):
    return LotFactory(product=db.get_one(Product, contract.product_id), stock=grams, **values)


def call_form(**changes):
    return {
        "grams": "2,5",
        "due_from": (SOON - timedelta(days=3)).isoformat(),
        "due_on": SOON.isoformat(),
        "province_code": "79",
        "address": "Kho số 9",
        "note": "Gọi trước khi tới",
        "key": "abc",
    } | changes


class TestSchedule:
    def test_both_sides_read_the_same(self, person, contract):
        late = make(contract, due_from=TODAY - timedelta(days=9), due_on=TODAY - timedelta(days=1))
        make(contract, state=DeliveryState.CANCELLED, cancelled_at=now(), cancel_reason="Hỏng")

        for role, side in ((Role.BUYER, "buyer"), (Role.WAREHOUSE, "seller")):
            page = person(side, role).get(base(contract, side))
            assert page.status_code == 200
            assert late.number in page.text
            assert "Giao trễ" in page.text
            assert "15\xa0tấn" in page.text

    def test_only_the_buyer_is_offered_to_call_off(self, person, contract):
        page = person("buyer", Role.BUYER).get(base(contract))
        assert f"{base(contract)}/goi" in page.text
        assert "/goi" not in person("seller", Role.SALES).get(base(contract, "seller")).text

    def test_the_count_of_statements_does_not_grow(self, buyer, contract, statements):
        make(contract)
        buyer.get(base(contract))
        with statements() as few:
            buyer.get(base(contract))
        for _more in range(200):
            make(contract)
        with statements() as many:
            page = buyer.get(base(contract))

        assert page.text.count('class="lot"') == 201
        assert len(few) == len(many)

    def test_strangers_find_nothing(self, login, contract):
        enterprise = OrganisationFactory(enterprise=True, code="KHAC")
        stranger = login(MembershipFactory(organisation=enterprise, role=Role.DIRECTOR).user)
        delivery = make(contract)

        for path in (
            f"/hop-dong/KHAC/{contract.number}/giao-hang",
            f"/hop-dong/KHAC/{contract.number}/giao-hang/{delivery.number}",
            f"/hop-dong/KHAC/{contract.number}/giao-hang/{delivery.number}/phieu.pdf",
            f"/hop-dong/KHAC/{contract.number}/lich.ics",
            base(contract),
        ):
            assert stranger.get(path).status_code == 404

    def test_a_delivery_of_another_contract_is_not_found(self, buyer, contract):
        other = DeliveryFactory(contract=ContractFactory())

        assert buyer.get(f"{base(contract)}/{other.number}").status_code == 404


class TestCallOff:
    def test_called_off_once_and_the_seller_is_told(self, person, contract, the_delivery):
        person("seller", Role.SALES)
        buyer = person("buyer", Role.BUYER)
        page = buyer.get(f"{base(contract)}/goi")
        assert 'value="Kho số 4, đường Nguyễn Duy Trinh"' in page.text

        for _twice in range(2):
            answer = buyer.post(f"{base(contract)}/goi", data=call_form())
            assert answer.status_code == 303

        made = the_delivery()
        assert answer.location == f"{base(contract)}/{made.number}"
        assert (made.planned_g, made.address, made.note) == (
            2_500_000,
            "Kho số 9",
            "Gọi trước khi tới",
        )
        [message] = db.scalars(select(Message)).all()
        assert made.number in message.subject
        assert "2,5\xa0tấn" in message.body_text

    def test_what_is_refused_stays_typed(self, buyer, contract):
        answer = buyer.post(f"{base(contract)}/goi", data=call_form(grams="21,001"))

        assert answer.status_code == 422
        assert "chỉ còn 21\xa0tấn" in answer.text
        assert 'value="21,001"' in answer.text
        assert "Gọi trước khi tới" in answer.text
        assert db.scalars(select(Delivery)).all() == []

    def test_an_empty_form_names_every_field(self, buyer, contract):
        answer = buyer.post(f"{base(contract)}/goi", data={"key": "x"})

        assert answer.status_code == 422
        assert answer.text.count('aria-invalid="true"') >= 4

    @pytest.mark.parametrize(
        ("side", "role"), [("seller", Role.DIRECTOR), ("buyer", Role.ACCOUNTANT)]
    )
    def test_not_by_others(self, person, contract, side, role):
        browser = person(side, role)

        assert browser.get(f"{base(contract, side)}/goi").status_code == 403
        assert browser.post(f"{base(contract, side)}/goi", data=call_form()).status_code == 403


class TestSteps:
    def test_from_confirming_to_sending(self, person, seller, contract, the_delivery):
        delivery = make(contract)
        lot = lot_of(contract)
        here = f"{base(contract, 'seller')}/{delivery.number}"

        assert "Xác nhận sẽ giao" in seller.get(here).text
        assert seller.post(f"{here}/xac-nhan").status_code == 303
        assert the_delivery().state == DeliveryState.CONFIRMED

        page = seller.get(f"{here}/dong-goi")
        assert f'name="grams-{lot.id}"' in page.text
        assert 'value="5"' in page.text
        answer = seller.post(f"{here}/dong-goi", data={f"grams-{lot.id}": "4,5"})
        assert answer.status_code == 303
        assert the_delivery().state == DeliveryState.PACKED
        assert db.scalar(select(LotStock.on_hand_g)) == 1_500_000
        assert "Giao thiếu" in seller.get(here).text

        answer = seller.post(f"{here}/gui", data={"carrier": "", "vehicle": "47C-1"})
        assert answer.status_code == 422
        assert 'value="47C-1"' in answer.text
        answer = seller.post(
            f"{here}/gui",
            data={"carrier": "Vận tải An", "vehicle": "47C-1", "handed_by": "Y Thu"},
        )
        assert answer.status_code == 303
        sent = the_delivery()
        assert sent.state == DeliveryState.SHIPPED
        assert sent.accept_by_at - sent.shipped_at == timedelta(hours=48)
        page = person("buyer", Role.BUYER).get(f"{base(contract)}/{delivery.number}")
        assert "47C-1" in page.text
        assert f"/t/{lot.code}" in page.text

    def test_unpacking_puts_everything_back(self, seller, contract, the_delivery):
        delivery = make(contract, state=DeliveryState.CONFIRMED, confirmed_at=now())
        lot = lot_of(contract)
        here = f"{base(contract, 'seller')}/{delivery.number}"
        seller.post(f"{here}/dong-goi", data={f"grams-{lot.id}": "5"})

        seller.post(f"{here}/go-goi")

        assert the_delivery().state == DeliveryState.CONFIRMED
        assert db.scalar(select(LotStock.on_hand_g)) == 6 * TONNE
        assert db.scalars(select(DeliveryLine)).all() == []

    def test_too_much_is_refused_and_stays_typed(self, seller, contract, the_delivery):
        delivery = make(contract, state=DeliveryState.CONFIRMED, confirmed_at=now())
        lot = lot_of(contract)
        here = f"{base(contract, 'seller')}/{delivery.number}/dong-goi"

        answer = seller.post(here, data={f"grams-{lot.id}": "5,251"})

        assert answer.status_code == 422
        assert "5,25\xa0tấn" in answer.text
        assert 'value="5,251"' in answer.text
        assert the_delivery().state == DeliveryState.CONFIRMED
        assert db.scalar(select(LotStock.on_hand_g)) == 6 * TONNE

    def test_a_lot_sold_meanwhile_is_named(self, seller, contract):
        delivery = make(contract, state=DeliveryState.CONFIRMED, confirmed_at=now())
        lot = lot_of(contract, TONNE)
        here = f"{base(contract, 'seller')}/{delivery.number}/dong-goi"

        answer = seller.post(here, data={f"grams-{lot.id}": "2"})

        assert answer.status_code == 422
        assert "Lô này vừa bán bớt" in answer.text

    def test_cancelled_with_a_reason(self, buyer, contract, the_delivery):
        delivery = make(contract)
        here = f"{base(contract)}/{delivery.number}"

        buyer.post(f"{here}/huy", data={"reason": ""})
        assert the_delivery().state == DeliveryState.PLANNED
        buyer.post(f"{here}/huy", data={"reason": "Kho đầy"})
        assert the_delivery().state == DeliveryState.CANCELLED
        assert "Kho đầy" in buyer.get(here).text

    @pytest.mark.parametrize("step", ["xac-nhan", "go-goi"])
    def test_the_buyer_takes_no_step_of_the_seller(self, buyer, contract, step, the_delivery):
        delivery = make(contract)

        answer = buyer.post(f"{base(contract)}/{delivery.number}/{step}")

        assert answer.status_code == 403
        assert the_delivery().state == DeliveryState.PLANNED


class TestMove:
    def test_this_and_following(self, buyer, contract):
        first, second = make(contract), make(contract, due_on=SOON + timedelta(days=30))
        here = f"{base(contract)}/{first.number}/doi-ngay"
        assert "Đợt này và các đợt sau" in buyer.get(here).text

        answer = buyer.post(
            here,
            data={
                "due_from": SOON.isoformat(),
                "due_on": (SOON + timedelta(days=3)).isoformat(),
                "scope": "following",
                "reason": "Kho đầy",
            },
            follow_redirects=True,
        )

        assert "Đã đổi ngày 2 đợt" in answer.text
        assert "Kho đầy" in answer.text
        db.expire_all()
        assert db.get_one(Delivery, second.id).due_on == SOON + timedelta(days=33)

    def test_outside_the_contract_is_refused(self, buyer, contract, the_delivery):
        delivery = make(contract)
        far = TODAY + timedelta(days=301)

        answer = buyer.post(
            f"{base(contract)}/{delivery.number}/doi-ngay",
            data={
                "due_from": far.isoformat(),
                "due_on": far.isoformat(),
                "scope": "this",
                "reason": "Kho đầy",
            },
        )

        assert answer.status_code == 422
        assert "nằm ngoài thời hạn hợp đồng" in answer.text
        assert the_delivery().due_on == SOON


class TestNote:
    def test_a_paper_for_both(self, person, contract):
        delivery = make(contract, shipped=True, carrier="An", vehicle="47C-1", handed_by="Y Thu")
        DeliveryLineFactory(delivery=delivery, lot=lot_of(contract))

        for role, side in ((Role.ACCOUNTANT, "buyer"), (Role.WAREHOUSE, "seller")):
            answer = person(side, role).get(f"{base(contract, side)}/{delivery.number}/phieu.pdf")
            assert answer.mimetype == "application/pdf"
            assert answer.data.startswith(b"%PDF")
            assert answer.headers["Cache-Control"] == "private, no-store"

    def test_none_before_packing(self, seller, contract):
        delivery = make(contract)

        path = f"{base(contract, 'seller')}/{delivery.number}/phieu.pdf"
        assert seller.get(path).status_code == 404


class TestCalendar:
    def test_the_file_and_the_address_say_the_same(self, buyer, client, contract):
        contract.title = "Gạo; ST25, loại 1\\2"
        db.flush()
        delivery = make(contract)
        page = buyer.get(base(contract)).text
        address = page.split('data-copy="')[1].split('"')[0]
        path = address[address.index("/hop-dong/lich/") :]

        file = buyer.get(f"/hop-dong/RANGXAY/{contract.number}/lich.ics")
        shared = client.get(path)

        assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
        unfolded = shared.text.replace("\r\n ", "")
        assert f"UID:{delivery.number}@" in unfolded
        assert f"DTSTART;VALUE=DATE:{SOON - timedelta(days=6):%Y%m%d}\r\n" in unfolded
        assert f"DTEND;VALUE=DATE:{SOON + timedelta(days=1):%Y%m%d}\r\n" in unfolded
        assert "Gạo\\; ST25\\, loại 1\\\\2" in unfolded
        assert all(len(line.encode()) <= 75 for line in shared.text.split("\r\n"))

    def test_who_has_left_reads_nothing_any_more(self, buyer, client, contract):
        make(contract)
        page = buyer.get(base(contract)).text
        address = page.split('data-copy="')[1].split('"')[0]
        path = address[address.index("/hop-dong/lich/") :]
        for membership in db.scalars(select(Membership)):
            membership.ended_at = now()
        db.flush()

        assert client.get(path).status_code == 404
        assert client.get("/hop-dong/lich/nonsense.ics").status_code == 404


def test_a_certificate_that_is_missing_is_said_beside_the_lot(person, login, session):
    contract = ContractFactory(says=some_terms(schemes=("VIETGAP_CROP",)))
    product = db.get_one(Product, contract.product_id)
    browser = login(MembershipFactory(organisation=product.organisation, role=Role.WAREHOUSE).user)
    delivery = make(contract, state=DeliveryState.CONFIRMED, confirmed_at=now())
    lot = lot_of(contract)
    code = product.organisation.code

    page = browser.get(f"/hop-dong/{code}/{contract.number}/giao-hang/{delivery.number}/dong-goi")

    assert "Lô không có chứng nhận VietGAP vào ngày thu hoạch 12/10/2026." in page.text
    assert f'name="grams-{lot.id}"' not in page.text
