"""What an organisation declares of its years: the table, one year, its versions, the file."""

from typing import Final

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.year_forms import YearForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership.yearly import queries
from marketplace.membership.yearly.errors import DeclaredMeanwhileError, YearOutOfBoundsError
from marketplace.membership.yearly.operations import declare_year, figures_of
from marketplace.membership.yearly.rules import FIRST_YEAR, LABELS, is_money, jumps
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.yearly import own_report
from models.accounts import Organisation
from models.statistics import YearlyStatistic

OFFERED: Final = 4
"""How many years back the table asks for."""
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@cooperative.get("/<code>/so-lieu-nam")
def list_years(code: str) -> ResponseReturnValue:
    """The years that are declared, and those that are missing."""
    actor, organisation = _own(code)
    rows = queries.years_of(organisation, viewer=actor)
    this_year = business_day(now()).year
    known = {row.year for row in rows}
    return render_template(
        "cooperative/years.html",
        organisation=organisation,
        rows=rows,
        missing=[
            year for year in range(this_year - 1, this_year - 1 - OFFERED, -1) if year not in known
        ],
    )


@cooperative.get("/<code>/so-lieu-nam.xlsx")
def years_file(code: str) -> ResponseReturnValue:
    """All years as a workbook."""
    actor, organisation = _own(code)
    report = own_report(queries.years_of(organisation, viewer=actor), owner=organisation.name)
    response = Response(xlsx_file(report), content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"so-lieu-nam-{code}.xlsx")
    return response


@cooperative.get("/<code>/so-lieu-nam/<int:year>")
def show_year(code: str, year: int) -> ResponseReturnValue:
    """One year: its figures to declare or correct, and what they were before."""
    actor, organisation = _own(code)
    _require_year(year)
    return _page(actor, organisation, year)


@cooperative.post("/<code>/so-lieu-nam/<int:year>")
def declare(code: str, year: int) -> ResponseReturnValue:
    """Declare a year, or correct it by a new version."""
    actor, organisation = _own(code)
    _require_year(year)
    form = YearForm()
    if form.validate():
        try:
            with transaction():
                declared = declare_year(
                    actor=actor,
                    organisation=organisation,
                    year=year,
                    figures=form.figures(),
                    seen_version=form.seen,
                    reason=form.reason.data or "",
                    at=now(),
                )
        except DeclaredMeanwhileError as error:
            refuse_in_form(form, error)
            form.seen_version.data = str(error.details["version"])
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu số liệu năm %(year)s.", year=year), "ok")
            _ask_about_jumps(organisation, declared)
            return redirect(path(f"/quay/{code}/so-lieu-nam"), 303)
    return _page(*_own(code), year, form)


def _own(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = accounts.get_organisation(code=code)
    authorize(actor, Permission.STATISTICS_DECLARE, organisation)
    return actor, organisation


def _require_year(year: int) -> None:
    if not FIRST_YEAR <= year <= business_day(now()).year:
        raise YearOutOfBoundsError(field="year")


def _ask_about_jumps(organisation: Organisation, declared: YearlyStatistic) -> None:
    """Say which figures are ten times those of the year before, which is never refused."""
    before = queries.find_newest(organisation.id, declared.year - 1)
    if before is None:
        return
    found = jumps(figures_of(before), figures_of(declared))
    if found:
        flash(
            _(
                "So với năm %(year)s, các số này khác từ 10 lần trở lên: %(names)s. "
                "Nếu đúng thì không cần sửa.",
                year=before.year,
                names=", ".join(_(LABELS[name]) for name in found),
            ),
            "wait",
        )


def _page(
    actor: Actor, organisation: Organisation, year: int, form: YearForm | None = None
) -> ResponseReturnValue:
    versions = queries.versions_of(organisation, year, viewer=actor)
    newest = versions[0].row if versions else None
    shown = form or YearForm.filled_with(newest)
    body = render_template(
        "cooperative/year.html",
        organisation=organisation,
        year=year,
        form=shown,
        versions=versions,
        labels=LABELS,
        is_money=is_money,
    )
    return body, form_status(shown)
