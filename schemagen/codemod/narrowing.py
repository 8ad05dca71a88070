"""`isinstance(x, Contact)`: where it holds for a name or an attribute, its class is known, whatever it was declared."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from schemagen.codemod.scopes import Scopes, dotted

Kinds = tuple[cst.BaseExpression, ...]


def narrowed_to(node: cst.Name | cst.Attribute, scopes: Scopes) -> Kinds | None:
    """The classes it is known to be one of here; None if nothing says."""
    text = dotted(node)
    if text is None or _is_attr(node, scopes):
        return None
    child: cst.CSTNode = node
    parent = scopes.parents.get(child)
    while parent is not None and not isinstance(parent, cst.FunctionDef | cst.ClassDef | cst.Module):
        for test in _tests_that_hold(child, parent):
            found = _says(test, text)
            if found is not None and test is not child:
                return found
        child, parent = parent, scopes.parents.get(parent)
    return None


def _is_attr(node: cst.CSTNode, scopes: Scopes) -> bool:
    parent = scopes.parents.get(node)
    return isinstance(parent, cst.Attribute) and parent.attr is node


def _tests_that_hold(child: cst.CSTNode, parent: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Conditions that are true wherever `child`, which is directly inside `parent`, is reached."""
    match parent:
        case cst.If(test=test, body=body) | cst.While(test=test, body=body) if child is body:
            yield test
        case cst.IfExp(test=test, body=body) if child is body:
            yield test
        case cst.BooleanOperation(left=left, operator=cst.And(), right=right) if child is right:
            yield left
        case cst.ListComp(for_in=loop) | cst.SetComp(for_in=loop) | cst.GeneratorExp(for_in=loop):
            if child is not loop:
                yield from _conditions(loop)
        case cst.DictComp(for_in=loop) if child is not loop:
            yield from _conditions(loop)
        case cst.IndentedBlock(body=statements):
            yield from _asserted_before(child, statements)
        case _:
            return


def _conditions(loop: cst.CompFor) -> Iterator[cst.BaseExpression]:
    yield from (each.test for each in loop.ifs)
    if loop.inner_for_in is not None:
        yield from _conditions(loop.inner_for_in)


def _asserted_before(child: cst.CSTNode, statements: object) -> Iterator[cst.BaseExpression]:
    """`assert isinstance(…)`, and `if not isinstance(…): return` before a statement of the same block."""
    assert isinstance(statements, tuple | list)
    for statement in statements:
        if statement is child:
            return
        match statement:
            case cst.SimpleStatementLine(body=[cst.Assert(test=test)]):
                yield test
            case cst.If(test=cst.UnaryOperation(operator=cst.Not(), expression=test), body=body, orelse=None):
                if _leaves(body):
                    yield test
            case _:
                continue


def _leaves(body: cst.BaseSuite) -> bool:
    last = body.body[-1] if body.body else None
    small = last.body[-1] if isinstance(last, cst.SimpleStatementLine) else last
    return isinstance(small, cst.Return | cst.Raise | cst.Continue | cst.Break)


def _says(test: cst.BaseExpression, text: str) -> Kinds | None:
    match test:
        case cst.BooleanOperation(left=left, operator=cst.And(), right=right):
            return _says(left, text) or _says(right, text)
        case cst.Call(func=cst.Name(value="isinstance"), args=[first, second]) if dotted(first.value) == text:
            return tuple(_classes(second.value))
        case _:
            return None


def _classes(node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    match node:
        case cst.Tuple(elements=elements):
            yield from (element.value for element in elements)
        case cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right):
            yield from _classes(left)
            yield from _classes(right)
        case _:
            yield node
