"""What a rename in the backend renames in the SDKs: from the names of both contracts, the old one and the new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemagen.codemod.plan import Plan, is_declared_at
from schemagen.codemod.request import (
    RenameArgument,
    RenameField,
    RenameFunction,
    RenameTable,
    RenameType,
    Request,
)
from schemagen.codemod.targets import Argument, Member, Symbol, Target
from schemagen.emit.python import names as python
from schemagen.emit.python.types_files import type_groups
from schemagen.emit.typescript import names as typescript
from schemagen.emit.typescript.views import Views
from schemagen.model.contract import Contract, Field, NamedType, ObjectType, types_inside
from schemagen.model.types import RefType, Type, children


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of the TypeScript SDK that gets another name."""

    file: str
    """`api` or `types`."""
    path: tuple[str, ...]
    """A type, or a type and its member: `("ContactsModule", "list")`."""
    to: str


@dataclass(frozen=True, slots=True)
class TableName:
    """The text in `Id<"contacts">`."""

    old: str
    new: str


@dataclass(frozen=True)
class Contracts:
    """Before and after, as clients see them."""

    old: Contract
    new: Contract


def python_targets(contracts: Contracts, request: Request, plan: Plan, package: str) -> tuple[Target, ...]:
    """What consumers of the Python SDK have to call otherwise; () if they see nothing of it."""
    sdk = _Python(contracts, package)
    match request:
        case RenameFunction(old=old, new=new):
            return tuple(sdk.function(old, new))
        case RenameArgument(function=path):
            return tuple(sdk.argument(path))
        case RenameField():
            return tuple(sdk.fields(plan))
        case RenameType():
            return tuple(sdk.types())
        case RenameTable():
            return ()  # ids are named after the class, not the table


def typescript_names(contracts: Contracts, request: Request, plan: Plan) -> tuple[Declared | TableName, ...]:
    """What consumers of the TypeScript SDK have to call otherwise."""
    sdk = _TypeScript(contracts)
    match request:
        case RenameFunction(old=old, new=new):
            return tuple(sdk.function(old, new))
        case RenameArgument(function=path):
            return tuple(sdk.argument(path))
        case RenameField():
            return tuple(sdk.fields(plan))
        case RenameType():
            return tuple(sdk.types())
        case RenameTable(old=old, new=new):
            return (TableName(old, new),)


class _Python:
    def __init__(self, contracts: Contracts, package: str) -> None:
        self.contracts = contracts
        self.package = package
        self.old = python.names_of(contracts.old, type_groups(contracts.old))
        self.new = python.names_of(contracts.new, type_groups(contracts.new))

    def function(self, old: str, new: str) -> Iterator[Target]:
        before = self.contracts.old.functions_by_path.get(old)
        after = self.contracts.new.functions_by_path.get(new)
        if before is not None and after is not None:
            one, other = (
                self._method(self.contracts.old, before.module, before.name),
                self._method(self.contracts.new, after.module, after.name),
            )
            if one != other:
                yield Member(frozenset([self._module_class(before.module)]), one, other, is_field=False)

    def _method(self, contract: Contract, module: str, name: str) -> str:
        return python.member_names([f.name for f in contract.functions if f.module == module])[name]

    def _module_class(self, module: str) -> str:
        return f"{self.package}.api.{self.old.module_files[module]}.{self.old.modules[module]}"

    def argument(self, path: str) -> Iterator[Target]:
        function = self.contracts.old.functions_by_path.get(path)
        if function is not None:
            for old, new in _changed(function.args, self.contracts.new.functions_by_path[path].args):
                method = self._method(self.contracts.old, function.module, function.name)
                names = python.argument_name(old.name), python.argument_name(new.name)
                yield Argument(frozenset([f"{self._module_class(function.module)}.{method}"]), *names, old.wire_name)

    def fields(self, plan: Plan) -> Iterator[Target]:
        for old, new in _changed_types(self.contracts, plan):
            before = python.field_names((f.name for f in old.fields), self.old)
            after = python.field_names((f.name for f in new.fields), self.new)
            cls = f"{self.package}.types.{self.old.files[old.name]}.{self.old.types[old.name]}"
            for one, other in _changed(old.fields, new.fields):
                yield Member(frozenset([cls]), before[one.name], after[other.name], one.wire_name)
        for error, now in zip(self.contracts.old.errors, self.contracts.new.errors, strict=True):
            if any(is_declared_at(f, _old_name(plan), plan.origins) for f in error.fields):
                before = python.error_field_names(f.name for f in error.fields)
                after = python.error_field_names(f.name for f in now.fields)
                cls = f"{self.package}.errors.{self.old.errors[error.code]}"
                for one, other in _changed(error.fields, now.fields):
                    yield Member(frozenset([cls]), before[one.name], after[other.name], one.wire_name)

    def types(self) -> Iterator[Target]:
        for old, new in renamed_types(self.contracts):
            file = f"{self.package}.types.{self.old.files[old]}"
            yield from _symbol(file, self.old.types[old], self.new.types[new])
            if old in self.old.open_enums and new in self.new.open_enums:
                yield from _symbol(file, self.old.open_enums[old], self.new.open_enums[new])
        for table, old in self.old.ids.items():
            if table in self.new.ids:
                yield from _symbol(f"{self.package}.types.ids_", old, self.new.ids[table])


class _TypeScript:
    def __init__(self, contracts: Contracts) -> None:
        self.contracts = contracts
        self.views = Views(contracts.old)
        self.old = typescript.names_of(contracts.old, self.views)
        self.new = typescript.names_of(contracts.new, Views(contracts.new))

    def function(self, old: str, new: str) -> Iterator[Declared]:
        if old not in self.contracts.old.functions_by_path:
            return
        module, _, name = old.rpartition(".")
        yield Declared("api", (self.old.modules[module] if module else "Api", name), new.rpartition(".")[2])
        if old in self.old.args and self.old.args[old] != self.new.args[new]:
            yield Declared("api", (self.old.args[old],), self.new.args[new])

    def argument(self, path: str) -> Iterator[Declared]:
        function = self.contracts.old.functions_by_path.get(path)
        if function is not None:
            for old, new in _changed(function.args, self.contracts.new.functions_by_path[path].args):
                if old.wire_name != new.wire_name:
                    yield Declared("api", (self.old.args[path], old.wire_name), new.wire_name)

    def fields(self, plan: Plan) -> Iterator[Declared]:
        for old, new in _changed_types(self.contracts, plan):
            for one, other in _changed(old.fields, new.fields):
                if one.wire_name != other.wire_name:
                    for name in sorted({self.old.types[old.name, view] for view in self.views.of(old.name)}):
                        yield Declared("types", (name, one.wire_name), other.wire_name)
        for error, now in zip(self.contracts.old.errors, self.contracts.new.errors, strict=True):
            if any(is_declared_at(f, _old_name(plan), plan.origins) for f in error.fields):
                for one, other in _changed(error.fields, now.fields):
                    if one.wire_name != other.wire_name:
                        yield Declared("types", (self.old.errors[error.code], "data", one.wire_name), other.wire_name)

    def types(self) -> Iterator[Declared]:
        for old, new in renamed_types(self.contracts):
            for view in self.views.of(old):
                before, after = self.old.types[old, view], self.new.types.get((new, view))
                if after is not None and before != after:
                    yield Declared("types", (before,), after)


def renamed_types(contracts: Contracts) -> list[tuple[str, str]]:
    """Names of types before and after, where they differ: found by walking both contracts side by side."""
    pairs: dict[str, str] = {}
    todo = [
        (one.type, other.type)
        for before, after in zip(contracts.old.functions, contracts.new.functions, strict=True)
        for one, other in zip(before.args, after.args, strict=True)
    ]
    both = zip(contracts.old.functions, contracts.new.functions, strict=True)
    todo += [(before.returns, after.returns) for before, after in both]
    for error, now in zip(contracts.old.errors, contracts.new.errors, strict=True):
        todo += [(one.type, other.type) for one, other in zip(error.fields, now.fields, strict=True)]
    while todo:
        one, other = todo.pop()
        if isinstance(one, RefType) and isinstance(other, RefType):
            if one.name not in pairs:
                pairs[one.name] = other.name
                inside = types_inside(contracts.old.named(one.name)), types_inside(contracts.new.named(other.name))
                todo += zip(*inside, strict=False)
        else:
            todo += zip(_ordered(one), _ordered(other), strict=False)
    return sorted((old, new) for old, new in pairs.items() if old != new)


def _ordered(t: Type) -> tuple[Type, ...]:
    return tuple(children(t))


def _changed_types(contracts: Contracts, plan: Plan) -> Iterator[tuple[ObjectType, ObjectType]]:
    """Types that have the renamed field, before and after."""
    for t in contracts.old.types:
        now = contracts.new.types_by_name.get(t.name)
        if isinstance(t, ObjectType) and isinstance(now, ObjectType) and _has_it(t, plan):
            yield t, now


def _has_it(t: NamedType, plan: Plan) -> bool:
    name = _old_name(plan)
    return isinstance(t, ObjectType) and any(is_declared_at(field, name, plan.origins) for field in t.fields)


def _old_name(plan: Plan) -> str:
    return plan.targets[0].old


def _changed(old: Iterable[Field], new: Iterable[Field]) -> Iterator[tuple[Field, Field]]:
    """Fields before and after, where their name differs; they stand in the order of their declaration."""
    for one, other in zip(old, new, strict=True):
        if one.name != other.name:
            yield one, other


def _symbol(module: str, old: str, new: str) -> Iterator[Symbol]:
    if old != new:
        yield Symbol(module, old, new)
