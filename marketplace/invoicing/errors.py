"""What invoicing refuses."""

from marketplace.kernel.errors import ConflictError, NotFoundError
from marketplace.kernel.translation import mark


class InvoiceNotFoundError(NotFoundError):
    """No such invoice, or one that the viewer must not know of."""

    code = "invoicing.invoice_not_found"
    message = mark("Không tìm thấy hoá đơn này.")


class DueNotFoundError(NotFoundError):
    """Nothing falls due under this reference, or the viewer must not know of it."""

    code = "invoicing.due_not_found"
    message = mark("Không tìm thấy khoản phải trả này.")


class DeliveryNotAcceptedError(ConflictError):
    """Only an accepted delivery is invoiced."""

    code = "invoicing.delivery_not_accepted"
    message = mark("Chuyến giao này chưa được nhận nên chưa lập hoá đơn.")
