"""`errors.py`: the errors of the backend as classes, beside those every SDK has."""

from __future__ import annotations

from schemagen.emit.python.names import Names, error_field_names
from schemagen.emit.python.text import HEADER, docstring, mapping, string, whole
from schemagen.emit.python.type_text import TypeText
from schemagen.model.contract import Contract
from schemagen.model.naming import camel_case

OURS = (
    "AppError",
    "ConnectionFailed",
    "ContractMismatch",
    "DecodeError",
    "InternalError",
    "InvalidArguments",
    "Issue",
    "ProtocolError",
    "SchemagenError",
    "TimedOut",
    "Unauthenticated",
    "Unavailable",
    "UnknownFunction",
)


def errors_file(contract: Contract, names: Names) -> str:
    errors = sorted(contract.errors, key=lambda error: names.errors[error.code])
    text = TypeText(contract, names, lambda name: f"_types.{name}")
    bodies: list[str] = []
    for error in errors:
        bodies += ["", "", f"class {names.errors[error.code]}(AppError):", *docstring(error.doc, 4)]
        bodies += [""] if error.doc else []
        bodies.append(f"    code = {string(error.code)}")
        own = error_field_names(f.name for f in error.fields)
        renamed = {own[f.name]: f.wire_name for f in error.fields if camel_case(own[f.name]) != f.wire_name}
        if renamed:
            text.typing.add("ClassVar")
            bodies.append(f"    wire_names: ClassVar[dict[str, str]] = {mapping(renamed)}")
        for f in error.fields:
            bodies += [*whole([f"    {own[f.name]}: {text.text(f.type)}"]), *docstring(f.doc, 4)]
    table = [f"    {string(error.code)}: {names.errors[error.code]}," for error in errors]
    lines = [
        HEADER,
        '"""What a call can raise. All of it is a `SchemagenError`; the backend\'s own are each an `AppError`."""',
    ]
    lines += ["", "from __future__ import annotations", ""]
    if text.typing:
        lines += [f"from typing import {', '.join(sorted(text.typing))}", ""]
    if any("_types." in line for line in bodies):
        lines.append("from . import types as _types")
    lines += ["from ._runtime.errors import (", *(f"    {name}," for name in OURS), ")"]
    listed = sorted([*OURS, *names.errors.values()])
    lines += ["", "__all__ = [", *(f'    "{name}",' for name in listed), "]"]
    opening = "BY_CODE: dict[str, type[AppError]] = {"
    lines += [*bodies, "", "", *([opening, *table, "}"] if table else [opening + "}"])]
    lines.append('"""The errors of the backend by their code."""')
    return "\n".join(lines) + "\n"
