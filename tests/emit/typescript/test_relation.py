"""The relation in JavaScript says what the one in Python says, to the letter: in every case, and of random changes."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from schemagen.check.compare import compare
from schemagen.check.consumer import Checked, Comparison
from schemagen.check.reports.consumer import json_of
from schemagen.emit.typescript.relation_file import relation_file
from schemagen.model.canonical import from_json, to_json
from schemagen.model.contract import Contract, Field, Function, FunctionKind
from schemagen.model.types import RefType
from tests.check.mutations import Edit, edits
from tests.check.test_cases import CASES, contracts
from tests.emit.typescript.project import TOOLS

PROGRAM = """
import { readFileSync } from "node:fs";
import { python } from "./python/library.mjs";
import * as relation from "./relation.mjs";

const none = python.tuple([]);
for (const [old, now] of JSON.parse(readFileSync(0, "utf8"))) {
  const changes = relation.compare(relation.from_json(old), relation.from_json(now));
  const compared = python.tuple([relation.Comparison("old", "new", changes)]);
  console.log(JSON.stringify(relation.json_of(relation.Checked(compared, none))));
}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("relation")
    (made / "python").symlink_to(TOOLS / "dist/check/python")
    (made / "relation.mjs").write_text(relation_file(), "utf-8")
    (made / "program.mjs").write_text(PROGRAM, "utf-8")
    return made


def check_same(folder: Path, pairs: dict[str, tuple[str, str]]) -> None:
    """Both implementations say the same of contracts, old and new, given as text."""
    command = ["node", "--preserve-symlinks", str(folder / "program.mjs")]
    done = subprocess.run(
        command, input=json.dumps(list(pairs.values())), capture_output=True, text=True, encoding="utf-8", timeout=280
    )
    assert done.returncode == 0, done.stderr[-3000:]
    for name, line in zip(pairs, done.stdout.splitlines(), strict=True):
        old, new = pairs[name]
        changes = compare(from_json(old), from_json(new))
        assert json.loads(line) == json_of(Checked((Comparison("old", "new", changes),))), name


@pytest.mark.slow
def test_every_case_gives_the_same_findings(folder: Path) -> None:
    texts = {case: tuple(map(to_json, contracts(case))) for case in CASES}
    check_same(folder, {case: (old, new) for case, (old, new) in texts.items()})


@pytest.mark.slow
def test_every_case_the_other_way_round_gives_the_same_findings(folder: Path) -> None:
    texts = {case: tuple(map(to_json, contracts(case))) for case in CASES}
    check_same(folder, {case: (new, old) for case, (old, new) in texts.items()})


@pytest.mark.slow
def test_random_edits_of_random_contracts_give_the_same_findings(folder: Path) -> None:
    pairs: dict[str, tuple[str, str]] = {}

    @settings(max_examples=150, deadline=None, database=None, derandomize=True, suppress_health_check=[*HealthCheck])
    @given(edit=edits())
    def gather(edit: Edit) -> None:
        pairs[f"pair {len(pairs)}"] = (to_json(calling(edit.old)), to_json(calling(edit.new)))

    gather()
    check_same(folder, pairs)


def calling(contract: Contract) -> Contract:
    """A contract with a function that takes and gives each of its types."""
    types = [RefType(each.name) for each in contract.types]
    functions = tuple(
        Function(f"f{n}", "", f"f{n}", FunctionKind.QUERY, (Field("value", "value", of, required=True),), of)
        for n, of in enumerate(types)
    )
    return replace(contract, functions=functions)
