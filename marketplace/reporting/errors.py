"""How reports refuse."""

from marketplace.kernel.errors import InvalidError
from marketplace.kernel.translation import mark


class MonthUnreadableError(InvalidError):
    """A month is written YYYY-MM."""

    code = "reporting.month_unreadable"
    message = mark("Không đọc được tháng “%(text)s”. Viết như 2026-11.")


class PeriodInvalidError(InvalidError):
    """A period runs forward and covers at most five years."""

    code = "reporting.period_invalid"
    message = mark("Kỳ báo cáo phải đi từ tháng trước tới tháng sau, nhiều nhất 60 tháng.")
