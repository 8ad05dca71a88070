"""One WebSocket connection: performs the effects of a `ServerSync`, and carries its frames."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, Final, assert_never

from schemagen.declare.context import Identity
from schemagen.engine.answer import Answer, Delta, Failure, Watch
from schemagen.engine.runtime import Subscriber
from schemagen.model.contract import FunctionKind
from schemagen.serve.auth import TokenRefused, Verifier
from schemagen.serve.callers import Caller, refuse
from schemagen.serve.errors import error_object, outcome, unauthenticated
from schemagen.serve.serving import Serving
from schemagen.serve.settings import Settings
from schemagen.sync.effects import Close, Effect, Identify, RecallMutation, RunAction, RunMutation, Tag, Update
from schemagen.sync.encode import Outcome
from schemagen.sync.messages import Connect, ErrorObject
from schemagen.sync.server import CLOSE_SILENT, Phase, ServerSync

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

CONNECT_SECONDS_MAX: Final = 10.0
"""A client that has not sent `connect` by then is closed."""

UNFINISHED_MAX: Final = 256
"""With so much begun for a connection and not yet taken by it, its next frame is not read."""

ABORT: Final = "schemagen.abort"
"""A scope extension of our own server: cuts a connection off without waiting for data to drain."""

log = logging.getLogger("schemagen")


class SyncDoor:
    """`/api/sync`."""

    def __init__(self, serving: Serving, verifier: Verifier, settings: Settings) -> None:
        self.serving = serving
        self.verifier = verifier
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await receive()  # websocket.connect
        if not _origin_allowed(scope, self.settings.cors_origins):
            await send({"type": "websocket.close", "code": 1008})  # before accept: the handshake gets HTTP 403
            return
        await send({"type": "websocket.accept"})
        await Session(self, scope, receive, send).run()


class Session:
    """One connection, from accept to close. All of it happens on the event loop, so nothing is locked."""

    def __init__(self, door: SyncDoor, scope: Scope, receive: Receive, send: Send) -> None:
        self.serving = door.serving
        self.verifier = door.verifier
        self.stall_seconds = door.settings.stall_seconds
        serving, limit = self.serving, door.settings.max_queries
        self.sync = ServerSync(serving.fingerprint, serving.functions.refusal, limit, serving.values)
        self.caller: Caller | None = None
        """Which kind of client it is; None before `connect`."""
        self.identity: Identity | None = None
        self.valid_until: float | None = None
        """When the caller's token expires, in seconds since the epoch."""
        self.subscriber: Subscriber | None = None
        self.generation = 0
        """Which engine this session listens to; news of the one before is late and is dropped."""
        self.closing: Close | None = None
        self.sending_since: float | None = None
        self.loop = asyncio.get_running_loop()
        self.opened = self.loop.time()
        self._receive = receive
        self._send = send
        self._abort = scope.get("extensions", {}).get(ABORT)
        self._something_to_send = asyncio.Event()
        self._calls: set[asyncio.Task[None]] = set()
        self._mutations = 0
        self._updates = 0
        """Updates that the engine has not answered."""
        self._something_finished = asyncio.Event()

    async def run(self) -> None:
        """Until the client leaves or is sent away."""
        self.serving.sessions.add(self)
        self.serving.opened += 1
        self.attach()
        writer = asyncio.create_task(self._write())
        writer.add_done_callback(lambda _: self._something_finished.set())
        try:
            while (message := await self._receive())["type"] == "websocket.receive":
                text = message.get("text")
                self._perform(
                    self.sync.fail("frames are text, not binary") if text is None else self.sync.receive(text)
                )
                if self.caller is None and self.sync.hello is not None:
                    await self._meet(self.sync.hello)
                while self._unfinished() >= UNFINISHED_MAX and not writer.done():
                    self._something_finished.clear()
                    await self._something_finished.wait()
        except Exception:
            self._failed()
            await asyncio.wait([writer], timeout=self.stall_seconds)
        finally:
            self.serving.sessions.discard(self)
            self.present()
            self.detach()
            writer.cancel()

    # --- who it is ---

    async def _meet(self, hello: Connect) -> None:
        """The next frame is read once it is known what of the client's contract no longer fits."""
        self.caller = await self.serving.callers.by_hello(hello)
        self._perform(self.sync.met(refuse(self.caller, self.serving.functions.refusal), self.caller.outdated))

    async def meet_again(self) -> None:
        """Another contract is about to be served."""
        if self.caller is not None and self.sync.hello is not None:
            self.caller = await self.serving.callers.by_hello(self.sync.hello)

    def present(self) -> None:
        """It counts as seen, and what it watches as used."""
        if self.caller is not None:
            self.caller.is_alive = True
            for query in self.sync.watched.values():
                self.caller.uses(query.path)

    def _unfinished(self) -> int:
        return self._mutations + self._updates + len(self.sync.responses) + len(self.sync.notices)

    def _failed(self) -> None:
        """A mistake of ours: this connection ends, the others live on."""
        log.exception("a connection failed")
        self._close(Close(1011, "the server failed; its log has the reason"))

    # --- the engine ---

    def attach(self) -> None:
        """Listen to the engine that serves; if another was listened to before, ask it everything anew."""
        runtime = self.serving.runtime
        if runtime is None:
            return  # one engine is taking over from another; afterwards all sessions are attached
        self.generation += 1
        self._updates = 0
        self.subscriber = runtime.subscriber(partial(self._hear, self.generation))
        functions, caller = self.serving.functions.refusal, self.caller
        if caller is None:
            self._perform(self.sync.moved(self.serving.fingerprint, functions))
        else:
            self._perform(self.sync.moved(self.serving.fingerprint, refuse(caller, functions), caller.outdated))

    def detach(self) -> None:
        """Listen no more."""
        if self.subscriber is not None:
            self.subscriber.close()
            self.subscriber = None
            self.generation += 1

    def _hear(self, generation: int, delta: Delta) -> None:
        if generation != self.generation:
            return
        if delta.tag is not None:
            self._updates -= 1
            self._something_finished.set()
        try:
            changed = {q: v if isinstance(v, bytes) else self._failure(q, v) for q, v in delta.changed.items()}
            assert delta.tag is None or isinstance(delta.tag, Tag)
            self._perform(self.sync.news(delta.ts, changed, delta.tag))
        except Exception:
            self._failed()

    def _failure(self, query_id: int, failure: Failure) -> ErrorObject:
        query = self.sync.watched.get(query_id)
        error = error_object(failure)
        return error if query is None or self.caller is None else self.caller.explained(error, query.path, query.args)

    # --- effects ---

    def _perform(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Update():
                    self._update(effect)
                case RunMutation():
                    self._mutations += 1
                    self._start(self._run_mutation(effect, self.identity))
                case RecallMutation():
                    self._mutations += 1
                    self._start(self._recall_mutation(effect, self.identity))
                case RunAction():
                    self._start(self._run_action(effect, self.identity))
                case Identify():
                    self._identify(effect.token)
                case Close():
                    log.debug("closing a connection: %d %s", effect.code, effect.reason)
                    self.closing = self.closing or effect
                case _:
                    assert_never(effect)
        self._something_to_send.set()

    def _update(self, update: Update) -> None:
        for query in update.add.values():
            self._count(query.path)
        if self.subscriber is not None:  # else `attach` asks everything anew
            add = {query_id: Watch(query.path, query.args) for query_id, query in update.add.items()}
            self._updates += 1
            self.subscriber.update(add=add, remove=update.remove, identity=self.identity, tag=update.tag)

    def _identify(self, token: str | None) -> None:
        self.identity = self.valid_until = None
        if token is not None:
            try:
                verified = self.verifier.verify(token)
            except TokenRefused as refused:
                self.sync.refused(unauthenticated(str(refused)))
            else:
                self.identity, self.valid_until = verified.identity, verified.valid_until

    def _start(self, call: Coroutine[Any, Any, None]) -> None:
        """Run a call beside the connection. It goes on if the connection ends: its answer may be asked for later."""
        task = asyncio.create_task(call)
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _run_mutation(self, call: RunMutation, identity: Identity | None) -> None:
        """The answer is passed on when the engine tells it, between news: nothing is sent that shows half of both."""
        self._count(call.path)
        told = _once(partial(self._mutated, call))
        kind, subscriber = FunctionKind.MUTATION, self.subscriber
        told(await self.serving.run(kind, call.path, call.args, identity, call.key, told, subscriber))

    def _mutated(self, call: RunMutation, answer: Answer) -> None:
        self._mutations -= 1
        self._something_finished.set()
        self.sync.mutated(call.request_id, answer.ts, self._outcome(call, answer))
        self._something_to_send.set()

    async def _recall_mutation(self, call: RecallMutation, identity: Identity | None) -> None:
        answer = await self.serving.recall(call.path, call.args, identity, call.key)
        self._mutations -= 1
        self._something_finished.set()
        ts = self.sync.reached.ts if answer is None else answer.ts
        self.sync.mutated(call.request_id, ts, call.refusal if answer is None else outcome(answer))
        self._something_to_send.set()

    async def _run_action(self, call: RunAction, identity: Identity | None) -> None:
        self._count(call.path)
        answer = await self.serving.run(FunctionKind.ACTION, call.path, call.args, identity)
        self.sync.acted(call.request_id, self._outcome(call, answer))
        self._something_to_send.set()

    def _outcome(self, call: RunMutation | RunAction, answer: Answer) -> Outcome:
        came = outcome(answer)
        if isinstance(came, bytes) or self.caller is None:
            return came
        return self.caller.explained(came, call.path, call.args)

    def _count(self, path: str) -> None:
        if self.caller is not None:
            self.caller.count(path)

    # --- the socket ---

    async def _write(self) -> None:
        """Send what is ready whenever the socket takes it; what becomes ready meanwhile is merged by `sync`."""
        try:
            while True:
                await self._something_to_send.wait()
                self._something_to_send.clear()
                closing = self.closing
                self.sending_since = self.loop.time()
                for frame in self.sync.take():
                    await self._send({"type": "websocket.send", "text": frame})
                self._something_finished.set()
                if closing is not None:
                    await self._send({"type": "websocket.close", "code": closing.code, "reason": closing.reason})
                    return
                self.sending_since = None
        except (OSError, RuntimeError):
            pass  # the connection is closing, which the reader learns too
        except Exception:
            log.exception("a connection failed")
            self._cut_off()

    def look(self, now: float) -> None:
        """Do what only time makes due; called about every second."""
        if self.sending_since is not None and now - self.sending_since > self.stall_seconds:
            log.warning("a client took no data for %g s and was cut off", self.stall_seconds)
            self.serving.dropped += 1
            self.sending_since = None
            self._cut_off()
        elif self.sync.phase is Phase.NEW and now - self.opened > CONNECT_SECONDS_MAX:
            self._close(Close(CLOSE_SILENT, "no connect message came"))
        elif self.valid_until is not None and self.valid_until <= time.time():
            self._perform(self.sync.expired(unauthenticated("the token has expired")))

    def _close(self, close: Close) -> None:
        self.sync.phase = Phase.CLOSED
        self._perform([close])

    def _cut_off(self) -> None:
        if self._abort is not None:
            self._abort()
        self.detach()


def _once(listener: Callable[[Answer], None]) -> Callable[[Answer], None]:
    """Calls it with the first answer only."""
    answers: list[Answer] = []

    def hear(answer: Answer) -> None:
        answers.append(answer)
        if len(answers) == 1:
            listener(answer)

    return hear


def _origin_allowed(scope: Scope, allowed: tuple[str, ...]) -> bool:
    """Browsers always say which page opens a socket; other clients send no origin."""
    if "*" in allowed:
        return True
    origin = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"), None)
    return origin is None or origin in allowed
