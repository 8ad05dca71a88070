"""One life of a backend: random clients, writes, queries and mishaps, with every promise checked at every step."""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson

from schemagen import Identity
from schemagen.engine.answer import Answer, Stats
from schemagen.engine.memory import Memory
from schemagen.engine.telling import Effect
from schemagen.sync.value import Values
from tests.engine.host import HandClock
from tests.engine.simulation.client import NAMES, Client, depends_on_time
from tests.engine.simulation.handlers import backend_for
from tests.engine.simulation.model import Change, ModelFailure, State, View
from tests.engine.simulation.pages import LivePage
from tests.engine.simulation.programs import Mix, Programs
from tests.engine.simulation.schema import Schema, some_schema
from tests.engine.simulation.stepped import CountingIds, SteppedRuntime, stepped

RUNS_PER_SCHEMA = 20
STEPS = {
    "mutate": 9,
    "mutate outside": 3,
    "watch": 5,
    "unwatch": 2,
    "turn pages": 3,
    "sign in": 1.5,
    "run a batch": 5,
    "tell everybody": 8,
    "deliver": 3,
    "take": 3,
    "turn the clock": 1,
    "lose": 0.7,
    "come back": 3,
    "restart": 0.4,
}

REUSED = {"error": "protocol"}
"""What a mutation gives that is sent again by somebody else than who sent it first."""


@dataclass
class Moment:
    """The backend after one batch: what every query must give."""

    number: int
    ts: int
    now: datetime
    state: State
    _outcomes: dict[bytes, Any] = field(default_factory=dict)

    def view(self, subject: str | None) -> View:
        return View(self.state, self.now, subject)

    def outcome(self, reads: list[Any], subject: str | None) -> Any:
        key = orjson.dumps([reads, subject])
        if key not in self._outcomes:
            try:
                self._outcomes[key] = self.view(subject).look(reads)
            except ModelFailure as failure:
                self._outcomes[key] = {"error": failure.code}
        return self._outcomes[key]

    def __str__(self) -> str:
        return f"batch {self.number}, ts {self.ts}"


@dataclass
class Done:
    """A mutation that ran, as the model has it."""

    now: datetime
    writes: list[Any]
    identity: Identity | None
    ts: int
    outcome: Any
    moved: bool
    """Whether its commit has a new timestamp."""


@dataclass(eq=False)
class Asking:
    """A mutation on its way; called with its answer when the event loop learns of it."""

    world: World
    writes: list[Any]
    identity: Identity | None
    key: str | None
    answered: Callable[[Answer], None] | None

    def __call__(self, answer: Answer) -> None:
        if self.answered is not None:
            self.answered(answer)


class World:
    """Everything of one run; `step` does one random thing."""

    def __init__(self, seed: int, database: str, mix: Mix) -> None:
        self.random = Random(seed)
        self.schema: Schema = some_schema(seed // RUNS_PER_SCHEMA)
        self.database = database
        self.clock = HandClock()
        self.ids = CountingIds()
        self.programs = Programs(self.random, self.schema, mix, State(self.schema))
        self.stats = Stats()
        self.memory = Memory(result_bytes=self.random.choice([300, 2000, 1_000_000]))
        self.runtime: SteppedRuntime = self._open()
        self.values = Values()
        self.moments: list[Moment] = [Moment(0, 0, self.clock.time, State(self.schema))]
        self.delivered = self.moments[0]
        """The latest batch whose effects the event loop has applied."""
        self.by_ts: dict[int, Moment] = {0: self.moments[0]}
        self.effects: deque[tuple[Moment, list[Effect]]] = deque()
        """Batches whose effects are on their way to the event loop."""
        self.done: list[Done] = []
        self.by_key: dict[str, Done] = {}
        self.trace: list[str] = []
        self.clients = [Client(self, number) for number in range(self.random.randint(1, 3))]
        for _ in range(6):
            self.ask_mutation(self._writes(), None, None, None)
        self.run_batch(6)
        self.programs.state = self.latest.state
        for client in self.clients:
            client.connect()
            for _ in range(4):
                self._watch(client)

    def _open(self) -> SteppedRuntime:
        return stepped(backend_for(self.schema), self.database, self.clock, self.ids, self.memory)

    @property
    def latest(self) -> Moment:
        return self.moments[-1]

    def moment_of(self, ts: int) -> Moment:
        """The first batch that stood at `ts`."""
        return self.by_ts[ts]

    # --- steps ---

    def step(self) -> None:
        random, client = self.random, self.random.choice(self.clients)
        self.programs.state, self.programs.inserted = self.latest.state, self.ids.inserted
        what = random.choices(list(STEPS), list(STEPS.values()))[0]
        self.trace.append(what)
        match what:
            case "mutate" if client.connected:
                client.mutate(self._writes())
            case "mutate outside":
                self.ask_mutation(self._writes(), None, None, None)
            case "watch" if client.connected and len(client.queries) < 9:
                self._watch(client)
            case "unwatch" if client.connected and client.queries:
                known = list(client.queries)
                query_id = random.choice(known + known[-1:] * len(known))
                client.unwatch([query_id])
                if random.random() < 0.7:
                    self._watch(client, query_id)
            case "turn pages" if client.connected and self.programs.mix is Mix.ALL:
                client.turn_pages()
            case "sign in" if client.connected:
                client.sign_in(random.choice(NAMES))
            case "run a batch":
                self.run_batch(random.choice([1, 2, 100]))
            case "tell everybody":
                self.tell()
            case "deliver":
                self.deliver()
                self._take_some()
            case "take":
                client.take()
            case "turn the clock":
                self.run_batch(100)  # what waits does not wait that long
                self.clock.turn(timedelta(seconds=random.choice([0.5, 1, 5])))
                self.run_batch(0)
            case "lose" if client.connected:
                client.lose()
            case "come back" if not client.connected:
                client.connect()
            case "restart" if self.database != "sqlite://":
                self.restart()
            case _:
                pass

    def _writes(self) -> list[Any]:
        return self.programs.writes()

    def _watch(self, client: Client, query_id: int | None = None) -> None:
        others = [asked.reads for each in self.clients for asked in each.queries.values() if asked.page is None]
        shared = others and self.random.random() < 0.4
        reads = self.random.choice(others) if shared else self.programs.reads()
        client.watch(reads, timed=depends_on_time(reads), query_id=query_id)

    def ask_mutation(
        self, writes: Any, identity: Identity | None, key: str | None, answered: Callable[[Answer], None] | None
    ) -> None:
        asking = Asking(self, writes, identity, key, answered)
        self.runtime.ask("app.change", {"writes": writes}, identity, key, asking)

    # --- the engine ---

    def run_batch(self, jobs_max: int) -> None:
        """Let the engine run what waits; then let the model do the same."""
        effects = self.runtime.step(jobs_max)
        ts, state = self.latest.ts, self.latest.state
        asked = [(asking, answer) for asking, answer in effects if isinstance(asking, Asking)]
        fresh = [pair for pair in asked if pair[0].key is None or pair[0].key not in self.by_key]
        docs = dict(state.docs)
        outcomes: list[tuple[Asking, Any]] = []
        written = 0
        known: set[str] = set()
        for asking, _ in fresh:
            if asking.key is not None and asking.key in known:
                continue
            known |= {asking.key} if asking.key is not None else set()
            docs, outcome, count = self._modelled(docs, asking)
            outcomes.append((asking, outcome))
            written += count
        if written:
            ts, state = ts + 1, State(self.schema, docs)
            self.programs.ids = tuple(dict.fromkeys((*self.programs.ids, *docs)))
        for asking, outcome in outcomes:
            done = Done(self.clock.time, asking.writes, asking.identity, ts, outcome, written > 0)
            self.done.append(done)
            if asking.key is not None:
                self.by_key[asking.key] = done
        assert self.runtime.ts == ts, f"the engine is at ts {self.runtime.ts}, the model at {ts}"
        self._check_answers(asked, outcomes)
        moment = Moment(len(self.moments), ts, self.clock.time, state)
        self.moments.append(moment)
        self.by_ts.setdefault(ts, moment)
        self.effects.append((moment, effects))
        if self.random.random() < 0.1:
            self._ask_afresh()

    def _modelled(self, docs: dict[str, Any], asking: Asking) -> tuple[dict[str, Any], Any, int]:
        """What one mutation does to the documents, what it answers, and how much it wrote."""
        subject = None if asking.identity is None else asking.identity.subject
        change = Change(self.schema, dict(docs), self.clock.time, subject, self.modelled_inserts)
        try:
            outcome = change.run(asking.writes)
        except ModelFailure as failure:
            return docs, {"error": failure.code}, 0
        finally:
            self.modelled_inserts = change.inserted
        return change.docs, outcome, change.written

    modelled_inserts = 0
    """How many inserts the model has seen, undone ones too."""

    def _check_answers(self, asked: list[tuple[Asking, Answer]], outcomes: list[tuple[Asking, Any]]) -> None:
        expected = {id(asking): outcome for asking, outcome in outcomes}
        for asking, answer in asked:
            if asking.key is not None:
                done = self.by_key[asking.key]
                if asking.identity != done.identity:
                    assert told(answer) == REUSED, "somebody else learned the answer of a mutation"
                    continue
                assert answer.ts == done.ts, f"a mutation of ts {done.ts} answers with {answer.ts}"
                assert told(answer) == done.outcome, (
                    f"{asking.writes} gives {told(answer)}, in the model {done.outcome}"
                )
            else:
                assert answer.ts == self.runtime.ts
                outcome = expected[id(asking)]
                assert told(answer) == outcome, f"{asking.writes} gives {told(answer)}, in the model {outcome}"

    def check_answer(self, key: str, ts: int, outcome: Any) -> Done:
        """What a client was told of its mutation; what the model has of it."""
        done = self.by_key[key]
        assert outcome == REUSED or (ts, outcome) == (done.ts, done.outcome)
        return done

    def _ask_afresh(self) -> None:
        """Run the clients' queries once more, unwatched; they must give what the model gives."""
        moment = self.latest
        for client in self.clients:
            for asked in client.queries.values():
                subject = None if client.identity is None else client.identity.subject
                given = self.ask_query(asked.reads, client.identity)
                if asked.page is None:
                    expected = moment.outcome(asked.reads, subject)
                    assert given == expected, f"the engine gives {given}, the model {expected} for {asked.reads}"
                else:
                    assert len(given["items"]) <= asked.reads[0]["size"]
                    LivePage(asked.reads[0]).check(moment.view(subject), given)

    def ask_query(self, reads: list[Any], identity: Identity | None) -> Any:
        """Only while nothing waits to be run."""
        return ask_now(self.runtime, "app.look", {"reads": reads}, identity)

    def deliver(self) -> None:
        """The event loop applies the effects of one batch, in one go."""
        if self.effects:
            moment, effects = self.effects.popleft()
            for function, value in effects:
                function(value)
            self.delivered = moment

    def tell(self) -> None:
        """All that waits is run, delivered and read, by slow clients only at the end."""
        self.run_batch(100)
        while self.effects:
            self.deliver()
            self._take_some()
        for client in self.clients:
            client.take()

    def _take_some(self) -> None:
        for client in self.clients:
            if self.random.random() < 0.5:
                client.take()

    def restart(self) -> None:
        """A crash, or an engine that takes over from another while connections stay."""
        if self.random.random() < 0.5:
            self.effects.clear()
            for client in self.clients:
                client.lose()
            self._reopen()
            self.values = Values()
            self.delivered = self.latest
        else:
            self.run_batch(self.runtime.waiting)
            while self.effects:
                self.deliver()
            self._reopen()
            for client in self.clients:
                if client.connected:
                    client.moved()

    def _reopen(self) -> None:
        self._close()
        self.clock.turn(timedelta(milliseconds=1))
        self.runtime = self._open()
        self.moments.append(Moment(len(self.moments), self.latest.ts, self.clock.time, self.latest.state))
        assert self.runtime.ts == self.latest.ts, "a restarted engine is at another timestamp"

    def _close(self) -> None:
        self.stats.reruns += self.runtime.stats().reruns
        self.stats.wasted_reruns += self.runtime.stats().wasted_reruns
        self.runtime.stop()

    # --- the end ---

    def settle(self) -> None:
        """Everybody comes back, all work is done, all is told."""
        self.trace.append("settle")
        for client in self.clients:
            if not client.connected:
                client.connect()
        while self.runtime.waiting or self.effects:
            self.run_batch(100)
            while self.effects:
                self.deliver()
        for client in self.clients:
            client.take()
            assert not client.unfinished, "a mutation was never answered"
            assert client.sync is not None
            assert client.version is not None
            assert client.version[:2] == (client.sync.query_set, client.sync.identity)
        assert dump(self.runtime, self.schema) == self.latest.view(None).look(everything(self.schema))

    def replay(self) -> None:
        """The mutations once more, one after the other, on an empty database: the same answers, the same end."""
        self.trace.append("replay")
        clock = HandClock()
        again = stepped(backend_for(self.schema), "sqlite://", clock, CountingIds(), self.memory)
        try:
            for done in self.done:
                clock.time = done.now
                outcome = ask_now(again, "app.change", {"writes": done.writes}, done.identity)
                assert outcome == done.outcome, "replayed, a mutation answers something else"
            assert dump(again, self.schema) == dump(self.runtime, self.schema), "replayed, the end is another"
        finally:
            again.stop()

    def close(self) -> None:
        self._close()


def told(answer: Answer) -> Any:
    """A value, or the code of an error."""
    if answer.failure is not None:
        return {"error": answer.failure.code}
    return orjson.loads(answer.value or b"")


def ask_now(runtime: SteppedRuntime, path: str, args: Any, identity: Identity | None) -> Any:
    """Put one call in front of all that waits, and run it alone."""
    waiting = [runtime._jobs.get() for _ in range(runtime.waiting)]
    runtime.ask(path, args, identity, None, lambda _: None)
    effects = runtime.step(1)
    for job in waiting:
        runtime._put(job)
    return told(effects[-1][1])


def everything(schema: Schema) -> list[Any]:
    selects = [{"table": each.name, "where": [], "order": [], "desc": False, "scan": False} for each in schema.tables]
    return [{"way": "all", "select": select} for select in selects]


def dump(runtime: SteppedRuntime, schema: Schema) -> Any:
    return ask_now(runtime, "app.look", {"reads": everything(schema)}, None)


@contextmanager
def new_world(seed: int, mix: Mix = Mix.ALL) -> Iterator[World]:
    """A quarter of all worlds have a file, and may restart."""
    if seed % 4:
        world = World(seed, "sqlite://", mix)
        try:
            yield world
        finally:
            world.close()
        return
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        world = World(seed, f"sqlite:///{folder}/world.db", mix)
        try:
            yield world
        finally:
            world.close()
