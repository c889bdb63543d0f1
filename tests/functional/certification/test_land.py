"""The plots of a certificate: named by its holder, changed by officers, told to everybody."""

import io
from datetime import date

import pytest
from sqlalchemy import func, select

from models.accounts import Role
from models.certification import Certificate, CertificatePlot
from models.membership import GrowingAreaPlot
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF
from tests.factories.membership import GrowingAreaFactory, HouseholdFactory, PlotFactory
from tests.factories.traceability import LotFactory

pytestmark = pytest.mark.usefixtures("session")

BASE = "/quay/CUMGAR/chung-nhan"
TYPED = {
    "scheme_code": "VIETGAP_CROP",
    "number": "VietGAP-TT-13-09-66-0123",
    "issuer": "VinaCert",
    "valid_from": "01/03/2026",
}


@pytest.fixture
def organisation():
    return OrganisationFactory(code="CUMGAR")


@pytest.fixture
def plots(organisation):
    member = HouseholdFactory(organisation=organisation, name="Bà Hờ Nga")
    return [
        PlotFactory(household=member, code=code, commune_code="24133", declared_area_m2=12_000)
        for code in ("THUA-1", "THUA-2")
    ]


@pytest.fixture
def browse(login, organisation):
    def sign_in(role=Role.SALES):
        user = UserFactory()
        MembershipFactory(user=user, organisation=organisation, role=role)
        return login(user)

    return sign_in


@pytest.fixture
def officer(login):
    user = UserFactory()
    MembershipFactory(user=user, organisation=OrganisationFactory(alliance=True), role=Role.OFFICER)
    return login(user)


def named(session):
    return set(session.scalars(select(CertificatePlot.plot_id)))


class TestHolder:
    def test_claims_with_codes_typed_any_way(self, browse, plots, session):
        data = {
            **TYPED,
            "file": (io.BytesIO(PDF), "a.pdf"),
            "plot_codes": "thua-1,\n THUA-2;thua-1",
        }

        client = browse()
        answer = client.post(f"{BASE}/moi", data=data)

        assert answer.status_code == 303
        assert named(session) == {plot.id for plot in plots}
        page = client.get(answer.location).text
        assert "THUA-1, THUA-2" in page
        assert "2 thửa, " in page

    def test_reads_which_codes_nobody_knows_and_keeps_what_was_typed(self, browse, plots, session):
        data = {**TYPED, "file": (io.BytesIO(PDF), "a.pdf"), "plot_codes": "THUA-1 thua-9 THUA-8"}

        answer = browse().post(f"{BASE}/moi", data=data)

        assert answer.status_code == 422
        assert "Không có thửa mang mã: THUA-8, THUA-9." in answer.text
        assert ">THUA-1 thua-9 THUA-8</textarea>" in answer.text.replace("\r\n", "")
        assert 'href="#plot_codes"' in answer.text
        assert session.scalar(select(func.count()).select_from(Certificate)) == 0

    def test_adds_the_plots_of_a_growing_area(self, browse, organisation, plots, session):
        area = GrowingAreaFactory(organisation=organisation, code="VN-DL-01")
        session.add(GrowingAreaPlot(growing_area_id=area.id, plot_id=plots[1].id))
        made = CertificateFactory(organisation=organisation, waiting=True)

        answer = browse().post(
            f"{BASE}/{made.id}/thua", data={"plot_codes": "THUA-1", "area_code": "vn-dl-01"}
        )

        assert (answer.status_code, answer.location) == (303, f"{BASE}/{made.id}")
        assert named(session) == {plot.id for plot in plots}

    def test_reads_that_a_growing_area_is_unknown(self, browse, organisation, plots, session):
        made = CertificateFactory(organisation=organisation, waiting=True)

        answer = browse().post(f"{BASE}/{made.id}/thua", data={"area_code": "KHONG-CO"})

        assert answer.status_code == 422
        assert "Không có mã vùng trồng này" in answer.text
        assert 'value="KHONG-CO"' in answer.text
        assert named(session) == set()

    def test_only_takes_away_from_a_decided_one(self, browse, organisation, plots, session):
        made = CertificateFactory(organisation=organisation, plots=plots)
        client = browse()

        refused = client.post(f"{BASE}/{made.id}/thua", data={"plot_codes": ""})
        taken = client.post(f"{BASE}/{made.id}/thua", data={"plot_codes": "THUA-2"})

        assert refused.status_code == 422
        assert "nên chỉ bớt thửa được" in refused.text
        assert taken.status_code == 303
        assert named(session) == {plots[1].id}

    def test_is_nobody_else(self, browse, organisation, plots, session):
        made = CertificateFactory(organisation=organisation, waiting=True, plots=plots[:1])
        foreign = CertificateFactory(waiting=True)
        data = {"plot_codes": "THUA-2"}

        assert browse(Role.WAREHOUSE).post(f"{BASE}/{made.id}/thua", data=data).status_code == 403
        assert browse().post(f"{BASE}/{foreign.id}/thua", data=data).status_code == 404
        assert named(session) == {plots[0].id}


class TestOfficer:
    def test_reads_codes_number_and_area_and_changes_them(
        self, officer, organisation, plots, session
    ):
        made = CertificateFactory(organisation=organisation, plots=plots[:1])
        address = f"/lien-minh/chung-nhan/{made.id}"

        before = officer.get(address).text
        answer = officer.post(f"{address}/thua", data={"plot_codes": "THUA-1 THUA-2"})

        assert "THUA-1" in before
        assert "1 thửa, " in before
        assert (answer.status_code, answer.location) == (303, address)
        assert named(session) == {plot.id for plot in plots}

    def test_reads_what_is_wrong_and_keeps_what_was_typed(
        self, officer, organisation, plots, session
    ):
        made = CertificateFactory(organisation=organisation, plots=plots[:1])

        answer = officer.post(f"/lien-minh/chung-nhan/{made.id}/thua", data={"plot_codes": "SAI-1"})

        assert answer.status_code == 422
        assert "Không có thửa mang mã: SAI-1." in answer.text
        assert ">SAI-1</textarea>" in answer.text.replace("\r\n", "")
        assert named(session) == {plots[0].id}


def test_everybody_reads_how_many_and_where_but_not_which_nor_whose(client, organisation, plots):
    made = CertificateFactory(organisation=organisation, plots=plots)

    page = client.get(f"/chung-nhan/{made.id}").text

    assert "2 thửa: " in page
    for secret in ("THUA-1", "THUA-2", "Hờ Nga"):
        assert secret not in page
    assert "2 plots: " in client.get(f"/en/chung-nhan/{made.id}").text


def test_a_lot_says_why_a_certificate_is_not_its_own(client, browse, organisation, plots):
    product = ProductFactory(organisation=organisation)
    made = CertificateFactory(organisation=organisation, products=[product], plots=plots)
    waiting = CertificateFactory(
        organisation=organisation,
        products=[product],
        waiting=True,
        scheme_code="GLOBALGAP_IFA",
        number="CHO-7",
    )
    lot = LotFactory(product=product, code="CUMGAR-2611-003", harvested_on=date(2026, 10, 12))

    public = client.get(f"/t/{lot.code}").text
    english = client.get(f"/en/t/{lot.code}").text
    desk = browse(Role.WAREHOUSE).get(f"/quay/CUMGAR/lo/{lot.code}").text

    assert "không tính cho lô này: giấy chỉ gồm một số thửa, lô không ghi thửa nào." in public
    assert "does not count for this lot: it covers only certain plots" in english
    assert f"/chung-nhan/{made.id}" in public
    assert f"/chung-nhan/{waiting.id}" not in public
    assert made.number in desk
    assert "CHO-7</a>: liên minh chưa xác minh" in desk


def test_a_lot_that_lacks_nothing_says_nothing(client, organisation):
    product = ProductFactory(organisation=organisation)
    made = CertificateFactory(organisation=organisation, products=[product])
    lot = LotFactory(product=product, certificates=[made])

    assert "không tính cho lô này" not in client.get(f"/t/{lot.code}").text
