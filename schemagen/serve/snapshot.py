"""A server's numbers, read at the moment somebody asks: from the engine, its connections, the disk and the process."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from schemagen.engine.runtime import Runtime
from schemagen.serve.metrics import INTERNAL, EngineSnapshot, FunctionRuns, Snapshot
from schemagen.serve.serving import Serving

_STARTED: Final = time.time()


def taken(serving: Serving, *, internal: bool) -> Snapshot:
    """On the event loop. `internal`: whether internal functions are named."""
    syncs = [session.sync for session in serving.sessions]
    runtime = serving.runtime
    return Snapshot(
        engine=None if runtime is None else _engine(runtime, serving.fingerprint, internal),
        connections=len(syncs),
        connections_opened=serving.opened,
        clients_dropped=serving.dropped,
        responses_unsent=sum(len(sync.notices) + len(sync.responses) for sync in syncs),
        transitions_unsent=sum(bool(sync.changes) for sync in syncs),
        changes_sent=dict(serving.values.told),
        held_bytes=serving.values.bytes,
        cpu_seconds=time.process_time(),
        started=_STARTED,
        resident_bytes=_resident_bytes(),
    )


def _engine(runtime: Runtime, fingerprint: str, internal: bool) -> EngineSnapshot:
    functions = runtime.contract.functions_by_path
    tallies = runtime.tallies
    return EngineSnapshot(
        fingerprint=fingerprint,
        stats=runtime.stats(),
        ts=runtime.ts,
        jobs_waiting=runtime.waiting,
        actions_running=runtime.actions_running,
        runs=tuple(
            FunctionRuns(path if internal or not functions[path].internal else INTERNAL, functions[path].kind, tally)
            for path, tally in tallies.items()
        ),
        caches=runtime.caches,
        database_bytes=_sizes(runtime.database_file),
    )


def _sizes(database: Path | None) -> dict[str, int]:
    sizes = {}
    if database is not None:
        for name, file in (("main", database), ("wal", database.with_name(database.name + "-wal"))):
            with suppress(FileNotFoundError):
                sizes[name] = file.stat().st_size
    return sizes


def _resident_bytes() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:  # not Linux
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")
