"""A running backend in a test: call it, watch it, look at its counters."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from schemagen import Identity, Migration
from schemagen.engine.answer import Answer, Delta, Failure, Stats, Watch
from schemagen.engine.clock import Clock
from schemagen.engine.limits import Limits
from schemagen.engine.memory import Memory
from schemagen.engine.runtime import Runtime, Subscriber
from schemagen.model.contract import FunctionKind
from tests.engine.backend import Backend

TIMEOUT = 20


def on_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """A test that is a coroutine."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), TIMEOUT))

    return run


def user(subject: str, **claims: Any) -> Identity:
    return Identity(subject=subject, claims=claims)


class HandClock(Clock):
    """A clock turned by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 1, 12, tzinfo=UTC)
        super().__init__(lambda: self.time)

    def turn(self, by: timedelta) -> None:
        self.time += by


class FailedCall(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


class Watcher:
    """A subscriber that keeps what it was told: the latest result of each of its queries."""

    def __init__(self, runtime: Runtime) -> None:
        self.deltas: list[Delta] = []
        self.results: dict[int, Any] = {}
        self.ts = 0
        self._subscriber: Subscriber = runtime.subscriber(self._hear)
        self._identity: Identity | None = None
        self._tags = 0
        self._answers: dict[object, asyncio.Future[Delta]] = {}

    def _hear(self, delta: Delta) -> None:
        assert delta.ts >= self.ts, "time ran backwards"
        self.ts = delta.ts
        self.deltas.append(delta)
        for query_id, result in delta.changed.items():
            self.results[query_id] = result if isinstance(result, Failure) else orjson.loads(result)
        if delta.tag is not None:
            self._answers.pop(delta.tag).set_result(delta)

    async def update(self, add: dict[int, tuple[str, Any]], remove: tuple[int, ...] = ()) -> Delta:
        self._tags += 1
        answer: asyncio.Future[Delta] = asyncio.get_running_loop().create_future()
        self._answers[self._tags] = answer
        watches = {query_id: Watch(path, args) for query_id, (path, args) in add.items()}
        self._subscriber.update(add=watches, remove=remove, identity=self._identity, tag=self._tags)
        return await answer

    async def watch(self, path: str, **args: Any) -> Any:
        """Watch one more query under the next free id; its first result."""
        query_id = len(self.results)
        await self.update({query_id: (path, args)})
        return self.results[query_id]

    async def become(self, identity: Identity | None) -> Delta:
        self._identity = identity
        return await self.update({})

    def close(self) -> None:
        self._subscriber.close()


class Host:
    def __init__(self, runtime: Runtime, clock: HandClock) -> None:
        self.runtime = runtime
        self.clock = clock

    async def call(
        self, kind: FunctionKind, path: str, args: Any, identity: Identity | None = None, **options: Any
    ) -> Answer:
        return await self.runtime.run(kind, path, args, identity, **options)

    async def query(self, path: str, identity: Identity | None = None, /, **args: Any) -> Any:
        return _value(await self.call(FunctionKind.QUERY, path, args, identity))

    async def mutate(self, path: str, identity: Identity | None = None, /, **args: Any) -> Any:
        return _value(await self.call(FunctionKind.MUTATION, path, args, identity))

    async def act(self, path: str, identity: Identity | None = None, /, **args: Any) -> Any:
        return _value(await self.call(FunctionKind.ACTION, path, args, identity))

    async def failure(
        self, kind: str, path: str, args: Any, identity: Identity | None = None, **options: Any
    ) -> Failure:
        answer = await self.call(FunctionKind(kind), path, args, identity, **options)
        assert answer.failure is not None, answer
        return answer.failure

    def watcher(self) -> Watcher:
        return Watcher(self.runtime)

    async def watcher_as(self, identity: Identity | None) -> Watcher:
        watcher = Watcher(self.runtime)
        await watcher.become(identity)
        return watcher

    @property
    def stats(self) -> Stats:
        return self.runtime.stats()


def _value(answer: Answer) -> Any:
    if answer.failure is not None:
        raise FailedCall(answer.failure)
    assert answer.value is not None
    return orjson.loads(answer.value)


@asynccontextmanager
async def running(
    backend: Backend,
    database: str = "sqlite://",
    *migrations: Migration,
    limits: Limits | None = None,
    memory: Memory | None = None,
) -> AsyncIterator[Host]:
    clock = HandClock()
    runtime = Runtime.open(
        contract=backend.contract,
        functions=backend.functions,
        tables=backend.tables,
        database=database,
        clock=clock,
        limits=limits,
        memory=memory,
        migrations={each.__name__: each for each in migrations},
    )
    try:
        yield Host(runtime, clock)
    finally:
        await runtime.close()
