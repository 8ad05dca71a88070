"""Random lives of a table: schemas, each a little other than the one before, and documents stored under each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from random import Random

from schemagen.check.views import Position, types_of
from schemagen.check.witness import Witnesses
from schemagen.model import types as t
from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumMember,
    EnumType,
    Field,
    Index,
    Json,
    NamedType,
    ObjectType,
    Table,
)
from schemagen.model.naming import camel_case
from schemagen.wire.storage import storage_of
from tests.roundtrip.changed import changed

SCALARS: Sequence[t.Type] = (
    t.BoolType(),
    t.IntType(),
    t.IntType(ge=0, le=100),
    t.Int64Type(),
    t.Int64Type(ge=0),
    t.FloatType(),
    t.FloatType(non_finite=True),
    t.FloatType(ge=0.0),
    t.StringType(),
    t.StringType(min_length=1, max_length=9),
    t.BytesType(),
    t.DecimalType(),
    t.DecimalType(max_digits=6, decimal_places=2),
    t.UuidType(),
    t.DateTimeType(),
    t.DateType(),
    t.TimeType(),
    t.TimedeltaType(),
    t.IdType("others"),
    t.LiteralType(("lead", "won")),
    t.LiteralType(("lead", "won", "lost")),
    t.LiteralType(("lead",), open=True),
    t.LiteralType((1, 2)),
    t.LiteralType((1, "all")),
    t.JsonType(),
    t.AnyType(),
)
NAMES = ("Part", "Stage", "Kind", "Tree")
TEXT = t.StringType()


class Lives:
    """Contracts of one table, `things`, one after the other."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._made = 0

    def first(self) -> Contract:
        fields = tuple(self._field(_FIRST_TYPES) for _ in range(self.chance.randint(1, 4)))
        return self._with_indexes(_contract("things", (), fields, _FIRST_TYPES))

    def next(self, contract: Contract) -> Contract:
        """The same backend after a while."""
        chance = self.chance
        if chance.random() < 0.4:
            contract = changed(contract, chance)
        table = next(table for table in contract.tables if table.name != "others")
        name, former = table.name, table.renamed_from
        if chance.random() < 0.15:
            former, name = (name, *former), f"{name}_again"
        named = tuple(each for each in contract.types if each.name in NAMES)
        fields = [self._changed(field, named) for field in contract.document(table.name).fields[2:]]
        if len(fields) > 1 and chance.random() < 0.2:
            fields.pop(chance.randrange(len(fields)))
        if chance.random() < 0.5:
            fields.append(self._field(named))
        chance.shuffle(fields)
        grown = _contract(name, former, tuple(fields), named)
        if chance.random() < 0.5:
            return self._with_indexes(grown)
        known = {field.name for field in fields}
        kept = tuple(index for index in table.indexes if set(index.fields) <= known)
        return _indexed(grown, tuple(index for index in kept if all(_is_sortable(grown, f) for f in index.fields)))

    def document(self, contract: Contract) -> dict[str, Json]:
        """A stored document in wire form, by Python name; some records inside lack what may be left out."""
        table = next(table for table in contract.tables if table.name != "others")
        values = Witnesses(types_of(contract), Position.STORED)
        return {
            field.name: self.chance.choice(list(islice(values.values(field.type), 9)))
            for field in contract.document(table.name).fields[2:]
        }

    def _field(self, named: tuple[NamedType, ...]) -> Field:
        self._made += 1
        return self._default(f"field_{self._made}", self._type(), named)

    def _type(self) -> t.Type:
        chance = self.chance
        simple: t.Type = chance.choice([*SCALARS, *(t.RefType(name) for name in NAMES)])
        match chance.choice(["simple", "simple", "simple", "null", "list", "map", "tuple", "union"]):
            case "null" if not isinstance(simple, t.JsonType | t.AnyType | t.RefType):
                return t.UnionType((simple, t.NullType()))
            case "list":
                return t.ArrayType(simple)
            case "map":
                return t.MapType(TEXT, simple)
            case "tuple":
                return t.TupleType((simple, t.IntType()))
            case "union":
                return t.UnionType((t.IntType(), TEXT))
            case _:
                return simple

    def _default(self, name: str, found: t.Type, named: tuple[NamedType, ...]) -> Field:
        """With a default, with one that is made afresh, or without."""
        field = Field(name, camel_case(name), found, required=True)
        smallest = Witnesses(types_of(_contract("things", (), (), named)), Position.STORED).smallest(found)
        match self.chance.choice(["required", "default", "afresh"]):
            case "default":
                return replace(field, required=False, default=smallest)
            case "afresh":
                return replace(field, required=False)
            case _:
                return field

    def _changed(self, field: Field, named: tuple[NamedType, ...]) -> Field:
        chance = self.chance
        if chance.random() < 0.15:
            self._made += 1
            name = f"field_{self._made}"
            field = replace(
                field, name=name, wire_name=camel_case(name), renamed_from=(field.name, *field.renamed_from)
            )
        if chance.random() < 0.3:
            found = chance.choice([_near(field.type, chance), self._type()])
            return replace(self._default(field.name, found, named), renamed_from=field.renamed_from)
        if chance.random() < 0.2:
            return replace(self._default(field.name, field.type, named), renamed_from=field.renamed_from)
        return field

    def _with_indexes(self, contract: Contract) -> Contract:
        table = next(table for table in contract.tables if table.name != "others")
        names = [f.name for f in contract.document(table.name).fields[2:] if _is_sortable(contract, f.name)]
        if not names:
            return contract
        key = tuple(self.chance.sample(names, self.chance.randint(1, min(2, len(names)))))
        return _indexed(contract, (Index(f"by_{'_'.join(key)}", key, unique=self.chance.random() < 0.5),))


def _near(found: t.Type, chance: Random) -> t.Type:
    """A type that is stored in the same way, mostly."""
    match found:
        case t.UnionType(members=(one, t.NullType())):
            return _one((one, _or_null(_near(one, chance))), chance)
        case t.IntType() | t.Int64Type():
            return _one((t.IntType(), t.IntType(ge=0), t.Int64Type(), t.Int64Type(lt=9), t.LiteralType((1, 2))), chance)
        case t.StringType() | t.LiteralType() | t.IdType():
            more = t.LiteralType(("lead", "won", "lost", "gone"))
            return _one((TEXT, t.StringType(max_length=4), more, _or_null(found), t.IdType("others")), chance)
        case t.FloatType():
            return _one((t.FloatType(), t.FloatType(non_finite=True), t.FloatType(le=1.0)), chance)
        case t.JsonType() | t.AnyType() | t.ArrayType():
            return _one((t.JsonType(), t.AnyType(), t.ArrayType(t.JsonType())), chance)
        case t.UnionType() | t.RefType():
            return found
        case _:
            return _or_null(found)


def _or_null(found: t.Type) -> t.Type:
    return t.UnionType((found, t.NullType()))


def _one(types: Sequence[t.Type], chance: Random) -> t.Type:
    return chance.choice(types)


def _is_sortable(contract: Contract, name: str) -> bool:
    table = next(table for table in contract.tables if table.name != "others")
    field = next(f for f in contract.document(table.name).fields if f.name == name)
    return storage_of(field.type, contract.types_by_name)[1].sortable


def _indexed(contract: Contract, indexes: tuple[Index, ...]) -> Contract:
    tables = tuple(replace(table, indexes=indexes) if table.name != "others" else table for table in contract.tables)
    return replace(contract, tables=tables)


def _contract(name: str, former: tuple[str, ...], fields: tuple[Field, ...], named: tuple[NamedType, ...]) -> Contract:
    documents = (_document("Thing", name, fields), _document("Other", "others", ()))
    tables = (Table("others", "Other"), Table(name, "Thing", renamed_from=former))
    return Contract(tables, (*named, *documents), (), ())


def _document(name: str, table: str, fields: tuple[Field, ...]) -> ObjectType:
    own = (
        Field("id", "id", t.IdType(table), required=False),
        Field("creation_time", "creationTime", t.DateTimeType(), required=False),
    )
    return ObjectType(name, (*own, *fields), table)


_FIRST_TYPES: tuple[NamedType, ...] = (
    ObjectType(
        "Part",
        (
            Field("label", "label", TEXT, required=True),
            Field("count", "count", t.IntType(), required=False, default=0),
            Field("stage", "stage", t.UnionType((t.RefType("Stage"), t.NullType())), required=False, default=None),
        ),
    ),
    EnumType("Stage", (EnumMember("LEAD", "lead"), EnumMember("WON", "won"))),
    AliasType("Kind", t.LiteralType(("a", "b"))),
    ObjectType(
        "Tree",
        (
            Field("value", "value", t.IntType(), required=True),
            Field("below", "below", t.ArrayType(t.RefType("Tree")), required=False, default=[]),
        ),
    ),
)
assert all(each.name in NAMES for each in _FIRST_TYPES)
