"""Certificates of some plots while many buy at once, on a database where commits are real.

The canary comes first: without the check of what the buyers have agreed to, people who saw the
badge get goods from other plots.
"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import select

from marketplace.certification import operations as certification
from marketplace.certification.rules import Land
from marketplace.inventory.queries import imbalances
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.workflows import checkout
from models.inventory import Hold
from models.orders import OrderLine
from tests.factories.accounts import officer
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.factories.orders import (
    GUEST,
    HANOI,
    cart_with,
    collecting_account,
    product_in_stock,
    purchase,
)
from tests.factories.traceability import LotFactory
from tests.invariants import broken
from tests.moments import MONDAY

BUYERS = 12


@pytest.fixture
def market(committed_database):
    with committed_database.app.app_context():
        collecting_account()
        yield committed_database
        session.rollback()


@pytest.fixture
def product(market):
    """20 kg from anywhere, which expire first."""
    return product_in_stock()


@pytest.fixture
def certificate(product):
    plot = PlotFactory(household=HouseholdFactory(organisation=product.organisation), code="TRONG")
    return CertificateFactory(
        organisation=product.organisation, products=[product], plots=[plot], number="MOT-THUA"
    )


@pytest.fixture
def inside(product, certificate):
    """The id of a lot of its plot: two packs of 500 g."""
    lot = LotFactory(
        product=product, best_before_on=None, quantity_g=1_000, certificates=[certificate]
    )
    return lot.id


def seen_by(number, product):
    """So many carts with one pack, each with what its page said; committed."""
    found = []
    for _ in range(number):
        cart = cart_with(product)
        quote = checkout.look_at_cart(cart_id=cart.id, province_code=HANOI, at=MONDAY)
        found.append((cart.id, quote.digest))
    session.commit()
    return found


def buy(seen):
    cart_id, agreed = seen
    return checkout.place_order(
        actor=GUEST, cart_id=cart_id, purchase=purchase(agreed=agreed), at=MONDAY
    ).id


def all_at_once(market, seen):
    started = Barrier(len(seen))

    def run(one):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    return buy(one)
            except Exception as error:  # noqa: BLE001 - the test looks at all of them
                return error

    with ThreadPoolExecutor(len(seen)) as pool:
        return list(pool.map(run, seen))


def kinds(results):
    return Counter(
        type(result).__name__ if isinstance(result, Exception) else "sold" for result in results
    )


def lines():
    """What each line says, and the lots that are kept for it."""
    found = session.execute(
        select(OrderLine.certificates, Hold.lot_id).join(Hold, Hold.line_id == OrderLine.id)
    )
    return Counter((bool(certificates), lot_id) for certificates, lot_id in found)


@pytest.mark.usefixtures("certificate")
class TestTheLastLot:
    def test_the_canary_sells_other_goods_to_those_who_saw_the_badge(
        self, market, product, inside, monkeypatch
    ):
        seen = seen_by(BUYERS, product)
        monkeypatch.setattr(checkout, "_require_agreed_claims", lambda *_given: None)

        results = all_at_once(market, seen)

        assert kinds(results) == {"sold": BUYERS}
        assert lines()[True, inside] == 2
        assert sum(lines().values()) == BUYERS

    def test_goes_to_two_and_the_others_are_asked_again(self, market, product, inside):
        seen = seen_by(BUYERS, product)

        results = all_at_once(market, seen)

        assert kinds(results) == {"sold": 2, "ClaimsChangedError": BUYERS - 2}
        assert lines() == {(True, inside): 2}
        assert (imbalances(), broken(session)) == ([], {})

    def test_those_who_agree_to_go_without_get_the_other_lot(self, market, product, inside):
        all_at_once(market, seen_by(2, product))
        session.rollback()
        seen = seen_by(BUYERS, product)

        results = all_at_once(market, seen)

        assert kinds(results) == {"sold": BUYERS}
        assert lines()[True, inside] == 2
        assert sum(lines().values()) == BUYERS + 2
        assert (imbalances(), broken(session)) == ([], {})


@pytest.mark.parametrize(
    "case",
    [
        # The lot had inherited it: it keeps it, whatever the paper names now.
        (["TRONG"], [], "checkout.after_quote", [False]),
        (["TRONG"], ["NGOAI"], "checkout.after_quote", [True]),
        (["TRONG"], ["NGOAI"], "checkout.after_order", [True]),
        # It named none and the lots had nothing of it: sold before the change, or without it.
        ([], ["NGOAI"], "checkout.after_quote", []),
        ([], ["NGOAI"], "checkout.after_order", [False]),
    ],
)
def test_its_plots_change_while_somebody_orders(market, product, case, monkeypatch):
    before, after, moment, told = case
    member = HouseholdFactory(organisation=product.organisation)
    plots = {code: PlotFactory(household=member, code=code) for code in ("TRONG", "NGOAI")}
    made = CertificateFactory(
        organisation=product.organisation,
        products=[product],
        plots=[plots[code] for code in before],
    )
    if before:
        LotFactory(product=product, best_before_on=None, certificates=[made])
    change = partial(
        certification.name_plots,
        actor=officer(),
        certificate_id=made.id,
        land=Land(plot_codes=tuple(after)),
        at=MONDAY,
    )
    [seen] = seen_by(1, product)

    def elsewhere():
        with market.app.app_context(), transaction():
            change()

    def reach(name):
        if name == moment:
            with ThreadPoolExecutor(1) as pool:
                pool.submit(elsewhere).result()

    monkeypatch.setattr(checkout, "failpoint", reach)
    with market.app.app_context():
        try:
            with transaction():
                buy(seen)
        except checkout.ClaimsChangedError:
            session.rollback()
            # Nothing is kept for anybody, and the page that they get says what holds now.
            monkeypatch.undo()
            [again] = seen_by(1, product)
            with transaction():
                buy(again)
        rows = session.scalars(select(OrderLine.certificates)).all()

        assert [one["names_plots"] for row in rows for one in row] == told
        assert (imbalances(), broken(session)) == ([], {})
