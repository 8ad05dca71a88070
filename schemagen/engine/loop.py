"""The event loop of queries and mutations: what is ready runs, in order; it knows no time, no socket, no thread.

It is what makes `asyncio.gather`, `asyncio.TaskGroup` and `asyncio.create_task` work over `ctx` calls, always in the
same order. All else that asyncio offers suspends a handler for something that can never come, and is refused.
"""

from __future__ import annotations

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from typing import Any, Final, NoReturn, cast

from schemagen.declare import ForbiddenAwait

ADVICE: Final = (
    "a query or mutation may await only ctx: it runs alone, start to end, so that it is one transaction\n"
    "  fix: sleep, fetch or read files in an @action, and hand its result to a mutation by ctx.run_mutation()"
)

REFUSALS_MAX: Final = 100
"""So often a handler may catch `ForbiddenAwait` and wait again; then it is closed."""


class DeterministicLoop:
    """A queue of what is ready. Every other attribute of an event loop raises `ForbiddenAwait`."""

    def __init__(self) -> None:
        self._ready: deque[asyncio.Handle] = deque()
        self.tasks: list[HandlerTask] = []

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """What the coroutine returns, or what it raises; tasks that it left behind are cancelled."""
        main = HandlerTask(coroutine, self)
        try:
            main.step()
            if not main.done():
                self._finish(main)
            return main.result()
        finally:
            if self.tasks:
                self._cancel_rest()

    def _finish(self, main: HandlerTask) -> None:
        for _ in range(REFUSALS_MAX):
            self._drain()
            if main.done():
                return
            main.refuse()  # nothing is ready: what it waits for can never come
        main.abandon()

    def _drain(self) -> None:
        while self._ready:
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def _cancel_rest(self) -> None:
        for task in self.tasks:
            task.cancel()
        self._drain()
        for task in self.tasks:
            if task.done():
                if not task.cancelled():
                    task.exception()  # nobody asked for it, and nobody has to hear of it
            else:
                task.abandon()

    # --- the little that asyncio asks of a loop here ---

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, as_asyncio(self), context)
        self._ready.append(handle)
        return handle

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=as_asyncio(self))

    def create_task(
        self, coro: Coroutine[Any, Any, Any], *, name: object = None, context: Context | None = None, **_: object
    ) -> HandlerTask:
        task = HandlerTask(coro, self)
        self.tasks.append(task)
        self.call_soon(task.step, context=context or copy_context())
        return task

    def call_exception_handler(self, context: Any) -> None:
        """What a task raised and nobody awaited ends with the handler."""

    def __getattr__(self, name: str) -> NoReturn:
        if hasattr(asyncio.AbstractEventLoop, name):
            raise ForbiddenAwait(f"there is no {name}() here: {ADVICE}")
        raise AttributeError(f"an event loop has no {name!r}")


def as_asyncio(loop: DeterministicLoop) -> asyncio.AbstractEventLoop:
    """The same object: asyncio asks for no more than what it has."""
    return cast(asyncio.AbstractEventLoop, loop)


class HandlerTask(asyncio.Future[Any]):
    """A coroutine on its way. Unlike asyncio's own task it refuses to wait for nothing, at the very line that does."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any], loop: DeterministicLoop) -> None:
        super().__init__(loop=as_asyncio(loop))
        self._coroutine = coroutine
        self._deterministic = loop
        self._awaited: asyncio.Future[Any] | None = None
        self._cancelled_next = False
        self._cancel_requests = 0
        self._refusals = 0
        self._name = ""

    def step(self, error: BaseException | None = None) -> None:
        """Run to the next await that suspends, or to the end."""
        if self.done():
            return
        if self._cancelled_next and error is None:
            error, self._cancelled_next = asyncio.CancelledError(), False
        _enter_task(as_asyncio(self._deterministic), cast(Any, self))
        try:
            waited = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
        except StopIteration as stop:
            self.set_result(stop.value)
        except asyncio.CancelledError:
            super().cancel()
        except BaseException as raised:
            self.set_exception(raised)
        else:
            self._wait(waited)
        finally:
            _leave_task(as_asyncio(self._deterministic), cast(Any, self))

    def _wait(self, waited: object) -> None:
        if (
            isinstance(waited, asyncio.Future)
            and waited.get_loop() is as_asyncio(self._deterministic)
            and waited is not self
        ):
            waited._asyncio_future_blocking = False
            self._awaited = waited
            waited.add_done_callback(self._wake)
            if self._cancelled_next and waited.cancel():
                self._cancelled_next = False
        else:  # asyncio.sleep(0), or a future of another loop
            self._deterministic.call_soon(self.refuse)

    def _wake(self, _: asyncio.Future[Any]) -> None:
        self._awaited = None
        self.step()

    def refuse(self) -> None:
        """Raise `ForbiddenAwait` where it waits."""
        if self._awaited is not None:
            self._awaited.remove_done_callback(self._wake)
            self._awaited = None
        self._refusals += 1
        if self._refusals > REFUSALS_MAX:
            self.abandon()
        else:
            self.step(ForbiddenAwait(ADVICE))

    def abandon(self) -> None:
        """End it, whatever it catches."""
        if self.done():
            return
        self.set_exception(ForbiddenAwait(ADVICE))
        self.exception()  # it counts as heard
        with suppress(RuntimeError):  # it ignores even that; nobody resumes it again
            self._coroutine.close()

    # --- what asyncio asks of a task ---

    def cancel(self, msg: Any = None) -> bool:
        if self.done():
            return False
        self._cancel_requests += 1
        if self._awaited is None or not self._awaited.cancel():
            self._cancelled_next = True
        return True

    def cancelling(self) -> int:
        return self._cancel_requests

    def uncancel(self) -> int:
        self._cancel_requests = max(0, self._cancel_requests - 1)
        return self._cancel_requests

    def get_coro(self) -> Coroutine[Any, Any, Any]:
        return self._coroutine

    def get_name(self) -> str:
        return self._name

    def set_name(self, value: object) -> None:
        self._name = str(value)
