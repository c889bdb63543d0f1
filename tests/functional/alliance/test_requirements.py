"""An officer writes the checklist in the browser."""

import pytest
from sqlalchemy import select

from models.accounts import Role
from models.onboarding import Requirement
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.onboarding import drafted, plain_checklist

LIST = "/lien-minh/yeu-cau"
WANTED = {"topic": "papers", "title_vi": "Giấy phép mới", "needs_file": "y", "kind": "union"}


@pytest.fixture
def desk(session, login):
    """The browser of an officer."""
    membership = MembershipFactory(
        organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
    )
    return login(membership.user)


@pytest.fixture
def paper(session):
    [made] = plain_checklist({"title_vi": "Giấy đăng ký"})
    return made


def of_title(session, title) -> Requirement | None:
    session.expire_all()
    return session.scalars(select(Requirement).where(Requirement.title_vi == title)).first()


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_open_for_officers_only(desk, session, login, paper, prefix):
    pages = (LIST, f"{LIST}/moi", f"{LIST}/{paper.id}")
    assert [desk.get(prefix + page).status_code for page in pages] == [200] * 3

    other = login(MembershipFactory(organisation=OrganisationFactory()).user)
    assert [other.get(prefix + page).status_code for page in pages] == [404] * 3
    assert other.post(f"{LIST}/{paper.id}/ngung").status_code == 404


def test_adds(desk, session, paper):
    answer = desk.post(f"{LIST}/moi", data=WANTED)

    made = of_title(session, "Giấy phép mới")
    assert answer.location == LIST
    assert (made.kind, made.needs_file, made.needs_text) == ("union", True, False)
    assert "Giấy phép mới" in desk.get(LIST).text


def test_looks_first_whom_it_concerns(desk, session, paper):
    drafted(kind="union")

    answer = desk.post(f"{LIST}/moi", data=WANTED | {"act": "preview"})

    assert answer.status_code == 200
    assert "Có 1 bản nháp đang điền thuộc diện này." in answer.text
    assert 'value="Giấy phép mới"' in answer.text
    assert of_title(session, "Giấy phép mới") is None


def test_keeps_what_was_typed_when_the_title_is_missing(desk, session, paper):
    answer = desk.post(f"{LIST}/moi", data=WANTED | {"title_vi": "", "help_vi": "Chụp rõ"})

    assert answer.status_code == 422
    assert "Chụp rõ" in answer.text


def test_changes_ends_and_asks_again(desk, session, paper):
    desk.post(f"{LIST}/{paper.id}", data={"topic": "papers", "title_vi": "Giấy khác"})
    changed = of_title(session, "Giấy khác")

    desk.post(f"{LIST}/{changed.id}/ngung")
    ended = of_title(session, "Giấy khác").is_active
    desk.post(f"{LIST}/{changed.id}/dung-lai")

    assert not ended
    assert of_title(session, "Giấy khác").is_active
    assert desk.get(f"{LIST}/987654").status_code == 404


def test_the_list_sends_the_same_statements_for_one_and_for_many(desk, paper, statements):
    with statements() as few:
        desk.get(LIST)
    plain_checklist(*({} for _ in range(20)))

    with statements() as many:
        desk.get(LIST)

    assert len(few) == len(many) <= 8
