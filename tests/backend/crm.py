"""The CRM on a database in memory as its clients see it: `async with open_crm() as crm: await crm.owner.query(...)`."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from schemagen.declare.context import Identity
from schemagen.engine.answer import Answer, Delta, Failure, Stats, Watch
from schemagen.engine.runtime import Runtime
from schemagen.introspect import Backend, load
from schemagen.model.contract import FunctionKind, Json

ROOT = Path(__file__).parents[2]

Value = Any
"""A decoded JSON value; tests look into it."""


@cache
def backend() -> Backend:
    return load(ROOT / "backend", ROOT)


class Failed(Exception):
    """A call ended in a failure."""

    def __init__(self, path: str, failure: Failure) -> None:
        super().__init__(f"{path}: {failure}")
        self.failure = failure


@dataclass(frozen=True)
class Caller:
    """Somebody who is signed in (or nobody, if `subject` is None)."""

    runtime: Runtime
    subject: str | None

    async def query(self, path: str, **args: Json) -> Value:
        return _value(path, await self.runtime.run(FunctionKind.QUERY, path, args, self.identity))

    async def mutation(self, path: str, **args: Json) -> Value:
        return _value(path, await self.runtime.run(FunctionKind.MUTATION, path, args, self.identity))

    async def action(self, path: str, **args: Json) -> Value:
        return _value(path, await self.runtime.run(FunctionKind.ACTION, path, args, self.identity))

    async def run(self, path: str, args: dict[str, Json]) -> Answer:
        """Call a function of whatever kind it is."""
        kind = backend().contract.functions_by_path[path].kind
        return await self.runtime.run(kind, path, args, self.identity)

    async def refused(self, path: str, **args: Json) -> Failure:
        """How a call of any kind fails; an assertion if it does not."""
        answer = await self.run(path, args)
        assert answer.failure is not None, f"{self.subject} may call {path}, which answered {answer.value!r}"
        return answer.failure

    def watch(self, path: str, **args: Json) -> Watcher:
        return Watcher(self, Watch(path, args))

    @property
    def identity(self) -> Identity | None:
        return None if self.subject is None else Identity(self.subject)


class Watcher:
    """A connection of its own that watches one query, and every result it was sent so far."""

    def __init__(self, caller: Caller, watch: Watch) -> None:
        self.results: list[Value | Failure] = []
        self.deltas = 0
        self._subscriber = caller.runtime.subscriber(self._receive)
        self._subscriber.update(add={1: watch}, remove=(), identity=caller.identity, tag="first")

    @property
    def latest(self) -> Value:
        return self.results[-1]

    def close(self) -> None:
        self._subscriber.close()

    def _receive(self, delta: Delta) -> None:
        self.deltas += 1
        for result in delta.changed.values():
            self.results.append(result if isinstance(result, Failure) else json.loads(result))


@dataclass
class Crm:
    """A served CRM."""

    runtime: Runtime
    callers: dict[str | None, Caller] = field(default_factory=dict)

    def as_(self, subject: str | None) -> Caller:
        return self.callers.setdefault(subject, Caller(self.runtime, subject))

    @property
    def owner(self) -> Caller:
        return self.as_("owner@acme.example")

    @property
    def stranger(self) -> Caller:
        """The owner of another company."""
        return self.as_("owner@globex.example")

    async def internal(self, path: str, **args: Json) -> Value:
        """Call an internal function, as the terminal may."""
        kind = backend().contract.functions_by_path[path].kind
        return _value(path, await self.runtime.run(kind, path, args, None, internal=True))

    async def settle(self) -> None:
        """Wait until every watcher has been told of all commits so far."""
        await self.owner.query("companies.current")

    def stats(self) -> Stats:
        return self.runtime.stats()


@asynccontextmanager
async def open_crm(*, contacts: int = 12, companies: int = 2) -> AsyncIterator[Crm]:
    """A CRM with sample data in memory; an empty one if `companies` is 0."""
    found = backend()
    runtime = Runtime.open(
        contract=found.contract, functions=found.functions, tables=found.tables, database="sqlite://"
    )
    try:
        crm = Crm(runtime)
        if companies:
            await crm.internal(
                "sample.fill", seed=7, companies=companies, contactsPerCompany=contacts, today="2026-01-15"
            )
        yield crm
    finally:
        await runtime.close()


def _value(path: str, answer: Answer) -> Value:
    if answer.failure is not None:
        raise Failed(path, answer.failure)
    assert answer.value is not None
    return json.loads(answer.value)
