"""What a live page must hold: all between its cursor and its end, which stays where it was first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.engine.simulation.model import State, View, cursor_key, ordering, sort_key


@dataclass
class LivePage:
    """One watched page of one client, as long as its connection lasts."""

    what: Any
    """The read: its select, size and cursor."""
    pin: str | None = None
    """The first cursor it gave."""

    def check(self, view: View, given: Any) -> None:
        """Raises AssertionError if `given` is not this page of the state."""
        select, size = self.what["select"], self.what["size"]
        rest = self._rest(view)
        cursor = given["cursor"]
        assert cursor is None or self.pin is None or cursor == self.pin, "the end of a page moved"
        self.pin = self.pin or cursor
        if self.pin is None:
            # Somebody else may have pinned this page before: then it may be longer, but is complete.
            assert given["items"] == rest, "a last page is not all that is left"
            return
        end = self._after(view.state, self.pin)
        within = [doc for doc in rest if not self._is_behind(view.state, doc, end)]
        assert given["items"] == within, "a page is not what lies between its cursor and its end"
        assert (cursor is None) == (len(within) == len(rest)), "a page does not know whether there is a next one"
        assert select and size

    def _rest(self, view: View) -> list[Any]:
        """Everything after its cursor."""
        docs = view.select(self.what["select"])
        if self.what["cursor"] is None:
            return docs
        start = self._after(view.state, self.what["cursor"])
        return [doc for doc in docs if self._is_behind(view.state, doc, start)]

    def _after(self, state: State, cursor: str) -> tuple[Any, ...]:
        return cursor_key(state.schema.by_name[self.what["select"]["table"]], self.what["select"], cursor)

    def _is_behind(self, state: State, doc: Any, key: tuple[Any, ...]) -> bool:
        """Whether a document comes after a key in the page's direction."""
        select = self.what["select"]
        at = sort_key(ordering(state.schema.by_name[select["table"]], select), doc)
        return at < key if select["desc"] else at > key


def check_tiles(chain: list[tuple[Any, Any]], view: View) -> None:
    """Pages, each a read and its result, each following the cursor of the one before: no gap, no document twice."""
    whole = view.select(chain[0][0]["select"])
    shown: list[Any] = []
    for at, (_, given) in enumerate(chain):
        shown += given["items"]
        following = chain[at + 1][0]["cursor"] if at + 1 < len(chain) else None
        if given["cursor"] is None:
            assert shown == whole, "pages do not tile"
            return
        if given["cursor"] != following:
            break
    assert shown == whole[: len(shown)], "pages do not tile"
    assert len(shown) < len(whole), "a page promises a next one that is empty"
