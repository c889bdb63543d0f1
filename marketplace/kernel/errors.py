"""The kinds of refusal.

A sub-domain subclasses one of the kinds below, gives it a `code` that never changes and a
`message` (a marked Vietnamese sentence; named parameters such as `%(number)s` are filled from the
details), and puts what a caller may need to know in keyword arguments. The edge
(blueprints.errors, the job worker, the command line) decides what a kind looks like there;
nothing in this module knows about HTTP.
"""

from typing import ClassVar

from marketplace.kernel.translation import mark


class DomainError(Exception):
    """A request that was understood and refused. Not a bug.

    Attributes:
        code: Names the refusal for machines; unique and never changed.
        message: The sentence for people, to be translated at the edge.
        details: What the caller may need to know, by name.
    """

    code: ClassVar[str] = "refused"
    message: ClassVar[str] = mark("Không thực hiện được việc này.")

    def __init__(self, **details: object) -> None:
        super().__init__(self.code)
        self.details = details

    def __str__(self) -> str:
        """The code and the details, for the log."""
        if not self.details:
            return self.code
        return f"{self.code} {self.details}"


class NotFoundError(DomainError):
    """The thing does not exist, or must not be seen to exist."""

    code = "not_found"
    message = mark("Không tìm thấy nội dung này.")


class ForbiddenError(DomainError):
    """The actor may not do this to that."""

    code = "forbidden"
    message = mark("Bạn không có quyền làm việc này.")


class InvalidError(DomainError):
    """The request can never succeed as it stands."""

    code = "invalid"
    message = mark("Thông tin gửi lên chưa đúng.")


class ConflictError(DomainError):
    """The request clashes with the present state; another time it might do."""

    code = "conflict"
    message = mark("Dữ liệu vừa thay đổi. Mời tải lại trang rồi thử lại.")


class UnavailableError(DomainError):
    """Something we depend on did not answer; trying again may help."""

    code = "unavailable"
    message = mark("Dịch vụ đang tạm gián đoạn. Mời thử lại sau ít phút.")
