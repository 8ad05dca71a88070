"""Cursors: the key of a page's last document, as text that means nothing to a client."""

from __future__ import annotations

import base64
import binascii
from zlib import crc32

from schemagen.declare import PageRequest
from schemagen.engine.keys import values_of
from schemagen.store.columns import SqlValue
from schemagen.wire.storage import Storage


class InvalidCursor(Exception):
    """A page was asked for after something that is no cursor of this list; the caller's mistake, not the backend's."""

    def __init__(self, request: PageRequest) -> None:
        super().__init__("is no cursor of this list; a cursor is the nextCursor of the page before, as it is")
        self.request = request


def cursor_text(signature: str, key: bytes) -> str:
    """The cursor of a key; `signature` names the order it is a key of."""
    return base64.urlsafe_b64encode(_mark(signature) + key).decode().rstrip("=")


def cursor_values(
    signature: str, storages: tuple[Storage, ...], request: PageRequest
) -> tuple[bytes, tuple[SqlValue, ...]]:
    """The key of a request's cursor, as bytes and as values. Raises `InvalidCursor`."""
    text = request.cursor or ""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if data[:4] != _mark(signature):
            raise ValueError("a cursor of another list")
        return data[4:], values_of(storages, data[4:])
    except (ValueError, binascii.Error):
        raise InvalidCursor(request) from None


def _mark(signature: str) -> bytes:
    return crc32(signature.encode()).to_bytes(4, "big")
