"""What `GET /metrics` says, as Prometheus reads it: text format 0.0.4, made of a snapshot and nothing else.

Labels hold names of declared functions and words of ours, never what a client sent: a scrape does not grow with use.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from schemagen.engine.answer import Stats
from schemagen.engine.tally import OK, SECONDS_BOUNDS, Tally
from schemagen.model.contract import FunctionKind

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

INTERNAL: Final = "(internal)"
"""Stands for every internal function where a scrape is open to all: to clients these are not there."""


@dataclass(frozen=True, slots=True)
class FunctionRuns:
    """What one function came to."""

    function: str  # its path, or INTERNAL
    kind: FunctionKind
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineSnapshot:
    """One engine at one moment; counters begin with it."""

    fingerprint: str
    stats: Stats
    ts: int
    jobs_waiting: int
    actions_running: int
    runs: tuple[FunctionRuns, ...]
    caches: Mapping[str, int]
    """Entries by cache."""
    database_bytes: Mapping[str, int]
    """By file: `main`, and `wal`, what is not yet written back to it. Empty for a database in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A server at one moment."""

    engine: EngineSnapshot | None
    """None while one engine takes over from another."""
    connections: int
    connections_opened: int
    clients_dropped: int
    responses_unsent: int
    transitions_unsent: int
    changes_sent: Mapping[str, int]
    """To clients that take digests, by form."""
    held_bytes: int
    cpu_seconds: float
    started: float
    """Seconds since the epoch."""
    resident_bytes: int | None
    """None where the system does not say."""


Labels: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric with its samples: what follows its name, labels and value."""

    name: str
    type: Literal["counter", "gauge", "histogram"]
    help: str
    samples: tuple[tuple[str, Labels, float], ...]


def metrics_text(snapshot: Snapshot) -> str:
    return "".join(_family_text(family) for family in families(snapshot))


def families(snapshot: Snapshot) -> Iterator[Family]:
    """Every metric there is; of functions, those that ran."""
    yield _gauge(
        "schemagen_up", "1 while calls are served, 0 while they wait for an engine.", snapshot.engine is not None
    )
    if snapshot.engine is not None:
        yield from _of_functions(snapshot.engine.runs)
        yield from _of_engine(snapshot.engine)
    yield from _of_connections(snapshot)
    yield from _of_process(snapshot)


def _of_functions(every: Iterable[FunctionRuns]) -> Iterator[Family]:
    runs = [each for each in every if each.tally.runs]
    yield _labelled(
        "schemagen_executions_total",
        "Runs of functions from outside, first runs and re-runs, by how they ended.",
        (
            ((*_named(each), ("outcome", outcome)), count)
            for each in runs
            for outcome, count in each.tally.outcomes.items()
            if count or outcome == OK
        ),
    )
    yield _labelled(
        "schemagen_function_seconds_total",
        "Time in functions: decoding arguments, the handler, encoding the result.",
        ((_named(each), each.tally.seconds) for each in runs),
    )
    yield _histogram(runs)
    queries = [each for each in runs if each.kind is FunctionKind.QUERY]
    yield _labelled(
        "schemagen_reruns_total",
        "Runs of live queries because a commit met what they read, or their time moved on.",
        ((_named(each)[:1], each.tally.reruns) for each in queries),
    )
    yield _labelled(
        "schemagen_reruns_wasted_total",
        "Re-runs whose result was what it was before.",
        ((_named(each)[:1], each.tally.wasted_reruns) for each in queries),
    )


def _of_engine(engine: EngineSnapshot) -> Iterator[Family]:
    stats = engine.stats
    yield Family(
        "schemagen_contract_info",
        "gauge",
        "Which contract is served.",
        (("", (("fingerprint", engine.fingerprint),), 1),),
    )
    yield _gauge("schemagen_commit_timestamp", "The latest commit: the ts that answers carry.", engine.ts)
    yield _gauge("schemagen_live_queries", "Distinct watched queries; each is run once.", stats.live_queries)
    yield _gauge("schemagen_live_result_bytes", "Encoded results kept for live queries.", stats.result_bytes)
    yield _counter("schemagen_results_recalled_total", "Results let go and made again for a newcomer.", stats.recalls)
    yield Family(
        "schemagen_cache_entries",
        "gauge",
        "What is kept because it may be needed again.",
        tuple(("", (("cache", cache),), entries) for cache, entries in engine.caches.items()),
    )
    yield _gauge("schemagen_subscriptions", "Queries watched by clients.", stats.subscriptions)
    yield _counter(
        "schemagen_results_delivered_total", "Changed results handed over, one per client.", stats.deliveries
    )
    yield _counter(
        "schemagen_results_unchanged_total", "Results not sent because they were equal, one per client.", stats.unsent
    )
    yield _counter("schemagen_writes_total", "Documents inserted, changed or deleted by commits.", stats.writes)
    yield _counter(
        "schemagen_invalidation_seconds_total",
        "Time spent on finding the live queries that writes meet.",
        stats.invalidation_seconds,
    )
    yield _counter("schemagen_mutations_total", "Mutations asked for.", stats.mutations)
    yield _counter(
        "schemagen_mutation_replays_total",
        "Mutations that had run before and got the stored answer.",
        stats.replays,
    )
    yield _counter("schemagen_commits_total", "Commits; each makes all mutations of a batch durable.", stats.commits)
    yield _counter("schemagen_commits_failed_total", "Commits that failed and were undone.", stats.lost_commits)
    yield _counter("schemagen_commit_seconds_total", "Time commits waited for the disk.", stats.commit_seconds)
    yield _counter("schemagen_batches_total", "Batches of jobs that the engine took.", stats.batches)
    yield _counter("schemagen_jobs_total", "Jobs in those batches: calls and changes of what is watched.", stats.jobs)
    yield _gauge("schemagen_jobs_waiting", "Jobs that the engine has not taken yet.", engine.jobs_waiting)
    yield _gauge("schemagen_actions_running", "Actions that have begun and not ended.", engine.actions_running)
    yield Family(
        "schemagen_database_bytes",
        "gauge",
        "Size of the database's files.",
        tuple(("", (("file", file),), size) for file, size in engine.database_bytes.items()),
    )


def _of_connections(snapshot: Snapshot) -> Iterator[Family]:
    yield _gauge("schemagen_connections", "WebSocket connections.", snapshot.connections)
    yield _counter(
        "schemagen_connections_opened_total", "WebSocket connections since the start.", snapshot.connections_opened
    )
    yield _counter(
        "schemagen_slow_clients_dropped_total",
        "Connections cut off because they took no data.",
        snapshot.clients_dropped,
    )
    yield _gauge(
        "schemagen_responses_unsent", "Answers that connections have not taken yet.", snapshot.responses_unsent
    )
    yield _gauge(
        "schemagen_transitions_unsent",
        "Connections with changes they have not taken yet; one transition each.",
        snapshot.transitions_unsent,
    )
    yield _labelled(
        "schemagen_changes_sent_total",
        "Results told to clients that take digests, by form.",
        (((("form", form),), count) for form, count in snapshot.changes_sent.items()),
    )
    yield _gauge(
        "schemagen_held_bytes", "Values that clients hold, kept to tell them what changed.", snapshot.held_bytes
    )


def _of_process(snapshot: Snapshot) -> Iterator[Family]:
    """Under the names that Prometheus gives to those of any process."""
    yield _counter("process_cpu_seconds_total", "User and system CPU time.", snapshot.cpu_seconds)
    yield _gauge("process_start_time_seconds", "When the process started, since the epoch.", snapshot.started)
    if snapshot.resident_bytes is not None:
        yield _gauge("process_resident_memory_bytes", "Resident memory.", snapshot.resident_bytes)


def _named(runs: FunctionRuns) -> Labels:
    return ("function", runs.function), ("kind", runs.kind)


def _histogram(runs: Iterable[FunctionRuns]) -> Family:
    """How long functions took, by kind: a class counts all that took no longer than its upper end."""
    by_kind: defaultdict[FunctionKind, list[Tally]] = defaultdict(list)
    for each in runs:
        by_kind[each.kind].append(each.tally)
    samples: list[tuple[str, Labels, float]] = []
    for kind, tallies in sorted(by_kind.items()):
        labels = (("kind", str(kind)),)
        total = 0
        for bound, counts in zip(
            (*map(_number, SECONDS_BOUNDS), "+Inf"),
            zip(*(tally.durations for tally in tallies), strict=True),
            strict=True,
        ):
            total += sum(counts)
            samples.append(("_bucket", (*labels, ("le", bound)), total))
        samples.append(("_sum", labels, sum(tally.seconds for tally in tallies)))
        samples.append(("_count", labels, total))
    return Family("schemagen_execution_seconds", "histogram", "How long functions took.", tuple(samples))


def _labelled(name: str, help_: str, samples: Iterable[tuple[Labels, float]]) -> Family:
    """A counter by labels; functions that share them are added up."""
    added: dict[Labels, float] = {}
    for labels, value in samples:
        added[labels] = added.get(labels, 0) + value
    return Family(name, "counter", help_, tuple(("", labels, value) for labels, value in added.items()))


def _counter(name: str, help_: str, value: float) -> Family:
    return Family(name, "counter", help_, (("", (), value),))


def _gauge(name: str, help_: str, value: float) -> Family:
    return Family(name, "gauge", help_, (("", (), value),))


def _family_text(family: Family) -> str:
    lines = [f"# HELP {family.name} {family.help}", f"# TYPE {family.name} {family.type}"]
    for suffix, labels, value in family.samples:
        shown = ",".join(f'{name}="{_escaped(held)}"' for name, held in labels)
        lines.append(f"{family.name}{suffix}{f'{{{shown}}}' if shown else ''} {_number(value)}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
