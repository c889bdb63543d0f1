"""The statement as a workbook: the same bytes for both sides, whatever language they read.

Everything is written in both languages, and nothing depends on the reader or the day; so the
bytes, and their hash, change only when something about the contract does.
"""

from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final

from marketplace.kernel.translation import mark
from marketplace.platform.translation import gettext, using_locale
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.statement import Statement, StatementDue, StatementRow
from marketplace.reporting.tables import Cell, Column, Kind, Report, Table, TableRow
from models.deliveries import DeliveryState
from models.invoicing import DueKind, DueState

KEPT: Final = 64
"""How many workbooks a process keeps, so that a page and its file write one only once."""

DELIVERY_WORDS: Final = {
    DeliveryState.PLANNED: mark("Đã hẹn"),
    DeliveryState.CONFIRMED: mark("Đã xác nhận"),
    DeliveryState.PACKED: mark("Đã đóng hàng"),
    DeliveryState.SHIPPED: mark("Đang trên đường"),
    DeliveryState.ACCEPTED: mark("Đã nhận"),
    DeliveryState.CANCELLED: mark("Đã huỷ"),
}
KIND_WORDS: Final = {
    DueKind.DEPOSIT: mark("Đặt cọc"),
    DueKind.STAGE: mark("Trả tiền hàng"),
    DueKind.RETENTION: mark("Tiền giữ lại"),
}
DUE_WORDS: Final = {
    DueState.AWAITING: mark("Chưa trả"),
    DueState.UNDERPAID: mark("Trả thiếu"),
    DueState.PAID: mark("Đã trả đủ"),
    DueState.OVERPAID: mark("Trả thừa"),
    DueState.CANCELLED: mark("Không phải trả"),
}


@lru_cache(maxsize=KEPT)
def statement_file(statement: Statement) -> tuple[bytes, str]:
    """The workbook of a statement and the SHA-256 of its bytes, in hexadecimal.

    The moment of the signature stands in it as the moment at which it was made.
    """
    made_at = (statement.signed_at or datetime(2026, 1, 1, tzinfo=UTC)).astimezone(UTC)
    with using_locale("vi"):
        data = xlsx_file(_report(statement), made_at=made_at.replace(microsecond=0))
    return data, sha256(data).hexdigest()


def _report(statement: Statement) -> Report:
    sums = statement.sums
    facts = [
        (_both(mark("Bên mua")), statement.buyer),
        (_both(mark("Bên bán")), statement.seller),
        (_both(mark("Số hợp đồng")), f"{statement.number} · {statement.title}"),
        (_both(mark("Bản đang có hiệu lực")), str(statement.version)),
        (_both(mark("Số PO")), statement.po_number),
        (_both(mark("Trung tâm chi phí")), statement.cost_centre),
    ]
    return Report(
        title=_both(mark("Đối chiếu hợp đồng")),
        owner="",
        period="",
        facts=[(label, text) for label, text in facts if text],
        figures=[
            (_both(mark("Khối lượng hợp đồng")), statement.total_g, Kind.WEIGHT),
            (_both(mark("Đã hẹn giao")), sums.planned_g, Kind.WEIGHT),
            (_both(mark("Đã giao đi")), sums.shipped_g, Kind.WEIGHT),
            (_both(mark("Đã nhận")), sums.accepted_g, Kind.WEIGHT),
            (_both(mark("Đã lập hoá đơn")), sums.total_minor, Kind.MONEY),
            (_both(mark("Đã trả")), sums.paid_minor, Kind.MONEY),
            (_both(mark("Còn phải trả")), sums.open_minor, Kind.MONEY),
            (_both(mark("Đặt cọc đã trả")), statement.deposit_paid_minor, Kind.MONEY),
            (_both(mark("Đặt cọc chưa trừ")), statement.deposit_left_minor, Kind.MONEY),
        ],
        tables=[_deliveries(statement), _dues(statement)],
    )


def _deliveries(statement: Statement) -> Table:
    sums = statement.sums
    columns = [
        _column(mark("Lần giao"), Kind.TEXT),
        _column(mark("Hẹn từ"), Kind.DAY),
        _column(mark("Hẹn tới"), Kind.DAY),
        _column(mark("Tình trạng"), Kind.TEXT),
        _column(mark("Đã hẹn"), Kind.WEIGHT),
        _column(mark("Ngày giao đi"), Kind.DAY),
        _column(mark("Đã giao"), Kind.WEIGHT),
        _column(mark("Ngày tới nơi"), Kind.DAY),
        _column(mark("Đã nhận"), Kind.WEIGHT),
        _column(mark("Giao thiếu"), Kind.WEIGHT),
        _column(mark("Trả lại"), Kind.WEIGHT),
        _column(mark("Hoá đơn"), Kind.TEXT),
        _column(mark("Ngày hoá đơn"), Kind.DAY),
        _column(mark("Tiền hàng"), Kind.MONEY),
        _column(mark("Thưởng"), Kind.MONEY),
        _column(mark("Phạt"), Kind.MONEY),
        _column(mark("Trừ đặt cọc"), Kind.MONEY),
        _column(mark("Phải trả"), Kind.MONEY),
        _column(mark("Trong đó giữ lại"), Kind.MONEY),
        _column(mark("Đã trả"), Kind.MONEY),
        _column(mark("Còn phải trả"), Kind.MONEY),
        _column(mark("Khiếu nại"), Kind.TEXT),
        _column(mark("Số PO"), Kind.TEXT),
    ]
    totals: list[Cell] = [_both(mark("Cộng")), None, None, None, sums.planned_g, None]
    totals += [sums.shipped_g, None, sums.accepted_g, sums.short_g, sums.rejected_g, None, None]
    totals += [sums.goods_minor, sums.bonus_minor, sums.penalty_minor, sums.deposit_minor]
    totals += [sums.total_minor, sums.retention_minor, sums.paid_minor, sums.open_minor]
    return Table(
        key="deliveries",
        caption=_both(mark("Từng lần giao")),
        columns=columns,
        rows=[TableRow(_delivery(row)) for row in statement.rows],
        totals=[*totals, None, None],
    )


def _delivery(row: StatementRow) -> list[Cell]:
    bill = row.bill
    said = row.accepted_g is not None
    money: list[Cell] = [None] * 10
    if bill is not None:
        money = [
            bill.number,
            bill.issued_on,
            bill.goods_minor,
            bill.bonus_minor,
            bill.penalty_minor,
            bill.deposit_minor,
            bill.total_minor,
            bill.retention_minor,
            bill.paid_minor,
            bill.open_minor,
        ]
    return [
        row.number,
        row.due_from,
        row.due_on,
        _both(DELIVERY_WORDS[DeliveryState(row.state)]),
        row.planned_g,
        row.shipped_on,
        row.shipped_g,
        row.arrived_on,
        row.accepted_g,
        row.short_g if said else None,
        row.rejected_g if said else None,
        *money,
        _disputed(row),
        row.po_number,
    ]


def _disputed(row: StatementRow) -> str:
    if row.is_disputed:
        return _both(mark("Đang khiếu nại"))
    return _both(mark("Đã giải quyết")) if row.was_disputed else ""


def _dues(statement: Statement) -> Table:
    columns = [
        _column(mark("Hạn trả"), Kind.DAY),
        _column(mark("Khoản"), Kind.TEXT),
        _column(mark("Hoá đơn"), Kind.TEXT),
        _column(mark("Mã chuyển khoản"), Kind.TEXT),
        _column(mark("Phải trả"), Kind.MONEY),
        _column(mark("Đã nhận tiền"), Kind.MONEY),
        _column(mark("Tình trạng"), Kind.TEXT),
        _column(mark("Ngày trả đủ"), Kind.DAY),
    ]
    asked = sum(each.amount_minor for each in statement.dues)
    received = sum(each.received_minor for each in statement.dues)
    return Table(
        key="dues",
        caption=_both(mark("Từng khoản tiền")),
        columns=columns,
        rows=[TableRow(_due(each)) for each in statement.dues],
        totals=[_both(mark("Cộng")), None, None, None, asked, received, None, None],
    )


def _due(each: StatementDue) -> list[Cell]:
    return [
        each.due_on,
        _both(KIND_WORDS[DueKind(each.kind)]),
        each.invoice,
        each.reference,
        each.amount_minor,
        each.received_minor,
        _both(DUE_WORDS[DueState(each.state)]),
        each.paid_on,
    ]


def _column(title: str, kind: Kind) -> Column:
    return Column(_both(title), kind)


@lru_cache
def _both(text: str) -> str:
    with using_locale("vi"):
        vietnamese = gettext(text)
    with using_locale("en"):
        return f"{vietnamese} · {gettext(text)}"
