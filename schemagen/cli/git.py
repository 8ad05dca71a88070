"""What is asked of git, with the command itself; `git_refs.py` is the quick way for what needs no command."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_STEERING = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")
"""Set inside of hooks, relative to where these run; git finds the repository of a folder by itself."""


class GitError(Exception):
    """Git is not installed, or refused; the message is git's own, on one line."""


@dataclass(frozen=True, slots=True)
class Git:
    """Asked from a folder; paths are below that folder."""

    folder: Path

    def ask(self, *arguments: str) -> bytes:
        """What it prints. Raises `GitError`."""
        kept = {name: value for name, value in os.environ.items() if name not in _STEERING}
        try:
            ended = subprocess.run(
                ["git", "-C", str(self.folder), *arguments],
                env={**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be started: {error.strerror or error}") from None
        if ended.returncode != 0:
            said = " ".join(ended.stderr.decode(errors="replace").split())
            raise GitError(said.removeprefix("fatal: ") or f"git {arguments[0]} ended with {ended.returncode}")
        return ended.stdout

    def text(self, *arguments: str) -> str | None:
        """What it prints, without the space around; None if it refused or printed nothing."""
        try:
            return self.ask(*arguments).decode().strip() or None
        except GitError:
            return None

    def is_repository(self) -> bool:
        """Raises `GitError` if there is one that git refuses to read, or no git at all."""
        try:
            return self.ask("rev-parse", "--is-inside-work-tree").strip() == b"true"
        except GitError as error:
            if "not a git repository" in str(error):
                return False
            raise

    def commit(self, name: str) -> str | None:
        """The id of the commit that a branch, tag or expression names; None if there is none."""
        return self.text("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")

    def is_branch(self, name: str) -> bool:
        found = self.text("rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", name) or ""
        return found.startswith(("refs/heads/", "refs/remotes/"))

    def merge_base(self, one: str, other: str) -> str | None:
        """The latest commit that both have; None if their histories share nothing, as far as they are here."""
        return self.text("merge-base", one, other)

    def is_shallow(self) -> bool:
        return self.text("rev-parse", "--is-shallow-repository") == "true"

    def prefix(self) -> PurePosixPath:
        """Where the folder lies in the repository."""
        return PurePosixPath(self.text("rev-parse", "--show-prefix") or "")

    def show(self, commit: str, path: str) -> str | None:
        """The text of a file in a commit; None if it is not there."""
        try:
            return self.ask("show", f"{commit}:./{path}").decode(errors="replace")
        except GitError:
            return None

    def export(self, commit: str, into: Path) -> None:
        """Write the folder as a commit has it. Raises `GitError`."""
        import io
        import tarfile

        with tarfile.open(fileobj=io.BytesIO(self.ask("archive", "--format=tar", commit))) as archive:
            archive.extractall(into, filter="data")
