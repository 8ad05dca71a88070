"""Plain values: text, numbers, literals, and defaults, as the models can say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from schemagen.cli.importing.nodes import FORMATS, Schema


def text(node: Mapping[str, Any]) -> Schema:
    """Text with what is known of it; a pattern that not everybody can read is left out (see `is_pattern`)."""
    form = node.get("format")
    if form in FORMATS and "pattern" not in node:
        return {"type": "string", "format": form}
    made: Schema = {"type": "string", **lengths(node, "minLength", "maxLength")}
    if is_pattern(node.get("pattern")):
        made["pattern"] = node["pattern"]
    return made


def lengths(node: Mapping[str, Any], *keys: str) -> Schema:
    return {key: node[key] for key in keys if type(node.get(key)) is int and node[key] >= 0}


def number(node: Mapping[str, Any], kind: str) -> Schema:
    """A number with bounds as they are since draft 6: each of the four is a number."""
    made: Schema = {"type": kind}
    for key, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        bound, strict = node.get(key), node.get(exclusive)
        if _is_number(bound):
            made[exclusive if strict is True else key] = bound
        if _is_number(strict):
            made[exclusive] = strict
    if _is_number(node.get("multipleOf")):
        made["multipleOf"] = node["multipleOf"]
    return {key: _whole(value) for key, value in made.items()} if kind == "integer" else made


def literals(values: list[Any]) -> list[Any] | None:
    """What a Literal can hold of these values, each once; None if one of them is no text, integer, boolean or null."""
    once: dict[tuple[type, Any], Any] = {}
    for value in values:
        if not isinstance(value, str | int | None):
            return None
        if value is not None:
            once.setdefault((type(value), value), value)
    return list(once.values())


def is_pattern(pattern: object) -> bool:
    """Whether pydantic and Python both can read a regular expression."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    if not isinstance(pattern, str):
        return False
    try:
        re.compile(pattern)
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except (re.error, SchemaError, OverflowError, RecursionError):
        return False
    return True


def is_default(value: Any, made: Schema) -> bool:
    """Whether a default can be written down as it is: for a model or a date it would be something else in Python."""
    if "anyOf" in made:
        return any(is_default(value, each) for each in made["anyOf"])
    if "enum" in made:
        return _same_literal(value, made["enum"])
    kind = made.get("type")
    match kind[0] if isinstance(kind, list) else kind, value:
        case ("integer" | "number", bool()):
            return False
        case ("string", str()):
            return made.get("format") not in FORMATS
        case ("integer", int()) | ("number", int() | float()) | ("boolean", bool()):
            return True
        case "array", list():
            item = made.get("items")
            return isinstance(item, dict) and all(not isinstance(v, list) and is_default(v, item) for v in value)
        case "object", dict():
            return not value and "properties" not in made
        case _:
            return False


def _same_literal(value: Any, values: object) -> bool:
    """Whether a value is one of a list; in JSON 1 is not true."""
    return isinstance(values, list) and any(type(each) is type(value) and each == value for each in values)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
