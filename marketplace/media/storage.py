"""Where the bytes lie.

    VAR_DIR/media/photos/<aa>/<sha256>-<width>.webp     public
    VAR_DIR/media/papers/<aa>/<sha256>.<ending>         private

`aa` are the first two digits of the hash. A file appears under its name only when it is whole: it
is written beside under a name of its own, flushed to the disk, and renamed.
"""

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from marketplace.platform.config import current_settings

WIDTHS: Final = (400, 800, 1600)
"""The widths of a photo, in pixels. A photo that is narrower keeps its own width in each."""

ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""The types of papers, and what their files end in."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def is_hash(text: str) -> bool:
    """Whether `text` can be the name of a file: 64 hexadecimal digits, nothing of a path."""
    return _SHA256.fullmatch(text) is not None


def photo_file(sha256: str, width: int) -> Path:
    """Where a variant of a photo lies, or would lie.

    Raises:
        ValueError: that is no hash, or no width we keep.
    """
    if not is_hash(sha256) or width not in WIDTHS:
        raise ValueError("no photo has such a name")
    return _root() / "photos" / sha256[:2] / f"{sha256}-{width}.webp"


def paper_file(sha256: str, content_type: str) -> Path:
    """Where a paper lies, or would lie.

    Raises:
        ValueError: that is no hash, or no type of paper.
    """
    if not is_hash(sha256) or content_type not in ENDINGS:
        raise ValueError("no paper has such a name")
    return _root() / "papers" / sha256[:2] / f"{sha256}.{ENDINGS[content_type]}"


def write_whole(target: Path, data: bytes) -> None:
    """Put `data` under the name `target`: all of it or nothing, and once.

    Whoever writes the same name at the same time writes the same bytes.
    """
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(0o640)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _root() -> Path:
    return current_settings().media_dir
