"""A report for programs; docs/report.schema.json is its JSON schema."""

from __future__ import annotations

import json
from typing import Any

from schemagen.check.changes import Change
from schemagen.check.report import Finding, Judged, Report
from schemagen.model.contract import Missing


def diff_json(report: Report) -> str:
    """`{"verdict": …, "changes": […]}`, with a newline at its end."""
    return _dumped({"verdict": _verdict(report), "changes": [change_json(each) for each in report.judged]})


def check_json(report: Report) -> str:
    """What `diff_json` says, with what follows from each change, and all that was found beside them."""
    changes = [
        {**change_json(each), "standing": each.standing.value, "notes": list(each.notes)} for each in report.judged
    ]
    return _dumped(
        {
            "verdict": _verdict(report),
            "ok": not report.fails,
            "old": report.old or None,
            "new": report.new,
            "changes": changes,
            "findings": [_finding(finding) for finding in report.findings],
            "facts": list(report.facts),
        }
    )


def change_json(judged: Judged) -> dict[str, Any]:
    """One change; `witness` is left out where there is none, because null can be one."""
    change = judged.change
    witness = {} if isinstance(change.witness, Missing) else {"witness": change.witness}
    return {
        "level": change.level.value,
        "at": change.at,
        "says": change.says,
        **witness,
        "side": change.side.value,
        "origin": None if change.origin is None else {"file": change.origin.file, "line": change.origin.line},
        "call_sites": _call_sites(change),
        "rule": change.rule,
        "levels": {language: level.value for language, level in sorted(change.levels.items())},
        "functions": list(change.functions),
        "fix": change.fix,
        "old": change.old,
        "new": change.new,
        "unsure": change.unsure,
        "fingerprint": judged.fingerprint,
        "clients": None if change.clients is None else list(change.clients),
    }


def _call_sites(change: Change) -> list[dict[str, Any]]:
    return [
        {
            "consumer": site.consumer,
            "file": site.place.file,
            "line": site.place.line,
            "column": site.place.column,
            "uses": site.uses,
        }
        for site in change.call_sites
    ]


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.place
    return {
        "rule": finding.rule,
        "fails": finding.fails,
        "says": finding.says,
        "fix": finding.fix,
        "place": None if place is None else {"file": place.file, "line": place.line, "column": place.column},
        "detail": finding.detail,
    }


def _verdict(report: Report) -> str:
    return "breaking" if report.breaking else "safe"


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
