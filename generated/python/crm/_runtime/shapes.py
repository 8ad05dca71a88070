"""Between Python values and the JSON of one function. pydantic is imported here, at the first call, and not before."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from .errors import AppError, DecodeError, InvalidArguments, Issue
from .functions import OMIT, Function

_UNSENT = (ValueError, TypeError)


class Shape:
    """How the arguments of one function are written and its result is read."""

    def __init__(self, function: Function[Any, Any]) -> None:
        from pydantic import TypeAdapter

        from .values import camel_case

        self.camel_case = camel_case
        types = annotations_of(function.declaration)
        returns = types.pop("return")
        self.path = function.path
        self.arguments = {name: TypeAdapter(type_) for name, type_ in types.items()}
        self.required = types.keys() - (function.declaration.__kwdefaults__ or {}).keys()
        self.wire_names = function.wire_names
        self.answer = answer_adapter(returns)

    def encode(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments in JSON form by wire name, without those left out. Raises `InvalidArguments`, TypeError."""
        if missing := self.required - arguments.keys():
            raise TypeError(f"{self.path} needs the argument {min(missing)!r}")
        encoded: dict[str, Any] = {}
        for name, value in arguments.items():
            if value is OMIT:
                continue
            adapter = self.arguments.get(name)
            if adapter is None:
                raise TypeError(f"{self.path} has no argument {name!r}; it has {', '.join(self.arguments) or 'none'}")
            wire_name = self.wire_names.get(name) or self.camel_case(name)
            encoded[wire_name] = encode(adapter, value, (wire_name,), self.path)
        return encoded

    def decode_answer(self, body: bytes) -> Any:
        """The result in `{"value": …}`. Raises `DecodeError`."""
        return decode(self.answer, body, self.path)

    def decode(self, value: Any) -> Any:
        """A result from parsed JSON. Raises `DecodeError`."""
        return self.decode_answer(json.dumps({"value": value}).encode())


def answer_adapter(kind: Any) -> Any:
    """Reads `{"value": …}`."""
    from pydantic import TypeAdapter
    from typing_extensions import TypedDict

    return TypeAdapter(TypedDict("Answer", {"value": kind}))  # type: ignore[operator]  # known only now


def annotations_of(declaration: Any) -> dict[str, Any]:
    """Evaluated annotations of a generated function or class: their names are those of its module."""
    names = vars(sys.modules[declaration.__module__])
    return {
        name: eval(text, names) if isinstance(text, str) else text  # text that we generated
        for name, text in declaration.__annotations__.items()
    }


def encode(adapter: Any, value: Any, path: tuple[str | int, ...], where: str) -> Any:
    from pydantic_core import PydanticSerializationError

    from .values import mark_changed

    mark_changed(value)
    try:
        return adapter.dump_python(value, mode="json", by_alias=True, exclude_unset=True, warnings="error")
    except (PydanticSerializationError, *_UNSENT) as error:
        issue = Issue(path, str(error).removeprefix("Error calling function ").splitlines()[-1].strip())
        raise InvalidArguments(f"{where} was not sent: an argument cannot be written", [issue]) from error


def decode(adapter: Any, body: bytes, where: str) -> Any:
    from pydantic import ValidationError

    try:
        return adapter.validate_json(body, strict=True, extra="ignore", by_alias=True, by_name=False)["value"]
    except ValidationError as error:
        issues = [
            Issue(found["loc"][1:], found["msg"])
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise DecodeError(
            f"{where} answered what this SDK does not know: was it generated from another contract?", issues
        ) from error


def decode_fields(failure: AppError) -> None:
    """Set the fields of a backend's error from its data. Raises `DecodeError` if one is missing or does not fit."""
    from .values import camel_case

    kind = type(failure)
    fields = {} if kind is AppError else annotations_of(kind)
    fields.pop("wire_names", None)
    for name, type_ in fields.items():
        wire_name = kind.wire_names.get(name) or camel_case(name)
        if wire_name not in failure.data:
            missing = Issue((wire_name,), "is missing")
            raise DecodeError(f"error {failure.code} is not what this SDK was generated for", [missing]) from failure
        body = json.dumps({"value": failure.data[wire_name]}).encode()
        setattr(failure, name, decode(answer_adapter(type_), body, f"error {failure.code}"))
