"""What a backend author writes is checked by plain mypy and pyright: `tests/cases/typing/`.

Files in `good/` are clean. In `bad/` the comment behind a line says what each checker reports there, and every report
has such a comment. One thing pyright does not find: two ids compared that are of different tables, `Contact.company_id
== user_id`, because `Id` is a `str`, and any two strings may be equal to it. mypy does.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.conftest import ROOT

CASES = ROOT / "tests/cases/typing"
PYRIGHT = ROOT / "templates/typescript/node_modules/.bin/pyright"
EXPECTED = re.compile(r"# mypy: (?P<mypy>[\w-]+) \| pyright: (?P<pyright>\w+)$")

Reports: TypeAlias = dict[tuple[str, int], set[str]]
"""The codes reported for each line, by file below `tests/cases/typing` and line number."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def mypy() -> Reports:
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--explicit-package-bases",
        "--config-file=",
        "--no-error-summary",
    ]
    command += ["--python-version", "3.11", "--cache-dir", str(ROOT / ".mypy_cache/typing"), "good", "bad"]
    run = subprocess.run(command, cwd=CASES, env={"MYPYPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    reports: Reports = {}
    for match in re.finditer(r"^(\S+):(\d+): error: .*\[([\w-]+)\]$", run.stdout, re.MULTILINE):
        reports.setdefault((match[1], int(match[2])), set()).add(match[3])
    return reports


@pytest.fixture(scope="module")
def pyright() -> Reports:
    command = [str(PYRIGHT), "--project", ".", "--pythonpath", sys.executable, "--outputjson"]
    run = subprocess.run(command, cwd=CASES, capture_output=True, text=True)
    assert run.returncode in (0, 1), run.stderr
    reports: Reports = {}
    for found in json.loads(run.stdout)["generalDiagnostics"]:
        file = Path(found["file"]).relative_to(CASES).as_posix()
        reports.setdefault((file, found["range"]["start"]["line"] + 1), set()).add(found["rule"])
    return reports


def expected(checker: str) -> Iterator[tuple[str, int, str]]:
    for path in sorted(CASES.glob("bad/*.py")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            match = EXPECTED.search(line)
            if match is not None and match[checker] != "nothing":
                yield path.relative_to(CASES).as_posix(), number, match[checker]


def check(checker: str, reports: Reports) -> None:
    wanted = {(file, line): code for file, line, code in expected(checker)}
    assert len(wanted) > 20
    assert sorted(reports) == sorted(wanted), "lines with a report, and lines where one is expected"
    assert {at: code for at, code in wanted.items() if code not in reports[at]} == {}


def test_mypy_finds_nothing_in_good_backends(mypy: Reports) -> None:
    assert [at for at in mypy if at[0].startswith("good/")] == []


def test_pyright_finds_nothing_in_good_backends(pyright: Reports) -> None:
    assert [at for at in pyright if at[0].startswith("good/")] == []


def test_mypy_finds_every_mistake(mypy: Reports) -> None:
    check("mypy", mypy)


def test_pyright_finds_every_mistake_but_ids_that_are_compared(pyright: Reports) -> None:
    check("pyright", pyright)
    unseen = [
        line for path in CASES.glob("bad/*.py") for line in path.read_text().splitlines() if "pyright: nothing" in line
    ]
    assert unseen
    assert all("_id ==" in line or ".id ==" in line for line in unseen)
