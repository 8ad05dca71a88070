"""Findings gathered by cause: a change of a shared type is one cause, however many functions reach it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from schemagen.check.cause import Cause, Owner, Root, Said
from schemagen.check.changes import Side, Target
from schemagen.check.pairs import Difference, Finding, Node, Reached, Reason, through
from schemagen.check.relation import Relation
from schemagen.check.respelled import Respelled, respelled_fields, respelled_type
from schemagen.check.spelling import spelled_or_nothing
from schemagen.check.views import Position, types_of
from schemagen.model.contract import MISSING, Contract, Field, Json, Missing
from schemagen.model.types import IdType, RefType, Type
from schemagen.wire.kinds import structure

WITNESSES_MAX: Final = 8
"""So many places of one cause are asked for a witness."""


@dataclass(slots=True)
class Felt:
    """Who feels a change that is told elsewhere."""

    functions: set[str] = field(default_factory=set)
    targets: set[Target] = field(default_factory=set)


class Causes:
    """Asks the relation about every root, in both directions, and keeps each answer once."""

    def __init__(self, old: Contract, new: Contract, unchanged: Collection[str]) -> None:
        self.old = old
        self.new = new
        self.unchanged = frozenset(unchanged)
        self.found: dict[tuple[object, ...], Cause] = {}
        self.renamed_ids: dict[tuple[str, str], Felt] = {}
        """Where the type of an id changed because its table is called otherwise, by its old and new name."""
        self._before, self._after = types_of(old), types_of(new)
        before, after = self._before, self._after
        self._there = {position: Relation(before, after, position, unchanged) for position in Position}
        self._back = {position: Relation(after, before, position, unchanged) for position in Position}

    def args(self, root: Root) -> None:
        """Deployed clients go on sending what the old arguments allowed."""
        forward, backward = self._there[Position.ARGS], self._back[Position.ARGS]
        self._gather(root, forward, forward.fields(root.before, root.after), is_forward=True)
        self._gather(root, backward, backward.fields(root.after, root.before), is_forward=False)

    def returns(self, root: Root, old: Type, new: Type) -> None:
        """Deployed clients understand what the old result could be."""
        forward, backward = self._back[Position.RETURNS], self._there[Position.RETURNS]
        self._gather(root, forward, forward.types(new, old), is_forward=True)
        self._gather(root, backward, backward.types(old, new), is_forward=False)

    def errors(self, root: Root) -> None:
        """As results: deployed clients read the fields they know."""
        forward, backward = self._back[Position.RETURNS], self._there[Position.RETURNS]
        self._gather(root, forward, forward.fields(root.after, root.before), is_forward=True)
        self._gather(root, backward, backward.fields(root.before, root.after), is_forward=False)

    def stored(self, root: Root, old: Type, new: Type) -> None:
        """Documents hold what was written under the old schema."""
        forward, backward = self._there[Position.STORED], self._back[Position.STORED]
        if forward.is_same(old, new):
            return
        self._gather(root, forward, forward.types(old, new), is_forward=True)
        self._gather(root, backward, backward.types(new, old), is_forward=False)

    def are_equal(self, old: Type, new: Type, position: Position) -> bool:
        """Whether each accepts all that the other may be."""
        there, back = self._there[position], self._back[position]
        return there.fits(there.types(old, new)) and back.fits(back.types(new, old))

    def are_equal_fields(self, old: tuple[Field, ...], new: tuple[Field, ...]) -> bool:
        """As `are_equal`, of arguments."""
        there, back = self._there[Position.ARGS], self._back[Position.ARGS]
        return there.fits(there.fields(old, new)) and back.fits(back.fields(new, old))

    def of_old(self, difference: Difference, side: Side) -> tuple[Type, Type]:
        """The types of a difference, as they were and as they are."""
        is_received = side in (Side.RETURNS, Side.ERRORS)
        pair = (difference.sent, difference.accepted)
        return (pair[1], pair[0]) if is_received else pair

    # --- gathering ---

    def _gather(self, root: Root, relation: Relation, top: Node, *, is_forward: bool) -> None:
        for reached in relation.reachable(top):
            owner = self._owner(reached.node, relation)
            for each in self._said(root, reached, owner, is_forward=is_forward):
                if isinstance(each, Difference) and self._is_renamed_id(root, reached, owner, each):
                    continue
                self._keep(root, reached, owner, each, is_forward=is_forward)

    def _said(self, root: Root, reached: Reached, owner: Owner, *, is_forward: bool) -> Iterator[Said]:
        # Ids of another table are no widening: where a table is renamed, they are the same ids.
        yield from (each for each in reached.node.findings if is_forward or each.reason is not Reason.TABLE)
        if not is_forward or root.side is Side.STORED:
            return
        respelled = list(self._respelled(root, reached, owner))
        if not any(each.rule == "type_respelled" and not each.name for each in respelled):
            yield from reached.node.differences
        yield from respelled

    def _respelled(self, root: Root, reached: Reached, owner: Owner) -> Iterator[Respelled]:
        if reached.node.pair is None:
            yield from respelled_fields(root.before, root.after)
        elif owner:
            before = structure(RefType(owner.former), self._before.named)
            yield from respelled_type(before, structure(RefType(owner.now), self._after.named))

    def _owner(self, node: Node, relation: Relation) -> Owner:
        """The named type that a pair is about, if it has a name on both sides."""
        pair = node.pair
        if pair is None or not isinstance(pair.sent, RefType) or not isinstance(pair.accepted, RefType):
            return Owner()
        sent, accepted = pair.sent.name, pair.accepted.name
        return Owner(sent, accepted) if relation.sent is self._after else Owner(accepted, sent)

    def _keep(self, root: Root, reached: Reached, owner: Owner, said: Said, *, is_forward: bool) -> None:
        steps = _steps(reached, owner, said)
        key = _key(root, owner, steps, said, is_forward=is_forward)
        cause = self.found.get(key)
        if cause is None:
            witness = _witness(reached, said) if is_forward else MISSING
            cause = self.found[key] = Cause(root, owner, steps, said, is_forward, witness, _first(root))
        elif is_forward and isinstance(said, Finding) and cause.tried < WITNESSES_MAX:
            cause.tried += 1
            witness = _witness(reached, said)
            if _is_smaller(witness, cause.witness):
                cause.said, cause.witness, cause.shown_by = said, witness, _first(root)
        cause.functions.update(root.functions)
        cause.targets.update(_targets(root, reached, owner, steps))

    def _is_renamed_id(self, root: Root, reached: Reached, owner: Owner, said: Difference) -> bool:
        """Keeps in mind who feels that a table has another name; the table tells it."""
        old, new = self.of_old(said, root.side)
        was, now = structure(old, self._before.named), structure(new, self._after.named)
        if not isinstance(was, IdType) or not isinstance(now, IdType):
            return False
        felt = self.renamed_ids.setdefault((was.table, now.table), Felt())
        felt.functions.update(root.functions)
        felt.targets.update(_targets(root, reached, owner, _steps(reached, owner, said)))
        return True


def _steps(reached: Reached, owner: Owner, said: Said) -> tuple[str, ...]:
    if isinstance(said, Respelled):
        return (f".{said.name}",) if said.name else ()
    return said.steps if owner else (*reached.path, *said.steps)


def _key(root: Root, owner: Owner, steps: tuple[str, ...], said: Said, *, is_forward: bool) -> tuple[object, ...]:
    place = (owner.now or root.label, bool(owner), steps)
    match said:
        case Respelled():
            return (*place, said.rule)
        case Difference():
            return (*place, root.side, spelled_or_nothing(said.sent), spelled_or_nothing(said.accepted))
        case Finding():
            types = (spelled_or_nothing(said.sent), spelled_or_nothing(said.accepted))
            is_of_tag = said.reason == "variant" and all(types)  # of each variant the same: one cause
            return (*place, root.side, is_forward, said.reason, "" if is_of_tag else types)


def _witness(reached: Reached, said: Said) -> Json | Missing:
    return through(reached.wrap, said.witness) if isinstance(said, Finding) else MISSING


def _first(root: Root) -> str:
    return next(iter(root.functions), "")


def _is_smaller(one: Json | Missing, other: Json | Missing) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return isinstance(other, Missing) and not isinstance(one, Missing)
    return len(json.dumps(one)) < len(json.dumps(other))


def _targets(root: Root, reached: Reached, owner: Owner, steps: tuple[str, ...]) -> Iterator[Target]:
    first = steps[0][1:] if steps and steps[0].startswith(".") else ""
    if owner:
        yield Target(type=owner.former, field=first)
    elif root.side is Side.ERRORS:
        yield Target(type=root.label, field=first)
    if root.side is Side.ARGS:
        argument = reached.entry[1:] or ("" if owner else first)
        yield from (Target(function=path, argument=argument) for path in root.functions)
    elif not owner:
        yield from (Target(function=path) for path in root.functions)
