"""Types that Python has no word for."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

T = TypeVar("T")


class Int64Marker:
    """A 64-bit signed integer: `bigint` in TypeScript, a decimal string on the wire."""


class OpenMarker:
    """Receivers must handle values that are not listed."""


Int64: TypeAlias = Annotated[int, Int64Marker()]
"""An integer that may lie beyond ±(2^53 - 1): `bigint` in TypeScript."""

Open: TypeAlias = Annotated[T, OpenMarker()]
"""`Open[Literal[...]]`, `Open[SomeEnum]`: adding a value later is safe for deployed clients."""
