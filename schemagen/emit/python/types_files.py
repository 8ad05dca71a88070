"""The types of a backend: a file for each (for each knot of types that refer to each other), so that a call loads only
what it needs, and `types/__init__.py`, which finds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import assert_never

from schemagen.emit.python.names import RESERVED_MEMBERS, Names, claim, field_names
from schemagen.emit.python.text import HEADER, WIDTH, bracketed, docstring, mapping, string, whole
from schemagen.emit.python.type_text import TypeText, is_plain, literal
from schemagen.model.contract import (
    MISSING,
    AliasType,
    Contract,
    EnumType,
    Field,
    NamedType,
    ObjectType,
    types_inside,
)
from schemagen.model.naming import camel_case
from schemagen.model.renames import former_fields
from schemagen.model.types import (
    ArrayType,
    FloatType,
    LiteralType,
    MapType,
    RefType,
    Type,
    UnionType,
    children,
)

VALUES = ("Bytes", "Date", "DateTime", "Decimal", "Float", "Int64", "JsonValue", "Set", "Time", "Timedelta", "Uuid")


def type_groups(contract: Contract) -> list[tuple[str, ...]]:
    """The strongly connected components of the types (Tarjan, without recursion), each sorted, users after used."""
    edges = {t.name: sorted(_named_inside(types_inside(t))) for t in contract.types}
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []
    for root in sorted(edges):
        if root in index:
            continue
        index[root] = low[root] = len(index)
        stack.append(root)
        work = [(root, iter(edges[root]))]
        while work:
            node, following = work[-1]
            for other in following:
                if other not in index:
                    index[other] = low[other] = len(index)
                    stack.append(other)
                    work.append((other, iter(edges[other])))
                    break
                if other in stack:
                    low[node] = min(low[node], index[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    found.append(tuple(sorted(stack[at:])))
                    del stack[at:]
    return found


def types_package(contract: Contract, names: Names) -> str:
    """`types/__init__.py`: every type by name, loaded when it is asked for."""
    homes = {
        **{names.types[t.name]: f".{names.files[t.name]}" for t in contract.types},
        **{alias: f".{names.files[name]}" for name, alias in names.open_enums.items()},
        **dict.fromkeys(names.ids.values(), ".ids_"),
        **dict.fromkeys(VALUES, ".._runtime.values"),
    }
    lines = [
        HEADER,
        '"""The types of the backend. Each is loaded when it is first used."""',
        "",
        "from importlib import import_module",
        "from typing import TYPE_CHECKING, Any",
        "",
        "if TYPE_CHECKING:",
    ]
    by_module: dict[str, list[str]] = {}
    for name, module in homes.items():
        by_module.setdefault(module, []).append(name)
    for module in sorted(by_module, key=lambda m: (not m.startswith(".."), m)):
        names_there = sorted(by_module[module], key=_isort)
        lines += [f"    from {module} import {name} as {name}" for name in names_there]
    lines += ["", "_HOMES = {"]
    lines += [f'    "{name}": "{homes[name]}",' for name in sorted(homes)]
    lines += [
        "}",
        "",
        "",
        "if not TYPE_CHECKING:  # to type checkers a name that is not above is a mistake",
        "",
        "    def __getattr__(name: str) -> Any:",
        "        if name not in _HOMES:",
        '            raise AttributeError(f"module {__name__!r} has no type {name!r}")',
        "        value = globals()[name] = getattr(import_module(_HOMES[name], __name__), name)",
        "        return value",
        "",
        "",
        "def __dir__() -> list[str]:",
        "    return sorted(_HOMES)",
    ]
    return "\n".join(lines) + "\n"


def ids_file(names: Names) -> str:
    lines = [HEADER, '"""Ids, one type per table: strings at run time, apart for type checkers."""', ""]
    if names.ids:
        lines += ["from typing import NewType", ""]
    lines += [f'{names.ids[t]} = NewType("{names.ids[t]}", str)' for t in sorted(names.ids, key=names.ids.__getitem__)]
    return "\n".join(lines).rstrip() + "\n"


def types_file(contract: Contract, names: Names, group: tuple[str, ...], sent: Collection[str]) -> str:
    """The file of some types that refer to each other; `sent` are the types that stand in arguments."""
    file = _TypesFile(contract, names, group, sent)
    bodies = [file.body(contract.named(name)) for name in file.ordered()]
    lines = [HEADER, "from __future__ import annotations", "", *file.imports()]
    after_class = False
    for body in bodies:
        is_class = body[0].startswith("class")
        lines += ["", "", *body] if is_class or after_class else ["", *body]
        after_class = is_class
    return "\n".join(lines) + "\n"


class _TypesFile:
    def __init__(self, contract: Contract, names: Names, group: tuple[str, ...], sent: Collection[str]) -> None:
        self.contract = contract
        self.sent = sent
        self.names = names
        self.group = group
        self.recursive = len(group) > 1 or group[0] in _named_inside(types_inside(contract.named(group[0])))
        self.own = {names.types[name] for name in group} | {names.open_enums.get(name, "") for name in group}
        self.homes = {names.types[name]: names.files[name] for name in names.types}
        self.homes |= {alias: names.files[name] for name, alias in names.open_enums.items()}
        self.ids = set(names.ids.values())
        self.imported: dict[str, set[str]] = {}

    def ordered(self) -> list[str]:
        """Classes before the aliases that may name them."""
        return sorted(self.group, key=lambda name: (isinstance(self.contract.named(name), AliasType), name))

    def refer(self, name: str) -> str:
        if name not in self.own:
            module = (
                f".{self.homes[name]}" if name in self.homes else ".ids_" if name in self.ids else ".._runtime.values"
            )
            self.imported.setdefault(module, set()).add(name)
        return name

    def use(self, module: str, name: str) -> None:
        self.imported.setdefault(module, set()).add(name)

    def imports(self) -> list[str]:
        plain = ["import builtins"] if "builtins" in self.imported else []
        standard = [m for m in sorted(self.imported) if m in ("enum", "typing")]
        third = [m for m in self.imported if m == "typing_extensions"]
        ours = sorted((m for m in self.imported if m.startswith(".")), key=lambda m: (not m.startswith(".."), m))
        blocks = [plain + self._from(standard), self._from(third), self._from(ours)]
        return [line for block in filter(None, blocks) for line in ([*block, ""])][:-1]

    def _from(self, modules: list[str]) -> list[str]:
        lines: list[str] = []
        for module in modules:
            found = sorted(self.imported[module], key=_isort)
            lines += (
                bracketed(f"from {module} import ", found, "", 0)
                if len(", ".join(found)) < 80
                else [
                    f"from {module} import (",
                    *(f"    {name}," for name in found),
                    ")",
                ]
            )
        return lines

    def body(self, t: NamedType) -> list[str]:
        match t:
            case ObjectType():
                return self._model(t)
            case EnumType():
                return self._enum(t)
            case AliasType():
                return self._alias(t)
            case _:
                assert_never(t)

    def _text(self, shadowed: frozenset[str] = frozenset()) -> TypeText:
        return TypeText(self.contract, self.names, self.refer, shadowed)

    def _note(self, text: TypeText) -> None:
        for name in text.typing:
            self.use("typing", name)
        if text.builtins:
            self.use("builtins", "")

    def _model(self, t: ObjectType) -> list[str]:
        self.use(".._runtime.values", "Model")
        fields = field_names((f.name for f in t.fields), self.names)
        text = self._text(frozenset(fields.values()))
        lines = [f"class {self.names.types[t.name]}(Model):", *docstring(_doc(t.doc, t.deprecated), 4)]
        always = sorted(fields[f.name] for f in t.fields if _is_tag(f))
        if always:
            self.use("typing", "ClassVar")
            listed = ", ".join(map(string, always))
            shadow = text.builtin("str")
            lines += [""] if len(lines) > 1 else []
            lines += [f"    sent_always: ClassVar[frozenset[{shadow}]] = frozenset({{{listed}}})"]
        former = {each.name: fields[each.now] for each in former_fields(t)}
        if former:
            self.use("typing", "ClassVar")
            lines += [""] if len(lines) > 1 else []
            kind = f"ClassVar[{text.builtin('dict')}[{text.builtin('str')}, {text.builtin('str')}]]"
            lines += whole([f"    former_names: {kind} = {mapping(former)}"])
        if len(lines) > 1 and t.fields:
            lines.append("")
        for f in t.fields:
            lines += self._field(f, fields[f.name], t, text)
        if len(lines) == 1:
            lines.append("    pass")
        self._note(text)
        return lines

    def _field(self, f: Field, name: str, owner: ObjectType, text: TypeText) -> list[str]:
        annotation = text.text(f.type)
        default = self._default(f, owner)
        server_set = _is_server_set(f, owner) and owner.name in self.sent
        alias = string(f.wire_name)
        parts = [f"default={default}" if default and not default.startswith("default_factory") else default]
        if camel_case(name) != f.wire_name:
            parts.append(f"validation_alias={alias}, serialization_alias={alias}")
        if server_set:
            parts.append("exclude=True")
        if len(parts) > 1 or default.startswith("default_factory"):
            self.use(".._runtime.values", "Field")
            right = f" = Field({', '.join(filter(None, parts))})"
        else:
            right = f" = {default}" if default else ""
        if default == "default_factory=unset":
            self.use(".._runtime.values", "unset")
        return [*whole([f"    {name}: {annotation}{right}"]), *docstring(_doc(f.doc, f.deprecated), 4)]

    def _default(self, f: Field, owner: ObjectType) -> str:
        """What stands behind the `=`; "" for a field that has to be given, or has to be there in a result."""
        if _is_server_set(f, owner):
            return "default_factory=unset" if owner.name in self.sent else ""
        if f.required or (owner.name not in self.sent and f.default is not MISSING):
            return ""
        return default_text(self.contract, f)

    def _enum(self, t: EnumType) -> list[str]:
        name = self.names.types[t.name]
        kind = _enum_base(t)
        self.use("enum", kind)
        taken = set(RESERVED_MEMBERS[kind])
        lines = [f"class {name}({kind}):", *docstring(_doc(t.doc, t.deprecated), 4)]
        lines += [""] if len(lines) > 1 else []
        for member in t.members:
            lines += [f"    {claim(member.name, taken)} = {literal(member.value)}", *docstring(member.doc, 4)]
        if t.open:
            self.use("typing", "Annotated")
            self.use("typing", "TypeAlias")
            self.use(".._runtime.values", "Field")
            kinds = dict.fromkeys(type(m.value).__name__ for m in t.members if m.value is not None)
            lines += [
                "",
                "",
                f"{self.names.open_enums[t.name]}: TypeAlias = "
                f'Annotated[{" | ".join([name, *kinds])}, Field(union_mode="left_to_right")]',
            ]
        return lines

    def _alias(self, t: AliasType) -> list[str]:
        text = self._text()
        name = self.names.types[t.name]
        written = text.text(t.type)
        self._note(text)
        if self.recursive:
            self.use("typing_extensions", "TypeAliasType")
            lines = [f'{name} = TypeAliasType("{name}", {string(written)})']
        else:
            self.use("typing", "TypeAlias")
            lines = _alias_lines(f"{name}: TypeAlias = ", t.type, written)
        return [*lines, *docstring(_doc(t.doc, t.deprecated), 0)]


def _is_server_set(f: Field, owner: ObjectType) -> bool:
    """A document's id and creation time: never sent, not even when a document is sent back."""
    return owner.table is not None and f in owner.fields[:2]


def _enum_base(t: EnumType) -> str:
    kinds = {type(m.value) for m in t.members}
    return "StrEnum" if kinds == {str} else "IntEnum" if kinds == {int} else "Enum"


def _alias_lines(head: str, t: Type, written: str) -> list[str]:
    """As ruff breaks a line that is too long."""
    if len(head + written) <= WIDTH:
        return [head + written]
    if isinstance(t, LiteralType) and not t.open:
        return [f"{head}Literal[", *(f"    {literal(value)}," for value in t.values), "]"]
    if isinstance(t, UnionType):
        first, *rest = written.split(" | ")
        return whole([f"{head}(", f"    {first}", *(f"    | {member}" for member in rest), ")"])
    return whole([head + written])


def default_text(contract: Contract, f: Field) -> str:
    """The default of a field in a model made by hand; it is not sent, the backend has its own."""
    match f.default:
        case str() if isinstance(f.type, FloatType):  # NaN or an infinity
            return "default_factory=unset"
        case None | bool() | int() | float() | str() if is_plain(contract, f.type):
            return literal(f.default) if not isinstance(f.default, float) else repr(f.default)
        case []:
            return "[]" if isinstance(f.type, ArrayType) else "default_factory=unset"
        case {} if not f.default:
            return "{}" if isinstance(f.type, MapType) else "default_factory=unset"
        case None:
            return "None"
        case _:
            return "default_factory=unset"


def _is_tag(f: Field) -> bool:
    return isinstance(f.type, LiteralType) and len(f.type.values) == 1 and not f.required


def _named_inside(types: tuple[Type, ...]) -> Iterator[str]:
    todo = list(types)
    while todo:
        t = todo.pop()
        if isinstance(t, RefType):
            yield t.name
        todo.extend(children(t))


def _doc(doc: str, deprecated: str | None) -> str:
    notes = [doc] if doc else []
    if deprecated is not None:
        notes.append(f"Deprecated: {deprecated}" if deprecated else "Deprecated.")
    return "\n\n".join(notes)


def _isort(name: str) -> tuple[bool, bool, str]:
    """Constants, classes, then the rest, as ruff sorts them."""
    return (not (name.isupper() and len(name) > 1), not name[:1].isupper(), name)
