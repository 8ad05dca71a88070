"""Python → JSON, strictly. One closure per type, compiled once; each returns JSON or raises `WireError`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, TypeAlias, assert_never
from uuid import UUID

import orjson

from schemagen.model.contract import MISSING, EnumType, Json, ObjectType
from schemagen.model.ids import id_mistake, id_pattern
from schemagen.model.types import (
    INT64_MAX,
    INT64_MIN,
    INT_MAX,
    AnyType,
    ArrayType,
    BoolType,
    BytesType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IdType,
    Int64Type,
    IntType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    Scalar,
    SetType,
    StringType,
    TimedeltaType,
    TimeType,
    TupleType,
    Type,
    UnionType,
    UuidType,
)
from schemagen.wire import formats
from schemagen.wire.constraints import Constrained, constraint
from schemagen.wire.issue import Issue, WireError, collected, refusal
from schemagen.wire.kinds import (
    FormerTables,
    Named,
    Structure,
    structure,
    tag_field,
    tag_values,
    vagueness,
)
from schemagen.wire.moments import format_datetime

Encode: TypeAlias = Callable[[Any], Any]
EncoderOf: TypeAlias = Callable[[Type], Encode]

_NO_RECORDS = (str, int, float, list, tuple, set, frozenset, bytes, Decimal, date, time, timedelta, UUID, type(None))


def compile_encoder(t: Structure, named: Named, encoder: EncoderOf, former_tables: FormerTables) -> Encode:
    """The encoder of `t`; `encoder` gives those of the types inside it."""
    match t:
        case NullType():
            return _null
        case BoolType():
            return _bool
        case IntType():
            return _checked(_int, t)
        case Int64Type():
            return _checked(_int64, t)
        case FloatType():
            return _checked(_any_float if t.non_finite else _float, t)
        case StringType():
            return _checked(_string, t)
        case BytesType():
            return _checked(_formatted(bytes, formats.format_bytes), t)
        case DecimalType():
            return _checked(_formatted(Decimal, formats.format_decimal), t)
        case UuidType():
            return _formatted(UUID, str)
        case DateTimeType():
            return _formatted(datetime, format_datetime)
        case DateType():
            return _date
        case TimeType():
            return _formatted(time, formats.format_time)
        case TimedeltaType():
            return _formatted(timedelta, formats.format_timedelta)
        case IdType(table=table):
            return _id(table, former_tables.get(table, ()))
        case LiteralType(values=values, open=is_open):
            return _one_of(values, is_open)
        case EnumType(members=members, open=is_open):
            return _one_of(tuple(member.value for member in members), is_open)
        case ArrayType(item=item):
            return _checked(_array(encoder(item)), t)
        case SetType(item=item):
            return _checked(_set(encoder(item)), t)
        case TupleType(items=items):
            return _tuple(tuple(map(encoder, items)))
        case MapType(key=key, value=value):
            return _checked(_map(encoder(key), encoder(value)), t)
        case ObjectType():
            return _object(t, encoder)
        case UnionType():
            return _union(t, named, encoder)
        case JsonType() | AnyType():
            return _json
        case _:
            assert_never(t)


def _checked(encode: Encode, t: Constrained) -> Encode:
    check = constraint(t)
    if check is None:
        return encode

    def encode_checked(value: Any) -> Any:
        encoded = encode(value)  # first: only then is the value of a kind that can be compared
        mistake = check(value)
        if mistake is not None:
            raise refusal(mistake)
        return encoded

    return encode_checked


def shown(value: object) -> str:
    """A Python value as a mistake shows it: its type, and its text if that is short."""
    text = repr(value) if isinstance(value, str | int | float | Enum | None) else ""
    return f"{type(value).__name__} {text}" if 0 < len(text) <= 40 and value is not None else type(value).__name__


def _null(value: Any) -> None:
    if value is not None:
        raise refusal(f"expected None, got {shown(value)}")


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise refusal(f"expected a bool, got {shown(value)}")


def _int(value: Any) -> int:
    if type(value) is not int:
        value = _whole(value)
    if -INT_MAX <= value <= INT_MAX:
        return value  # type: ignore[no-any-return]
    raise refusal("must be within ±(2^53 − 1): declare Int64 for larger integers")


def _int64(value: Any) -> str:
    number = _whole(value)
    if INT64_MIN <= number <= INT64_MAX:
        return str(number)
    raise refusal("must be within 64 bits, signed")


def _whole(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    raise refusal(f"expected an int, got {shown(value)}")


def _float(value: Any) -> float:
    if type(value) is not float:
        value = _real(value)
    if value - value == 0.0:  # neither NaN nor infinite
        return value  # type: ignore[no-any-return]
    raise refusal("must be finite; declare Annotated[float, AllowInfNan(True)] if NaN and infinity are meant")


def _any_float(value: Any) -> float | str:
    number = _real(value)
    if number - number == 0.0:
        return number
    return "NaN" if number != number else "Infinity" if number > 0 else "-Infinity"


def _real(value: Any) -> float:
    if isinstance(value, float):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            raise refusal("is too large for a float") from None
        if number == value:
            return number
        raise refusal(f"a float cannot hold the int {value} exactly")
    raise refusal(f"expected a float, got {shown(value)}")


def _string(value: Any) -> str:
    if type(value) is not str:
        if not isinstance(value, str):
            raise refusal(f"expected a str, got {shown(value)}")
        value = str.__str__(value)
    if "\0" in value or not value.isascii():
        mistake = formats.text_mistake(value)
        if mistake is not None:
            raise refusal(mistake)
    return value  # type: ignore[no-any-return]


def _formatted(kind: type, form: Callable[[Any], str]) -> Encode:
    def encode(value: Any) -> str:
        if not isinstance(value, kind):
            raise refusal(f"expected a {kind.__name__}, got {shown(value)}")
        try:
            return form(value)
        except ValueError as error:
            raise refusal(str(error)) from None

    return encode


def _date(value: Any) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise refusal(f"expected a date, got {shown(value)}")


def _id(table: str, former: tuple[str, ...]) -> Encode:
    is_id = id_pattern(table, *former).fullmatch

    def encode(value: Any) -> str:
        if not isinstance(value, str):
            raise refusal(f"expected an id of table {table!r}, got {shown(value)}")
        if is_id(value) is None:
            raise refusal(id_mistake(value, table) or f"not an id of table {table!r}")
        return str.__str__(value)

    return encode


def _one_of(values: tuple[Scalar, ...], is_open: bool) -> Encode:
    allowed = frozenset((type(value), value) for value in values)
    types = frozenset(map(type, values))
    listing = ", ".join(repr(value) for value in values)

    def encode(value: Any) -> Json:
        kind = type(value)
        if (kind, value) in allowed if kind in types else False:
            return value  # type: ignore[no-any-return]
        plain = _plain(value)
        kind = type(plain)
        if kind in types and ((kind, plain) in allowed or is_open):
            return _json(plain)
        raise refusal(f"expected one of {listing}, got {shown(value)}")

    return encode


def _plain(value: Any) -> Any:
    """The value of an enum member; the bare str or int of one that is both."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str.__str__(value)
    return int(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _each(encode: Encode, values: Iterable[Any]) -> list[Any]:
    out = []
    issues: list[Issue] = []
    for value in values:
        try:
            out.append(encode(value))
        except WireError as error:
            issues += error.below(len(out))
            out.append(None)
    if issues:
        raise collected(issues)
    return out


def _array(item: Encode) -> Encode:
    def encode(value: Any) -> list[Any]:
        if type(value) is not list and not isinstance(value, list | tuple):
            raise refusal(f"expected a list, got {shown(value)}")
        try:
            return [item(each) for each in value]
        except WireError:
            return _each(item, value)  # once more, for all that is wrong and where

    return encode


def _set(item: Encode) -> Encode:
    def encode(value: Any) -> list[Any]:
        if not isinstance(value, set | frozenset):
            raise refusal(f"expected a set, got {shown(value)}")
        return sorted(_each(item, value), key=_text)

    return encode


def _text(value: Any) -> bytes:
    return orjson.dumps(value)


def _tuple(items: tuple[Encode, ...]) -> Encode:
    def encode(value: Any) -> list[Any]:
        if not isinstance(value, tuple):
            raise refusal(f"expected a tuple, got {shown(value)}")
        if len(value) != len(items):
            raise refusal(f"expected a tuple of {len(items)}, got one of {len(value)}")
        out = []
        issues: list[Issue] = []
        for position, (item, each) in enumerate(zip(items, value, strict=True)):
            try:
                out.append(item(each))
            except WireError as error:
                issues += error.below(position)
        if issues:
            raise collected(issues)
        return out

    return encode


def _map(key: Encode, item: Encode) -> Encode:
    def encode(value: Any) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise refusal(f"expected a dict, got {shown(value)}")
        out: dict[str, Any] = {}
        issues: list[Issue] = []
        for name, each in value.items():
            try:
                text = key(name)
            except WireError as error:
                issues += (Issue((str(name),), f"as a key: {issue.message}") for issue in error.issues)
                continue
            if text in out:
                issues.append(Issue((text,), "as a key: two keys have this one form on the wire"))
            try:
                out[text] = item(each)
            except WireError as error:
                issues += error.below(text)
        if issues:
            raise collected(issues)
        return out

    return encode


def _object(t: ObjectType, encoder: EncoderOf) -> Encode:
    fields = [(field.name, field.wire_name, encoder(field.type)) for field in t.fields]
    # The id and the creation time of a document are no entries of its __dict__.
    own, held_fields = (fields[:2], fields[2:]) if t.table is not None else ([], fields)

    at_once: Callable[[Any, dict[str, Any]], dict[str, Any]] | None = None  # made when the first value comes
    records: set[type] = set()  # classes of values met before, neither scalars nor mappings

    def encode(value: Any) -> dict[str, Any]:
        if type(value) not in records:
            if isinstance(value, _NO_RECORDS):
                raise refusal(f"expected a {t.name}, got {shown(value)}")
            if isinstance(value, Mapping):
                return from_mapping(value)
            records.add(type(value))
        nonlocal at_once
        if at_once is None:
            at_once = _at_once(own, held_fields)
        try:
            return at_once(value, value.__dict__)
        except (WireError, AttributeError, KeyError):
            return carefully(value)  # once more, for all that is wrong and where

    def carefully(value: Any) -> dict[str, Any]:
        out: dict[str, Any] = {}
        issues: list[Issue] = []
        held = getattr(value, "__dict__", _NOTHING)
        for group, has in ((own, False), (held_fields, True)):
            for name, wire_name, encode_field in group:
                item = held.get(name, MISSING) if has else MISSING
                if item is MISSING:  # a property, a slot, or nothing at all
                    item = getattr(value, name, MISSING)
                    if item is MISSING:
                        issues.append(Issue((wire_name,), f"{type(value).__name__} has no {name}"))
                        continue
                try:
                    out[wire_name] = encode_field(item)
                except WireError as error:
                    issues += error.below(wire_name)
        if issues:
            raise collected(issues)
        return out

    from_mapping: Callable[[Any], dict[str, Any]] = _mapping(t, fields)
    return encode


def _at_once(
    own: list[tuple[str, str, Encode]], held: list[tuple[str, str, Encode]]
) -> Callable[[Any, dict[str, Any]], dict[str, Any]]:
    """All fields of a value and its __dict__ as one expression, which takes half the time of a loop over them.

    `{"id": e0(value.id), "fullName": e1(held["full_name"]), …}`
    """
    items = [f"{wire_name!r}: e{n}(value.{name})" for n, (name, wire_name, _) in enumerate(own)]
    items += [f"{wire_name!r}: e{n}(held[{name!r}])" for n, (name, wire_name, _) in enumerate(held, len(own))]
    encoders = {f"e{n}": encode for n, (_, _, encode) in enumerate((*own, *held))}
    made: Callable[[Any, dict[str, Any]], dict[str, Any]] = eval(
        f"lambda value, held: {{{', '.join(items)}}}", encoders
    )
    return made


_NOTHING: dict[str, Any] = {}


def _mapping(t: ObjectType, fields: list[tuple[str, str, Encode]]) -> Encode:
    """A TypedDict, or any dict in the place of an object: exactly its fields, by Python name."""
    names = frozenset(field.name for field in t.fields)
    unsent = {field.name: field.default for field in t.fields if not field.required}

    def encode(value: Mapping[str, Any]) -> dict[str, Any]:
        out = {}
        issues: list[Issue] = []
        for name, wire_name, encode_field in fields:
            item = value.get(name, MISSING)
            if item is not MISSING:
                try:
                    out[wire_name] = encode_field(item)
                except WireError as error:
                    issues += error.below(wire_name)
            elif name not in unsent:
                issues.append(Issue((wire_name,), "is missing"))
            elif unsent[name] is not MISSING:
                out[wire_name] = unsent[name]
        issues += (Issue((str(name),), f"{t.name} has no such field") for name in value if name not in names)
        if issues:
            raise collected(issues)
        return out

    return encode


def _attribute(value: Any, name: str) -> Any:
    try:
        return getattr(value, name)
    except AttributeError:
        return MISSING


def _json(value: Any) -> Json:
    """Any JSON value; subclasses of str and int become plain, tuples become arrays."""
    if value is None or value is True or value is False:
        return value
    if isinstance(value, Enum):
        return _json(value.value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, int):
        return _int(value)
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, list | tuple):
        return _each(_json, value)
    if isinstance(value, Mapping):
        return _map(_string, _json)(value)  # type: ignore[no-any-return]
    raise refusal(f"expected a JSON value, got {shown(value)}; declare its type to have it encoded")


def _union(t: UnionType, named: Named, encoder: EncoderOf) -> Encode:
    rest = tuple(member for member in t.members if structure(member, named) != NullType())
    inner = encoder(rest[0]) if len(rest) == 1 else _one_member(t.tag, rest, named, encoder)
    if len(rest) == len(t.members):
        return unwrapped(inner)
    return unwrapped(lambda value: None if value is None else inner(value))


def unwrapped(encode: Encode) -> Encode:
    """Also takes a pydantic `RootModel`, which is an alias to the contract: what it holds is what travels."""

    def encode_unwrapped(value: Any) -> Any:
        while getattr(type(value), "__pydantic_root_model__", False):
            value = value.root
        return encode(value)

    return encode_unwrapped


def _one_member(tag: str | None, members: tuple[Type, ...], named: Named, encoder: EncoderOf) -> Encode:
    objects = [member for member in members if isinstance(structure(member, named), ObjectType)] if tag else []
    choices = [
        encoder(member) for member in sorted(members, key=lambda each: vagueness(each, named)) if member not in objects
    ]
    if tag is not None and objects:
        choices.append(_tagged(tag, objects, named, encoder))
    if len(choices) == 1:
        return choices[0]

    def encode(value: Any) -> Any:
        errors = []
        for choice in choices:
            try:
                return choice(value)
            except WireError as error:
                errors.append(error)
        deeper = [error for error in errors if all(issue.path for issue in error.issues)]
        if len(deeper) == 1:
            raise deeper[0]
        raise refusal(f"fits none of its types, got {shown(value)}: " + "; ".join(str(error) for error in errors))

    return encode


def _tagged(tag: str, members: list[Type], named: Named, encoder: EncoderOf) -> Encode:
    choices: dict[tuple[str, type, Scalar], Encode] = {}
    names: list[str] = []
    for member in members:
        found = structure(member, named)
        assert isinstance(found, ObjectType)
        field = tag_field(found, tag)
        if field.name not in names:
            names.append(field.name)
        choices |= {(field.name, type(value), value): encoder(member) for value in tag_values(field, named)}
    listing = ", ".join(repr(held) for _, _, held in choices)

    def encode(value: Any) -> Any:
        found: Any = MISSING
        if not isinstance(value, _NO_RECORDS):
            for name in names:
                held = value.get(name, MISSING) if isinstance(value, Mapping) else _attribute(value, name)
                if held is not MISSING:
                    found = _plain(held)
                    if isinstance(found, str | int | None) and (name, type(found), found) in choices:
                        return choices[name, type(found), found](value)
        if found is MISSING:
            raise refusal(f"expected an object with {tag!r}, got {shown(value)}")
        raise WireError((Issue((tag,), f"expected one of {listing}, got {shown(found)}"),))

    return encode
