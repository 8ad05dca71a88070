"""The canonical form of a contract: `contract.json`, and the fingerprints taken from it.

Sorted, one line a fact, made to be read in a pull request. What is no part of a contract's identity is left out: where
things were declared, and their documentation. Equal contracts have equal bytes; `from_json` gives the contract back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields as dataclass_fields
from functools import cache, lru_cache
from hashlib import sha256
from json.encoder import encode_basestring as _text  # keeps unicode readable, as json.dumps(ensure_ascii=False) does
from typing import Any, Final, TypeAlias, assert_never

from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    ErrorType,
    Field,
    Function,
    FunctionKind,
    Index,
    NamedType,
    ObjectType,
    OnDelete,
    Reference,
    SearchIndex,
    Table,
    reachable,
    types_inside,
)
from schemagen.model.naming import camel_case, function_path
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
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)

FORMAT: Final = 1
"""The version of this form; a reader refuses one it does not know."""

_camel_case = cache(camel_case)

Block: TypeAlias = "str | dict[str, Block] | list[str]"
"""A line that is already JSON, or a block of named blocks, or a list with one line an item."""


# --- out ---


def to_json(contract: Contract) -> str:
    """The text of `contract.json`, with a newline at its end."""
    whole: dict[str, Block] = {
        "format": str(FORMAT),
        "tables": {t.name: _table(t) for t in sorted(contract.tables, key=lambda t: t.name)},
        "types": {t.name: _named(t) for t in sorted(contract.types, key=lambda t: t.name)},
        "functions": {f.path: _function(f) for f in sorted(contract.functions, key=lambda f: f.path)},
        "errors": {e.code: _error(e) for e in sorted(contract.errors, key=lambda e: e.code)},
    }
    lines: list[str] = []
    _write(whole, "", "", lines, "")
    return "".join(lines)


def type_text(t: Type) -> str:
    """A type as JSON on one line: `"string"`, `{"array": {"ref": "Contact"}}`. Equal texts are equal types.

    Unlike `==` it tells 1 from true and 1.0, as JSON does.
    """
    match t:
        case RefType(name=name):
            return f'{{"ref": {_text(name)}}}'
        case IdType(table=table):
            return f'{{"id": {_text(table)}}}'
        case UnionType(members=members, tag=tag):
            tagged = "" if tag is None else f', "tag": {_text(tag)}'
            return f'{{"union": [{", ".join(map(type_text, members))}]{tagged}}}'
        case LiteralType(values=values, open=is_open):
            return f'{{"{"open" if is_open else "literal"}": {_value(list(values))}}}'
        case TupleType(items=items):
            return f'{{"tuple": [{", ".join(map(type_text, items))}]}}'
        case ArrayType(item=item):
            return _container("array", type_text(item), t)
        case SetType(item=item):
            return _container("set", type_text(item), t)
        case MapType(key=key, value=value):
            return _container("map", f"[{type_text(key)}, {type_text(value)}]", t)
        case NullType() | BoolType() | UuidType() | DateTimeType() | DateType() | TimeType() | TimedeltaType():
            return f'"{_PLAIN_NAMES[type(t)]}"'
        case (
            JsonType() | AnyType() | IntType() | Int64Type() | FloatType() | StringType() | BytesType() | DecimalType()
        ):
            constraints = _constraints(t)
            name = _PLAIN_NAMES[type(t)]
            return f'{{"{name}": {{{constraints}}}}}' if constraints else f'"{name}"'
        case _:
            assert_never(t)


def named_text(t: NamedType) -> str:
    """A named type as JSON on one line. Equal texts are equal types, whatever their documentation says."""
    return json.dumps(_named(t))


def same_functions(one: Function, other: Function) -> bool:
    """Whether two functions are written alike in canonical JSON; here, too, 1 is not true."""
    return (
        (one.path, one.module, one.name, one.kind, one.internal)
        == (other.path, other.module, other.name, other.kind, other.internal)
        and (one.raises, one.renamed_from, len(one.args)) == (other.raises, other.renamed_from, len(other.args))
        and _same_types(one.returns, other.returns)
        and all(map(_same_fields, one.args, other.args))
    )


def _same_fields(one: Field, other: Field) -> bool:
    return (
        (one.name, one.wire_name, one.required, one.renamed_from)
        == (other.name, other.wire_name, other.required, other.renamed_from)
        and _same_types(one.type, other.type)
        and (one.default is other.default or _default(one) == _default(other))
    )


def _same_types(one: Type, other: Type) -> bool:
    return one is other or type_text(one) == type_text(other)


_PLAIN_NAMES: Final[dict[type, str]] = {
    NullType: "null",
    BoolType: "bool",
    IntType: "int",
    Int64Type: "int64",
    FloatType: "float",
    StringType: "string",
    BytesType: "bytes",
    DecimalType: "decimal",
    UuidType: "uuid",
    DateTimeType: "datetime",
    DateType: "date",
    TimeType: "time",
    TimedeltaType: "timedelta",
    JsonType: "json",
    AnyType: "any",
}
_PLAIN_TYPES: Final[dict[str, Callable[..., Type]]] = {name: kind for kind, name in _PLAIN_NAMES.items()}
_BARE_TYPES: Final = {name: kind() for name, kind in _PLAIN_TYPES.items()}
"""Without constraints; types are values, so all who read one may have the same."""
_ref_type = lru_cache(8192)(RefType)
_id_type = lru_cache(8192)(IdType)
_CONSTRAINTS: Final = {
    kind: tuple(f.name for f in dataclass_fields(kind) if f.name not in ("item", "key", "value"))
    for kind in (*_PLAIN_NAMES, ArrayType, SetType, MapType)
}
_FLOAT_BOUNDS: Final = frozenset({"ge", "gt", "le", "lt", "multiple_of"})


def _constraints(t: Type) -> str:
    """`"ge": 1, "le": 9`: the constraints that are set, in the order of their declaration."""
    found = []
    for name in _CONSTRAINTS[type(t)]:
        value = getattr(t, name)
        if value is not None and value is not False:
            if isinstance(t, FloatType) and name in _FLOAT_BOUNDS:
                value = float(value)  # 1 and 1.0 are one bound
            found.append(f'"{name}": {_value(value)}')
    return ", ".join(found)


def _container(kind: str, inside: str, t: Type) -> str:
    constraints = _constraints(t)
    return f'{{"{kind}": {inside}{", " + constraints if constraints else ""}}}'


def _table(table: Table) -> dict[str, Block]:
    block: dict[str, Block] = {"document": _text(table.document)}
    if table.indexes:
        block["indexes"] = {i.name: _index(i) for i in sorted(table.indexes, key=lambda i: i.name)}
    if table.search_indexes:
        ordered = sorted(table.search_indexes, key=lambda i: i.name)
        block["search_indexes"] = {i.name: _search_index(i) for i in ordered}
    if table.references:
        block["references"] = {r.name: _reference(r) for r in sorted(table.references, key=lambda r: r.name)}
    if table.renamed_from:
        block["renamed_from"] = _value(list(table.renamed_from))
    return block


def _index(index: Index) -> str:
    fields = _value(list(index.fields))
    return f'{{"unique": {fields}}}' if index.unique else fields


def _search_index(index: SearchIndex) -> str:
    filters = f', "filters": {_value(list(index.filters))}' if index.filters else ""
    return f'{{"text": {_text(index.text_field)}{filters}}}'


def _reference(reference: Reference) -> str:
    return f'{{"to": {_text(reference.table)}, "on_delete": "{reference.on_delete.value}"}}'


def _named(t: NamedType) -> Block:
    match t:
        case ObjectType(table=table, fields=fields):
            block: dict[str, Block] = {} if table is None else {"table": _text(table)}
            return {**block, "fields": _fields(fields)}
        case EnumType(members=members, open=is_open):
            return {"open enum" if is_open else "enum": [_member(member) for member in members]}
        case AliasType(type=LiteralType(values=values, open=is_open)):
            return {"open" if is_open else "literal": [_value(value) for value in values]}
        case AliasType(type=UnionType(members=members, tag=tag)):
            union: dict[str, Block] = {"union": [type_text(member) for member in members]}
            return union if tag is None else {**union, "tag": _text(tag)}
        case AliasType(type=inner):
            return {"type": type_text(inner)}
        case _:
            assert_never(t)


def _member(member: EnumMember) -> str:
    return f'{{"name": {_text(member.name)}, "value": {_value(member.value)}}}'


def _function(function: Function) -> dict[str, Block]:
    block: dict[str, Block] = {"kind": f'"{function.kind.value}"'}
    if function.internal:
        block["internal"] = "true"
    if function_path(function.module, function.name) == function.path:
        block["python"] = _text(function.python_path)
    else:
        block["module"], block["name"] = _text(function.module), _text(function.name)
    if function.args:
        block["args"] = _fields(function.args)
    block["returns"] = type_text(function.returns)
    if function.raises:
        block["raises"] = _value(list(function.raises))
    if function.renamed_from:
        block["renamed_from"] = _value(list(function.renamed_from))
    return block


def _error(error: ErrorType) -> dict[str, Block]:
    block: dict[str, Block] = {"name": _text(error.name)}
    if error.fields:
        block["fields"] = _fields(error.fields)
    return block


def _fields(fields: Iterable[Field]) -> list[str]:
    return [_field(field) for field in fields]


def _field(field: Field) -> str:
    """What follows from a rule is left out: the wire name that `camel_case` gives, and that a field is required."""
    wire = "" if field.wire_name == _camel_case(field.name) else f', "wire": {_text(field.wire_name)}'
    optional = "" if field.required else ', "optional": true'
    default = "" if field.default is MISSING else f', "default": {_value(field.default)}'
    renamed = f', "renamed_from": {_value(list(field.renamed_from))}' if field.renamed_from else ""
    return f'{{"name": {_text(field.name)}{wire}, "type": {type_text(field.type)}{optional}{default}{renamed}}}'


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _write(block: Block, indent: str, name: str, lines: list[str], end: str) -> None:
    head = f"{indent}{_text(name)}: " if name else indent
    if isinstance(block, str):
        lines.append(f"{head}{block}{end}\n")
        return
    left, right = "{}" if isinstance(block, dict) else "[]"
    if not block:
        lines.append(f"{head}{left}{right}{end}\n")
        return
    lines.append(f"{head}{left}\n")
    deeper, last = indent + "  ", len(block) - 1
    if isinstance(block, dict):
        for i, (key, value) in enumerate(block.items()):
            _write(value, deeper, key, lines, "" if i == last else ",")
    else:
        lines.append(",\n".join(deeper + line for line in block) + "\n")
    lines.append(f"{indent}{right}{end}\n")


# --- in ---


def from_json(text: str) -> Contract:
    """The contract that `to_json` wrote, without origins and documentation. Raises ValueError for any other text."""
    try:
        whole = json.loads(text)
        if whole["format"] != FORMAT:
            raise ValueError(f"contract format {whole['format']!r}; this version of schemagen reads format {FORMAT}")
        return Contract(
            tables=tuple(_read_table(name, t) for name, t in sorted(whole["tables"].items())),
            types=tuple(_read_named(name, t) for name, t in sorted(whole["types"].items())),
            functions=tuple(_read_function(path, f) for path, f in sorted(whole["functions"].items())),
            errors=tuple(
                ErrorType(code, e["name"], _read_fields(e.get("fields", [])))
                for code, e in sorted(whole["errors"].items())
            ),
        )
    except (KeyError, TypeError, AttributeError, IndexError, json.JSONDecodeError) as mistake:
        raise ValueError(f"not a contract: {type(mistake).__name__}: {mistake}") from mistake


def _read_table(name: str, table: Mapping[str, Any]) -> Table:
    indexes = tuple(_read_index(name, index) for name, index in sorted(table.get("indexes", {}).items()))
    search_indexes = tuple(
        SearchIndex(name, index["text"], tuple(index.get("filters", ())))
        for name, index in sorted(table.get("search_indexes", {}).items())
    )
    references = tuple(
        Reference(name, reference["to"], OnDelete(reference["on_delete"]))
        for name, reference in sorted(table.get("references", {}).items())
    )
    former = tuple(table.get("renamed_from", ()))
    return Table(name, table["document"], indexes, search_indexes, references=references, renamed_from=former)


def _read_index(name: str, index: list[str] | dict[str, list[str]]) -> Index:
    if isinstance(index, dict):
        return Index(name, tuple(index["unique"]), unique=True)
    return Index(name, tuple(index))


def _read_named(name: str, t: Mapping[str, Any]) -> NamedType:
    if "fields" in t:
        return ObjectType(name, _read_fields(t["fields"]), t.get("table"))
    if "type" in t:
        return AliasType(name, _read_type(t["type"]))
    if "enum" not in t and "open enum" not in t:
        return AliasType(name, _read_type(dict(t)))
    is_open = "open enum" in t
    members = t["open enum" if is_open else "enum"]
    return EnumType(name, tuple(EnumMember(member["name"], member["value"]) for member in members), is_open)


def _read_function(path: str, function: Mapping[str, Any]) -> Function:
    if "python" in function:
        module, _, name = function["python"].rpartition(".")
    else:
        module, name = function["module"], function["name"]
    return Function(
        path=path,
        module=module,
        name=name,
        kind=FunctionKind(function["kind"]),
        args=_read_fields(function.get("args", [])),
        returns=_read_type(function["returns"]),
        raises=tuple(function.get("raises", ())),
        internal=function.get("internal", False),
        renamed_from=tuple(function.get("renamed_from", ())),
    )


def _read_fields(fields: list[dict[str, Any]]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name=field["name"],
            wire_name=field["wire"] if "wire" in field else _camel_case(field["name"]),
            type=_read_type(field["type"]),
            required=not field.get("optional", False),
            default=field.get("default", MISSING),
            renamed_from=tuple(field.get("renamed_from", ())),
        )
        for field in fields
    )


def _read_type(t: str | dict[str, Any]) -> Type:
    if isinstance(t, str):
        return _BARE_TYPES[t]
    kind, *constraints = t
    inside, rest = t[kind], {name: t[name] for name in constraints}
    match kind:
        case "ref":
            return _ref_type(inside)
        case "id":
            return _id_type(inside)
        case "union":
            return UnionType(tuple(map(_read_type, inside)), **rest)
        case "literal" | "open":
            return LiteralType(tuple(inside), kind == "open")
        case "tuple":
            return TupleType(tuple(map(_read_type, inside)))
        case "array":
            return ArrayType(_read_type(inside), **rest)
        case "set":
            return SetType(_read_type(inside), **rest)
        case "map":
            return MapType(_read_type(inside[0]), _read_type(inside[1]), **rest)
        case _:
            return _PLAIN_TYPES[kind](**inside)


# --- fingerprints ---


def fingerprint(contract: Contract) -> str:
    """16 hexadecimal digits for what clients can see: internal functions and indexes do not move it.

    So a contract and its `public` view have one fingerprint, and a server and the SDKs generated from it agree.
    """
    known = vars(contract)  # kept beside its fields, as a cached_property is: a contract is frozen
    if "fingerprint" not in known:
        known["fingerprint"] = _hash(to_json(contract.public))
    found: str = known["fingerprint"]
    return found


def function_fingerprint(contract: Contract, function: Function) -> str:
    """16 hexadecimal digits for the shape of one function on the wire, with everything it reaches.

    Names of types, the order of fields, and whether a type has a name of its own at all do not move it.
    """
    errors = [contract.errors_by_code[code] for code in function.raises]
    roots = [function.returns, *(f.type for f in (*function.args, *(f for e in errors for f in e.fields)))]
    shape = _Shapes(contract, roots)
    raises = [[error.code, shape.fields(error.fields)] for error in errors]
    return _hash(
        _value([function.path, function.kind.value, shape.fields(function.args), shape.text(function.returns), raises])
    )


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class _Shapes:
    """Types as text without their names.

    Recursive types make this partition refinement, as when two automata are compared: at first all named types look
    alike; in every round each is described by its own shape and the descriptions of the types it mentions. Once a
    round tells no more types apart than the one before, equal descriptions are equal trees.
    """

    def __init__(self, contract: Contract, roots: list[Type]) -> None:
        self._contract = contract
        self._known: dict[str, str] = {}
        self._collect(roots)
        told_apart = 0
        while len(set(self._known.values())) > told_apart:
            told_apart = len(set(self._known.values()))
            self._known = {name: _hash(self._named(contract.named(name))) for name in self._known}

    def fields(self, fields: Iterable[Field]) -> list[list[object]]:
        return sorted([f.wire_name, self.text(f.type), not f.required, _default(f)] for f in fields)

    def text(self, t: Type) -> str:
        match t:
            case RefType(name=name) if name in self._known:
                return self._known[name]
            case RefType(name=name):
                return self._named(self._contract.named(name))
            case UnionType(members=members, tag=tag):
                return f"{sorted(map(self.text, members))}{tag}"
            case TupleType(items=items):
                return f"tuple{list(map(self.text, items))}"
            case ArrayType(item=item):
                return f"array {_constraints(t)} of {self.text(item)}"
            case SetType(item=item):
                return f"set {_constraints(t)} of {self.text(item)}"
            case MapType(key=key, value=value):
                return f"map {_constraints(t)} from {self.text(key)} to {self.text(value)}"
            case LiteralType(values=values, open=is_open):
                return f"{'open' if is_open else 'literal'}{sorted(map(_value, values))}"
            case _:
                return type_text(t)

    def _named(self, t: NamedType) -> str:
        match t:
            case ObjectType(fields=fields, table=table):
                return f"object {table} {_value(self.fields(fields))}"
            case EnumType(members=members, open=is_open):
                return self.text(LiteralType(tuple(member.value for member in members), is_open))
            case AliasType(type=inner):
                return self.text(inner)
            case _:
                assert_never(t)

    def _collect(self, roots: list[Type]) -> None:
        """Every object and recursive alias that the roots reach; other aliases and enums are as if written in place."""
        for name in reachable(self._contract, tuple(roots)):
            named = self._contract.named(name)
            is_recursive = isinstance(named, AliasType) and name in reachable(self._contract, types_inside(named))
            if isinstance(named, ObjectType) or is_recursive:
                self._known[name] = ""


def _default(field: Field) -> str:
    return "" if field.default is MISSING else _value(field.default)
