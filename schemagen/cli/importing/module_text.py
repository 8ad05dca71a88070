"""The text of a module of models, as ruff would leave it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from schemagen.cli.importing.models import Alias, Model, ModelField, Models, members_of, references_in
from schemagen.emit.python.text import docstring, string

HOME: dict[str, tuple[str, str]] = {
    "Annotated": ("typing", "Annotated"),
    "Literal": ("typing", "Literal"),
    "TypeAliasType": ("typing_extensions", "TypeAliasType"),
    "BaseModel": ("pydantic", "BaseModel"),
    "ConfigDict": ("pydantic", "ConfigDict"),
    "Field": ("pydantic", "Field"),
}


@dataclass
class ModuleText:
    """A module, and which line of it is about what."""

    lines: list[str]
    about: dict[int, tuple[str, str]] = field(default_factory=dict)
    """By line, from 1: the name of a model or alias, and the key of a field or ""."""

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


def module_text(models: Models, doc: str, width: int) -> ModuleText:
    """Classes and aliases in an order in which Python can read them; ties go by name. No header."""
    writer = _Writer(models, width)
    writer.write()
    imports = writer.imports()
    head = [*docstring(doc, 0), "", "from __future__ import annotations", "", *imports]
    shift = len(head)
    return ModuleText([*head, *writer.lines], {line + shift: about for line, about in writer.about.items()})


class _Writer:
    def __init__(self, models: Models, width: int) -> None:
        self._models = models
        self._width = width
        named: list[Model | Alias] = [*models.models, *models.aliases]
        self._named = {each.name: each for each in named}
        self._uses = {name: sorted(set(self._mentioned(each))) for name, each in self._named.items()}
        self._used: set[str] = set()
        self._unfinished: list[str] = []  # classes that pydantic has to look at again
        self._recursive = {
            name for name, each in self._named.items() if isinstance(each, Alias) and self._reaches(name)
        }
        self.lines: list[str] = []
        self.about: dict[int, tuple[str, str]] = {}

    def write(self) -> None:
        done: set[str] = set()
        for name in self._order():
            done.add(name)
            each = self._named[name]
            if isinstance(each, Model):
                self._model(each)
                if any(used not in done or used in self._unfinished for used in self._uses[name] if used != name):
                    self._unfinished.append(name)
            else:
                self._alias(each)
                if any(used in self._unfinished or used not in done for used in self._uses[name]):
                    self._unfinished.append(name)
        rebuilt = [name for name in self._unfinished if isinstance(self._named[name], Model)]
        if rebuilt:
            self.lines += ["", "", *(f"{name}.model_rebuild()" for name in rebuilt)]

    # --- order ---

    def _order(self) -> list[str]:
        """What is used stands before what uses it, where that can be; an alias always does, but in a class."""
        ordered: list[str] = []
        state: dict[str, bool] = {}

        def visit(name: str) -> None:
            if name in state:
                return
            state[name] = False
            for used in self._uses[name]:
                if isinstance(self._named[used], Model) or isinstance(self._named[name], Alias):
                    visit(used)
            state[name] = True
            ordered.append(name)
            for alias in waiting():
                visit(alias)

        def waiting() -> list[str]:
            """Aliases all of whose parts are written."""
            return [
                name
                for name, each in sorted(self._named.items())
                if isinstance(each, Alias) and name not in state and all(state.get(used) for used in self._uses[name])
            ]

        for alias in waiting():
            visit(alias)
        for name, each in sorted(self._named.items()):
            if isinstance(each, Model):
                visit(name)
        for name in sorted(self._named):
            visit(name)
        return ordered

    def _mentioned(self, each: Model | Alias) -> Iterator[str]:
        types = [each.type] if isinstance(each, Alias) else [f.type for f in each.fields]
        for kind in types:
            yield from references_in(kind, self._named)

    def _reaches(self, name: str) -> bool:
        """Whether an alias is made of itself by way of other aliases alone."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            for used in self._uses[todo.pop()]:
                if used == name:
                    return True
                if used not in seen and isinstance(self._named[used], Alias):
                    seen.add(used)
                    todo.append(used)
        return False

    # --- statements ---

    def _alias(self, alias: Alias) -> None:
        self._after_gap(one=not self.lines or self._last_is_alias)
        self._mark(alias.name, "")
        self._last_is_alias = True
        if alias.name in self._recursive:
            flat = (
                f"{alias.name} = {self._name('TypeAliasType')}({string(alias.name)}, {string(self._expr(alias.type))})"
            )
            self.lines.append(flat)
        else:
            self.lines += self._statement(f"{alias.name} = ", alias.type, "", "")
        self.lines += docstring(alias.doc, 0)

    _last_is_alias = False

    def _after_gap(self, *, one: bool) -> None:
        self.lines += [""] if one else ["", ""]

    def _mark(self, name: str, key: str) -> None:
        self.about[len(self.lines) + 1] = (name, key)

    def _model(self, model: Model) -> None:
        self._after_gap(one=False)
        self._last_is_alias = False
        self._mark(model.name, "")
        self.lines.append(f"class {model.name}({self._name('BaseModel')}):")
        body = docstring(model.doc, 4)
        settings = ['extra="forbid"'] if model.closed else []
        settings += ["validate_by_name=True"] if any(f.alias is not None for f in model.fields) else []
        if settings:
            body += [*([""] if body else []), f"    model_config = {self._name('ConfigDict')}({', '.join(settings)})"]
        if not body and not model.fields:
            body = ["    pass"]
        self.lines += body
        if body and model.fields:
            self.lines.append("")
        for each in model.fields:
            self._mark(model.name, each.key)
            self.lines += self._field(each)

    def _field(self, each: ModelField) -> list[str]:
        keywords = [] if each.alias is None else [f"alias={string(each.alias)}"]
        keywords += [self._keyword(keyword) for keyword in each.constraints]
        keywords += ["deprecated=True"] if each.deprecated else []
        default = "" if each.default is None else f" = {self._expr(each.default)}"
        head = f"{each.name}: "
        if keywords:
            said = f"{self._name('Field')}({', '.join(keywords)})"
            lines = self._annotated(head, self._expr(each.type), said, keywords, default)
        else:
            lines = self._statement(head, each.type, default, "    ")
        return [*lines, *docstring(each.doc, 4)]

    def _annotated(self, head: str, kind: str, said: str, keywords: list[str], default: str) -> list[str]:
        annotated = self._name("Annotated")
        flat = f"    {head}{annotated}[{kind}, {said}]{default}"
        if len(flat) <= self._width:
            return [flat]
        inner = [f"        {kind},", f"        {said},"]
        if len(inner[1]) > self._width:
            inner[1:] = ["        Field(", *(f"            {each}," for each in keywords), "        ),"]
        return [f"    {head}{annotated}[", *inner, f"    ]{default}"]

    def _statement(self, head: str, kind: ast.expr, default: str, pad: str) -> list[str]:
        """One line, or a line for each member of a union and each argument of brackets."""
        flat = f"{pad}{head}{self._expr(kind)}{default}"
        if len(flat) <= self._width:
            return [flat]
        members = [self._expr(member) for member in members_of(kind)]
        if len(members) > 1:
            inner = [f"{pad}    {members[0]}", *(f"{pad}    | {member}" for member in members[1:])]
            return [f"{pad}{head}(", *inner, f"{pad}){default}"]
        if isinstance(kind, ast.Subscript):
            parts = kind.slice.elts if isinstance(kind.slice, ast.Tuple) else [kind.slice]
            comma = "," if len(parts) > 1 else ""
            inner = [f"{pad}    {self._expr(part)}{comma}" for part in parts]
            return [f"{pad}{head}{self._expr(kind.value)}[", *inner, f"{pad}]{default}"]
        return [flat]

    # --- expressions ---

    def _expr(self, node: ast.expr) -> str:
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Constant(value=str(text)):
                return string(text)
            case ast.Constant(value=value):
                return repr(value)
            case ast.BinOp():
                return " | ".join(self._expr(member) for member in members_of(node))
            case ast.Subscript(value=value, slice=ast.Tuple(elts=[])):
                return f"{self._expr(value)}[()]"
            case ast.Subscript(value=value, slice=ast.Tuple(elts=parts)):
                return f"{self._expr(value)}[{', '.join(map(self._expr, parts))}]"
            case ast.Subscript(value=value, slice=part):
                return f"{self._expr(value)}[{self._expr(part)}]"
            case ast.Call(func=func, keywords=keywords, args=[]):
                return f"{self._expr(func)}({', '.join(map(self._keyword, keywords))})"
            case ast.List(elts=parts):
                return f"[{', '.join(map(self._expr, parts))}]"
            case ast.Tuple(elts=parts):
                return f"({', '.join(map(self._expr, parts))})"
            case ast.Dict(keys=[]):
                return "{}"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"-{self._expr(operand)}"
            case _:
                raise AssertionError(f"datamodel-code-generator wrote {ast.unparse(node)!r}")

    def _keyword(self, keyword: ast.keyword) -> str:
        return f"{keyword.arg}={self._expr(keyword.value)}"

    def _name(self, name: str) -> str:
        if name in self._models.imports or name in HOME:
            self._used.add(name)
        return name

    # --- imports ---

    def imports(self) -> list[str]:
        """One line a module: the standard library, then the others."""
        known: Mapping[str, tuple[str, str]] = {**self._models.imports, **HOME}
        by_module: dict[str, set[str]] = {}
        for name in self._used:
            module, original = known[name]
            by_module.setdefault(module, set()).add(original if original == name else f"{original} as {name}")
        groups: dict[bool, list[str]] = {}
        for module, names in sorted(by_module.items()):
            ordered = sorted(names, key=lambda each: (not each.split()[0].isupper(), each))
            line = f"from {module} import {', '.join(ordered)}"
            lines = (
                [line]
                if len(line) <= self._width
                else [f"from {module} import (", *(f"    {name}," for name in ordered), ")"]
            )
            groups.setdefault(module.split(".")[0] in ("pydantic", "typing_extensions"), []).extend(lines)
        return [*groups.get(False, []), *([""] if len(groups) == 2 else []), *groups.get(True, [])]
