"""Migrations at work: the author's functions, the rows they are given, what they answer."""

from __future__ import annotations

import logging
import sqlite3
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from schemagen.declare import Id
from schemagen.declare.migrations import Migration
from schemagen.engine.catalog import CatalogTable
from schemagen.engine.context import Reading
from schemagen.engine.execution import Execution, Workshop, Write
from schemagen.engine.stepping import run_to_end
from schemagen.store.errors import MigrationFailed, StoreError, UniqueViolation
from schemagen.store.layout import value_check
from schemagen.store.migrations import MigrationState, pending
from schemagen.store.tables import Row
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError

BATCH_AT_OPENING: Final = 500
"""So many documents share a commit while nothing is served."""
BATCH_WHILE_SERVING: Final = 100
"""So many are migrated between two batches of calls: these wait for them."""

_log = logging.getLogger("schemagen")


@dataclass(frozen=True, slots=True)
class Step:
    """What one batch of a migration did."""

    writes: list[Write]
    finished: bool


class RunningMigration:
    """One migration on one database, from batch to batch."""

    def __init__(
        self, name: str, declared: Migration, table: CatalogTable, workshop: Workshop, codec: Codec, *, is_last: bool
    ) -> None:
        """With `is_last` no other migration of the table follows: then each document has to fit its table, as it does
        where functions read the table already."""
        self.name = name
        self._handler = declared.handler
        self._table = table
        self._workshop = workshop
        self._store = workshop.store
        self._is_last = is_last
        self._checks = [(held.name, value_check(held, codec)) for held in table.stored.columns]

    def begin(self) -> None:
        self._store.migrations.begin(self.name, self._table.stored, self._now())

    @property
    def table(self) -> str:
        return self._table.name

    @property
    def state(self) -> MigrationState:
        return self._store.migrations.states()[self.name]

    def step(self, limit: int) -> Step:
        """Migrate the next documents, inside a transaction of the caller's. Raises `MigrationFailed`: undo it then."""
        migrations, table = self._store.migrations, self._table.stored
        exempt = migrations.exempt(self.name)
        rows = migrations.next_rows(self.name, table, self._store.layout[table.name], limit)
        writes: list[Write] = []
        for old, stored in rows:
            if old[0] in exempt:
                continue
            new = self._migrated(old, stored)
            changed = tuple([at for at, (before, after) in enumerate(zip(old, new, strict=True)) if before != after])
            if changed:
                self._update(old, new, changed)
                writes.append((self._table, old, new))
        if rows:
            migrations.advance(self.name, rows[-1][0], len(rows))
        finished = len(rows) < limit
        if finished:
            migrations.finish(self.name, self._now())
        return Step(writes, finished)

    def _update(self, old: Row, new: Row, changed: tuple[int, ...]) -> None:
        try:
            self._store.update(self._table.stored, new, changed)
        except (UniqueViolation, sqlite3.IntegrityError) as error:
            raise self._failure(old, str(error)) from error

    def _migrated(self, old: Row, stored: dict[str, Any]) -> Row:
        stored["id"] = Id(stored["id"])
        new = list(old)
        for field, value in self._changes(old, stored).items():
            at = self._table.documents.positions.get(field)
            if at is None:
                known = ", ".join(self._table.documents.names)
                raise self._failure(old, f"the migration changes {field!r}, which is no field; the fields are {known}")
            try:
                new[at] = self._table.documents.value(field, value)
            except WireError as error:
                raise self._failure(old, str(error)) from error
        is_read = self._table.name not in self._store.unfit
        return self._fitted(tuple(new)) if self._is_last or is_read else tuple(new)

    def _changes(self, old: Row, stored: dict[str, Any]) -> Mapping[str, Any]:
        execution = Execution(self._workshop, None)
        running = self._handler(Reading(execution), MappingProxyType(stored))
        try:
            changes: Any = self._workshop.watchdog.guard(lambda: run_to_end(running))
        except Exception as error:
            raise self._failure(old, _described(error)) from error
        if changes is not None and not isinstance(changes, Mapping):
            raise self._failure(old, f"the migration returned {changes!r}; it returns a dict of fields, or None")
        return changes or {}

    def _fitted(self, row: Row) -> Row:
        """The row as `ctx.db.save` would store it. The author's own validators see the document as a whole."""
        problems = [
            f"{name}: {problem}"
            for (name, check), value in zip(self._checks, row[2:], strict=True)
            if (problem := check(value)) is not None
        ]
        if problems:
            raise self._failure(row, "; ".join(problems))
        try:
            held = self._table.documents.document(row).__dict__
            valid = self._table.type.__pydantic_validator__.validate_python(dict(held), by_name=True, by_alias=False)
            return (row[0], row[1], *self._table.documents.values(valid.__dict__))
        except ValidationError as error:
            said = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
            raise self._failure(row, "; ".join(said)) from error
        except WireError as error:
            raise self._failure(row, str(error)) from error

    def _failure(self, row: Row, problem: str) -> MigrationFailed:
        return MigrationFailed(self.name, problem, str(row[0]))

    def _now(self) -> str:
        return time_text(self._workshop.clock.now())


def time_text(now: datetime) -> str:
    """A moment as the store has it."""
    return now.isoformat(timespec="microseconds")[:-6] + "Z"


def _described(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({frame.filename}:{frame.lineno})"


class Migrator:
    """The migrations that a database still needs, in order."""

    def __init__(self, declared: Mapping[str, Migration], workshop: Workshop, codec: Codec) -> None:
        store = workshop.store
        tables = {name: each.table.table_name for name, each in declared.items()}
        waiting = pending(tables, store.migrations.states())
        last = {table: name for name, table in waiting.items()}
        self._store = store
        self._waiting = [
            RunningMigration(
                name, declared[name], workshop.catalog.by_name[table], workshop, codec, is_last=last[table] == name
            )
            for name, table in waiting.items()
        ]
        self._catalog = workshop.catalog
        self._shown: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def current(self) -> RunningMigration | None:
        """The one whose batch is next; None if all have run."""
        return self._waiting[0] if self._waiting else None

    def begin(self) -> None:
        """Take down, before anything is served, which documents there are. Where there are none, that was all."""
        self._store.begin()
        try:
            for running in self._waiting:
                running.begin()
            self._store.commit(self._store.ts)
        except BaseException:
            self._store.rollback()
            raise
        self._waiting = [running for running in self._waiting if running.state.finished is None]

    def narrow(self, report: Callable[[MigrationState], None]) -> None:
        """Run what has to be done before anything is served. Raises `MigrationFailed`, `SchemaMismatch`."""
        if not self._store.unfit:
            return
        self._catalog.close(self._store.unfit)
        for running in [each for each in self._waiting if each.table in self._store.unfit]:
            self._run(running, report)
            self._waiting.remove(running)
        self._store.settle()
        self._catalog.reopen()

    def run_all(self, report: Callable[[MigrationState], None]) -> None:
        """Run all that is left, where nothing is served. Raises `MigrationFailed`."""
        while self._waiting:
            self._run(self._waiting[0], report)
            self._waiting.pop(0)

    def _run(self, running: RunningMigration, report: Callable[[MigrationState], None]) -> None:
        finished = False
        while not finished:
            finished = not self.batch(running, BATCH_AT_OPENING)[1]
            report(running.state)

    def batch(self, running: RunningMigration, limit: int) -> tuple[list[Write], bool]:
        """One batch in a transaction of its own; what it wrote, and whether there is more.

        Raises `MigrationFailed`; then the batch did not happen, and the database remembers why.
        """
        self._store.begin()
        try:
            step = running.step(limit)
            self._store.commit(self._store.ts + 1 if step.writes else self._store.ts)
        except BaseException as error:
            self._store.rollback()
            if isinstance(error, MigrationFailed):
                self._remember(error)
            if isinstance(error, sqlite3.Error):
                raise StoreError(f"migration {running.name} cannot write the database: {error}") from error
            raise
        return step.writes, not step.finished

    def serve_batch(self) -> list[Write]:
        """The next batch, between the calls of a running server. One that fails is put off until the next start."""
        running = self._waiting[0]
        try:
            writes, more = self.batch(running, BATCH_WHILE_SERVING)
        except MigrationFailed as error:
            _log.error("%s", error)
            self._waiting = [each for each in self._waiting if each.table != running.table]
            return []
        if not more:
            self._waiting.remove(running)
        self.log(running.state)
        return writes

    def stop(self) -> None:
        """Leave what is left to the next start."""
        self._waiting = []

    def inserted(self, writes: Iterable[Write]) -> None:
        """Note documents stored while migrations run or are stopped, in the transaction that stores them."""
        if self._store.migrations.under_way:
            for table, old, new in writes:
                if old is None and new is not None:
                    self._store.migrations.inserted(table.name, new)

    def log(self, state: MigrationState) -> None:
        """A line at the begin, at each tenth of the way and at the end."""
        tenth = state.done * 10 // max(1, state.total)
        if state.finished is not None:
            _log.info("migration %s finished: %d documents of %s", state.name, state.done, state.table)
        elif self._shown.get(state.name) != tenth:
            self._shown[state.name] = tenth
            _log.info("migration %s: %d of %d documents of %s", state.name, state.done, state.total, state.table)

    def _remember(self, error: MigrationFailed) -> None:
        self._store.begin()
        self._store.migrations.fail(error.name, error.problem)
        self._store.commit(self._store.ts)
