"""A report as the changelog of a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from schemagen.check.changes import Change
from schemagen.check.report import Finding, Judged, Report, Standing
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

FUNCTIONS_MAX = 8
SITES_MAX = 5
"""More call sites than these are folded away."""

_HEADINGS = {
    Standing.FAILS: "Breaking",
    Standing.INFORMS: "Worth knowing",
    Standing.ACCEPTED: "Accepted breaks",
    Standing.SAFE: "Safe",
}


def markdown_report(report: Report) -> str:
    """Without a newline at its end."""
    compared = f"from {_code(report.old)} to {_code(report.new)}" if report.old else "compared with nothing"
    lines = [f"## Contract: {verdict(report)}", "", f"{counts(report).capitalize()}, {compared}."]
    if report.findings:
        lines += ["", "### Findings", "", *(line for finding in report.findings for line in _finding(finding))]
    for standing, heading in _HEADINGS.items():
        found = report.standing(standing)
        if found:
            lines += ["", f"### {heading}", "", *(line for each in found for line in _change(each))]
    return "\n".join(lines)


def _change(judged: Judged) -> Iterator[str]:
    change = judged.change
    said = headline(change).removeprefix(change.at).lstrip(": ")
    where = "" if change.origin is None else f" ({_code(str(change.origin))})"
    yield f"- **{_code(change.at)}** {_prose(said)}{where}"
    if judged.standing is Standing.SAFE:
        return
    yield f"  - {_code(change.rule)}, level {level_text(change)}{', cannot be proved' if change.unsure else ''}"
    was, now = was_and_is(change)
    if was:
        yield f"  - was {_code(was)}, is {_code(now)}"
    if witness := witness_text(change.witness):
        yield f"  - witness: {_code(witness)}"
    if felt_elsewhere(change):
        yield f"  - felt by {_prose(some(change.functions, FUNCTIONS_MAX))}"
    if change.clients:
        yield f"  - breaks {', '.join(map(_code, change.clients))}"
    yield from _sites(change)
    yield from (f"  - {_prose(note)}" for note in judged.notes)
    if change.fix:
        yield f"  - fix: {_prose(change.fix)}"
    if judged.standing is Standing.FAILS:
        yield f"  - fingerprint: {_code(judged.fingerprint)}"


def _sites(change: Change) -> Iterator[str]:
    sites = [f"{_code(str(site.place))} {_prose(site.uses)} ({_prose(site.consumer)})" for site in change.call_sites]
    if len(sites) > SITES_MAX:
        items = "".join(f"<li>{_html(site)}</li>" for site in sites)
        yield f"  - <details><summary>{len(sites)} callers</summary><ul>{items}</ul></details>"
    elif sites:
        yield "  - callers:"
        yield from (f"    - {site}" for site in sites)


def _finding(finding: Finding) -> Iterator[str]:
    where = "" if finding.place is None else f" ({_code(str(finding.place))})"
    yield f"- {'**failed**' if finding.fails else 'notice'} {_code(finding.rule)}: {_prose(finding.says)}{where}"
    if finding.detail:
        yield "  ```text"
        yield from (f"  {line}" for line in finding.detail.replace("```", "'''").splitlines())
        yield "  ```"
    if finding.fix:
        yield f"  - fix: {_prose(finding.fix)}"


def _code(text: str) -> str:
    """A code span that holds any text on one line."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{' '.join(text.splitlines())}{pad}{fence}"


def _prose(text: str) -> str:
    """Words, in which only what stands between backticks means something to Markdown."""
    parts = re.split(r"(`[^`]+`)", " ".join(text.splitlines()))
    return "".join(part if number % 2 else re.sub(r"([\\`*<\[])", r"\\\1", part) for number, part in enumerate(parts))


def _html(markdown: str) -> str:
    """Inside HTML, code spans are not read: they become elements."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", markdown)
