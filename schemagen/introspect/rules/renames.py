"""Rules of `renamed_from`."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = ["invalid_renamed_from", "renamed_from_declared", "renamed_from_twice"]


def renamed_from_declared(place: Place | None, what: str, former: str, other: str) -> Diagnostic:
    return Diagnostic(
        rule="renamed_from_declared",
        message=f'{what} says that it was called "{former}", which {other} is called now',
        place=place,
        why="what was renamed has left its old name: data and callers of that name belong to what is declared there",
        fix=f'take away or rename what is called "{former}", or leave out this renamed_from',
    )


def renamed_from_twice(place: Place | None, what: str, former: str, other: str, first: Place | None) -> Diagnostic:
    return Diagnostic(
        rule="renamed_from_twice",
        message=f'{what} says that it was called "{former}", and so does {other}',
        place=place,
        why="one thing was called so, and only one can keep its data and its callers",
        fix="leave out one of the two",
        others=(first,) if first else (),
    )


def invalid_renamed_from(place: Place | None, what: str, former: object, form: str, example: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid_renamed_from",
        message=f"{what} says that it was called {former!r}, which is no {form}",
        place=place,
        why="the old name leads to the stored data, or to a signpost for callers: it was a name that could be had",
        fix=f"write the name as it was declared: {example}",
    )
