"""Transactions, remembered answers, and one process per database."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from schemagen.model import types as t
from schemagen.store.errors import DatabaseInUse, StoreError, StoreUnavailable
from schemagen.store.sqlite import SqliteStore, StoredAnswer
from tests.store.tables import ask, contract_of, field, open_store

TIME = "2026-01-01T00:00:00.000000Z"
CONTRACT = contract_of(field("name", t.StringType()))


def put(store: SqliteStore, name: str) -> None:
    store.insert(store.tables["things"], (f"things_{name}", TIME, name))


def names(store: SqliteStore) -> list[str]:
    return [name for name in "abcd" if store.get(store.tables["things"], f"things_{name}") is not None]


def test_savepoints_nest_and_undo_only_themselves() -> None:
    store = open_store(CONTRACT)
    store.begin()
    store.savepoint("call")
    put(store, "a")
    store.savepoint("inner")
    put(store, "b")
    store.undo("inner")
    put(store, "c")
    store.release("call")
    store.savepoint("call")
    put(store, "d")
    store.undo("call")
    store.commit(1)
    assert names(store) == ["a", "c"] and store.ts == 1
    store.close()


def test_undoing_a_savepoint_undoes_those_it_holds() -> None:
    store = open_store(CONTRACT)
    store.begin()
    put(store, "a")
    store.savepoint("call")
    put(store, "b")
    store.savepoint("inner")
    put(store, "c")
    store.undo("call")
    store.commit(1)
    assert names(store) == ["a"]
    store.close()


def test_what_is_committed_is_there_after_reopening(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    store.begin()
    put(store, "a")
    store.remember("s:1", StoredAnswer(b"digest", 1, b"answer"))
    store.commit(1)
    store.begin()
    put(store, "b")
    store.close()
    again = open_store(CONTRACT, tmp_path / "app.db")
    assert (names(again), again.ts) == (["a"], 1)
    assert again.answer("s:1") == StoredAnswer(b"digest", 1, b"answer")
    assert again.answer("s:2") is None
    again.close()


def test_old_answers_are_forgotten(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    store.begin()
    store.remember("s:1", StoredAnswer(b"", 1, b""))
    store.commit(0)
    store.close()
    ask(tmp_path / "app.db", "UPDATE _requests SET created = created - 700000")
    again = open_store(CONTRACT, tmp_path / "app.db")
    assert again.answer("s:1") is None
    again.close()


def test_two_processes_never_own_one_database(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    with pytest.raises(DatabaseInUse, match="in use by another schemagen process"):
        open_store(CONTRACT, tmp_path / "app.db")
    code = "import sys; from tests.store.test_sqlite import *; open_store(CONTRACT, Path(sys.argv[1]))"
    command = [sys.executable, "-c", code, str(tmp_path / "app.db")]
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "DatabaseInUse" in other.stderr
    assert ask(tmp_path / "app.db", "SELECT COUNT(*) FROM things") == [(0,)]  # others may read
    store.close()
    open_store(CONTRACT, tmp_path / "app.db").close()


def test_a_full_disk_undoes_the_commit_and_says_so(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    store._execute("PRAGMA max_page_count = 20")
    store.begin()
    with pytest.raises(sqlite3.OperationalError, match="full"):
        for number in range(1000):
            store.insert(store.tables["things"], (f"things_{number}", TIME, "x" * 1000))
    store.rollback()
    store.begin()
    put(store, "a")
    store.commit(1)
    assert names(store) == ["a"]
    store.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.db").write_text("not a database, though it is long enough to be read as one" * 20)
    with pytest.raises(StoreError, match=r"app\.db cannot be opened: file is not a database"):
        open_store(CONTRACT, tmp_path / "app.db")
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(CONTRACT, tmp_path / "no" / "such" / "folder.db")


def test_a_commit_that_fails_is_unavailable(tmp_path: Path) -> None:
    store = open_store(CONTRACT, tmp_path / "app.db")
    other = sqlite3.connect(tmp_path / "app.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    store._execute("PRAGMA busy_timeout = 0")
    with pytest.raises(StoreUnavailable, match="locked"):
        store.begin()
    other.close()
    store.begin()
    store.rollback()
    store.close()
