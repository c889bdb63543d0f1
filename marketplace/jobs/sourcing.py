"""What requests for quotation need written, at once or when their hour comes."""

from datetime import datetime

from marketplace.jobs.registry import job
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction
from marketplace.workflows import request_mails, requesting


@job(requesting.TELL_INVITED)
def tell_invited(*, request_id: int, **_newer: object) -> None:
    """Write to the invited sellers. Safe to run twice: each letter has its key."""
    with transaction():
        request_mails.tell_invited(request_id=request_id, at=now())


@job(requesting.TELL_CHANGED)
def tell_changed(*, request_id: int, revision: int, **_newer: object) -> None:
    """Write what was changed. Safe to run twice."""
    with transaction():
        request_mails.tell_changed(request_id=request_id, revision=revision, at=now())


@job(requesting.TELL_ENDED)
def tell_ended(*, request_id: int, **_newer: object) -> None:
    """Write that a request is over. Safe to run twice."""
    with transaction():
        request_mails.tell_ended(request_id=request_id, at=now())


@job(requesting.TELL_ASKED)
def tell_asked(*, question_id: int, **_newer: object) -> None:
    """Write to the buyer that somebody asks. Safe to run twice."""
    with transaction():
        request_mails.tell_asked(question_id=question_id, at=now())


@job(requesting.TELL_ANSWERED)
def tell_answered(*, question_id: int, **_newer: object) -> None:
    """Write an answer to all who may quote. Safe to run twice."""
    with transaction():
        request_mails.tell_answered(question_id=question_id, at=now())


@job(requesting.REMIND)
def remind_invited(*, request_id: int, closes_at: str, **_newer: object) -> None:
    """Remind who was invited and has not answered. Safe to run twice."""
    with transaction():
        request_mails.remind_invited(
            request_id=request_id, closes_at=datetime.fromisoformat(closes_at), at=now()
        )


@job(requesting.TELL_CLOSED)
def tell_closed(*, request_id: int, closes_at: str, **_newer: object) -> None:
    """Tell the buyer that the quotes can be opened. Safe to run twice."""
    with transaction():
        request_mails.tell_closed(
            request_id=request_id, closes_at=datetime.fromisoformat(closes_at), at=now()
        )
