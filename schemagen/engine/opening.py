"""From a database URL to an open store that fits the contract."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schemagen.declare import Id, Table
from schemagen.declare.migrations import Migration
from schemagen.model.canonical import fingerprint
from schemagen.model.contract import MISSING, Contract, Json, Missing
from schemagen.model.renames import former_tables
from schemagen.store.errors import StoreError
from schemagen.store.sqlite import CACHE_BYTES, SqliteStore
from schemagen.wire.codec import Codec

_PREFIX = "sqlite://"


def database_path(url: str) -> str | None:
    """`sqlite:///crm.db` → `crm.db`, `sqlite:////var/crm.db` → `/var/crm.db`, `sqlite://` → None: in memory."""
    if not url.startswith(_PREFIX) or (rest := url.removeprefix(_PREFIX))[:1] not in ("", "/"):
        raise StoreError(
            f"{url!r} is no database this version can serve: "
            "use sqlite:///crm.db (a file here), sqlite:////var/lib/crm.db (anywhere), or sqlite:// (in memory)"
        )
    return rest[1:] or None


def open_store(
    contract: Contract,
    path: str | None,
    fill: Callable[[str, str, Codec], Json | Missing],
    migrations: Mapping[str, Migration] | None = None,
    cache_bytes: int = CACHE_BYTES,
) -> tuple[SqliteStore, Codec]:
    """The store, and the codec its values go through. Where migrations have to run first, `store.unfit` says so."""
    codec = codec_of(contract)
    store = SqliteStore.open(
        path,
        contract,
        codec,
        lambda table, field: fill(table, field, codec),
        fingerprint(contract),
        {name: each.table.table_name for name, each in (migrations or {}).items()},
        cache_bytes,
    )
    return store, codec


def codec_of(contract: Contract) -> Codec:
    """What the values of a contract's documents go through."""
    return Codec(contract.types_by_name, make_id=Id, former_tables=former_tables(contract))


def fresh_default(contract: Contract, tables: Mapping[str, type[Table]]) -> Callable[[str, str, Codec], Json | Missing]:
    """Makes the default of a field as its class does, for documents stored before the field existed."""

    def fill(table: str, field: str, codec: Codec) -> Json | Missing:
        declared = tables[table].model_fields[field]
        if declared.is_required():
            return MISSING
        value: Any = declared.get_default(call_default_factory=True, validated_data={})
        found = next(each for each in contract.document(table).fields if each.name == field)
        return codec.encoder(found.type)(value)

    return fill
