"""The five forms of a report, each compared with a committed file, and held to what its readers demand."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import pytest

from schemagen.check.changes import CallSite, Place, Side
from schemagen.check.fingerprints import change_fingerprint
from schemagen.check.report import Report, judge
from schemagen.check.reports.github import github_report
from schemagen.check.reports.json import check_json, diff_json
from schemagen.check.reports.markdown import markdown_report
from schemagen.check.reports.sarif import sarif_report
from schemagen.check.reports.text import text_report
from schemagen.model.contract import Origin
from tests.check.made import ACCEPTED, CHANGES, NARROWED, REMOVED, TODAY, everything, nothing, source
from tests.conftest import ROOT, Golden

CASES = ROOT / "tests/cases/reports"
SERVER = PurePosixPath("server")
RULES = {"arg_narrowed": "An argument refuses what it took before."}
FORMS: dict[str, Callable[[Report], str]] = {
    "report.txt": lambda report: text_report(report, source, source) + "\n",
    "diff.json": diff_json,
    "check.json": check_json,
    "report.md": lambda report: markdown_report(report) + "\n",
    "report.sarif": lambda report: sarif_report(report, RULES, "1.0", SERVER, "server.toml"),
    "annotations.txt": lambda report: github_report(report, SERVER) + "\n",
}


@pytest.mark.parametrize("case", ["everything", "nothing"])
@pytest.mark.parametrize("name", FORMS)
def test_a_report_is_as_committed(golden: Golden, case: str, name: str) -> None:
    golden.check(CASES / case / name, FORMS[name]({"everything": everything, "nothing": nothing}[case]()))


def test_the_order_of_the_changes_does_not_matter() -> None:
    for seed in range(20):
        mixed = random.Random(seed).sample(CHANGES, len(CHANGES))
        assert judge(mixed, accepted=(ACCEPTED,), today=TODAY) == everything().judged


def test_the_json_of_a_diff_has_exactly_these_keys() -> None:
    whole = json.loads(diff_json(everything()))
    assert whole.keys() == {"verdict", "changes"} and whole["verdict"] == "breaking"
    keys = {"level", "at", "says", "side", "origin", "call_sites", "rule", "levels", "functions", "fix", "old", "new"}
    keys |= {"unsure", "fingerprint", "clients"}
    for change in whole["changes"]:
        assert change.keys() - {"witness"} == keys
    assert json.loads(diff_json(nothing())) == {"verdict": "safe", "changes": []}


def test_a_witness_that_is_null_is_there_and_one_that_is_none_is_not() -> None:
    changes = {change["at"]: change for change in json.loads(diff_json(everything()))["changes"]}
    assert changes["contacts.get"]["witness"] is None
    assert "witness" not in changes["contacts.merge"]


def test_an_annotation_is_one_line_and_its_properties_hold_no_separators() -> None:
    for line in github_report(everything(), SERVER).splitlines()[:-1]:
        found = re.fullmatch(r"::(?:error|warning|notice) (?P<properties>[^:]*)::(?P<message>.*)", line)
        assert found, line
        for part in found["properties"].split(","):
            assert re.fullmatch(r"(file|line|col|title)=[^,:\n]+", part), line
        assert not re.search(r"%(?!25|0A|0D)", found["message"])


def test_an_annotation_says_where_in_the_repository_the_file_lies() -> None:
    assert "file=server/backend/contacts.py,line=2,col=26" in github_report(everything(), SERVER)


def test_sarif_is_valid() -> None:
    for report in (everything(), nothing()):
        check_sarif(json.loads(sarif_report(report, RULES, "1.0", SERVER, "pyproject.toml")))


def test_what_is_accepted_is_suppressed_in_sarif_with_its_reason() -> None:
    [run] = json.loads(sarif_report(everything(), RULES, "1.0", SERVER, "pyproject.toml"))["runs"]
    suppressed = {result["ruleId"]: result["suppressions"] for result in run["results"] if "suppressions" in result}
    assert suppressed.keys() == {"constraint_tightened"}
    assert "nobody is older" in suppressed["constraint_tightened"][0]["justification"]


def test_every_form_of_a_change_names_its_fix() -> None:
    report = Report("a", "b", judge([REMOVED]))
    for name, form in FORMS.items():
        assert "keep it, deprecated, until no client calls it" in form(report), name


def check_sarif(whole: dict[str, Any]) -> None:
    """What the schema of SARIF 2.1.0 demands of the parts that we write."""
    assert whole["version"] == "2.1.0" and whole["$schema"].endswith("sarif-2.1.0.json")
    [run] = whole["runs"]
    assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")
    driver = run["tool"]["driver"]
    assert driver["name"] and driver["version"]
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
    for result in run["results"]:
        known = {"ruleId", "ruleIndex", "level", "message", "locations", "relatedLocations", "partialFingerprints"}
        assert result.keys() <= known | {"properties", "suppressions"}
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"]
        assert all(isinstance(value, str) for value in result.get("partialFingerprints", {}).values())
        for location in (*result["locations"], *result.get("relatedLocations", [])):
            physical = location["physicalLocation"]
            assert re.fullmatch(r"[\w./%-]+", physical["artifactLocation"]["uri"])
            assert physical["region"]["startLine"] >= 1 and physical["region"]["startColumn"] >= 1
        for suppression in result.get("suppressions", []):
            assert suppression["kind"] in ("inSource", "external") and suppression["status"] == "accepted"
        ids_of_related = [location["id"] for location in result.get("relatedLocations", [])]
        assert len(ids_of_related) == len(set(ids_of_related))


def test_one_type_that_changed_at_many_places_is_told_once_with_all_of_them() -> None:
    update = replace(
        NARROWED,
        at="contacts.update(stage)",
        functions=("contacts.update",),
        origin=Origin("backend/contacts.py", 9, 26),
        call_sites=(CallSite("desk", Place("desk/app.py", 4, 5), "contacts.update(stage)"),),
        clients=("desk@1.0",),
    )
    told = text_report(Report("old", "new", judge([NARROWED, update])), source, source)
    assert told.count("error[arg_narrowed]") == 1
    assert "  also at: contacts.update(stage) (backend/contacts.py:9)\n" in told
    assert "desk/app.py:4:5  contacts.update(stage)  (desk)\n" in told
    assert "  breaks:  desk@1.0, mobile@3.1.0, mobile@3.2.0\n" in told
    for change in (NARROWED, update):
        assert f"--accept {change_fingerprint(change)} " in told
    assert told.endswith("breaking: 2 breaking changes (2 wire) (old → new)")


def test_what_a_line_does_to_arguments_and_documents_stands_below_one_heading() -> None:
    stored = replace(NARROWED, rule="value_removed", side=Side.STORED, says="documents may hold it", call_sites=())
    told = text_report(Report("old", "new", judge([NARROWED, stored])), source, source)
    assert told.startswith("backend/contacts.py:2:26: error: contacts.list(stage)\n")
    assert told.count("was:") == 1
    assert "\n  arg_narrowed: a deployed client" in told
    assert "\n  value_removed: documents may hold it\n" in told
