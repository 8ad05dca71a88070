"""What a person sees: results on stdout, progress and mistakes on stderr."""

from __future__ import annotations

import json
import os
import sys
import traceback
from typing import Any

from schemagen.cli.mistake import CommandError, Mistake


class Terminal:
    """One line that is overwritten on a terminal, plain lines elsewhere; with `machine`, one JSON value on stdout."""

    def __init__(self, *, machine: bool = False) -> None:
        self.machine = machine
        self.live = not machine and sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and "CI" not in os.environ
        self._shown = False

    def progress(self, text: str) -> None:
        """What is being done now."""
        if self.machine:
            return
        if self.live:
            print(f"\r\x1b[2K{text} …", end="", file=sys.stderr, flush=True)
            self._shown = True
        else:
            print(text, file=sys.stderr, flush=True)

    def say(self, text: str) -> None:
        """A result for people."""
        self.clear()
        if not self.machine:
            print(text, flush=True)

    def warn(self, text: str) -> None:
        """Something worth knowing, on stderr, also beside JSON."""
        self.clear()
        print(text, file=sys.stderr, flush=True)

    def labelled(self, label: str, text: str) -> None:
        """Somebody else's output on stderr, each line after its label."""
        for line in text.splitlines():
            self.warn(f"{label} | {line}")

    def answer(self, value: Any) -> None:
        """The one JSON value of `--json`."""
        if self.machine:
            print(json.dumps(value, indent=2, ensure_ascii=False), flush=True)

    def clear(self) -> None:
        """Take the progress line away."""
        if self._shown:
            print("\r\x1b[2K", end="", file=sys.stderr, flush=True)
            self._shown = False


def counted(count: int, noun: str) -> str:
    """`1 file`, `2 files`, `no files`, `1 query`, `2 queries`."""
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{count or 'no'} {noun if count == 1 else plural}"


def message(error: Exception) -> str:
    """What to tell a person of an error: what, where, why and how to fix it; a traceback of ours only for `--debug`."""
    if is_invalid_backend(error):
        printed = [f"backend | {line}\n" for line in getattr(error, "output", "").splitlines()]
        return "".join(printed) + str(error).rstrip("\n")
    if isinstance(error, CommandError):
        return str(error)
    return "".join(traceback.format_exception(error)) * debugging() + str(unexpected(error))


def debugging() -> bool:
    """Whether tracebacks are wanted; `--debug` sets the variable."""
    return os.environ.get("SCHEMAGEN_DEBUG", "") not in ("", "0")


def mistakes_json(error: Exception) -> list[Any]:
    """The mistakes of an error, for machines."""
    if isinstance(error, CommandError):
        return [mistake.to_json() for mistake in error.mistakes]
    if is_invalid_backend(error):
        from schemagen.introspect.diagnostics import InvalidBackend, to_json

        assert isinstance(error, InvalidBackend)
        return to_json(error.diagnostics)
    return [unexpected(error).to_json()]


def is_invalid_backend(error: Exception) -> bool:
    """Whether it is an `InvalidBackend`, without importing introspect for a command that does not."""
    introspect = sys.modules.get("schemagen.introspect.diagnostics")
    return introspect is not None and isinstance(error, introspect.InvalidBackend)


def unexpected(error: Exception) -> Mistake:
    """One of our own mistakes, or the machine's."""
    if isinstance(error, OSError) and error.strerror:
        said = error.strerror[:1].lower() + error.strerror[1:]
        return Mistake(
            "system",
            f"{error.filename}: {said}" if error.filename else said,
            why="the operating system refused it",
            fix="check that the path exists and is writable, and that the disk is not full; --debug shows more",
        )
    return Mistake(
        "unexpected",
        f"{type(error).__name__}: {error}" if str(error) else type(error).__name__,
        why="this is a mistake in schemagen, not in your backend",
        fix="run the same command with --debug and report what it prints",
    )
