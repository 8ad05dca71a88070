"""Runs a handler to its end, at once: on an event loop of its own, on which only `ctx` may be awaited."""

from __future__ import annotations

import asyncio
from asyncio.tasks import _enter_task, _leave_task
from collections.abc import Coroutine
from typing import Any, TypeVar

from schemagen.engine.isolation import forget_isolated, isolated
from schemagen.engine.loop import DeterministicLoop, as_asyncio

R = TypeVar("R")


def forget_running() -> None:
    """Leave the thread as it is when no handler runs: for one that was stopped from outside, wherever it was."""
    loop = asyncio._get_running_loop()
    if loop is not None:
        task = asyncio.current_task(loop)
        if task is not None:
            _leave_task(loop, task)
        asyncio._set_running_loop(None)
    forget_isolated()


def run_to_end(coroutine: Coroutine[Any, Any, R]) -> R:
    """What the coroutine returns. Raises what it raises, and `ForbiddenAwait` at the very await that cannot end.

    What acts on the world outside of `ctx` raises `ForbiddenCall` meanwhile.

    May be called while another handler runs: that one goes on when this one has ended, so that nothing comes between
    the two ends of a nested mutation's savepoint.
    """
    outer = asyncio._get_running_loop()
    task = None if outer is None else asyncio.current_task(outer)
    if outer is not None and task is not None:
        _leave_task(outer, task)
    loop = DeterministicLoop()
    asyncio._set_running_loop(as_asyncio(loop))
    try:
        with isolated():
            result: R = loop.run(coroutine)
        return result
    finally:
        asyncio._set_running_loop(outer)
        if outer is not None and task is not None:
            _enter_task(outer, task)
