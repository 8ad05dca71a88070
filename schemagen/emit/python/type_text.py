"""How a type is written in an annotation."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import assert_never

from schemagen.emit.python.names import BUILTINS, Names
from schemagen.emit.python.text import string
from schemagen.model.contract import AliasType, Contract, ObjectType
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


@dataclass
class TypeText:
    """Writes types for one file (or one class of it), and notes what the file has to import."""

    contract: Contract
    names: Names
    refer: Callable[[str], str]
    """How a name of the types package is written here; may note an import."""
    shadowed: Collection[str] = ()
    """Members of the class around: a builtin of that name needs its module."""
    typing: set[str] = field(default_factory=set)
    builtins: bool = False

    def text(self, t: Type) -> str:
        match t:
            case NullType():
                return "None"
            case BoolType():
                return self.builtin("bool")
            case IntType():
                return self.builtin("int")
            case Int64Type():
                return self.refer("Int64")
            case FloatType(non_finite=non_finite):
                return self.refer("Float") if non_finite else self.builtin("float")
            case StringType():
                return self.builtin("str")
            case BytesType():
                return self.refer("Bytes")
            case DecimalType():
                return self.refer("Decimal")
            case UuidType():
                return self.refer("Uuid")
            case DateTimeType():
                return self.refer("DateTime")
            case DateType():
                return self.refer("Date")
            case TimeType():
                return self.refer("Time")
            case TimedeltaType():
                return self.refer("Timedelta")
            case IdType(table):
                return self.refer(self.names.ids[table])
            case LiteralType():
                return self._literal(t)
            case ArrayType(item=item):
                return f"{self.builtin('list')}[{self.text(item)}]"
            case SetType(item=item):
                return f"{self.refer('Set') if self._hashable(item) else self.builtin('list')}[{self.text(item)}]"
            case TupleType(items=items):
                return f"{self.builtin('tuple')}[{', '.join(map(self.text, items)) or '()'}]"
            case MapType(key=key, value=value):
                return f"{self.builtin('dict')}[{self.text(key)}, {self.text(value)}]"
            case UnionType():
                return self._union(t)
            case RefType(name):
                return self._reference(name)
            case JsonType():
                return self.refer("JsonValue")
            case AnyType():
                self.typing.add("Any")
                return "Any"
            case _:
                assert_never(t)

    def builtin(self, name: str) -> str:
        if name in BUILTINS and name in self.shadowed:
            self.builtins = True
            return f"builtins.{name}"
        return name

    def _literal(self, t: LiteralType) -> str:
        self.typing.add("Literal")
        closed = f"Literal[{', '.join(map(literal, t.values))}]"
        if not t.open:
            return closed
        kinds = dict.fromkeys(
            "str" if isinstance(v, str) else "bool" if isinstance(v, bool) else "int" for v in t.values
        )
        return " | ".join([closed, *map(self.builtin, kinds)])

    def _union(self, t: UnionType) -> str:
        return " | ".join(dict.fromkeys(map(self.text, t.members)))

    def _reference(self, name: str) -> str:
        return self.refer(self.names.open_enums.get(name) or self.names.types[name])

    def _hashable(self, t: Type) -> bool:
        match t:
            case RefType(name):
                named = self.contract.named(name)
                return self._hashable(named.type) if isinstance(named, AliasType) else not isinstance(named, ObjectType)
            case ArrayType() | SetType() | MapType() | JsonType() | AnyType():
                return False
            case TupleType(items=items):
                return all(map(self._hashable, items))
            case UnionType(members=members):
                return all(map(self._hashable, members))
            case _:
                return True


def literal(value: Scalar) -> str:
    return string(value) if isinstance(value, str) else repr(value)


def is_plain(contract: Contract, t: Type) -> bool:
    """Whether a value's JSON is also how it is written in Python."""
    match t:
        case NullType() | BoolType() | IntType() | FloatType(non_finite=False) | StringType() | LiteralType():
            return True
        case UnionType(members=members):
            return all(is_plain(contract, member) for member in members)
        case RefType(name):
            named = contract.named(name)
            return isinstance(named, AliasType) and is_plain(contract, named.type)
        case _:
            return False
