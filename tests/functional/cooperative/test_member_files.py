"""Bringing a register in, and taking one away."""

import io

import openpyxl
import pytest
from sqlalchemy import select

from marketplace.jobs import membership as jobs
from marketplace.membership.files import reading
from models.accounts import Role
from models.membership import Household, RegisterImport
from tests.factories.accounts import MembershipFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.membership import HouseholdFactory, ImportFactory, PlotFactory, ShareFactory
from tests.factories.traceability import LotFactory

HERE = "/quay/CUMGAR/thanh-vien/nhap"
FILE = "Mã;Họ tên;Cân nặng\nA1;Y Blơm Niê;60\nA2;Đỗ Ưng;50\n"


def send(browser, text=FILE, name="sổ.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return browser.post(HERE, data={"file": (io.BytesIO(data), name)})


def test_a_file_is_sent_read_looked_at_and_written(session, desk):
    browser = desk()
    assert "Mã thành viên" in browser.get(HERE).text

    sent = send(browser)
    [known] = session.scalars(select(RegisterImport))
    assert sent.location == f"{HERE}/{known.id}"
    reading = browser.get(sent.location).text
    assert 'hx-trigger="every 1s"' in reading
    assert "Đang đọc tệp" in reading
    jobs.read_import(import_id=known.id)
    checked = browser.get(sent.location).text
    assert "hx-trigger" not in checked
    assert "Cân nặng" in checked
    assert session.scalar(select(Household)) is None
    assert browser.post(f"{sent.location}/ghi").location == sent.location
    assert "Đang ghi vào sổ" in browser.get(sent.location).text
    jobs.write_import(import_id=known.id)

    assert "Đã ghi xong vào sổ." in browser.get(sent.location).text
    assert "sổ.csv" in browser.get(HERE).text
    assert len(session.scalars(select(Household)).all()) == 2


def test_an_open_quotation_mark_is_said_with_its_row(session, desk):
    browser = desk()
    sent = send(browser, 'Mã;Họ tên\nA1;B\nA2;"C\nA3;D\n')
    jobs.read_import(import_id=session.scalar(select(RegisterImport.id)))

    assert "Dòng 3 có dấu ngoặc kép mở mà không đóng." in browser.get(sent.location).text
    english = browser.get(f"/en{sent.location}").text
    assert "Line 3 opens a quotation mark that is never closed." in english


def test_every_mistake_is_shown_with_its_line(session, desk):
    browser = desk()
    sent = send(browser, "Mã;Họ tên;SĐT\nA1;;1\nA 2;B;<b>\n")
    jobs.read_import(import_id=session.scalar(select(RegisterImport.id)))

    page = browser.get(sent.location).text
    english = browser.get(f"/en{sent.location}").text

    assert "Số chỗ cần sửa: 4." in page
    assert "&lt;b&gt;" in page
    assert "a telephone number of 10 digits" in english
    assert f"{sent.location}/ghi" not in page


def test_what_is_no_register_says_so(session, desk):
    browser = desk()
    sent = send(browser, "a;b\n1;2\n")
    jobs.read_import(import_id=session.scalar(select(RegisterImport.id)))

    assert "Không thấy dòng tiêu đề." in browser.get(sent.location).text


@pytest.mark.parametrize("data", [b"", b"  ", b"%PDF-1.7 x", b"PK\x03\x04 x", b"x" * 201])
def test_what_is_no_spreadsheet_is_refused_at_the_field(session, desk, monkeypatch, data):
    monkeypatch.setattr(reading, "MAX_BYTES", 200)

    answer = send(desk(), data)

    assert answer.status_code == 422
    assert 'href="#file"' in answer.text
    assert session.scalar(select(RegisterImport)) is None


def test_nothing_at_all_is_refused(desk):
    assert desk().post(HERE, data={}).status_code == 422


def test_is_discarded_and_then_no_longer_written(session, desk, htx):
    known = ImportFactory(organisation=htx)
    browser = desk()

    assert browser.post(f"{HERE}/{known.id}/bo").location == HERE
    browser.post(f"{HERE}/{known.id}/ghi")

    page = browser.get(f"{HERE}/{known.id}").text
    assert "Lần nhập này không còn ghi được nữa." in page
    assert "Tệp này đã bỏ" in page
    assert session.scalar(select(Household)) is None


def test_a_register_that_says_nothing_new_offers_nothing_to_write(desk, htx):
    known = ImportFactory(organisation=htx, new_count=0, same_count=1)

    page = desk().get(f"{HERE}/{known.id}").text

    assert "không có gì để ghi" in page
    assert f"{HERE}/{known.id}/ghi" not in page


def test_is_closed_to_others(desk, htx, login):
    known = ImportFactory(organisation=htx)
    other = ImportFactory()
    assert desk().get(f"{HERE}/{other.id}").status_code == 404
    assert desk().post(f"{HERE}/{other.id}/ghi").status_code == 404
    keeper = desk(Role.WAREHOUSE)
    for address in (HERE, f"{HERE}/{known.id}", f"{HERE}/mau.xlsx"):
        assert keeper.get(address).status_code == 403
    assert keeper.get("/quay/CUMGAR/so-thanh-vien.csv").status_code == 403
    assert keeper.post(f"{HERE}/{known.id}/ghi").status_code == 403
    stranger = login(MembershipFactory().user)
    assert stranger.get(HERE).status_code == 404
    assert stranger.get("/quay/CUMGAR/so-thanh-vien.csv").status_code == 404


def test_the_register_is_taken_away(desk, htx):
    HouseholdFactory(organisation=htx, code="A1")
    HouseholdFactory(code="A2", name="Người khác")
    browser = desk(Role.ACCOUNTANT)

    book = browser.get("/quay/CUMGAR/so-thanh-vien.xlsx")
    text = browser.get("/en/quay/CUMGAR/so-thanh-vien.csv")

    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).active.values)
    assert [row[1] for row in rows] == ["Họ tên hoặc tên", "Y Blơm Niê"]
    assert "attachment" in book.headers["Content-Disposition"]
    assert text.data.decode("utf-8-sig").splitlines()[1].startswith("A1;Y Blơm Niê;Household;")
    assert "Người khác" not in text.data.decode()


def test_a_sample_is_there_to_fill_in(desk):
    answer = desk().get(f"{HERE}/mau.xlsx")

    assert len(list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)) == 3


def test_a_member_gets_all_that_is_held_about_them(desk, htx):
    member = HouseholdFactory(organisation=htx, code="A1", note="=1+1", shown=True)
    ShareFactory(household=member, amount_minor=-5)
    plot = PlotFactory(household=member, code="TH-7")
    LotFactory(product=ProductFactory(organisation=htx), plot_id=plot.id, code="LO-7")
    browser = desk(Role.ACCOUNTANT)
    browser.post("/quay/CUMGAR/thanh-vien/A1/an")

    answer = browser.get("/quay/CUMGAR/thanh-vien/A1/du-lieu.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    facts = dict(list(book["Trong sổ"].values)[1:])
    assert facts["Họ tên hoặc tên"] == "Y Blơm Niê"
    assert facts["Ghi chú"] == "=1+1"
    assert book["Trong sổ"]["B13"].data_type == "s"
    assert [row[1] for row in book["Vốn góp"].values] == ["Số tiền", -5]
    assert [row[0] for row in book["Thửa đất"].values] == ["Mã thửa", "TH-7"]
    assert [row[0] for row in book["Lô hàng"].values] == ["Mã lô", "LO-7"]
    assert [row[1] for row in book["Việc đã ghi"].values] == ["Việc gì", "Ẩn tên"]
    assert desk(Role.WAREHOUSE).get("/quay/CUMGAR/thanh-vien/A1/du-lieu.xlsx").status_code == 403
