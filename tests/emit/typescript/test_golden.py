"""What the package looks like, in `tests/cases/emit/<case>/typescript`: for the backend beside it, or one of ours."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from schemagen.emit.templates import typescript_runtime
from schemagen.emit.typescript import emit_typescript
from schemagen.introspect import load
from schemagen.model.contract import Contract
from tests.conftest import Golden
from tests.emit.typescript.live import board
from tests.emit.typescript.project import REPOSITORY, compile_errors, make_project, prettier
from tests.emit.typescript.sample import CRM

FOLDER = REPOSITORY / "tests" / "cases" / "emit"
CASES = sorted({"board", "sample", *(backend.parent.name for backend in FOLDER.glob("*/backend.py"))})
cases = pytest.mark.parametrize("case", CASES)


def contract_of(case: str) -> Contract:
    match case:
        case "sample":
            return CRM
        case "board":
            return board().contract
        case _:
            return load(FOLDER / case / "backend.py", FOLDER / case).contract


def own_files(contract: Contract) -> dict[PurePosixPath, str]:
    """Every file but those of the runtime and the checker, which are the same for all."""
    runtime = PurePosixPath("runtime")
    written = {runtime / "contract.js", runtime / "contract.d.ts"}
    same = {runtime / name for name in typescript_runtime()} - written
    files = emit_typescript(contract, "@crm/backend", "..")
    return {path: text for path, text in files.items() if path not in same and path.parts[0] != "check"}


@cases
def test_golden(case: str, golden: Golden) -> None:
    folder = FOLDER / case / "typescript"
    files = own_files(contract_of(case))
    for path, text in files.items():
        golden.check(folder / path, text)
    found = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    assert found == set(map(str, files))


@pytest.mark.slow
@cases
def test_golden_output_compiles(case: str, tmp_path: Path) -> None:
    project = make_project(tmp_path, contract_of(case))
    source = """
import * as core from "@crm/backend";
import { api } from "@crm/backend/api";
import * as types from "@crm/backend/types";
export const all = [core, api, types];
"""
    for compiler in ("5.9", "7"):
        assert compile_errors(project, source, compiler) == []


@pytest.mark.slow
def test_golden_output_is_formatted() -> None:
    files = [file for case in CASES for file in sorted((FOLDER / case / "typescript").rglob("*")) if file.is_file()]
    own = [file for file in files if file.suffix != ".map" and file.name != "contract.json"]  # it has a form of its own
    assert prettier(*own) == ""
