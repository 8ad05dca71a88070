"""A project in a git repository of its own."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from tests.cli.project import Project, Ran


class Gitted(Project):
    """Built and committed on `main`; `inside` is where the project lies in the repository."""

    def __init__(self, repository: Path, inside: str = ".") -> None:
        super().__init__(repository / inside)
        self.repository = repository
        self.git("init", "--quiet", "--initial-branch=main")
        assert self.run("build").code == 0
        self.commit("the first version")

    def git(self, *arguments: str) -> str:
        ended = subprocess.run(
            ["git", *arguments],
            cwd=self.repository,
            env={**_without_git(), **_AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.strip()

    def commit(self, message: str) -> str:
        """Everything, and the id of the commit."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def keep_generated_out(self) -> None:
        """Of the repository: a commit is its backend alone from now on."""
        self.write(".gitignore", "generated\n")
        self.git("rm", "-r", "--quiet", "--cached", str(self.folder / "generated"))

    def need_size(self) -> None:
        """Break clients: they do not send what is demanded now. Stored documents are not touched."""
        self.edit("shop_backend/tasks.py", "*, title: str)", "*, title: str, size: int)")

    def json(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        ran = self.run(*arguments)
        return ran.code, json.loads(ran.out)

    def here(self, *arguments: str) -> Ran:
        """In a process of its own, inside the project's folder."""
        return self.spawn(*arguments)


_AUTHOR = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "A. Author"), ("EMAIL", "a@example.com"), ("DATE", "2026-01-02T03:04:05Z"))
}


def _without_git() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
