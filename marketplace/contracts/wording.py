"""The words of the choices that terms offer, and of their lines."""

from typing import Final

from marketplace.contracts.terms import Binding, Calling, Forum, InspectionPlace, Stage
from marketplace.kernel.translation import mark

BINDINGS: Final = {
    Binding.FIXED: mark("Đúng lượng này"),
    Binding.MINIMUM: mark("Ít nhất lượng này"),
    Binding.WHOLE_OUTPUT: mark("Toàn bộ sản lượng, dự kiến lượng này"),
}
CALLINGS: Final = {
    Calling.SCHEDULE: mark("Theo lịch giao trong hợp đồng"),
    Calling.CALL_OFF: mark("Bên mua gọi hàng khi cần"),
}
STAGES: Final = {
    Stage.INPUTS: mark("Cung ứng vật tư"),
    Stage.PRODUCTION: mark("Sản xuất, thu hoạch"),
    Stage.PROCESSING: mark("Sơ chế, chế biến"),
    Stage.SALE: mark("Tiêu thụ"),
}
FORUMS: Final = {
    Forum.COURT: mark("Toà án có thẩm quyền"),
    Forum.ARBITRATION: mark("Trung tâm Trọng tài Quốc tế Việt Nam (VIAC)"),
}
PLACES: Final = {
    InspectionPlace.FARM: mark("Tại ruộng, vườn, ao"),
    InspectionPlace.YARD: mark("Tại kho của bên bán"),
    InspectionPlace.BUYER: mark("Tại nơi nhận của bên mua"),
}
OPERATORS: Final = {"at_most": mark("không quá"), "at_least": mark("ít nhất")}
