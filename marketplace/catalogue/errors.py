"""What the catalogue refuses."""

from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.kernel.translation import mark


class ProductNotFoundError(NotFoundError):
    """No such product, or somebody else's."""

    code = "catalogue.product_not_found"
    message = mark("Không tìm thấy sản phẩm này.")


class PackNotFoundError(NotFoundError):
    """No such pack, or of another product."""

    code = "catalogue.pack_not_found"
    message = mark("Không tìm thấy quy cách này.")


class PhotoNotFoundError(NotFoundError):
    """No such photo, or of another product."""

    code = "catalogue.photo_not_found"
    message = mark("Không tìm thấy ảnh này.")


class NotASellerError(ConflictError):
    """This kind of organisation buys or watches, it does not sell."""

    code = "catalogue.not_a_seller"
    message = mark("Chỉ hợp tác xã, liên hiệp và tổ hợp tác bán hàng trên chợ.")


class NameMissingError(InvalidError):
    """A thing without a name. Details: `field`."""

    code = "catalogue.name_missing"
    message = mark("Nhập tên.")


class NameTakenError(ConflictError):
    """The cooperative has a product of this name. Details: `field`, `product_id`."""

    code = "catalogue.name_taken"
    message = mark("Đã có sản phẩm khác mang tên này. Mời đặt tên phân biệt được.")


class UnknownCategoryError(InvalidError):
    """There is no such category. Details: `field`."""

    code = "catalogue.unknown_category"
    message = mark("Mời chọn một nhóm hàng trong danh sách.")


class UnknownPlaceError(InvalidError):
    """There is no such province, or no such commune in it. Details: `field`."""

    code = "catalogue.unknown_place"
    message = mark("Mời chọn tỉnh, rồi chọn xã hoặc phường thuộc tỉnh ấy.")


class WrongSeasonError(InvalidError):
    """A season is twelve digits from 0 to 3. Details: `field`."""

    code = "catalogue.wrong_season"
    message = mark("Mời chọn mức hàng cho đủ 12 tháng.")


class PriceNotPositiveError(InvalidError):
    """A price of nothing or less. Details: `field`."""

    code = "catalogue.price_not_positive"
    message = mark("Giá phải lớn hơn 0 ₫.")


class PriceTooHighError(InvalidError):
    """A price with a digit too many. Details: `field`."""

    code = "catalogue.price_too_high"
    message = mark("Giá này cao bất thường. Mời kiểm tra lại số 0.")


class CurrencyChangedError(ConflictError):
    """A pack keeps the currency that it was first offered in. Details: `field`."""

    code = "catalogue.currency_changed"
    message = mark("Quy cách này chỉ bán bằng loại tiền đã chọn ban đầu.")


class WeightOutOfRangeError(InvalidError):
    """A pack weighs from 1 g to 10 tonnes. Details: `field`."""

    code = "catalogue.weight_out_of_range"
    message = mark("Khối lượng tịnh phải từ 1 g đến 10 tấn.")


class WeightFixedError(ConflictError):
    """Buyers have seen the pack with its weight. Details: `field`."""

    code = "catalogue.weight_fixed"
    message = mark(
        "Sản phẩm đã lên chợ nên không đổi khối lượng của quy cách được. "
        "Mời thêm quy cách mới rồi ngừng bán quy cách này."
    )


class PackNameTakenError(ConflictError):
    """The product has such a pack. Details: `field`."""

    code = "catalogue.pack_name_taken"
    message = mark("Sản phẩm đã có quy cách này.")


class TooManyPacksError(ConflictError):
    """More sizes than a page can show. Details: `field`, `limit`."""

    code = "catalogue.too_many_packs"
    message = mark("Mỗi sản phẩm có nhiều nhất %(limit)s quy cách đang bán.")


class GtinWrongError(InvalidError):
    """No GTIN, or one with a wrong check digit. Details: `field`."""

    code = "catalogue.gtin_wrong"
    message = mark("Mã vạch chưa đúng: số cuối cùng không khớp. Mời đọc lại trên bao bì.")


class GtinTakenError(ConflictError):
    """Another pack has it. Details: `field`."""

    code = "catalogue.gtin_taken"
    message = mark("Mã vạch này đang dùng cho một quy cách khác.")


class LastPackError(ConflictError):
    """A product on the market has at least one pack."""

    code = "catalogue.last_pack"
    message = mark(
        "Đây là quy cách cuối cùng đang bán. "
        "Muốn dừng hẳn, mời bấm “Ngừng bán sản phẩm” ở trang sản phẩm."
    )


class TooManyPhotosError(ConflictError):
    """More photos than a page can show. Details: `field`, `limit`."""

    code = "catalogue.too_many_photos"
    message = mark("Mỗi sản phẩm có nhiều nhất %(limit)s ảnh.")


class LastPhotoError(ConflictError):
    """A product on the market has at least one photo."""

    code = "catalogue.last_photo"
    message = mark("Sản phẩm đang bán cần ít nhất một ảnh. Mời thêm ảnh khác trước khi gỡ.")


class NotPublishableError(ConflictError):
    """Something is missing for publication. Details: `missing`, a tuple of `rules.Missing`."""

    code = "catalogue.not_publishable"
    message = mark("Còn thiếu thông tin nên chưa đăng bán được.")
