"""What changed between two encoded results that are lists of objects, as a script that names by position what stayed.

Items are told apart by their bytes. They are found without parsing the result: it is cut where the first field of an
item begins, which has one name in all objects of one type. Such a cut is right if each piece is JSON by itself, so only
pieces that the base does not have are parsed. Where it is wrong, as for items that hold lists of their like, the result
is parsed after all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from orjson import JSONDecodeError, dumps, loads

ITEMS_MIN: Final = 20
"""Shorter lists are sent whole."""

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
        """Whether these pieces are items, and the rest is an object."""
        try:
            for item in (*map(self.item, pieces), self.rest or b"{}"):
                loads(item)
        except JSONDecodeError:
            return False
        return True

    def are_like(self, other: Items) -> bool:
        """Whether both are cut at the same place, and both are lists or both are pages."""
        return self.head == other.head and (self.rest is None) == (other.rest is None)


def may_have_items(encoded: bytes) -> bool:
    """Whether a result looks like a list of objects or a page of them, at a glance."""
    return encoded.startswith(b"[{") or b'"items":[{' in encoded


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


def parsed(encoded: bytes) -> Items | None:
    """The items of a result, if it is a list or a page of enough objects."""
    value = loads(encoded)
    rest: bytes | None = None
    if isinstance(value, dict):
        value, rest = value.pop("items", None), dumps(value)
    if not isinstance(value, list) or len(value) < ITEMS_MIN or not all(isinstance(item, dict) for item in value):
        return None
    return Items(b"{", [dumps(item)[1:-1] for item in value], rest)


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
