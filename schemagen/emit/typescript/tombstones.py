"""What stays where something was renamed: a member whose type makes the compiler say where it went."""

from __future__ import annotations

from schemagen.emit.typescript.source_map import MappedText
from schemagen.emit.typescript.text import comment, key, string
from schemagen.emit.typescript.type_text import TypeText
from schemagen.model.contract import Field, Origin
from schemagen.model.naming import camel_case
from schemagen.model.renames import FormerFunction


def add_former_function(text: MappedText, types: TypeText, former: FormerFunction) -> None:
    """`readonly all: Renamed<"contacts.all was renamed to contacts.list (backend/contacts.py:6)">;`"""
    name = key(former.path.rpartition(".")[2])
    says = _says(former.path, former.now.path, former.now.origin)
    _add(text, types, f"readonly {name}: ", name, says, former.now.path, 2)


def add_former_fields(
    text: MappedText, types: TypeText, field: Field, owner: str, indent: int = 2, readonly: str = ""
) -> None:
    """The names that one field had; `owner` is how a message speaks of what has it: `Contact.`."""
    for former in field.renamed_from:
        name = camel_case(former)
        says = _says(owner + name, field.wire_name, field.origin)
        _add(text, types, f"{readonly}{key(name)}?: ", key(name), says, field.wire_name, indent)


def _says(former: str, now: str, origin: Origin | None) -> str:
    return f"{former} was renamed to {now}" + (f" ({origin})" if origin else "")


def _add(text: MappedText, types: TypeText, head: str, name: str, says: str, now: str, indent: int) -> None:
    text.add(*comment([f"@deprecated Renamed to `{now}`."], indent))
    text.declare(f"{' ' * indent}{head}{types.runtime('Renamed')}<{string(says)}>;", name, None)
