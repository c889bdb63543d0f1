"""Who has asked to join, and what the alliance asks of them: an application in every state."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import categories_tree
from marketplace.onboarding import operations as onboarding
from marketplace.onboarding.locks import items_of
from marketplace.onboarding.operations.requirements import NewRequirement, add_requirement
from marketplace.onboarding.operations.reviewing import Judgement
from marketplace.onboarding.rules import Facts, Given, Home, Person, Verdict
from marketplace.workflows.demo import people
from marketplace.workflows.demo.content import DATA, commune_code
from marketplace.workflows.demo.papers import SAMPLE
from marketplace.workflows.demo.world import World
from models.onboarding import Application, ApplicationItem, Requirement

FIRST_PHONE: Final = 300
FIRST_TAX_CODE: Final = 150
SENT_AFTER: Final = timedelta(hours=3)
JUDGED_AFTER: Final = timedelta(days=2)
DECIDED_AFTER: Final = timedelta(days=3)
FILES: Final = {
    "papers": "giay-dang-ky",
    "identity": "quyet-dinh-cu-nguoi-dai-dien",
    "bank_account": "xac-nhan-tai-khoan",
    "an-toan": "an-toan-thuc-pham",
}
ANSWERS: Final = {
    "vuon-ca-phe": "96 vườn, 142 ha. Tệp tọa độ do kế toán hợp tác xã giữ.",
    "products": "Thùng 5 kg, thùng 10 kg và túi quà 2 kg; giá theo vụ.",
}


def let_apply(world: World) -> None:
    """Add to the checklist, then let everybody apply who has not been let in or turned away yet."""
    book = tomllib.loads((DATA / "joining.toml").read_text("utf-8"))
    keys = {
        _ask(world, row, at=world.moment(world.opens_on, 9) + timedelta(minutes=number)): row["key"]
        for number, row in enumerate(book["requirements"])
    }
    for number, row in enumerate(book["applicants"]):
        _Applicant(world, row, number, keys).apply()


def _ask(world: World, row: dict[str, Any], *, at: datetime) -> int:
    category = row.get("category")
    return add_requirement(
        actor=world.staff.officer,
        wanted=NewRequirement(
            topic=row["topic"],
            kind=row.get("kind"),
            province_code=row.get("province"),
            category_id=categories_tree().by_slug[category].id if category else None,
            title_vi=row["title"][0],
            title_en=row["title"][1],
            help_vi=row.get("help", ("", ""))[0],
            help_en=row.get("help", ("", ""))[1],
            needs_file=row.get("file", False),
            needs_text=row.get("text", False),
            needs_two=row.get("two", False),
        ),
        at=at,
    ).id


class _Applicant:
    """One application, from its first step to where the story leaves it."""

    def __init__(
        self, world: World, row: dict[str, Any], number: int, keys: dict[int, str]
    ) -> None:
        self._world, self._row, self._number, self._keys = world, row, number, keys
        begins_on = world.today - timedelta(days=row["days"])
        self._begins_at = world.moment(begins_on, 8)
        self._name, self._email = row["person"]

    def apply(self) -> None:
        """Fill in the form; unless it stays a draft, send it and let the alliance decide."""
        application = self._fill()
        if self._row["state"] == "draft":
            return
        self._fill_items(application)
        onboarding.send_application(
            actor=self._actor, application_id=application.id, at=self._begins_at + SENT_AFTER
        )
        end: dict[str, Callable[[Application], None]] = {
            "submitted": lambda _application: None,
            "returned": self._return,
            "approved": self._approve,
            "rejected": self._reject,
            "withdrawn": self._withdraw,
        }
        end[self._row["state"]](application)

    def _fill(self) -> Application:
        row, at = self._row, self._begins_at
        phone = f"{people.PHONES}{FIRST_PHONE + self._number:03d}"
        application = onboarding.start_application(
            actor=Actor(user_id=None),
            person=Person(phone, self._name, self._email, row["kind"], "vi"),
            at=at,
        )
        self._actor = Actor(user_id=None, application_id=application.id)
        tax_code = "" if row["kind"] == "group" else _tax_code(self._number)
        onboarding.save_facts(
            actor=self._actor,
            application_id=application.id,
            facts=Facts(
                name=row["name"],
                tax_code=tax_code,
                registration_number=tax_code,
                legal_representative=self._name,
                founded_on=date.fromisoformat(str(row["founded"])),
                charter_capital_minor=max(row["members"], 40) * 12_000_000,
                member_count=row["members"],
            ),
            at=at + timedelta(minutes=4),
        )
        onboarding.save_home(
            actor=self._actor,
            application_id=application.id,
            home=Home(
                province_code=row["province"],
                commune_code=commune_code(row["province"], row["commune"]),
                address=row["address"],
                category_ids=tuple(
                    categories_tree().by_slug[slug].id for slug in row["categories"]
                ),
                story_vi=row["story"],
            ),
            at=at + timedelta(minutes=9),
        )
        return application

    def _fill_items(self, application: Application) -> None:
        at = self._begins_at + timedelta(minutes=20)
        for item, requirement in items_of(application):
            if requirement.needs_file:
                onboarding.attach_paper(
                    actor=self._actor,
                    application_id=application.id,
                    item_id=item.id,
                    data=SAMPLE,
                    name=f"{FILES.get(self._key(requirement), self._key(requirement))}.pdf",
                    at=at,
                )
            onboarding.fill_item(
                actor=self._actor,
                application_id=application.id,
                item_id=item.id,
                given=Given(
                    answer=ANSWERS.get(self._key(requirement), ""),
                    is_confirmed=requirement.wants_word,
                ),
                at=at,
            )

    def _return(self, application: Application) -> None:
        notes = self._row["notes"]
        self._judge(
            application,
            lambda key: Judgement(Verdict.RETURN, notes[key]) if key in notes else None,
        )
        onboarding.return_application(
            actor=self._world.staff.officer,
            application_id=application.id,
            at=self._begins_at + DECIDED_AFTER,
        )

    def _approve(self, application: Application) -> None:
        world = self._world
        waivers = {
            key: Judgement(Verdict.WAIVE, note, world.today + timedelta(days=days))
            for key, (note, days) in self._row["waivers"].items()
        }
        self._judge(application, waivers.get)
        people.person_of(
            self._email, self._name, password_hash=world.password_hash, at=self._begins_at
        )
        onboarding.approve_application(
            actor=world.staff.officer,
            application_id=application.id,
            at=self._begins_at + DECIDED_AFTER,
        )

    def _reject(self, application: Application) -> None:
        onboarding.reject_application(
            actor=self._world.staff.officer,
            application_id=application.id,
            reason=self._row["reason"],
            at=self._begins_at + DECIDED_AFTER,
        )

    def _withdraw(self, application: Application) -> None:
        onboarding.withdraw_application(
            actor=self._actor,
            application_id=application.id,
            at=self._begins_at + DECIDED_AFTER,
        )

    def _judge(
        self, application: Application, exception: Callable[[str], Judgement | None]
    ) -> None:
        """Say yes to everything but the exceptions; where two are asked for, both say it."""
        accept = Judgement(Verdict.ACCEPT)
        for item, requirement in items_of(application):
            said = exception(self._key(requirement))
            self._say(application, item, requirement, said or accept)

    def _key(self, requirement: Requirement) -> str:
        """What the story calls a requirement: its own key, or the topic of the first checklist."""
        return self._keys.get(requirement.id, requirement.topic)

    def _say(
        self,
        application: Application,
        item: ApplicationItem,
        requirement: Requirement,
        judgement: Judgement,
    ) -> None:
        staff = self._world.staff
        officers = [staff.officer]
        if requirement.needs_two and judgement.verdict == Verdict.ACCEPT:
            officers.append(staff.second_officer)
        for minutes, officer in enumerate(officers):
            onboarding.judge_item(
                actor=officer,
                application_id=application.id,
                item_id=item.id,
                judgement=judgement,
                at=self._begins_at + JUDGED_AFTER + timedelta(minutes=minutes),
            )


@cache
def _tax_code(number: int) -> str:
    return people.tax_codes()[FIRST_TAX_CODE + number]
