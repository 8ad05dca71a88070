"""Expressions → types: names through their bindings, attributes through classes, calls through signatures.

It knows what a type checker would, for the Python that backends and their callers are written in, and says UNKNOWN
where it does not: nothing is guessed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final, assert_never

import libcst as cst

from schemagen.codemod.annotations import Annotations, short_name, short_name_of
from schemagen.codemod.attributes import Attributes
from schemagen.codemod.calls import Calls
from schemagen.codemod.library import item_of
from schemagen.codemod.narrowing import narrowed_to
from schemagen.codemod.program import Class, Definition, External, Function, Module, ModuleName, Program, Value
from schemagen.codemod.reaching import bindings_reaching
from schemagen.codemod.scopes import (
    STARRED,
    Assigned,
    Binding,
    Captured,
    Caught,
    Defined,
    Each,
    Entered,
    Imported,
    Parameter,
    Path,
    Scope,
)
from schemagen.codemod.types import (
    AWAITABLE,
    NONE,
    PENDING,
    STR,
    TUPLE,
    UNKNOWN,
    ClassOf,
    FunctionValue,
    Instance,
    Type,
    list_of,
    union,
)
from schemagen.codemod.types import Module as ModuleType

_DEPTH_MAX: Final = 60
_ANYTHING: Final = frozenset({"object", "SimpleNamespace", "Namespace", "Mock", "MagicMock", "AsyncMock", "partial"})
"""Classes of libraries whose attributes may be anything."""
_DECLARING: Final = "schemagen.declare.functions."
_SDK_MODULE: Final = "_runtime.functions.Module"
_SDK_MODES: Final = {"Sync": None, "Async": AWAITABLE, "Watch": "typing.Iterable", "AsyncWatch": "typing.AsyncIterable"}


class Inference:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.annotations = Annotations(program)
        self.attributes = Attributes(self)
        self.calls = Calls(self)
        self._known: dict[cst.CSTNode, Type] = {}
        self._depth = 0

    def of(self, node: cst.CSTNode, module: Module) -> Type:
        """The type of an expression of a module; UNKNOWN if nothing says."""
        if node in self._known:
            return self._known[node]
        if self._depth > _DEPTH_MAX:
            return UNKNOWN
        self._known[node] = PENDING
        self._depth += 1
        try:
            found = self._of(node, module)
        finally:
            self._depth -= 1
        self._known[node] = UNKNOWN if found == PENDING else found
        return found

    def _of(self, node: cst.CSTNode, module: Module) -> Type:
        narrowed = self._narrowed(node, module)
        if narrowed is not None:
            return narrowed
        match node:
            case cst.Name(value="None"):
                return NONE
            case cst.Name(value="True" | "False"):
                return Instance("builtins.bool")
            case cst.Name():
                return self._name(node, module)
            case cst.Attribute(value=value, attr=cst.Name(value=name)):
                return self.attribute(self.of(value, module), name)
            case cst.Await(expression=inner):
                return self.calls.awaited(self.of(inner, module))
            case cst.Call():
                return self.calls.of(node, module)
            case cst.Subscript():
                return self._subscript(node, module)
            case cst.BooleanOperation(left=left, right=right):
                return union((self.of(left, module), self.of(right, module)))
            case cst.IfExp(body=one, orelse=other):
                return union((self.of(one, module), self.of(other, module)))
            case cst.NamedExpr(value=value):
                return self.of(value, module)
            case _:
                return self._display(node, module)

    def _display(self, node: cst.CSTNode, module: Module) -> Type:
        match node:
            case cst.List(elements=elements) | cst.Set(elements=elements):
                kind = "list" if isinstance(node, cst.List) else "set"
                return Instance(f"builtins.{kind}", (union(self._elements(elements, module)),))
            case cst.Tuple(elements=elements):
                items = tuple(self._elements(elements, module))
                starred = any(isinstance(e, cst.StarredElement) for e in elements)
                return Instance("builtins.tuple", (union(items),)) if starred else Instance(TUPLE, items)
            case cst.Dict(elements=elements):
                pairs = [e for e in elements if isinstance(e, cst.DictElement)]
                keys = union(self.of(e.key, module) for e in pairs)
                return Instance("builtins.dict", (keys, union(self.of(e.value, module) for e in pairs)))
            case cst.ListComp(elt=item) | cst.SetComp(elt=item) | cst.GeneratorExp(elt=item):
                kind = {cst.ListComp: "builtins.list", cst.SetComp: "builtins.set"}.get(type(node), "typing.Iterator")
                return Instance(kind, (self.of(item, module),))
            case cst.DictComp(key=key, value=value):
                return Instance("builtins.dict", (self.of(key, module), self.of(value, module)))
            case cst.SimpleString() | cst.FormattedString() | cst.ConcatenatedString():
                return STR
            case cst.Integer() | cst.Float() | cst.Comparison():
                return Instance("builtins.int")
            case cst.BinaryOperation(left=left, operator=cst.Add(), right=right):
                return union((self.of(left, module), self.of(right, module)))
            case _:
                return UNKNOWN

    def _elements(self, elements: object, module: Module) -> Iterator[Type]:
        assert isinstance(elements, tuple | list)
        for element in elements:
            t = self.of(element.value, module)
            yield item_of(t, self.iterated) if isinstance(element, cst.StarredElement) else t

    def scope(self, node: cst.CSTNode, module: Module) -> Scope:
        return module.scopes.of.get(node, module.scopes.module)

    def _narrowed(self, node: cst.CSTNode, module: Module) -> Type | None:
        if not isinstance(node, cst.Name | cst.Attribute):
            return None
        kinds = narrowed_to(node, module.scopes)
        if kinds is None:
            return None
        found = [self.of(kind, module) for kind in kinds]
        return union(t.instance for t in found if isinstance(t, ClassOf))

    # --- names ---

    def _name(self, node: cst.Name, module: Module) -> Type:
        definition = self.program.named(module, self.scope(node, module), node.value)
        if isinstance(definition, Value) and definition.module is module:
            reaching = bindings_reaching(node, definition.bindings, module.scopes)
            definition = dataclasses.replace(definition, bindings=reaching)
        return self.of_definition(definition)

    def of_definition(self, definition: Definition) -> Type:
        """The type of what a name is bound to."""
        match definition:
            case Class(name=name):
                return ClassOf(Instance(name))
            case Function():
                return FunctionValue(definition)
            case ModuleName(name=name):
                return ModuleType(name)
            case External(name=name):
                return UNKNOWN if name == "" else ClassOf(Instance(name))
            case Value(module=module, bindings=bindings):
                annotated = [b for b in bindings if isinstance(b, Assigned) and b.annotation is not None]
                return union(self._binding(b, module, definition) for b in annotated or bindings)
            case _:
                assert_never(definition)

    def _binding(self, binding: Binding, module: Module, value: Value) -> Type:
        match binding:
            case Assigned(annotation=cst.BaseExpression() as annotation):
                if short_name(self.program.expressed(module, value.scope, annotation)) not in ("TypeAlias", "Final"):
                    return self.annotations.read(annotation, module, value.scope)
                return UNKNOWN if binding.value is None else self.of(binding.value, module)
            case Assigned(value=cst.BaseExpression() as expression, path=path):
                return self._unpacked(self.of(expression, module), path)
            case Assigned():
                return UNKNOWN
            case Parameter():
                return self._parameter(binding, module)
            case Each(iterable=iterable, path=path):
                return self._unpacked(item_of(self.of(iterable, module), self.iterated), path)
            case Entered(value=expression, path=path):
                return self._unpacked(self._entered(self.of(expression, module)), path)
            case Caught(type=kind):
                return self._caught(self.of(kind, module))
            case Captured():
                return self._captured(binding, module)
            case Imported() | Defined():
                return UNKNOWN
            case _:
                assert_never(binding)

    def _parameter(self, given: Parameter, module: Module) -> Type:
        annotation = given.param.annotation
        if annotation is not None:
            scope = self.scope(annotation.annotation, module)
            t = self.annotations.read(annotation.annotation, module, scope)
            return Instance("builtins.tuple", (t,)) if given.star == "*" else t if not given.star else UNKNOWN
        if isinstance(given.owner, cst.Lambda):
            return self._lambda_parameter(given, module)
        method_of = module.scopes.parents.get(module.scopes.parents.get(given.owner, given.owner))
        params = (*given.owner.params.posonly_params, *given.owner.params.params)
        if isinstance(method_of, cst.ClassDef) and params and params[0] is given.param:
            cls = self.program.class_of(module, method_of)
            own = Instance(cls.name, self.annotations.parameters(cls))
            decorators = {short_name_of(d.decorator) for d in given.owner.decorators}
            if decorators & {"classmethod", "field_validator", "model_validator"}:
                return ClassOf(own)
            return UNKNOWN if "staticmethod" in decorators else own
        return UNKNOWN

    def _lambda_parameter(self, given: Parameter, module: Module) -> Type:
        """`key=lambda contact: …` of sorted, min, max and list.sort; the first argument of map and filter."""
        arg = module.scopes.parents.get(given.owner)
        call = module.scopes.parents.get(arg) if arg is not None else None
        if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
            return UNKNOWN
        if arg.keyword is not None and arg.keyword.value == "key":
            if isinstance(call.func, cst.Attribute) and call.func.attr.value == "sort":
                return item_of(self.of(call.func.value, module), self.iterated)
            return item_of(self.of(call.args[0].value, module), self.iterated) if call.args else UNKNOWN
        if short_name_of(call.func) in ("map", "filter") and arg is call.args[0] and len(call.args) > 1:
            return item_of(self.of(call.args[1].value, module), self.iterated)
        return UNKNOWN

    def _unpacked(self, t: Type, path: Path) -> Type:
        for step in path:
            if isinstance(t, Instance) and t.name == TUPLE and step != STARRED:
                t = t.args[step] if step < len(t.args) else UNKNOWN
            else:
                item = item_of(t, self.iterated)
                t = list_of(item) if step == STARRED else item
        return t

    def _entered(self, t: Type) -> Type:
        """`with value as name`: what `__enter__` returns; for what says nothing, the value itself."""
        for method in ("__enter__", "__aenter__"):
            found = self.attribute(t, method)
            if isinstance(found, FunctionValue):
                return self.calls.awaited(self.calls.returned(found, {}))
        return t

    def _caught(self, t: Type) -> Type:
        kinds = t.args if isinstance(t, Instance) and t.name == TUPLE else (t,)
        return union(kind.instance for kind in kinds if isinstance(kind, ClassOf))

    def _captured(self, capture: Captured, module: Module) -> Type:
        pattern: cst.CSTNode = capture.pattern
        if isinstance(pattern, cst.MatchAs) and isinstance(pattern.pattern, cst.MatchClass):
            kind = self.of(pattern.pattern.cls, module)
            return kind.instance if isinstance(kind, ClassOf) else UNKNOWN
        parent = module.scopes.parents.get(pattern)
        if isinstance(parent, cst.MatchKeywordElement):
            outer = module.scopes.parents.get(parent)
            if isinstance(outer, cst.MatchClass):
                kind = self.of(outer.cls, module)
                return self.attribute(kind.instance, parent.key.value) if isinstance(kind, ClassOf) else UNKNOWN
        if isinstance(parent, cst.MatchCase):
            return self.of(capture.match.subject, module)
        return UNKNOWN

    # --- what others ask ---

    def attribute(self, t: Type, name: str) -> Type:
        """What reading an attribute gives."""
        return self.attributes.of(t, name)

    def iterated(self, t: Instance) -> Type:
        """What iterating over a class of the program gives."""
        return self.attributes.iterated(t)

    def _subscript(self, node: cst.Subscript, module: Module) -> Type:
        value = self.of(node.value, module)
        if isinstance(value, ClassOf):
            return self._subscripted_class(value, node, module)
        if not isinstance(value, Instance) or not value.args:
            return UNKNOWN
        index = node.slice[0].slice
        if not isinstance(index, cst.Index):
            return value
        if value.name == TUPLE:
            position = index.value
            if isinstance(position, cst.Integer) and int(position.value) < len(value.args):
                return value.args[int(position.value)]
            return union(value.args)
        short = value.name.rpartition(".")[2]
        return value.args[-1] if short in ("dict", "Mapping", "defaultdict", "MutableMapping") else value.args[0]

    def _subscripted_class(self, value: ClassOf, node: cst.Subscript, module: Module) -> Type:
        if not isinstance(value.instance, Instance):
            return UNKNOWN
        scope = self.scope(node, module)
        inside = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
        args = tuple(self.annotations.read(each, module, scope) for each in inside)
        return ClassOf(Instance(value.instance.name, args))
