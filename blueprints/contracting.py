"""Words about contracts that templates of several pages need."""

from typing import Final

from flask import Flask

from marketplace.kernel.translation import mark
from marketplace.platform import formatting
from marketplace.platform.translation import gettext
from marketplace.reporting.contract_certificates import CertificateWarning
from marketplace.workflows.request_words import scheme_name

WARNINGS: Final = {
    "ending": mark("Chứng nhận %(name)s của hàng này hết hiệu lực sau ngày %(day)s."),
    "ended": mark("Chứng nhận %(name)s của hàng này đã hết hiệu lực sau ngày %(day)s."),
    "revoked": mark("Liên minh đã thu hồi xác minh chứng nhận %(name)s của hàng này."),
    "missing": mark("Hợp đồng đòi chứng nhận %(name)s, hàng này chưa có giấy nào được xác minh."),
}


def warning_word(warning: CertificateWarning) -> str:
    """For templates: what has become of a certificate that a contract wants."""
    return gettext(
        WARNINGS[warning.what],
        name=scheme_name(warning.scheme_code),
        day=formatting.day(warning.last_day),
    )


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.globals.update(warning_word=warning_word)
