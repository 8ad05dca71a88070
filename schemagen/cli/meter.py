"""How far a long command is: documents so far and how many a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, TypeVar

from schemagen.cli.terminal import Terminal

T = TypeVar("T")

LIVE_SECONDS: Final = 0.2
"""How often the line on a terminal is written anew."""
PLAIN_SECONDS: Final = 5.0
"""How often a line is added where none can be overwritten."""


class Meter:
    """Says on stderr how far things are, now and then, and once more when they are done."""

    def __init__(self, terminal: Terminal, clock: Callable[[], float] = time.monotonic) -> None:
        self._terminal = terminal
        self._clock = clock
        self._every = LIVE_SECONDS if terminal.live else PLAIN_SECONDS

    def counted(self, what: str, items: Iterable[T], total: int | None = None) -> Iterator[T]:
        """The items themselves, one by one; on the way it says how many have passed."""
        began = said = self._clock()
        count = 0
        for item in items:
            yield item
            count += 1
            if (now := self._clock()) - said >= self._every:
                said = now
                self._say(what, count, total, now - began)
        self._say(what, count, None, self._clock() - began)

    def _say(self, what: str, count: int, total: int | None, seconds: float) -> None:
        of_all = "" if total is None else f" of {total:,}"
        rate = f", {count / seconds:,.0f}/s" if count and seconds > 0 else ""
        self._terminal.progress(f"{what}: {count:,}{of_all} document{'' if count == 1 else 's'}{rate}")

    def copied(self) -> Callable[[int, int], None]:
        """For `back_up`: told pages copied and pages in all, it says so."""
        said = self._clock()

        def tell(done: int, total: int) -> None:
            nonlocal said
            if (now := self._clock()) - said >= self._every or done == total:
                said = now
                self._terminal.progress(f"copied {done:,} of {total:,} pages")

        return tell
