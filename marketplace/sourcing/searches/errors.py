"""What kept searches refuse."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class SearchNotFoundError(NotFoundError):
    """No such search, or one of another buyer."""

    code = "sourcing.search_not_found"
    message = mark("Không tìm thấy lượt tìm đã lưu này.")


class SearchNameMissingError(InvalidError):
    """A search that is kept has a name. Details: `field`."""

    code = "sourcing.search_name_missing"
    message = mark("Đặt tên để sau này dễ nhận ra, ví dụ “Cà phê Tây Nguyên vụ mới”.")


class SearchTooLongError(InvalidError):
    """The address of the search is longer than what is kept."""

    code = "sourcing.search_too_long"
    message = mark("Lượt tìm này có quá nhiều điều kiện để lưu. Mời bỏ bớt.")


class TooManySearchesError(ConflictError):
    """A buyer keeps so many searches already."""

    code = "sourcing.too_many_searches"
    message = mark("Đã lưu nhiều lượt tìm quá. Mời xoá bớt lượt không dùng nữa.")
