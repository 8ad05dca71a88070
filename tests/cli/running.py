"""A server command in a process of its own, whose words can be waited for."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.project import environment

WAIT_SECONDS = 60.0


class Running:
    """Collects what the process says on stderr."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said = ""
        self._heard = threading.Condition()
        self._read_from = 0
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The next match of `pattern` in what is said after the match before. Fails if the process ends without it."""
        with self._heard:
            found: list[re.Match[str]] = []

            def heard() -> bool:
                match = re.compile(pattern).search(self.said, self._read_from)
                found.extend([match] if match else [])
                return bool(match) or self.process.poll() is not None

            assert self._heard.wait_for(heard, WAIT_SECONDS) and found, f"no {pattern!r} in:\n{self.said}"
            self._read_from = found[0].end()
            return found[0]

    def address(self) -> str:
        """`http://127.0.0.1:1234`, once it serves."""
        return self.wait_for(r"serving \d+ functions? at (http://\S+)")[1]

    def interrupt(self) -> int:
        """Ctrl+C, and the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(WAIT_SECONDS)

    def end(self) -> None:
        """At once, if it has not ended by itself."""
        self.process.kill()
        self.process.wait()
        self._listener.join()
        assert self.process.stderr is not None
        self.process.stderr.close()

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._heard:
                self.said += line
                self._heard.notify_all()
        self.process.wait()
        with self._heard:
            self._heard.notify_all()


@contextmanager
def running(*arguments: str, cwd: Path, **env: str) -> Iterator[Running]:
    """`schemagen …` until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "schemagen", *arguments],
        cwd=cwd,
        env=environment(**env),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    command = Running(process)
    try:
        yield command
    finally:
        command.end()
