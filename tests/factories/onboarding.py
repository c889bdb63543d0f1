"""Applications to join, at every point of their way."""

from datetime import date, datetime
from typing import Any, Final

import factory
from sqlalchemy import select, update

from marketplace.accounts.operations.founding import FirstDirector, Founding
from marketplace.accounts.permissions import Actor
from marketplace.onboarding import operations
from marketplace.onboarding.operations import Judgement
from marketplace.onboarding.rules import Facts, Given, Home, Person, Verdict
from marketplace.platform.database import session
from models.accounts import Role
from models.onboarding import (
    Application,
    ApplicationCategory,
    ApplicationItem,
    Requirement,
    Topic,
)
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.base import Factory
from tests.factories.catalogue import CategoryFactory
from tests.factories.media import PDF
from tests.moments import MONDAY

STRANGER: Final = Actor(user_id=None)
TAX_CODES: Final = ("0100109106", "0200638946", "0300588569", "0301452948", "6001815990")
"""Codes whose check digit holds; in tests only."""

PERSON: Final = {
    "phone": "+84912345678",
    "contact_name": "Trần Thị Lúa",
    "email": "lua@example.com",
    "kind": "cooperative",
    "locale": "vi",
}
FACTS: Final[dict[str, Any]] = {
    "name": "Hợp tác xã Nông nghiệp Cà phê Cư M’gar",
    "tax_code": TAX_CODES[0],
    "registration_number": "",
    "legal_representative": "Y Thanh Niê",
    "founded_on": date(2015, 3, 12),
    "charter_capital_minor": 1_200_000_000,
    "member_count": 86,
}
FOUNDING: Final = Founding(
    kind="cooperative",
    province_code="66",
    commune_code=None,
    address="",
    phone=None,
    email=None,
    story_vi="",
    **{**FACTS, "registration_number": None},
)
DIRECTOR: Final = FirstDirector("lua@example.com", "Trần Thị Lúa", "+84912345678", "vi")


class RequirementFactory(Factory[Requirement]):
    """A paper that everybody has to send."""

    class Meta:
        model = Requirement

    topic = Topic.PAPERS
    title_vi = factory.Sequence("Giấy tờ số {}".format)
    title_en = factory.Sequence("Paper {}".format)
    help_vi = "Chụp rõ bốn góc."
    help_en = "With all four corners."
    needs_file = True
    needs_text = False
    needs_two = False
    position = factory.Sequence(lambda n: 1000 + n)
    is_active = True
    created_at = MONDAY


class ApplicationFactory(Factory[Application]):
    """A draft whose every step is filled in; its link is not known until it is renewed."""

    class Meta:
        model = Application

    code = factory.Sequence("HS261102-{:06d}".format)
    email = factory.Sequence("nop{}@example.com".format)
    contact_name = "Trần Thị Lúa"
    phone = "+84912345678"
    locale = "vi"
    resume_token_hash = factory.Sequence("{:064d}".format)
    kind = "cooperative"
    name = factory.Sequence("Hợp tác xã Nộp đơn {}".format)
    tax_code = None
    registration_number = "66-07"
    legal_representative = "Y Thanh Niê"
    member_count = 86
    province_code = "66"
    address = "Buôn Pốk"
    story_vi = "Trồng cà phê từ năm 1990."
    step = 5
    state = "draft"
    created_at = MONDAY
    saved_at = MONDAY
    decision_note = ""

    @factory.post_generation
    def category_ids(self: Application, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Say what it sells."""
        for category_id in extracted or ():
            session.add(ApplicationCategory(application_id=self.id, category_id=category_id))
        session.flush()


class ApplicationItemFactory(Factory[ApplicationItem]):
    """An item that has an answer. Give application and requirement by their ids."""

    class Meta:
        model = ApplicationItem

    state = "open"
    answer = "Cà phê nhân"
    is_confirmed = True
    note = ""


def plain_checklist(*wanted: dict[str, Any]) -> list[Requirement]:
    """Only these requirements: the ones that every market begins with are asked of nobody."""
    session.execute(update(Requirement).values(is_active=False))
    return [RequirementFactory(**values) for values in wanted]


def applicant(application: Application) -> Actor:
    """Whoever holds the link of an application."""
    return Actor(user_id=None, application_id=application.id)


def started(*, at: datetime = MONDAY, **values: Any) -> Application:
    """An application after its first step."""
    person = Person(**{**PERSON, **values})
    return operations.start_application(actor=STRANGER, person=person, at=at)


def drafted(
    *,
    at: datetime = MONDAY,
    province_code: str = "66",
    category_ids: tuple[int, ...] = (),
    facts: dict[str, Any] | None = None,
    **values: Any,
) -> Application:
    """An application whose every field and item is filled in."""
    application = started(at=at, **values)
    actor = applicant(application)
    known = {"actor": actor, "application_id": application.id, "at": at}
    operations.save_facts(facts=Facts(**{**FACTS, **(facts or {})}), **known)
    chosen = category_ids or (CategoryFactory().id,)
    operations.save_home(home=Home(province_code, None, "Buôn Pốk", chosen, ""), **known)
    fill(application, at=at)
    return application


def fill(application: Application, *, at: datetime = MONDAY) -> None:
    """Give every item that the applicant may change what it asks for."""
    actor = applicant(application)
    known = {"actor": actor, "application_id": application.id, "at": at}
    for item, requirement in items_of(application):
        if item.state not in {"open", "returned"}:
            continue
        if requirement.needs_file:
            data = PDF.replace(b"Catalog", b"Catalog /A %d" % item.id)
            operations.attach_paper(item_id=item.id, data=data, name="giay.pdf", **known)
        given = Given(answer="Cà phê nhân, tháng 11 đến tháng 1", is_confirmed=True)
        operations.fill_item(item_id=item.id, given=given, **known)


def sent(*, at: datetime = MONDAY, **values: Any) -> Application:
    """An application that the alliance has."""
    application = drafted(at=at, **values)
    return operations.send_application(
        actor=applicant(application), application_id=application.id, at=at
    )


def items_of(application: Application) -> list[tuple[ApplicationItem, Requirement]]:
    """The items of an application, in the order of the checklist."""
    rows = session.execute(
        select(ApplicationItem, Requirement)
        .join(Requirement, Requirement.id == ApplicationItem.requirement_id)
        .where(ApplicationItem.application_id == application.id)
        .order_by(Requirement.position, Requirement.id)
    )
    return [(item, requirement) for item, requirement in rows]


def accept_all(application: Application, *officers: Actor, at: datetime = MONDAY) -> None:
    """Let officers accept every item; the second one where two are asked for."""
    for item, requirement in items_of(application):
        for officer in officers[: 2 if requirement.needs_two else 1]:
            operations.judge_item(
                actor=officer,
                application_id=application.id,
                item_id=item.id,
                judgement=Judgement(Verdict.ACCEPT),
                at=at,
            )


def member_officers() -> list[Actor]:
    """Two officers of an alliance."""
    alliance = OrganisationFactory(alliance=True)
    return [member_of(alliance, Role.OFFICER) for _ in range(2)]
