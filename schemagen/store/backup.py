"""A copy of a database that a server may be writing to, as it stood at one commit."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from schemagen.store.errors import StoreError
from schemagen.store.snapshot import reading

PAGES_AT_ONCE = 1024
"""4 MB are copied at a time."""


def back_up(path: str, to: Path, progress: Callable[[int, int], None] = lambda *_: None) -> int:
    """Copy the database at `path` to a new file `to`, and return the commit it stands at.

    The copy is checked before it appears under its name, whole; if anything fails there is no such file. The writer
    never waits: all pages come from one read transaction. `progress` is told pages copied and pages in all. Raises
    FileExistsError if `to` is there, and `StoreError` if the database cannot be read or its copy is damaged.
    """
    if to.exists():
        raise FileExistsError(str(to))
    source, meta = reading(path)
    with closing(source), _unfinished(to) as copy:
        _copy(source, copy, progress)
        _check(path, copy)
        _flush(copy)
        shutil.copymode(path, copy)
        _publish(copy, to)
        _flush(to.parent)
    ts: int = meta.get("ts", 0)
    return ts


@contextlib.contextmanager
def _unfinished(to: Path) -> Iterator[Path]:
    """A name beside `to` for the copy until it is whole; gone afterwards."""
    descriptor, name = tempfile.mkstemp(prefix=f"{to.name}.", suffix=".part", dir=to.parent)
    os.close(descriptor)
    copy = Path(name)
    try:
        yield copy
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{copy}{suffix}").unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, copy: Path, progress: Callable[[int, int], None]) -> None:
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as target:
            target.execute("PRAGMA synchronous = OFF")  # it is flushed as a whole, once
            # The source is in a read transaction: without one every commit of the server would begin the copy anew.
            source.backup(
                target, pages=PAGES_AT_ONCE, progress=lambda _, left, total: progress(total - left, total), sleep=0
            )
    except sqlite3.Error as error:
        raise StoreError(f"the copy failed: {error}") from error


def _check(path: str, copy: Path) -> None:
    try:
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
    except sqlite3.DatabaseError as error:
        found = [str(error)]
    if found != ["ok"]:
        raise StoreError(f"the copy of {path} is damaged, and so is probably the database: {'; '.join(found)}")


def _publish(copy: Path, to: Path) -> None:
    """Give the copy its name, all at once. A link, unlike a renaming, never takes the place of another file."""
    try:
        os.link(copy, to)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if to.exists():
            raise FileExistsError(str(to)) from None
        copy.rename(to)


def _flush(path: Path) -> None:
    """Onto the disk, whatever happens to the machine next."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
