"""How contracts are kept: the facts behind the figures, found in the database."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.contracts.promises import operations
from marketplace.contracts.promises.errors import (
    DeliveryPromiseKeptError,
    DeliveryRepliedError,
    DeliveryReplyMissingError,
    DeliveryReplyTooLongError,
    PromisedDeliveryNotFoundError,
)
from marketplace.contracts.promises.rules import COUNTED_FOR, REPLY_MAX, Promise
from marketplace.contracts.terms import Price, document_of
from marketplace.platform import database
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.delivery_promises import (
    deliveries_behind,
    get_promised_delivery,
    public_deliveries,
    public_delivery_records,
    record_of_deliveries,
)
from marketplace.reporting.promises import Figure
from models.accounts import Organisation, OrganisationKind, Role
from models.catalogue import Product
from models.certification import CertificateState
from models.contracts import ContractSide, ContractSignature, ContractVersion
from models.deliveries import DeliveryChange, DeliveryOrigin, DeliveryState
from models.platform import AuditEvent
from models.promises import DeliveryReply
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)
from tests.moments import MONDAY

AT = MONDAY + timedelta(days=30)
SCHEME = "VIETGAP_CROP"


@pytest.fixture
def product(session):
    return ProductFactory()


@pytest.fixture
def seller(session, product):
    return session.get_one(Organisation, product.organisation_id)


@pytest.fixture
def director(seller):
    return Actor(UserFactory().id, seller.id, seller.kind, Role.DIRECTOR)


@pytest.fixture
def contract(product):
    return ContractFactory(
        product=product, says=some_terms(product_id=product.id, schemes=(SCHEME,))
    )


def contract_product(contract):
    return database.session.get_one(Product, contract.product_id)


def delivered(contract, *, accepted_g=5 * TONNE, **values):
    delivery = DeliveryFactory(contract=contract, accepted=True, **values)
    DeliveryLineFactory(delivery=delivery, accepted_g=accepted_g, short_g=5 * TONNE - accepted_g)
    return delivery


def record(seller, viewer, at=AT):
    return record_of_deliveries(seller, viewer=viewer, at=at)


class TestFacts:
    def test_by_hand(self, session, seller, director, contract):
        delivered(contract)
        delivered(contract, accepted_g=4 * TONNE, arrived_on=date(2026, 11, 21))
        DeliveryFactory(contract=contract)  # due on the twentieth, never packed
        DeliveryFactory(contract=contract, due_on=date(2027, 1, 5))  # still to come
        DeliveryFactory(contract=contract, state=DeliveryState.CANCELLED, cancelled_at=MONDAY)

        found, deliveries = record(seller, director)

        assert (found.deliveries, found.against) == (3, 3)
        assert found.figures == {
            Promise.ON_TIME: Figure(1, 2),
            Promise.ACCEPTED: Figure(1, 1),
            Promise.PRICE: Figure(2, 0),
            Promise.CERTIFIED: Figure(0, 2),
            Promise.ANSWERED: Figure(0, 0),
        }
        assert found.grams == Figure(9 * TONNE, TONNE)
        assert len(deliveries) == 3

    @pytest.mark.parametrize(
        ("values", "kept"),
        [
            ({}, True),
            ({"valid_to": date(2026, 11, 2)}, True),
            ({"valid_to": date(2026, 11, 1)}, False),
            ({"valid_from": date(2026, 11, 3)}, False),
            ({"state": CertificateState.REVOKED}, False),
            ({"scheme_code": "ORGANIC_TCVN"}, False),
        ],
    )
    def test_a_certificate_holds_on_the_day_of_shipping(
        self, seller, director, contract, values, kept
    ):
        base = {"scheme_code": SCHEME, "valid_from": date(2026, 1, 1), "valid_to": None}
        CertificateFactory(
            organisation=seller, products=[contract_product(contract)], **base | values
        )
        delivered(contract)

        [one] = record(seller, director)[1]

        assert one.verdicts[Promise.CERTIFIED] is kept

    def test_an_amendment_of_the_seller_makes_it_dearer(self, session, seller, director, contract):
        dearer = some_terms(product_id=contract.product_id, price=Price(125_000))
        session.add(
            ContractVersion(
                contract_id=contract.id,
                version=2,
                side=ContractSide.SELLER,
                terms=document_of(dearer),
                at=MONDAY,
                by_id=contract.created_by_id,
            )
        )
        session.flush()
        for version, days in ((1, -5), (2, -1)):
            for side in ContractSide:
                session.add(
                    ContractSignature(
                        contract_id=contract.id,
                        version=version,
                        side=side,
                        sha256="0" * 64,
                        name="H’Len Niê",
                        position="Giám đốc",
                        provider="ours",
                        at=MONDAY + timedelta(days=days),
                        by_id=contract.created_by_id,
                    )
                )
        contract.version = contract.signed_version = 2
        session.flush()
        delivered(contract)

        [one] = record(seller, director)[1]

        assert one.verdicts[Promise.PRICE] is False

    def test_an_answer_is_timed_from_the_last_move(self, session, seller, director, contract):
        called = DeliveryFactory(
            contract=contract,
            origin=DeliveryOrigin.CALL_OFF,
            created_at=MONDAY,
            confirmed_at=MONDAY + timedelta(hours=3),
            state=DeliveryState.CONFIRMED,
            due_on=date(2027, 1, 5),
        )
        assert record(seller, director)[0].answer_hours == 3
        session.add(
            DeliveryChange(
                delivery_id=called.id,
                differences=[],
                at=MONDAY + timedelta(hours=5),
                by_id=contract.created_by_id,
            )
        )
        called.confirmed_at = None
        called.state = DeliveryState.PLANNED
        session.flush()

        late = record(seller, director)[0].figures[Promise.ANSWERED]
        soon = record(seller, director, MONDAY + timedelta(hours=25))[0]

        assert late == Figure(0, 1)
        assert (soon.deliveries, soon.answered_in) == (0, None)

    def test_open_disputes_are_marked(self, session, seller, director, contract):
        delivered(contract).dispute_open = True
        delivered(contract)
        session.flush()

        assert record(seller, director)[0].contested == 1

    def test_is_of_half_a_year(self, seller, director, contract):
        last = (AT - COUNTED_FOR).date()
        DeliveryFactory(contract=contract, due_from=last, due_on=last)
        DeliveryFactory(contract=contract, due_from=last, due_on=last + timedelta(days=1))

        assert record(seller, director)[0].deliveries == 1

    def test_each_figure_opens_its_deliveries_missed_ones_first(self, seller, director, contract):
        delivered(contract, number="GOOD")
        delivered(contract, number="LATE", arrived_on=date(2026, 11, 21), due_on=date(2026, 11, 19))
        _record, deliveries = record(seller, director)

        page = deliveries_behind(deliveries, Promise.ON_TIME, PageRequest(size=1))

        assert ([each.facts.number for each in page.rows], page.total) == (["LATE"], 2)

    def test_takes_two_statements_however_many_there_are(
        self, session, seller, director, contract, statements
    ):
        for _ in range(12):
            delivered(contract)
        with statements() as sent:
            found, _deliveries = record(seller, director)
        assert found.deliveries == 12
        assert len(sent) == 2

    def test_is_for_the_seller_and_the_alliance(self, seller):
        for kind in (OrganisationKind.COOPERATIVE, OrganisationKind.ENTERPRISE):
            with pytest.raises(NotAllowedError):
                record(seller, Actor(7, seller.id + 99, kind, Role.DIRECTOR))

    def test_says_nothing_in_public_of_few_deliveries(self, session, seller, contract):
        for _ in range(9):
            delivered(contract)
        assert public_deliveries(seller.id, at=AT) is None
        assert public_delivery_records([seller.id], at=AT) == {}
        delivered(contract)
        found = public_deliveries(seller.id, at=AT)
        assert found is not None
        assert found[0] == public_delivery_records([seller.id], at=AT)[seller.id]


class TestReply:
    @pytest.fixture
    def late(self, contract):
        return delivered(contract, arrived_on=date(2026, 11, 25))

    def reply(self, actor, delivery_id, text="Lũ về"):
        return operations.reply_to_delivery(actor=actor, delivery_id=delivery_id, text=text, at=AT)

    def test_stands_beside_the_delivery(self, session, seller, director, late):
        self.reply(director, late.id, "  Lũ về\r\ncầu cấm xe ")

        [one] = record(seller, director)[1]
        assert one.facts.reply == "Lũ về\ncầu cấm xe"
        [event] = session.query(AuditEvent).filter_by(subject_id=late.id, subject_kind="delivery")
        assert event.action == "contracts.delivery_promise_replied"

    def test_is_said_once(self, session, director, late):
        first = self.reply(director, late.id)
        assert self.reply(director, late.id).id == first.id
        with pytest.raises(DeliveryRepliedError):
            self.reply(director, late.id, "Lời khác")
        assert session.query(DeliveryReply).count() == 1

    def test_is_the_sellers_own(self, session, seller, late):
        other = OrganisationFactory()
        for actor in (
            Actor(UserFactory().id, other.id, other.kind, Role.DIRECTOR),
            Actor(UserFactory().id, seller.id, seller.kind, Role.WAREHOUSE),
        ):
            with pytest.raises(NotAllowedError):
                self.reply(actor, late.id)
        assert session.query(DeliveryReply).count() == 0

    def test_says_something_short(self, director, late):
        with pytest.raises(DeliveryReplyMissingError):
            self.reply(director, late.id, " \n")
        with pytest.raises(DeliveryReplyTooLongError):
            self.reply(director, late.id, "x" * (REPLY_MAX + 1))

    def test_needs_something_that_counts_against_it(self, product, director, seller):
        kept = delivered(ContractFactory(product=product))
        with pytest.raises(DeliveryPromiseKeptError):
            self.reply(director, kept.id)

    def test_of_nothing(self, director, seller):
        with pytest.raises(PromisedDeliveryNotFoundError):
            self.reply(director, 4711)
        with pytest.raises(PromisedDeliveryNotFoundError):
            get_promised_delivery("GH0", organisation=seller, viewer=director, at=AT)
