"""Hypothesis strategies for whole contracts: `contracts()` draws only such as `introspect` could have made.

    @given(contracts())
    def test_...(contract: Contract) -> None: ...

Names are nasty on purpose: reserved words, builtins and global objects of both languages, unicode.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from hypothesis import strategies as st

from schemagen.model import types as t
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
    Json,
    Missing,
    NamedType,
    ObjectType,
    OnDelete,
    Reference,
    SearchIndex,
    Table,
)
from schemagen.model.naming import camel_case, function_path, snake_case

T = TypeVar("T")
Draw = st.DrawFn

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
DOCS = st.just("") | st.sampled_from(
    ['Ends in "quotes"', "*/ closes", "back\\slash\\", "line\nline", "`tick` ${x} {{y}}"]
)
FIELD_NAMES = st.sampled_from(
    [
        "name",
        "full_name",
        "class_",
        "from_",
        "list_",
        "type",
        "default",
        "value",
        "length",
        "size",
        "self",
        "props",
        "args",
        "kwargs",
        "children",
        "ünï",
        "number_2",
        "constructor",
        "to_string",
        "await_",
        "match",
        "in_",
        "None_",
        "true",
        "null",
        "undefined",
        "key",
        "date",
        "error",
        "code",
        "message",
        "items",
        "is_ok",
    ]
) | st.from_regex(r"[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,5}){0,2}", fullmatch=True)
WIRE_ALIASES = st.sampled_from(["@type", "with-dash", "a b", "1st", 'quo"te', "it's", "ünï", "$ref", "back\\slash"])
TAKEN_FIELDS = frozenset(
    {"copy", "json", "dict", "schema", "validate", "construct", "indexes", "code", "message", "args"}
)
"""Names that a model, table or error has already."""
TYPE_NAMES = st.sampled_from(
    [
        "Contact",
        "Company",
        "Page",
        "Object",
        "Array",
        "String",
        "Promise",
        "Error",
        "Client",
        "Literal",
        "Any",
        "Date",
        "Map",
        "Function",
        "Symbol",
        "Ünï",
        "Record",
        "list",
        "dict",
        "str",
        "type",
        "Partial",
        "HTTPStatus",
        "Stage",
        "Address",
        "Json",
        "Decimal",
        "Uint8Array",
    ]
) | st.from_regex(r"[A-Z][a-z]{1,6}[A-Z]?[a-z]{0,4}", fullmatch=True)
MODULES = st.sampled_from(
    ["contacts", "billing.invoices", "import_", "class_", "delete_", "new", "function_", "a.b.c", "export_", "async_"]
)
FUNCTION_NAMES = st.sampled_from(
    ["list_", "get", "create", "delete", "new", "import_", "class_", "export_", "default", "var", "function_", "update"]
)

CONSTRAINED: Sequence[t.Type] = (
    t.IntType(ge=0),
    t.IntType(gt=-5, le=100, multiple_of=5),
    t.Int64Type(le=t.INT64_MAX),
    t.FloatType(ge=0.0, lt=1.5),
    t.StringType(min_length=1, max_length=20),
    t.StringType(pattern=r"^[a-z]+\d$"),
    t.BytesType(max_length=64),
    t.DecimalType(ge="0", max_digits=10, decimal_places=2),
)
SCALARS: Sequence[t.Type] = (
    t.BoolType(),
    t.IntType(),
    t.Int64Type(),
    t.FloatType(),
    t.FloatType(non_finite=True),
    t.StringType(),
    t.BytesType(),
    t.DecimalType(),
    t.UuidType(),
    t.DateTimeType(),
    t.DateType(),
    t.TimeType(),
    t.TimedeltaType(),
    *CONSTRAINED,
)
KEYS: Sequence[t.Type] = (t.StringType(), t.UuidType(), t.DateType(), t.Int64Type(), t.LiteralType(("a", "b-c")))
LITERALS = st.builds(
    lambda values, is_open: t.LiteralType(tuple(values), is_open),
    st.lists(TEXT, min_size=1, max_size=3, unique=True)
    | st.lists(st.integers(-3, 3), min_size=1, max_size=3, unique=True),
    st.booleans(),
)
MIXED_LITERALS = st.sampled_from([t.LiteralType(("a", 1, True)), t.LiteralType((False,)), t.LiteralType((1, "1"))])


@st.composite
def contracts(draw: Draw) -> Contract:
    """A valid contract: names are unique in both languages, references lead somewhere, unions can be told apart."""
    tables = draw(_unique(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), max_size=3))
    names = draw(_unique(TYPE_NAMES, min_size=len(tables), max_size=len(tables) + 6, by=str.lower))
    documents = dict(zip(names, tables, strict=False))
    named: list[NamedType] = []
    for i, name in enumerate(names):
        # A required field may only mention types before its own, so that every type has a finite value.
        named += draw(_named(name, documents.get(name), Known(tables, names[:i], names)))
    known = Known(tables, [n.name for n in named], [n.name for n in named])
    errors = draw(_errors(known))
    return Contract(
        tables=tuple(sorted(draw(_tables(documents, named)), key=lambda table: table.name)),
        types=tuple(sorted(named, key=lambda n: n.name)),
        functions=draw(_functions(known, errors)),
        errors=errors,
    )


class Known:
    """What a type may mention: tables, named types, and those that may be mentioned only where there can be none."""

    def __init__(self, tables: list[str], names: list[str], later: list[str]) -> None:
        self.tables = tables
        self.names = names
        self.later = later


@st.composite
def types(draw: Draw, known: Known, depth: int = 2) -> t.Type:
    plain = [st.sampled_from(SCALARS), LITERALS, MIXED_LITERALS, st.just(t.JsonType()), st.just(t.AnyType())]
    if known.tables:
        plain.append(st.sampled_from(known.tables).map(t.IdType))
    if known.names:
        plain.append(st.sampled_from(known.names).map(t.RefType))
    if depth == 0 or draw(st.booleans()):
        return draw(st.one_of(plain))
    inner = types(known, depth - 1)
    may_be_empty = inner | st.sampled_from(known.later).map(t.RefType) if known.later else inner
    lengths = draw(st.sampled_from([{}, {}, {"max_length": 3}, {"max_length": 9}]))
    match draw(st.sampled_from(["array", "set", "tuple", "map", "nullable", "kinds"])):
        case "array":
            return t.ArrayType(draw(may_be_empty), **lengths)
        case "set":
            return t.SetType(draw(st.sampled_from(KEYS)), **lengths)
        case "tuple":
            return t.TupleType(tuple(draw(st.lists(inner, max_size=3))))
        case "map":
            return t.MapType(draw(st.sampled_from(KEYS)), draw(may_be_empty), **lengths)
        case "nullable":
            # No alias: it could be null already.
            return t.UnionType((draw(st.sampled_from(SCALARS)), t.NullType()))
        case _:
            array = t.ArrayType(draw(may_be_empty))
            kinds: list[t.Type] = [t.BoolType(), t.IntType(), t.StringType(), array, t.NullType()]
            chosen = draw(_unique(st.sampled_from(range(len(kinds))), min_size=2, max_size=4))
            return t.UnionType(tuple(kinds[i] for i in sorted(chosen)))


@st.composite
def fields(draw: Draw, known: Known, max_size: int = 4, made_afresh: bool = True) -> tuple[Field, ...]:
    """`made_afresh`: a field may be optional and have no default in the contract."""
    found: list[Field] = []
    names = FIELD_NAMES.filter(_is_free)
    for name in draw(_unique(names, max_size=max_size, by=camel_case)):
        kind = draw(types(known))
        wire_name = draw(WIRE_ALIASES) if draw(st.integers(0, 9)) == 0 else camel_case(name)
        default = _default(kind) if draw(st.booleans()) else MISSING
        required = default is MISSING and not (made_afresh and draw(st.integers(0, 9)) == 0)
        found.append(Field(name, wire_name, kind, required, default, draw(DOCS), draw(_deprecations())))
    unique = {field.wire_name: field for field in found}
    return tuple(unique.values())


@st.composite
def _named(draw: Draw, name: str, table: str | None, known: Known) -> list[NamedType]:
    doc, deprecated = draw(DOCS), draw(_deprecations())
    if table is not None:
        implicit = (
            Field("id", "id", t.IdType(table), required=False),
            Field("creation_time", "creationTime", t.DateTimeType(), required=False),
        )
        own = tuple(f for f in draw(fields(known)) if f.wire_name not in ("id", "creationTime"))
        return [ObjectType(name, (*implicit, *own), table, doc, deprecated)]
    match draw(st.sampled_from(["object", "object", "enum", "alias", "tagged", "recursive"])):
        case "object":
            return [ObjectType(name, draw(fields(known)), None, doc, deprecated)]
        case "enum":
            members = draw(
                _unique(
                    st.sampled_from(["LEAD", "won", "upper", "None_", "name", "value", "x"]), min_size=1, max_size=3
                )
            )
            values: list[Any] = draw(_unique(TEXT | TEXT, min_size=len(members), max_size=len(members)))
            made = tuple(EnumMember(m, v, draw(DOCS)) for m, v in zip(members, values, strict=True))
            return [EnumType(name, made, draw(st.booleans()), doc, deprecated)]
        case "alias":
            return [AliasType(name, draw(types(known)), doc, deprecated)]
        case "recursive":
            return [AliasType(name, t.UnionType((t.StringType(), t.ArrayType(t.RefType(name)))), doc)]
        case _:
            return draw(_tagged(name, known, doc))


@st.composite
def _tagged(draw: Draw, name: str, known: Known, doc: str) -> list[NamedType]:
    """A tagged union and its members."""
    count = draw(st.integers(2, 3))
    members: list[NamedType] = []
    for i in range(count):
        value = f"{i}-kind"
        kind = Field("kind", "kind", t.LiteralType((value,)), required=False, default=value)
        own = tuple(field for field in draw(fields(known)) if field.wire_name != "kind")
        members.append(ObjectType(f"{name}Case{i}", (kind, *own)))
    refs: tuple[t.Type, ...] = tuple(t.RefType(member.name) for member in members)
    return [AliasType(name, t.UnionType(refs, "kind"), doc), *members]


def _references(draw: Draw, document: ObjectType, indexes: list[Index]) -> tuple[Reference, ...]:
    """Of the ids an index begins with, some are references."""
    given = (field for field in document.fields[2:] if field.required)
    ids = {field.name: field.type.table for field in given if isinstance(field.type, t.IdType)}
    indexed = sorted({index.fields[0] for index in indexes} & ids.keys())
    kinds = st.sampled_from([OnDelete.RESTRICT, OnDelete.CASCADE])
    return tuple(Reference(name, ids[name], draw(kinds)) for name in indexed if draw(st.booleans()))


@st.composite
def _tables(draw: Draw, documents: dict[str, str], named: list[NamedType]) -> list[Table]:
    found = []
    by_name = {n.name: n for n in named}
    for document, table in documents.items():
        held = by_name[document]
        assert isinstance(held, ObjectType)
        sortable = [f.name for f in held.fields[2:] if isinstance(f.type, t.StringType | t.IntType | t.IdType)]
        texts = [f.name for f in held.fields[2:] if isinstance(f.type, t.StringType)]
        indexes, search_indexes = [], []
        if draw(st.booleans()) and sortable:
            key = tuple(draw(_unique(st.sampled_from(sortable), min_size=1, max_size=3)))
            indexes = [Index("by_it", key, unique=draw(st.booleans()))]
        if draw(st.booleans()) and texts:
            search_indexes = [SearchIndex("search_it", texts[0], tuple(sortable[:1]))]
        found.append(
            Table(table, document, tuple(indexes), tuple(search_indexes), references=_references(draw, held, indexes))
        )
    return found


@st.composite
def _errors(draw: Draw, known: Known) -> tuple[ErrorType, ...]:
    names = draw(
        _unique(st.sampled_from(["QuotaExceeded", "HTTPError", "NotFound", "Error", "TimeoutError", "Ünï"]), max_size=3)
    )
    made = [ErrorType(snake_case(name), name, draw(fields(known, max_size=2)), draw(DOCS)) for name in names]
    return tuple(sorted(made, key=lambda error: error.code))


@st.composite
def _functions(draw: Draw, known: Known, errors: tuple[ErrorType, ...]) -> tuple[Function, ...]:
    places = draw(_unique(st.tuples(MODULES, FUNCTION_NAMES), max_size=5, by=_path))
    found = []
    for module, name in places:
        module = ".".join(part.rstrip("_") for part in module.split("."))
        bare = Function(
            path=function_path(module, name),
            module=module,
            name=name.rstrip("_"),
            kind=draw(st.sampled_from(list(FunctionKind))),
            args=draw(fields(known, max_size=3, made_afresh=False)),
            returns=draw(types(known) | st.just(t.NullType())),
        )
        codes = draw(_unique(st.sampled_from([e.code for e in errors]), max_size=2)) if errors else []
        internal, doc, deprecated = draw(st.booleans()), draw(DOCS), draw(_deprecations())
        found.append(replace(bare, raises=tuple(sorted(codes)), internal=internal, doc=doc, deprecated=deprecated))
    return tuple(sorted(found, key=lambda function: function.path))


def _is_free(name: str) -> bool:
    return name not in TAKEN_FIELDS and not keyword.iskeyword(name)


def _path(place: tuple[str, str]) -> str:
    return function_path(*place)


def _itself(item: Any) -> Any:
    return item


def _deprecations() -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, None, None, "", "use the other one"])


def _default(kind: t.Type) -> Json | Missing:
    """A default in wire form, for types that have an obvious one."""
    match kind:
        case t.UnionType(members=members) if t.NullType() in members:
            return None
        case t.BoolType():
            return True
        case t.IntType(ge=None, gt=None):
            return 7
        case t.Int64Type():
            return "9007199254740993"
        case t.StringType(min_length=None, pattern=None):
            return 'quo"te \\ ü'
        case t.FloatType(lt=None):
            return 0.5
        case t.LiteralType(values=values):
            return values[0]
        case t.ArrayType(min_length=None) | t.SetType(min_length=None):
            return []
        case t.MapType(min_length=None):
            return {}
        case _:
            return MISSING


def _unique(
    items: st.SearchStrategy[T], min_size: int = 0, max_size: int = 4, by: Callable[[Any], Any] = _itself
) -> st.SearchStrategy[list[T]]:
    return st.lists(items, min_size=min_size, max_size=max_size, unique_by=by)
