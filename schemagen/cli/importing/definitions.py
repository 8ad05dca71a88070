"""Named schemas as the models will be: each object that deserves a model has its name, every reference is one to such
a name, and what no model can say is gone, with a note."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import schemagen
from schemagen.cli.importing.merging import Part, endless, merged
from schemagen.cli.importing.nodes import (
    CONTAINING,
    SAYING,
    Schema,
    is_mere_reference,
    is_nullable,
    is_record,
    is_union,
    or_null,
    types_of,
    unchecked_in,
)
from schemagen.cli.importing.references import References
from schemagen.cli.importing.roots import Root, name_of, words
from schemagen.cli.importing.source import At
from schemagen.cli.importing.unions import Member, discriminated, members_of
from schemagen.cli.importing.values import is_default, is_pattern, lengths, literals, number, text
from schemagen.cli.mistake import CommandError, Mistake

REF: Final = "#/components/schemas/"
_TAKEN = """
None True False Any BaseModel ConfigDict Field AwareDatetime JsonValue Annotated Literal TypeAliasType UUID RootModel
Optional Union Dict List Enum StrEnum StringConstraints Exception
"""
TAKEN: Final = frozenset({*_TAKEN.split(), *(name for name in schemagen.__all__ if name[0].isupper())})
"""Names that a model cannot have: its own module, or every backend, means something else by them."""
_PLAIN: Final = (["string"], ["integer"], ["number"], ["boolean"])
FIX_LOOSE: Final = "change the schema, import this place as any JSON with --loose, or leave it out with --only"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that the source says and the models do not."""

    at: At
    text: str

    def __str__(self) -> str:
        line, column = self.at.document.position(self.at.pointer)
        place = f"{self.at.document.shown}:{line}:{column}" if line else self.at.document.shown
        return f"{place}: note: {self.at}: {self.text}"


@dataclass
class Definitions:
    """Named schemas by name, where each comes from, and what was noticed on the way."""

    schemas: dict[str, Schema] = field(default_factory=dict)
    places: dict[str, dict[str, At]] = field(default_factory=dict)
    """Of each definition, under "", and of its properties, by their name in the source."""
    notes: list[Note] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    def place(self, name: str, key: str = "") -> At | None:
        known = self.places.get(name, {})
        return known.get(key, known.get(""))


def definitions_of(
    roots: Iterable[Root], references: References, *, prefix: str = "", loose: bool = False, loosened: Iterable[At] = ()
) -> Definitions:
    """All that the roots reach. What stands at a place in `loosened` may be any JSON; with `loose`, so may what has no
    model, and a note says so."""
    return _Translation(references, prefix, loose, frozenset(loosened)).run(list(roots))


class _Translation:
    def __init__(self, references: References, prefix: str, loose: bool, loosened: frozenset[At]) -> None:
        self.made = Definitions()
        self._references = references
        self._prefix = prefix
        self._loose = loose
        self._loosened = loosened
        self._names: dict[object, str] = {}
        self._used: set[str] = set()
        self._todo: list[tuple[str, At, list[Part]]] = []
        self._inside: list[At] = []
        """Places of `allOf` that are being looked at."""

    def run(self, roots: list[Root]) -> Definitions:
        # First, so that a name in the source wins over one that is made up, and one that can stay over one that cannot.
        for root in sorted(roots, key=lambda root: root.source != root.hint):
            if root.at not in self._names:
                self._define(root.at, root.at, [(root.at, self._references.node(root.at))], root.hint)
        while self._todo:
            name, at, parts = self._todo.pop(0)
            self.made.places[name] = {"": at}
            made = self._guarded(at, partial(self._definition, at, parts, name))
            self.made.schemas[name] = {key: value for key, value in made.items() if key != "default"}
        for name in list(_endless(self.made.schemas)):
            self.made.schemas[name] = self._guarded(at := self.made.places[name][""], partial(_no_end, at))
        return self.made

    # --- names ---

    def _define(self, key: object, at: At, parts: list[Part], hint: str) -> Schema:
        """A reference to the definition of what is at a place; the first one also puts it on the list."""
        if key not in self._names:
            self._names[key] = self._unique(hint)
            self._todo.append((self._names[key], at, parts))
        return {"$ref": f"{REF}{self._names[key]}"}

    def _unique(self, hint: str) -> str:
        name = f"{self._prefix}{hint}"
        name = f"{name}Model" if name in TAKEN else name
        number, made = 1, name
        while made in self._used:
            number += 1
            made = f"{name}{number}"
        self._used.add(made)
        return made

    # --- one schema ---

    def _definition(self, at: At, parts: list[Part], name: str) -> Schema:
        """A schema in its own right: a record stands here, and not behind a further name."""
        hint = name.removeprefix(self._prefix)
        if at in self._loosened:
            return self._annotations(at, parts[0][1], {}) if isinstance(parts[0][1], dict) else {}
        if len(parts) == 1:
            node = parts[0][1]
            if not isinstance(node, dict) or not ("allOf" in node or (is_record(node) and not is_union(node))):
                return self._schema(at, node, hint)
        whole = merged(at, parts, self._references)
        if whole.union is None and any(is_record(node) for _, node in whole.parts):
            return self._record(at, whole.parts, name)
        return self._all(at, parts, hint, is_named=True)

    def _schema(self, at: At, node: Any, hint: str) -> Schema:
        """A schema where it is used: a record is a reference to its definition."""
        if node is True or (at in self._loosened and not isinstance(node, dict)):
            return {}
        if not isinstance(node, dict):
            raise CommandError(_no_schema(at, node))
        if at in self._loosened:
            return self._annotations(at, node, {})
        for key in unchecked_in(node):
            self._note(at / key, "is not checked")
        made = self._shape(at, node, hint)
        made = or_null(made) if is_nullable(node) else made
        return {**made, **self._annotations(at, node, made)}

    def _shape(self, at: At, node: Schema, hint: str) -> Schema:
        types = types_of(node)
        if "$dynamicRef" in node or "$recursiveRef" in node:
            raise CommandError(_dynamic(at))
        if "$ref" in node and is_mere_reference(node):
            return self._reference(at, node["$ref"])
        if len(node.get("allOf") or ()) == 1 and not (SAYING - {"allOf"}) & node.keys():
            return self._schema(at / "allOf" / 0, node["allOf"][0], hint)
        if "$ref" in node or "allOf" in node or (is_union(node) and is_record(node)):
            return self._all(at, [(at, node)], hint)
        if is_union(node):
            return self._union(at, node, hint)
        if "const" in node or "enum" in node:
            return self._literal(at, node)
        if len(types) > 1:
            return {"anyOf": [self._typed(at, node, each, f"{hint}{each.title()}") for each in types]}
        return self._typed(at, node, types[0], hint) if types else {}

    def _typed(self, at: At, node: Schema, kind: str, hint: str) -> Schema:
        match kind:
            case "object" if is_record({**node, "type": "object"}):
                return self._define((at, kind), at, [(at, {**node, "type": "object"})], hint)
            case "object":
                return self._map(at, node, hint)
            case "array":
                return self._array(at, node, hint)
            case "string" | "file":
                if "pattern" in node and not is_pattern(node["pattern"]):
                    self._note(at / "pattern", "is not checked: Python or pydantic cannot read it")
                return text(node)
            case "integer" | "number":
                return number(node, kind)
            case "boolean" | "null":
                return {"type": kind}
            case _:
                raise CommandError(_no_schema(at / "type", kind))

    def _reference(self, at: At, ref: object) -> Schema:
        target = self._references.resolve(at, ref)
        found = self._references.node(target)
        made = self._define(target, target, [(target, found)], name_of(target))
        behind_its_name = is_record(found) and not is_union(found)  # where null cannot be said
        return or_null(made) if behind_its_name and is_nullable(found) else made

    # --- several schemas ---

    def _union(self, at: At, node: Schema, hint: str) -> Schema:
        if "oneOf" in node and "anyOf" in node:
            self._note(at / "anyOf", "is not checked beside oneOf")
        members = members_of(at, node, self._references)
        made = [self._schema(each.at, each.node, f"{hint}{each.hint}") for each in members]
        return self._tagged(node, members, made)

    def _all(self, at: At, parts: list[Part], hint: str, *, is_named: bool = False) -> Schema:
        """`allOf`: one record, one plain schema, or a union of records that all have what stands beside it.

        `is_named`: it is the definition itself that is asked for. What may contain itself needs a name.
        """
        whole = merged(at, parts, self._references)
        records = [(place, node) for place, node in whole.parts if is_record(node)]
        holding = [(place, node) for place, node in whole.parts if CONTAINING & node.keys()]
        if whole.union is None and (records or (holding and not is_named)):
            return self._define((at, "allOf"), at, parts, hint)
        if whole.union is None and holding:
            return self._flat(*holding[-1], whole.parts, hint)
        if at in self._inside:
            raise CommandError(endless(at))
        self._inside.append(at)
        try:
            if whole.union is None:
                return self._flat(at, {}, whole.parts, hint)
            return self._distributed(at, records, whole.union, hint)
        finally:
            self._inside.pop()

    def _flat(self, at: At, holding: Schema, parts: list[tuple[At, Schema]], hint: str) -> Schema:
        """Schemas that are no records, as one: what the later ones say wins; what is inside is that of `holding`."""
        whole = {key: value for _, node in parts for key, value in node.items() if key not in CONTAINING}
        whole |= {key: value for key, value in holding.items() if key in CONTAINING}
        return self._schema(at, whole, hint) if SAYING & whole.keys() else {}

    def _distributed(self, at: At, records: list[Part], union: tuple[At, Schema], hint: str) -> Schema:
        """A union of whole records, each with what all of them have."""
        place, node = union
        if not records:
            return self._union(place, node, hint)
        members = members_of(place, node, self._references)
        made = [
            self._define((at, each.at), each.at, [*records, (each.at, each.node)], f"{hint}{each.name}")
            for each in members
        ]
        return self._tagged(node, members, made)

    def _tagged(self, node: Schema, members: list[Member], made: list[Schema]) -> Schema:
        if len(made) == 1:
            return made[0]
        return discriminated(node, members, made) or {"anyOf": made}

    # --- objects and arrays ---

    def _record(self, at: At, parts: list[Part], name: str) -> Schema:
        found: dict[str, list[Part]] = {}
        required: dict[str, None] = {}
        for place, node in parts:
            for key in unchecked_in(node):
                self._note(place / key, "is not checked")
            self._note_extras(place, node)
            required |= dict.fromkeys(key for key in node.get("required") or () if isinstance(key, str))
            for key, each in (node.get("properties") or {}).items():
                if key:
                    found.setdefault(key, []).append((place / "properties" / key, each))
                else:
                    self._note(place / "properties", "a property without a name is not imported")
        for key in required:
            found.setdefault(key, [(at, {})])
        properties = {key: self._property(name, key, each, key in required) for key, each in found.items()}
        made: Schema = {
            "type": "object",
            "properties": properties,
            "required": [key for key in found if key in required],
        }
        if any(node.get("additionalProperties") is False for _, node in parts):
            made["additionalProperties"] = False
        described = next((part for part in reversed(parts) if part[1].get("description")), parts[-1])
        return {**made, **self._annotations(*described, made)}

    def _property(self, name: str, key: str, parts: list[Part], required: bool) -> Schema:
        at, node = parts[-1]
        self.made.places[name][key] = at
        hint = f"{name.removeprefix(self._prefix)}{words(key).removeprefix('Model')}"
        one = partial(self._schema, at, node, hint) if len(parts) == 1 else partial(self._all, at, parts, hint)
        made = self._guarded(at, one)
        behind = self._target(made)
        if "default" not in made and behind.get("default") is not None and is_default(behind["default"], behind):
            made["default"] = behind["default"]
        if not required and "default" not in made and len(made.get("enum", ())) == 1 and "const" in node:
            made["default"] = made["enum"][0]  # left out, it means the only value that it can have
        return made

    def _map(self, at: At, node: Schema, hint: str) -> Schema:
        """An object whose keys are data."""
        values: Schema = {}
        patterns, given = node.get("patternProperties"), node.get("additionalProperties")
        if isinstance(patterns, dict) and len(patterns) == 1 and not isinstance(given, dict):
            self._note(at / "patternProperties", "the pattern of the keys is not checked")
            pattern = next(iter(patterns))
            values = self._schema(at / "patternProperties" / pattern, patterns[pattern], f"{hint}Value")
        elif isinstance(given, dict) and not patterns:
            values = self._schema(at / "additionalProperties", given, f"{hint}Value")
        return {
            "type": "object",
            "additionalProperties": values or True,
            **lengths(node, "minProperties", "maxProperties"),
        }

    def _array(self, at: At, node: Schema, hint: str) -> Schema:
        key = "items" if isinstance(node.get("items"), list) else "prefixItems"
        items = node.get(key)
        if isinstance(items, list) and items:
            made = [self._schema(at / key / i, each, f"{hint}{i + 1}") for i, each in enumerate(items)]
            rest = node.get("additionalItems" if key == "items" else "items")
            if rest is True or isinstance(rest, dict):
                self._note(at, "items after the first ones are refused")
            return {"type": "array", "prefixItems": made, "items": False, "minItems": len(made), "maxItems": len(made)}
        given = node.get("items")
        item = self._schema(at / "items", given, f"{hint}Item") if isinstance(given, dict) else {}
        return {"type": "array", "items": item, **lengths(node, "minItems", "maxItems")}

    # --- plain values ---

    def _literal(self, at: At, node: Schema) -> Schema:
        key = "const" if "const" in node else "enum"
        given = [node["const"]] if key == "const" else node["enum"]
        if not isinstance(given, list) or not given:
            raise CommandError(_no_schema(at / key, given))
        values = literals(given)
        if values is None and all(isinstance(value, int | float | None) for value in given):
            self._note(at / key, "any number is accepted: a literal is text, an integer or a boolean")
            return {"type": "number"}
        if values is None:
            raise CommandError(_no_literal(at / key))
        if not values:
            return {"type": "null"}
        return {"enum": values}

    def _annotations(self, at: At, node: Schema, made: Schema) -> Schema:
        said: Schema = {}
        if isinstance(node.get("description"), str) and node["description"].strip():
            said["description"] = node["description"].strip()
        if node.get("deprecated") is True:
            said["deprecated"] = True
        default = node.get("default")
        if default is not None and (is_default(default, made) or is_default(default, self._target(made))):
            said["default"] = default
        elif default is not None:
            self._note(at / "default", "is not imported; what is left out is None")
        return said

    def _target(self, made: Schema) -> Schema:
        """The plain schema that a reference of ours means, as the source has it; {} if it is none."""
        key = next((key for key, name in self._names.items() if made.get("$ref") == f"{REF}{name}"), None)
        found = self._references.node(key) if isinstance(key, At) else None
        if isinstance(found, dict) and ("enum" in found or types_of(found) in _PLAIN):
            return found
        return {}

    # --- notes and mistakes ---

    def _note_extras(self, at: At, node: Schema) -> None:
        for key in ("additionalProperties", "patternProperties"):
            if node.get(key) is True or isinstance(node.get(key), dict):
                self._note(at / key, "fields that are not declared are not kept")
        if isinstance(node.get("discriminator"), dict | str) and not is_union(node):
            self._note(at / "discriminator", "fields of its subtypes are not kept; refer to a oneOf of them instead")

    def _note(self, at: At, text: str) -> None:
        if Note(at, text) not in self.made.notes:
            self.made.notes.append(Note(at, text))

    def _guarded(self, at: At, make: Callable[[], Schema]) -> Schema:
        """What is made, or any JSON where that is a mistake, which is remembered."""
        try:
            return make()
        except CommandError as error:
            for mistake in error.mistakes:
                if self._loose and mistake.rule == "import_unsupported":
                    self._note(at, f"any JSON is accepted: {mistake.message}")
                elif mistake not in self.made.mistakes:
                    self.made.mistakes.append(mistake)
            return {}


def _endless(schemas: Mapping[str, Schema]) -> Iterator[str]:
    """Names that stand for nothing but themselves: `Pet` that is a reference to `Pet`, or a union with itself."""
    inside = {name: {ref.removeprefix(REF) for ref in _references(schema)} for name, schema in schemas.items()}
    for name in schemas:
        seen: set[str] = set()
        todo = [name]
        while todo:
            new = inside.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        if name in seen:
            inside[name] = set()
            yield name


def _references(schema: Schema) -> Iterator[str]:
    if "$ref" in schema:
        yield schema["$ref"]
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _references(each)


def _no_end(at: At) -> Schema:
    raise CommandError(
        at.mistake(
            "import_unsupported",
            "it is defined by nothing but itself",
            why="a recursive schema needs an object or array on the way to itself, or it has no values",
            fix=FIX_LOOSE,
        )
    )


def _no_schema(at: At, node: object) -> Mistake:
    what = "false allows no value at all" if node is False else f"{node!r:.40} is no schema"
    why = "a model needs to know what the value is"
    return at.mistake("import_unsupported", what, why=why, fix=FIX_LOOSE)


def _no_literal(at: At) -> Mistake:
    return at.mistake(
        "import_unsupported",
        "a value is no text, integer or boolean",
        why="literals appear in the types of other languages as they are",
        fix=FIX_LOOSE,
    )


def _dynamic(at: At) -> Mistake:
    return at.mistake(
        "import_unsupported",
        "$dynamicRef and $recursiveRef are not read",
        why="what they mean depends on who refers to the schema",
        fix=FIX_LOOSE,
    )
