"""A contract in the formats that other checkers read: OpenAPI, JSON Schema, GraphQL, Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, assert_never

from schemagen.model.contract import AliasType, Contract, EnumType, Field, Function, FunctionKind, NamedType, ObjectType
from schemagen.model.types import (
    AnyType,
    ArrayType,
    BoolType,
    FloatType,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    RefType,
    SetType,
    TupleType,
    Type,
    UnionType,
)

Json = dict[str, Any]


def openapi(contract: Contract) -> str:
    """OpenAPI 3.0: a POST for every function, a schema for every named type."""
    paths = {
        f"/api/{f.path}": {
            "post": {
                "operationId": f.path,
                "requestBody": {"content": {"application/json": {"schema": _record(f.args)}}},
                "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": _schema(f.returns)}}}
                },
            }
        }
        for f in contract.functions
    }
    schemas = {t.name: _named_schema(t) for t in contract.types}
    info = {"title": "Bench", "version": "1"}
    return json.dumps({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}})


def json_schemas(contract: Contract) -> str:
    """JSON Schemas of the arguments and the result of each function, without references: `{path: [args, returns]}`."""
    whole = {
        f.path: [_inlined(_record(f.args), contract), _inlined(_schema(f.returns), contract)]
        for f in contract.functions
    }
    return json.dumps(whole)


def _schema(t: Type) -> Json:
    match t:
        case RefType(name=name):
            return {"$ref": f"#/components/schemas/{name}"}
        case NullType():
            return {"enum": [None]}
        case BoolType():
            return {"type": "boolean"}
        case IntType():
            return {"type": "integer"}
        case FloatType():
            return {"type": "number"}
        case LiteralType(values=values):
            return {"enum": list(values)}
        case UnionType(members=members):
            return {"anyOf": [_schema(member) for member in members]}
        case ArrayType(item=item) | SetType(item=item):
            return {"type": "array", "items": _schema(item)}
        case TupleType(items=items):
            return {"type": "array", "minItems": len(items), "maxItems": len(items)}
        case MapType(value=value):
            return {"type": "object", "additionalProperties": _schema(value)}
        case JsonType() | AnyType():
            return {}
        case _:
            return {"type": "string"}


def _record(fields: Iterable[Field]) -> Json:
    fields = tuple(fields)
    properties = {f.wire_name: _schema(f.type) for f in fields}
    return {"type": "object", "properties": properties, "required": [f.wire_name for f in fields if f.required]}


def _named_schema(t: NamedType) -> Json:
    match t:
        case ObjectType(fields=fields):
            return _record(fields)
        case EnumType(members=members):
            return {"enum": [member.value for member in members]}
        case AliasType(type=inner):
            return _schema(inner)
        case _:
            assert_never(t)


def _inlined(schema: Any, contract: Contract) -> Any:
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            return _inlined(_named_schema(contract.named(schema["$ref"].rpartition("/")[2])), contract)
        return {key: _inlined(value, contract) for key, value in schema.items()}
    return [_inlined(each, contract) for each in schema] if isinstance(schema, list) else schema


# --- GraphQL ---


def graphql(contract: Contract) -> str:
    """A schema with a field of Query or Mutation for every function, and a type and an input for every object."""
    lines = ["scalar JSON"]
    for t in contract.types:
        lines += _graphql_named(t, contract)
    for root, kinds in (("Query", {FunctionKind.QUERY}), ("Mutation", set(FunctionKind) - {FunctionKind.QUERY})):
        fields = [_graphql_function(f, contract) for f in contract.functions if f.kind in kinds]
        lines += [f"type {root} {{", *(fields or ["  nothing: JSON"]), "}"]
    return "\n".join(lines) + "\n"


def _graphql_named(t: NamedType, contract: Contract) -> Iterator[str]:
    values = _words(t)
    if values:
        yield f"enum {t.name} {{ {' '.join(values)} }}"
    elif isinstance(t, ObjectType):
        for keyword, suffix in (("type", ""), ("input", "Input")):
            yield f"{keyword} {t.name}{suffix} {{"
            yield from (f"  {f.wire_name}: {_graphql(f.type, contract, suffix)}" for f in t.fields)
            yield "}"


def _graphql_function(f: Function, contract: Contract) -> str:
    args = ", ".join(f"{a.wire_name}: {_graphql(a.type, contract, 'Input', required=a.required)}" for a in f.args)
    return f"  {f.path.replace('.', '_')}{f'({args})' if args else ''}: {_graphql(f.returns, contract)}"


def _graphql(t: Type, contract: Contract, suffix: str = "", *, required: bool = True) -> str:
    members = t.members if isinstance(t, UnionType) else (t,)
    some = [member for member in members if not isinstance(member, NullType)]
    name = _graphql_name(some[0], contract, suffix) if len(some) == 1 else "JSON"
    return f"{name}!" if required and len(some) == len(members) else name


def _graphql_name(t: Type, contract: Contract, suffix: str) -> str:
    match t:
        case RefType(name=name):
            found = contract.named(name)
            if _words(found):
                return name
            return f"{name}{suffix}" if isinstance(found, ObjectType) else "JSON"
        case ArrayType(item=item) | SetType(item=item):
            return f"[{_graphql(item, contract, suffix)}]"
        case BoolType():
            return "Boolean"
        case IntType():
            return "Int"
        case FloatType():
            return "Float"
        case UnionType() | MapType() | TupleType() | JsonType() | AnyType() | NullType():
            return "JSON"
        case _:
            return "String"


def _words(t: NamedType) -> list[str]:
    """The values of an enum or of an alias of literals, if GraphQL can name them."""
    match t:
        case EnumType(members=members):
            values: list[object] = [member.value for member in members]
        case AliasType(type=LiteralType(values=literals)):
            values = list(literals)
        case _:
            return []
    return [str(value) for value in values] if all(re.fullmatch(r"[A-Za-z_]\w*", str(v)) for v in values) else []


# --- Python ---


def python(contract: Contract) -> dict[str, str]:
    """A package of stubs, by file: the types in one module, the functions in modules as in the backend."""
    types = ["from typing import Any, Literal", ""]
    for t in contract.types:
        match t:
            case ObjectType(fields=fields):
                types += [f"class {t.name}:", *(f"    {f.name}: {_python(f.type)}" for f in fields), "    pass", ""]
            case EnumType(members=members):
                types += [f"{t.name} = Literal[{', '.join(repr(m.value) for m in members)}]", ""]
            case AliasType(type=inner):
                types += [f"{t.name} = {_python(inner)}", ""]
    files = {"__init__.py": "", "types.py": "\n".join(types) + "\n"}
    modules: dict[str, list[str]] = {}
    for f in contract.functions:
        modules.setdefault(f.module, []).append(_python_function(f))
    for name, functions in modules.items():
        files[f"{name}.py"] = "from typing import Any, Literal\n\nfrom .types import *\n\n" + "\n".join(functions)
    return files


def _python_function(f: Function) -> str:
    args = ", ".join(f"{a.name}: {_python(a.type)}{'' if a.required else ' = ...'}" for a in f.args)
    return f"def {f.name}({f'*, {args}' if args else ''}) -> {_python(f.returns)}: ...\n"


def _python(t: Type) -> str:
    match t:
        case RefType(name=name):
            return name
        case NullType():
            return "None"
        case BoolType():
            return "bool"
        case IntType():
            return "int"
        case FloatType():
            return "float"
        case LiteralType(values=values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case UnionType(members=members):
            return " | ".join(map(_python, members))
        case ArrayType(item=item) | SetType(item=item):
            return f"list[{_python(item)}]"
        case MapType(value=value):
            return f"dict[str, {_python(value)}]"
        case TupleType() | JsonType() | AnyType():
            return "Any"
        case _:
            return "str"
