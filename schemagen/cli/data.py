"""`schemagen data`: documents out of a database, into one, and a copy of a database that is being served."""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from schemagen.cli.data_folder import SUFFIX, DataFolder, DataManifest, finish, new_folder, write_table
from schemagen.cli.meter import Meter
from schemagen.cli.mistake import CommandError, Mistake, did_you_mean
from schemagen.cli.options import DatabaseFile, Project
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.engine.importing import Import
    from schemagen.introspect import Backend
    from schemagen.store.snapshot import Snapshot
    from schemagen.wire.codec import Codec

MISTAKES_MAX = 20
"""So many documents that do not fit are shown; then the rest of the files is not read."""

EXPORT_EPILOG = "Example: schemagen data export --table contacts --table companies --out contacts-2026-01"
IMPORT_EPILOG = "Example: schemagen data import contacts-2026-01 --replace"
BACKUP_EPILOG = "Example: schemagen data backup backups/crm-2026-01-31.db"

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Export, import and back up documents.",
    epilog="Example: schemagen data export --out before-the-move",
)


@app.command("export", epilog=EXPORT_EPILOG)
def export(
    table: Annotated[
        list[str] | None,
        typer.Option(help="Only this table; may be given several times. All by default.", show_default=False),
    ] = None,
    out: Annotated[str, typer.Option(help="A new or empty folder; - writes the one table to stdout.")] = "export",
    database: DatabaseFile = None,
    project: Project = Path(),
) -> None:
    """Write documents to a folder: a JSON Lines file for each table, and a manifest.

    All of them as they stand at one commit, also while a server is writing.
    """
    from schemagen.engine.opening import codec_of
    from schemagen.store.snapshot import Snapshot, schema_digest

    terminal = Terminal()
    backend, url = _backend(project, database, terminal)
    tables = _chosen(table, list(backend.contract.tables_by_name))
    codec = codec_of(backend.contract)
    if out == "-":
        table_alone = _alone(tables)
        with _database_mistakes(url), closing(Snapshot.open(_file(url), backend.contract, codec)) as snapshot:
            for line in _lines(snapshot, table_alone, codec, Meter(terminal)):
                sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return
    with (
        new_folder(Path(out)) as folder,
        _database_mistakes(url),
        closing(Snapshot.open(_file(url), backend.contract, codec)) as snapshot,
    ):
        meter = Meter(terminal)
        counts = {each: write_table(folder, each, _lines(snapshot, each, codec, meter)) for each in tables}
        finish(folder, DataManifest(schema_digest(backend.contract), snapshot.ts, counts))
    terminal.say(f"exported {_documents(counts)} to {out}, as of commit {snapshot.ts}")


def _lines(snapshot: Snapshot, table: str, codec: Codec, meter: Meter) -> Iterator[bytes]:
    from schemagen.engine.lines import lines_of

    return meter.counted(table, lines_of(snapshot, table, codec), snapshot.count(table))


def _alone(tables: list[str]) -> str:
    """The one table that can be written to stdout. Raises `CommandError` if there are more."""
    if len(tables) == 1:
        return tables[0]
    raise CommandError(
        Mistake(
            "data_table",
            f"--out - writes one table, and {len(tables)} are chosen",
            why="a line does not say which table it is of",
            fix="choose one with --table, or name a folder with --out",
        )
    )


@app.command("import", epilog=IMPORT_EPILOG)
def import_(
    folder: Annotated[Path, typer.Argument(help="What an export wrote.", show_default=False)],
    replace: Annotated[
        bool, typer.Option("--replace", help="Delete what the tables of the folder hold, then import.")
    ] = False,
    append: Annotated[bool, typer.Option("--append", help="Keep what the tables hold, and add to it.")] = False,
    database: DatabaseFile = None,
    project: Project = Path(),
) -> None:
    """Bring exported documents into a database that no server is using.

    They keep their ids and creation times. Each is checked as if a mutation inserted it; if one does not fit, nothing
    is imported. Without --replace or --append the tables must be empty.
    """
    from schemagen.engine.importing import Import
    from schemagen.store.snapshot import schema_digest

    if replace and append:
        raise CommandError(
            Mistake("data_not_empty", "--replace and --append are both given", "one says the opposite", "leave one out")
        )
    terminal = Terminal()
    source = DataFolder(folder)
    backend, url = _backend(project, database, terminal)
    _chosen(list(source.tables), list(backend.contract.tables_by_name))
    if source.manifest is not None and source.manifest.schema != schema_digest(backend.contract):
        terminal.warn("it was exported with another schema; each document is checked against the one there is now")
    with (
        _database_mistakes(url),
        closing(Import(backend.contract, backend.tables, _file(url), backend.migrations)) as work,
    ):
        if replace:
            for table in source.tables:
                work.clear(table)
        elif not append:
            _require_empty(work, source.tables)
        counts = _add_all(work, source, Meter(terminal))
        ts = work.commit(0 if source.manifest is None else source.manifest.ts)
    terminal.say(f"imported {_documents(counts)} from {folder}, at commit {ts}")


def _require_empty(work: Import, tables: tuple[str, ...]) -> None:
    held = [f"{table} ({count:,})" for table in tables if (count := work.count(table))]
    if held:
        raise CommandError(
            Mistake(
                "data_not_empty",
                f"there are documents already: {', '.join(held)}",
                why="whether they stay is for you to say",
                fix="--append keeps them and adds the new ones; --replace deletes them first",
            )
        )


def _add_all(work: Import, source: DataFolder, meter: Meter) -> dict[str, int]:
    """How many there were, by table. Raises `CommandError` with the first `MISTAKES_MAX` that do not fit."""
    from schemagen.wire.issue import WireError

    counts = {}
    wrong: list[str] = []
    for table in source.tables:
        total = None if source.manifest is None else source.manifest.tables.get(table)
        count = 0
        for number, line in meter.counted(table, source.lines(table), total):
            try:
                work.add(table, line)
            except WireError as error:
                wrong.append(f"{table}{SUFFIX}:{number}: {error}")
                if len(wrong) == MISTAKES_MAX:
                    _refuse(wrong, and_more=True)
            count += 1
        counts[table] = count
    if wrong:
        _refuse(wrong, and_more=False)
    for table, count in counts.items():
        source.check_count(table, count)
    return counts


def _refuse(wrong: list[str], *, and_more: bool) -> NoReturn:
    first = "the first " if and_more else ""
    lines = "\n".join(f"  {each}" for each in wrong)
    raise CommandError(
        Mistake(
            "data_documents",
            f"{first}{counted(len(wrong), 'document')} that cannot be imported; nothing was\n{lines}",
            why="a function that reads such a document would get what its types rule out",
            fix="correct these lines, or the schema",
        )
    )


@app.command("backup", epilog=BACKUP_EPILOG)
def backup(
    out: Annotated[Path, typer.Argument(help="The file to write; it must not be there yet.", show_default=False)],
    database: DatabaseFile = None,
    project: Project = Path(),
) -> None:
    """Copy the whole database, as it stands at one commit, also while a server is writing.

    The copy is a database like the one it was made of: checked, whole, ready to be served.
    """
    from schemagen.store.backup import back_up

    terminal = Terminal()
    url = _url(project, database)
    with _database_mistakes(url):
        try:
            ts = back_up(_file(url), out, Meter(terminal).copied())
        except FileExistsError:
            raise CommandError(
                Mistake(
                    "backup_exists",
                    f"{out} is there already",
                    why="a backup that takes the place of another one may take the place of the better one",
                    fix="name another file, for example with the date in it",
                )
            ) from None
    terminal.say(f"backed up to {out}, as of commit {ts} ({out.stat().st_size / 1e6:,.1f} MB)")


# --- what the three share ---


def _url(project: Path, database: str | None) -> str:
    """The database that is meant; a project is looked for only if its own is."""
    from schemagen.cli.config import load_config
    from schemagen.cli.settings import load_settings

    said = database is not None or bool(os.environ.get("SCHEMAGEN_DATABASE"))
    return load_settings(None if said else load_config(project), database=database).database


def _backend(project: Path, database: str | None, terminal: Terminal) -> tuple[Backend, str]:
    """The backend of the project, and the database that is meant."""
    from schemagen.cli.config import load_config
    from schemagen.cli.database import allow_late_imports
    from schemagen.cli.generation import load_backend
    from schemagen.cli.settings import load_settings

    config = load_config(project)
    settings = load_settings(config, database=database)
    backend, _ = load_backend(config)
    terminal.labelled(str(config.backend), backend.output)
    allow_late_imports(config)
    return backend, settings.database


def _file(url: str) -> str:
    """Raises `CommandError` for a database in memory."""
    from schemagen.engine.opening import database_path

    path = database_path(url)
    if path is None:
        raise CommandError(
            Mistake(
                "database",
                f"{url} is a database in memory",
                why="nobody but the server itself can see it, and only while it runs",
                fix="name a file with --database: sqlite:///<file>",
            )
        )
    return path


def _chosen(given: list[str] | None, known: list[str]) -> list[str]:
    """The tables that are given, each once, or all. Raises `CommandError` with each that is not declared."""
    mistakes = [
        Mistake(
            "data_table",
            f'there is no table "{table}"{did_you_mean(table, known)}',
            why="documents are read and checked as their table declares them",
            fix=f"tables here: {', '.join(sorted(known)) or 'none'}",
        )
        for table in given or ()
        if table not in known
    ]
    if mistakes:
        raise CommandError(*mistakes)
    return sorted(set(given or known))


@contextmanager
def _database_mistakes(url: str) -> Iterator[None]:
    """What may be wrong with a database, as mistakes of the command."""
    from schemagen.cli.database import database_mistakes
    from schemagen.store.errors import DatabaseInUse, MigrationPending, OtherSchema, StoreUnavailable

    with database_mistakes(url):
        try:
            yield
        except DatabaseInUse:
            raise CommandError(
                Mistake(
                    "database_in_use",
                    f"{url} is in use by another schemagen process, such as a running server",
                    why="its live queries and caches would not see what an import writes behind its back",
                    fix="stop it, import, and start it again; or import into another file with --database",
                )
            ) from None
        except MigrationPending as error:
            raise CommandError(
                Mistake(
                    "data_migrations",
                    str(error),
                    why="they would take the documents that are imported for documents of before, and change them",
                    fix="let them finish: run `schemagen migrate run`, or serve this database; then import",
                )
            ) from None
        except OtherSchema as error:
            raise CommandError(
                Mistake(
                    "data_schema",
                    str(error),
                    why="documents are read as the schema says, and reading changes nothing in the database",
                    fix="use the code that serves this database, or start this code on it once",
                )
            ) from None
        except sqlite3.Error as error:
            raise StoreUnavailable(f"the database failed: {error}") from error


def _documents(counts: dict[str, int]) -> str:
    return f"{counted(sum(counts.values()), 'document')} of {counted(len(counts), 'table')}"
