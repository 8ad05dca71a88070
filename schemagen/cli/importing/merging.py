"""`allOf`: the schemas that hold together, and the union among them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from schemagen.cli.importing.nodes import Schema, is_union
from schemagen.cli.importing.references import References
from schemagen.cli.importing.source import At
from schemagen.cli.mistake import CommandError, Mistake

Part: TypeAlias = tuple[At, Any]


@dataclass
class Merged:
    """`parts` are schemas without references, `allOf` and unions, in the order in which they say more."""

    parts: list[tuple[At, Schema]] = field(default_factory=list)
    unions: list[tuple[At, Schema]] = field(default_factory=list)

    @property
    def union(self) -> tuple[At, Schema] | None:
        return self.unions[0] if self.unions else None


def merged(at: At, parts: Iterable[Part], references: References) -> Merged:
    """Raises `CommandError` for several unions, and for an `allOf` that leads back to itself."""
    whole = Merged()
    _gather(parts, whole, references, ())
    if len(whole.unions) > 1:
        raise CommandError(
            at.mistake(
                "import_unsupported",
                "allOf of several unions has no model",
                why="every pair of their members would be a model of its own",
                fix="write one oneOf whose members are whole objects, or import this as any JSON with --loose",
            )
        )
    return whole


def _gather(parts: Iterable[Part], whole: Merged, references: References, passed: tuple[At, ...]) -> None:
    for at, node in parts:
        if not isinstance(node, dict):
            continue
        inner = [(at / "allOf" / i, each) for i, each in enumerate(node.get("allOf") or ())]
        if "$ref" in node:
            target = references.resolve(at, node["$ref"])
            inner.insert(0, (target, references.node(target)))
        for place, each in inner:
            if place in passed:
                raise CommandError(endless(place))
            _gather([(place, each)], whole, references, (*passed, place))
        union = is_union(node)
        if union:
            whole.unions.append((at, node))
        own = {key: value for key, value in node.items() if key not in ("allOf", "$ref")}
        if union:
            own = {key: value for key, value in own.items() if key not in ("oneOf", "anyOf", "discriminator")}
        if own:
            whole.parts.append((at, own))


def endless(at: At) -> Mistake:
    return at.mistake(
        "import_reference",
        "allOf leads back to itself",
        why="the object would contain all of itself, and more",
        fix="remove one of the references",
    )
