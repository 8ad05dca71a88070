"""Values as clients are sent them: encoded once, named by a digest, told as what changed; all once for all clients."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Final
from weakref import WeakValueDictionary

from schemagen.sync.diff import SHARE_MAX, cut, may_have_script, script

RECENT_BYTES_MAX: Final = 4 * 2**20
"""So much of what was replaced a moment ago is kept for clients that come back."""

CHANGES_MAX: Final = 8
"""So many ways into one value are remembered, each from another base."""


class Value:
    """A query's encoded value. What is derived from it is computed when the first client asks."""

    def __init__(self, encoded: bytes) -> None:
        self.encoded = encoded
        self._is_cut_right: bool | None = None
        self._scripts: dict[str, bytes | None] = {}

    @cached_property
    def digest(self) -> str:
        """16 hex digits of the SHA-256 of the encoded value."""
        return sha256(self.encoded).hexdigest()[:16]

    def script_from(self, base: Value) -> bytes | None:
        """What makes this value of `base`, as JSON; None if it cannot be said so, or not in less than half the size."""
        if base.digest not in self._scripts:
            if len(self._scripts) == CHANGES_MAX:
                del self._scripts[next(iter(self._scripts))]
            self._scripts[base.digest] = self._compared(base)
        return self._scripts[base.digest]

    def _compared(self, base: Value) -> bytes | None:
        old, new = cut(base.encoded), cut(self.encoded)
        if old is None or new is None or old.head != new.head or (old.rest is None) != (new.rest is None):
            return None
        if base._is_cut_right is None:
            base._is_cut_right = old.are_right(old.pieces)
        if not base._is_cut_right:
            return None
        text, fresh = script(old, new)
        if len(text) >= SHARE_MAX * len(self.encoded):
            return None
        self._is_cut_right = new.are_right(fresh)
        return text if self._is_cut_right else None


class Values:
    """The values that clients hold, and those replaced a moment ago; all connections of a server share one."""

    def __init__(self) -> None:
        self._by_encoded: WeakValueDictionary[int, Value] = WeakValueDictionary()
        """By the identity of the bytes, which are one object for all who are sent them."""
        self._by_digest: WeakValueDictionary[str, Value] = WeakValueDictionary()
        self._recent: dict[Value, None] = {}
        self._recent_bytes = 0

    def of(self, encoded: bytes) -> Value:
        """The one `Value` of these bytes."""
        value = self._by_encoded.get(id(encoded))
        if value is None:  # an entry lives as long as its bytes do, so no other bytes have its identity
            value = self._by_encoded[id(encoded)] = Value(encoded)
            self._by_digest[value.digest] = value
        return value

    def known(self, digest: str) -> Value | None:
        """The value of this digest, if it is still here."""
        return self._by_digest.get(digest)

    def replaced(self, value: Value) -> None:
        """A client holds another value now; one that comes back may still hold this one."""
        if value in self._recent or not may_have_script(value.encoded):
            return
        self._recent[value] = None
        self._recent_bytes += len(value.encoded)
        while self._recent_bytes > RECENT_BYTES_MAX:
            oldest = next(iter(self._recent))
            del self._recent[oldest]
            self._recent_bytes -= len(oldest.encoded)
