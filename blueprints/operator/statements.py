"""Bank statements: bringing a file in, and the lines that came."""

from typing import Final

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.errors import sentence
from blueprints.forms import add_error, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import StatementForm
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor
from marketplace.jobs.payments import settle_waiting
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError
from marketplace.payments.desk import lines
from marketplace.payments.desk.lines import OPEN, LineFilter
from marketplace.payments.operations import StatementFile
from marketplace.payments.statements.errors import Problem, UnreadableLinesError
from marketplace.payments.statements.parsing import Statement, parse_statement
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from models.payments import BankLineOutcome

PAGE_SIZE: Final = 30
SEARCH_MAX: Final = 60

SETTLED_AT_ONCE: Final = 200
"""How many lines are put to their orders before the page answers; the worker does the others."""

SHOWN_PROBLEMS: Final = 50
SHOWN_FILES: Final = 5

SAMPLE: Final = """\ufeffNgày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung
22/11/2026 10:31:05;FT26326001234;;867.000;MBVCB.123.CM7K2Q9M4XT2 NGUYEN THI HOA chuyen tien
22/11/2026 11:02:00;FT26326001301;55.000;;PHI DICH VU THANG 11
"""
"""A statement as it is read: what the page explains in words."""


@operator.get("/sao-ke")
def list_lines() -> ResponseReturnValue:
    """The lines by what became of them, and the files that came last."""
    return _page(acting_operator(), StatementForm(formdata=None))


@operator.post("/sao-ke")
def import_statement() -> ResponseReturnValue:
    """Bring a file in; with one unreadable line nothing is brought in."""
    actor = acting_operator()
    form = StatementForm()
    problems: list[Problem] = []
    if form.validate_on_submit():
        try:
            name, statement = _read(form)
            with transaction():
                imported = settlement.import_statement(
                    actor=actor, file=StatementFile(name, statement), at=now()
                )
                statement_id, new_count = imported.id, imported.new_count
        except UnreadableLinesError as error:
            add_error(form, "statement", sentence(error))
            problems = list(error.details["problems"])  # type: ignore[call-overload]
        except DomainError as error:
            refuse_in_form(form, error)
        else:
            settle_waiting(limit=SETTLED_AT_ONCE)
            if not new_count:
                flash(_("Mọi dòng của tệp này đã có trong sổ, không có gì thay đổi."), "info")
                return redirect(path("/van-hanh/sao-ke"), 303)
            flash(_("Đã nhập sao kê. Kết quả ở ngay dưới."), "ok")
            return redirect(path(f"/van-hanh/sao-ke?tep={statement_id}"), 303)
    return _page(actor, form, problems=problems)


@operator.get("/sao-ke/mau.csv")
def sample() -> ResponseReturnValue:
    """A file to compare with when a bank's own is not read."""
    acting_operator()
    response = Response(SAMPLE.encode(), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename="sao-ke-mau.csv")
    return response


def _read(form: StatementForm) -> tuple[str, Statement]:
    name, data = form.content()
    return name, parse_statement(data)


def _page(
    actor: Actor, form: StatementForm, *, problems: list[Problem] | None = None
) -> ResponseReturnValue:
    wanted = _wanted()
    page = desk_page(
        "statements.html",
        actor,
        form=form,
        problems=(problems or [])[:SHOWN_PROBLEMS],
        more_problems=max(0, len(problems or []) - SHOWN_PROBLEMS),
        page=lines.lines(viewer=actor, wanted=wanted, page=page_request(PAGE_SIZE)),
        counts=lines.counts(viewer=actor, statement_id=wanted.statement_id),
        statements=lines.statements(viewer=actor, limit=SHOWN_FILES),
        wanted=wanted,
        outcomes=[OPEN, *(str(outcome) for outcome in BankLineOutcome)],
    )
    return page, form_status(form)


def _wanted() -> LineFilter:
    """What the address asks for; nonsense asks for nothing."""
    outcome = request.args.get("loai", "")
    return LineFilter(
        outcome=outcome if outcome in {OPEN, *BankLineOutcome} else "",
        statement_id=request.args.get("tep", type=int),
        text=request.args.get("q", "").strip()[:SEARCH_MAX],
    )
