"""A consent is withdrawn while somebody writes by it: what had begun is done, no more begins."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from marketplace.accounts import permissions
from marketplace.accounts.consent_errors import ConsentEndedError
from marketplace.accounts.operations import consents
from marketplace.catalogue.operations import publish_product
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from models.accounts import Organisation
from models.catalogue import ProductState
from models.consents import Consent
from models.platform import StateChange
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.consents import ConsentFactory, helping
from tests.moments import TUESDAY

WAIT = 5


@pytest.fixture
def story(market):
    """A director, a helper, and a product that the helper may publish."""
    consent = ConsentFactory()
    htx = session.get_one(Organisation, consent.organisation_id)
    product = ProductFactory(organisation=htx, draft=True)
    found = member_of(htx), helping(consent), consent.id, product.id
    session.commit()
    return found


def in_a_thread(market, pool, act):
    def run():
        with market.app.app_context():
            try:
                with transaction():
                    return act()
            except ConsentEndedError as refused:
                return refused

    return pool.submit(run)


def withdraw(director, consent_id):
    consents.end_consent(
        actor=director, organisation_id=director.organisation_id, consent_id=consent_id, at=TUESDAY
    )


def race(market, story):
    """The helper has begun to publish when the director withdraws; what came of both.

    Returns:
        Whether the withdrawal was over before the helper had written.
    """
    director, helper, consent_id, product_id = story
    begun, go_on = threading.Event(), threading.Event()

    def publish():
        permissions.authorize(helper, permissions.Permission.DESK_VIEW, director)
        begun.set()
        assert go_on.wait(WAIT)
        publish_product(actor=helper, product_id=product_id, at=TUESDAY)

    with ThreadPoolExecutor(2) as pool:
        writing = in_a_thread(market, pool, publish)
        assert begun.wait(WAIT)
        ending = in_a_thread(market, pool, lambda: withdraw(director, consent_id))
        done, _waiting = _wait_a_moment(ending)
        go_on.set()
        result = writing.result(WAIT), ending.result(WAIT)
    assert result[1] is None
    return done, result[0]


def _wait_a_moment(future):
    try:
        return True, future.result(0.4)
    except TimeoutError:
        return False, None


def traces():
    session.rollback()
    return session.scalars(
        select(StateChange.on_behalf_of_id).where(StateChange.to_state == ProductState.PUBLISHED)
    ).all()


def test_withdrawing_waits_for_what_has_begun(market, story):
    was_quick, written = race(market, story)

    assert (was_quick, written) == (False, None)
    assert len(traces()) == 1
    assert session.get_one(Consent, story[2]).ended_at == TUESDAY


def test_it_would_not_if_nobody_held_the_consent(market, story, monkeypatch):
    """The race can happen: asked once at the beginning, the consent is gone when it is written."""
    monkeypatch.setattr(permissions, "require_consent", lambda _consent_id: None)

    was_quick, written = race(market, story)

    assert (was_quick, written) == (True, None)
    assert len(traces()) == 1


def test_what_begins_after_is_refused(market, story):
    director, helper, consent_id, product_id = story
    with transaction():
        withdraw(director, consent_id)

    with pytest.raises(ConsentEndedError), transaction():
        publish_product(actor=helper, product_id=product_id, at=TUESDAY)

    assert traces() == []
