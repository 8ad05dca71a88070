"""Rules of search indexes."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = ["search_filter_unsupported", "search_index_not_text"]


def search_index_not_text(place: Place | None, index: str, table: str, field: str) -> Diagnostic:
    return Diagnostic(
        rule="search_index_not_text",
        message=f'search index "{index}" of table "{table}" is on field "{field}", which is no text',
        place=place,
        why="a search index finds words",
        fix="name a field of type str or list[str], optional or not; what narrows the search goes into filters=[...]",
    )


def search_filter_unsupported(place: Place | None, index: str, table: str, field: str, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="search_filter_unsupported",
        message=f'search index "{index}" of table "{table}" has the filter "{field}", {problem}',
        place=place,
        why="a filter parts the documents into those that share one plain value, and a search reads one such part",
        fix=f'leave out "{field}", and name fields that many documents have in common, such as an Id or a Literal',
    )
