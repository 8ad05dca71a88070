"""Errors, place by place: what clients catch by name, and what they read in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemagen.check.cause import SAFE, SOURCE, Root
from schemagen.check.causes import Causes
from schemagen.check.changes import Change, Language, Level, Side, Target
from schemagen.model.contract import Contract, ErrorType


def error_changes(causes: Causes) -> Iterator[Change]:
    """What happened to each error; the types of its fields are left to the causes."""
    old, new = causes.old.errors_by_code, causes.new.errors_by_code
    added = [new[code] for code in sorted(new.keys() - old.keys())]
    for code, error in old.items():
        raised_by = _raised_by(causes.old, code)
        now = new.get(code)
        if now is None:
            yield _removed(error, raised_by, next((each for each in added if _is_alike(causes, error, each)), None))
            continue
        if now.name != error.name:
            yield _respelled(error, now, raised_by)
        causes.errors(Root(Side.ERRORS, now.name, raised_by, now.origin, error.fields, now.fields))
    yield from (_added(error, _raised_by(causes.new, error.code)) for error in added)


def _raised_by(contract: Contract, code: str) -> tuple[str, ...]:
    return tuple(sorted(f.path for f in contract.functions if code in f.raises and not f.internal))


def _is_alike(causes: Causes, old: ErrorType, new: ErrorType) -> bool:
    was, now = _raised_by(causes.old, old.code), _raised_by(causes.new, new.code)
    return was == now and causes.are_equal_fields(old.fields, new.fields)


def _removed(error: ErrorType, raised_by: tuple[str, ...], successor: ErrorType | None) -> Change:
    says = f"is gone: deployed clients never see {error.code} again, and rebuilt ones cannot name it"
    fix = "keep the class until no consumer names it"
    if successor is not None:
        says = f"is gone, and {successor.name} is raised in its place: clients that expect {error.code} never see it"
        fix = f"keep raising {error.name}; {successor.name} is an error of its own to clients"
    return _change("error_removed", SOURCE, error, says, fix, raised_by)


def _respelled(error: ErrorType, now: ErrorType, raised_by: tuple[str, ...]) -> Change:
    levels: Mapping[Language, Level] = {"python": Level.SOURCE, "typescript": Level.SAFE}
    says = f"is called {now.name} now; its code is {error.code} as before"
    return _change("error_respelled", levels, error, says, "keep the name", raised_by, was=error.name, now=now.name)


def _added(error: ErrorType, raised_by: tuple[str, ...]) -> Change:
    says = "is new: clients that do not know it get it as an error like any other" if raised_by else "is new"
    return Change("error_added", SAFE, Side.ERRORS, error.name, says, "", raised_by, origin=error.origin)


def _change(
    rule: str,
    levels: Mapping[Language, Level],
    error: ErrorType,
    says: str,
    fix: str,
    functions: tuple[str, ...],
    was: str = "",
    now: str = "",
) -> Change:
    targets = (Target(type=error.name),)
    place = (error.name, says, fix, functions)
    return Change(rule, levels, Side.ERRORS, *place, old=was, new=now, origin=error.origin, targets=targets)
