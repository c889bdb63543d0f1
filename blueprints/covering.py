"""Saying which products a certificate covers: the same at a seller's desk and at the alliance's."""

from collections.abc import Sequence

from flask import flash
from wtforms import SelectMultipleField
from wtforms.validators import Optional

from blueprints.forms import BaseForm, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.certification import operations
from marketplace.certification.queries import CoveredProduct
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale, lazy_gettext
from marketplace.platform.translation import gettext as _


class ProductsForm(BaseForm):
    """Which products of its holder a certificate covers."""

    product_ids = SelectMultipleField(
        lazy_gettext("Sản phẩm được chứng nhận"), coerce=int, validators=[Optional()]
    )

    def offer(self, products: Sequence[CoveredProduct]) -> None:
        """Say which products there are to choose from."""
        is_english = current_locale() == "en"
        self.product_ids.choices = [
            (each.id, (each.name_en if is_english else "") or each.name_vi) for each in products
        ]


def cover(form: ProductsForm, *, actor: Actor, certificate_id: int) -> bool:
    """Save what was chosen and say so; False when it is refused, which then stands in the form."""
    if not form.validate():
        return False
    try:
        with transaction():
            operations.cover_products(
                actor=actor,
                certificate_id=certificate_id,
                product_ids=form.product_ids.data or [],
                at=now(),
            )
    except (InvalidError, ConflictError) as error:
        refuse_in_form(form, error)
        return False
    flash(_("Đã lưu các sản phẩm được chứng nhận."), "ok")
    return True
