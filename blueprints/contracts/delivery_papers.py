"""What of deliveries leaves the site: the note that travels with the goods, the calendar."""

from typing import Final

from flask import Response
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import own_contract
from blueprints.locale import absolute_url
from blueprints.security import public
from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import is_member
from marketplace.contracts.deliveries.access import get_delivery
from marketplace.contracts.errors import ContractNotFoundError
from marketplace.kernel.clock import now
from marketplace.platform.errors import BadTokenError
from marketplace.platform.secrets import sign, unsign
from marketplace.workflows.delivery_calendar import calendar_for, find_shared
from marketplace.workflows.delivery_note import delivery_note
from models.contracts import Contract

FEED: Final = "delivery-calendar"
ICAL: Final = "text/calendar; charset=utf-8"


@contracts.get("/<code>/<number>/giao-hang/<delivery>/phieu.pdf")
def print_note(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """The note of a packed delivery, with a code for each lot."""
    _actor, contract = own_contract(code, number)
    found = get_delivery(contract, delivery)
    response = Response(delivery_note(contract, found, at=now()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="phieu-giao-hang-{delivery}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@contracts.get("/<code>/<number>/lich.ics")
def show_calendar(code: str, number: str) -> ResponseReturnValue:
    """The deliveries as a file for a calendar."""
    _actor, contract = own_contract(code, number)
    return _calendar(code, contract)


@contracts.get("/lich/<token>.ics")
@public
def follow_calendar(token: str) -> ResponseReturnValue:
    """The same for a calendar that reads it again and again and cannot sign in.

    Whoever has the address may read it as long as the person it was made for belongs to the
    organisation.

    Raises:
        ContractNotFoundError: the address is none of ours, or they have left.
    """
    try:
        user_id, organisation_id, contract_id = unsign(FEED, token)
    except (BadTokenError, ValueError, TypeError) as error:
        raise ContractNotFoundError from error
    found = find_shared(contract_id, organisation_id)
    if found is None or not is_member(user_id=user_id, organisation_id=organisation_id):
        raise ContractNotFoundError
    code, contract = found
    return _calendar(code, contract)


def feed_url(actor: Actor, contract: Contract) -> str:
    """The address under which a calendar reads the deliveries as one person."""
    token = sign(FEED, [actor.user_id, actor.organisation_id, contract.id])
    return absolute_url(f"/hop-dong/lich/{token}.ics")


def _calendar(code: str, contract: Contract) -> Response:
    response = Response(calendar_for(code, contract, at=now()), content_type=ICAL)
    response.headers["Content-Disposition"] = f'inline; filename="{contract.number}.ics"'
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
