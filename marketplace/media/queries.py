"""Finding files again."""

from pathlib import Path

from marketplace.media.errors import FileNotFoundHereError
from marketplace.media.storage import WIDTHS, is_hash, paper_file, photo_file
from models.media import MediaFile


def photo_path(sha256: str, width: int) -> Path:
    """Where a variant of a photo lies. Asks the disk, not the database: photos are public.

    Raises:
        FileNotFoundHereError: there is no such photo, or no such width.
    """
    if not is_hash(sha256) or width not in WIDTHS:
        raise FileNotFoundHereError
    path = photo_file(sha256, width)
    if not path.is_file():
        raise FileNotFoundHereError
    return path


def paper_path(paper: MediaFile) -> Path:
    """Where a paper lies. Whether the reader may see it has been asked before.

    Raises:
        FileNotFoundHereError: its bytes are gone.
    """
    path = paper_file(paper.sha256, paper.content_type)
    if not path.is_file():
        raise FileNotFoundHereError
    return path
