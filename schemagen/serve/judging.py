"""What of an older contract no longer fits the one that is served: worked out once per contract, off the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from schemagen.check.changes import LANGUAGES, Change, Language
from schemagen.check.mismatches import Mismatch, Mismatches, client_changes, mismatches
from schemagen.model.canonical import from_json
from schemagen.model.contract import Contract, Function, Json, Missing
from schemagen.model.renames import former_functions, former_tables
from schemagen.sync.messages import ErrorObject
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError

log = logging.getLogger("schemagen")

Recall = Callable[[str], Awaitable[str | None]]
"""The text of a contract that was served before, by its fingerprint."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a client can no longer do that was built from `old`, now that `new` is served."""

    old: Contract
    """As clients saw it."""
    new: Contract
    mismatches: Mismatches
    outdated: tuple[str, ...]
    """Paths of the functions that are refused, sorted."""

    def refusal(self, path: str) -> ErrorObject | None:
        """Why a function is not even run for this client; None if it is."""
        found = self.mismatches.refused.get(path)
        return None if found is None else contract_mismatch(found)

    def explained(self, error: ErrorObject, path: str, args: Json) -> ErrorObject:
        """The error of a call as its client is told it.

        Arguments that the client was promised to be taken, and that are not any more, are no mistake of its user's.
        """
        if error.kind != "invalidArguments":
            return error
        found = self.mismatches.narrowed.get(path)
        if found is None or not _takes(self.old, path, args) or _takes(self.new, path, args):
            return error
        return contract_mismatch(found).model_copy(update={"issues": error.issues})


@dataclass(slots=True)
class Judge:
    """Judges clients against one contract, of which they are told nothing that is internal."""

    contract: Contract
    recall: Recall
    _judging: dict[str, asyncio.Task[tuple[Contract, tuple[Change, ...]] | None]] = field(default_factory=dict)
    _verdicts: dict[tuple[str, Language | None], Verdict | None] = field(default_factory=dict)

    async def verdict(self, fingerprint: str, language: str) -> Verdict | None:
        """None for a contract that was never served here."""
        key = (fingerprint, known_language(language))
        if key not in self._verdicts:
            if fingerprint not in self._judging:
                self._judging[fingerprint] = asyncio.create_task(self._compared(fingerprint))
            compared = await asyncio.shield(self._judging[fingerprint])
            self._verdicts[key] = None if compared is None else self._judged(*compared, key[1])
        return self._verdicts[key]

    async def _compared(self, fingerprint: str) -> tuple[Contract, tuple[Change, ...]] | None:
        try:
            text = await self.recall(fingerprint)
            return None if text is None else await asyncio.to_thread(_compared, text, self.contract)
        except Exception:  # a client that cannot be judged is served as one nobody knows
            log.exception("contract %s, which was served before, cannot be compared with the one that is", fingerprint)
            return None

    def _judged(self, old: Contract, changes: tuple[Change, ...], language: Language | None) -> Verdict:
        found = mismatches(changes, language)
        return Verdict(old, self.contract, found, tuple(sorted(found.refused)))


def known_language(said: str) -> Language | None:
    return next((language for language in LANGUAGES if language == said), None)


def contract_mismatch(mismatch: Mismatch) -> ErrorObject:
    data: dict[str, Json] = {"function": mismatch.function, "reason": mismatch.reason}
    if not isinstance(mismatch.witness, Missing):
        data["witness"] = mismatch.witness
    message = f"update this app: {mismatch.function} has changed since it was built ({mismatch.reason})"
    return ErrorObject(kind="contractMismatch", code="contract_mismatch", message=message, data=data)


def _compared(text: str, new: Contract) -> tuple[Contract, tuple[Change, ...]]:
    old = from_json(text)
    functions = tuple(function for function in new.functions if not function.internal)
    return old, client_changes(old, replace(new, functions=functions))


def _takes(contract: Contract, path: str, args: Json) -> bool:
    """Whether these arguments fit a function as far as its contract says; a validator may still refuse them."""
    function = _function(contract, path)
    if function is None:
        return False
    codec = Codec(contract.types_by_name, former_tables=former_tables(contract))
    try:
        codec.fields_decoder(function.args)(args)
    except WireError:
        return False
    return True


def _function(contract: Contract, path: str) -> Function | None:
    found = contract.functions_by_path.get(path)
    return found or next((former.now for former in former_functions(contract) if former.path == path), None)
