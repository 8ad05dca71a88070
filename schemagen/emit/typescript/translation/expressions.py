"""Expressions and patterns of Python as expressions of JavaScript; `$` is the library they run on."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from typing import Final

from schemagen.emit.typescript.translation.scopes import FunctionNode, is_generator, locals_of, parameters, spelled

BINARY: Final[dict[type[ast.operator], str]] = {
    ast.Add: "add",
    ast.Sub: "sub",
    ast.Mult: "mul",
    ast.Div: "div",
    ast.FloorDiv: "floordiv",
    ast.Mod: "mod",
    ast.Pow: "pow",
    ast.LShift: "lshift",
    ast.RShift: "rshift",
    ast.BitAnd: "and",
    ast.BitOr: "or",
    ast.BitXor: "xor",
}
_COMPARED: Final[dict[type[ast.cmpop], str]] = {
    ast.Eq: "$.eq({}, {})",
    ast.NotEq: "!$.eq({}, {})",
    ast.Lt: "$.lt({}, {})",
    ast.LtE: "$.le({}, {})",
    ast.Gt: "$.lt({1}, {0})",
    ast.GtE: "$.le({1}, {0})",
    ast.Is: "({} === {})",
    ast.IsNot: "({} !== {})",
    ast.In: "$.contains({1}, {0})",
    ast.NotIn: "!$.contains({1}, {0})",
}


class Untranslatable(Exception):
    """Something that the checker does not use, so that nobody has said yet what it is in JavaScript."""


class Expressions:
    """Writes the expressions of one function or module. `temporaries` are the names it needs beside Python's own."""

    def __init__(self, known: frozenset[str]) -> None:
        """`known` are the names that are not builtins here: of this scope and those around it."""
        self.known = known
        self.temporaries: list[str] = []

    def temporary(self) -> str:
        self.temporaries.append(f"$t{len(self.temporaries)}")
        return self.temporaries[-1]

    def name(self, name: str) -> str:
        return spelled(name) if name in self.known else f"$.builtins.{name}"

    def text(self, node: ast.expr) -> str:
        """An expression, in brackets where it needs some."""
        match node:
            case ast.Constant(value=value):
                return constant(value)
            case ast.Name(id=name):
                return self.name(name)
            case ast.Attribute(value=value, attr=attr):
                return f'$.get({self.text(value)}, "{attr}")'
            case ast.Call():
                return self._call(node)
            case ast.BinOp(left=left, op=op, right=right):
                return f"$.{BINARY[type(op)]}({self.text(left)}, {self.text(right)})"
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return f"!{self.truth(operand)}"
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"$.neg({self.text(operand)})"
            case ast.UnaryOp(op=ast.Invert(), operand=operand):
                return f"$.invert({self.text(operand)})"
            case ast.BoolOp():
                return self._bool(node)
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return f"({self.truth(test)} ? {self.text(body)} : {self.text(orelse)})"
            case ast.Subscript(value=value, slice=ast.Slice(lower=lower, upper=upper, step=step)):
                ends = ", ".join("null" if end is None else self.text(end) for end in (lower, upper, step))
                return f"$.slice({self.text(value)}, {ends})"
            case ast.Subscript(value=value, slice=index):
                return f"$.item({self.text(value)}, {self.text(index)})"
            case ast.Tuple(elts=elts):
                return f"$.tuple([{self.items(elts)}])"
            case ast.List(elts=elts):
                return f"[{self.items(elts)}]"
            case ast.Set(elts=elts):
                return f"$.set([{self.items(elts)}])"
            case ast.Dict(keys=keys, values=values):
                return self._dict(keys, values)
            case ast.JoinedStr(values=values):
                return f"$.joined([{', '.join(map(self._formatted, values))}])"
            case ast.NamedExpr(target=target, value=value):
                return f"({spelled(target.id)} = {self.text(value)})"
            case ast.Lambda():
                return self.function(node, "lambda")
            case ast.ListComp(elt=elt, generators=generators):
                return f"$.list({self._comprehension(generators, elt)})"
            case ast.SetComp(elt=elt, generators=generators):
                return f"$.set({self._comprehension(generators, elt)})"
            case ast.DictComp(key=key, value=value, generators=generators):
                pair = ast.Tuple([key, value], ast.Load())
                return f"$.dict({self._comprehension(generators, pair)})"
            case ast.GeneratorExp(elt=elt, generators=generators):
                return self._comprehension(generators, elt)
            case ast.Yield(value=value):
                return f"(yield {'null' if value is None else self.text(value)})"
            case ast.YieldFrom(value=value):
                return f"(yield* $.iter({self.text(value)}))"
            case _:
                raise Untranslatable(f"line {node.lineno}: {ast.unparse(node)}")

    def truth(self, node: ast.expr) -> str:
        """As JavaScript's own true or false."""
        match node:
            case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=True | False):
                return self.text(node)
            case ast.Call(func=ast.Name(id="isinstance" | "any" | "all")):
                return self.text(node)
            case ast.BoolOp(op=op, values=values):
                return f"({f' {_sign(op)} '.join(map(self.truth, values))})"
            case _:
                return f"$.truth({self.text(node)})"

    def items(self, nodes: Iterable[ast.expr]) -> str:
        return ", ".join(
            f"...$.iter({self.text(each.value)})" if isinstance(each, ast.Starred) else self.text(each)
            for each in nodes
        )

    def function(self, node: FunctionNode, name: str, body: str | None = None) -> str:
        """A function value. Without `body` it is a lambda."""
        given = node.args
        positional = [each.arg for each in (*given.posonlyargs, *given.args)]
        keyword = [each.arg for each in given.kwonlyargs]
        defaults = dict(zip(reversed(positional), reversed(given.defaults), strict=False))
        defaults |= {arg: value for arg, value in zip(keyword, given.kw_defaults, strict=True) if value is not None}
        shown = ", ".join(f"{json.dumps(arg)}: {self.text(value)}" for arg, value in defaults.items())
        head = f"{json.dumps(name)}, {json.dumps(positional)}, {json.dumps(keyword)}, {{{shown}}}"
        rest = "null" if given.vararg is None else json.dumps(given.vararg.arg)
        code = self._lambda_body(node) if body is None else body
        star = "*" if is_generator(node) else ""
        return f"$.function({head}, {rest}, function{star} ({', '.join(map(spelled, parameters(node)))}) {code})"

    def _lambda_body(self, node: FunctionNode) -> str:
        assert isinstance(node, ast.Lambda)
        inner = Expressions(self.known | {*parameters(node), *locals_of(node)})
        value = inner.text(node.body)
        own = f"let {', '.join(map(spelled, locals_of(node)))}; " if locals_of(node) else ""
        return f"{{ {own}{inner.declared()}return {value}; }}"

    def declared(self) -> str:
        """The declaration of the temporaries."""
        return f"let {', '.join(self.temporaries)}; " if self.temporaries else ""

    def _call(self, node: ast.Call) -> str:
        if isinstance(node.func, ast.Name) and node.func.id == "cast":
            return self.text(node.args[1])
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return "$.super($class, self)"
        args = f"[{self.items(node.args)}]"
        keywords = f", {self._keywords(node.keywords)}" if node.keywords else ""
        if isinstance(node.func, ast.Attribute):
            return f'$.method({self.text(node.func.value)}, "{node.func.attr}", {args}{keywords})'
        return f"$.call({self.text(node.func)}, {args}{keywords})"

    def _keywords(self, keywords: list[ast.keyword]) -> str:
        return "{%s}" % ", ".join(  # noqa: UP031
            f"...$.keywords({self.text(each.value)})"
            if each.arg is None
            else f"{json.dumps(each.arg)}: {self.text(each.value)}"
            for each in keywords
        )

    def _bool(self, node: ast.BoolOp) -> str:
        *before, last = node.values
        text = self.text(last)
        for value in reversed(before):
            kept = self.temporary()
            test = f"$.truth({kept} = {self.text(value)})"
            text = f"({test} ? {text} : {kept})" if isinstance(node.op, ast.And) else f"({test} ? {kept} : {text})"
        return text

    def _compare(self, node: ast.Compare) -> str:
        left, parts = self.text(node.left), []
        for number, (op, right) in enumerate(zip(node.ops, node.comparators, strict=True)):
            shown = self.text(right)
            if number < len(node.ops) - 1:
                kept = self.temporary()
                shown, then = f"({kept} = {shown})", kept
            else:
                then = shown
            parts.append(_compared(op, left, shown))
            left = then
        return parts[0] if len(parts) == 1 else f"({' && '.join(parts)})"

    def _dict(self, keys: list[ast.expr | None], values: list[ast.expr]) -> str:
        pairs = [
            f"...$.pairs({self.text(value)})" if key is None else f"[{self.text(key)}, {self.text(value)}]"
            for key, value in zip(keys, values, strict=True)
        ]
        return f"$.dict([{', '.join(pairs)}])"

    def _formatted(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return constant(node.value)
        assert isinstance(node, ast.FormattedValue)
        conversion = chr(node.conversion) if node.conversion > 0 else ""
        spec = '""' if node.format_spec is None else self.text(node.format_spec)
        return f'$.formatted({self.text(node.value)}, "{conversion}", {spec})'

    def _comprehension(self, generators: list[ast.comprehension], elt: ast.expr) -> str:
        """An iterator. What is looped over first is evaluated now, all else when it is asked for."""
        names = {name.id for each in generators for name in ast.walk(each.target) if isinstance(name, ast.Name)}
        first = self.text(generators[0].iter)
        inner = Expressions(self.known | names)
        head, tail = "", ""
        for number, each in enumerate(generators):
            source = "$source" if number == 0 else inner.text(each.iter)
            bound = [name.id for name in ast.walk(each.target) if isinstance(name, ast.Name)]
            head += f"for (const $each of $.iter({source})) {{ let {', '.join(map(spelled, bound))}; "
            head += inner.assign(each.target, "$each") + "; "
            for test in each.ifs:
                head += f"if (!{inner.truth(test)}) continue; "
            tail += " }"
        body = f"yield {inner.text(elt)};"
        return f"(function* ($source) {{ {inner.declared()}{head}{body}{tail} }})($.iter({first}))"

    # --- assigning ---

    def assign(self, target: ast.expr, value: str) -> str:
        """An expression that assigns."""
        match target:
            case ast.Name(id=name):
                return f"{spelled(name)} = {value}"
            case ast.Attribute(value=owner, attr=attr):
                return f'$.put({self.text(owner)}, "{attr}", {value})'
            case ast.Subscript(value=owner, slice=index) if not isinstance(index, ast.Slice):
                return f"$.store({self.text(owner)}, {self.text(index)}, {value})"
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self._unpack(elts, value)
            case _:
                raise Untranslatable(f"line {target.lineno}: {ast.unparse(target)} = ...")

    def _unpack(self, elts: list[ast.expr], value: str) -> str:
        starred = next((i for i, each in enumerate(elts) if isinstance(each, ast.Starred)), None)
        kept = self.temporary()
        before = len(elts) if starred is None else starred
        after = 0 if starred is None else len(elts) - starred - 1
        steps = [f"{kept} = $.unpack({value}, {before}, {'null' if starred is None else after})"]
        for i, each in enumerate(elts):
            inner = each.value if isinstance(each, ast.Starred) else each
            steps.append(self.assign(inner, f"{kept}[{i}]"))
        return f"({', '.join(steps)})"

    # --- patterns ---

    def matches(self, pattern: ast.pattern, subject: str) -> str:
        """Whether `subject`, a name, matches; binds what the pattern binds."""
        match pattern:
            case ast.MatchValue(value=value):
                return f"$.eq({subject}, {self.text(value)})"
            case ast.MatchSingleton(value=value):
                return f"({subject} === {constant(value)})"
            case ast.MatchAs(pattern=None, name=None):
                return "true"
            case ast.MatchAs(pattern=None, name=str(name)):
                return f"($.did({spelled(name)} = {subject}))"
            case ast.MatchAs(pattern=ast.pattern() as inner, name=str(name)):
                return f"({self.matches(inner, subject)} && $.did({spelled(name)} = {subject}))"
            case ast.MatchOr(patterns=patterns):
                return f"({' || '.join(self.matches(each, subject) for each in patterns)})"
            case ast.MatchSequence(patterns=patterns) if not any(isinstance(p, ast.MatchStar) for p in patterns):
                tests = [f"$.isSequence({subject}, {len(patterns)})"]
                tests += [self._inside(each, f"$.item({subject}, {i}n)") for i, each in enumerate(patterns)]
                return f"({' && '.join(tests)})"
            case ast.MatchClass():
                return self._class(pattern, subject)
            case _:
                raise Untranslatable(f"line {pattern.lineno}: case {ast.unparse(pattern)}")

    def _class(self, pattern: ast.MatchClass, subject: str) -> str:
        cls = self.text(pattern.cls)
        tests = [f"$.isInstance({subject}, {cls})"]
        for i, each in enumerate(pattern.patterns):
            tests.append(self._inside(each, f"$.positional({subject}, {cls}, {i})"))
        for attr, each in zip(pattern.kwd_attrs, pattern.kwd_patterns, strict=True):
            tests.append(self._inside(each, f'$.get({subject}, "{attr}")'))
        return f"({' && '.join(tests)})"

    def _inside(self, pattern: ast.pattern, value: str) -> str:
        if isinstance(pattern, ast.MatchAs) and pattern.pattern is None:
            return "true" if pattern.name is None else f"$.did({spelled(pattern.name)} = {value})"
        kept = self.temporary()
        return f"($.did({kept} = {value}) && {self.matches(pattern, kept)})"


def constant(value: object) -> str:
    """A literal."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case int():
            return f"{value}n" if value >= 0 else f"({value}n)"
        case float():
            return repr(value)
        case str():
            return json.dumps(value)
        case bytes():
            return f"$.bytes({json.dumps(value.decode('latin-1'))})"
        case _:
            raise Untranslatable(f"the constant {value!r}")


def _compared(op: ast.cmpop, left: str, right: str) -> str:
    return _COMPARED[type(op)].format(left, right)


def _sign(op: ast.boolop) -> str:
    return "&&" if isinstance(op, ast.And) else "||"
