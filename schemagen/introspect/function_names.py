"""The names of functions and modules: each path leads to one thing, in every language."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from schemagen.declare.errors import AppError
from schemagen.declare.functions import Declared
from schemagen.declare.table import Table
from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.functions import Found
from schemagen.introspect.importing import Imported
from schemagen.introspect.rules import names as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.naming import camel_case


def function_name_mistakes(
    functions: Iterable[Found], imported: Imported, sources: SourceIndex
) -> Iterator[Diagnostic]:
    functions = list(functions)
    yield from _meeting(functions, sources)
    yield from _reserved(functions, sources)
    yield from _defined_twice(imported, sources)


def _meeting(functions: list[Found], sources: SourceIndex) -> Iterator[Diagnostic]:
    """Functions of one path, a function and a module of one path, and modules of one path."""
    by_path: dict[str, Found] = {}
    for found in functions:
        before = by_path.setdefault(found.path, found)
        if before is not found:
            both = f'functions "{before.attribute}" and "{found.attribute}"'
            shown = f"are both called {found.path} by clients"
            yield rules.names_meet(both, "", "", shown, _place(before, sources), _place(found, sources))
    modules: dict[str, Found] = {}
    for found in functions:
        parts = found.module.split(".") if found.module else []
        for depth in range(1, len(parts) + 1):
            module = ".".join(parts[:depth])
            path = ".".join(map(camel_case, parts[:depth]))
            before = modules.setdefault(path, found)
            first = ".".join(before.module.split(".")[:depth])
            if first != module:
                shown = f"are both called {path} by clients"
                both = f'modules "{first}" and "{module}"'
                yield rules.names_meet(both, "", "", shown, _place(before, sources), _place(found, sources))
            if path in by_path:
                shown = f"are both called {path} by clients"
                both = f'function "{by_path[path].attribute}" and module "{module}"'
                yield rules.names_meet(both, "", "", shown, _place(by_path[path], sources), _place(found, sources))


def _reserved(functions: list[Found], sources: SourceIndex) -> Iterator[Diagnostic]:
    for found in functions:
        private = next((part for part in found.path.split(".") if part.startswith("_")), None)
        if private is not None and not found.declared.internal:
            yield rules.reserved_name(
                _place(found, sources),
                f'"{private}" in {found.path} begins with an underscore',
                why="such names are private in Python, but this function is public",
                fix="rename it, or declare the function with internal=True",
            )


def _defined_twice(imported: Imported, sources: SourceIndex) -> Iterator[Diagnostic]:
    """A function, table or error that a later one of the same name in the same module replaces would be lost."""
    for module in imported.modules.values():
        source = sources.of_path(getattr(module, "__file__", None))
        for first, second in source.redefined if source else ():
            assert isinstance(second, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            value = vars(module).get(second.name)
            if isinstance(value, Declared) or (isinstance(value, type) and issubclass(value, Table | AppError)):
                assert source is not None
                yield rules.defined_twice(second.name, source.place(first), source.place(second))


def _place(found: Found, sources: SourceIndex) -> Place | None:
    source_and_node = sources.function(found.declared.handler)
    return source_and_node[0].place(source_and_node[1]) if source_and_node else None
