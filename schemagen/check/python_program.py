"""The Python files of a consumer as one program: its modules, scopes, functions, and what names stand for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from schemagen.check.changes import Place
from schemagen.check.python_values import NOTHING, OwnFunction, OwnModule, Value, Values, widened
from schemagen.check.usage import Unreadable, UnreadableSource

_LINE_END = re.compile(r"\r\n|\r|\n")
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass
class Scope:
    """The names of a module, class or function."""

    parent: Scope | None = None
    is_class: bool = False
    names: dict[str, set[Value]] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    """Names that a `global` or `nonlocal` statement sends to another scope."""

    @property
    def module(self) -> Scope:
        return self if self.parent is None else self.parent.module

    def home(self, name: str) -> Scope | None:
        """The scope whose name is meant when this one reads it; None for a builtin."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        if name in self.names:
            return self
        outer = self.parent
        while outer is not None and (outer.is_class or name not in outer.names):
            outer = outer.parent
        return outer


@dataclass
class FunctionInfo:
    """A function of the consumer. `returns` is also what it yields."""

    node: FunctionNode
    scope: Scope
    is_method: bool
    returns: set[Value] = field(default_factory=set)


@dataclass
class ClassInfo:
    scope: Scope
    bases: set[Value] = field(default_factory=set)
    is_protocol: bool = False
    """Its instances may be of any other class."""


@dataclass
class SourceFile:
    """One file: its path as given, its dotted name, and its tree."""

    path: str
    dotted: tuple[str, ...]
    is_package: bool
    tree: ast.Module
    lines: list[str]
    scope: Scope = field(default_factory=Scope)

    def place(self, line: int, byte_column: int) -> Place:
        """A place as people count: from 1, and in characters."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return Place(self.path, line, len(text.encode()[:byte_column].decode(errors="replace")) + 1)


class Program:
    """All files, and what is known so far. Knowledge only grows; `changed` says that it did."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self.files = list(files)
        self.changed = False
        self.attributes: dict[str, set[Value]] = {}
        """What was ever assigned to an attribute of that name, of whatever object."""
        self.contents: set[Value] = set()
        """What was ever put into a container that the consumer made."""
        self.functions: list[FunctionInfo] = []
        self.classes: list[ClassInfo] = []
        self.numbers: dict[ast.AST, int] = {}
        """Of each definition, its place in `functions` or `classes`."""
        self.functions_by_name: dict[str, list[int]] = {}
        self._by_suffix: dict[tuple[str, ...], list[SourceFile]] = {}
        self._folders: set[tuple[str, ...]] = set()
        for file in self.files:
            for start in range(len(file.dotted)):
                self._by_suffix.setdefault(file.dotted[start:], []).append(file)
                for end in range(start + 1, len(file.dotted)):
                    self._folders.add(file.dotted[start:end])

    def add(self, known: set[Value], values: Values) -> None:
        if values <= known:
            return
        before = frozenset(known)
        widened(known, values)
        self.changed = self.changed or known != before

    def bind(self, scope: Scope, name: str, values: Values) -> None:
        home = scope.elsewhere.get(name, scope)
        if name not in home.names:
            home.names[name] = set()
            self.changed = True
        self.add(home.names[name], values)

    def set_attribute(self, name: str, values: Values) -> None:
        self.add(self.attributes.setdefault(name, set()), values)

    def own_function(self, node: FunctionNode, scope: Scope, *, is_method: bool) -> int:
        """The number of a definition; its scope is made when it is met first."""
        if node not in self.numbers:
            self.numbers[node] = len(self.functions)
            self.functions.append(FunctionInfo(node, Scope(scope), is_method))
            if not isinstance(node, ast.Lambda):
                self.functions_by_name.setdefault(node.name, []).append(self.numbers[node])
        return self.numbers[node]

    def own_class(self, node: ast.ClassDef, scope: Scope) -> int:
        if node not in self.numbers:
            self.numbers[node] = len(self.classes)
            self.classes.append(ClassInfo(Scope(scope, is_class=True)))
        return self.numbers[node]

    def is_own(self, dotted: tuple[str, ...]) -> bool:
        return dotted in self._by_suffix or dotted in self._folders

    def member(self, dotted: tuple[str, ...], name: str) -> Values:
        """What a module of the consumer has by that name: a name of its own, or a module inside it."""
        found: set[Value] = set()
        for file in self._by_suffix.get(dotted, []):
            found |= file.scope.names.get(name, set())
        if self.is_own((*dotted, name)):
            found.add(OwnModule(".".join((*dotted, name))))
        return frozenset(found)

    def names_of(self, dotted: tuple[str, ...]) -> dict[str, Values]:
        """All names of a module, for `from it import *`."""
        scopes = [file.scope for file in self._by_suffix.get(dotted, [])]
        return {name: frozenset(values) for scope in scopes for name, values in scope.names.items()}

    def returned(self, function: OwnFunction) -> Values:
        return frozenset(self.functions[function.number].returns)

    def methods_called(self, name: str) -> frozenset[OwnFunction]:
        """Functions and methods of that name, wherever they are."""
        return frozenset(OwnFunction(number) for number in self.functions_by_name.get(name, ()))

    def attribute(self, name: str) -> Values:
        known = self.attributes.get(name)
        return NOTHING if known is None else frozenset(known)


def parse_program(sources: Mapping[str, str]) -> Program:
    """All files, parsed. Raises UnreadableSource with every file that is no valid Python."""
    files: list[SourceFile] = []
    unreadable: list[Unreadable] = []
    for path, text in sorted(sources.items()):
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            place = Place(path, error.lineno or 1, max(1, error.offset or 1))
            unreadable.append(Unreadable(place, error.msg))
        except (ValueError, RecursionError) as error:  # NUL characters; nesting beyond all measure
            unreadable.append(Unreadable(Place(path, 1, 1), str(error)))
        else:
            files.append(_source_file(path, text, tree))
    if unreadable:
        raise UnreadableSource(*unreadable)
    return Program(files)


def _source_file(path: str, text: str, tree: ast.Module) -> SourceFile:
    pure = PurePosixPath(path)
    is_package = pure.stem == "__init__"
    dotted = pure.parent.parts if is_package else (*pure.parent.parts, pure.stem)
    return SourceFile(
        path, tuple(part for part in dotted if part not in (".", "/")), is_package, tree, _LINE_END.split(text)
    )
