"""The invoices of a contract: the list, one of them, its paper. Both sides see the same."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from marketplace.accounts.permissions import Actor
from marketplace.contracts.access import side_of
from marketplace.invoicing.queries import deposits_of, get_invoice, invoices_of
from marketplace.kernel.clock import business_day, now
from marketplace.workflows import invoice_paper
from models.contracts import Contract, ContractSide


@contracts.get("/<code>/<number>/hoa-don")
def list_invoices(code: str, number: str) -> ResponseReturnValue:
    """What was invoiced under a contract, what came in, and the deposit."""
    actor, contract = own_contract(code, number)
    return render_template(
        "contracts/invoices.html",
        code=code,
        contract=contract,
        invoices=invoices_of(contract, viewer=actor),
        deposits=deposits_of(contract.id),
        **_shared(code, actor, contract),
    )


@contracts.get("/<code>/<number>/hoa-don/<invoice_number>")
def show_invoice(code: str, number: str, invoice_number: str) -> ResponseReturnValue:
    """An invoice as it was issued, with what has come in since."""
    actor, contract = own_contract(code, number)
    view = get_invoice(contract, invoice_number, viewer=actor)
    return render_template(
        "contracts/invoice.html",
        code=code,
        contract=contract,
        view=view,
        about=invoice_paper.about(view),
        sums=invoice_paper.sums(view),
        notes=invoice_paper.notes(view),
        kilograms=invoice_paper.kilograms,
        moisture_text=invoice_paper.moisture_text,
        grade_name=lambda grade: invoice_paper.grade_name(view, grade),
        **_shared(code, actor, contract),
    )


@contracts.get("/<code>/<number>/hoa-don/<invoice_number>.pdf")
def invoice_file(code: str, number: str, invoice_number: str) -> ResponseReturnValue:
    """The invoice as a PDF, to file and to print."""
    actor, contract = own_contract(code, number)
    view = get_invoice(contract, invoice_number, viewer=actor)
    response = Response(invoice_paper.invoice_paper(view), mimetype="application/pdf")
    name = f"hoa-don-{invoice_number}-{number}.pdf"
    response.headers.set("Content-Disposition", "inline", filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shared(code: str, actor: Actor, contract: Contract) -> dict[str, object]:
    return {
        "base": contract_url(code, contract.number),
        "list_url": contract_url(code),
        "is_buyer": side_of(contract, actor) == ContractSide.BUYER,
        "today": business_day(now()),
    }
