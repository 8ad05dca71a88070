"""The real runtime with its thread taken out: a batch runs when the simulation says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from schemagen import Identity
from schemagen.engine.answer import Answer
from schemagen.engine.batch import Call, Job
from schemagen.engine.clock import Ids
from schemagen.engine.memory import Memory
from schemagen.engine.runtime import Runtime
from schemagen.engine.telling import Effect
from tests.engine.backend import Backend
from tests.engine.host import HandClock
from tests.engine.simulation.model import nth_id


class CountingIds(Ids):
    """Ids in order of insertion, known in advance: so that a query may ask for a document before it is there."""

    def __init__(self) -> None:
        super().__init__()
        self.inserted = 0

    def fresh(self, table: str, now: datetime) -> str:
        self.inserted += 1
        return nth_id(table, self.inserted - 1)


class SteppedRuntime(Runtime):
    """Nothing happens but in `step`."""

    def _work(self) -> None:
        """The engine's thread ends at once."""

    def _bind(self) -> Any:
        """There is no event loop."""

    def _put(self, job: Job) -> None:
        self._jobs.put(job)

    def ask(
        self, path: str, args: Any, identity: Identity | None, request: str | None, reply: Callable[[Answer], None]
    ) -> None:
        """As `run`, with a callback."""
        self._put(Call(self._functions[path], args, identity, request, reply))

    def step(self, jobs_max: int) -> list[Effect]:
        """Run the first jobs that wait as one batch; what it would tell the event loop."""
        jobs = [self._jobs.get() for _ in range(min(jobs_max, self.waiting))]
        return self._engine.run(jobs).all

    def stop(self) -> None:
        """What waits is lost, as in a crash."""
        self._thread.join()
        self._workshop.store.close()


def stepped(backend: Backend, database: str, clock: HandClock, ids: CountingIds, memory: Memory) -> SteppedRuntime:
    runtime = SteppedRuntime.open(
        contract=backend.contract,
        functions=backend.functions,
        tables=backend.tables,
        database=database,
        clock=clock,
        memory=memory,
    )
    object.__setattr__(runtime._workshop, "ids", ids)
    assert isinstance(runtime, SteppedRuntime)
    return runtime
