"""What causes mean: each is told once, and not what another at the same place has told already."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from schemagen.check.cause import DATA, SAFE, SOURCE, WIRE, Cause
from schemagen.check.causes import Causes
from schemagen.check.changes import Change, Language, Level, Side
from schemagen.check.messages import Message, broken, differs, gained, renamed
from schemagen.check.pairs import Difference, Finding, Reason
from schemagen.check.respelled import Respelled
from schemagen.check.spelling import spelled, spelled_apart, spelled_or_nothing
from schemagen.check.static import source_levels
from schemagen.check.views import Position
from schemagen.model.contract import MISSING, Field, Json, Missing, NamedType, ObjectType, Origin
from schemagen.model.naming import camel_case
from schemagen.model.types import Type
from schemagen.wire.kinds import structure


def verdicts(causes: Causes) -> Iterator[Change]:
    """One change a cause."""
    return _Verdicts(causes).changes()


@dataclass(frozen=True, slots=True)
class _FieldRenamed:
    """Two causes that are one: a field is gone, and another says that it was called so."""

    gone: Cause
    came: tuple[Cause, ...]
    """Of the other, in both directions."""
    was: Field
    now: Field


class _Verdicts:
    def __init__(self, causes: Causes) -> None:
        self._causes = causes
        self._before, self._after = causes.old.types_by_name, causes.new.types_by_name
        self._around: dict[tuple[object, ...], list[Cause]] = {}
        """Causes by the record they are in."""

    def changes(self) -> Iterator[Change]:
        causes = _without_idle(self._causes.found.values())
        for cause in causes:
            self._around.setdefault(_record(cause), []).append(cause)
        pairs = list(self._renamed_fields(causes))
        told = {id(cause) for pair in pairs for cause in (pair.gone, *pair.came)}
        yield from (self._renamed(pair) for pair in pairs)
        places = {id(cause): self._at(cause) for cause in causes}
        broken = {places[id(cause)] for cause in causes if cause.is_break}
        loud = broken | {places[id(cause)] for cause in causes if self._differs(cause)}
        for cause in causes:
            unheard = loud if isinstance(cause.said, Finding) else broken
            if id(cause) not in told and (cause.is_break or places[id(cause)] not in unheard):
                yield from self._told(cause)

    def _differs(self, cause: Cause) -> bool:
        return isinstance(cause.said, Difference) and self._static_levels(cause, cause.said) != SAFE

    def _told(self, cause: Cause) -> Iterator[Change]:
        side = cause.root.side
        match cause.said:
            case Finding() as finding:
                was, now = self._texts(cause, finding)
                if cause.is_forward:
                    message = self._with_guess(broken(side, finding, was, now), cause)
                    yield self._change(cause, message, _break_levels(side, finding), was, now)
                else:
                    message = gained(side, finding, was, now)
                    yield self._change(cause, message, SOURCE if message.fix else SAFE, was, now)
            case Difference() as difference:
                levels = self._static_levels(cause, difference)
                if levels != SAFE:
                    old, new = self._causes.of_old(difference, side)
                    was, now = spelled_apart(old, self._before, new, self._after)
                    yield self._change(cause, differs(side, was, now), levels, was, now)
            case Respelled() as respelled:
                message = Message(respelled.rule, respelled.says, respelled.fix)
                yield self._change(cause, message, respelled.levels, respelled.name, respelled.now)
            case _:
                assert_never(cause.said)

    def _change(self, cause: Cause, message: Message, levels: Mapping[Language, Level], was: str, now: str) -> Change:
        is_type = isinstance(cause.said, Respelled) and bool(cause.owner)
        return Change(
            rule=message.rule,
            levels=levels,
            side=Side.TYPE if is_type else cause.root.side,
            at=self._at(cause),
            says=message.says,
            fix=message.fix,
            functions=tuple(sorted(cause.functions)),
            witness=cause.witness,
            shown_by="" if isinstance(cause.witness, Missing) else cause.shown_by,
            old=was,
            new=now,
            unsure=isinstance(cause.said, Finding) and cause.said.unsure and cause.is_forward,
            origin=self._origin(cause),
            targets=tuple(sorted(cause.targets)),
        )

    def _static_levels(self, cause: Cause, difference: Difference) -> Mapping[Language, Level]:
        """Arguments stand as they were written where the new type is wanted, results the other way round."""
        old, new = self._causes.of_old(difference, cause.root.side)
        was, now = structure(old, self._before), structure(new, self._after)
        return source_levels(was, now) if cause.root.side is Side.ARGS else source_levels(now, was)

    def _texts(self, cause: Cause, finding: Finding) -> tuple[str, str]:
        """The types at the place as they were and as they are; fields with their defaults where these are at issue."""
        is_new_sent = (cause.root.side in (Side.RETURNS, Side.ERRORS)) == cause.is_forward
        types = (finding.accepted, finding.sent) if is_new_sent else (finding.sent, finding.accepted)
        if cause.root.declared is not None and not cause.owner and not cause.steps:
            types = cause.root.declared
        if finding.reason in _OF_FIELDS and len(cause.steps) == 1 and cause.root.side is not Side.RETURNS:
            fields = self._field(cause, new=False), self._field(cause, new=True)
            was, now = (_declared(field, t) for field, t in zip(fields, types, strict=True))
            return was, now
        return spelled_apart(types[0], self._before, types[1], self._after)

    # --- fields that are called otherwise ---

    def _renamed_fields(self, causes: Iterable[Cause]) -> Iterator[_FieldRenamed]:
        for gone in filter(_is_gone, causes):
            was = self._field(gone, new=False)
            for now in () if was is None else self._fields(gone, new=True):
                if was is not None and _is_renamed(was, now):
                    came = [
                        c for c in self._around[_record(gone)] if _has_come(c) and c.steps[-1] == f".{now.wire_name}"
                    ]
                    if came:
                        yield _FieldRenamed(gone, tuple(came), was, now)

    def _renamed(self, pair: _FieldRenamed) -> Change:
        side = pair.gone.root.side
        levels = DATA if side is Side.STORED else WIRE
        was, now = pair.was.name, pair.now.name
        if was == now:
            was, now = pair.was.wire_name, pair.now.wire_name
        return self._change(pair.gone, renamed(side, was, now), levels, was, now)

    def _with_guess(self, message: Message, cause: Cause) -> Message:
        """Whether a field that is gone could be one that has come."""
        was = self._field(cause, new=False) if _is_gone(cause) else None
        if was is None:
            return message
        around = self._around[_record(cause)]
        come = {other.steps: self._field(other, new=True) for other in around if _has_come(other)}
        fitting = [
            now
            for now in come.values()
            if now is not None and self._causes.are_equal(was.type, now.type, Position.STORED)
        ]
        if len(fitting) != 1 or sum(map(_is_gone, around)) != 1:
            return message
        guess = f'; if it is {fitting[0].name} now, say so with renamed_from("{was.name}"): the SDKs tell consumers'
        return Message(message.rule, message.says, message.fix + guess)

    # --- places ---

    def _at(self, cause: Cause) -> str:
        """`contacts.list(stage)`, `contacts.list returns[]`, `Contact.full_name`, `Stage`."""
        steps = list(cause.steps)
        if steps and steps[0].startswith("."):
            first = self._field(cause, new=True, step=0) or self._field(cause, new=False, step=0)
            steps[0] = f".{first.name}" if first is not None else steps[0]
        if isinstance(cause.said, Respelled) and cause.said.name:
            steps = [f".{cause.said.name}"]
        if cause.owner:
            return cause.owner.now + "".join(steps)
        match cause.root.side:
            case Side.ARGS if steps:
                return f"{cause.root.label}({steps[0][1:]}{''.join(steps[1:])})"
            case Side.RETURNS:
                return f"{cause.root.label} returns{''.join(steps)}"
            case _:
                return cause.root.label + "".join(steps)

    def _field(self, cause: Cause, *, new: bool, step: int = -1) -> Field | None:
        """The field of the owner, or of the root, that a step names; None if it is deeper inside."""
        if not cause.steps or (len(cause.steps) > 1 and step == -1):
            return None
        name = cause.steps[step][1:]
        return next((field for field in self._fields(cause, new=new) if field.wire_name == name), None)

    def _fields(self, cause: Cause, *, new: bool) -> tuple[Field, ...]:
        if not cause.owner:
            return cause.root.after if new else cause.root.before
        t = self._after.get(cause.owner.now) if new else self._before.get(cause.owner.former)
        return t.fields if isinstance(t, ObjectType) else ()

    def _origin(self, cause: Cause) -> Origin | None:
        fields = [self._field(cause, new=new, step=0) for new in (True, False)] if cause.steps else []
        named: list[NamedType | None] = [self._after.get(cause.owner.now), self._before.get(cause.owner.former)]
        places = [known.origin for known in (*fields, *named) if known is not None]
        return next((place for place in places if place is not None), None if cause.owner else cause.root.origin)


_OF_FIELDS: Final = frozenset({Reason.OPTIONAL_FIELD, Reason.MISSING_FIELD, Reason.UNKNOWN_FIELD})


def _record(cause: Cause) -> tuple[object, ...]:
    return (*cause.spot[:3], cause.steps[:-1])


def _is_renamed(was: Field, now: Field) -> bool:
    """Whether the new field says that it was the other, or has its name in Python and another on the wire."""
    former = {camel_case(name) for name in now.renamed_from}
    is_rewired = was.name == now.name and was.wire_name != now.wire_name
    return was.name in now.renamed_from or was.wire_name in former or is_rewired


def _is_gone(cause: Cause) -> bool:
    """A field that was there is not any more."""
    received = cause.root.side in (Side.RETURNS, Side.ERRORS)
    return cause.is_break and _reason(cause) is (Reason.MISSING_FIELD if received else Reason.UNKNOWN_FIELD)


def _has_come(cause: Cause) -> bool:
    """A field is there that was not, demanded or not."""
    received = cause.root.side in (Side.RETURNS, Side.ERRORS)
    if cause.is_forward:
        return not received and _reason(cause) is Reason.MISSING_FIELD
    return _reason(cause) is (Reason.MISSING_FIELD if received else Reason.UNKNOWN_FIELD)


def _reason(cause: Cause) -> Reason | None:
    return cause.said.reason if isinstance(cause.said, Finding) else None


def _without_idle(causes: Iterable[Cause]) -> list[Cause]:
    """Where another kind of value altogether is refused, that null is, too, goes without saying.

    Where another kind is allowed, so does what is allowed inside.
    """
    kinds = {(*cause.spot, cause.is_forward) for cause in causes if _reason(cause) is Reason.KIND}

    def is_idle(cause: Cause) -> bool:
        if _reason(cause) is Reason.NULL and (*cause.spot, cause.is_forward) in kinds:
            return True
        above = (cause.steps[:count] for count in range(len(cause.steps)))
        return not cause.is_forward and any((*cause.spot[:3], steps, False) in kinds for steps in above)

    return [cause for cause in causes if not is_idle(cause)]


def _break_levels(side: Side, finding: Finding) -> Mapping[Language, Level]:
    match side:
        case Side.STORED:
            return DATA
        case Side.RETURNS | Side.ERRORS if finding.unseen_by_typescript:
            return {"python": Level.WIRE, "typescript": Level.SAFE}
        case _:
            return WIRE


def _declared(field: Field | None, t: Type | None) -> str:
    """`str = "lead"`; `list[str] = ...` where the default is made afresh; "" where there is no such field."""
    if t is None or field is None or field.required:
        return spelled_or_nothing(t)
    default: Json = "..." if field.default is MISSING else field.default  # type: ignore[assignment]
    text = default if default == "..." else json.dumps(default, ensure_ascii=False).replace("null", "None")
    return f"{spelled(field.type)} = {text}"
