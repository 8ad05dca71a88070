"""schemagen: typed Python backends with live queries, and the typed Python and TypeScript SDKs that go with them."""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from schemagen.declare import (
        FIRST,
        Action,
        ActionCtx,
        AppError,
        Auth,
        BackendError,
        Changes,
        DatabaseReader,
        DatabaseWriter,
        DocumentNotFound,
        ForbiddenAwait,
        ForbiddenCall,
        Id,
        Identity,
        Int64,
        JsonValue,
        LimitExceeded,
        Migration,
        Mutation,
        MutationCtx,
        NotUnique,
        Open,
        Page,
        PageRequest,
        Query,
        QueryCtx,
        ReferencedDocument,
        Select,
        Stored,
        Table,
        UnindexedQuery,
        UniqueConflict,
        action,
        col,
        desc,
        index,
        migration,
        mutation,
        query,
        ref,
        renamed_from,
        search_index,
    )

__all__ = [
    "FIRST",
    "Action",
    "ActionCtx",
    "AppError",
    "Auth",
    "BackendError",
    "Changes",
    "DatabaseReader",
    "DatabaseWriter",
    "DocumentNotFound",
    "ForbiddenAwait",
    "ForbiddenCall",
    "Id",
    "Identity",
    "Int64",
    "JsonValue",
    "LimitExceeded",
    "Migration",
    "Mutation",
    "MutationCtx",
    "NotUnique",
    "Open",
    "Page",
    "PageRequest",
    "Query",
    "QueryCtx",
    "ReferencedDocument",
    "Select",
    "Stored",
    "Table",
    "UnindexedQuery",
    "UniqueConflict",
    "action",
    "col",
    "desc",
    "index",
    "migration",
    "mutation",
    "query",
    "ref",
    "renamed_from",
    "search_index",
]


def __getattr__(name: str) -> object:
    """The words of a backend, loaded at first use: commands that import no backend must not pay for pydantic."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("schemagen.declare"), name)
