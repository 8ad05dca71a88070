"""Which of several bindings of a name a place reads: that of its loop, handler or case, or the statement before it."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from schemagen.codemod.scopes import Assigned, Binding, Captured, Caught, Each, Entered, Parameter, Scopes

Bindings = tuple[Binding, ...]


def bindings_reaching(use: cst.Name, bindings: Bindings, scopes: Scopes) -> Bindings:
    """The bindings whose value a use may have; all of them where that depends on how the program runs."""
    if len(bindings) < 2 or any(isinstance(b, Assigned) and b.annotation is not None for b in bindings):
        return bindings
    child: cst.CSTNode = use
    parent = scopes.parents.get(child)
    while parent is not None:
        found = _bound_by(parent, child, bindings, scopes)
        if found is not None:
            return found
        child, parent = parent, scopes.parents.get(parent)
    return bindings


def _bound_by(parent: cst.CSTNode, child: cst.CSTNode, bindings: Bindings, scopes: Scopes) -> Bindings | None:
    """What `parent` says of a use in its part `child`; None if it says nothing, and what is around it decides."""
    match parent:
        case cst.FunctionDef():
            own = tuple(b for b in bindings if isinstance(b, Parameter) and b.owner is parent)
            return own or bindings
        case cst.For(body=body) | cst.While(body=body) if child is body:
            header = _inside(bindings, parent, scopes, without=body)
            return header or (bindings if _inside(bindings, body, scopes) else None)
        case cst.With(body=body) | cst.ExceptHandler(body=body) | cst.ExceptStarHandler(body=body) if child is body:
            return _inside(bindings, parent, scopes, without=body) or None
        case cst.MatchCase(pattern=pattern) if child is not pattern:
            return _inside(bindings, pattern, scopes) or None
        case cst.IndentedBlock(body=statements) | cst.Module(body=statements):
            return _before(child, statements, bindings, scopes)
        case _:
            return None


def _before(
    child: cst.CSTNode, statements: Sequence[cst.CSTNode], bindings: Bindings, scopes: Scopes
) -> Bindings | None:
    """The last statement of a block before `child` that binds the name, if it does so whatever happens."""
    earlier = statements[: next((i for i, each in enumerate(statements) if each is child), 0)]
    for statement in reversed(earlier):
        inside = _inside(bindings, statement, scopes)
        if inside:
            return inside if isinstance(statement, cst.SimpleStatementLine) else bindings
    return None


def _inside(bindings: Bindings, node: cst.CSTNode, scopes: Scopes, without: cst.CSTNode | None = None) -> Bindings:
    return tuple(b for b in bindings if _is_inside(_node(b), node, scopes, without))


def _is_inside(node: cst.CSTNode | None, around: cst.CSTNode, scopes: Scopes, without: cst.CSTNode | None) -> bool:
    while node is not None and node is not around:
        if node is without:
            return False
        node = scopes.parents.get(node)
    return node is around


def _node(binding: Binding) -> cst.CSTNode | None:
    match binding:
        case Assigned(name=name) | Each(name=name) | Entered(name=name) | Caught(name=name) | Captured(name=name):
            return name
        case _:
            return None
