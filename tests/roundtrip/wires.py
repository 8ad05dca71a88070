"""Random values of a contract's types in wire form: as a client may send them, and as the server answers them."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.contract import MISSING, AliasType, Contract, EnumType, Field, Json, ObjectType
from schemagen.model.types import Type
from schemagen.wire.codec import Codec
from schemagen.wire.issue import PathPart, WireError
from schemagen.wire.kinds import kind_of, kinds, structure, tag_field, tag_values
from tests.wire.strategies import values

DEPTH = 4
"""So many named types inside each other; below, lists are empty and what may be left out is."""
TEXT = values(t.StringType(), {}) | st.sampled_from(
    ["__proto__", "constructor", "toString", "\u2028", "😀", "a/b", "{}"]
)
FLOATS = values(t.FloatType(), {}) | st.sampled_from([0.1, 1e20, 1e21, -1e300, 5e-324, 2.0**53, 2.0**63, 1e-7])
FLOATS = FLOATS.map(lambda value: value + 0.0)  # no -0.0: JavaScript writes it as 0
JSON: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from([None, True, False, [], {}]) | values(t.IntType(), {}) | FLOATS | TEXT,
    lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(TEXT, inner, min_size=1, max_size=3),
    max_leaves=6,
)


class Wires:
    """What may stand on the wire for each type of one contract."""

    def __init__(self, contract: Contract) -> None:
        self.named = contract.types_by_name
        self.codec = Codec(self.named)
        self._made: dict[tuple[str, int], st.SearchStrategy[Any]] = {}

    def of(self, found: Type, depth: int = DEPTH) -> st.SearchStrategy[Any]:
        """Values as a client may send them: what has a default may be left out."""
        key = (repr(found), depth)
        if key not in self._made:
            self._made[key] = self._strategy(found, depth)
        return self._made[key]

    def _strategy(self, found: Type, depth: int) -> st.SearchStrategy[Any]:
        match found:
            case t.RefType(name=name):
                return self._of_named(name, depth - 1)
            case t.JsonType() | t.AnyType():
                return JSON
            case t.ArrayType(item=item, min_length=least, max_length=most):
                most = 3 if most is None else most
                return st.lists(self.of(item, depth), min_size=least or 0, max_size=most if depth > 0 else least or 0)
            case t.SetType(item=item):
                return st.lists(self.of(item, depth), max_size=3).map(lambda items: self._as_set(items, item))
            case t.TupleType(items=items):
                return st.tuples(*(self.of(item, depth) for item in items)).map(list)
            case t.MapType(key=key, value=value):
                entries = st.dictionaries(self.of(key, depth), self.of(value, depth), max_size=2 if depth > 0 else 0)
                return entries.map(lambda entries: self._as_map(entries, key))
            case t.UnionType(members=members):
                if depth <= 0 and t.NullType() in members:
                    return st.none()
                return st.one_of(*(self.of(member, depth) for member in members))
            case t.LiteralType(values=allowed, open=True):
                return st.sampled_from(allowed) | (TEXT if isinstance(allowed[0], str) else values(t.IntType(), {}))
            case _:
                return _python_values(found).map(lambda value: self._encoded(value, found))

    def _encoded(self, value: Any, found: Type) -> Any:
        """A scalar on the wire; both ways of the codec are asked, or a loss on its way out would be nobody's."""
        wire = self.codec.encoder(found)(value)
        back = self.codec.decoder(found)(wire)
        assert back == value or back != back, f"{value!r} of {found} is {wire!r} on the wire, and that is {back!r}"
        return wire

    def _of_named(self, name: str, depth: int) -> st.SearchStrategy[Any]:
        match self.named[name]:
            case AliasType(type=inner):
                return st.deferred(lambda: self.of(inner, depth))
            case EnumType(members=members, open=is_open):
                listed = [member.value for member in members]
                unlisted = TEXT if isinstance(listed[0], str) else values(t.IntType(), {})
                return st.sampled_from(listed) | unlisted if is_open else st.sampled_from(listed)
            case ObjectType(fields=fields):
                return st.deferred(lambda: self._object(fields, depth))

    def _object(self, fields: tuple[Field, ...], depth: int) -> st.SearchStrategy[Any]:
        given = {field.wire_name: self.of(field.type, depth) for field in fields if field.required or _is_tag(field)}
        optional = {field.wire_name: self.of(field.type, depth) for field in fields if field.wire_name not in given}
        return st.fixed_dictionaries(given, optional=optional if depth > 0 else {})

    def _as_set(self, items: list[Any], item: Type) -> list[Any]:
        decode = self.codec.decoder(item)
        return sorted({_hashable(decode(each)): each for each in items}.values(), key=orjson.dumps)

    def _as_map(self, entries: dict[str, Any], key: Type) -> dict[str, Any]:
        """Without keys that are equal although their text is not, such as 1.0 and 1.00."""
        decode = self.codec.decoder(key)
        return {text: entries[text] for text in {decode(text): text for text in entries}.values()}

    # --- what the server answers ---

    def answered(self, wire: Any, found: Type) -> Any:
        """A value as it comes back: with everything that was left out and has a default."""
        match structure(found, self.named):
            case ObjectType(fields=fields):
                out = {}
                for field in fields:
                    value = wire.get(field.wire_name, MISSING)
                    out[field.wire_name] = (
                        self._default(field) if value is MISSING else self.answered(value, field.type)
                    )
                return out
            case t.ArrayType(item=item):
                return [self.answered(each, item) for each in wire]
            case t.TupleType(items=items):
                return [self.answered(each, item) for each, item in zip(wire, items, strict=True)]
            case t.MapType(value=value):
                return {key: self.answered(each, value) for key, each in wire.items()}
            case t.UnionType() as union:
                return self.answered(wire, self.member(wire, union))
            case _:
                return wire

    def member(self, wire: Any, union: t.UnionType) -> Type:
        """The member of a union that a value belongs to; a wrong value belongs to the first."""
        members = [each for each in union.members if kind_of(wire) in kinds(each, self.named)]
        for each in members:
            found = structure(each, self.named)
            if union.tag is None or not isinstance(found, ObjectType):
                return each
            tag = wire.get(union.tag)
            if any(type(tag) is type(v) and tag == v for v in tag_values(tag_field(found, union.tag), self.named)):
                return each
        return t.JsonType()

    def _default(self, field: Field) -> Any:
        if field.default is not MISSING:
            return field.default
        # Made afresh each time, and so unknown to the contract: our random authors make only empty things.
        return {} if isinstance(structure(field.type, self.named), t.MapType) else []

    def mistakes(self, fields: tuple[Field, ...], args: Json) -> list[tuple[PathPart, ...]]:
        """Paths of all that the wire's own rules find wrong with the arguments of a function."""
        try:
            self.codec.fields_decoder(fields)(args)
        except WireError as error:
            return [issue.path for issue in error.issues]
        return []


def _is_tag(field: Field) -> bool:
    """Whether a field may tell the members of a union apart: then it is sent although it has a default."""
    return isinstance(field.type, t.LiteralType) and len(field.type.values) == 1


def _hashable(decoded: Any) -> Any:
    return tuple(map(_hashable, decoded)) if isinstance(decoded, list | tuple) else decoded


def _python_values(found: Type) -> st.SearchStrategy[Any]:
    """Values of a scalar that keep to its constraints."""
    match found:
        case t.IntType(ge=ge, lt=lt) if ge is not None and lt is not None:
            return st.integers(ge, lt - 1)
        case t.IntType(multiple_of=step) if step:
            return st.integers(-(10**6), 10**6).map(lambda value: value * step)
        case t.Int64Type(gt=gt) if gt is not None:
            return st.integers(gt + 1, t.INT64_MAX)
        case t.FloatType(ge=ge, le=le) if ge is not None and le is not None:
            return st.floats(ge, le).map(lambda value: value + 0.0)
        case t.FloatType(non_finite=True):
            return FLOATS | st.sampled_from([float("nan"), float("inf"), float("-inf")])
        case t.FloatType():
            return FLOATS
        case t.StringType(pattern=str() as pattern):
            return st.from_regex(pattern, fullmatch=True).map(str.strip)
        case t.StringType(min_length=least, max_length=most) if most is not None:
            return st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=least or 0, max_size=most
            )
        case t.StringType():
            return TEXT
        case t.BytesType(max_length=int() as most):
            return st.binary(max_size=most)
        case t.DecimalType(decimal_places=int() as places):
            return st.decimals(0, 9999, places=places, allow_nan=False)
        case _:
            return values(found, {})
