"""What a schema says of itself, in any dialect: its types, whether null is one of them, whether it is a model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

FORMATS: Final = frozenset(("date-time", "date", "uuid"))
"""Formats of text that have a type of their own whose form on the wire is the same; all others are text."""
_SAYING = """
$ref additionalProperties allOf anyOf const enum format items maxLength maximum minLength minimum oneOf pattern
patternProperties prefixItems properties required type
"""
SAYING: Final = frozenset(_SAYING.split())
"""Keywords that say something of a value; a schema without any of them is any JSON."""
CONTAINING: Final = frozenset(("items", "prefixItems", "additionalProperties", "patternProperties"))
"""Keywords with the schemas of what is inside."""
_UNCHECKED = """
not if dependentRequired dependentSchemas dependencies propertyNames contains unevaluatedProperties unevaluatedItems
"""
UNCHECKED: Final = tuple(_UNCHECKED.split())
"""Keywords that only refuse values: a model accepts these."""


def types_of(node: Any) -> list[str]:
    """The types that a schema allows, without null beside others; [] if it does not say."""
    if not isinstance(node, dict):
        return []
    listed = _listed(node)
    return [each for each in listed if each != "null" or len(listed) == 1] or _implied(node)


def is_nullable(node: Any) -> bool:
    """Whether null is allowed beside something else."""
    if not isinstance(node, dict):
        return False
    listed, values = _listed(node), node.get("enum")
    return (
        node.get("nullable") is True
        or node.get("x-nullable") is True
        or ("null" in listed and len(listed) > 1)
        or (isinstance(values, list) and None in values and len(values) > 1)
    )


def is_record(node: Any) -> bool:
    """Whether it declares properties: then it is a model; any other object is a dict."""
    if not isinstance(node, dict) or "object" not in types_of(node):
        return False
    if node.get("properties"):
        return True
    if node.get("additionalProperties") is False:
        return not node.get("patternProperties")
    return bool(node.get("required")) and not isinstance(node.get("additionalProperties"), dict)


def is_union(node: Any) -> bool:
    """Whether it has members that say more than which properties are required."""
    if not isinstance(node, dict):
        return False
    members = [each for key in ("oneOf", "anyOf") if isinstance(node.get(key), list) for each in node[key]]
    return any(not isinstance(each, dict) or (SAYING - {"required"}) & each.keys() for each in members)


def is_mere_reference(node: Mapping[str, Any]) -> bool:
    """Whether nothing beside a reference says anything of the value."""
    return not (SAYING - {"$ref"}) & node.keys()


def unchecked_in(node: Mapping[str, Any]) -> list[str]:
    """Keywords whose refusals no model makes."""
    found = [key for key in UNCHECKED if key in node and not (key.startswith("unevaluated") and node[key] is False)]
    if is_record(node):
        found += [key for key in ("minProperties", "maxProperties") if key in node]
    if not is_union(node):
        found += [key for key in ("oneOf", "anyOf") if isinstance(node.get(key), list)]
    return found


def or_null(made: Schema) -> Schema:
    """A schema of ours that allows null as well."""
    if not made or made.get("type") == "null":
        return made
    if isinstance(made.get("type"), str) and "enum" not in made:
        return {**made, "type": [made["type"], "null"]}
    return {"anyOf": [made, {"type": "null"}]}


def _listed(node: Mapping[str, Any]) -> list[str]:
    given = node.get("type")
    return [given] if isinstance(given, str) else [str(each) for each in given] if isinstance(given, list) else []


def _implied(node: Mapping[str, Any]) -> list[str]:
    """The type of a schema that does not name it but could mean no other."""
    if {"properties", "additionalProperties", "patternProperties"} & node.keys():
        return ["object"]
    if {"items", "prefixItems"} & node.keys():
        return ["array"]
    if {"pattern", "minLength", "maxLength"} & node.keys() or node.get("format") in FORMATS:
        return ["string"]
    if {"minimum", "maximum", "multipleOf"} & node.keys():
        return ["number"]
    return ["object"] if isinstance(node.get("required"), list) and _alone(node) else []


def _alone(node: Mapping[str, Any]) -> bool:
    """Whether a list of what is required stands alone, beside no reference and no other schemas."""
    return not {"$ref", "allOf", "anyOf", "oneOf", "enum", "const"} & node.keys()
