"""Private papers, sent so that nothing in them can act: whoever asks has been let in before."""

from typing import Final

from flask import Response

from marketplace.media.queries import paper_path
from models.media import MediaFile

SANDBOX: Final = "default-src 'none'; sandbox"
PDF: Final = "application/pdf"


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
