"""What can go wrong when buyers search for supply."""

from marketplace.kernel.errors import ForbiddenError
from marketplace.kernel.translation import mark


class NotVerifiedError(ForbiddenError):
    """The alliance has not verified the buyer."""

    code = "reporting.buyer_not_verified"
    message = mark("Liên minh chưa xác minh doanh nghiệp này nên chưa tìm nguồn hàng được.")
