"""Rules of references: fields declared with `ref(on_delete=...)`."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = [
    "misplaced_reference",
    "reference_not_optional",
    "reference_without_index",
]


def misplaced_reference(place: Place | None, what: str) -> Diagnostic:
    return Diagnostic(
        rule="misplaced_reference",
        message=f"{what}: ref() stands where no document refers to another",
        place=place,
        why="it says what becomes of a document when the one whose id it holds is deleted",
        fix="use it for a field of a table whose type is Id[...] or Id[...] | None, in place of the default: "
        'company_id: Id[Company] = ref(on_delete="cascade")',
    )


def reference_not_optional(place: Place | None, table: str, field: str, target: str) -> Diagnostic:
    return Diagnostic(
        rule="reference_not_optional",
        message=f'reference "{field}" of table "{table}" is set to null on delete, and cannot be None',
        place=place,
        why="documents that stay when the one they refer to is deleted get None in this field",
        fix=f'{field}: Id[{target}] | None = ref(on_delete="set_null", default=None), '
        'or choose "restrict" or "cascade"',
    )


def reference_without_index(place: Place | None, table: str, cls: str, field: str) -> Diagnostic:
    return Diagnostic(
        rule="reference_without_index",
        message=f'no index of table "{table}" begins with its reference "{field}"',
        place=place,
        why="who deletes a document looks for all that refer to it; without an index that is reading the whole table",
        fix=f'add this line to class {cls}:\n{_index_name(field)} = index("{field}")',
    )


def _index_name(field: str) -> str:
    return f"by_{field.removesuffix('_id') or field}"
