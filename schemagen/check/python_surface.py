"""A contract as Python consumers see it: which attribute of the client is which function, which name which type.

The emitted names differ from the contract's by trailing underscores only (`copy_`, `live_`), so names are compared
without them.
"""

from __future__ import annotations

from functools import cached_property

from schemagen.model.contract import Contract, Field, Function, ObjectType, types_inside
from schemagen.model.naming import public_name
from schemagen.model.types import RefType, Type, children

ModulePath = tuple[str, ...]
"""`("billing", "invoices")`; () is the client itself."""


class PythonSurface:
    """Lookups in the public part of a contract, by the names that Python code writes."""

    def __init__(self, contract: Contract, package: str) -> None:
        self.contract = contract.public
        self.package = package
        self._functions = {_parts(f.python_path): f for f in self.contract.functions}
        self._modules = {path[:i] for path in self._functions for i in range(len(path))}

    def function(self, module: ModulePath, name: str) -> Function | None:
        return self._functions.get((*module, public_name(name)))

    def is_module(self, module: ModulePath, name: str) -> bool:
        return (*module, public_name(name)) in self._modules

    def below(self, module: ModulePath) -> list[Function]:
        """All functions of a module and of the modules inside it."""
        return [f for path, f in self._functions.items() if path[: len(module)] == module]

    @cached_property
    def root_modules(self) -> frozenset[str]:
        return frozenset(path[0] for path in self._modules if path)

    @cached_property
    def field_names(self) -> dict[str, frozenset[str]]:
        """Wire names of all fields that Python code spells so, whatever their type."""
        found: dict[str, set[str]] = {}
        for fields in self._fields_by_type.values():
            for name, field in fields.items():
                found.setdefault(name, set()).add(field.wire_name)
        return {name: frozenset(wire_names) for name, wire_names in found.items()}

    def field(self, type_name: str, name: str) -> Field | None:
        """The field of a record or an error that Python code spells so."""
        return self._fields_by_type.get(type_name, {}).get(public_name(name).lstrip("_"))

    def has_fields(self, type_name: str) -> bool:
        return type_name in self._fields_by_type

    def type_name(self, name: str) -> str | None:
        """`Contact` or `OpenStage` as imported from the types: the name of the type in the contract."""
        return self._spelled(name) or self._spelled(name.removeprefix("Open"))

    def error_name(self, name: str) -> str | None:
        return next((e.name for e in self.contract.errors if public_name(e.name) == public_name(name)), None)

    def records_in(self, t: Type) -> frozenset[str]:
        """Names of the records a value of `t` may be, through lists, unions and aliases."""
        return self._records_in(t, frozenset())

    def _records_in(self, t: Type, seen: frozenset[str]) -> frozenset[str]:
        if isinstance(t, RefType):
            named = self.contract.named(t.name)
            if isinstance(named, ObjectType):
                return frozenset({t.name})
            inside = () if t.name in seen else types_inside(named)
            return frozenset().union(*(self._records_in(i, seen | {t.name}) for i in inside))
        return frozenset().union(*(self._records_in(i, seen) for i in children(t)))

    def paging_arguments(self, function: Function) -> list[Field]:
        """The arguments that say which page is asked for: `each` passes them by itself."""
        return [a for a in function.args if any(self.field(name, "cursor") for name in self.records_in(a.type))]

    def _spelled(self, name: str) -> str | None:
        return self._type_names.get(public_name(name))

    @cached_property
    def _type_names(self) -> dict[str, str]:
        return {public_name(t.name): t.name for t in self.contract.types}

    @cached_property
    def _fields_by_type(self) -> dict[str, dict[str, Field]]:
        records = [(t.name, t.fields) for t in self.contract.types if isinstance(t, ObjectType)]
        errors = [(e.name, e.fields) for e in self.contract.errors]
        return {name: {public_name(f.name).lstrip("_"): f for f in fields} for name, fields in (*records, *errors)}


def _parts(python_path: str) -> tuple[str, ...]:
    return tuple(public_name(part) for part in python_path.split("."))
