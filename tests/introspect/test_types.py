"""The table of `docs/types.md`: what each annotation becomes."""

from __future__ import annotations

import pytest

from schemagen.model import types as t
from schemagen.model.canonical import type_text
from schemagen.model.contract import (
    MISSING,
    AliasType,
    EnumMember,
    EnumType,
    Field,
    ObjectType,
)
from tests.introspect.backends import contract_of, function_of, named_of, rules_broken, type_of

TABLE = """
class Contact(Table, name="contacts"):
    name: str
"""
PLAIN: dict[str, t.Type] = {
    "str": t.StringType(),
    "bool": t.BoolType(),
    "None": t.NullType(),
    "int": t.IntType(),
    "Int64": t.Int64Type(),
    "float": t.FloatType(),
    "Annotated[float, Field(allow_inf_nan=True)]": t.FloatType(non_finite=True),
    "Decimal": t.DecimalType(),
    "UUID": t.UuidType(),
    "datetime": t.DateTimeType(),
    "date": t.DateType(),
    "time": t.TimeType(),
    "timedelta": t.TimedeltaType(),
    "bytes": t.BytesType(),
    "Any": t.AnyType(),
    "JsonValue": t.JsonType(),
    "list[int]": t.ArrayType(t.IntType()),
    "Sequence[int]": t.ArrayType(t.IntType()),
    "tuple[int, ...]": t.ArrayType(t.IntType()),
    "tuple[int, str]": t.TupleType((t.IntType(), t.StringType())),
    "tuple[()]": t.TupleType(()),
    "set[int]": t.SetType(t.IntType()),
    "frozenset[str]": t.SetType(t.StringType()),
    "dict[str, int]": t.MapType(t.StringType(), t.IntType()),
    "Mapping[UUID, list[str]]": t.MapType(t.UuidType(), t.ArrayType(t.StringType())),
    'dict[Literal["a", "b"], bool]': t.MapType(t.LiteralType(("a", "b")), t.BoolType()),
    "dict[Int64, str]": t.MapType(t.Int64Type(), t.StringType()),
    'Literal["a", 1, True]': t.LiteralType(("a", 1, True)),
    'Literal["a", "a"]': t.LiteralType(("a",)),
    'Literal["a", None]': t.UnionType((t.LiteralType(("a",)), t.NullType())),
    'Open[Literal["a"]]': t.LiteralType(("a",), open=True),
    "int | None": t.UnionType((t.IntType(), t.NullType())),
    "None | int": t.UnionType((t.IntType(), t.NullType())),
    "Optional[int]": t.UnionType((t.IntType(), t.NullType())),
    "Union[None, int, str]": t.UnionType((t.IntType(), t.StringType(), t.NullType())),
    "int | (str | None)": t.UnionType((t.IntType(), t.StringType(), t.NullType())),
    "JsonValue | None": t.JsonType(),
    'Literal["a"] | Literal["b"] | None': t.UnionType((t.LiteralType(("a", "b")), t.NullType())),
    "'int'": t.IntType(),
    "list['int']": t.ArrayType(t.IntType()),
    "Annotated[int, Field(ge=1, le=9)]": t.IntType(ge=1, le=9),
    "Annotated[Int64, Field(gt=0)]": t.Int64Type(gt=0),
    "Annotated[float, Field(gt=0, multiple_of=0.5)]": t.FloatType(gt=0.0, multiple_of=0.5),
    "Annotated[str, Field(min_length=1, max_length=9, pattern='^a')]": t.StringType(1, 9, "^a"),
    "Annotated[bytes, Field(max_length=9)]": t.BytesType(max_length=9),
    "Annotated[Decimal, Field(ge=0, max_digits=5, decimal_places=2)]": t.DecimalType(
        ge="0", max_digits=5, decimal_places=2
    ),
    "Annotated[list[int], Field(min_length=1)]": t.ArrayType(t.IntType(), min_length=1),
    "Annotated[dict[str, int], Field(max_length=3)]": t.MapType(t.StringType(), t.IntType(), max_length=3),
    "Annotated[str, Field(max_length=9)] | None": t.UnionType((t.StringType(max_length=9), t.NullType())),
    "Annotated[str | None, Field(max_length=9)]": t.UnionType((t.StringType(max_length=9), t.NullType())),
    "Annotated[Annotated[int, Field(le=5)], Field(le=9)]": t.IntType(le=5),
    "Id[Contact]": t.IdType("contacts"),
    "Id['Contact']": t.IdType("contacts"),
    "'Id[Contact] | None'": t.UnionType((t.IdType("contacts"), t.NullType())),
    "Contact": t.RefType("Contact"),
}


def text(t: t.Type) -> str:
    return type_text(t)


def test_an_annotation_becomes_its_type() -> None:
    arguments = ", ".join(f"x{i}: {annotation}" for i, annotation in enumerate(PLAIN))
    args = function_of(arguments, before=TABLE).args
    found = {annotation: text(arg.type) for annotation, arg in zip(PLAIN, args, strict=True)}
    assert found == {annotation: text(expected) for annotation, expected in PLAIN.items()}


def test_annotations_that_are_values_become_the_same() -> None:
    """Without `from __future__ import annotations`."""
    from tests.introspect.backends import HEAD

    head = HEAD.replace("from __future__ import annotations", "")
    arguments = ", ".join(f"x{i}: {annotation}" for i, annotation in enumerate(PLAIN))
    args = function_of(arguments, before=TABLE, head=head).args
    assert [text(arg.type) for arg in args] == [text(expected) for expected in PLAIN.values()]


def test_a_new_type_is_what_it_is_made_of() -> None:
    assert type_of("Email", "Email = NewType('Email', str)") == t.StringType()


# --- models ---


def fields_of(before: str, name: str = "M", annotation: str = "M") -> dict[str, Field]:
    found = named_of(before, annotation)[name]
    assert isinstance(found, ObjectType)
    return {field.name: field for field in found.fields}


def test_a_model_is_an_object_with_its_wire_names_defaults_and_docs() -> None:
    fields = fields_of(
        '''
        class M(BaseModel):
            """A model."""

            full_name: str
            """Its name."""
            from_: int = 3
            labels: list[str] = Field(default_factory=list, description="Its labels.")
            kind: str = Field("x", alias="@kind", deprecated="use labels")
            gone: int | None = Field(None, deprecated=True)
        '''
    )
    assert fields["full_name"] == Field("full_name", "fullName", t.StringType(), required=True)
    assert fields["full_name"].doc == "Its name."
    assert fields["from_"] == Field("from_", "from", t.IntType(), required=False, default=3)
    assert fields["labels"] == Field("labels", "labels", t.ArrayType(t.StringType()), required=False, default=MISSING)
    assert fields["labels"].doc == "Its labels."
    assert fields["kind"] == Field("kind", "@kind", t.StringType(), required=False, default="x")
    assert (fields["kind"].deprecated, fields["gone"].deprecated) == ("use labels", "")


@pytest.mark.parametrize(
    "definition",
    [
        "class M(BaseModel):\n    a: int\n    b: str | None = None\n    c: list[M] = []",
        "class M(TypedDict):\n    a: int\n    b: NotRequired[str | None]\n    c: NotRequired[list[M]]",
        "class M(TypedDict, total=False):\n    a: Required[int]\n    b: str | None\n    c: list[M]",
        "@dataclass\nclass M:\n    a: int\n    b: str | None = None\n    c: list[M] = field(default_factory=list)",
    ],
)
def test_models_dataclasses_and_typed_dicts_are_alike(definition: str) -> None:
    fields = fields_of(definition)
    assert {name: (text(field.type), field.required) for name, field in fields.items()} == {
        "a": ('"int"', True),
        "b": ('{"union": ["string", "null"]}', False),
        "c": ('{"array": {"ref": "M"}}', False),
    }


def test_inherited_fields_come_first() -> None:
    fields = fields_of("class B(BaseModel):\n    a: int\n    b: int\nclass M(B):\n    b: str\n    c: int")
    assert [(name, text(field.type)) for name, field in fields.items()] == [
        ("a", '"int"'),
        ("b", '"string"'),
        ("c", '"int"'),
    ]


def test_an_inherited_typed_dict_has_the_fields_and_docs_of_its_base() -> None:
    fields = fields_of(
        '''
        class B(TypedDict, total=False):
            a: int
            """From B."""
        class M(B):
            b: str
        '''
    )
    assert [(f.name, f.required, f.doc) for f in fields.values()] == [("a", False, "From B."), ("b", True, "")]


def test_constraints_of_a_field_apply_to_what_is_not_none() -> None:
    fields = fields_of("class M(BaseModel):\n    a: int | None = Field(None, ge=1)")
    assert fields["a"].type == t.UnionType((t.IntType(ge=1), t.NullType()))


def test_forward_references_between_models() -> None:
    before = "class M(BaseModel):\n    other: list['Late']\nclass Late(BaseModel):\n    m: M | None = None"
    assert set(named_of(before, "M")) == {"M", "Late"}


def test_a_field_that_names_a_later_class_keeps_what_is_said_of_it() -> None:
    before = """
        class M(BaseModel):
            late: Annotated[Late, Field(description="Later.", deprecated="no")] | None = None
            lates: Annotated[list[Late], Field(description="All.", deprecated="use late", min_length=1)]
            none: Annotated[Late | None, Field(default=None)]
        class Late(BaseModel):
            x: int
    """
    fields = fields_of(before)
    assert (fields["none"].required, fields["none"].default) == (False, None)
    field = fields["lates"]
    assert (text(field.type), field.doc, field.deprecated) == (
        '{"array": {"ref": "Late"}, "min_length": 1}',
        "All.",
        "use late",
    )


@pytest.mark.parametrize("annotation", ["list", "list[()]", "list[int, str]", "dict[str]", "set[int, int]", "Id", "M"])
def test_a_type_with_too_few_or_too_many_arguments_is_refused(annotation: str) -> None:
    generic = "class M(BaseModel, Generic[T]):\n    x: T"
    broken = rules_broken(f"{generic}\n@query\nasync def f(ctx: QueryCtx, *, x: {annotation}) -> None: ...")
    assert broken == ["unsupported_type"]


def test_a_root_model_is_an_alias() -> None:
    found = named_of("class Names(RootModel[list[str]]):\n    '''Some names.'''", "Names")
    assert found == {"Names": AliasType("Names", t.ArrayType(t.StringType()))}
    assert found["Names"].doc == "Some names."


def test_a_generic_instance_is_named_arguments_first() -> None:
    before = """
        class Change(BaseModel, Generic[T]):
            before: T
            after: T | None = None
        Stage = Literal["lead", "won"]
        class Holder(BaseModel):
            ids: Change[Id[Contact]]
            stages: Change[Stage]
            texts: Change[list[str]]
            nested: Change[Change[int]]
            maybe: Change[int | None]
            inline: Change[Literal["a-b", "c"]]
    """
    found = named_of(TABLE + before.replace("\n        ", "\n"), "Holder")
    assert set(found) - {"Contact", "Holder", "Stage"} == {
        "ContactIdChange",
        "StageChange",
        "StrListChange",
        "IntChange",
        "IntChangeChange",
        "OptionalIntChange",
        "ABCChange",
    }
    change = found["StageChange"]
    assert isinstance(change, ObjectType)
    assert [text(field.type) for field in change.fields] == [
        '{"ref": "Stage"}',
        '{"union": [{"ref": "Stage"}, "null"]}',
    ]


@pytest.mark.parametrize(
    "definition",
    [
        "class Pair(BaseModel, Generic[T]):\n    a: T\n    b: list[T]",
        "@dataclass\nclass Pair(Generic[T]):\n    a: T\n    b: list[T]",
        "class Pair(TypedDict, Generic[T]):\n    a: T\n    b: list[T]",
    ],
)
def test_generics_of_every_kind(definition: str) -> None:
    fields = fields_of(definition, "IntPair", "Pair[int]")
    assert {name: text(field.type) for name, field in fields.items()} == {"a": '"int"', "b": '{"array": "int"}'}


def test_a_class_derived_from_a_generic_one() -> None:
    before = """
        U = TypeVar("U")
        @dataclass
        class Box(Generic[T]):
            inside: T
        @dataclass
        class ListBox(Box[list[T]], Generic[T]):
            first: T
        @dataclass
        class M(ListBox[int]):
            name: str
    """
    fields = fields_of(before)
    assert {name: text(field.type) for name, field in fields.items()} == {
        "inside": '{"array": "int"}',
        "first": '"int"',
        "name": '"string"',
    }


def test_an_alias_in_the_class_line_names_the_inherited_field() -> None:
    before = """
        Stage = Literal["lead", "won"]
        class Box(BaseModel, Generic[T]):
            inside: list[T]
        class M(Box[Stage]):
            x: int
    """
    assert text(fields_of(before)["inside"].type) == '{"array": {"ref": "Stage"}}'


# --- enums, literals and their names ---


def test_an_enum_has_names_values_and_docs() -> None:
    before = '''
        class Plan(StrEnum):
            """What is paid for."""
            FREE = "free"
            """Nothing."""
            TEAM = "team"
            BASIC = "free"
        class Level(IntEnum):
            LOW = 1
    '''
    found = named_of(before, "dict[Plan, Level]")
    assert found["Plan"] == EnumType("Plan", (EnumMember("FREE", "free"), EnumMember("TEAM", "team")))
    assert found["Level"] == EnumType("Level", (EnumMember("LOW", 1),))
    plan = found["Plan"]
    assert isinstance(plan, EnumType)
    assert (plan.doc, plan.members[0].doc, plan.members[1].doc) == ("What is paid for.", "Nothing.", "")


def test_an_enum_that_is_only_used_open_keeps_its_name() -> None:
    before = "class Plan(StrEnum):\n    FREE = 'free'"
    members = (EnumMember("FREE", "free"),)
    assert named_of(before, "Open[Plan]") == {"Plan": EnumType("Plan", members, open=True)}
    assert named_of(before, "tuple[Open[Plan], Plan]") == {
        "Plan": EnumType("Plan", members),
        "OpenPlan": EnumType("OpenPlan", members, open=True),
    }


def test_a_literal_is_named_where_its_alias_is_written() -> None:
    before = """
        Stage = Literal["lead", "won"]
        '''How far it is.'''
        Same = Literal["lead", "won"]
    """
    assert type_of("Stage", before) == t.RefType("Stage")
    assert type_of("list[Same | None]", before) == t.ArrayType(t.UnionType((t.RefType("Same"), t.NullType())))
    assert type_of('Literal["lead", "won"]', before) == t.LiteralType(("lead", "won"))
    assert named_of(before, "Stage")["Stage"].doc == "How far it is."


def test_an_alias_is_found_through_imports_and_other_aliases() -> None:
    contract = contract_of(
        stages='Stage = Literal["lead", "won"]\nStages = list[Stage]',
        people="""
            from backend.stages import Stage as S, Stages
            import backend.stages as st
            @query
            async def f(ctx: QueryCtx, *, a: S, b: Stages, c: st.Stage, d: dict[str, "S"]) -> None: ...
        """,
    )
    assert set(contract.types_by_name) == {"Stage"}
    assert all("Stage" in text(arg.type) for arg in contract.functions[0].args)


def test_equal_aliases_of_one_name_are_one_type() -> None:
    module = """
        Stage = Literal["lead", "won"]
        @query
        async def f(ctx: QueryCtx, *, stage: Stage) -> None: ...
    """
    assert set(contract_of(a=module, b=module).types_by_name) == {"Stage"}


def test_other_aliases_of_one_name_meet() -> None:
    module = """
        Stage = Literal["lead", "{}"]
        @query
        async def f(ctx: QueryCtx, *, stage: Stage) -> None: ...
    """
    assert rules_broken(a=module.format("won"), b=module.format("lost")) == ["duplicate_type_name"]


def test_aliases_that_are_equal_to_python_are_told_apart() -> None:
    """`Literal[1] == Literal[True]`, and `Literal` does not mind the order."""
    before = 'A = Literal["x", "y"]\nB = Literal["y", "x"]\nC = Literal[1]\nD = Literal[True]\n'
    found = named_of(before, "tuple[A, B, C, D]")
    assert {name: text(alias.type) for name, alias in found.items() if isinstance(alias, AliasType)} == {
        "A": '{"literal": ["x", "y"]}',
        "B": '{"literal": ["y", "x"]}',
        "C": '{"literal": [1]}',
        "D": '{"literal": [true]}',
    }


def test_the_values_of_a_literal_stand_in_the_order_in_which_they_are_written() -> None:
    """Python takes the two for equal inside `Optional`, and hands out the first for the second."""
    args = function_of('x: Literal["a", "b"] | None, y: "Literal[\'b\', \'a\'] | None"').args
    assert [text(arg.type) for arg in args] == [
        '{"union": [{"literal": ["a", "b"]}, "null"]}',
        '{"union": [{"literal": ["b", "a"]}, "null"]}',
    ]


def test_an_open_alias() -> None:
    before = 'Stage = Literal["a"]\nFree = Open[Literal["b"]]'
    assert named_of(before, "Open[Stage]") == {"OpenStage": AliasType("OpenStage", t.LiteralType(("a",), open=True))}
    assert named_of(before, "Free") == {"Free": AliasType("Free", t.LiteralType(("b",), open=True))}


def test_constraints_stay_in_place() -> None:
    """`Name = Annotated[str, ...]` is no type of its own."""
    assert type_of("list[Name]", "Name = Annotated[str, Field(min_length=1)]") == t.ArrayType(
        t.StringType(min_length=1)
    )


# --- unions ---

SHAPES = """
class Circle(BaseModel):
    kind: Literal["circle"] = "circle"
    radius: float
class Square(BaseModel):
    kind: Literal["square"] = "square"
    side: float
"""
TAGGED = t.UnionType((t.RefType("Circle"), t.RefType("Square")), "kind")


def test_the_tag_of_a_union_is_found() -> None:
    assert type_of("Circle | Square", SHAPES) == TAGGED
    assert type_of("Annotated[Circle | Square, Field(discriminator='kind')]", SHAPES) == TAGGED


def test_an_alias_of_a_union_is_a_type() -> None:
    before = SHAPES + "Shape = Circle | Square\nTagged = Annotated[Circle | Square, Field(discriminator='kind')]"
    assert named_of(before, "Shape")["Shape"] == AliasType("Shape", TAGGED)
    assert type_of("Tagged | None", before) == t.UnionType((t.RefType("Tagged"), t.NullType()))


def test_an_alias_in_a_larger_union_becomes_part_of_it() -> None:
    before = SHAPES + "Shape = Annotated[Circle | Square, Field(discriminator='kind')]\n"
    before += "class Line(BaseModel):\n    kind: Literal['line']"
    contract = contract_of(f"{before}\n@query\nasync def f(ctx: QueryCtx, *, x: Shape | Line | None) -> None: ...")
    refs = tuple(t.RefType(name) for name in ("Circle", "Square", "Line"))
    assert contract.functions[0].args[0].type == t.UnionType((*refs, t.NullType()), "kind")
    assert "Shape" not in contract.types_by_name


def test_the_tag_is_a_wire_name() -> None:
    before = SHAPES.replace("kind:", "shape_kind:")
    found = type_of("Annotated[Circle | Square, Field(discriminator='shape_kind')]", before)
    assert isinstance(found, t.UnionType)
    assert found.tag == "shapeKind"


def test_an_enum_member_can_be_the_tag() -> None:
    before = """
        class Kind(StrEnum):
            A = "a"
            B = "b"
        class A(BaseModel):
            kind: Literal[Kind.A]
        class B(BaseModel):
            kind: Literal[Kind.B]
    """
    assert type_of("A | B", before) == t.UnionType((t.RefType("A"), t.RefType("B")), "kind")


def test_members_of_a_tagged_union_may_hold_the_union() -> None:
    before = """
        class Add(BaseModel):
            op: Literal["add"]
            left: Expr
            right: Expr | None
        class Number(BaseModel):
            op: Literal["number"]
            value: int
        Expr = Annotated[Add | Number, Field(discriminator="op")]
        Add.model_rebuild()
    """
    found = named_of(before, "Expr")
    assert found["Expr"] == AliasType("Expr", t.UnionType((t.RefType("Add"), t.RefType("Number")), "op"))
    add = found["Add"]
    assert isinstance(add, ObjectType)
    assert add.fields[1].type == t.RefType("Expr")


# --- type aliases with a name of their own ---


def test_a_type_alias_type_is_named_and_may_be_recursive() -> None:
    before = "Tree = TypeAliasType('Tree', 'int | list[Tree]')\n'''A tree.'''"
    found = named_of(before, "Tree")
    assert found == {"Tree": AliasType("Tree", t.UnionType((t.IntType(), t.ArrayType(t.RefType("Tree")))))}
    assert found["Tree"].doc == "A tree."


def test_a_type_alias_type_with_parameters() -> None:
    before = "Maybe = TypeAliasType('Maybe', list[T] | None, type_params=(T,))"
    assert named_of(before, "Maybe[int]") == {
        "IntMaybe": AliasType("IntMaybe", t.UnionType((t.ArrayType(t.IntType()), t.NullType())))
    }


def test_an_alias_of_nothing_but_itself_is_refused() -> None:
    before = "A = TypeAliasType('A', 'B | int')\nB = TypeAliasType('B', 'A | str')\n"
    text = f"{before}@query\nasync def f(ctx: QueryCtx, *, x: A) -> None: ..."
    assert set(rules_broken(text)) == {"unsupported_type"}


@pytest.mark.parametrize(
    "alias", ["list['A']", "dict[str, 'A'] | int | str", "dict[str, 'B']\nB = list['A'] | int | str"]
)
def test_a_plain_alias_that_mentions_itself_is_refused(alias: str) -> None:
    """pydantic cannot read it."""
    text = f"A = {alias}\n@query\nasync def f(ctx: QueryCtx, *, x: A) -> None: ..."
    assert set(rules_broken(text)) == {"unsupported_type"}


# --- defaults ---


def test_defaults_are_in_wire_form() -> None:
    function = function_of(
        "a: datetime = datetime(2030, 1, 1, tzinfo=UTC), b: Int64 = 7, c: bytes = b'x', d: Plan = Plan.FREE, "
        "e: PageRequest = FIRST, f: set[str] = {'b', 'a'}, g: float = 1, h: int | None = None, "
        "i: timedelta = timedelta(hours=1), j: tuple[int, str] = (1, 'x'), k: Decimal = Decimal('1.50')",
        before="class Plan(StrEnum):\n    FREE = 'free'",
    )
    assert {arg.name: arg.default for arg in function.args} == {
        "a": "2030-01-01T00:00:00Z",
        "b": "7",
        "c": "eA==",
        "d": "free",
        "e": {"cursor": None, "size": 50},
        "f": ["a", "b"],
        "g": 1.0,
        "h": None,
        "i": "PT3600S",
        "j": [1, "x"],
        "k": "1.50",
    }
    assert not any(arg.required for arg in function.args)
