"""The clients that a check judges by: released ones, from contracts/, and those a running server has seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from schemagen.cli.mistake import CommandError, Mistake

if TYPE_CHECKING:
    from schemagen.check.clients import Client
    from schemagen.check.released import Released

FOLDER = "contracts"
"""Beside pyproject.toml; `contracts/<client>/<version>.json` is one."""

LIVE_DAYS = 30
"""A client that was not seen for so long is taken for gone."""


@dataclass(frozen=True, slots=True)
class Clients:
    """Everybody who is asked."""

    released: tuple[Client, ...] = ()
    live: tuple[Client, ...] | None = None
    """None if no server was asked."""
    unknown: tuple[str, ...] = ()
    """Live ones of whom nobody knows on what they were built."""
    sunsets: tuple[date, ...] = ()
    """The days on which released clients stop to count."""

    @property
    def asked(self) -> bool:
        return bool(self.released) or self.live is not None

    @property
    def all(self) -> tuple[Client, ...]:
        return (*self.released, *(self.live or ()))

    @property
    def unused(self) -> str:
        """What to say of a break that nobody would feel."""
        live = f"no live client has used it for {LIVE_DAYS} days"
        if self.live is None:
            return "no released client uses it"
        return f"no released client uses it, and {live}" if self.released else live

    def facts(self) -> Iterator[str]:
        """Who was asked, a line each."""
        if self.released:
            yield f"released clients: {', '.join(client.name for client in self.released)}"
        if self.live is not None:
            yield f"live clients: {', '.join(client.name for client in self.live) or 'none'}"


def find_clients(root: Path, live: str | None, today: date) -> Clients:
    """Those of whom somebody cares today. Raises `CommandError`."""
    from schemagen.check.clients import Client

    files = sorted((root / FOLDER).glob("*/*.json"))
    released = [release for release in (_released(file, root) for file in files) if release.counts_on(today)]
    known = tuple(Client(release.name, release.language, release.contract) for release in released)
    sunsets = tuple(release.sunset for release in released if release.sunset is not None)
    if live is None:
        return Clients(known, sunsets=sunsets)
    seen, unknown = _live(live, today)
    return Clients(known, seen, unknown, sunsets)


def _released(file: Path, root: Path) -> Released:
    from schemagen.check.released import from_text

    try:
        return from_text(file.read_text("utf-8"))
    except ValueError as error:
        raise CommandError(
            Mistake(
                "check_released",
                f"it cannot be read: {error}",
                why="a released client whose contract nobody can read would be broken without a word",
                fix="write it anew with `schemagen release`, or remove it if the client is gone",
                file=file.relative_to(root).as_posix(),
            )
        ) from None


def _live(address: str, today: date) -> tuple[tuple[Client, ...], tuple[str, ...]]:
    from schemagen.check.clients import Client
    from schemagen.cli.live_clients import live_clients

    since = datetime.combine(today, time(), UTC) - timedelta(days=LIVE_DAYS)
    found = [
        each for each in live_clients(address, os.environ.get("SCHEMAGEN_METRICS_TOKEN")) if each.last_seen >= since
    ]
    known: dict[tuple[str, str], Client] = {}
    for each in found:
        if each.contract is not None:
            used = frozenset(use.path for use in each.functions if use.last_called >= since)
            known[str(each), each.fingerprint] = Client(str(each), each.language, each.contract, used)
    unknown = {str(each) for each in found if each.contract is None}
    return tuple(known[key] for key in sorted(known)), tuple(sorted(unknown))
