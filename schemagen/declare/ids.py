"""`Id[Contact]`: the id of a document, which names its table to type checkers and in its own text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

D = TypeVar("D")


class Id(str, Generic[D]):
    """The id of a document of `D`: a TypeID, `contacts_01h455vb4pex5vsknk084sn02q`; sorts by creation time."""

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Any string becomes an id; that it names the right table is checked where it enters the backend."""
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())
