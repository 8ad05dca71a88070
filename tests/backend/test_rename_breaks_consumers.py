"""Rename a field in the backend, build, and both type checkers point at the very lines of the consumers that use it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "templates/typescript/node_modules"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the backend and its consumers, built."""
    folder = tmp_path_factory.mktemp("rename")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
    for name in ("backend", "examples/script", "examples/node"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    modules = folder / "examples/node/node_modules"
    (modules / "@crm").mkdir(parents=True)
    (modules / "@crm/backend").symlink_to(folder / "generated/typescript", target_is_directory=True)
    (modules / "@types").symlink_to(NODE_MODULES / "@types", target_is_directory=True)
    _build(folder)
    return folder


def test_a_renamed_field_fails_the_consumers_at_the_lines_that_use_it_and_nowhere_else(project: Path) -> None:
    assert _mypy(project) == set()
    assert _tsc(project) == set()
    schema = project / "backend/schema/contacts.py"
    schema.write_text(schema.read_text("utf-8").replace("full_name", "display_name"), "utf-8")
    _build(project)
    python, typescript = project / "examples/script/watch.py", project / "examples/node/src/main.ts"
    assert _mypy(project) == _lines_with(python, r"\bcontact\.full_name") != set()
    assert _tsc(project) == _lines_with(typescript, r"\bcontact\.fullName") != set()


def _build(project: Path) -> None:
    _run([sys.executable, "-m", "schemagen", "build"], project, expect=0)


def _mypy(project: Path) -> set[str]:
    """`file:line` of every error in the Python consumer."""
    printed = _run(
        [sys.executable, "-m", "mypy", "--strict", "--hide-error-context", "--no-pretty", "examples/script"], project
    )
    return set(re.findall(r"^(examples/\S+:\d+): error:", printed, re.MULTILINE))


def _tsc(project: Path) -> set[str]:
    """`file:line` of every error in the TypeScript consumer."""
    tsc = NODE_MODULES / "typescript/bin/tsc"
    printed = _run(["node", str(tsc), "--noEmit", "--pretty", "false", "-p", "examples/node"], project)
    found = re.findall(r"^(\S+)\((\d+),\d+\): error", printed, re.MULTILINE)
    return {f"{file}:{line}" for file, line in found}


def _lines_with(file: Path, pattern: str) -> set[str]:
    name = file.relative_to(file.parents[2 if file.suffix == ".py" else 3]).as_posix()
    lines = file.read_text("utf-8").splitlines()
    return {f"{name}:{number}" for number, line in enumerate(lines, start=1) if re.search(pattern, line)}


def _run(command: list[str], folder: Path, *, expect: int | None = None) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=240)
    assert expect is None or done.returncode == expect, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr
