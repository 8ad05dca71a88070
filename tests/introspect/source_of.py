"""Writes a backend that declares a given contract: the way back from a contract to Python."""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from typing import assert_never
from uuid import UUID

from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumType,
    ErrorType,
    Field,
    Function,
    Missing,
    NamedType,
    ObjectType,
    Table,
)
from schemagen.model.naming import camel_case
from schemagen.wire.codec import Codec
from schemagen.wire.kinds import structure

HEAD = """
from __future__ import annotations
import builtins as b_, datetime as d_, decimal as n_, enum as e_, typing as t_, uuid as u_
import pydantic as p_, typing_extensions as x_
import schemagen as s_
"""
LATE = """
class Late:
    def __getattr__(self, name):
        if name not in globals():
            raise NameError(name)  # as a name that is not there yet
        return globals()[name]
m_ = Late()
"""
PLAIN = {
    t.NullType: "None",
    t.BoolType: "b_.bool",
    t.IntType: "b_.int",
    t.Int64Type: "s_.Int64",
    t.FloatType: "b_.float",
    t.StringType: "b_.str",
    t.BytesType: "b_.bytes",
    t.DecimalType: "n_.Decimal",
    t.UuidType: "u_.UUID",
    t.DateTimeType: "d_.datetime",
    t.DateType: "d_.date",
    t.TimeType: "d_.time",
    t.TimedeltaType: "d_.timedelta",
    t.JsonType: "s_.JsonValue",
    t.AnyType: "t_.Any",
}
CONSTRAINTS = (
    "ge gt le lt multiple_of min_length max_length pattern max_digits decimal_places".split()  # noqa: SIM905
)


class SourceWriter:
    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self.codec = Codec(contract.types_by_name)
        self.literals = {frozenset(literal.values) for literal in _literals_in_place(contract)}

    def files(self) -> dict[str, str]:
        """Files below the backend package, without `.py`."""
        files = {
            "schema": HEAD + LATE + "\n".join(map(self.named, self.contract.types)),
            "mistakes": f"{HEAD}from backend.schema import m_\n" + "\n".join(map(self.error, self.contract.errors)),
        }
        for function in self.contract.functions:
            name = "/".join(_identifier(part) for part in function.module.split("."))
            files[name] = files.get(
                name, f"{HEAD}from backend import mistakes as r_\nfrom backend.schema import m_\n"
            ) + self.function(function)
        return files

    def default(self, field: Field) -> str:
        """The default of a field as Python source."""
        assert not isinstance(field.default, Missing)
        value = self.codec.decoder(field.type)(field.default)
        is_set = isinstance(structure(field.type, self.contract.types_by_name), t.SetType)
        return f"b_.set({_source(value)})" if is_set else _source(value)

    def hashable(self, kind: t.Type) -> str:
        """The annotation of what stands in a set."""
        match kind:
            case t.ArrayType(item=item):
                return _constrained(f"b_.tuple[{self.hashable(item)}, ...]", kind)
            case t.SetType(item=item):
                return _constrained(f"b_.frozenset[{self.hashable(item)}]", kind)
            case t.TupleType(items=items):
                return f"b_.tuple[{', '.join(map(self.hashable, items)) or '()'}]"
            case _:
                return self.annotation(kind)

    def annotation(self, kind: t.Type) -> str:
        match kind:
            case t.RefType(name=name):
                found = self.contract.named(name)
                is_open = isinstance(found, EnumType) and found.open
                return f"s_.Open[m_.{name}]" if is_open else f"m_.{name}"
            case t.IdType(table=table):
                return f"s_.Id[m_.{self.contract.tables_by_name[table].document}]"
            case t.LiteralType(values=values, open=is_open):
                literal = f"t_.Literal[{', '.join(map(repr, values))}]"
                return f"s_.Open[{literal}]" if is_open else literal
            case t.ArrayType(item=item):
                return _constrained(f"b_.list[{self.annotation(item)}]", kind)
            case t.SetType(item=item):
                return _constrained(f"b_.set[{self.hashable(item)}]", kind)
            case t.MapType(key=key, value=value):
                return _constrained(f"b_.dict[{self.annotation(key)}, {self.annotation(value)}]", kind)
            case t.TupleType(items=items):
                return f"b_.tuple[{', '.join(map(self.annotation, items)) or '()'}]"
            case t.UnionType(members=members):
                return f"t_.Union[{', '.join(map(self.annotation, members))}]"
            case _:
                return _constrained(PLAIN[type(kind)], kind)

    def named(self, named: NamedType) -> str:
        match named:
            case ObjectType():
                return self.object(named)
            case EnumType():
                members = [f"    {m.name} = {m.value!r}\n    {m.doc!r}\n" for m in named.members]
                return f"class {named.name}(e_.Enum):\n    {named.doc!r}\n{''.join(members)}"
            case AliasType(type=t.LiteralType(values=values)) if frozenset(values) not in self.literals:
                return f"{named.name} = {self.annotation(named.type)}\n{named.doc!r}"
            case AliasType():
                return (
                    f"{named.name} = x_.TypeAliasType({named.name!r}, {self.annotation(named.type)!r})\n{named.doc!r}"
                )
            case _:
                assert_never(named)

    def object(self, kind: ObjectType) -> str:
        head = f"@x_.deprecated({kind.deprecated!r})\n" if kind.deprecated is not None else ""
        base = "p_.BaseModel" if kind.table is None else f"s_.Table, name={kind.table!r}"
        fields = kind.fields if kind.table is None else kind.fields[2:]
        table = None if kind.table is None else self.contract.tables_by_name[kind.table]
        references = {} if table is None else {each.name: each.on_delete.value for each in table.references}
        written = (line for field in fields for line in self.field(field, references.get(field.name)))
        body = [repr(kind.doc), *written, *(() if table is None else self.indexes(table))]
        return f"{head}class {kind.name}({base}):\n" + "".join(f"    {line}\n" for line in body)

    def indexes(self, table: Table) -> Iterator[str]:
        for index in table.indexes:
            unique = ", unique=True" if index.unique else ""
            yield f"{index.name} = s_.index({', '.join(map(repr, index.fields))}{unique})"
        for search in table.search_indexes:
            yield f"{search.name} = s_.search_index({search.text_field!r}, filters={list(search.filters)!r})"

    def field(self, field: Field, on_delete: str | None = None) -> Iterator[str]:
        default = "" if field.required else " = p_.Field(default_factory=b_.dict)"
        if field.default is not MISSING:
            default = f" = {self.default(field)}"
        if on_delete is not None:
            default = f" = s_.ref(on_delete={on_delete!r})"
        yield f"{field.name}: {self.described(field)}{default}"
        yield repr(field.doc)

    def described(self, field: Field, doc: str = "") -> str:
        """The annotation, with what `Field` can say of it."""
        said = [f"description={doc!r}"] if doc else []
        if field.wire_name != camel_case(field.name):
            said.append(f"alias={field.wire_name!r}")
        if field.deprecated is not None:
            said.append(f"deprecated={field.deprecated or True!r}")
        annotation = self.annotation(field.type)
        return f"t_.Annotated[{annotation}, p_.Field({', '.join(said)})]" if said else annotation

    def error(self, error: ErrorType) -> str:
        lines = []
        for field in error.fields:
            default = ""
            if field.default is not MISSING and not isinstance(field.default, list | dict):
                default = f" = {self.default(field)}"
            elif not field.required:
                default = " = __import__('dataclasses').field(default_factory=b_.dict)"
            lines += [f"    {field.name}: {self.described(field)}{default}\n", f"    {field.doc!r}\n"]
        return f"class {error.name}(s_.AppError):\n    {error.doc!r}\n{''.join(lines)}"

    def function(self, function: Function) -> str:
        errors = ", ".join(f"r_.{self.contract.errors_by_code[code].name}" for code in function.raises)
        context = f"s_.{function.kind.value.title()}Ctx"
        args = "".join(f", {self.argument(arg)}" for arg in function.args)
        options = f"internal={function.internal}, raises=[{errors}], deprecated={function.deprecated!r}"
        return (
            f"\n@s_.{function.kind.value}({options})\n"
            f"async def {_identifier(function.name)}(ctx: {context}{', *' if args else ''}{args})"
            f" -> {self.annotation(function.returns)}:\n    {function.doc!r}\n"
        )

    def argument(self, arg: Field) -> str:
        default = "" if arg.default is MISSING else f" = {self.default(arg)}"
        return f"{arg.name}: {self.described(arg, arg.doc)}{default}"


def _literals_in_place(contract: Contract) -> Iterator[t.LiteralType]:
    """Literals that are not all there is to an alias. An alias of the same values may be taken for them."""
    fields = [f for n in contract.types if isinstance(n, ObjectType) for f in n.fields]
    fields += [f for function in contract.functions for f in function.args]
    fields += [f for error in contract.errors for f in error.fields]
    todo = [f.type for f in fields] + [f.returns for f in contract.functions]
    todo += [inner for n in contract.types if isinstance(n, AliasType) for inner in t.children(n.type)]
    while todo:
        kind = todo.pop()
        todo += t.children(kind)
        if isinstance(kind, t.LiteralType):
            yield kind


def _constrained(annotation: str, kind: t.Type) -> str:
    said = [f"{name}={value!r}" for name in CONSTRAINTS if (value := getattr(kind, name, None)) is not None]
    if isinstance(kind, t.FloatType) and kind.non_finite:
        said.append("allow_inf_nan=True")
    if isinstance(kind, t.DecimalType) and kind.ge is not None:
        said[0] = f"ge=n_.Decimal({kind.ge!r})"
    return f"t_.Annotated[{annotation}, p_.Field({', '.join(said)})]" if said else annotation


def _source(value: object) -> str:
    """A value as Python source, by the names of `HEAD`."""
    match value:
        case float() if not math.isfinite(value):
            return f"b_.float({str(value)!r})"
        case Decimal() | UUID():
            return f"{'n_' if isinstance(value, Decimal) else 'u_'}.{value!r}"
        case date() | time() | timedelta():
            return repr(value).replace("datetime.", "d_.")
        case list():
            return f"[{', '.join(map(_source, value))}]"
        case tuple():
            return f"({''.join(f'{_source(each)}, ' for each in value)})"
        case dict():
            return f"{{{', '.join(f'{_source(key)}: {_source(each)}' for key, each in value.items())}}}"
        case _:
            return repr(value)


def _identifier(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name
