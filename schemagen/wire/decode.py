"""JSON → Python, strictly. One closure per type, compiled once; each returns the value or raises `WireError`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, assert_never

from schemagen.model.contract import EnumType, Field, Json, ObjectType
from schemagen.model.ids import id_mistake, id_pattern
from schemagen.model.types import (
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
    described,
    kind_of,
    kinds,
    structure,
    tag_field,
    tag_values,
    vagueness,
)

Decode: TypeAlias = Callable[[Any], Any]
DecoderOf: TypeAlias = Callable[[Type], Decode]

NON_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def compile_decoder(
    t: Structure, named: Named, decoder: DecoderOf, make_id: Callable[[str], str], former_tables: FormerTables
) -> Decode:
    """The decoder of `t`; `decoder` gives those of the types inside it."""
    match t:
        case NullType():
            return _null
        case BoolType():
            return _bool
        case IntType():
            return _checked(_int, t)
        case FloatType():
            return _checked(_any_float if t.non_finite else _float, t)
        case StringType():
            return _checked(_string, t)
        case Int64Type():
            return _checked(_parsed(formats.parse_int64), t)
        case BytesType():
            return _checked(_parsed(formats.parse_bytes), t)
        case DecimalType():
            return _checked(_parsed(formats.parse_decimal), t)
        case UuidType():
            return _parsed(formats.parse_uuid)
        case DateTimeType():
            return _parsed(formats.parse_datetime)
        case DateType():
            return _parsed(formats.parse_date)
        case TimeType():
            return _parsed(formats.parse_time)
        case TimedeltaType():
            return _parsed(formats.parse_timedelta)
        case IdType(table=table):
            return _id(table, make_id, former_tables.get(table, ()))
        case LiteralType(values=values, open=is_open):
            return _one_of(values, is_open)
        case EnumType(members=members, open=is_open):
            return _one_of(tuple(member.value for member in members), is_open)
        case ArrayType(item=item):
            return _checked(_array(decoder(item)), t)
        case SetType(item=item):
            return _checked(_set(decoder(item)), t)
        case TupleType(items=items):
            return _tuple(tuple(map(decoder, items)))
        case MapType(key=key, value=value):
            return _checked(_map(decoder(key), decoder(value)), t)
        case ObjectType():
            return object_decoder(input_fields(t), decoder, _server_set(t))
        case UnionType():
            return _union(t, named, decoder)
        case JsonType() | AnyType():
            return json_value
        case _:
            assert_never(t)


def input_fields(t: ObjectType) -> tuple[Field, ...]:
    """The fields that may be sent: not a document's id and creation time."""
    return t.fields[2:] if t.table is not None else t.fields


def _server_set(t: ObjectType) -> frozenset[str]:
    return frozenset(field.wire_name for field in t.fields[:2]) if t.table is not None else frozenset()


def object_decoder(fields: tuple[Field, ...], decoder: DecoderOf, server_set: frozenset[str] = frozenset()) -> Decode:
    """A JSON object → a dict by Python name. Unknown fields are refused; optional ones left out stay out."""
    known = {field.wire_name: (field.name, decoder(field.type)) for field in fields}
    required = frozenset(field.wire_name for field in fields if field.required)
    listing = ", ".join(known) or "none"

    def unknown(name: str) -> Issue:
        if name in server_set:
            return Issue((name,), "is set by the server; leave it out")
        shown = name.encode("utf-8", "replace").decode()
        return Issue((shown,), f"unknown field; the fields here: {listing}")

    def decode(value: Any) -> dict[str, Any]:
        if type(value) is not dict:
            raise refusal(f"expected an object, got {described(value)}")
        out = {}
        issues: list[Issue] = []
        for key, item in value.items():
            entry = known.get(key)
            if entry is None:
                issues.append(unknown(key))
                continue
            try:
                out[entry[0]] = entry[1](item)
            except WireError as error:
                issues += error.below(key)
        if not required <= value.keys():
            issues += (Issue((name,), "is required") for name in known if name in required and name not in value)
        if issues:
            raise collected(issues)
        return out

    return decode


def _checked(decode: Decode, t: Constrained) -> Decode:
    check = constraint(t)
    if check is None:
        return decode

    def decode_checked(value: Any) -> Any:
        decoded = decode(value)
        mistake = check(decoded)
        if mistake is not None:
            raise refusal(mistake)
        return decoded

    return decode_checked


def _null(value: Any) -> None:
    if value is not None:
        raise refusal(f"expected null, got {described(value)}")


def _bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise refusal(f"expected a boolean, got {described(value)}")


def _int(value: Any) -> int:
    if type(value) is not int:
        raise refusal(f"expected an integer, got {described(value)}")
    if -INT_MAX <= value <= INT_MAX:
        return value
    raise refusal("must be within ±(2^53 − 1): a JSON number carries no larger integer exactly")


def _float(value: Any) -> float:
    if type(value) is float:
        if value - value == 0.0:  # neither NaN nor infinite
            return value
        raise refusal("must be finite")
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            raise refusal("is too large for a float") from None
    raise refusal(f"expected a number, got {described(value)}")


def _any_float(value: Any) -> float:
    if type(value) is str:
        if value in NON_FINITE:
            return NON_FINITE[value]
        raise refusal(f'expected a number, "NaN", "Infinity" or "-Infinity", got {described(value)}')
    return _float(value)


def _string(value: Any) -> str:
    if type(value) is not str:
        raise refusal(f"expected a string, got {described(value)}")
    if "\0" in value or not value.isascii():
        mistake = formats.text_mistake(value)
        if mistake is not None:
            raise refusal(mistake)
    return value


def _parsed(parse: Callable[[str], Any]) -> Decode:
    def decode(value: Any) -> Any:
        if type(value) is not str:
            raise refusal(f"expected a string, got {described(value)}")
        try:
            return parse(value)
        except ValueError as error:
            raise refusal(str(error)) from None

    return decode


def _id(table: str, make_id: Callable[[str], str], former: tuple[str, ...]) -> Decode:
    is_id = id_pattern(table, *former).fullmatch

    def decode(value: Any) -> str:
        if type(value) is not str:
            raise refusal(f"expected an id of table {table!r}, got {described(value)}")
        if is_id(value) is None:
            raise refusal(id_mistake(value, table) or f"not an id of table {table!r}")
        return make_id(value)

    return decode


def _one_of(values: tuple[Scalar, ...], is_open: bool) -> Decode:
    allowed = frozenset((type(value), value) for value in values)  # 1 and True are equal, and not the same
    types = frozenset(map(type, values))
    listing = ", ".join(_shown(value) for value in values)

    def decode(value: Any) -> Any:
        kind = type(value)
        if kind in types:
            if (kind, value) in allowed:
                return value
            if is_open:
                return json_value(value)
        raise refusal(f"expected one of {listing}, got {described(value)}")

    return decode


def _shown(value: Scalar) -> str:
    return json.dumps(value, ensure_ascii=False)


def _array(item: Decode) -> Decode:
    def decode(value: Any) -> list[Any]:
        if type(value) is not list:
            raise refusal(f"expected an array, got {described(value)}")
        out = []
        issues: list[Issue] = []
        for each in value:
            try:
                out.append(item(each))
            except WireError as error:
                issues += error.below(len(out))
                out.append(None)
        if issues:
            raise collected(issues)
        return out

    return decode


def _set(item: Decode) -> Decode:
    array = _array(item)

    def decode(value: Any) -> list[Any]:
        out: list[Any] = array(value)
        seen = set()
        for position, each in enumerate(out):
            key = each if not isinstance(each, dict | list | tuple) else _text(value[position])
            if key in seen:
                raise WireError((Issue((position,), "is there twice; a set has each item once"),))
            seen.add(key)
        return out

    return decode


_text = json.JSONEncoder(sort_keys=True).encode


def _tuple(items: tuple[Decode, ...]) -> Decode:
    def decode(value: Any) -> tuple[Any, ...]:
        if type(value) is not list:
            raise refusal(f"expected an array, got {described(value)}")
        if len(value) != len(items):
            raise refusal(f"expected an array of exactly {len(items)}, got one of {len(value)}")
        out = []
        issues: list[Issue] = []
        for position, (item, each) in enumerate(zip(items, value, strict=True)):
            try:
                out.append(item(each))
            except WireError as error:
                issues += error.below(position)
        if issues:
            raise collected(issues)
        return tuple(out)

    return decode


def _map(key: Decode, item: Decode) -> Decode:
    def decode(value: Any) -> dict[Any, Any]:
        if type(value) is not dict:
            raise refusal(f"expected an object, got {described(value)}")
        out: dict[Any, Any] = {}
        issues: list[Issue] = []
        for name, each in value.items():
            try:
                decoded = key(name)
            except WireError as error:
                issues += (Issue((name,), f"as a key: {issue.message}") for issue in error.issues)
                continue
            if decoded in out:
                issues.append(Issue((name,), "as a key: equal to an earlier one"))
            try:
                out[decoded] = item(each)
            except WireError as error:
                issues += error.below(name)
        if issues:
            raise collected(issues)
        return out

    return decode


def json_value(value: Any) -> Json:
    """Any JSON value that every language can hold; itself, not a copy."""
    kind = type(value)
    if kind is str:
        return _string(value)
    if kind is int:
        return _int(value)
    if kind is float:
        return _float(value)
    if value is None or kind is bool:
        return value  # type: ignore[no-any-return]
    if kind not in (list, dict):
        raise refusal(f"expected a JSON value, got {kind.__name__}")
    issues: list[Issue] = []
    for place, each in enumerate(value) if kind is list else value.items():
        try:
            if type(place) is str:
                _string(place)
            elif kind is dict:
                raise refusal(f"expected strings as keys, got {place!r}")
            json_value(each)
        except WireError as error:
            issues += error.below(place)
    if issues:
        raise collected(issues)
    return value  # type: ignore[no-any-return]


def _union(t: UnionType, named: Named, decoder: DecoderOf) -> Decode:
    rest = tuple(member for member in t.members if structure(member, named) != NullType())
    if len(rest) == 1:
        inner = decoder(rest[0])  # a union of its own perhaps, with its tag
    else:
        tagged = _tagged(t.tag, rest, named, decoder) if t.tag is not None else None
        inner = _by_kind(tagged, rest, named, decoder)
    if len(rest) == len(t.members):
        return inner
    return lambda value: None if value is None else inner(value)


def _by_kind(tagged: Decode | None, members: tuple[Type, ...], named: Named, decoder: DecoderOf) -> Decode:
    choices: dict[str, list[Decode]] = {}
    for member in sorted(members, key=lambda member: vagueness(member, named)):
        if tagged is not None and isinstance(structure(member, named), ObjectType):
            continue
        for kind in kinds(member, named):
            choices.setdefault(kind, []).append(decoder(member))
    if tagged is not None:
        choices["object"] = [tagged]
    listing = " or ".join(sorted(choices))

    def decode(value: Any) -> Any:
        found = choices.get(kind_of(value))
        if found is None:
            raise refusal(f"expected {listing}, got {described(value)}")
        if len(found) == 1:
            return found[0](value)
        errors = []
        for choice in found:
            try:
                return choice(value)
            except WireError as error:
                errors.append(error)
        raise refusal("fits none of its types: " + "; ".join(str(error) for error in errors))

    return decode


def _tagged(tag: str, members: tuple[Type, ...], named: Named, decoder: DecoderOf) -> Decode:
    choices = {
        (type(value), value): decoder(member)
        for member, found in _objects(members, named)
        for value in tag_values(tag_field(found, tag), named)
    }
    listing = ", ".join(_shown(value) for _, value in choices)

    def decode(value: Mapping[str, Any]) -> Any:
        if type(value) is not dict:
            raise refusal(f"expected an object, got {described(value)}")
        if tag not in value:
            raise WireError((Issue((tag,), f"is required: one of {listing}"),))
        name = value[tag]
        choice = choices.get((type(name), name)) if isinstance(name, str | int | bool) else None
        if choice is None:
            raise WireError((Issue((tag,), f"expected one of {listing}, got {described(name)}"),))
        return choice(value)

    return decode


def _objects(members: tuple[Type, ...], named: Named) -> Iterator[tuple[Type, ObjectType]]:
    for member in members:
        found = structure(member, named)
        if isinstance(found, ObjectType):
            yield member, found
