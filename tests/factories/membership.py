"""Members of a cooperative, what they paid in, and what they farm."""

from datetime import date
from typing import Any

import factory

from marketplace.membership import rules
from marketplace.membership.files.tcvn3 import decode_tcvn3
from marketplace.membership.land.shapes import COARSE
from marketplace.platform.database import session
from models.membership import (
    AreaMarket,
    GrowingArea,
    Household,
    ImportKind,
    ImportState,
    MemberKind,
    Plot,
    RegisterImport,
    RegisterImportRow,
    ShareContribution,
)
from tests.factories.accounts import OrganisationFactory
from tests.factories.base import Factory
from tests.moments import MONDAY, MONDAY_DAY


class HouseholdFactory(Factory[Household]):
    """A household in Đắk Lắk that joined in 2020 and is hidden."""

    class Meta:
        model = Household

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        gone = factory.Trait(left_on=date(2026, 1, 31))
        shown = factory.Trait(is_hidden=False, consented_on=date(2025, 3, 1))

    organisation_id = factory.SelfAttribute("organisation.id")
    code = factory.Sequence(lambda number: f"TV-{number + 1:04d}")
    kind = MemberKind.HOUSEHOLD
    name = "Y Blơm Niê"
    phone = "+84905123456"
    province_code = "66"
    hamlet = "Buôn Sút"
    joined_on = date(2020, 5, 1)
    is_hidden = True
    sort_key = factory.LazyAttribute(lambda made: rules.name_key(made.name, made.kind))
    search_text = factory.LazyAttribute(
        lambda made: rules.search_text(made.code, made.name, made.hamlet, made.phone)
    )
    created_at = MONDAY


class ShareFactory(Factory[ShareContribution]):
    """Five million đồng paid in on a Monday; `household` says by whom."""

    class Meta:
        model = ShareContribution

    class Params:
        household: Any = factory.SubFactory(HouseholdFactory)

    organisation_id = factory.SelfAttribute("household.organisation_id")
    household_id = factory.SelfAttribute("household.id")
    on_day = MONDAY_DAY
    amount_minor = 5_000_000
    key = factory.Sequence("share-{}".format)
    recorded_at = MONDAY


class ImportFactory(Factory[RegisterImport]):
    """A file with one new member, or one new plot, that was read and waits for a decision."""

    class Meta:
        model = RegisterImport

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)

    organisation_id = factory.SelfAttribute("organisation.id")
    file_name = "thanh-vien.xlsx"
    sha256 = factory.Sequence("{:064d}".format)
    state = ImportState.CHECKED
    row_count = 1
    read_count = 1
    new_count = 1
    created_at = MONDAY

    @factory.post_generation
    def rows(self: RegisterImport, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """What the file says."""
        if create:
            facts: dict[str, Any] = {"name": "Lê An", "code": "NHAP-01"}
            if self.kind == ImportKind.PLOTS:
                facts = {"code": "NHAP-01", "crop": "Cà phê", "warnings": [COARSE]}
            session.add(RegisterImportRow(import_id=self.id, line=2, facts=facts))
            session.flush()


def tcvn3(text: str) -> bytes:
    """A text in the bytes of TCVN3, as programs wrote them before Unicode."""
    bytes_of = {bytes([byte]).decode("latin-1"): byte for byte in range(256)}
    for byte in range(0xA1, 0xFF):
        letter = decode_tcvn3(bytes([byte]))
        if letter != bytes([byte]).decode("latin-1"):
            bytes_of[letter] = byte
    return bytes(bytes_of[letter] for letter in text)


class PlotFactory(Factory[Plot]):
    """A hectare of coffee that has been drawn; `household` says who farms it."""

    class Meta:
        model = Plot

    class Params:
        household: Any = factory.SubFactory(HouseholdFactory)

    organisation_id = factory.SelfAttribute("household.organisation_id")
    household_id = factory.SelfAttribute("household.id")
    code = factory.Sequence(lambda number: f"TH-{number + 1:04d}")
    crop = "Cà phê"
    geometry = factory.LazyFunction(
        lambda: {
            "type": "Polygon",
            "coordinates": [
                [
                    [108.05, 12.7],
                    [108.0509, 12.7],
                    [108.0509, 12.7009],
                    [108.05, 12.7009],
                    [108.05, 12.7],
                ]
            ],
        }
    )
    area_m2 = 9_733
    declared_area_m2 = 10_000
    province_code = "66"
    created_at = MONDAY


class GrowingAreaFactory(Factory[GrowingArea]):
    """A code for coffee at home, without plots."""

    class Meta:
        model = GrowingArea

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)

    organisation_id = factory.SelfAttribute("organisation.id")
    code = factory.Sequence("VN-DLOR-{:04d}".format)
    market = AreaMarket.DOMESTIC
    country = "VN"
    crop = "Cà phê"
    area_m2 = 50_000
    capacity_kg = 12_000
    valid_from = date(2025, 1, 1)
    issued_by = "Sở Nông nghiệp và Môi trường"
    created_at = MONDAY
