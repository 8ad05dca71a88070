"""`oneOf` and `anyOf`: the members of a union, what they are called, and the tag that tells them apart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from schemagen.cli.importing.nodes import Schema
from schemagen.cli.importing.references import References
from schemagen.cli.importing.roots import name_of, words
from schemagen.cli.importing.source import At
from schemagen.cli.mistake import CommandError


@dataclass(frozen=True, slots=True)
class Member:
    at: At
    node: Any
    hint: str
    """What to add to the name of the union for a member that has none: `Card`, `2`."""
    name: str
    """The same, for a member that is merged with others: that of the schema it refers to, if it does."""
    tags: tuple[str, ...]
    """Values of the discriminator that mean it."""


def members_of(at: At, node: Schema, references: References) -> list[Member]:
    """Of `oneOf`, else of `anyOf`. Raises `CommandError` for a reference that leads nowhere."""
    key = "oneOf" if node.get("oneOf") else "anyOf"
    return [_member(at, at / key / i, node, each, i, references) for i, each in enumerate(node[key])]


def discriminated(node: Schema, members: list[Member], made: list[Schema]) -> Schema | None:
    """The union with its discriminator, if it has one and every member is told by it."""
    given = node.get("discriminator")
    name = given.get("propertyName") if isinstance(given, dict) else None
    tags = {
        tag: schema["$ref"]
        for member, schema in zip(members, made, strict=True)
        if "$ref" in schema
        for tag in member.tags
    }
    if not isinstance(name, str) or set(tags.values()) != {schema.get("$ref") for schema in made}:
        return None
    return {"oneOf": made, "discriminator": {"propertyName": name, "mapping": tags}}


def _member(union: At, at: At, node: Schema, each: Any, index: int, references: References) -> Member:
    hint = _tag_of(each) or (words(each["title"]) if _has_title(each) else str(index + 1))
    if not (isinstance(each, dict) and "$ref" in each):
        return Member(at, each, hint, hint, ())
    target = references.resolve(at, each["$ref"])
    return Member(at, each, hint, name_of(target), _tags(union, node, target, references))


def _has_title(node: Any) -> bool:
    return isinstance(node, dict) and isinstance(node.get("title"), str)


def _tag_of(node: Any) -> str:
    """A name from the one value that a property of an inline object can have."""
    properties = node.get("properties") if isinstance(node, dict) else None
    for each in properties.values() if isinstance(properties, dict) else ():
        values = each.get("enum", [each.get("const")]) if isinstance(each, dict) else []
        if len(values) == 1 and isinstance(values[0], str) and re.search("[A-Za-z]", values[0]):
            return words(values[0])
    return ""


def _tags(union: At, node: Schema, target: At, references: References) -> tuple[str, ...]:
    given = node.get("discriminator")
    if not isinstance(given, dict):
        return ()
    mapping = given.get("mapping")
    pairs = mapping.items() if isinstance(mapping, dict) else ()
    meant = tuple(str(value) for value, ref in pairs if _mapped(union, str(ref), references) == target)
    return meant or target.pointer[-1:]


def _mapped(at: At, ref: str, references: References) -> At | None:
    """What a mapping means: a reference, or the name of a schema in components."""
    for tried in (f"#/components/schemas/{ref}", ref):
        try:
            return references.resolve(at, tried)
        except CommandError:
            continue
    return None
