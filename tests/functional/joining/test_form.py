"""Somebody fills in the public form, step by step, and sends it."""

import re
from io import BytesIO

import pytest
from sqlalchemy import select

from models.notifications import Message
from models.onboarding import Application, ApplicationItem
from tests.factories.accounts import OrganisationFactory
from tests.factories.catalogue import CategoryFactory
from tests.factories.media import PDF
from tests.factories.onboarding import FACTS, TAX_CODES, items_of, plain_checklist

PERSON = {
    "phone": "0912 345 678",
    "contact_name": "Trần Thị Lúa",
    "email": "Lua@Example.com",
    "kind": "cooperative",
}


@pytest.fixture
def checklist(session):
    return plain_checklist(
        {"title_vi": "Đồng ý quy chế", "needs_file": False, "topic": "terms"},
        {"title_vi": "Giấy đăng ký"},
        {"title_vi": "Sản phẩm sẽ bán", "needs_file": False, "needs_text": True},
    )


@pytest.fixture
def draft(client, session, checklist):
    """The link of an application that has been begun."""
    answer = client.post("/tham-gia", data=PERSON)
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("/buoc/2")


def the_one(session) -> Application:
    session.expire_all()
    return session.scalars(select(Application)).one()


def facts(**values) -> dict[str, str]:
    return {
        "name": FACTS["name"],
        "tax_code": FACTS["tax_code"],
        "legal_representative": FACTS["legal_representative"],
    } | values


def papers(session, **values):
    [agree, paper, products] = [item for item, _ in items_of(the_one(session))]
    return {
        f"confirmed_{agree.id}": "y",
        f"file_{paper.id}": (BytesIO(PDF), "dang-ky.pdf"),
        f"answer_{products.id}": "Cà phê nhân",
    } | values


def fill_in(client, session, draft):
    category = CategoryFactory()
    client.post(f"{draft}/buoc/2", data=facts())
    client.post(f"{draft}/buoc/3", data={"province_code": "66", "category_ids": [category.id]})
    return client.post(f"{draft}/buoc/4", data=papers(session))


class TestTheDoor:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_is_open_to_everybody(self, client, session, prefix):
        assert client.get(f"{prefix}/tham-gia").status_code == 200

    def test_begins_an_application_and_mails_its_link(self, client, session, draft):
        application = the_one(session)
        [mail] = session.scalars(select(Message))

        assert application.email == "lua@example.com"
        assert application.phone == "+84912345678"
        assert mail.recipient == "lua@example.com"
        assert draft in mail.body_text

    def test_keeps_what_was_typed_when_something_is_wrong(self, client, session):
        answer = client.post("/tham-gia", data=PERSON | {"email": "không phải"})

        assert answer.status_code == 422
        assert "0912 345 678" in answer.text
        assert "Trần Thị Lúa" in answer.text
        assert session.scalars(select(Application)).all() == []

    def test_a_mailbox_is_not_flooded(self, client, session, checklist):
        answers = [client.post("/tham-gia", data=PERSON) for _ in range(6)]

        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert len(session.scalars(select(Message)).all()) == 5


class TestSteps:
    def test_the_link_goes_on_where_one_stopped(self, client, session, draft):
        assert client.get(draft).location == f"{draft}/buoc/2"
        client.post(f"{draft}/buoc/2", data=facts())
        assert client.get(draft).location == f"{draft}/buoc/3"
        client.post(
            f"{draft}/buoc/3", data={"province_code": "66", "category_ids": [CategoryFactory().id]}
        )
        assert client.get(draft).location == f"{draft}/buoc/4"
        client.post(f"{draft}/buoc/4", data=papers(session))
        assert client.get(draft).location == f"{draft}/buoc/5"

    def test_every_step_opens_in_both_languages(self, client, session, draft):
        fill_in(client, session, draft)

        for step in range(1, 6):
            for prefix in ("", "/en"):
                page = client.get(f"{prefix}{draft}/buoc/{step}")
                assert page.status_code == 200
                assert 'content="noindex"' in page.text
        assert client.get(f"{draft}/buoc/6").status_code == 404

    def test_a_wrong_check_digit_is_said_beside_the_field(self, client, session, draft):
        answer = client.post(f"{draft}/buoc/2", data=facts(tax_code="0100109107"))

        assert answer.status_code == 422
        assert 'value="0100109107"' in answer.text
        assert "chữ số cuối là số kiểm tra" in answer.text
        assert the_one(session).name == ""

    def test_an_old_registration_number_is_a_hint_and_no_refusal(self, client, session, draft):
        answer = client.post(f"{draft}/buoc/2", data=facts(registration_number="66.07.000123"))

        assert answer.location == f"{draft}/buoc/3"
        assert "khác mã số thuế" in client.get(answer.location).text
        assert the_one(session).registration_number == "66.07.000123"

    def test_a_tax_code_of_the_market_leads_to_the_door_without_a_name(
        self, client, session, draft
    ):
        OrganisationFactory(tax_code=TAX_CODES[0], name="HTX Bí mật")

        answer = client.post(f"{draft}/buoc/2", data=facts())

        assert answer.status_code == 422
        assert "đã ở trên chợ" in answer.text
        assert 'href="/dang-nhap"' in answer.text
        assert "Bí mật" not in answer.text

    def test_communes_are_listed_without_scripts(self, client, session, draft):
        answer = client.post(f"{draft}/buoc/3", data={"act": "list", "province_code": "66"})

        assert answer.status_code == 200
        assert "Chọn xã, phường" in answer.text
        assert the_one(session).province_code is None

    def test_one_wrong_paper_does_not_lose_the_rest(self, client, session, draft):
        client.post(f"{draft}/buoc/2", data=facts())
        client.post(
            f"{draft}/buoc/3", data={"province_code": "66", "category_ids": [CategoryFactory().id]}
        )
        [_, paper, products] = [item for item, _ in items_of(the_one(session))]
        bad = {f"file_{paper.id}": (BytesIO(b"MZ not a paper"), "virus.exe")}

        answer = client.post(f"{draft}/buoc/4", data=papers(session, **bad))

        session.expire_all()
        assert answer.status_code == 422
        assert session.get(ApplicationItem, products.id).answer == "Cà phê nhân"
        assert session.get(ApplicationItem, paper.id).file_id is None

    def test_another_address_gets_another_link(self, client, session, draft):
        answer = client.post(f"{draft}/buoc/1", data=PERSON | {"email": "khac@example.com"})

        assert answer.location != f"{draft}/buoc/2"
        assert client.get(draft).status_code == 404
        assert client.get(answer.location).status_code == 200

    def test_nothing_is_saved_without_the_token_of_the_form(self, app, client, session, draft):
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = client.post(f"{draft}/buoc/2", data=facts())
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert the_one(session).name == ""


class TestSending:
    def test_sends_once_and_says_where_it_stands(self, client, session, draft):
        fill_in(client, session, draft)

        answers = [client.post(f"{draft}/gui") for _ in range(2)]

        assert [each.location for each in answers] == [f"{draft}/tinh-trang"] * 2
        assert the_one(session).state == "submitted"
        keys = list(session.scalars(select(Message.key).order_by(Message.id)))
        assert [key.partition(":")[0] for key in keys] == [
            "application_started",
            "application_received",
        ]
        assert "đang xét hồ sơ" in client.get(f"{draft}/tinh-trang").text
        assert client.get(f"{draft}/buoc/2").location == draft

    def test_what_is_missing_is_named(self, client, session, draft):
        client.post(f"{draft}/buoc/2", data=facts())
        client.post(
            f"{draft}/buoc/3", data={"province_code": "66", "category_ids": [CategoryFactory().id]}
        )

        answer = client.post(f"{draft}/gui")

        assert answer.status_code == 422
        assert len(re.findall("Mục này còn thiếu", answer.text)) >= 3
        assert the_one(session).state == "draft"

    def test_the_paper_opens_with_the_link_only(self, client, session, draft):
        fill_in(client, session, draft)
        paper = items_of(the_one(session))[1][0]

        own = client.get(f"{draft}/giay/{paper.id}")

        assert own.data == PDF
        assert own.headers["Cache-Control"] == "private, no-store"
        assert client.get(f"/tham-gia/khong-co/giay/{paper.id}").status_code == 404

    def test_withdrawing_is_for_good(self, client, session, draft):
        fill_in(client, session, draft)

        for _ in range(2):
            assert client.post(f"{draft}/rut").status_code == 303

        assert the_one(session).state == "withdrawn"
        assert client.post(f"{draft}/gui").status_code == 303
        assert the_one(session).state == "withdrawn"
