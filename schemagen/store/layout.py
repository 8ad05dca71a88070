"""What a database holds, and how it grows into a changed schema.

The layout is kept in the database itself. Additive changes apply themselves; a changed type is checked against every
stored value; what does not fit is refused as a whole. Nothing is dropped: the column of a field that is no longer
declared stays, with its values, and is used again if the field returns.
"""

from __future__ import annotations

import dataclasses
import hashlib
import logging
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from sqlite3 import Connection
from typing import Any, Final, TypeAlias

import orjson

from schemagen.model.contract import MISSING, Contract, Field, Json, Missing, reachable
from schemagen.store.columns import Column, SqlValue
from schemagen.store.errors import Misfit
from schemagen.store.renaming import Renaming, spare_column
from schemagen.store.search_layout import evolve_searches, outdate_searches
from schemagen.store.tables import CREATION_TIME_COLUMN, ID_COLUMN, StoredIndex, StoredTable, quoted
from schemagen.store.uniqueness import shared_keys, unique_name, unique_sql
from schemagen.wire.codec import Codec
from schemagen.wire.issue import WireError

Fill: TypeAlias = "Callable[[str, str], Json | Missing]"
"""The wire form of a fresh default for a table's field, by Python name; MISSING if the field has none."""

UNCHECKED: Final = "unchecked"
"""Stands for the shape of a field whose values do not fit its type yet."""

_log = logging.getLogger("schemagen")


@dataclass(slots=True)
class StoredField:
    """What the database knows of one column."""

    storage: str
    shape: str  # digest of its type and of all named types inside
    declared: bool  # False while the schema does not name it


@dataclass(slots=True)
class StoredLayout:
    fields: dict[str, StoredField]
    indexes: dict[str, list[str]]  # key columns by index name
    former: list[str] = dataclasses.field(default_factory=list)  # names that ids of its documents may begin with
    aside: dict[str, dict[str, str]] = dataclasses.field(default_factory=dict)
    """By field: `column` and `storage` of what it held before its type changed, until a migration has read it."""
    searches: dict[str, list[str]] = dataclasses.field(default_factory=dict)  # signatures by index name


Layout: TypeAlias = dict[str, StoredLayout]


def layout_from_json(text: str) -> Layout:
    return {
        name: StoredLayout(
            {key: StoredField(**value) for key, value in table["fields"].items()},
            table["indexes"],
            table.get("former", []),
            table.get("aside", {}),
            table.get("searches", {}),
        )
        for name, table in orjson.loads(text).items()
    }


def layout_to_json(layout: Layout) -> str:
    return orjson.dumps(layout, option=orjson.OPT_SORT_KEYS).decode()


class Evolution:
    """One database on its way to the schema of a contract, inside a transaction of the caller's."""

    def __init__(
        self,
        connection: Connection,
        layout: Layout,
        contract: Contract,
        codec: Codec,
        fill: Fill,
        migrating: Collection[str] = (),
    ) -> None:
        """Tables named by `migrating` have migrations that did not finish: what does not fit there is not refused."""
        self._connection = connection
        self._layout = layout
        self._contract = contract
        self._codec = codec
        self._fill = fill
        self._migrating = frozenset(migrating)
        self._misfits: list[Misfit] = []
        self._held: list[str] = []
        """The fields that are stored of the table that grows."""
        self.deferred: dict[str, tuple[Misfit, ...]] = {}
        """By table, what does not fit until its migrations have run."""

    def apply(self, tables: dict[str, StoredTable]) -> tuple[Misfit, ...]:
        """Grow; what could not is returned, and then the caller rolls everything back."""
        self._misfits += Renaming(self._connection, self._layout).apply(tables)
        if self._misfits:
            return tuple(self._misfits)
        for name in sorted(self._layout.keys() - tables.keys()):
            _log.info("table %s is no longer declared; its documents stay in the database", name)
        for table in tables.values():
            stored = self._layout.get(table.name)
            before = len(self._misfits)
            if stored is None:
                self._create(table)
            else:
                self._grow(table, stored)
            if len(self._misfits) == before:
                self._index(table)
            if table.name in self._migrating and len(self._misfits) > before:
                self.deferred[table.name] = tuple(self._misfits[before:])
                del self._misfits[before:]
            if not self._misfits:
                evolve_searches(self._connection, table, self._layout[table.name].searches)
        return tuple(self._misfits)

    def _create(self, table: StoredTable) -> None:
        columns = [f"{quoted(ID_COLUMN)} TEXT PRIMARY KEY NOT NULL", f"{quoted(CREATION_TIME_COLUMN)} TEXT NOT NULL"]
        columns += [f"{quoted(held.name)} {held.storage.sql_type}" for held in table.columns]
        self._connection.execute(f"CREATE TABLE {table.sql} ({', '.join(columns)})")
        self._layout[table.name] = StoredLayout({held.name: self._stored(held) for held in table.columns}, {})

    def _stored(self, held: Column) -> StoredField:
        return StoredField(held.storage.value, shape(held.field, self._contract), declared=True)

    def _grow(self, table: StoredTable, stored: StoredLayout) -> None:
        if table.name not in self._migrating:
            stored.aside.clear()  # the columns stay, as everything does
        self._held = sorted(stored.fields)
        for held in table.columns:
            known = stored.fields.get(held.name)
            wanted = self._stored(held)
            before = len(self._misfits)
            if known is None:
                self._connection.execute(
                    f"ALTER TABLE {table.sql} ADD COLUMN {quoted(held.name)} {held.storage.sql_type}"
                )
                self._fill_missing(table, held)
            elif known.storage != wanted.storage:
                self._store_anew(table, stored, held, known)
            elif held.name in stored.aside:
                self._misfits.append(self._put_aside_misfit(table, held, stored.aside[held.name]["storage"]))
            elif not known.declared or known.shape == UNCHECKED:
                if self._fill_missing(table, held):
                    self._check_values(table, held)
            elif known.shape != wanted.shape:
                self._check_values(table, held)
            if len(self._misfits) > before:
                wanted.shape = UNCHECKED
            stored.fields[held.name] = wanted
        declared = {held.name for held in table.columns}
        for name, known in stored.fields.items():
            if known.declared and name not in declared:
                _log.warning("field %s.%s is no longer declared; its values stay in the database", table.name, name)
                known.declared = False

    def _store_anew(self, table: StoredTable, stored: StoredLayout, held: Column, known: StoredField) -> None:
        """Another SQL type: possible where there are no documents, or a migration that reads what they held."""
        is_empty = self._connection.execute(f"SELECT 1 FROM {table.sql} LIMIT 1").fetchone() is None
        if is_empty or table.name in self._migrating:
            for name in stored.indexes:  # they would follow the old column to its new name
                self._drop_index(table, name)
            stored.indexes.clear()
            name, spare = quoted(held.name), spare_column(self._connection.execute, table.sql)
            self._connection.execute(f"ALTER TABLE {table.sql} RENAME COLUMN {name} TO {quoted(spare)}")
            self._connection.execute(f"ALTER TABLE {table.sql} ADD COLUMN {name} {held.storage.sql_type}")
            if is_empty:
                return
            stored.aside.setdefault(held.name, {"column": spare, "storage": known.storage})
        self._misfits.append(self._put_aside_misfit(table, held, known.storage))

    def _put_aside_misfit(self, table: StoredTable, held: Column, storage: str) -> Misfit:
        return Misfit(
            f"{table.name}.{held.name}",
            f"is stored as {storage} and now declared as {held.storage.value}",
            f"keep {held.name} as it was, or compute the new values in a migration:\n"
            + self._skeleton(table, "convert", held.name),
        )

    def _skeleton(self, table: StoredTable, verb: str, field: str) -> str:
        """The migration to write, for the author to complete."""
        known = ", ".join(["id", "creation_time", *self._held])
        return (
            f"@migration({self._contract.tables_by_name[table.name].document})\n"
            f"async def {verb}_{field}(ctx: QueryCtx, stored: Stored) -> Changes:\n"
            f'    return {{"{field}": ...}}  # stored has {known}'
        )

    def _fill_missing(self, table: StoredTable, held: Column) -> bool:
        """Give the rows without a value the field's default; False if they need one, and there is none."""
        name = quoted(held.name)
        if held.nullable and held.field.default in (None, MISSING):
            return True
        count = self._connection.execute(f"SELECT COUNT(*) FROM {table.sql} WHERE {name} IS NULL").fetchone()[0]
        if count == 0:
            return True
        if held.field.default is not MISSING:
            value = held.to_sql(held.field.default)
            self._connection.execute(f"UPDATE {table.sql} SET {name} = ? WHERE {name} IS NULL", (value,))
            outdate_searches(self._layout[table.name].searches)
            return True
        ids = self._connection.execute(f"SELECT {quoted(ID_COLUMN)} FROM {table.sql} WHERE {name} IS NULL").fetchall()
        for (id_,) in ids:  # a default that is made afresh is made for each document
            fresh = self._fill(table.name, held.name)
            if isinstance(fresh, Missing):
                self._misfits.append(
                    Misfit(
                        f"{table.name}.{held.name}",
                        f"is required, and {_documents(count)} stored before it existed have no value for it",
                        f"give it a default, declare it {held.name}: ... | None = None, or fill it in a migration:\n"
                        + self._skeleton(table, "fill", held.name),
                    )
                )
                return False
            self._connection.execute(
                f"UPDATE {table.sql} SET {name} = ? WHERE {quoted(ID_COLUMN)} = ?", (held.to_sql(fresh), id_)
            )
        outdate_searches(self._layout[table.name].searches)
        return True

    def _check_values(self, table: StoredTable, held: Column) -> None:
        """Every stored value must be of the type as it is declared now."""
        check = value_check(held, self._codec)
        rows = self._connection.execute(f"SELECT {quoted(ID_COLUMN)}, {quoted(held.name)} FROM {table.sql}")
        total, wrong, example = 0, 0, ""
        for id_, value in rows:
            total += 1
            problem = check(value)
            if problem is not None:
                wrong += 1
                example = example or f"{id_}: {problem}"
        if wrong:
            self._misfits.append(
                Misfit(
                    f"{table.name}.{held.name}",
                    f"{wrong} of {_documents(total)} hold a value not of its type, for example {example}",
                    "declare the type so that it holds these values too, or change them in a migration:\n"
                    + self._skeleton(table, "correct", held.name),
                )
            )

    def _index(self, table: StoredTable) -> None:
        """Indexes hold nothing of their own: those that changed are dropped and built anew."""
        stored = self._layout[table.name].indexes
        wanted = {name: [key.sql for key in index.key] for name, index in table.indexes.items()}
        wanted |= {unique_name(index): [key.sql for key in index.unique] for index in table.unique_indexes}
        for name in [name for name, key in stored.items() if wanted.get(name) != key]:
            self._drop_index(table, name)
            del stored[name]
        for name, index in table.indexes.items():
            if name not in stored:
                self._connection.execute(index_sql(table, index))
                stored[name] = wanted[name]
        for index in table.unique_indexes:
            name = unique_name(index)
            if name not in stored:
                misfit = shared_keys(self._connection, table, index)
                if misfit is not None:
                    code = self._skeleton(table, "tell_apart", index.unique[0].field)
                    self._misfits.append(dataclasses.replace(misfit, fix=f"{misfit.fix}\n{code}"))
                    continue
                self._connection.execute(unique_sql(table, index))
                stored[name] = wanted[name]

    def _drop_index(self, table: StoredTable, name: str) -> None:
        self._connection.execute(f"DROP INDEX IF EXISTS {quoted(f'{table.name}.{name}')}")


def value_check(held: Column, codec: Codec) -> Callable[[SqlValue], str | None]:
    """Says what keeps a stored value from being of its column's declared type; None if it is."""
    encode = codec.encoder(held.field.type)
    decode = codec.decoder(held.field.type)

    def check(value: SqlValue) -> str | None:
        try:
            if value is None:
                decode(None)
            elif held.storage == "json":
                decode(orjson.loads(value))  # type: ignore[arg-type]  # a JSON column holds text
            else:
                encode(value if held.from_sql is None else held.from_sql(value))
        except (WireError, ValueError) as error:
            return str(error)
        return None

    return check


def index_sql(table: StoredTable, index: StoredIndex) -> str:
    return f"CREATE INDEX {index.sql} ON {table.sql} ({', '.join(key.sql for key in index.key)})"


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"


def shape(field: Field, contract: Contract) -> str:
    """A digest of a field's type and of the named types inside it, without documentation and places."""
    names = sorted(reachable(contract, (field.type,)))
    parts = [_plain(field.type), *(_plain(contract.named(name)) for name in names)]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *_compared(value)]
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return repr(value) if value is MISSING else value


def _compared(value: Any) -> Iterator[Any]:
    for each in dataclasses.fields(value):
        if each.compare:
            yield _plain(getattr(value, each.name))
