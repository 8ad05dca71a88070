"""Rules of types: what the wire can carry."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, get_args, get_origin

from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.spot import Spot
from schemagen.model.types import Type

__all__ = [
    "absent_key",
    "ambiguous_union",
    "bad_default",
    "id_of_unknown_table",
    "map_key_unsupported",
    "naive_default",
    "senseless_constraint",
    "unresolved_annotation",
    "unsupported_model",
    "unsupported_type",
]

_INSTEAD: Mapping[str, str] = {
    "list": "say what is in it: list[str]",
    "dict": "say what is in it: dict[str, int], or dict[str, JsonValue]",
    "tuple": "say what is in it: tuple[int, int], or tuple[int, ...]",
    "set": "say what is in it: set[str]",
    "frozenset": "say what is in it: frozenset[str]",
    "List": "say what is in it: list[str]",
    "Dict": "say what is in it: dict[str, int], or dict[str, JsonValue]",
    "object": "use JsonValue for any JSON, or Any",
    "complex": "use a model with a real and an imaginary part",
    "Id": "say of which table: Id[Contact]",
    "NaiveDatetime": "use datetime; its values must have a time zone",
    "AsyncIterator": "return a list; a client that wants to see changes watches the query",
    "AsyncGenerator": "return a list; a client that wants to see changes watches the query",
    "Iterator": "return a list",
    "Generator": "return a list",
    "Iterable": "use list[...]",
    "Path": "use str",
    "SecretStr": "use str",
    "Self": "write the name of the class in quotes",
    "TypedDict": "from typing_extensions import TypedDict",
}


def unsupported_type(spot: Spot, annotation: Any, problem: str = "is nothing the wire can carry") -> Diagnostic:
    if isinstance(annotation, TypeVar):
        problem = "is a type variable that stands for nothing here"
    fix = _INSTEAD.get(getattr(get_origin(annotation) or annotation, "__name__", ""), "")
    if "type arguments" in problem:
        fix = f"write {_shown(annotation)}[str], or whichever type it holds"
    elif "base class" in problem:
        fix = f'give it a table, class {_shown(annotation)}(Table, name="..."), or use one of the tables below it'
    elif "hashed" in problem:
        fix = "use list[...]"
    return Diagnostic(
        rule="unsupported_type",
        message=f"{spot}: {_shown(annotation)} {problem}",
        place=spot.place,
        why="values travel as JSON to clients in other languages, directed by their types",
        fix=fix or "use one of the types in docs/types.md, or a model, dataclass or TypedDict made of them",
    )


def unsupported_model(place: Place | None, what: str, fix: str) -> Diagnostic:
    return Diagnostic(
        rule="unsupported_model",
        message=what,
        place=place,
        why="what travels are the declared fields, in every language alike: the serialization of pydantic has no say",
        fix=fix,
    )


def refused_typed_dict(spot: Spot, cls: type) -> Diagnostic:
    return Diagnostic(
        rule="unsupported_type",
        message=f"{spot}: {cls.__name__} is a typing.TypedDict, which pydantic cannot read before Python 3.12",
        place=spot.place,
        why="values are checked by pydantic where they enter the backend",
        fix="from typing_extensions import TypedDict",
    )


def unsupported_literal(spot: Spot, value: object) -> Diagnostic:
    return Diagnostic(
        rule="unsupported_type",
        message=f"{spot}: the literal {value!r} is no text, integer, boolean or None that JSON carries",
        place=spot.place,
        why="literals appear in the types of other languages, and on the wire, as they are",
        fix="use text",
    )


def unsupported_enum(place: Place | None, cls: type[enum.Enum], problem: str) -> Diagnostic:
    return Diagnostic(
        rule="unsupported_type",
        message=f"the enum {cls.__name__} {problem}",
        place=place,
        why="the values of an enum are what travels, so each must be text or an integer of its own",
        fix=f"class {cls.__name__}(StrEnum), with text for each member",
    )


def senseless_constraint(spot: Spot, names: Iterable[str], t: Type) -> Diagnostic:
    kind = type(t).__name__.removesuffix("Type").lower()
    return Diagnostic(
        rule="senseless_constraint",
        message=f"{spot}: {', '.join(names)} cannot apply to a value of this type ({kind})",
        place=spot.place,
        why="constraints are checked on every value, and are part of what clients are told",
        fix="leave the constraint out, or put it beside the type it is about: list[Annotated[int, Field(ge=0)]]",
    )


def senseless_open(spot: Spot) -> Diagnostic:
    return Diagnostic(
        rule="senseless_constraint",
        message=f"{spot}: Open[...] takes a Literal or an Enum",
        place=spot.place,
        why="it says that receivers must handle values that are not listed, so there must be a list",
        fix='write Open[Literal["a", "b"]], or Open[...] of an enum',
    )


def unresolved_annotation(spot: Spot, text: str) -> Diagnostic:
    return Diagnostic(
        rule="unresolved_annotation",
        message=f'{spot}: "{text}" cannot be evaluated in its module',
        place=spot.place,
        why="types are read from the running program, where names imported under `if TYPE_CHECKING:` do not exist",
        fix="import the name outside of `if TYPE_CHECKING:`, or correct it",
    )


def absent_key(spot: Spot) -> Diagnostic:
    return Diagnostic(
        rule="absent_key",
        message=f"{spot}: the key may be absent, but the type is also sent to clients",
        place=spot.place,
        why="what the server sends always has every field; only arguments may leave one out",
        fix="make it X | None and always set it, or use another type for what is sent",
    )


def ambiguous_union(spot: Spot, first: str, second: str, kind: str, *, both_objects: bool) -> Diagnostic:
    """`kind` is the JSON kind that values of both can have; `both_objects`: both are models."""
    numbers = {first, second} == {"int", "float"}
    return Diagnostic(
        rule="ambiguous_union",
        message=f"{spot}: {first} and {second} cannot be told apart on the wire",
        place=spot.place,
        why="both are JSON objects, and no field of theirs has a different literal in each"
        if both_objects
        else f"both can be a JSON {kind}, so a receiver could not know which one was sent",
        fix='give each model a field such as kind: Literal["..."] = "...", with its own value'
        if both_objects
        else "use float alone: an integer is one too"
        if numbers
        else "use one of them, or models that carry them in a field of their own",
    )


def union_meets_in_python(spot: Spot, first: str, second: str) -> Diagnostic:
    return Diagnostic(
        rule="ambiguous_union",
        message=f"{spot}: {first} and {second} cannot be told apart in Python",
        place=spot.place,
        why="a value of one can equal a value of the other, or be read as one, and would come back changed",
        fix="use one of them, or models that carry them in a field of their own",
    )


def bad_discriminator(spot: Spot, name: str, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="ambiguous_union",
        message=f'{spot}: the discriminator "{name}" {problem}',
        place=spot.place,
        why="members of a tagged union are told apart by a field that all have, with literals no other member has",
        fix=f'give each model {name}: Literal["..."] = "...", with its own value',
    )


def endless_annotation(spot: Spot) -> Diagnostic:
    return _endless_plain_alias(spot.place, f"{spot.what}: the type nests without end")


def endless_alias(place: Place | None, name: str, *, is_plain: bool) -> Diagnostic:
    if is_plain:
        return _endless_plain_alias(place, f"the alias {name} mentions itself")
    return Diagnostic(
        rule="unsupported_type",
        message=f"the type {name} is defined by nothing but itself",
        place=place,
        why="a recursive type needs a list, dict or model on the way to itself, or it has no values",
        fix=f"write list[{name}] or dict[str, {name}] where it mentions itself",
    )


def _endless_plain_alias(place: Place | None, message: str) -> Diagnostic:
    return Diagnostic(
        rule="unsupported_type",
        message=message,
        place=place,
        why="a plain alias has no name at run time, so neither pydantic nor clients could see where it begins again",
        fix='write type Tree = list[Tree], before Python 3.12 Tree = TypeAliasType("Tree", "list[Tree]")',
    )


def map_key_unsupported(spot: Spot, key: str) -> Diagnostic:
    return Diagnostic(
        rule="map_key_unsupported",
        message=f"{spot}: {key} cannot be the key of a dict",
        place=spot.place,
        why="keys of JSON objects are strings, so a key needs a type whose form on the wire is text",
        fix="use str, Id[...], a Literal or Enum of text, UUID, date, datetime, Decimal or Int64 as the key",
    )


def bad_default(spot: Spot, value: object, problem: str) -> Diagnostic:
    return Diagnostic(
        rule="bad_default",
        message=f"{spot}: its own type refuses the default {_short(value)}: {problem}",
        place=spot.place,
        why="a client that leaves it out gets the default, which must be a value that it could have sent",
        fix=_default_fix(value),
    )


def _default_fix(value: object) -> str:
    if value is None:
        return "add | None to the type"
    if type(value).__name__ == "FieldInfo":
        return "write Annotated[..., Field(...)], and the default itself behind the ="
    return "correct the default, or widen the type"


def naive_default(spot: Spot, value: object) -> Diagnostic:
    return Diagnostic(
        rule="naive_default",
        message=f"{spot}: the default {_short(value)} has no time zone",
        place=spot.place,
        why="nobody can tell which moment a datetime without time zone is",
        fix="give it one: datetime(2026, 1, 1, tzinfo=UTC)",
    )


def id_of_unknown_table(spot: Spot, target: Any, tables: Iterable[type]) -> Diagnostic:
    known = ", ".join(sorted(cls.__name__ for cls in tables))
    return Diagnostic(
        rule="id_of_unknown_table",
        message=f"{spot}: Id[{_shown(target)}] names no table of this backend",
        place=spot.place,
        why="an id says which table its document is in; an id of another table is refused at run time",
        fix=f"use one of the tables: {known}" if known else 'declare a table: class Contact(Table, name="contacts")',
    )


def _shown(annotation: Any) -> str:
    """An annotation as its author would write it."""
    if isinstance(annotation, str):
        return annotation
    args = get_args(annotation)
    origin = get_origin(annotation)
    if origin is not None and args and hasattr(origin, "__name__"):
        return f"{origin.__name__}[{', '.join(map(_shown, args))}]"
    if hasattr(annotation, "__forward_arg__"):
        return str(annotation.__forward_arg__)
    return getattr(annotation, "__name__", None) or repr(annotation)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
