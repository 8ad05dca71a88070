"""The text of a module of models, as ruff would leave it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import wrap

from schemagen.cli.importing.models import Alias, Model, ModelField, Models, members_of, references_in, with_field
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
        self._quoted = {name for name, each in self._named.items() if isinstance(each, Alias) and self._reaches(name)}
        self._quoted |= {each.name for each in models.aliases if self._is_no_type_by_itself(each)}
        self.lines: list[str] = []
        self.about: dict[int, tuple[str, str]] = {}
        self._last_is_alias = False

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

        for name in sorted(self._quoted):  # what stands in quotes is read late, and pyright wants these names early
            state[name] = True
            ordered.append(name)
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

    def _is_no_type_by_itself(self, alias: Alias) -> bool:
        """`Nothing = None`, or another name for a `TypeAliasType`: a variable to type checkers."""
        match alias.type:
            case ast.Constant():
                return True
            case ast.Name(id=name) if isinstance(behind := self._named.get(name), Alias):
                return name in self._quoted or self._is_no_type_by_itself(behind)
            case _:
                return False

    # --- statements ---

    def _alias(self, alias: Alias) -> None:
        self._after_gap(one=not self.lines or self._last_is_alias)
        self._mark(alias.name, "")
        self._last_is_alias = True
        kind: ast.expr = alias.type
        if alias.name in self._quoted:
            self.lines += self._type_alias(alias.name, string(alias.name), string(self._expr(kind)))
        else:
            self.lines += self._statement(f"{alias.name} = ", kind, None, 0)
        self.lines += self._docstring(alias.doc, 0)

    def _type_alias(self, name: str, *arguments: str) -> list[str]:
        head = f"{name} = {self._name('TypeAliasType')}("
        flat = f"{head}{', '.join(arguments)})"
        return [flat] if len(flat) <= self._width else [head, *(f"    {each}," for each in arguments), ")"]

    def _after_gap(self, *, one: bool) -> None:
        self.lines += [""] if one else ["", ""]

    def _mark(self, name: str, key: str) -> None:
        self.about[len(self.lines) + 1] = (name, key)

    def _model(self, model: Model) -> None:
        self._after_gap(one=False)
        self._last_is_alias = False
        self._mark(model.name, "")
        self.lines.append(f"class {model.name}({self._name('BaseModel')}):")
        body = self._docstring(model.doc, 4)
        settings = ['extra="forbid"'] if model.closed else []
        settings += ["alias_generator=str"] if any(f.keeps_name for f in model.fields) else []
        settings += ["validate_by_name=True"] if any(f.alias is not None for f in model.fields) else []
        if settings:
            head = f"    model_config = {self._name('ConfigDict')}("
            flat = f"{head}{', '.join(settings)})"
            lines = [flat] if len(flat) <= self._width else [head, *(f"        {each}," for each in settings), "    )"]
            body += [*([""] if body else []), *lines]
        if not body and not model.fields:
            body = ["    pass"]
        self.lines += body
        if body and model.fields:
            self.lines.append("")
        for each in model.fields:
            self._mark(model.name, each.key)
            self.lines += self._field(each)

    def _field(self, each: ModelField) -> list[str]:
        lines = self._statement(f"    {each.name}: ", self._type_of(each), each.default, 4)
        return [*lines, *self._docstring(each.doc, 4)]

    def _type_of(self, each: ModelField) -> ast.expr:
        said = [] if each.alias is None else [ast.keyword("alias", ast.Constant(each.alias))]
        said += [*each.constraints, *([ast.keyword("deprecated", ast.Constant(True))] if each.deprecated else [])]
        return with_field(each.type, tuple(said))

    def _docstring(self, text: str, indent: int) -> list[str]:
        """Lines too long for the project are wrapped; a line that is not stays as it is."""
        wrapped = [
            part
            for line in text.split("\n")
            for part in (wrap(line, self._width - indent - 3, break_long_words=False, break_on_hyphens=False) or [""])
        ]
        return docstring("\n".join(wrapped), indent)

    # --- layout ---

    def _statement(self, head: str, kind: ast.expr, default: ast.expr | None, indent: int) -> list[str]:
        """`head` type `= default`, on one line if it fits."""
        pad, flat = " " * indent, f"{head}{self._expr(kind)}"
        tail = "" if default is None else f" = {self._expr(default)}"
        match kind, default:
            case _ if len(flat + tail) <= self._width:
                return [flat + tail]
            case _, ast.List(elts=[_, *_] as elements) if len(flat) + 4 <= self._width:
                return [f"{flat} = [", *(f"{pad}    {self._expr(each)}," for each in elements), f"{pad}]"]
            case (ast.BinOp() | ast.Name(), ast.Constant()) if len(flat) + 4 <= self._width:
                inner = f"{pad}    {self._expr(default)}"
                return [f"{flat} = (", inner, f"{pad})"] if len(inner) <= self._width else [flat + tail]
            case ast.BinOp(), _:
                return [f"{head}(", *self._lines(kind, indent + 4, ""), f"{pad}){tail}"]
            case ast.Subscript(), _:
                first, *rest = self._split(kind, indent, tail)
                return [f"{head}{first.lstrip()}", *rest]
            case _:
                return [flat + tail]

    def _lines(self, node: ast.expr, indent: int, tail: str) -> list[str]:
        """An expression with `tail` behind it, indented: one line if it fits, else a line for each of its parts."""
        flat = f"{' ' * indent}{self._expr(node)}{tail}"
        return [flat] if len(flat) <= self._width else self._split(node, indent, tail)

    def _split(self, node: ast.expr, indent: int, tail: str) -> list[str]:
        pad = " " * indent
        match node:
            case ast.BinOp():
                first, *others = members_of(node)
                inner = [line for each in others[:-1] for line in self._member(each, indent, "")]
                return [*self._lines(first, indent, ""), *inner, *self._member(others[-1], indent, tail)]
            case ast.Subscript(value=value, slice=ast.Tuple(elts=[_, *_] as elements)):
                inner = [line for each in elements for line in self._lines(each, indent + 4, ",")]
                return [f"{pad}{self._expr(value)}[", *inner, f"{pad}]{tail}"]
            case ast.Subscript(value=value, slice=element):
                return [f"{pad}{self._expr(value)}[", *self._lines(element, indent + 4, ""), f"{pad}]{tail}"]
            case ast.Call(func=func, keywords=[_, *_] as keywords):
                inner = [f"{pad}    {self._keyword(each)}," for each in keywords]
                return [f"{pad}{self._expr(func)}(", *inner, f"{pad}){tail}"]
            case _:
                return [f"{pad}{self._expr(node)}{tail}"]

    def _member(self, node: ast.expr, indent: int, tail: str) -> list[str]:
        """A further member of a union: it begins with the bar."""
        first, *rest = self._lines(node, indent, tail)
        return [f"{' ' * indent}| {first.lstrip()}", *rest]

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
