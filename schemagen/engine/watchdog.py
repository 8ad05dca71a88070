"""Stops a handler that computes for too long, wherever it is, and leaves the engine's thread as it was.

A second thread looks at the CPU time of the engine's thread. In a handler that has had its share it raises
`Runaway`; a long SQL statement that it waits for is ended by the store. What a handler waits for does not count, so a
breakpoint may be looked at for as long as one likes.
"""

from __future__ import annotations

import ctypes
import math
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from schemagen.declare import LimitExceeded
from schemagen.engine.stepping import forget_running

R = TypeVar("R")

_LOOKS_PER_LIMIT: Final = 10
_LOOK_SECONDS_MIN: Final = 0.005
_LOOKS_BEFORE_SLEEP: Final = 50

_raise_in: Final = ctypes.pythonapi.PyThreadState_SetAsyncExc
_raise_in.argtypes = (ctypes.c_ulong, ctypes.py_object)
_withdraw_in: Final = ctypes.pythonapi["PyThreadState_SetAsyncExc"]
_withdraw_in.argtypes = (ctypes.c_ulong, ctypes.c_void_p)


class Runaway(BaseException):
    """Raised in a handler from outside; no handler's `except Exception` holds it."""


class Watchdog:
    """Of one thread, which calls `guard`, one call at a time."""

    def __init__(self, cpu_seconds_max: float) -> None:
        self._cpu_seconds_max = cpu_seconds_max
        self._look_seconds = max(cpu_seconds_max / _LOOKS_PER_LIMIT, _LOOK_SECONDS_MIN)
        self._lock = threading.Lock()
        """Held while a handler is stopped and while it ends: none is stopped that has ended."""
        self._calls = 0
        """Guarded calls so far; tells the running one from the one of the last look."""
        self._runs = False
        self._thread_id = 0
        self._asleep = False
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self.fired = False
        """Whether the running handler is being stopped."""

    def start(self) -> None:
        """Watch over the thread that calls this, until `close`."""
        self._thread_id = threading.get_ident()
        if self._cpu_seconds_max < math.inf:
            self._thread = threading.Thread(target=self._look, name="schemagen-watchdog", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Call it before the watched thread ends."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def guard(self, call: Callable[[], R]) -> R:
        """What `call` returns or raises; `LimitExceeded` if it had to be stopped, whatever it made of that."""
        self._calls += 1
        self.fired = False
        self._runs = True
        if self._asleep:
            self._wake.set()
        try:
            try:
                result = call()
            finally:
                self._end()
        except BaseException as error:
            if isinstance(error, Runaway):
                self._end()  # it may have come at the very end of the other `_end`
            if not self.fired:
                raise
        if self.fired:
            forget_running()
            raise self._exceeded()
        return result

    def _end(self) -> None:
        while True:
            try:
                with self._lock:
                    self._runs = False
                if self.fired:
                    _withdraw_in(self._thread_id, None)  # it may be on its way still
                return
            except Runaway:
                continue

    def _exceeded(self) -> LimitExceeded:
        return LimitExceeded(
            f"this call used more than {self._cpu_seconds_max:g} s of CPU time: it was stopped and its writes undone\n"
            "  why: it runs alone, and all other calls wait for its end\n"
            "  fix: compute in an @action and store what came out by ctx.run_mutation(), or split the work over calls"
        )

    # --- on a thread of its own ---

    def _look(self) -> None:
        cpu_seconds = _cpu_clock(self._thread_id)
        seen, since, idle_looks = 0, 0.0, 0
        while not self._closing.wait(self._look_seconds):
            if not self._runs or self._calls != seen:
                idle_looks = idle_looks + 1 if self._calls == seen else 0
                seen, since = self._calls, cpu_seconds()
                if idle_looks > _LOOKS_BEFORE_SLEEP:
                    self._sleep()
                    idle_looks = 0
            elif cpu_seconds() - since >= self._cpu_seconds_max:
                self._stop(seen)

    def _sleep(self) -> None:
        self._wake.clear()
        self._asleep = True
        if not self._runs and not self._closing.is_set():
            self._wake.wait()
        self._asleep = False

    def _stop(self, call: int) -> None:
        with self._lock:
            if self._runs and self._calls == call:
                self.fired = True
                _raise_in(self._thread_id, Runaway)


def _cpu_clock(thread_id: int) -> Callable[[], float]:
    """The CPU seconds of a thread; of the whole process where the system does not tell them apart."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return time.process_time
    clock = time.pthread_getcpuclockid(thread_id)
    return lambda: time.clock_gettime(clock)
