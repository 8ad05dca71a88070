"""Which clients a change breaks: each is compared by the contract that it was built on, in its own language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from schemagen.check.changes import Change, Language, Level
from schemagen.check.fingerprints import change_fingerprint
from schemagen.check.mismatches import client_changes
from schemagen.model.contract import Contract


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who was built on a contract and goes on calling."""

    name: str
    """`mobile@3.2.0`."""
    language: Language | None
    """None if it does not say: then what breaks either language breaks it."""
    contract: Contract
    """What it uses, or all that there was when it was built."""
    functions: frozenset[str] | None = None
    """The paths of those that it was seen to call; None if `contract` holds nothing else."""


def with_clients(changes: Iterable[Change], clients: Iterable[Client], new: Contract) -> tuple[Change, ...]:
    """The changes with the clients they break, and those that only clients older than the base feel, after them.

    Deployed clients are broken on the wire; stored documents and consumers that are rebuilt are no business of theirs.
    """
    broken: dict[str, tuple[Change, list[str]]] = {}
    for client in clients:
        for change in client_breaks(client, new):
            broken.setdefault(change_fingerprint(change), (change, []))[1].append(client.name)
    named = [_named(change, broken) if Level.WIRE in change.levels.values() else change for change in changes]
    known = {change_fingerprint(change) for change in named}
    older = [replace(c, clients=_sorted(names)) for key, (c, names) in broken.items() if key not in known]
    return (*named, *older)


def client_breaks(client: Client, new: Contract) -> Iterator[Change]:
    """What a deployed client can no longer do."""
    for change in client_changes(client.contract, new):
        levels = change.levels.values() if client.language is None else [change.levels[client.language]]
        called = client.functions is None or not change.functions or client.functions & set(change.functions)
        if Level.WIRE in levels and called:
            yield change


def _named(change: Change, broken: dict[str, tuple[Change, list[str]]]) -> Change:
    """With every client that breaks at the same place, though its own contract may have said something older there."""
    names = [
        name for found, each in broken.values() if (found.side, found.at) == (change.side, change.at) for name in each
    ]
    return replace(change, clients=_sorted(names))


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
