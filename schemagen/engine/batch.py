"""What the doors ask of the engine's thread, and what it does with all that is waiting: one batch, one commit."""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias, assert_never

import orjson

from schemagen.declare import AppError, Identity
from schemagen.engine.answer import Answer, Delta, Failure, FailureKind, Stats, Watch
from schemagen.engine.context import Reading, Writing
from schemagen.engine.cursor import InvalidCursor
from schemagen.engine.execution import Execution, Pins, Workshop, Write
from schemagen.engine.failures import Failures, internal, invalid_arguments, unavailable, unknown_function
from schemagen.engine.functions import CompiledFunction
from schemagen.engine.live import Changes, LiveQueries, LiveQuery, Observation, Subscription, canonical
from schemagen.engine.migrating import Migrator
from schemagen.engine.stepping import run_to_end
from schemagen.engine.tally import OK
from schemagen.engine.telling import Effect, Effects
from schemagen.model.contract import FunctionKind, Json
from schemagen.store.errors import StoreUnavailable
from schemagen.store.sqlite import SqliteStore, StoredAnswer
from schemagen.wire.issue import WireError

_log = logging.getLogger("schemagen")


@dataclass(slots=True)
class Call:
    """A query or mutation to run for a client."""

    function: CompiledFunction
    args: Json
    identity: Identity | None
    request: str | None
    reply: Callable[[Answer], None]
    subscription: Subscription | None = None
    """Whose call it is, if a subscriber's: of a commit it is told before others."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an action gets back from a query or mutation it ran: Python values, not JSON."""

    ts: int
    value: Any = None
    error: BaseException | None = None


@dataclass(slots=True)
class ActionCall:
    """A query or mutation to run for an action, with arguments as Python values."""

    function: CompiledFunction
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    identity: Identity | None
    reply: Callable[[Outcome], None]


@dataclass(slots=True)
class Update:
    """A subscriber watches other queries, or is someone else."""

    subscription: Subscription
    add: Mapping[int, Watch]
    remove: Collection[int]
    identity: Identity | None
    tag: object


@dataclass(slots=True)
class Close:
    subscription: Subscription


@dataclass(slots=True)
class StoreJob:
    """Something to read or write beside the documents: nothing that a live query reads."""

    work: Callable[[SqliteStore], Any]
    reply: Callable[[Any], None]
    """Takes what `work` gives, or the exception it ends in: then nothing of it was written."""


Job: TypeAlias = Call | ActionCall | Update | Close | StoreJob


class BatchLost(Exception):
    """The database undid the whole transaction by itself, as it does when the disk is full."""


class Engine:
    """Runs batches of jobs, serially. Knows no thread and no event loop: jobs in, effects out."""

    def __init__(
        self,
        workshop: Workshop,
        functions: Mapping[str, CompiledFunction],
        failures: Failures,
        stats: Stats,
        result_bytes_max: int,
        migrator: Migrator | None = None,
    ) -> None:
        self.stats = stats
        self._migrator = migrator
        self._workshop = workshop
        self._store = workshop.store
        self._functions = functions
        self._failures = failures
        self._live = LiveQueries(self._observe, stats, self._reran, result_bytes_max)

    @property
    def next_expiry(self) -> datetime | None:
        """When a live query has to run again because time moved on; None if none has to."""
        return self._live.next_expiry

    def run(self, jobs: Sequence[Job]) -> Effects:
        """Mutations first, in order, and one commit; then what they changed; then queries and updates, in order."""
        if jobs:
            self.stats.batches += 1
            self.stats.jobs += len(jobs)
        for job in jobs:
            if isinstance(job, Close):  # first: nothing is run for who has gone
                self._live.close(job.subscription)
        mutations = [job for job in jobs if isinstance(job, Call | ActionCall) and _is_mutation(job)]
        answers: list[Effect] = []
        writes: list[Write] = []
        if mutations:
            answers, writes = self._mutations(mutations)
        effects = self._deltas(self._rerun(writes))
        told = _callers_first(mutations, effects, answers)
        for job in jobs:
            match job:
                case Update():
                    changed = self._live.update(job.subscription, job.add, job.remove, job.identity)
                    told.rest.append((job.subscription.deliver, Delta(self._store.ts, changed, job.tag)))
                case Close():
                    pass
                case StoreJob():
                    told.rest.append((job.reply, self._work_on_store(job)))
                case Call() | ActionCall():
                    if not _is_mutation(job):
                        told.rest.append((job.reply, self._query(job)))
                case _:
                    assert_never(job)
        return told

    # --- migrations ---

    @property
    def migrating(self) -> bool:
        """Whether `migrate` has something to do."""
        return self._migrator is not None and self._migrator.current is not None

    def migrate(self) -> list[Effect]:
        """Run one batch of the migrations that are left, and what watches the documents it changed."""
        assert self._migrator is not None
        return self._deltas(self._rerun(self._migrator.serve_batch()))

    def stop_migrating(self) -> None:
        """Leave what is left to the next start."""
        assert self._migrator is not None
        self._migrator.stop()

    # --- mutations ---

    def _mutations(self, jobs: Sequence[Call | ActionCall]) -> tuple[list[Effect], list[Write]]:
        batch = _Batch(self._workshop, self._failures, self.stats)
        try:
            self._store.begin()
            outcomes = [batch.run(job) for job in jobs]
            if self._migrator is not None:
                self._migrator.inserted(batch.writes)
            ts = batch.commit()
        except (BatchLost, StoreUnavailable, sqlite3.Error) as error:
            self._store.rollback()
            self.stats.lost_commits += 1
            _log.error("a commit failed and was undone; its mutations answer that they did not run: %s", error)
            lost = _Failed(unavailable("the database cannot be written at the moment; nothing was changed"), error)
            return [(job.reply, _answered(job, lost, self._store.ts)) for job in jobs], []
        return [
            (job.reply, _answered(job, outcome, ts)) for job, outcome in zip(jobs, outcomes, strict=True)
        ], batch.writes

    def _work_on_store(self, job: StoreJob) -> Any:
        try:
            self._store.begin()
            done = job.work(self._store)
            self._store.commit(self._store.ts)
            return done
        except Exception as error:  # whatever it is, the calls of this batch are not to suffer for it
            self._store.rollback()
            return error

    # --- queries ---

    def _query(self, job: Call | ActionCall) -> Answer | Outcome:
        self.stats.executions += 1
        execution = Execution(self._workshop, job.identity)
        ctx = Reading(execution)
        started = time.perf_counter()
        if isinstance(job, ActionCall):
            result = _called(execution, job, ctx)
        else:
            result = _evaluated(execution, job.function, ctx, job.args, self._failures)
        job.function.tally.ran(_outcome(result), time.perf_counter() - started)
        return _answered(job, result, self._store.ts)

    def _observe(self, path: str, args: Json, identity: Identity | None, pins: Pins) -> Observation:
        function = self._functions.get(path)
        if function is None or function.internal or function.kind is not FunctionKind.QUERY:
            return Observation(unknown_function(f"there is no query {path!r} to watch"), [], False, None)
        self.stats.executions += 1
        execution = Execution(self._workshop, identity)
        execution.reads = []
        execution.pins = pins
        started = time.perf_counter()
        result = _evaluated(execution, function, Reading(execution), args, self._failures)
        function.tally.ran(_outcome(result), time.perf_counter() - started)
        outcome = result.failure if isinstance(result, _Failed) else result.value
        return Observation(outcome, execution.reads, execution.identity_read, execution.expires)

    def _reran(self, path: str, wasted: bool) -> None:
        function = self._functions.get(path)
        if function is not None:
            function.tally.reruns += 1
            function.tally.wasted_reruns += wasted

    def _rerun(self, writes: list[Write]) -> Changes:
        dirty = self._met_by(writes) if writes else set()
        if self._live.next_expiry is not None:
            dirty |= self._live.expired(self._workshop.clock.now())
        return self._live.rerun(dirty) if dirty else {}

    def _met_by(self, writes: list[Write]) -> set[LiveQuery]:
        started = time.perf_counter()
        met = self._live.met_by(writes)
        self.stats.invalidation_seconds += time.perf_counter() - started
        self.stats.writes += len(writes)
        return met

    def _deltas(self, changes: Changes) -> list[Effect]:
        ts = self._store.ts
        return [(subscription.deliver, Delta(ts, changed)) for subscription, changed in changes.items()]


def _callers_first(mutations: Sequence[Call | ActionCall], deltas: list[Effect], answers: list[Effect]) -> Effects:
    """Changes before the answers of the mutations that made them, and subscribers that called before all others.

    What they called for is theirs first: a thousand who watch are not in its way. Where a caller is no subscriber, an
    HTTP client, its answer comes when all have heard: what it tells others, they can see.
    """
    callers = {job.subscription.deliver for job in mutations if isinstance(job, Call) and job.subscription is not None}
    if not callers:
        return Effects(deltas + answers, all_hear=bool(answers))
    by_caller = [isinstance(job, Call) and job.subscription is not None for job in mutations]
    first = [delta for delta in deltas if delta[0] in callers]
    first += [answer for answer, is_first in zip(answers, by_caller, strict=True) if is_first]
    others = [delta for delta in deltas if delta[0] not in callers]
    last = [answer for answer, is_first in zip(answers, by_caller, strict=True) if not is_first]
    return Effects(first + others + last, all_hear=True) if last else Effects(first, others)


def _is_mutation(job: Call | ActionCall) -> bool:
    return job.function.kind is FunctionKind.MUTATION


@dataclass(frozen=True, slots=True)
class _Returned:
    value: bytes
    """Encoded JSON."""
    python: Any = None
    """For an action: the value itself."""


@dataclass(frozen=True, slots=True)
class _Failed:
    failure: Failure
    error: BaseException | None = None
    """For an action: the exception itself."""


@dataclass(frozen=True, slots=True)
class _Repeated:
    """A mutation that has run before, and what it answered then."""

    ts: int
    result: _Returned | _Failed


_Result: TypeAlias = _Returned | _Failed


def _answered(job: Call | ActionCall, result: _Result | _Repeated, ts: int) -> Answer | Outcome:
    if isinstance(result, _Repeated):
        return _answered(job, result.result, result.ts)
    match result:
        case _Returned(value, python):
            return Outcome(ts, python) if isinstance(job, ActionCall) else Answer(ts, value)
        case _Failed(failure, error):
            return Outcome(ts, error=error) if isinstance(job, ActionCall) else Answer(ts, failure=failure)


def _guarded(
    execution: Execution, running: Coroutine[Any, Any, Any], encode: Callable[[Any], Any] = lambda value: value
) -> Any:
    """What a handler returns, encoded. Raises what it raises, and `LimitExceeded`."""
    result = execution.workshop.watchdog.guard(lambda: encode(run_to_end(running)))
    execution.store.check()
    return result


def _outcome(result: _Result) -> str:
    """How a run ended, as it is counted."""
    if isinstance(result, _Returned):
        return OK
    if result.error is None:
        return result.failure.kind
    return FailureKind.APP if isinstance(result.error, AppError) else FailureKind.INTERNAL


def _called(execution: Execution, job: ActionCall, ctx: Reading | Writing) -> _Result:
    """Run for an action: Python values in and out."""
    try:
        return _Returned(b"", _guarded(execution, job.function.handler(ctx, *job.args, **job.kwargs)))
    except BaseException as error:
        return _Failed(unavailable("the call failed"), error)


def _evaluated(
    execution: Execution, function: CompiledFunction, ctx: Reading | Writing, args: Json, failures: Failures
) -> _Result:
    """Decode, run, encode. Whatever the handler raises becomes a failure."""
    arguments: dict[str, Any] = {}
    try:
        arguments = function.arguments(args)
    except WireError as error:
        return _Failed(invalid_arguments(error))
    except Exception as error:  # a validator of the author's that does not raise ValueError
        return _Failed(internal(error, function.path, args))
    try:
        return _Returned(_guarded(execution, function.handler(ctx, **arguments), function.result))
    except InvalidCursor as error:
        return _Failed(invalid_arguments(WireError((function.cursor_issue(error, arguments),))))
    except BaseException as error:
        return _Failed(failures.of(error, function.path, args))


class _Batch:
    """The mutations of one commit: each in a savepoint, so that one that fails undoes only itself."""

    def __init__(self, workshop: Workshop, failures: Failures, stats: Stats) -> None:
        self.writes: list[Write] = []
        self._workshop = workshop
        self._store = workshop.store
        self._failures = failures
        self._stats = stats
        self._requests: dict[str, tuple[bytes, _Result]] = {}
        """Answers to remember, by request key."""

    def run(self, job: Call | ActionCall) -> _Result | _Repeated:
        self._stats.mutations += 1
        if isinstance(job, ActionCall) or job.request is None:
            return self._attempt(job)
        digest = _digest(job.function.path, job.args, job.identity)
        known = self._known(job.request, digest)
        if known is not None:
            self._stats.replays += known is not _REUSED
            return known
        result = self._attempt(job)
        if not (isinstance(result, _Failed) and result.failure.kind is FailureKind.INVALID_ARGUMENTS):
            self._requests[job.request] = (digest, result)
        return result

    def _known(self, request: str, digest: bytes) -> _Result | _Repeated | None:
        """What this request answered before, in this batch or an earlier one."""
        pending = self._requests.get(request)
        if pending is not None:
            return pending[1] if pending[0] == digest else _REUSED
        stored = self._store.answer(request)
        if stored is None:
            return None
        return _Repeated(stored.ts, _remembered(stored.answer)) if stored.digest == digest else _REUSED

    def _attempt(self, job: Call | ActionCall) -> _Result:
        self._stats.executions += 1
        execution = Execution(self._workshop, job.identity)
        writes = execution.writes = []
        self._store.savepoint("call")
        started = time.perf_counter()
        result = self._run(job, execution)
        job.function.tally.ran(_outcome(result), time.perf_counter() - started)
        if not self._store.in_transaction:
            raise BatchLost(f"{job.function.path} ran into it")
        if isinstance(result, _Failed):
            self._store.undo("call")  # and the savepoints of nested mutations, should any be left
        else:
            self._store.release("call")
            self.writes += writes
        return result

    def _run(self, job: Call | ActionCall, execution: Execution) -> _Result:
        ctx = Writing(execution)
        if isinstance(job, Call):
            return _evaluated(execution, job.function, ctx, job.args, self._failures)
        return _called(execution, job, ctx)

    def commit(self) -> int:
        """The timestamp at which this batch is durable. Raises `StoreUnavailable`: then none of it happened."""
        ts = self._store.ts + 1 if self.writes else self._store.ts
        for request, (digest, result) in self._requests.items():
            self._store.remember(request, StoredAnswer(digest, ts, _to_remember(result)))
        if not self.writes and not self._requests:
            self._store.rollback()
            return ts
        started = time.perf_counter()
        self._store.commit(ts)
        self._stats.commit_seconds += time.perf_counter() - started
        self._stats.commits += 1
        return ts


_REUSED = _Failed(
    Failure(
        FailureKind.PROTOCOL,
        "protocol",
        "this request key was used for another call; each mutation needs a key of its own",
    )
)


def answered_before(
    store: SqliteStore, path: str, args: Json, identity: Identity | None, request: str
) -> Answer | None:
    """What a mutation answered when it ran, whether or not there still is such a function; None if it never did."""
    stored = store.answer(request)
    if stored is None or stored.digest != _digest(path, args, identity):
        return None
    match _remembered(stored.answer):
        case _Returned(value):
            return Answer(stored.ts, value)
        case _Failed(failure):
            return Answer(stored.ts, failure=failure)


def _digest(path: str, args: Json, identity: Identity | None) -> bytes:
    """Tells calls apart that claim to be one."""
    caller = "" if identity is None else f"{identity.issuer}\n{identity.subject}"
    text = b"\0".join((path.encode(), canonical(args), caller.encode()))
    return hashlib.blake2b(text, digest_size=16).digest()


def _to_remember(result: _Result) -> bytes:
    if isinstance(result, _Returned):
        return b"=" + result.value
    failure = result.failure
    return b"!" + orjson.dumps([failure.kind, failure.code, failure.message, failure.data, failure.error_id])


def _remembered(answer: bytes) -> _Result:
    if answer[:1] == b"=":
        return _Returned(answer[1:])
    kind, code, message, data, error_id = orjson.loads(answer[1:])
    return _Failed(Failure(FailureKind(kind), code, message, data, error_id=error_id))
