"""The lock of a consumer: how it is made, and what the source uses that it does not hold."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from schemagen.check.changes import Place, Target
from schemagen.check.released import Released, from_text, release_of, to_text
from schemagen.check.usage import ANY_ARGUMENT, EVERYTHING, Usage, Use, usage_of
from schemagen.model.contract import Contract


def lock_of(contract: Contract, usage: Usage, client: str, today: str) -> Released:
    """The lock of a client that uses `usage` of `contract`; `today` is an ISO date."""
    return release_of(contract, usage, client=client, version="", released=date.fromisoformat(today))


def is_written(text: str, lock: Released) -> bool:
    """Whether a file holds the lock already, if perhaps of another day. False for any other text."""
    try:
        known = from_text(text)
    except ValueError:
        return False
    return to_text(replace(known, released=lock.released)) == to_text(lock)


def relocated(locked: Usage, used: Usage, sources: Mapping[str, str]) -> Usage:
    """`used`, and those of the lock that were not found again, because the SDK no longer has what they name.

    They are taken to be at the nearest line that still has their last word, else where they were; `sources` are the
    texts of the consumer's files by path. In a file that is gone there is no use.
    """
    found = {use.target for use in used.uses}
    lost = [use for use in locked.uses if use.target not in found and use.place.file in sources]
    return usage_of(used.consumer, used.language, {*used.uses, *(_moved(use, sources[use.place.file]) for use in lost)})


def relocated_in_text(locked: Usage, used: Usage, sources: str) -> Usage:
    """As `relocated`, the sources as a JSON object."""
    return relocated(locked, used, json.loads(sources))


def _moved(use: Use, text: str) -> Use:
    target = use.target
    name = target.argument or target.field or target.type or target.function.rpartition(".")[2]
    word = re.compile(rf"\b{re.escape(name)}\b")
    lines = text.splitlines()
    for number in sorted(range(1, len(lines) + 1), key=lambda number: abs(number - use.place.line)):
        match = word.search(lines[number - 1])
        if match is not None:
            return replace(use, place=Place(use.place.file, number, match.start() + 1))
    return use


def unlocked(used: Usage, locked: Usage) -> tuple[Use, ...]:
    """The uses that `locked` does not cover, one for each target, in order.

    Python SDKs check whole results, so which fields a Python consumer reads is no matter.
    """
    known = {(use.target, bool(use.why_all)) for use in locked.uses}
    found: dict[tuple[Target, bool], Use] = {}
    for use in used.uses:
        key = (use.target, bool(use.why_all))
        if _matters(use, used) and not any(each in known for each in _covering(*key)):
            found.setdefault(key, use)
    return tuple(found.values())


def _matters(use: Use, used: Usage) -> bool:
    return used.language == "typescript" or bool(use.target.function) or use.target == EVERYTHING


def _covering(target: Target, whole: bool) -> list[tuple[Target, bool]]:
    """What a lock may hold so that it covers a target: itself, or something larger."""
    found = [(EVERYTHING, True), (target, True)]
    found += [] if whole else [(target, False)]
    if target.function and target.argument:
        found += [(Target(function=target.function), True), (Target(target.function, ANY_ARGUMENT), True)]
    if target.type and target.field:
        found.append((Target(type=target.type), True))
    return found
