"""`schemagen rename` at its doors: all files or none, and what it says where it cannot go on.

What it renames is told by `tests/cases/rename`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from schemagen.cli.mistake import CommandError
from schemagen.cli.output import TEMPORARY
from schemagen.cli.renaming import refuse_two_ways
from schemagen.cli.replacing import replace_all
from schemagen.codemod.rewrite import Rewritten
from tests.cli.project import Project
from tests.conftest import ROOT

CONSUMER = """
[[tool.schemagen.consumers]]
name = "web"
path = "web"
language = "typescript"
"""
USE = """
import { api } from "@shop/backend/api";

export const list = api.tasks.list;
"""
NODE_MODULES = ROOT / "templates/typescript/node_modules"


def test_a_rename_says_what_it_changed_and_what_to_do_next(project: Project) -> None:
    ran = project.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "renamed: tasks.list to tasks.open_tasks, in 1 file",
        "  shop_backend/tasks.py",
        "next: schemagen build",
    ]
    assert '@query(renamed_from="tasks.list")\nasync def open_tasks(' in read(project, "shop_backend/tasks.py")


def test_a_dry_run_prints_a_diff_that_git_applies(project: Project) -> None:
    ran = project.run("rename", "tasks.list", "tasks.open_tasks", "--dry-run")
    assert ran.out.startswith("--- a/shop_backend/tasks.py\n+++ b/shop_backend/tasks.py\n@@ ")
    assert "would be renamed: tasks.list to tasks.open_tasks, in 1 file" in ran.err
    assert "open_tasks" not in read(project, "shop_backend/tasks.py")


def test_a_file_without_a_last_line_end_keeps_it_out_and_the_diff_says_so(project: Project) -> None:
    file = project.folder / "shop_backend/schema.py"
    file.write_text(file.read_text("utf-8").rstrip("\n"), "utf-8")
    ran = project.run("rename", "table:tasks", "table:todos", "--dry-run")
    assert "\\ No newline at end of file\n" not in ran.out, "that line does not change"
    project.run("rename", "Task.done", "Task.finished")
    assert not file.read_text("utf-8").endswith("\n")


def test_an_invalid_backend_is_told_as_ever_and_nothing_is_written(project: Project) -> None:
    project.edit("shop_backend/schema.py", 'index("done")', 'index("dome")')
    before = project.tree()
    ran = project.run("rename", "tasks.list", "tasks.open_tasks")
    assert (ran.code, ran.out) == (2, "")
    assert "error[index_unknown_field]" in ran.err
    assert project.tree() == before


def test_a_backend_that_would_be_invalid_is_not_written_and_its_mistakes_are_shown(project: Project) -> None:
    project.write("shop_backend/computed.py", "from shop_backend import tasks\n\nassert getattr(tasks, 'li' + 'st_')\n")
    before = project.tree()
    ran = project.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 2
    assert "error[rename_breaks_backend]: after renaming tasks.list to tasks.open_tasks" in ran.err
    assert "shop_backend/computed.py:3:" in ran.err
    assert project.tree() == before


def test_a_test_that_is_no_python_is_named(project: Project) -> None:
    project.write("tests/test_tasks.py", "from shop_backend import tasks\n\ndef broken(:\n")
    ran = project.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 2
    assert ran.err.count("tests/test_tasks.py:3:") == 1
    assert "not valid Python" in ran.err


def test_files_outside_the_backend_that_it_imports_are_still_found_when_it_is_tried_out(project: Project) -> None:
    project.write("shared/words.py", "HELLO = 'hello'\n")
    project.write("shared/__init__.py", "")
    project.edit(
        "shop_backend/tasks.py", "from schemagen import", "from shared.words import HELLO\nfrom schemagen import"
    )
    assert project.run("rename", "tasks.list", "tasks.open_tasks").code == 0


def test_generated_files_and_environments_are_left_alone(project: Project) -> None:
    project.run("build")
    project.write("venv/pyvenv.cfg", "home = /usr\n")
    project.write("venv/lib/thing.py", "import shop_backend.tasks\nshop_backend.tasks.list_\n")
    project.write("node_modules/thing.py", "import shop_backend.tasks\nshop_backend.tasks.list_\n")
    kept = {path: text for path, text in project.tree().items() if not path.startswith("shop_backend/")}
    assert project.run("rename", "tasks.list", "tasks.open_tasks").code == 0
    assert {path: text for path, text in project.tree().items() if not path.startswith("shop_backend/")} == kept


# --- all or nothing ---


def test_if_one_file_cannot_be_replaced_all_are_as_before(tmp_path: Path) -> None:
    before = written(tmp_path, a="old a", b="old b", c="old c")
    moved: list[Path] = []

    def replace(source: Path, target: Path) -> None:
        if len(moved) == 2:
            raise OSError("the disk is full")
        moved.append(target)
        source.replace(target)

    with pytest.raises(OSError, match="the disk is full"):
        replace_all(tmp_path, before, {"a": "new a", "b": "new b", "c": "new c"}, replace)
    assert len(moved) == 2
    assert contents(tmp_path) == before


def test_a_file_that_was_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    before = written(tmp_path, a="old a", b="old b")
    (tmp_path / "b").write_text("edited", "utf-8")
    with pytest.raises(CommandError, match=r"error\[rename_changed\]: b changed while it was read"):
        replace_all(tmp_path, before, {"a": "new a", "b": "new b"})
    assert contents(tmp_path) == {"a": "old a", "b": "edited"}


def test_a_replaced_file_keeps_its_mode_and_a_link_stays_a_link(tmp_path: Path) -> None:
    before = written(tmp_path, a="old a")
    (tmp_path / "a").chmod(0o750)
    (tmp_path / "link").symlink_to("a")
    replace_all(tmp_path, {"link": before["a"]}, {"link": "new a"})
    assert (tmp_path / "link").is_symlink()
    assert contents(tmp_path) == {"a": "new a", "link": "new a"}
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o750


def test_a_file_that_two_consumers_share_changes_in_one_way() -> None:
    one, other = ({"shared/format.ts": text} for text in ("task.name", "task.title"))
    refuse_two_ways([Rewritten(one, {}, ()), Rewritten(one, {}, ())])
    with pytest.raises(CommandError, match=r"two consumers that share shared/format\.ts"):
        refuse_two_ways([Rewritten(one, {}, ()), Rewritten(other, {}, ())])


# --- TypeScript ---


def test_typescript_7_alone_is_not_enough_and_the_message_says_what_to_install(web: Project) -> None:
    install(web, "typescript")
    web.run("build")
    before = web.tree()
    ran = web.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 2
    assert "error[rename_typescript]: consumer web: TypeScript 7." in ran.err
    assert "npm install --save-dev typescript-5.9@npm:typescript@5.9" in ran.err
    assert web.tree() == before


def test_an_older_typescript_beside_it_is_used(web: Project) -> None:
    install(web, "typescript", "typescript-5.9")
    web.run("build")
    ran = web.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 0, ran.err
    assert "api.tasks.openTasks;" in read(web, "web/main.ts")


def test_an_sdk_that_was_not_built_is_told(web: Project) -> None:
    install(web, "typescript-5.9")
    ran = web.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 2
    assert "run schemagen build first" in ran.err


def test_without_node_nothing_is_written(web: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    web.run("build")
    monkeypatch.setenv("PATH", "")
    ran = web.run("rename", "tasks.list", "tasks.open_tasks")
    assert ran.code == 2
    assert "error[rename_typescript]: consumer web: node was not found" in ran.err
    assert "open_tasks" not in read(web, "shop_backend/tasks.py")


@pytest.fixture
def web(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with a TypeScript consumer; the script is where a wheel has it, with no packages of npm beside it."""
    templates = tmp_path / "templates"
    shutil.copytree(ROOT / "templates/typescript/dist", templates / "typescript")
    monkeypatch.setattr("schemagen.cli.typescript_rename.template_root", lambda: templates)
    config = project.folder / "pyproject.toml"
    config.write_text(config.read_text("utf-8") + CONSUMER, "utf-8")
    project.write("web/main.ts", USE)
    project.write("web/tsconfig.json", '{"compilerOptions": {"module": "NodeNext", "types": []}}')
    return project


def install(project: Project, *names: str) -> None:
    modules = project.folder / "web/node_modules"
    modules.mkdir(parents=True)
    for name in names:
        (modules / name).symlink_to(NODE_MODULES / name, target_is_directory=True)


def read(project: Project, path: str) -> str:
    return (project.folder / path).read_text("utf-8")


def written(folder: Path, **texts: str) -> dict[str, str]:
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return texts


def contents(folder: Path) -> dict[str, str]:
    assert not list(folder.glob(f"{TEMPORARY}*")), "no temporary file is left"
    return {file.name: file.read_text("utf-8") for file in sorted(folder.iterdir())}
