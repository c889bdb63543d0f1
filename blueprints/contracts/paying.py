"""Paying what falls due under a contract: what to transfer, and what has come."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.qr import qr_png, qr_svg
from marketplace.invoicing.queries import find_invoice_asking, get_due, kept_of, missing_of
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import NotFoundError
from marketplace.kernel.money import Money
from marketplace.payments.bank_transfer import TransferRequest
from marketplace.platform.formatting import money
from marketplace.platform.translation import gettext as _
from marketplace.workflows.paying_dues import transfer_of


@contracts.get("/<code>/<number>/tra/<reference>")
def pay_due(code: str, number: str, reference: str) -> ResponseReturnValue:
    """What to transfer, as long as something is missing; afterwards, what became of it."""
    actor, contract = own_contract(code, number)
    due = get_due(contract, reference, viewer=actor)
    asked = transfer_of(due)
    return render_template(
        "contracts/pay_due.html",
        code=code,
        contract=contract,
        due=due,
        invoice=find_invoice_asking(due),
        asked=asked,
        kept=Money(kept_of(due), due.currency),
        missing=missing_of(due),
        qr=qr_svg(asked.payload, _label(asked)) if asked else None,
        base=contract_url(code, number),
        list_url=contract_url(code),
        today=business_day(now()),
    )


@contracts.get("/<code>/<number>/tra/<reference>/ma-qr.png")
def due_code(code: str, number: str, reference: str) -> ResponseReturnValue:
    """The VietQR code as a picture, for whoever pays on the telephone that shows it."""
    actor, contract = own_contract(code, number)
    asked = transfer_of(get_due(contract, reference, viewer=actor))
    if asked is None:
        raise NotFoundError
    response = Response(qr_png(asked.payload), mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"vietqr-{reference}.png")
    return response


def _label(asked: TransferRequest) -> str:
    return _(
        "Mã VietQR: %(amount)s tới %(holder)s, nội dung %(reference)s",
        amount=money(asked.amount),
        holder=asked.holder_name,
        reference=asked.reference,
    )
