"""Where the configured consumers use what breaks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from schemagen.check.changes import Change
from schemagen.check.report import Finding
from schemagen.check.usage import Usage
from schemagen.cli.config import Config
from schemagen.cli.mistake import CommandError
from schemagen.cli.terminal import Terminal
from schemagen.model.contract import Contract


def with_call_sites(
    changes: Iterable[Change], config: Config, old: Contract, terminal: Terminal
) -> tuple[tuple[Change, ...], tuple[Finding, ...]]:
    """The changes, the breaking ones with their call sites; and a finding for each consumer that cannot be read.

    Sources are read as written against `old`, which still has what is gone; they are not read if nothing breaks.
    """
    changes = tuple(changes)
    if not config.consumers or not any(change.breaking for change in changes):
        return changes, ()
    from schemagen.check.call_sites import call_sites
    from schemagen.cli.consumers import read_usage

    usages: list[Usage] = []
    findings: list[Finding] = []
    for consumer in config.consumers:
        terminal.progress(f"reading {consumer.path}")
        try:
            usages.append(read_usage(config, consumer, old))
        except CommandError as error:
            says = f"the call sites in {consumer.name} are not known: {error.mistakes[0].message}"
            findings.append(Finding("consumer_unread", says, error.mistakes[0].fix, fails=False))
    found = tuple(replace(c, call_sites=call_sites(c, usages)) if c.breaking else c for c in changes)
    return found, tuple(findings)
