"""A report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from schemagen.check.changes import Place
from schemagen.check.report import Finding, Judged, Report, Standing
from schemagen.check.reports.wording import headline, level_text, witness_text

_LEVELS = {Standing.FAILS: "error", Standing.INFORMS: "warning", Standing.ACCEPTED: "error", Standing.SAFE: "note"}


def sarif_report(
    report: Report,
    rules: Mapping[str, str],
    version: str,
    folder: PurePosixPath,
    fallback: str,
) -> str:
    """With a newline at its end.

    `rules` says in a sentence what each rule means, `folder` is where the project lies in its repository, and
    `fallback` the file that a change points to which stands nowhere any more: code scanning wants a place of each.
    """
    used = sorted({each.change.rule for each in report.judged} | {finding.rule for finding in report.findings})
    numbers = {rule: number for number, rule in enumerate(used)}
    places = _Places(folder, fallback)
    results = [_finding(finding, numbers, places) for finding in report.findings]
    results += [_change(each, numbers, places) for each in report.judged]
    driver = {
        "name": "schemagen",
        "version": version,
        "rules": [{"id": rule, "shortDescription": {"text": rules.get(rule, rule)}} for rule in used],
    }
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


class _Places:
    def __init__(self, folder: PurePosixPath, fallback: str) -> None:
        self.folder = folder
        self.fallback = Place(fallback, 1, 1)

    def location(self, place: Place | None) -> dict[str, Any]:
        place = place or self.fallback
        return {
            "physicalLocation": {
                "artifactLocation": {"uri": quote(str(self.folder / place.file))},
                "region": {"startLine": place.line, "startColumn": place.column},
            }
        }


def _change(judged: Judged, numbers: Mapping[str, int], places: _Places) -> dict[str, Any]:
    change = judged.change
    origin = change.origin
    place = None if origin is None else Place(origin.file, origin.line, origin.column)
    witness = witness_text(change.witness)
    said = [headline(change), *([f"Witness: {witness}"] if witness else []), *judged.notes]
    said += [f"Fix: {change.fix}"] if change.fix else []
    result: dict[str, Any] = {
        "ruleId": change.rule,
        "ruleIndex": numbers[change.rule],
        "level": _LEVELS[judged.standing],
        "message": {"text": "\n".join(said)},
        "locations": [places.location(place)],
        "partialFingerprints": {"schemagenChange/v1": judged.fingerprint},
        "properties": {"contractLevel": level_text(change), "at": change.at, "side": change.side.value},
    }
    if change.call_sites:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": f"{site.consumer}: {site.uses}"}, **places.location(site.place)}
            for number, site in enumerate(change.call_sites, 1)
        ]
    if judged.standing is Standing.ACCEPTED:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": judged.notes[-1]}]
    return result


def _finding(finding: Finding, numbers: Mapping[str, int], places: _Places) -> dict[str, Any]:
    said = [finding.says, *([finding.detail] if finding.detail else []), *([f"Fix: {finding.fix}"] * bool(finding.fix))]
    return {
        "ruleId": finding.rule,
        "ruleIndex": numbers[finding.rule],
        "level": "error" if finding.fails else "note",
        "message": {"text": "\n".join(said)},
        "locations": [places.location(finding.place)],
    }
