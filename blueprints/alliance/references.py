"""Reference prices: what the alliance publishes, good by good."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired

from blueprints.alliance import alliance
from blueprints.forms import (
    AtMost,
    BaseForm,
    DayField,
    MoneyField,
    form_status,
    refuse_in_form,
)
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_as
from marketplace.contracts.references import operations, queries
from marketplace.contracts.references.operations import SOURCE_MAX
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from models.accounts import OrganisationKind

BASE = "/lien-minh/gia-tham-chieu"
PAGE_SIZE = 30


class PriceForm(BaseForm):
    """What a kilogram cost on a day, and who says so."""

    day = DayField(lazy_gettext(mark("Ngày")), [InputRequired()])
    price = MoneyField(lazy_gettext(mark("Giá một ki-lô-gam")), [InputRequired()])
    source = StringField(lazy_gettext(mark("Nguồn")), [InputRequired(), AtMost(SOURCE_MAX)])


@alliance.get("/gia-tham-chieu")
def list_references() -> ResponseReturnValue:
    """Everything that has a reference price, with the last of each."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return render_template("alliance/references.html", rows=queries.last_prices(viewer=actor))


@alliance.route("/gia-tham-chieu/<code>", methods=["GET", "POST"])
def publish_reference(code: str) -> ResponseReturnValue:
    """Publish a price of one good, or correct one; below it what was published before."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    good, page = queries.published(code, viewer=actor, page=page_request(PAGE_SIZE))
    last = page.rows[0].source if page.rows else ""
    form = PriceForm(data={"day": business_day(now()), "source": last})
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                operations.publish_price(
                    actor=actor,
                    code=code,
                    day=form.day.data,
                    price_minor=form.price.data,
                    source=form.source.data,
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã công bố giá."), "ok")
            return redirect(path(f"{BASE}/{code}"), 303)
    return render_template("alliance/reference.html", form=form, good=good, page=page), form_status(
        form
    )
