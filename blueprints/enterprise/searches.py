"""`/mua-hang/<code>/nguon-hang/da-luu`: the searches that a buyer keeps."""

from urllib.parse import parse_qs, urlencode

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from blueprints.enterprise import enterprise
from blueprints.enterprise.sourcing_page import chips_of
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.sourcing.answers import free_by_seller
from marketplace.reporting.sourcing.search import address_of, read_search
from marketplace.sourcing.searches import operations, queries
from marketplace.sourcing.searches.rules import LONGEST_NAME


class SaveForm(BaseForm):
    """A search under a name."""

    name = StringField(
        lazy_gettext("Đặt tên cho lượt tìm"),
        validators=[DataRequired(), Length(max=LONGEST_NAME)],
    )
    query = HiddenField()


class NameForm(BaseForm):
    """Another name."""

    name = StringField(
        lazy_gettext("Tên mới"), validators=[DataRequired(), Length(max=LONGEST_NAME)]
    )


@enterprise.get("/<code>/nguon-hang/da-luu")
def list_searches(code: str) -> ResponseReturnValue:
    """The searches that are kept, each with what can be done with it."""
    return _list(_keeper(code), code)


@enterprise.post("/<code>/nguon-hang/da-luu/moi")
def save_search(code: str) -> ResponseReturnValue:
    """Keep the search that is on the page."""
    actor, form = _keeper(code), SaveForm()
    search = read_search(parse_qs(form.query.data or ""))
    if form.validate_on_submit():
        at, buyer = now(), acting_membership()
        try:
            with transaction():
                operations.save_search(
                    actor=actor,
                    buyer=buyer,
                    name=form.name.data or "",
                    query=urlencode(address_of(search)),
                    found=free_by_seller(search, buyer=buyer, actor=actor, at=at),
                    at=at,
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu. Khi kết quả thay đổi, bạn được báo qua e-mail vào buổi sáng."), "ok")
            return redirect(path(f"/mua-hang/{code}/nguon-hang/da-luu"), 303)
    return _list(actor, code, form)


@enterprise.post("/<code>/nguon-hang/da-luu/<int:search_id>/ten")
def rename_search(code: str, search_id: int) -> ResponseReturnValue:
    """Call a search otherwise."""
    actor, form = _keeper(code), NameForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.rename_search(
                    actor=actor, search_id=search_id, name=form.name.data or "", at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã đổi tên."), "ok")
            return redirect(path(f"/mua-hang/{code}/nguon-hang/da-luu"), 303)
    queries.get_search(search_id, viewer=actor)
    return _list(actor, code, form, search_id)


@enterprise.post("/<code>/nguon-hang/da-luu/<int:search_id>/theo-doi")
def watch_search(code: str, search_id: int) -> ResponseReturnValue:
    """Begin or stop telling what changes."""
    actor = _keeper(code)
    is_watched = request.form.get("theo-doi") == "co"
    with transaction():
        operations.watch_search(actor=actor, search_id=search_id, is_watched=is_watched, at=now())
    flash(_("Đã bật báo thay đổi.") if is_watched else _("Đã tắt báo thay đổi."), "ok")
    return redirect(path(f"/mua-hang/{code}/nguon-hang/da-luu"), 303)


@enterprise.post("/<code>/nguon-hang/da-luu/<int:search_id>/xoa")
def remove_search(code: str, search_id: int) -> ResponseReturnValue:
    """Keep a search no longer."""
    actor = _keeper(code)
    with transaction():
        operations.remove_search(actor=actor, search_id=search_id, at=now())
    flash(_("Đã xoá lượt tìm."), "ok")
    return redirect(path(f"/mua-hang/{code}/nguon-hang/da-luu"), 303)


def _keeper(code: str) -> Actor:
    actor = acting_for(code)
    authorize(actor, Permission.SEARCH_KEEP, acting_membership())
    return actor


def _list(
    actor: Actor, code: str, form: BaseForm | None = None, search_id: int = 0
) -> ResponseReturnValue:
    """All kept searches; `form` was refused, and is about `search_id` or a new one."""
    rows = queries.searches_of(acting_membership(), viewer=actor)
    page = render_template(
        "enterprise/searches.html",
        code=code,
        base=path(f"/mua-hang/{code}/nguon-hang"),
        rows=[(row, describe(row.query)) for row in rows],
        form=form,
        search_id=search_id,
    )
    return page, form_status(form) if form else 200


def describe(query: str) -> str:
    """The conditions of a kept search in words."""
    chips = chips_of(read_search(parse_qs(query)), "")
    return " · ".join(chip.word for chip in chips) or _("mọi nguồn hàng")
