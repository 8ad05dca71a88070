"""A random backend package as Python source: models, enums, aliases, and functions that give their argument back.

The same seed is the same backend. It uses every type that `docs/types.md` lists
except documents, which are not sent as they are received.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random

MODULES = ("alpha", "beta", "billing", "billing/invoices", "class_", "deep/er/still", "gamma", "list_")
"""Files below the package; a folder's own functions stand in its `__init__.py`."""

IMPORTS = """\
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum, StrEnum
from typing import Annotated, Any, Generic, Literal, Optional, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue, RootModel
from typing_extensions import TypeAliasType, TypedDict

from schemagen import ActionCtx, Id, Int64, MutationCtx, Open, QueryCtx, Table, action, mutation, query

T = TypeVar("T")
"""
SCHEMA = 'from schemagen import Table\n\n\nclass Contact(Table, name="contacts"):\n    name: str\n'

ANY_KIND = frozenset({"null", "boolean", "number", "string", "array", "object"})


@dataclass(frozen=True)
class Written:
    """A type as an author writes it."""

    text: str
    kinds: frozenset[str]
    """JSON kinds of its values: members of a union have none in common."""
    hashable: bool = False
    default: str | None = None
    """An immutable value of it, as Python source; None if there is no short one."""


def _leaf(text: str, kind: str, default: str | None = None) -> Written:
    return Written(text, frozenset({kind}), True, default)


NULL = frozenset({"null"})
LEAVES = (
    _leaf("bool", "boolean", "True"),
    _leaf("int", "number", "-7"),
    _leaf("Int64", "string", "2**60 + 1"),
    _leaf("float", "number", "0.1"),
    Written("Annotated[float, Field(allow_inf_nan=True)]", frozenset({"number", "string"}), False, 'float("-inf")'),
    _leaf("str", "string", "'quo\"te \\\\ ü \\u2028'"),
    _leaf("bytes", "string", 'b"\\x00\\xff"'),
    _leaf("Decimal", "string", 'Decimal("1.50")'),
    _leaf("UUID", "string", 'UUID("12345678-1234-5678-1234-567812345678")'),
    _leaf("datetime", "string", "datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)"),
    _leaf("date", "string", "date(2026, 1, 2)"),
    _leaf("time", "string", "time(3, 4, 5, 600000)"),
    _leaf("timedelta", "string", "timedelta(days=-1, microseconds=1)"),
    _leaf("Id[Contact]", "string"),
    Written('Literal["lead", 3, True]', frozenset({"string", "number", "boolean"}), False, "3"),
    _leaf('Open[Literal["a", "b-c"]]', "string", '"b-c"'),
    _leaf("Open[Literal[1, -2]]", "number", "-2"),
    Written("JsonValue", ANY_KIND),
    Written("Any", ANY_KIND),
    _leaf("Annotated[int, Field(ge=0, lt=100)]", "number", "99"),
    _leaf("Annotated[int, Field(multiple_of=5)]", "number", "5"),
    _leaf("Annotated[Int64, Field(gt=0)]", "string", "1"),
    _leaf("Annotated[float, Field(ge=-1.5, le=1.5)]", "number", "1.5"),
    _leaf("Annotated[str, Field(min_length=1, max_length=5)]", "string", '"héllo"'),
    _leaf('Annotated[str, Field(pattern=r"^[a-z]+[0-9]$")]', "string", '"a1"'),
    _leaf("Annotated[bytes, Field(max_length=4)]", "string", 'b""'),
    _leaf("Annotated[Decimal, Field(ge=0, max_digits=6, decimal_places=2)]", "string", 'Decimal("0.01")'),
)
KEYS = ("str", "UUID", "date", "Int64", "Id[Contact]", 'Literal["a", "b"]', "Decimal", "datetime", "timedelta", "time")
FIELD_NAMES = (
    *("name", "full_name", "class_", "from_", "list_", "type", "default", "value", "length", "self_", "then", "items"),
    *("constructor", "to_string", "in_", "key", "date_", "error", "ünï", "number_2", "is_ok", "a1_b2", "keys", "json_"),
)
ALIASES = ("@type", "with-dash", "a b", "1st", 'quo"te', "$ref", "back\\slash", "snake_case", "type")
MEMBER_NAMES = ("LEAD", "won", "upper", "x", "None_", "real", "title")
MEMBER_TEXTS = ("lead", "won!", "", "ü", 'a"b', "UPPER", "12")


@dataclass
class Module:
    """One file of the backend, as far as it is written."""

    file: str
    future: bool
    body: list[str] = field(default_factory=list)
    imported: set[tuple[str, str]] = field(default_factory=set)

    @property
    def dotted(self) -> str:
        return self.file.replace("/", ".")


@dataclass
class Author:
    """Writes one backend, a function at a time."""

    package: str
    modules: list[Module]
    named: dict[str, tuple[Module, Written]] = field(default_factory=dict)
    """What was declared, by name: where, and as what it is used."""
    count: int = 0
    functions: int = 0

    def function(self, chance: Random) -> None:
        """One more function, and the types it needs."""
        module = chance.choice(self.modules)
        kind = chance.choice(["query"] * 8 + ["mutation", "action"])
        written = self._type(chance, module, 3)
        default = f" = {written.default}" if written.default and chance.randint(0, 5) == 0 else ""
        number = self.functions
        self.functions += 1
        module.body += [
            f"@{kind}",
            f"async def echo_{number}(ctx: {kind.title()}Ctx, *, value: {written.text}{default}) -> {written.text}:",
            "    return value",
            "",
            "",
        ]

    def table(self, chance: Random) -> None:
        """One more table; its fields are of any type."""
        module = chance.choice(self.modules)
        fields = [f"    {name}: {written.text}" for name, written in self._fields(chance, module, 3)]
        name = self._name("Thing")
        lines = [f'class {name}(Table, name="{name.lower()}s"):', *(fields or ["    pass"])]
        module.body += [*lines, "", ""]

    # --- types ---

    def _type(self, chance: Random, module: Module, depth: int) -> Written:
        form = chance.choice([self._leaf, self._earlier, self._declared, self._container, self._union])
        return form(chance, module, depth - 1) if depth else self._leaf(chance, module, depth)

    def _leaf(self, chance: Random, module: Module, depth: int) -> Written:
        leaf: Written = chance.choice(LEAVES)
        return leaf

    def _earlier(self, chance: Random, module: Module, depth: int) -> Written:
        """A type of this module or of another one."""
        if not self.named:
            return self._leaf(chance, module, depth)
        name = chance.choice(sorted(self.named))
        home, written = self.named[name]
        # A module imports only those written before it, so that there is no circle.
        if home is not module:
            if self.modules.index(home) > self.modules.index(module):
                return self._leaf(chance, module, depth)
            module.imported.add((home.dotted, name))
        return written

    def _container(self, chance: Random, module: Module, depth: int) -> Written:
        item = self._type(chance, module, depth)
        match chance.choice(["list", "several", "tuple", "set", "dict", "limited"]):
            case "list":
                return Written(f"list[{item.text}]", frozenset({"array"}))
            case "several":
                return Written(f"tuple[{item.text}, ...]", frozenset({"array"}), item.hashable, "()")
            case "tuple":
                other = self._type(chance, module, depth)
                return Written(
                    f"tuple[{item.text}, {other.text}]", frozenset({"array"}), item.hashable and other.hashable
                )
            case "set":
                written = item if item.hashable else chance.choice([leaf for leaf in LEAVES if leaf.hashable])
                word = chance.choice(["set", "frozenset"])
                default = "frozenset()" if word == "frozenset" else None
                return Written(f"{word}[{written.text}]", frozenset({"array"}), word == "frozenset", default)
            case "dict":
                return Written(f"dict[{chance.choice(KEYS)}, {item.text}]", frozenset({"object"}))
            case _:
                text = f"Annotated[list[{item.text}], Field(min_length=1, max_length=2)]"
                return Written(text, frozenset({"array"}))

    def _union(self, chance: Random, module: Module, depth: int) -> Written:
        members: list[Written] = []
        for _ in range(chance.randint(1, 3)):
            member = self._type(chance, module, depth)
            if not any(member.kinds & other.kinds for other in members):
                members.append(member)
        kinds = frozenset().union(*(member.kinds for member in members))
        # To Python an Int64 is an int like any other: beside a number nobody could tell which was meant.
        if len(members) > 1 and any("Int64" in member.text for member in members):
            return members[0]
        # The server's pydantic takes the text "12" of an enum for the int beside it, True for the literal 1, and the
        # Decimal of a RootModel for the float beside it.
        loose = ("Enum", "Open[Enum", "Open[Literal[1", "Root")
        if len(members) > 1 and any(member.text.startswith(loose) for member in members):
            return members[0]
        texts = [member.text for member in members]
        default = members[0].default
        if "null" not in kinds and (len(members) == 1 or chance.random() < 0.5):
            texts.append("None")
            kinds |= NULL
            default = "None"
        hashable = len(members) == 1 and members[0].hashable
        return Written(" | ".join(texts), kinds, hashable, default) if len(texts) > 1 else members[0]

    # --- declarations ---

    def _declared(self, chance: Random, module: Module, depth: int) -> Written:
        forms = [self._model, self._model, self._dataclass, self._typed_dict, self._enum, self._literal]
        forms += [self._tagged, self._generic, self._node, self._tree, self._root]
        return chance.choice(forms)(chance, module, depth)

    def _declare(self, module: Module, name: str, lines: list[str], written: Written) -> Written:
        module.body += [*lines, "", ""]
        self.named[name] = (module, written)
        return written

    def _name(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def _record(self, module: Module, name: str, lines: list[str]) -> Written:
        return self._declare(module, name, lines, Written(name, frozenset({"object"})))

    def _model(self, chance: Random, module: Module, depth: int) -> Written:
        fields = self._model_fields(chance, module, depth)
        name = self._name("Model")
        return self._record(module, name, [f"class {name}(BaseModel):", *(fields or ["    pass"])])

    def _model_fields(self, chance: Random, module: Module, depth: int) -> list[str]:
        lines = []
        used: set[str] = set()
        for name, written in self._fields(chance, module, depth):
            alias = chance.choice(ALIASES) if chance.randint(0, 9) == 0 else None
            given = f"alias={alias!r}" if alias and alias not in used and alias != name.rstrip("_") else ""
            used |= {alias or "", name.rstrip("_")}
            default = self._default(chance, written)
            right = f" = Field({', '.join(filter(None, [given, default]))})" if given or default else ""
            lines.append(f"    {name}: {written.text}{right}")
        return lines

    def _default(self, chance: Random, written: Written) -> str:
        if not chance.random() < 0.5:
            return ""
        factory = _factory(written)
        return f"default_factory={factory}" if factory else f"default={written.default}" if written.default else ""

    def _fields(self, chance: Random, module: Module, depth: int) -> list[tuple[str, Written]]:
        names = chance.sample(FIELD_NAMES, chance.randint(0, 4))
        return [(name, self._type(chance, module, depth)) for name in names]

    def _dataclass(self, chance: Random, module: Module, depth: int) -> Written:
        plain, defaulted = [], []
        for name, written in self._fields(chance, module, depth):
            default = self._default(chance, written)
            if not default:
                plain.append(f"    {name}: {written.text}")
            elif default.startswith("default_factory"):
                defaulted.append(f"    {name}: {written.text} = dataclass_field({default})")
            else:
                defaulted.append(f"    {name}: {written.text} = {default.removeprefix('default=')}")
        name = self._name("Data")
        lines = ["@dataclass", f"class {name}:", *(plain + defaulted or ["    pass"])]
        return self._record(module, name, lines)

    def _typed_dict(self, chance: Random, module: Module, depth: int) -> Written:
        # No key may be absent (NotRequired) in what is also sent to clients.
        lines = [f"    {name}: {written.text}" for name, written in self._fields(chance, module, depth)]
        name = self._name("Typed")
        return self._record(module, name, [f"class {name}(TypedDict):", *(lines or ["    pass"])])

    def _enum(self, chance: Random, module: Module, depth: int) -> Written:
        names = chance.sample(MEMBER_NAMES, chance.randint(1, 3))
        texts = chance.sample(MEMBER_TEXTS, 3)
        forms = [("StrEnum", list(map(repr, texts)), "string"), ("Enum", list(map(repr, texts)), "string")]
        forms += [("IntEnum", ["3", "-1", "0"], "number"), ("Enum", ["3", "-1", "0"], "number")]
        base, values, kind = chance.choice(forms)
        name = self._name("Enum")
        members = [f"    {member} = {value}" for member, value in zip(names, values, strict=False)]
        lines = [f"class {name}({base}):", *members]
        text = f"Open[{name}]" if chance.randint(0, 3) == 0 else name
        return self._declare(module, name, lines, Written(text, frozenset({kind}), True, f"{name}.{names[0]}"))

    def _literal(self, chance: Random, module: Module, depth: int) -> Written:
        name = self._name("Stage")
        values = chance.sample(MEMBER_TEXTS, chance.randint(1, 4))
        # No two aliases of one backend stand for the same values: the first value is the alias's own.
        lines = [f"{name} = Literal[{', '.join(map(repr, [name, *values]))}]"]
        text = f"Open[{name}]" if chance.random() < 0.5 else name
        return self._declare(module, name, lines, Written(text, frozenset({"string"}), True, repr(values[0])))

    def _tagged(self, chance: Random, module: Module, depth: int) -> Written:
        name = self._name("Shape")
        lines: list[str] = []
        members = [f"{name}{letter}" for letter in "ABC"[: chance.randint(2, 3)]]
        tag = chance.choice(["kind", "tag_name"])
        for number, member in enumerate(members):
            fields = self._model_fields(chance, module, depth)
            value = repr(member.lower()) if chance.random() < 0.5 else str(number)
            default = f" = {value}" if chance.random() < 0.5 else ""
            lines += [f"class {member}(BaseModel):", f"    {tag}: Literal[{value}]{default}", *fields, "", ""]
        lines.append(f"{name} = {' | '.join(members)}")
        return self._record(module, name, lines)

    def _generic(self, chance: Random, module: Module, depth: int) -> Written:
        item = self._type(chance, module, depth)
        name = self._name("Box")
        lines = [f"class {name}(BaseModel, Generic[T]):", "    first_item: T", "    rest: list[T] = []"]
        text = f"{name}[{item.text}]"
        return self._record_as(module, name, lines, text)

    def _record_as(self, module: Module, name: str, lines: list[str], text: str) -> Written:
        """Used at once only: elsewhere the names in its brackets would have to be imported, too."""
        module.body += [*lines, "", ""]
        return Written(text, frozenset({"object"}))

    def _node(self, chance: Random, module: Module, depth: int) -> Written:
        item = self._type(chance, module, depth)
        name = self._name("Node")
        lines = [
            f"class {name}(BaseModel):",
            f"    held: {item.text}",
            f'    children: list["{name}"] = []',
            f'    next_one: Optional["{name}"] = None',
            f'    by_name: dict[str, "{name}"] = Field(default_factory=dict)',
        ]
        return self._record(module, name, lines)

    def _tree(self, chance: Random, module: Module, depth: int) -> Written:
        leaf = chance.choice([leaf for leaf in LEAVES if not leaf.kinds & {"array", "object", "null"}])
        name = self._name("Tree")
        lines = [f'{name} = TypeAliasType("{name}", "{_single(leaf.text)} | list[{name}] | dict[str, {name}]")']
        return self._declare(module, name, lines, Written(name, leaf.kinds | {"array", "object"}))

    def _root(self, chance: Random, module: Module, depth: int) -> Written:
        item = self._type(chance, module, depth)
        name = self._name("Root")
        lines = [f"class {name}(RootModel[{item.text}]):", "    pass"]
        return self._declare(module, name, lines, Written(name, item.kinds))


def write_backend(folder: Path, *, package: str, functions: int, number: int, tables: int = 0) -> Path:
    """Write the backend of seed `number` with so many functions and tables; returns its folder."""
    author = Author(package, [Module(file, index % 2 == 0) for index, file in enumerate(MODULES)])

    chance = Random(number)
    for _ in range(functions):
        author.function(chance)
    for _ in range(tables):
        author.table(chance)
    root = folder / package
    files = {module.file: _text(module, package) for module in author.modules}
    for file, text in {**files, "schema": SCHEMA}.items():
        path = root / file
        is_folder = any(other.startswith(f"{file}/") for other in files)
        path = path / "__init__.py" if is_folder else path.with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for inside in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        (inside / "__init__.py").touch()
    return root


def _text(module: Module, package: str) -> str:
    lines = ["from __future__ import annotations", ""] if module.future else []
    lines += [IMPORTS, f"from {package}.schema import Contact"]
    lines += [f"from {package}.{home} import {name}" for home, name in sorted(module.imported)]
    return "\n".join([*lines, "", "", *module.body]).rstrip() + "\n"


def _factory(written: Written) -> str | None:
    word = written.text.partition("[")[0]
    return word if word in ("list", "set", "dict") and written.text.endswith("]") and "|" not in written.text else None


def _single(text: str) -> str:
    return text.replace('"', "'")
