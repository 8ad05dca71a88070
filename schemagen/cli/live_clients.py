"""The clients that a backend has seen alive: from a running server, or from its database, which may be in use."""

from __future__ import annotations

import json
import os
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemagen.check.changes import LANGUAGES, Language
from schemagen.cli.mistake import CommandError, Mistake
from schemagen.model.canonical import from_json
from schemagen.model.contract import Contract

TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class FunctionUse:
    """What one client called of one function since it was first seen; watching a query counts as one call."""

    path: str
    """As that client spells it on the wire; the function may be gone by now."""
    calls: int
    first_called: datetime
    last_called: datetime


@dataclass(frozen=True, slots=True)
class LiveClient:
    """One kind of client: everything in use that was built from one contract under one name and version."""

    name: str
    """As its SDK says, `mobile`; "" if it does not."""
    version: str
    """`3.2.0`; "" if its SDK does not say."""
    language: Language | None
    """None if it does not say: an old SDK, or none at all."""
    fingerprint: str
    """Of the contract it was built from; "" for a caller without an SDK."""
    contract: Contract | None
    """That contract, as clients see it. None if no server of this database ever served it."""
    first_seen: datetime
    last_seen: datetime
    functions: tuple[FunctionUse, ...]
    """What it called, by path."""

    def __str__(self) -> str:
        """`mobile@3.2.0`; what is known, where a part of it is not."""
        name = self.name or (f"a {self.language} client" if self.language else "a caller")
        return f"{name}@{self.version}" if self.version else name

    def used_since(self, path: str, moment: datetime) -> bool:
        """Whether it called or watched a function at or after `moment`."""
        return any(use.path == path and use.last_called >= moment for use in self.functions)


def live_clients(address: str, token: str | None = None) -> tuple[LiveClient, ...]:
    """Every client seen at `address`, the last seen first.

    That is a database, `sqlite:///crm.db`, which may be in use, or a running server, `https://crm.example`; there
    `token` is its SCHEMAGEN_METRICS_TOKEN, by default the one in the environment. All moments are in UTC. Raises
    `CommandError`.
    """
    is_server = address.startswith(("http://", "https://"))
    listed = _of_server(address, token) if is_server else _of_database(address)
    contracts = {each["fingerprint"]: _contract(each["contract"]) for each in listed["contracts"]}
    return tuple(_client(each, contracts.get(each["contract"])) for each in listed["clients"])


def _client(client: dict[str, Any], contract: Contract | None) -> LiveClient:
    functions = tuple(
        FunctionUse(
            use["path"],
            use["calls"],
            datetime.fromisoformat(use["firstCalled"]),
            datetime.fromisoformat(use["lastCalled"]),
        )
        for use in client["functions"]
    )
    return LiveClient(
        client["name"],
        client["version"],
        next((language for language in LANGUAGES if language == client["language"]), None),
        client["contract"],
        contract,
        datetime.fromisoformat(client["firstSeen"]),
        datetime.fromisoformat(client["lastSeen"]),
        functions,
    )


def _contract(value: Any) -> Contract | None:
    """None where nobody was built from it, so that it was not sent, or another schemagen wrote it."""
    if value is None:
        return None
    try:
        return from_json(json.dumps(value))
    except ValueError:
        return None


def _of_database(url: str) -> dict[str, Any]:
    """As a server would say it. Whoever serves the database goes on meanwhile."""
    from schemagen.cli.database import database_mistakes
    from schemagen.engine.opening import database_path
    from schemagen.serve.client_list import client_list, known_clients
    from schemagen.store.clients import Clients
    from schemagen.store.snapshot import reading

    with database_mistakes(url):
        path = database_path(url)
        if path is None:
            raise CommandError(
                Mistake(
                    "clients_in_memory",
                    f"{url} is in memory, and knows no clients",
                    why="which clients are alive is written down in the database that they are served from",
                    fix="name its file, --database sqlite:///crm.db, or ask the server, --url http://127.0.0.1:8000",
                )
            )
        connection, _ = reading(path)
        with closing(connection):
            listed: dict[str, Any] = json.loads(client_list(known_clients(Clients(connection)), ""))
            return listed


def _of_server(url: str, token: str | None) -> dict[str, Any]:
    import httpx

    token = token or os.environ.get("SCHEMAGEN_METRICS_TOKEN")
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    try:
        response = httpx.get(f"{url.rstrip('/')}/api/clients", headers=headers, timeout=TIMEOUT_SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise _unreachable(f"{url}: {str(error) or type(error).__name__}") from None
    if response.status_code == 401:
        raise CommandError(
            Mistake(
                "clients_token",
                f"{url} tells its clients only to its operator",
                why="it is served with SCHEMAGEN_METRICS_TOKEN, and that was not the token given",
                fix="set SCHEMAGEN_METRICS_TOKEN here to the server's",
            )
        )
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict) or "clients" not in body:
        raise _unreachable(f"{url} answered {response.status_code}, but with no list of clients")
    return body


def _unreachable(message: str) -> CommandError:
    return CommandError(
        Mistake(
            "clients_unreachable",
            message,
            why="the address names a running schemagen server, which has SCHEMAGEN_METRICS on as it is by default",
            fix="check the address and the server's version, or read its database: --database sqlite:///crm.db",
        )
    )
