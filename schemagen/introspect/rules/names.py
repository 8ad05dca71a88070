"""Rules of names: each one thing has one, in Python and on the wire."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = ["duplicate_type_name", "names_meet", "reserved_field", "reserved_name"]


def duplicate_type_name(name: str, one: Place | None, other: Place | None) -> Diagnostic:
    first, second = _ordered(one, other)
    return Diagnostic(
        rule="duplicate_type_name",
        message=f'two types are called "{name}"',
        place=second,
        why="clients import types by name, whichever module they come from",
        fix="rename one of them, or use one for both",
        others=(first,) if first else (),
    )


def names_meet(what: str, one: str, other: str, where: str, first: Place | None, second: Place | None) -> Diagnostic:
    """`what` is `fields "full_name" and "fullName" of Contact`; `one` and `other` say how each got its name."""
    if first and second and second < first:
        first, second, one, other = second, first, other, one
    return Diagnostic(
        rule="names_meet",
        message=f"{what} {where}".rstrip(),
        place=second and Place(second.origin, second.width, other),
        why="Python's snake_case becomes camelCase on the wire, and a trailing underscore is dropped",
        fix="rename one of them",
        others=(Place(first.origin, first.width, one),) if first else (),
    )


def defined_twice(name: str, first: Place | None, second: Place | None) -> Diagnostic:
    return Diagnostic(
        rule="names_meet",
        message=f'"{name}" is defined twice in this module, and the first one is lost',
        place=second,
        why="a later definition replaces an earlier one of the same name",
        fix="rename one of them, or remove it",
        others=(first,) if first else (),
    )


def reserved_field(place: Place | None, name: str, owner: str, why: str, fix: str) -> Diagnostic:
    message = f'{owner} cannot have a field "{name}"'
    return Diagnostic(rule="reserved_field", message=message, place=place, why=why, fix=fix)


def reserved_name(place: Place | None, what: str, why: str, fix: str) -> Diagnostic:
    return Diagnostic(rule="reserved_name", message=what, place=place, why=why, fix=fix)


def _ordered(one: Place | None, other: Place | None) -> tuple[Place | None, Place | None]:
    return (other, one) if one and other and other < one else (one, other)
