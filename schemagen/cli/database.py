"""Opening the engine of a backend, with what may be wrong with the database said as a mistake."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemagen.cli.config import Config
from schemagen.cli.mistake import CommandError, Mistake

if TYPE_CHECKING:
    from schemagen.engine.limits import Limits
    from schemagen.engine.memory import Memory
    from schemagen.engine.runtime import Runtime
    from schemagen.introspect import Backend


def open_runtime(
    backend: Backend, database: str, *, limits: Limits | None = None, memory: Memory | None = None
) -> Runtime:
    """The engine of a backend on its database. Raises `CommandError`."""
    from schemagen.engine.runtime import Runtime

    with database_mistakes(database):
        return Runtime.open(
            contract=backend.contract,
            functions=backend.functions,
            tables=backend.tables,
            database=database,
            migrations=backend.migrations,
            limits=limits,
            memory=memory,
        )


@contextmanager
def database_mistakes(database: str) -> Iterator[None]:
    """What may be wrong with a database when it is opened, as mistakes of the command."""
    from schemagen.store.errors import DatabaseInUse, MigrationFailed, SchemaMismatch, StoreError

    try:
        yield
    except DatabaseInUse:
        raise CommandError(
            Mistake(
                "database_in_use",
                f"{database} is in use by another schemagen process, such as a running server",
                why="one process owns a SQLite database, so that its live queries see every write",
                fix="ask the running server instead (`schemagen run … --url http://127.0.0.1:8000`), stop it, "
                "or name another file with --database",
            )
        ) from None
    except SchemaMismatch as error:
        raise CommandError(
            Mistake(
                "database_misfit",
                str(error),
                why="a function that reads such a document would get what its types rule out",
                fix="change the schema as shown, or start with another database if this one can be spared",
            )
        ) from None
    except MigrationFailed as error:
        raise CommandError(
            Mistake(
                "migration_failed",
                f"migration {error.name} stopped at {error.problem}",
                why="a document that it cannot change would not fit the schema; the batch was undone",
                fix="correct the migration, or the document, and start again: it goes on where it stopped",
            )
        ) from None
    except (StoreError, ValueError) as error:
        raise CommandError(
            Mistake(
                "database",
                str(error),
                why="without its database a backend cannot run",
                fix="name one with --database: sqlite:///<file>, in a folder that is there, or sqlite:// in memory",
            )
        ) from None


def allow_late_imports(config: Config) -> None:
    """Let functions import modules beside the backend while they run, as they may while it is imported."""
    folder = str((config.root / config.backend).parent)
    if folder not in sys.path:
        sys.path.insert(0, folder)
