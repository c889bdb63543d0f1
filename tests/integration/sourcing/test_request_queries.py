"""Who may read a request, and until when it takes quotes."""

from datetime import timedelta

import pytest

from marketplace.sourcing.requests.errors import RequestNotFoundError
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.queries import find_open_request, find_request
from tests.factories.accounts import OrganisationFactory
from tests.factories.requests import CLOSING, RequestFactory
from tests.moments import TUESDAY

pytestmark = pytest.mark.usefixtures("session")


class TestFindingAsASeller:
    def test_a_request_that_is_open_to_all_is_found_by_every_seller(self):
        request, seller = RequestFactory(), OrganisationFactory()
        assert find_request(request.number, seller_id=seller.id) is request

    def test_a_request_by_invitation_is_found_by_the_invited_alone(self):
        seller, other = OrganisationFactory(), OrganisationFactory()
        request = RequestFactory(is_open_to_all=False, invited=[seller])
        assert find_request(request.number, seller_id=seller.id) is request
        assert find_request(request.number, seller_id=other.id) is None

    def test_nobody_finds_a_draft(self):
        seller = OrganisationFactory()
        request = RequestFactory(draft=True, invited=[seller])
        assert find_request(request.number, seller_id=seller.id) is None

    @pytest.mark.parametrize("trait", ["closed", "opened", "cancelled", "ended"])
    def test_what_is_over_can_be_read_and_not_quoted_for(self, trait):
        seller = OrganisationFactory()
        request = RequestFactory(**{trait: True})
        assert find_request(request.number, seller_id=seller.id) is request
        assert find_open_request(request.number, seller_id=seller.id, at=TUESDAY) is None

    def test_it_is_closed_from_its_moment_on(self):
        request, seller = RequestFactory(), OrganisationFactory()
        before = CLOSING - timedelta(microseconds=1)
        assert find_open_request(request.number, seller_id=seller.id, at=before) is request
        assert find_open_request(request.number, seller_id=seller.id, at=CLOSING) is None


class TestHolding:
    def test_the_request_is_held(self):
        request = RequestFactory()
        assert lock_request(request.id) is request

    def test_one_that_is_not_there(self):
        with pytest.raises(RequestNotFoundError):
            lock_request(0)
