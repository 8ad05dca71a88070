"""`codec.js`: where in a function's values something stands that JSON has no type for. Most functions have no entry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from schemagen.emit.typescript.layout import LINE, SOFT_LINE, Doc, Group, IfBreak, Indent, join, layout
from schemagen.emit.typescript.text import HEADER, is_identifier, literal, string
from schemagen.emit.typescript.views import refs
from schemagen.model.contract import AliasType, Contract, EnumType, Field, ObjectType, types_inside
from schemagen.model.types import (
    ArrayType,
    BytesType,
    FloatType,
    Int64Type,
    MapType,
    NullType,
    RefType,
    Scalar,
    SetType,
    TupleType,
    Type,
    UnionType,
    children,
)
from schemagen.wire.kinds import flat_members, kinds, structure, tag_field, tag_values

Codec: TypeAlias = "str | list[Codec] | dict[str, Codec] | None"


def codec_file(contract: Contract) -> str | None:
    """The file's text; None if every value is JSON already."""
    codecs = Codecs(contract)
    tables: dict[str, dict[str, Codec]] = {
        "types": {name: codecs.named(name) for name in sorted(codecs.needed)},
        "args": {f.path: codecs.fields(f.args) for f in contract.functions},
        "returns": {f.path: codecs.of(f.returns) for f in contract.functions},
        "errors": {error.code: codecs.fields(error.fields) for error in contract.errors},
    }
    lines = []
    for name, table in tables.items():
        entries = {path: codec for path, codec in table.items() if codec is not None}
        if entries:
            lines += [f"  {name}: {{"]
            lines += [layout(f"{_key(path)}: ", _text(codec), ",", 4) for path, codec in entries.items()]
            lines += ["  },"]
    if not lines:
        return None
    imports = 'import { makeCodecs } from "./runtime/codec.js";'
    return "\n".join([HEADER, "", imports, "", "export const codecs = /* @__PURE__ */ makeCodecs({", *lines, "});", ""])


class Codecs:
    """The codec of each type: null where the value is JSON already. `src/codec.ts` of the runtime reads them."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.needed = self._find_needed()

    def _find_needed(self) -> frozenset[str]:
        """Names of the types that hold such a value, at any depth."""
        users: dict[str, list[str]] = {}
        for t in self.contract.types:
            for name in refs(types_inside(t)):
                users.setdefault(name, []).append(t.name)
        todo = [t.name for t in self.contract.types if any(map(_needs_codec, types_inside(t)))]
        found: set[str] = set()
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += users.get(name, [])
        return frozenset(found)

    def named(self, name: str) -> Codec:
        match self.contract.named(name):
            case ObjectType(fields=fields):
                return self.fields(fields)
            case AliasType(type=t):
                return self.of(t)
            case EnumType():
                return None

    def fields(self, fields: Iterable[Field]) -> Codec:
        inside: Codec = {field.wire_name: codec for field in fields if (codec := self.of(field.type)) is not None}
        return ["object", inside] if inside else None

    def of(self, t: Type) -> Codec:
        match t:
            case Int64Type():
                return "int64"
            case BytesType():
                return "bytes"
            case FloatType(non_finite=non_finite):
                return "float" if non_finite else None
            case RefType(name=name):
                return ["ref", name] if name in self.needed else None
            case ArrayType(item=item) | SetType(item=item):
                inner = self.of(item)
                return ["array", inner] if inner is not None else None
            case MapType(value=value):
                inner = self.of(value)
                return ["map", inner] if inner is not None else None
            case TupleType(items=items):
                codecs = [self.of(item) for item in items]
                return ["tuple", *codecs] if any(codec is not None for codec in codecs) else None
            case UnionType():
                return self._union(t)
            case _:
                return None

    def _union(self, t: UnionType) -> Codec:
        named = self.contract.types_by_name
        members = [member for member in flat_members(t, named) if member != NullType()]
        if len(members) == 1:
            return self.of(members[0])
        by_kind: dict[str, Codec] = {}
        by_tag: dict[str, Codec] = {}
        for member in members:
            codec = self.of(member)
            record = structure(member, named)
            if codec is None:
                continue
            if t.tag is not None and isinstance(record, ObjectType):
                by_tag |= {_spelled(value): codec for value in tag_values(tag_field(record, t.tag), named)}
            else:
                by_kind |= dict.fromkeys(kinds(member, named), codec)
        if by_tag:
            by_kind["object"] = ["tagged", t.tag, dict(sorted(by_tag.items()))]
            if len(by_kind) == 1:
                return by_kind["object"]
        return ["kinds", dict(sorted(by_kind.items()))] if by_kind else None


def _spelled(value: Scalar) -> str:
    """A tag as the runtime turns it into text."""
    return value if isinstance(value, str) else literal(value)


def _needs_codec(t: Type) -> bool:
    match t:
        case Int64Type() | BytesType() | FloatType(non_finite=True):
            return True
        case MapType(value=value):
            return _needs_codec(value)  # keys stay text
        case _:
            return any(map(_needs_codec, children(t)))


def _text(codec: Codec) -> Doc:
    match codec:
        case None:
            return "null"
        case str():
            return string(codec)
        case list():
            return Group(("[", Indent((SOFT_LINE, join((",", LINE), map(_text, codec)))), IfBreak(","), SOFT_LINE, "]"))
        case dict():
            entries: list[Doc] = [(f"{_key(name)}: ", _text(inner)) for name, inner in codec.items()]
            return Group(("{", Indent((LINE, join((",", LINE), entries))), IfBreak(","), LINE, "}"))


def _key(name: str) -> str:
    if name == "__proto__":
        return '["__proto__"]'  # without the brackets it would set the prototype
    return name if is_identifier(name) else string(name)
