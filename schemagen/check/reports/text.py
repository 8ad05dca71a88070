"""A report for people at a terminal, in the form of the other messages: what, where, the line, why, and the fix."""

from __future__ import annotations

from collections.abc import Iterator

from schemagen.check.changes import Change, Place
from schemagen.check.report import Finding, Judged, Report, Source, Standing
from schemagen.check.reports.grouping import Cause, causes_of
from schemagen.check.reports.wording import (
    counts,
    felt_elsewhere,
    headline,
    level_text,
    some,
    verdict,
    was_and_is,
    witness_text,
)
from schemagen.model.contract import Origin

PLACES_MAX = 8
"""How many further places of one cause are named."""
FUNCTIONS_MAX = 8
"""How many functions are named below one heading."""
WITNESS_MAX = 240
"""How much of a witness is shown."""
_LABELS = {Standing.FAILS: "error", Standing.INFORMS: "warning", Standing.ACCEPTED: "accepted"}


def text_report(report: Report, source: Source, former: Source) -> str:
    """Without a newline at its end. One heading a cause; safe changes are a line each, below.

    `former` has the lines of what is gone.
    """
    blocks = ["\n".join(report.facts)] if report.facts else []
    blocks += [_finding(finding, source) for finding in report.findings]
    blocks += [_cause(cause, former if _gone(cause.effects[0].change) else source) for cause in causes_of(report)]
    safe = report.standing(Standing.SAFE)
    if safe:
        blocks.append("\n".join(["safe:", *(f"  {_place(each.change)}{headline(each.change)}" for each in safe)]))
    return "\n\n".join([*blocks, _last(report)])


def _last(report: Report) -> str:
    compared = f" ({report.old} → {report.new})" if report.old else ""
    return f"{verdict(report)}: {counts(report)}{compared}"


def _gone(change: Change) -> bool:
    """Whether its place is where something was declared before."""
    return change.rule.endswith("_removed") and not change.new


def _cause(cause: Cause, source: Source) -> str:
    first, *more = cause.effects
    change = first.change
    label = _LABELS[first.standing]
    head = f"{label}: {change.at}" if more else f"{label}[{change.rule}]: {headline(change)}"
    lines = [f"{_place(change)}{head}", *(_marked(source, change.origin) if change.origin is not None else ())]
    if cause.also:
        places = tuple(f"{each.change.at} ({each.change.origin})" for each in cause.also)
        lines.append(f"  {'also at:':9}{some(places, PLACES_MAX)}")
    facts = _types(change) if more else (*_level(change), *_types(change), *_facts(first))
    lines += [f"  {name:9}{text}" for name, text in facts]
    lines += [line for each in cause.effects for line in _effect(each)] if more else []
    return "\n".join(lines)


def _effect(judged: Judged) -> Iterator[str]:
    """One of several things that a cause does."""
    change = judged.change
    yield f"  {change.rule}: {headline(change).removeprefix(change.at).lstrip(': ')}"
    yield from (f"    {label:9}{text}" for label, text in (*_level(change), *_facts(judged)))


def _level(change: Change) -> Iterator[tuple[str, str]]:
    yield "level:", level_text(change) + (", cannot be proved" if change.unsure else "")


def _types(change: Change) -> Iterator[tuple[str, str]]:
    was, now = was_and_is(change)
    if was:
        yield "was:", was
        yield "is:", now


def _facts(judged: Judged) -> Iterator[tuple[str, str]]:
    change = judged.change
    if witness := witness_text(change.witness):
        whole = len(witness) <= WITNESS_MAX
        yield "witness:", witness if whole else f"{witness[:WITNESS_MAX]}… (whole with --format json)"
    if felt_elsewhere(change):
        yield "felt by:", some(change.functions, FUNCTIONS_MAX)
    if change.clients:
        yield "breaks:", ", ".join(change.clients)
    for number, site in enumerate(change.call_sites):
        yield ("" if number else "callers:"), f"{site.place}  {site.uses}  ({site.consumer})"
    for note in judged.notes:
        yield "note:", note
    if change.fix:
        yield "fix:", change.fix
    if judged.standing is Standing.FAILS:
        yield "accept:", f'schemagen check --accept {judged.fingerprint} --reason "…" --expires <date>'


def _finding(finding: Finding, source: Source) -> str:
    label = "error" if finding.fails else "notice"
    where = "" if finding.place is None else f"{finding.place}: "
    lines = [f"{where}{label}[{finding.rule}]: {finding.says}"]
    if finding.place is not None:
        lines += _marked(source, finding.place)
    lines += [f"  {line}" for line in finding.detail.splitlines()]
    lines += [f"  fix:     {finding.fix}"] if finding.fix else []
    return "\n".join(lines)


def _place(change: Change) -> str:
    return "" if change.origin is None else f"{change.origin.file}:{change.origin.line}:{change.origin.column}: "


def _marked(source: Source, place: Place | Origin) -> Iterator[str]:
    """The line, if it is at hand, and a mark below its column."""
    line = source(place.file, place.line).rstrip()
    if line:
        indent = "".join("\t" if character == "\t" else " " for character in line[: place.column - 1])
        yield f"{place.line:5} | {line}"
        yield f"{'':5} | {indent}^"
