"""What ties organisations: unions with their cooperatives, who may help whom, an appeal."""

from datetime import timedelta
from typing import Final

from marketplace.accounts.operations.consents import NewConsent
from marketplace.accounts.operations.standing import appeal_decision
from marketplace.membership.unions.operations import accept_membership, propose_membership
from marketplace.platform.database import session
from marketplace.workflows.consenting import grant_consent
from marketplace.workflows.demo.world import World
from models.accounts import Organisation, Role
from models.consents import ConsentScope
from models.unions import UnionMembership

UNIONS: Final = {
    "LHMEKONG": ("HUNGLOI", "GIONGTROM", "MYXUONG", "THAPMUOI", "NAMCAN", "TRITON"),
    "LHDAKLAK": ("CUMGAR",),
}
"""The cooperatives of each union, by code."""
ASKED: Final = ("LHMEKONG", "BENLUC")
"""A union that has asked, and the cooperative that has not answered yet."""
HELPED: Final = "MOCCHAU"
"""The cooperative that lets the alliance keep its products and certificates."""
JOINED_DAYS: Final = 300
HELP_DAYS: Final = (60, 200)
"""How long ago help was agreed to, and how long it still holds."""
APPEALED_DAYS: Final = 5


def tie(world: World) -> None:
    """Tie those of them that take part."""
    _join_unions(world)
    _let_help(world)
    _appeal(world)


def _join_unions(world: World) -> None:
    for union, members in UNIONS.items():
        for number, member in enumerate(members):
            if {union, member} <= world.sellers.keys():
                day = world.today - timedelta(days=JOINED_DAYS - 12 * number)
                proposed = _propose(world, union, member, days=(world.today - day).days)
                accept_membership(
                    actor=world.sellers[member].actor(Role.DIRECTOR),
                    unit_id=proposed.id,
                    at=world.moment(day + timedelta(days=4), 10),
                )
    if set(ASKED) <= world.sellers.keys():
        _propose(world, *ASKED, days=2)


def _propose(world: World, union: str, member: str, *, days: int) -> UnionMembership:
    seller = world.sellers[union]
    return propose_membership(
        actor=seller.actor(Role.DIRECTOR),
        union=session.get_one(Organisation, seller.organisation_id),
        code=member,
        at=world.moment(world.today - timedelta(days=days), 9),
    )


def _let_help(world: World) -> None:
    seller = world.sellers.get(HELPED)
    if seller is None:
        return
    ago, left = HELP_DAYS
    alliance = session.get_one(Organisation, world.staff.officer.organisation_id)
    grant_consent(
        actor=seller.actor(Role.DIRECTOR),
        consent=NewConsent(
            organisation_id=seller.organisation_id,
            helper_slug=alliance.slug,
            scopes=(ConsentScope.PRODUCTS, ConsentScope.CERTIFICATES),
            until_on=world.today + timedelta(days=left),
        ),
        at=world.moment(world.today - timedelta(days=ago), 14),
    )


def _appeal(world: World) -> None:
    """The suspended seller asks the alliance to look again."""
    for seller in world.sellers.values():
        if seller.has_left:
            appeal_decision(
                actor=seller.actor(Role.DIRECTOR),
                organisation_id=seller.organisation_id,
                text="Hợp tác xã đã nộp hồ sơ cấp lại giấy an toàn thực phẩm ngày 10 tháng này, "
                "có phiếu hẹn của chi cục. Mong liên minh cho bán lại trong lúc chờ.",
                file_id=None,
                at=world.moment(world.today - timedelta(days=APPEALED_DAYS), 9),
            )
