"""Imports that a rewritten module needs: into the statement that is there already, in its order, or a new one."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import libcst as cst

from schemagen.codemod.scopes import Imported, Scope, dotted


def spelled(scope: Scope, module: str, name: str) -> str | None:
    """How a module writes `typing.Annotated` with the imports it has: `Annotated`, `t.Annotated`; None: not at all."""
    for bound, bindings in scope.bindings.items():
        for binding in bindings:
            if isinstance(binding, Imported) and binding.module == module:
                if binding.name == name:
                    return bound
                if binding.name is None:
                    return f"{bound}.{name}"
    return None


def with_import(tree: cst.Module, module: str, name: str) -> cst.Module:
    """The tree with `from module import name` at its top."""
    body = list(tree.body)
    for i, statement in enumerate(body):
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            continue
        small = statement.body[0]
        match small:
            case cst.ImportFrom(names=[*aliases], relative=[], module=cst.CSTNode() as source) if (
                dotted(source) == module
            ):
                body[i] = statement.with_changes(body=[_with_name(small, list(aliases), name)])
                return tree.with_changes(body=body)
            case _:
                continue
    at = _place(body, module)
    made = cst.parse_statement(f"from {module} import {name}\n", config=tree.config_for_parsing)
    if at < len(body) and isinstance(body[at], cst.SimpleStatementLine) and _imported(body[at]) is not None:
        after = body[at]
        assert isinstance(after, cst.SimpleStatementLine)
        made = made.with_changes(leading_lines=after.leading_lines)
        body[at] = after.with_changes(
            leading_lines=[] if _same_section(after, module) else [cst.EmptyLine(indent=False)]
        )
    body.insert(at, made)
    return tree.with_changes(body=body)


def _with_name(node: cst.ImportFrom, aliases: list[cst.ImportAlias], name: str) -> cst.ImportFrom:
    order = [_key(alias.evaluated_name) for alias in aliases]
    at = next((i for i, key in enumerate(order) if key > _key(name)), len(aliases))
    at = at if order == sorted(order) else len(aliases)
    made = cst.ImportAlias(cst.Name(name), comma=_between(node, aliases))
    if at == len(aliases):
        made = made.with_changes(comma=aliases[-1].comma)
        aliases[-1] = aliases[-1].with_changes(comma=_between(node, aliases))
    aliases.insert(at, made)
    return node.with_changes(names=aliases)


def in_order(original: cst.ImportFrom, updated: cst.ImportFrom) -> cst.ImportFrom:
    """Names that stood in order stand in order again, on the lines there were; a list with comments stays as it is."""
    if isinstance(original.names, cst.ImportStar) or isinstance(updated.names, cst.ImportStar):
        return updated
    before = [_key(alias.evaluated_name) for alias in original.names]
    names = sorted(updated.names, key=lambda alias: _key(alias.evaluated_name))
    if before != sorted(before) or names == list(updated.names) or _has_comment(updated):
        return updated
    commas = [alias.comma for alias in updated.names]
    return updated.with_changes(names=[a.with_changes(comma=c) for a, c in zip(names, commas, strict=True)])


def _has_comment(node: cst.ImportFrom) -> bool:
    finder = _Comments()
    node.visit(finder)
    return finder.found


class _Comments(cst.CSTVisitor):
    found = False

    def visit_Comment(self, node: cst.Comment) -> None:
        self.found = True


def _between(node: cst.ImportFrom, aliases: list[cst.ImportAlias]) -> cst.Comma:
    """The comma between two names, and the line or space behind it."""
    first = aliases[0].comma
    if len(aliases) > 1 and isinstance(first, cst.Comma):
        return first
    space = node.lpar.whitespace_after if node.lpar is not None else None
    return cst.Comma(
        whitespace_after=space if isinstance(space, cst.ParenthesizedWhitespace) else cst.SimpleWhitespace(" ")
    )


def _key(name: str) -> tuple[int, str]:
    """As isort and ruff order them: CONSTANTS, Classes, everything else."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2), name


def _place(body: Sequence[cst.CSTNode], module: str) -> int:
    """Where a new import goes: in order among those of its section; else below the docstring and `__future__`."""
    found = [(i, name) for i, statement in enumerate(body) if (name := _imported(statement)) is not None]
    plain = [(i, name) for i, name in found if name != "__future__"]
    for i, name in plain:
        if _section(name) > _section(module) or (_section(name) == _section(module) and name > module):
            return i
    if found:
        return found[-1][0] + 1
    return 1 if body and _is_docstring(body[0]) else 0


def _same_section(statement: cst.SimpleStatementLine, module: str) -> bool:
    name = _imported(statement)
    return name is not None and _section(name) == _section(module)


def _section(module: str) -> int:
    first = module.partition(".")[0]
    if module.startswith("."):
        return 3
    return 0 if first in sys.stdlib_module_names else 1


def _imported(statement: cst.CSTNode) -> str | None:
    """The module that a statement of imports names first; dots before it for a relative one."""
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) and statement.body else None
    match small:
        case cst.Import(names=names):
            return names[0].evaluated_name
        case cst.ImportFrom(module=module, relative=relative):
            return "." * len(relative) + (dotted(module) or "" if module is not None else "")
        case _:
            return None


def _is_docstring(statement: cst.CSTNode) -> bool:
    small = statement.body[0] if isinstance(statement, cst.SimpleStatementLine) and statement.body else None
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)
