"""Annotations → types, and the classes they name: bases, type parameters, members."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from schemagen.codemod.program import Class, Definition, External, Function, Module, ModuleName, Program, Value
from schemagen.codemod.scopes import Assigned, Defined, Scope
from schemagen.codemod.types import (
    NONE,
    OBJECT,
    SELF,
    STR,
    TUPLE,
    UNKNOWN,
    ClassOf,
    Instance,
    Type,
    Variable,
    substituted,
    union,
    variables_in,
)

_TRANSPARENT: Final = frozenset({"Annotated", "ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Unpack"})
_TYPING: Final = ("typing.", "typing_extensions.", "collections.abc.", "collections.")
_LOWER: Final = {name: name.lower() for name in ("List", "Dict", "Set", "FrozenSet", "Tuple", "Type")}
_DEPTH_MAX: Final = 40


class Annotations:
    """Reads annotations of one program. Everything it cannot read is UNKNOWN."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._mro: dict[str, tuple[Instance, ...]] = {}
        self._depth = 0

    def read(self, node: cst.BaseExpression, module: Module, scope: Scope) -> Type:
        self._depth += 1
        try:
            return UNKNOWN if self._depth > _DEPTH_MAX else self._read(node, module, scope)
        finally:
            self._depth -= 1

    def _read(self, node: cst.BaseExpression, module: Module, scope: Scope) -> Type:
        match node:
            case cst.Name(value="None"):
                return NONE
            case cst.Name() | cst.Attribute():
                return self.of_definition(self.program.expressed(module, scope, node))
            case cst.BinaryOperation(left=left, operator=cst.BitOr(), right=right):
                return union((self.read(left, module, scope), self.read(right, module, scope)))
            case cst.Subscript(value=base, slice=elements):
                inside = [e.slice.value for e in elements if isinstance(e.slice, cst.Index)]
                return self._subscript(base, inside, module, scope)
            case cst.SimpleString() | cst.ConcatenatedString():
                return self._quoted(node.evaluated_value, module, scope)
            case _:
                return UNKNOWN

    def _quoted(self, text: object, module: Module, scope: Scope) -> Type:
        try:
            return self.read(cst.parse_expression(str(text).strip()), module, scope)
        except cst.ParserSyntaxError:
            return UNKNOWN

    def _subscript(
        self, base: cst.BaseExpression, inside: list[cst.BaseExpression], module: Module, scope: Scope
    ) -> Type:
        definition = self.program.expressed(module, scope, base)
        name = short_name(definition)
        if name in _TRANSPARENT:
            return self.read(inside[0], module, scope)
        if name == "Literal":
            return STR
        args = tuple(UNKNOWN if isinstance(arg, cst.Ellipsis) else self.read(arg, module, scope) for arg in inside)
        match name:
            case "Optional":
                return union((*args, NONE))
            case "Union":
                return union(args)
            case "type":
                return ClassOf(args[0])
            case "tuple":
                repeated = len(inside) == 2 and isinstance(inside[1], cst.Ellipsis)
                return Instance("builtins.tuple", args[:1]) if repeated else Instance(TUPLE, args)
            case "Callable":
                return Instance("typing.Callable", args[-1:])
            case _:
                return self._applied(definition, args)

    def _applied(self, definition: Definition, args: tuple[Type, ...]) -> Type:
        """`Page[Contact]`, and of a generic alias `Pair[Contact]` what it stands for."""
        t = self.of_definition(definition)
        if isinstance(definition, Value):
            free = list(dict.fromkeys(v.name for v in variables_in(t)))
            return substituted(t, dict(zip(free, args, strict=False)))
        return Instance(t.name, args) if isinstance(t, Instance) else t

    def of_definition(self, definition: Definition) -> Type:
        """The values that an annotation of this name allows."""
        match definition:
            case Class(name=name):
                return Instance(name)
            case Function() | ModuleName():
                return UNKNOWN
            case Value():
                return self._alias(definition)
            case External(name=full):
                name = short_name(definition)
                if full == "" or name in ("Any", "Incomplete"):
                    return UNKNOWN
                if name in ("Self", "object"):
                    return SELF if name == "Self" else OBJECT
                return Instance(f"builtins.{name}" if name in _LOWER.values() else full)

    def _alias(self, value: Value) -> Type:
        """Type variables, aliases (`Stage = Literal[...]`, `type Stage = ...`) and new types."""
        for binding in value.bindings:
            match binding:
                case Assigned(value=cst.Call() as call):
                    made = self.program.expressed(value.module, value.scope, call.func)
                    return self._made(short_name(made), call, value)
                case Assigned(value=cst.BaseExpression() as expression):
                    return self.read(expression, value.module, value.scope)
                case Defined(node=cst.TypeAlias(value=expression)):
                    return self.read(expression, value.module, value.scope)
                case Defined(node=cst.TypeVar(bound=bound)):
                    known = UNKNOWN if bound is None else self.read(bound, value.module, value.scope)
                    return Variable(value.full_name, known)
                case Defined(node=cst.ParamSpec()):
                    return Variable(value.full_name, UNKNOWN)
                case _:
                    continue
        return UNKNOWN

    def _made(self, by: str, call: cst.Call, value: Value) -> Type:
        match by:
            case "TypeVar" | "ParamSpec":
                bounds = [a.value for a in call.args if a.keyword is not None and a.keyword.value == "bound"]
                among = [a.value for a in call.args[1:] if a.keyword is None]
                known = [self.read(each, value.module, value.scope) for each in bounds or among]
                return Variable(value.full_name, union(known))
            case "NewType":
                return Instance(value.full_name)
            case "TypeAliasType" if len(call.args) > 1:
                return self.read(call.args[1].value, value.module, value.scope)
            case _:
                return UNKNOWN

    def mro(self, instance: Instance) -> tuple[Instance, ...]:
        """The class and its bases, each with its arguments, in the order in which attributes are looked up."""
        cls = self.program.find_class(instance.name)
        if cls is None:
            return (instance,)
        if instance.name not in self._mro:
            self._mro[instance.name] = (Instance(instance.name),)  # a class among its own bases would not end
            found: dict[str, Instance] = {}
            for base in self.bases(cls):
                for each in self.mro(base):
                    found.pop(each.name, None)
                    found[each.name] = each
            self._mro[instance.name] = (Instance(instance.name), *found.values())
        solved = dict(zip((v.name for v in self.parameters(cls)), instance.args, strict=False))
        return (instance, *(self._with(base, solved) for base in self._mro[instance.name][1:]))

    def _with(self, base: Instance, solved: dict[str, Type]) -> Instance:
        done = substituted(base, solved)
        assert isinstance(done, Instance)
        return done

    def bases(self, cls: Class) -> Iterator[Instance]:
        outer = cls.scope.parent or cls.scope
        for arg in cls.node.bases:
            read = self.read(arg.value, cls.module, outer)
            if isinstance(read, Instance):
                yield read

    def parameters(self, cls: Class) -> tuple[Variable, ...]:
        """The type parameters of a class, in the order of their arguments."""
        found: dict[str, Variable] = {}
        outer = cls.scope.parent or cls.scope
        if cls.node.type_parameters is not None:
            for given in cls.node.type_parameters.params:
                t = self.of_definition(self.program.named(cls.module, outer, given.param.name.value))
                found |= {t.name: t} if isinstance(t, Variable) else {}
            return tuple(found.values())
        for arg in cls.node.bases:
            for variable in variables_in(self.read(arg.value, cls.module, outer)):
                found.setdefault(variable.name, variable)
        return tuple(found.values())


def short_name(definition: Definition) -> str:
    """`Annotated` for `typing.Annotated`, `list` for both `list` and `typing.List`; "" for what is of no library."""
    if not isinstance(definition, External):
        return ""
    name = definition.name
    last = name.rpartition(".")[2]
    return _LOWER.get(last, last) if name.startswith((*_TYPING, "builtins.")) else ""


def short_name_of(node: cst.CSTNode) -> str:
    """`property` for `@property` and `@functools.property`, of a call that of its function; "" for anything else."""
    match node:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return name
        case cst.Call(func=func):
            return short_name_of(func)
        case _:
            return ""
