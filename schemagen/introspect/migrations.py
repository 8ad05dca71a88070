"""The migrations of a backend, in the order in which they run: module by module, from top to bottom."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from inspect import Parameter
from types import ModuleType
from typing import Any, Final

from schemagen.declare.migrations import Migration
from schemagen.declare.table import Table
from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.rules import migrations as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.naming import public_name

_POSITIONAL: Final = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


def find_migrations(
    modules: Iterable[ModuleType], package: str, tables: Mapping[type[Table], str], sources: SourceIndex
) -> tuple[dict[str, Migration], list[Diagnostic]]:
    """Every migration by its name, and what is wrong with them. Of two of one name the first is taken."""
    found = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, Migration)}
    ordered = sorted(found.values(), key=lambda each: (each.__module__, _line(each)))
    by_name: dict[str, Migration] = {}
    diagnostics: list[Diagnostic] = []
    for migration in ordered:
        name = migration.given_name or _name(migration, package)
        place = _place(migration, sources)
        before = by_name.setdefault(name, migration)
        if before is not migration:
            diagnostics.append(rules.duplicate_migration(name, _place(before, sources), place))
        diagnostics += _mistakes(migration, name, place, tables)
    return by_name, diagnostics


def _name(migration: Migration, package: str) -> str:
    """`migrations.split_name`: the module below the backend package, and the function."""
    module = migration.__module__.removeprefix(package)
    return ".".join(public_name(part) for part in (*module.split("."), migration.__name__) if part)


def _mistakes(
    migration: Migration, name: str, place: Place | None, tables: Mapping[type[Table], str]
) -> Iterator[Diagnostic]:
    handler: Any = migration.handler
    table: Any = migration.table
    if table not in tables:
        shown = getattr(table, "__name__", repr(table))
        yield rules.invalid_migration(
            place,
            name,
            f"is one of {shown}, which is no table of this backend",
            "a migration goes through the documents of one table",
            "name a class that is declared with Table and name=...: @migration(Contact)",
        )
    if not inspect.iscoroutinefunction(handler):
        yield rules.invalid_migration(
            place,
            name,
            "is not async",
            "a migration may read other documents through ctx, one step at a time",
            f"write async def {migration.__name__}",
        )
    parameters = list(inspect.signature(handler).parameters.values())
    if len(parameters) != 2 or any(each.kind not in _POSITIONAL for each in parameters):
        yield rules.invalid_migration(
            place,
            name,
            f"does not take two arguments, but ({', '.join(map(str, parameters))})",
            "it is called for each document, with a context and with what is stored of the document",
            f"write async def {migration.__name__}(ctx: QueryCtx, stored: Stored) -> Changes",
        )


def _line(migration: Migration) -> int:
    code = getattr(inspect.unwrap(migration.handler), "__code__", None)
    return code.co_firstlineno if code is not None else 0


def _place(migration: Migration, sources: SourceIndex) -> Place | None:
    written = sources.function(migration.handler)
    return written[0].place(written[1]) if written else None
