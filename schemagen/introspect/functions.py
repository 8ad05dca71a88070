"""Queries, mutations and actions: handlers → functions of the contract."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from inspect import Parameter, cleandoc
from types import ModuleType
from typing import Any, Final

from pydantic.fields import FieldInfo

from schemagen.declare.context import ActionCtx, Ctx, MutationCtx, QueryCtx
from schemagen.declare.errors import AppError
from schemagen.declare.functions import Action, Declared, Mutation, Query
from schemagen.introspect.annotations import TypeBuilder
from schemagen.introspect.diagnostics import Place, origin_of
from schemagen.introspect.field_names import meeting_names
from schemagen.introspect.records import RawField, described_field
from schemagen.introspect.rules import functions as rules
from schemagen.introspect.scope import evaluated, own_annotations
from schemagen.introspect.source import SourceIndex
from schemagen.introspect.spot import Spot
from schemagen.model.contract import MISSING, Function, FunctionKind
from schemagen.model.naming import function_path, public_name
from schemagen.model.types import NullType, Type

_KINDS: Final[dict[type, tuple[FunctionKind, type[Ctx]]]] = {
    Query: (FunctionKind.QUERY, QueryCtx),
    Mutation: (FunctionKind.MUTATION, MutationCtx),
    Action: (FunctionKind.ACTION, ActionCtx),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A declared function, where it was found."""

    declared: Declared[Any, Any, Any]
    module: str  # below the backend package, as in `Function.module`
    attribute: str

    @property
    def path(self) -> str:
        return function_path(self.module, self.attribute)


def find_functions(modules: Iterable[ModuleType], package: str) -> list[Found]:
    """Every declared function once, in the module that declares it, by path."""
    seen: dict[int, list[tuple[ModuleType, str]]] = {}
    for module in modules:
        for name, value in vars(module).items():
            if isinstance(value, Declared):
                seen.setdefault(id(value), []).append((module, name))
    found = []
    for places in seen.values():
        declared: Declared[Any, Any, Any] = vars(places[0][0])[places[0][1]]
        module, name = min(places, key=lambda place: _how_far_from_home(declared, *place))
        found.append(Found(declared, _module_path(module.__name__, package), name))
    return sorted(found, key=lambda each: each.path)


def _how_far_from_home(declared: Declared[Any, Any, Any], module: ModuleType, name: str) -> tuple[object, ...]:
    """The module that declares it comes before one that imports it, its own name before another one."""
    return (module.__name__ != declared.__module__, name != declared.__name__, module.__name__, name)


def _module_path(name: str, package: str) -> str:
    """`backend.billing.open_` → `billing.open`; "" for the package itself."""
    return ".".join(public_name(part) for part in name.removeprefix(package).split(".") if part)


class Handler:
    """The Python function behind a declared one, and its source."""

    def __init__(self, found: Found, sources: SourceIndex) -> None:
        self.given = found.declared.handler
        self.bare: Any = inspect.unwrap(self.given)  # without decorators that set __wrapped__
        written = sources.function(self.given)
        self._source = written[0] if written else None
        self._node = written[1] if written else None

    @cached_property
    def annotations(self) -> dict[str, Any]:
        return own_annotations(self.bare)

    @property
    def scope(self) -> dict[str, Any]:
        return getattr(self.bare, "__globals__", {})

    @cached_property
    def parameters(self) -> list[Parameter]:
        return list(inspect.signature(self.given).parameters.values())

    @property
    def is_async(self) -> bool:
        return inspect.iscoroutinefunction(self.given) or inspect.iscoroutinefunction(self.bare)

    @cached_property
    def place(self) -> Place | None:
        return self._source.place(self._node) if self._source else None

    def argument_place(self, name: str) -> Place | None:
        written = self._argument(name)
        return self._source.place(written) if self._source and written else self.place

    def argument_spot(self, name: str, path: str) -> Spot:
        spot = Spot(f'argument "{name}" of {path}', self.argument_place(name), self.scope)
        written = self._argument(name)
        return spot.mentioning(written.annotation) if written else spot

    def result_spot(self, path: str) -> Spot:
        written = self._node.returns if self._node else None
        place = self._source.place(written) if self._source and written else self.place
        spot = Spot(f"result of {path}", place, self.scope)
        return spot.mentioning(written) if written else spot

    def raises_place(self, name: str) -> Place | None:
        """The name inside `raises=[...]`."""
        decorators = self._node.decorator_list if self._node else []
        for keyword in (k for decorator in decorators for k in getattr(decorator, "keywords", ())):
            if keyword.arg == "raises" and self._source is not None:
                inside = [node for node in ast.walk(keyword.value) if isinstance(node, ast.Name | ast.Attribute)]
                named = (node for node in inside if name in (getattr(node, "id", ""), getattr(node, "attr", "")))
                return self._source.place(next(named, keyword.value))
        return self.place

    def _argument(self, name: str) -> ast.arg | None:
        if self._node is None:
            return None
        given = self._node.args
        every = (*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg)
        return next((arg for arg in every if arg is not None and arg.arg == name), None)


@dataclass(frozen=True, slots=True)
class FunctionReader:
    """Reads one function after the other; mistakes go to the builder."""

    builder: TypeBuilder
    sources: SourceIndex

    def read(self, found: Found) -> tuple[Function, tuple[RawField, ...]]:
        """The function without its defaults, and the arguments that have one."""
        handler = Handler(found, self.sources)
        kind, context = _KINDS[type(found.declared)]
        self._check_async(handler, found)
        self._check_context(handler, found, kind, context)
        raws = tuple(self._arguments(handler, found, context))
        for mistake in meeting_names(raws, found.path, "arguments"):
            self.builder.refuse(mistake)
        function = Function(
            path=found.path,
            module=found.module,
            name=public_name(found.attribute),
            kind=kind,
            args=tuple(self.builder.named.field(raw) for raw in raws),
            returns=self._returns(handler, found),
            raises=tuple(sorted({error.code for error in self._errors(handler, found)})),
            internal=found.declared.internal,
            doc=cleandoc(handler.given.__doc__ or ""),
            deprecated=_deprecation(found.declared),
            origin=origin_of(handler.place),
            renamed_from=found.declared.former_names,
        )
        return function, tuple(raw for raw in raws if raw.default is not MISSING)

    def _check_async(self, handler: Handler, found: Found) -> None:
        is_generator = inspect.isasyncgenfunction(handler.bare)
        if is_generator or not handler.is_async:
            self.builder.refuse(rules.not_async(handler.place, found.path, handler.given.__name__, is_generator))

    def _check_context(self, handler: Handler, found: Found, kind: FunctionKind, context: type[Ctx]) -> None:
        first = next(iter(handler.parameters), None)
        place, shown = handler.place, None
        if first is not None and first.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD):
            place = handler.argument_place(first.name)
            annotation = evaluated(handler.annotations.get(first.name), handler.scope)
            if isinstance(annotation, type) and issubclass(context, annotation) and issubclass(annotation, Ctx):
                return
            shown = f'"{first.name}"' if annotation is None else getattr(annotation, "__name__", str(annotation))
        self.builder.refuse(rules.wrong_context(place, found.path, kind.value, context.__name__, shown))

    def _arguments(self, handler: Handler, found: Found, context: type[Ctx]) -> Iterator[RawField]:
        parameters = handler.parameters
        has_context = bool(parameters) and parameters[0].kind is not Parameter.KEYWORD_ONLY
        for parameter in parameters[1:] if has_context else parameters:
            place = handler.argument_place(parameter.name)
            if parameter.kind is not Parameter.KEYWORD_ONLY:
                stars = _stars(parameter)
                shown = f"ctx: {context.__name__}"
                self.builder.refuse(rules.non_keyword_argument(place, found.path, parameter.name, shown, stars))
                if stars:
                    continue
            if parameter.name not in handler.annotations:
                self.builder.refuse(rules.missing_annotation(place, found.path, parameter.name))
                continue
            spot = handler.argument_spot(parameter.name, found.path)
            default = MISSING if parameter.default is Parameter.empty else parameter.default
            yield described_field(parameter.name, handler.annotations[parameter.name], spot, default, FieldInfo())

    def _returns(self, handler: Handler, found: Found) -> Type:
        if "return" not in handler.annotations:
            rule = rules.missing_return_annotation(handler.place, found.path, handler.given.__name__)
            self.builder.refuse(rule)
            return NullType()
        return self.builder.build(handler.annotations["return"], handler.result_spot(found.path))

    def _errors(self, handler: Handler, found: Found) -> Iterator[type[AppError]]:
        for given in found.declared.raises:
            given_any: Any = given  # the author may have put anything there
            if isinstance(given_any, type) and issubclass(given_any, AppError) and given_any is not AppError:
                yield given_any
            else:
                shown = getattr(given, "__name__", None) or repr(given)
                self.builder.refuse(rules.unknown_error(handler.raises_place(shown), found.path, shown))


def _stars(parameter: Parameter) -> str:
    if parameter.kind is Parameter.VAR_POSITIONAL:
        return "*"
    return "**" if parameter.kind is Parameter.VAR_KEYWORD else ""


def _deprecation(declared: Declared[Any, Any, Any]) -> str | None:
    """From `@query(deprecated=...)`, or from the decorator `@deprecated(...)`."""
    reason = (
        declared.deprecated if declared.deprecated is not None else getattr(declared.handler, "__deprecated__", None)
    )
    return None if reason is None else str(reason)
