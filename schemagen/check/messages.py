"""What a finding means, in a sentence, and how to mend it in another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from schemagen.check.changes import Side
from schemagen.check.relation import Difference, Finding, Reason
from schemagen.check.spelling import spelled, spelled_value
from schemagen.model.contract import Json, Missing

SHOWN_MAX: Final = 80
"""More of a value than this is not shown inside a sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    rule: str
    says: str
    fix: str


def broken(side: Side, finding: Finding) -> Message:
    """What a finding breaks: arguments and documents are refused, results are not understood."""
    match side:
        case Side.ARGS:
            rule, says, fix = _refused(finding, "deployed clients may send", "the backend")
        case Side.STORED:
            rule, says, fix = _refused(finding, "documents may hold", "the schema")
        case _:
            rule, says, fix = _not_understood(finding)
    if finding.unsure:
        says = f"cannot prove that {_from(finding)} fits {_to(finding)}; it may be that {says}"
    return Message(f"{side.value}_{rule}", says, fix)


def gained(side: Side, finding: Finding) -> Message:
    """What is wider in arguments and documents, or narrower in results: nobody deployed feels it."""
    if side in (Side.ARGS, Side.STORED):
        return Message(f"{side.value}_widened", _widened(finding), "")
    if finding.reason in (Reason.VALUE, Reason.VARIANT):
        values = ", ".join(map(spelled_value, finding.values)) or _value(finding)
        says = f"{values} is never sent again: comparing with it no longer compiles"
        return Message(f"{side.value}_value_removed", says, "remove the comparison when the consumer is rebuilt")
    return Message(f"{side.value}_narrowed", _narrowed(finding), "")


def differs(side: Side, difference: Difference) -> Message:
    """The wire is content, but the types in the SDKs are not the same."""
    old, new = difference.sent, difference.accepted
    if side is not Side.ARGS:
        old, new = new, old
    says = f"was {spelled(old)}, is {spelled(new)}: deployed clients go on working, rebuilt ones have another type"
    return Message(f"{side.value}_static_type_changed", says, "change the consumer's code when it is rebuilt")


def _widened(finding: Finding) -> str:
    values = ", ".join(map(spelled_value, finding.values))
    match finding.reason:
        case Reason.VALUE | Reason.VARIANT:
            return f"{values or _value(finding)} is allowed too"
        case Reason.NULL:
            return "may be null now"
        case Reason.UNKNOWN_FIELD:
            return "is new, and may be left out"
        case Reason.OPTIONAL_FIELD:
            return "may be left out now"
        case Reason.MISSING_FIELD:
            return "is no longer demanded"
        case Reason.KIND | Reason.CONSTRAINT | Reason.TABLE:
            return f"was {_to(finding)}, is {_from(finding)}, which allows more"


def _narrowed(finding: Finding) -> str:
    match finding.reason:
        case Reason.NULL:
            return "is never null any more"
        case Reason.MISSING_FIELD | Reason.OPTIONAL_FIELD:
            return "is new"
        case _:
            return f"was {_from(finding)}, is {_to(finding)}"


def _refused(finding: Finding, who: str, where: str) -> tuple[str, str, str]:
    stored = where == "the schema"
    by_migration = ", or change the documents in a migration first" if stored else ""
    values = ", ".join(map(spelled_value, finding.values))
    match finding.reason:
        case Reason.VALUE:
            fix = f"keep {values} allowed" + (by_migration or "; handle it as something else inside the function")
            return "value_removed", f"{who} {values}, which {_is_are(finding)} refused now", fix
        case Reason.NULL:
            return "null_refused", f"{who} null, which is refused now", f"keep `| None`{by_migration}"
        case Reason.KIND:
            says = f"was {_from(finding)}, is {_to(finding)}: {who} {_value(finding)}, which is refused now"
            return "type_changed", says, _other_name(stored)
        case Reason.CONSTRAINT:
            says = f"{who} {_value(finding)}, which is refused now: was {_from(finding)}, is {_to(finding)}"
            fix = "keep the limit as it was" + (
                by_migration or ", or check the stricter one where it hurts nobody deployed"
            )
            return "constraint_tightened", says, fix
        case Reason.TABLE:
            return "id_retargeted", f"took {_from(finding)}, takes {_to(finding)}", _other_name(stored)
        case Reason.VARIANT:
            shown = values or _value(finding)
            return (
                "variant_removed",
                f"{who} the variant {shown}, which is refused now",
                f"keep the variant{by_migration}",
            )
        case Reason.UNKNOWN_FIELD:
            fix = "keep it, optional and ignored, until no client sends it" if not stored else "keep it, or " + _MIGRATE
            return "field_removed", f"is gone: {who} it, and it is refused as unknown now", fix
        case Reason.MISSING_FIELD:
            says = "is new and required: what deployed clients send does not have it"
            if stored:
                says = "is new and required: stored documents do not have it"
            fix = "give it a default" + (", or " + _MIGRATE if stored else "")
            return "field_required", says, fix
        case Reason.OPTIONAL_FIELD:
            says = f"is required now: {'documents' if stored else 'deployed clients'} may leave it out"
            return "field_required", says, "keep its default"


def _not_understood(finding: Finding) -> tuple[str, str, str]:
    values = ", ".join(map(spelled_value, finding.values))
    match finding.reason:
        case Reason.VALUE:
            fix = "send it only to functions that are new, or declare the type Open[...] before values are added"
            return "value_added", f"deployed clients may get {values}, which they do not know", fix
        case Reason.NULL:
            return "null_added", "deployed clients may get null, which they do not expect", _KEEP_SENDING
        case Reason.VARIANT:
            shown = values or _value(finding)
            return (
                "variant_added",
                f"deployed clients may get the variant {shown}, which they do not know",
                _NEW_FUNCTION,
            )
        case Reason.MISSING_FIELD | Reason.OPTIONAL_FIELD:
            return (
                "field_removed",
                "is gone: deployed clients that read it miss it",
                "keep sending it until no client reads it",
            )
        case Reason.TABLE:
            return "id_retargeted", f"was {_to(finding)}, is {_from(finding)}", _NEW_FUNCTION
        case Reason.KIND | Reason.CONSTRAINT | Reason.UNKNOWN_FIELD:
            says = f"was {_to(finding)}, is {_from(finding)}: deployed clients may get {_value(finding)}"
            return "type_changed", says, _KEEP_SENDING


_MIGRATE: Final = "change the documents in a migration"
_KEEP_SENDING: Final = "keep sending what it was, and add a field of another name for the new form"
_NEW_FUNCTION: Final = "keep the function as it was, and add another for clients that know more"


def _other_name(stored: bool) -> str:
    if stored:
        return "keep the type, or compute the new values in a migration"
    return "keep accepting what it was (`old | new`), or take the new form under another name"


def _is_are(finding: Finding) -> str:
    return "is" if len(finding.values) == 1 else "are"


def _from(finding: Finding) -> str:
    return "nothing" if finding.sent is None else spelled(finding.sent)


def _to(finding: Finding) -> str:
    return "nothing" if finding.accepted is None else spelled(finding.accepted)


def _value(finding: Finding) -> str:
    return "some value" if isinstance(finding.value, Missing) else shown(finding.value)


def shown(value: Json) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"
