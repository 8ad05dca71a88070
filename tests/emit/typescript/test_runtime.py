"""The runtime in `templates/typescript`: its own tests in Node, its compiled form, its size."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from schemagen.emit.typescript.relation_file import translated_relation
from tests.emit.typescript.project import COMPILERS, MODULES, REPOSITORY, TOOLS, run

pytestmark = pytest.mark.slow

ESBUILD = MODULES / ".bin" / "esbuild"


def test_the_tests_of_the_runtime_pass(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"type": "module"}')
    run("node", COMPILERS["7"], "-p", TOOLS / "test", "--outDir", tmp_path)
    tests = sorted((tmp_path / "test").glob("*.test.js"))
    assert len(tests) == len(list((TOOLS / "test").glob("*.test.ts")))
    run(
        "node",
        "--test",
        "--test-reporter=spec",
        *tests,
        env={"SYNC_CASES": str(REPOSITORY / "tests" / "cases" / "sync")},
    )


@pytest.mark.parametrize("compiler", COMPILERS)
def test_the_runtime_compiles(compiler: str) -> None:
    run("node", COMPILERS[compiler], "-p", TOOLS, "--noEmit")


def test_the_compiled_runtime_is_fresh(tmp_path: Path) -> None:
    """`make runtime` writes it anew."""
    run("node", COMPILERS["5.9"], "-p", TOOLS, "--outDir", tmp_path)
    run(MODULES / ".bin" / "prettier", "--no-config", "--log-level", "warn", "--write", tmp_path)
    found = files_in(TOOLS / "dist")
    assert found.pop("check/relation.mjs") == translated_relation()
    assert found == files_in(tmp_path)


def test_the_runtime_is_formatted() -> None:
    run(MODULES / ".bin" / "prettier", "--check", "src", "test", cwd=TOOLS)


@pytest.mark.parametrize(("entries", "bytes_max"), [(("index", "react"), 10 * 1024), (("http",), 2 * 1024)])
def test_the_runtime_is_small(tmp_path: Path, entries: tuple[str, ...], bytes_max: int) -> None:
    entry = tmp_path / "entry.js"
    entry.write_text("".join(f'export * from "{TOOLS}/dist/{name}.js";\n' for name in entries))
    out = tmp_path / "out.js"
    run(
        ESBUILD,
        entry,
        "--bundle",
        "--minify",
        "--format=esm",
        "--external:react",
        f"--outfile={out}",
        "--log-level=error",
    )
    assert len(gzip.compress(out.read_bytes(), 9)) <= bytes_max


def files_in(folder: Path) -> dict[str, str]:
    """The text of every file, by its path below the folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()
    }
