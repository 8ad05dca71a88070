"""What is being served right now: one engine, and the sessions that live on it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from schemagen.declare.context import Identity
from schemagen.engine.answer import Answer, Failure, FailureKind
from schemagen.engine.runtime import Runtime, Subscriber
from schemagen.model.canonical import fingerprint, to_json
from schemagen.model.contract import FunctionKind, Json
from schemagen.serve.callers import Callers
from schemagen.serve.functions import PublicFunctions
from schemagen.store.errors import StoreError
from schemagen.sync.value import Values

if TYPE_CHECKING:
    from schemagen.serve.websocket import Session

SWEEP_SECONDS: Final = 1.0
"""How often sessions are looked at for what only time changes: stalls, silence, expired tokens."""

TAKEOVER_SECONDS_MAX: Final = 10.0
"""How long a call waits for the next engine."""

log = logging.getLogger("schemagen")


class Serving:
    """Owns the engine. While one engine takes over from another there is none, and calls wait."""

    def __init__(self, runtime: Runtime, values: Values) -> None:
        self.sessions: set[Session] = set()
        self.opened = 0
        """Sessions since the start."""
        self.dropped = 0
        """Sessions cut off because their client took no data."""
        self.values = values
        """What the clients hold."""
        self.callers = Callers()
        self.runtime: Runtime | None = None
        self.closed = False
        self._ready = asyncio.Event()
        self._swapping = asyncio.Lock()
        self._settle(runtime)

    def _settle(self, runtime: Runtime) -> None:
        self.contract = runtime.contract.public
        self.fingerprint = fingerprint(self.contract)
        self.functions = PublicFunctions(self.contract)
        self._contract_json = b""
        self.runtime = runtime
        self._ready.set()

    async def begin(self) -> None:
        """Remember what is served, before anybody is."""
        assert self.runtime is not None
        await self.callers.settle(self.runtime)

    @property
    def contract_json(self) -> bytes:
        """What is public of the contract, and its fingerprint."""
        if not self._contract_json:
            text = to_json(self.contract).strip().encode()
            self._contract_json = b'{"fingerprint":"%b","contract":%b}' % (self.fingerprint.encode(), text)
        return self._contract_json

    async def run(
        self,
        kind: FunctionKind,
        path: str,
        args: Json,
        identity: Identity | None,
        request: str | None = None,
        told: Callable[[Answer], None] | None = None,
        subscriber: Subscriber | None = None,
    ) -> Answer:
        """Call a function; whatever happens, the caller gets an answer, and the log the reason of what is our fault.

        `told` and `subscriber` are as `Runtime.run` has them.
        """
        runtime = self.runtime or await self._next_runtime()
        if runtime is None:
            return Answer(
                0, None, Failure(FailureKind.UNAVAILABLE, "unavailable", "the server is restarting; try again")
            )
        try:
            return await runtime.run(kind, path, args, identity, request=request, told=told, subscriber=subscriber)
        except Exception:
            error_id = token_hex(6)
            log.exception("error %s: the engine failed to run %s %s", error_id, kind, path)
            message = "the server failed; its log has the reason under this error id"
            return Answer(0, None, Failure(FailureKind.INTERNAL, "internal", message, error_id=error_id))

    async def recall(self, path: str, args: Json, identity: Identity | None, request: str) -> Answer | None:
        """What a mutation answered that ran before its function was gone; None if it did not, or nobody can tell."""
        runtime = self.runtime or await self._next_runtime()
        try:
            return None if runtime is None else await runtime.answered_before(path, args, identity, request)
        except (StoreError, sqlite3.Error) as error:
            log.warning("whether %s ran before cannot be said: %s", path, error)
            return None

    async def _next_runtime(self) -> Runtime | None:
        """The engine that takes over; None if the server stops instead, or it takes too long."""
        try:
            async with asyncio.timeout(TAKEOVER_SECONDS_MAX):
                while self.runtime is None and not self.closed:
                    await self._ready.wait()
        except TimeoutError:
            pass
        return self.runtime

    async def swap(self, open_runtime: Callable[[], Runtime]) -> None:
        """Let another engine take over: running calls end on the old one, new ones wait, live queries are asked anew.

        `open_runtime` is called once the old engine has let go of the database. If it raises, nothing is served and
        calls wait until a later swap succeeds.
        """
        async with self._swapping:
            await self._let_go()
            runtime = open_runtime()
            await self.callers.settle(runtime)
            for session in list(self.sessions):
                await session.meet_again()
            self._settle(runtime)
            for session in list(self.sessions):
                session.attach()

    async def sweep(self) -> None:
        """Look after the sessions, until cancelled."""
        clock = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            now = clock()
            for session in list(self.sessions):
                session.look(now)

    async def keep(self) -> None:
        """Write down which clients are seen, until cancelled."""
        await self.callers.keep(self._roll_call)

    def _roll_call(self) -> None:
        for session in self.sessions:
            session.present()

    async def close(self) -> None:
        """Finish what runs, and close the engine."""
        async with self._swapping:
            self.closed = True
            await self._let_go()
            self._ready.set()

    async def _let_go(self) -> None:
        old, self.runtime = self.runtime, None
        self._ready.clear()
        try:
            if old is not None:
                self._roll_call()
                await self.callers.flush(even_if_nothing=True)
                await old.close()  # heard to its end: what its last commits changed is shown before they are answered
        finally:
            for session in self.sessions:
                session.detach()
