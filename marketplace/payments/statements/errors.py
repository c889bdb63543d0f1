"""What a statement file can have wrong."""

from dataclasses import dataclass

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that cannot be read.

    Attributes:
        line: the line of the file, from 1.
        column: the name of the column as the file has it.
        found: what stands there.
        expected: what should; a marked sentence.
    """

    line: int
    column: str
    found: str
    expected: str


class StatementError(InvalidError):
    """A file that gives no lines."""

    code = "payments.statement"
    message = mark("Không đọc được tệp sao kê.")

    def __init__(self, **details: object) -> None:
        super().__init__(**{"field": "statement", **details})


class EncodingError(StatementError):
    """Bytes in none of the encodings that banks use."""

    code = "payments.statement_encoding"
    message = mark("Không nhận ra bảng mã của tệp. Hãy lưu lại thành CSV UTF-8 rồi nhập.")


class OpenQuoteError(StatementError):
    """A quotation mark is opened and never closed. Details: `line`, where its row begins."""

    code = "payments.statement_open_quote"
    message = mark(
        "Dòng %(line)s có dấu ngoặc kép mở mà không đóng. "
        "Hãy đóng hoặc xoá dấu ấy rồi chọn lại tệp."
    )


class NotATableError(StatementError):
    """Nothing in the file looks like the head of a table of transactions. Details: `missing`."""

    code = "payments.statement_columns"
    message = mark(
        "Không tìm thấy dòng tiêu đề. Tệp cần các cột ngày giao dịch, số tiền và nội dung."
    )


class TooLongError(StatementError):
    """More lines than are imported at once. Details: `limit`."""

    code = "payments.statement_too_long"
    message = mark("Tệp có hơn %(limit)s dòng. Hãy chia thành nhiều tệp theo ngày.")


class EmptyStatementError(StatementError):
    """A head, and no transaction below it."""

    code = "payments.statement_empty"
    message = mark("Tệp không có giao dịch nào.")


class UnreadableLinesError(StatementError):
    """Lines that cannot be read. Details: `problems`, a list of `Problem`, and their `count`."""

    code = "payments.statement_lines"
    message = mark("Có %(count)s chỗ không đọc được. Chưa dòng nào được nhập.")
