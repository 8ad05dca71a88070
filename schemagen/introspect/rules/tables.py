"""Rules of tables and their indexes."""

from __future__ import annotations

from collections.abc import Iterable

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = [
    "duplicate_table",
    "index_field_repeated",
    "index_field_unsortable",
    "index_unknown_field",
    "index_without_fields",
    "invalid_table_name",
    "table_without_name",
    "unique_decimal",
]


def table_without_name(place: Place | None, cls: str, suggestion: str) -> Diagnostic:
    return Diagnostic(
        rule="table_without_name",
        message=f"{cls} is a table without a name",
        place=place,
        why="a Table without a name is a base for other tables, and nothing is derived from this one",
        fix=f'class {cls}(Table, name="{suggestion}")',
    )


def invalid_table_name(place: Place | None, name: str, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="invalid_table_name",
        message=f'the table name "{name}" {problem}',
        place=place,
        why="the name is that of a table in SQL, and the beginning of every id of its documents",
        fix='use small letters, digits and underscores, beginning with a letter, at most 63: name="contacts"',
    )


def duplicate_table(name: str, first: Place | None, second: Place | None) -> Diagnostic:
    return Diagnostic(
        rule="duplicate_table",
        message=f'two classes declare the table "{name}"',
        place=second,
        why="each table has one schema",
        fix="rename one of them, or remove it",
        others=(first,) if first else (),
    )


def index_unknown_field(place: Place | None, index: str, table: str, field: str, fields: Iterable[str]) -> Diagnostic:
    implicit = field in ("creation_time", "id")
    shown = ", ".join(sorted(fields))
    return Diagnostic(
        rule="index_unknown_field",
        message=f'index "{index}" of table "{table}" names field "{field}", which '
        + ("every index ends with anyway" if implicit else "the table does not have"),
        place=place and Place(place.origin, place.width, f"fields here: {shown}"),
        why="creation time, then id, are the last keys of every index, so that its order is total"
        if implicit
        else "an index key is read from the stored document, so every key must be a declared field",
        fix=f'leave out "{field}"' if implicit else _did_you_mean(field, fields),
    )


def index_without_fields(place: Place | None, index: str, table: str) -> Diagnostic:
    return Diagnostic(
        rule="index_without_fields",
        message=f'index "{index}" of table "{table}" has no fields',
        place=place,
        why="every table can already be read in order of creation, and an index without fields would add nothing",
        fix=f'name the fields to find documents by, {index} = index("...", "..."), or remove it',
    )


def index_field_repeated(place: Place | None, index: str, table: str, field: str) -> Diagnostic:
    return Diagnostic(
        rule="index_field_repeated",
        message=f'index "{index}" of table "{table}" names field "{field}" twice',
        place=place,
        why="within one value of a field there is nothing left to order by that field",
        fix=f'leave out the second "{field}"',
    )


def index_field_unsortable(place: Place | None, index: str, table: str, field: str, kind: str) -> Diagnostic:
    return Diagnostic(
        rule="index_field_unsortable",
        message=f'index "{index}" of table "{table}" names field "{field}", whose values ({kind}) have no order',
        place=place,
        why="an index keeps documents sorted, and finds them by equality and ranges",
        fix="index a field of a plain type, or keep each item as a document of a table of its own",
    )


def unique_decimal(place: Place | None, index: str, table: str, field: str) -> Diagnostic:
    return Diagnostic(
        rule="unique_decimal",
        message=f'unique index "{index}" of table "{table}" names field "{field}", which is a Decimal',
        place=place,
        why="a Decimal is stored as it is written, so 1.5 and 1.50 would be two keys and could both be there",
        fix="store an int of the smallest unit, or the text itself as str",
    )


def _did_you_mean(field: str, fields: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(field, sorted(fields), 1, 0.5)
    return f'declare {field}, or write "{close[0]}"' if close else f"declare {field}, or name another field"
