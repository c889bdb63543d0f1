"""Private papers: taken in with a form, and sent so that nothing in them can act."""

from typing import Final

from flask import Response
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField

from blueprints.forms import BaseForm, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.media.operations import MAX_BYTES, store_paper
from marketplace.media.queries import paper_path
from marketplace.platform.transaction import transaction
from models.media import MediaFile

SANDBOX: Final = "default-src 'none'; sandbox"
PDF: Final = "application/pdf"


class FormWithPaper(BaseForm):
    """A form that brings one paper. A refused form keeps it: nobody has to send it twice."""

    file = FileField()
    file_id = HiddenField()

    @property
    def kept_id(self) -> int | None:
        """The paper that came with the form, now or before."""
        kept = self.file_id.data or ""
        return int(kept) if kept.isdecimal() else None

    def validate_and_keep(self, actor: Actor, organisation_id: int) -> bool:
        """Check the form; its paper is stored for the organisation even if another field is wrong.

        Raises:
            NotAllowedError: the actor may not store papers of the organisation.
        """
        is_sound = bool(self.validate())
        sent = self.file.data
        if not isinstance(sent, FileStorage) or not sent:
            return is_sound
        try:
            with transaction():
                kept = store_paper(
                    actor=actor,
                    organisation_id=organisation_id,
                    data=sent.read(MAX_BYTES + 1),
                    name=sent.filename or "",
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(self, error)
            return False
        self.file_id.data = str(kept.id)
        self.file.description = kept.original_name
        return is_sound


def paper_response(paper: MediaFile, *, name: str = "") -> Response:
    """A paper under its own type: a photograph opens in the page, a PDF is kept as a file.

    Args:
        paper: a file of the kind paper that the reader may see.
        name: what the file is called; else as whoever sent it called it.

    Raises:
        FileNotFoundHereError: its bytes are gone.
    """
    response = Response(paper_path(paper).read_bytes(), mimetype=paper.content_type)
    response.headers.set(
        "Content-Disposition",
        "attachment" if paper.content_type == PDF else "inline",
        filename=name or paper.original_name or f"giay-chung-nhan-{paper.id}",
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
