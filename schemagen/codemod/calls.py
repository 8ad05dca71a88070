"""What a call gives: from signatures, type variables solved by the arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import libcst as cst

from schemagen.codemod.library import BUILTIN_CALLS, item_of
from schemagen.codemod.program import Function, Module, Program
from schemagen.codemod.types import (
    AWAITABLE,
    NONE,
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

if TYPE_CHECKING:
    from schemagen.codemod.inference import Inference

_SDK_MODES: Final = {"Sync": None, "Async": AWAITABLE, "Watch": "typing.Iterable", "AsyncWatch": "typing.AsyncIterable"}


class Calls:
    def __init__(self, inference: Inference) -> None:
        self.inference = inference
        self.program: Program = inference.program
        self.annotations = inference.annotations

    def of(self, node: cst.Call, module: Module) -> Type:
        callee = self.inference.of(node.func, module)
        match callee:
            case ClassOf(instance=Instance(name=name) as made):
                known = BUILTIN_CALLS.get(name)
                if known is not None:
                    given = [self.inference.of(arg.value, module) for arg in node.args if arg.keyword is None]
                    return known(given, self.inference.iterated)
                if self.program.find_class(name) is None:
                    return made if self._takes_nothing_of_ours(node, module) else UNKNOWN
                return self._constructed(made, node, module)
            case ClassOf(instance=made):
                return made
            case FunctionValue():
                return self.returned(callee, self._arguments(callee, node, module))
            case Instance(name="typing.Callable", args=(result,)):
                return result
            case Instance() if self.inference.attributes.foreign(callee):
                return callee if self._takes_nothing_of_ours(node, module) else UNKNOWN
            case Instance():
                method = self.inference.attribute(callee, "__call__")
                return self.returned(method, {}) if isinstance(method, FunctionValue) else UNKNOWN
            case _:
                return self._library_method(node, module)

    def _takes_nothing_of_ours(self, node: cst.Call, module: Module) -> bool:
        return all(self.inference.attributes.foreign(self.inference.of(arg.value, module)) for arg in node.args)

    def _library_method(self, node: cst.Call, module: Module) -> Type:
        """`model_copy` of a model, whose class nobody looks into."""
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in ("model_copy", "copy"):
            return self.inference.of(node.func.value, module)
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
                field = self.inference.attributes.member(
                    Instance(made.name, parameters), arg.keyword.value, through_class=False
                )
                self.solve(field, self.inference.of(arg.value, module), solved)
        return Instance(made.name, tuple(solved.get(v.name, UNKNOWN) for v in parameters))

    def _arguments(self, callee: FunctionValue, node: cst.Call, module: Module) -> dict[str, Type]:
        """Arguments by the name of their parameter."""
        params = callee.function.params[callee.bound :]
        found: dict[str, Type] = {}
        for position, arg in enumerate(node.args):
            if arg.keyword is not None:
                found[arg.keyword.value] = self.inference.of(arg.value, module)
            elif not arg.star and position < len(params):
                found[params[position].name.value] = self.inference.of(arg.value, module)
        return found

    def expected(self, callee: FunctionValue, call: cst.Call, arg: cst.Arg) -> Type | None:
        """The declared type of the parameter that an argument is for; None if there is none."""
        params = callee.function.params[callee.bound :]
        if arg.keyword is not None:
            param = next((each for each in params if each.name.value == arg.keyword.value), None)
        else:
            position = list(call.args).index(arg)
            param = params[position] if position < len(params) else None
        return None if param is None else self.parameter_type(callee.function, param)

    def returned(self, callee: FunctionValue, arguments: Mapping[str, Type]) -> Type:
        function = callee.function
        solved: dict[str, Type] = dict(callee.solved)
        for param in function.params:
            if param.name.value in arguments:
                self.solve(self.parameter_type(function, param), arguments[param.name.value], solved)
        returned = substituted(self.annotated_return(function), solved)
        if callee.mode:
            wrapper = _SDK_MODES.get(callee.mode)
            return Instance(wrapper, (returned,)) if wrapper else returned
        if function.node.asynchronous is not None and not self._yields(returned):
            return Instance(AWAITABLE, (returned,))
        return returned

    def _yields(self, returned: Type) -> bool:
        name = returned.name if isinstance(returned, Instance) else ""
        return name.rpartition(".")[2] in ("AsyncIterator", "AsyncGenerator", "AsyncIterable")

    def annotated_return(self, function: Function) -> Type:
        if function.node.returns is None:
            return self._unannotated_return(function)
        annotation = function.node.returns.annotation
        return self.annotations.read(annotation, function.module, self.inference.scope(annotation, function.module))

    def _unannotated_return(self, function: Function) -> Type:
        """From its `return` statements; a generator gives an iterator of what it yields."""
        finder = _Returns()
        function.node.body.visit(finder)
        found = union(self.inference.of(value, function.module) for value in finder.returned)
        if finder.yielded:
            return Instance("typing.Iterator", (union(self.inference.of(v, function.module) for v in finder.yielded),))
        return found if finder.returned else NONE

    def parameter_type(self, function: Function, param: cst.Param) -> Type:
        if param.annotation is None:
            return UNKNOWN
        annotation = param.annotation.annotation
        return self.annotations.read(annotation, function.module, self.inference.scope(annotation, function.module))

    def solve(self, declared: Type, given: Type, solved: dict[str, Type]) -> None:
        """Type variables of a parameter, from what is given for it; several say together."""
        match declared, given:
            case Variable(name=name), _:
                before = solved.get(name, UNKNOWN)
                solved[name] = given if isinstance(before, Unknown | Variable) else union((before, given))
            case ClassOf(instance=inner), ClassOf(instance=other):
                self.solve(inner, other, solved)
            case Union(members=inside), _:
                rest = union(member for member in members(given))
                for member in inside:
                    if member != NONE:
                        self.solve(member, rest, solved)
            case Instance(), Union(members=inside):
                for member in inside:
                    self.solve(declared, member, solved)
            case Instance(args=args), FunctionValue(function=function) if args:
                self.solve(args[-1], self.annotated_return(function), solved)
            case Instance(args=args), Instance() if args:
                for base in self.annotations.mro(given):
                    if base.name == declared.name:
                        for one, other in zip(args, base.args, strict=False):
                            self.solve(one, other, solved)
                        return
                if len(args) == 1 and declared.name.startswith(("typing.", "collections.abc.")):
                    self.solve(args[0], item_of(given, self.inference.iterated), solved)
            case _:
                return

    def awaited(self, t: Type) -> Type:
        match t:
            case Instance(name=name, args=args) if args and name.rpartition(".")[2] in (
                "Awaitable", "Coroutine", "Task", "Future"
            ):  # fmt: skip
                return args[-1]
            case Union():
                return union(self.awaited(member) for member in members(t))
            case _:
                return t


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
