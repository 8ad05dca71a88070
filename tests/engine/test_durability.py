"""What was acknowledged survives `kill -9`, and nothing is there by half."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from schemagen import Id, MutationCtx, QueryCtx, Table, index, mutation, query
from schemagen.model.contract import FunctionKind
from tests.engine.backend import backend_of
from tests.engine.host import running


class Half(Table, name="halves"):
    number: int

    by_number = index("number")


@mutation
async def put_both(ctx: MutationCtx, *, number: int) -> Id[Half]:
    await ctx.db.insert(Half(number=number))
    return await ctx.db.insert(Half(number=number))


@query
async def numbers(ctx: QueryCtx) -> list[int]:
    return [half.number for half in await ctx.db.query(Half).order_by(Half.number).all()]


BACKEND = backend_of(put_both, numbers, tables=[Half])


CHILD = """
import asyncio, sys
from tests.engine.test_durability import write_until_killed
asyncio.run(write_until_killed(sys.argv[1], int(sys.argv[2])))
"""


async def write_until_killed(database: str, start: int) -> None:
    """Prints each number once its mutation is acknowledged."""

    async def send(worker: int) -> None:
        number = start + worker
        while True:
            answer = await host.call(FunctionKind.MUTATION, "app.putBoth", {"number": number}, request=f"s:{number}")
            assert answer.failure is None
            print(number, flush=True)
            number += 8

    async with running(BACKEND, database) as host:
        await asyncio.gather(*map(send, range(8)))


@pytest.mark.slow
def test_an_acknowledged_write_survives_kill_9(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/app.db"
    chance = random.Random(1)
    acknowledged: set[int] = set()
    for life in range(5):
        command = [sys.executable, "-c", CHILD, database, str(life * 100_000)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        acknowledged.add(int(child.stdout.readline()))  # it runs
        time.sleep(chance.random() * 0.2)
        os.kill(child.pid, signal.SIGKILL)
        acknowledged |= {int(line) for line in child.stdout if line.endswith("\n")}
        child.stdout.close()
        child.wait()
    asyncio.run(check_stored(database, acknowledged))


async def check_stored(database: str, acknowledged: set[int]) -> None:
    async with running(BACKEND, database) as host:
        stored = await host.query("app.numbers")
        assert acknowledged <= set(stored)
        assert all(stored.count(number) == 2 for number in set(stored))
        again = max(acknowledged)
        await host.call(FunctionKind.MUTATION, "app.putBoth", {"number": again}, request=f"s:{again}")
        assert await host.query("app.numbers") == stored
