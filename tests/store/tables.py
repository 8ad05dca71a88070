"""One table with a column of every storage, and stores that hold it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from schemagen.model import types as t
from schemagen.model.contract import MISSING, Contract, Field, Index, Json, Missing, NamedType, ObjectType, Table
from schemagen.model.renames import former_tables
from schemagen.store.sqlite import SqliteStore
from schemagen.wire.codec import Codec


def field(name: str, found: t.Type, *, required: bool = True, default: Json | Missing = MISSING) -> Field:
    return Field(name, name, found, required, default)


def optional(found: t.Type) -> t.Type:
    return t.UnionType((found, t.NullType()))


def contract_of(
    *fields: Field,
    indexes: Mapping[str, tuple[str, ...]] | None = None,
    unique: tuple[str, ...] = (),
    types: tuple[NamedType, ...] = (),
) -> Contract:
    """A contract of one table, `things`."""
    own = (
        Field("id", "id", t.IdType("things"), False),
        Field("creation_time", "creationTime", t.DateTimeType(), False),
    )
    made = tuple(Index(name, key, unique=name in unique) for name, key in sorted((indexes or {}).items()))
    return Contract(
        tables=(Table("things", "Thing", made),),
        types=(ObjectType("Thing", (*own, *fields), "things"), *types),
        functions=(),
        errors=(),
    )


def open_store(
    contract: Contract,
    path: Path | None = None,
    fill: Callable[[str, str], Json | Missing] = lambda *_: MISSING,
) -> SqliteStore:
    return SqliteStore.open(
        str(path) if path else None,
        contract,
        Codec(contract.types_by_name, former_tables=former_tables(contract)),
        fill,
        "0123456789abcdef",
    )


def ask(path: Path, sql: str) -> list[tuple[Any, ...]]:
    """What another program sees and does in a database."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return connection.execute(sql).fetchall()
