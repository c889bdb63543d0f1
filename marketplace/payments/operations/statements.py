"""Taking a statement's lines in, each once however often a file brings it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments import queries
from marketplace.payments.statements.parsing import Statement, StatementLine
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.payments import BankLine, BankLineOutcome, BankStatement


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A statement that was read, and the name of its file."""

    name: str
    statement: Statement


def add_statement(*, actor: Actor, file: StatementFile, at: datetime) -> BankStatement:
    """Take the lines of a statement of the collecting account in; those known already stay.

    New lines are pending: `workflows.settlement` puts them to their orders one by one.

    Raises:
        NotAllowedError: the actor is not the operator.
        NoCollectingAccountError: there is no account that the statement could be of.
    """
    account = queries.collecting_account()
    authorize(actor, Permission.STATEMENT_IMPORT, account)
    # Two people with one file: the second waits, then finds all lines known.
    lock_key("bank-statement", account.id)
    lines = file.statement.lines
    row = BankStatement(
        bank_account_id=account.id,
        file_name=file.name[:200],
        sha256=file.statement.sha256,
        line_count=len(lines),
        new_count=0,
        imported_at=at,
        imported_by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    if lines:
        row.new_count = _add_lines(account.id, row.id, lines)
    audit.record(
        actor=actor,
        action="payments.import_statement",
        subject_kind="bank_statement",
        subject_id=row.id,
        at=at,
        after={
            "file_name": row.file_name,
            "line_count": row.line_count,
            "new_count": row.new_count,
        },
    )
    session.flush()
    return row


def _add_lines(account_id: int, statement_id: int, lines: tuple[StatementLine, ...]) -> int:
    added = session.scalars(
        insert(BankLine).on_conflict_do_nothing().returning(BankLine.id),
        [
            {
                "bank_account_id": account_id,
                "statement_id": statement_id,
                "fingerprint": line.fingerprint,
                "bank_reference": line.bank_reference,
                "booked_at": line.booked_at,
                "amount_minor": line.minor,
                "currency": "VND",
                "description": line.description,
                "raw": line.raw,
                "outcome": BankLineOutcome.PENDING,
            }
            for line in lines
        ],
    )
    return len(added.all())
