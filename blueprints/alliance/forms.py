"""The forms of the alliance's desk about organisations."""

from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.forms import BaseForm
from marketplace.accounts.operations.organisations import REASON_MAX
from marketplace.platform.translation import lazy_gettext


class SuspendForm(BaseForm):
    """Why an organisation is taken off the market; its directors read it."""

    reason = TextAreaField(
        lazy_gettext("Lý do tạm dừng"), validators=[InputRequired(), Length(max=REASON_MAX)]
    )
