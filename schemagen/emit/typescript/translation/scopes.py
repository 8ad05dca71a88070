"""Which names belong to a function: JavaScript declares them, Python only assigns."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_WORDS = """
arguments await case catch const debugger default delete do enum eval export extends function implements instanceof
interface let new null package private protected public static switch super this throw true false typeof undefined
var void
"""
RESERVED = frozenset(_WORDS.split())
"""Words of JavaScript that are names in Python."""

FunctionNode = ast.FunctionDef | ast.Lambda
_INNER = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def spelled(name: str) -> str:
    """A Python name in JavaScript."""
    return f"{name}$" if name in RESERVED else name


def parameters(node: FunctionNode) -> list[str]:
    """All of them, in the order in which a call gives them."""
    given = node.args
    named = [*given.posonlyargs, *given.args, *([given.vararg] if given.vararg else []), *given.kwonlyargs]
    assert given.kwarg is None, f"line {node.lineno}: **kwargs of a function are not translated"
    return [each.arg for each in named]


def locals_of(node: ast.FunctionDef | ast.Lambda | ast.Module) -> list[str]:
    """What is assigned in a body and is no parameter, in order."""
    body = node.body if isinstance(node.body, list) else [node.body]
    outer = {name for each in body for name in _declared_outside(each)}
    known = set() if isinstance(node, ast.Module) else set(parameters(node))
    found = dict.fromkeys(name for each in body for name in assigned(each))
    return [name for name in found if name not in known | outer]


def assigned(node: ast.AST) -> Iterator[str]:
    """Names that a statement or expression binds in the scope it stands in."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            yield from _walruses(node)
            return
        case ast.Lambda():
            return
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from assigned(child)


def is_generator(node: FunctionNode) -> bool:
    """Whether a body yields, not counting functions inside it."""
    body = node.body if isinstance(node.body, list) else [node.body]
    return any(_yields(each) for each in body)


def _yields(node: ast.AST) -> bool:
    if isinstance(node, ast.Yield | ast.YieldFrom):
        return True
    return not isinstance(node, _INNER) and any(map(_yields, ast.iter_child_nodes(node)))


def _walruses(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.NamedExpr):
            yield each.target.id


def _declared_outside(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Nonlocal(names=names) | ast.Global(names=names):
            yield from names
        case ast.FunctionDef() | ast.ClassDef() | ast.Lambda():
            return
        case _:
            pass
    for child in ast.iter_child_nodes(node):
        yield from _declared_outside(child)
