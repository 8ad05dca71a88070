"""Which name is bound where: one pass over a libcst tree. Unlike libcst's own provider it knows captures of `match`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, TypeAlias

import libcst as cst

Path: TypeAlias = tuple[int, ...]
"""Where in an unpacked value a name stands: `(1, 0)` for `c` in `a, (c, d) = value`."""
STARRED = -1
"""In a `Path`: `*rest`, a list of the values there."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """`from a import b as c`: module `a`, name `b`; `import a.b`: module `a`, and with `as` module `a.b`."""

    module: str
    name: str | None
    alias: cst.ImportAlias


@dataclass(frozen=True, slots=True, eq=False)
class Defined:
    node: cst.FunctionDef | cst.ClassDef | cst.TypeAlias | cst.TypeVar | cst.ParamSpec | cst.TypeVarTuple


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    param: cst.Param
    owner: cst.FunctionDef | cst.Lambda
    star: Literal["", "*", "**"] = ""


@dataclass(frozen=True, slots=True, eq=False)
class Assigned:
    name: cst.Name
    value: cst.BaseExpression | None
    annotation: cst.BaseExpression | None = None
    path: Path = ()


@dataclass(frozen=True, slots=True, eq=False)
class Each:
    """A target of `for` or of a comprehension."""

    name: cst.Name
    iterable: cst.BaseExpression
    path: Path = ()


@dataclass(frozen=True, slots=True, eq=False)
class Entered:
    """`with value as name`."""

    name: cst.Name
    value: cst.BaseExpression
    path: Path = ()


@dataclass(frozen=True, slots=True, eq=False)
class Caught:
    name: cst.Name
    type: cst.BaseExpression
    group: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Captured:
    """A name in a pattern of `match`."""

    name: cst.Name
    pattern: cst.MatchPattern
    match: cst.Match


Binding: TypeAlias = Imported | Defined | Parameter | Assigned | Each | Entered | Caught | Captured


@dataclass(eq=False)
class Scope:
    owner: cst.CSTNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    elsewhere: dict[str, Scope] = field(default_factory=dict)
    """Names that `global` and `nonlocal` lend from another scope."""
    children: list[Scope] = field(default_factory=list)

    @property
    def of_class(self) -> bool:
        return isinstance(self.owner, cst.ClassDef)

    def bind(self, name: str, binding: Binding) -> None:
        self.elsewhere.get(name, self).bindings.setdefault(name, []).append(binding)

    def find(self, name: str) -> Scope | None:
        """The scope whose `name` is meant here; None for a builtin or an unknown name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.elsewhere:
                return scope.elsewhere[name]
            if name in scope.bindings and (scope is self or not scope.of_class):
                return scope
            scope = scope.parent
        return None


@dataclass(eq=False)
class Scopes:
    """The scopes of one module: of every name in it, and the parent of every node."""

    module: Scope
    of: dict[cst.CSTNode, Scope] = field(default_factory=dict)
    """Every expression, parameter and pattern → the scope it is evaluated in."""
    parents: dict[cst.CSTNode, cst.CSTNode] = field(default_factory=dict)
    owned: dict[cst.CSTNode, Scope] = field(default_factory=dict)
    """A function, class or comprehension → the scope inside it."""

    def enclosing(self, node: cst.CSTNode, *kinds: type[cst.CSTNode]) -> cst.CSTNode | None:
        """The nearest node around this one that is of one of these kinds."""
        parent = self.parents.get(node)
        while parent is not None and not isinstance(parent, kinds):
            parent = self.parents.get(parent)
        return parent


def scopes_of(tree: cst.Module, package: str) -> Scopes:
    """`package` is what relative imports of the module begin at: the package it is in, or is."""
    found = Scopes(Scope(tree, None))
    _Walker(found, package).inside(tree, found.module)
    return found


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if "whitespace" not in f.name)


def children_of(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """In the order of the source, without whitespace."""
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, tuple | list):
            yield from (each for each in value if isinstance(each, cst.CSTNode))


def absolute_module(node: cst.ImportFrom, package: str) -> str:
    """The module of `from ..a import b`, by its full name."""
    named = dotted(node.module) or "" if node.module is not None else ""
    if not node.relative:
        return named
    base = package.split(".")[: len(package.split(".")) - len(node.relative) + 1]
    return ".".join([*base, *([named] if named else [])])


def dotted(node: cst.CSTNode) -> str | None:
    """`a.b.c` as text; None for any other expression."""
    match node:
        case cst.Name(value=name):
            return name
        case cst.Attribute(value=inner, attr=cst.Name(value=name)):
            left = dotted(inner)
            return None if left is None else f"{left}.{name}"
        case _:
            return None


_SCOPED = (cst.BaseExpression, cst.Param, cst.MatchPattern, cst.Arg, cst.FunctionDef, cst.ClassDef)


class _Walker:
    def __init__(self, found: Scopes, package: str) -> None:
        self.found = found
        self.package = package

    def inside(self, node: cst.CSTNode, scope: Scope) -> None:
        """Everything below a node."""
        for child in children_of(node):
            self.visit(child, node, scope)

    def visit(self, node: cst.CSTNode, parent: cst.CSTNode, scope: Scope) -> None:
        self.found.parents[node] = parent
        if isinstance(node, _SCOPED):
            self.found.of[node] = scope
        match node:
            case cst.FunctionDef() | cst.Lambda():
                self._function(node, scope)
            case cst.ClassDef():
                self._class(node, scope)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
                self._comprehension(node, scope)
            case _:
                self._bind(node, scope)
                self.inside(node, scope)

    def _bind(self, node: cst.CSTNode, scope: Scope) -> None:
        match node:
            case cst.Import(names=aliases):
                for alias in aliases:
                    self._import(alias, scope)
            case cst.ImportFrom(names=aliases) if not isinstance(aliases, cst.ImportStar):
                module = absolute_module(node, self.package)
                for alias in aliases:
                    name = alias.evaluated_name
                    scope.bind(alias.evaluated_alias or name, Imported(module, name, alias))
            case cst.Assign(targets=targets, value=value):
                for target in targets:
                    for bound, path in _targets(target.target):
                        scope.bind(bound.value, Assigned(bound, value, None, path))
            case cst.AnnAssign(target=cst.Name() as name, annotation=annotation, value=value):
                scope.bind(name.value, Assigned(name, value, annotation.annotation))
            case cst.AugAssign(target=cst.Name() as name):
                scope.bind(name.value, Assigned(name, None))
            case cst.NamedExpr(target=cst.Name() as name, value=value):
                _not_comprehension(scope).bind(name.value, Assigned(name, value))
            case cst.For(target=target, iter=iterable) | cst.CompFor(target=target, iter=iterable):
                for bound, path in _targets(target):
                    scope.bind(bound.value, Each(bound, iterable, path))
            case cst.WithItem(item=value, asname=cst.AsName(name=target)):
                for bound, path in _targets(target):
                    scope.bind(bound.value, Entered(bound, value, path))
            case cst.ExceptHandler(type=cst.BaseExpression() as kind, name=cst.AsName(name=cst.Name() as name)):
                scope.bind(name.value, Caught(name, kind))
            case cst.ExceptStarHandler(type=kind, name=cst.AsName(name=cst.Name() as name)):
                scope.bind(name.value, Caught(name, kind, group=True))
            case cst.TypeAlias(name=name):
                scope.bind(name.value, Defined(node))
            case cst.TypeParam(param=cst.TypeVar() | cst.ParamSpec() | cst.TypeVarTuple() as param):
                scope.bind(param.name.value, Defined(param))
            case cst.Global(names=items):
                self._lend([item.name.value for item in items], scope, self.found.module)
            case cst.Nonlocal(names=items):
                for item in items:
                    outer = scope.parent.find(item.name.value) if scope.parent else None
                    self._lend([item.name.value], scope, outer or self.found.module)
            case cst.MatchAs() | cst.MatchStar() | cst.MatchMapping():
                self._capture(node, scope)
            case _:
                return

    def _import(self, alias: cst.ImportAlias, scope: Scope) -> None:
        name, bound = alias.evaluated_name, alias.evaluated_alias
        first = name.partition(".")[0]
        scope.bind(bound or first, Imported(name if bound else first, None, alias))

    def _lend(self, names: list[str], scope: Scope, owner: Scope) -> None:
        for name in names:
            scope.elsewhere[name] = owner

    def _capture(self, node: cst.MatchAs | cst.MatchStar | cst.MatchMapping, scope: Scope) -> None:
        name = node.rest if isinstance(node, cst.MatchMapping) else node.name
        match = self.found.enclosing(node, cst.Match)
        if name is not None and isinstance(match, cst.Match):
            scope.bind(name.value, Captured(name, node, match))  # type: ignore[arg-type]  # MatchStar is a pattern, too

    def _function(self, node: cst.FunctionDef | cst.Lambda, scope: Scope) -> None:
        inner = self._scope(node, scope)
        if isinstance(node, cst.FunctionDef):
            scope.bind(node.name.value, Defined(node))
            self.visit(node.name, node, scope)
            for decorator in node.decorators:
                self.visit(decorator, node, scope)
            if node.type_parameters is not None:
                self.visit(node.type_parameters, node, inner)
            if node.returns is not None:
                self.visit(node.returns, node, inner if node.type_parameters else scope)
        outer = inner if isinstance(node, cst.FunctionDef) and node.type_parameters else scope
        self._parameters(node, outer, inner)
        self.visit(node.body, node, inner)

    def _parameters(self, node: cst.FunctionDef | cst.Lambda, outer: Scope, inner: Scope) -> None:
        params = node.params
        self.found.parents[params] = node
        plain = [*params.posonly_params, *params.params, *params.kwonly_params]
        starred = params.star_arg if isinstance(params.star_arg, cst.Param) else None
        for param in (*plain, *filter(None, (starred, params.star_kwarg))):
            self.found.parents[param] = params
            self.found.of[param] = inner
            star: Literal["", "*", "**"] = "*" if param is starred else "**" if param is params.star_kwarg else ""
            inner.bind(param.name.value, Parameter(param, node, star))
            self.visit(param.name, param, inner)
            for part in (param.annotation, param.default):
                if part is not None:
                    self.visit(part, param, outer)

    def _class(self, node: cst.ClassDef, scope: Scope) -> None:
        scope.bind(node.name.value, Defined(node))
        self.visit(node.name, node, scope)
        outer = scope
        if node.type_parameters is not None:
            outer = self._scope(node.type_parameters, scope)
            self.visit(node.type_parameters, node, outer)
        for part in (*node.decorators, *node.bases, *node.keywords):
            self.visit(part, node, outer)
        self.visit(node.body, node, self._scope(node, outer))

    def _comprehension(self, node: cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp, scope: Scope) -> None:
        inner = self._scope(node, scope)
        parts = [node.key, node.value] if isinstance(node, cst.DictComp) else [node.elt]
        for part in parts:
            self.visit(part, node, inner)
        self.found.parents[node.for_in] = node
        self._bind(node.for_in, inner)
        self.visit(node.for_in.iter, node.for_in, scope)
        self.visit(node.for_in.target, node.for_in, inner)
        for condition in node.for_in.ifs:
            self.visit(condition, node.for_in, inner)
        if node.for_in.inner_for_in is not None:
            self.visit(node.for_in.inner_for_in, node.for_in, inner)

    def _scope(self, owner: cst.CSTNode, parent: Scope) -> Scope:
        made = self.found.owned[owner] = Scope(owner, parent)
        parent.children.append(made)
        return made


def _targets(target: cst.CSTNode, path: Path = ()) -> Iterator[tuple[cst.Name, Path]]:
    """The names that an assignment binds; attributes and subscripts bind none."""
    match target:
        case cst.Name():
            yield target, path
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for i, element in enumerate(elements):
                step = STARRED if isinstance(element, cst.StarredElement) else i
                yield from _targets(element.value, (*path, step))
        case _:
            return


def _not_comprehension(scope: Scope) -> Scope:
    while isinstance(scope.owner, cst.BaseComp) and scope.parent is not None:
        scope = scope.parent
    return scope
