"""Every component in every state on one page: looked at, checked with axe, photographed."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status
from blueprints.security import public
from blueprints.system import system
from blueprints.system.samples import samples

THEMES = frozenset({"light", "dark"})


@system.route("/ui", methods=["GET", "POST"])
@public
def show_components() -> ResponseReturnValue:
    """The components; `?theme=dark` forces the theme. Sending its form shows the errors."""
    theme = request.args.get("theme", "")
    shown = samples()
    shown.form.validate_on_submit()
    page = render_template(
        "system/ui.html", theme=theme if theme in THEMES else "", noindex=True, **vars(shown)
    )
    return page, form_status(shown.form)
