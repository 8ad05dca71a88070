"""Hypothesis strategies: small worlds of named types, and the same worlds after one edit.

    @given(edits())
    def test_...(edit: Edit) -> None: ...   # edit.old, edit.new

Two independent worlds have little in common; what an engineer does in an afternoon is one small edit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from schemagen.model import types as t
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    NamedType,
    ObjectType,
    Table,
)
from schemagen.wire.kinds import kinds

Draw = st.DrawFn

PATTERNS = (None, "^[a-z]+$", r"^[a-z0-9]+\Z", "a", r"^\d{4}$", "^(a|b)?$", r"^-?\d+$", "^.{2,3}$")

FAMILIES: Sequence[Sequence[t.Type]] = (
    (
        t.IntType(),
        t.IntType(ge=0),
        t.IntType(gt=-1),
        t.IntType(le=10),
        t.IntType(ge=0, le=2),
        t.IntType(ge=0, le=3),
        t.IntType(ge=5, le=3),
        t.IntType(multiple_of=2),
        t.IntType(ge=0, le=60, multiple_of=3),
        t.IntType(ge=1, le=100, multiple_of=5),
    ),
    (
        t.Int64Type(),
        t.Int64Type(ge=0, le=9),
        t.Int64Type(ge=-99, le=999),
        t.Int64Type(gt=0),
        t.Int64Type(multiple_of=10),
    ),
    (
        t.FloatType(),
        t.FloatType(ge=0.0),
        t.FloatType(gt=0.0),
        t.FloatType(gt=0.0, lt=1.0),
        t.FloatType(ge=0.0, le=100.0),
        t.FloatType(ge=1.0, le=1.0),
        t.FloatType(multiple_of=0.5),
        t.FloatType(multiple_of=0.25),
        t.FloatType(ge=0.0, multiple_of=2.0),
        t.FloatType(non_finite=True),
    ),
    (
        t.DecimalType(),
        t.DecimalType(ge="0"),
        t.DecimalType(gt="0", lt="10"),
        t.DecimalType(max_digits=4),
        t.DecimalType(decimal_places=2),
        t.DecimalType(max_digits=4, decimal_places=2),
        t.DecimalType(max_digits=5, decimal_places=2),
        t.DecimalType(max_digits=5, decimal_places=3),
        t.DecimalType(ge="0", decimal_places=0),
    ),
    (
        t.StringType(),
        t.StringType(min_length=1),
        t.StringType(max_length=3),
        t.StringType(min_length=2, max_length=40),
        t.StringType(max_length=0),
        t.StringType(min_length=3, max_length=2),
        *(t.StringType(pattern=pattern) for pattern in PATTERNS[1:]),
        t.StringType(max_length=2, pattern="^[a-z]+$"),
    ),
    (t.BytesType(), t.BytesType(min_length=1), t.BytesType(max_length=3), t.BytesType(min_length=2, max_length=3)),
    (
        t.UuidType(),
        t.DateTimeType(),
        t.DateType(),
        t.StringType(pattern=r"\A2026-0[0-9]-0[0-9]\Z"),
        t.TimeType(),
        t.TimedeltaType(),
        t.IdType("people"),
        t.IdType("firms"),
        t.IdType("humans"),
    ),
    (
        t.LiteralType(("a",)),
        t.LiteralType(("c",)),
        t.LiteralType(("v",)),
        t.LiteralType(("c", "d")),
        t.LiteralType(("a", "b")),
        t.LiteralType(("b", "c", "abc")),
        t.LiteralType(("1", "1.0", "2")),
        t.LiteralType(("P1D", "PT24H")),
        t.LiteralType(("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00")),
        t.LiteralType(("a", "b"), open=True),
        t.LiteralType((1, 2, 3)),
        t.LiteralType((0, 5)),
        t.LiteralType((1, 2), open=True),
        t.LiteralType((True,)),
        t.LiteralType(("a", 1, True)),
        t.LiteralType(("a", None)),
    ),
    (t.BoolType(),),
    (t.JsonType(), t.AnyType()),
)
SCALARS = [each for family in FAMILIES for each in family]
KEYS: Sequence[t.Type] = (
    t.StringType(),
    t.StringType(max_length=2),
    t.StringType(pattern="^[a-z]+$"),
    t.UuidType(),
    t.DateType(),
    t.DateTimeType(),
    t.Int64Type(),
    t.DecimalType(),
    t.IdType("people"),
    t.LiteralType(("a",)),
    t.LiteralType(("a", "b")),
    t.LiteralType(("name", "kind")),
    t.LiteralType(("1", "1.0", "2")),
)
ITEMS: Sequence[t.Type] = (
    t.LiteralType(("1", "1.0", "2")),
    t.LiteralType(("P1D", "PT24H")),
    t.LiteralType(("2026-01-02T00:00:00Z", "2026-01-02T01:00:00+01:00")),
    t.LiteralType(("a", "b")),
    t.LiteralType((1, 2, 3)),
    t.DecimalType(),
    t.TimedeltaType(),
    t.DateTimeType(),
    t.Int64Type(),
    t.IntType(),
    t.IntType(ge=0, le=3),
    t.FloatType(),
    t.FloatType(non_finite=True),
    t.StringType(),
    t.TupleType((t.IntType(), t.BoolType())),
    t.RefType("E"),
)
_MEANT: dict[t.Type, t.Type] = {ITEMS[0]: ITEMS[5], ITEMS[1]: ITEMS[6], ITEMS[2]: ITEMS[7]}
"""What literals may be meant as: then some of them are equal."""
LENGTHS = ((None, None), (None, None), (1, None), (None, 2), (2, 3), (None, 0), (2, 2), (3, 2))
NAMES = ("A", "B", "C", "D", "E", "L", "U", "V")
FIELDS = ("name", "kind", "size", "next", "a", "b")
TABLES = (Table("people", "D", renamed_from=("humans",)), Table("firms", "D"))


@dataclass(frozen=True)
class Edit:
    """A contract before and after; roots are the names that are in both."""

    old: Contract
    new: Contract

    def __repr__(self) -> str:
        return f"Edit(\n  old={_shown(self.old)}\n  new={_shown(self.new)}\n)"


def _shown(contract: Contract) -> str:
    return "\n    ".join(("", *map(repr, contract.types), repr(contract.tables)))


def contract_of(types: Sequence[NamedType], tables: Sequence[Table] = TABLES) -> Contract:
    return Contract(tuple(tables), tuple(sorted(types, key=lambda each: each.name)), (), ())


@st.composite
def worlds(draw: Draw) -> Contract:
    """One of each kind of named type, which mention each other."""
    fields = records()
    return contract_of(
        [
            ObjectType("A", draw(fields)),
            ObjectType("B", (*draw(st.sampled_from([(), (_tag("b"),)])), *_others(draw(fields)))),
            ObjectType("C", (_tag("c"), *_others(draw(fields)))),
            ObjectType("V", (_tag("v"), *_others(draw(fields)))),
            ObjectType("D", (*_IMPLICIT, *draw(fields)), table="people"),
            EnumType("E", tuple(EnumMember(value, value) for value in draw(_values())), open=draw(st.booleans())),
            AliasType("L", draw(types())),
            AliasType("U", t.UnionType((t.RefType("C"), t.RefType("V")), "kind")),
        ]
    )


_IMPLICIT = (
    Field("id", "id", t.IdType("people"), required=False),
    Field("creation_time", "creationTime", t.DateTimeType(), required=False),
)


def _tag(value: str) -> Field:
    return Field("kind", "kind", t.LiteralType((value,)), required=False, default=value)


def _others(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    return tuple(field for field in fields if field.name != "kind")


def _values() -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(["a", "b", "c", "1", "1.0"]), min_size=1, max_size=3, unique=True)


@st.composite
def records(draw: Draw) -> tuple[Field, ...]:
    names = draw(st.lists(st.sampled_from(FIELDS), max_size=3, unique=True))
    return tuple(_field(name, draw(types()), required=draw(st.integers(0, 2)) > 0) for name in names)


def _field(name: str, of: t.Type, *, required: bool) -> Field:
    return Field(name, name, of, required, MISSING)


def types(depth: int = 2) -> st.SearchStrategy[t.Type]:
    leaf = st.sampled_from(SCALARS) | st.sampled_from(NAMES).map(t.RefType)
    return leaf if depth == 0 else st.one_of(leaf, _containers(depth))


@st.composite
def _containers(draw: Draw, depth: int) -> t.Type:
    inner = types(depth - 1)
    least, most = draw(st.sampled_from(LENGTHS))
    match draw(st.sampled_from(["array", "set", "tuple", "map", "nullable", "nullable", "union"])):
        case "array":
            return t.ArrayType(draw(inner), least, most)
        case "set":
            return t.SetType(draw(st.sampled_from(ITEMS)), least, most)
        case "tuple":
            return t.TupleType(tuple(draw(st.lists(inner, max_size=3))))
        case "map":
            return t.MapType(draw(st.sampled_from(KEYS) | st.just(t.RefType("E"))), draw(inner), least, most)
        case "nullable":
            return t.UnionType((draw(inner | st.just(t.RefType("U"))), t.NullType()))
        case _:
            return t.UnionType(tuple(draw(st.lists(inner, min_size=2, max_size=3))))


# --- edits ---


@st.composite
def edits(draw: Draw, base: st.SearchStrategy[Contract] | None = None) -> Edit:
    """A valid world, and the world after one edit."""
    old = draw((worlds() if base is None else base).filter(is_valid))
    return Edit(old, draw(edited(old)))


@st.composite
def edited(draw: Draw, contract: Contract) -> Contract:
    """A world after one edit that leaves it valid."""
    for _ in range(3):
        if draw(st.integers(0, 19)) == 0:
            new = replace(contract, tables=draw(st.sampled_from(OTHER_TABLES)))
        else:
            names = [each.name for each in contract.types]
            name = draw(st.sampled_from(names))
            changed = draw(_edited_named(contract.types_by_name[name], names))
            new = contract_of([changed if each.name == name else each for each in contract.types], contract.tables)
        if is_valid(new):
            return new
    return contract


@st.composite
def type_edits(draw: Draw) -> tuple[t.Type, t.Type]:
    """A type of the small world, and the same after one edit."""
    one = draw(types().filter(_is_of_small_world))
    return one, draw(edited_type(one).filter(_is_of_small_world))


def _is_of_small_world(of: t.Type) -> bool:
    return _is_valid_type(of, SMALL_WORLD)


@st.composite
def siblings(draw: Draw) -> tuple[t.Type, t.Type]:
    """Two types of one family: near enough to be taken for each other."""
    family = st.sampled_from(draw(st.sampled_from(_RELATIVES)))
    one, other = draw(family), draw(family)
    match draw(st.integers(0, 3)):
        case 0:
            return t.ArrayType(one), t.ArrayType(other)
        case 1:
            return t.MapType(t.StringType(), one), t.MapType(t.StringType(), other)
        case _:
            return one, other


_LISTED = t.LiteralType(("name", "kind"))
_RELATIVES: Sequence[Sequence[t.Type]] = (
    *FAMILIES[:-2],
    [t.DecimalType(max_digits=5, decimal_places=places) for places in (2, 3)],
    [t.IntType(ge=0, le=2), t.IntType(ge=0, le=3)],
    [t.IntType(multiple_of=2), t.IntType(ge=0, le=60, multiple_of=3)],
    [t.IntType(), t.IntType(ge=0), t.FloatType(ge=0.0)],
    [t.FloatType(ge=0.0), t.FloatType(gt=0.0)],
    [t.SetType(ITEMS[0]), t.SetType(ITEMS[5])],
    [t.MapType(ITEMS[0], t.IntType()), t.MapType(ITEMS[5], t.IntType())],
    [t.IdType("people"), t.IdType("humans")],
    [t.RefType("V"), t.RefType("A"), t.MapType(_LISTED, t.JsonType()), t.MapType(KEYS[0], t.JsonType())],
    [t.SetType(item) for item in ITEMS],
    [*(t.SetType(item) for item in ITEMS[:3]), *(t.SetType(item) for item in ITEMS[5:8])],
    [t.MapType(key, t.IntType()) for key in KEYS],
    [t.RefType("A"), t.MapType(_LISTED, t.IntType()), t.MapType(_LISTED, t.IntType(), 2), t.MapType(KEYS[0], KEYS[0])],
    [t.RefType("U"), t.RefType("C"), t.RefType("V"), t.RefType("B"), t.RefType("A"), t.RefType("D")],
    [t.UnionType((t.RefType(name), t.NullType())) for name in ("U", "L", "E", "C")],
)

OTHER_TABLES = (
    (Table("people", "D"), Table("firms", "D")),
    (Table("people", "D", renamed_from=("humans",)), Table("firms", "D", renamed_from=("companies",))),
    (Table("people", "D", renamed_from=("humans", "firms")),),
    (Table("humans", "D"), Table("firms", "D", renamed_from=("people",))),
)


@st.composite
def _edited_named(draw: Draw, named: NamedType, names: list[str]) -> NamedType:
    match named:
        case AliasType(type=inner):
            return replace(named, type=draw(edited_type(inner, names)))
        case EnumType(members=members):
            values = [member.value for member in members]
            others = [value for value in ("a", "b", "c", "1", "1.0", "z") if value not in values]
            kept = members[1:] if len(members) > 1 and draw(st.booleans()) else members
            added = EnumMember("new", draw(st.sampled_from(others)))
            is_open = named.open != (draw(st.integers(0, 4)) == 0)
            return replace(named, members=draw(st.sampled_from([kept, (*kept, added)])), open=is_open)
        case ObjectType(fields=fields, table=table):
            held = 2 if table is not None else 0
            return replace(named, fields=(*fields[:held], *draw(_edited_fields(fields[held:], names))))


@st.composite
def _edited_fields(draw: Draw, fields: tuple[Field, ...], names: list[str]) -> tuple[Field, ...]:
    free = [name for name in (*FIELDS, "fresh") if all(field.wire_name != name for field in fields)]
    at = draw(st.integers(0, len(fields) - 1)) if fields else None
    ways = ["add", "add"] if at is None else ["add", "remove", "require", "type", "type", "type", "rename"]
    match draw(st.sampled_from(ways)):
        case "add":
            of = draw(types(1).map(lambda each: _known(each, names)))
            return (*fields, _field(draw(st.sampled_from(free)), of, required=draw(st.booleans())))
        case "remove":
            return tuple(field for i, field in enumerate(fields) if i != at)
        case "require":
            return _changed(fields, at, lambda field: replace(field, required=not field.required, default=MISSING))
        case "rename":
            name = draw(st.sampled_from(free))
            return _changed(fields, at, lambda field: replace(field, name=name, wire_name=name))
        case _:
            assert at is not None
            of = draw(edited_type(fields[at].type, names))
            return _changed(fields, at, lambda field: replace(field, type=of, default=MISSING))


def _changed(fields: tuple[Field, ...], at: int | None, change: Callable[[Field], Field]) -> tuple[Field, ...]:
    return tuple(change(field) if i == at else field for i, field in enumerate(fields))


@st.composite
def edited_type(draw: Draw, of: t.Type, names: list[str] | None = None) -> t.Type:
    """A type with one thing changed, somewhere inside."""
    if t.children(of) and draw(st.integers(0, 2)) > 0:
        return draw(_edited_inside(of, names))
    found = draw(_edited_here(of))
    return found if names is None else _known(found, names)


@st.composite
def _edited_inside(draw: Draw, of: t.Type, names: list[str] | None) -> t.Type:
    match of:
        case t.SetType(item=item) if draw(st.booleans()):
            return replace(of, item=draw(st.sampled_from([*ITEMS, *(_MEANT.get(item, item) for _ in range(8))])))
        case t.ArrayType(item=item) | t.SetType(item=item):
            return replace(of, item=draw(edited_type(item, names)))
        case t.MapType(key=key, value=value):
            if draw(st.integers(0, 2)) == 0:
                return replace(of, key=draw(st.sampled_from(KEYS)))
            return replace(of, key=key, value=draw(edited_type(value, names)))
        case t.TupleType(items=items) | t.UnionType(members=items):
            at = draw(st.integers(0, len(items) - 1))
            changed = draw(edited_type(items[at], names))
            whole = tuple(changed if i == at else item for i, item in enumerate(items))
            return t.TupleType(whole) if isinstance(of, t.TupleType) else t.UnionType(whole, of.tag)
        case _:
            return of


@st.composite
def _edited_here(draw: Draw, of: t.Type) -> t.Type:
    least, most = draw(st.sampled_from(LENGTHS))
    other = draw(st.sampled_from(SCALARS))
    match of:
        case t.ArrayType(item=item) | t.SetType(item=item):
            ways: list[t.Type] = [replace(of, min_length=least, max_length=most), t.ArrayType(item), item, t.JsonType()]
            ways += [t.TupleType((item, item)), t.SetType(item), t.SetType(item), t.UnionType((of, t.NullType()))]
        case t.TupleType(items=items):
            ways = [t.TupleType(items[1:]), t.TupleType((*items, other)), t.TupleType(tuple(reversed(items)))]
            ways += [t.ArrayType(items[0] if items else other), t.SetType(items[0] if items else other)]
        case t.MapType(key=key, value=value):
            ways = [replace(of, min_length=least, max_length=most), t.MapType(key, value), t.RefType("A"), t.JsonType()]
        case t.UnionType(members=members, tag=tag):
            ways = [members[0], members[-1], t.UnionType((other, *members), tag), t.JsonType()]
            ways += [t.UnionType((*members, t.RefType("B")), tag), t.UnionType((members[0], t.RefType("B")), tag)]
            if len(members) > 2:
                ways.append(t.UnionType(members[1:], tag))
        case t.RefType():
            ways = [t.RefType(draw(st.sampled_from(NAMES))), t.MapType(t.StringType(), other), t.JsonType(), other]
            ways += [t.UnionType((of, t.NullType())), t.MapType(t.LiteralType(("name", "kind")), other, least, most)]
        case _:
            family = next((each for each in FAMILIES if of in each), SCALARS)
            siblings = draw(st.sampled_from(family))
            ways = [siblings, siblings, siblings, other, t.UnionType((of, t.NullType())), t.ArrayType(of)]
    return draw(st.sampled_from(ways))


def _known(of: t.Type, names: list[str]) -> t.Type:
    """Only names that there are."""
    match of:
        case t.RefType(name=name):
            return of if name in names else t.RefType(names[0])
        case t.ArrayType(item=item) | t.SetType(item=item):
            return replace(of, item=_known(item, names))
        case t.MapType(key=key, value=value):
            return replace(of, key=_known(key, names), value=_known(value, names))
        case t.TupleType(items=items):
            return t.TupleType(tuple(_known(item, names) for item in items))
        case t.UnionType(members=members, tag=tag):
            return t.UnionType(tuple(_known(member, names) for member in members), tag)
        case _:
            return of


SMALL_WORLD = contract_of(
    [
        ObjectType("A", (_field("name", t.JsonType(), required=False), _field("size", t.JsonType(), required=False))),
        ObjectType("B", (_field("kind", t.LiteralType(("b", "c")), required=True),)),
        ObjectType("C", (_tag("c"), _field("a", t.UnionType((t.RefType("U"), t.NullType())), required=False))),
        ObjectType("V", (_tag("v"), _field("size", t.FloatType(), required=True))),
        ObjectType("D", (*_IMPLICIT, _field("name", t.StringType(), required=True)), table="people"),
        EnumType("E", (EnumMember("a", "a"), EnumMember("one", "1"), EnumMember("uno", "1.0"))),
        AliasType("L", t.UnionType((t.IntType(), t.ArrayType(t.RefType("L"))))),
        AliasType("U", t.UnionType((t.RefType("C"), t.RefType("V")), "kind")),
    ]
)


# --- what introspection would let through ---


def is_valid(contract: Contract) -> bool:
    """Whether `introspect` could have made it: unions can be told apart, keys are text, sets hold what has a hash."""
    named = contract.types_by_name
    if any(_is_endless(each, contract) for each in contract.types):
        return False
    held = [of for each in contract.types for of in _types_of(each)]
    return all(_is_valid_type(of, contract) for of in held) and {"C", "V"} & named.keys() <= named.keys()


def _types_of(named: NamedType) -> list[t.Type]:
    match named:
        case ObjectType(fields=fields):
            return [field.type for field in fields]
        case AliasType(type=inner):
            return [inner]
        case EnumType():
            return []


def _is_valid_type(of: t.Type, contract: Contract) -> bool:
    named = contract.types_by_name
    if not all(_is_valid_type(inner, contract) for inner in t.children(of)):
        return False
    match of:
        case t.RefType(name=name):
            return name in named
        case t.IdType(table=table):
            return table in ("people", "firms", "humans")
        case t.UnionType():
            return _is_valid_union(of, contract)
        case t.MapType(key=key):
            return _is_key(key, contract)
        case t.SetType(item=item):
            return _is_hashable(item, contract)
        case _:
            return True


def _is_valid_union(of: t.UnionType, contract: Contract) -> bool:
    """Flat, null last, kinds apart; an alias of a union only beside null."""
    named = contract.types_by_name
    others = [member for member in of.members if member != t.NullType()]
    if len(of.members) - len(others) > 1 or (len(others) < len(of.members) and of.members[-1] != t.NullType()):
        return False
    if any("null" in kinds(member, named) for member in others) or any(isinstance(m, t.UnionType) for m in others):
        return False
    if len(others) == 1:
        return len(of.members) == 2
    found = [_followed(member, contract) for member in others]
    if any(isinstance(each, t.UnionType) for each in found):
        return False
    objects = [each for each in found if isinstance(each, ObjectType)]
    seen: set[str] = set()
    for member, each in zip(others, found, strict=True):
        if not isinstance(each, ObjectType) or len(objects) < 2:
            if seen & kinds(member, named):
                return False
            seen |= kinds(member, named)
    if len(objects) < 2:
        return of.tag is None
    return "object" not in seen and of.tag is not None and _tells_apart(of.tag, objects, contract)


def _tells_apart(tag: str, objects: list[ObjectType], contract: Contract) -> bool:
    seen: list[tuple[type, object]] = []
    for each in objects:
        held = [_followed(field.type, contract) for field in each.fields if field.wire_name == tag]
        match held:
            case [t.LiteralType(values=values, open=False)]:
                seen += [(type(value), value) for value in values]
            case [EnumType(members=members, open=False)]:
                seen += [(type(member.value), member.value) for member in members]
            case _:
                return False
    return len(set(seen)) == len(seen)


def _followed(of: t.Type, contract: Contract) -> t.Type | NamedType:
    while isinstance(of, t.RefType):
        found = contract.types_by_name[of.name]
        if not isinstance(found, AliasType):
            return found
        of = found.type
    return of


def _is_endless(named: NamedType, contract: Contract) -> bool:
    """`type A = A | None`: an alias that is itself without anything around it."""
    todo = [named.type] if isinstance(named, AliasType) else []
    seen: set[str] = set()
    while todo:
        of = todo.pop()
        if isinstance(of, t.UnionType):
            todo += of.members
        elif isinstance(of, t.RefType):
            if of.name == named.name:
                return True
            found = contract.types_by_name.get(of.name)
            if isinstance(found, AliasType) and of.name not in seen:
                seen.add(of.name)
                todo.append(found.type)
    return False


def _is_key(key: t.Type, contract: Contract) -> bool:
    match _followed(key, contract):
        case t.StringType() | t.UuidType() | t.DateType() | t.DateTimeType() | t.Int64Type() | t.DecimalType():
            return True
        case t.IdType():
            return True
        case t.LiteralType(values=values):
            return all(isinstance(value, str) for value in values)
        case EnumType():
            return True
        case _:
            return False


def _is_hashable(item: t.Type, contract: Contract) -> bool:
    found = _followed(item, contract)
    match found:
        case ObjectType() | t.ArrayType() | t.SetType() | t.MapType() | t.JsonType() | t.AnyType():
            return False
        case t.TupleType(items=items) | t.UnionType(members=items):
            return all(_is_hashable(inner, contract) for inner in items)
        case _:
            return True
