"""Asking a live database whether its documents fit: the engine's own evolution is tried on a copy."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from schemagen.check.documents import Documents, judged_by_documents
from schemagen.cli.database import database_mistakes
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.store.tables import quoted

if TYPE_CHECKING:
    from schemagen.check.changes import Change
    from schemagen.cli.revision import Revision
    from schemagen.introspect import Backend
    from schemagen.store.examining import Examination


def judged_by_database(changes: Iterable[Change], after: Revision, database: str) -> tuple[Change, ...]:
    """The changes, those to stored data judged by what is stored. Raises `CommandError`.

    The database is only read, and may be in use: a copy of it, as it stands at one commit, is tried and thrown away.
    """
    if after.backend is None:
        raise _mistake(
            f"{after.name} is no backend that can be imported",
            "how stored documents follow the new schema depends on the backend: its defaults and its migrations",
            "compare with a backend's folder, or leave NEW out; then --database can be asked",
        )
    with tempfile.TemporaryDirectory(prefix="schemagen-") as folder, database_mistakes(database):
        copy = Path(folder, "copy.db")
        _copy(database, copy)
        found = _examined(after.backend, copy)
        documents = Documents(
            database,
            _counts(copy, after),
            {misfit.place: misfit.problem for misfit in found.refused},
            {misfit.place: misfit.problem for misfits in found.waiting.values() for misfit in misfits},
        )
    return judged_by_documents(changes, documents, after.contract)


def _copy(database: str, copy: Path) -> None:
    from schemagen.engine.opening import database_path
    from schemagen.store.backup import back_up

    path = database_path(database)
    if path is None or not Path(path).is_file():
        why = "the documents in it are asked whether they fit"
        raise _mistake(f"{database}: there is no such database", why, "name its file: sqlite:///crm.db")
    back_up(path, copy)


def _examined(backend: Backend, copy: Path) -> Examination:
    import logging

    from schemagen.engine.evolving import examine_database

    log = logging.getLogger("schemagen")
    before, log.disabled = log.disabled, True  # what the engine would log of the copy is said by the report
    try:
        return examine_database(backend.contract, backend.tables, f"sqlite:///{copy}", backend.migrations)
    finally:
        log.disabled = before


def _counts(copy: Path, after: Revision) -> dict[str, int]:
    """Documents by table, under the name that it has now."""
    now = {former: table.name for table in after.contract.tables for former in table.renamed_from}
    with closing(sqlite3.connect(copy)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = {
            now.get(name, name): connection.execute(f"SELECT COUNT(*) FROM {quoted(name)}").fetchone()[0]
            for name in names
            if not name.startswith(("_", "sqlite_")) and "." not in name
        }
    return counts


def _mistake(message: str, why: str, fix: str) -> CommandError:
    return CommandError(Mistake("diff_database", message, why, fix))
