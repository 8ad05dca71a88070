"""`Codec`: how the values of a contract's types look on the wire."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemagen.model.contract import AliasType, Json, NamedType
from schemagen.model.types import RefType, Type, UnionType
from schemagen.wire.decoders import Decoders, bounded, compiled
from schemagen.wire.encode import Encode, compile_encoder, unwrapped
from schemagen.wire.kinds import FormerTables


class Codec(Decoders):
    """Decoders and encoders of types, each compiled when it is first asked for.

    An encoder takes the author's own values: models, dataclasses, dicts, enum members, documents. As a decoder it
    raises `WireError` with every mistake, and is strict.
    """

    def __init__(
        self,
        contract_types: Mapping[str, NamedType],
        *,
        make_id: Callable[[str], str] = str,
        former_tables: FormerTables | None = None,
    ) -> None:
        super().__init__(contract_types, make_id=make_id, former_tables=former_tables)
        self._encoders: dict[str, Encode] = {}

    def encoder(self, t: Type) -> Callable[[Any], Json]:
        """A value of `t` → JSON."""
        return bounded(self._encoder(t))

    def _encoder(self, t: Type) -> Encode:
        return compiled(t, self._encoders, lambda: self._new_encoder(t))

    def _new_encoder(self, t: Type) -> Encode:
        found = self._structure(t)
        encode = compile_encoder(found, self._named, self._encoder, self._former_tables)
        is_alias = isinstance(t, RefType) and isinstance(self._named[t.name], AliasType)
        return unwrapped(encode) if is_alias and not isinstance(found, UnionType) else encode
