"""What `schemagen check` looks at: a valid backend, fresh files, unbroken clients, consumers that compile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from schemagen.check.accepted import Accepted
from schemagen.check.changes import Change
from schemagen.check.clients import with_clients
from schemagen.check.report import Finding, Judged, Report, Source, judge
from schemagen.check.reports.json import check_json
from schemagen.cli.accepted_file import read_accepted
from schemagen.cli.base import Base, find_base, read_base
from schemagen.cli.callers import with_call_sites
from schemagen.cli.compiling import compile_consumers, sdks_of
from schemagen.cli.config import Config
from schemagen.cli.diff import compare_revisions, gate
from schemagen.cli.freshness import fresh_by_memory, hash_inputs, remember
from schemagen.cli.generation import generate, uncollected
from schemagen.cli.output import Output, Plan, compare
from schemagen.cli.released_clients import LIVE_DAYS, Clients, find_clients
from schemagen.cli.reporting import Format, rendered
from schemagen.cli.revision import WORKING_TREE, Reader, Revision, contract_from_text, file_source, project_revision
from schemagen.cli.stale import stale_names
from schemagen.cli.terminal import Terminal, counted

if TYPE_CHECKING:
    from schemagen.introspect import Backend


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    base: str | None = None
    consumers: bool = False
    live: str | None = None


@dataclass(frozen=True)
class Checked:
    """What a check found."""

    config: Config
    report: Report
    sources: tuple[Source, Source]
    """Lines as they are, and as they were."""
    commit: str
    """What it was compared with; "" for anything else than a commit."""
    until: date
    """The first day on which the same check may find something else, though nothing was changed."""

    def text(self, form: Format) -> str:
        return rendered(self.report, form, self.sources, self.config, check_json)


@uncollected()
def check_project(config: Config, asked: Asked, terminal: Terminal, today: date) -> Checked:
    """Look at everything. Raises `InvalidBackend`, and `CommandError` for mistakes of the configuration."""
    accepted = read_accepted(config.root)
    base = find_base(config, asked.base)
    reader = Reader(config, terminal)
    before = None if base.missing else read_base(base, reader)
    files = _files(config, terminal, reader)
    clients = find_clients(config.root, asked.live, today)
    now, changes = _changes(config, before, files, clients, reader)
    changes, unread = with_call_sites(changes, config, (before or now).contract, now.contract, terminal)
    judged = judge(changes, gate(config), accepted, today, clients.unused, unused_fails=config.check.unused == "fail")
    compiled = _compiled(config, files, terminal) if asked.consumers else ()
    findings = (*files.findings, *_missing(base), *unread, *_unknown(clients), *_outdated(accepted, judged, today))
    facts = (files.fact, *clients.facts(), *_compiling(config, asked, compiled))
    report = Report("" if before is None else before.name, now.name, judged, (*findings, *compiled), facts)
    days = (*(entry.expires for entry in accepted), *clients.sunsets)
    sources = (now.source, (before or now).source)
    return Checked(config, report, sources, base.commit, min((day for day in days if day > today), default=date.max))


def _changes(
    config: Config, before: Revision | None, files: _Files, clients: Clients, reader: Reader
) -> tuple[Revision, tuple[Change, ...]]:
    """What changed, and whom it breaks. Only if something did, the backend is imported to say where."""
    now = _written(config) if files.backend is None else project_revision(config, files.backend)
    changes = () if before is None else compare_revisions(before, now)
    if clients.asked:
        changes = with_clients(changes, clients.all, now.contract)
    if changes and files.backend is None:
        return _changes(config, before, replace(files, backend=reader.read_project().backend), clients, reader)
    return now, changes


def _written(config: Config) -> Revision:
    text = (config.root / config.contract).read_text("utf-8")
    return Revision(WORKING_TREE, contract_from_text(text, str(config.contract)), file_source(config.root))


# --- the backend and its files ---


@dataclass(frozen=True)
class _Files:
    """A valid backend, and how its files are."""

    backend: Backend | None
    """None if a build remembers that its files are what it says: then the contract among them says all."""
    counts: dict[str, int]
    stale: tuple[Plan, ...] = ()
    outputs: tuple[Output, ...] | None = None
    """What a build would write, if that is not what is there."""

    @property
    def fact(self) -> str:
        parts = [counted(self.counts["functions"], "function"), counted(self.counts["tables"], "table")]
        fresh = "" if self.stale else f"; fresh: {counted(self.counts['files'], 'file')}"
        return f"valid: {', '.join(parts)}{fresh}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        if not self.stale:
            return ()
        count = sum(len(plan.stale) + len(plan.edited) + len(plan.foreign) for plan in self.stale)
        says = f"{counted(count, 'generated file')} {'is' if count == 1 else 'are'} not what the backend says now"
        fix = "run `schemagen build` and commit what it writes; `schemagen build --check` shows the differences"
        return (Finding("stale", says if count else "a manifest is stale", fix, detail=stale_names(self.stale)),)


def _files(config: Config, terminal: Terminal, reader: Reader) -> _Files:
    counts = fresh_by_memory(config)
    if counts is not None:
        return _Files(None, counts)
    before = hash_inputs(config, ())
    generation = generate(config, terminal.progress, reader.outside)
    terminal.labelled(str(config.backend), generation.backend.output)
    plans = [compare(output) for output in generation.outputs]
    stale = tuple(plan for plan in plans if not plan.fresh)
    if stale:
        return _Files(generation.backend, generation.counts, stale, generation.outputs)
    if before == hash_inputs(config, ()):  # else a file was saved meanwhile
        remember(config, plans, generation.outside, generation.counts)
    return _Files(generation.backend, generation.counts)


# --- consumers ---


def _compiled(config: Config, files: _Files, terminal: Terminal) -> tuple[Finding, ...]:
    terminal.progress("compiling the consumers")
    with sdks_of(config, files.outputs) as sdks:
        return compile_consumers(config, sdks)


def _compiling(config: Config, asked: Asked, compiled: tuple[Finding, ...]) -> Iterator[str]:
    if asked.consumers and not config.consumers:
        yield "consumers: none are configured"
    elif asked.consumers and not compiled:
        yield f"consumers compile: {', '.join(consumer.name for consumer in config.consumers)}"


# --- what is worth knowing ---


def _missing(base: Base) -> Iterator[Finding]:
    if base.missing:
        fix = "name one: --base <commit, contract.json or address>"
        yield Finding("base_missing", f"compared with nothing: {base.missing}", fix, fails=False)


def _unknown(clients: Clients) -> Iterator[Finding]:
    if clients.unknown:
        says = f"seen in the last {LIVE_DAYS} days, on contracts that nobody knows: {', '.join(clients.unknown)}"
        yield Finding("live_unknown", says, "release them with `schemagen release`, to be judged by", fails=False)


def _outdated(accepted: Iterable[Accepted], judged: Iterable[Judged], today: date) -> Iterator[Finding]:
    """Entries of the file of accepted breaks that do nothing any more."""
    found = {each.fingerprint for each in judged if each.change.breaking}
    for entry in accepted:
        named = f"{entry.at or 'a break'} ({entry.fingerprint})"
        if entry.fingerprint not in found:
            says = f"the accepted break {named} is not there any more"
            yield Finding("accepted_unmatched", says, "remove the entry", fails=False, place=entry.place)
        elif not entry.holds(today):
            says = f"the break {named} was accepted until {entry.expires.isoformat()}: {entry.reason}"
            fix = "mend the break, or decide anew and move the day"
            yield Finding("accepted_expired", says, fix, fails=False, place=entry.place)
