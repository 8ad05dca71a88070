"""What reading an attribute of a value gives: through its class and bases, properties and descriptors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import libcst as cst

from schemagen.codemod.annotations import short_name_of
from schemagen.codemod.library import METHODS
from schemagen.codemod.program import Class, Function, Module, Program
from schemagen.codemod.types import (
    SELF,
    UNKNOWN,
    ClassOf,
    FunctionValue,
    Instance,
    Type,
    Union,
    Unknown,
    Variable,
    members,
    substituted,
    union,
)
from schemagen.codemod.types import Module as ModuleType

if TYPE_CHECKING:
    from schemagen.codemod.inference import Inference

_HOLDERS: Final = """
object SimpleNamespace Namespace Mock MagicMock AsyncMock partial Queue LifoQueue PriorityQueue SimpleQueue ContextVar
local deque defaultdict OrderedDict ChainMap Future Task
"""
_ANYTHING: Final = frozenset(_HOLDERS.split())
"""Classes of libraries that hold whatever is put into them: what comes out may be anything."""
_SDK_MODULE: Final = "_runtime.functions.Module"


class Attributes:
    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.program: Program = inference.program
        self.annotations = inference.annotations

    def of(self, t: Type, name: str) -> Type:
        """What reading an attribute gives."""
        match t:
            case Union():
                return union(self.of(member, name) for member in members(t))
            case Variable(bound=bound):
                return UNKNOWN if isinstance(bound, Unknown) else self.of(bound, name)
            case ModuleType(name=module):
                return self.inference.of_definition(self.program.exported(module, name))
            case ClassOf(instance=Variable(bound=Instance() as bound)):
                return self.member(bound, name, through_class=True)
            case ClassOf(instance=Instance() as inner):
                return self.member(inner, name, through_class=True)
            case Instance():
                return self.member(t, name, through_class=False)
            case _:
                return UNKNOWN

    def member(self, t: Instance, name: str, *, through_class: bool) -> Type:
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
        return Instance(f"{t.name}.{name}") if self.foreign(t) else UNKNOWN

    def foreign(self, t: Type) -> bool:
        """A value of a library's class, with nothing of ours in it: what comes out of it is none of ours either."""
        match t:
            case Instance(name=name, args=args):
                if name.rpartition(".")[2] in _ANYTHING or self.program.find_class(name) is not None:
                    return False
                return all(self.foreign(arg) for arg in args)
            case Union(members=inside):
                return all(self.foreign(member) for member in inside)
            case ClassOf(instance=inner):
                return self.foreign(inner)
            case _:
                return False

    def _declared_member(self, cls: Class, base: Instance, t: Instance, name: str, *, through_class: bool) -> Type:
        solved = self._solved(cls, base) | {SELF.name: t}
        definition = self.program.bound(cls.module, cls.scope, name)
        if isinstance(definition, Function):
            kinds = {short_name_of(d.decorator) for d in definition.node.decorators}
            if kinds & {"property", "cached_property"}:
                return t if through_class else substituted(self.inference.calls.annotated_return(definition), solved)
            mode = self._sdk_mode(base)
            bound = bool(mode) or ("staticmethod" not in kinds and (not through_class or "classmethod" in kinds))
            return FunctionValue(definition, tuple(solved.items()), bound, mode)
        found = substituted(self.inference.of_definition(definition), solved)
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
        getter = self.member(found, "__get__", through_class=False)
        if not isinstance(getter, FunctionValue) or len(getter.function.params) < 3:
            return found
        solved: dict[str, Type] = dict(getter.solved)
        self.inference.calls.solve(
            self.inference.calls.parameter_type(getter.function, getter.function.params[2]), ClassOf(owner), solved
        )
        return substituted(self.inference.calls.annotated_return(getter.function), solved)

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
        read = [self.annotations.read(a, module, self.inference.scope(a, module)) for a in finder.annotations]
        return read or [self.inference.of(value, module) for value in finder.values]

    def iterated(self, t: Instance) -> Type:
        """What iterating over a class of the program gives."""
        for method in ("__iter__", "__aiter__"):
            found = self.of(t, method)
            if isinstance(found, FunctionValue):
                returned = self.inference.calls.returned(found, {})
                return returned.args[0] if isinstance(returned, Instance) and returned.args else UNKNOWN
        return UNKNOWN


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
