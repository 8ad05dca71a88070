"""Actions: they run on the event loop, may await anything, and reach the database through queries and mutations."""

from __future__ import annotations

from datetime import datetime
from random import Random, SystemRandom
from typing import Any, ParamSpec, Protocol, TypeVar
from uuid import UUID

from schemagen.declare import Action, ActionCtx, Auth, Identity, Mutation, Query
from schemagen.engine.answer import Failure
from schemagen.engine.clock import system_time
from schemagen.engine.context import expect, fresh_uuid
from schemagen.engine.cursor import InvalidCursor
from schemagen.engine.failures import Failures, internal, invalid_arguments
from schemagen.engine.functions import CompiledFunction
from schemagen.model.contract import Json
from schemagen.wire.issue import WireError

P = ParamSpec("P")
R = TypeVar("R")


class Caller(Protocol):
    """Runs declared functions with Python values; the runtime."""

    async def call(
        self, function: object, args: tuple[Any, ...], kwargs: dict[str, Any], identity: Identity | None
    ) -> Any: ...


class _KnownAuth(Auth):
    def __init__(self, identity: Identity | None) -> None:
        self._identity = identity

    async def identity(self) -> Identity | None:
        return self._identity


class ActionContext(ActionCtx):
    """The ctx of an action."""

    def __init__(self, caller: Caller, identity: Identity | None) -> None:
        self._caller = caller
        self._identity = identity
        self._now = system_time()
        self._random = Random(SystemRandom().getrandbits(128))

    @property
    def auth(self) -> Auth:
        return _KnownAuth(self._identity)

    @property
    def now(self) -> datetime:
        return self._now

    @property
    def random(self) -> Random:
        return self._random

    def uuid(self) -> UUID:
        return fresh_uuid(self._random)

    async def run_query(self, function: Query[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        expect(function, Query, "run_query")
        result: R = await self._caller.call(function, args, kwargs, self._identity)
        return result

    async def run_mutation(self, function: Mutation[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        expect(function, Mutation, "run_mutation")
        result: R = await self._caller.call(function, args, kwargs, self._identity)
        return result

    async def run_action(self, function: Action[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        expect(function, Action, "run_action")
        result: R = await self._caller.call(function, args, kwargs, self._identity)
        return result


async def action_answer(
    function: CompiledFunction, args: Json, ctx: ActionContext, failures: Failures
) -> tuple[bytes | None, Failure | None]:
    """Decode, run, encode: the encoded result, or how it failed."""
    arguments: dict[str, Any] = {}
    try:
        arguments = function.arguments(args)
    except WireError as error:
        return None, invalid_arguments(error)
    except Exception as error:
        return None, internal(error, function.path, args)
    try:
        return function.result(await function.handler(ctx, **arguments)), None
    except InvalidCursor as error:
        return None, invalid_arguments(WireError((function.cursor_issue(error, arguments),)))
    except Exception as error:
        return None, failures.of(error, function.path, args)
