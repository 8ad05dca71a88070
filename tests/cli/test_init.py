"""`schemagen init`: a project whose own README works."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from schemagen.cli.init import package_name, project_files
from schemagen.cli.main import main
from tests.cli.project import environment
from tests.cli.running import running


def test_it_writes_a_project_named_after_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "My Shop")]) == 0
    written = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert [path.removeprefix("My Shop/") for path in written] == [
        ".github/workflows/ci.yml",
        ".gitignore",
        ".pre-commit-config.yaml",
        "Makefile",
        "README.md",
        "backend/__init__.py",
        "backend/schema.py",
        "backend/tasks.py",
        "example.py",
        "pyproject.toml",
    ]
    assert 'package = "my_shop"' in (tmp_path / "My Shop" / "pyproject.toml").read_text()
    assert capsys.readouterr().out.endswith("My Shop' && schemagen build && schemagen dev\n")


@pytest.mark.parametrize(
    ("folder", "package"),
    [
        ("shop", "shop"),
        ("My Shop", "my_shop"),
        ("shop-api", "shop_api"),
        ("2fast", "app_2fast"),
        ("class", "class_sdk"),
        ("json", "json_sdk"),
        ("backend", "backend_sdk"),
        ("schemagen", "schemagen_sdk"),
        ("商店", "app"),
        ("…", "app"),
    ],
)
def test_names_of_folders_become_names_that_can_be_imported(folder: str, package: str) -> None:
    assert package_name(folder) == package


def test_nothing_is_left_to_be_filled_in() -> None:
    for path, text in project_files("shop").items():
        assert not re.search(r"\{\{|\{%|dot_|\.j2", text.replace("${{", "")), path


def test_a_folder_that_holds_something_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert main(["init", str(tmp_path)]) == 2
    assert f"error[init_not_empty]: {tmp_path} is not empty: it holds notes.txt" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert main(["init", str(tmp_path / "notes.txt")]) == 2


def test_a_fresh_git_repository_counts_as_empty(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert main(["init", str(tmp_path)]) == 0


@pytest.mark.slow
def test_the_commands_of_its_readme_work(tmp_path: Path) -> None:
    folder, port = tmp_path / "shop", str(_free_port())
    assert main(["init", str(folder)]) == 0
    for name in ("README.md", "example.py"):
        (folder / name).write_text((folder / name).read_text().replace("8000", port))
    build, dev, example, calls = re.findall(r"```sh\n(.*?)```", (folder / "README.md").read_text(), re.DOTALL)
    env = environment(PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")

    def shell(script: str) -> str:
        command = ["bash", "-euo", "pipefail", "-c", script]
        ended = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=200, check=False)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    assert "Success: no issues found" in shell(build)
    assert dev == "schemagen dev\n"
    with running("dev", cwd=folder, SCHEMAGEN_PORT=port) as server:
        server.address()
        watcher = subprocess.Popen(
            ["bash", "-c", f"exec {example}"], cwd=folder, env=env, stdout=subprocess.PIPE, text=True
        )
        assert watcher.stdout is not None
        try:
            lines = (line for line in watcher.stdout if " open:" in line)
            assert next(lines).startswith("0 open:")
            assert '"title": "Write it down"' in shell(calls)
            assert next(lines) == "1 open: Write it down\n"
        finally:
            watcher.kill()
            watcher.wait()
            watcher.stdout.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
