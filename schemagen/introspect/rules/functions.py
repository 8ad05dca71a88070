"""Rules of queries, mutations and actions."""

from __future__ import annotations

from schemagen.introspect.diagnostics import Diagnostic, Place

__all__ = [
    "missing_annotation",
    "missing_return_annotation",
    "non_keyword_argument",
    "nondeterministic",
    "not_async",
    "unknown_error",
    "wrong_context",
]


def missing_annotation(place: Place | None, path: str, argument: str) -> Diagnostic:
    return Diagnostic(
        rule="missing_annotation",
        message=f'argument "{argument}" of {path} has no type',
        place=place,
        why="clients are generated from the types of arguments, and what they send is checked against them",
        fix=f"write {argument}: str, or whichever type it has",
    )


def missing_return_annotation(place: Place | None, path: str, name: str) -> Diagnostic:
    return Diagnostic(
        rule="missing_return_annotation",
        message=f"{path} does not say what it returns",
        place=place,
        why="clients are generated from the types of results",
        fix=f"write async def {name}(...) -> ...:, with None for a function that returns nothing",
    )


def non_keyword_argument(place: Place | None, path: str, argument: str, context: str, kind: str) -> Diagnostic:
    if kind.startswith("*"):
        return Diagnostic(
            rule="non_keyword_argument",
            message=f'{path} takes "{kind}{argument}"',
            place=place,
            why="clients pass a fixed set of named arguments",
            fix=f"name each argument; for any number of values take a list: {argument}: list[str]",
        )
    return Diagnostic(
        rule="non_keyword_argument",
        message=f'argument "{argument}" of {path} can be passed by position',
        place=place,
        why="clients pass arguments by name, so that new ones can be added anywhere",
        fix=f"put a * before the arguments: ({context}, *, {argument}: ...)",
    )


_INSTEAD = {
    "the time": "use ctx.now, which is one moment for the whole call; "
    "ctx.tick(timedelta(minutes=1)) lets a live query follow the time",
    "random numbers": "use ctx.random, a random.Random of this call alone",
    "a random UUID": "use ctx.uuid()",
    "a secret": "make it in a mutation or in an action",
}


def nondeterministic(place: Place | None, path: str, what: str, written: str, within: str | None) -> Diagnostic:
    """`within` is the function or field that the handler comes to, None if it asks by itself."""
    where = f", in {within}" if within else ""
    can_be_handed = within is not None and not within.startswith("the default") and "<lambda>" not in within
    return Diagnostic(
        rule="nondeterministic",
        message=f"{path} asks Python for {what}{where}: {written}",
        place=place,
        why="a call is a transaction at one moment, and a live query gives the same result until what it read changes",
        fix=_INSTEAD[what] + (f"; hand it to {within}()" if can_be_handed else ""),
    )


def not_async(place: Place | None, path: str, name: str, is_generator: bool) -> Diagnostic:
    return Diagnostic(
        rule="not_async",
        message=f"{path} is an async generator" if is_generator else f"{path} is not async",
        place=place,
        why="a function is awaited: it reads and writes through ctx, one step at a time",
        fix="return a list instead of using yield" if is_generator else f"write async def {name}",
    )


def wrong_context(place: Place | None, path: str, kind: str, wanted: str, found: str | None) -> Diagnostic:
    has = "has no parameter for its context" if found is None else f"takes {found} as its context"
    return Diagnostic(
        rule="wrong_context",
        message=f"{path} {has}",
        place=place,
        why=f"a {kind} is given a {wanted} as its first argument"
        if kind != "action"
        else f"an action is given an {wanted} as its first argument",
        fix=f"begin its parameters with ctx: {wanted}",
    )


def unknown_error(place: Place | None, path: str, given: str) -> Diagnostic:
    return Diagnostic(
        rule="unknown_error",
        message=f"{path} says that it raises {given}, which is no AppError",
        place=place,
        why="raises=[...] names the errors that clients can catch, and only an AppError reaches them",
        fix="make it one, class QuotaExceeded(AppError): ..., or leave it out of raises",
    )
