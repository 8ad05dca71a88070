"""`schemagen clients`: who is out there, what they call, and whether they still fit the backend as it is now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemagen.cli.config import load_config
from schemagen.cli.live_clients import FunctionUse, LiveClient, live_clients
from schemagen.cli.options import DatabaseFile, Project
from schemagen.cli.settings import load_settings
from schemagen.cli.terminal import Terminal, counted
from schemagen.model.contract import MISSING, Contract

if TYPE_CHECKING:
    from schemagen.check.mismatches import Mismatch, Mismatches

EPILOG = "Example: schemagen clients --url https://crm.example --days 30"


def clients(
    url: Annotated[
        str | None,
        typer.Option(
            help="Ask a running server; its SCHEMAGEN_METRICS_TOKEN is needed if it has one.", show_default=False
        ),
    ] = None,
    database: DatabaseFile = None,
    days: Annotated[
        int | None,
        typer.Option(min=1, help="Only clients that were seen in the last so many days.", show_default=False),
    ] = None,
    project: Project = Path(),
    json: Annotated[bool, typer.Option("--json", help="Print one JSON value instead.")] = False,
) -> None:
    """List the clients that were seen alive.

    For each: what it was built from, what it calls, and what of that breaks with the backend as it is in this folder.
    A database may be in use meanwhile.
    """
    from schemagen.cli.generation import load_backend

    terminal = Terminal(machine=json)
    config = load_config(project)
    found = live_clients(url if url is not None else load_settings(config, database=database).database)
    if days is not None:
        found = tuple(client for client in found if client.last_seen >= datetime.now(UTC) - timedelta(days=days))
    backend, _ = load_backend(config)
    terminal.labelled(str(config.backend), backend.output)
    judged = _judged(found, backend.contract)
    terminal.answer([_answer(client, breaks) for client, breaks in judged])
    said = ["\n".join(_lines(client, breaks)) for client, breaks in judged]
    terminal.say("\n\n".join(said) or "no client was seen" + (" yet" if days is None else f" in {days} days"))


def _judged(found: tuple[LiveClient, ...], now: Contract) -> list[tuple[LiveClient, Mismatches | None]]:
    """Each with what of it no longer fits; None where nobody knows what it was built from."""
    from schemagen.check.mismatches import client_changes, mismatches

    contracts = {client.fingerprint: client.contract for client in found if client.contract is not None}
    changes = {name: client_changes(old, now) for name, old in contracts.items()}
    return [
        (client, None if client.contract is None else mismatches(changes[client.fingerprint], client.language))
        for client in found
    ]


# --- for people ---


def _lines(client: LiveClient, found: Mismatches | None) -> Iterator[str]:
    built = f"contract {client.fingerprint}" if client.fingerprint else "no contract"
    language = f"{client.language}, " if client.language and client.name else ""
    yield f"{client} ({language}{built})"
    yield f"  seen    {_day(client.first_seen)} to {_minute(client.last_seen)} UTC"
    if client.functions:
        most = sorted(client.functions, key=lambda use: -use.calls)
        yield f"  calls   {', '.join(f'{use.path} ({use.calls})' for use in most)}"
    if found is None:
        yield (
            "  fits?   nobody knows: that contract was never served here" if client.fingerprint else "  fits?   unknown"
        )
    elif not found:
        yield "  fits"
    else:
        uses = {use.path: use for use in client.functions}
        for word, which in (("breaks", found.refused), ("narrows", found.narrowed)):
            for path in sorted(which):
                yield f"  {word:<7} {path} ({_use(uses.get(path))}): {which[path].reason}"


def _use(use: FunctionUse | None) -> str:
    if use is None:
        return "never called"
    return f"{counted(use.calls, 'call')}, the last on {_day(use.last_called)}" if use.calls else "refused"


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


# --- for machines ---


def _answer(client: LiveClient, found: Mismatches | None) -> dict[str, Any]:
    return {
        "name": client.name,
        "version": client.version,
        "language": client.language,
        "contract": client.fingerprint,
        "firstSeen": client.first_seen.isoformat(),
        "lastSeen": client.last_seen.isoformat(),
        "functions": [
            {
                "path": use.path,
                "calls": use.calls,
                "firstCalled": use.first_called.isoformat(),
                "lastCalled": use.last_called.isoformat(),
            }
            for use in client.functions
        ],
        "fits": None if found is None else not found,
        "refused": [] if found is None else _mismatches(found.refused),
        "narrowed": [] if found is None else _mismatches(found.narrowed),
    }


def _mismatches(which: Mapping[str, Mismatch]) -> list[dict[str, Any]]:
    return [
        {"function": path, "reason": each.reason, **({} if each.witness is MISSING else {"witness": each.witness})}
        for path, each in sorted(which.items())
    ]
