"""The generated package against a real server: in Node, and in a real browser with React."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emit.typescript.live import board, serving, token
from tests.emit.typescript.project import COMPILERS, MODULES, RESOLUTIONS, STRICT, TOOLS, make_project, run

pytestmark = pytest.mark.slow

SOURCES = TOOLS / "test" / "live"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_project(tmp_path_factory.mktemp("live"), board().contract)
    for source in sorted(SOURCES.glob("*.ts*")):
        shutil.copy(source, folder / source.name)
    (folder / "node_modules" / "undici-types").symlink_to(MODULES / "undici-types")
    options = {
        **STRICT,
        **RESOLUTIONS["nodenext"],
        "noEmit": False,
        "outDir": "out",
        "types": ["node"],
        "jsx": "react-jsx",
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["*.ts", "*.tsx"]}))
    run("node", COMPILERS["7"], "-p", folder)
    return folder


@pytest.fixture
def address() -> Iterator[str]:
    with serving() as found:
        yield found


def test_in_node(project: Path, address: str) -> None:
    run(
        "node",
        "--test",
        "--test-reporter=spec",
        project / "out" / "node.js",
        env={"ADDRESS": address, "TOKEN": token("ada")},
    )


def test_with_react_in_a_browser(project: Path, address: str) -> None:
    bundle = project / "page.bundle.js"
    esbuild = MODULES / ".bin" / "esbuild"
    run(esbuild, project / "out" / "page.js", "--bundle", "--format=iife", f"--outfile={bundle}", "--log-level=error")
    out = run("node", SOURCES / "browser.mjs", address, bundle, cwd=TOOLS)
    assert out.strip().splitlines()[-1] == "ok", out
