"""Saying which plots a certificate names: the same at a seller's desk and at the alliance's."""

import re
from typing import Final, Self

from flask import flash
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from blueprints.forms import BaseForm, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.certification import operations
from marketplace.certification.queries import CertificatePage
from marketplace.certification.rules import Land
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext

CODES_MAX: Final = 60_000
"""Room for several thousand codes."""


class PlotsForm(BaseForm):
    """Which plots a certificate names."""

    plot_codes = TextAreaField(
        lazy_gettext("Mã các thửa trong giấy"), validators=[Optional(), Length(max=CODES_MAX)]
    )
    area_code = StringField(
        lazy_gettext("Thêm tất cả thửa của mã vùng trồng"), validators=[Optional(), Length(max=40)]
    )

    @classmethod
    def of(cls, page: CertificatePage) -> Self:
        """The form with the plots that are named now."""
        return cls(None, data={"plot_codes": ", ".join(plot.code for plot in page.plots)})

    def land(self) -> Land:
        """What was typed, for the operation."""
        codes = re.split(r"[,;\s]+", self.plot_codes.data or "")
        return Land(tuple(codes), self.area_code.data or "")


def name_plots(form: PlotsForm, *, actor: Actor, certificate_id: int) -> bool:
    """Save what was typed and say so; False when it is refused, which then stands in the form."""
    if not form.validate():
        return False
    try:
        with transaction():
            operations.name_plots(
                actor=actor, certificate_id=certificate_id, land=form.land(), at=now()
            )
    except (InvalidError, ConflictError) as error:
        refuse_in_form(form, error)
        return False
    flash(_("Đã lưu các thửa của chứng nhận."), "ok")
    return True
