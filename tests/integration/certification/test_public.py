"""What everybody may read of a certificate."""

from datetime import date, timedelta

import pytest

from marketplace.certification import errors, operations, queries
from marketplace.certification.rules import Check, Verdict
from models.accounts import Role
from models.certification import CheckKind
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


def test_tells_by_which_organisation_it_was_checked_and_decided():
    product = ProductFactory()
    made = CertificateFactory(
        organisation=product.organisation, waiting=True, products=[product], file=None
    )
    alliance = OrganisationFactory(alliance=True, name="Liên minh Đắk Lắk")
    actor = member_of(alliance, Role.OFFICER)
    operations.record_check(
        actor=actor,
        certificate_id=made.id,
        check=Check(CheckKind.REGISTER, "vietgap.gov.vn", "gọi chị Lan"),
        at=MONDAY,
    )
    operations.decide_certificate(
        actor=actor, certificate_id=made.id, verdict=Verdict.VERIFY, note="Cảm ơn", at=TUESDAY
    )
    operations.revoke_certificate(
        actor=actor, certificate_id=made.id, reason="Dùng sai phạm vi", at=WEDNESDAY
    )

    page = queries.public_certificate(made.id, today=MONDAY_DAY)

    assert (page.shown, page.reason) == ("revoked", "Dùng sai phạm vi")
    assert [(step.word, step.at, step.by_name, step.text) for step in page.steps] == [
        ("register", MONDAY, "Liên minh Đắk Lắk", "vietgap.gov.vn"),
        ("document", TUESDAY, "Liên minh Đắk Lắk", ""),
        ("verified", TUESDAY, "Liên minh Đắk Lắk", ""),
        ("revoked", WEDNESDAY, "Liên minh Đắk Lắk", "Dùng sai phạm vi"),
    ]


def test_an_end_by_itself_has_no_author():
    made = CertificateFactory(expired=True)
    operations.expire_certificate(certificate_id=made.id, at=MONDAY)

    page = queries.public_certificate(made.id, today=MONDAY_DAY)

    assert (page.shown, page.reason) == ("expired", "")
    assert [(step.word, step.by_name) for step in page.steps] == [("expired", None)]


def test_the_word_to_the_holder_stays_theirs():
    made = CertificateFactory(decision_note="Lần sau chụp rõ hơn")

    assert queries.public_certificate(made.id, today=MONDAY_DAY).reason == ""


def test_covers_what_was_ever_on_sale():
    shown = ProductFactory()
    owner = shown.organisation
    draft, gone = (ProductFactory(organisation=owner, **{it: True}) for it in ("draft", "archived"))
    made = CertificateFactory(organisation=owner, products=[shown, draft, gone])

    products = queries.public_certificate(made.id, today=MONDAY_DAY).products

    assert {(one.slug, one.is_on_sale) for one in products} == {
        (shown.slug, True),
        (gone.slug, False),
    }


@pytest.mark.parametrize("state", ["claimed", "rejected"])
def test_what_was_never_verified_is_nobodys_business(state):
    made = CertificateFactory(waiting=True, holder_shows_file=True)
    made.state = state

    for ask in (
        lambda: queries.public_certificate(made.id, today=MONDAY_DAY),
        lambda: queries.public_paper(made.id),
        lambda: queries.public_certificate(999_999, today=MONDAY_DAY),
    ):
        with pytest.raises(errors.CertificateNotFoundError):
            ask()


def test_the_paper_is_shown_only_if_the_holder_says_so():
    made = CertificateFactory(waiting=True)
    made.state = "verified"
    with pytest.raises(errors.CertificateNotFoundError):
        queries.public_paper(made.id)
    assert not queries.public_certificate(made.id, today=MONDAY_DAY).has_paper

    made.holder_shows_file = True

    assert queries.public_paper(made.id).id == made.file_id
    assert queries.public_certificate(made.id, today=MONDAY_DAY).has_paper


@pytest.mark.parametrize(
    ("days", "shown"), [(-1, "upcoming"), (0, "verified"), (680, "expiring"), (730, "expired")]
)
def test_says_how_it_stands_on_the_day(days, shown):
    made = CertificateFactory()
    day = date(2026, 1, 1) + timedelta(days=days)

    assert queries.public_certificate(made.id, today=day).shown == shown
