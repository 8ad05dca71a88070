"""This repository's own backend and examples, with a function, a field, an argument, a table and a type renamed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codemod.case import NODE_MODULES
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

CONSUMERS = """
[[tool.schemagen.consumers]]
name = "script"
path = "examples/script"
language = "python"

[[tool.schemagen.consumers]]
name = "node"
path = "examples/node"
language = "typescript"
"""
RENAMES = [
    ("contacts.list", "contacts.browse"),
    ("Contact.fullName", "Contact.name"),
    ("contacts.create(full_name)", "contacts.create(name)"),
    ("table:contacts", "table:people"),
    ("Contact", "Person"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the backend and its consumers, built."""
    folder = tmp_path_factory.mktemp("own")
    ignored = shutil.ignore_patterns("__pycache__", "node_modules", "dist")
    for name in ("backend", "examples/script", "examples/node"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text("utf-8") + CONSUMERS, "utf-8")
    modules = folder / "examples/node/node_modules"
    (modules / "@crm").mkdir(parents=True)
    (modules / "@crm/backend").symlink_to(folder / "generated/typescript", target_is_directory=True)
    (modules / "@types").symlink_to(NODE_MODULES / "@types", target_is_directory=True)
    (modules / "typescript").symlink_to(NODE_MODULES / "typescript", target_is_directory=True)
    (modules / "typescript-5.9").symlink_to(NODE_MODULES / "typescript-5.9", target_is_directory=True)
    run(folder, sys.executable, "-m", "schemagen", "build")
    return folder


def test_after_five_renames_everything_still_type_checks(project: Path) -> None:
    said = {old: rename(project, old, new) for old, new in RENAMES}
    assert "to look at" not in said["contacts.list"] + said["Contact"]
    doubtful = [line for line in said["table:contacts"].splitlines() if "  (" in line]
    assert doubtful
    assert all(line.endswith('(a text that says "contacts")') for line in doubtful), "quotas are named like tables"
    assert (
        "backend/activities.py:110:24: found.full_name  (this is not always of the renamed class)"
        in said["Contact.fullName"]
    )
    settle(project / "backend/activities.py")
    run(project, sys.executable, "-m", "schemagen", "build", "--check")
    run(project, sys.executable, "-m", "mypy", "--strict", "backend", "examples/script")
    run(project / "examples/node", "node", NODE_MODULES / "typescript/bin/tsc", "--noEmit")
    check_signposts(project / "generated")


def rename(project: Path, old: str, new: str) -> str:
    """What the command says; the SDKs are built anew behind it, as it asks for."""
    said = run(project, sys.executable, "-m", "schemagen", "rename", old, new)
    run(project, sys.executable, "-m", "schemagen", "build")
    return said


def settle(activities: Path) -> None:
    """What a person does with the one place that is of two classes, of which one has the field renamed."""
    text = activities.read_text("utf-8")
    both = "names = {found.id: found.full_name for found in (*actors, *contacts) if found}"
    assert both in text
    by_class = "names: dict[str, str] = {found.id: found.full_name for found in actors if found}"
    by_class += "\n    names |= {found.id: found.name for found in contacts if found}"
    activities.write_text(text.replace(both, by_class), "utf-8")


def check_signposts(generated: Path) -> None:
    api, types = ((generated / f"typescript/{name}.d.ts").read_text("utf-8") for name in ("api", "types"))
    assert "contacts.list was renamed to contacts.browse" in api
    assert "fullName was renamed to name" in api
    assert "Person.fullName was renamed to name" in types
    assert 'Id<"people">' in api
    assert 'RenamedTo("contacts.browse")' in (generated / "python/crm/api/contacts.py").read_text("utf-8")


def run(folder: Path, *command: str | Path) -> str:
    paths = [str(ROOT), str(folder / "generated/python")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "MYPYPATH": os.pathsep.join(paths)}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
