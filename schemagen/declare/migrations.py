"""`@migration`: how stored documents get from an older schema to this one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeAlias

from schemagen.declare.context import QueryCtx
from schemagen.declare.table import Table

Stored: TypeAlias = Mapping[str, Any]
"""A document as it is stored, by Python field names: `id`, `creation_time`, and the last known value of every field,
also of those that are not declared any more. Values are plain: an enum is its value; a model, a list or a dict is the
JSON that clients see, with its camelCase keys."""

Changes: TypeAlias = Mapping[str, Any] | None
"""New values of declared fields, of the types they are declared with now; None and {} change nothing."""

MigrationHandler: TypeAlias = Callable[[QueryCtx, Stored], Coroutine[Any, Any, Changes]]


class Migration:
    """A declared migration."""

    def __init__(self, handler: MigrationHandler, table: type[Table], name: str | None) -> None:
        self.handler = handler
        self.table = table
        self.given_name = name
        self.__name__ = handler.__name__
        self.__qualname__ = handler.__qualname__
        self.__module__ = handler.__module__
        self.__doc__ = handler.__doc__
        self.__wrapped__ = handler

    def __call__(self, ctx: QueryCtx, stored: Stored) -> Coroutine[Any, Any, Changes]:
        return self.handler(ctx, stored)

    def __repr__(self) -> str:
        return f"<migration {self.__module__}.{self.__qualname__}>"


def migration(table: type[Table], *, name: str | None = None) -> Callable[[MigrationHandler], Migration]:
    """Declare a migration of a table's documents: `async def f(ctx: QueryCtx, stored: Stored) -> Changes`.

    It is called once for each document that was stored before it, in batches that can be interrupted. If documents do
    not fit the schema yet, it runs before anything is served, else beside the serving. Each migration runs once ever:
    a database knows it by `module.function`, or by `name`, which lets it be moved.
    """
    return lambda handler: Migration(handler, table, name)
