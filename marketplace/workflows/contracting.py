"""Beginning contracts: from an award, one for each seller, or from a direct offer."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.certification.queries import in_force
from marketplace.contracts import operations
from marketplace.contracts.operations import Source
from marketplace.contracts.operations.errors import ForeignProductError, UnverifiedPartyError
from marketplace.contracts.terms_errors import TermError
from marketplace.contracts.terms_rules import YEARS_MAX, require_sound
from marketplace.kernel.clock import business_day
from marketplace.kernel.states import NotAllowedError
from marketplace.platform.database import session
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.queries import terms_of as asked_in
from marketplace.sourcing.requests.rules import REQUEST
from marketplace.sourcing.supply.holding import divide_supply
from marketplace.sourcing.supply.rules import Wanted
from marketplace.workflows.contract_terms import (
    Between,
    Offering,
    terms_of_award,
    terms_of_offer,
)
from models.accounts import Organisation
from models.catalogue import Product, ProductState
from models.contracts import Contract, ContractOrigin
from models.requests import Award, AwardPart, Quote, Request, RequestState

LONGEST: Final = timedelta(days=366 * YEARS_MAX)
Key = tuple[int, int, int]
"""A quote, a seller and a product: what one contract is about."""


class Drafted(NamedTuple):
    """What came of an award.

    Attributes:
        contracts: one for each seller and product, old and new, in the order they were made.
        waiting: the names of sellers that are not verified today; theirs is made another time.
    """

    contracts: Sequence[Contract]
    waiting: Sequence[str]


def draft_from_award(*, actor: Actor, request_id: int, at: datetime) -> Drafted:
    """Draft a contract with every seller of an award; those that were drafted before stay.

    The volumes of the contracts add up to the award, and what the award promised in the supply
    books is promised by the contracts from now on. Of a joint quote every cooperative has its own,
    led by the union.

    Raises:
        RequestNotFoundError: there is no such request.
        NotAllowedError: the actor does not buy for the enterprise, or nothing was awarded.
        UnverifiedPartyError: the enterprise is not verified any more.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.AWARD_DECIDE, request)
    if request.state != RequestState.AWARDED:
        raise NotAllowedError(
            machine=REQUEST.name, from_state=request.state, to_state=RequestState.AWARDED
        )
    award = session.scalars(select(Award).where(Award.request_id == request.id)).one()
    groups = _groups(award)
    known = contracts_of_award(award.id)
    drafted = {_key(each): each for each in known}
    waiting = []
    new: dict[Key, Contract] = {}
    for key, parts in groups.items():
        if key in drafted:
            continue
        seller = session.get_one(Organisation, key[1])
        if not seller.is_verified:
            waiting.append(seller.name)
            continue
        new[key] = _draft(actor, request, award, parts, at)
    _hand_over(groups, drafted, new, at)
    return Drafted([*known, *new.values()], waiting)


def draft_offer(*, actor: Actor, between: Between, offering: Offering, at: datetime) -> Contract:
    """Draft a contract that nobody asked for; it wants the certificates that the goods have today.

    Raises:
        ForeignProductError: the goods are not on sale by the seller.
        InvalidError: what is offered is not sound, see `terms_rules.require_sound`.
        DomainError: see `operations.draft_contract`.
    """
    product = between.product
    if product.organisation_id != between.seller.id or product.state != ProductState.PUBLISHED:
        raise ForeignProductError(field="product")
    if not offering.starts_on <= offering.ends_on <= offering.starts_on + LONGEST:
        raise TermError(field="ends_on", years=YEARS_MAX)
    terms = terms_of_offer(between, offering)
    require_sound(terms, today=business_day(at))
    return operations.draft_contract(
        actor=actor,
        terms=terms,
        source=Source(between.buyer.id, between.seller.id),
        at=at,
    )


def schemes_today(product_id: int, at: datetime) -> tuple[str, ...]:
    """The schemes by which a product is certified today, in order."""
    held = in_force([product_id], business_day(at)).get(product_id, ())
    return tuple(sorted({fact.scheme_code for fact in held}))


def contracts_of_award(award_id: int) -> Sequence[Contract]:
    """The contracts that came of an award, in the order they were made."""
    return session.scalars(
        select(Contract).where(Contract.award_id == award_id).order_by(Contract.id)
    ).all()


def contracts_of_request(request: Request) -> Sequence[Contract]:
    """The contracts that came of the award of a request; for its page."""
    return session.scalars(
        select(Contract)
        .join(Award, Award.id == Contract.award_id)
        .where(Award.request_id == request.id)
        .order_by(Contract.id)
    ).all()


def _key(contract: Contract) -> Key:
    return contract.quote_id or 0, contract.seller_id, contract.product_id


def _groups(award: Award) -> Mapping[Key, list[AwardPart]]:
    groups: dict[Key, list[AwardPart]] = {}
    for part in session.scalars(
        select(AwardPart).where(AwardPart.award_id == award.id).order_by(AwardPart.id)
    ):
        key = (part.quote_id, part.organisation_id, part.product_id)
        groups.setdefault(key, []).append(part)
    return groups


def _draft(
    actor: Actor, request: Request, award: Award, parts: Sequence[AwardPart], at: datetime
) -> Contract:
    first = parts[0]
    quote = session.get_one(Quote, first.quote_id)
    between = Between(
        session.get_one(Organisation, request.organisation_id),
        session.get_one(Organisation, first.organisation_id),
        session.get_one(Product, first.product_id),
    )
    if not between.buyer.is_verified:
        raise UnverifiedPartyError
    leads = quote.is_joint and quote.organisation_id != between.seller.id
    return operations.draft_contract(
        actor=actor,
        terms=terms_of_award(between, parts, asked_in(request), today=business_day(at)),
        source=Source(
            buyer_id=between.buyer.id,
            seller_id=between.seller.id,
            origin=ContractOrigin.AWARD,
            award_id=award.id,
            quote_id=quote.id,
            led_by_id=quote.organisation_id if leads else None,
        ),
        at=at,
    )


def _hand_over(
    groups: Mapping[Key, Sequence[AwardPart]],
    drafted: Mapping[Key, Contract],
    new: Mapping[Key, Contract],
    at: datetime,
) -> None:
    """What quotes promised in the supply books is promised by the new contracts."""
    if not new:
        return
    quotes = {
        quote_id: session.get_one(Quote, quote_id).number for quote_id, _seller, _product in new
    }
    wanted: dict[str, list[Wanted]] = {}
    for key, parts in groups.items():
        if key in drafted or key[0] not in quotes:
            continue
        number = new[key].number if key in new else quotes[key[0]]
        wanted.setdefault(number, []).extend(
            Wanted(part.product_id, part.snapshot["grade"] or "", part.month, part.quantity_g)
            for part in parts
        )
    divide_supply(references=sorted(quotes.values()), wanted=wanted, at=at)
