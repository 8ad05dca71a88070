"""Former names: each was left by one thing, and is nobody's now."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from schemagen.declare.table import Table
from schemagen.introspect.diagnostics import Diagnostic, Place
from schemagen.introspect.functions import Found
from schemagen.introspect.rules import renames as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.contract import Contract, Field, ObjectType
from schemagen.model.naming import camel_case, function_path

_TABLE_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class _Former:
    what: str
    """`table "contacts"`: whose former name it is."""
    name: str
    on_wire: str
    place: Place | None


def rename_mistakes(
    contract: Contract, functions: Iterable[Found], tables: Mapping[type[Table], str], sources: SourceIndex
) -> Iterator[Diagnostic]:
    """What is wrong with every `renamed_from` of a backend."""
    yield from _of_tables(contract, tables, sources)
    yield from _of_functions(contract, functions, sources)
    for t in contract.types:
        if isinstance(t, ObjectType):
            yield from _of_fields(t.fields, "field", t.name)
    for function in contract.functions:
        yield from _of_fields(function.args, "argument", function.path)
    for error in contract.errors:
        yield from _of_fields(error.fields, "field", error.name)


def _of_tables(contract: Contract, tables: Mapping[type[Table], str], sources: SourceIndex) -> Iterator[Diagnostic]:
    classes = {name: cls for cls, name in tables.items()}
    found = []
    for table in contract.tables:
        for name in table.renamed_from:
            former = _Former(f'table "{table.name}"', name, name, _class_keyword(classes[table.name], sources))
            if _TABLE_NAME.fullmatch(name) is None:
                example = 'class Contact(Table, name="contacts", renamed_from="people")'
                yield rules.invalid_renamed_from(former.place, former.what, name, "name of a table", example)
            else:
                found.append(former)
    yield from _taken(found, {table.name: f'table "{table.name}"' for table in contract.tables})


def _of_functions(contract: Contract, functions: Iterable[Found], sources: SourceIndex) -> Iterator[Diagnostic]:
    declared = {each.path: each for each in functions}
    found = []
    for function in contract.functions:
        for name in function.renamed_from:
            place = _decorator_keyword(declared[function.path], sources)
            if not all(part.isidentifier() for part in name.split(".")):
                example = '@query(renamed_from="contacts.list_all")'
                yield rules.invalid_renamed_from(place, function.path, name, "path of a function", example)
            else:
                path = function_path(*name.rpartition(".")[::2])
                found.append(_Former(function.path, name, path, place))
    taken = {path: f"module {path}" for path in _modules([*contract.functions_by_path, *(f.on_wire for f in found)])}
    taken |= {path: f"function {path}" for path in contract.functions_by_path}
    yield from _taken(found, taken)
    for former in found:  # a signpost below a function would have no place to stand
        above = next((path for path in _modules([former.on_wire]) if path in contract.functions_by_path), None)
        if above is not None:
            yield rules.renamed_from_declared(former.place, former.what, above, f"function {above}")


def _modules(paths: Iterable[str]) -> list[str]:
    """The paths of the modules that functions of these paths stand in."""
    split = [path.split(".")[:-1] for path in paths]
    return list(dict.fromkeys(".".join(parts[: i + 1]) for parts in split for i in range(len(parts))))


def _of_fields(fields: tuple[Field, ...], word: str, owner: str) -> Iterator[Diagnostic]:
    found = []
    for field in fields:
        what = f'{word} "{field.name}" of {owner}'
        place = Place(field.origin, len(field.name)) if field.origin else None
        for name in field.renamed_from:
            if not name.isidentifier():
                example = f'{field.name}: Annotated[..., renamed_from("name")]'
                yield rules.invalid_renamed_from(place, what, name, f"name of {_article(word)}", example)
            else:
                found.append(_Former(what, name, camel_case(name), place))
    yield from _taken(found, {field.wire_name: f'{word} "{field.name}"' for field in fields})


def _article(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _taken(formers: list[_Former], declared: Mapping[str, str]) -> Iterator[Diagnostic]:
    first: dict[str, _Former] = {}
    for former in formers:
        other = declared.get(former.on_wire)
        if other is not None:
            yield rules.renamed_from_declared(
                former.place, former.what, former.name, "it" if other.endswith(former.what) else other
            )
        before = first.setdefault(former.on_wire, former)
        if before is not former:
            yield rules.renamed_from_twice(former.place, former.what, former.name, before.what, before.place)


def _class_keyword(cls: type, sources: SourceIndex) -> Place | None:
    """`"people"` in `class Contact(Table, name="contacts", renamed_from="people")`."""
    found = sources.of_class(cls)
    if found is None:
        return None
    return found.source.place(_keyword(found.node.keywords) or found.node)


def _decorator_keyword(found: Found, sources: SourceIndex) -> Place | None:
    """`"contacts.all"` in `@query(renamed_from="contacts.all")`."""
    written = sources.function(found.declared.handler)
    if written is None:
        return None
    source, node = written
    keywords = [k for decorator in node.decorator_list for k in getattr(decorator, "keywords", ())]
    return source.place(_keyword(keywords) or node)


def _keyword(keywords: Iterable[ast.keyword]) -> ast.expr | None:
    return next((keyword.value for keyword in keywords if keyword.arg == "renamed_from"), None)
