"""The letters that a contract causes: each side hears what the other one did."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import organisation_name, readers_in
from marketplace.contracts.access import other_side, side_of
from marketplace.notifications.operations import notify
from models.accounts import Role
from models.contracts import Contract, ContractSide

READERS: Final = (Role.DIRECTOR, Role.BUYER, Role.SALES)
"""Who is written to: whoever leads an enterprise or a seller, buys or sells for it."""


def tell_other_side(
    contract: Contract, actor: Actor, template: str, *, key: str, at: datetime, **values: object
) -> None:
    """Write to the side that did not act."""
    side = side_of(contract, actor)
    if side is None:
        return
    across = contract.seller_id if other_side(side) == ContractSide.SELLER else contract.buyer_id
    own = contract.buyer_id if across == contract.seller_id else contract.seller_id
    tell(
        contract,
        [across],
        template,
        key=key,
        at=at,
        other=organisation_name(own),
        **values,
    )


def tell(
    contract: Contract,
    organisation_ids: Collection[int],
    template: str,
    *,
    key: str,
    at: datetime,
    **values: object,
) -> None:
    """Write to people of these organisations about a contract."""
    for reader in readers_in(organisation_ids, READERS):
        notify(
            key=f"{contract.number}:{key}:{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template=template,
            at=at,
            name=reader.full_name,
            number=contract.number,
            title=contract.title,
            url=f"/hop-dong/{reader.code}/{contract.number}",
            **values,
        )
