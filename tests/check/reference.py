"""What may be sent and what is accepted, spelled out by hand: the relation is held to this, and to the wire's codec.

The codec decides on scalars, and on whole values where it is what receives them: arguments and stored documents.
Results are read by the SDKs; what they do is written down here.
"""

from __future__ import annotations

from schemagen.check.views import Position, Types
from schemagen.model import types as t
from schemagen.model.contract import EnumType, Json, ObjectType
from schemagen.wire.issue import WireError
from schemagen.wire.kinds import kind_of, kinds, structure


def may_send(of: t.Type, value: Json, types: Types, position: Position) -> bool:
    if position is not Position.RETURNS:
        return _decodes(of, value, types)
    return _Producer(types).holds(of, value)


def takes(of: t.Type, value: Json, types: Types, position: Position, sent: Types) -> bool:
    if position is not Position.RETURNS:
        return _decodes(of, value, types)
    return _Reader(types, sent).holds(of, value)


def _decodes(of: t.Type, value: Json, types: Types) -> bool:
    try:
        types.decoders.decoder(of)(value)
    except WireError:
        return False
    return True


class _Producer:
    """The server: every field is there, and no other."""

    def __init__(self, types: Types) -> None:
        self.types = types

    def holds(self, of: t.Type, value: Json) -> bool:
        found = structure(of, self.types.named)
        match found:
            case t.ArrayType(item=item) | t.SetType(item=item):
                return self._is_array(found, item, value)
            case t.TupleType(items=items):
                whole = isinstance(value, list) and len(value) == len(items)
                return whole and all(map(self.holds, items, value))  # type: ignore[arg-type]
            case t.MapType(key=key, value=inner):
                return self._is_map(found, key, inner, value)
            case ObjectType():
                return self.is_record(found, value)
            case t.UnionType(members=members, tag=tag):
                return any(self.is_member(member, tag, value) for member in members)
            case EnumType():
                return _decodes(of, value, self.types)
            case _:
                return self.is_scalar(found, value)

    def _is_array(self, found: t.ArrayType | t.SetType, item: t.Type, value: Json) -> bool:
        if not isinstance(value, list) or not all(self.holds(item, each) for each in value):
            return False
        return self.fits(found, [0] * len(value)) and (isinstance(found, t.ArrayType) or self.are_apart(item, value))

    def _is_map(self, found: t.MapType, key: t.Type, inner: t.Type, value: Json) -> bool:
        if not isinstance(value, dict) or not all(self.holds(inner, each) for each in value.values()):
            return False
        if not all(self.holds(key, name) for name in value):
            return False
        keys = t.MapType(self.key(key), t.AnyType())  # that no two keys mean the same
        return _decodes(keys, dict.fromkeys(value), self.types) and self.fits(found, [0] * len(value))

    def key(self, key: t.Type) -> t.Type:
        return key

    def are_apart(self, item: t.Type, value: list[Json]) -> bool:
        scalars: Json = [each for each in value if not isinstance(each, list | dict)]
        return _decodes(t.SetType(item), scalars, self.types)

    def fits(self, found: t.ArrayType | t.SetType | t.MapType, items: list[int]) -> bool:
        least, most = found.min_length or 0, found.max_length
        return least <= len(items) and (most is None or len(items) <= most)

    def is_record(self, found: ObjectType, value: Json) -> bool:
        if not isinstance(value, dict) or value.keys() != {field.wire_name for field in found.fields}:
            return False
        return all(self.holds(field.type, value[field.wire_name]) for field in found.fields)

    def is_member(self, member: t.Type, tag: str | None, value: Json) -> bool:
        return kind_of(value) in kinds(member, self.types.named) and self.holds(member, value)

    def is_scalar(self, found: t.Type | ObjectType | EnumType, value: Json) -> bool:
        assert not isinstance(found, ObjectType | EnumType)
        return _decodes(found, value, self.types)


class _Reader(_Producer):
    """A client: it reads the fields it knows, whatever else there is, and looks at no constraint."""

    def __init__(self, types: Types, sent: Types) -> None:
        super().__init__(types)
        self.sent = sent

    def key(self, key: t.Type) -> t.Type:
        found = structure(key, self.types.named)
        match found:
            case t.StringType() | t.DecimalType() | t.Int64Type():
                return type(found)()
            case t.IdType():
                return t.StringType()
            case _:
                return key

    def are_apart(self, item: t.Type, value: list[Json]) -> bool:
        return True

    def fits(self, found: t.ArrayType | t.SetType | t.MapType, items: list[int]) -> bool:
        return True

    def is_record(self, found: ObjectType, value: Json) -> bool:
        if not isinstance(value, dict):
            return False
        return all(
            field.wire_name in value and self.holds(field.type, value[field.wire_name]) for field in found.fields
        )

    def is_member(self, member: t.Type, tag: str | None, value: Json) -> bool:
        found = structure(member, self.types.named)
        if tag is None or not isinstance(found, ObjectType) or not isinstance(value, dict):
            return super().is_member(member, tag, value)
        field = next(field for field in found.fields if field.wire_name == tag)
        return tag in value and self.holds(field.type, value[tag]) and self.holds(member, value)

    def is_scalar(self, found: t.Type | ObjectType | EnumType, value: Json) -> bool:
        match found:
            case t.IdType(table=table):
                return isinstance(value, str) and self._is_of_table(value[:-27], table)
            case t.FloatType(non_finite=non_finite):
                return super().is_scalar(t.FloatType(non_finite=non_finite), value)
            case t.StringType() | t.BytesType() | t.DecimalType() | t.IntType() | t.Int64Type():
                return super().is_scalar(type(found)(), value)
            case t.JsonType() | t.AnyType():
                return True
            case _:
                return super().is_scalar(found, value)

    def _is_of_table(self, prefix: str, table: str) -> bool:
        """To a client the ids of a renamed table are those of the table it knows."""
        known = {table, *self.types.former_tables.get(table, ())}
        for now, former in self.sent.former_tables.items():
            if table in former:
                known |= {now, *former}
        same = any(prefix in (now, *former) and now in known for now, former in self.sent.former_tables.items())
        return prefix in known or same
