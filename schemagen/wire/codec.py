"""`Codec`: how the values of a contract's types look on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemagen.model.contract import AliasType, Field, Json, NamedType
from schemagen.model.types import RefType, Type, UnionType
from schemagen.wire.decode import Decode, compile_decoder, object_decoder
from schemagen.wire.encode import Encode, compile_encoder, unwrapped
from schemagen.wire.issue import refusal
from schemagen.wire.kinds import FormerTables, structure


class Codec:
    """Decoders and encoders of types, each compiled when it is first asked for.

    A decoder gives plain Python: objects become dicts by Python field name, enums their values, sets lists; ids are
    made by `make_id`. An encoder takes the author's own values: models, dataclasses, dicts, enum members, documents.
    Both raise `WireError` with every mistake; both are strict: `"1"` is no integer, `1` is no boolean. An id of a
    renamed table may begin with a name that the table had before: `former_tables` has those by table.
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
        self._encoders: dict[str, Encode] = {}

    def decoder(self, t: Type) -> Callable[[Json], Any]:
        """JSON → a value of `t`."""
        return _bounded(self._decoder(t))

    def fields_decoder(self, fields: tuple[Field, ...]) -> Callable[[Json], dict[str, Any]]:
        """A JSON object → its fields by Python name; optional ones that are not sent are left out."""
        return _bounded(object_decoder(fields, self._decoder))

    def encoder(self, t: Type) -> Callable[[Any], Json]:
        """A value of `t` → JSON."""
        return _bounded(self._encoder(t))

    def _decoder(self, t: Type) -> Decode:
        return _compiled(
            t,
            self._decoders,
            lambda: compile_decoder(self._structure(t), self._named, self._decoder, self._make_id, self._former_tables),
        )

    def _encoder(self, t: Type) -> Encode:
        return _compiled(t, self._encoders, lambda: self._new_encoder(t))

    def _new_encoder(self, t: Type) -> Encode:
        found = self._structure(t)
        encode = compile_encoder(found, self._named, self._encoder, self._former_tables)
        is_alias = isinstance(t, RefType) and isinstance(self._named[t.name], AliasType)
        return unwrapped(encode) if is_alias and not isinstance(found, UnionType) else encode

    def _structure(self, t: Type) -> Any:
        return structure(t, self._named)


def _compiled(t: Type, cache: dict[str, Callable[[Any], Any]], build: Callable[[], Any]) -> Callable[[Any], Any]:
    """The closure of `t` from the cache, built on first use; a recursive type meets a stand-in for itself."""
    key = repr(t)
    found = cache.get(key)
    if found is None:
        if isinstance(t, RefType):
            cache[key] = lambda value: cache[key](value)
        found = cache[key] = build()
    return found


def _bounded(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def convert_bounded(value: Any) -> Any:
        try:
            return convert(value)
        except RecursionError:
            raise refusal("is nested too deeply, or holds itself") from None

    return convert_bounded
