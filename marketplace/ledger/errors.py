"""What the ledger refuses."""

from marketplace.kernel.errors import ConflictError
from marketplace.kernel.translation import mark


class EntryDiffersError(ConflictError):
    """The fact is booked already, with other amounts. Details: `ref`."""

    code = "ledger.entry_differs"
    message = mark("Việc này đã ghi sổ với số tiền khác. Mời kiểm tra lại trước khi làm tiếp.")
