"""The models that datamodel-code-generator makes of named schemas, read from its text into values of our own.

What it decides is kept: types, names of fields, constraints, discriminators. How it is written down is ours
(`module_text.py`), so that its formatters, and their versions, have no say in the bytes.
"""

from __future__ import annotations

import ast
import copy
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel

from schemagen.cli.importing.definitions import Definitions
from schemagen.cli.importing.nodes import Schema
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.model.naming import camel_case

TEXTUAL: Final = frozenset(("str", "UUID", "AwareDatetime", "date", "date_aliased"))
"""Types whose values are text in JSON: a union of two of them is text."""
PROTECTED: Final = ("model_dump", "model_validate")
METHODS: Final = frozenset(name for name in dir(BaseModel) if not name.startswith("__"))


@dataclass(frozen=True, slots=True)
class ModelField:
    """A field; `key` is its name in the source, and on the wire."""

    name: str
    key: str
    type: ast.expr
    default: ast.expr | None
    doc: str
    deprecated: bool
    constraints: tuple[ast.keyword, ...] = ()  # of Field(...), beside the alias

    @property
    def alias(self) -> str | None:
        """The key, where it cannot be the name in Python as well."""
        return None if self.name == self.key else self.key

    @property
    def keeps_name(self) -> bool:
        """Whether it is called the same in Python and on the wire against the rule of schemagen: `created_at`."""
        return self.name == self.key != camel_case(self.name)


@dataclass(frozen=True, slots=True)
class Model:
    name: str
    doc: str
    fields: tuple[ModelField, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Alias:
    """`Stage = Literal[...]`."""

    name: str
    doc: str
    type: ast.expr


@dataclass(frozen=True, slots=True)
class Models:
    models: tuple[Model, ...]
    aliases: tuple[Alias, ...]
    imports: Mapping[str, tuple[str, str]]
    """What a name in the types means: `date_aliased` is `date` of `datetime`."""


def models_of(definitions: Definitions) -> Models:
    """Sorted by name. Raises `CommandError` if the generator refuses the schemas."""
    tree = ast.parse(_generated(definitions.schemas))
    reader = _Reader(definitions.schemas)
    for statement in tree.body:
        reader.read(statement)
    reader.inline_foreign()
    return Models(
        tuple(reader.models[name] for name in sorted(reader.models)),
        tuple(reader.aliases[name] for name in sorted(reader.aliases)),
        reader.imports,
    )


def _generated(schemas: Mapping[str, Schema]) -> str:
    from datamodel_code_generator import Error, generate
    from datamodel_code_generator.enums import DataModelType, InputFileType
    from datamodel_code_generator.format import DatetimeClassType, PythonVersion
    from datamodel_code_generator.parser import LiteralType

    document = {
        "openapi": "3.1.0",
        "info": {"title": "imported", "version": "1"},
        "paths": {},
        "components": {"schemas": dict(schemas)},
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            made = generate(
                document,
                input_file_type=InputFileType.OpenAPI,
                output_model_type=DataModelType.PydanticV2BaseModel,
                target_python_version=PythonVersion.PY_311,
                formatters=[],
                disable_timestamp=True,
                allow_remote_refs=False,
                use_annotated=True,
                field_constraints=True,
                use_union_operator=True,
                use_standard_collections=True,
                use_schema_description=True,
                use_tuple_for_fixed_items=True,
                use_type_alias=True,
                snake_case_field=True,
                strict_nullable=True,
                enum_field_as_literal=LiteralType.All,
                output_datetime_class=DatetimeClassType.Awaredatetime,
            )
        except Error as error:
            raise CommandError(
                Mistake(
                    "import_unsupported",
                    f"datamodel-code-generator refuses these schemas: {error}",
                    why="it makes the models",
                    fix="leave the schema out with --only, or simplify it",
                )
            ) from None
    assert isinstance(made, str), "one document is one module"
    return made


class _Reader:
    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self.models: dict[str, Model] = {}
        self.aliases: dict[str, Alias] = {}
        self.imports: dict[str, tuple[str, str]] = {"JsonValue": ("pydantic", "JsonValue")}
        self._schemas = schemas

    def read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.ImportFrom(module=str(module), names=names):
                self.imports |= {each.asname or each.name: (module, each.name) for each in names}
            case ast.ClassDef(name=name) if _is_map(self._schemas[name]):
                self.aliases[name] = Alias(name, ast.get_docstring(statement) or "", _parsed("dict[str, JsonValue]"))
            case ast.ClassDef(name=name):
                self.models[name] = self._model(statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[_, value])):
                kind, keywords = _annotated(value)
                kind = self._type(kind)
                doc = _text(keywords, "description") or str(self._schemas.get(name, {}).get("description", ""))
                kept = tuple(each for each in keywords if each.arg not in _SAID)
                if isinstance(kind, ast.Name) and kind.id == "list":  # an array of itself
                    kind = _parsed(f"list[{name}]")
                self.aliases[name] = Alias(name, doc, with_field(kind, kept))
            case ast.Expr():  # model_rebuild()
                pass
            case _:
                raise AssertionError(f"datamodel-code-generator wrote {ast.unparse(statement)!r}")

    def inline_foreign(self) -> None:
        """Put aliases that the generator made up, for constraints, and those of None, in the place of their names."""
        foreign = {name for name in self.aliases if name not in self._schemas}
        nothing = {name for name, alias in self.aliases.items() if isinstance(alias.type, ast.Constant)}
        inline = _Inline({name: self.aliases[name].type for name in foreign | nothing})
        self.aliases = {
            name: replace(alias, type=inline.of(alias.type))
            for name, alias in self.aliases.items()
            if name not in foreign
        }
        self.models = {
            name: replace(model, fields=tuple(replace(each, type=inline.of(each.type)) for each in model.fields))
            for name, model in self.models.items()
        }

    def _model(self, node: ast.ClassDef) -> Model:
        schema = self._schemas[node.name]
        fields = [self._field(each) for each in node.body if isinstance(each, ast.AnnAssign)]
        doc = ast.get_docstring(node) or ""
        return Model(node.name, doc, tuple(fields), schema.get("additionalProperties") is False)

    def _field(self, node: ast.AnnAssign) -> ModelField:
        assert isinstance(node.target, ast.Name)
        kind, keywords = _annotated(node.annotation)
        kind = self._type(kind)
        key = _text(keywords, "alias") or node.target.id
        name = _free_name(node.target.id)
        deprecated = any(each.arg == "deprecated" for each in keywords)
        kept = tuple(each for each in keywords if each.arg not in _SAID)
        return ModelField(name, key, kind, node.value, _text(keywords, "description"), deprecated, kept)

    def _type(self, node: ast.expr) -> ast.expr:
        made = _Plain().visit(node)
        assert isinstance(made, ast.expr)
        return made


_SAID: Final = frozenset(("alias", "description", "deprecated", "validate_default", "title"))
"""What is written elsewhere, or not at all."""


class _Plain(ast.NodeTransformer):
    """Types as a backend writes them: any JSON is JsonValue, and members of a union can be told apart by their kind."""

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.Name("JsonValue") if node.id == "Any" else node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        """A name in quotes is that of something further down; every annotation is read late anyway."""
        made = self.visit(_parsed(node.value)) if isinstance(node.value, str) else node
        assert isinstance(made, ast.expr)
        return made

    def visit_Call(self, node: ast.Call) -> ast.expr:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return union_of(_told_apart(list(members_of(node))))

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if isinstance(node.value, ast.Name) and node.value.id == "Literal":
            return node
        self.generic_visit(node)
        written = _union_members(node)
        if written:
            return union_of(_told_apart(written))
        kind, keywords = _annotated(node)
        if kind is node:
            return node
        if "StringConstraints" in ast.unparse(node):
            return kind
        kept = tuple(each for each in keywords if each.arg not in ("description", "title", "validate_default"))
        return with_field(kind, kept)


class _Inline(ast.NodeTransformer):
    def __init__(self, types: Mapping[str, ast.expr]) -> None:
        self._types = types

    def of(self, node: ast.expr) -> ast.expr:
        made = self.visit(copy.deepcopy(node))
        assert isinstance(made, ast.expr)
        return made

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.of(self._types[node.id]) if node.id in self._types else node

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return union_of(_told_apart(list(members_of(node))))


def members_of(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from members_of(node.left)
        yield from members_of(node.right)
    else:
        yield node


def _union_members(node: ast.Subscript) -> list[ast.expr]:
    """Of `Union[...]` and `Optional[...]`; [] for anything else."""
    match node:
        case ast.Subscript(value=ast.Name(id="Union"), slice=ast.Tuple(elts=elements)):
            return [member for each in elements for member in members_of(each)]
        case ast.Subscript(value=ast.Name(id="Optional"), slice=inner):
            return [*members_of(inner), ast.Constant(None)]
        case _:
            return []


def union_of(members: list[ast.expr]) -> ast.expr:
    made = members[0]
    for member in members[1:]:
        made = ast.BinOp(made, ast.BitOr(), member)
    return made


def _told_apart(members: list[ast.expr]) -> list[ast.expr]:
    """Without members whose values another one takes as well: text takes dates, numbers take integers."""
    once = list({ast.dump(member): member for member in members}.values())
    names = [_bare(member) for member in once]
    if sum(name in TEXTUAL or name == "text" for name in names) > 1 and any(name in TEXTUAL for name in names):
        first = next(i for i, name in enumerate(names) if name in TEXTUAL or name == "text")
        plain = next((member for member, name in zip(once, names, strict=True) if name == "str"), ast.Name("str"))
        once = [
            plain if i == first else member
            for i, member in enumerate(once)
            if i == first or not (names[i] in TEXTUAL or names[i] == "text")
        ]
        names = [_bare(member) for member in once]
    if "float" in names:
        once = [member for member, name in zip(once, names, strict=True) if name != "int"]
    if any(name == "JsonValue" for name in names):
        return [ast.Name("JsonValue")]
    return once


def _bare(node: ast.expr) -> str:
    """The name of a type without its constraints; `text` for literals that are all text."""
    kind, _ = _annotated(node)
    if isinstance(kind, ast.Name):
        return kind.id
    if isinstance(kind, ast.Subscript) and isinstance(kind.value, ast.Name) and kind.value.id == "Literal":
        values = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
        return "text" if all(isinstance(each, ast.Constant) and isinstance(each.value, str) for each in values) else ""
    return ""


def _annotated(node: ast.expr) -> tuple[ast.expr, list[ast.keyword]]:
    """What stands inside `Annotated[..., Field(...)]`, and the keywords of the field."""
    if (
        isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == "Annotated"
        and isinstance(node.slice, ast.Tuple)
        and isinstance(node.slice.elts[1], ast.Call)
    ):
        return node.slice.elts[0], node.slice.elts[1].keywords
    return node, []


def with_field(kind: ast.expr, keywords: tuple[ast.keyword, ...]) -> ast.expr:
    """`Annotated[kind, Field(...)]`, or the type alone if there is nothing to say; a tuple has its length anyway."""
    if isinstance(kind, ast.Subscript) and isinstance(kind.value, ast.Name) and kind.value.id == "tuple":
        keywords = tuple(each for each in keywords if each.arg not in ("min_length", "max_length"))
    if not keywords:
        return kind
    call = ast.Call(ast.Name("Field"), [], list(keywords))
    return ast.Subscript(ast.Name("Annotated"), ast.Tuple([kind, call]))


def _text(keywords: list[ast.keyword], name: str) -> str:
    for each in keywords:
        if each.arg == name and isinstance(each.value, ast.Constant):
            return str(each.value.value)
    return ""


def _is_map(schema: Schema) -> bool:
    return schema.get("additionalProperties") is True and "properties" not in schema


def _free_name(name: str) -> str:
    """A name that pydantic has no use for itself."""
    if name.startswith(PROTECTED):
        return f"field_{name.rstrip('_')}"
    return f"{name}_" if name in METHODS else name


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def references_in(node: ast.AST, names: Mapping[str, Any]) -> Iterator[str]:
    """Names of models and aliases that a type mentions."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id in names:
            yield inner.id
