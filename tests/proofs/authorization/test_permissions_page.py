"""The page about permissions says what the table says."""

import pytest

from marketplace.accounts.permissions import (
    RULES,
    SYSTEM,
    Actor,
    NotAllowedError,
    Permission,
    allows,
    authorize,
)
from models.accounts import SELLER_KINDS, OrganisationKind, Role
from tests.proofs.authorization.permissions_page import OWN, PAGE, THING, WORDS, page


def test_the_page_is_up_to_date():
    assert PAGE.read_text() == page()


def test_every_permission_has_a_rule_and_words():
    assert set(RULES) == set(Permission) == set(WORDS)


@pytest.mark.parametrize("permission", Permission)
def test_a_stranger_may_do_nothing_and_the_system_everything(permission):
    strangers = [Actor(None), Actor(99), Actor(None, order_id=99)]

    assert not any(allows(stranger, permission, THING) for stranger in strangers)
    assert allows(SYSTEM, permission, THING)
    with pytest.raises(NotAllowedError):
        authorize(Actor(99), permission, THING)


@pytest.mark.parametrize("permission", Permission)
def test_what_a_seller_s_people_may_do_needs_a_seller(permission):
    """A director of an enterprise is a director, but sells nothing."""
    for role in (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT):
        sellers = {allows(Actor(99, OWN, kind, role), permission, THING) for kind in SELLER_KINDS}
        assert len(sellers) == 1 or permission in OF_UNIONS
        if permission in NOT_ONLY_SELLERS:
            continue
        for kind in set(OrganisationKind) - SELLER_KINDS:
            assert not allows(Actor(99, OWN, kind, role), permission, THING)


OF_UNIONS = {Permission.UNION_LEAD, Permission.JOINT_QUOTE_LEAD}

NOT_ONLY_SELLERS = {
    Permission.BANK_ACCOUNT_MANAGE,
    Permission.BANK_ACCOUNT_CONFIRM,
    Permission.ORGANISATION_EDIT,
    Permission.ORGANISATION_APPEAL,
    Permission.MEMBERSHIP_VIEW,
    Permission.MEMBERSHIP_MANAGE,
    Permission.BANK_ACCOUNT_MANAGE,
    Permission.BANK_ACCOUNT_CONFIRM,
    Permission.CERTIFICATE_FILE_VIEW,
    Permission.SUPPLY_SEARCH,
    Permission.SEARCH_KEEP,
    Permission.REQUEST_VIEW,
    Permission.REQUEST_EDIT,
    Permission.AWARD_DECIDE,
    Permission.CONTRACT_VIEW,
    Permission.CONTRACT_EDIT,
    Permission.CONTRACT_APPROVE,
    Permission.CONTRACT_SIGN,
    Permission.SPENDING_LIMIT_EDIT,
    Permission.CALL_OFF_MAKE,
    Permission.DELIVERY_ACCEPT,
    Permission.DELIVERY_DISPUTE,
    Permission.INVOICE_VIEW,
}
"""What every organisation has: texts about itself, its standing, people, papers. And what buyers
do, who have directors and accountants, too."""
