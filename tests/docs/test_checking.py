"""docs/checking.md knows every rule, and the published schema every key, of what the checker says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from schemagen.check.report import FINDING_RULES, Report
from schemagen.check.reports.json import diff_json
from schemagen.check.rules import RULES
from tests.check.made import everything, nothing
from tests.conftest import ROOT, Golden
from tests.docs.pages import Page

PAGE = Page(ROOT / "docs/checking.md")
SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text("utf-8"))


GROUPS = {
    "Functions": ("function_",),
    "Arguments": ("args_",),
    "Results": ("returns_",),
    "Errors": ("error_", "errors_"),
    "Stored documents": ("stored_", "table_", "index_", "reference_", "rename_"),
    "Names": ("field_", "type_"),
}


def test_every_rule_is_listed_with_what_it_says(golden: Golden) -> None:
    assert [rule for rule in RULES if not rule.startswith(sum(GROUPS.values(), ()))] == []
    before, after = re.split(r"(?<=## Rules\n).*?(?=## Mistakes\n)", PAGE.text, flags=re.DOTALL)
    tables = [rule_table(title, [rule for rule in RULES if rule.startswith(begin)]) for title, begin in GROUPS.items()]
    findings = "\n".join(f"| `{rule}` | {says} |" for rule, says in FINDING_RULES.items())
    tables.append(f"**What a check finds beside changes**\n\n| rule | what it says |\n|---|---|\n{findings}")
    listed = "\n\n".join(tables)
    golden.check(PAGE.path, f"{before}\n{listed}\n\n{after}")


def rule_table(title: str, rules: list[str]) -> str:
    rows = "\n".join(f"| `{rule}` | {RULES[rule]} |" for rule in rules)
    return f"**{title}**\n\n| rule | what it says |\n|---|---|\n{rows}"


def test_every_mistake_of_the_commands_is_listed() -> None:
    sources = "".join(file.read_text("utf-8") for file in (ROOT / "schemagen/cli").glob("*.py"))
    raised = set(re.findall(r'"((?:diff|check)_[a-z_]+)"', sources))
    assert raised == set(re.findall(r"`((?:diff|check)_\w+)`", PAGE.text.partition("## Mistakes")[2]))


@pytest.mark.parametrize("report", [everything(), nothing()], ids=["everything", "nothing"])
def test_what_a_diff_says_is_as_the_published_schema_has_it(report: Report) -> None:
    check_valid(json.loads(diff_json(report)), SCHEMA)


def test_the_json_that_is_shown_is_as_the_published_schema_has_it() -> None:
    [shown] = PAGE.blocks("json")
    check_valid(json.loads(shown), SCHEMA)


@pytest.mark.parametrize(
    "wrong",
    [{"verdict": "fine", "changes": []}, {"verdict": "safe"}, {"verdict": "safe", "changes": [{}]}, []],
    ids=str,
)
def test_the_schema_refuses_what_is_none(wrong: object) -> None:
    with pytest.raises(AssertionError):
        check_valid(wrong, SCHEMA)


TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


def check_valid(value: Any, schema: dict[str, Any]) -> None:
    """The keywords that our schema uses; an unknown one fails."""
    known = {"$schema", "$defs", "$ref", "title", "description", "type", "enum", "anyOf", "required", "pattern"}
    assert schema.keys() <= known | {"properties", "additionalProperties", "items", "minimum"}
    if "$ref" in schema:
        check_valid(value, SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")])
    if "type" in schema:
        assert isinstance(value, TYPES[schema["type"]]), (value, schema)
    if "enum" in schema:
        assert value in schema["enum"]
    if "anyOf" in schema:
        assert any(_is_valid(value, each) for each in schema["anyOf"])
    if "pattern" in schema:
        assert re.search(schema["pattern"], value)
    if "minimum" in schema:
        assert value >= schema["minimum"]
    if isinstance(value, list) and "items" in schema:
        for item in value:
            check_valid(item, schema["items"])
    if isinstance(value, dict):
        _check_keys(value, schema)


def _check_keys(value: dict[str, Any], schema: dict[str, Any]) -> None:
    assert set(schema.get("required", ())) <= value.keys()
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, inside in value.items():
        assert key in properties or others is not False, key
        check_valid(inside, properties.get(key, others if isinstance(others, dict) else {}))


def _is_valid(value: Any, schema: dict[str, Any]) -> bool:
    try:
        check_valid(value, schema)
    except AssertionError:
        return False
    return True
