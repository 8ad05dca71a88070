"""`Decoders`: how the values of a contract's types are read from the wire. Needs nothing but the standard library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemagen.model.contract import Field, Json, NamedType
from schemagen.model.types import RefType, Type
from schemagen.wire.decode import Decode, compile_decoder, object_decoder
from schemagen.wire.issue import refusal
from schemagen.wire.kinds import FormerTables, structure


class Decoders:
    """Decoders of types, each compiled when it is first asked for.

    A decoder gives plain Python: objects become dicts by Python field name, enums their values, sets lists; ids are
    made by `make_id`. It raises `WireError` with every mistake, and is strict: `"1"` is no integer, `1` is no boolean.
    An id of a renamed table may begin with a name that the table had before: `former_tables` has those by table.
    """

    def __init__(
        self,
        contract_types: Mapping[str, NamedType],
        *,
        make_id: Callable[[str], str] = str,
        former_tables: FormerTables | None = None,
    ) -> None:
        self._named = contract_types
        self._make_id = make_id
        self._former_tables: FormerTables = former_tables or {}
        # By text, not by equality: Literal[1] and Literal[True] are equal to Python.
        self._decoders: dict[str, Decode] = {}

    def decoder(self, t: Type) -> Callable[[Json], Any]:
        """JSON → a value of `t`."""
        return bounded(self._decoder(t))

    def fields_decoder(self, fields: tuple[Field, ...]) -> Callable[[Json], dict[str, Any]]:
        """A JSON object → its fields by Python name; optional ones that are not sent are left out."""
        return bounded(object_decoder(fields, self._decoder))

    def _decoder(self, t: Type) -> Decode:
        return compiled(
            t,
            self._decoders,
            lambda: compile_decoder(self._structure(t), self._named, self._decoder, self._make_id, self._former_tables),
        )

    def _structure(self, t: Type) -> Any:
        return structure(t, self._named)


def compiled(t: Type, cache: dict[str, Callable[[Any], Any]], build: Callable[[], Any]) -> Callable[[Any], Any]:
    """The closure of `t` from the cache, built on first use; a recursive type meets a stand-in for itself."""
    key = repr(t)
    found = cache.get(key)
    if found is None:
        if isinstance(t, RefType):
            cache[key] = lambda value: cache[key](value)
        found = cache[key] = build()
    return found


def bounded(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same, with a refusal of what is nested without end."""

    def convert_bounded(value: Any) -> Any:
        try:
            return convert(value)
        except RecursionError:
            raise refusal("is nested too deeply, or holds itself") from None

    return convert_bounded
