"""The columns of a register: what they are called, and which a file has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark


class Column(StrEnum):
    """What a column says of a member."""

    CODE = "code"
    NAME = "name"
    KIND = "kind"
    PHONE = "phone"
    PROVINCE = "province"
    COMMUNE = "commune"
    HAMLET = "hamlet"
    JOINED_ON = "joined_on"
    LEFT_ON = "left_on"
    IS_OFFICIAL = "is_official"
    NOTE = "note"


HEADINGS: Final = {
    Column.CODE: mark("Mã thành viên"),
    Column.NAME: mark("Họ tên hoặc tên"),
    Column.KIND: mark("Loại thành viên"),
    Column.PHONE: mark("Số điện thoại"),
    Column.PROVINCE: mark("Tỉnh, thành phố"),
    Column.COMMUNE: mark("Xã, phường"),
    Column.HAMLET: mark("Thôn, buôn, ấp, số nhà"),
    Column.JOINED_ON: mark("Ngày vào"),
    Column.LEFT_ON: mark("Ngày ra"),
    Column.IS_OFFICIAL: mark("Tư cách"),
    Column.NOTE: mark("Ghi chú"),
}
"""The headings that we write; in both languages they are read again."""

NEEDED: Final = (Column.NAME,)

ALIASES: Final = {
    Column.CODE: ("ma thanh vien", "ma", "ma ho", "ma tv", "member code", "code"),
    Column.NAME: (
        "ho ten hoac ten", "ho ten", "ho va ten", "ten", "ten thanh vien", "chu ho", "ten chu ho",
        "ho ten chu ho", "thanh vien", "name", "full name", "member",
    ),
    Column.KIND: ("loai thanh vien", "loai", "kind of member", "kind", "type"),
    Column.PHONE: (
        "so dien thoai", "dien thoai", "sdt", "so dt", "dt", "phone", "telephone", "phone number",
    ),
    Column.PROVINCE: ("tinh, thanh pho", "tinh", "tinh thanh", "tinh/thanh pho", "province"),
    Column.COMMUNE: ("xa, phuong", "xa", "xa phuong", "xa/phuong", "phuong", "commune", "ward"),
    Column.HAMLET: (
        "thon, buon, ap, so nha", "thon", "ap", "buon", "thon/ap", "dia chi", "noi o", "hamlet",
        "address", "hamlet, house number",
    ),
    Column.JOINED_ON: (
        "ngay vao", "ngay gia nhap", "ngay tham gia", "ngay vao htx", "joined on", "day of joining",
    ),
    Column.LEFT_ON: ("ngay ra", "ngay ra htx", "ngay thoi", "left on", "day of leaving"),
    Column.IS_OFFICIAL: ("tu cach", "chinh thuc", "loai tu cach", "standing", "official"),
    Column.NOTE: ("ghi chu", "note", "notes", "remark"),
}  # fmt: skip

_BY_NAME: Final = {name: column for column, names in ALIASES.items() for name in names}
SEARCHED_ROWS: Final = 30
"""How far down the head of the table is looked for: a title may stand above it."""


@dataclass(frozen=True, slots=True)
class Head:
    """The line of headings.

    Attributes:
        row: which row it is, from 0.
        places: where each column stands.
        names: what the file calls it.
        unknown: headings that mean nothing to us, as they are written.
        twice: headings that mean a column which another one means already.
        width: how many columns there are, to the last one with a heading.
    """

    row: int
    places: dict[Column, int]
    names: dict[Column, str]
    unknown: tuple[str, ...]
    twice: tuple[str, ...]
    width: int = 0


def find_head(rows: Iterable[Sequence[object]]) -> Head | None:
    """The first row that names all needed columns; None if none of the first thirty does."""
    for number, row in enumerate(rows):
        if number >= SEARCHED_ROWS:
            return None
        head = _read_head(number, row)
        if all(column in head.places for column in NEEDED) and len(head.places) > 1:
            return head
    return None


def _read_head(number: int, row: Sequence[object]) -> Head:
    places: dict[Column, int] = {}
    names: dict[Column, str] = {}
    unknown: list[str] = []
    twice: list[str] = []
    width = 0
    for place, cell in enumerate(row):
        written = " ".join(str(cell).split()) if cell is not None else ""
        width = place + 1 if written else width
        column = _BY_NAME.get(fold(written).rstrip(" *:"))
        if column is None:
            unknown.extend([written] if written else [])
        elif column in places:
            twice.append(written)
        else:
            places[column], names[column] = place, written
    return Head(number, places, names, tuple(unknown), tuple(twice), width)
