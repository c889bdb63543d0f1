"""The pages of members and of what they paid in."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from models.membership import Household, ShareContribution
from tests.factories.accounts import MembershipFactory
from tests.factories.membership import HouseholdFactory, ShareFactory

HERE = "/quay/CUMGAR/thanh-vien"


def typed(**changes):
    return {
        "name": "H’Linh Ayũn",
        "kind": "household",
        "phone": "0905 777 888",
        "province_code": "66",
        "commune_code": "",
        "hamlet": "Buôn Ako Dhong",
        "joined_on": "2021-03-04",
        "is_official": "y",
        "code": "TV-0002",
        **changes,
    }


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.WAREHOUSE, Role.ACCOUNTANT])
def test_the_register_and_a_member_are_read_by_those_who_need_them(desk, member, role, prefix):
    browser = desk(role)

    register, page = browser.get(prefix + HERE), browser.get(f"{prefix}{HERE}/TV-0001")

    assert (register.status_code, page.status_code) == (200, 200)
    assert "Y Blơm Niê" in register.text
    assert 'href="tel:+84905123456"' in page.text
    may_edit = role != Role.WAREHOUSE
    assert (f"{HERE}/moi" in register.text) is may_edit
    assert (f"{HERE}/TV-0001/von-gop" in page.text) is may_edit
    assert browser.get(f"{HERE}/moi").status_code == (200 if may_edit else 403)
    assert browser.get("/quay/CUMGAR/von-gop").status_code == (200 if may_edit else 403)


def test_it_is_closed_to_others(desk, member, login):
    assert desk(Role.SALES).get(HERE).status_code == 403
    browser = login(MembershipFactory().user)

    assert browser.get(HERE).status_code == 404
    assert browser.get(f"{HERE}/TV-0001").status_code == 404
    assert browser.post(f"{HERE}/TV-0001/an").status_code == 404


def test_a_member_of_another_organisation_is_not_found(desk, htx):
    other = HouseholdFactory(code="TV-0077")

    assert desk().get(f"{HERE}/{other.code}").status_code == 404


def test_an_empty_register_says_what_to_do(desk):
    page = desk().get(HERE).text

    assert "Sổ chưa có thành viên nào" in page
    assert f'href="{HERE}/moi"' in page


def test_pages_lead_on_and_back(desk, htx):
    for number in range(31):
        HouseholdFactory(organisation=htx, code=f"B-{number:02d}", name=f"Lê {number:02d}")
    browser = desk()

    first = browser.get(f"{HERE}?q=le").text
    second = browser.get(f"{HERE}?q=le&sau=B-29").text

    assert "sau=B-29" in first
    assert "truoc=" not in first
    assert "B-30" in second
    assert "truoc=B-30" in second
    assert browser.get(f"{HERE}?q=khong+co").status_code == 200
    assert browser.get(f"{HERE}?xem=x&loai=y&sau=z").status_code == 200


class TestWritingDown:
    def test_comes_with_the_next_code_and_is_written_once(self, session, desk, member):
        browser = desk()
        assert 'value="TV-0002"' in browser.get(f"{HERE}/moi").text

        answers = [browser.post(f"{HERE}/moi", data=typed()) for _ in range(2)]

        assert [answer.location for answer in answers] == [f"{HERE}/TV-0002"] * 2
        made = session.scalars(select(Household).where(Household.code == "TV-0002")).one()
        assert (made.phone, made.is_official, made.is_hidden) == ("+84905777888", True, True)

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, session, desk):
        answer = desk().post(f"{HERE}/moi", data=typed(joined_on="2099-01-01", name="H’Linh <b>"))

        assert answer.status_code == 422
        assert 'href="#joined_on"' in answer.text
        assert "H’Linh &lt;b&gt;" in answer.text
        assert session.scalar(select(Household)) is None

    @pytest.mark.parametrize(
        "case",
        [
            ("joined_on", "1899-12-31", "Ngày phải từ 01/01/1900 trở đi."),
            ("joined_on", "0202-05-01", "Ngày phải từ 01/01/1900 trở đi."),
            ("note", "x" * 301, "300"),
            ("name", "x" * 161, "160"),
            ("hamlet", "x" * 121, "120"),
        ],
    )
    def test_what_a_file_may_not_say_a_form_may_not_either(self, session, desk, member, case):
        field, value, why = case
        for address in (f"{HERE}/moi", f"{HERE}/TV-0001/sua"):
            answer = desk().post(address, data=typed(**{field: value}))

            assert answer.status_code == 422
            assert f'href="#{field}"' in answer.text
            assert why in answer.text
            assert f'value="{value}"' in answer.text
        assert session.scalars(select(Household.name)).all() == ["Y Blơm Niê"]

    def test_no_field_of_a_form_cuts_what_is_pasted(self, desk, member):
        browser = desk()
        for address in (f"{HERE}/moi", f"{HERE}/TV-0001"):
            assert "maxlength" not in browser.get(address).text

    def test_a_taken_code_is_said_at_its_field(self, desk, member):
        answer = desk().post(f"{HERE}/moi", data=typed(code="TV-0001"))

        assert answer.status_code == 422
        assert 'href="#code"' in answer.text

    def test_asks_for_the_communes_of_another_province_and_saves_nothing(self, session, desk):
        answer = desk().post(f"{HERE}/moi", data=typed(province_code="01", **{"doi-tinh": "1"}))

        assert answer.status_code == 200
        assert "Cầu Giấy" in answer.text
        assert session.scalar(select(Household)) is None

    def test_is_corrected(self, session, desk, member):
        browser = desk()
        assert "Y Blơm Niê" in browser.get(f"{HERE}/TV-0001/sua").text

        answer = browser.post(f"{HERE}/TV-0001/sua", data=typed(code="TV-0005", is_official=""))

        assert answer.location == f"{HERE}/TV-0005"
        session.refresh(member)
        assert (member.name, member.is_official) == ("H’Linh Ayũn", False)
        assert browser.post(f"{HERE}/TV-0005/sua", data=typed(name="")).status_code == 422


class TestComingAndGoing:
    def test_leaves_returns_leaves_and_is_erased(self, session, desk, member):
        browser, today = desk(), business_day(now())

        browser.post(f"{HERE}/TV-0001/ra", data={"left_on": today.isoformat()})
        assert f"{HERE}/TV-0001/xoa-thong-tin" in browser.get(f"{HERE}/TV-0001").text
        browser.post(f"{HERE}/TV-0001/vao-lai")
        session.refresh(member)
        assert member.left_on is None
        refused = browser.post(f"{HERE}/TV-0001/xoa-thong-tin")
        assert refused.status_code == 422
        browser.post(f"{HERE}/TV-0001/ra", data={"left_on": today.isoformat()})
        browser.post(f"{HERE}/TV-0001/xoa-thong-tin")

        page = browser.get(f"{HERE}/TV-0001").text
        assert "(đã xoá tên)" in page
        assert "Y Blơm" not in page
        assert "(đã xoá tên)" in browser.get(f"{HERE}?xem=da-ra").text

    def test_a_day_to_come_is_refused(self, session, desk, member):
        tomorrow = business_day(now()) + timedelta(days=1)

        answer = desk().post(f"{HERE}/TV-0001/ra", data={"left_on": tomorrow.isoformat()})

        assert answer.status_code == 422
        assert 'href="#left_on"' in answer.text

    @pytest.mark.parametrize(
        "case",
        [
            ("ra", {"left_on": "1899-12-31"}, "left_on"),
            ("hien", {"consented_on": "1899-12-31"}, "consented_on"),
            ("hien", {"consented_on": "2026-11-05", "note": "x" * 301}, "consent_note"),
            (
                "von-gop",
                {"direction": "tra", "amount": "1", "on_day": "1899-12-31", "key": "k"},
                "on_day",
            ),
            (
                "von-gop",
                {
                    "direction": "gop",
                    "amount": "1",
                    "on_day": "2026-11-05",
                    "key": "k",
                    "note": "x" * 201,
                },
                "share_note",
            ),
        ],
    )
    def test_days_long_ago_and_long_notes_are_refused_at_the_field(
        self, session, desk, member, case
    ):
        act, data, anchor = case
        answer = desk().post(f"{HERE}/TV-0001/{act}", data=data)

        assert answer.status_code == 422
        assert f'href="#{anchor}"' in answer.text
        assert all(str(value) in answer.text for value in data.values())
        session.refresh(member)
        assert (member.left_on, member.is_hidden) == (None, True)
        assert session.scalar(select(ShareContribution)) is None

    def test_is_shown_with_consent_and_hidden_again(self, session, desk, member):
        browser = desk()
        assert browser.post(f"{HERE}/TV-0001/hien", data={}).status_code == 422

        browser.post(
            f"{HERE}/TV-0001/hien", data={"consented_on": "2026-11-05", "note": "giấy số 4"}
        )
        assert "giấy số 4" in browser.get(f"{HERE}/TV-0001").text
        browser.post(f"{HERE}/TV-0001/an")

        session.refresh(member)
        assert member.is_hidden

    @pytest.mark.parametrize("act", ["sua", "ra", "vao-lai", "hien", "an", "xoa-thong-tin"])
    def test_is_refused_to_the_store(self, desk, member, act):
        assert desk(Role.WAREHOUSE).post(f"{HERE}/TV-0001/{act}").status_code == 403


class TestShares:
    def test_are_paid_in_once_and_stand_in_the_book(self, session, desk, member):
        browser = desk(Role.ACCOUNTANT)
        form = {
            "direction": "gop",
            "amount": "12.000.000",
            "on_day": "2026-11-05",
            "note": "PT 5",
            "key": "k",
        }

        answers = [browser.post(f"{HERE}/TV-0001/von-gop", data=form) for _ in range(2)]

        assert [answer.location for answer in answers] == [f"{HERE}/TV-0001"] * 2
        assert session.scalars(select(ShareContribution.amount_minor)).all() == [12_000_000]
        assert "12.000.000" in browser.get("/quay/CUMGAR/von-gop").text
        assert "PT 5" in browser.get(f"{HERE}/TV-0001").text

    def test_more_back_than_in_is_refused_at_the_field(self, session, desk, member):
        ShareFactory(household=member, amount_minor=1_000)
        form = {"direction": "tra", "amount": "1.001", "on_day": "2026-11-05", "key": "k"}

        answer = desk().post(f"{HERE}/TV-0001/von-gop", data=form)

        assert answer.status_code == 422
        assert 'href="#amount"' in answer.text
        assert 'value="1.001"' in answer.text
        assert session.scalar(select(func.count()).select_from(ShareContribution)) == 1

    def test_are_refused_to_the_store(self, desk, member):
        assert desk(Role.WAREHOUSE).post(f"{HERE}/TV-0001/von-gop").status_code == 403
