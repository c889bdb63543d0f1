"""The statement of a contract: the same page and the same file for both sides."""

from typing import Final

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.kept import kept
from marketplace.reporting.statement import statement_of
from marketplace.reporting.statement_report import (
    DELIVERY_WORDS,
    DUE_WORDS,
    KIND_WORDS,
    statement_file,
)

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@contracts.get("/<code>/<number>/doi-chieu")
def show_statement(code: str, number: str) -> ResponseReturnValue:
    """Promised, delivered, accepted, invoiced and paid, delivery by delivery."""
    actor, contract = own_contract(code, number)
    statement = statement_of(contract, viewer=actor)
    _data, digest = statement_file(statement)
    base = contract_url(code, number)

    def draw() -> str:
        return render_template(
            "contracts/_statement.html",
            code=code,
            statement=statement,
            digest=digest,
            base=base,
            kind_words=KIND_WORDS,
            due_words=DUE_WORDS,
            delivery_words=DELIVERY_WORDS,
        )

    # Two hundred deliveries take longer to draw than to read; the hash stands for all they say.
    body = kept("statement", (digest, base), draw)
    return render_template("contracts/statement.html", number=number, body=body)


@contracts.get("/<code>/<number>/doi-chieu.xlsx")
def statement_workbook(code: str, number: str) -> ResponseReturnValue:
    """The statement as a workbook; its hash stands in the answer's header, too."""
    actor, contract = own_contract(code, number)
    data, digest = statement_file(statement_of(contract, viewer=actor))
    response = Response(data, content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"doi-chieu-{number}.xlsx")
    response.headers["X-Content-SHA256"] = digest
    response.headers["Cache-Control"] = "private, no-store"
    return response
