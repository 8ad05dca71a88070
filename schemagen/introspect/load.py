"""A backend package → its contract, or every mistake in it at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from schemagen.declare.functions import Declared
from schemagen.declare.migrations import Migration
from schemagen.declare.table import Table
from schemagen.introspect.aliases import AliasIndex
from schemagen.introspect.annotations import TypeBuilder
from schemagen.introspect.defaults import with_defaults
from schemagen.introspect.determinism import nondeterministic
from schemagen.introspect.diagnostics import InvalidBackend
from schemagen.introspect.errors import ErrorReader, find_errors
from schemagen.introspect.function_names import function_name_mistakes
from schemagen.introspect.functions import Found, FunctionReader, find_functions
from schemagen.introspect.importing import Imported, import_backend
from schemagen.introspect.migrations import find_migrations
from schemagen.introspect.named import REFUSED
from schemagen.introspect.records import RawField
from schemagen.introspect.renames import rename_mistakes
from schemagen.introspect.rules import imports as import_rules
from schemagen.introspect.rules import types as type_rules
from schemagen.introspect.source import SourceIndex
from schemagen.introspect.spot import Spot
from schemagen.introspect.tables import TableReader, find_tables
from schemagen.introspect.unions import endless_aliases, resolved, spelled, union_mistake
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
)
from schemagen.model.contract import Table as TableType
from schemagen.model.types import RefType, Type
from schemagen.wire.codec import Codec
from schemagen.wire.kinds import kinds, structure


@dataclass(frozen=True)
class Backend:
    """A valid backend: its contract, and what the engine runs."""

    contract: Contract
    functions: dict[str, Declared[Any, Any, Any]]  # by path
    tables: dict[str, type[Table]]  # by name
    output: str
    """What importing it printed."""
    import_seconds: float = 0.0
    migrations: dict[str, Migration] = field(default_factory=dict)
    """By name, in the order in which they run."""


def load(folder: Path, root: Path) -> Backend:
    """Import the backend package in `folder` afresh and read what it declares; places are given relative to `root`.

    Raises `InvalidBackend` with every mistake found; then modules imported by an earlier call stay in force.
    """
    sources = SourceIndex(root)
    imported = import_backend(folder, sources)
    reading = _Reading(imported, sources)
    contract = reading.contract()
    if reading.diagnostics:
        imported.undo()
        raise InvalidBackend(reading.diagnostics, sources.texts, imported.output)
    return Backend(
        contract=contract,
        functions={found.path: found.declared for found in reading.functions},
        tables={name: cls for cls, name in sorted(reading.builder.tables.items(), key=lambda item: item[1])},
        output=imported.output,
        import_seconds=imported.seconds,
        migrations=reading.migrations,
    )


class _Reading:
    """One pass over an imported backend."""

    def __init__(self, imported: Imported, sources: SourceIndex) -> None:
        self.imported = imported
        self.sources = sources
        modules = list(imported.modules.values())
        tables, table_mistakes = find_tables(modules, sources)
        self.functions = find_functions(modules, imported.package)
        self.errors = find_errors(modules, tables, self.functions)
        self.migrations, migration_mistakes = find_migrations(modules, imported.package, tables, sources)
        self.builder = TypeBuilder(sources, AliasIndex(modules, sources), tables)
        self.diagnostics = self.builder.diagnostics
        self.diagnostics += [*imported.diagnostics, *table_mistakes, *migration_mistakes]

    def contract(self) -> Contract:
        """The contract, worth something only if no diagnostics were found."""
        self._check_not_empty()
        self.diagnostics += nondeterministic(self.functions, self.sources)
        self.diagnostics += function_name_mistakes(self.functions, self.imported, self.sources)
        documents = {cls: self._document(cls) for cls in self.builder.tables}
        functions, errors = self._read_functions(self.functions), self._read_errors()
        as_written = self._finish_types()
        named = {t.name: t for t in (_resolved_named(t, as_written) for t in as_written.values())}
        codec = Codec(named)
        contract = _pruned(
            Contract(
                tables=self._tables(documents, named),
                types=tuple(self._with_defaults(t, codec) for _, t in sorted(named.items())),
                functions=tuple(
                    replace(
                        f, args=self._fields(f.args, raws, as_written, codec), returns=resolved(f.returns, as_written)
                    )
                    for f, raws in functions
                ),
                errors=tuple(replace(e, fields=self._fields(e.fields, raws, as_written, codec)) for e, raws in errors),
            )
        )
        self._check_absent_keys(contract)
        self.diagnostics += rename_mistakes(contract, self.functions, self.builder.tables, self.sources)
        return contract

    def _tables(self, documents: dict[type[Table], str], named: dict[str, NamedType]) -> tuple[TableType, ...]:
        reader = TableReader(self.sources, named, self.diagnostics)
        ordered = sorted(self.builder.tables.items(), key=lambda item: item[1])
        return tuple(reader.read(cls, name, documents[cls]) for cls, name in ordered)

    def _check_absent_keys(self, contract: Contract) -> None:
        for name in sorted(reachable(contract, _sent(contract))):
            for raw in self.builder.named.may_be_absent.get(name, ()):
                self.builder.refuse(type_rules.absent_key(raw.spot))

    def _check_not_empty(self) -> None:
        if not (self.diagnostics or self.functions or self.builder.tables):
            self.diagnostics.append(
                import_rules.empty_backend(self.imported.package, "declares no functions and no tables")
            )

    def _document(self, cls: type[Table]) -> str:
        spot = Spot(f"table {cls.__name__}", self.sources.class_place(cls), {})
        made = self.builder.build(cls, spot)
        return made.name if isinstance(made, RefType) else ""

    def _read_functions(self, found: Iterable[Found]) -> list[tuple[Function, tuple[RawField, ...]]]:
        reader = FunctionReader(self.builder, self.sources)
        return [reader.read(each) for each in found]

    def _read_errors(self) -> list[tuple[ErrorType, tuple[RawField, ...]]]:
        reader = ErrorReader(self.builder, self.sources)
        reader.check_codes(self.errors)
        return [reader.read(cls) for cls in self.errors]

    def _finish_types(self) -> dict[str, NamedType]:
        """The named types, by the names that references have; their unions are checked, but still as written."""
        named = self.builder.named.finished()
        types = self.builder.named
        for name in list(endless_aliases(named, types.plain_aliases)):
            alias = named[name]
            assert isinstance(alias, AliasType)
            self.builder.refuse(
                type_rules.endless_alias(types.places[name], name, is_plain=name in types.plain_aliases)
            )
            named[name] = replace(alias, type=REFUSED)
        for union, spot in self.builder.unions:
            mistake = union_mistake(union, spot, named)
            if mistake is not None:
                self.builder.refuse(mistake)
        for made, spot in self.builder.maps:
            if structure(made.key, named) is not REFUSED and kinds(made.key, named) != {"string"}:
                self.builder.refuse(type_rules.map_key_unsupported(spot, spelled(made.key)))
        return named

    def _with_defaults(self, t: NamedType, codec: Codec) -> NamedType:
        if not isinstance(t, ObjectType):
            return t
        raws = self.builder.named.defaults.get(t.name, ())
        return replace(t, fields=with_defaults(t.fields, raws, codec, self.diagnostics))

    def _fields(
        self, fields: tuple[Field, ...], raws: Iterable[RawField], named: dict[str, NamedType], codec: Codec
    ) -> tuple[Field, ...]:
        whole = tuple(replace(field, type=resolved(field.type, named)) for field in fields)
        return with_defaults(whole, raws, codec, self.diagnostics)


def _resolved_named(t: NamedType, named: dict[str, NamedType]) -> NamedType:
    match t:
        case ObjectType(fields=fields):
            return replace(t, fields=tuple(replace(f, type=resolved(f.type, named)) for f in fields))
        case AliasType(type=inner):
            return replace(t, type=resolved(inner, named))
        case EnumType():
            return t


def _sent(contract: Contract) -> tuple[Type, ...]:
    """The types of everything that leaves the server: documents, results, errors."""
    documents = [RefType(table.document) for table in contract.tables if table.document]  # "": it was refused
    errors = [field.type for error in contract.errors for field in error.fields]
    return (*documents, *(function.returns for function in contract.functions), *errors)


def _pruned(contract: Contract) -> Contract:
    """Without types that nothing mentions any more, such as an alias that became part of a larger union."""
    arguments = [arg.type for function in contract.functions for arg in function.args]
    kept = reachable(contract, (*_sent(contract), *arguments))
    return replace(contract, types=tuple(t for t in contract.types if t.name in kept))
