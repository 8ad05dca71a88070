"""Modules of schemagen as one JavaScript module."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Mapping

from schemagen.emit.typescript.text import HEADER
from schemagen.emit.typescript.translation.expressions import Untranslatable
from schemagen.emit.typescript.translation.scopes import locals_of, spelled
from schemagen.emit.typescript.translation.statements import INDENT, Statements


def translated(sources: Mapping[str, str], exported: Iterable[tuple[str, str]], native: Collection[str] = ()) -> str:
    """The modules `sources` ({`check.compare`: text}), those that others import first; and what is asked for.

    `native` names functions, `check.automata._category`, that the library has in a form of its own. Raises
    `Untranslatable` naming the module and the line.
    """
    lines = [HEADER, 'import { python as $ } from "./python/library.mjs";', ""]
    for name in _in_order(sources):
        lines += _module(name, sources[name], native)
    lines += [f'export const {function} = $.exported("schemagen.{name}", "{function}");' for name, function in exported]
    return "\n".join(lines) + "\n"


def _module(name: str, text: str, native: Collection[str]) -> list[str]:
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not (isinstance(node, ast.ImportFrom) and node.module == "__future__")]
    names = locals_of(tree)
    statements = Statements(frozenset(names))
    own = [node for node in tree.body if not (isinstance(node, ast.FunctionDef) and f"{name}.{node.name}" in native)]
    try:
        body = list(statements.body(own, INDENT))
    except (Untranslatable, AssertionError, KeyError) as error:
        raise Untranslatable(f"schemagen.{name}: {error}") from error
    replaced = [each.removeprefix(f"{name}.") for each in native if each.rpartition(".")[0] == name]
    declared = [*map(spelled, names), *statements.temporaries]
    return [
        f'$.define("schemagen.{name}", () => {{',
        *([f"{INDENT}let {', '.join(declared)};"] if declared else []),
        *(f'{INDENT}{spelled(each)} = $.native["{name}.{each}"];' for each in replaced),
        *body,
        f"{INDENT}return {{ {', '.join(f'{each}: {spelled(each)}' for each in names)} }};",
        "});",
        "",
    ]


def _in_order(sources: Mapping[str, str]) -> list[str]:
    """What is imported comes first."""
    order: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in order or name not in sources:
            return
        for node in ast.walk(ast.parse(sources[name])):
            if isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
                below = node.module.partition(".")[2]
                visit(below)
                for alias in node.names:
                    visit(f"{below}.{alias.name}")
        order[name] = None

    for name in sorted(sources):
        visit(name)
    return list(order)
