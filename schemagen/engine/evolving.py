"""Migrations of a database that is not served: what they would find, and running all that are left."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from schemagen.declare import Id, Table
from schemagen.declare.migrations import Migration
from schemagen.engine.catalog import Catalog
from schemagen.engine.clock import Clock, Ids
from schemagen.engine.execution import Workshop
from schemagen.engine.limits import Limits
from schemagen.engine.migrating import Migrator
from schemagen.engine.opening import database_path, fresh_default, open_store
from schemagen.engine.planner import Planner
from schemagen.engine.watchdog import Watchdog
from schemagen.model.contract import Contract
from schemagen.model.renames import former_tables
from schemagen.store.examining import Examination, examine
from schemagen.store.migrations import MigrationState
from schemagen.wire.codec import Codec


def examine_database(
    contract: Contract, tables: Mapping[str, type[Table]], database: str, migrations: Mapping[str, Migration]
) -> Examination:
    """What the next start on this database would find; nothing is changed. Raises `StoreError`."""
    path = database_path(database)
    if path is None:
        return Examination()
    codec = Codec(contract.types_by_name, make_id=Id, former_tables=former_tables(contract))
    fill = fresh_default(contract, tables)
    declared = {name: each.table.table_name for name, each in migrations.items()}
    return examine(path, contract, codec, lambda table, field: fill(table, field, codec), declared)


def migrate_database(
    contract: Contract,
    tables: Mapping[str, type[Table]],
    database: str,
    migrations: Mapping[str, Migration],
    report: Callable[[MigrationState], None],
) -> int:
    """Run every migration that is left; how many there were. `report` is told after each batch.

    Raises `StoreError`: `MigrationFailed`, `SchemaMismatch`, `DatabaseInUse`.
    """
    store, codec = open_store(contract, database_path(database), fresh_default(contract, tables), migrations)
    try:
        catalog = Catalog(tables, store.tables, codec, contract.types_by_name)
        workshop = Workshop(store, catalog, Planner(), Clock(), Ids(), Limits(), Watchdog(math.inf))
        migrator = Migrator(migrations, workshop, codec)
        migrator.begin()
        count = len(migrator)
        migrator.narrow(report)
        migrator.run_all(report)
        return count
    finally:
        store.close()
