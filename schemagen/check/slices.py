"""The part of a contract that one client uses: a contract of its own, small enough to be read and kept.

Python SDKs check whole results, so their clients use every field of what they get. TypeScript SDKs pass results
through: there a field that nobody reads may change at will, unless it travels in a form that has to be decoded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from schemagen.check.usage import ANY_ARGUMENT, ANY_TYPE, EVERYTHING, Usage
from schemagen.model.contract import (
    AliasType,
    Contract,
    EnumType,
    ErrorType,
    Field,
    Function,
    NamedType,
    ObjectType,
    reachable,
    types_inside,
)
from schemagen.model.types import (
    ArrayType,
    BytesType,
    FloatType,
    Int64Type,
    MapType,
    RefType,
    SetType,
    TupleType,
    Type,
    UnionType,
    children,
)


def slice_of(contract: Contract, usage: Usage) -> Contract:
    """Only what `usage` says is used: functions, arguments, and the types and fields these need.

    It has no tables: what is stored is no client's business. Where arguments and results use a type differently, the
    one for arguments gets a name of its own (`AddressInput`). Names in `usage` that the contract does not have are
    passed over.
    """
    public = replace(contract.public, tables=())
    used = _used(public, usage)
    if used.everything:
        return public
    functions = tuple(_function(f, used) for f in public.functions if f.path in used.functions)
    errors = tuple(_error(e, used) for e in public.errors if used.keeps_error(e))
    codes = {error.code for error in errors}
    functions = tuple(replace(f, raises=tuple(code for code in f.raises if code in codes)) for f in functions)
    return _Types(public, used, functions, errors).sliced()


@dataclass
class _Used:
    """What a usage comes to, in the words of one contract."""

    contract: Contract
    whole_results: bool
    everything: bool = False
    functions: set[str] = field(default_factory=set)
    arguments: set[tuple[str, str]] = field(default_factory=set)
    all_arguments: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Types and errors that the client names."""
    fields: set[tuple[str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    """Types and errors of which every field is used."""
    decoded: frozenset[str] = frozenset()
    """Types that hold, at any depth, something the SDK has to decode."""

    def keeps_error(self, error: ErrorType) -> bool:
        """Any function may raise any error, and Python SDKs check what they know the form of."""
        named = error.name in self.names or any(name == error.name for name, _ in self.fields)
        return self.whole_results or named or any(self.decodes(f.type) for f in error.fields)

    def keeps_field(self, owner: str, of: Field) -> bool:
        if self.whole_results or owner in self.whole or (owner, of.wire_name) in self.fields:
            return True
        return (ANY_TYPE, of.wire_name) in self.fields or self.decodes(of.type)

    def decodes(self, t: Type) -> bool:
        match t:
            case Int64Type() | BytesType() | FloatType(non_finite=True):
                return True
            case RefType(name=name):
                return name in self.decoded
            case _:
                return any(map(self.decodes, children(t)))


def _used(contract: Contract, usage: Usage) -> _Used:
    used = _Used(contract, whole_results=usage.language == "python")
    for use in usage.uses:
        target, whole = use.target, bool(use.why_all)
        if target == EVERYTHING and whole:
            used.everything = True
        if target.function:
            used.functions.add(target.function)
            used.arguments.add((target.function, target.argument))
            if whole and target.argument in ("", ANY_ARGUMENT):
                used.all_arguments.add(target.function)
        if target.function and whole and not target.argument:
            used.whole |= _results(contract, target.function)
        if target.type and target.field:
            used.fields.add((target.type, target.field))
        elif target.type:
            used.names.add(target.type)
            used.whole |= _held(contract, target.type) if whole else set()
    used.decoded = _decoded(contract, used)
    return used


def _results(contract: Contract, path: str) -> frozenset[str]:
    function = contract.functions_by_path.get(path)
    return frozenset() if function is None else reachable(contract, (function.returns,))


def _held(contract: Contract, name: str) -> frozenset[str]:
    """A type or error and everything it holds."""
    if name == ANY_TYPE:
        return frozenset({*contract.types_by_name, *(error.name for error in contract.errors)})
    roots = [f.type for error in contract.errors if error.name == name for f in error.fields]
    if name in contract.types_by_name:
        roots.append(RefType(name))
    return reachable(contract, tuple(roots)) | {name}


def _decoded(contract: Contract, used: _Used) -> frozenset[str]:
    found: set[str] = set()
    while True:
        used.decoded = frozenset(found)
        more = {t.name for t in contract.types if any(map(used.decodes, types_inside(t)))}
        if more <= found:
            return used.decoded
        found |= more


def _function(function: Function, used: _Used) -> Function:
    return replace(function, args=tuple(a for a in function.args if _keeps_argument(function, a, used)))


def _keeps_argument(function: Function, argument: Field, used: _Used) -> bool:
    if argument.required or function.path in used.all_arguments:
        return True
    return (function.path, argument.wire_name) in used.arguments


def _error(error: ErrorType, used: _Used) -> ErrorType:
    return replace(error, fields=tuple(f for f in error.fields if used.keeps_field(error.name, f)))


class _Types:
    """The named types of a slice: as they are sent, and as they are received."""

    def __init__(
        self, contract: Contract, used: _Used, functions: tuple[Function, ...], errors: tuple[ErrorType, ...]
    ) -> None:
        self.contract = contract
        self.functions = functions
        self.errors = errors
        self.used = used
        self.tags = _tags(contract)
        pruned = tuple(self._pruned(t) for t in contract.types)
        self.pruned = replace(contract, types=pruned)

    def sliced(self) -> Contract:
        sent = reachable(self.contract, tuple(a.type for f in self.functions for a in f.args))
        received = self._received()
        renamed = self._renamed(sent, received)
        taken_as_sent = [_rewritten(self.contract.named(n), renamed) for n in sent if n in renamed or n not in received]
        types = [*(self.pruned.named(name) for name in received), *taken_as_sent]
        functions = tuple(
            replace(f, args=tuple(replace(a, type=_renamed_refs(a.type, renamed)) for a in f.args))
            for f in self.functions
        )
        return Contract((), tuple(sorted(types, key=lambda t: t.name)), functions, self.errors)

    def _received(self) -> frozenset[str]:
        roots = [f.returns for f in self.functions] + [f.type for e in self.errors for f in e.fields]
        named = (RefType(name) for name in self.used.names if name in self.contract.types_by_name)
        return reachable(self.pruned, (*roots, *named))

    def _pruned(self, t: NamedType) -> NamedType:
        match t:
            case ObjectType(name=name, fields=fields):
                tags = self.tags.get(name, set())
                kept = tuple(f for f in fields if f.wire_name in tags or self.used.keeps_field(name, f))
                is_document = kept[:2] == fields[:2]  # a document begins with its id and creation time
                return replace(t, fields=kept, table=t.table if is_document else None)
            case AliasType() | EnumType():
                return t

    def _renamed(self, sent: frozenset[str], received: frozenset[str]) -> dict[str, str]:
        """The types that need one form for arguments and another for results, by name; and the name for arguments."""
        differing = {name for name in sent & received if self.pruned.named(name) != self.contract.named(name)}
        users = {n: {r for r in sent & received if n in reachable(self.contract, (RefType(r),))} for n in differing}
        forked = differing.union(*users.values())
        taken = {*self.contract.types_by_name, *(error.name for error in self.contract.errors)}
        return {name: _claim(f"{name}Input", taken) for name in sorted(forked)}


def _claim(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


def _tags(contract: Contract) -> dict[str, set[str]]:
    """Of each member of a tagged union, the fields it is told apart by."""
    found: dict[str, set[str]] = {}
    types = [t for named in contract.types for t in types_inside(named)]
    types += [t for f in contract.functions for t in (f.returns, *(a.type for a in f.args))]
    types += [f.type for error in contract.errors for f in error.fields]
    while types:
        t = types.pop()
        types += children(t)
        if isinstance(t, UnionType) and t.tag is not None:
            for name in _members(contract, t):
                found.setdefault(name, set()).add(t.tag)
    return found


def _members(contract: Contract, t: Type) -> Iterable[str]:
    """Names of the objects that are members of a union, through aliases."""
    match t:
        case UnionType(members=members):
            for member in members:
                yield from _members(contract, member)
        case RefType(name=name):
            named = contract.named(name)
            if isinstance(named, ObjectType):
                yield name
            elif isinstance(named, AliasType):
                yield from _members(contract, named.type)
        case _:
            pass


def _rewritten(t: NamedType, renamed: dict[str, str]) -> NamedType:
    name = renamed.get(t.name, t.name)
    match t:
        case ObjectType(fields=fields):
            return replace(t, name=name, fields=tuple(replace(f, type=_renamed_refs(f.type, renamed)) for f in fields))
        case AliasType(type=inner):
            return replace(t, name=name, type=_renamed_refs(inner, renamed))
        case EnumType():
            return replace(t, name=name)


def _renamed_refs(t: Type, renamed: dict[str, str]) -> Type:
    again: Callable[[Type], Type] = lambda inner: _renamed_refs(inner, renamed)  # noqa: E731
    match t:
        case RefType(name=name):
            return RefType(renamed.get(name, name))
        case ArrayType(item=item) | SetType(item=item):
            return replace(t, item=again(item))
        case TupleType(items=items):
            return TupleType(tuple(map(again, items)))
        case MapType(key=key, value=value):
            return replace(t, key=again(key), value=again(value))
        case UnionType(members=members):
            return replace(t, members=tuple(map(again, members)))
        case _:
            return t
