"""Random contracts, with names and texts that mean trouble."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    ErrorType,
    Field,
    Function,
    FunctionKind,
    ObjectType,
    Origin,
    Table,
)
from schemagen.model.naming import camel_case, snake_case
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


def words(text: str) -> list[str]:
    return text.split()


TYPE_NAMES = [
    *words("Array Date Error Map Set Promise Record Object String Id Query Mutation Action Api AppError NoArgs"),
    "Uint8Array",
    *words("any unknown never object string class default enum interface DateTime Decimal SchemagenError JsonValue"),
    *words("Contact ContactInput ContactInputInput ContactsListArgs ContactsModule Größe Überschrift T1 名前"),
    "_Private",
    "AVeryLongNameForATypeThatFillsMostOfTheLine",
]
FIELD_NAMES = [
    *words("id name class default __proto__ constructor prototype toString from_ list_ next_task_due_at größe x1"),
    "_private",
    *words("type kind delete function undefined null true then length 名前"),
    "a_very_long_name_for_a_field_that_will_not_fit_on_a_line_together_with_its_type",
]
ALIASES = [
    "content-type",
    "",
    " ",
    "1",
    "12ab",
    "a.b",
    'say "hi"',
    "it's",
    "a\\b",
    "x\ny",
    "\u2028",
    "*/",
    "$ref",
    "@type",
]
PATHS = [
    *words("contacts.list contacts.create contactsList.all contacts.listAll billing.invoices.pay billing.total ping"),
    *words("class.delete default.new then.then __proto__.constructor api.api query.query größe.名前"),
]
TEXTS = [
    "",
    "Plain.",
    "Two\n\nparagraphs",
    "*/ alert(1) /*",
    "back\\slash \\u0041",
    "quote \" and ' and `",
    "${x}",
    "\u2028\u2029",
    "\r\nwindows\r\n",
    "@deprecated not really",
    "tab\tand \x00 and \x07",
    "```ts\ncode\n```",
    "ends with star *",
    "/** nested */",
    "\u202eright to left",
    "x" * 130,
]
LITERALS = [
    "lead",
    "",
    'say "hi"',
    "it's",
    "both \" and '",
    "a\nb",
    "\u2028",
    "*/",
    "\\",
    "${x}",
    "ünïcödé",
    "名前",
    "x" * 50,
    "\x00",
]

NULL = NullType()
text = st.sampled_from(TEXTS)
origin = st.none() | st.builds(
    Origin, st.sampled_from(["backend/contacts.py", "backend/größe.py"]), st.integers(1, 99), st.integers(1, 40)
)


def literals() -> SearchStrategy[LiteralType]:
    texts = st.lists(st.sampled_from(LITERALS), min_size=1, max_size=7, unique=True)
    mixed = st.lists(st.sampled_from([1, -2, True, False, None, "a"]), min_size=1, max_size=4, unique_by=repr)
    return st.builds(LiteralType, (texts | mixed).map(tuple), st.booleans())


def types(names: list[str]) -> SearchStrategy[Type]:
    """Types as TypeScript sees them; whether their members could be told apart on the wire does not matter here."""
    simple: list[Type] = [
        BoolType(),
        IntType(ge=1, le=10),
        Int64Type(),
        FloatType(non_finite=True),
        FloatType(gt=0.5),
        StringType(min_length=1, pattern="*/ `x`"),
        BytesType(),
        DecimalType(),
        UuidType(),
        DateTimeType(),
        DateType(),
        TimeType(),
        TimedeltaType(),
        IdType("contacts"),
        IdType("a_table_with_a_long_name_that_takes_half_a_line"),
        JsonType(),
        AnyType(),
        NULL,
        *map(RefType, names),
    ]
    leaves: SearchStrategy[Type] = st.sampled_from(simple) | literals()

    def bigger(inner: SearchStrategy[Type]) -> SearchStrategy[Type]:
        members = st.lists(inner.filter(lambda t: not isinstance(t, UnionType)), min_size=2, max_size=5, unique_by=repr)
        return (
            st.builds(ArrayType, inner)
            | st.builds(SetType, inner)
            | st.builds(TupleType, st.lists(inner, max_size=4).map(tuple))
            | st.builds(MapType, st.just(StringType()), inner)
            | st.builds(UnionType, members.map(lambda m: tuple(sorted(m, key=lambda t: t == NULL))))
        )

    return st.recursive(leaves, bigger, max_leaves=6)


@st.composite
def fields(draw: DrawFn, names: list[str], size_max: int = 4) -> tuple[Field, ...]:
    chosen = draw(st.lists(st.sampled_from(FIELD_NAMES), max_size=size_max, unique_by=camel_case))
    found: list[Field] = []
    for name in chosen:
        alias = draw(st.none() | st.sampled_from(ALIASES))
        wire_name = camel_case(name) if alias is None or any(f.wire_name == alias for f in found) else alias
        required = draw(st.booleans())
        deprecated = draw(st.none() | st.sampled_from(["", "use */ other"]))
        found.append(
            Field(
                name,
                wire_name,
                draw(types(names)),
                required,
                doc=draw(text),
                deprecated=deprecated,
                origin=draw(origin),
            )
        )
    return tuple(found)


@st.composite
def contracts(draw: DrawFn) -> Contract:
    names = sorted(draw(st.lists(st.sampled_from(TYPE_NAMES), min_size=1, max_size=6, unique=True)))
    named: list[ObjectType | EnumType | AliasType] = []
    tables = []
    for i, name in enumerate(names):
        match draw(st.integers(0, 3)):
            case 0:
                values = draw(st.lists(st.sampled_from(LITERALS), min_size=1, max_size=6, unique=True))
                members = tuple(EnumMember(f"M{n}" if n else "class", value) for n, value in enumerate(values))
                named.append(EnumType(name, members, draw(st.booleans()), draw(text), origin=draw(origin)))
            case 1:
                later = names[i + 1 :]  # an alias of itself would be no type
                named.append(AliasType(name, draw(types(later)), draw(text), origin=draw(origin)))
            case 2:
                table = snake_case(name)
                given = (
                    Field("id", "id", IdType(table), required=False),
                    Field("creation_time", "creationTime", DateTimeType(), required=False),
                )
                own = tuple(f for f in draw(fields(names)) if f.wire_name not in ("id", "creationTime"))
                named.append(ObjectType(name, (*given, *own), table, draw(text), origin=draw(origin)))
                tables.append(Table(table, name))
            case _:
                named.append(ObjectType(name, draw(fields(names)), None, draw(text), origin=draw(origin)))
    functions = []
    for path in sorted(draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=6, unique=True))):
        module, _, name = path.rpartition(".")
        kind = draw(st.sampled_from(list(FunctionKind)))
        doc, deprecated = draw(text), draw(st.none() | st.just("use */ other"))
        args, returns = draw(fields(names)), draw(types(names))
        functions.append(Function(path, module, name, kind, args, returns, (), False, doc, deprecated, draw(origin)))
    codes = draw(
        st.lists(st.sampled_from(["QuotaExceeded", "Error", "SchemagenError", *names]), max_size=3, unique=True)
    )
    errors = sorted(
        (ErrorType(snake_case(n), n, draw(fields(names, 2)), draw(text)) for n in codes), key=lambda e: e.code
    )
    errors = [e for i, e in enumerate(errors) if i == 0 or errors[i - 1].code != e.code]
    return Contract(tuple(tables), tuple(named), tuple(functions), tuple(errors))
