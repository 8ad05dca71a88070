"""Many sockets that watch, in a process of their own: what they take must not slow down who measures.

The process answers lines: `wait 2000` with `done` once so many frames came, and `count` with how many came.
"""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Final

from websockets.asyncio.client import ClientConnection

from benchmarks.faces import FACES

ROOT: Final = Path(__file__).parents[1]
_SPARE_FILES: Final = 256
_OPENING: Final = 50
"""Connections that are opened at the same time."""


def allow_files(count: int) -> None:
    """Let this process and its children have so many sockets. Raises RuntimeError if the system does not."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise RuntimeError(
                f"{count} sockets need {wanted} open files, and the system allows {hard}: see ulimit -Hn"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Sockets:
    """The process, as who measures speaks to it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    async def wait(self, frames: int) -> None:
        """Until so many frames came since they began to watch."""
        answer = await self._ask(f"wait {frames}")
        assert answer == "done", answer

    async def count(self) -> int:
        return int(await self._ask("count"))

    async def _ask(self, line: str) -> str:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return (await asyncio.to_thread(self._process.stdout.readline)).strip()


@contextmanager
def watching(server: str, address: str, count: int, per_socket: int, prefix: str) -> Iterator[Sockets]:
    """`count` sockets that watch `per_socket` companies each.

    With one it is the same for all, named `prefix`; with more they are all different.
    """
    allow_files(count)
    arguments = (server, address, str(count), str(per_socket), prefix)
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sockets", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None and process.stdout is not None
    try:
        ready = process.stdout.readline().strip()
        assert ready == "ready", ready
        yield Sockets(process)
    finally:
        process.stdin.close()
        process.wait(60)
        process.stdout.close()


# --- the process ---


class _Frames:
    def __init__(self) -> None:
        self.count = 0
        self._enough = asyncio.Event()
        self._wanted = 0

    async def read(self, connection: ClientConnection) -> None:
        async for _ in connection:
            self.count += 1
            if self.count >= self._wanted:
                self._enough.set()

    async def wait(self, wanted: int) -> None:
        self._wanted = wanted
        self._enough.clear()
        if self.count < wanted:
            await self._enough.wait()


async def main(server: str, address: str, count: int, per_socket: int, prefix: str) -> None:
    face = FACES[server]()
    frames = _Frames()
    opening = asyncio.Semaphore(_OPENING)
    async with AsyncExitStack() as stack:

        async def one(number: int) -> ClientConnection:
            names = [prefix] if per_socket == 1 else [f"{prefix}-{number}-{n}" for n in range(per_socket)]
            async with opening:
                connection = await face.open(stack, address)
                await face.watch(connection, names)
            return connection

        connections = await asyncio.gather(*(one(number) for number in range(count)))
        readers = [asyncio.create_task(frames.read(connection)) for connection in connections]
        print("ready", flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            command, _, number = line.strip().partition(" ")
            if command == "wait":
                await frames.wait(int(number))
            print("done" if command == "wait" else frames.count, flush=True)
        for reader in readers:
            reader.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]))
