"""The forward supply book of a seller: all products, one of them, what was saved, the file."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Final
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.supply_forms import UNITS, ForecastForm
from blueprints.errors import sentence
from blueprints.forms import add_error, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.catalogue import queries as catalogue
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.files.csv_file import csv_file
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.supply import (
    PAGE_SIZE,
    Cover,
    OfSeller,
    best_cover,
    harvested,
    holdings_of,
    supply_book,
    unit_of,
)
from marketplace.reporting.supply_proposals import Proposals, Source, propose_forecast
from marketplace.reporting.supply_report import supply_report
from marketplace.sourcing.supply import queries
from marketplace.sourcing.supply.errors import BelowPromisedError, ForecastChangedMeanwhileError
from marketplace.sourcing.supply.operations import UNDONE, undo_forecast, write_forecast
from marketplace.sourcing.supply.rules import (
    BOOK_MONTHS,
    GRADE_MAX,
    field_of,
    month_after,
    month_label,
    month_of,
    months_from,
    tidy_grade,
)
from models.catalogue import Product
from models.supply import Supply

FILES: Final = {
    "csv": (csv_file, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_file, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@cooperative.get("/<code>/du-bao")
def show_supplies(code: str) -> ResponseReturnValue:
    """The book: every product, a year ahead and a year back."""
    actor, owner = _seller(code)
    book = supply_book(owner, viewer=actor, page=page_request(PAGE_SIZE), today=business_day(now()))
    return render_template(
        "cooperative/supplies.html",
        code=code,
        book=book,
        labels=[month_label(month) for month in book.coming],
        past_labels=[month_label(month) for month in book.past],
        amount=_amount_in(current_locale()),
        Cover=Cover,
    )


@cooperative.get("/<code>/du-bao.<any(csv, xlsx):kind>")
def supply_file(code: str, kind: str) -> ResponseReturnValue:
    """The same book as a file."""
    actor, owner = _seller(code)
    today = business_day(now())
    report = supply_report(owner, owner=acting_membership().name, viewer=actor, today=today)
    write, content_type = FILES[kind]
    response = Response(write(report), content_type=content_type)
    name = f"du-bao-{code}-{today:%Y%m%d}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@cooperative.get("/<code>/du-bao/<int:product_id>")
def show_supply(code: str, product_id: int) -> ResponseReturnValue:
    """One product, or one grade of it: its months, to change for who may; what was saved."""
    actor, product = _product(code, product_id)
    grade = tidy_grade(request.args.get("loai", ""))[:GRADE_MAX]
    rows = queries.months_of(product, grade, viewer=actor)
    proposals = None
    if "goi-y" in request.args:
        promised = {month: row.held_g + row.contracted_g for month, row in rows.items()}
        proposals = propose_forecast(
            product, promised=promised, viewer=actor, today=business_day(now())
        )
    return _page(code, actor, product, _filled(product, grade, rows, proposals), proposals)


@cooperative.post("/<code>/du-bao/<int:product_id>")
def write_supply(code: str, product_id: int) -> ResponseReturnValue:
    """Save the months of a product."""
    actor, product = _product(code, product_id)
    authorize(actor, Permission.SUPPLY_EDIT, product)
    form = ForecastForm()
    form.named(_months())
    if form.validate():
        try:
            with transaction():
                changed = write_forecast(
                    actor=actor,
                    product=product,
                    forecast=form.forecast(_months()[0]),
                    at=now(),
                )
        except ForecastChangedMeanwhileError as error:
            refuse_in_form(form, error)
            form.seen.data = str(error.details["seen"])
        except BelowPromisedError as error:
            for details in error.parts():
                add_error(form, str(details["field"]), _(error.message) % details)
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            _say_saved(len(changed))
            return redirect(_url(code, product.id, form.grade.data or ""), 303)
    return _page(code, actor, product, form)


@cooperative.post("/<code>/du-bao/<int:product_id>/hoan-tac")
def undo_supply(code: str, product_id: int) -> ResponseReturnValue:
    """Take the last change of a product back."""
    actor, product = _product(code, product_id)
    grade = tidy_grade(request.form.get("grade", ""))[:GRADE_MAX]
    try:
        with transaction():
            undo_forecast(
                actor=actor,
                product=product,
                grade=grade,
                seen=request.form.get("seen", 0, type=int),
                at=now(),
            )
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        flash(_("Đã hoàn tác. Số trước đó đã trở lại."), "ok")
    return redirect(_url(code, product.id, grade), 303)


def _seller(code: str) -> tuple[Actor, int]:
    """The actor at the desk of a seller whose book they may read, and the id of the seller."""
    actor = acting_for(code)
    owner = actor.organisation_id or 0
    authorize(actor, Permission.SUPPLY_VIEW, OfSeller(owner))
    return actor, owner


def _product(code: str, product_id: int) -> tuple[Actor, Product]:
    actor, _owner = _seller(code)
    return actor, catalogue.state_of(product_id, actor=actor)


def _months() -> list[date]:
    return months_from(month_of(business_day(now())), BOOK_MONTHS)


def _unit(text: str) -> str:
    return text if text in UNITS else ""


def _url(code: str, product_id: int, grade: str) -> str:
    query = f"?{urlencode({'loai': grade})}" if grade else ""
    return path(f"/quay/{code}/du-bao/{product_id}") + query


def _say_saved(count: int) -> None:
    if count:
        flash(_("Đã lưu. Số tháng thay đổi: %(count)s.", count=count), "ok")
    else:
        flash(_("Không có tháng nào thay đổi."), "wait")


def _filled(
    product: Product, grade: str, rows: Mapping[date, Supply], proposals: Proposals | None
) -> ForecastForm:
    """The form as the book stands; where somebody asked for it, with what could be."""
    months = _months()
    grams = {month: rows[month].forecast_g for month in months if month in rows}
    if proposals is not None:
        proposed = {month: each.grams for month, each in proposals.months.items()}
        grams |= {month: weight for month, weight in proposed.items() if weight is not None}
    return ForecastForm.filled_with(
        grams,
        first=months[0],
        unit=_unit(request.args.get("don-vi", "")) or unit_of(grams.values()),
        grade=grade,
        seen=queries.last_change(product.id, grade),
    ).named(months)


def _page(
    code: str,
    actor: Actor,
    product: Product,
    form: ForecastForm,
    proposals: Proposals | None = None,
) -> ResponseReturnValue:
    grade = form.grade.data or ""
    months = _months()
    harvest = harvested([product.id], month_after(months[0], -BOOK_MONTHS))
    holdings = holdings_of([product.id], months[0]).get(product.id, [])
    grades = sorted({*queries.grades_of(product, viewer=actor), grade} - {""})
    body = render_template(
        "cooperative/supply.html",
        code=code,
        product=product,
        grade=grade,
        grades=[(each, _url(code, product.id, each), each == grade) for each in grades],
        form=form,
        months=months,
        past=months_from(month_after(months[0], -BOOK_MONTHS), BOOK_MONTHS),
        rows=queries.months_of(product, grade, viewer=actor),
        harvest={month: grams for (_product, month), grams in harvest.items()},
        holdings=holdings,
        covers={month: best_cover(holdings, month) for month in months},
        proposals=proposals,
        history=queries.history_of(product, grade, viewer=actor),
        seen=queries.last_change(product.id, grade),
        may_edit=allows(actor, Permission.SUPPLY_EDIT, product),
        undone=UNDONE,
        year_before=lambda month: month_after(month, -BOOK_MONTHS),
        month_label=month_label,
        field_of=field_of,
        Cover=Cover,
        Source=Source,
    )
    return body, form_status(form)


@cache
def _amount_in(locale: str) -> Callable[[int, str], str]:
    """How a weight is written without its unit, in tonnes or kilograms: a page has thousands."""
    dot, comma = (",", ".") if locale == "en" else (".", ",")

    @lru_cache(maxsize=20_000)
    def amount(grams: int, unit: str) -> str:
        # Tonnes to the kilogram, kilograms to the gram.
        whole, rest = divmod(grams // 1_000 if unit == "tan" else grams, 1_000)
        text = f"{whole:,}".replace(",", dot)
        return f"{text}{comma}{rest:03}".rstrip("0") if rest else text

    return amount
