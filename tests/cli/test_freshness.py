"""The memory of the last build: when it is believed, and that believing it imports nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from schemagen.cli.config import load_config
from schemagen.cli.freshness import fresh_by_memory
from tests.cli.project import Project

HEAVY = ("fastapi", "httpx", "jinja2", "jwt", "schemagen.declare", "schemagen.introspect", "uvicorn", "watchfiles")


def fresh(project: Project) -> bool:
    return fresh_by_memory(load_config(project.folder)) is not None


def built(project: Project) -> Project:
    assert project.run("build").code == 0
    assert fresh(project)
    return project


def test_there_is_no_memory_before_the_first_build(project: Project) -> None:
    assert not fresh(project)


def add_field(project: Project) -> None:
    project.edit("shop_backend/schema.py", "title: str", "title: str\n    size: int = 0")


def add_module(project: Project) -> None:
    project.write("shop_backend/deeper/notes.py", "")


def remove_module(project: Project) -> None:
    (project.folder / "shop_backend" / "tasks.py").unlink()


def rename_package(project: Project) -> None:
    project.edit("pyproject.toml", '"shop"', '"store"')


def edit_generated(project: Project) -> None:
    project.edit("generated/contract.json", "tasks", "chores")


def remove_generated(project: Project) -> None:
    (project.folder / "generated" / "typescript" / "package.json").unlink()


def break_manifest(project: Project) -> None:
    project.edit("generated/python/.schemagen-manifest.json", "{", "<<<<<<<")


@pytest.mark.parametrize(
    "change",
    [add_field, add_module, remove_module, rename_package, edit_generated, remove_generated, break_manifest],
    ids=lambda change: change.__name__,
)
def test_it_is_not_believed_after(project: Project, change: Callable[[Project], None]) -> None:
    change(built(project))
    assert not fresh(project)


def test_saving_a_file_unchanged_changes_nothing(project: Project) -> None:
    file = built(project).folder / "shop_backend" / "tasks.py"
    file.write_bytes(file.read_bytes())
    assert fresh(project)


def test_files_that_the_backend_imports_from_outside_its_folder_count(project: Project) -> None:
    project.write("shared_beside_shop.py", "MOST = 3\n")
    project.edit(
        "shop_backend/tasks.py", "from shop_backend.schema", "import shared_beside_shop\nfrom shop_backend.schema"
    )
    built(project)
    project.edit("shared_beside_shop.py", "3", "4")
    assert not fresh(project)


def test_a_build_that_ends_in_a_mistake_leaves_no_memory(project: Project) -> None:
    built(project)
    project.edit("shop_backend/schema.py", 'index("done")', 'index("dnoe")')
    assert project.run("build").code == 2
    project.edit("shop_backend/schema.py", 'index("dnoe")', 'index("done")')
    assert not fresh(project)


def test_git_ignores_it(project: Project) -> None:
    built(project)
    assert (project.folder / "generated" / ".schemagen-cache" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--check"], ["serve", "--help"]], ids=" ".join)
def test_commands_that_have_nothing_to_do_import_nothing_for_it(project: Project, arguments: list[str]) -> None:
    built(project)
    program = f"""
import sys
from schemagen.cli.main import main
code = main({arguments!r})
print([name for name in {HEAVY!r} if name in sys.modules], code)
"""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=project.folder, capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[] 0"
