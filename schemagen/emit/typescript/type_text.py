"""A type of the contract, as TypeScript writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from schemagen.emit.typescript.layout import LINE, SOFT_LINE, Doc, Group, IfBreak, Indent, join
from schemagen.emit.typescript.names import Names
from schemagen.emit.typescript.text import literal, string
from schemagen.emit.typescript.views import View
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    Scalar,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)


@dataclass(slots=True)
class TypeText:
    """Writes types, and remembers which names a file has to import for them."""

    names: Names
    used_types: set[str] = field(default_factory=set)
    used_runtime: set[str] = field(default_factory=set)

    def runtime(self, name: str) -> str:
        self.used_runtime.add(name)
        return self.names.runtime[name]

    def of(self, t: Type, view: View) -> Doc:
        """The type by itself, as after a colon."""
        match t:
            case LiteralType() | UnionType():
                members = self.members_of(t, view)
                return union(members) if len(members) > 1 else members[0]
            case ArrayType(item=item) | SetType(item=item):
                return self._array(item, view)
            case TupleType(items=items):
                return bracketed("[", [self._item(item, view) for item in items], "]")
            case MapType(value=value):
                name: Doc = Group(("[", Indent((SOFT_LINE, "key: string")), SOFT_LINE, "]"))
                entry: Doc = (name, ": ", self.of(value, view))
                return Group(("{", Indent((LINE, entry, IfBreak(";"))), LINE, "}"))
            case RefType(name=ref):
                written = self.names.types[ref, view]
                self.used_types.add(written)
                return written
            case IdType(table=table):
                return f"{self.runtime('Id')}<{string(table)}>"
            case _:
                return self._scalar(t)

    def argument(self, t: Type, view: View) -> Doc:
        """The type between angle brackets: a union is not indented there."""
        if isinstance(t, LiteralType | UnionType) and len(members := self.members_of(t, view)) > 1:
            return _lines(members)
        return self.of(t, view)

    def _item(self, t: Type, view: View) -> Doc:
        """The type between square brackets: a union that breaks is put in parentheses there."""
        if isinstance(t, LiteralType | UnionType) and len(members := self.members_of(t, view)) > 1:
            return Group((IfBreak("("), Indent((SOFT_LINE, _lines(members))), SOFT_LINE, IfBreak(")")))
        return self.of(t, view)

    def _array(self, item: Type, view: View) -> Doc:
        if isinstance(item, LiteralType | UnionType) and len(members := self.members_of(item, view)) > 1:
            if _hugs(members):
                return ("(", join(" | ", members), ")[]")
            return ("(", Group((Indent((SOFT_LINE, _lines(members))), SOFT_LINE)), ")[]")
        return (self.of(item, view), "[]")

    def members_of(self, t: Type, view: View) -> list[Doc]:
        """The members of a union, those of literals among them, each once and `null` last."""
        seen: list[Doc] = []
        for member in self._flat_members(t, view):
            if member not in seen:
                seen.append(member)
        if "unknown" in seen:
            return ["unknown"]
        return [member for member in seen if member != "null"] + [member for member in seen if member == "null"]

    def _flat_members(self, t: Type, view: View) -> list[Doc]:
        match t:
            case UnionType(members=members):
                return [flat for member in members for flat in self._flat_members(member, view)]
            case LiteralType(values=values, open=is_open):
                return [*map(literal, values), *(open_members(values) if is_open else [])]
            case _:
                return [self.of(t, view)]

    def _scalar(self, t: Type) -> Doc:
        match t:
            case NullType():
                return "null"
            case BoolType():
                return "boolean"
            case IntType() | FloatType():
                return "number"
            case Int64Type():
                return "bigint"
            case StringType():
                return "string"
            case BytesType():
                return "Uint8Array"
            case DecimalType():
                return self.runtime("Decimal")
            case UuidType():
                return self.runtime("Uuid")
            case DateTimeType():
                return self.runtime("DateTime")
            case DateType():
                return self.runtime("PlainDate")
            case TimeType():
                return self.runtime("PlainTime")
            case TimedeltaType():
                return self.runtime("Duration")
            case JsonType():
                return self.runtime("JsonValue")
            case AnyType():
                return "unknown"
            case IdType() | LiteralType() | ArrayType() | SetType() | TupleType() | MapType() | UnionType() | RefType():
                raise AssertionError(f"not a scalar: {t}")
            case _:
                assert_never(t)


def union(members: list[Doc]) -> Doc:
    """`A | B`; if that is too long, on the next line; if it is still, each member on a line of its own."""
    if _hugs(members):
        return join(" | ", members)
    return Group(Indent((SOFT_LINE, _lines(members))))


def _lines(members: list[Doc]) -> Doc:
    return Group((IfBreak("| "), join((LINE, "| "), map(Indent, members))))


def open_members(values: tuple[Scalar, ...]) -> list[str]:
    """What an open enum or literal has beside its values: any other value, without hiding those from completion."""
    kinds = {type(value) for value in values}
    written = [text for kind, text in ((str, "string"), (int, "number"), (bool, "boolean")) if kind in kinds]
    return [f"({text} & {{}})" for text in written]


def generic(name: str, arguments: list[Doc]) -> Doc:
    """`Query<A, B>`."""
    return (name, Group(("<", Indent((SOFT_LINE, join((",", LINE), arguments))), SOFT_LINE, ">")))


def bracketed(left: str, items: list[Doc], right: str) -> Doc:
    """`[A, B]`, with a trailing comma where it breaks."""
    if not items:
        return left + right
    return Group((left, Indent((SOFT_LINE, join((",", LINE), items))), IfBreak(","), SOFT_LINE, right))


def _hugs(members: list[Doc]) -> bool:
    """An object literal or nothing: prettier keeps these together."""
    return sum(_is_object(member) for member in members) == 1 and all(
        _is_object(member) or member == "null" for member in members
    )


def _is_object(doc: Doc) -> bool:
    return isinstance(doc, Group) and isinstance(doc.inside, tuple) and doc.inside[:1] == ("{",)
