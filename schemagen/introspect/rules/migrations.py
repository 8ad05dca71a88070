"""Rules of migrations."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = ["duplicate_migration", "invalid_migration"]


def invalid_migration(place: Place | None, name: str, problem: str, why: str, fix: str) -> Diagnostic:
    message = f"migration {name} {problem}"
    return Diagnostic(rule="invalid_migration", message=message, place=place, why=why, fix=fix)


def duplicate_migration(name: str, first: Place | None, second: Place | None) -> Diagnostic:
    return Diagnostic(
        rule="duplicate_migration",
        message=f'two migrations are called "{name}"',
        place=second,
        why="a database remembers by its name that a migration has run, and would never run the other one",
        fix="rename one of them",
        others=(first,) if first else (),
    )
