"""Where consumers use what changed."""

from __future__ import annotations

from collections.abc import Iterable

from schemagen.check.changes import CallSite, Change, Side, Target
from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING, Usage, Use


def call_sites(change: Change, usages: Iterable[Usage]) -> tuple[CallSite, ...]:
    """The uses that a change hits, over all consumers, in order; () if none of them uses what changed.

    Where a consumer uses the functions that changed, and not by the very part that did, these are the calls of the
    functions: a call that leaves out an argument breaks when it becomes required, and a Python SDK checks also the
    fields that nobody reads.
    """
    return tuple(sorted({site for usage in usages for site in _sites(change, usage)}))


def _sites(change: Change, usage: Usage) -> Iterable[CallSite]:
    calls = [use for use in usage.uses if any(_calls(use, path) for path in change.functions)]
    if change.functions and not calls and change.side is not Side.TYPE:
        return ()
    targets = [target for target in change.targets if _shows(change, target, usage)]
    hit = [use for use in usage.uses if any(_hits(use, target, change) for target in targets)]
    if not hit and _shows_at_calls(change, usage):
        hit = calls
    return (CallSite(usage.consumer, use.place, words(use)) for use in hit)


def _shows(change: Change, target: Target, usage: Usage) -> bool:
    """Whether uses of a target are where the change is felt."""
    if change.rule == "args_field_required":
        return not (target.argument or target.field)  # those that pass it are fine
    return not (target.function and change.side is Side.ERRORS and usage.language == "typescript")


def _shows_at_calls(change: Change, usage: Usage) -> bool:
    """Whether a call may fail by itself. TypeScript SDKs pass results on: there only who reads a field sees it."""
    of_field = any(target.field for target in change.targets)
    return not (usage.language == "typescript" and change.side in (Side.RETURNS, Side.ERRORS) and of_field)


def _hits(use: Use, target: Target, change: Change) -> bool:
    used, whole = use.target, bool(use.why_all)
    if used == EVERYTHING:
        return whole
    if target.function:
        if not target.argument:
            return _calls(use, target.function)
        any_argument = whole and used.argument in ("", ANY_ARGUMENT)
        return used.function == target.function and (used.argument == target.argument or any_argument)
    if used.type not in (target.type, ANY_TYPE):
        return False
    if not target.field:
        return used.type == target.type and (not used.field or change.side is not Side.TYPE)
    return used.field == target.field or (not used.field and whole)


def _calls(use: Use, path: str) -> bool:
    """Whether a use names a function as such."""
    return (use.target.function == path and not use.target.argument) or (use.target == EVERYTHING and bool(use.why_all))


def words(use: Use) -> str:
    """`contacts.list(stage)`, `Contact.fullName`; `contacts.create(*)` where the source does not say which."""
    target, every = use.target, "*" if use.why_all else ""
    if target.function:
        argument = target.argument or every
        return f"{target.function}({argument})" if argument else target.function
    if target.type:
        name = "" if target.type == ANY_TYPE else target.type
        return f"{name}.{target.field or every}" if target.field or every else name
    return "everything"
