"""Fields declared with `ref(on_delete=...)` → references of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from schemagen.declare.reference import reference_in
from schemagen.declare.table import Table
from schemagen.introspect.diagnostics import Diagnostic, Place, origin_of
from schemagen.introspect.rules import references as rules
from schemagen.introspect.source import SourceIndex
from schemagen.model.contract import Index, ObjectType, OnDelete, Reference
from schemagen.model.types import IdType, Type, UnionType, nullable
from schemagen.wire.kinds import Named, structure


@dataclass(frozen=True, slots=True)
class ReferenceReader:
    """Reads the references of tables whose fields and indexes are known."""

    sources: SourceIndex
    named: Named
    diagnostics: list[Diagnostic]

    def read(
        self, cls: type[Table], table: str, fields: dict[str, Type], indexes: Iterable[Index]
    ) -> Iterator[Reference]:
        indexed = {index.fields[:1] for index in indexes}
        for name, info in sorted(cls.__pydantic_fields__.items()):
            declared = reference_in(info.metadata)
            if declared is None or name not in fields:  # its name was refused
                continue
            place = self._place(cls, name)
            target, can_be_null = self._target(fields[name])
            if target is None:
                what = f'field "{name}" of {cls.__name__}'
                self.diagnostics.append(rules.misplaced_reference(place, what))
                continue
            if declared.on_delete == "set_null" and not can_be_null:
                self.diagnostics.append(rules.reference_not_optional(place, table, name, self._class_of(target)))
            if (name,) not in indexed:
                self.diagnostics.append(rules.reference_without_index(place, table, cls.__name__, name))
            yield Reference(name, target, OnDelete(declared.on_delete), origin_of(place))

    def _target(self, t: Type) -> tuple[str | None, bool]:
        """The table whose ids a field holds, None if it holds anything else; and whether it can be null."""
        found = structure(t, self.named)
        rest = nullable(found) if isinstance(found, UnionType) else None
        inner = found if rest is None else structure(rest, self.named)
        return (inner.table if isinstance(inner, IdType) else None), rest is not None

    def _class_of(self, table: str) -> str:
        documents = (t for t in self.named.values() if isinstance(t, ObjectType) and t.table == table)
        return next((t.name for t in documents), "...")

    def _place(self, cls: type, name: str) -> Place | None:
        """The field, or the class if a base declares it."""
        found, own = self.sources.of_field(cls, name), self.sources.of_class(cls)
        return found[0].source.place(found[1]) if found and found[0] is own else self.sources.class_place(cls)
