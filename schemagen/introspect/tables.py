"""Table classes → tables of the contract."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from schemagen.declare.table import Table as TableClass
from schemagen.introspect.diagnostics import Diagnostic, Place, origin_of
from schemagen.introspect.references import ReferenceReader
from schemagen.introspect.rules import names as name_rules
from schemagen.introspect.rules import searches as search_rules
from schemagen.introspect.rules import tables as rules
from schemagen.introspect.source import SourceIndex
from schemagen.introspect.unions import spelled
from schemagen.model.contract import EnumType, Index, ObjectType, Origin, SearchIndex, Table
from schemagen.model.naming import snake_case
from schemagen.model.types import (
    AnyType,
    ArrayType,
    DecimalType,
    JsonType,
    LiteralType,
    MapType,
    NullType,
    SetType,
    StringType,
    TupleType,
    Type,
    UnionType,
    nullable,
)
from schemagen.wire.kinds import Named, Structure, structure

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,62}")
_TAKEN: Final = ("sqlite_", "pg_", "schemagen_")
_IMPLICIT: Final = ("creation_time", "id")
_NOWHERE: Final = Origin("", 0)


def find_tables(
    modules: Iterable[ModuleType], sources: SourceIndex
) -> tuple[dict[type[TableClass], str], list[Diagnostic]]:
    """The tables and their names, and what is wrong with these. Of two tables of one name the first is taken."""
    classes = sorted(_table_classes(modules), key=lambda cls: (cls.__module__, cls.__qualname__))
    diagnostics: list[Diagnostic] = []
    by_name: dict[str, type[TableClass]] = {}
    for cls in classes:
        name, place = cls.table_name, sources.class_place(cls)
        if not name:
            if not any(issubclass(other, cls) and other is not cls for other in classes):
                diagnostics.append(rules.table_without_name(place, cls.__name__, _plural(snake_case(cls.__name__))))
            continue
        diagnostics += _name_mistakes(cls, _keyword_place(cls, sources) or place)
        before = by_name.setdefault(name, cls)
        if before is not cls:
            first, second = sorted((before, cls), key=lambda c: sources.class_place(c) or Place(_NOWHERE))
            diagnostics.append(
                rules.duplicate_table(name, _keyword_place(first, sources), _keyword_place(second, sources))
            )
    return {cls: name for name, cls in by_name.items()}, diagnostics


def _table_classes(modules: Iterable[ModuleType]) -> set[type[TableClass]]:
    return {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, TableClass) and value is not TableClass
    }


def _name_mistakes(cls: type[TableClass], place: Place | None) -> Iterator[Diagnostic]:
    name = cls.table_name
    if _NAME.fullmatch(name) is None:
        problem = "is longer than 63 characters" if len(name) > 63 else "cannot be used"
        yield rules.invalid_table_name(place, name, problem)
    elif name.startswith(_TAKEN):
        prefix = next(taken for taken in _TAKEN if name.startswith(taken))
        yield name_rules.reserved_name(
            place,
            f'no table can be called "{name}"',
            f"names that begin with {prefix} belong to the database itself",
            f'leave {prefix} out: name="{name.removeprefix(prefix) or "documents"}"',
        )


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in tuple("aeiou"):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


def _keyword_place(cls: type, sources: SourceIndex) -> Place | None:
    """`"contacts"` in `class Contact(Table, name="contacts")`."""
    found = sources.of_class(cls)
    if found is None:
        return None
    for keyword in found.node.keywords:
        if keyword.arg == "name":
            return found.source.place(keyword.value)
    return found.source.place(found.node)


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the indexes of tables whose documents are known."""

    sources: SourceIndex
    named: Named
    diagnostics: list[Diagnostic]

    def read(self, cls: type[TableClass], name: str, document: str) -> Table:
        place = self.sources.class_place(cls)
        found = self.named.get(document)
        if not isinstance(found, ObjectType):  # it was refused
            return Table(name, document, origin=origin_of(place))
        fields = {field.name: field.type for field in found.fields[2:]}
        indexes = tuple(self._indexes(cls, name, fields))
        references = ReferenceReader(self.sources, self.named, self.diagnostics)
        return Table(
            name=name,
            document=document,
            indexes=indexes,
            search_indexes=tuple(self._search_indexes(cls, name, fields)),
            origin=origin_of(place),
            references=tuple(references.read(cls, name, fields, indexes)),
            renamed_from=cls.former_names,
        )

    def _indexes(self, cls: type[TableClass], table: str, fields: dict[str, Type]) -> Iterator[Index]:
        for index, declared in sorted(cls.indexes().items()):
            place = self._place(cls, index)
            if not declared.fields:
                self.diagnostics.append(rules.index_without_fields(place, index, table))
            for position, field in enumerate(declared.fields):
                at = self._place(cls, index, position) or place
                if field not in fields:
                    self.diagnostics.append(rules.index_unknown_field(at, index, table, field, fields))
                elif field in declared.fields[:position]:
                    self.diagnostics.append(rules.index_field_repeated(at, index, table, field))
                elif (kind := self._unsortable(fields[field])) is not None:
                    self.diagnostics.append(rules.index_field_unsortable(at, index, table, field, kind))
                elif declared.unique and isinstance(_plain(fields[field], self.named), DecimalType):
                    self.diagnostics.append(rules.unique_decimal(at, index, table, field))
            yield Index(index, declared.fields, origin_of(place), declared.unique)

    def _search_indexes(self, cls: type[TableClass], table: str, fields: dict[str, Type]) -> Iterator[SearchIndex]:
        for index, declared in sorted(cls.search_indexes().items()):
            place = self._place(cls, index)
            for position, field in enumerate((declared.text_field, *declared.filters)):
                at = self._place(cls, index, position) or place
                if field not in fields and field not in _IMPLICIT:
                    self.diagnostics.append(rules.index_unknown_field(at, index, table, field, fields))
                elif position == 0:
                    if field in _IMPLICIT or not self._is_text(fields[field]):
                        self.diagnostics.append(search_rules.search_index_not_text(at, index, table, field))
                elif (problem := self._no_filter(declared.filters, position - 1, fields)) is not None:
                    self.diagnostics.append(search_rules.search_filter_unsupported(at, index, table, field, problem))
            yield SearchIndex(index, declared.text_field, declared.filters, origin_of(place))

    def _no_filter(self, filters: tuple[str, ...], position: int, fields: dict[str, Type]) -> str | None:
        """Why a field cannot be a filter of a search index; None if it can."""
        field = filters[position]
        if field in _IMPLICIT:
            return "which is another one in every document"
        if field in filters[:position]:
            return "which it has already"
        if isinstance(structure(nullable(fields[field]) or fields[field], self.named), DecimalType):
            return "whose values (Decimal) can be equal and written differently"
        kind = self._unsortable(fields[field])
        return None if kind is None else f"whose values ({kind}) are not plain ones"

    def _unsortable(self, t: Type) -> str | None:
        """What a field is that has no order; None if it has one."""
        found = _plain(t, self.named)
        match found:
            case ArrayType() | SetType() | TupleType() | MapType() | UnionType() | JsonType() | AnyType():
                return spelled(found)
            case ObjectType(name=name):
                return name
            case LiteralType(values=values) if len({type(value) for value in values}) > 1:
                return "text and numbers mixed"
            case EnumType(members=members) if len({type(member.value) for member in members}) > 1:
                return "text and numbers mixed"
            case NullType():
                return "only None"
            case _:
                return None

    def _is_text(self, t: Type) -> bool:
        """Text, or a list or set of texts."""
        found = _plain(t, self.named)
        if isinstance(found, ArrayType | SetType):
            found = _plain(found.item, self.named)
        return isinstance(found, StringType)

    def _place(self, cls: type, index: str, position: int | None = None) -> Place | None:
        """The name of an index, or the string with its field of that position."""
        found = self.sources.of_field(cls, index)
        if found is None:
            return self.sources.class_place(cls)
        statement = found[1]
        if position is None or not isinstance(statement.value, ast.Call):
            return found[0].source.place(statement)
        given = [*statement.value.args]
        for keyword in statement.value.keywords:
            given += keyword.value.elts if isinstance(keyword.value, ast.List | ast.Tuple) else [keyword.value]
        return found[0].source.place(given[position]) if position < len(given) else None


def _plain(t: Type, named: Named) -> Structure:
    """What a field is when it is not None."""
    return structure(nullable(t) or t, named)
