"""Values of types, the smallest first: what a witness is built around."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final, assert_never

from schemagen.check.parts import KINDS, Anything, ArrayLike, Arrays, Maps, Null, Objects, Part, Scalars, parts
from schemagen.check.samples import samples
from schemagen.check.scalars import count_at_most, is_empty
from schemagen.check.views import Position, Types, sent_fields
from schemagen.model.contract import (
    MISSING,
    AliasType,
    EnumType,
    Json,
    Missing,
    NamedType,
    ObjectType,
    mentions,
    types_inside,
)
from schemagen.model.types import ArrayType, MapType, RefType, Scalar, SetType, TupleType, Type, UnionType
from schemagen.wire.issue import WireError
from schemagen.wire.kinds import tag_field, tag_values

ITEMS_MAX: Final = 10_000
"""So many different values are not looked for to show a break."""
REPEATED_MAX: Final = 100_000
"""An array of more items is not written out to show a break."""
_DEPTH: Final = 4
"""So many records and containers deep values vary; below, each has its smallest value."""


class Witnesses:
    """Makes values that a sender of one contract may send, in one position.

    Every named type gets one small value first, made of those of others: so nothing here depends on how deep types
    are nested, or whether they hold themselves.
    """

    def __init__(self, types: Types, position: Position) -> None:
        self.types = types
        self.position = position
        self._smallest: dict[str, Json] = {}
        self._settled: set[str] = set()
        self._empty: set[str] = set()
        self._known_empty: dict[Type, bool] = {}  # equal types are empty alike, even where Python takes 1 for True
        """Named types that have no value at all, such as a record that must hold itself."""

    # --- values ---

    def smallest(self, t: Type) -> Json | Missing:
        """A small value of `t`; MISSING if none was found."""
        self._settle(t)
        return next(self._values(t, 0), MISSING)

    def smallest_part(self, part: Part, kind: str) -> Json | Missing:
        self._settle_part(part)
        return next(self._part_values(part, kind, 0), MISSING)

    def values(self, t: Type) -> Iterator[Json]:
        """Values of `t`, the simplest first; not always all, and sometimes without end."""
        self._settle(t)
        return self._values(t, _DEPTH)

    def some(self, t: Type, count: int = 4) -> list[Json]:
        """A few values of `t`."""
        return list(itertools.islice(self.values(t), count))

    def distinct(self, t: Type, count: int, *given: Json) -> list[Json] | None:
        """`count` values of `t` that a set may hold together with those given; None if so many were not found."""
        if count > ITEMS_MAX:
            return None
        key = self.identity(t)
        taken = {key(value) for value in given}
        found: list[Json] = []
        for value in itertools.islice(self.values(t), 20 * count + 200) if count else ():
            if key(value) not in taken:
                taken.add(key(value))
                found.append(value)
                if len(found) == count:
                    break
        return found if len(found) == count else None

    def identity(self, t: Type) -> Callable[[Json], Hashable]:
        """Values with one key are the same to a set of `t`, and as keys of a map: scalars by what they mean."""
        return identity(self.types, t)

    def repeated(self, t: Type, count: int) -> Json | Missing:
        """An array of one value, `count` times."""
        value: Json | Missing = self.smallest(t) if count else None
        return MISSING if isinstance(value, Missing) or count > REPEATED_MAX else [value] * count

    def record(
        self, t: ObjectType, given: Mapping[str, Json], *, full: bool = False, without: str | None = None
    ) -> dict[str, Json] | None:
        """The smallest object of `t` that holds the given fields, or (`full`) all; None if none was found."""
        out: dict[str, Json] = {}
        for field in sent_fields(t, self.position):
            if field.name in given:
                out[field.name] = given[field.name]
            elif field.always or (full and field.name != without):
                value = self.smallest(field.type)
                if not isinstance(value, Missing):
                    out[field.name] = value
                elif field.always:
                    return None
        return {**out, **given}

    def tags(self, t: ObjectType, tag: str | None) -> tuple[Scalar, ...]:
        """The values of its tag that a member of a tagged union is sent with; () if there is no tag."""
        if tag is None:
            return ()
        return tuple(value for value in tag_values(tag_field(t, tag), self.types.named) if value is not None)

    def own_tag(self, t: ObjectType, tag: str | None) -> dict[str, Json]:
        """The tag that a member of a tagged union is always sent with."""
        values = self.tags(t, tag)
        return {tag: values[0]} if tag is not None and values else {}

    # --- what has no value ---

    def is_empty(self, t: Type) -> bool:
        """Proved that `t` has no value."""
        found = self._known_empty.get(t)
        if found is None:
            self._settle(t)
            found = self._known_empty[t] = self._is_empty(t)
        return found

    def is_empty_part(self, part: Part) -> bool:
        self._settle_part(part)
        return self._is_empty_part(part)

    def is_empty_record(self, t: ObjectType) -> bool:
        """Whether a field that is always sent has no value."""
        return any(field.always and self.is_empty(field.type) for field in sent_fields(t, self.position))

    def count_at_most(self, t: Type) -> int | None:
        """More different values `t` does not have; None if nothing is known."""
        self._settle(t)
        return self._count_at_most(t)

    # --- named types ---

    def _settle(self, t: Type) -> None:
        self._settle_names(mentions((t,)))

    def _settle_part(self, part: Part) -> None:
        match part:
            case Null() | Scalars() | Anything():
                return
            case Arrays(type=t) | Maps(type=t):
                self._settle(t)
            case Objects(members=members):
                self._settle_names(mentions(named for named, _ in members))

    def _settle_names(self, names: frozenset[str]) -> None:
        """Give every named type that is reached its smallest value, the innermost first."""
        todo = [name for name in self._reached(names) if name not in self._settled]
        self._settled.update(todo)
        is_moving = bool(todo)
        while is_moving:
            is_moving = False
            for name in todo:
                if name not in self._smallest:
                    value = next(self._named_values(name, 0), MISSING)
                    if not isinstance(value, Missing):
                        self._smallest[name] = value
                        is_moving = True
        self._note_empty([name for name in todo if name not in self._smallest])

    def _reached(self, names: frozenset[str]) -> list[str]:
        """New names and all they mention, users after what they use, as far as that can be."""
        seen: set[str] = set()
        order: list[str] = []
        todo = [(name, False) for name in sorted(names)]
        while todo:
            name, is_done = todo.pop()
            if is_done:
                order.append(name)
            elif name not in seen and name not in self._settled:
                seen.add(name)
                todo.append((name, True))
                todo += [(each, False) for each in sorted(mentions(types_inside(self.types.named[name])))]
        return order

    def _note_empty(self, names: list[str]) -> None:
        """Those of which it can be proved, all taken together, that there is no value."""
        self._empty.update(names)
        is_moving = True
        while is_moving:
            kept = [name for name in names if self._is_empty_named(self.types.named[name])]
            is_moving = len(kept) < len(names)
            self._empty.difference_update(names)
            self._empty.update(kept)
            names = kept

    def _is_empty_named(self, t: NamedType) -> bool:
        match t:
            case ObjectType():
                return any(field.always and self._is_empty(field.type) for field in sent_fields(t, self.position))
            case AliasType(type=inner):
                return self._is_empty(inner)
            case EnumType():
                return False
            case _:
                assert_never(t)

    def _is_empty(self, t: Type) -> bool:
        if isinstance(t, RefType):
            return t.name in self._empty
        if isinstance(t, UnionType):
            return all(map(self._is_empty, t.members))  # by name: an alias may hold itself beside null
        return all(map(self._is_empty_part, parts(t, self.types.named).values()))

    def _is_empty_part(self, part: Part) -> bool:
        match part:
            case Null() | Anything():
                return False
            case Scalars(type=t):
                return is_empty(t)
            case Arrays(type=t):
                return self._is_empty_array(t)
            case Maps(type=MapType(key=key, value=value, min_length=least, max_length=most)):
                is_forced = bool(least) and self._is_empty(value)
                return _cross(least, most) or is_forced or self._has_fewer(key, least or 0)
            case Objects(members=members):
                return all(self._is_empty(named) for named, _ in members)
            case _:
                assert_never(part)

    def _is_empty_array(self, t: ArrayLike) -> bool:
        match t:
            case TupleType(items=items):
                return any(map(self._is_empty, items))
            case ArrayType(item=item, min_length=least, max_length=most):
                return _cross(least, most) or (bool(least) and self._is_empty(item))
            case SetType(item=item, min_length=least, max_length=most):
                return _cross(least, most) or self._has_fewer(item, least or 0)
            case _:
                assert_never(t)

    def _has_fewer(self, t: Type, count: int) -> bool:
        most = self._count_at_most(t) if count else None
        return most is not None and most < count

    def _count_at_most(self, t: Type) -> int | None:
        total = 0
        for part in parts(t, self.types.named).values():
            if not self._is_empty_part(part):
                count = 1 if isinstance(part, Null) else count_at_most(part.type) if isinstance(part, Scalars) else None
                if count is None:
                    return None
                total += count
        return total

    # --- making them ---

    def _values(self, t: Type, depth: int) -> Iterator[Json]:
        if not isinstance(t, RefType):
            yield from self._of_parts(t, depth)
        elif t.name in self._smallest:
            smallest = self._smallest[t.name]
            yield smallest
            if depth > 0:
                text = json.dumps(smallest)
                yield from (value for value in self._named_values(t.name, depth) if json.dumps(value) != text)

    def _named_values(self, name: str, depth: int) -> Iterator[Json]:
        return self._of_parts(RefType(name), depth)

    def _of_parts(self, t: Type, depth: int) -> Iterator[Json]:
        found = parts(t, self.types.named)
        for kind in KINDS:
            if kind in found:
                yield from self._part_values(found[kind], kind, depth)

    def _part_values(self, part: Part, kind: str, depth: int) -> Iterator[Json]:
        match part:
            case Null():
                yield None
            case Scalars(type=t):
                yield from samples(t, self.types.accepts(t))
            case Anything():
                yield from _anything(kind)
            case Arrays(type=t):
                yield from self._arrays(t, max(0, depth - 1))
            case Maps(type=t):
                yield from self._maps(t, max(0, depth - 1))
            case Objects(members=members, tag=tag):
                for _, member in members:
                    yield from self._records(member, tag, depth)

    def _first(self, t: Type) -> Json | Missing:
        """As `smallest`, while named types are being given theirs."""
        return next(self._values(t, 0), MISSING)

    def _records(self, t: ObjectType, tag: str | None, depth: int) -> Iterator[Json]:
        own = self.own_tag(t, tag)
        smallest: dict[str, Json] = {}
        for field in sent_fields(t, self.position):
            if field.name in own or field.always:
                value = own[field.name] if field.name in own else self._first(field.type)
                if isinstance(value, Missing):
                    return
                smallest[field.name] = value
        yield dict(smallest)
        for field in sent_fields(t, self.position) if depth > 0 else ():
            if field.name not in own:
                values = itertools.islice(self._values(field.type, depth - 1), None if depth == _DEPTH else 3)
                yield from ({**smallest, field.name: value} for value in values)

    def _arrays(self, t: ArrayLike, depth: int) -> Iterator[Json]:
        match t:
            case TupleType(items=items):
                yield from self._tuples(items, depth)
            case SetType(item=item, min_length=least, max_length=most):
                low = least or 0
                for count in range(low, min(ITEMS_MAX if most is None else most, low + 2) + 1):
                    found = self._several(item, count, depth)
                    if found is None:
                        return
                    yield found
            case ArrayType(item=item, min_length=least, max_length=most):
                yield from self._lists(item, least or 0, most, depth)

    def _tuples(self, items: tuple[Type, ...], depth: int) -> Iterator[Json]:
        smallest = [self._first(item) for item in items]
        whole = [value for value in smallest if not isinstance(value, Missing)]
        if len(whole) < len(smallest):
            return
        yield list(whole)
        for at, item in enumerate(items):
            for value in itertools.islice(self._values(item, depth), 1, None if depth == _DEPTH - 1 else 3):
                yield [*whole[:at], value, *whole[at + 1 :]]

    def _lists(self, item: Type, least: int, most: int | None, depth: int) -> Iterator[list[Json]]:
        if (most is not None and most < least) or least > REPEATED_MAX:
            return
        if least == 0:
            yield []
        for value in itertools.islice(self._values(item, depth), None if depth == _DEPTH - 1 else 3):
            for count in (max(1, least), max(1, least) + 1):
                if most is None or count <= most:
                    yield [value] * count

    def _several(self, t: Type, count: int, depth: int) -> list[Json] | None:
        """Different values, while named types are being given their smallest."""
        key, found = self.identity(t), dict[Hashable, Json]()
        if count == 0:
            return []
        for value in itertools.islice(self._values(t, max(depth, 1)), 20 * count + 200):
            found.setdefault(key(value), value)
            if len(found) == count:
                return list(found.values())
        return None

    def _maps(self, t: MapType, depth: int) -> Iterator[Json]:
        least = t.min_length or 0
        for count in (least, least + 1):
            if t.max_length is None or count <= t.max_length:
                keys = self._several(t.key, count, depth)
                for value in itertools.islice(self._values(t.value, depth), 1 + depth) if count else (None,):
                    if keys is not None:
                        yield {str(key): value for key in keys}


def identity(types: Types, t: Type) -> Callable[[Json], Hashable]:
    """Values with one key are the same to a set of `t`, and as keys of a map: scalars by what they mean."""
    decode = types.decoders.decoder(t)

    def key(value: Json) -> Hashable:
        if not isinstance(value, dict | list):
            try:
                found: Hashable = decode(value)
            except WireError:
                pass
            else:
                return found
        return json.dumps(value, sort_keys=True)

    return key


def _cross(least: int | None, most: int | None) -> bool:
    return most is not None and (least or 0) > most


def _anything(kind: str) -> Iterator[Json]:
    known: dict[str, list[Json]] = {
        "boolean": [True, False],
        "number": [0, 0.5],
        "string": ["a", "b"],
        "array": [[], ["a"]],
        "object": [{}, {"a": "a"}],
    }
    yield from known[kind]
    if kind == "string":
        yield from (f"a{number}" for number in itertools.count())
