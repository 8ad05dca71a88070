"""Enum classes → enum types."""

from __future__ import annotations

import enum

from schemagen.introspect.diagnostics import origin_of
from schemagen.introspect.source import SourceIndex
from schemagen.model.contract import EnumMember, EnumType
from schemagen.model.types import INT_MAX


def enum_type(cls: type[enum.Enum], name: str, is_open: bool, sources: SourceIndex) -> EnumType | str:
    """The enum, or what is wrong with it."""
    if issubclass(cls, enum.Flag):
        return "is a Flag, whose members can be combined to values that have no name"
    members = []
    source = sources.of_class(cls)
    docs = source.docs if source else {}
    for member in cls:
        mistake = _value_mistake(member.value)
        if mistake is not None:
            return f"has the member {member.name}, {mistake}"
        members.append(EnumMember(member.name, _plain(member.value), docs.get(member.name, "")))
    if not members:
        return "has no members"
    place = sources.class_place(cls)
    reason = vars(cls).get("__deprecated__")
    deprecated = reason if isinstance(reason, str) else None
    return EnumType(name, tuple(members), is_open, source.doc if source else "", deprecated, origin_of(place))


def _value_mistake(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return f"whose value {value!r} is neither text nor an integer"
    if isinstance(value, int) and not -INT_MAX <= value <= INT_MAX:
        return f"whose value {value} is beyond ±(2^53 - 1), which a JSON number carries exactly"
    return None


def _plain(value: str | int) -> str | int:
    return str(value) if isinstance(value, str) else int(value)
