"""The relation behind every verdict: does a receiver accept all that a sender may send, and if not, what not?

Two contracts are compared as graphs. A node is a pair of types, one of each contract; what is wrong in the pair itself
are its findings, and its edges lead to the pairs inside. All parts of a value must fit, and what has no value is left
out, so a pair breaks exactly if some finding can be reached from it: recursion needs no assumption, and one cause is
one finding however many functions reach it. Where a receiver has a choice (a union), the JSON kind or the tag settles
which member is meant.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Mapping
from functools import partial

from schemagen.check.pairs import (
    At,
    Difference,
    Edge,
    Finding,
    Node,
    Pair,
    Reached,
    Reason,
    Wrap,
    itself,
    joined,
    through,
)
from schemagen.check.parts import Anything, ArrayLike, Arrays, Maps, Null, Objects, Part, Scalars, opened, parts
from schemagen.check.scalars import Comparison, Outside, beyond_json, finite_values
from schemagen.check.validators import Receiver, Sender
from schemagen.check.views import Position, Types, accepted_fields, refuses_unknown, sent_fields, types_of
from schemagen.check.witness import REPEATED_MAX, Witnesses, identity
from schemagen.model.canonical import named_text, type_text
from schemagen.model.contract import MISSING, Contract, Field, Json, Missing, ObjectType, mentions, types_inside
from schemagen.model.ids import format_id
from schemagen.model.types import (
    ArrayType,
    FloatType,
    IdType,
    IntType,
    JsonType,
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

_STEPS_MAX = 40
"""So deep into nested types without a name a node goes; what is deeper is a pair of its own."""


def counterexample(sent: Type, accepted: Type, old: Types, new: Types, position: Position) -> Json | Missing:
    """A value that a sender of `sent` may send and a receiver of `accepted` refuses, a small one; MISSING if all fit.

    `old` and `new` are the named types (`views.types_of(contract)`) that the two types are written in: the sender's
    and the receiver's. `position` says what they are: arguments (the sender leaves out what has a default, the
    receiver refuses what it does not know), results (every field is sent, clients ignore what they do not know and
    check no constraints), or stored documents (every field is there, unknown ones are refused).

    The value is JSON. It was shown to both sides' validators: the sender's takes it, the receiver's does not. MISSING
    is a proof. It rests on what tells types apart on the wire: names, docs and the order of fields or members do not.

    Raises `Unprovable` where neither could be shown: patterns that are no regular expressions in the strict sense
    (lookarounds, references back, flags) or too large, steps of floats that are no multiples of each other, decimals
    whose digits only their bounds limit, and sets, maps or texts of more than some ten thousand items.
    """
    relation = Relation(old, new, position)
    root = relation.types(sent, accepted)
    witness = relation.counterexample(root)
    if isinstance(witness, Missing) and not relation.fits(root):
        raise Unprovable("cannot prove that every value fits")
    return witness


class Unprovable(Exception):
    """Neither a proof nor a counterexample was found within the budget."""


class Relation:
    """All pairs of two contracts, in one position. Nodes are made when they are asked for, and kept."""

    def __init__(self, sent: Types, accepted: Types, position: Position, unchanged: Collection[str] = ()) -> None:
        """`unchanged` names types that are the same on both sides, with all that they reach."""
        self.sent = sent
        self.accepted = accepted
        self.position = position
        self._witnesses = Witnesses(sent, position)
        self._sender = Sender(sent, position)
        self._receiver = Receiver(accepted, position, sent)
        self._unchanged = frozenset(unchanged)
        self._nodes: dict[str, Node] = {}

    def types(self, sent: Type, accepted: Type) -> Node:
        try:
            return self._pair(Pair(sent, accepted))
        except RecursionError:
            return _too_deep(Node(None))

    def fields(self, sent: tuple[Field, ...], accepted: tuple[Field, ...]) -> Node:
        """Two records without names."""
        node = Node(None, fields=(sent, accepted))
        try:
            self._records(
                ObjectType("", sent), ObjectType("", accepted), Pair(RefType(""), RefType("")), At(node, itself)
            )
        except RecursionError:
            _too_deep(node)
        return node

    def counterexample(self, root: Node) -> Json | Missing:
        """A value of a pair that is refused, by its validators too; MISSING if every value fits, or none was found."""
        for reached in self.reachable(root):
            for finding in reached.node.findings:
                witness = through(reached.wrap, finding.witness)
                if not isinstance(witness, Missing) and self.is_refused(root, witness):
                    return witness
        return MISSING

    def is_refused(self, root: Node, value: Json) -> bool:
        """Whether `value` may be sent, and is refused: both by running validators on it."""
        if root.pair is None:
            sent, accepted = root.fields
            return self._sender.sends_fields(sent, value) and not self._receiver.accepts_fields(accepted, value)
        return self._sender.sends(root.pair.sent, value) and not self._receiver.accepts(root.pair.accepted, value)

    def fits(self, root: Node) -> bool:
        """Whether every value of a pair is accepted, as far as can be proved."""
        return not any(reached.node.findings for reached in self.reachable(root))

    def reachable(self, root: Node) -> list[Reached]:
        """Every node in and below `root`, nearest first; where `root` is nameless, once for each of its fields."""
        seen: set[tuple[str, str]] = set()
        found = [Reached(root, itself, "")]
        for reached in found:
            for (steps, key), edge in reached.node.edges.items():
                entry = steps[0] if reached.node is root and root.pair is None else reached.entry
                if (entry, key) not in seen:
                    seen.add((entry, key))
                    wrap = joined(reached.wrap, edge.wrap)
                    found.append(Reached(self._node(key, edge.pair), wrap, entry, (*reached.path, *steps)))
        return found

    def _pair(self, pair: Pair) -> Node:
        return self._node(pair.key, pair)

    def _node(self, key: str, pair: Pair) -> Node:
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = Node(pair)
            try:
                self._fill(node, pair)
            except RecursionError:
                _too_deep(node)
        return node

    def _fill(self, node: Node, pair: Pair) -> None:
        at = At(node, itself)
        if pair.tag is None and pair.sent_tag is None:
            self._parts(pair.sent, pair.accepted, at)
            return
        sent, accepted = structure(pair.sent, self.sent.named), structure(pair.accepted, self.accepted.named)
        assert isinstance(sent, ObjectType)
        assert isinstance(accepted, ObjectType)
        self._records(sent, accepted, pair, at)

    # --- inside one pair ---

    def _compare(self, sent: Type, accepted: Type, at: At) -> None:
        if self.is_same(sent, accepted):
            return
        if isinstance(sent, RefType) or isinstance(accepted, RefType) or len(at.steps) >= _STEPS_MAX:
            self._lead(Pair(sent, accepted), at)
        else:
            self._parts(sent, accepted, at)

    def is_same(self, sent: Type, accepted: Type) -> bool:
        """Whether two types are the same to the letter, with all that they reach: then there is nothing to ask."""
        if isinstance(sent, RefType):
            return isinstance(accepted, RefType) and sent.name == accepted.name and sent.name in self._unchanged
        if sent is not accepted and (type(sent) is not type(accepted) or type_text(sent) != type_text(accepted)):
            return False
        return self._is_unchanged(sent)

    def _is_unchanged(self, t: Type) -> bool:
        match t:
            case RefType(name=name):
                return name in self._unchanged
            case IdType(table=table):
                return self._lost_names(table, table) == []
            case _:
                return all(map(self._is_unchanged, children(t)))

    def _parts(self, sent: Type, accepted: Type, at: At) -> None:
        taken = parts(accepted, self.accepted.named, self.position)
        for kind, part in parts(sent, self.sent.named).items():
            other = taken.get(kind)
            is_record = isinstance(part, Objects) and other is not None  # its members are looked at one by one
            if not is_record and self._witnesses.is_empty_part(part):
                continue
            if other is None:
                self._kind_refused(kind, part, sent, accepted, at)
            else:
                self._part(kind, part, other, at)

    def _part(self, kind: str, sent: Part, accepted: Part, at: At) -> None:
        if isinstance(accepted, Null):
            return
        if isinstance(accepted, Anything):
            if isinstance(sent, Anything) and sent.whole != accepted.whole:
                at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
            self._as_anything(sent, at)
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
                self._maps(sent, accepted, at)
            case Maps(), Objects():
                self._map_as_record(sent, accepted, at)
            case Objects(), Maps():
                self._records_as_map(sent, accepted, at)
            case Objects(), Objects():
                self._variants(sent, accepted, at)
            case _:
                raise AssertionError(f"{sent} and {accepted} are not of one JSON kind")

    def _leads_elsewhere(self, sent: Part, accepted: Part, at: At) -> bool:
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
        if not self.is_same(sent.whole, accepted.whole):
            self._lead(Pair(sent.whole, accepted.whole), at)
        return True

    def _lead(self, pair: Pair, at: At) -> None:
        at.node.edges.setdefault((at.steps, pair.key), Edge(at.steps, at.wrap, pair))

    def _refuse(
        self,
        reason: Reason,
        found: Outside,
        sent: Type | None,
        accepted: Type | None,
        at: At,
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

    def _kind_refused(self, kind: str, part: Part, sent: Type, accepted: Type, at: At) -> None:
        reason = Reason.NULL if isinstance(part, Null) else Reason.KIND
        self._refuse(reason, Outside(self._witnesses.smallest_part(part, kind)), sent, accepted, at)

    # --- scalars ---

    def _scalars(self, kind: str, sent: Scalars, accepted: Scalars, at: At) -> None:
        one, other = sent.type, accepted.type
        if isinstance(one, IdType) and isinstance(other, IdType):
            self._ids(one, other, sent.whole, accepted.whole, at)
            return
        is_sent, is_accepted = self.sent.accepts(one), self.accepted.accepts(other)
        found = Comparison(
            one, other, is_sent, is_accepted, self._former(one, self.sent), self._former(other, self.accepted)
        ).outside()
        if found is None:
            if type(structure(sent.whole, self.sent.named)) is not type(structure(accepted.whole, self.accepted.named)):
                at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
            return
        listed = finite_values(one) if isinstance(one, LiteralType) and isinstance(other, LiteralType) else None
        values = tuple(v for v in listed or () if not is_accepted(v) and not isinstance(v, float))
        is_tightened = type(one) is type(other) and not isinstance(one, LiteralType)
        reason = Reason.VALUE if listed is not None else Reason.CONSTRAINT if is_tightened else Reason.KIND
        one_number = kind == "number" and isinstance(other, IntType | FloatType)
        self._refuse(reason, found, sent.whole, accepted.whole, at, values=values, unseen=one_number)

    def _former(self, t: Type, side: Types) -> tuple[str, ...]:
        return tuple(side.former_tables.get(t.table, ())) if isinstance(t, IdType) else ()

    def _ids(self, one: IdType, other: IdType, sent: Type, accepted: Type, at: At) -> None:
        lost = self._lost_names(one.table, other.table)
        if lost:
            reason = Reason.CONSTRAINT if one == other else Reason.TABLE
            self._refuse(reason, Outside(format_id(lost[0], 0)), sent, accepted, at)
        elif one != other:
            at.node.differences.append(Difference(at.steps, sent, accepted))

    def _lost_names(self, sent: str, accepted: str) -> list[str]:
        """Names that ids may begin with and that are no names of the accepted table, old ones included.

        Clients do not look at how ids begin: to them, the ids of a renamed table are those of the table they know.
        """
        former = self.sent.former_tables.get(sent, ())
        taken = (accepted, *self.accepted.former_tables.get(accepted, ()))
        if self.position is Position.RETURNS and (sent in taken or accepted in former):
            return []
        return [name for name in (sent, *former) if name not in taken]

    def _as_anything(self, sent: Part, at: At) -> None:
        """Into `JsonValue` or `Any`, which take everything but whole numbers that JSON does not carry exactly."""
        if self.position is Position.RETURNS:
            return
        match sent:
            case Null() | Anything():
                return
            case Scalars(type=t, whole=whole):
                is_json = self.accepted.accepts(JsonType())
                found = beyond_json(t, self.sent.accepts(t), is_json, whole_floats=self.position is Position.ARGS)
                if found is not None:
                    self._refuse(Reason.CONSTRAINT, found, whole, JsonType(), at)
            case Arrays(type=array):
                items = array.items if isinstance(array, TupleType) else (array.item,)
                for index, item in enumerate(items if _lengths(array)[1] != 0 else ()):
                    step = f"[{index}]" if isinstance(array, TupleType) else "[]"
                    self._inside_anything(item, at.below(step, partial(self._array, array, index)))
            case Maps(type=t):
                if t.max_length != 0 and not self._witnesses.is_empty(t.key):
                    self._inside_anything(t.value, at.below("{}", partial(self._map_with_value, t)))
            case Objects(members=members, tag=tag):
                for _, record in members:
                    own = self._witnesses.own_tag(record, tag)
                    for known in () if self._witnesses.is_empty_record(record) else sent_fields(record, self.position):
                        inside = at.below(f".{known.name}", self._with_field(record, own, known.name))
                        self._inside_anything(known.type, inside)

    def _inside_anything(self, t: Type, at: At) -> None:
        if isinstance(t, RefType) or len(at.steps) >= _STEPS_MAX:
            self._lead(Pair(t, JsonType()), at)
        else:
            self._parts(t, JsonType(), at)

    # --- arrays ---

    def _arrays(self, sent: Arrays, accepted: Arrays, at: At) -> None:
        one, other = sent.type, accepted.type
        if type(one) is not type(other):
            at.node.differences.append(Difference(at.steps, sent.whole, accepted.whole))
        least, most = self._sent_lengths(one)
        wrong = [self._length_outside(one, least, most, *_lengths(other))]
        if isinstance(other, SetType) and (most is None or most >= 2):
            wrong.append(self._merged_set(one, other) if isinstance(one, SetType) else self._doubled(one, other))
        for each in wrong:
            if each is not None:
                self._refuse(Reason.CONSTRAINT, each, sent.whole, accepted.whole, at)
        for index, step in _item_steps(one, other) if most != 0 else ():
            inside = at.below(step, partial(self._array, one, index))
            self._compare(_item(one, index), _item(other, index), inside)

    def _sent_lengths(self, t: ArrayLike) -> tuple[int, int | None]:
        """How many items there may be; none if there is no value for them."""
        least, most = _lengths(t)
        if isinstance(t, TupleType):
            return least, most
        if self._witnesses.is_empty(t.item):
            return 0, 0
        return least, _smaller(most, self._witnesses.count_at_most(t.item) if isinstance(t, SetType) else None)

    def _length_outside(
        self, t: ArrayLike | MapType, least: int, most: int | None, low: int, high: int | None
    ) -> Outside | None:
        """A value of a length that is not accepted, where one may be sent."""
        if least < low:
            return Outside(self._of_length(t, least))
        if high is not None and (most is None or most > high):
            return Outside(self._of_length(t, max(high + 1, least)))
        return None

    def _of_length(self, t: ArrayLike | MapType, count: int) -> Json | Missing:
        match t:
            case TupleType():
                return self._witnesses.smallest(t)
            case SetType(item=item):
                found = self._witnesses.distinct(item, count)
                return MISSING if found is None else found
            case ArrayType(item=item):
                return self._witnesses.repeated(item, count)
            case MapType(key=key, value=value):
                keys = self._witnesses.distinct(key, count)
                held: Json | Missing = self._witnesses.smallest(value) if count else None
                return MISSING if keys is None or isinstance(held, Missing) else {str(each): held for each in keys}

    def _merged_set(self, sent: SetType, accepted: SetType) -> Outside | None:
        """Two items that the sender tells apart and the receiver does not."""
        found = self._merged(sent.item, accepted.item)
        if found is None:
            return None
        others = self._witnesses.distinct(sent.item, max(0, (sent.min_length or 0) - 2), *found)
        return Outside(MISSING if others is None else [*found, *others])

    def _merged(self, sent: Type, accepted: Type) -> list[Json] | None:
        """`"1"` and `"1.0"` are two literals, and one decimal."""
        before, after = self._witnesses.identity(sent), identity(self.accepted, accepted)
        known: dict[object, Json] = {}
        for value in self._listed(sent):
            other = known.setdefault(after(value), value)
            if len({before(other), before(value)}) > 1:  # NaN is not equal to itself, and one item of a set
                return [other, value]
        return None

    def _listed(self, t: Type) -> Iterator[Json]:
        """The scalars of a type that are listed in it, and those that other types may take for the same."""
        found = [part.type for part in parts(t, self.sent.named).values() if isinstance(part, Scalars)]
        values = [value for each in found if isinstance(each, LiteralType) for value in each.values]
        yield from values
        for text in (value for value in values if isinstance(value, str)):
            for other in found:
                twins = (twin for twin in _numbers_of(text) if self.sent.accepts(other)(twin))
                yield from twins

    def _doubled(self, sent: ArrayType | TupleType, accepted: SetType) -> Outside | None:
        """An array that holds a value twice, where one may be sent."""
        if isinstance(sent, ArrayType):
            return Outside(self._witnesses.repeated(sent.item, max(2, sent.min_length or 0)))
        key = identity(self.accepted, accepted.item)
        is_sure = True
        for (at, one), (other_at, other) in itertools.combinations(enumerate(sent.items), 2):
            keys = {key(value): value for value in self._witnesses.some(one, 40)}
            for value in self._witnesses.some(other, 40):
                if key(value) in keys:
                    return Outside(self._tuple(sent, {at: keys[key(value)], other_at: value}))
            is_sure = is_sure and self._are_apart(one, other)
        return None if is_sure else Outside(MISSING)

    def _are_apart(self, one: Type, other: Type) -> bool:
        """Whether no value is of both, or the few values looked at were all."""
        if not kinds(one, self.sent.named) & kinds(other, self.sent.named):
            return True
        counts = [self._witnesses.count_at_most(t) for t in (one, other)]
        return all(count is not None and count <= 40 for count in counts)

    def _array(self, t: ArrayLike, index: int, value: Json) -> Json | Missing:
        """An array of `t` that holds `value`."""
        match t:
            case TupleType():
                return self._tuple(t, {index: value})
            case SetType(item=item, min_length=least):
                others = self._witnesses.distinct(item, max(0, (least or 0) - 1), value)
                return MISSING if others is None else [value, *others]
            case ArrayType(min_length=least):
                return [value] * max(1, least or 0) if (least or 0) <= REPEATED_MAX else MISSING

    def _tuple(self, t: TupleType, given: Mapping[int, Json]) -> Json | Missing:
        whole = [given[i] if i in given else self._witnesses.smallest(item) for i, item in enumerate(t.items)]
        kept = [each for each in whole if not isinstance(each, Missing)]
        return kept if len(kept) == len(whole) else MISSING

    # --- maps ---

    def _maps(self, sent: Maps, accepted: Maps, at: At) -> None:
        one, other = sent.type, accepted.type
        most = self._sent_entries(one)
        wrong = [self._length_outside(one, one.min_length or 0, most, other.min_length or 0, other.max_length)]
        if most is None or most >= 2:
            wrong.append(self._merged_keys(one, other))
        for each in wrong:
            if each is not None:
                self._refuse(Reason.CONSTRAINT, each, one, other, at)
        if most != 0:
            self._compare(one.key, other.key, at.below("{key}", partial(self._map_with_key, one), in_key=True))
            self._compare(one.value, other.value, at.below("{}", partial(self._map_with_value, one)))

    def _sent_entries(self, t: MapType) -> int | None:
        """How many entries there may be at most; none if there is no key, or no value."""
        if self._witnesses.is_empty(t.key) or self._witnesses.is_empty(t.value):
            return 0
        return _smaller(t.max_length, self._witnesses.count_at_most(t.key))

    def _merged_keys(self, sent: MapType, accepted: MapType) -> Outside | None:
        found = self._merged(sent.key, accepted.key)
        if found is None:
            return None
        keys = self._witnesses.distinct(sent.key, max(0, (sent.min_length or 0) - 2), *found)
        value = self._witnesses.smallest(sent.value)
        if keys is None or isinstance(value, Missing):
            return Outside(MISSING)
        return Outside({str(key): value for key in (*found, *keys)})

    def _map_with_key(self, t: MapType, key: Json) -> Json | Missing:
        value = self._witnesses.smallest(t.value)
        return MISSING if isinstance(value, Missing) else self._map_with_entry(t, key, value)

    def _map_with_entry(self, t: MapType, key: Json, value: Json) -> Json | Missing:
        others = self._witnesses.distinct(t.key, max(0, (t.min_length or 0) - 1), key)
        return MISSING if others is None else {str(each): value for each in (key, *others)}

    def _map_with_value(self, t: MapType, value: Json) -> Json | Missing:
        keys = self._witnesses.distinct(t.key, max(1, t.min_length or 0))
        return MISSING if keys is None else {str(key): value for key in keys}

    def _map_without(self, t: MapType, name: str) -> Json | Missing | None:
        """A map that does not have a key; None if each has it."""
        least = t.min_length or 0
        if least and self._witnesses.count_at_most(t.key) == least and self.sent.accepts(t.key)(name):
            return None
        keys = self._witnesses.distinct(t.key, least, name)
        value: Json | Missing = self._witnesses.smallest(t.value) if least else None
        return MISSING if keys is None or isinstance(value, Missing) else {str(key): value for key in keys}

    def _map_as_record(self, sent: Maps, accepted: Objects, at: At) -> None:
        """A map may have any keys, and none: rarely what a record wants."""
        named, record = accepted.members[0]
        at.node.differences.append(Difference(at.steps, sent.whole, named))
        for found in self._maps_no_record(sent.type, accepted):
            self._refuse(Reason.KIND, Outside(found), sent.whole, named, at)
            return
        is_key = self.sent.accepts(sent.type.key)
        for known in accepted_fields(record, self.position) if self._sent_entries(sent.type) != 0 else ():
            if is_key(known.wire_name):
                wrap = partial(self._map_with_entry, sent.type, known.wire_name)
                self._compare(sent.type.value, known.type, at.below(f".{known.wire_name}", wrap))

    def _maps_no_record(self, t: MapType, accepted: Objects) -> Iterator[Json | Missing]:
        """Maps whose keys are not the fields of a record; MISSING where it is not known whether there are any."""
        if accepted.tag is not None:
            found = self._map_without(t, accepted.tag)
            yield self._map_of_no_member(t, accepted, accepted.tag) if found is None else found
            return
        fields = {known.wire_name: known for known in accepted_fields(accepted.members[0][1], self.position)}
        if refuses_unknown(self.position) and self._sent_entries(t) != 0:
            keys = self._witnesses.some(t.key, len(fields) + 1)
            yield from (self._map_with_key(t, key) for key in keys if key not in fields)
            count = self._witnesses.count_at_most(t.key)
            if len(keys) <= len(fields) and (count is None or count > len(keys)):
                yield MISSING
        for name, known in fields.items():
            if known.required:
                found = self._map_without(t, name)
                if found is not None:
                    yield found

    def _map_of_no_member(self, t: MapType, accepted: Objects, tag: str) -> Json | Missing:
        """A map whose tag is that of no member."""
        members = self._by_tag(accepted, tag)
        values = self._witnesses.some(t.value, len(members) + 1)
        lost = (v for v in values if not isinstance(v, str | int) or (type(v), v) not in members)
        return next((self._map_with_entry(t, tag, value) for value in lost), MISSING)

    def _records_as_map(self, sent: Objects, accepted: Maps, at: At) -> None:
        is_key = self.accepted.accepts(accepted.type.key)
        for named, record in sent.members:
            if self._witnesses.is_empty_record(record):
                continue
            at.node.differences.append(Difference(at.steps, named, accepted.whole))
            own = self._witnesses.own_tag(record, sent.tag)
            self._record_sizes(named, record, own, accepted, at)
            for known in sent_fields(record, self.position):
                inside = at.below(f".{known.name}", self._with_field(record, own, known.name))
                if is_key(known.name):
                    self._compare(known.type, accepted.type.value, inside)
                elif not self._witnesses.is_empty(known.type):
                    value = Outside(self._witnesses.smallest(known.type))
                    self._refuse(Reason.UNKNOWN_FIELD, value, known.type, None, inside)

    def _record_sizes(self, named: Type, record: ObjectType, own: Mapping[str, Json], accepted: Maps, at: At) -> None:
        smallest = self._witnesses.record(record, own)
        full = self._witnesses.record(record, own, full=True)
        low, high = accepted.type.min_length or 0, accepted.type.max_length
        key = identity(self.accepted, accepted.type.key)
        if smallest is None or full is None:
            self._refuse(Reason.CONSTRAINT, Outside(MISSING), named, accepted.whole, at)
        elif len(smallest) < low:
            self._refuse(Reason.CONSTRAINT, Outside(smallest), named, accepted.whole, at)
        elif (high is not None and len(full) > high) or len(set(map(key, full))) < len(full):
            self._refuse(Reason.CONSTRAINT, Outside(full), named, accepted.whole, at)

    # --- records ---

    def _variants(self, sent: Objects, accepted: Objects, at: At) -> None:
        tag = accepted.tag if accepted.tag is not None else self._tag_of_one(sent.tag, accepted)
        for named, record in sent.members:
            if self._witnesses.is_empty_record(record):
                continue
            if tag is None:
                self._variant(Pair(named, accepted.members[0][0], sent.tag), at)
            else:
                self._tagged(named, record, sent.tag, accepted, tag, at)

    def _tag_of_one(self, tag: str | None, accepted: Objects) -> str | None:
        """The tag of the sent union, where the one record that is accepted could be a member of it."""
        _, record = accepted.members[0]
        fields = accepted_fields(record, self.position) if tag is not None else ()
        known = next((f for f in fields if f.wire_name == tag), None)
        found = None if known is None else structure(known.type, self.accepted.named)
        return tag if isinstance(found, LiteralType) and not found.open else None

    def _variant(self, pair: Pair, at: At) -> None:
        """Inline where the node is this very pair of names, else a pair of its own."""
        here = at.node.pair
        if here is not None and not at.steps and here.key == pair.key:
            sent, accepted = structure(pair.sent, self.sent.named), structure(pair.accepted, self.accepted.named)
            assert isinstance(sent, ObjectType)
            assert isinstance(accepted, ObjectType)
            self._records(sent, accepted, pair, at)
        elif not self.is_same(pair.sent, pair.accepted):
            self._lead(pair, at)

    def _tagged(
        self, named: Type, record: ObjectType, sent_tag: str | None, accepted: Objects, tag: str, at: At
    ) -> None:
        """One record into a union told apart by `tag`: each value of its tag leads to a member, or nowhere."""
        own = self._witnesses.own_tag(record, sent_tag)
        known = next((f for f in sent_fields(record, self.position) if f.name == tag), None)
        if known is None:
            whole = self._witnesses.record(record, own)
            self._refuse(Reason.VARIANT, _shown(whole), named, accepted.members[0][0], at)
            return
        if not known.always and sent_tag != tag:
            smallest = self._witnesses.record(record, own)
            self._lacking(Reason.OPTIONAL_FIELD, tag, smallest, (known.type, known.type), at)
        members = self._by_tag(accepted, tag)
        leads: dict[str, tuple[Type, list[Scalar]]] = {}
        lost: list[Json | Missing] = []
        for value in self._tag_values(record, known.type, sent_tag == tag, tag, members):
            member = members.get((type(value), value)) if isinstance(value, str | int) else None
            if member is None or not isinstance(value, str | int):
                lost.append(value)
            else:
                leads.setdefault(type_text(member), (member, []))[1].append(value)
        if lost:
            inside = at.below(f".{tag}", self._with_field(record, own, tag))
            values = tuple(value for value in lost if isinstance(value, str | int))
            self._refuse(Reason.VARIANT, Outside(lost[0]), named, None, inside, values=values)
        for member, meant in leads.values():
            self._lead(Pair(named, member, sent_tag, tag, tuple(meant)), at)

    def _tag_values(
        self, record: ObjectType, t: Type, is_own: bool, tag: str, known: Collection[tuple[type, Scalar]]
    ) -> Iterator[Json | Missing]:
        """What a field may hold that should tell members apart; of types with many values, one that tells nothing."""
        if is_own:
            yield from self._witnesses.tags(record, tag)
            return
        for kind, part in parts(t, self.sent.named).items():
            if self._witnesses.is_empty_part(part):
                continue
            listed = finite_values(part.type) if isinstance(part, Scalars) else None
            if isinstance(part, Scalars) and listed is not None:
                yield from filter(self.sent.accepts(part.type), listed)
            elif isinstance(part, Scalars):
                values = self._witnesses.some(part.whole, len(known) + 2)
                yield next((value for value in values if (type(value), value) not in known), MISSING)
            else:
                yield self._witnesses.smallest_part(part, kind)

    def _by_tag(self, accepted: Objects, tag: str) -> dict[tuple[type, Scalar], Type]:
        return {
            (type(value), value): named
            for named, record in accepted.members
            for value in tag_values(tag_field(record, tag), self.accepted.named)
            if value is not None
        }

    def _records(self, sent: ObjectType, accepted: ObjectType, pair: Pair, at: At) -> None:
        """`pair` says as members of which unions the two are meant."""
        if self._witnesses.is_empty_record(sent):
            return
        fields = {f.wire_name: f for f in accepted_fields(accepted, self.position)}
        present = sent_fields(sent, self.position)
        given = self._witnesses.own_tag(sent, pair.sent_tag)
        meant = {} if pair.sent_tag is None else {pair.sent_tag: self._witnesses.tags(sent, pair.sent_tag)}
        if pair.tag is not None:
            given, meant = {**given, pair.tag: pair.values[0]}, {**meant, pair.tag: pair.values}
        for known in present:
            t = LiteralType(meant[known.name]) if known.name in meant else known.type
            other = fields.get(known.name)
            is_demanded = other is not None and other.required and not (known.always or known.name in meant)
            if other is not None and not is_demanded and self.is_same(t, other.type):
                continue
            if self._witnesses.is_empty(t):
                continue
            inside = at.below(f".{known.name}", self._with_field(sent, given, known.name))
            if other is None:
                self._unknown_field(t, inside)
                continue
            if is_demanded:
                smallest = self._witnesses.record(sent, given)
                self._lacking(Reason.OPTIONAL_FIELD, known.name, smallest, (known.type, other.type), at)
            self._compare(t, other.type, inside)
        names = {known.name for known in present}
        for name, other in fields.items():
            if other.required and name not in names:
                smallest = self._witnesses.record(sent, given)
                self._lacking(Reason.MISSING_FIELD, name, smallest, (None, other.type), at)

    def _unknown_field(self, t: Type, inside: At) -> None:
        if refuses_unknown(self.position) and not self._witnesses.is_empty(t):
            self._refuse(Reason.UNKNOWN_FIELD, Outside(self._witnesses.smallest(t)), t, None, inside)

    def _lacking(
        self, reason: Reason, name: str, whole: dict[str, Json] | None, types: tuple[Type | None, Type], at: At
    ) -> None:
        """`whole`, the smallest record that may be sent, does not have a field that it needs."""
        found = MISSING if whole is None else at.wrap(dict(whole))
        unsure = isinstance(found, Missing)
        at.node.findings.append(Finding(reason, (*at.steps, f".{name}"), found, *types, unsure=unsure))

    def _with_field(self, record: ObjectType, given: Mapping[str, Json], name: str) -> Wrap:
        def wrap(value: Json) -> Json | Missing:
            whole = self._witnesses.record(record, {**given, name: value})
            return MISSING if whole is None else dict(whole)

        return wrap


def _too_deep(node: Node) -> Node:
    """Types nested so deep that no validator goes through them."""
    pair = node.pair
    sent, accepted = (None, None) if pair is None else (pair.sent, pair.accepted)
    node.findings.append(Finding(Reason.KIND, (), MISSING, sent, accepted, unsure=True))
    return node


def _shown(value: dict[str, Json] | None) -> Outside:
    return Outside(MISSING if value is None else value)


def _smaller(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else min(one, other)


def _numbers_of(text: str) -> Iterator[Json]:
    """Numbers that a decimal of this text is equal to."""
    try:
        number = float(text)
    except ValueError:
        return
    if math.isfinite(number):
        yield number
    if number.is_integer():
        yield int(number)


def _lengths(t: ArrayLike) -> tuple[int, int | None]:
    if isinstance(t, TupleType):
        return len(t.items), len(t.items)
    return t.min_length or 0, t.max_length


def _item(t: ArrayLike, index: int) -> Type:
    return t.items[index] if isinstance(t, TupleType) else t.item


def _item_steps(sent: ArrayLike, accepted: ArrayLike) -> list[tuple[int, str]]:
    """The positions at which items are compared, with the step that leads there."""
    counts = [len(t.items) for t in (sent, accepted) if isinstance(t, TupleType)]
    return [(index, f"[{index}]") for index in range(min(counts))] if counts else [(0, "[]")]


def unchanged_types(old: Contract, new: Contract) -> frozenset[str]:
    """Names of types that are the same in both contracts, with all that they reach."""
    before, after = types_of(old).former_tables, types_of(new).former_tables
    moved = {name for name in before.keys() | after.keys() if set(before.get(name, ())) != set(after.get(name, ()))}
    suspects = {t.name: t for t in new.types if t.name in old.types_by_name}
    same = {
        name
        for name, t in suspects.items()
        if named_text(t) == named_text(old.named(name)) and not (moved and _has_ids(types_inside(t), moved))
    }
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


def _has_ids(types: Collection[Type], tables: Collection[str]) -> bool:
    """Whether ids of some tables stand directly in some types."""
    todo = list(types)
    while todo:
        t = todo.pop()
        if isinstance(t, IdType) and t.table in tables:
            return True
        todo.extend(children(t))
    return False
