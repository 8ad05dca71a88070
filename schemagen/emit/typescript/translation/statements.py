"""Statements of Python as statements of JavaScript."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator

from schemagen.emit.typescript.translation.expressions import BINARY, Expressions, Untranslatable
from schemagen.emit.typescript.translation.scopes import locals_of, parameters, spelled

INDENT = "  "


class Statements(Expressions):
    """Writes the body of one function or module, line by line."""

    def body(self, nodes: list[ast.stmt], indent: str) -> Iterator[str]:
        for node in nodes:
            yield from (indent + line for line in self._lines(node))

    def definition(self, node: ast.FunctionDef) -> str:
        """The value of a `def`, its decorators applied."""
        inner = Statements(self.known | {*parameters(node), *locals_of(node)})
        lines = list(inner.body(node.body, INDENT))
        names = [*map(spelled, locals_of(node)), *inner.temporaries]
        declared = [f"{INDENT}let {', '.join(names)};"] if names else []
        body = "\n".join(["{", *declared, *lines, *([] if _ends(node) else [f"{INDENT}return null;"]), "}"])
        text = self.function(node, node.name, body)
        for decorator in reversed(node.decorator_list):
            text = f"$.call({self.text(decorator)}, [{text}])"
        return text

    def _lines(self, node: ast.stmt) -> Iterator[str]:
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Pass() | ast.Nonlocal() | ast.Global():
                return
            case ast.Expr(value=value):
                yield f"{self.text(value)};"
            case ast.Return(value=value):
                yield f"return {'null' if value is None else self.text(value)};"
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign() | ast.Delete():
                yield from self._assigned(node)
            case ast.If(test=test, body=body, orelse=orelse):
                yield from self._block(f"if ({self.truth(test)})", body)
                if orelse:
                    yield from self._block("else", orelse)
            case ast.While(test=test, body=body, orelse=[]):
                yield from self._block(f"while ({self.truth(test)})", body)
            case ast.For(target=target, iter=source, body=body, orelse=[]):
                yield f"for (const $each of $.iter({self.text(source)})) {{"
                yield f"{INDENT}{self.assign(target, '$each')};"
                yield from self.body(body, INDENT)
                yield "}"
            case ast.Break():
                yield "break;"
            case ast.Continue():
                yield "continue;"
            case ast.Raise(exc=None):
                yield "throw $thrown;"
            case ast.Raise(exc=ast.expr() as raised):
                yield f"throw $.raised({self.text(raised)});"
            case ast.Assert(test=test, msg=message):
                said = "null" if message is None else self.text(message)
                yield f"if (!{self.truth(test)}) throw $.raised($.call($.builtins.AssertionError, [{said}]));"
            case ast.Try():
                yield from self._try(node)
            case ast.Match():
                yield from self._match(node)
            case ast.FunctionDef(name=name):
                yield from f"{spelled(name)} = {self.definition(node)};".split("\n")
            case ast.ClassDef(name=name):
                yield from f"{spelled(name)} = {self._class_value(node)};".split("\n")
            case ast.Import(names=names):
                for alias in names:
                    yield f'{spelled(alias.asname or alias.name)} = $.module("{alias.name}");'
            case ast.ImportFrom(module=str(module), names=names):
                for alias in names:
                    yield f'{spelled(alias.asname or alias.name)} = $.imported("{module}", "{alias.name}");'
            case _:
                raise Untranslatable(f"line {node.lineno}: {ast.unparse(node)}")

    def _assigned(self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Delete) -> Iterator[str]:
        match node:
            case ast.Assign(targets=[target], value=value):
                yield f"{self.assign(target, self.text(value))};"
            case ast.Assign(targets=targets, value=value):
                kept = self.temporary()
                yield f"{kept} = {self.text(value)};"
                yield from (f"{self.assign(target, kept)};" for target in targets)
            case ast.AnnAssign(annotation=ast.Name(id="TypeAlias"), target=target, value=ast.expr() as value):
                yield f"{self.assign(target, self._alias(value))};"
            case ast.AnnAssign(value=None):
                return
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield f"{self.assign(target, self.text(value))};"
            case ast.AugAssign(target=target, op=op, value=value):
                held = self.text(_loaded(target))
                yield f"{self.assign(target, f'$.i{BINARY[type(op)]}({held}, {self.text(value)})')};"
            case ast.Delete(targets=[ast.Subscript(value=owner, slice=index)]):
                yield f"$.remove({self.text(owner)}, {self.text(index)});"
            case _:
                raise Untranslatable(f"line {node.lineno}: {ast.unparse(node)}")

    def _block(self, head: str, body: list[ast.stmt]) -> Iterator[str]:
        yield f"{head} {{"
        yield from self.body(body, INDENT)
        yield "}"

    def _alias(self, value: ast.expr) -> str:
        """An alias that `isinstance` may be asked about; anything else is of no use when the program runs."""
        names = [each for each in ast.walk(value) if not isinstance(each, ast.BinOp | ast.BitOr | ast.Load)]
        return self.text(value) if all(isinstance(each, ast.Name) for each in names) else "null"

    def _try(self, node: ast.Try) -> Iterator[str]:
        if node.orelse:
            done = self.temporary()
            yield f"{done} = false;"
        yield from self._block("try", node.body)
        if node.orelse:
            # what `else` raises is not for the handlers
            yield from self._caught(node, done)
            yield from self._block(f"if (!{done})", node.orelse)
        else:
            yield from self._caught(node, "")
        if node.finalbody:
            raise Untranslatable(f"line {node.lineno}: finally")

    def _caught(self, node: ast.Try, done: str) -> Iterator[str]:
        yield "catch ($thrown) {"
        yield f"{INDENT}const $error = $.caught($thrown);"
        if done:
            yield f"{INDENT}{done} = true;"
        for number, handler in enumerate(node.handlers):
            kind = "$.builtins.Exception" if handler.type is None else self.text(handler.type)
            yield f"{INDENT}{'else ' if number else ''}if ($.isInstance($error, {kind})) {{"
            if handler.name:
                yield f"{INDENT * 2}{spelled(handler.name)} = $error;"
            yield from self.body(handler.body, INDENT * 2)
            yield f"{INDENT}}}"
        yield f"{INDENT}else throw $thrown;"
        yield "}"

    def _match(self, node: ast.Match) -> Iterator[str]:
        subject = self.temporary()
        yield f"{subject} = {self.text(node.subject)};"
        for number, case in enumerate(node.cases):
            test = self.matches(case.pattern, subject)
            if case.guard is not None:
                test = f"{test} && {self.truth(case.guard)}"
            yield from self._block(f"{'else ' if number else ''}if ({test})", case.body)

    def _class_value(self, node: ast.ClassDef) -> str:
        """A class with what its body binds, in order: name, value, and whether it is a field."""
        members = [member for each in node.body for member in self._members(each)]
        bases = ", ".join(map(self.text, node.bases))
        inside = "".join(f"{INDENT}{line}\n" for member in members for line in member.split("\n"))
        text = f"$.class({json.dumps(node.name)}, [{bases}], ($class) => [\n{inside}])"
        for decorator in reversed(node.decorator_list):
            text = f"$.call({self.text(decorator)}, [{text}])"
        return text

    def _members(self, node: ast.stmt) -> Iterator[str]:
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Pass():
                return
            case ast.FunctionDef(name=name):
                yield f'["{name}", {self.definition(node)}, false],'
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield f'["{name}", {self.text(value)}, false],'
            case ast.AnnAssign(target=ast.Name(id=name), value=None):
                yield f'["{name}", $.nothing, true],'
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield f'["{name}", {self.text(value)}, true],'
            case _:
                raise Untranslatable(f"line {node.lineno}: {ast.unparse(node)} in a class")


def _loaded(target: ast.expr) -> ast.expr:
    """What is assigned to, as what is read."""
    match target:
        case ast.Name(id=name):
            return ast.Name(name, ast.Load())
        case ast.Attribute(value=value, attr=attr):
            return ast.Attribute(value, attr, ast.Load())
        case ast.Subscript(value=value, slice=index):
            return ast.Subscript(value, index, ast.Load())
        case _:
            raise Untranslatable(f"line {target.lineno}: {ast.unparse(target)} += ...")


def _ends(node: ast.FunctionDef) -> bool:
    return isinstance(node.body[-1], ast.Return | ast.Raise)
