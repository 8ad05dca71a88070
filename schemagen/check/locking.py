"""What a consumer's source uses and its lock does not hold: nobody would notice if that changed."""

from __future__ import annotations

from schemagen.check.changes import Target
from schemagen.check.usage import ANY_ARGUMENT, EVERYTHING, Usage, Use


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
