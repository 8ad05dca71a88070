"""Where things are declared: positions, attribute docstrings and the spelling of annotations, read from the source.

Each file is parsed once. Everything here answers "unknown" (None, "") for code that has no source below the project.
"""

from __future__ import annotations

import ast
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from inspect import cleandoc
from pathlib import Path
from types import FunctionType
from typing import TypeAlias, get_origin

from schemagen.introspect.diagnostics import Place
from schemagen.model.contract import Origin

FunctionNode: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_NAME_AFTER = re.compile(r"(?:async\s+)?(?:def|class|type)\s+")


@dataclass(frozen=True)
class ClassSource:
    """A class as it is written."""

    source: Source
    node: ast.ClassDef

    @cached_property
    def assignments(self) -> dict[str, ast.AnnAssign | ast.Assign]:
        """Its fields, enum members and indexes."""
        found: dict[str, ast.AnnAssign | ast.Assign] = {}
        for statement in statements(self.node.body):
            name = _assigned_name(statement)
            if name is not None and isinstance(statement, ast.AnnAssign | ast.Assign):
                found[name] = statement
        return found

    @cached_property
    def base_names(self) -> frozenset[str]:
        """The names in the class line."""
        return frozenset[str]().union(*map(names_in, self.node.bases))

    @cached_property
    def methods(self) -> dict[str, FunctionNode]:
        found = (node for node in self.node.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
        return {node.name: node for node in found}

    @cached_property
    def docs(self) -> dict[str, str]:
        """The string right below a field, by the field's name."""
        return docs_below(self.node.body)

    @cached_property
    def doc(self) -> str:
        return ast.get_docstring(self.node) or ""


@dataclass(frozen=True)
class Source:
    """One file: its text, and its declarations by qualified name (`Outer.Inner`, `make.<locals>.handler`)."""

    file: str  # as origins have it
    lines: list[str]
    tree: ast.Module
    classes: dict[str, ClassSource] = field(default_factory=dict)
    functions: dict[int, FunctionNode] = field(default_factory=dict)  # by the line of the first decorator, or of `def`
    redefined: list[tuple[ast.stmt, ast.stmt]] = field(default_factory=list)
    """Functions and classes of the module that a later one of the same name replaces, with that later one."""

    @cached_property
    def docs(self) -> dict[str, str]:
        """The string right below an assignment of the module, by the assigned name."""
        return docs_below(self.tree.body)

    @cached_property
    def assigned(self) -> dict[str, ast.stmt]:
        """The assignments of the module, and its `type` statements, by name."""
        return {name: node for node in statements(self.tree.body) if (name := _assigned_name(node)) is not None}

    def place(self, node: ast.expr | ast.stmt | ast.arg | None, note: str = "") -> Place | None:
        """The node's first line; for a `def` or `class` its name."""
        if node is None:
            return None
        line = self.lines[node.lineno - 1] if node.lineno <= len(self.lines) else ""
        start = _characters(line, node.col_offset)
        end = _characters(line, node.end_col_offset or 0) if node.end_lineno == node.lineno else len(line.rstrip())
        if isinstance(node, ast.arg):
            end = start + len(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            start += len(match[0]) if (match := _NAME_AFTER.match(line[start:])) else 0
            end = start + len(node.name)
        elif isinstance(node, ast.AnnAssign | ast.Assign):
            return self.place(node.target if isinstance(node, ast.AnnAssign) else node.targets[0], note)
        elif type(node).__name__ == "TypeAlias":  # the `type` statement of Python 3.12
            start += len(match[0]) if (match := _NAME_AFTER.match(line[start:])) else 0
            end = start + len(node.name.id)  # type: ignore[union-attr]
        return Place(Origin(self.file, node.lineno, start + 1), max(1, end - start), note)


class SourceIndex:
    """The sources of a project, read when they are first asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._by_path: dict[str, Source | None] = {}
        self._by_class: dict[type, ClassSource | None] = {}
        self.texts: dict[str, str] = {}

    def file_name(self, path: str) -> str | None:
        """The path below the project folder with forward slashes; None for a file elsewhere."""
        try:
            return Path(path).resolve().relative_to(self._root).as_posix()
        except ValueError:
            return None

    def of_path(self, path: str | None) -> Source | None:
        if path is None:
            return None
        if path not in self._by_path:
            self._by_path[path] = self._read(path)
        return self._by_path[path]

    def of_module(self, name: str) -> Source | None:
        return self.of_path(getattr(sys.modules.get(name), "__file__", None))

    def function(self, handler: object) -> tuple[Source, FunctionNode] | None:
        """The `def` of a function, seen through decorators that set `__wrapped__`."""
        while not isinstance(handler, FunctionType) or hasattr(handler, "__wrapped__"):
            if not hasattr(handler, "__wrapped__"):
                return None
            handler = handler.__wrapped__
        source = self.of_path(handler.__code__.co_filename)
        node = source.functions.get(handler.__code__.co_firstlineno) if source else None
        return (source, node) if source and node and node.name == handler.__code__.co_name else None

    def of_class(self, cls: type) -> ClassSource | None:
        if cls not in self._by_class:
            source = self.of_module(cls.__module__)
            self._by_class[cls] = source.classes.get(cls.__qualname__) if source else None
        return self._by_class[cls]

    def class_place(self, cls: type, note: str = "") -> Place | None:
        found = self.of_class(cls)
        return found.source.place(found.node, note) if found else None

    def of_field(self, cls: type, name: str) -> tuple[ClassSource, ast.AnnAssign | ast.Assign] | None:
        """The statement that declares a field, an enum member or an index: in the class, or in the nearest base."""
        for base in lineage(cls):
            found = self.of_class(base)
            if found is not None and name in found.assignments:
                return found, found.assignments[name]
        return None

    def _read(self, path: str) -> Source | None:
        name = self.file_name(path)
        if name is None:
            return None
        try:
            data = Path(path).read_bytes()
            text = decoded(data)
        except (OSError, UnicodeDecodeError, SyntaxError, LookupError):
            return None
        self.texts[name] = text
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        source = Source(name, text.split("\n"), tree)
        _index(source, tree.body, "")
        return source


def lineage(cls: type) -> Iterator[type]:
    """The class and its bases, nearest first; also those of a TypedDict, whose `__mro__` forgets them."""
    yield from cls.__mro__
    for base in getattr(cls, "__orig_bases__", ()):
        found = get_origin(base) or base
        if isinstance(found, type) and found not in cls.__mro__:
            yield from lineage(found)


def decoded(data: bytes) -> str:
    """Source text as Python reads it: by its encoding line, with plain newlines."""
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")


def docs_below(body: list[ast.stmt]) -> dict[str, str]:
    """The attribute docstrings of a class or module: a string on its own right below an assignment."""
    docs = {}
    for before, after in itertools.pairwise(body):
        name = _assigned_name(before)
        is_text = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if name is not None and is_text and isinstance(after.value.value, str):  # type: ignore[attr-defined]
            docs[name] = cleandoc(after.value.value)  # type: ignore[attr-defined]
    return docs


def names_in(annotation: ast.expr | None) -> frozenset[str]:
    """Every name an annotation mentions, last parts of dotted ones; annotations in quotes are read too."""
    if isinstance(annotation, ast.Name):  # most are
        return frozenset((annotation.id,))
    return frozenset(_names(annotation)) if annotation is not None else frozenset()


def _names(annotation: ast.AST) -> Iterator[str]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" not in node.value:
            try:
                yield from _names(ast.parse(node.value.strip(), mode="eval").body)
            except SyntaxError:
                continue


def literals_in(annotation: ast.expr | None) -> frozenset[tuple[object, ...]]:
    """The values of every `Literal[...]` as written. Python itself may have forgotten their order: it takes
    `Optional[Literal["a", "b"]]` and `Optional[Literal["b", "a"]]` for equal, and hands out the one it made first.
    """
    return frozenset(_literals(annotation)) if annotation is not None else frozenset()


def _literals(annotation: ast.AST) -> Iterator[tuple[object, ...]]:
    for node in ast.walk(annotation):
        if isinstance(node, ast.Subscript) and "Literal" in (
            getattr(node.value, "id", ""),
            getattr(node.value, "attr", ""),
        ):
            try:
                values = ast.literal_eval(node.slice)
            except ValueError:  # members of an enum
                continue
            yield values if isinstance(values, tuple) else (values,)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and "Literal" in node.value:
            try:
                yield from _literals(ast.parse(node.value.strip(), mode="eval").body)
            except SyntaxError:
                continue


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when a module or class is made, also those inside if, try, with."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            yield from statements(node.body)
            yield from statements(getattr(node, "orelse", ()))
            yield from statements(getattr(node, "finalbody", ()))
            for handler in getattr(node, "handlers", ()):
                yield from statements(handler.body)


def _index(source: Source, body: list[ast.stmt], prefix: str) -> None:
    seen: dict[str, ast.stmt] = {}
    for node in statements(body):
        if isinstance(node, ast.ClassDef):
            source.classes[prefix + node.name] = ClassSource(source, node)
            _index(source, node.body, f"{prefix}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
            source.functions[first] = node
            _index(source, node.body, f"{prefix}{node.name}.<locals>.")
        else:
            continue
        if not prefix and node.name in seen and node in body and seen[node.name] in body:
            source.redefined.append((seen[node.name], node))
        seen[node.name] = node


def _assigned_name(node: ast.stmt) -> str | None:
    target = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]  # type: ignore[assignment]
    if type(node).__name__ == "TypeAlias":
        target = node.name  # type: ignore[attr-defined]
    return target.id if isinstance(target, ast.Name) else None


def _characters(line: str, offset: int) -> int:
    """A column of `ast`, which counts bytes of UTF-8, in characters."""
    return offset if line.isascii() else len(line.encode()[:offset].decode(errors="ignore"))
