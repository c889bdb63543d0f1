"""An accountant reads the revenue book, takes it away as files, and opens a figure."""

import io
from datetime import timedelta

import openpyxl
import pypdf
import pytest

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.orders import COMMISSION, FEE, PRICE, QUANTITY
from tests.factories.revenue import deliver

NET = PRICE * QUANTITY + FEE - COMMISSION


def member(organisation, role=Role.ACCOUNTANT):
    user = UserFactory()
    MembershipFactory(user=user, organisation=organisation, role=role)
    return user


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.fixture
def seller(session):
    seller = OrganisationFactory()
    deliver(at=now(), organisation=seller)
    return seller


def test_the_screen_shows_every_figure_with_its_link(login, seller):
    page = login(member(seller)).get(f"/quay/{seller.code}/doanh-thu")

    shown = spaced(page.get_data(as_text=True))
    assert page.status_code == 200
    assert "315.500 ₫" in shown
    month = f"{business_day(now()):%Y-%m}"
    assert f"/doanh-thu/don?tu={month}&amp;den={month}" in shown


def test_the_files_say_what_the_screen_says(login, seller):
    browser = login(member(seller))
    address = f"/quay/{seller.code}/doanh-thu"

    csv = browser.get(f"{address}.csv").get_data().decode("utf-8-sig")
    xlsx = browser.get(f"{address}.xlsx")
    pdf = browser.get(f"{address}.pdf")

    assert f"Thực nhận;{NET}" in csv
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx.get_data()))["Theo tháng"]
    assert sheet.cell(sheet.max_row - 1, 7).value == NET
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.data)).pages)
    assert "315.500 ₫" in spaced(text)
    assert seller.code in pdf.headers["Content-Disposition"]


def test_a_figure_opens_its_orders(login, seller):
    page = login(member(seller)).get(f"/quay/{seller.code}/doanh-thu/don")

    shown = spaced(page.get_data(as_text=True))
    assert "Phí giao hàng" in shown
    assert "315.500 ₫" in shown


def test_the_same_in_english(login, seller):
    shown = login(member(seller)).get(f"/en/quay/{seller.code}/doanh-thu").get_data(as_text=True)

    assert "₫315,500" in shown


def test_a_period_that_cannot_be_is_explained_and_the_usual_one_shown(login, seller):
    browser = login(member(seller))

    wrong = browser.get(f"/quay/{seller.code}/doanh-thu?tu=2026-13&den=2026-11")
    backwards = browser.get(f"/quay/{seller.code}/doanh-thu?tu=2026-11&den=2026-01")

    assert (wrong.status_code, backwards.status_code) == (422, 422)
    assert "2026-13" in wrong.get_data(as_text=True)
    assert browser.get(f"/quay/{seller.code}/doanh-thu.csv?tu=x").status_code == 422


def test_an_empty_period_says_so(login, seller):
    page = login(member(seller)).get(f"/quay/{seller.code}/doanh-thu?tu=2020-01&den=2020-03")

    assert "Kỳ này chưa giao xong đơn nào" in page.get_data(as_text=True)


@pytest.mark.parametrize("path", ["doanh-thu", "doanh-thu.csv", "doanh-thu/don"])
def test_others_do_not_see_it(login, client, seller, path):
    address = f"/quay/{seller.code}/{path}"

    assert client.get(address).status_code == 303
    assert login(member(seller, Role.WAREHOUSE)).get(address).status_code == 403
    assert login(member(OrganisationFactory())).get(address).status_code == 404


def test_it_takes_as_many_statements_with_thirty_rows_as_with_one(login, seller, statements):
    browser = login(member(seller))
    address = f"/quay/{seller.code}/doanh-thu"
    with statements() as few:
        browser.get(address)

    for days in range(30):
        deliver(at=now() - timedelta(days=days), organisation=seller)
    with statements() as many:
        browser.get(address)

    assert len(many) == len(few)
