"""`ctx`, as handlers are given it."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from schemagen.declare import (
    Auth,
    DatabaseReader,
    DatabaseWriter,
    Identity,
    Mutation,
    MutationCtx,
    Query,
    QueryCtx,
)
from schemagen.declare.functions import Declared
from schemagen.engine.database import Reader, Writer
from schemagen.engine.execution import Execution
from schemagen.engine.stepping import run_to_end

P = ParamSpec("P")
R = TypeVar("R")


class ExecutionAuth(Auth):
    """Whoever asks for the caller has read the caller: its result is then for this caller only."""

    __slots__ = ("_execution",)

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    async def identity(self) -> Identity | None:
        self._execution.identity_read = True
        return self._execution.identity


class _Watched(QueryCtx):
    """What queries and mutations are given alike: everything but the database."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution

    @property
    def auth(self) -> Auth:
        return ExecutionAuth(self._execution)

    @property
    def now(self) -> datetime:
        return self._execution.now

    @property
    def random(self) -> Random:
        return self._execution.random

    def uuid(self) -> UUID:
        return fresh_uuid(self._execution.random)

    def tick(self, interval: timedelta) -> datetime:
        return self._execution.tick(interval)

    async def run_query(self, function: Query[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        expect(function, Query, "run_query")
        return await function.handler(Reading(self._execution), *args, **kwargs)


class Reading(_Watched):
    """The ctx of a query."""

    def __init__(self, execution: Execution) -> None:
        super().__init__(execution)
        self._db: DatabaseReader = Reader(execution)

    @property
    def db(self) -> DatabaseReader:
        return self._db


class Writing(_Watched, MutationCtx):
    """The ctx of a mutation."""

    def __init__(self, execution: Execution) -> None:
        super().__init__(execution)
        self._db: DatabaseWriter = Writer(execution)

    @property
    def db(self) -> DatabaseWriter:
        return self._db

    async def run_mutation(self, function: Mutation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        expect(function, Mutation, "run_mutation")
        store, writes = self._execution.workshop.store, self._execution.writes
        assert writes is not None
        before = len(writes)
        store.savepoint("inner")
        try:
            # To its end at once: were it to wait for tasks, others could write between its savepoint and its undoing.
            result = run_to_end(function.handler(self, *args, **kwargs))
        except BaseException:
            store.undo("inner")
            del writes[before:]
            raise
        store.release("inner")
        return result


def fresh_uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def expect(function: object, kind: type[Declared[Any, Any, Any]], method: str) -> None:
    """`ctx.run_x` takes functions declared with `@x`: their kind decides what their ctx may do."""
    if not isinstance(function, kind):
        raise TypeError(f"ctx.{method}() takes a function declared with @{kind.__name__.lower()}, got {function!r}")
