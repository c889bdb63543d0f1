"""The figures of years of all organisations: sums, provinces, each organisation, files."""

from typing import Final
from urllib.parse import urlencode

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.reach import provinces_in_reach
from blueprints.paging import page_request
from blueprints.security import acting_as
from marketplace.geography import queries as geography
from marketplace.reporting import yearly
from marketplace.reporting.files.csv_file import csv_file
from marketplace.reporting.files.xlsx_file import xlsx_file
from models.accounts import OrganisationKind

PAGE_SIZE: Final = 20
MIME: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@alliance.get("/so-lieu")
def show_figures() -> ResponseReturnValue:
    """The sums of the years, and of one year by province and by organisation."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    years = yearly.declared_years(viewer=actor)
    year, province_code = _wanted(years)
    return render_template(
        "alliance/figures.html",
        years=years,
        year=year,
        province_code=province_code,
        by_year=yearly.sums_by_year(viewer=actor, province_code=province_code),
        by_province=yearly.sums_by_province(year or 0, viewer=actor, province_code=province_code),
        page=yearly.organisations_of_year(
            year or 0, viewer=actor, province_code=province_code, page=page_request(PAGE_SIZE)
        ),
        provinces=provinces_in_reach(),
        query=urlencode({"nam": year or "", "tinh": province_code}),
    )


@alliance.get("/so-lieu.<any(csv, xlsx):kind>")
def figures_file(kind: str) -> ResponseReturnValue:
    """The same figures as a file, with every organisation of the year."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    year, province_code = _wanted(yearly.declared_years(viewer=actor))
    report = yearly.alliance_report(year or 0, viewer=actor, province_code=province_code)
    content = csv_file(report) if kind == "csv" else xlsx_file(report)
    response = Response(content, content_type=MIME[kind])
    name = f"so-lieu-nam-{year}{'-' + province_code if province_code else ''}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _wanted(years: list[int]) -> tuple[int | None, str]:
    """The year and the province that the address asks for; nonsense asks for the latest year.

    A provincial alliance always reads of its own province.
    """
    year = request.args.get("nam", type=int)
    reach = provinces_in_reach()
    asked = request.args.get("tinh", "") if len(reach) > 1 else next(iter(reach))
    province = geography.find_province(asked)
    latest = years[0] if years else None
    return year if year in years else latest, province.code if province else ""
