"""What was called otherwise before: the names that stay behind as signposts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from schemagen.model.contract import Contract, Function, ObjectType
from schemagen.model.naming import camel_case, function_path, public_name, snake_case


@dataclass(frozen=True, slots=True)
class FormerFunction:
    """A name that a function had: `path` on the wire, `module` and `name` as Python SDKs spell them."""

    path: str
    module: str
    name: str
    now: Function


@dataclass(frozen=True, slots=True)
class FormerField:
    """A name that a field of an object had."""

    name: str
    wire_name: str
    now: str
    """The Python name it has now."""
    now_on_wire: str


def former_function(function: Function, python_path: str) -> FormerFunction:
    """`contacts.list_all`, or as clients write it, `contacts.listAll`."""
    module, _, name = ".".join(snake_case(public_name(part)) for part in python_path.split(".")).rpartition(".")
    return FormerFunction(function_path(module, name), module, name, function)


def former_functions(contract: Contract) -> tuple[FormerFunction, ...]:
    """Every name that functions had and do not have any more, by path."""
    found = (former_function(f, name) for f in contract.functions for name in f.renamed_from)
    return tuple(sorted(found, key=lambda each: each.path))


def former_fields(t: ObjectType) -> Iterator[FormerField]:
    """The names that fields of an object had, in the order of the fields."""
    for field in t.fields:
        for name in field.renamed_from:
            yield FormerField(name, camel_case(name), field.name, field.wire_name)


def former_tables(contract: Contract) -> dict[str, tuple[str, ...]]:
    """The names that renamed tables had: ids made under them are ids of these tables still."""
    return {table.name: table.renamed_from for table in contract.tables if table.renamed_from}
