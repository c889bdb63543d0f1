"""One contract: what it says, what differs, what was said about it, and what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.contract_forms import CommentForm, ReasonForm
from blueprints.contracts.desk import own_contract
from blueprints.forms import BaseForm, form_status
from marketplace.accounts import history
from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import organisation_name
from marketplace.contracts.access import side_of
from marketplace.contracts.differences import Difference, Line
from marketplace.contracts.queries.versions import (
    Remark,
    Written,
    get_version,
    remarks_on,
    versions_of,
)
from marketplace.contracts.rules import CONTRACT, ENDED, WHOLE
from marketplace.kernel.clock import business_day, now
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.reporting.contract_certificates import (
    CertificateWarning,
    Want,
    certificate_warnings,
)
from marketplace.workflows.contract_words import contract_differences, contract_lines
from models.contracts import Contract


@dataclass(frozen=True, slots=True)
class Situation:
    """A contract as its page shows it.

    Attributes:
        side: The reader's; None for the union that quoted.
        shown: The version in force, or the last one where none is.
        pending: What waits for an answer or for signatures; None if nothing does.
        next_step: "send", "answer", "wait", "rewrite", "sign", or "" if nothing waits.
    """

    side: str | None
    versions: Sequence[Written]
    shown: Written
    pending: Written | None
    next_step: str


@contracts.get("/<code>/<number>")
def show_contract(code: str, number: str) -> ResponseReturnValue:
    """What a contract says today, and what comes next."""
    actor, contract = own_contract(code, number)
    return contract_page(code, actor, contract)


@contracts.get("/<code>/<number>/ban/<int:version>")
def show_version(code: str, number: str, version: int) -> ResponseReturnValue:
    """One version, with what differs from the one before it, or from another one."""
    actor, contract = own_contract(code, number)
    versions = versions_of(contract, viewer=actor)
    written, before = get_version(versions, version)
    other = request.args.get("so", type=int)
    if other is not None and other != version:
        before = get_version(versions, other)[0]
    remarks = remarks_on(contract, viewer=actor)
    return render_template(
        "contracts/version.html",
        code=code,
        contract=contract,
        written=written,
        before=before,
        versions=versions,
        lines=_lines(written),
        changes=_changes(before, written),
        remarks=[each for each in remarks if each.version == version],
        side_words=side_words(contract),
        line_words=line_words(_lines(written)),
    )


def contract_page(
    code: str, actor: Actor, contract: Contract, refused: BaseForm | None = None, *, of: str = ""
) -> ResponseReturnValue:
    """The page of a contract; `refused` is a form that was sent back, `of` which one."""
    here = situation(contract, actor)
    lines = _lines(here.shown)
    remarks = remarks_on(contract, viewer=actor)
    comment = refused if of == "comment" else _comment_form(here, lines)
    body = render_template(
        "contracts/contract.html",
        code=code,
        contract=contract,
        here=here,
        lines=lines,
        changes=_pending_changes(here),
        remarks=remarks,
        by_line=_by_line(remarks, here),
        line_words=line_words(lines),
        side_words=side_words(contract),
        warnings=warnings_of(contract, here.shown),
        steps=history.history_of(CONTRACT, contract.id),
        comment_form=comment,
        reason_form=refused if of and of != "comment" else ReasonForm(formdata=None),
        refused=refused,
        of=of,
        is_over=contract.state in ENDED,
    )
    return body, form_status(refused) if refused else 200


def situation(contract: Contract, actor: Actor) -> Situation:
    """Where a contract stands, for the reader."""
    side = side_of(contract, actor)
    versions = versions_of(contract, viewer=actor)
    latest = versions[-1]
    shown = latest
    if contract.signed_version is not None:
        shown, _before = get_version(versions, contract.signed_version)
    is_new = latest.version != contract.signed_version and latest.version == contract.version
    waits = contract.turn is not None or latest.is_agreed or contract.signed_version is None
    pending = latest if is_new and waits and contract.state not in ENDED else None
    return Situation(side, versions, shown, pending, _next_step(contract, side, pending))


def _next_step(contract: Contract, side: str | None, pending: Written | None) -> str:
    if pending is None:
        return ""
    if not pending.is_sent:
        return "send"
    if pending.is_agreed and contract.turn is None:
        return "sign"
    if side is None or contract.turn != side:
        return "wait"
    return "rewrite" if pending.side == side else "answer"


def warnings_of(contract: Contract, shown: Written) -> list[CertificateWarning]:
    """What both sides must know of the certificates that the contract wants."""
    if contract.state in ENDED or not shown.terms.schemes:
        return []
    wants = {contract.id: Want(contract.product_id, shown.terms.schemes)}
    return certificate_warnings(wants, today=business_day(now())).get(contract.id, [])


def side_words(contract: Contract) -> Mapping[str, str]:
    """The full names of the two sides."""
    return {
        "buyer": organisation_name(contract.buyer_id),
        "seller": organisation_name(contract.seller_id),
    }


def line_words(lines: Sequence[Line]) -> Mapping[str, str]:
    """What each line is about, by its key."""
    return {WHOLE: _("Cả bản"), **{each.key: each.label for each in lines}}


def _lines(written: Written) -> Sequence[Line]:
    return contract_lines(written.terms, current_locale())


def _changes(before: Written | None, after: Written) -> Sequence[Difference]:
    if before is None:
        return []
    return contract_differences(before.terms, after.terms, current_locale())


def _pending_changes(here: Situation) -> Sequence[Difference]:
    """What the pending version changes: of what is signed, else of the version before it."""
    if here.pending is None:
        return []
    if here.shown.version != here.pending.version:
        return _changes(here.shown, here.pending)
    return _changes(get_version(here.versions, here.pending.version)[1], here.pending)


def _by_line(remarks: Sequence[Remark], here: Situation) -> Mapping[str, Sequence[Remark]]:
    """What was said of the lines of the version that is talked about."""
    about = here.pending or here.shown
    found: dict[str, list[Remark]] = {}
    for each in remarks:
        if each.version == about.version:
            found.setdefault(each.line, []).append(each)
    return found


def _comment_form(here: Situation, lines: Sequence[Line]) -> CommentForm:
    form: Any = CommentForm(formdata=None)
    form.offer(lines)
    wanted = request.args.get("dong", "")
    form.line.data = wanted if wanted in {each.key for each in lines} else WHOLE
    form.version.data = str((here.pending or here.shown).version)
    return form
