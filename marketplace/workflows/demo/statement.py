"""The bank's statement of the collecting account, as the bank writes it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.kernel.clock import VIETNAM

HEAD: Final = (
    ("NGÂN HÀNG TMCP ĐẦU TƯ VÀ PHÁT TRIỂN VIỆT NAM (BIDV)",),
    ("SAO KÊ TÀI KHOẢN / ACCOUNT STATEMENT",),
)
COLUMNS: Final = (
    "STT",
    "Ngày giao dịch",
    "Số tham chiếu",
    "Ghi nợ (VND)",
    "Ghi có (VND)",
    "Nội dung giao dịch",
)


@dataclass(frozen=True, slots=True)
class BankMove:
    """Money that came in (above zero) or went out, whole đồng."""

    booked_at: datetime
    minor: int
    text: str
    reference: str


def write_statement(moves: Sequence[BankMove], *, account: str, holder: str) -> bytes:
    """A statement as a CSV file in UTF-8 with a byte order mark, as spreadsheets like it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows(HEAD)
    writer.writerow((f"Số tài khoản: {account}", f"Chủ tài khoản: {holder}"))
    writer.writerow(())
    writer.writerow(COLUMNS)
    for number, move in enumerate(moves, start=1):
        amount = f"{abs(move.minor):,}".replace(",", ".")
        writer.writerow(
            (
                number,
                f"{move.booked_at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}",
                move.reference,
                amount if move.minor < 0 else "",
                amount if move.minor > 0 else "",
                move.text,
            )
        )
    credit = sum(move.minor for move in moves if move.minor > 0)
    debit = -sum(move.minor for move in moves if move.minor < 0)
    writer.writerow(
        (
            "Tổng cộng",
            "",
            "",
            f"{debit:,}".replace(",", "."),
            f"{credit:,}".replace(",", "."),
            "",
        )
    )
    return target.getvalue().encode("utf-8-sig")
