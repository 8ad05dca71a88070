"""Expressions → types: names through their bindings, attributes through classes, calls through signatures.

It knows what a type checker would, for the Python that backends and their callers are written in, and says UNKNOWN
where it does not: nothing is guessed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Final, assert_never

import libcst as cst

from schemagen.codemod.annotations import Annotations, short_name
from schemagen.codemod.library import BUILTIN_CALLS, METHODS, item_of
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
    SELF,
    STR,
    TUPLE,
    UNKNOWN,
    ClassOf,
    FunctionValue,
    Instance,
    Type,
    Union,
    Unknown,
    Variable,
    list_of,
    members,
    substituted,
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
                return self._awaited(self.of(inner, module))
            case cst.Call():
                return self._call(node, module)
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

    def _scope(self, node: cst.CSTNode, module: Module) -> Scope:
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
        definition = self.program.named(module, self._scope(node, module), node.value)
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
            scope = self._scope(annotation.annotation, module)
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
                return self._awaited(self._returned(found, {}))
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

    # --- attributes ---

    def attribute(self, t: Type, name: str) -> Type:
        """What reading an attribute gives."""
        match t:
            case Union():
                return union(self.attribute(member, name) for member in members(t))
            case Variable(bound=bound):
                return UNKNOWN if isinstance(bound, Unknown) else self.attribute(bound, name)
            case ModuleType(name=module):
                return self.of_definition(self.program.exported(module, name))
            case ClassOf(instance=Variable(bound=Instance() as bound)):
                return self._member(bound, name, through_class=True)
            case ClassOf(instance=Instance() as inner):
                return self._member(inner, name, through_class=True)
            case Instance():
                return self._member(t, name, through_class=False)
            case _:
                return UNKNOWN

    def _member(self, t: Instance, name: str, *, through_class: bool) -> Type:
        for base in self.annotations.mro(t):
            cls = self.program.find_class(base.name)
            if cls is None:
                continue
            if name in cls.scope.bindings:
                return self._declared_member(cls, base, t, name, through_class=through_class)
            assigned = None if through_class else self._assigned_in_methods(cls, name)
            if assigned is not None:
                return assigned
        if through_class and name in ("model_validate", "model_validate_json", "model_construct"):
            return Instance("typing.Callable", (t,))
        method = METHODS.get((t.name, name))
        if method is not None:
            return method(t)
        return Instance(f"{t.name}.{name}") if self._foreign(t) else UNKNOWN

    def _foreign(self, t: Type) -> bool:
        """A value of a library's class, with nothing of ours in it: what comes out of it is none of ours either."""
        match t:
            case Instance(name=name, args=args):
                if name.rpartition(".")[2] in _ANYTHING or self.program.find_class(name) is not None:
                    return False
                return all(self._foreign(arg) for arg in args)
            case Union(members=inside):
                return all(self._foreign(member) for member in inside)
            case ClassOf(instance=inner):
                return self._foreign(inner)
            case _:
                return False

    def _declared_member(self, cls: Class, base: Instance, t: Instance, name: str, *, through_class: bool) -> Type:
        solved = self._solved(cls, base) | {SELF.name: t}
        definition = self.program.bound(cls.module, cls.scope, name)
        if isinstance(definition, Function):
            kinds = {short_name_of(d.decorator) for d in definition.node.decorators}
            if kinds & {"property", "cached_property"}:
                return t if through_class else substituted(self._annotated_return(definition), solved)
            mode = self._sdk_mode(base)
            bound = bool(mode) or ("staticmethod" not in kinds and (not through_class or "classmethod" in kinds))
            return FunctionValue(definition, tuple(solved.items()), bound, mode)
        found = substituted(self.of_definition(definition), solved)
        return self._described(found, t)

    def _solved(self, cls: Class, base: Instance) -> dict[str, Type]:
        return dict(zip((v.name for v in self.annotations.parameters(cls)), base.args, strict=False))

    def _sdk_mode(self, base: Instance) -> str:
        """`Sync` for the functions of `Contacts[Sync]`, a module of an SDK; "" for any other class."""
        if not any(each.name.endswith(_SDK_MODULE) for each in self.annotations.mro(base)):
            return ""
        mode = base.args[0] if base.args else UNKNOWN
        return mode.name.rpartition(".")[2] if isinstance(mode, Instance) else "Sync"

    def _described(self, found: Type, owner: Instance) -> Type:
        """A descriptor gives what its `__get__` returns: `contact.id`, `Contact.search_name`."""
        if not isinstance(found, Instance) or self.program.find_class(found.name) is None:
            return found
        getter = self._member(found, "__get__", through_class=False)
        if not isinstance(getter, FunctionValue) or len(getter.function.params) < 3:
            return found
        solved: dict[str, Type] = dict(getter.solved)
        self._solve(self._parameter_type(getter.function, getter.function.params[2]), ClassOf(owner), solved)
        return substituted(self._annotated_return(getter.function), solved)

    def _assigned_in_methods(self, cls: Class, name: str) -> Type | None:
        """`self.crm = Client(url)` in a method, as an attribute."""
        found: list[Type] = []
        for scope in cls.scope.children:
            if isinstance(scope.owner, cst.FunctionDef) and scope.owner.params.params:
                myself = scope.owner.params.params[0].name.value
                found += self._assigned_to(scope.owner.body, f"{myself}.{name}", cls.module)
        return union(found) if found else None

    def _assigned_to(self, body: cst.CSTNode, target: str, module: Module) -> list[Type]:
        finder = _Assignments(target)
        body.visit(finder)
        read = [self.annotations.read(a, module, self._scope(a, module)) for a in finder.annotations]
        return read or [self.of(value, module) for value in finder.values]

    # --- calls ---

    def _call(self, node: cst.Call, module: Module) -> Type:
        callee = self.of(node.func, module)
        match callee:
            case ClassOf(instance=Instance(name=name) as made):
                known = BUILTIN_CALLS.get(name)
                if known is not None:
                    given = [self.of(arg.value, module) for arg in node.args if arg.keyword is None]
                    return known(given, self.iterated)
                if self.program.find_class(name) is None:
                    return made if self._takes_nothing_of_ours(node, module) else UNKNOWN
                return self._constructed(made, node, module)
            case ClassOf(instance=made):
                return made
            case FunctionValue():
                return self._returned(callee, self._arguments(callee, node, module))
            case Instance(name="typing.Callable", args=(result,)):
                return result
            case Instance() if self._foreign(callee):
                return callee if self._takes_nothing_of_ours(node, module) else UNKNOWN
            case Instance():
                method = self.attribute(callee, "__call__")
                return self._returned(method, {}) if isinstance(method, FunctionValue) else UNKNOWN
            case _:
                return self._library_method(node, module)

    def _takes_nothing_of_ours(self, node: cst.Call, module: Module) -> bool:
        return all(self._foreign(self.of(arg.value, module)) for arg in node.args)

    def _library_method(self, node: cst.Call, module: Module) -> Type:
        """`model_copy` of a model, whose class nobody looks into."""
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in ("model_copy", "copy"):
            return self.of(node.func.value, module)
        return UNKNOWN

    def _constructed(self, made: Instance, node: cst.Call, module: Module) -> Type:
        """`Page(items=contacts, …)`: arguments of a generic class from those of its fields."""
        cls = self.program.find_class(made.name)
        parameters = self.annotations.parameters(cls) if cls is not None else ()
        if made.args or not parameters:
            return made
        solved: dict[str, Type] = {}
        for arg in node.args:
            if arg.keyword is not None:
                field = self._member(Instance(made.name, parameters), arg.keyword.value, through_class=False)
                self._solve(field, self.of(arg.value, module), solved)
        return Instance(made.name, tuple(solved.get(v.name, UNKNOWN) for v in parameters))

    def _arguments(self, callee: FunctionValue, node: cst.Call, module: Module) -> dict[str, Type]:
        """Arguments by the name of their parameter."""
        params = callee.function.params[callee.bound :]
        found: dict[str, Type] = {}
        for position, arg in enumerate(node.args):
            if arg.keyword is not None:
                found[arg.keyword.value] = self.of(arg.value, module)
            elif not arg.star and position < len(params):
                found[params[position].name.value] = self.of(arg.value, module)
        return found

    def expected(self, callee: FunctionValue, call: cst.Call, arg: cst.Arg) -> Type | None:
        """The declared type of the parameter that an argument is for; None if there is none."""
        params = callee.function.params[callee.bound :]
        if arg.keyword is not None:
            param = next((each for each in params if each.name.value == arg.keyword.value), None)
        else:
            position = list(call.args).index(arg)
            param = params[position] if position < len(params) else None
        return None if param is None else self._parameter_type(callee.function, param)

    def _returned(self, callee: FunctionValue, arguments: Mapping[str, Type]) -> Type:
        function = callee.function
        solved: dict[str, Type] = dict(callee.solved)
        for param in function.params:
            if param.name.value in arguments:
                self._solve(self._parameter_type(function, param), arguments[param.name.value], solved)
        returned = substituted(self._annotated_return(function), solved)
        if callee.mode:
            wrapper = _SDK_MODES.get(callee.mode)
            return Instance(wrapper, (returned,)) if wrapper else returned
        if function.node.asynchronous is not None and not self._yields(returned):
            return Instance(AWAITABLE, (returned,))
        return returned

    def _yields(self, returned: Type) -> bool:
        name = returned.name if isinstance(returned, Instance) else ""
        return name.rpartition(".")[2] in ("AsyncIterator", "AsyncGenerator", "AsyncIterable")

    def _annotated_return(self, function: Function) -> Type:
        if function.node.returns is None:
            return self._unannotated_return(function)
        annotation = function.node.returns.annotation
        return self.annotations.read(annotation, function.module, self._scope(annotation, function.module))

    def _unannotated_return(self, function: Function) -> Type:
        """From its `return` statements; a generator gives an iterator of what it yields."""
        finder = _Returns()
        function.node.body.visit(finder)
        found = union(self.of(value, function.module) for value in finder.returned)
        if finder.yielded:
            return Instance("typing.Iterator", (union(self.of(v, function.module) for v in finder.yielded),))
        return found if finder.returned else NONE

    def _parameter_type(self, function: Function, param: cst.Param) -> Type:
        if param.annotation is None:
            return UNKNOWN
        annotation = param.annotation.annotation
        return self.annotations.read(annotation, function.module, self._scope(annotation, function.module))

    def _solve(self, declared: Type, given: Type, solved: dict[str, Type]) -> None:
        """Type variables of a parameter, from what is given for it; several say together."""
        match declared, given:
            case Variable(name=name), _:
                before = solved.get(name, UNKNOWN)
                solved[name] = given if isinstance(before, Unknown | Variable) else union((before, given))
            case ClassOf(instance=inner), ClassOf(instance=other):
                self._solve(inner, other, solved)
            case Union(members=inside), _:
                rest = union(member for member in members(given))
                for member in inside:
                    if member != NONE:
                        self._solve(member, rest, solved)
            case Instance(), Union(members=inside):
                for member in inside:
                    self._solve(declared, member, solved)
            case Instance(args=args), FunctionValue(function=function) if args:
                self._solve(args[-1], self._annotated_return(function), solved)
            case Instance(args=args), Instance() if args:
                for base in self.annotations.mro(given):
                    if base.name == declared.name:
                        for one, other in zip(args, base.args, strict=False):
                            self._solve(one, other, solved)
                        return
                if len(args) == 1 and declared.name.startswith(("typing.", "collections.abc.")):
                    self._solve(args[0], item_of(given, self.iterated), solved)
            case _:
                return

    def _awaited(self, t: Type) -> Type:
        match t:
            case Instance(name=name, args=args) if args and name.rpartition(".")[2] in (
                "Awaitable", "Coroutine", "Task", "Future"
            ):  # fmt: skip
                return args[-1]
            case Union():
                return union(self._awaited(member) for member in members(t))
            case _:
                return t

    def iterated(self, t: Instance) -> Type:
        """What iterating over a class of the program gives."""
        for method in ("__iter__", "__aiter__"):
            found = self.attribute(t, method)
            if isinstance(found, FunctionValue):
                returned = self._returned(found, {})
                return returned.args[0] if isinstance(returned, Instance) and returned.args else UNKNOWN
        return UNKNOWN

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
        scope = self._scope(node, module)
        inside = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
        args = tuple(self.annotations.read(each, module, scope) for each in inside)
        return ClassOf(Instance(value.instance.name, args))


def short_name_of(node: cst.CSTNode) -> str:
    """`property` for `@property` and `@functools.property`, of a call that of its function; "" for anything else."""
    match node:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case cst.Call(func=func):
            return short_name_of(func)
        case _:
            return ""


class _Returns(cst.CSTVisitor):
    """What a function returns and yields, without the functions in it."""

    def __init__(self) -> None:
        super().__init__()
        self.returned: list[cst.BaseExpression] = []
        self.yielded: list[cst.BaseExpression] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def visit_Return(self, node: cst.Return) -> None:
        if node.value is not None:
            self.returned.append(node.value)

    def visit_Yield(self, node: cst.Yield) -> None:
        if isinstance(node.value, cst.BaseExpression):
            self.yielded.append(node.value)


class _Assignments(cst.CSTVisitor):
    """What is assigned to one attribute."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.target = target.split(".")
        self.values: list[cst.BaseExpression] = []
        self.annotations: list[cst.BaseExpression] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        self.values += [node.value for target in node.targets if self._is_it(target.target)]

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if self._is_it(node.target):
            self.annotations.append(node.annotation.annotation)

    def _is_it(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=name)):
                return [owner, name] == self.target
            case _:
                return False
