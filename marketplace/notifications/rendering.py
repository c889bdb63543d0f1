"""Turning a template and its values into a subject, a text and a page.

A message is two files in `templates/email/`: `<name>.txt`, whose block `subject` is the subject and
whose block `body` the text, and `<name>.html` for programs that show it. Both extend `base`.
They are written in Vietnamese inside `_()`, like pages, and get `market_name`, `lang`, every format
of `platform.formatting` as a filter, and `link("/don-hang/…")` for a full address in the language.
"""

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from marketplace.platform.config import ROOT, current_settings
from marketplace.platform.formatting import FORMATS
from marketplace.platform.translation import current_locale, gettext, ngettext, using_locale

FOLDER = ROOT / "templates" / "email"
PREFIXES = {"vi": "", "en": "/en"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in words."""

    subject: str
    text: str
    html: str


def render(template: str, locale: str, **values: object) -> Rendered:
    """Write a message in a language.

    Args:
        template: the name of the two files, without their ends.
        locale: "vi" or "en".
        **values: what the templates ask for; a missing one is an error.
    """
    with using_locale(locale):
        given = {"market_name": current_settings().market_name, "lang": locale, **values}
        text = _environment().get_template(f"{template}.txt")
        lines = "".join(text.blocks["subject"](text.new_context(given)))
        subject = " ".join(lines.split())
        return Rendered(
            subject=subject,
            text=text.render(given).strip() + "\n",
            html=_environment().get_template(f"{template}.html").render(given, subject=subject),
        )


def link(to: str) -> str:
    """The full address of a path of ours, in the language of the mail."""
    return f"{current_settings().base_url}{PREFIXES[current_locale()]}{to}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=False
    )
    environment.globals.update(_=gettext, link=link)
    environment.filters.update({write.__name__: write for write in FORMATS})
    return environment
