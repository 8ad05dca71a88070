"""What a finding means, in a sentence, and how to mend it in another."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from schemagen.check.changes import Side
from schemagen.check.pairs import Finding, Reason
from schemagen.check.spelling import spelled_value
from schemagen.model.contract import Json, Missing

SHOWN_MAX: Final = 80
"""More of a value than this is not shown inside a sentence."""


@dataclass(frozen=True, slots=True)
class Message:
    rule: str
    says: str
    fix: str


def broken(side: Side, finding: Finding, was: str, now: str) -> Message:
    """What a finding breaks: arguments and documents are refused, results are not understood.

    `was` and `now` are the types at the place as text, "" where there is none.
    """
    found = _Broken(side, finding, was, now)
    message = found.not_understood() if side in (Side.RETURNS, Side.ERRORS) else found.refused()
    says = f"was {was}, is {now}: {_UNPROVED[side]}" if finding.unsure and was and now else message.says
    return Message(f"{side.value}_{message.rule}", says, message.fix)


_UNPROVED: Final = {
    Side.ARGS: "it cannot be proved that all that deployed clients may send is accepted",
    Side.RETURNS: "it cannot be proved that deployed clients understand all that they may get",
    Side.ERRORS: "it cannot be proved that deployed clients understand all that they may get",
    Side.STORED: "it cannot be proved that all that documents may hold is accepted",
}


@dataclass(frozen=True, slots=True)
class _Broken:
    side: Side
    finding: Finding
    was: str
    now: str

    def refused(self) -> Message:
        """Clients send it, or documents hold it, and nobody takes it any more."""
        value, who = _value(self.finding), self._who
        match self.finding.reason:
            case Reason.VALUE:
                says = f"{who} {value}, which {_is_are(self.finding)} refused now"
                return Message("value_removed", says, self._or_migrate(f"keep {value} allowed"))
            case Reason.NULL:
                return Message("null_refused", f"{who} null, which is refused now", self._or_migrate("keep `| None`"))
            case Reason.KIND:
                says = f"was {self.was}, is {self.now}: {who} {value}, which is refused now"
                return Message("type_changed", says, self._other_form)
            case Reason.CONSTRAINT:
                says = f"was {self.was}, is {self.now}: {who} {value}, which is refused now"
                return Message("constraint_tightened", says, self._or_migrate("keep the limit as it was"))
            case Reason.TABLE:
                says = f"was {self.was}, is {self.now}: {who} ids that are refused now"
                return Message("id_retargeted", says, self._other_form)
            case Reason.VARIANT:
                return self._variant_refused(value)
            case Reason.UNKNOWN_FIELD:
                says = f"is gone: {who} it, and it is refused as unknown now"
                keep = "keep it" if self._is_stored else "keep it, optional and ignored, until no client sends it"
                return Message("field_removed", says, self._or_migrate(keep))
            case Reason.MISSING_FIELD:
                lacking = "stored documents do" if self._is_stored else "what deployed clients send does"
                says = f"is new and required: {lacking} not have it"
                return Message("field_required", says, self._or_migrate("give it a default"))
            case Reason.OPTIONAL_FIELD:
                lacking = "stored documents may lack it" if self._is_stored else "deployed clients may leave it out"
                return Message("field_required", f"is required now: {lacking}", self._or_migrate("keep its default"))

    def _variant_refused(self, value: str) -> Message:
        keep = self._or_migrate("keep the variant")
        if self.finding.accepted is None:
            return Message("variant_removed", f"{self._who} the variant {value}, which is refused now", keep)
        says = f"its variants are told apart by another field now: {self._who} {value}, which is refused"
        return Message("variant_removed", says, self._or_migrate("keep the name of the field that tells them apart"))

    def not_understood(self) -> Message:
        """Clients may get what they were not built for."""
        value = _value(self.finding)
        match self.finding.reason:
            case Reason.VALUE:
                fix = (
                    "send it from new functions only, or declare the type Open[...] one release before values are added"
                )
                return Message("value_added", f"{_MAY_GET} {value}, which they do not know", fix)
            case Reason.NULL:
                return Message("null_added", f"{_MAY_GET} null, which they do not expect", _KEEP_SENDING)
            case Reason.VARIANT if self.finding.accepted is not None:
                says = f"its variants are told apart by another field now: {_MAY_GET} {value}, which they do not know"
                return Message("variant_added", says, "keep the name of the field that tells them apart")
            case Reason.VARIANT:
                says = f"{_MAY_GET} the variant {value}, which they do not know"
                return Message("variant_added", says, _NEW_FUNCTION)
            case Reason.MISSING_FIELD | Reason.OPTIONAL_FIELD:
                says = "is gone: deployed clients that read it miss it"
                return Message("field_removed", says, "keep sending it until no client reads it")
            case Reason.TABLE:
                says = f"was {self.was}, is {self.now}: {_MAY_GET} ids of a table that they do not expect"
                return Message("id_retargeted", says, _NEW_FUNCTION)
            case Reason.KIND | Reason.CONSTRAINT | Reason.UNKNOWN_FIELD:
                says = f"was {self.was}, is {self.now}: {_MAY_GET} {value}, which they do not expect"
                return Message("type_changed", says, _KEEP_SENDING)

    @property
    def _is_stored(self) -> bool:
        return self.side is Side.STORED

    @property
    def _who(self) -> str:
        return "documents may hold" if self._is_stored else "deployed clients may send"

    def _or_migrate(self, fix: str) -> str:
        return f"{fix}, or change the documents in a migration" if self._is_stored else fix

    @property
    def _other_form(self) -> str:
        if self._is_stored:
            return "keep the type, or compute the new values in a migration"
        return "go on accepting what it was (`old | new`), or take the new form under another name"


_MAY_GET: Final = "deployed clients may get"
_KEEP_SENDING: Final = "keep sending what it was, and add a field of another name for the new form"
_NEW_FUNCTION: Final = "keep the function as it was, and add another for clients that know more"


def gained(side: Side, finding: Finding, was: str, now: str) -> Message:
    """What is wider in arguments and documents, or narrower in results: nobody deployed feels it."""
    if side in (Side.ARGS, Side.STORED):
        return Message(f"{side.value}_widened", _widened(finding, was, now), "")
    if finding.reason in (Reason.VALUE, Reason.VARIANT) and (finding.reason is Reason.VALUE or not was or not now):
        says = f"{_value(finding)} is never sent again: comparing with it no longer compiles"
        return Message(f"{side.value}_value_removed", says, "take the comparison out when the consumer is rebuilt")
    return Message(f"{side.value}_narrowed", _narrowed(finding, was, now), "")


def differs(side: Side, was: str, now: str) -> Message:
    """The wire is content, but the types in the SDKs are not the same."""
    says = f"was {was}, is {now}: deployed clients go on working, rebuilt ones have another type"
    return Message(f"{side.value}_static_type_changed", says, "change the consumer's code when it is rebuilt")


def renamed(side: Side, was: str, now: str) -> Message:
    """A field has another name, and says so. `was` and `now` are its names as authors write them."""
    says = f"is called {now} now: "
    match side:
        case Side.ARGS:
            says += f"deployed clients send {was}, which is refused as unknown"
            fix = f"keep {was} beside it, optional, until no client sends it"
        case Side.STORED:
            says += f"stored documents hold {was}, for renamed_from does not reach into their nested records"
            fix = "keep the name, or change the documents in a migration"
        case _:
            says += f"deployed clients that read {was} miss it"
            fix = f"keep sending {was} beside it until no client reads it"
    return Message(f"{side.value}_field_renamed", says, fix)


def _widened(finding: Finding, was: str, now: str) -> str:
    match finding.reason:
        case Reason.VALUE | Reason.VARIANT:
            return f"{_value(finding)} {_is_are(finding)} allowed too"
        case Reason.NULL:
            return "may be null now"
        case Reason.UNKNOWN_FIELD:
            return "is new, and may be left out"
        case Reason.OPTIONAL_FIELD:
            return "may be left out now"
        case Reason.MISSING_FIELD:
            return "is no longer demanded"
        case Reason.KIND | Reason.CONSTRAINT | Reason.TABLE:
            return f"was {was}, is {now}, which allows more"


def _narrowed(finding: Finding, was: str, now: str) -> str:
    match finding.reason:
        case Reason.NULL:
            return "is never null any more"
        case Reason.MISSING_FIELD | Reason.OPTIONAL_FIELD:
            return "is new"
        case _:
            return f"was {was}, is {now}"


def _is_are(finding: Finding) -> str:
    return "are" if len(finding.values) > 1 else "is"


def _value(finding: Finding) -> str:
    if finding.values:
        return ", ".join(map(spelled_value, finding.values))
    return "some value" if isinstance(finding.value, Missing) else shown(finding.value)


def shown(value: Json) -> str:
    """A value as JSON, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN_MAX else f"{text[: SHOWN_MAX - 1]}…"
