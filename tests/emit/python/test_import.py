"""Importing an SDK costs the same however large the API: nothing heavy before the first request, no type unasked."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from schemagen.introspect import load
from schemagen.model.contract import Contract
from tests.emit.python.package import REPOSITORY, write_package

HEAVY = ("asyncio", "httpcore", "httpx", "httpx2", "pydantic", "pydantic_core", "ssl", "websockets", "inspect")


@cache
def crm() -> Contract:
    return load(REPOSITORY / "backend", REPOSITORY).contract


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("crm"), crm(), "crm")


def loaded_after(folder: Path, code: str) -> list[str]:
    """Names of all modules that a fresh interpreter has loaded."""
    program = f"{code}\nimport sys, json; print(json.dumps(sorted(sys.modules)))"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{program}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    names: list[str] = json.loads(done.stdout)
    return names


def heavy(names: list[str]) -> list[str]:
    return [name for name in names if name in HEAVY]


def ours(names: list[str]) -> set[str]:
    return {name for name in names if name.startswith("crm")}


def test_importing_the_package_loads_nothing_heavy(folder: Path) -> None:
    assert ours(loaded_after(folder, "import crm")) == {"crm"}


def test_a_client_can_be_made_without_loading_anything_heavy(folder: Path) -> None:
    found = loaded_after(folder, "import crm; crm.Client('http://x', token='t').with_options(timeout=1)")
    assert heavy(found) == []
    assert not any(name.startswith(("crm.api.", "crm.types")) for name in ours(found))


def test_errors_can_be_imported_without_loading_anything_heavy(folder: Path) -> None:
    assert heavy(loaded_after(folder, "from crm.errors import AppError, QuotaExceeded")) == []


def test_a_module_of_the_backend_loads_no_other_and_no_type(folder: Path) -> None:
    found = loaded_after(folder, "import crm; crm.Client('http://x').tags.list")
    assert heavy(found) == []
    assert [name for name in ours(found) if name.startswith(("crm.api.", "crm.types."))] == ["crm.api.tags"]


def test_a_type_loads_only_what_it_is_made_of(folder: Path) -> None:
    found = ours(loaded_after(folder, "from crm.types import Tag"))
    types = {name for name in found if name.startswith("crm.types.")}
    assert types == {"crm.types.tag", "crm.types.tag_color", "crm.types.ids_"}


def test_httpx_and_websockets_stay_out_until_they_are_needed(folder: Path) -> None:
    code = """
import crm
client = crm.Client("http://127.0.0.1:9", retries=0, timeout=5)
try:
    client.users.me()
except crm.errors.ConnectionFailed:
    pass
"""
    found = heavy(loaded_after(folder, code))
    assert "httpx" in found
    assert "websockets" not in found
