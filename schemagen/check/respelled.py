"""Names that the wire does not know: a field's in Python, an enum's members'. Who writes them has to be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from schemagen.check.changes import LANGUAGES, Language, Level
from schemagen.check.spelling import spelled_value
from schemagen.model.contract import EnumType, Field, ObjectType
from schemagen.model.types import LiteralType
from schemagen.wire.kinds import Structure


@dataclass(frozen=True, slots=True)
class Respelled:
    """The wire carries what it carried, and rebuilt consumers that write the name do not compile."""

    rule: str
    name: str
    """As it was written."""
    now: str
    levels: Mapping[Language, Level]
    says: str
    fix: str
    wire_name: str = ""
    """Of a field."""


def respelled_type(before: Structure, after: Structure) -> Iterator[Respelled]:
    """Names inside a type that are written otherwise now."""
    match before, after:
        case ObjectType(), ObjectType():
            yield from respelled_fields(before.fields, after.fields)
        case EnumType(), EnumType():
            yield from _members(before, after)
        case EnumType(), LiteralType():
            name = before.members[0].name
            says = f"is no enum any more: {before.name}.{name} and its like are gone from both SDKs"
            yield Respelled("type_respelled", "", "", _everywhere(), says, "keep the enum, or write the values out")
        case _:
            pass


def respelled_fields(before: Iterable[Field], after: Iterable[Field]) -> Iterator[Respelled]:
    """Fields or arguments with the same name on the wire and another in Python."""
    now = {field.wire_name: field for field in after}
    for field in before:
        known = now.get(field.wire_name)
        if known is not None and known.name != field.name:
            levels: dict[Language, Level] = {"python": Level.SOURCE, "typescript": Level.SAFE}
            says = f"is spelled {known.name} in Python now; on the wire it is {field.wire_name} as before"
            fix = "keep the name, or write the new one when the consumer is rebuilt"
            yield Respelled("field_respelled", field.name, known.name, levels, says, fix, field.wire_name)


def _members(before: EnumType, after: EnumType) -> Iterator[Respelled]:
    now = {(type(member.value), member.value): member.name for member in after.members}
    for member in before.members:
        name = now.get((type(member.value), member.value), member.name)
        if name != member.name:
            says = f"is spelled {name} now; on the wire it is {spelled_value(member.value)} as before"
            fix = "keep the name, or write the new one when the consumer is rebuilt"
            yield Respelled("type_respelled", member.name, name, _everywhere(), says, fix)


def _everywhere() -> Mapping[Language, Level]:
    return dict.fromkeys(LANGUAGES, Level.SOURCE)
