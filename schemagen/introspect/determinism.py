"""Finds where queries and mutations ask Python for the time or for random numbers, which no guard at run time can see.

Compiled code is read, not source: it says which global a name stands for, in lambdas and comprehensions too. Functions
of the project that a handler names are followed, and default factories of the models it makes; methods are not.
"""

from __future__ import annotations

import dataclasses
import dis
import os
import random
import secrets
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from inspect import unwrap
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from pydantic import BaseModel

from schemagen.declare.functions import Action, Mutation
from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.functions import Found
from schemagen.introspect.rules import functions as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.contract import Origin


class Source(StrEnum):
    """What differs from call to call."""

    TIME = "the time"
    RANDOM = "random numbers"
    UUID = "a random UUID"
    SECRET = "a secret"


_KNOWN: Final[dict[int, Source]] = {
    **dict.fromkeys(map(id, (time.time, time.time_ns, time.localtime, time.gmtime, time.ctime)), Source.TIME),
    **{id(found): Source.UUID for name in ("uuid1", "uuid4", "uuid6", "uuid7") if (found := getattr(uuid, name, None))},
    **{id(getattr(secrets, name)): Source.SECRET for name in secrets.__all__},
    id(os.urandom): Source.SECRET,
}
_SHARED_RANDOM: Final = random.random.__self__  # type: ignore[attr-defined]  # the one behind random.choice and the others
_OF_DATES: Final = frozenset({"now", "utcnow", "today"})
_HOMES: Final = frozenset({"time", "datetime", "random", "uuid", "secrets", "os"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One place that asks."""

    source: Source
    written: str
    place: Place | None
    by: str
    """The function or model it stands in."""


def nondeterministic(functions: Iterable[Found], sources: SourceIndex) -> list[Diagnostic]:
    """One mistake for each place, however many functions come by. A mutation may make secrets."""
    reader = _Reader(sources)
    found: dict[Asked, Diagnostic] = {}
    for each in functions:
        if isinstance(each.declared, Action):
            continue
        handler = unwrap(each.declared.handler)
        for part in reader.reachable(handler):
            for asked in reader.asked(part):
                if asked.source is Source.SECRET and isinstance(each.declared, Mutation):
                    continue
                within = None if part is handler else asked.by
                found.setdefault(
                    asked,
                    rules.nondeterministic(asked.place, each.path, asked.source.value, asked.written, within),
                )
    return list(found.values())


class _Reader:
    """Reads each function and model once."""

    def __init__(self, sources: SourceIndex) -> None:
        self._sources = sources
        self.asked = cache(self._asked)
        self._named = cache(self._names)
        self._is_ours = cache(self._below_project)

    def reachable(self, handler: object) -> list[object]:
        """The handler, and the functions and models of the project that it can come to by name."""
        found, left = {id(handler)}, [handler]
        parts = []
        while left:
            part = left.pop()
            parts.append(part)
            for each in self._named(part):
                if id(each) not in found:
                    found.add(id(each))
                    left.append(each)
        return parts

    def _names(self, part: Any) -> list[object]:
        if isinstance(part, type):
            return [each for _, factory in _factories(part) if isinstance(each := factory, FunctionType)]
        if not isinstance(part, FunctionType):
            return []
        scope = part.__globals__
        named: list[object] = []
        for code in _codes(part.__code__):
            for name in code.co_names:
                value = scope.get(name)
                if isinstance(value, ModuleType) and self._is_ours(getattr(value, "__file__", None)):
                    named += [vars(value).get(attribute) for attribute in code.co_names]
                else:
                    named.append(value)
        return [found for value in named if (found := self._followed(value)) is not None]

    def _followed(self, value: object) -> object | None:
        if isinstance(value, FunctionType):
            bare = unwrap(value)
            return bare if isinstance(bare, FunctionType) and self._is_ours(bare.__code__.co_filename) else None
        if isinstance(value, type) and (issubclass(value, BaseModel) or dataclasses.is_dataclass(value)):
            return value if self._is_ours(getattr(sys.modules.get(value.__module__), "__file__", None)) else None
        return None

    def _below_project(self, path: str | None) -> bool:
        return path is not None and self._sources.file_name(path) is not None

    def _asked(self, part: Any) -> list[Asked]:
        if isinstance(part, type):
            return list(self._asked_by_fields(part))
        if not isinstance(part, FunctionType):
            return []
        scope = part.__globals__
        return [
            Asked(source, *self._written(code, instruction), part.__qualname__)
            for code in _codes(part.__code__)
            if _is_suspicious(code, scope)
            for source, instruction in _loads(code, scope)
        ]

    def _asked_by_fields(self, model: type) -> Iterator[Asked]:
        for name, factory in _factories(model):
            source = _source(factory)
            if source is not None:
                at = self._sources.of_field(model, name)
                place = at[0].source.place(at[1]) if at else None
                yield Asked(
                    source,
                    getattr(factory, "__qualname__", repr(factory)),
                    place,
                    f"the default of {model.__name__}.{name}",
                )

    def _written(self, code: CodeType, instruction: dis.Instruction) -> tuple[str, Place | None]:
        """The text of an expression, and where it stands."""
        file, at = self._sources.of_path(code.co_filename), instruction.positions
        if file is None or at is None or at.lineno is None or at.col_offset is None or at.end_col_offset is None:
            return str(instruction.argval), None
        line = file.lines[at.lineno - 1].encode()
        text = line[at.col_offset : at.end_col_offset].decode(errors="ignore") if at.end_lineno == at.lineno else ""
        column = len(line[: at.col_offset].decode(errors="ignore")) + 1
        return text or str(instruction.argval), Place(Origin(file.file, at.lineno, column), max(1, len(text)))


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's code, with that of the lambdas, comprehensions and functions inside."""
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _factories(model: type) -> Iterator[tuple[str, object]]:
    """The default factories of a model's or a dataclass's fields."""
    fields: dict[str, Any] = model.model_fields if issubclass(model, BaseModel) else model.__dataclass_fields__  # type: ignore[attr-defined]
    for name, field in fields.items():
        if callable(field.default_factory):
            yield name, field.default_factory


def _is_suspicious(code: CodeType, scope: dict[str, Any]) -> bool:
    """Whether its instructions are worth reading: reading them costs far more than this."""
    return any(name in _HOMES or _is_home(scope.get(name)) for name in code.co_names)


def _is_home(value: object) -> bool:
    if isinstance(value, ModuleType):
        return value.__name__ in _HOMES
    return (isinstance(value, type) and issubclass(value, date)) or _source(value) is not None


def _loads(code: CodeType, scope: dict[str, Any]) -> Iterator[tuple[Source, dis.Instruction]]:
    """The instructions that take hold of what gives the time or random numbers."""
    local: dict[str, object] = {}
    module: object = None
    value: object = None
    for instruction in dis.get_instructions(code):
        name = instruction.argval
        match instruction.opname:
            case "LOAD_GLOBAL" | "LOAD_NAME":
                value = scope.get(name)
            case "LOAD_ATTR" | "LOAD_METHOD" if isinstance(value, ModuleType | type):
                value = getattr(value, name, None)
            case "IMPORT_NAME":
                value = module = sys.modules.get(name)
            case "IMPORT_FROM":
                value = getattr(module, name, None)
                continue
            case "STORE_FAST":
                local[name] = value
                continue
            case "LOAD_FAST" | "LOAD_FAST_BORROW" | "LOAD_FAST_CHECK":
                value = local.get(name)
            case _:
                value = None
        source = _source(value)
        if source is not None:
            yield source, instruction


def _source(value: object) -> Source | None:
    if id(value) in _KNOWN:
        return _KNOWN[id(value)]
    if value is random.SystemRandom:
        return Source.SECRET
    if isinstance(value, BuiltinFunctionType | MethodType):
        owner = value.__self__
        if owner is _SHARED_RANDOM:
            return Source.RANDOM
        if isinstance(owner, type) and issubclass(owner, date) and value.__name__ in _OF_DATES:
            return Source.TIME
    return None
