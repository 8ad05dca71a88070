"""Where `schemagen` begins: a check that would say what it said before says it at once, all else is `main`'s.

A hook runs the check at every commit, mostly for nothing. Reading the command line with typer alone takes twice as long
as finding out that nothing changed; so here, and only here, it is read by hand, as far as such a check needs it.
"""

from __future__ import annotations

import io
import os
import sys
from datetime import UTC, datetime
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    said = _remembered(given[1:]) if given[:1] == ["check"] else None
    if said is None:
        from schemagen.cli.main import main as run

        return run(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        print(said, end="", flush=True)
    except BrokenPipeError:  # whoever read our output has gone, as in `schemagen check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 0


def _remembered(options: list[str]) -> str | None:
    """What the last green check said, if this one asks for the same and would say the same."""
    from schemagen.cli.check_memory import recall_check
    from schemagen.cli.config import load_config
    from schemagen.cli.mistake import CommandError
    from schemagen.cli.reporting import Format

    asked = _asked(options)
    if asked is None:
        return None
    wanted = "json" if "--json" in asked else asked.get("--format", "text")
    try:
        config = load_config(Path(asked.get("--project", ".")))
        return recall_check(config, asked.get("--base"), Format(wanted), datetime.now(UTC).date())
    except (CommandError, OSError, ValueError):
        return None  # the command itself says what is wrong


def _asked(options: list[str]) -> dict[str, str] | None:
    """Options and their values; None if there is one of which only the command itself knows what it means."""
    asked: dict[str, str] = {}
    left = list(options)
    while left:
        name, equals, value = left.pop(0).partition("=")
        if name == "--json" and not equals:
            asked["--json"] = ""
        elif name in ("--base", "--format", "--project") and (equals or left):
            asked[name] = value if equals else left.pop(0)
        else:
            return None
    return asked
