"""Taking files in.

Whoever writes bytes, or goes on with a row that is there, holds the name of their hash until the
transaction ends; `media.sweeping` holds it while it removes. So nothing is removed under the hands
of somebody who has just brought it.
"""

import hashlib
import unicodedata
from collections.abc import Collection
from datetime import datetime
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import func, select, update

from marketplace.accounts.permissions import Actor
from marketplace.media.errors import FileMissingError, FileTooLargeError, UploadQuotaError
from marketplace.media.papers import Paper, check_paper
from marketplace.media.photos import Drawn, draw_photo
from marketplace.media.storage import (
    WIDTHS,
    hold_hash,
    paper_file,
    photo_file,
    write_whole,
)
from marketplace.platform.config import current_settings
from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.platform.locking import lock_key
from models.media import FileKind, MediaFile

MAX_BYTES: Final = 10 * 1024 * 1024
NAME_LENGTH: Final = 200


def store_photo(  # noqa: PLR0913 - a file and whose it is; drawing may have been done before
    *,
    actor: Actor,
    organisation_id: int,
    data: bytes,
    name: str,
    at: datetime,
    drawn: Drawn | None = None,
) -> MediaFile:
    """Keep a photo of an organisation in all widths, for everybody to see.

    The same bytes again give the same row. Whether the actor may use the photo is for the
    operation that puts it somewhere.

    Args:
        actor: who brought it.
        organisation_id: whose it is.
        data: what was uploaded.
        name: what the file was called; kept for people, never used as a path.
        at: when.
        drawn: what `draw_photo` made of `data`, by somebody with many photos at once.

    Raises:
        FileMissingError, FileTooLargeError: nothing, or more than 10 MB.
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: see there.
        UploadQuotaError: the organisation has no room left.
    """
    sha256 = _checked_hash(data, field="file")
    if _find(organisation_id, FileKind.PHOTO, sha256) is None:
        drawn = drawn or draw_photo(data)  # before the name is held: drawing takes its time
    hold_hash(sha256)
    known = _brought_again(organisation_id, FileKind.PHOTO, sha256, at)
    if known is not None and all(photo_file(sha256, width).exists() for width in WIDTHS):
        return known
    drawn = drawn or draw_photo(data)
    size = sum(map(len, drawn.variants.values()))
    if known is None:
        _require_room(organisation_id, size)
    for width, variant in drawn.variants.items():
        write_whole(photo_file(sha256, width), variant)
    failpoint("media.after_photo_files")
    if known is not None:
        return known
    return _add(
        MediaFile(
            organisation_id=organisation_id,
            kind=FileKind.PHOTO,
            sha256=sha256,
            content_type="image/webp",
            byte_size=size,
            width=drawn.width,
            height=drawn.height,
            original_name=_plain_name(name),
            created_at=at,
            created_by_id=actor.user_id,
        )
    )


def store_paper(
    *, actor: Actor, organisation_id: int, data: bytes, name: str, at: datetime
) -> MediaFile:
    """Keep a paper of an organisation (PDF, JPEG, PNG), for those with a right to see it.

    Arguments and repetition as for `store_photo`.

    Raises:
        FileMissingError, FileTooLargeError: nothing, or more than 10 MB.
        NotAPaperError, PaperUnsafeError: see there.
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: of photographs.
        UploadQuotaError: the organisation has no room left.
    """
    sha256 = _checked_hash(data, field="file")
    known = _find(organisation_id, FileKind.PAPER, sha256)
    paper = check_paper(data) if known is None else None
    hold_hash(sha256)
    known = _brought_again(organisation_id, FileKind.PAPER, sha256, at)
    if known is not None and paper_file(sha256, known.content_type).exists():
        return known
    paper = paper or check_paper(data)
    if known is None:
        _require_room(organisation_id, len(paper.data))
    write_whole(paper_file(sha256, paper.content_type), paper.data)
    failpoint("media.after_paper_file")
    if known is not None:
        return known
    return _add(
        MediaFile(
            organisation_id=organisation_id,
            kind=FileKind.PAPER,
            sha256=sha256,
            content_type=paper.content_type,
            byte_size=len(paper.data),
            width=paper.width,
            height=paper.height,
            original_name=_plain_name(name),
            created_at=at,
            created_by_id=actor.user_id,
        )
    )


def store_loose_paper(*, actor: Actor, data: bytes, name: str, at: datetime) -> MediaFile:
    """Keep a paper of somebody who has no organisation here yet; whoever asks for it counts room.

    Each call makes a row: the same bytes from two strangers are two files with two names.

    Args:
        actor: who brought it, if that is known.
        data: what was uploaded.
        name: what the file was called.
        at: when.

    Raises:
        FileMissingError, FileTooLargeError: nothing, or more than 10 MB.
        NotAPaperError, PaperUnsafeError: see there.
        NotAPhotoError, PhotoDamagedError, PhotoTooLargeError, PhotoTooSmallError: of photographs.
    """
    sha256 = _checked_hash(data, field="file")
    return _add_loose(actor, sha256, check_paper(data), name, at)


def store_typeset(*, actor: Actor, data: bytes, name: str, at: datetime) -> MediaFile:
    """Keep a PDF that we have typeset ourselves; it belongs to no organisation.

    It is not searched for what strangers hide in a PDF: compressed bytes can look like that by
    chance, and ours are wanted exactly as they are. Nobody's room is counted.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    return _add_loose(actor, sha256, Paper("application/pdf", data), name, at)


def _add_loose(actor: Actor, sha256: str, paper: Paper, name: str, at: datetime) -> MediaFile:
    hold_hash(sha256)
    write_whole(paper_file(sha256, paper.content_type), paper.data)
    failpoint("media.after_loose_paper_file")
    return _add(
        MediaFile(
            organisation_id=None,
            kind=FileKind.PAPER,
            sha256=sha256,
            content_type=paper.content_type,
            byte_size=len(paper.data),
            width=paper.width,
            height=paper.height,
            original_name=_plain_name(name),
            created_at=at,
            created_by_id=actor.user_id,
        )
    )


def give_to(*, organisation_id: int, file_ids: Collection[int]) -> int:
    """Let loose papers belong to an organisation from now on; returns how many did not yet.

    They count against its room, but are not refused for want of it: they are here already.
    """
    changed = session.scalars(
        update(MediaFile)
        .where(MediaFile.id.in_(file_ids), MediaFile.organisation_id.is_(None))
        .values(organisation_id=organisation_id)
        .returning(MediaFile.id)
    )
    return len(changed.all())


def _checked_hash(data: bytes, *, field: str) -> str:
    if not data:
        raise FileMissingError(field=field)
    if len(data) > MAX_BYTES:
        raise FileTooLargeError(field=field, limit_mb=MAX_BYTES // 1024**2)
    return hashlib.sha256(data).hexdigest()


def _find(organisation_id: int, kind: FileKind, sha256: str) -> MediaFile | None:
    return session.scalars(
        select(MediaFile)
        .where(
            MediaFile.organisation_id == organisation_id,
            MediaFile.kind == kind,
            MediaFile.sha256 == sha256,
        )
        .order_by(MediaFile.id)
        .limit(1)
    ).first()


def _brought_again(
    organisation_id: int, kind: FileKind, sha256: str, at: datetime
) -> MediaFile | None:
    """The row that is there already, which now counts as brought at `at`."""
    known = _find(organisation_id, kind, sha256)
    if known is not None:
        known.created_at = max(known.created_at, at)
        session.flush()
    return known


def _require_room(organisation_id: int, size: int) -> None:
    """Refuse more than an organisation may have; one upload of it at a time is counted."""
    lock_key("media-room", organisation_id)
    used = session.scalar(
        select(func.coalesce(func.sum(MediaFile.byte_size), 0)).where(
            MediaFile.organisation_id == organisation_id
        )
    )
    limit_mb = current_settings().upload_quota_mb
    if int(used or 0) + size > limit_mb * 1024**2:
        raise UploadQuotaError(field="file", limit_mb=limit_mb)


def _add(file: MediaFile) -> MediaFile:
    session.add(file)
    session.flush()
    return file


def _plain_name(name: str) -> str:
    """The last part of a name, without what cannot be shown, cut to what the column holds."""
    last = PurePosixPath(name.replace("\\", "/").replace("\x00", "")).name
    shown = "".join(
        letter
        for letter in unicodedata.normalize("NFC", last)
        if unicodedata.category(letter)[0] != "C"
    )
    return shown.lstrip(".")[:NAME_LENGTH]
