"""Values as clients are sent them: encoded once, named by a digest, told as what changed; all once for all clients."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from typing import Final
from weakref import WeakValueDictionary

from schemagen.sync.diff import cut, may_have_items, parsed, script

SHARE_MAX: Final = 0.5
"""A script of more than this share of the value is not worth it."""

RECENT_BYTES_MAX: Final = 4 * 2**20
"""So much of what was replaced a moment ago is kept for clients that come back."""

CHANGES_MAX: Final = 8
"""So many ways into one value are remembered, each from another base."""


class Value:
    """A query's encoded value. What is derived from it is computed when the first client asks."""

    def __init__(self, encoded: bytes) -> None:
        self.encoded = encoded
        self._is_cut_right: bool | None = None
        """Whether `cut` finds its items; None if nobody has looked."""
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
        if not (may_have_items(base.encoded) and may_have_items(self.encoded)):
            return None
        text = self._cut_against(base) or self._parsed_against(base)
        return text if text is not None and self._is_worth(text) else None

    def _cut_against(self, base: Value) -> bytes | None:
        """The script, if both can be cut into items; one that is not worth it is not looked at closely."""
        old, new = cut(base.encoded), cut(self.encoded)
        if not (old and new and old.are_like(new)):
            return None
        if base._is_cut_right is None:
            base._is_cut_right = old.are_right(old.pieces)
        if not base._is_cut_right:
            return None
        text, fresh = script(old, new)
        if not self._is_worth(text):
            return text
        self._is_cut_right = new.are_right(fresh)
        return text if self._is_cut_right else None

    def _parsed_against(self, base: Value) -> bytes | None:
        old, new = parsed(base.encoded), parsed(self.encoded)
        return script(old, new)[0] if old and new and old.are_like(new) else None

    def _is_worth(self, text: bytes) -> bool:
        return len(text) < SHARE_MAX * len(self.encoded)


class Values:
    """The values that clients hold, and those replaced a moment ago; all connections of a server share one."""

    def __init__(self) -> None:
        self._by_encoded: WeakValueDictionary[int, Value] = WeakValueDictionary()
        """By the identity of the bytes, which are one object for all who are sent them."""
        self._by_digest: WeakValueDictionary[str, Value] = WeakValueDictionary()
        self._recent: dict[Value, None] = {}
        self._recent_bytes = 0

    def of(self, encoded: bytes) -> Value:
        """The one `Value` of these bytes, and of others equal to them."""
        value = self._by_encoded.get(id(encoded))
        if value is not None:  # an entry lives as long as its bytes do, so no other bytes have its identity
            return value
        value = Value(encoded)
        known = self._by_digest.get(value.digest)
        if known is not None and known.encoded == encoded:
            return known
        self._by_encoded[id(encoded)] = self._by_digest[value.digest] = value
        return value

    def known(self, digest: str) -> Value | None:
        """The value of this digest, if it is still here."""
        return self._by_digest.get(digest)

    def replaced(self, value: Value) -> None:
        """A client holds another value now; one that comes back may still hold this one."""
        if value in self._recent or not may_have_items(value.encoded):
            return
        self._recent[value] = None
        self._recent_bytes += len(value.encoded)
        while self._recent_bytes > RECENT_BYTES_MAX:
            oldest = next(iter(self._recent))
            del self._recent[oldest]
            self._recent_bytes -= len(oldest.encoded)
