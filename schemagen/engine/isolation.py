"""What a query or mutation may not do while it runs: touch the world outside of `ctx`.

Python tells audit hooks of every socket, process and file it opens. While a handler is stepped, and only on that
thread, those that act on the world are refused at the line that does it: a commit that is undone could not undo them,
and a query that runs again would do them again. It is a guard against mistakes, not a sandbox: Python reports neither
the reading of clocks nor that of random numbers.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final, ParamSpec, TypeVar

from schemagen.declare import ForbiddenCall

P = ParamSpec("P")
R = TypeVar("R")

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_ACTION: Final = "do it in an @action, and hand its result to a mutation by ctx.run_mutation()"
_TABLE: Final = "keep it in a table, or write the file in an @action"

_REFUSED: Final[dict[str, tuple[str, str]]] = {
    "time.sleep": ("sleep", "an @action may wait; it calls the mutation when the time has come"),
    "sqlite3.connect": ("open a database", "this backend's own data is ctx.db; read another database in an @action"),
    **dict.fromkeys(
        ("socket.__new__", "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"),
        ("use the network", _ACTION),
    ),
    **dict.fromkeys(
        ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
        ("start a process", _ACTION),
    ),
    **dict.fromkeys(
        ("threading.Thread.start", "_thread.start_new_thread", "_thread.start_joinable_thread"),
        ("start a thread", "the work of a transaction is done by one function; start threads in an @action"),
    ),
    **dict.fromkeys(
        ("os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod"),
        ("change files", _TABLE),
    ),
}
"""By audit event: what the handler tried, and what to do instead."""

_OURS_TO_LET: Final = ("importlib.", "_frozen_importlib", "logging")
"""Modules that may write during a handler: Python keeps what it imported compiled, logs are rotated."""


class _Stepped(threading.local):
    depth = 0


_stepped = _Stepped()


@contextmanager
def isolated() -> Iterator[None]:
    """Refuse what acts on the world, on this thread, until the end of the block."""
    _install()
    _stepped.depth += 1
    try:
        yield
    finally:
        _stepped.depth -= 1


def forget_isolated() -> None:
    """Let this thread act again."""
    _stepped.depth = 0


@functools.cache
def _install() -> None:
    """Once per process, since an audit hook cannot be taken away."""
    sys.addaudithook(_audit)
    # What raises no event of its own in older versions of Python does from here on.
    if sys.version_info < (3, 12):
        threading.Thread.start = _told("threading.Thread.start", threading.Thread.start)  # type: ignore[method-assign]
    if sys.version_info < (3, 13):
        time.sleep = _told("time.sleep", time.sleep)


def _told(event: str, call: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(call)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        _audit(event, args)
        return call(*args, **kwargs)

    return told


def _audit(event: str, args: tuple[object, ...]) -> None:
    if not _stepped.depth:
        return
    if event == "open":
        flags = args[2] if len(args) > 2 else 0
        if not (isinstance(flags, int) and flags & _WRITING):
            return
        tried, fix = f"open {args[0]!r} for writing", _TABLE
    elif event in _REFUSED:
        tried, fix = _REFUSED[event]
    else:
        return
    if not _let(sys._getframe()):
        raise ForbiddenCall(
            f"a query or mutation may not {tried}: it is a transaction, which may be undone or run again\n  fix: {fix}"
        )


def _let(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith(_OURS_TO_LET):
            return True
        frame = frame.f_back
    return False
