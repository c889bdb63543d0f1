"""From which amount on an enterprise wants its directors to approve a contract."""

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import buyer
from blueprints.forms import BaseForm, MoneyField, form_status, refuse_in_form
from blueprints.locale import path
from marketplace.accounts.permissions import Permission, authorize
from marketplace.contracts.operations.approving import FIELDS, set_spending_limits
from marketplace.contracts.spending import limits_of
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext


class LimitsForm(BaseForm):
    """Two amounts; an empty one wants nothing."""

    one_from = MoneyField(lazy_gettext("Cần một giám đốc duyệt từ"))
    two_from = MoneyField(lazy_gettext("Cần hai giám đốc duyệt từ"))


@enterprise.route("/<code>/han-muc", methods=["GET", "POST"])
def set_limits(code: str) -> ResponseReturnValue:
    """Say from which amount on; contracts that are agreed already keep what they had."""
    actor, membership = buyer(code)
    authorize(actor, Permission.SPENDING_LIMIT_EDIT, membership)
    known = limits_of(membership.organisation_id)
    form = LimitsForm(data={FIELDS[count]: least for count, least in known.items()})
    if asked.method == "POST" and form.validate():
        typed = {count: form[field].data for count, field in FIELDS.items()}
        try:
            with transaction():
                set_spending_limits(
                    actor=actor,
                    organisation_id=membership.organisation_id,
                    limits={count: least for count, least in typed.items() if least is not None},
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu hạn mức. Áp dụng cho hợp đồng thống nhất từ bây giờ."), "ok")
            return redirect(path(f"/mua-hang/{code}/han-muc"), 303)
    body = render_template("enterprise/limits.html", code=code, form=form)
    return body, form_status(form)
