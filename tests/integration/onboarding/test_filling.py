"""An application is filled in, kept, sent and taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.errors import EmailUnreadableError, NameMissingError, PhoneUnreadableError
from marketplace.accounts.permissions import NotAllowedError
from marketplace.geography.errors import UnknownCommuneError, UnknownProvinceError
from marketplace.kernel.errors import DomainError
from marketplace.kernel.states import NotAllowedError as WrongStateError
from marketplace.media.errors import NotAPaperError
from marketplace.onboarding import operations, rules
from marketplace.onboarding.errors import (
    ApplicationNotFoundError,
    CategoryMissingError,
    FieldMissingError,
    ItemNotFoundError,
    ItemsMissingError,
    KindNotAdmittedError,
    NotToFillError,
    RoomFullError,
    StepMissingError,
    TaxCodeMissingError,
    TaxCodeTakenError,
    TaxCodeWrongError,
)
from marketplace.onboarding.operations import ending
from marketplace.onboarding.rules import Facts, Given, Home, Person
from models.media import MediaFile
from models.notifications import Message
from models.onboarding import Application, ApplicationItem, Requirement
from models.platform import StateChange
from tests.factories.accounts import OrganisationFactory, officer
from tests.factories.catalogue import CategoryFactory
from tests.factories.media import PDF
from tests.factories.onboarding import (
    FACTS,
    PERSON,
    STRANGER,
    TAX_CODES,
    RequirementFactory,
    applicant,
    drafted,
    items_of,
    plain_checklist,
    sent,
    started,
)
from tests.moments import FRIDAY, MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


def mails(session) -> list[str]:
    return [
        key.partition(":")[0] for key in session.scalars(select(Message.key).order_by(Message.id))
    ]


def titles(application) -> list[str]:
    return [requirement.title_vi for _, requirement in items_of(application)]


class TestStarting:
    def test_keeps_the_person_and_mails_the_link(self, session):
        application = started(email="Lua@Example.com")

        assert (application.email, application.step, application.state) == (
            "lua@example.com",
            1,
            "draft",
        )
        assert mails(session) == ["application_started"]

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"kind": "alliance"}, KindNotAdmittedError),
            ({"kind": "x"}, KindNotAdmittedError),
            ({"phone": None}, FieldMissingError),
            ({"phone": "0912"}, PhoneUnreadableError),
            ({"email": "không"}, EmailUnreadableError),
            ({"contact_name": " "}, NameMissingError),
        ],
    )
    def test_refuses(self, session, values, error):
        with pytest.raises(error):
            started(**values)

        assert session.scalar(select(func.count()).select_from(Application)) == 0

    def test_a_market_begins_with_a_checklist(self):
        application = started()

        assert titles(application) == [
            "Đồng ý quy chế của chợ",
            "Giấy chứng nhận đăng ký",
            "Quyết định cử người đại diện",
            "Xác nhận tài khoản ngân hàng",
            "Sản phẩm sẽ bán",
        ]


class TestChecklist:
    def test_follows_kind_province_and_goods(self):
        fruit, coffee = CategoryFactory(), CategoryFactory()
        plain_checklist(
            {"title_vi": "mọi người"},
            {"title_vi": "liên hiệp", "kind": "union"},
            {"title_vi": "Đắk Lắk", "province_code": "66"},
            {"title_vi": "Hà Nội", "province_code": "01"},
            {"title_vi": "trái cây", "category_id": fruit.id},
        )
        application = started()
        actor = applicant(application)

        before = titles(application)
        save = {"actor": actor, "application_id": application.id, "at": MONDAY}
        operations.save_home(home=Home("66", None, "", (coffee.id, fruit.id), ""), **save)
        after = titles(application)
        operations.save_home(home=Home("01", None, "", (coffee.id,), ""), **save)

        assert before == ["mọi người"]
        assert after == ["mọi người", "Đắk Lắk", "trái cây"]
        assert titles(application) == ["mọi người", "Hà Nội"]

    def test_a_draft_keeps_the_words_it_was_given(self, session):
        [paper] = plain_checklist({"title_vi": "Giấy cũ"})
        application = drafted()
        paper.is_active = False
        RequirementFactory(title_vi="Giấy mới", replaces_id=paper.id)
        session.flush()

        operations.save_person(
            actor=applicant(application),
            application_id=application.id,
            person=Person(**PERSON),
            at=TUESDAY,
        )

        assert titles(application) == ["Giấy cũ"]
        assert titles(started()) == ["Giấy mới"]

    def test_what_is_asked_no_more_leaves_a_draft(self, session):
        [paper] = plain_checklist({"title_vi": "Giấy cũ"})
        application = drafted()
        paper.is_active = False
        session.flush()

        operations.save_person(
            actor=applicant(application),
            application_id=application.id,
            person=Person(**PERSON),
            at=TUESDAY,
        )

        assert titles(application) == []


class TestSteps:
    @pytest.mark.parametrize("other", [STRANGER, None])
    def test_only_who_has_the_link(self, other):
        application = started()
        actor = other or applicant(started(email="khac@example.com"))

        for act in (
            lambda: operations.save_person(
                actor=actor, application_id=application.id, person=Person(**PERSON), at=TUESDAY
            ),
            lambda: operations.save_facts(
                actor=actor, application_id=application.id, facts=Facts(**FACTS), at=TUESDAY
            ),
            lambda: operations.send_application(
                actor=actor, application_id=application.id, at=TUESDAY
            ),
            lambda: operations.withdraw_application(
                actor=actor, application_id=application.id, at=TUESDAY
            ),
        ):
            with pytest.raises(NotAllowedError):
                act()
        assert (application.saved_at, application.state) == (MONDAY, "draft")

    def test_a_missing_application_is_not_found(self):
        with pytest.raises(ApplicationNotFoundError):
            operations.send_application(actor=STRANGER, application_id=987_654_321, at=MONDAY)

    @pytest.mark.parametrize(
        ("facts", "error"),
        [
            ({"name": " "}, NameMissingError),
            ({"tax_code": ""}, TaxCodeMissingError),
            ({"tax_code": "0100109107"}, TaxCodeWrongError),
            ({"tax_code": "012345678901"}, TaxCodeWrongError),
            ({"legal_representative": ""}, FieldMissingError),
            ({"founded_on": date(2030, 1, 1)}, DomainError),
            ({"member_count": -1}, DomainError),
            ({"charter_capital_minor": 10**16}, DomainError),
        ],
    )
    def test_facts_are_checked(self, facts, error):
        application = started()

        with pytest.raises(error):
            operations.save_facts(
                actor=applicant(application),
                application_id=application.id,
                facts=Facts(**{**FACTS, **facts}),
                at=MONDAY,
            )

        assert application.name == ""

    @pytest.mark.parametrize("code", ["", "012345678901", TAX_CODES[0], "0100 109 106"])
    def test_a_group_may_have_no_tax_code_or_the_number_of_its_head(self, code):
        application = started(kind="group")

        operations.save_facts(
            actor=applicant(application),
            application_id=application.id,
            facts=Facts(**{**FACTS, "tax_code": code}),
            at=MONDAY,
        )

        assert application.tax_code == (code.replace(" ", "") or None)

    def test_a_tax_code_of_the_market_is_refused(self):
        OrganisationFactory(tax_code=TAX_CODES[0])

        with pytest.raises(TaxCodeTakenError):
            drafted()

    @pytest.mark.parametrize(
        ("home", "error"),
        [
            ({"province_code": "00"}, UnknownProvinceError),
            ({"commune_code": "00001"}, UnknownCommuneError),
            ({"category_ids": ()}, CategoryMissingError),
            ({"category_ids": (987_654,)}, CategoryMissingError),
        ],
    )
    def test_a_home_is_checked(self, home, error):
        application = started()
        sound = Home("66", None, "", (CategoryFactory().id,), "")

        with pytest.raises(error):
            operations.save_home(
                actor=applicant(application),
                application_id=application.id,
                home=replace(sound, **home),
                at=MONDAY,
            )

        assert application.province_code is None

    def test_nothing_is_changed_once_it_is_sent(self):
        application = sent()
        actor = applicant(application)
        save = {"actor": actor, "application_id": application.id, "at": TUESDAY}
        item = items_of(application)[0][0]

        for act in (
            lambda: operations.save_person(person=Person(**PERSON), **save),
            lambda: operations.save_facts(facts=Facts(**FACTS), **save),
            lambda: operations.fill_item(item_id=item.id, given=Given(), **save),
        ):
            with pytest.raises(NotToFillError):
                act()


class TestPapers:
    def test_belong_to_nobody_else_and_take_the_place_of_the_one_before(self, session):
        plain_checklist({})
        one, other = drafted(), drafted(email="khac@example.com")
        files = list(session.scalars(select(MediaFile).order_by(MediaFile.id)))

        assert len(files) == 2
        assert {file.organisation_id for file in files} == {None}
        again = operations.attach_paper(
            actor=applicant(one),
            application_id=one.id,
            item_id=items_of(one)[0][0].id,
            data=PDF,
            name="../../moi.pdf",
            at=TUESDAY,
        )
        assert items_of(one)[0][0].file_id == again.id
        assert again.original_name == "moi.pdf"
        assert items_of(other)[0][0].file_id == files[1].id

    def test_refuses_what_is_no_paper(self, session):
        plain_checklist({})
        application = started()

        with pytest.raises(NotAPaperError):
            operations.attach_paper(
                actor=applicant(application),
                application_id=application.id,
                item_id=items_of(application)[0][0].id,
                data=b"MZ",
                name="a.exe",
                at=MONDAY,
            )

        assert session.scalar(select(func.count()).select_from(MediaFile)) == 0

    def test_an_application_has_so_much_room(self, monkeypatch):
        plain_checklist({}, {})
        application = drafted()
        monkeypatch.setattr(rules, "ROOM_BYTES", 2 * len(PDF))

        with pytest.raises(RoomFullError):
            operations.attach_paper(
                actor=applicant(application),
                application_id=application.id,
                item_id=items_of(application)[0][0].id,
                data=PDF * 2,
                name="to.pdf",
                at=MONDAY,
            )

    def test_an_item_of_another_application_is_not_found(self):
        plain_checklist({})
        one, other = started(), started(email="khac@example.com")

        with pytest.raises(ItemNotFoundError):
            operations.fill_item(
                actor=applicant(one),
                application_id=one.id,
                item_id=items_of(other)[0][0].id,
                given=Given(),
                at=MONDAY,
            )


class TestSending:
    def test_sends_once(self, session):
        application = drafted()

        for at in (TUESDAY, FRIDAY):
            operations.send_application(
                actor=applicant(application), application_id=application.id, at=at
            )

        assert (application.state, application.submitted_at) == ("submitted", TUESDAY)
        assert application.waiting_since == TUESDAY
        assert {item.state for item, _ in items_of(application)} == {"submitted"}
        assert mails(session) == ["application_started", "application_received"]
        moves = session.scalars(
            select(StateChange.to_state).where(StateChange.subject_kind == "application")
        )
        assert list(moves) == ["submitted"]

    def test_says_which_items_lack_something(self):
        application = drafted()
        item, _ = items_of(application)[1]
        item.file_id = None

        with pytest.raises(ItemsMissingError) as refusal:
            operations.send_application(
                actor=applicant(application), application_id=application.id, at=TUESDAY
            )

        assert refusal.value.details == {"item_ids": [item.id]}
        assert application.state == "draft"

    def test_needs_every_step(self):
        plain_checklist()
        application = started()

        with pytest.raises(StepMissingError) as refusal:
            operations.send_application(
                actor=applicant(application), application_id=application.id, at=TUESDAY
            )

        assert refusal.value.details == {"step": 2}

    def test_a_tax_code_that_was_taken_meanwhile(self):
        application = drafted()
        OrganisationFactory(tax_code=TAX_CODES[0])

        with pytest.raises(TaxCodeTakenError):
            operations.send_application(
                actor=applicant(application), application_id=application.id, at=TUESDAY
            )


class TestWithdrawing:
    def test_is_for_good_and_once(self, session):
        application = sent()

        for _ in range(2):
            operations.withdraw_application(
                actor=applicant(application), application_id=application.id, at=TUESDAY
            )

        assert (application.state, application.waiting_since) == ("withdrawn", None)
        with pytest.raises(WrongStateError):
            operations.send_application(
                actor=applicant(application), application_id=application.id, at=FRIDAY
            )

    def test_is_not_for_the_alliance(self):
        application = sent()

        with pytest.raises(NotAllowedError):
            operations.withdraw_application(
                actor=officer(), application_id=application.id, at=TUESDAY
            )

        assert application.state == "submitted"


class TestDrafts:
    def test_are_forgotten_after_90_days(self, session):
        old, fresh = drafted(), drafted(email="moi@example.com", at=TUESDAY)
        at = MONDAY + timedelta(days=90)

        assert ending.drafts_to_forget(at) == [old.id]
        assert [ending.forget_draft(application_id=old.id, at=at) for _ in range(2)] == [
            True,
            False,
        ]
        assert not ending.forget_draft(application_id=fresh.id, at=at)
        assert session.scalars(select(Application.id)).all() == [fresh.id]
        owners = set(session.scalars(select(ApplicationItem.application_id)))
        assert owners == {fresh.id}
        assert session.scalar(select(func.count()).select_from(Requirement)) == 6

    def test_what_was_sent_is_kept(self):
        application = sent()
        at = MONDAY + timedelta(days=900)

        assert ending.drafts_to_forget(at) == []
        assert not ending.forget_draft(application_id=application.id, at=at)
