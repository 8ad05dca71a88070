"""The functions of a backend, ready to be called with JSON and to answer in JSON."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import orjson
from pydantic import ValidationError

from schemagen.declare import BackendError
from schemagen.declare.functions import Declared
from schemagen.engine.building import Build, builder, refused
from schemagen.engine.cursor import InvalidCursor
from schemagen.engine.tally import Tally
from schemagen.model.contract import Field, Function, Json, NamedType
from schemagen.model.renames import former_function
from schemagen.wire.codec import Codec
from schemagen.wire.issue import Issue, PathPart, WireError


class WrongResult(BackendError):
    """A function returned something that is not of its declared type."""


class CompiledFunction:
    """One declared function with its arguments' and its result's conversions."""

    def __init__(
        self, function: Function, declared: Declared[Any, Any, Any], codec: Codec, named: Mapping[str, NamedType]
    ) -> None:
        self.function = function
        self.path = function.path
        self.kind = function.kind
        self.internal = function.internal
        self.handler = declared.handler
        self.tally = Tally()
        self._named = named
        self._decode = codec.fields_decoder(function.args)
        self._encode = codec.encoder(function.returns)
        self._fields = {field.name: field for field in function.args}
        hints = _argument_hints(declared.handler, self._fields)
        self._builders: list[tuple[Field, Build]] = [
            (field, build) for field in function.args if (build := builder(hints[field.name])) is not None
        ]

    def arguments(self, args: Json) -> dict[str, Any]:
        """What the handler is called with. Raises `WireError` with wire names in its paths."""
        decoded = self._decode(args)
        issues: list[Issue] = []
        for field, build in self._builders:
            if field.name in decoded:
                try:
                    decoded[field.name] = build(decoded[field.name])
                except ValidationError as error:
                    issues += refused(error, field.type, self._named, (field.wire_name,)).issues
        if issues:
            raise WireError(tuple(issues))
        return decoded

    def result(self, value: object) -> bytes:
        """The JSON text of what the handler returned. Raises `WrongResult`."""
        try:
            return orjson.dumps(self._encode(value))
        except WireError as error:
            mistakes = "; ".join(map(str, error.issues[:10]))
            raise WrongResult(f"{self.path} returned what is not of its declared type: {mistakes}") from error

    def cursor_issue(self, error: InvalidCursor, arguments: Mapping[str, Any]) -> Issue:
        """The argument that a bad cursor came in."""
        path: tuple[PathPart, ...] = ()
        for name, value in arguments.items():
            if value is error.request:
                path = (self._fields[name].wire_name, "cursor")
            elif value == error.request.cursor:
                path = (self._fields[name].wire_name,)
        return Issue(path, str(error))


def _argument_hints(handler: Any, names: Iterable[str]) -> dict[str, Any]:
    """The annotations of the arguments alone: that of ctx may name what is imported for type checkers only."""
    annotations = inspect.get_annotations(handler)
    holder = SimpleNamespace(__annotations__={name: annotations[name] for name in names})
    return typing.get_type_hints(holder, globalns=handler.__globals__, include_extras=True)


def compiled(
    functions: Mapping[str, Function],
    declared: Mapping[str, Declared[Any, Any, Any]],
    codec: Codec,
    named: Mapping[str, NamedType],
) -> dict[str, CompiledFunction]:
    """Every function of a contract, by its path and by those it had: deployed clients go on calling by these."""
    ready = {path: CompiledFunction(function, declared[path], codec, named) for path, function in functions.items()}
    formers = (former_function(function, name) for function in functions.values() for name in function.renamed_from)
    return {**{former.path: ready[former.now.path] for former in formers}, **ready}
