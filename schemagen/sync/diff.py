"""What changed between two encoded results that are lists of objects, as a script that names by position what stayed.

Items are told apart by their bytes, and found without parsing the result: they are cut at the name of their first
field, which all objects of one type begin with. A cut is right if each piece is JSON by itself, so only pieces that the
base does not have are parsed. What is no such list has no script, and is sent whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from orjson import JSONDecodeError, loads

ITEMS_MIN: Final = 20
"""Shorter lists are sent whole."""
SHARE_MAX: Final = 0.5
"""A script of more than this share of the result is not worth it."""

_PAGE: Final = b'{"items":[{'


@dataclass(frozen=True, slots=True)
class Items:
    """An encoded list of objects, or page of them, cut into pieces: each item is `head` + piece + `}`."""

    head: bytes  # `{"id":`
    pieces: list[bytes]
    rest: bytes | None  # the other fields of the page, as a JSON object; None for a bare list

    def item(self, piece: bytes) -> bytes:
        return self.head + piece + b"}"

    def are_right(self, pieces: list[bytes]) -> bool:
        """Whether these pieces are items, and the rest is what stands beside items."""
        try:
            for piece in pieces:
                loads(self.item(piece))
            return self.rest is None or "items" not in loads(self.rest)
        except JSONDecodeError:
            return False


def may_have_script(encoded: bytes) -> bool:
    """Whether a result begins like a list of objects or a page of them."""
    return encoded.startswith((b"[{", _PAGE))


def cut(encoded: bytes) -> Items | None:
    """The items of a result, if it looks like enough of them; `Items.are_right` says whether they are."""
    rest: bytes | None = None
    if encoded.startswith(b"[{"):
        body = encoded[1:-1]
    elif encoded.startswith(_PAGE):
        end = encoded.rfind(b"}]")
        body = encoded[len(_PAGE) - 1 : end + 1]
        rest = b"{" + encoded[end + 2 :].removeprefix(b",")
    else:
        return None
    head = body[: body.find(b'":') + 2]
    pieces = body[len(head) : -1].rsplit(b"}," + head)  # twice as fast as split
    return Items(head, pieces, rest) if len(pieces) >= ITEMS_MIN else None


def script(base: Items, new: Items) -> tuple[bytes, list[bytes]]:
    """What makes `new` of `base`, as JSON: `{"list":[[from,count],{"new":[…]}],"rest":{…}}`; and the new pieces."""
    head, tail = _equal_ends(base.pieces, new.pieces)
    steps: list[bytes] = [b"[0,%d]" % head] if head else []
    fresh: list[bytes] = []
    positions = {base.pieces[at]: at for at in range(head, len(base.pieces) - tail)}
    for is_known, run in groupby(new.pieces[head : len(new.pieces) - tail], positions.__contains__):
        if is_known:
            steps += (b"[%d,%d]" % copied for copied in _runs([positions[piece] for piece in run]))
        else:
            added = list(run)
            fresh += added
            steps.append(b'{"new":[' + b",".join(map(new.item, added)) + b"]}")
    if tail:
        steps.append(b"[%d,%d]" % (len(base.pieces) - tail, tail))
    rest = b"" if new.rest is None else b',"rest":' + new.rest
    return b'{"list":[' + b",".join(steps) + b"]" + rest + b"}", fresh


def _equal_ends(old: list[bytes], new: list[bytes]) -> tuple[int, int]:
    """How many pieces are equal at the start, and how many of the others at the end: most changes are small."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return head, tail


def _runs(positions: list[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each stretch of positions that follow one another."""
    start = 0
    for end in range(1, len(positions) + 1):
        if end == len(positions) or positions[end] != positions[end - 1] + 1:
            yield positions[start], end - start
            start = end
