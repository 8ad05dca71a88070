"""Whatever a backend calls its things, the package compiles, runs, and is formatted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings

from schemagen.emit.typescript import emit_typescript
from schemagen.model.contract import Contract
from tests.emit.former_names import with_former_names
from tests.emit.typescript.contracts import contracts
from tests.emit.typescript.project import MODULES, compile_errors, prettier, run, write_package
from tests.emit.typescript.sample import CRM

BATCH = 60


def batch() -> list[Contract]:
    """The same random contracts each time: one compiler run checks them all."""
    found: list[Contract] = []

    @seed(7)
    @settings(max_examples=BATCH, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(contracts())
    def collect(contract: Contract) -> None:
        found.append(contract)

    collect()
    return found[:BATCH]


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("random")
    for i, contract in enumerate(batch()):
        write_package(folder / f"p{i}", with_former_names(contract), f"@p/{i}")
        if i:  # the checker is the same in every package: one is looked at
            shutil.rmtree(folder / f"p{i}" / "check")
    return folder


@pytest.mark.slow
def test_random_packages_are_formatted(packages: Path) -> None:
    files = [file for file in sorted(packages.rglob("*")) if file.is_file() and file.parent.name != "runtime"]
    unread = ("relation.mjs", "contract.json")  # by people: one is translated, the other canonical
    assert prettier(*(file for file in files if file.suffix != ".map" and file.name not in unread)) == ""


@pytest.mark.slow
def test_random_packages_compile(packages: Path) -> None:
    names = sorted(folder.name for folder in packages.iterdir() if (folder / "package.json").exists())
    (packages / "node_modules").mkdir()
    for module in ("@types", "csstype", "react"):
        (packages / "node_modules" / module).symlink_to(MODULES / module)
    files = ("api", "index", "types", "react", "http")
    imports = [f'import * as {file}_{name} from "./{name}/{file}.js";' for name in names for file in files]
    imports += [f"export const use_{name}_{file} = {file}_{name};" for name in names for file in files]
    assert compile_errors(packages, "\n".join(imports), "7", options={"lib": ["ES2022"]}) == []
    assert compile_errors(packages, "\n".join(imports), "5.9", options={"lib": ["ES2022"]}) == []


@pytest.mark.slow
def test_random_packages_run(packages: Path) -> None:
    folders = [folder for folder in packages.iterdir() if (folder / "package.json").exists() and folder != packages]
    lines = [f'await import("./{folder.name}/{file}.js");' for folder in folders for file in ("api", "types", "index")]
    (packages / "run.mjs").write_text("\n".join(lines))
    assert run("node", packages / "run.mjs") == ""


def test_the_sample_is_the_same_twice() -> None:
    assert emit_typescript(CRM, "@p/x", "..") == emit_typescript(CRM, "@p/x", "..")
