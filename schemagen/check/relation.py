"""The relation behind every verdict: does a receiver accept all that a sender may send, and if not, what not?

Two contracts are compared as graphs. A node is a pair of types, one of each contract; what is wrong in the pair itself
are its findings, and its edges lead to the pairs inside. All parts of a value must fit, so a pair breaks exactly if
some finding can be reached from it: recursion needs no assumption, and one cause is one finding however many functions
reach it. Where a receiver has a choice (a union), the JSON kind or the tag settles which member is meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from schemagen.check.parts import Anything, ArrayLike, Arrays, Maps, Null, Objects, Part, Scalars, opened, parts
from schemagen.check.scalars import Outside, finite_values, scalar_outside
from schemagen.check.views import Position, Types, accepted_fields, refuses_unknown, sent_fields
from schemagen.check.witness import Witnesses
from schemagen.model.canonical import named_text, type_text
from schemagen.model.contract import MISSING, Contract, Field, Json, Missing, ObjectType, mentions, types_inside
from schemagen.model.types import (
    ArrayType,
    FloatType,
    IdType,
    IntType,
    LiteralType,
    MapType,
    RefType,
    Scalar,
    SetType,
    TupleType,
    Type,
    children,
)
from schemagen.wire.kinds import kinds, structure, tag_field, tag_values

Wrap: TypeAlias = Callable[[Json], "Json | Missing"]
"""A value of a part → a value of the whole that holds it; MISSING if none could be made."""


class Reason(StrEnum):
    """Why a value is refused."""

    VALUE = "value"  # a literal or a member of an enum that is not listed
    NULL = "null"
    KIND = "kind"  # another kind of value altogether
    CONSTRAINT = "constraint"  # a bound, length or pattern
    TABLE = "table"  # an id of another table
    VARIANT = "variant"  # a member of a tagged union
    UNKNOWN_FIELD = "unknown_field"  # sent, and refused as unknown
    MISSING_FIELD = "missing_field"  # never sent, and demanded
    OPTIONAL_FIELD = "optional_field"  # may be left out, and is demanded


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in a pair of types."""

    reason: Reason
    steps: tuple[str, ...]
    """From the pair to the place: `.stage`, `[]`, `[0]`, `{key}`, `{}`."""
    witness: Json | Missing
    """A value of the pair's whole sent type that is refused."""
    sent: Type | None
    """The type at the place, on both sides; None where there is no such field."""
    accepted: Type | None
    value: Json | Missing = MISSING
    """The refused value at the place itself."""
    values: tuple[Scalar, ...] = ()
    """All refused values, where they can be listed."""
    unsure: bool = False
    """It could not be proved that every value fits, nor shown that one does not."""
    unseen_by_typescript: bool = False
    """TypeScript has one `number` for integers and floats, and only strings as keys: its values stay what they were."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Every value fits, but the two types are of different classes: a type checker may see what the wire does not."""

    steps: tuple[str, ...]
    sent: Type
    accepted: Type


@dataclass(frozen=True, slots=True)
class Pair:
    """A sent type and the one it has to fit; with a tag, the record is sent as a member of a union told apart by it."""

    sent: Type
    accepted: Type
    tag: str | None = None
    values: tuple[Scalar, ...] = ()
    """The values of the tag that are meant; () if all are."""

    @property
    def key(self) -> str:
        tagged = "" if self.tag is None else f" as {self.tag} {self.values}"
        return f"{type_text(self.sent)} → {type_text(self.accepted)}{tagged}"


@dataclass(frozen=True, slots=True)
class Edge:
    steps: tuple[str, ...]
    wrap: Wrap
    pair: Pair


@dataclass(slots=True)
class Node:
    """What is wrong in a pair of types, and which pairs are inside."""

    pair: Pair | None
    """None where two records without a name are compared: arguments, or the fields of an error."""
    findings: list[Finding] = field(default_factory=list)
    edges: dict[tuple[tuple[str, ...], str], Edge] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reached:
    """A node below a root, and how a value of it stands in a value of the root."""

    node: Node
    wrap: Wrap
    entry: str
    """The step into the root's field that leads there, `.stage`; "" for the root itself, and below named types."""


@dataclass(frozen=True, slots=True)
class _At:
    """Where in a node we are, and how a value at this place stands in a value of the whole."""

    node: Node
    wrap: Wrap
    steps: tuple[str, ...] = ()
    in_key: bool = False

    def below(self, step: str, wrap: Wrap, *, in_key: bool = False) -> _At:
        return _At(self.node, _joined(self.wrap, wrap), (*self.steps, step), self.in_key or in_key)


class Relation:
    """All pairs of two contracts, in one position. Nodes are made when they are asked for, and kept."""

    def __init__(self, sent: Types, accepted: Types, position: Position, unchanged: Collection[str] = ()) -> None:
        """`unchanged` names types that are the same on both sides, with all that they reach."""
        self.sent = sent
        self.accepted = accepted
        self.position = position
        self._witnesses = Witnesses(sent, position)
        self._unchanged = frozenset(unchanged)
        self._nodes: dict[str, Node] = {}

    def types(self, sent: Type, accepted: Type) -> Node:
        return self._pair(Pair(sent, accepted))

    def fields(self, sent: tuple[Field, ...], accepted: tuple[Field, ...]) -> Node:
        """Two records without names."""
        node = Node(None)
        self._records(ObjectType("", sent), ObjectType("", accepted), None, (), _At(node, _itself))
        return node

    def counterexample(self, root: Node) -> Json | Missing:
        """A value of a pair that is refused; MISSING if every value fits, or nothing could be shown."""
        for reached in self.reachable(root):
            for finding in reached.node.findings:
                witness = through(reached.wrap, finding.witness)
                if not isinstance(witness, Missing):
                    return witness
        return MISSING

    def fits(self, root: Node) -> bool:
        """Whether every value of a pair is accepted, as far as can be proved."""
        return not any(reached.node.findings for reached in self.reachable(root))

    def reachable(self, root: Node) -> list[Reached]:
        """Every node in and below `root`, nearest first; where `root` is nameless, once for each of its fields."""
        seen: set[tuple[str, str]] = set()
        found = [Reached(root, _itself, "")]
        for reached in found:
            for edge in reached.node.edges.values():
                entry = edge.steps[0] if reached.node is root and root.pair is None else reached.entry
                if (entry, edge.pair.key) not in seen:
                    seen.add((entry, edge.pair.key))
                    found.append(Reached(self._pair(edge.pair), _joined(reached.wrap, edge.wrap), entry))
        return found

    def _pair(self, pair: Pair) -> Node:
        node = self._nodes.get(pair.key)
        if node is None:
            node = self._nodes[pair.key] = Node(pair)
            at = _At(node, _itself)
            if pair.tag is None:
                self._parts(pair.sent, pair.accepted, at)
            else:
                sent, accepted = structure(pair.sent, self.sent.named), structure(pair.accepted, self.accepted.named)
                assert isinstance(sent, ObjectType)
                assert isinstance(accepted, ObjectType)
                self._records(sent, accepted, pair.tag, pair.values, at)
        return node

    # --- inside one pair ---

    def _compare(self, sent: Type, accepted: Type, at: _At) -> None:
        if self._is_same(sent, accepted):
            return
        if isinstance(sent, RefType) or isinstance(accepted, RefType):
            self._lead(Pair(sent, accepted), at)
        else:
            self._parts(sent, accepted, at)

    def _is_same(self, sent: Type, accepted: Type) -> bool:
        return type_text(sent) == type_text(accepted) and self._is_unchanged(sent)

    def _is_unchanged(self, t: Type) -> bool:
        return t.name in self._unchanged if isinstance(t, RefType) else all(map(self._is_unchanged, children(t)))

    def _parts(self, sent: Type, accepted: Type, at: _At) -> None:
        taken = parts(accepted, self.accepted.named, self.position)
        for kind, part in parts(sent, self.sent.named).items():
            other = taken.get(kind)
            if other is None:
                self._kind_refused(kind, part, sent, accepted, at)
            else:
                self._part(kind, part, other, at)

    def _part(self, kind: str, sent: Part, accepted: Part, at: _At) -> None:
        if isinstance(accepted, Anything | Null):
            return
        if isinstance(sent, Anything):
            sent = opened(sent, kind)
        if self._leads_elsewhere(sent, accepted, at):
            return
        match sent, accepted:
            case Scalars(), Scalars():
                self._scalars(kind, sent, accepted, at)
            case Arrays(), Arrays():
                self._arrays(sent, accepted, at)
            case Maps(), Maps():
                self._maps(sent.type, accepted.type, at)
            case Maps(), Objects():
                self._map_as_record(sent, accepted, at)
            case Objects(), Maps():
                self._records_as_map(sent, accepted, at)
            case Objects(), Objects():
                self._variants(sent, accepted, at)
            case _:
                raise AssertionError(f"{sent} and {accepted} are not of one JSON kind")

    def _leads_elsewhere(self, sent: Part, accepted: Part, at: _At) -> bool:
        """A named type inside is a pair of its own: what is wrong in it is one cause, wherever it is used."""
        if isinstance(sent, Null | Anything | Objects) or isinstance(accepted, Null | Anything | Objects):
            return False
        pair = at.node.pair
        here = pair is not None and not at.steps
        is_sent_here = here and pair is not None and type_text(sent.whole) == type_text(pair.sent)
        is_accepted_here = here and pair is not None and type_text(accepted.whole) == type_text(pair.accepted)
        if (not isinstance(sent.whole, RefType) or is_sent_here) and (
            not isinstance(accepted.whole, RefType) or is_accepted_here
        ):
            return False
        if len(kinds(sent.whole, self.sent.named)) > 1 or len(kinds(accepted.whole, self.accepted.named)) > 1:
            return False
        if not self._is_same(sent.whole, accepted.whole):
            self._lead(Pair(sent.whole, accepted.whole), at)
        return True

    def _lead(self, pair: Pair, at: _At) -> None:
        at.node.edges.setdefault((at.steps, pair.key), Edge(at.steps, at.wrap, pair))

    # --- scalars ---

    def _scalars(self, kind: str, sent: Scalars, accepted: Scalars, at: _At) -> None:
        one, other = sent.type, accepted.type
        if isinstance(one, IdType) and isinstance(other, IdType) and self._is_one_table(one.table, other.table):
            if one != other:
                at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
            return
        is_sent, is_accepted = self.sent.accepts(one), self.accepted.accepts(other)
        found = scalar_outside(one, other, is_sent, is_accepted)
        if found is None:
            if type(structure(sent.whole, self.sent.named)) is not type(structure(accepted.whole, self.accepted.named)):
                at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
            return
        listed = isinstance(one, LiteralType) and isinstance(other, LiteralType)
        values = tuple(v for v in finite_values(one) or () if not is_accepted(v)) if listed else ()
        if listed:
            reason = Reason.VALUE
        elif type(one) is type(other):
            reason = Reason.TABLE if isinstance(one, IdType) else Reason.CONSTRAINT
        else:
            reason = Reason.KIND
        one_number = kind == "number" and isinstance(other, IntType | FloatType)
        self._refuse(reason, found, sent.whole, accepted.whole, at, values=values, unseen=one_number)

    def _is_one_table(self, sent: str, accepted: str) -> bool:
        """The same table, or one that was renamed: it answers to the ids it had."""
        return (
            sent == accepted
            or sent in self.accepted.former_tables.get(accepted, ())
            or accepted in self.sent.former_tables.get(sent, ())
        )

    def _refuse(
        self,
        reason: Reason,
        found: Outside,
        sent: Type | None,
        accepted: Type | None,
        at: _At,
        *,
        values: tuple[Scalar, ...] = (),
        unseen: bool = False,
    ) -> None:
        witness = MISSING if isinstance(found.witness, Missing) else at.wrap(found.witness)
        at.node.findings.append(
            Finding(
                reason,
                at.steps,
                witness,
                sent,
                accepted,
                found.witness,
                values,
                unsure=isinstance(witness, Missing),
                unseen_by_typescript=unseen or at.in_key,
            )
        )

    def _kind_refused(self, kind: str, part: Part, sent: Type, accepted: Type, at: _At) -> None:
        value = self._witnesses.smallest_part(part, kind)
        if isinstance(value, Missing):
            return  # nothing of this kind is ever sent
        reason = Reason.NULL if isinstance(part, Null) else Reason.KIND
        self._refuse(reason, Outside(value), sent, accepted, at)

    # --- arrays ---

    def _arrays(self, sent: Arrays, accepted: Arrays, at: _At) -> None:
        one, other = sent.type, accepted.type
        if type(one) is not type(other):
            at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
        wrong = self._lengths_outside(one, other)
        if wrong is not None:
            self._refuse(Reason.CONSTRAINT, wrong, sent.whole, accepted.whole, at)
        if isinstance(other, SetType) and not isinstance(one, SetType):
            doubled = self._doubled(one)
            if doubled is not None:
                self._refuse(Reason.CONSTRAINT, doubled, sent.whole, accepted.whole, at)
        for index, step in _item_steps(one, other):
            inside = at.below(step, partial(self._array, one, index))
            self._compare(_item(one, index), _item(other, index), inside)

    def _lengths_outside(self, sent: ArrayLike, accepted: ArrayLike) -> Outside | None:
        least, most = _lengths(sent)
        low, high = _lengths(accepted)
        if most is not None and least > most:
            return None
        if least < low:
            return self._of_length(sent, least)
        if high is not None and (most is None or most > high):
            return self._of_length(sent, max(high + 1, least))
        return None

    def _of_length(self, t: ArrayLike, count: int) -> Outside | None:
        if count and isinstance(t, ArrayType | SetType) and isinstance(self._witnesses.smallest(t.item), Missing):
            return None  # there is no item: only the empty array is ever sent
        return Outside(self._array_of(t, count))

    def _array_of(self, t: ArrayLike, count: int) -> Json | Missing:
        match t:
            case TupleType():
                return self._witnesses.smallest(t)
            case SetType(item=item):
                found = self._witnesses.distinct(item, count)
                return MISSING if found is None else found
            case ArrayType(item=item):
                return self._witnesses.repeated(item, count)

    def _doubled(self, sent: ArrayLike) -> Outside | None:
        """An array that holds a value twice, where one may be sent."""
        least, most = _lengths(sent)
        if most is not None and most < 2:
            return None
        if isinstance(sent, TupleType):
            return self._doubled_tuple(sent)
        assert isinstance(sent, ArrayType)
        value = self._witnesses.smallest(sent.item)
        return None if isinstance(value, Missing) else Outside(self._witnesses.repeated(sent.item, max(2, least)))

    def _doubled_tuple(self, sent: TupleType) -> Outside:
        smallest = [self._witnesses.smallest(item) for item in sent.items]
        return Outside([v for v in smallest if not isinstance(v, Missing)] if _has_double(smallest) else MISSING)

    def _array(self, t: ArrayLike, index: int, value: Json) -> Json | Missing:
        """An array of `t` that holds `value`."""
        match t:
            case TupleType(items=items):
                whole = [value if i == index else self._witnesses.smallest(item) for i, item in enumerate(items)]
                kept = [each for each in whole if not isinstance(each, Missing)]
                return kept if len(kept) == len(whole) else MISSING
            case SetType(item=item, min_length=least):
                others = self._witnesses.distinct_from(item, value, max(0, (least or 0) - 1))
                return MISSING if others is None else [value, *others]
            case ArrayType(min_length=least):
                return [value] * max(1, least or 0)

    # --- maps ---

    def _maps(self, sent: MapType, accepted: MapType, at: _At) -> None:
        wrong = self._sizes_outside(sent, accepted)
        if wrong is not None:
            self._refuse(Reason.CONSTRAINT, wrong, sent, accepted, at)
        if sent.max_length == 0:
            return
        self._compare(sent.key, accepted.key, at.below("{key}", lambda key: self._map_with_key(sent, key), in_key=True))
        self._compare(sent.value, accepted.value, at.below("{}", lambda value: self._map_with_value(sent, value)))

    def _sizes_outside(self, sent: MapType, accepted: MapType) -> Outside | None:
        least, most = sent.min_length or 0, sent.max_length
        low, high = accepted.min_length or 0, accepted.max_length
        if most is not None and least > most:
            return None
        if least < low:
            return Outside(self._map_of(sent, least))
        if high is not None and (most is None or most > high):
            count = max(high + 1, least)
            found = self._map_of(sent, count)
            small = isinstance(structure(sent.key, self.sent.named), LiteralType)
            return None if isinstance(found, Missing) and small else Outside(found)
        return None

    def _map_of(self, t: MapType, count: int) -> Json | Missing:
        keys = self._witnesses.distinct(t.key, count)
        value: Json | Missing = self._witnesses.smallest(t.value) if count else None
        return MISSING if keys is None or isinstance(value, Missing) else {str(key): value for key in keys}

    def _map_with_key(self, t: MapType, key: Json) -> Json | Missing:
        others = self._witnesses.distinct_from(t.key, key, max(0, (t.min_length or 0) - 1))
        value = self._witnesses.smallest(t.value)
        if others is None or isinstance(value, Missing):
            return MISSING
        return {str(each): value for each in (key, *others)}

    def _map_with_value(self, t: MapType, value: Json) -> Json | Missing:
        keys = self._witnesses.distinct(t.key, max(1, t.min_length or 0))
        return MISSING if keys is None else {str(key): value for key in keys}

    def _map_as_record(self, sent: Maps, accepted: Objects, at: _At) -> None:
        """A map may have any keys, and none: rarely what a record wants."""
        at.node.differences.append(Difference(at.steps, sent.whole, accepted.members[0][0]))
        _, record = accepted.members[0]
        fields = {f.wire_name: f for f in accepted_fields(record, self.position)}
        is_key = self.sent.accepts(sent.type.key)
        for value in self._witnesses.some(sent.type):
            assert isinstance(value, dict)
            unknown = refuses_unknown(self.position) and value.keys() - fields.keys()
            lacking = any(f.required and name not in value for name, f in fields.items())
            if unknown or lacking or accepted.tag is not None:
                self._refuse(Reason.KIND, Outside(value), sent.whole, accepted.members[0][0], at)
                return
        for name, known in fields.items():
            if is_key(name):
                self._compare(sent.type.value, known.type, at.below(f".{name}", partial(_entry, name)))

    def _records_as_map(self, sent: Objects, accepted: Maps, at: _At) -> None:
        is_key = self.accepted.accepts(accepted.type.key)
        for named, record in sent.members:
            at.node.differences.append(Difference(at.steps, named, accepted.whole))
            self._record_sizes(named, record, sent.tag, accepted, at)
            for known in sent_fields(record, self.position):
                inside = at.below(f".{known.name}", self._with_field(record, sent.tag, known.name))
                if is_key(known.name):
                    self._compare(known.type, accepted.type.value, inside)
                else:
                    value = self._witnesses.smallest(known.type)
                    if not isinstance(value, Missing):
                        self._refuse(Reason.UNKNOWN_FIELD, Outside(value), known.type, None, inside)

    def _record_sizes(self, named: Type, record: ObjectType, tag: str | None, accepted: Maps, at: _At) -> None:
        smallest = self._witnesses.tagged(record, tag, {})
        full = self._witnesses.record(record, {}, full=True)
        low, high = accepted.type.min_length or 0, accepted.type.max_length
        if smallest is not None and len(smallest) < low:
            self._refuse(Reason.CONSTRAINT, Outside(dict(smallest)), named, accepted.whole, at)
        elif full is not None and high is not None and len(full) > high:
            self._refuse(Reason.CONSTRAINT, Outside(dict(full)), named, accepted.whole, at)

    # --- records ---

    def _variants(self, sent: Objects, accepted: Objects, at: _At) -> None:
        for named, record in sent.members:
            if accepted.tag is None:
                self._variant(Pair(named, accepted.members[0][0], sent.tag), at)
            else:
                self._tagged(named, record, sent.tag, accepted, accepted.tag, at)

    def _variant(self, pair: Pair, at: _At) -> None:
        """Inline where the node is this very pair of names, else a pair of its own."""
        here = at.node.pair
        is_here = here is not None and not at.steps and here.tag is None and pair.tag is None and here.key == pair.key
        if is_here:
            sent, accepted = structure(pair.sent, self.sent.named), structure(pair.accepted, self.accepted.named)
            assert isinstance(sent, ObjectType)
            assert isinstance(accepted, ObjectType)
            self._records(sent, accepted, None, (), at)
        elif not self._is_same(pair.sent, pair.accepted) or pair.tag is not None:
            self._lead(pair, at)

    def _tagged(
        self, named: Type, record: ObjectType, sent_tag: str | None, accepted: Objects, tag: str, at: _At
    ) -> None:
        """One record into a union told apart by `tag`: each value of its tag leads to a member, or nowhere."""
        known = next((f for f in sent_fields(record, self.position) if f.name == tag), None)
        if known is None:
            whole = self._witnesses.tagged(record, sent_tag, {})
            if whole is not None:
                self._refuse(Reason.VARIANT, Outside(dict(whole)), named, accepted.members[0][0], at)
            return
        if not known.always and sent_tag != tag:
            smallest = self._witnesses.tagged(record, sent_tag, {})
            self._lacking(Reason.OPTIONAL_FIELD, tag, smallest, (known.type, known.type), at)
        members = self._by_tag(accepted, tag)
        leads: dict[str, tuple[Type, list[Scalar]]] = {}
        for value in self._tag_values(known.type):
            member = members.get((type(value), value))
            if member is None:
                inside = at.below(f".{tag}", self._with_field(record, sent_tag, tag))
                self._refuse(Reason.VARIANT, Outside(value), named, None, inside, values=(value,))
            else:
                leads.setdefault(type_text(member), (member, []))[1].append(value)
        for member, values in leads.values():
            self._lead(Pair(named, member, tag, tuple(values)), at)

    def _tag_values(self, t: Type) -> tuple[Scalar, ...]:
        """The values of a field that should tell members apart; if it is no literal, one that tells nothing."""
        found = [
            value
            for part in parts(t, self.sent.named).values()
            if isinstance(part, Scalars)
            for value in (finite_values(part.type) or ("\N{REPLACEMENT CHARACTER}",))
        ]
        return tuple(found)

    def _by_tag(self, accepted: Objects, tag: str) -> dict[tuple[type, Scalar], Type]:
        return {
            (type(value), value): named
            for named, record in accepted.members
            for value in tag_values(tag_field(record, tag), self.accepted.named)
        }

    def _records(
        self, sent: ObjectType, accepted: ObjectType, tag: str | None, values: tuple[Scalar, ...], at: _At
    ) -> None:
        fields = {f.wire_name: f for f in accepted_fields(accepted, self.position)}
        present = sent_fields(sent, self.position)
        given: dict[str, Json] = {} if tag is None or not values else {tag: values[0]}

        def smallest() -> dict[str, Json] | None:
            return self._witnesses.tagged(sent, tag, given)

        for known in present:
            t = LiteralType(values) if known.name == tag and values else known.type
            inside = at.below(f".{known.name}", self._with_field(sent, tag, known.name, given))
            other = fields.get(known.name)
            if other is None:
                self._unknown_field(known.name, t, inside)
                continue
            if other.required and not (known.always or known.name == tag):
                self._lacking(Reason.OPTIONAL_FIELD, known.name, smallest(), (known.type, other.type), at)
            self._compare(t, other.type, inside)
        names = {known.name for known in present}
        for name, other in fields.items():
            if other.required and name not in names:
                self._lacking(Reason.MISSING_FIELD, name, smallest(), (None, other.type), at)

    def _unknown_field(self, name: str, t: Type, inside: _At) -> None:
        if refuses_unknown(self.position):
            value = self._witnesses.smallest(t)
            if not isinstance(value, Missing):
                self._refuse(Reason.UNKNOWN_FIELD, Outside(value), t, None, inside)

    def _lacking(
        self, reason: Reason, name: str, whole: dict[str, Json] | None, types: tuple[Type | None, Type], at: _At
    ) -> None:
        """`whole`, the smallest record that may be sent, does not have a field that it needs."""
        found = MISSING if whole is None else at.wrap(dict(whole))
        unsure = isinstance(found, Missing)
        at.node.findings.append(Finding(reason, (*at.steps, f".{name}"), found, *types, unsure=unsure))

    def _with_field(self, record: ObjectType, tag: str | None, name: str, given: dict[str, Json] | None = None) -> Wrap:
        def wrap(value: Json) -> Json | Missing:
            whole = self._witnesses.tagged(record, tag, {**(given or {}), name: value})
            return MISSING if whole is None else dict(whole)

        return wrap


def _itself(value: Json) -> Json:
    return value


def _entry(name: str, value: Json) -> Json:
    return {name: value}


def through(wrap: Wrap, value: Json | Missing) -> Json | Missing:
    return value if isinstance(value, Missing) else wrap(value)


def _joined(outer: Wrap, inner: Wrap) -> Wrap:
    def wrap(value: Json) -> Json | Missing:
        inside = inner(value)
        return MISSING if isinstance(inside, Missing) else outer(inside)

    return wrap


def _lengths(t: ArrayLike) -> tuple[int, int | None]:
    if isinstance(t, TupleType):
        return len(t.items), len(t.items)
    return t.min_length or 0, t.max_length


def _item(t: ArrayLike, index: int) -> Type:
    return t.items[index] if isinstance(t, TupleType) else t.item


def _item_steps(sent: ArrayLike, accepted: ArrayLike) -> list[tuple[int, str]]:
    """The positions at which items are compared, with the step that leads there."""
    if _lengths(sent)[1] == 0:
        return []
    counts = [len(t.items) for t in (sent, accepted) if isinstance(t, TupleType)]
    return [(index, f"[{index}]") for index in range(min(counts))] if counts else [(0, "[]")]


def _has_double(values: list[Json | Missing]) -> bool:
    texts = [json.dumps(value, sort_keys=True) for value in values if not isinstance(value, Missing)]
    return len(texts) == len(values) and len(set(texts)) < len(texts)


def counterexample(sent: Type, accepted: Type, old: Types, new: Types, position: Position) -> Json | Missing:
    """A value of `sent` (a type of `old`) that `accepted` (of `new`) refuses, a small one; MISSING if every value fits.

    Raises `Unprovable` where neither could be shown.
    """
    relation = Relation(old, new, position)
    root = relation.types(sent, accepted)
    witness = relation.counterexample(root)
    if isinstance(witness, Missing) and not relation.fits(root):
        raise Unprovable(f"cannot prove that {type_text(accepted)} accepts every {type_text(sent)}")
    return witness


class Unprovable(Exception):
    """Neither a proof nor a counterexample was found within the budget."""


def unchanged_types(old: Contract, new: Contract) -> frozenset[str]:
    """Names of types that are the same in both contracts, with all that they reach."""
    suspects = {t.name: t for t in new.types if t.name in old.types_by_name}
    same = {name for name, t in suspects.items() if named_text(t) == named_text(old.named(name))}
    users: dict[str, list[str]] = {}
    for name in same:
        for inner in mentions(types_inside(suspects[name])):
            users.setdefault(inner, []).append(name)
    todo = [name for name in users if name not in same]
    while todo:
        for user in users.get(todo.pop(), []):
            if user in same:
                same.discard(user)
                todo.append(user)
    return frozenset(same)
