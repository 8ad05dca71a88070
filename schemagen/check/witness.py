"""The smallest values of types: what a witness is built around."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from schemagen.check.parts import KINDS, Anything, ArrayLike, Arrays, Maps, Null, Objects, Part, Scalars, parts
from schemagen.check.scalars import samples
from schemagen.check.views import Position, Types, sent_fields
from schemagen.model.contract import MISSING, Json, Missing, ObjectType
from schemagen.model.types import ArrayType, MapType, SetType, TupleType, Type
from schemagen.wire.kinds import tag_field, tag_values

ITEMS_MAX = 64
"""So many different values are not looked for to show a break."""
REPEATED_MAX = 100_000
"""An array of more items is not written out to show a break."""


class Witnesses:
    """Makes values that a sender of one contract may send, in one position."""

    def __init__(self, types: Types, position: Position) -> None:
        self.types = types
        self.position = position
        self._open: list[str] = []
        """Named records that are being built: meeting one again would never end."""

    def smallest(self, t: Type) -> Json | Missing:
        """A small value of `t`; MISSING if none was found."""
        return next(self.values(t), MISSING)

    def distinct(self, t: Type, count: int) -> list[Json] | None:
        """`count` different values of `t`; None if so many were not found."""
        if count > ITEMS_MAX:
            return None
        found: dict[str, Json] = {}
        for value in itertools.islice(self.values(t), 4 * count):
            found.setdefault(json.dumps(value, sort_keys=True), value)
            if len(found) == count:
                break
        return list(found.values()) if len(found) == count else None

    def distinct_from(self, t: Type, value: Json, count: int) -> list[Json] | None:
        """`count` values of `t`, all different and none of them `value`; None if so many were not found."""
        found = self.distinct(t, count) if count == 0 else self.distinct(t, count + 1) or self.distinct(t, count)
        others = [each for each in found or [] if json.dumps(each) != json.dumps(value)]
        return others[:count] if len(others) >= count else None

    def repeated(self, t: Type, count: int) -> Json | Missing:
        """An array of one value, `count` times."""
        value: Json | Missing = self.smallest(t) if count else None
        return MISSING if isinstance(value, Missing) or count > REPEATED_MAX else [value] * count

    def some(self, t: Type) -> list[Json]:
        """A few values of `t`."""
        return list(itertools.islice(self.values(t), 4))

    def smallest_part(self, part: Part, kind: str) -> Json | Missing:
        return next(self._values(part, kind), MISSING)

    def values(self, t: Type) -> Iterator[Json]:
        """Some values of `t`, the simplest first."""
        found = parts(t, self.types.named)
        for kind in KINDS:  # the simplest first: values of recursive types come to an end
            if kind in found:
                yield from self._values(found[kind], kind)

    def record(self, t: ObjectType, given: dict[str, Json], *, full: bool = False) -> dict[str, Json] | None:
        """The smallest object of `t` that holds the given fields; None if there is none."""
        out: dict[str, Json] = {}
        for field in sent_fields(t, self.position):
            if field.name in given:
                out[field.name] = given[field.name]
            elif field.always or full:
                value = self.smallest(field.type)
                if isinstance(value, Missing):
                    return None
                out[field.name] = value
        return {**out, **given}

    def tagged(self, t: ObjectType, tag: str | None, given: dict[str, Json]) -> dict[str, Json] | None:
        """As `record`, with the tag that a member of a tagged union is always sent with."""
        if tag is not None and tag not in given:
            given = {tag: tag_values(tag_field(t, tag), self.types.named)[0], **given}
        return self.record(t, given)

    def _values(self, part: Part, kind: str) -> Iterator[Json]:
        match part:
            case Null():
                yield None
            case Scalars(type=t):
                yield from samples(t, self.types.accepts(t))
            case Anything():
                yield from self._anything(kind)
            case Arrays(type=t):
                yield from self._arrays(t)
            case Maps(type=t):
                yield from self._maps(t)
            case Objects(members=members, tag=tag):
                for _, member in members:
                    yield from self._records(member, tag)

    def _anything(self, kind: str) -> Iterator[Json]:
        known: dict[str, list[Json]] = {
            "boolean": [True, False],
            "number": [0, 0.5],
            "string": ["a", "b"],
            "array": [[], ["a"]],
            "object": [{}, {"a": "a"}],
        }
        yield from known[kind]

    def _records(self, t: ObjectType, tag: str | None) -> Iterator[Json]:
        if t.name in self._open:
            return
        self._open.append(t.name)
        try:
            smallest = self.tagged(t, tag, {})
            if smallest is None:
                return
            yield dict(smallest)
            for field in sent_fields(t, self.position):
                for value in itertools.islice(self.values(field.type), 3):
                    if field.name != tag:
                        yield {**smallest, field.name: value}
        finally:
            self._open.pop()

    def _arrays(self, t: ArrayLike) -> Iterator[Json]:
        match t:
            case TupleType(items=items):
                values = [self.smallest(item) for item in items]
                whole = [value for value in values if not isinstance(value, Missing)]
                if len(whole) == len(values):
                    yield list(whole)
                    for at, item in enumerate(items):
                        yield from (
                            [*whole[:at], value, *whole[at + 1 :]] for value in itertools.islice(self.values(item), 2)
                        )
            case SetType(item=item, min_length=least, max_length=most):
                for count in range(least or 0, min(most if most is not None else ITEMS_MAX, (least or 0) + 2) + 1):
                    found = self.distinct(item, count)
                    if found is not None:
                        yield found
            case ArrayType(item=item, min_length=least, max_length=most):
                yield from self._lists(item, least or 0, most)

    def _lists(self, item: Type, least: int, most: int | None) -> Iterator[list[Json]]:
        if most is not None and most < least:
            return
        if least == 0:
            yield []
        if least > ITEMS_MAX:
            return
        for value in itertools.islice(self.values(item), 2):
            for count in (max(1, least), max(1, least) + 1):
                if most is None or count <= most:
                    yield [value] * count

    def _maps(self, t: MapType) -> Iterator[Json]:
        least = t.min_length or 0
        for count in (least, least + 1):
            if t.max_length is None or count <= t.max_length:
                keys = self.distinct(t.key, count)
                value = self.smallest(t.value) if count else None
                if keys is not None and not isinstance(value, Missing):
                    yield {str(key): value for key in keys}
