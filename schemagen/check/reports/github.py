"""A report as annotations of GitHub Actions: a line of the log each, shown beside the code of a pull request."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from schemagen.check.changes import Change, Place
from schemagen.check.report import Finding, Judged, Report, Standing
from schemagen.check.reports.wording import counts, headline, verdict, witness_text

_COMMANDS = {
    Standing.FAILS: "error",
    Standing.INFORMS: "warning",
    Standing.ACCEPTED: "notice",
    Standing.SAFE: "notice",
}


def github_report(report: Report, folder: PurePosixPath) -> str:
    """Without a newline at its end. `folder` is where the project lies in its repository.

    Causes come first and call sites last: GitHub shows the first ten of a kind.
    """
    lines = [_finding(finding, folder) for finding in report.findings]
    lines += [_change(each, folder) for each in report.judged]
    lines += [line for each in report.judged if each.standing is Standing.FAILS for line in _sites(each.change, folder)]
    return "\n".join([*lines, f"{verdict(report)}: {counts(report)}"])


def _change(judged: Judged, folder: PurePosixPath) -> str:
    change = judged.change
    origin = change.origin
    place = None if origin is None else Place(origin.file, origin.line, origin.column)
    said = [headline(change)]
    if witness := witness_text(change.witness):
        said.append(f"witness: {witness}")
    if change.clients:
        said.append(f"breaks: {', '.join(change.clients)}")
    said += judged.notes
    said += [f"fix: {change.fix}"] if change.fix else []
    said += [f"accept: {judged.fingerprint}"] if judged.standing is Standing.FAILS else []
    return _command(_COMMANDS[judged.standing], place, f"{change.level.value}: {change.rule}", "\n".join(said), folder)


def _sites(change: Change, folder: PurePosixPath) -> Iterator[str]:
    for site in change.call_sites:
        yield _command("error", site.place, f"breaks {site.uses}", headline(change), folder)


def _finding(finding: Finding, folder: PurePosixPath) -> str:
    said = [finding.says, *([finding.detail] if finding.detail else []), *([f"fix: {finding.fix}"] * bool(finding.fix))]
    return _command("error" if finding.fails else "notice", finding.place, finding.rule, "\n".join(said), folder)


def _command(command: str, place: Place | None, title: str, said: str, folder: PurePosixPath) -> str:
    at = {} if place is None else {"file": str(folder / place.file), "line": str(place.line), "col": str(place.column)}
    properties = ",".join(f"{key}={_property(value)}" for key, value in {**at, "title": title}.items())
    return f"::{command} {properties}::{_data(said)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
