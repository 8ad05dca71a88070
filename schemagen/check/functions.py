"""Functions, place by place: what clients call, what they send, what they get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from schemagen.check.cause import SAFE, SOURCE, WIRE, Root
from schemagen.check.causes import Causes
from schemagen.check.changes import Change, Language, Level, Side, Target
from schemagen.check.messages import shown
from schemagen.check.views import Position
from schemagen.model.canonical import same_functions
from schemagen.model.contract import Contract, Field, Function, mentions
from schemagen.model.renames import former_functions


def function_changes(causes: Causes) -> Iterator[Change]:
    """What happened to each function that clients can call; its types are left to the causes."""
    old, new = public_functions(causes.old), public_functions(causes.new)
    former = {each.path: each.now for each in former_functions(causes.new) if not each.now.internal}
    renamed = {now.path for path, now in former.items() if path in old and path not in new}
    added = [function for path, function in new.items() if path not in old and path not in renamed]
    successors = _Successors(causes, added)
    for path, function in old.items():
        if path in new:
            yield from _same_function(causes, function, new[path])
        elif path in former:
            yield _renamed(function, former[path])
            yield from _same_function(causes, function, former[path])
        elif (internal := causes.new.functions_by_path.get(path)) is not None:
            yield _internal(function, internal)
        else:
            yield _removed(function, successors.of(function))
    yield from map(_added, added)


def public_functions(contract: Contract) -> dict[str, Function]:
    """What clients can call, by path."""
    return {f.path: f for f in contract.functions if not f.internal}


def _same_function(causes: Causes, old: Function, new: Function) -> Iterator[Change]:
    if old.kind is not new.kind:
        yield _kind_changed(old, new)
        return
    is_same = same_functions(old, new)
    if not (is_same and mentions(arg.type for arg in new.args) <= causes.unchanged):
        causes.args(Root(Side.ARGS, new.python_path, (old.path,), new.origin, old.args, new.args))
    if not (is_same and mentions((new.returns,)) <= causes.unchanged):
        causes.returns(Root(Side.RETURNS, new.python_path, (old.path,), new.origin), old.returns, new.returns)
    if is_same:
        return
    if old.path == new.path and old.python_path != new.python_path:
        yield _respelled(old, new)
    yield from _defaults(old, new)
    yield from _raises(causes, old, new)


def _internal(old: Function, new: Function) -> Change:
    says = f"is internal now: deployed clients that call it are told that there is no {old.path}"
    return _change("function_internal", WIRE, old, says, "keep it public, or publish another for clients", new)


def _removed(old: Function, successor: Function | None) -> Change:
    says = f"is gone: deployed clients that call {old.path} are refused"
    fix = "keep it until no client calls it"
    if successor is not None:
        declared = f'@{successor.kind.value}(renamed_from="{old.python_path}")'
        fix = f"if it is {successor.python_path} now, say so there: {declared} answers to both names; else {fix}"
    return _change("function_removed", WIRE, old, says, fix, old)


class _Successors:
    """New functions, by what makes one the likely successor of another that is gone."""

    def __init__(self, causes: Causes, added: Iterable[Function]) -> None:
        self._causes = causes
        self._by_name: dict[tuple[object, ...], list[Function]] = {}
        self._by_module: dict[tuple[object, ...], list[Function]] = {}
        self._by_shape: dict[tuple[object, ...], list[Function]] = {}
        for function in added:
            shape = _shape(function)
            self._by_name.setdefault((shape, function.name), []).append(function)
            self._by_module.setdefault((shape, function.module), []).append(function)
            self._by_shape.setdefault(shape, []).append(function)

    def of(self, old: Function) -> Function | None:
        """One that takes and gives just what the old one did: of several, the likest by name."""
        shape = _shape(old)
        alike = [
            *self._by_name.get((shape, old.name), []),
            *self._by_module.get((shape, old.module), []),
            *self._by_shape.get(shape, []),
        ]
        return next((new for new in alike[:_SUCCESSORS_MAX] if self._is_equal(old, new)), None)

    def _is_equal(self, old: Function, new: Function) -> bool:
        is_same = self._causes.are_equal_fields(old.args, new.args)
        return is_same and self._causes.are_equal(old.returns, new.returns, Position.RETURNS)


_SUCCESSORS_MAX: Final = 20
"""So many new functions are compared with one that is gone."""


def _shape(function: Function) -> tuple[object, ...]:
    return (function.kind, frozenset(arg.wire_name for arg in function.args))


def _renamed(old: Function, new: Function) -> Change:
    says = f"is called {new.python_path} now: the server answers to both names, and the SDKs say where it went"
    fix = f"rewrite consumers with `schemagen rename {old.python_path} {new.python_path}`"
    return _change("function_renamed", SOURCE, old, says, fix, new, was=old.python_path, now=new.python_path)


def _kind_changed(old: Function, new: Function) -> Change:
    says = f"was a {old.kind.value}, is {_article(new.kind.value)}: deployed clients call it as what it was"
    fix = f"keep the {old.kind.value}, and add the {new.kind.value} under another name"
    return _change("function_kind_changed", WIRE, old, says, fix, new, was=old.kind.value, now=new.kind.value)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _respelled(old: Function, new: Function) -> Change:
    levels: Mapping[Language, Level] = {"python": Level.SOURCE, "typescript": Level.SAFE}
    says = f"was {old.python_path} in Python, is {new.python_path}; on the wire it is {new.path} as before"
    return _change(
        "function_respelled", levels, old, says, "keep the name", new, was=old.python_path, now=new.python_path
    )


def _added(new: Function) -> Change:
    return Change("function_added", SAFE, Side.FUNCTION, new.python_path, "is new", "", (new.path,), origin=new.origin)


def _change(
    rule: str,
    levels: Mapping[Language, Level],
    old: Function,
    says: str,
    fix: str,
    place: Function,
    was: str = "",
    now: str = "",
) -> Change:
    return Change(
        rule,
        levels,
        Side.FUNCTION,
        old.python_path,
        says,
        fix,
        (old.path,),
        old=was,
        new=now,
        origin=place.origin,
        targets=(Target(function=old.path),),
    )


def _defaults(old: Function, new: Function) -> Iterator[Change]:
    """Who leaves the argument out means something else from now on: worth reading, and no break."""
    before = {arg.wire_name: arg for arg in old.args}
    for arg in new.args:
        known = before.get(arg.wire_name)
        if known is None or known.required or arg.required or repr(known.default) == repr(arg.default):
            continue
        says = f"left out, it was {_default(known)}, and is {_default(arg)}"
        yield Change(
            "args_default_changed",
            SAFE,
            Side.ARGS,
            f"{new.python_path}({arg.name})",
            says,
            "",
            (old.path,),
            old=_default(known),
            new=_default(arg),
            origin=arg.origin or new.origin,
        )


def _default(arg: Field) -> str:
    return "made afresh" if not isinstance(arg.default, _JSON) else shown(arg.default)


_JSON = (str, int, float, bool, list, dict, type(None))


def _raises(causes: Causes, old: Function, new: Function) -> Iterator[Change]:
    """Errors that are new as a whole are told with all that raise them."""
    for code in sorted(set(new.raises) - set(old.raises)):
        if code in causes.old.errors_by_code:
            says = f"may raise {code}: clients that do not expect it get it as an error like any other"
            yield Change("error_added", SAFE, Side.ERRORS, new.python_path, says, "", (old.path,), origin=new.origin)
