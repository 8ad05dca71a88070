"""Errors of a store.

StoreError
├── DatabaseInUse      another process serves this database
├── MigrationPending   documents cannot be imported before migrations have run
├── OtherSchema        a database that is only read is not laid out as the schema says
├── SchemaMismatch     stored documents do not fit the schema; every place where they do not
├── MigrationFailed    a migration cannot change a document as it should; which one, and why
├── StoreUnavailable   the disk is full, or fails
└── UniqueViolation    a write would give two documents one key of a unique index
"""

from __future__ import annotations

from dataclasses import dataclass


class StoreError(Exception):
    """The database cannot be opened or used; the message is for its operator."""


class DatabaseInUse(StoreError):
    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is in use by another schemagen process\n"
            "  why: one process owns a SQLite database, so that its live queries see every write\n"
            "  fix: stop the other process, or give this one a database of its own"
        )


@dataclass(frozen=True, slots=True)
class Misfit:
    """One table or field whose stored documents do not fit the schema."""

    place: str  # contacts.stage
    problem: str
    fix: str
    """What to do; its further lines are code to write."""

    def lines(self) -> list[str]:
        first, *code = self.fix.split("\n")
        return [f"  {self.place}: {self.problem}", f"    fix: {first}", *(f"      {line}" for line in code)]


class SchemaMismatch(StoreError):
    def __init__(self, path: str, misfits: tuple[Misfit, ...]) -> None:
        lines = [f"{path}: the stored documents do not fit the schema; nothing was changed"]
        lines += [line for misfit in misfits for line in misfit.lines()]
        super().__init__("\n".join(lines))
        self.misfits = misfits


class MigrationPending(StoreError):
    """A migration would take documents that are imported now for documents of before."""

    def __init__(self, path: str, names: tuple[str, ...]) -> None:
        super().__init__(f"{path}: migrations are not finished: {', '.join(names)}")
        self.names = names


class OtherSchema(StoreError):
    """`differences` has a line for each table or field."""

    def __init__(self, path: str, differences: tuple[str, ...]) -> None:
        super().__init__("\n".join([f"{path} was last opened with another schema", *(f"  {d}" for d in differences)]))
        self.differences = differences


class MigrationFailed(StoreError):
    def __init__(self, name: str, problem: str, document: str = "") -> None:
        self.name = name
        self.problem = f"{document}: {problem}" if document else problem
        """Begins with the id of the document, if there is one to blame."""
        super().__init__(
            f"migration {name} stopped at {self.problem}\n"
            "  why: a document that the migration cannot change would not fit the schema; its batch was undone\n"
            "  fix: correct the migration, or the document, and start again: it goes on where it stopped"
        )


class StoreUnavailable(StoreError):
    """The database could not be read or written, for reasons outside of it."""


class UniqueViolation(StoreError):
    """A row was refused, and nothing else undone: another one, `existing_id`, has its key in a unique index."""

    def __init__(self, table: str, index: str, existing_id: str) -> None:
        super().__init__(f"{existing_id} has the same key in the unique index {table}.{index}")
        self.table = table
        self.index = index
        self.existing_id = existing_id
