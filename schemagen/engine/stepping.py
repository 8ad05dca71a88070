"""Runs a handler to its end. All that `ctx` offers is done at once: a handler that suspends awaits something else."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

from schemagen.declare import ForbiddenAwait

R = TypeVar("R")

_ADVICE = (
    "a query or mutation may await only ctx: it runs alone, start to end, so that it is one transaction\n"
    "  fix: sleep, fetch or read files in an @action, and hand its result to a mutation by ctx.run_mutation()"
)


def run_to_end(coroutine: Coroutine[Any, Any, R]) -> R:
    """What the coroutine returns. Raises what it raises, and `ForbiddenAwait` at the very await that suspends."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: R = stop.value
        return result
    except RuntimeError as error:
        if "no running event loop" in str(error) or "no current event loop" in str(error):
            wrong = ForbiddenAwait(f"there is no event loop here: {_ADVICE}")
            raise wrong.with_traceback(error.__traceback__) from None
        raise
    try:
        coroutine.throw(ForbiddenAwait(_ADVICE))
    except StopIteration:
        raise ForbiddenAwait(_ADVICE) from None  # it was caught, and the wait was never over
    finally:
        coroutine.close()
    raise ForbiddenAwait(_ADVICE)
