"""`schemagen migrate`: how far the migrations of a database are, and running them without serving."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemagen.cli.options import Database, Project
from schemagen.cli.settings import load_settings
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.introspect import Backend
    from schemagen.store.errors import Misfit
    from schemagen.store.examining import Examination
    from schemagen.store.migrations import MigrationState

EPILOG = "Example: schemagen migrate status --database sqlite:////data/crm.db"
STATUS_EPILOG = "Example: schemagen migrate status --json"
RUN_EPILOG = "Example: schemagen migrate run --database sqlite:////data/crm.db && schemagen serve"

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, epilog=EPILOG)


@app.callback()
def migrate() -> None:
    """See how far the migrations of a database are, or run them without serving."""


@app.command("status", epilog=STATUS_EPILOG)
def status(
    database: Database = None,
    project: Project = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead.")] = False,
) -> None:
    """List each migration, and stored documents that do not fit the schema.

    Nothing is changed. Exits with 1 if the backend could not be served on this database as it is.
    """
    from schemagen.cli.database import database_mistakes
    from schemagen.engine.evolving import examine_database

    terminal = Terminal(machine=json)
    backend, url = _loaded(terminal, project, database)
    with database_mistakes(url), _quiet():
        found = examine_database(backend.contract, backend.tables, url, backend.migrations)
    tables = {name: each.table.table_name for name, each in backend.migrations.items()}
    terminal.answer(_answer(found, tables))
    for line in _lines(found, tables):
        terminal.say(line)
    if found.refused:
        raise typer.Exit(1)


@app.command("run", epilog=RUN_EPILOG)
def run(database: Database = None, project: Project = Path()) -> None:
    """Run all migrations that did not finish, without serving.

    What is interrupted goes on where it stopped. Exits with 2 if a migration fails, or if documents do not fit.
    """
    from schemagen.cli.database import database_mistakes
    from schemagen.engine.evolving import migrate_database

    terminal = Terminal()
    backend, url = _loaded(terminal, project, database)

    def report(state: MigrationState) -> None:
        if state.finished is None:
            terminal.progress(f"{state.name}: {state.done} of {state.total}")
        else:
            terminal.say(f"{state.name}: finished, {counted(state.done, 'document')} of {state.table}")

    with database_mistakes(url), _quiet():
        count = migrate_database(backend.contract, backend.tables, url, backend.migrations, report)
    if not count:
        terminal.say("no migration is left to run")


def _loaded(terminal: Terminal, project: Path, database: str | None) -> tuple[Backend, str]:
    from schemagen.cli.config import load_config
    from schemagen.cli.database import allow_late_imports
    from schemagen.cli.generation import load_backend

    config = load_config(project)
    settings = load_settings(config, database=database)
    backend, _ = load_backend(config)
    terminal.labelled(str(config.backend), backend.output)
    allow_late_imports(config)
    return backend, settings.database


class _quiet:
    """What the engine would log is said by the command itself."""

    def __enter__(self) -> None:
        import logging

        self._log = logging.getLogger("schemagen")
        self._before, self._log.disabled = self._log.disabled, True

    def __exit__(self, *error: object) -> None:
        self._log.disabled = self._before


def _lines(found: Examination, tables: dict[str, str]) -> Iterator[str]:
    names = [*tables, *(name for name in found.states if name not in tables)]
    width = max(map(len, names), default=0)
    for name in names:
        state = found.states.get(name)
        gone = "" if name in tables else " (no longer declared)"
        table = state.table if state is not None else tables[name]
        yield f"{name:<{width}}  {table}  {_progress(state)}{gone}"
    if not names:
        yield "no migrations"
    for table in found.waiting:
        yield f"documents of {table} do not fit the schema yet: its migrations run before anything is served"
    if found.is_served:
        yield "a server runs on this database: whether stored documents fit is found out when the next one starts"
    if found.refused:
        yield "stored documents do not fit the schema, and no migration that is left changes them:"
    for misfit in found.refused:
        yield from misfit.lines()


def _progress(state: MigrationState | None) -> str:
    if state is None:
        return "pending"
    if state.error is not None:
        return f"stopped after {state.done} of {state.total}, at {state.error}"
    if state.finished is None:
        return f"running, {state.done} of {state.total}"
    return f"finished {state.finished[:10]} {state.finished[11:16]} UTC, {counted(state.done, 'document')}"


def _answer(found: Examination, tables: dict[str, str]) -> dict[str, Any]:
    names = [*tables, *(name for name in found.states if name not in tables)]
    return {
        "migrations": [_migration(name, found.states.get(name), tables.get(name)) for name in names],
        "served": found.is_served,
        "waiting": {table: [_misfit(each) for each in misfits] for table, misfits in found.waiting.items()},
        "refused": [_misfit(each) for each in found.refused],
    }


def _migration(name: str, state: MigrationState | None, table: str | None) -> dict[str, Any]:
    declared = {"name": name, "declared": table is not None}
    if state is None:
        return {**declared, "table": table, "state": "pending"}
    word = "finished" if state.finished else "stopped" if state.error else "running"
    counts = {"done": state.done, "total": state.total, "started": state.started}
    return {
        **declared,
        "table": state.table,
        "state": word,
        **counts,
        "finished": state.finished,
        "error": state.error,
    }


def _misfit(misfit: Misfit) -> dict[str, str]:
    return {"place": misfit.place, "problem": misfit.problem, "fix": misfit.fix}
