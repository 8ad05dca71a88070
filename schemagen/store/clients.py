"""Which contracts a database was ever served with, and which clients were seen alive: texts, names and counts.

Moments are whole seconds since the epoch. What a contract says is nobody's business here.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Final, NamedTuple

CLIENTS_SQL: Final = """
CREATE TABLE IF NOT EXISTS _contracts (
    fingerprint TEXT PRIMARY KEY NOT NULL, text BLOB NOT NULL,
    first_served INTEGER NOT NULL, last_served INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _clients (
    contract TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL,
    first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,
    PRIMARY KEY (contract, name, version, language)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS _client_calls (
    contract TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL, language TEXT NOT NULL, path TEXT NOT NULL,
    calls INTEGER NOT NULL, first_called INTEGER NOT NULL, last_called INTEGER NOT NULL,
    PRIMARY KEY (contract, name, version, language, path)
) WITHOUT ROWID;
"""


class ClientKey(NamedTuple):
    """What tells kinds of clients apart; "" for each thing that a client does not say."""

    contract: str
    """The fingerprint it was built from."""
    name: str
    version: str
    language: str


@dataclass(frozen=True, slots=True)
class ServedContract:
    fingerprint: str
    first_served: int
    last_served: int


@dataclass(frozen=True, slots=True)
class CallCount:
    """What one kind of client called of one function."""

    calls: int
    first_called: int
    last_called: int


@dataclass(frozen=True, slots=True)
class SeenClient:
    key: ClientKey
    first_seen: int
    last_seen: int
    calls: Mapping[str, CallCount] = field(default_factory=dict)
    """By function path."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A kind of client was alive, and called functions so many times since the sighting before."""

    key: ClientKey
    calls: Mapping[str, int]
    """By function path; 0 for one that is watched and was counted before."""


class Clients:
    """Reads and writes inside transactions that the caller begins and ends."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def serve(self, fingerprint: str, text: str, now: int) -> None:
        """This contract is served from here on."""
        self._connection.execute(
            "INSERT INTO _contracts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last_served = excluded.last_served",
            (fingerprint, zlib.compress(text.encode()), now, now),
        )

    def go_on_serving(self, fingerprint: str, now: int) -> None:
        self._connection.execute("UPDATE _contracts SET last_served = ? WHERE fingerprint = ?", (now, fingerprint))

    def see(self, sightings: Iterable[Sighting], now: int) -> None:
        """Add what was seen to what is known."""
        for sighting in sightings:
            self._connection.execute(
                "INSERT INTO _clients VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET last_seen = excluded.last_seen",
                (*sighting.key, now, now),
            )
            self._connection.executemany(
                "INSERT INTO _client_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, last_called = excluded.last_called",
                [(*sighting.key, path, calls, now, now) for path, calls in sighting.calls.items()],
            )

    def contracts(self) -> tuple[ServedContract, ...]:
        """Every contract that was ever served, the latest first."""
        return served_contracts(self._connection)

    def text(self, fingerprint: str) -> str | None:
        """A contract as it was handed to `serve`; None if it never was."""
        return contract_text(self._connection, fingerprint)

    def seen(self) -> tuple[SeenClient, ...]:
        """Every kind of client, the last seen first."""
        return seen_clients(self._connection)

    def keys(self) -> frozenset[ClientKey]:
        """Every kind of client, without what it called."""
        rows = self._connection.execute("SELECT contract, name, version, language FROM _clients")
        return frozenset(ClientKey(*row) for row in rows)


def served_contracts(connection: Connection) -> tuple[ServedContract, ...]:
    """As `Clients.contracts`, from any connection; nothing in a database of an older schemagen."""
    if not _has_clients(connection):
        return ()
    rows = connection.execute(
        "SELECT fingerprint, first_served, last_served FROM _contracts ORDER BY last_served DESC, fingerprint"
    )
    return tuple(ServedContract(*row) for row in rows)


def contract_text(connection: Connection, fingerprint: str) -> str | None:
    """As `Clients.text`, from any connection."""
    if not _has_clients(connection):
        return None
    row = connection.execute("SELECT text FROM _contracts WHERE fingerprint = ?", (fingerprint,)).fetchone()
    return None if row is None else zlib.decompress(row[0]).decode()


def seen_clients(connection: Connection) -> tuple[SeenClient, ...]:
    """As `Clients.seen`, from any connection."""
    if not _has_clients(connection):
        return ()
    calls: dict[ClientKey, dict[str, CallCount]] = {}
    for *key, path, count, first, last in connection.execute("SELECT * FROM _client_calls ORDER BY path"):
        calls.setdefault(ClientKey(*key), {})[path] = CallCount(count, first, last)
    rows = connection.execute("SELECT * FROM _clients ORDER BY last_seen DESC, name, version, language, contract")
    seen = []
    for *key, first, last in rows:
        found = ClientKey(*key)
        seen.append(SeenClient(found, first, last, calls.get(found, {})))
    return tuple(seen)


def _has_clients(connection: Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_clients'").fetchone() is not None
