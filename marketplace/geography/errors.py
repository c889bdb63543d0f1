"""Refusals of places that do not exist."""

from marketplace.kernel.errors import InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class ProvinceNotFoundError(NotFoundError):
    """There is no province with this code or name in the address."""

    code = "geography.province_not_found"
    message = mark("Không có tỉnh, thành phố này.")


class RegionNotFoundError(NotFoundError):
    """There is no region with this id."""

    code = "geography.region_not_found"
    message = mark("Không có vùng này.")


class UnknownProvinceError(InvalidError):
    """An address names a province that does not exist."""

    code = "geography.unknown_province"
    message = mark("Mời chọn một tỉnh hoặc thành phố trong danh sách.")


class UnknownCommuneError(InvalidError):
    """An address names a commune that does not exist, or lies in another province."""

    code = "geography.unknown_commune"
    message = mark("Mời chọn một xã, phường hoặc đặc khu thuộc tỉnh, thành phố đã chọn.")
