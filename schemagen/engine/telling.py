"""Tells listeners on the event loop what the engine did: who called at once, those who only watch a few at a time.

So whoever writes is answered soon, however many watch; and those who watch skip states where many writes come in a row.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from schemagen.engine.answer import Delta

Listener: TypeAlias = Callable[[Any], None]
Effect: TypeAlias = tuple[Listener, Any]
"""Something to tell the event loop: a function there, and what it is given."""

TOLD_AT_ONCE: Final = 16
"""So many of those who only watch are told before others have their turn on the event loop."""

_log = logging.getLogger("schemagen")


@dataclass(slots=True)
class Effects:
    """What a batch has to tell. Each listener is to hear its own in this order: `first`, `later`, `rest`."""

    first: list[Effect] = field(default_factory=list)
    """In one turn of the event loop: nobody sends a commit's news before the answers of its mutations are there."""
    later: list[Effect] = field(default_factory=list)
    """Deltas without a tag, for subscribers that did not call: they may wait, and become one with the next."""
    rest: list[Effect] = field(default_factory=list)
    all_hear: bool = False
    """Whether nobody may have anything left to hear when `first` is told."""

    @property
    def all(self) -> list[Effect]:
        return [*self.first, *self.later, *self.rest]


class Telling:
    """Belongs to the event loop; holds at most one delta for each subscriber that still has to be told."""

    def __init__(self) -> None:
        self._later: dict[Listener, Delta] = {}
        self._goes_on = False

    def tell(self, effects: Effects) -> None:
        if effects.all_hear:
            self.finish()
        self._tell(effects.first)
        for listener, delta in effects.later:
            before = self._later.get(listener)
            self._later[listener] = delta if before is None else Delta(delta.ts, before.changed | delta.changed)
        if len(self._later) <= TOLD_AT_ONCE:
            self.finish()
        elif not self._goes_on:
            self._goes_on = True
            asyncio.get_running_loop().call_soon(self._go_on)
        self._tell(effects.rest)

    def finish(self) -> None:
        """Tell all who have not been told."""
        while self._later:
            self._tell_next()

    def _go_on(self) -> None:
        for _ in range(min(TOLD_AT_ONCE, len(self._later))):
            self._tell_next()
        self._goes_on = bool(self._later)
        if self._goes_on:
            asyncio.get_running_loop().call_soon(self._go_on)

    def _tell_next(self) -> None:
        listener = next(iter(self._later))
        _call(listener, self._later.pop(listener))

    def _tell(self, effects: list[Effect]) -> None:
        for listener, value in effects:
            if self._later:
                waiting = self._later.pop(listener, None)
                if waiting is not None:
                    _call(listener, waiting)
            _call(listener, value)


def _call(listener: Listener, value: Any) -> None:
    try:
        listener(value)
    except Exception:
        _log.exception("a listener of the engine failed")
