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
    direct = [use for use in usage.uses if any(_hits(use, target, change) for target in change.targets)]
    named_only = not change.functions or change.side is Side.TYPE
    if not named_only and not any(_calls(use, path) for use in usage.uses for path in change.functions):
        return ()
    if not direct and not named_only and not _may_be_unread(change, usage):
        direct = [use for use in usage.uses if any(_calls(use, path) for path in change.functions)]
    return (CallSite(usage.consumer, use.place, _words(use)) for use in direct)


def _hits(use: Use, target: Target, change: Change) -> bool:
    used = use.target
    if used == EVERYTHING:
        return bool(use.why_all)
    if target.function:
        if not target.argument:
            return _calls(use, target.function)
        whole = bool(use.why_all) and used.argument in ("", ANY_ARGUMENT)
        return used.function == target.function and (used.argument == target.argument or whole)
    if used.type not in (target.type, ANY_TYPE):
        return False
    if not target.field:
        return used.type == target.type and (not used.field or change.side is Side.ERRORS)
    return used.field == target.field or (not used.field and bool(use.why_all))


def _calls(use: Use, path: str) -> bool:
    """Whether a use names a function as such."""
    return (use.target.function == path and not use.target.argument) or (use.target == EVERYTHING and bool(use.why_all))


def _may_be_unread(change: Change, usage: Usage) -> bool:
    """Whether only reading the field itself would show the change: TypeScript SDKs pass results through as they are."""
    of_field = bool(change.targets) and all(target.field for target in change.targets)
    return usage.language == "typescript" and change.side in (Side.RETURNS, Side.ERRORS) and of_field


def _words(use: Use) -> str:
    """`contacts.list(stage)`, `Contact.fullName`; `contacts.create(*)` where the source does not say which."""
    target, every = use.target, "*" if use.why_all else ""
    if target.function:
        argument = target.argument or every
        return f"{target.function}({argument})" if argument else target.function
    if target.type:
        name = "" if target.type == ANY_TYPE else target.type
        return f"{name}.{target.field or every}" if target.field or every else name
    return "everything"
