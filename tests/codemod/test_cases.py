"""Every case of `tests/cases/rename`, as it is written there; and what is renamed still builds and compiles."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.codemod.case import CASES, NODE_MODULES, Case
from tests.conftest import Golden

ALL = sorted(path.name for path in CASES.iterdir())
TYPESCRIPT = [name for name in ALL if (CASES / name / "before/web").is_dir()]
PYTHON = [name for name in ALL if name not in TYPESCRIPT]


@pytest.mark.parametrize("name", PYTHON)
def test_a_rename_changes_what_its_case_shows(name: str, tmp_path: Path, golden: Golden) -> None:
    check_case(Case(name, tmp_path), golden)


@pytest.mark.slow
@pytest.mark.parametrize("name", TYPESCRIPT)
def test_a_rename_changes_typescript_as_its_case_shows(name: str, tmp_path: Path, golden: Golden) -> None:
    case = Case(name, tmp_path)
    check_case(case, golden)
    compiled = subprocess.run(
        ["node", NODE_MODULES / "typescript-5.9/bin/tsc", "-p", tmp_path / "web"], capture_output=True, text=True
    )
    left = {line.partition(":")[0] for line in (case.given / "says.txt").read_text("utf-8").splitlines()}
    if not any("to look at" in line for line in left):
        assert compiled.stdout == ""


def check_case(case: Case, golden: Golden) -> None:
    """Dry, nothing is written and the golden texts are printed; for real, that very diff is there, and it builds."""
    before = case.texts()
    dry = case.rename("--dry-run")
    assert case.texts() == before
    if dry.out or (case.given / "diff.txt").exists():
        golden.check(case.given / "diff.txt", dry.out.replace("\r\n", "␍\n"))
    golden.check(case.given / "says.txt", dry.err)
    done = case.rename()
    assert done.code == dry.code
    if dry.code != 0:
        assert (dry.out, case.texts()) == ("", before)
        return
    after = case.texts()
    assert {path for path in after if after[path] != before[path]} == set(_changed(dry.out))
    for path, text in after.items():
        if path.endswith(".py"):
            compile(text, path, "exec")
            assert text.count("\r") in (0, text.count("\n")), "lines end as they did"
    assert case.run("build").code == 0


def _changed(diff: str) -> list[str]:
    return [line.removeprefix("+++ b/") for line in diff.splitlines() if line.startswith("+++ b/")]
