"""`make demo`: build the SDKs, serve the CRM with sample data, and watch it live while somebody else writes.

On a terminal the server stays up until Ctrl-C; elsewhere, or with --once, the demo ends when the results were shown.
"""

from __future__ import annotations

import argparse
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
START_SECONDS_MAX = 30
RESULTS = 4
"""How many live results the consumer prints: the first, and three changes."""

Environment = dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(description="Serve the CRM with sample data and watch it live.")
    parser.add_argument("--once", action="store_true", help="end when the live results were shown")
    once = parser.parse_args().once or not sys.stdout.isatty()
    signal.signal(signal.SIGTERM, _terminate)
    with tempfile.TemporaryDirectory(prefix="crm-demo-") as folder:
        environment = _environment(Path(folder))
        say("building generated/python and generated/typescript")
        schemagen("build", environment=environment)
        say("filling a database in", folder)
        schemagen("run", "sample.fill", '{"companies": 2, "contactsPerCompany": 120}', environment=environment)
        with served(environment) as url:
            say("a Python consumer watches the leads of a team, another connection adds some")
            show_live_results(url, environment)
            if not once:
                wait_for_the_end(url, environment)
    say("the server has stopped")
    return 0


def schemagen(*arguments: str, environment: Environment) -> str:
    """Run one command, and return what it prints; what goes wrong is shown and ends the demo."""
    done = subprocess.run(
        [sys.executable, "-m", "schemagen", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise SystemExit(f"schemagen {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


@contextmanager
def served(environment: Environment) -> Generator[str, None, None]:
    """A running server; its address. It is stopped in good order at the end."""
    port = str(_free_port())
    url = f"http://127.0.0.1:{port}"
    with running(["schemagen", "serve", "--port", port], environment) as server:
        _wait_until_healthy(url, server)
        yield url


@contextmanager
def running(
    arguments: list[str], environment: Environment, *, stdout: int | None = None
) -> Generator[subprocess.Popen[str], None, None]:
    """A Python module in a process, which is ended at the end if it has not by itself.

    In a session of its own, so that Ctrl-C reaches only the demo. SIGTERM is held back while it starts: nobody would
    end a process that is not in our hands yet.
    """
    held_back: list[int] = []
    handler = signal.signal(signal.SIGTERM, lambda number, _: held_back.append(number))
    command = [sys.executable, "-m", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=stdout, text=True, start_new_session=True
    ) as process:
        try:
            signal.signal(signal.SIGTERM, handler)
            if held_back:
                raise SystemExit(128 + held_back[0])
            yield process
        finally:
            process.terminate()


def show_live_results(url: str, environment: Environment) -> None:
    """Run the consumer, and once it has printed its first result, the writer beside it."""
    watch = ["examples.script.watch", url, token("lead-north@acme.example", environment), "--results", str(RESULTS)]
    write = ["examples.script.write", url, token("agent-north@acme.example", environment)]
    with running(watch, environment, stdout=subprocess.PIPE) as watcher:
        assert watcher.stdout is not None
        for line in watcher.stdout:
            print("  ", line.rstrip(), flush=True)
            if line.startswith("live:"):
                break
        with running(write, environment):
            for line in watcher.stdout:
                print("  ", line.rstrip(), flush=True)
        if watcher.wait() != 0:
            raise SystemExit("the consumer failed")


def wait_for_the_end(url: str, environment: Environment) -> None:
    """Say how to go on from here, until Ctrl-C."""
    say(f"the CRM is at {url}; sign in with this token, which is the owner's of Acme:\n")
    owner = token("owner@acme.example", environment)
    print(f"{owner}\n")
    print(f"  curl -X POST {url}/api/query/dashboard.summary -H 'Authorization: Bearer {owner}'\n")
    say("stop with Ctrl-C")
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()


def token(subject: str, environment: Environment) -> str:
    return schemagen("token", subject, environment=environment)


def say(*words: object) -> None:
    print("demo:", *words, flush=True)


def _environment(folder: Path) -> Environment:
    """Ours, with a database and a secret for this one run, and the generated SDK where Python looks for it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SCHEMAGEN_")}
    return {
        **inherited,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "generated/python"), str(ROOT)]),
        "PYTHONUNBUFFERED": "1",
        "SCHEMAGEN_AUTH_SECRET": secrets.token_hex(32),
        "SCHEMAGEN_DATABASE": f"sqlite:///{folder / 'crm.db'}",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_healthy(url: str, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SystemExit("the server ended before it answered; its own words stand above")
        try:
            with urlopen(f"{url}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise SystemExit(f"the server did not answer at {url} within {START_SECONDS_MAX} seconds")


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)  # an exception, so that every `with` on the way out cleans up


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
