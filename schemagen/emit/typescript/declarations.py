"""Interfaces and their fields, with comments and places in Python: what `types.d.ts` and `api.d.ts` share."""

from __future__ import annotations

import json
from collections.abc import Iterable

from schemagen.emit.typescript.layout import layout
from schemagen.emit.typescript.source_map import MappedText
from schemagen.emit.typescript.text import comment, key, sentence
from schemagen.emit.typescript.type_text import TypeText, union
from schemagen.emit.typescript.views import View
from schemagen.model.contract import Field, Missing
from schemagen.model.types import (
    ArrayType,
    BytesType,
    DecimalType,
    FloatType,
    Int64Type,
    IntType,
    LiteralType,
    MapType,
    SetType,
    StringType,
    Type,
    UnionType,
    nullable,
)


def add_field(text: MappedText, types: TypeText, field: Field, view: View, indent: int = 2, readonly: str = "") -> None:
    """One property of an interface. What may be left out may also be `undefined`: the runtime leaves it out then."""
    text.add(*comment(field_comment(field, view), indent))
    name = key(field.wire_name)
    t = types.of(field.type, view)
    optional = view is View.INPUT and not field.required
    if optional and t != "unknown":
        members = types.members_of(field.type, view) if isinstance(field.type, LiteralType | UnionType) else [t]
        t = union([*members, "undefined"])
    line = layout(f"{readonly}{name}{'?' if optional else ''}: ", t, ";", indent)
    text.declare(line, name, field.origin if name == field.wire_name else None, written=field.name)


def field_comment(field: Field, view: View) -> list[str]:
    says = [*constraints(field.type)]
    if view is View.INPUT and not isinstance(field.default, Missing) and field.default is not None:
        says.append(f"default `{json.dumps(field.default, ensure_ascii=False)}`")
    return _comment(field.doc, "; ".join(says), field.deprecated)


def doc_comment(doc: str, deprecated: str | None, last: str = "") -> list[str]:
    return _comment(doc, last, deprecated)


def _comment(doc: str, last: str, deprecated: str | None) -> list[str]:
    """The docstring; what else is known behind it (or below it, if it is long); and the reason against using it."""
    last = last[:1].upper() + last[1:]
    doc = doc.strip()
    one_line = f"{sentence(doc)} {last}" if doc and last else doc or last
    paragraphs = [one_line] if "\n" not in doc and len(one_line) <= 100 else [doc, last]
    return paragraphs if deprecated is None else [*paragraphs, f"@deprecated {deprecated}".rstrip()]


def constraints(t: Type) -> list[str]:
    """What the backend asks of a value beyond its type."""
    t = nullable(t) or t
    match t:
        case IntType() | Int64Type() | FloatType():
            says = _bounds(t.ge, t.gt, t.le, t.lt)
            return says + ([f"a multiple of {t.multiple_of}"] if t.multiple_of is not None else [])
        case DecimalType():
            says = _bounds(t.ge, t.gt, t.le, t.lt)
            says += [f"at most {t.max_digits} digits"] if t.max_digits is not None else []
            return says + ([f"at most {t.decimal_places} decimal places"] if t.decimal_places is not None else [])
        case StringType():
            says = _lengths(t.min_length, t.max_length, "character")
            return says + ([f"matches `{t.pattern}`"] if t.pattern is not None else [])
        case BytesType():
            return _lengths(t.min_length, t.max_length, "byte")
        case ArrayType() | SetType() | MapType():
            says = _lengths(t.min_length, t.max_length, "item" if not isinstance(t, MapType) else "key")
            return says + (["without duplicates"] if isinstance(t, SetType) else [])
        case _:
            return []


def _bounds(ge: object, gt: object, le: object, lt: object) -> list[str]:
    if ge is not None and le is not None:
        return [f"{ge} to {le}"]
    pairs: Iterable[tuple[str, object]] = (("at least", ge), ("above", gt), ("at most", le), ("below", lt))
    return [f"{words} {bound}" for words, bound in pairs if bound is not None]


def _lengths(least: int | None, most: int | None, unit: str) -> list[str]:
    if least is None and most is None:
        return []
    if least == most:
        return [f"exactly {least} {unit}{'' if least == 1 else 's'}"]
    if least is not None and most is not None:
        return [f"{least} to {most} {unit}s"]
    words, count = ("at least", least) if least is not None else ("at most", most)
    return [f"{words} {count} {unit}{'' if count == 1 else 's'}"]
