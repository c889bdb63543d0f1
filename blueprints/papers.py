"""Private papers, sent so that nothing in them can act: whoever asks has been let in before."""

from typing import Final

from flask import Response, send_file

from marketplace.media.queries import paper_path
from models.media import MediaFile

SANDBOX: Final = "default-src 'none'; sandbox"
PDF: Final = "application/pdf"


def paper_response(paper: MediaFile) -> Response:
    """A paper under its own type: a photograph opens in the page, a PDF is kept as a file.

    Args:
        paper: a file of the kind paper that the reader may see.

    Raises:
        FileNotFoundHereError: its bytes are gone.
    """
    response = send_file(
        paper_path(paper),
        mimetype=paper.content_type,
        as_attachment=paper.content_type == PDF,
        download_name=paper.original_name or f"giay-chung-nhan-{paper.id}",
        etag=paper.sha256,
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response
