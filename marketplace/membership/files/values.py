"""What stands in the cells of a register, understood; what is not, with what it should be."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from marketplace.geography import queries as geography
from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark
from marketplace.membership import rules
from marketplace.membership.errors import MemberCodeInvalidError
from marketplace.membership.files.columns import Column, Head
from models.membership import MemberKind

EXPECT_NAME: Final = mark("họ tên, không quá 160 chữ")
EXPECT_CODE: Final = mark("chữ không dấu, số, dấu chấm, gạch nối, không quá 20 ký tự")
EXPECT_KIND: Final = mark("hộ gia đình, cá nhân hoặc pháp nhân")
EXPECT_PHONE: Final = mark("số điện thoại 10 số, ví dụ 0912 345 678")
EXPECT_PROVINCE: Final = mark("tên tỉnh, thành phố hoặc mã 2 số")
EXPECT_COMMUNE: Final = mark("tên xã, phường trong tỉnh ấy, theo tên từ tháng 7 năm 2025")
EXPECT_DAY: Final = mark("ngày dạng 22/11/2026, từ năm 1900, không ở tương lai")
EXPECT_LATER: Final = mark("ngày ra từ ngày vào trở đi")
EXPECT_OFFICIAL: Final = mark("chính thức hoặc liên kết")
EXPECT_ONCE: Final = mark("mỗi thành viên một dòng; mã hoặc tên và số này đã có ở dòng trên")
EXPECT_HAMLET: Final = mark("không quá 120 chữ")
EXPECT_NOTE: Final = mark("không quá 300 chữ")
EXPECT_NOTHING: Final = mark("không có gì sau cột cuối cùng có tên; có thể thừa dấu phân cách")

SHOWN: Final = 80
"""How much of a wrong cell is shown again."""

_DAY: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", re.ASCII)
_EPOCH: Final = date(1899, 12, 30)
_SERIALS: Final = range(3_660, 73_050)
"""The days that a spreadsheet counts from 1900, as numbers: from 1910 to the year 2099."""

_KINDS: Final = {
    MemberKind.HOUSEHOLD: ("ho", "ho gia dinh", "gia dinh", "household"),
    MemberKind.INDIVIDUAL: ("ca nhan", "individual", "person"),
    MemberKind.LEGAL_ENTITY: (
        "phap nhan", "to chuc", "to chuc, phap nhan", "cong ty", "doanh nghiep", "legal entity",
    ),
}  # fmt: skip
_KIND_BY_WORD: Final = {word: str(kind) for kind, words in _KINDS.items() for word in words}
_OFFICIAL: Final = {
    **dict.fromkeys(
        ("chinh thuc", "thanh vien chinh thuc", "co", "x", "1", "yes", "y", "true", "official",
         "official member"), True
    ),
    **dict.fromkeys(
        ("lien ket", "thanh vien lien ket", "khong", "0", "no", "n", "false", "associate",
         "associate member"), False
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that cannot be read.

    Attributes:
        line: the line of the file, from 1.
        column: what the file calls the column.
        found: what stands there.
        expected: what should; a marked sentence.
    """

    line: int
    column: str
    found: str
    expected: str


class CellError(ValueError):
    """A cell that cannot be read; its text is what is expected."""


Facts = dict[str, Any]
"""What one line says of a member; a key that is missing says nothing."""


def read_row(
    head: Head, line: int, cells: Sequence[Any], *, province_code: str, today: date
) -> tuple[Facts, list[Problem]]:
    """One line as facts, and what is wrong with it.

    Args:
        head: which column stands where.
        line: its number.
        cells: what stands in it.
        province_code: where the organisation is; members without a province live there, too.
        today: the day in Việt Nam.
    """
    facts: Facts = {}
    problems: list[Problem] = []

    def wrong(column: Column, expected: str, found: str = "") -> None:
        problems.append(Problem(line, head.names.get(column, ""), found[:SHOWN], expected))

    for column, place in head.places.items():
        cell = cells[place] if place < len(cells) else None
        text = plain(cell)
        if not text:
            if column is Column.NAME:
                wrong(column, EXPECT_NAME)
            continue
        try:
            if column in {Column.JOINED_ON, Column.LEFT_ON}:
                facts[column] = _past_day(cell, today).isoformat()
            elif column is not Column.COMMUNE:
                facts[column] = _READERS[column](text)
        except CellError as error:
            wrong(column, str(error), text)
    province = facts.pop(Column.PROVINCE, None)
    if province:
        facts["province_code"] = province
    _read_commune(facts, head, cells, province or province_code, wrong)
    joined, left = facts.get("joined_on"), facts.get("left_on")
    if joined and left and left < joined:
        wrong(Column.LEFT_ON, EXPECT_LATER, left)
    problems.extend(_beyond(head, line, cells))
    return facts, problems


def _beyond(head: Head, line: int, cells: Sequence[Any]) -> list[Problem]:
    """What stands right of the last heading: a cell too many moves all others."""
    found = [text for cell in cells[head.width :] if (text := plain(cell))]
    return [Problem(line, "", found[0][:SHOWN], EXPECT_NOTHING)] if found else []


class RowReader:
    """Reads the rows of a file one after the other and remembers who has been there."""

    def __init__(self, head: Head, *, province_code: str, today: date) -> None:
        """Prepare it; arguments as for `read_row`."""
        self._head, self._province_code, self._today = head, province_code, today
        self._seen: set[str | tuple[str, str]] = set()

    def read(
        self, rows: Iterable[tuple[int, Sequence[Any]]]
    ) -> tuple[list[tuple[int, Facts]], list[Problem]]:
        """Rows as facts, and what is wrong with others. A member stands in a file once."""
        kept: list[tuple[int, Facts]] = []
        problems: list[Problem] = []
        for line, cells in rows:
            facts, wrong = read_row(
                self._head,
                line,
                cells,
                province_code=self._province_code,
                today=self._today,
            )
            if not wrong:
                wrong = self._repeated(line, facts)
            if wrong:
                problems.extend(wrong)
            else:
                kept.append((line, facts))
        return kept, problems

    def _repeated(self, line: int, facts: Facts) -> list[Problem]:
        code = facts.get("code")
        key = code or (fold(facts["name"]), facts.get("phone") or "")
        if key in self._seen:
            column = Column.CODE if code else Column.NAME
            name = self._head.names.get(column, "")
            return [Problem(line, name, str(code or facts["name"])[:SHOWN], EXPECT_ONCE)]
        self._seen.add(key)
        return []


def plain(cell: object) -> str:
    """A cell as text: a whole number without its point, spaces squeezed, no invisible letters."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "x" if cell else "khong"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return str(cell)
        return str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    text = "".join(letter if letter.isprintable() else " " for letter in str(cell))
    return " ".join(text.split())


def read_day(cell: object) -> date:
    """A day from a cell: a date, the number that a spreadsheet has for one, or text.

    Raises:
        CellError: it is none.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = plain(cell)
    if text.isascii() and text.isdigit() and int(text) in _SERIALS:
        return _EPOCH + timedelta(days=int(text))
    try:
        if found := _DAY.fullmatch(text):
            day, month, year = map(int, found.groups())
        elif found := _ISO.fullmatch(text):
            year, month, day = map(int, found.groups())
        else:
            raise CellError(EXPECT_DAY)
        return date(year, month, day)
    except ValueError as error:
        raise CellError(EXPECT_DAY) from error


@lru_cache(maxsize=1)
def _phone_parser() -> Any:  # noqa: ANN401 - a module with 10 MB of tables, read when first needed
    import phonenumbers  # noqa: PLC0415

    return phonenumbers


def read_phone(text: str) -> str:
    """A telephone number in its international form; a lost zero at the beginning comes back.

    Raises:
        CellError: it is none.
    """
    phonenumbers = _phone_parser()
    bare = re.sub(r"[\s.\-()]", "", text)
    if re.fullmatch(r"[2-9]\d{8,9}", bare, re.ASCII):
        bare = f"0{bare}"
    try:
        number = phonenumbers.parse(bare, "VN")
    except phonenumbers.NumberParseException as error:
        raise CellError(EXPECT_PHONE) from error
    if not phonenumbers.is_valid_number(number):
        raise CellError(EXPECT_PHONE)
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _past_day(cell: object, today: date) -> date:
    day = read_day(cell)
    if not rules.FIRST_DAY <= day <= today:
        raise CellError(EXPECT_DAY)
    return day


def _name(text: str) -> str:
    if len(text) > rules.NAME_LENGTH:
        raise CellError(EXPECT_NAME)
    return text


def _code(text: str) -> str:
    try:
        return rules.read_code(text)
    except MemberCodeInvalidError as error:
        raise CellError(EXPECT_CODE) from error


def _kind(text: str) -> str:
    kind = _KIND_BY_WORD.get(fold(text))
    if kind is None:
        raise CellError(EXPECT_KIND)
    return kind


def _official(text: str) -> bool:
    answer = _OFFICIAL.get(fold(text))
    if answer is None:
        raise CellError(EXPECT_OFFICIAL)
    return answer


@lru_cache(maxsize=256)
def _province(text: str) -> str:
    if text.isdigit():
        found = {text.zfill(2)} if geography.find_province(text.zfill(2)) else set()
    else:
        found = set(geography.province_codes_named(text))
    if len(found) != 1:
        raise CellError(EXPECT_PROVINCE)
    return found.pop()


@lru_cache(maxsize=64)
def _communes(province_code: str) -> dict[str, str | None]:
    """The communes of a province by folded name; None where two share it."""
    names: dict[str, str | None] = {}
    for commune in geography.communes_of(province_code):
        names[fold(commune.full_name)] = commune.code
        names[commune.code] = commune.code
        bare = fold(commune.name)
        names[bare] = None if bare in names else commune.code
    return names


def _read_commune(
    facts: Facts,
    head: Head,
    cells: Sequence[Any],
    province_code: str,
    wrong: Callable[[Column, str, str], None],
) -> None:
    place = head.places.get(Column.COMMUNE)
    text = plain(cells[place]) if place is not None and place < len(cells) else ""
    if not text:
        return
    code = _communes(province_code).get(fold(text))
    if code is None:
        wrong(Column.COMMUNE, EXPECT_COMMUNE, text)
    else:
        facts["commune_code"] = code
        facts["province_code"] = province_code


def _short(longest: int, expected: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            raise CellError(expected)
        return text

    return read


_READERS: Final[dict[Column, Callable[[str], Any]]] = {
    Column.CODE: _code,
    Column.NAME: _name,
    Column.KIND: _kind,
    Column.PHONE: read_phone,
    Column.PROVINCE: _province,
    Column.HAMLET: _short(rules.HAMLET_LENGTH, EXPECT_HAMLET),
    Column.IS_OFFICIAL: _official,
    Column.NOTE: _short(rules.NOTE_LENGTH, EXPECT_NOTE),
}
