"""Findings gathered by cause: a change of a shared type is one change, however many functions reach it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from schemagen.check.changes import LANGUAGES, Change, Language, Level, Side, Target
from schemagen.check.messages import Message, broken, differs, gained
from schemagen.check.relation import Difference, Finding, Node, Reached, Reason, Relation, through
from schemagen.check.spelling import spelled
from schemagen.check.static import source_levels
from schemagen.check.views import Position, types_of
from schemagen.model.contract import MISSING, Contract, Field, Json, Missing, NamedType, ObjectType, Origin
from schemagen.model.types import RefType, Type
from schemagen.wire.kinds import structure


def both(level: Level) -> Mapping[Language, Level]:
    return dict.fromkeys(LANGUAGES, level)


WIRE: Final = both(Level.WIRE)
DATA: Final = both(Level.DATA)
SOURCE: Final = both(Level.SOURCE)
SAFE: Final = both(Level.SAFE)


@dataclass(frozen=True, slots=True)
class Root:
    """A place where two types meet: the arguments of a function, its result, the fields of an error, a stored field."""

    side: Side
    label: str
    """How its author calls it: `contacts.list`, `QuotaExceeded`, `Contact.stage`."""
    functions: tuple[str, ...] = ()
    origin: Origin | None = None
    fields: tuple[Field, ...] = ()
    """What it is made of, in the new contract and then in the old: arguments of a function, fields of an error."""


@dataclass(slots=True)
class _Cause:
    root: Root
    owner: str
    """The named type it is in; "" if it is in the root itself."""
    said: Finding | Difference
    is_forward: bool
    """Whether deployed clients feel it; else only new ones could, which is no break."""
    witness: Json | Missing
    functions: set[str] = field(default_factory=set)
    targets: set[Target] = field(default_factory=set)


class Causes:
    """Asks the relation about every root, in both directions, and keeps each answer once."""

    def __init__(self, old: Contract, new: Contract, unchanged: Collection[str]) -> None:
        self.old = old
        self.new = new
        self.unchanged = frozenset(unchanged)
        before, after = types_of(old), types_of(new)
        self._args = (
            Relation(before, after, Position.ARGS, unchanged),
            Relation(after, before, Position.ARGS, unchanged),
        )
        self._returns = (
            Relation(after, before, Position.RETURNS, unchanged),
            Relation(before, after, Position.RETURNS, unchanged),
        )
        self._stored = (
            Relation(before, after, Position.STORED, unchanged),
            Relation(after, before, Position.STORED, unchanged),
        )
        self._before, self._after = before, after
        self._found: dict[tuple[object, ...], _Cause] = {}

    def args(self, root: Root, old: tuple[Field, ...], new: tuple[Field, ...]) -> None:
        """Deployed clients go on sending what the old arguments allowed."""
        forward, backward = self._args
        self._gather(root, forward, forward.fields(old, new), is_forward=True)
        self._gather(root, backward, backward.fields(new, old), is_forward=False)

    def returns(self, root: Root, old: Type, new: Type) -> None:
        """Deployed clients understand what the old result could be."""
        forward, backward = self._returns
        self._gather(root, forward, forward.types(new, old), is_forward=True)
        self._gather(root, backward, backward.types(old, new), is_forward=False)

    def errors(self, root: Root, old: tuple[Field, ...], new: tuple[Field, ...]) -> None:
        """As results: deployed clients read the fields they know."""
        forward, backward = self._returns
        self._gather(root, forward, forward.fields(new, old), is_forward=True)
        self._gather(root, backward, backward.fields(old, new), is_forward=False)

    def stored(self, root: Root, old: Type, new: Type) -> None:
        """Documents hold what was written under the old schema."""
        forward, backward = self._stored
        self._gather(root, forward, forward.types(old, new), is_forward=True)
        self._gather(root, backward, backward.types(new, old), is_forward=False)

    def changes(self) -> Iterator[Change]:
        """One change a cause. What also widened at a place that breaks is not said again."""
        broken_places = {self._at(cause) for cause in self._found.values() if self._is_break(cause)}
        for cause in self._found.values():
            if self._is_break(cause) or self._at(cause) not in broken_places:
                yield from self._changes(cause)

    # --- gathering ---

    def _gather(self, root: Root, relation: Relation, top: Node, *, is_forward: bool) -> None:
        for reached in relation.reachable(top):
            owner = self._owner(reached.node, relation)
            said: list[Finding | Difference] = [*reached.node.findings]
            if is_forward and root.side is not Side.STORED:
                said += reached.node.differences
            for each in said:
                self._keep(root, reached, owner, each, is_forward=is_forward)

    def _keep(self, root: Root, reached: Reached, owner: str, said: Finding | Difference, *, is_forward: bool) -> None:
        reason = said.reason if isinstance(said, Finding) else ""
        key = (root.side, is_forward, owner or root.label, bool(owner), said.steps, reason, *_spelled_types(said))
        cause = self._found.get(key)
        if cause is None:
            witness = through(reached.wrap, said.witness) if isinstance(said, Finding) else MISSING
            cause = self._found[key] = _Cause(root, owner, said, is_forward, witness)
        cause.functions.update(root.functions)
        cause.targets.update(self._targets(root, reached.entry, owner, said.steps))

    def _owner(self, node: Node, relation: Relation) -> str:
        """The named type that a pair is about: as it is called now, or was called before."""
        if node.pair is None:
            return ""
        sent_is_new = relation.sent is self._after
        types = (node.pair.sent, node.pair.accepted)
        for t in types if sent_is_new else reversed(types):
            if isinstance(t, RefType):
                return t.name
        return ""

    def _targets(self, root: Root, entry: str, owner: str, steps: tuple[str, ...]) -> Iterator[Target]:
        first = steps[0][1:] if steps and steps[0].startswith(".") else ""
        argument = (entry or steps[0] if steps or entry else "")[1:] if root.side is Side.ARGS else ""
        if owner:
            yield Target(type=owner, field=first)
        if not owner or root.side is Side.ARGS:
            yield from (Target(function=path, argument=argument) for path in root.functions)

    # --- saying ---

    def _is_break(self, cause: _Cause) -> bool:
        return cause.is_forward and isinstance(cause.said, Finding)

    def _changes(self, cause: _Cause) -> Iterator[Change]:
        match cause.said:
            case Finding() if cause.is_forward:
                yield self._change(
                    cause, broken(cause.root.side, cause.said), _break_levels(cause.root.side, cause.said)
                )
            case Finding():
                message = gained(cause.root.side, cause.said)
                removed = cause.root.side in (Side.RETURNS, Side.ERRORS) and cause.said.reason in _COMPARED
                yield self._change(cause, message, SOURCE if removed else SAFE)
            case Difference():
                levels = self._source_levels(cause.root.side, cause.said)
                if levels != SAFE:
                    yield self._change(cause, differs(cause.root.side, cause.said), levels)

    def _change(self, cause: _Cause, message: Message, levels: Mapping[Language, Level]) -> Change:
        one, other = _spelled_types(cause.said)
        sent_is_new = (cause.root.side in (Side.RETURNS, Side.ERRORS)) == cause.is_forward
        return Change(
            rule=message.rule,
            levels=levels,
            side=cause.root.side,
            at=self._at(cause),
            says=message.says,
            fix=message.fix if levels != SAFE else "",
            functions=tuple(sorted(cause.functions)),
            witness=cause.witness if cause.is_forward else MISSING,
            old=other if sent_is_new else one,
            new=one if sent_is_new else other,
            unsure=isinstance(cause.said, Finding) and cause.said.unsure and cause.is_forward,
            origin=self._origin(cause),
            targets=tuple(sorted(cause.targets)),
        )

    def _source_levels(self, side: Side, difference: Difference) -> Mapping[Language, Level]:
        one, other = (self._before, self._after) if side is Side.ARGS else (self._after, self._before)
        return source_levels(structure(difference.sent, one.named), structure(difference.accepted, other.named))

    def _at(self, cause: _Cause) -> str:
        """`contacts.list(stage)`, `contacts.list returns[]`, `Contact.full_name`, `Stage`."""
        steps = list(cause.said.steps)
        if steps and steps[0].startswith("."):
            known = self._field(cause)
            steps[0] = f".{known.name}" if known is not None else steps[0]
        root = cause.root
        if cause.owner:
            return cause.owner + "".join(steps)
        match root.side:
            case Side.ARGS if steps:
                return f"{root.label}({steps[0][1:]}){''.join(steps[1:])}"
            case Side.RETURNS:
                return f"{root.label} returns{''.join(steps)}"
            case _:
                return root.label + "".join(steps)

    def _field(self, cause: _Cause) -> Field | None:
        """The field that the first step names, as it is now, or as it was."""
        name = cause.said.steps[0][1:] if cause.said.steps else ""
        known = [*cause.root.fields] if not cause.owner else []
        for t in self._named(cause.owner):
            known += t.fields if isinstance(t, ObjectType) else ()
        return next((field for field in known if field.wire_name == name), None)

    def _named(self, name: str) -> list[NamedType]:
        return [found for contract in (self.new, self.old) if (found := contract.types_by_name.get(name)) is not None]

    def _origin(self, cause: _Cause) -> Origin | None:
        known = self._field(cause)
        places = [None if known is None else known.origin, *(t.origin for t in self._named(cause.owner))]
        return next((place for place in places if place is not None), cause.root.origin if not cause.owner else None)


_COMPARED: Final = frozenset({Reason.VALUE, Reason.VARIANT})
"""A value that is never sent again: comparing with it is an error for type checkers."""


def _break_levels(side: Side, finding: Finding) -> Mapping[Language, Level]:
    match side:
        case Side.STORED:
            return DATA
        case Side.RETURNS | Side.ERRORS if finding.unseen_by_typescript:
            return {"python": Level.WIRE, "typescript": Level.SAFE}
        case _:
            return WIRE


def _spelled_types(said: Finding | Difference) -> tuple[str, str]:
    return tuple("" if t is None else spelled(t) for t in (said.sent, said.accepted))  # type: ignore[return-value]
