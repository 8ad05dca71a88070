"""`schemagen build`: what it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.project import Project, spawn

ROOT = Path(__file__).resolve().parents[2]


def test_a_build_writes_the_contract_and_both_sdks_and_says_so(project: Project) -> None:
    ran = project.run("build")
    assert ran.code == 0, ran.err
    assert ran.out.startswith("built 5 functions, 1 table: ")
    written = project.tree("generated")
    assert "generated/contract.json" in written
    assert any(path.startswith("generated/python/shop/") for path in written)
    assert "generated/typescript/package.json" in written


def test_a_second_build_touches_nothing(project: Project) -> None:
    project.run("build")
    times = {path: path.stat().st_mtime_ns for path in (project.folder / "generated").rglob("*")}
    for arguments in (["build"], ["build", "--no-cache"], ["build", "--check"], ["build", "--check", "--no-cache"]):
        ran = project.run(*arguments)
        assert (ran.code, ran.out[:6]) == (0, "fresh:"), arguments
    after = {path: path.stat().st_mtime_ns for path in (project.folder / "generated").rglob("*")}
    caches = {path for path in after if ".schemagen-cache" in path.parts}
    assert {path: time for path, time in after.items() if path not in caches} == {
        path: time for path, time in times.items() if path not in caches
    }


def test_nothing_outside_the_output_folders_is_written(project: Project) -> None:
    before = project.tree()
    project.run("build")
    assert {path: text for path, text in project.tree().items() if not path.startswith("generated/")} == before


def test_a_function_that_is_gone_takes_its_files_along(project: Project) -> None:
    project.write("shop_backend/notes.py", "from shop_backend.tasks import *  # nothing declared here\n")
    project.write(
        "shop_backend/old.py",
        """
        from schemagen import QueryCtx, query

        @query
        async def hello(ctx: QueryCtx) -> str:
            return "hello"
        """,
    )
    project.run("build")
    with_old = set(project.tree("generated"))
    (project.folder / "shop_backend" / "old.py").unlink()
    ran = project.run("build")
    assert ran.code == 0
    gone = with_old - set(project.tree("generated"))
    assert gone and all("old" in path for path in gone)
    assert f" {len(gone)} removed" in ran.out


def test_a_mistake_in_the_backend_writes_nothing_and_exits_with_2(project: Project) -> None:
    project.run("build")
    before = project.tree("generated")
    project.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    ran = project.run("build")
    assert ran.code == 2
    assert 'shop_backend/schema.py:9:21: error[index_unknown_field]: index "by_done" of table "tasks"' in ran.err
    assert "Traceback" not in ran.err
    assert project.tree("generated") == before


def test_check_shows_what_is_stale_and_writes_nothing(project: Project) -> None:
    project.run("build")
    before = project.tree()
    project.edit("shop_backend/schema.py", "done: bool = False", "done: bool = False\n    priority: int = 0")
    changed = {**before, "shop_backend/schema.py": (project.folder / "shop_backend/schema.py").read_bytes()}
    ran = project.run("build", "--check")
    assert ran.code == 1
    assert "generated/contract.json: stale\n" in ran.out
    assert "  +" in ran.out and "priority" in ran.out
    assert ran.out.endswith("stale: run `schemagen build` and commit what it writes\n")
    assert len(ran.out.splitlines()) < 80
    assert project.tree() == changed


def test_check_before_the_first_build_names_what_is_missing(project: Project) -> None:
    ran = project.run("build", "--check")
    assert ran.code == 1
    assert "generated/contract.json: missing\n" in ran.out
    assert not (project.folder / "generated").exists()


def test_a_file_edited_by_hand_is_named_and_nothing_is_written(project: Project) -> None:
    project.run("build")
    project.edit("generated/typescript/package.json", "@shop/backend", "@mine/backend")
    project.edit("shop_backend/schema.py", "done: bool = False", "done: bool = False\n    priority: int = 0")
    before = project.tree("generated")
    ran = project.run("build")
    assert ran.code == 1
    assert ran.err.splitlines()[-4:] == [
        "error[output_edited]: 1 generated file edited by hand and kept; nothing was written",
        "    generated/typescript/package.json",
        "  why: a build would silently undo what was edited",
        "  fix: move the change into the backend or your own code; then `schemagen build --force` overwrites it",
    ]
    assert project.tree("generated") == before
    checked = project.run("build", "--check")
    assert checked.code == 1
    assert "generated/typescript/package.json: edited by hand\n" in checked.out
    assert project.run("build", "--force").code == 0
    assert project.run("build", "--check", "--no-cache").code == 0


def test_a_file_of_somebody_else_is_a_mistake_and_stays(project: Project) -> None:
    mine = project.write("generated/python/pyproject.toml", "[project]\n")
    ran = project.run("build")
    assert ran.code == 2
    assert "error[output_foreign]: generated/python/pyproject.toml is in the way" in ran.err
    assert mine.read_text() == "[project]\n"
    assert list(project.tree("generated")) == ["generated/python/pyproject.toml"]


def test_what_the_backend_prints_never_reaches_stdout(project: Project) -> None:
    project.edit("shop_backend/__init__.py", "", "print('connecting to nothing')\n")
    ran = project.run("build", "--json")
    assert json.loads(ran.out)["backendOutput"] == "connecting to nothing\n"
    assert "shop_backend | connecting to nothing\n" in ran.err


def test_json_says_all_for_machines(project: Project) -> None:
    written = json.loads(project.run("build", "--json").out)
    assert (written["status"], written["counts"]["functions"]) == ("written", 5)
    assert "generated/contract.json" in written["added"]
    assert json.loads(project.run("build", "--json").out)["status"] == "fresh"
    project.edit("shop_backend/schema.py", "title: str", "name: str")
    stale = json.loads(project.run("build", "--check", "--json").out)
    assert stale["status"] == "stale"
    assert "generated/contract.json" in stale["changed"]
    project.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    ran = project.run("build", "--json")
    assert ran.code == 2
    (mistake,) = json.loads(ran.out)["mistakes"]
    assert (mistake["rule"], mistake["place"]["line"]) == ("index_unknown_field", 9)
    project.edit("pyproject.toml", "backend =", "backed =")
    assert json.loads(project.run("build", "--json").out)["mistakes"][0]["rule"] == "config_unknown_key"


def test_lines_are_plain_where_there_is_no_terminal(project: Project) -> None:
    ran = project.spawn("build")
    assert ran.code == 0
    assert ran.err.splitlines() == [
        "reading shop_backend",
        "generating generated/python",
        "generating generated/typescript",
    ]
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.slow
def test_every_seed_folder_and_locale_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    surroundings = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
        {"PYTHONHASHSEED": "4242", "LC_ALL": "tr_TR.UTF-8", "PYTHONUTF8": "0"},
    ]
    project.edit("shop_backend/schema.py", "Something to do.", "Etwas zu tun: „größer“ 作業 🛠.")
    trees = []
    for number, env in enumerate(surroundings):
        folder = tmp_path / f"elsewhere {number}"
        shutil.copytree(project.folder, folder)
        ran = project.spawn("build", "--project", str(folder), env=env, cwd=tmp_path if number else folder)
        assert ran.code == 0, ran.err
        trees.append(generated(folder))
    assert trees[0] == trees[1] == trees[2]


VERSIONS = ("3.12", "3.13", "3.14")
EMIT = """
import hashlib, sys
from pathlib import Path
from schemagen.emit.python import emit_python
from schemagen.emit.typescript import emit_typescript
from schemagen.model.canonical import from_json, to_json
contract = from_json(Path(sys.argv[1]).read_text("utf-8"))
whole = hashlib.sha256(to_json(contract).encode())
for files in (emit_python(contract, "shop"), emit_typescript(contract, "@shop/backend", "../..")):
    for path, text in sorted(files.items()):
        whole.update(f"{path}{text}".encode())
print(whole.hexdigest())
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_every_python_version_emits_the_same_bytes(version: str, project: Project) -> None:
    """From the contract on: another version's pydantic, which introspection needs, is not installed here."""
    other = _interpreter(version)
    if other is None:
        pytest.skip(f"there is no Python {version} here")
    project.run("build")
    libraries = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(libraries), "PYTHONDONTWRITEBYTECODE": "1"}
    said = [
        subprocess.run(
            [python, "-c", EMIT, "generated/contract.json"], cwd=project.folder, env=env, capture_output=True, text=True
        )
        for python in (sys.executable, other)
    ]
    assert [ended.returncode for ended in said] == [0, 0], said[1].stderr
    assert said[0].stdout == said[1].stdout


def _interpreter(version: str) -> str | None:
    """A Python of this version that really runs; version managers leave stand-ins on the path that do not."""
    managed = Path.home().glob(f".pyenv/versions/{version}.*/bin/python")
    for python in (shutil.which(f"python{version}"), *map(str, managed)):
        if python and subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0:
            return python
    return None


def generated(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted((folder / "generated").rglob("*"))
        if file.is_file() and ".schemagen-cache" not in file.parts
    }


def test_generated_is_fresh() -> None:
    """`generated/` is the largest golden case; `make check` says what is stale."""
    ran = spawn("build", "--check", "--no-cache", cwd=ROOT)
    assert ran.code == 0, ran.out + ran.err


@pytest.mark.slow
def test_two_builds_at_once_take_turns(project: Project) -> None:
    command = [sys.executable, "-m", "schemagen", "build", "--no-cache"]
    builds = [subprocess.Popen(command, cwd=project.folder, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [build.wait(120) for build in builds] == [0, 0, 0]
    assert project.run("build", "--check", "--no-cache").code == 0


@pytest.mark.slow
def test_a_terminal_shows_one_line_that_is_overwritten(project: Project) -> None:
    import pty

    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name != "CI"} | {"TERM": "xterm"}
    command = [sys.executable, "-m", "schemagen", "build"]
    process = subprocess.Popen(command, cwd=project.folder, env=env, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    try:
        while chunk := os.read(ours, 4096):
            shown += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.read().startswith(b"built 5 functions")
    assert process.wait() == 0
    assert b"\n" not in shown
    assert shown.startswith(b"\r\x1b[2Kreading shop_backend") and shown.endswith(b"\r\x1b[2K")


def test_the_contract_may_lie_beside_pyproject(project: Project) -> None:
    project.edit("pyproject.toml", '"shop_backend"\n', '"shop_backend"\ncontract = "contract.json"\n')
    assert project.run("build").code == 0
    assert (project.folder / "contract.json").is_file()
    assert project.run("build", "--check", "--no-cache").out.startswith("fresh:")
