"""Finding and removing what nobody uses: rows that nothing refers to, bytes that no row names.

A row is left alone for two days after somebody has brought the file: a form with a mistake keeps
the uploaded paper by its row until it is sent again. A file is left alone as long, for its row may
not be committed yet.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import ARRAY, ColumnElement, Text, any_, cast, delete, select

from marketplace.media.storage import folder_of, hold_hash, old_files
from marketplace.platform.database import session
from models.base import Base
from models.catalogue import Product
from models.media import FileKind, MediaFile

LEFT_ALONE: Final = timedelta(hours=48)
FOLDERS: Final = {"photos": FileKind.PHOTO, "papers": FileKind.PAPER}


def unused_files(at: datetime) -> list[tuple[int, str]]:
    """Rows that nothing refers to and nobody has brought lately: their ids and hashes."""
    found = session.execute(
        select(MediaFile.id, MediaFile.sha256).where(*_is_unused(at)).order_by(MediaFile.id)
    )
    return [(row.id, row.sha256) for row in found]


def remove_row(*, file_id: int, sha256: str, at: datetime) -> bool:
    """Remove the row of a file unless somebody has begun to use it. Its bytes go as strays.

    Args:
        file_id: which row.
        sha256: its hash.
        at: when.

    Returns:
        Whether it is gone.
    """
    hold_hash(sha256)
    gone = session.scalars(
        delete(MediaFile).where(MediaFile.id == file_id, *_is_unused(at)).returning(MediaFile.id)
    )
    return gone.first() is not None


def stray_files(at: datetime) -> dict[str, list[Path]]:
    """Old files that no row names, by hash; half-written ones stand under ""."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for sha256, path in old_files((at - LEFT_ALONE).timestamp()):
        found[sha256].append(path)
    named = _named(found.keys())
    strays = {
        sha256: [path for path in paths if (FOLDERS.get(folder_of(path)), sha256) not in named]
        for sha256, paths in found.items()
    }
    return {sha256: paths for sha256, paths in strays.items() if paths}


def remove_strays(*, sha256: str, paths: Collection[Path]) -> int:
    """Remove files of `stray_files` unless a row names them by now.

    Args:
        sha256: their hash; "" for half-written ones.
        paths: where they are.

    Returns:
        How many were removed.
    """
    hold_hash(sha256)
    named = _named([sha256])
    removed = 0
    for path in paths:
        if (FOLDERS.get(folder_of(path)), sha256) not in named:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _is_unused(at: datetime) -> list[ColumnElement[bool]]:
    """Whether nothing refers to a row: no foreign key of any table, and no product's cover."""
    refers = [
        select(column).where(column == MediaFile.id).exists()
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == MediaFile.__tablename__ for key in column.foreign_keys)
    ]
    is_cover = select(Product.id).where(Product.cover_sha256 == MediaFile.sha256).exists()
    return [MediaFile.created_at < at - LEFT_ALONE, ~is_cover, *(~each for each in refers)]


def _named(hashes: Collection[str]) -> set[tuple[str | None, str]]:
    """The kinds and hashes that rows name, of these hashes."""
    rows = session.execute(
        select(MediaFile.kind, MediaFile.sha256).where(
            MediaFile.sha256 == any_(cast(list(hashes), ARRAY(Text)))
        )
    )
    return {(row.kind, row.sha256) for row in rows}
