"""Knowing that a check would find what it found before, without importing anything heavy.

Green checks alone are remembered, with what they said. Nothing may have changed since: what the last build read and
wrote (`freshness.py`), the base, the files in contracts/, the accepted breaks, and no day may have come on which a
client or an acceptance ends. Where a report names lines of consumers, these have to be as they were, too.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemagen.cli.accepted_file import NAME as ACCEPTED
from schemagen.cli.base import base_stamp, find_base
from schemagen.cli.config import Config
from schemagen.cli.freshness import cache_folder, fresh_by_memory, hash_file
from schemagen.cli.mistake import CommandError
from schemagen.cli.output import replace_file
from schemagen.cli.released_clients import FOLDER as CONTRACTS
from schemagen.cli.reporting import Format

if TYPE_CHECKING:
    from schemagen.cli.checkup import Checked


def recall_check(config: Config, given: str | None, form: Format, today: date) -> str | None:
    """What the last green check said, if this one would say the same; `given` is its `--base`."""
    try:
        found = json.loads((cache_folder(config) / "check.json").read_bytes())
        said, stamp, key = found["reports"][form.value], found["stamp"], found["key"]
        if not date.fromisoformat(found["since"]) <= today < date.fromisoformat(found["until"]):
            return None
        lines_matter = bool(found["consumers"])
        commit = found["commit"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if stamp != base_stamp(config, given) and not _same_commit(config, given, commit):
        return None
    if fresh_by_memory(config) is None or key != _key(config, lines_matter=lines_matter):
        return None
    return said if isinstance(said, str) else None


def remember_check(config: Config, given: str | None, checked: Checked, today: date) -> None:
    """Keep what a green check said, in every form. Best effort: without it, checks are only slower."""
    stamp = base_stamp(config, given)
    if stamp is None:
        return
    lines_matter = any(each.change.breaking for each in checked.report.judged)
    memory = {
        "key": _key(config, lines_matter=lines_matter),
        "stamp": stamp,
        "commit": checked.commit,
        "consumers": lines_matter,
        "since": today.isoformat(),
        "until": checked.until.isoformat(),
        "reports": {form.value: checked.text(form) for form in Format},
    }
    try:
        replace_file(cache_folder(config) / "check.json", json.dumps(memory, indent=1).encode())
    except OSError:
        (cache_folder(config) / "check.json").unlink(missing_ok=True)


def _same_commit(config: Config, given: str | None, commit: Any) -> bool:
    """A commit more on this branch or on the main one often leaves the place where they parted as it was."""
    try:
        return bool(commit) and find_base(config, given).commit == commit
    except CommandError:
        return False


def _key(config: Config, *, lines_matter: bool) -> str:
    whole = hashlib.sha256()
    whole.update(repr((config.check, config.consumers)).encode())
    contracts = sorted((config.root / CONTRACTS).rglob("*.json"))
    for file in (cache_folder(config) / "build.json", config.root / ACCEPTED, *contracts):
        whole.update(f"\0{file}\0{hash_file(file)}".encode())
    if lines_matter:
        whole.update(repr(sorted(_stats(config))).encode())
    return whole.hexdigest()


def _stats(config: Config) -> Iterator[tuple[str, int, int]]:
    """Name, size and time of every file of the consumers, installed packages aside."""
    for consumer in config.consumers:
        for at, folders, files in os.walk(config.root / consumer.path):
            folders[:] = [name for name in folders if not name.startswith((".", "node_modules", "__pycache__"))]
            for name in files:
                stat = Path(at, name).stat()
                yield f"{at}/{name}", stat.st_size, stat.st_mtime_ns
