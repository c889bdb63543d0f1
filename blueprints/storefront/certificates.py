"""The public page of a certificate: what it says, how it stands today, and who has checked it."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.papers import paper_response
from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.shown import own_words, place_name, province_name
from marketplace.certification import queries
from marketplace.kernel.clock import business_day, now
from marketplace.platform.translation import current_locale


@storefront.get("/chung-nhan/<int:certificate_id>")
@public
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """A certificate that the alliance has verified once, whatever became of it since."""
    today = business_day(now())
    page = queries.public_certificate(certificate_id, today=today)
    locale = current_locale()
    return render_template(
        "storefront/certificate.html",
        page=page,
        today=today,
        label=page.label(locale),
        holder=(page.holder_name_en if locale == "en" else "") or page.holder_name,
        place=province_name(page.province_code, locale),
        communes=[place_name(*where) for where in page.communes],
        products=[(own_words(one.name_vi, one.name_en), one) for one in page.products],
    )


@storefront.get("/chung-nhan/<int:certificate_id>/giay")
@public
def certificate_paper(certificate_id: int) -> Response:
    """The paper of a certificate whose holder shows it to everybody.

    What the holder calls the file on their own computer is no part of it.
    """
    paper = queries.public_paper(certificate_id)
    return paper_response(paper, name=f"giay-chung-nhan-{certificate_id}")
