"""Where the bytes lie.

    VAR_DIR/media/photos/<aa>/<sha256>-<width>.webp     public
    VAR_DIR/media/papers/<aa>/<sha256>.<ending>         private

`aa` are the first two digits of the hash. A file appears under its name only when it is whole: it
is written beside under a name of its own, flushed to the disk, and renamed.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from marketplace.platform.config import current_settings
from marketplace.platform.locking import lock_key

WIDTHS: Final = (400, 800, 1600)
"""The widths of a photo, in pixels. A photo that is narrower keeps its own width in each."""

ENDINGS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
"""The types of papers, and what their files end in."""

_PART: Final = ".part-"
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


def hold_hash(sha256: str) -> None:
    """Keep everybody else from writing or removing the files of these bytes until we commit."""
    lock_key("media", sha256)


def old_files(before: float) -> Iterator[tuple[str, Path]]:
    """The files that were last written before a moment, each with the hash in its name.

    What a process left half written has the hash "".

    Args:
        before: seconds since 1970.
    """
    for path in sorted(_root().glob("*/??/*")):
        try:
            is_old = path.stat().st_mtime < before
        except FileNotFoundError:
            continue  # somebody has just renamed or removed it
        named = re.match(r"([0-9a-f]{64})[-.]", path.name)
        if is_old and (named or path.name.startswith(_PART)):
            yield named[1] if named else "", path


def folder_of(path: Path) -> str:
    """Which kind of file lies there: "photos" or "papers"."""
    return path.relative_to(_root()).parts[0]


def write_whole(target: Path, data: bytes) -> None:
    """Put `data` under the name `target`: all of it or nothing, and once.

    Whoever writes the same name at the same time writes the same bytes.
    """
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=_PART, dir=target.parent)
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
