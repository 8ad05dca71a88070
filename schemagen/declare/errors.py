"""Errors of a backend.

AppError                 what a backend raises for its clients: class QuotaExceeded(AppError): limit: int
└── DocumentNotFound     no document has this id; UniqueConflict, ReferencedDocument: a write that was refused
BackendError             a function of the backend is wrong; clients see an error id, the log sees all
├── NotUnique            unique() matched two documents
├── UnindexedQuery       no index serves a select
├── ForbiddenAwait       a query or mutation awaited something that is not ctx
├── ForbiddenCall        a query or mutation touched the network, files, threads or processes
└── LimitExceeded        a query or mutation read, wrote or computed too much
"""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar, dataclass_transform

from schemagen.declare.ids import Id
from schemagen.model.naming import snake_case


@dataclass_transform(kw_only_default=True)
class AppError(Exception):
    """An error meant for clients: `raise QuotaExceeded(limit=100)`. Python SDKs raise it, TypeScript narrows on `code`.

    The first line of the docstring is the message; `{limit}` in it stands for a field.
    """

    code: ClassVar[str] = "app_error"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.code = snake_case(cls.__name__)
        dataclasses.dataclass(kw_only=True, eq=False, repr=False)(cls)

    @property
    def message(self) -> str:
        """The docstring's first line with the fields filled in; the class name if there is no docstring."""
        doc = type(self).__dict__.get("__doc__") or ""
        if not doc or doc.startswith(f"{type(self).__name__}("):  # what dataclass() writes when there is none
            return type(self).__name__
        line = doc.strip().splitlines()[0]
        try:
            return line.format_map(vars(self))
        except (KeyError, IndexError, ValueError, AttributeError):  # braces that are no field: plain text
            return line

    def __str__(self) -> str:
        return self.message


class DocumentNotFound(AppError):
    """There is no document {id}."""

    id: str


class BackendError(Exception):
    """A function of the backend does what it may not; a client sees only an error id."""


class NotUnique(BackendError):
    """`unique()` matched more than one document."""


class UnindexedQuery(BackendError):
    """No index serves a select; the message shows the `index(...)` line to add."""


class ForbiddenAwait(BackendError):
    """A query or mutation awaited something that is not `ctx`."""


class ForbiddenCall(BackendError):
    """A query or mutation acted on the world outside of `ctx`; the message says what to do instead."""


class LimitExceeded(BackendError):
    """A query or mutation read, wrote or computed more than one call may; all that it wrote was undone."""


class UniqueConflict(AppError):
    """A document of {table} with these values exists already ({index})."""

    table: str
    index: str
    """The index that was declared with `unique=True`."""

    existing_id = Id[Any]("")
    """The document that is in the way. For the backend alone: no field, so it is sent to nobody."""


class ReferencedDocument(AppError):
    """Documents of {table} still refer to this one ({field})."""

    table: str
    field: str
    """The reference that was declared with `on_delete="restrict"`."""

    count = 0
    """How many do. As `example_id` it is for the backend alone: no field, so it is sent to nobody."""
    example_id = Id[Any]("")
    """One of them."""
