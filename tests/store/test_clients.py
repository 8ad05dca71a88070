"""What a database knows of contracts it was served with, and of clients that were seen alive."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from schemagen.model import types as t
from schemagen.store.clients import CallCount, ClientKey, SeenClient, ServedContract, Sighting, seen_clients
from schemagen.store.sqlite import SqliteStore
from tests.store.tables import contract_of, field, open_store

CONTRACT = contract_of(field("name", t.StringType()))
MOBILE = ClientKey("aaaa", "mobile", "3.2.0", "typescript")
WORKER = ClientKey("bbbb", "", "", "python")


def saw(store: SqliteStore, now: int, key: ClientKey, **calls: int) -> None:
    store.begin()
    store.clients.see([Sighting(key, {path.replace("_", "."): count for path, count in calls.items()})], now)
    store.commit(store.ts)


def test_what_was_seen_adds_up_and_survives(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    saw(store, 100, MOBILE, notes_add=2, notes_list=1)
    saw(store, 200, WORKER)
    saw(store, 300, MOBILE, notes_add=5)
    store.close()
    again = open_store(CONTRACT, tmp_path / "app.db")
    assert again.clients.seen() == (
        SeenClient(MOBILE, 100, 300, {"notes.add": CallCount(7, 100, 300), "notes.list": CallCount(1, 100, 100)}),
        SeenClient(WORKER, 200, 200, {}),
    )
    assert again.clients.keys() == {MOBILE, WORKER}
    assert again.ts == 0
    again.close()


def test_a_contract_is_kept_for_ever_with_when_it_was_served(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    store.begin()
    store.clients.serve("aaaa", "one", 100)
    store.clients.serve("bbbb", "two", 200)
    store.clients.serve("aaaa", "one", 300)
    store.clients.go_on_serving("aaaa", 400)
    store.commit(0)
    assert store.clients.contracts() == (ServedContract("aaaa", 100, 400), ServedContract("bbbb", 200, 200))
    assert (store.clients.text("aaaa"), store.clients.text("bbbb"), store.clients.text("cccc")) == ("one", "two", None)
    store.close()


def test_a_database_of_an_older_schemagen_knows_no_clients(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        assert seen_clients(connection) == ()
