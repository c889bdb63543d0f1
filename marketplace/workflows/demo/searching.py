"""What the companies of the demonstration look for: two searches that they keep and watch."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import get_organisation
from marketplace.platform.database import session
from marketplace.sourcing.searches.operations import save_search
from marketplace.workflows.demo.world import World
from models.accounts import Membership, Role

SEARCHES: Final = (
    (
        "NHAMAY",
        "Cà phê Tây Nguyên, giao Đà Nẵng",
        "q=c%C3%A0+ph%C3%AA&tinh=66&tinh=68&toi=%C4%90%C3%A0+N%E1%BA%B5ng",
    ),
    (
        "BEPVIET",
        "Gạo cho bếp ở Bình Dương",
        "q=g%E1%BA%A1o&kg=5000&toi=B%C3%ACnh+D%C6%B0%C6%A1ng&xep=gan",
    ),
)
"""Company, name, address; of the second the place of delivery has an old name."""
SAVED_DAYS: Final = 12


def keep_searches(world: World) -> None:
    """Let them keep their searches. The first comparison of the clock looks for them."""
    for code, name, query in SEARCHES:
        company = get_organisation(code=code)
        buyer_id = session.scalars(
            select(Membership.user_id).where(
                Membership.organisation_id == company.id, Membership.role == Role.BUYER
            )
        ).one()
        save_search(
            actor=Actor(buyer_id, company.id, company.kind, Role.BUYER),
            buyer=company,
            name=name,
            query=query,
            found=None,
            at=world.moment(world.today - timedelta(days=SAVED_DAYS), 9),
        )
