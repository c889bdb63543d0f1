"""Refusals about cooperatives in unions."""

from marketplace.kernel.errors import InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class UnitNotFoundError(NotFoundError):
    """No such membership of this union or cooperative."""

    code = "membership.unit_not_found"
    message = mark("Không tìm thấy mục này trong liên hiệp.")


class CooperativeUnknownError(InvalidError):
    """No cooperative on the market has this code or tax code. Details: `field`."""

    code = "membership.cooperative_unknown"
    message = mark("Không có hợp tác xã nào trên chợ mang mã hoặc mã số thuế này.")


class LeavingDayError(InvalidError):
    """A membership that would end before it began, or in the future. Details: `field`."""

    code = "membership.leaving_day"
    message = mark("Ngày kết thúc phải từ ngày vào tới hôm nay.")
