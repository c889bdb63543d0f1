"""The calendar of a contract, in the reader's language."""

from datetime import datetime
from urllib.parse import urlsplit

from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.calendar import Event, calendar_text
from marketplace.contracts.deliveries.queries import DeliveryRow, schedule_of
from marketplace.geography import queries as geography
from marketplace.platform.config import current_settings
from marketplace.platform.database import session
from marketplace.platform.formatting import weight
from marketplace.platform.translation import gettext as _
from models.accounts import Organisation
from models.contracts import Contract
from models.deliveries import DeliveryState


def calendar_for(code: str, contract: Contract, *, at: datetime) -> str:
    """The deliveries of a contract as an iCalendar file.

    Args:
        code: of the reader's organisation; links lead to its desk.
        contract: that the reader may know of.
        at: when it is asked for.
    """
    base = current_settings().base_url.rstrip("/")
    terms = terms_in(contract)

    def event(row: DeliveryRow) -> Event:
        address, commune_code, province_code = row.place
        commune = geography.find_commune(commune_code) if commune_code else None
        province = geography.find_province(province_code)
        names = (address, commune.full_name if commune else "", province.name if province else "")
        url = f"{base}/hop-dong/{code}/{contract.number}/giao-hang/{row.number}"
        return Event(
            number=row.number,
            first=row.due_from,
            last=row.due_on,
            summary=_(
                "Giao %(weight)s: %(title)s", weight=weight(row.planned_g), title=contract.title
            ),
            description=_(
                "Hợp đồng %(number)s, đợt %(delivery)s", number=contract.number, delivery=row.number
            ),
            place=", ".join(name for name in names if name),
            url=url,
            is_cancelled=row.state == DeliveryState.CANCELLED,
        )

    return calendar_text(
        f"{contract.number} · {contract.title}",
        [event(row) for row in schedule_of(contract.id, terms, at=at)],
        host=urlsplit(base).hostname or "localhost",
        at=at,
    )


def find_shared(contract_id: int, organisation_id: int) -> tuple[str, Contract] | None:
    """A contract that was signed and one of whose parties an organisation is, and its code."""
    contract = session.get(Contract, contract_id)
    if contract is None or contract.signed_version is None:
        return None
    if organisation_id not in (contract.buyer_id, contract.seller_id, contract.led_by_id):
        return None
    return session.get_one(Organisation, organisation_id).code, contract
