"""The wheel: what is in it, and that it works in a clean environment, far from a checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

TEMPLATES = {
    "templates/python": "schemagen/_templates/python",
    "templates/typescript/dist": "schemagen/_templates/typescript",
    "templates/init": "schemagen/_templates/init",
}
"""Folders of the checkout, and where the wheel has them."""

USE_SDK = """
import sys
from shop import Client

with Client(sys.argv[1]) as shop:
    shop.tasks.create(title="Write it down")
    print([task.title for task in shop.tasks.list()])
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the sdist, and the wheel that was built from it: so the sdist is complete, too."""
    folder = tmp_path_factory.mktemp("built")
    _run([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)], ROOT)
    return folder


@pytest.fixture(scope="module")
def clean(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with the wheel; the libraries it depends on are those of the running one.

    A path file adds them after the wheel is installed. It is not followed into their own path files, one of which
    is this checkout, installed editably.
    """
    folder = tmp_path_factory.mktemp("clean") / "venv"
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], folder.parent)
    python = folder / "bin" / "python"
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index"]
    _run([*install, str(_wheel(built))], folder.parent)
    printed = _run([str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder.parent)
    (Path(printed.strip()) / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    return python.parent


def test_the_wheel_holds_the_package_the_templates_and_nothing_else(built: Path) -> None:
    with zipfile.ZipFile(_wheel(built)) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    sources = {path: path for path in _files("schemagen")}
    for folder, packaged in TEMPLATES.items():
        sources |= {path: packaged + path.removeprefix(folder) for path in _files(folder)}
    assert names == set(sources.values())
    assert "schemagen/py.typed" in names
    for name in (
        "python/runtime/client.py",
        "typescript/client.js",
        "typescript/client.d.ts",
        "init/pyproject.toml.j2",
    ):
        assert f"schemagen/_templates/{name}" in names
    strange = [
        name for name in names if Path(name).suffix == ".txt" or {"tests", "node_modules"} & set(name.split("/"))
    ]
    assert not strange


def test_the_sdist_holds_no_installed_packages_and_no_caches(built: Path) -> None:
    [sdist] = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    parts = {part for name in names for part in name.split("/")}
    assert not {"node_modules", "__pycache__", ".venv", ".mypy_cache"} & parts


def test_the_wheel_works_in_a_clean_environment(clean: Path, tmp_path: Path) -> None:
    python, schemagen = str(clean / "python"), str(clean / "schemagen")
    imported = Path(_run([python, "-c", "import schemagen; print(schemagen.__file__)"], tmp_path).strip())
    assert imported.is_relative_to(clean.parent) and not imported.is_relative_to(ROOT)

    _run([schemagen, "init", "shop"], tmp_path)
    shop = tmp_path / "shop"
    _run([schemagen, "build"], shop)
    assert (shop / "generated/typescript/runtime/client.js").is_file()
    _run([schemagen, "build", "--check"], shop)
    assert json.loads(_run([schemagen, "build", "--check", "--no-cache", "--json"], shop))["status"] == "fresh"
    with _serving(schemagen, shop) as address:
        said = _run([python, "-c", USE_SDK, address], shop, PYTHONPATH=str(shop / "generated/python"))
    assert said == "['Write it down']\n"


def test_the_hooks_work_in_another_repository_as_pre_commit_runs_them(clean: Path, tmp_path: Path) -> None:
    hooks = _hooks()
    assert hooks.keys() == {"schemagen-check", "schemagen-build"}
    _run([str(clean / "schemagen"), "init", "shop"], tmp_path)
    shop = tmp_path / "shop"
    _git(shop, "init", "--quiet", "--initial-branch=main")
    check, build = (_Hook(clean, shop, hooks[name]) for name in ("schemagen-check", "schemagen-build"))
    assert build.code() == 0
    _git(shop, "add", "--all")
    _git(shop, "commit", "--quiet", "--message", "start")
    assert (check.code(), build.code(), _git(shop, "status", "--short")) == (0, 0, "")
    schema = next((shop / "backend").rglob("schema.py"))
    schema.write_text(schema.read_text("utf-8").replace("title: str", "name: str"), "utf-8")
    tasks = schema.with_name("tasks.py")
    tasks.write_text(tasks.read_text("utf-8").replace("Task(title=title", "Task(name=title"), "utf-8")
    assert check.code() == 1  # stale, and breaking
    assert build.code() == 0
    assert " M generated/contract.json" in _git(shop, "status", "--short")  # by which pre-commit knows that it failed
    assert check.code() == 1  # breaking still


class _Hook:
    """An entry of .pre-commit-hooks.yaml: run at the top of a repository, with the environment's programs first."""

    def __init__(self, programs: Path, repository: Path, entry: str) -> None:
        self.programs, self.repository, self.entry = programs, repository, entry

    def code(self) -> int:
        path = f"{self.programs}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "VIRTUAL_ENV": str(self.programs.parent), "PRE_COMMIT": "1"}
        hook = {"GIT_DIR": ".git", "GIT_INDEX_FILE": ".git/index", **own}
        command = ["sh", "-c", self.entry]
        ended = subprocess.run(command, cwd=self.repository, env=_environment(**hook), capture_output=True, text=True)
        assert ended.returncode in (0, 1), ended.stdout + ended.stderr
        return ended.returncode


def _hooks() -> dict[str, str]:
    """Entry by id; each is installed as Python and gets no file names."""
    found = {}
    for block in (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8").split("\n- ")[1:]:
        keys = dict(re.findall(r"^ *(\w+): (.*)$", block, re.MULTILINE))
        assert keys["language"] == "python" and keys["pass_filenames"] == "false" and keys["description"]
        found[keys["id"]] = keys["entry"]
    return found


def _git(repository: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    return _run(["git", *who, *arguments], repository).rstrip("\n")


def _wheel(built: Path) -> Path:
    [wheel] = built.glob("*.whl")
    return wheel


def _files(folder: str) -> set[str]:
    """Files below a folder of the checkout, as git would have them."""
    listed = (path.relative_to(ROOT) for path in (ROOT / folder).rglob("*") if path.is_file())
    left_out = {"__pycache__", ".mypy_cache", ".ruff_cache", ".DS_Store"}
    return {path.as_posix() for path in listed if not left_out & set(path.parts)}


def _environment(**more: str) -> dict[str, str]:
    """This process' variables, without those that lead Python or schemagen back to the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SCHEMAGEN_"))}
    return {**kept, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **more}


def _run(command: list[str], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        command, cwd=folder, env=_environment(**environment), capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@contextmanager
def _serving(schemagen: str, folder: Path) -> Iterator[str]:
    """The address of a running server; it must end in good order."""
    process = subprocess.Popen(
        [schemagen, "serve", "--port", "0"], cwd=folder, env=_environment(), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        said = ""
        for line in process.stderr:
            said += line
            if found := re.search(r"serving \d+ functions? at (http://\S+)", line):
                yield found[1]
                break
        else:
            pytest.fail(f"no server:\n{said}")
        process.terminate()
        assert process.wait(30) == 0, process.stderr.read()
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
