"""The generated Python package as its users have it, and a door to the server through which anything can be sent."""

from __future__ import annotations

import importlib
import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

from schemagen.model.contract import Function
from tests.emit.python.package import imported

PACKAGE = "random_sdk"


class Door:
    """A transport that can change a request on its way."""

    def __init__(self, package: ModuleType) -> None:
        self._http = importlib.import_module(f"{package.__name__}._runtime.transport").HttpxTransport()
        self.instead: bytes | None = None
        """What the server gets in place of the body that the SDK wrote."""

    def send(self, request: Any, timeout_s: float) -> Any:
        return self._http.send(request if self.instead is None else replace(request, body=self.instead), timeout_s)

    def close(self) -> None:
        self._http.close()


class PythonSdk:
    def __init__(self, package: ModuleType, address: str) -> None:
        self.door = Door(package)
        self.client = package.Client(address, transport=self.door)
        self.errors = package.errors

    def call(self, function: Function, value: Any) -> Any:
        return self.call_with(function, {"value": value})

    def call_with(self, function: Function, args: dict[str, Any]) -> Any:
        return self._bound(self.client, function)(**args)

    def first_live(self, function: Function, value: Any) -> Any:
        return next(iter(self._bound(self.client.live, function)(value=value)))

    def decoded(self, function: Function, wire: Any) -> Any:
        """A value from the wire as the SDK gives it to an application."""
        return self._shape(function).decode(wire)

    def written(self, function: Function, value: Any) -> Any:
        """A value of an application as the SDK writes it."""
        return self._shape(function).encode({"value": value})["value"]

    def refusal(self, function: Function, value: Any, wire: Any) -> list[tuple[str | int, ...]] | str:
        """The places that the server refuses `wire` for, as the SDK reports them, or what happened instead.

        `value` is what is called with: the SDK would not send what breaks its own types.
        """
        self.door.instead = json.dumps({"value": wire}).encode()
        try:
            return f"was taken, and came back as {self.call(function, value)!r}"
        except self.errors.InvalidArguments as error:
            return [issue.path for issue in error.issues]
        except Exception as error:  # whatever it is: the other values are looked at all the same
            return f"failed: {type(error).__name__}: {error}"
        finally:
            self.door.instead = None

    def _shape(self, function: Function) -> Any:
        # A user has values from results, and never needs to ask for one without a call.
        return self.client._shared_calls().shape(self._bound(self.client, function).function)

    def _bound(self, module: Any, function: Function) -> Any:
        for name in (*filter(None, function.module.split(".")), function.name):
            module = getattr(module, name, None) or getattr(module, f"{name}_")
        return module


@contextmanager
def python_sdk(folder: Path, address: str) -> Iterator[PythonSdk]:
    """The package below `folder`, with a client of the server at `address`."""
    with imported(folder, PACKAGE) as package:
        sdk = PythonSdk(package, address)
        with sdk.client:
            yield sdk


def same(first: Any, second: Any) -> bool:
    """Equality by value and class; NaN is NaN, and a set has no order."""
    if type(first) is not type(second):
        return False
    if isinstance(first, float):
        return first == second or (math.isnan(first) and math.isnan(second))
    if isinstance(first, dict):
        return first.keys() == second.keys() and all(same(first[key], second[key]) for key in first)
    if isinstance(first, list | tuple):
        return len(first) == len(second) and all(map(same, first, second))
    if hasattr(first, "__pydantic_fields__"):
        return same(vars(first), vars(second))
    return bool(first == second)
