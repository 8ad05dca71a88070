"""The engine as asyncio sees it: one thread runs everything, the event loop asks and is told."""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar, assert_never

from schemagen.declare import Identity, Table
from schemagen.declare.functions import Declared
from schemagen.declare.migrations import Migration
from schemagen.engine.actions import ActionContext, action_answer
from schemagen.engine.answer import Answer, Delta, Failure, Stats, Watch
from schemagen.engine.batch import ActionCall, Call, Close, Engine, Job, Outcome, StoreJob, Update, answered_before
from schemagen.engine.catalog import Catalog
from schemagen.engine.clock import Clock, Ids
from schemagen.engine.execution import Workshop
from schemagen.engine.failures import Failures, unavailable, unknown_function
from schemagen.engine.functions import CompiledFunction, compiled
from schemagen.engine.limits import Limits
from schemagen.engine.live import Subscription
from schemagen.engine.memory import Memory
from schemagen.engine.migrating import Migrator
from schemagen.engine.opening import database_path, fresh_default, open_store
from schemagen.engine.planner import Planner
from schemagen.engine.tally import OK, Tally
from schemagen.engine.telling import Effect, Effects, Telling
from schemagen.engine.watchdog import Watchdog
from schemagen.model.contract import Contract, FunctionKind, Json
from schemagen.store.clients import Clients
from schemagen.store.errors import StoreUnavailable
from schemagen.store.sqlite import SqliteStore

Result = TypeVar("Result")

_log = logging.getLogger("schemagen")

BATCH_MAX: Final = 128
"""At most so many jobs share a commit: the first of them waits for the last."""
_PATIENCE_MAX_SECONDS: Final = 3600.0
_STOP: Final = object()


class Subscriber:
    """One client's watched queries. Not for other threads than the event loop's."""

    def __init__(self, runtime: Runtime, listener: Callable[[Delta], None]) -> None:
        self._runtime = runtime
        self._listener = listener
        self._open = True
        self._subscription = Subscription(self._deliver)

    def update(
        self, *, add: Mapping[int, Watch], remove: Collection[int], identity: Identity | None, tag: object
    ) -> None:
        """Change the set of watched queries, or who the caller is; a new caller re-runs what asked for the caller.

        Exactly one Delta carries `tag`: it has the results of `add`, and of what changed with the caller.
        """
        if self._open:
            self._runtime._put(Update(self._subscription, dict(add), tuple(remove), identity, tag))

    def close(self) -> None:
        """The listener is not called again."""
        if self._open:
            self._open = False
            self._runtime._put(Close(self._subscription))

    def _deliver(self, delta: Delta) -> None:
        if self._open:
            self._listener(delta)


class Runtime:
    """A running backend on one database. Use it from one event loop; `close` it there."""

    contract: Contract
    """What it serves."""

    def __init__(
        self, engine: Engine, workshop: Workshop, functions: Mapping[str, CompiledFunction], failures: Failures
    ) -> None:
        self._engine = engine
        self._workshop = workshop
        self._functions = functions
        self._failures = failures
        self._by_handler = {id(function.handler): function for function in functions.values()}
        self._jobs: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._telling = Telling()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing = False
        self._actions = 0
        """Begun so far; counted here, since the engine's counters belong to its thread."""
        self._running: set[asyncio.Future[Any]] = set()
        """Actions that have begun; `close` waits for them."""
        self._thread = threading.Thread(target=self._work, name="schemagen-engine", daemon=True)
        self._thread.start()

    @classmethod
    def open(
        cls,
        *,
        contract: Contract,
        functions: Mapping[str, Declared[Any, Any, Any]],
        tables: Mapping[str, type[Table]],
        database: str,
        clock: Clock | None = None,
        limits: Limits | None = None,
        memory: Memory | None = None,
        migrations: Mapping[str, Migration] | None = None,
    ) -> Runtime:
        """Start serving functions on a database: `sqlite:///crm.db`, `sqlite:////var/lib/crm.db`, or `sqlite://`.

        The last is in memory. Migrations, by name, in the order in which they are run, are finished here where
        documents do not fit the schema otherwise; the others run beside the serving. Raises `StoreError` if the
        database cannot be opened or does not fit the schema, `MigrationFailed` among them.
        """
        memory = memory or Memory()
        fill = fresh_default(contract, tables)
        store, codec = open_store(contract, database_path(database), fill, migrations, memory.database_bytes)
        try:
            named = contract.types_by_name
            catalog = Catalog(tables, store.tables, codec, named)
            limits = limits or Limits()
            watchdog = Watchdog(limits.cpu_seconds)
            store.interrupt_when(lambda: watchdog.fired)
            workshop = Workshop(store, catalog, Planner(), clock or Clock(), Ids(), limits, watchdog)
            ready = compiled(contract.functions_by_path, functions, codec, named)
            failures = Failures(contract, codec)
            migrator = Migrator(migrations, workshop, codec) if migrations else None
            if migrator is not None:
                migrator.begin()
                migrator.narrow(migrator.log)
            engine = Engine(workshop, ready, failures, Stats(), memory.result_bytes, migrator)
            runtime = cls(engine, workshop, ready, failures)
            runtime.contract = contract
            return runtime
        except BaseException:
            store.close()
            raise

    # --- on the event loop ---

    async def run(
        self,
        kind: FunctionKind,
        path: str,
        args: Json,
        identity: Identity | None,
        *,
        request: str | None = None,
        internal: bool = False,
        told: Callable[[Answer], None] | None = None,
        subscriber: Subscriber | None = None,
    ) -> Answer:
        """Call a function. `request` makes a mutation run exactly once: asked again, the stored answer comes back.

        `internal` lets internal functions be called too. Never raises for what the function or the arguments do.
        `told` hears the engine's answer to a mutation in the same turn of the event loop in which subscribers hear of
        its commit, after them; whoever only awaits hears it later. It is not called if the engine was never asked.
        `subscriber` says who calls: it hears of the commit, and `told` of the answer, before other subscribers do.
        """
        function = self._functions.get(path)
        if function is None or (function.internal and not internal):
            return Answer(self.ts, failure=unknown_function(f"there is no {kind} {path!r}"))
        if function.kind is not kind:
            return Answer(self.ts, failure=unknown_function(f"{path!r} is a {function.kind}, not a {kind}"))
        if self._closing:
            return Answer(self.ts, failure=_closing())
        if kind is FunctionKind.ACTION:
            return await self._counted(self._run_action(function, args, identity))
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        caller = None if subscriber is None else subscriber._subscription
        self._put(Call(function, args, identity, request, _resolve(answered, told), caller))
        return await answered

    async def on_clients(self, work: Callable[[Clients], Result]) -> Result:
        """Let the engine's thread read or write what the database knows of clients, in a transaction of its own.

        Raises `StoreError` or `sqlite3.Error` if the database cannot; then nothing was written.
        """
        return await self._on_store(lambda store: work(store.clients))

    async def answered_before(self, path: str, args: Json, identity: Identity | None, request: str) -> Answer | None:
        """What a mutation answered when it ran under this request key, also if the function is gone since.

        Raises as `on_clients` does.
        """
        return await self._on_store(lambda store: answered_before(store, path, args, identity, request))

    async def _on_store(self, work: Callable[[SqliteStore], Result]) -> Result:
        if self._closing:
            raise StoreUnavailable("the server is closing")
        answered: asyncio.Future[Result | Exception] = asyncio.get_running_loop().create_future()
        self._put(StoreJob(work, _resolve(answered)))
        done = await answered
        if isinstance(done, Exception):
            raise done
        return done

    def subscriber(self, listener: Callable[[Delta], None]) -> Subscriber:
        """A client that watches nothing yet. `listener` is called on the event loop, in order of time."""
        self._bind()
        return Subscriber(self, listener)

    @property
    def ts(self) -> int:
        """The latest commit."""
        return self._workshop.store.ts

    def stats(self) -> Stats:
        """A copy of the counters."""
        stats = self._engine.stats
        return replace(stats, executions=stats.executions + self._actions)

    @property
    def tallies(self) -> dict[str, Tally]:
        """What each function came to, by path. They go on counting: only read them."""
        return {path: function.tally for path, function in self._functions.items()}

    @property
    def waiting(self) -> int:
        """How many jobs the engine's thread has not taken yet."""
        return self._jobs.qsize()

    @property
    def caches(self) -> dict[str, int]:
        """Entries of what is kept because it may be needed again."""
        return {"plans": self._workshop.planner.plans, "statements": self._workshop.store.statements}

    @property
    def actions_running(self) -> int:
        return len(self._running)

    @property
    def database_file(self) -> Path | None:
        """None for a database in memory."""
        path = self._workshop.store.path
        return None if path == ":memory:" else Path(path)

    async def close(self) -> None:
        """Finish what runs, answer what waits, and close the database. What is asked from now on is refused."""
        if self._closing:
            return
        self._closing = True
        if self._running:
            await asyncio.wait(set(self._running))
        self._jobs.put(_STOP)
        await asyncio.get_running_loop().run_in_executor(None, self._thread.join)
        self._telling.finish()
        self._workshop.store.close()

    async def call(
        self, function: object, args: tuple[Any, ...], kwargs: dict[str, Any], identity: Identity | None
    ) -> Any:
        """Run a declared function for an action: Python values in and out, exceptions raised."""
        assert isinstance(function, Declared)
        found = self._by_handler.get(id(function.handler))
        if found is None:
            raise TypeError(f"{function!r} is not among the functions of this backend")
        if found.kind is FunctionKind.ACTION:
            return await function.handler(ActionContext(self, identity), *args, **kwargs)
        answered: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._put(ActionCall(found, args, kwargs, identity, _resolve(answered)))
        outcome = await answered
        if outcome.error is not None:
            raise outcome.error
        return outcome.value

    async def _run_action(self, function: CompiledFunction, args: Json, identity: Identity | None) -> Answer:
        self._actions += 1
        started = time.perf_counter()
        value, failure = await action_answer(function, args, ActionContext(self, identity), self._failures)
        function.tally.ran(OK if failure is None else failure.kind, time.perf_counter() - started)
        return Answer(self.ts, value, failure)

    async def _counted(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        """An action goes on when its caller goes away: it may be half through something it must finish."""
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    def _bind(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
        return self._loop

    def _put(self, job: Job) -> None:
        if self._loop is None:
            self._bind()
        self._jobs.put(job)

    # --- on the engine's thread ---

    def _work(self) -> None:
        self._workshop.watchdog.start()
        stopping = False
        while not stopping:
            jobs = self._waiting()
            if jobs and jobs[-1] is _STOP:
                stopping = True
                jobs.pop()
            effects = self._run_batch(jobs)
            if self._engine.migrating and not stopping:
                effects.rest += self._migrate()
            if effects.first or effects.rest:
                self._tell(effects)
        self._workshop.watchdog.close()

    def _waiting(self) -> list[Any]:
        """All that waits, in order, up to a batch; nothing if time moved on for a live query first."""
        try:
            jobs = [self._jobs.get(timeout=self._patience())]
        except queue.Empty:
            return []
        while len(jobs) < BATCH_MAX and jobs[-1] is not _STOP and not self._jobs.empty():
            jobs.append(self._jobs.get())  # nobody else takes from the queue
        return jobs

    def _patience(self) -> float | None:
        """Seconds until a live query's time moves on, or a migration goes on."""
        if self._engine.migrating:
            return 0.0
        expiry = self._engine.next_expiry
        if expiry is None:
            return None
        return min(max(0.0, (expiry - self._workshop.clock.now()).total_seconds()), _PATIENCE_MAX_SECONDS)

    def _run_batch(self, jobs: list[Job]) -> Effects:
        try:
            return self._engine.run(jobs)
        except BaseException as error:  # a mistake of the engine's own must not leave callers waiting forever
            _log.critical("the engine failed on a batch of %d jobs", len(jobs), exc_info=error)
            self._workshop.store.rollback()
            return Effects([_abandoned(job, error, self.ts) for job in jobs if not isinstance(job, Close)])

    def _migrate(self) -> list[Effect]:
        try:
            return self._engine.migrate()
        except BaseException as error:
            _log.error("migrations stop until the next start", exc_info=error)
            self._workshop.store.rollback()
            self._engine.stop_migrating()
            return []

    def _tell(self, effects: Effects) -> None:
        assert self._loop is not None  # whoever put a job has bound it
        try:
            self._loop.call_soon_threadsafe(self._telling.tell, effects)
        except RuntimeError:
            _log.warning("the event loop closed before the runtime; %d answers are lost", len(effects.all))


def _resolve(future: asyncio.Future[Any], told: Callable[[Any], None] | None = None) -> Callable[[Any], None]:
    def resolve(value: Any) -> None:
        if not future.done():  # its caller may have given up
            future.set_result(value)
        if told is not None:
            told(value)

    return resolve


def _abandoned(job: Call | ActionCall | Update | StoreJob, error: BaseException, ts: int) -> Effect:
    failure = unavailable("the server failed while this call ran")
    match job:
        case Call():
            return job.reply, Answer(ts, failure=failure)
        case ActionCall():
            return job.reply, Outcome(ts, error=error)
        case StoreJob():
            return job.reply, StoreUnavailable("the server failed before it came to this")
        case Update():
            return job.subscription.deliver, Delta(ts, dict.fromkeys(job.add, failure), job.tag)
        case _:
            assert_never(job)


def _closing() -> Failure:
    return unavailable("the server is shutting down")
