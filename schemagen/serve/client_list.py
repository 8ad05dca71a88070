"""What `GET /api/clients` says: who is alive, and what each was built from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson

from schemagen.store.clients import Clients, SeenClient, ServedContract


@dataclass(frozen=True, slots=True)
class KnownClients:
    """Everything a database knows of clients, at one moment."""

    contracts: tuple[ServedContract, ...]
    clients: tuple[SeenClient, ...]
    texts: Mapping[str, str]
    """Of those contracts that clients were built from, by fingerprint."""


def known_clients(clients: Clients) -> KnownClients:
    """In the transaction of whoever calls."""
    seen = clients.seen()
    fingerprints = sorted({client.key.contract for client in seen})
    texts = {each: text for each in fingerprints if (text := clients.text(each)) is not None}
    return KnownClients(clients.contracts(), seen, texts)


def client_list(known: KnownClients, fingerprint: str) -> bytes:
    """JSON; `fingerprint` is of the contract that is served. A contract's text is a value: the contract itself."""
    contracts = [
        {
            "fingerprint": contract.fingerprint,
            "firstServed": _moment(contract.first_served),
            "lastServed": _moment(contract.last_served),
            "contract": orjson.Fragment(known.texts[contract.fingerprint].strip())
            if contract.fingerprint in known.texts
            else None,
        }
        for contract in known.contracts
    ]
    clients = [_client(client) for client in known.clients]
    return orjson.dumps({"fingerprint": fingerprint, "contracts": contracts, "clients": clients})


def _client(client: SeenClient) -> dict[str, object]:
    key = client.key
    return {
        "name": key.name,
        "version": key.version,
        "language": key.language,
        "contract": key.contract,
        "firstSeen": _moment(client.first_seen),
        "lastSeen": _moment(client.last_seen),
        "functions": [
            {
                "path": path,
                "calls": count.calls,
                "firstCalled": _moment(count.first_called),
                "lastCalled": _moment(count.last_called),
            }
            for path, count in client.calls.items()
        ],
    }


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
