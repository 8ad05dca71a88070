"""`contacts.list contacts.search`: what a command line asks to rename, in either spelling."""

from __future__ import annotations

import builtins
import keyword
import re
from dataclasses import dataclass
from typing import TypeAlias

from schemagen.codemod.targets import CannotRename
from schemagen.model.naming import camel_case, public_name, snake_case

SYNTAX = "contacts.list contacts.search · Contact.full_name Contact.name · contacts.create(stage) contacts.create(phase) · table:contacts table:people · Contact Person"  # noqa: E501  # one line in a message


@dataclass(frozen=True, slots=True)
class RenameFunction:
    """Paths on the wire; `name` is what its `def` is to be called."""

    old: str
    new: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameArgument:
    function: str
    """Its path on the wire."""
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RenameField:
    """Of a class, by its name in Python."""

    cls: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RenameTable:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class RenameType:
    """A class or an alias, by its name in Python."""

    old: str
    new: str


Request: TypeAlias = RenameFunction | RenameArgument | RenameField | RenameTable | RenameType


def parse_request(old: str, new: str, *, table: bool = False) -> Request:
    """What is asked for. Raises `CannotRename` for what is no name, or two names that do not go together."""
    if table or old.startswith("table:") or new.startswith("table:"):
        return RenameTable(_table(old), _table(new))
    if "(" in old:
        return _argument(old, new)
    _identifiers(old, old.split("."))
    owner, _, last = old.rpartition(".")
    new = new if "." in new or not owner else f"{owner}.{new}"
    _identifiers(new, new.split("."))
    new_owner, _, new_last = new.rpartition(".")
    if owner.rpartition(".")[2][:1].isupper():
        if new_owner != owner:
            raise _no_pair(old, new, f'a field stays in its class: write "{owner}.{new_last}"')
        return RenameField(owner, last, python_name(new_last))
    if not owner and last[:1].isupper():
        if new_owner or not new_last[:1].isupper():
            raise _no_pair(old, new, f'"{old}" is a type, so the new name is one word with a capital')
        return RenameType(last, new_last)
    return _function(old, new, new_last)


def _function(old: str, new: str, new_last: str) -> RenameFunction:
    path, new_path = wire_path(old), wire_path(new)
    module, new_module = path.rpartition(".")[0], new_path.rpartition(".")[0]
    if module != new_module:
        name = python_function_name(new_last)
        raise CannotRename(
            f"{old} would move to another module",
            why="what its def uses of its own module cannot be moved along safely",
            fix=f"move the def there by hand, called {name}, and give its decorator "
            f'renamed_from="{module_spelled(path)}"; then its callers are told by their compilers',
        )
    return RenameFunction(path, new_path, python_function_name(new_last))


def _argument(old: str, new: str) -> RenameArgument:
    found = re.fullmatch(r"\s*([\w.]+)\(\s*(\w+)\s*\)\s*", old)
    if found is None:
        raise _no_pair(old, new, "an argument is written function(argument), as in contacts.create(full_name)")
    function, name = found.groups()
    given = re.fullmatch(r"\s*(?:([\w.]+)\(\s*)?(\w+)\s*\)?\s*", new)
    if given is None or (given[1] is not None and wire_path(given[1]) != wire_path(function)):
        raise _no_pair(old, new, f"an argument stays in its function: write {function}({name}) {function}(...)")
    _identifiers(new, [given[2]])
    return RenameArgument(wire_path(function), name, python_name(given[2]))


def _table(given: str) -> str:
    name = given.removeprefix("table:")
    if re.fullmatch(r"[a-z][a-z0-9_]{0,62}", name) is None:
        raise CannotRename(
            f'"{name}" cannot be the name of a table',
            why="ids begin with it: small letters, digits and underscores, a letter first, at most 63",
            fix="schemagen rename table:contacts table:people",
        )
    return name


def _identifiers(given: str, parts: list[str]) -> None:
    for part in parts:
        if not part.isidentifier() or not part.isascii():
            raise CannotRename(
                f'"{given}" is no name',
                why=f'"{part}" is no identifier',
                fix=f"one of: {SYNTAX}",
            )


def _no_pair(old: str, new: str, why: str) -> CannotRename:
    return CannotRename(f"{old} cannot become {new}", why=why, fix=f"one of: {SYNTAX}")


def wire_path(given: str) -> str:
    """`billing.open_invoices.list_` → `billing.openInvoices.list`."""
    return ".".join(camel_case(part) for part in given.split("."))


def module_spelled(path: str) -> str:
    """`contacts.listAll` → `contacts.list_all`."""
    return ".".join(snake_case(public_name(part)) for part in path.split("."))


def python_name(given: str) -> str:
    """`fullName` → `full_name`; what is no camelCase stays as it is written."""
    return snake_case(given) if re.search(r"[a-z0-9][A-Z]", given) else given


def python_function_name(given: str) -> str:
    """What a `def` is called: `list_` for `list`, which would hide the builtin in its module."""
    name = python_name(given)
    return f"{name}_" if keyword.iskeyword(name) or name in dir(builtins) else name
