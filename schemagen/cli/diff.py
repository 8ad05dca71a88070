"""`schemagen diff`: what changed between two contracts, and whom it breaks."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from schemagen.cli.checking import Checking
from schemagen.cli.config import Config, load_config
from schemagen.cli.generation import uncollected
from schemagen.cli.mistake import CommandError
from schemagen.cli.options import Project
from schemagen.cli.reporting import Format, rendered
from schemagen.cli.terminal import Terminal

if TYPE_CHECKING:
    from schemagen.check.changes import Change, Level
    from schemagen.cli.revision import Revision
    from schemagen.model.contract import Contract

EPILOG = "Example: schemagen diff git:main && schemagen diff git:v1.2 https://crm.example.com --format json"


def diff(
    old: Annotated[
        str | None, typer.Argument(help="What was; by default where this branch left the main branch.")
    ] = None,
    new: Annotated[str | None, typer.Argument(help="What is; by default the project's backend as it is now.")] = None,
    form: Annotated[Format, typer.Option("--format", help="The form of the report.")] = Format.TEXT,
    database: Annotated[
        str | None, typer.Option(help="Ask the documents of this database, sqlite:///<file>, whether they still fit.")
    ] = None,
    project: Project = Path(),
) -> None:
    """Show what changed between two contracts, and whom it breaks.

    Each of the two is a backend's folder, a contract.json, git:<branch, tag or commit> (git:v1.2:<path> takes the
    contract from another path), or the address of a running server.

    Exits with 0 if clients and documents go on as they are, 1 if something breaks, 2 if one of the two has a mistake.
    """
    from schemagen.check.report import Report, judge
    from schemagen.check.reports.json import diff_json
    from schemagen.cli.base import find_base, read_base
    from schemagen.cli.revision import Reader

    terminal = Terminal(machine=form is not Format.TEXT)
    config = _config(project, needed=old is None or new is None)
    reader = Reader(config, terminal)
    before = reader.read(old) if old is not None else read_base(find_base(reader.project, None), reader)
    after = reader.read(new) if new is not None else reader.read_project()
    changes = compare_revisions(before, after)
    if database is not None:
        from schemagen.cli.stored_data import judged_by_database

        changes = judged_by_database(changes, after, database)
    if config is not None:
        from schemagen.cli.callers import with_call_sites

        changes, unread = with_call_sites(changes, config, before.contract, after.contract, terminal)
        for finding in unread:
            terminal.warn(f"notice[{finding.rule}]: {finding.says}\n  fix: {finding.fix}")
    report = Report(before.name, after.name, judge(changes, gate(config)))
    terminal.clear()
    sys.stdout.write(rendered(report, form, (after.source, before.source), config, diff_json))
    if report.breaking:
        raise typer.Exit(1)


@uncollected()
def compare_revisions(before: Revision, after: Revision) -> tuple[Change, ...]:
    """What changed. Where one side is only known as its clients see it, the other is looked at with their eyes, too."""
    from schemagen.check.compare import compare

    if before.public or after.public:
        return compare(*_seen_by_clients(before.contract.public, after.contract.public))
    return compare(before.contract, after.contract)


def _seen_by_clients(old: Contract, new: Contract) -> tuple[Contract, Contract]:
    """Without the tables whose documents no client of either ever sees: nothing is known of them but a name."""
    known = {
        name
        for table in new.tables
        for name in (table.name, *table.renamed_from)
        if table.document in new.types_by_name
        and any(name == each.name and each.document in old.types_by_name for each in old.tables)
    }
    tables = tuple(table for table in new.tables if known & {table.name, *table.renamed_from})
    return (
        replace(old, tables=tuple(table for table in old.tables if table.name in known)),
        replace(new, tables=tables),
    )


def gate(config: Config | None) -> frozenset[Level]:
    """The levels that fail."""
    from schemagen.check.changes import Level

    return frozenset(map(Level, (config.check if config is not None else Checking()).gate))


def _config(project: Path, *, needed: bool) -> Config | None:
    try:
        return load_config(project)
    except CommandError as error:
        if needed or any(mistake.rule != "config_missing" for mistake in error.mistakes):
            raise
        return None
