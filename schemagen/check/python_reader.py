"""Reads one file of a Python consumer: what its names stand for, and, once that is known, what it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from schemagen.check.python_calls import Calls
from schemagen.check.python_program import FunctionNode
from schemagen.check.python_values import (
    CONTAINER,
    FOREIGN,
    NOTHING,
    UNKNOWN,
    ClientClass,
    Container,
    Foreign,
    OwnClass,
    OwnFunction,
    OwnModule,
    OwnObject,
    SdkModule,
    TypeName,
    Value,
    Values,
    tracked,
)
from schemagen.check.python_words import (
    BUILTINS,
    DECORATORS,
)


class FileReader(Calls):
    """Evaluates every expression of a file once a round, in the order of the text."""

    def read(self) -> None:
        self._block(self.file.tree.body)

    # --- statements ---

    def _block(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import():
                for alias in node.names:
                    self._import(alias)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.ClassDef():
                self._class(node)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                self._elsewhere(names, is_global=isinstance(node, ast.Global))
            case ast.Return(value=value):
                self._give_back(NOTHING if value is None else self._eval(value))
            case ast.Assign(targets=targets, value=value):
                values = self._eval(value)
                for target in targets:
                    self._assign(target, values, value)
            case ast.AnnAssign(target=target, annotation=annotation, value=value):
                values = self._annotated(annotation) | (NOTHING if value is None else self._eval(value))
                self._assign(target, values, value)
            case ast.AugAssign(target=target, value=value):
                self._assign(target, self._eval(value), None)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                self._assign(target, self._out_of(self._eval(iterated)), None)
                self._block(node.body)
                self._block(node.orelse)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                self._with(items)
                self._block(body)
            case ast.Try() | ast.TryStar():
                self._block(node.body)
                for handler in node.handlers:
                    self._handler(handler)
                self._block(node.orelse)
                self._block(node.finalbody)
            case ast.Match(subject=subject, cases=cases):
                values = self._eval(subject)
                for case in cases:
                    self._pattern(case.pattern, values)
                    self._children(case.guard)
                    self._block(case.body)
            case _:
                self._children(node)

    def _children(self, node: ast.AST | None) -> None:
        """Everything inside a node whose own form says nothing."""
        for child in () if node is None else (node,) if isinstance(node, ast.expr) else ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                self._statement(child)
            elif isinstance(child, ast.expr):
                self._eval(child)
            else:
                self._children(child)

    def _import(self, alias: ast.alias) -> None:
        parts = tuple(alias.name.split("."))
        if self._in_sdk(alias.name):
            whole = SdkModule(alias.name[len(self.surface.package) + 1 :])
            # `import crm.types` binds `crm`, `import crm.types as t` binds the inner module
            bound: Value = whole if alias.asname else SdkModule("")
            name = alias.asname or alias.name.split(".")[0]
            if not alias.asname and "." in self.surface.package:
                bound = OwnModule(parts[0])  # `import acme.crm` binds `acme`
        elif self.program.is_own(parts):
            bound, name = OwnModule(alias.name if alias.asname else parts[0]), alias.asname or parts[0]
        else:
            bound, name = Foreign(), alias.asname or parts[0]
        self.program.bind(self.scope, name, frozenset({bound}))

    def _import_from(self, node: ast.ImportFrom) -> None:
        dotted = self._absolute(node)
        for alias in node.names:
            if alias.name == "*":
                for name, values in self._star(dotted).items():
                    self.program.bind(self.scope, name, values)
            else:
                values = self._member(dotted, alias.name, alias)
                self.program.bind(self.scope, alias.asname or alias.name, values)

    def _absolute(self, node: ast.ImportFrom) -> str:
        """The module an import statement names, dots at its beginning resolved."""
        if not node.level:
            return node.module or ""
        up = node.level - (1 if self.file.is_package else 0)
        package = self.file.dotted[: len(self.file.dotted) - up]
        return ".".join((*package, *((node.module or "").split(".") if node.module else ())))

    def _member(self, dotted: str, name: str, at: ast.AST) -> Values:
        if self._in_sdk(dotted):
            return self._sdk_member(dotted[len(self.surface.package) + 1 :], name, at)
        if self._in_sdk(f"{dotted}.{name}"):
            return frozenset({SdkModule("")})
        parts = tuple(dotted.split(".")) if dotted else ()
        if self.program.is_own(parts):
            return self.program.member(parts, name)
        return frozenset({OwnModule(name)}) if not dotted and self.program.is_own((name,)) else FOREIGN

    def _star(self, dotted: str) -> dict[str, Values]:
        if self._in_sdk(dotted):
            return {
                "Client": frozenset({ClientClass()}),
                "AsyncClient": frozenset({ClientClass()}),
                "types": frozenset({SdkModule("types")}),
                "errors": frozenset({SdkModule("errors")}),
                **{t.name: frozenset({TypeName(t.name)}) for t in self.surface.contract.types if "types" in dotted},
                **{e.name: frozenset({TypeName(e.name)}) for e in self.surface.contract.errors if "errors" in dotted},
            }
        return self.program.names_of(tuple(dotted.split(".")))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        number = self.program.own_function(node, self.scope, is_method=self.scope.is_class)
        values: Values = frozenset({OwnFunction(number)})
        for decorator in node.decorator_list:
            self._eval(decorator)
        self.program.bind(self.scope, node.name, values)
        if not _keeps_its_result(node.decorator_list):
            self._lose(self._carried(values), node, node.name)
        if node.returns is not None:
            self.program.add(self.program.functions[number].returns, self._annotated(node.returns))
        self._parameters(node, number)
        self._body(number, node.body)

    def _body(self, number: int, body: Iterable[ast.stmt]) -> None:
        scope, function = self.scope, self.function
        self.scope, self.function = self.program.functions[number].scope, OwnFunction(number)
        self._block(body)
        self.scope, self.function = scope, function

    def _parameters(self, node: FunctionNode, number: int) -> None:
        """What parameters are known to be without any call: their annotations and defaults, or anything."""
        info = self.program.functions[number]
        given, arguments = info.scope, node.args
        ordered = [*arguments.posonlyargs, *arguments.args]
        owner = self._owner() if info.is_method else None
        for i, parameter in enumerate(
            [*ordered, *arguments.kwonlyargs, *filter(None, [arguments.vararg, arguments.kwarg])]
        ):
            if i == 0 and owner is not None and ordered:
                values = owner
            elif parameter.annotation is not None:
                values = self._annotated(parameter.annotation)
            else:
                values = UNKNOWN
            self.program.bind(given, parameter.arg, values)
        for parameter, default in zip(reversed(ordered), reversed(arguments.defaults), strict=False):
            self.program.bind(given, parameter.arg, self._eval(default))
        for parameter, maybe in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if maybe is not None:
                self.program.bind(given, parameter.arg, self._eval(maybe))

    def _owner(self) -> Values:
        """What `self` is in a method of the class that is being read."""
        info = next((info for info in self.program.classes if info.scope is self.scope), None)
        return self._instances(frozenset() if info is None else frozenset(info.bases)) | {OwnObject()}

    def _class(self, node: ast.ClassDef) -> None:
        number = self.program.own_class(node, self.scope)
        info = self.program.classes[number]
        for expression in (*node.decorator_list, *(keyword.value for keyword in node.keywords)):
            self._eval(expression)
        for base in node.bases:
            self.program.add(info.bases, self._eval(base))
            info.is_protocol |= _last_name(base.value if isinstance(base, ast.Subscript) else base) == "Protocol"
        self.program.bind(self.scope, node.name, frozenset({OwnClass(number)}))
        outer, self.scope = self.scope, info.scope
        self._block(node.body)
        self.scope = outer

    def _elsewhere(self, names: Iterable[str], *, is_global: bool) -> None:
        for name in names:
            outer = self.scope.module if is_global else self.scope.parent and self.scope.parent.home(name)
            if outer is not None and outer is not self.scope:
                self.scope.elsewhere[name] = outer
                self.program.bind(outer, name, NOTHING)

    def _give_back(self, values: Values) -> None:
        if self.function is not None:
            values = self._in_sight(values)
            self.program.add(self.program.functions[self.function.number].returns, values)

    def _with(self, items: Iterable[ast.withitem]) -> None:
        for item in items:
            values = self._eval(item.context_expr)
            if item.optional_vars is not None:
                self._assign(item.optional_vars, values | self._carried(values), None)

    def _handler(self, handler: ast.ExceptHandler) -> None:
        if handler.type is not None:
            values = self._instances(self._eval(handler.type))
            if handler.name is not None:
                self.program.bind(self.scope, handler.name, values)
        self._block(handler.body)

    def _assign(self, target: ast.expr, values: Values, source: ast.expr | None) -> None:
        match target:
            case ast.Name(id=name):
                self.program.bind(self.scope, name, values)
                if self.scope.is_class:
                    self.program.set_attribute(name, self._in_sight(values))
            case ast.Attribute(value=owner, attr=attr):
                self._field_access(self._eval(owner), attr, target)
                self.program.set_attribute(attr, self._in_sight(values))
            case ast.Subscript(value=owner, slice=index):
                self._eval(index)
                self._put_into(owner, values)
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                parts = source.elts if isinstance(source, ast.Tuple | ast.List) else []
                exact = len(parts) == len(targets) and not any(isinstance(e, ast.Starred) for e in (*parts, *targets))
                for i, part in enumerate(targets):
                    each = parts[i] if exact else None
                    self._assign(part, values if each is None else self._eval(each), each)
            case ast.Starred(value=inner):
                self._assign(inner, values, None)
            case _:
                self._eval(target)

    def _put_into(self, owner: ast.expr, values: Values) -> None:
        """A container of the consumer's own is followed; whatever else takes functions may call them in any way."""
        owners = self._eval(owner)
        if Container() in owners:
            self.program.add(self.program.contents, self._handed_on(values, owner))
        if owners - tracked(owners):
            self._lose(values, owner, "[]")

    # --- patterns ---

    def _pattern(self, pattern: ast.pattern, values: Values) -> None:
        match pattern:
            case ast.MatchClass(cls=cls, patterns=patterns, kwd_attrs=names, kwd_patterns=inner):
                instances = self._instances(self._eval(cls))
                for name, each in zip(names, inner, strict=True):
                    self._pattern(each, self._attribute(instances, name, pattern))
                for each in patterns:
                    self._pattern(each, instances)
            case ast.MatchAs(pattern=under, name=name):
                if under is not None:
                    self._pattern(under, values)
                    values = self._instances(self._eval(under.cls)) if isinstance(under, ast.MatchClass) else values
                if name is not None:
                    self.program.bind(self.scope, name, values)
            case ast.MatchStar(name=name) if name is not None:
                self.program.bind(self.scope, name, values)
            case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
                for key in keys:
                    self._eval(key)
                for each in patterns:
                    self._pattern(each, values)
                if rest is not None:
                    self.program.bind(self.scope, rest, values)
            case ast.MatchOr(patterns=patterns) | ast.MatchSequence(patterns=patterns):
                for each in patterns:
                    self._pattern(each, values)
            case ast.MatchValue(value=value):
                self._eval(value)
            case _:
                pass

    # --- expressions ---

    def _eval(self, node: ast.expr) -> Values:
        """What an expression may stand for; takes down what it uses."""
        match node:
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=owner, attr=attr):
                return self._attribute(self._eval(owner), attr, node)
            case ast.Call():
                return self._call(node)
            case ast.Lambda():
                return self._lambda(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                self._generators(node.generators)
                return self._eval(node.elt) | CONTAINER
            case ast.DictComp(key=key, value=value, generators=generators):
                self._generators(generators)
                return self._eval(key) | self._eval(value) | CONTAINER
            case ast.Subscript(value=owner, slice=index):
                self._eval(index)
                return self._out_of(self._eval(owner))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self._eval(test)
                return self._eval(body) | self._eval(orelse)
            case ast.NamedExpr(target=target, value=value):
                values = self._eval(value)
                self._assign(target, values, value)
                return values
            case ast.Yield(value=value):
                values = NOTHING if value is None else self._eval(value)
                self._give_back(values)
                return UNKNOWN
            case ast.YieldFrom(value=value):
                values = self._eval(value)
                self._give_back(values)
                return values
            case ast.Dict(keys=keys, values=items):
                found = [self._eval(each) for each in (*filter(None, keys), *items)]
                return frozenset().union(*found) | CONTAINER
            case ast.List() | ast.Set():
                return frozenset().union(*self._children_of(node)) | CONTAINER
            case ast.Constant() | ast.JoinedStr() | ast.Compare() | ast.UnaryOp():
                self._children_of(node)
                return FOREIGN
            case _:
                return frozenset().union(*self._children_of(node)) or UNKNOWN

    def _children_of(self, node: ast.expr) -> list[Values]:
        found = []
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found.append(self._eval(child))
            elif isinstance(child, ast.comprehension | ast.keyword):
                self._children(child)
        return found

    def _name(self, name: str) -> Values:
        home = self.scope.home(name)
        if home is not None:
            return frozenset(home.names[name])
        return FOREIGN if name in BUILTINS else self.recorder.unresolved()

    def _lambda(self, node: ast.Lambda) -> Values:
        number = self.program.own_function(node, self.scope, is_method=False)
        self._parameters(node, number)
        scope = self.scope
        self.scope = self.program.functions[number].scope
        self.program.add(self.program.functions[number].returns, self._eval(node.body))
        self.scope = scope
        return frozenset({OwnFunction(number)})

    def _generators(self, generators: Iterable[ast.comprehension]) -> None:
        for generator in generators:
            self._assign(generator.target, self._out_of(self._eval(generator.iter)), None)
            for condition in generator.ifs:
                self._eval(condition)

    # --- types ---

    def _annotated(self, annotation: ast.expr) -> Values:
        """What a value of that annotation may be: `list[Contact]`, `"Client | None"`, `Annotated[Client, ...]`."""
        return self._instances(self._annotation_names(annotation)) or UNKNOWN

    def _annotation_names(self, annotation: ast.expr) -> Values:
        match annotation:
            case ast.Constant(value=str(text)):
                try:
                    quoted = ast.parse(text.strip(), mode="eval").body
                except SyntaxError:
                    return UNKNOWN
                for inner in ast.walk(quoted):
                    ast.copy_location(inner, annotation)
                return self._annotation_names(quoted)
            case ast.Constant():
                return NOTHING
            case ast.Subscript(value=generic, slice=inside):
                return self._annotation_names(generic) | self._annotation_names(inside)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return frozenset().union(*map(self._annotation_names, parts))
            case ast.BinOp(left=left, right=right):
                return self._annotation_names(left) | self._annotation_names(right)
            case _:
                return self._eval(annotation)


def _keeps_its_result(decorators: Iterable[ast.expr]) -> bool:
    """Whether a function's result goes to its callers only: not to a framework, as that of a fixture does."""
    return all(_last_name(decorator) in DECORATORS for decorator in decorators)


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Call(func=func):
            return _last_name(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
