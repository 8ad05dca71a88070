"""The words a backend writes. `from schemagen import Table, Id, index, query, mutation, ...`."""

from pydantic import JsonValue

from schemagen.declare.context import (
    ActionCtx,
    Auth,
    DatabaseReader,
    DatabaseWriter,
    Identity,
    MutationCtx,
    QueryCtx,
)
from schemagen.declare.errors import (
    AppError,
    BackendError,
    DocumentNotFound,
    ForbiddenAwait,
    ForbiddenCall,
    LimitExceeded,
    NotUnique,
    ReferencedDocument,
    UnindexedQuery,
    UniqueConflict,
)
from schemagen.declare.functions import Action, Mutation, Query, action, mutation, query
from schemagen.declare.ids import Id
from schemagen.declare.migrations import Changes, Migration, Stored, migration
from schemagen.declare.page import FIRST, Page, PageRequest
from schemagen.declare.reference import ref
from schemagen.declare.renames import renamed_from
from schemagen.declare.scalars import Int64, Open
from schemagen.declare.search import Search, search_index
from schemagen.declare.select import Select, col, desc
from schemagen.declare.table import Table, index

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
    "Search",
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
