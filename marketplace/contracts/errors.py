"""What contracts refuse, whatever part of them is concerned."""

from marketplace.kernel.errors import InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class ContractNotFoundError(NotFoundError):
    """No such contract, or one that the actor must not know about."""

    code = "contracts.contract_not_found"
    message = mark("Không tìm thấy hợp đồng này.")


class VersionNotFoundError(NotFoundError):
    """The contract has no such version, or the actor must not know of it yet."""

    code = "contracts.version_not_found"
    message = mark("Không tìm thấy bản này của hợp đồng.")


class TextTooLongError(InvalidError):
    """More than anybody reads. Details: `field`, `most`."""

    code = "contracts.text_too_long"
    message = mark("Viết gọn trong %(most)s ký tự.")
