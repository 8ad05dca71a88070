"""AppError classes → errors of the contract."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from schemagen.declare.errors import AppError, DocumentNotFound, ReferencedDocument, UniqueConflict
from schemagen.declare.reference import reference_in
from schemagen.declare.table import Table
from schemagen.introspect.annotations import TypeBuilder
from schemagen.introspect.diagnostics import origin_of
from schemagen.introspect.functions import Found
from schemagen.introspect.records import RawField, dataclass_fields
from schemagen.introspect.rules import names as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.contract import MISSING, ErrorType

_OURS: Final = (DocumentNotFound, ReferencedDocument, UniqueConflict)


def find_errors(
    modules: Iterable[ModuleType], tables: Collection[type[Table]], functions: Iterable[Found]
) -> list[type[AppError]]:
    """Every error class of the backend, and of ours those its tables or functions may raise; by code."""
    values = [value for module in modules for value in vars(module).values()]
    named = [error for function in functions for error in function.declared.raises]
    found = {value for value in values if _is_error(value) and value not in _OURS} | set(filter(_is_error, named))
    return sorted({*found, *_of_tables(tables)}, key=_ours_first)


def _ours_first(cls: type[AppError]) -> tuple[str, bool, str, str]:
    """By code; of two with one code the one that can be renamed stands last, and is the one that is shown."""
    return (cls.code, cls not in _OURS, cls.__module__, cls.__qualname__)


def _is_error(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, AppError) and value is not AppError


def _of_tables(tables: Collection[type[Table]]) -> Iterator[type[AppError]]:
    """What `ctx.db` raises: importing one of them alone says nothing to clients."""
    yield DocumentNotFound
    if any(index.unique for table in tables for index in table.indexes().values()):
        yield UniqueConflict
    declared = [reference_in(info.metadata) for table in tables for info in table.__pydantic_fields__.values()]
    if any(reference is not None and reference.on_delete == "restrict" for reference in declared):
        yield ReferencedDocument


@dataclass(frozen=True, slots=True)
class ErrorReader:
    builder: TypeBuilder
    sources: SourceIndex

    def check_codes(self, classes: list[type[AppError]]) -> None:
        first: dict[str, type[AppError]] = {}
        for cls in classes:
            before = first.setdefault(cls.code, cls)
            if before is not cls:
                both = f'errors "{before.__name__}" and "{cls.__name__}"'
                if before in _OURS:
                    both = f'error "{cls.__name__}" and the one of schemagen itself'
                places = self.sources.class_place(before), self.sources.class_place(cls)
                self.builder.refuse(rules.names_meet(both, "", "", f'both have the code "{cls.code}"', *places))

    def read(self, cls: type[AppError]) -> tuple[ErrorType, tuple[RawField, ...]]:
        """The error without its defaults, and the fields that have one."""
        raws = self.builder.named.checked_names(dataclass_fields(cls, self.sources), cls, cls.__name__)
        place = self.sources.class_place(cls)
        error = ErrorType(
            code=cls.code,
            name=cls.__name__,
            fields=tuple(self.builder.named.field(raw) for raw in raws),
            doc=self._doc(cls),
            origin=origin_of(place),
        )
        return error, tuple(raw for raw in raws if raw.default is not MISSING)

    def _doc(self, cls: type[AppError]) -> str:
        found = self.sources.of_class(cls)
        doc = found.doc if found else (vars(cls).get("__doc__") or "")
        return "" if doc.startswith(f"{cls.__name__}(") else doc
