"""Recording lots, what happened to them, and their pictures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography.queries import require_place
from marketplace.kernel.clock import business_day
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from marketplace.platform.rows import Rows, whole
from marketplace.platform.statements import NewRows, Question, adding
from marketplace.traceability import origins, queries, rules
from marketplace.traceability.errors import (
    EventInFutureError,
    EventTitleMissingError,
    LotCodesUsedUpError,
    LotCodeTakenError,
    PhotoOfLotNotFoundError,
    ProductOfLotNotFoundError,
)
from marketplace.traceability.origins import Origin, origin_of
from marketplace.traceability.queries import parts
from marketplace.traceability.rules import NewLot
from models.accounts import Organisation
from models.catalogue import Product
from models.media import FileKind, MediaFile
from models.traceability import EventKind, Lot, LotCertificate, LotEvent, LotPhoto

__all__ = ["NewEvent", "NewLot", "add_event", "add_photo", "record_lot"]

_PACKED = ("Đóng gói", "Packed")


_ORGANISATION_ID = bindparam("organisation_id", type_=BigInteger)
_HOME = Question(
    select(Product.province_code, Product.commune_code, parts.CATEGORY).where(
        Product.id == bindparam("product_id", type_=BigInteger),
        Product.organisation_id == _ORGANISATION_ID,
    )
)
_PREFIX = Question(select(Organisation.code).where(Organisation.id == _ORGANISATION_ID))
_SAME_EVENT = Rows(
    LotEvent,
    whole(
        LotEvent,
        LotEvent.lot_id == bindparam("lot_id", type_=BigInteger),
        LotEvent.kind == bindparam("kind"),
        LotEvent.happened_on == bindparam("happened_on"),
        LotEvent.title_vi == bindparam("title_vi"),
    ).order_by(LotEvent.id),
)
_LOTS = NewRows(Lot)
_EVENTS = NewRows(LotEvent)
_NEW_LINKS = adding(LotCertificate)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """Something that was done to a lot.

    Attributes:
        lot_id: which lot.
        kind: what kind of thing.
        happened_on: the day in Việt Nam.
        title_vi: what was done, in a few words.
        title_en: the same in English; may be empty.
        detail_vi: a sentence more; may be empty.
        detail_en: the same in English; may be empty.
    """

    lot_id: int
    kind: EventKind
    happened_on: date
    title_vi: str
    title_en: str = ""
    detail_vi: str = ""
    detail_en: str = ""


def record_lot(
    *, actor: Actor, lot: NewLot, certificate_ids: Collection[int] = (), at: datetime
) -> Lot:
    """Write down a lot; its origin and packing become its first events.

    The same lot under the same given code again changes nothing, so that a form sent twice
    records once.

    Args:
        actor: a director or a warehouse keeper of the organisation.
        lot: what came in.
        certificate_ids: the certificates in force for the product on the harvest day; they
            stay with the lot for ever.
        at: when it is recorded.

    Returns:
        The lot, with its id; the one recorded earlier if it was.

    Raises:
        NotAllowedError: the actor may not receive lots there.
        ProductOfLotNotFoundError: the organisation has no such product.
        LotQuantityInvalidError, HarvestInFutureError, PackedInFutureError,
        PackedBeforeHarvestError, BestBeforeTooEarlyError, LotCodeInvalidError: see
            `rules.require_plausible`.
        UnknownProvinceError, UnknownCommuneError: there is no such place.
        LotCodeTakenError: the code stands for another lot.
        LotCodesUsedUpError: no generated code is left this month.
    """
    authorize(actor, Permission.LOT_RECEIVE, lot)
    rules.require_plausible(lot, today=business_day(at))
    found = _HOME.ask(product_id=lot.product_id, organisation_id=lot.organisation_id)
    if not found:
        raise ProductOfLotNotFoundError(product_id=lot.product_id)
    home_province, home_commune, category = found[0]
    province_code = lot.province_code or home_province
    commune_code = lot.commune_code or (None if lot.province_code else home_commune)
    require_place(province_code, commune_code)
    code, earlier = _claim_code(lot, business_day(at))
    if earlier is not None:
        return _same_or_refuse(earlier, lot)
    recorded = Lot(
        code=code,
        organisation_id=lot.organisation_id,
        product_id=lot.product_id,
        harvested_on=lot.harvested_on,
        packed_on=lot.packed_on,
        best_before_on=lot.best_before_on,
        province_code=province_code,
        commune_code=commune_code,
        plot_id=lot.plot_id,
        plot_name=lot.plot_name.strip()[:120],
        growing_area_code=lot.growing_area_code.strip()[:40],
        quantity_g=lot.quantity_g,
        note_vi=lot.note_vi.strip()[:300],
        note_en=lot.note_en.strip()[:300],
        created_at=at,
        created_by_id=actor.user_id,
    )
    _LOTS.write(recorded)
    _link_certificates(recorded, certificate_ids)
    _record_origin(recorded, origin_of(category), actor=actor, at=at)
    audit.record(
        actor=actor,
        action="traceability.record_lot",
        subject_kind="lot",
        subject_id=recorded.id,
        at=at,
        after={"code": recorded.code, "product_id": lot.product_id, "quantity_g": lot.quantity_g},
    )
    return recorded


def add_event(*, actor: Actor, event: NewEvent, at: datetime) -> LotEvent:
    """Add what was done to a lot. The same thing on the same day is added once.

    Raises:
        LotNotFoundError: no such lot, or not one of the actor's organisation.
        NotAllowedError: the actor may not record what happens to lots.
        EventInFutureError: it has not happened yet.
        EventTitleMissingError: it says nothing.
    """
    lot = queries.lock_own_lot(event.lot_id, actor=actor)
    authorize(actor, Permission.LOT_RECEIVE, lot)
    title = event.title_vi.strip()[:160]
    if not title:
        raise EventTitleMissingError(field="title_vi")
    if event.happened_on > business_day(at):
        raise EventInFutureError(field="happened_on")
    earlier = _SAME_EVENT.find(
        lot_id=lot.id, kind=event.kind, happened_on=event.happened_on, title_vi=title
    )
    if earlier is not None:
        return earlier
    added = LotEvent(
        lot_id=lot.id,
        kind=event.kind,
        happened_on=event.happened_on,
        title_vi=title,
        title_en=event.title_en.strip()[:160],
        detail_vi=event.detail_vi.strip()[:300],
        detail_en=event.detail_en.strip()[:300],
        recorded_at=at,
        recorded_by_id=actor.user_id,
    )
    _EVENTS.write(added)
    audit.record_help(
        actor=actor,
        action="traceability.add_event",
        subject_kind="lot",
        subject_id=lot.id,
        at=at,
    )
    return added


def add_photo(*, actor: Actor, lot_id: int, file_id: int, at: datetime) -> LotPhoto:
    """Put a stored photo of the organisation behind the others; the same one only once.

    Raises:
        LotNotFoundError: no such lot, or not one of the actor's organisation.
        NotAllowedError: the actor may not record what happens to lots.
        PhotoOfLotNotFoundError: the file is no photo of the organisation.
    """
    lot = queries.lock_own_lot(lot_id, actor=actor)
    authorize(actor, Permission.LOT_RECEIVE, lot)
    photo = session.scalar(
        select(MediaFile.id).where(
            MediaFile.id == file_id,
            MediaFile.kind == FileKind.PHOTO,
            MediaFile.organisation_id == lot.organisation_id,
        )
    )
    if photo is None:
        raise PhotoOfLotNotFoundError(file_id=file_id)
    earlier = session.scalar(
        select(LotPhoto).where(LotPhoto.lot_id == lot.id, LotPhoto.file_id == file_id)
    )
    if earlier is not None:
        return earlier
    last = session.scalar(select(func.max(LotPhoto.position)).where(LotPhoto.lot_id == lot.id))
    added = LotPhoto(lot_id=lot.id, file_id=file_id, position=0 if last is None else last + 1)
    session.add(added)
    session.flush()
    audit.record(
        actor=actor,
        action="traceability.add_photo",
        subject_kind="lot",
        subject_id=lot.id,
        at=at,
        after={"file_id": file_id},
    )
    return added


def _same_or_refuse(earlier: Lot, lot: NewLot) -> Lot:
    facts = (earlier.organisation_id, earlier.product_id, earlier.harvested_on, earlier.quantity_g)
    if facts != (lot.organisation_id, lot.product_id, lot.harvested_on, lot.quantity_g):
        raise LotCodeTakenError(field="code", lot_code=lot.code)
    return earlier


def _claim_code(lot: NewLot, day: date) -> tuple[str, Lot | None]:
    """The lot's code, held until the transaction ends, and the lot that bears it already.

    Typed and generated codes that begin alike wait for each other, whoever asks.
    """
    if lot.code is not None:
        lock_key("lot-codes", lot.code.rpartition("-")[0] or lot.code)
        return lot.code, session.scalar(select(Lot).where(Lot.code == lot.code))
    [[prefix]] = _PREFIX.ask(organisation_id=lot.organisation_id)
    lock_key("lot-codes", rules.lot_code_stem(prefix, day).rstrip("-"))
    number = queries.next_lot_number(prefix, day)
    if number > rules.MAX_LOTS_A_MONTH:
        raise LotCodesUsedUpError(field="code")
    return rules.lot_code(prefix, day, number), None


def _link_certificates(lot: Lot, certificate_ids: Collection[int]) -> None:
    _NEW_LINKS.make_each(
        {"lot_id": lot.id, "certificate_id": certificate_id}
        for certificate_id in sorted(set(certificate_ids))
    )


def _record_origin(lot: Lot, origin: Origin, *, actor: Actor, at: datetime) -> None:
    firsts = [
        (EventKind.HARVESTED, lot.harvested_on, (origins.WORDS[origin], origins.ENGLISH[origin])),
        (EventKind.PACKED, lot.packed_on, _PACKED),
    ]
    _EVENTS.write(
        *(
            LotEvent(
                lot_id=lot.id,
                kind=kind,
                happened_on=happened_on,
                title_vi=title_vi,
                title_en=title_en,
                recorded_at=at,
                recorded_by_id=actor.user_id,
            )
            for kind, happened_on, (title_vi, title_en) in firsts
            if happened_on is not None
        )
    )
