"""The clients that a backend has seen alive: from a running server, or from its database, which may be in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from schemagen.check.changes import Language
from schemagen.model.contract import Contract


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

    That is a database, `sqlite:///crm.db`, or a running server, `https://crm.example`; there `token` is its
    SCHEMAGEN_METRICS_TOKEN, if it has one. All moments are in UTC. Raises `CommandError`.
    """
    raise NotImplementedError
