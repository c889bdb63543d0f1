"""The deliveries that sellers promised, with everything that their promises are judged by."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Date,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
)

from marketplace.contracts.promises.rules import COUNTED_FOR, Facts, SignedPrice
from marketplace.contracts.terms import price_of
from marketplace.kernel.clock import VIETNAM, business_day
from marketplace.platform.statements import Question
from models.catalogue import ProductCertificate
from models.certification import TRUSTED, Certificate
from models.contracts import Contract, ContractSignature, ContractVersion
from models.deliveries import (
    Delivery,
    DeliveryChange,
    DeliveryDispute,
    DeliveryLine,
    DeliveryOrigin,
    DeliveryState,
)
from models.promises import DeliveryReply

_SHIPPED_ON: Final = cast(func.timezone(VIETNAM.key, Delivery.shipped_at), Date)
_SCHEMES: Final = ContractVersion.terms["schemes"]
_SCHEME: Final = func.jsonb_array_elements_text(_SCHEMES).table_valued("value")
_HELD: Final = (
    select(Certificate.id)
    .join(ProductCertificate, ProductCertificate.certificate_id == Certificate.id)
    .where(
        ProductCertificate.product_id == Contract.product_id,
        Certificate.scheme_code == _SCHEME.c.value,
        or_(*(Certificate.state == state for state in TRUSTED)),
        Certificate.valid_from <= _SHIPPED_ON,
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= _SHIPPED_ON),
    )
    .correlate(Contract, Delivery, _SCHEME)
    .exists()
)
_LACKING: Final = (
    select(func.coalesce(func.array_agg(_SCHEME.c.value), literal([], ARRAY(String))))
    .select_from(_SCHEME)
    .where(Delivery.shipped_at.is_not(None), ~_HELD)
    .correlate(Contract, ContractVersion, Delivery)
    .scalar_subquery()
)
_CHANGED_AT: Final = (
    select(func.max(DeliveryChange.at))
    .where(DeliveryChange.delivery_id == Delivery.id)
    .correlate(Delivery)
    .scalar_subquery()
)
_OF: Final = (
    select(DeliveryLine.delivery_id)
    .where(DeliveryLine.delivery_id == Delivery.id)
    .correlate(Delivery)
)
_FACTS: Final = (
    select(
        Delivery.id,
        Delivery.number,
        Contract.seller_id,
        Delivery.state,
        Delivery.due_on,
        func.coalesce(
            _CHANGED_AT, case((Delivery.origin == DeliveryOrigin.CALL_OFF, Delivery.created_at))
        ),
        Delivery.confirmed_at,
        Delivery.shipped_at,
        Delivery.arrived_on,
        Delivery.accepted_at,
        _OF.with_only_columns(
            func.coalesce(func.sum(DeliveryLine.shipped_g), 0).cast(BigInteger)
        ).scalar_subquery(),
        case(
            (
                Delivery.state == DeliveryState.ACCEPTED,
                _OF.with_only_columns(
                    func.coalesce(func.sum(DeliveryLine.accepted_g), 0).cast(BigInteger)
                ).scalar_subquery(),
            )
        ),
        _SCHEMES,
        _LACKING,
        Delivery.dispute_open,
        select(DeliveryDispute.id).where(DeliveryDispute.delivery_id == Delivery.id).exists(),
        DeliveryReply.text,
        DeliveryReply.at,
        Contract.id,
    )
    .join(Contract, Contract.id == Delivery.contract_id)
    .join(
        ContractVersion,
        and_(
            ContractVersion.contract_id == Contract.id,
            ContractVersion.version == Contract.signed_version,
        ),
    )
    .outerjoin(DeliveryReply, DeliveryReply.delivery_id == Delivery.id)
    .where(Delivery.state != DeliveryState.CANCELLED)
)
_OF_SELLERS: Final = Question(
    _FACTS.where(
        Contract.seller_id == func.any(bindparam("sellers", type_=ARRAY(BigInteger))),
        Delivery.due_on > bindparam("since", type_=Date),
    ).order_by(Delivery.due_on.desc(), Delivery.id.desc())
)
_ONE: Final = Question(_FACTS.where(Delivery.id == bindparam("delivery_id", type_=BigInteger)))
_PRICES: Final = Question(
    select(
        ContractVersion.contract_id,
        func.max(ContractSignature.at),
        ContractVersion.side,
        ContractVersion.terms["price"],
    )
    .join(
        ContractSignature,
        and_(
            ContractSignature.contract_id == ContractVersion.contract_id,
            ContractSignature.version == ContractVersion.version,
        ),
    )
    .where(ContractVersion.contract_id == func.any(bindparam("contracts", type_=ARRAY(BigInteger))))
    .group_by(ContractVersion.contract_id, ContractVersion.version)
    .having(func.count() == literal(2))
    .order_by(ContractVersion.contract_id, ContractVersion.version)
)


def facts_of(seller_ids: Collection[int], *, at: datetime) -> list[Facts]:
    """The deliveries of sellers in `COUNTED_FOR`, those due last first; two statements."""
    since = business_day(at - COUNTED_FOR)
    return _with_prices(_OF_SELLERS.ask(sellers=list(seller_ids), since=since))


def find_facts(delivery_id: int) -> Facts | None:
    """What is known of one delivery, however long ago; two statements."""
    return next(iter(_with_prices(_ONE.ask(delivery_id=delivery_id))), None)


def _with_prices(rows: Sequence[Any]) -> list[Facts]:
    contracts = sorted({row[-1] for row in rows})
    prices: dict[int, list[SignedPrice]] = {}
    for contract_id, signed_at, side, price in _PRICES.ask(contracts=contracts):
        prices.setdefault(contract_id, []).append(SignedPrice(signed_at, side, price_of(price)))
    return [_facts(row, prices) for row in rows]


def _facts(row: Sequence[Any], prices: Mapping[int, Sequence[SignedPrice]]) -> Facts:
    *before, schemes, lacking, is_disputed, was_disputed, reply, replied_at, contract_id = row
    known = prices.get(contract_id, ())
    after = [tuple(schemes), tuple(lacking), known, is_disputed, was_disputed, reply, replied_at]
    return Facts(*[*before, *after])
