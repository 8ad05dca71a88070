"""Functions and errors, place by place: what clients call, what they send, what they get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from schemagen.check.causes import SAFE, SOURCE, WIRE, Causes, Root
from schemagen.check.changes import Change, Language, Level, Side, Target
from schemagen.check.messages import shown
from schemagen.model.canonical import function_text
from schemagen.model.contract import Contract, ErrorType, Field, Function, mentions
from schemagen.model.renames import former_functions


def function_changes(causes: Causes) -> Iterator[Change]:
    """What happened to each function that clients can call; its types are left to the causes."""
    old, new = _public(causes.old), _public(causes.new)
    former = {each.path: each.now for each in former_functions(causes.new) if not each.now.internal}
    for path, function in old.items():
        if path in new:
            yield from _same_function(causes, function, new[path])
        elif path in former:
            yield _renamed(function, former[path])
            yield from _same_function(causes, function, former[path])
        else:
            yield _removed(causes.new, function)
    renamed = {now.path for path, now in former.items() if path in old}
    yield from (_added(function) for path, function in new.items() if path not in old and path not in renamed)
    yield from _error_changes(causes)


def _public(contract: Contract) -> dict[str, Function]:
    return {f.path: f for f in contract.functions if not f.internal}


def _same_function(causes: Causes, old: Function, new: Function) -> Iterator[Change]:
    if old.kind is not new.kind:
        yield _kind_changed(old, new)
        return
    if function_text(old) == function_text(new) and _reaches_unchanged(causes, new):
        return
    if old.path == new.path and old.python_path != new.python_path:
        yield _respelled(old, new)
    root = Root(Side.ARGS, new.python_path, (old.path,), new.origin, (*new.args, *old.args))
    causes.args(root, old.args, new.args)
    causes.returns(Root(Side.RETURNS, new.python_path, (old.path,), new.origin), old.returns, new.returns)
    yield from _defaults(old, new)
    yield from _raises(old, new)


def _reaches_unchanged(causes: Causes, function: Function) -> bool:
    return mentions((function.returns, *(arg.type for arg in function.args))) <= causes.unchanged


def _removed(contract: Contract, old: Function) -> Change:
    now = contract.functions_by_path.get(old.path)
    if now is not None:
        says = f"is internal now: deployed clients that call it are told there is no {old.path}"
        fix = "keep it public, or publish a function for clients beside it"
        return _change("function_internal", WIRE, old, says, fix, now)
    says = f"is gone: deployed clients that call {old.path} are refused"
    renamed = f'@{old.kind.value}(renamed_from="{old.python_path}")'
    fix = f"keep it until no client calls it; if it was renamed, say so: {renamed}"
    return _change("function_removed", WIRE, old, says, fix, old)


def _renamed(old: Function, new: Function) -> Change:
    says = f"is called {new.python_path} now: the server answers to both names, and the SDKs tell the new one"
    fix = f"`schemagen rename {old.python_path} {new.python_path}` rewrites consumers"
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


def _raises(old: Function, new: Function) -> Iterator[Change]:
    for code in sorted(set(new.raises) - set(old.raises)):
        says = f"may raise {code}: clients that do not know it get it as an error like any other"
        yield Change("error_added", SAFE, Side.ERRORS, new.python_path, says, "", (old.path,), origin=new.origin)


def _error_changes(causes: Causes) -> Iterator[Change]:
    old, new = causes.old.errors_by_code, causes.new.errors_by_code
    users = {code: tuple(f.path for f in causes.old.functions if code in f.raises and not f.internal) for code in old}
    for code, error in old.items():
        now = new.get(code)
        if now is None:
            says = f"is gone: deployed clients never see {code} again, and rebuilt ones cannot name it"
            yield _error("error_removed", SOURCE, error, says, "keep the class until no consumer names it", users[code])
            continue
        if now.name != error.name:
            levels: Mapping[Language, Level] = {"python": Level.SOURCE, "typescript": Level.SAFE}
            says = f"is called {now.name} now; its code is {code} as before"
            yield _error("error_respelled", levels, error, says, "keep the name", users[code])
        root = Root(Side.ERRORS, now.name, users[code], now.origin, (*now.fields, *error.fields))
        causes.errors(root, error.fields, now.fields)
    for code in sorted(new.keys() - old.keys()):
        added = new[code]
        yield Change("error_added", SAFE, Side.ERRORS, added.name, "is new", "", origin=added.origin)


def _error(
    rule: str, levels: Mapping[Language, Level], error: ErrorType, says: str, fix: str, functions: tuple[str, ...]
) -> Change:
    return Change(
        rule,
        levels,
        Side.ERRORS,
        error.name,
        says,
        fix,
        functions,
        origin=error.origin,
        targets=(Target(type=error.name),),
    )
