"""Types that Python has no word for."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, get_args

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

T = TypeVar("T")


class Int64Marker:
    """A 64-bit signed integer: `bigint` in TypeScript, a decimal string on the wire."""


class OpenMarker:
    """Receivers must handle values that are not listed."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A backend is a receiver, too: a value of the JSON type of a listed one passes as it is."""
        from pydantic_core import core_schema

        is_enum = isinstance(source, type) and issubclass(source, Enum)
        values = [member.value for member in source] if is_enum else get_args(source)
        unlisted = {str: core_schema.str_schema(strict=True), int: core_schema.int_schema(strict=True)}
        others = [schema for kind, schema in unlisted.items() if any(type(value) is kind for value in values)]
        return core_schema.union_schema([handler(source), *others], mode="left_to_right")


Int64: TypeAlias = Annotated[int, Int64Marker()]
"""An integer that may lie beyond ±(2^53 - 1): `bigint` in TypeScript."""

Open: TypeAlias = Annotated[T, OpenMarker()]
"""`Open[Literal[...]]`, `Open[SomeEnum]`: adding a value later is safe for deployed clients."""
