"""`schemagen check`: the one command for CI and pre-commit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from schemagen.cli.check_memory import recall_check, remember_check
from schemagen.cli.config import load_config
from schemagen.cli.options import Project
from schemagen.cli.reporting import Format
from schemagen.cli.terminal import Terminal, mistakes_json

EPILOG = "Example: schemagen check --consumers --format github"


def check(
    base: Annotated[
        str | None, typer.Option(help="What to compare with: a commit, a contract.json, the address of a server.")
    ] = None,
    consumers: Annotated[bool, typer.Option("--consumers", help="Compile the configured consumers, too.")] = False,
    live: Annotated[
        str | None, typer.Option(help="Judge by the clients that a server or a database has seen, too.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="The form of the report.")] = Format.TEXT,
    json_: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    accept: Annotated[
        list[str] | None, typer.Option(help="Accept a break, named by fingerprint or place; needs the next two.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why the break is accepted.")] = None,
    expires: Annotated[str | None, typer.Option(help="The day on which that ends: 2027-01-31.")] = None,
    cache: Annotated[
        bool, typer.Option("--cache/--no-cache", help="Trust or ignore the memory of the last check.")
    ] = True,
    project: Project = Path(),
) -> None:
    """Check that the backend is valid, its files are fresh, and no client breaks.

    It is compared with where this branch left the main branch, and with every released client in contracts/.

    Exits with 0 if all is well, 1 for a finding, 2 if the backend, the configuration or the command has a mistake.
    """
    form = Format.JSON if json_ else form
    terminal = Terminal(machine=form is not Format.TEXT)
    today = datetime.now(UTC).date()
    with _said_in(form):
        config = load_config(project)
        if accept or reason is not None or expires is not None:
            from schemagen.cli.accepting import accept_breaks

            accept_breaks(config, base, tuple(accept or ()), reason, expires, terminal, today)
            return
        alone = cache and not (consumers or live)
        remembered = recall_check(config, base, form, today) if alone else None
        if remembered is not None:
            sys.stdout.write(remembered)
            return
        from schemagen.cli.checkup import Asked, check_project

        checked = check_project(config, Asked(base, consumers, live), terminal, today)
        terminal.clear()
        sys.stdout.write(checked.text(form))
        sys.stdout.flush()
    if checked.report.fails:
        raise typer.Exit(1)
    if alone:
        remember_check(config, base, checked, today)


@contextmanager
def _said_in(form: Format) -> Iterator[None]:
    """Mistakes are told on stderr by `main`; for programs, on stdout in their form as well."""
    try:
        yield
    except typer.Exit:
        raise
    except Exception as error:
        if form is not Format.TEXT:
            from schemagen.cli.reporting import mistakes_report

            sys.stdout.write(mistakes_report(mistakes_json(error), form))
        raise
