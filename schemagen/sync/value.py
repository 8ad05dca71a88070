"""Values as clients are sent them: encoded once, named by a digest, told as what changed; all once for all clients."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from hashlib import sha256
from typing import Any, Final
from weakref import WeakValueDictionary, ref

from schemagen.sync.diff import cut, may_have_items, parsed, script

SHARE_MAX: Final = 0.5
"""A script of more than this share of the value is not worth it."""

VALUES_BYTES_MAX: Final = 64 * 2**20
"""So much is kept of what clients hold; of what was not used for longest only the digest is left."""

RECENT_BYTES_MAX: Final = 4 * 2**20
"""So much of what was replaced a moment ago is kept for clients that come back."""

SCRIPTS_MAX: Final = 8
"""So many ways into one value are remembered, each from another base."""


class Value:
    """A query's encoded value, under its digest. What is derived from it is computed when the first client asks."""

    __slots__ = ("__weakref__", "_is_cut_right", "_scripts", "digest", "encoded")

    def __init__(self, encoded: bytes) -> None:
        self.digest = sha256(encoded).hexdigest()[:16]
        self.encoded: bytes | None = encoded
        """None once it was let go: then nothing can be built on it."""
        self._is_cut_right: bool | None = None
        """Whether `cut` finds its items; None if nobody has looked."""
        self._scripts: dict[str, bytes | None] = {}

    def script_from(self, base: Value) -> bytes | None:
        """What makes this value of `base`, as JSON; None if it cannot be said so, or not in less than half the size."""
        if base.digest not in self._scripts:
            if self.encoded is None or base.encoded is None:
                return None
            if len(self._scripts) == SCRIPTS_MAX:
                del self._scripts[next(iter(self._scripts))]
            self._scripts[base.digest] = self._compared(self.encoded, base, base.encoded)
        return self._scripts[base.digest]

    def _compared(self, after: bytes, base: Value, before: bytes) -> bytes | None:
        if not (may_have_items(before) and may_have_items(after)):
            return None
        text = self._cut_against(after, base, before) or _parsed_script(before, after)
        return text if text is not None and _is_worth(text, after) else None

    def _cut_against(self, after: bytes, base: Value, before: bytes) -> bytes | None:
        """The script, if both can be cut into items; one that is not worth it is not looked at closely."""
        old, new = cut(before), cut(after)
        if not (old and new and old.are_like(new)):
            return None
        if base._is_cut_right is None:
            base._is_cut_right = old.are_right(old.pieces)
        if not base._is_cut_right:
            return None
        text, fresh = script(old, new)
        if not _is_worth(text, after):
            return text
        self._is_cut_right = new.are_right(fresh)
        return text if self._is_cut_right else None


def _parsed_script(before: bytes, after: bytes) -> bytes | None:
    old, new = parsed(before), parsed(after)
    return script(old, new)[0] if old and new and old.are_like(new) else None


def _is_worth(text: bytes, value: bytes) -> bool:
    return len(text) < SHARE_MAX * len(value)


class Values:
    """The values that connected clients hold, and those replaced a moment ago; all clients of a server share one.

    A value is here as long as somebody holds it, its bytes for as long as there is room for them.
    """

    def __init__(self, bytes_max: int = VALUES_BYTES_MAX) -> None:
        self.bytes = 0
        """How much is kept."""
        self.told = {"value": 0, "diff": 0, "unchanged": 0, "error": 0}
        """How often clients were told a result, by form."""
        self._bytes_max = bytes_max
        self._by_digest: WeakValueDictionary[str, Value] = WeakValueDictionary()
        self._by_encoded: dict[int, ref[Value]] = {}
        """By the identity of their bytes, which are one object for all who are sent them; only while they are kept."""
        self._kept: OrderedDict[str, tuple[ref[Value], int, int]] = OrderedDict()
        """By digest: the value, the size and the identity of its bytes; what was not used for longest comes first."""
        self._recent: OrderedDict[Value, int] = OrderedDict()
        self._recent_bytes = 0

    def of(self, encoded: bytes) -> Value:
        """The one `Value` of these bytes, and of others equal to them."""
        found = self._by_encoded.get(id(encoded))
        value = None if found is None else found()
        if value is None:
            fresh = Value(encoded)
            value = self._by_digest.setdefault(fresh.digest, fresh)
            if value.digest not in self._kept:
                self._keep(value, encoded)
        self.used(value)
        return value

    def used(self, value: Value) -> None:
        """It is among the last to make room for others."""
        if value.digest in self._kept:
            self._kept.move_to_end(value.digest)

    def known(self, digest: str) -> Value | None:
        """The value of this digest, if somebody holds it or did a moment ago."""
        return self._by_digest.get(digest)

    def replaced(self, value: Value) -> None:
        """A client holds another value now; one that comes back may still hold this one."""
        if value.encoded is None or value in self._recent or not may_have_items(value.encoded):
            return
        self._recent[value] = len(value.encoded)
        self._recent_bytes += len(value.encoded)
        while self._recent_bytes > RECENT_BYTES_MAX:
            self._recent_bytes -= self._recent.popitem(last=False)[1]

    def _keep(self, value: Value, encoded: bytes) -> None:
        value.encoded = encoded
        watched = ref(value, partial(self._drop, value.digest))
        self._kept[value.digest] = (watched, len(encoded), id(encoded))
        self._by_encoded[id(encoded)] = watched
        self.bytes += len(encoded)
        while self.bytes > self._bytes_max and len(self._kept) > 1:
            self._let_go(next(iter(self._kept)))

    def _let_go(self, digest: str) -> None:
        """Only the digest is left."""
        value = self._kept[digest][0]()
        self._drop(digest)
        if value is not None:
            value.encoded = None

    def _drop(self, digest: str, _: Any = None) -> None:
        """Its bytes are no longer kept: there is no room, or nobody holds the value any more."""
        _, size, identity = self._kept.pop(digest)
        del self._by_encoded[identity]
        self.bytes -= size
