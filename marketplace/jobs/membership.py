"""Files of members and plots: reading them and writing them into the register."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

import structlog

from marketplace.jobs.registry import job
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import InvalidError
from marketplace.membership.files.features import FeatureReader, read_features, unknown_names
from marketplace.membership.files.reading import read_rows
from marketplace.membership.files.values import Problem, RowReader
from marketplace.membership.operations import importing, plot_files
from marketplace.platform.failpoints import failpoint
from marketplace.platform.transaction import transaction

CHUNK: Final = 500
"""After how many rows the page of an import may show that it goes on."""

log = structlog.get_logger(__name__)


@job("membership.read_import")
def read_import(*, import_id: int, **_newer: object) -> None:
    """Read a file that was brought in, some hundred rows in a transaction each.

    Safe to run twice: it begins anew, and a file that has been read is left alone.
    """
    with transaction():
        found = importing.find_to_read(import_id)
    if found is None:
        return
    data, province_code = found
    try:
        head, rows = read_rows(data)
    except InvalidError as error:
        _refuse(import_id, error)
        return
    reader = RowReader(head, province_code=province_code, today=business_day(now()))
    _read(import_id, reader, rows, unknown=(*head.unknown, *head.twice))
    with transaction():
        importing.finish_reading(import_id=import_id, at=now())


@job("membership.read_plots")
def read_plots(*, import_id: int, **_newer: object) -> None:
    """Read a file of plots in the same way."""
    with transaction():
        found = importing.find_to_read(import_id)
    if found is None:
        return
    try:
        features = read_features(found[0])
    except InvalidError as error:
        _refuse(import_id, error)
        return
    numbered = list(enumerate(features, start=1))
    _read(import_id, FeatureReader(), numbered, unknown=unknown_names(features))
    with transaction():
        plot_files.finish_reading_plots(import_id=import_id, at=now())


@job("membership.write_import")
def write_import(*, import_id: int, **_newer: object) -> None:
    """Write an import that somebody has looked at into the register, in one transaction.

    Safe to run twice: what has been written is left alone.
    """
    with transaction():
        written = importing.write_import(import_id=import_id, at=now())
        counts = (written.new_count, written.changed_count)
    log.info("register imported", import_id=import_id, new=counts[0], changed=counts[1])


@job("membership.write_plots")
def write_plots(*, import_id: int, **_newer: object) -> None:
    """Write a file of plots that somebody has looked at into the register, in one transaction.

    Safe to run twice: what has been written is left alone.
    """
    with transaction():
        written = plot_files.write_plots(import_id=import_id, at=now())
        counts = (written.new_count, written.changed_count)
    log.info("plots imported", import_id=import_id, new=counts[0], changed=counts[1])


def _read(
    import_id: int,
    reader: RowReader | FeatureReader,
    rows: Sequence[tuple[int, Any]],
    *,
    unknown: Sequence[str],
) -> None:
    with transaction():
        importing.begin_reading(import_id=import_id, row_count=len(rows), unknown_columns=unknown)
    for chunk in _chunks(rows):
        kept, problems = reader.read(chunk)
        with transaction():
            importing.keep_rows(import_id=import_id, rows=kept, problems=problems)
        failpoint("membership.after_chunk")


def _refuse(import_id: int, error: InvalidError) -> None:
    # Of the file as a whole; what its sentence may name is the row.
    problem = Problem(0, "", str(error.details.get("line", "")), error.message)
    with transaction():
        importing.refuse_file(import_id=import_id, problem=problem, at=now())


def _chunks(rows: Sequence[tuple[int, Any]]) -> Iterator[list[tuple[int, Any]]]:
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        yield chunk
