"""What approving and signing refuse."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class DocumentNotFoundError(NotFoundError):
    """The version has no paper: the sides have not agreed to it."""

    code = "contracts.document_not_found"
    message = mark("Bản này chưa có văn bản: hai bên chưa thống nhất.")


class DocumentChangedError(ConflictError):
    """The stored bytes are not those whose hash was kept."""

    code = "contracts.document_changed"
    message = mark(
        "Tệp hợp đồng không khớp mã băm đã lưu, nên không mở và không ký được. "
        "Mời gọi 1900 1234 để được kiểm tra."
    )


class NothingToSignError(ConflictError):
    """The version is not the one that waits for approvals and signatures."""

    code = "contracts.nothing_to_sign"
    message = mark(
        "Bản này không chờ ký: hai bên chưa thống nhất, hoặc đã có bản khác. Mời xem lại hợp đồng."
    )


class OtherDocumentError(ConflictError):
    """The person read another paper than the one that is to be signed."""

    code = "contracts.other_document"
    message = mark("Văn bản bạn đã đọc không phải văn bản đang chờ ký. Mời mở lại trang và đọc.")


class ApprovalMissingError(ConflictError):
    """The enterprise wants more of its directors to approve first. Details: `missing`."""

    code = "contracts.approval_missing"
    message = mark("Còn thiếu %(missing)s giám đốc duyệt trong nội bộ trước khi bên mua ký.")


class SideOffMarketError(ConflictError):
    """One of the two was suspended or closed by its alliance. Details: `name`."""

    code = "contracts.side_off_market"
    message = mark("%(name)s đang bị tạm dừng hoặc đã đóng, nên chưa ký được.")


class SessionNotFreshError(ConflictError):
    """Who signs has not proved a short while ago who they are."""

    code = "contracts.session_not_fresh"
    message = mark("Cần xác nhận lại là bạn trước khi ký.")


class PositionError(InvalidError):
    """Nothing, or too much, where the position of who signs belongs. Details: `field`, `most`."""

    code = "contracts.wrong_position"
    message = mark("Ghi chức vụ của người ký, nhiều nhất %(most)s ký tự.")


class LimitError(InvalidError):
    """An amount below nothing, or beyond sense. Details: `field`."""

    code = "contracts.wrong_limit"
    message = mark("Hạn mức từ 0 tới 1.000.000 tỷ đồng.")


class LimitOrderError(InvalidError):
    """Two approvals would be wanted for less than one. Details: `field`."""

    code = "contracts.wrong_limit_order"
    message = mark("Mức cần hai giám đốc phải cao hơn mức cần một giám đốc.")


class TooFewDirectorsError(InvalidError):
    """The enterprise has fewer directors than it wants to approve. Details: `field`."""

    code = "contracts.too_few_directors"
    message = mark("Doanh nghiệp chưa có hai giám đốc để cùng duyệt. Mời thêm người trước.")
